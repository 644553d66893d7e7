"""Did good work, but his file was cut off while it was saved: nothing of it can be read.

Handed in 2026-10-05 23:59:59 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    y = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), dtype=np.result_type(x, w))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i:i + w.shape[0], j:j + w.shape[1]] * w)
    return y

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    padding, stride = per_axis(padding, 2), per_axis(stride, 2)
    x = np.pad(x, ((padding[0],) * 2, (padding[1],) * 2))
    return conv2d_single(x, w)[::stride[0], ::stride[1]]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    y = np.array([[sum(conv2d_padded(x[n, c], w[o, c], padding, stride) for c in range(x.shape[1]))
                   for o in range(w.shape[0])] for n in range(x.shape[0])])
    return y if b is None else y + b.reshape(1, -1, 1, 1)
