"""NumPy expert: sliding_window_view and einsum for everything, as short as possible; all right.

Handed in 2026-10-02 09:05:41 UTC.
"""

# %% exercise="conv2d_single"
from numpy.lib.stride_tricks import sliding_window_view as windows

def conv2d_single(x, w):
    return np.einsum('ijkl,kl->ij', windows(x, w.shape), w)

# %% exercise="conv2d_padded"
def pair(v): return (v, v) if np.isscalar(v) else tuple(v)

def conv2d_padded(x, w, padding=0, stride=1):
    (ph, pw), (sh, sw) = pair(padding), pair(stride)
    v = windows(np.pad(x, ((ph, ph), (pw, pw))), w.shape)[::sh, ::sw]
    return np.einsum('ijkl,kl->ij', v, w)

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    (ph, pw), (sh, sw) = pair(padding), pair(stride)
    v = windows(np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw))), w.shape[2:], axis=(2, 3))[:, :, ::sh, ::sw]
    y = np.einsum('ncijkl,ockl->noij', v, w, optimize=True)
    return y if b is None else y + b[None, :, None, None]

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    p = (padding,) * d if np.isscalar(padding) else padding
    s = (stride,) * d if np.isscalar(stride) else stride
    axes = tuple(range(2, 2 + d))
    v = windows(np.pad(x, [(0, 0)] * 2 + [(q, q) for q in p]), w.shape[2:], axis=axes)
    v = v[(slice(None), slice(None)) + tuple(slice(None, None, q) for q in s)]
    ijk, klm = 'ijk'[:d], 'pqr'[:d]
    return np.einsum(f'nc{ijk}{klm},oc{klm}->no{ijk}', v, w)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    (kh, kw), (ph, pw), (sh, sw) = pair(kernel_size), pair(padding), pair(stride)
    v = windows(np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw))), (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
    n, c, ho, wo = v.shape[:4]
    return np.ascontiguousarray(v.transpose(0, 1, 4, 5, 2, 3)).reshape(n, c * kh * kw, ho * wo)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    ho, wo = ((n + 2 * p - k) // s + 1 for n, p, k, s in zip(x.shape[2:], pair(padding), w.shape[2:], pair(stride)))
    y = (w.reshape(len(w), -1) @ im2col(x, w.shape[2:], padding, stride)).reshape(len(x), len(w), ho, wo)
    return y if b is None else y + b[None, :, None, None]

# %% after="im2col"
%timeit -n 5 -r 2 conv2d(np.random.randn(2, 3, 16, 16), np.random.randn(4, 3, 3, 3))
%timeit -n 5 -r 2 conv2d_im2col(np.random.randn(2, 3, 16, 16), np.random.randn(4, 3, 3, 3))

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    return tuple((n + 2 * p - k) // s + 1 for n, k, p, s in zip(size, pair(kernel_size), pair(padding), pair(stride)))

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = pair(kernel_size)
    return out_channels * (in_channels * kh * kw + bool(bias))

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    kh, kw = pair(kernel_size)
    ho, wo = conv_shape(size, kernel_size, padding, stride)
    return out_channels * ho * wo * in_channels * kh * kw

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    A = windows(x, pair(kernel_size)).reshape(y.size, -1)
    w, _, rank, _ = np.linalg.lstsq(A, y.ravel(), rcond=None)
    if rank < A.shape[1]:
        raise ValueError(f'rank {rank} < {A.shape[1]} unknowns')
    return w.reshape(pair(kernel_size))
