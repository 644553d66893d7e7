"""A bracket is missing in conv2d, seen by nobody because she ran the older version; the rest is right.

Handed in 2026-10-05 20:40:31 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    """
    x: picture, w: kernel
    shift-and-add: one shifted copy of the picture per kernel entry
    """
    h_out = x.shape[0] - w.shape[0] + 1
    w_out = x.shape[1] - w.shape[1] + 1
    total = np.zeros((h_out, w_out), dtype=np.result_type(x, w))
    for dy in range(w.shape[0]):
        for dx in range(w.shape[1]):
            total = total + w[dy, dx] * x[dy : dy + h_out, dx : dx + w_out]
    return total

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    ph, pw = per_axis(padding, 2)
    stride = per_axis(stride, 2)
    canvas = np.zeros((x.shape[0] + 2 * ph, x.shape[1] + 2 * pw), dtype=x.dtype)
    canvas[ph : ph + x.shape[0], pw : pw + x.shape[1]] = x   # not [ph:-ph], that is empty for 0!
    full = conv2d_single(canvas, w)
    return full[:: stride[0], :: stride[1]]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    out = []
    for n in range(x.shape[0]):
        maps = []
        for o in range(w.shape[0]):
            acc = sum(conv2d_padded(x[n, c], w[o, c], padding, stride) for c in range(x.shape[1])
            if b is not None:
                acc = acc + b[o]
            maps.append(acc)
        out.append(np.stack(maps))
    return np.stack(out)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    padding, stride = per_axis(padding, d), per_axis(stride, d)
    canvas_size = [n + 2 * p for n, p in zip(x.shape[2:], padding)]
    canvas = np.zeros((*x.shape[:2], *canvas_size), dtype=x.dtype)
    canvas[(..., *[slice(p, p + n) for n, p in zip(x.shape[2:], padding)])] = x
    total = 0
    for offset in np.ndindex(*w.shape[2:]):
        window = tuple(
            slice(o, o + n - k + 1, s) for o, n, k, s in zip(offset, canvas_size, w.shape[2:], stride)
        )
        shifted = canvas[(slice(None), slice(None), *window)]             # N, C_in, out...
        mixed = np.tensordot(w[(slice(None), slice(None), *offset)], shifted, axes=(1, 1))   # C_out, N, out...
        total = total + mixed
    return np.swapaxes(total, 0, 1)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    ph, pw = (padding,) * 2 if isinstance(padding, int) else padding
    sh, sw = (stride,) * 2 if isinstance(stride, int) else stride
    N, C, H, W = x.shape
    canvas = np.zeros((N, C, H + 2 * ph, W + 2 * pw), dtype=x.dtype)
    canvas[:, :, ph : ph + H, pw : pw + W] = x
    h_out = (H + 2 * ph - kh) // sh + 1
    w_out = (W + 2 * pw - kw) // sw + 1
    # index arrays: row r of the matrix looks at channel ch[r], offset (dy[r], dx[r])
    ch, dy, dx = np.unravel_index(np.arange(C * kh * kw), (C, kh, kw))
    i, j = np.unravel_index(np.arange(h_out * w_out), (h_out, w_out))
    return canvas[:, ch[:, None], dy[:, None] + sh * i, dx[:, None] + sw * j]


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    kh, kw = w.shape[2:]
    ph, pw = (padding,) * 2 if isinstance(padding, int) else padding
    sh, sw = (stride,) * 2 if isinstance(stride, int) else stride
    flat = w.reshape(w.shape[0], -1) @ im2col(x, (kh, kw), padding, stride)
    if b is not None:
        flat = flat + b[None, :, None]
    return flat.reshape(
        x.shape[0], w.shape[0], (x.shape[2] + 2 * ph - kh) // sh + 1, (x.shape[3] + 2 * pw - kw) // sw + 1
    )

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    ph, pw = (padding,) * 2 if isinstance(padding, int) else padding
    sh, sw = (stride,) * 2 if isinstance(stride, int) else stride
    # how many starting places
    return (
        len(range(0, size[0] + 2 * ph - kh + 1, sh)),
        len(range(0, size[1] + 2 * pw - kw + 1, sw)),
    )

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    n = out_channels * in_channels * kh * kw
    n += out_channels * bias
    return n

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = conv_shape(size, kernel_size, padding, stride)
    return h * w * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    A = im2col(x[None, None], (kh, kw))[0].T
    w, residual, rank, singular = np.linalg.lstsq(A, y.ravel())
    if rank != kh * kw:
        raise ValueError("not unique")
    return w.reshape(kh, kw)
