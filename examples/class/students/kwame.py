"""Everything is square: one number for the kernel, one for padding and stride; only sequences in conv_nd.

Handed in 2026-10-05 23:58:40 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    k = w.shape[0]
    n_rows = x.shape[0] - k + 1
    n_cols = x.shape[1] - k + 1
    result = np.zeros((n_rows, n_cols), dtype=np.result_type(x, w))
    for r in range(n_rows):
        for c in range(n_cols):
            result[r][c] = np.sum(np.multiply(x[r:r+k, c:c+k], w))
    return result

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    k = w.shape[0]
    p = padding
    s = stride
    xp = np.pad(x, p)
    n_rows = int(np.floor((x.shape[0] + 2*p - k) / s)) + 1
    n_cols = int(np.floor((x.shape[1] + 2*p - k) / s)) + 1
    result = np.zeros((n_rows, n_cols), dtype=np.result_type(x, w))
    for r in range(n_rows):
        for c in range(n_cols):
            result[r][c] = np.sum(np.multiply(xp[r*s:r*s+k, c*s:c*s+k], w))
    return result

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    N, C, H, W = x.shape
    F, _, k, k = w.shape
    p, s = padding, stride
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    n_rows = (H + 2*p - k) // s + 1
    n_cols = (W + 2*p - k) // s + 1
    result = np.zeros((N, F, n_rows, n_cols), dtype=np.result_type(x, w))
    for r in range(n_rows):
        for c in range(n_cols):
            patch = xp[:, :, r*s:r*s+k, c*s:c*s+k].reshape(N, -1)
            result[:, :, r, c] = patch @ w.reshape(F, -1).T
    if b is not None:
        result = result + b.reshape(1, F, 1, 1)
    return result

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    if x.ndim == 3:
        N, C, T = x.shape
        F, _, k = w.shape
        p, s = padding, stride
        xp = np.pad(x, ((0, 0), (0, 0), (p, p)))
        n = (T + 2*p - k) // s + 1
        result = np.zeros((N, F, n), dtype=np.result_type(x, w))
        for t in range(n):
            result[:, :, t] = np.tensordot(xp[:, :, t*s:t*s+k], w, axes=((1, 2), (1, 2)))
        return result
    # 2d and 3d are the same, just more loops
    raise NotImplementedError("no time left")

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    k, p, s = kernel_size, padding, stride
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    cols = []
    for r in range(0, H + 2*p - k + 1, s):
        for c in range(0, W + 2*p - k + 1, s):
            cols.append(xp[:, :, r:r+k, c:c+k].reshape(N, C*k*k))
    return np.stack(cols, axis=2)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    F, C, k, _ = w.shape
    cols = im2col(x, k, padding, stride)
    n = (x.shape[2] + 2*padding - k) // stride + 1
    y = (w.reshape(F, -1) @ cols).reshape(len(x), F, n, -1)
    return y if b is None else y + b.reshape(1, F, 1, 1)

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    n = (size[0] + 2*padding - kernel_size) // stride + 1
    return n, n

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    return out_channels * (in_channels * kernel_size**2 + int(bias))

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    n, m = conv_shape(size, kernel_size, padding, stride)
    return n * m * in_channels * out_channels * kernel_size**2

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    k = kernel_size
    A = []
    for r in range(y.shape[0]):
        for c in range(y.shape[1]):
            A.append(x[r:r+k, c:c+k].ravel())
    A = np.array(A)
    if np.linalg.matrix_rank(A) < k*k:
        raise ValueError("no unique kernel")
    return np.linalg.lstsq(A, y.ravel(), rcond=None)[0].reshape(k, k)
