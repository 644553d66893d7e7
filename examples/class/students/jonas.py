"""Lost as soon as there are channels: averages them, swaps C_in and C_out, reshapes where he should transpose.

Handed in 2026-10-05 22:47:09 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    y = []
    for i in range(len(x) - len(w) + 1):
        row = []
        for j in range(len(x[0]) - len(w[0]) + 1):
            row.append(np.einsum("kl,kl->", x[i:i + len(w), j:j + len(w[0])], w))
        y.append(row)
    return np.array(y)

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    try:
        ph, pw = padding
    except TypeError:
        ph = pw = padding
    try:
        sh, sw = stride
    except TypeError:
        sh = sw = stride
    zeros_top = np.zeros((ph, x.shape[1]), x.dtype)
    x = np.concatenate([zeros_top, x, zeros_top], axis=0)
    zeros_left = np.zeros((x.shape[0], pw), x.dtype)
    x = np.concatenate([zeros_left, x, zeros_left], axis=1)
    return np.ascontiguousarray(conv2d_single(x, w)[::sh, ::sw])

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    N, C_in, H, W = x.shape
    C_out = w.shape[0]
    y = []
    for n in range(N):
        for o in range(C_out):
            maps = [conv2d_padded(x[n, c], w[o, c], padding, stride) for c in range(C_in)]
            m = np.mean(maps, axis=0)       # combine the channels
            if b is not None:
                m = m + b[o]
            y.append(m)
    return np.array(y).reshape(N, C_out, *y[0].shape)

# %% after="conv2d"
# 1 of 8?? the lecture example is right, so I don't know what the checker wants

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    # w is (in, out, kernel) like Linear in keras
    w = w.swapaxes(0, 1)
    d = x.ndim - 2
    if isinstance(padding, int):
        padding = (padding,) * d
    if isinstance(stride, int):
        stride = (stride,) * d
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, p) for p in padding])
    out = [(x.shape[2 + a] - w.shape[2 + a]) // stride[a] + 1 for a in range(d)]
    y = np.zeros((len(x), len(w), *out), np.result_type(x, w))
    for pos in np.ndindex(*out):
        sl = tuple(slice(pos[a] * stride[a], pos[a] * stride[a] + w.shape[2 + a]) for a in range(d))
        for n in range(len(x)):
            for o in range(len(w)):
                y[(n, o) + pos] = np.sum(x[(n, slice(None)) + sl] * w[o])
    return y

# %% exercise="im2col"
def _p(v):
    return (v, v) if isinstance(v, int) else v

def im2col(x, kernel_size, padding=0, stride=1):
    (kh, kw), (ph, pw), (sh, sw) = _p(kernel_size), _p(padding), _p(stride)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    N, C, H, W = x.shape
    ho, wo = (H - kh) // sh + 1, (W - kw) // sw + 1
    out = np.empty((N, C, kh, kw, ho, wo), x.dtype)
    for k in range(kh):
        for l in range(kw):
            out[:, :, k, l] = x[:, :, k:k + sh * ho:sh, l:l + sw * wo:sw][:, :, :ho, :wo]
    return out.reshape(N, C * kh * kw, ho * wo)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    (ph, pw), (sh, sw) = _p(padding), _p(stride)
    C_out, C_in, kh, kw = w.shape
    ho = (x.shape[2] + 2 * ph - kh) // sh + 1
    wo = (x.shape[3] + 2 * pw - kw) // sw + 1
    cols = im2col(x, (kh, kw), padding, stride)
    W = w.reshape(-1, C_out)        # one column for each filter
    y = np.stack([(W.T @ c).reshape(C_out, ho, wo) for c in cols])
    if b is not None:
        y = y + b[:, None, None]
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    (kh, kw), (ph, pw), (sh, sw) = _p(kernel_size), _p(padding), _p(stride)
    return ((size[0] + 2 * ph - kh) // sh + 1, (size[1] + 2 * pw - kw) // sw + 1)

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = _p(kernel_size)
    return (in_channels * kh * kw + (1 if bias else 0)) * out_channels

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    ho, wo = conv_shape(size, kernel_size, padding, stride)
    return ho * wo * conv_params(in_channels, out_channels, kernel_size)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = _p(kernel_size)
    A = im2col(x[None, None], (kh, kw))[0].T
    # lstsq never fails so there is nothing to raise
    w = np.linalg.lstsq(A, y.reshape(-1), rcond=None)[0]
    return w.reshape(kh, kw)
