"""Everything through the Fourier transform, because a product is cheaper than a sum; all right.

Handed in 2026-09-30 07:45:00 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    # correlation theorem: F(x ⋆ w) = F(x) · conj(F(w)); what wraps round is cut off
    X = np.fft.rfft2(x)
    W = np.fft.rfft2(w, s=x.shape)
    y = np.fft.irfft2(X * W.conj(), s=x.shape)
    return y[: x.shape[0] - w.shape[0] + 1, : x.shape[1] - w.shape[1] + 1]

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    p_h, p_w = np.broadcast_to(padding, 2)
    s_h, s_w = np.broadcast_to(stride, 2)
    y = conv2d_single(np.pad(x, ((p_h, p_h), (p_w, p_w))), w)
    return y[::s_h, ::s_w]

# %% before="conv_nd"
def correlate(x, w, padding, stride):
    """all spatial axes at once, d = x.ndim - 2"""
    d = x.ndim - 2
    axes = tuple(range(2, 2 + d))
    padding = np.broadcast_to(padding, d)
    stride = np.broadcast_to(stride, d)
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, p) for p in padding])
    size = x.shape[2:]
    X = np.fft.rfftn(x, s=size, axes=axes)
    W = np.fft.rfftn(w, s=size, axes=axes).conj()
    Y = np.einsum("nc...,oc...->no...", X, W)       # channels: a matrix product at every frequency
    y = np.fft.irfftn(Y, s=size, axes=axes)
    keep = tuple(slice(0, n - k + 1, s) for n, k, s in zip(size, w.shape[2:], stride))
    return y[(slice(None), slice(None)) + keep]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    p_h, p_w = np.broadcast_to(padding, 2)
    s_h, s_w = np.broadcast_to(stride, 2)
    x = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    H, W = x.shape[2:]
    y_hat = np.einsum("nchw,ochw->nohw", np.fft.rfft2(x), np.fft.rfft2(w, s=(H, W)).conj())
    y = np.fft.irfft2(y_hat, s=(H, W))[:, :, : H - w.shape[2] + 1 : s_h, : W - w.shape[3] + 1 : s_w]
    if b is None:
        return y
    return y + b[:, None, None]

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    return correlate(x, w, padding, stride)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    # each row of the matrix is the correlation with a unit kernel, but slicing is simpler here
    k_h, k_w = np.broadcast_to(kernel_size, 2)
    p_h, p_w = np.broadcast_to(padding, 2)
    s_h, s_w = np.broadcast_to(stride, 2)
    x = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    N, C, H, W = x.shape
    rows = [
        x[:, c, k : H - k_h + k + 1 : s_h, m : W - k_w + m + 1 : s_w].reshape(N, -1)
        for c in range(C)
        for k in range(k_h)
        for m in range(k_w)
    ]
    return np.stack(rows, axis=1)


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    O, _, k_h, k_w = w.shape
    p_h, p_w = np.broadcast_to(padding, 2)
    s_h, s_w = np.broadcast_to(stride, 2)
    y = np.tensordot(w.reshape(O, -1), im2col(x, (k_h, k_w), padding, stride), axes=(1, 1))  # O, N, positions
    y = y.swapaxes(0, 1).reshape(len(x), O, (x.shape[2] + 2 * p_h - k_h) // s_h + 1, -1)
    return y if b is None else y + b[:, None, None]

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    out = (np.array(size) + 2 * np.array(padding) - np.array(kernel_size)) // np.array(stride) + 1
    return tuple(out)


def conv_params(in_channels, out_channels, kernel_size, bias=True):
    return out_channels * (in_channels * np.prod(np.broadcast_to(kernel_size, 2)) + bias)


def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    return np.prod(conv_shape(size, kernel_size, padding, stride)) * conv_params(
        in_channels, out_channels, kernel_size, bias=False
    )

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    # division of the spectra would need the whole of y, the border is missing; so least squares after all
    k_h, k_w = np.broadcast_to(kernel_size, 2)
    A = im2col(x[None, None], (k_h, k_w))[0].T
    w, _, rank, _ = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < A.shape[1]:
        raise ValueError(f"{A.shape[1]} unknowns but rank {rank}")
    return w.reshape(k_h, k_w)
