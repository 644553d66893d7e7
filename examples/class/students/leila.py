"""Multiplies windows in place and so destroys her picture in the first two; understood it then, the rest is right.

Handed in 2026-10-03 18:30:00 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    kh, kw = w.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1), dtype=np.result_type(x, w))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            patch = x[i:i + kh, j:j + kw]
            patch *= w
            y[i, j] = patch.sum()
    return y

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    kh, kw = w.shape
    ph, pw = (padding, padding) if isinstance(padding, int) else padding
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    x = np.pad(x, [(ph, ph), (pw, pw)])
    h_out, w_out = (x.shape[0] - kh) // sh + 1, (x.shape[1] - kw) // sw + 1
    y = np.zeros((h_out, w_out), dtype=np.result_type(x, w))
    for i in range(h_out):
        for j in range(w_out):
            patch = x[i * sh:i * sh + kh, j * sw:j * sw + kw]
            patch *= w
            y[i, j] = patch.sum()
    return y

# %% before="conv2d"
# !!! slices are VIEWS. patch *= w writes into x. (2 hours)
# should go back and fix 1 and 2 but first the others
a = np.ones(4)
s = a[1:3]
s *= 7
a

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    O, C, kh, kw = w.shape
    ph, pw = (padding, padding) if isinstance(padding, int) else padding
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    x = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    N, _, H, W = x.shape
    h_out, w_out = (H - kh) // sh + 1, (W - kw) // sw + 1
    dtype = np.result_type(x, w) if b is None else np.result_type(x, w, b)
    y = np.zeros((N, O, h_out, w_out), dtype)
    for n in range(N):
        for o in range(O):
            for i in range(h_out):
                for j in range(w_out):
                    patch = x[n, :, i * sh:i * sh + kh, j * sw:j * sw + kw].copy()   # copy!!
                    y[n, o, i, j] = (patch * w[o]).sum()
            if b is not None:
                y[n, o] += b[o]
    return y

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    p = per_axis(padding, d)
    s = per_axis(stride, d)
    x = np.pad(x, [(0, 0), (0, 0)] + [(q, q) for q in p])
    n_out = tuple((x.shape[a + 2] - w.shape[a + 2]) // s[a] + 1 for a in range(d))
    y = np.zeros((x.shape[0], w.shape[0]) + n_out, np.result_type(x, w))
    for where in np.ndindex(n_out):
        cut = [slice(where[a] * s[a], where[a] * s[a] + w.shape[a + 2]) for a in range(d)]
        patch = x[(slice(None), slice(None), *cut)].copy()
        y[(slice(None), slice(None), *where)] = patch.reshape(len(x), -1) @ w.reshape(len(w), -1).T
    return y

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    ph, pw = (padding, padding) if isinstance(padding, int) else padding
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    x = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    N, C, H, W = x.shape
    h_out, w_out = (H - kh) // sh + 1, (W - kw) // sw + 1
    cols = np.zeros((N, C * kh * kw, h_out * w_out), dtype=x.dtype)
    for i in range(h_out):
        for j in range(w_out):
            patch = x[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw].copy()
            cols[:, :, i * w_out + j] = patch.reshape(N, C * kh * kw)
    return cols

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    O = w.shape[0]
    h_out, w_out = conv_shape(x.shape[2:], w.shape[2:], padding, stride)   # written below
    y = w.reshape(O, -1) @ im2col(x, w.shape[2:], padding, stride)
    if b is not None:
        y = y + b.reshape(O, 1)
    return y.reshape(len(x), O, h_out, w_out)

# %% before="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    p = (padding, padding) if isinstance(padding, int) else padding
    s = (stride, stride) if isinstance(stride, int) else stride
    return (size[0] + 2 * p[0] - k[0]) // s[0] + 1, (size[1] + 2 * p[1] - k[1]) // s[1] + 1

# %% exercise="counting"
# conv_shape is in the cell above, I needed it earlier

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    weights = kh * kw * in_channels * out_channels
    return weights + out_channels if bias else weights

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = conv_shape(size, kernel_size, padding, stride)
    return h * w * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    A = im2col(x[np.newaxis, np.newaxis], (kh, kw))[0].T
    if np.linalg.matrix_rank(A) < kh * kw:
        raise ValueError("the picture does not determine the kernel")
    Q, R = np.linalg.qr(A)
    return np.linalg.solve(R, Q.T @ y.ravel()).reshape(kh, kw)
