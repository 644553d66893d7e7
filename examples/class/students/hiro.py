"""Confuses stride with dilation and builds on it; three dimensions left open; finds the kernel upside down.

Handed in 2026-10-05 23:51:12 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    Hk, Wk = w.shape
    H_out = x.shape[0] - Hk + 1
    W_out = x.shape[1] - Wk + 1
    y = np.zeros((H_out, W_out), dtype=np.promote_types(x.dtype, w.dtype))
    # go over the kernel instead of over the picture
    for a in range(Hk):
        for b in range(Wk):
            y += w[a, b] * x[a:a + H_out, b:b + W_out]
    return y

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    if isinstance(padding, int):
        padding = padding, padding
    if isinstance(stride, int):
        stride = stride, stride
    ph, pw = padding
    sh, sw = stride
    Hk, Wk = w.shape
    x = np.pad(x, ((ph, ph), (pw, pw)), constant_values=0)
    H_out = (x.shape[0] - Hk) // sh + 1
    W_out = (x.shape[1] - Wk) // sw + 1
    y = np.zeros((H_out, W_out), dtype=np.promote_types(x.dtype, w.dtype))
    for i in range(H_out):
        for j in range(W_out):
            # stride s: take every s-th pixel under the kernel
            window = x[i:i + sh * Hk:sh, j:j + sw * Wk:sw]
            y[i, j] = (window * w).sum()
    return y

# %% after="conv2d_padded"
# ValueError: operands could not be broadcast together ... only with stride, padding alone works
# ask Kenji tomorrow
hint("conv2d_padded")
hint("conv2d_padded")

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    out = []
    for n in range(x.shape[0]):
        out.append([])
        for o in range(w.shape[0]):
            s = 0
            for c in range(x.shape[1]):
                s = s + conv2d_padded(x[n][c], w[o][c], padding, stride)
            if b is not None:
                s = s + b[o]
            out[n].append(s)
    return np.asarray(out)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = len(x.shape) - 2
    if d == 1:
        # a sequence is a picture with one row
        p = padding if isinstance(padding, int) else padding[0]
        s = stride if isinstance(stride, int) else stride[0]
        y = conv2d(x[:, :, None, :], w[:, :, None, :], None, (0, p), (1, s))
        return y[:, :, 0, :]
    if d == 2:
        return conv2d(x, w, None, padding, stride)
    # TODO 3d
    raise NotImplementedError

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int):
        kernel_size = kernel_size, kernel_size
    if isinstance(padding, int):
        padding = padding, padding
    if isinstance(stride, int):
        stride = stride, stride
    Hk, Wk = kernel_size
    xp = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    N, C, H, W = xp.shape
    H_out, W_out = (H - Hk) // stride[0] + 1, (W - Wk) // stride[1] + 1
    sN, sC, sH, sW = xp.strides
    view = np.lib.stride_tricks.as_strided(
        xp,
        shape=(N, C, Hk, Wk, H_out, W_out),
        strides=(sN, sC, sH, sW, sH * stride[0], sW * stride[1]),
    )
    return view.reshape(N, C * Hk * Wk, H_out * W_out).copy()

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    if isinstance(padding, int):
        padding = padding, padding
    if isinstance(stride, int):
        stride = stride, stride
    O, C, Hk, Wk = w.shape
    H_out = (x.shape[2] + 2 * padding[0] - Hk) // stride[0] + 1
    W_out = (x.shape[3] + 2 * padding[1] - Wk) // stride[1] + 1
    y = w.reshape(O, C * Hk * Wk) @ im2col(x, (Hk, Wk), padding, stride)
    if b is not None:
        y = y + b[:, np.newaxis]
    return y.reshape(x.shape[0], O, H_out, W_out)

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int):
        kernel_size = kernel_size, kernel_size
    if isinstance(padding, int):
        padding = padding, padding
    if isinstance(stride, int):
        stride = stride, stride
    result = []
    for i in range(2):
        result.append((size[i] + 2 * padding[i] - kernel_size[i]) // stride[i] + 1)
    return tuple(result)

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    if isinstance(kernel_size, int):
        kernel_size = kernel_size, kernel_size
    return out_channels * in_channels * kernel_size[0] * kernel_size[1] + bias * out_channels

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    # every pixel is multiplied with every weight
    H, W = size
    return H * W * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    if isinstance(kernel_size, int):
        kernel_size = kernel_size, kernel_size
    Hk, Wk = kernel_size
    A = im2col(x[None, None], kernel_size)[0].T
    w, res, rank, s = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < Hk * Wk:
        raise ValueError(f"rank {rank}, need {Hk * Wk}")
    # convolution turns the kernel round, so turn it back
    return np.ascontiguousarray(w.reshape(Hk, Wk)[::-1, ::-1])
