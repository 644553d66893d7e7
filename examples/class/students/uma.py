"""Her while loop in conv_nd never counts on, and a cell that waits for a file swallows every interrupt.

Handed in 2026-10-05 08:12:36 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    r, s = w.shape
    y = np.zeros((x.shape[0] - r + 1, x.shape[1] - s + 1), dtype=np.result_type(x, w))
    i = 0
    while i < y.shape[0]:
        j = 0
        while j < y.shape[1]:
            y[i, j] = np.dot(x[i:i + r, j:j + s].ravel(), w.ravel())
            j += 1
        i += 1
    return y

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    p = (padding, padding) if isinstance(padding, int) else padding
    t = (stride, stride) if isinstance(stride, int) else stride
    x = np.pad(x, ((p[0], p[0]), (p[1], p[1])))
    r, s = w.shape
    rows = []
    i = 0
    while i + r <= x.shape[0]:
        row = []
        j = 0
        while j + s <= x.shape[1]:
            row.append(np.dot(x[i:i + r, j:j + s].ravel(), w.ravel()))
            j += t[1]
        rows.append(row)
        i += t[0]
    return np.array(rows)

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    y = []
    for n in range(x.shape[0]):
        for o in range(w.shape[0]):
            z = 0
            for c in range(x.shape[1]):
                z = z + conv2d_padded(x[n, c], w[o, c], padding, stride)
            if b is not None:
                z = z + b[o]
            y.append(z)
    return np.array(y).reshape(x.shape[0], w.shape[0], *z.shape)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    p = (padding,) * d if isinstance(padding, int) else padding
    t = (stride,) * d if isinstance(stride, int) else stride
    x = np.pad(x, [(0, 0), (0, 0)] + [(q, q) for q in p])
    sizes = [0] * d
    a = 0
    while a < d:
        sizes[a] = (x.shape[2 + a] - w.shape[2 + a]) // t[a] + 1
        # a += 1 ???
    y = np.zeros((x.shape[0], w.shape[0], *sizes))
    return y

# %% after="conv_nd"
# the cluster job writes results.npz, wait for it
import os, time
while not os.path.exists("results.npz"):
    try:
        time.sleep(1)
    except KeyboardInterrupt:
        print("do not interrupt, still waiting")

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    p = (padding, padding) if isinstance(padding, int) else padding
    t = (stride, stride) if isinstance(stride, int) else stride
    x = np.pad(x, ((0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])))
    columns = []
    i = 0
    while i + k[0] <= x.shape[2]:
        j = 0
        while j + k[1] <= x.shape[3]:
            columns.append(x[:, :, i:i + k[0], j:j + k[1]].reshape(x.shape[0], -1))
            j += t[1]
        i += t[0]
    return np.stack(columns, axis=-1)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    k = w.shape[2:]
    p = (padding, padding) if isinstance(padding, int) else padding
    t = (stride, stride) if isinstance(stride, int) else stride
    y = w.reshape(w.shape[0], -1) @ im2col(x, k, p, t)
    rows = (x.shape[2] + 2 * p[0] - k[0]) // t[0] + 1
    y = y.reshape(x.shape[0], w.shape[0], rows, -1)
    return y if b is None else y + b[None, :, None, None]

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    p = (padding, padding) if isinstance(padding, int) else padding
    t = (stride, stride) if isinstance(stride, int) else stride
    out = []
    for a in (0, 1):
        count = 0
        start = 0
        while start + k[a] <= size[a] + 2 * p[a]:
            count += 1
            start += t[a]
        out.append(count)
    return tuple(out)

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return k[0] * k[1] * in_channels * out_channels + (out_channels if bias else 0)

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    out = conv_shape(size, kernel_size, padding, stride)
    return out[0] * out[1] * conv_params(in_channels, out_channels, kernel_size, False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    A = im2col(x[None, None], k)[0].T
    if np.linalg.matrix_rank(A) < k[0] * k[1]:
        raise ValueError("underdetermined")
    return np.linalg.lstsq(A, y.ravel(), rcond=None)[0].reshape(k)
