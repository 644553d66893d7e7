"""Thinks in torch: unfold, matmul and as_strided on tensors, back to NumPy at the end; all right.

Handed in 2026-10-04 20:17:55 UTC.
"""

# %% before="conv2d_single"
import torch

def to_torch(*arrays):
    """same dtype for all, torch does not mix int64 and float64 in matmul"""
    t = np.result_type(*arrays)
    return [torch.from_numpy(np.array(a, dtype=t)) for a in arrays]

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    x, w = to_torch(x, w)
    patches = x.unfold(0, w.shape[0], 1).unfold(1, w.shape[1], 1)
    return (patches * w).sum(dim=(-2, -1)).numpy()

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    if type(padding) == int: padding = (padding, padding)
    if type(stride) == int: stride = (stride, stride)
    x, w = to_torch(x, w)
    # careful: torch pads the LAST axis first
    x = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    patches = x.unfold(0, w.shape[0], stride[0]).unfold(1, w.shape[1], stride[1])
    return (patches * w).sum(dim=(-2, -1)).numpy()

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    if type(padding) == int: padding = (padding, padding)
    if type(stride) == int: stride = (stride, stride)
    if b is None:
        b = np.zeros(w.shape[0], dtype=np.result_type(x, w))
    x, w, b = to_torch(x, w, b)
    x = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    N, C, H, W = x.shape
    O, _, Kh, Kw = w.shape
    Ho, Wo = (H - Kh) // stride[0] + 1, (W - Kw) // stride[1] + 1
    sN, sC, sH, sW = x.stride()
    patches = torch.as_strided(x, (N, Ho, Wo, C, Kh, Kw), (sN, sH * stride[0], sW * stride[1], sC, sH, sW))
    y = patches.reshape(N, Ho * Wo, C * Kh * Kw) @ w.reshape(O, -1).T + b
    return y.transpose(1, 2).reshape(N, O, Ho, Wo).numpy()

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    padding = [padding] * d if type(padding) == int else list(padding)
    stride = [stride] * d if type(stride) == int else list(stride)
    x, w = to_torch(x, w)
    amounts = []
    for p in reversed(padding):       # torch wants last axis first
        amounts += [p, p]
    x = torch.nn.functional.pad(x, amounts)
    for a in range(d):
        x = x.unfold(2 + a, w.shape[2 + a], stride[a])
    # x is now N C out... kernel...
    kernel_axes_x = [1] + list(range(2 + d, 2 + 2 * d))
    kernel_axes_w = list(range(1, 2 + d))
    y = torch.tensordot(x, w, dims=(kernel_axes_x, kernel_axes_w))
    return y.movedim(-1, 1).numpy()

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    if type(kernel_size) == int: kernel_size = (kernel_size, kernel_size)
    if type(padding) == int: padding = (padding, padding)
    if type(stride) == int: stride = (stride, stride)
    x, = to_torch(x)
    x = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    p = x.unfold(2, kernel_size[0], stride[0]).unfold(3, kernel_size[1], stride[1])   # N C Ho Wo Kh Kw
    p = p.permute(0, 1, 4, 5, 2, 3)
    N, C, Kh, Kw, Ho, Wo = p.shape
    return p.reshape(N, C * Kh * Kw, Ho * Wo).contiguous().numpy().copy()

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    if type(padding) == int: padding = (padding, padding)
    if type(stride) == int: stride = (stride, stride)
    O, C, Kh, Kw = w.shape
    Ho = (x.shape[2] + 2 * padding[0] - Kh) // stride[0] + 1
    Wo = (x.shape[3] + 2 * padding[1] - Kw) // stride[1] + 1
    cols, weights = to_torch(im2col(x, (Kh, Kw), padding, stride), w.reshape(O, -1))
    y = (weights @ cols).reshape(-1, O, Ho, Wo).numpy()
    if b is not None:
        y = y + b[:, None, None]
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k, p, s = [(v, v) if type(v) == int else v for v in (kernel_size, padding, stride)]
    return tuple((size[a] + 2 * p[a] - k[a]) // s[a] + 1 for a in (0, 1))

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    # let torch count
    layer = torch.nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias)
    return sum(p.numel() for p in layer.parameters())

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = conv_shape(size, kernel_size, padding, stride)
    return conv_params(in_channels, out_channels, kernel_size, bias=False) * h * w

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    if type(kernel_size) == int: kernel_size = (kernel_size, kernel_size)
    A = im2col(x[None, None], kernel_size)[0].T
    if np.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("more unknowns than independent equations")
    A, rhs = to_torch(A, y.reshape(-1, 1))
    w = torch.linalg.lstsq(A.double(), rhs.double()).solution.reshape(kernel_size).numpy()
    return w.astype(np.result_type(x, y, np.float32))   # float32 stays float32, integers become float64
