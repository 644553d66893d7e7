"""Rounds the number of windows up, so that a last window sticks out over the edge; float64 in two places.

Handed in 2026-10-04 16:22:48 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    rows = x.shape[0] - w.shape[0] + 1
    cols = x.shape[1] - w.shape[1] + 1
    return np.array([[np.sum(x[r:r + w.shape[0], c:c + w.shape[1]] * w) for c in range(cols)]
                     for r in range(rows)])

# %% exercise="conv2d_padded"
import math

def conv2d_padded(x, w, padding=0, stride=1):
    if not isinstance(padding, tuple):
        padding = (padding, padding)
    if not isinstance(stride, tuple):
        stride = (stride, stride)
    H, W = x.shape
    # round up so that no pixel of the picture is lost
    H_out = math.ceil((H + 2 * padding[0] - w.shape[0]) / stride[0]) + 1
    W_out = math.ceil((W + 2 * padding[1] - w.shape[1]) / stride[1]) + 1
    # big enough for the last window
    big = np.zeros((H_out * stride[0] + w.shape[0] + 2 * padding[0] + H,
                    W_out * stride[1] + w.shape[1] + 2 * padding[1] + W))
    big[padding[0]:padding[0] + H, padding[1]:padding[1] + W] = x
    out = np.zeros((H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            t, l = i * stride[0], j * stride[1]
            out[i, j] = np.sum(big[t:t + w.shape[0], l:l + w.shape[1]] * w)
    return out

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    N, C_in = x.shape[0], x.shape[1]
    C_out = w.shape[0]
    out = None
    for n in range(N):
        for o in range(C_out):
            for c in range(C_in):
                part = conv2d_padded(x[n, c], w[o, c], padding, stride)
                if out is None:
                    out = np.zeros((N, C_out) + part.shape)
                out[n, o] += part
            if b is not None:
                out[n, o] += b[o]
    return out

# %% after="conv2d"
# compare with pytorch
import torch
xx, ww = np.random.randn(1, 2, 6, 6), np.random.randn(3, 2, 3, 3)
tt = torch.nn.functional.conv2d(torch.tensor(xx), torch.tensor(ww), padding=1)
print(np.abs(conv2d(xx, ww, padding=1) - tt.numpy()).max())   # 1e-15 :)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    if not isinstance(padding, tuple):
        padding = (padding,) * d
    if not isinstance(stride, tuple):
        stride = (stride,) * d
    out_size = [math.ceil((x.shape[2 + a] + 2 * padding[a] - w.shape[2 + a]) / stride[a]) + 1 for a in range(d)]
    x = np.pad(x, [(0, 0), (0, 0)] + [(padding[a], padding[a] + stride[a]) for a in range(d)])
    out = np.zeros([x.shape[0], w.shape[0]] + out_size)
    for pos in np.ndindex(*out_size):
        idx = tuple(slice(pos[a] * stride[a], pos[a] * stride[a] + w.shape[2 + a]) for a in range(d))
        patch = x[(slice(None), slice(None)) + idx].reshape(x.shape[0], -1)
        out[(slice(None), slice(None)) + pos] = patch @ w.reshape(w.shape[0], -1).T
    return out

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    p = padding if isinstance(padding, tuple) else (padding, padding)
    s = stride if isinstance(stride, tuple) else (stride, stride)
    N, C, H, W = x.shape
    ho = math.ceil((H + 2 * p[0] - k[0]) / s[0]) + 1
    wo = math.ceil((W + 2 * p[1] - k[1]) / s[1]) + 1
    x = np.pad(x, ((0, 0), (0, 0), (p[0], p[0] + s[0]), (p[1], p[1] + s[1])))
    cols = np.zeros((N, C * k[0] * k[1], ho * wo), dtype=x.dtype)
    for q in range(ho * wo):
        i, j = q // wo, q % wo
        cols[:, :, q] = x[:, :, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]].reshape(N, -1)
    return cols

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    p = padding if isinstance(padding, tuple) else (padding, padding)
    s = stride if isinstance(stride, tuple) else (stride, stride)
    ho = math.ceil((x.shape[2] + 2 * p[0] - w.shape[2]) / s[0]) + 1
    wo = math.ceil((x.shape[3] + 2 * p[1] - w.shape[3]) / s[1]) + 1
    y = w.reshape(w.shape[0], -1) @ im2col(x, w.shape[2:], p, s)
    y = y.reshape(x.shape[0], w.shape[0], ho, wo)
    return y if b is None else y + b.reshape(1, -1, 1, 1)

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    p = padding if isinstance(padding, tuple) else (padding, padding)
    s = stride if isinstance(stride, tuple) else (stride, stride)
    return tuple(math.ceil((size[a] + 2 * p[a] - k[a]) / s[a]) + 1 for a in range(2))

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    n = in_channels * out_channels * k[0] * k[1]
    if bias == True:
        n += out_channels
    return n

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    out = conv_shape(size, kernel_size, padding, stride)
    return out[0] * out[1] * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    A = im2col(x[None, None], k)[0].T
    # normal equations
    G = A.T @ A
    if np.linalg.matrix_rank(A) < G.shape[0]:
        raise ValueError("singular")
    return np.linalg.solve(G, A.T @ y.flatten()).reshape(k)
