"""All right, one dimension built on the other; pressed M in one solution cell, copied a check and kept an old cell.

Handed in 2026-10-01 10:10:10 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    # row by row: a row of the output is a sum of 1-d correlations
    rows = []
    for i in range(x.shape[0] - w.shape[0] + 1):
        row = 0
        for k in range(w.shape[0]):
            line = x[i + k]
            taps = w[k]
            pieces = [taps[m] * line[m : len(line) - len(taps) + m + 1] for m in range(len(taps))]
            row = row + sum(pieces)
        rows.append(row)
    return np.array(rows)

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    pad_h, pad_w = padding if not isinstance(padding, int) else (padding, padding)
    step_h, step_w = stride if not isinstance(stride, int) else (stride, stride)
    x = np.vstack([np.zeros((pad_h, x.shape[1]), x.dtype), x, np.zeros((pad_h, x.shape[1]), x.dtype)])
    x = np.hstack([np.zeros((x.shape[0], pad_w), x.dtype), x, np.zeros((x.shape[0], pad_w), x.dtype)])
    return conv2d_single(x, w)[::step_h, ::step_w]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    def one(picture, filt):
        y = conv2d_padded(picture[0], filt[0], padding, stride)
        for channel, kernel in zip(picture[1:], filt[1:]):
            y = y + conv2d_padded(channel, kernel, padding, stride)
        return y

    y = np.array([[one(picture, filt) for filt in w] for picture in x])
    if b is not None:
        y = y + np.expand_dims(b, (0, 2, 3))
    return y

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    padding = padding if not isinstance(padding, int) else (padding,) * d
    stride = stride if not isinstance(stride, int) else (stride,) * d
    if d == 1:
        # a row is a picture of height one
        return conv2d(x[:, :, None], w[:, :, None], None, (0, padding[0]), (1, stride[0]))[:, :, 0]
    if d == 2:
        return conv2d(x, w, None, padding, stride)
    # d = 3: take the volume apart along its first axis, add up what each kernel slice contributes
    x = np.pad(x, [(0, 0), (0, 0), (padding[0], padding[0])] + [(0, 0)] * (d - 1))
    slabs = []
    for start in range(0, x.shape[2] - w.shape[2] + 1, stride[0]):
        slab = 0
        for k in range(w.shape[2]):
            slab = slab + conv_nd(x[:, :, start + k], w[:, :, k], padding[1:], stride[1:])
        slabs.append(slab)
    return np.stack(slabs, axis=2)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    k_h, k_w = kernel_size if not isinstance(kernel_size, int) else (kernel_size, kernel_size)
    # a kernel with a single 1 picks out one entry of every window
    N, C = x.shape[:2]
    rows = []
    for c in range(C):
        for k in range(k_h):
            for m in range(k_w):
                pick = np.zeros((k_h, k_w), dtype=x.dtype)
                pick[k, m] = 1
                rows.append([conv2d_padded(x[n, c], pick, padding, stride).ravel() for n in range(N)])
    return np.swapaxes(np.array(rows), 0, 1)


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    k_h, k_w = w.shape[2:]
    H_out, W_out = conv2d_padded(x[0, 0], w[0, 0], padding, stride).shape
    y = w.reshape(len(w), -1) @ im2col(x, (k_h, k_w), padding, stride)
    y = y.reshape(len(x), len(w), H_out, W_out)
    return y if b is None else y + np.expand_dims(b, (0, 2, 3))

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    def both(v):
        return v if not isinstance(v, int) else (v, v)
    return tuple(
        (n + 2 * p - k) // s + 1 for n, k, p, s in zip(size, both(kernel_size), both(padding), both(stride))
    )


def conv_params(in_channels, out_channels, kernel_size, bias=True):
    # count the entries of w itself, cannot go wrong
    k_h, k_w = kernel_size if not isinstance(kernel_size, int) else (kernel_size, kernel_size)
    w = np.empty((out_channels, in_channels, k_h, k_w), dtype=bool)
    b = np.empty(out_channels if bias else 0)
    return w.size + b.size


def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    H_out, W_out = conv_shape(size, kernel_size, padding, stride)
    return H_out * W_out * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    k_h, k_w = kernel_size if not isinstance(kernel_size, int) else (kernel_size, kernel_size)
    # shifted pictures as columns
    A = np.stack(
        [x[k : k + y.shape[0], m : m + y.shape[1]].ravel() for k in range(k_h) for m in range(k_w)], axis=1
    )
    solution, _, rank, _ = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < k_h * k_w:
        raise ValueError("several kernels give this y")
    return solution.reshape(k_h, k_w)
