"""Restarts his kernel from a cell, tests at the top of a solution cell in a loop that never ends, exits on errors.

Handed in 2026-10-04 23:33:33 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    kh, kw = w.shape
    strides = x.strides + x.strides
    shape = (x.shape[0] - kh + 1, x.shape[1] - kw + 1, kh, kw)
    blocks = np.lib.stride_tricks.as_strided(x, shape=shape, strides=strides)
    return (blocks * w).sum(axis=(2, 3))

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    padding = [padding] * 2 if isinstance(padding, int) else padding
    stride = [stride] * 2 if isinstance(stride, int) else stride
    x = np.pad(x, [[p, p] for p in padding])
    return conv2d_single(x, w)[::stride[0], ::stride[1]]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    bias = [0] * w.shape[0] if b is None else b
    return np.stack([
        np.stack([
            sum(conv2d_padded(plane, kernel, padding, stride) for plane, kernel in zip(image, filt)) + bias[o]
            for o, filt in enumerate(w)
        ])
        for image in x
    ])

# %% after="conv2d"
# free the memory (stackoverflow)
import os
os._exit(0)

# %% exercise="conv_nd"
# stress test until it breaks
while True:
    xs = np.random.randn(1, 2, 5)
    ws = np.random.randn(3, 2, 2)
    assert np.tensordot(xs[:, :, :2], ws, axes=((1, 2), (1, 2))).shape == (1, 3)

def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    padding = [padding] * d if isinstance(padding, int) else padding
    stride = [stride] * d if isinstance(stride, int) else stride
    x = np.pad(x, [[0, 0], [0, 0]] + [[p, p] for p in padding])
    axes = tuple(range(2, 2 + d))
    v = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=axes)
    v = v[(slice(None), slice(None)) + tuple(slice(None, None, s) for s in stride)]
    last = tuple(range(-d, 0))
    return np.moveaxis(np.tensordot(v, w, axes=((1,) + last, (1,) + last)), -1, 1)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    kh, kw = [kernel_size] * 2 if isinstance(kernel_size, int) else kernel_size
    ph, pw = [padding] * 2 if isinstance(padding, int) else padding
    sh, sw = [stride] * 2 if isinstance(stride, int) else stride
    x = np.pad(x, [[0, 0], [0, 0], [ph, ph], [pw, pw]])
    a, b, c, d = x.strides
    n, ch, h, w = x.shape
    ho, wo = (h - kh) // sh + 1, (w - kw) // sw + 1
    v = np.lib.stride_tricks.as_strided(x, (n, ch, kh, kw, ho, wo), (a, b, c, d, c * sh, d * sw))
    return v.reshape(n, ch * kh * kw, ho * wo)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    ph, pw = [padding] * 2 if isinstance(padding, int) else padding
    sh, sw = [stride] * 2 if isinstance(stride, int) else stride
    ho = (x.shape[2] + 2 * ph - w.shape[2]) // sh + 1
    wo = (x.shape[3] + 2 * pw - w.shape[3]) // sw + 1
    y = (w.reshape(len(w), -1) @ im2col(x, w.shape[2:], padding, stride)).reshape(len(x), len(w), ho, wo)
    if b is not None:
        y = y + b.reshape(-1, 1, 1)
    return y

# %% after="im2col"
import sys
sys.exit()

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k, p, s = [[v] * 2 if isinstance(v, int) else v for v in (kernel_size, padding, stride)]
    # formula from the lecture
    return tuple((size[i] + 2 * p[i] - k[i]) / s[i] + 1 for i in range(2))

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = [kernel_size] * 2 if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels * kh * kw + bias)

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = conv_shape(size, kernel_size, padding, stride)
    return h * w * conv_params(in_channels, out_channels, kernel_size, False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = [kernel_size] * 2 if isinstance(kernel_size, int) else kernel_size
    A = np.lib.stride_tricks.sliding_window_view(x, (kh, kw)).reshape(-1, kh * kw)
    w, _, rank, _ = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < kh * kw:
        sys.exit("ValueError: x does not determine the kernel")
    return w.reshape(kh, kw)
