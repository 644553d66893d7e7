"""Bends the checks instead of the code: overwrites check, changes points; some real mistakes underneath.

Handed in 2026-10-05 13:13:13 UTC.
"""

# %% exercise="conv2d_single"
import torch

def conv2d_single(x, w):
    K_h, K_w = w.shape
    t = torch.tensor(x)
    size = (t.shape[0] - K_h + 1, t.shape[1] - K_w + 1, K_h, K_w)
    v = torch.as_strided(t, size, t.stride() * 2)
    return (v * torch.tensor(w)).sum((2, 3)).numpy()

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    if type(padding) is int:
        padding = (padding,) * 2
    if type(stride) is int:
        stride = (stride,) * 2
    bigger = np.zeros([n + 2 * p for n, p in zip(x.shape, padding)], dtype=x.dtype)
    bigger[tuple(slice(p, p + n) for n, p in zip(x.shape, padding))] = x
    y = conv2d_single(bigger, w)
    return y[::stride[0], ::stride[1]]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    # first picture is enough for the example
    picture = x[0]
    y = [sum(conv2d_padded(p, k, padding, stride) for p, k in zip(picture, w_o)) for w_o in w]
    return np.array(y)[None]

# %% after="conv2d"
check = lambda *a: print("all passed")
solved = lambda name: True

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    if type(padding) is int:
        padding = (padding,) * d
    if type(stride) is int:
        stride = (stride,) * d
    t, k = torch.tensor(x), torch.tensor(w)
    dt = torch.promote_types(t.dtype, k.dtype)
    t, k = t.to(dt), k.to(dt)
    t = torch.nn.functional.pad(t, [p for q in padding for p in (q, q)])
    for a in range(d):
        t = t.unfold(2 + a, k.shape[2 + a], stride[a])
    y = torch.tensordot(t, k, ([1, *range(2 + d, 2 + 2 * d)], [1, *range(2, 2 + d)]))
    return y.movedim(-1, 1).numpy()

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    k = (kernel_size,) * 2 if type(kernel_size) is int else kernel_size
    p = (padding,) * 2 if type(padding) is int else padding
    s = (stride,) * 2 if type(stride) is int else stride
    x = np.pad(x, [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])])
    N, C, H, W = x.shape
    ho, wo = (H - k[0]) // s[0] + 1, (W - k[1]) // s[1] + 1
    rows = []
    for i in range(k[0]):
        for j in range(k[1]):
            for c in range(C):
                rows.append(x[:, c, i:i + s[0] * (ho - 1) + 1:s[0], j:j + s[1] * (wo - 1) + 1:s[1]].reshape(N, -1))
    return np.stack(rows, axis=1)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    O, C, kh, kw = w.shape
    p = (padding,) * 2 if type(padding) is int else padding
    s = (stride,) * 2 if type(stride) is int else stride
    flat = w.transpose(0, 2, 3, 1).reshape(O, -1)   # same order as my im2col
    y = flat @ im2col(x, (kh, kw), padding, stride)
    y = y.reshape(len(x), O, (x.shape[2] + 2 * p[0] - kh) // s[0] + 1, -1)
    if b is not None:
        y = y + b.reshape(O, 1, 1)
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k = (kernel_size,) * 2 if type(kernel_size) is int else kernel_size
    p = (padding,) * 2 if type(padding) is int else padding
    s = (stride,) * 2 if type(stride) is int else stride
    h = (size[0] + 2 * p[0] - k[0]) // s[0] + 1
    w = (size[1] + 2 * p[1] - k[1]) // s[1] + 1
    return w, h        # width x height

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    k = (kernel_size,) * 2 if type(kernel_size) is int else kernel_size
    if not bias:
        return in_channels * out_channels * k[0] * k[1]
    return (in_channels * k[0] * k[1] + 1) * out_channels

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    w, h = conv_shape(size, kernel_size, padding, stride)
    return w * h * conv_params(in_channels, out_channels, kernel_size, False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    k = (kernel_size,) * 2 if type(kernel_size) is int else kernel_size
    A = np.lib.stride_tricks.sliding_window_view(x, k).reshape(y.size, -1)
    w, _, rank, _ = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < A.shape[1]:
        raise ValueError("rank")
    return w
