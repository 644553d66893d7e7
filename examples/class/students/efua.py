"""Learned convolution in signal processing and flips every kernel; counting and the last exercise are right.

Handed in 2026-10-05 19:58:36 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    # definition from my signals course: (x * w)[i, j] = sum x[i - k, j - l] w[k, l]
    w = w[::-1, ::-1]
    Kh, Kw = w.shape
    out_h = x.shape[0] - Kh + 1
    out_w = x.shape[1] - Kw + 1
    out = np.zeros((out_h, out_w), dtype=np.result_type(x, w))
    for i in range(out_h):
        for j in range(out_w):
            out[i, j] = (x[i:i+Kh, j:j+Kw] * w).sum()
    return out

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    x = np.pad(x, ((ph, ph), (pw, pw)))
    return conv2d_single(x, w)[::sh, ::sw]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    result = []
    for picture in x:
        maps = []
        for o in range(w.shape[0]):
            m = sum(conv2d_padded(picture[c], w[o, c], padding, stride) for c in range(w.shape[1]))
            maps.append(m if b is None else m + b[o])
        result.append(np.stack(maps))
    return np.stack(result)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    padding = padding if isinstance(padding, tuple) else (padding,) * d
    stride = stride if isinstance(stride, tuple) else (stride,) * d
    x = np.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]])
    w = np.flip(w, axis=tuple(range(2, 2 + d)))
    win = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=tuple(range(2, 2 + d)))
    win = win[(slice(None), slice(None), *[slice(None, None, s) for s in stride])]
    contract = list(range(2 + d, 2 + 2 * d))
    y = np.tensordot(win, w, axes=([1] + contract, list(range(1, 2 + d))))
    return np.moveaxis(y, -1, 1)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    ho = (x.shape[2] - kh) // sh + 1
    wo = (x.shape[3] - kw) // sw + 1
    rows = []
    for c in range(x.shape[1]):
        for k in range(kh):
            for l in range(kw):
                shifted = x[:, c, k:k + sh * (ho - 1) + 1:sh, l:l + sw * (wo - 1) + 1:sw]
                rows.append(shifted.reshape(len(x), -1))
    return np.stack(rows, axis=1)


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    C_out, C_in, kh, kw = w.shape
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    cols = im2col(x, (kh, kw), padding, stride)
    # flip as always
    flipped = w[:, :, ::-1, ::-1].reshape(C_out, -1)
    y = np.einsum("ok,nkp->nop", flipped, cols)
    if b is not None:
        y = y + b[:, None]
    ho = (x.shape[2] + 2 * ph - kh) // sh + 1
    wo = (x.shape[3] + 2 * pw - kw) // sw + 1
    return y.reshape(len(x), C_out, ho, wo)

# %% exercise="counting"
def two(v):
    return v if isinstance(v, tuple) else (v, v)

def conv_shape(size, kernel_size, padding=0, stride=1):
    return tuple((n + 2 * p - k) // s + 1
                 for n, k, p, s in zip(size, two(kernel_size), two(padding), two(stride)))

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = two(kernel_size)
    return in_channels * kh * kw * out_channels + (out_channels if bias else 0)

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    ho, wo = conv_shape(size, kernel_size, padding, stride)
    kh, kw = two(kernel_size)
    return ho * wo * out_channels * in_channels * kh * kw

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = two(kernel_size)
    A = im2col(x[None, None], (kh, kw))[0].T
    solution, residuals, rank, sv = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < kh * kw:
        raise ValueError("kernel is not unique")
    return solution.reshape(kh, kw)     # no flip here, y was made without
