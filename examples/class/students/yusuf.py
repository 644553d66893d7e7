"""His editor threw away all cell metadata, he deleted the im2col cell, and two of his own cells fail or never end.

Handed in 2026-10-05 18:18:18 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    out_rows = x.shape[0] - w.shape[0] + 1
    out_cols = x.shape[1] - w.shape[1] + 1
    sonuc = np.zeros(out_rows * out_cols, dtype=np.result_type(x, w))
    for n in range(out_rows * out_cols):
        i, j = divmod(n, out_cols)
        sonuc[n] = np.inner(x[i:i+w.shape[0], j:j+w.shape[1]].flatten(), w.flatten())
    return sonuc.reshape(out_rows, out_cols)

# %% after="conv2d_single"
plt.imshow(conv2d_single(resim, kenar))    # worked yesterday??

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    if np.ndim(padding) == 0: padding = (padding, padding)
    if np.ndim(stride) == 0: stride = (stride, stride)
    x = np.pad(x, np.transpose([padding, padding]))
    return conv2d_single(x, w)[::stride[0], ::stride[1]]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    y = [[conv2d_padded(x[n, 0], w[o, 0], padding, stride) for o in range(len(w))] for n in range(len(x))]
    y = np.array(y)
    for n in range(len(x)):
        for o in range(len(w)):
            for c in range(1, x.shape[1]):
                y[n, o] += conv2d_padded(x[n, c], w[o, c], padding, stride)
    if b is not None:
        y = y + b[:, None, None]
    return y

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    if np.ndim(padding) == 0: padding = (padding,) * d
    if np.ndim(stride) == 0: stride = (stride,) * d
    x = np.pad(x, ((0, 0), (0, 0), *((p, p) for p in padding)))
    # channels last, so that matmul mixes them
    xt = np.moveaxis(x, 1, -1)
    y = None
    for k in np.ndindex(w.shape[2:]):
        cut = [slice(None)]
        for a in range(d):
            cut.append(slice(k[a], x.shape[2 + a] - w.shape[2 + a] + k[a] + 1, stride[a]))
        part = xt[tuple(cut)] @ w[(slice(None), slice(None)) + k].T
        y = part if y is None else y + part
    return np.moveaxis(y, -1, 1)

# %% after="conv_nd"
# keep the session alive
while True:
    pass

# %% exercise="counting"
def ikili(v):
    return (v, v) if np.ndim(v) == 0 else v

def conv_shape(size, kernel_size, padding=0, stride=1):
    k, p, s = ikili(kernel_size), ikili(padding), ikili(stride)
    return [(size[i] + 2*p[i] - k[i]) // s[i] + 1 for i in (0, 1)]

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    k = ikili(kernel_size)
    return out_channels * in_channels * k[0] * k[1] + out_channels * bias

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    k = ikili(kernel_size)
    h, w = conv_shape(size, kernel_size, padding, stride)
    return h * w * out_channels * k[0] * k[1]

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = ikili(kernel_size)
    A = np.array([x[i:i+kh, j:j+kw].flatten() for i in range(len(y)) for j in range(len(y[0]))])
    w, _, rank, _ = np.linalg.lstsq(A, y.flatten(), rcond=None)
    if rank < kh * kw:
        raise ValueError(f"rank {rank}")
    return w.reshape(kh, kw)
