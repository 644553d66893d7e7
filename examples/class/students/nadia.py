"""Writes everything for 3×3 kernels because the lecture's are; gives up at conv_nd; counting is right.

Handed in 2026-10-05 17:09:15 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    H, W = x.shape
    y = np.zeros((H - 2, W - 2), dtype=np.result_type(x.dtype, w.dtype))
    for i in range(H - 2):
        for j in range(W - 2):
            y[i, j] = (x[i, j] * w[0, 0] + x[i, j+1] * w[0, 1] + x[i, j+2] * w[0, 2]
                       + x[i+1, j] * w[1, 0] + x[i+1, j+1] * w[1, 1] + x[i+1, j+2] * w[1, 2]
                       + x[i+2, j] * w[2, 0] + x[i+2, j+1] * w[2, 1] + x[i+2, j+2] * w[2, 2])
    return y

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    x = np.pad(x, [(ph, ph), (pw, pw)])
    # every stride-th of the full result
    return conv2d_single(x, w)[::sh, ::sw].copy()

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    batch = []
    for n in range(x.shape[0]):
        outs = []
        for o in range(w.shape[0]):
            out = 0
            for c in range(x.shape[1]):
                out = out + conv2d_padded(x[n, c], w[o, c], padding, stride)
            if b is not None:
                out = out + b[o]
            outs.append(out)
        batch.append(outs)
    return np.array(batch)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    # ???
    pass

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    x = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    N, C, H, W = x.shape
    h = (H - 3) // sh + 1
    w = (W - 3) // sw + 1
    cols = np.zeros((N, C * 9, h * w), dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            cols[:, :, i * w + j] = x[:, :, i*sh:i*sh+3, j*sw:j*sw+3].reshape(N, C * 9)
    return cols

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    cols = im2col(x, 3, padding, stride)
    y = w.reshape(w.shape[0], -1) @ cols
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    h = (x.shape[2] + 2 * ph - 3) // sh + 1
    y = y.reshape(x.shape[0], w.shape[0], h, -1)
    if b is not None:
        y = y + b[None, :, None, None]
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    return (size[0] + 2 * ph - kh) // sh + 1, (size[1] + 2 * pw - kw) // sw + 1

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    if bias:
        return in_channels * out_channels * kh * kw + out_channels
    else:
        return in_channels * out_channels * kh * kw

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = conv_shape(size, kernel_size, padding, stride)
    # one MAC for each weight at each place
    return h * w * conv_params(in_channels, out_channels, kernel_size, False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    A = im2col(x[None, None], 3)[0].T
    # TODO rank?
    raise NotImplementedError

# %% after="find_kernel"
print("done :) 2/7 lecture examples right")
