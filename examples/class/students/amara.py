"""Works through everything with plain loops and comments every index; all right.

Handed in 2026-10-05 14:32:10 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    H, W = x.shape
    K_h, K_w = w.shape
    y = np.zeros((H - K_h + 1, W - K_w + 1), dtype=np.result_type(x, w))
    for i in range(H - K_h + 1):          # top row of the window
        for j in range(W - K_w + 1):      # left column of the window
            summe = 0
            for k in range(K_h):
                for m in range(K_w):
                    summe = summe + x[i + k, j + m] * w[k, m]
            y[i, j] = summe
    return y

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    # "int or pair": make both a pair first
    if isinstance(padding, int):
        padding = (padding, padding)
    if isinstance(stride, int):
        stride = (stride, stride)
    p_h, p_w = padding
    s_h, s_w = stride
    H, W = x.shape
    K_h, K_w = w.shape

    # picture with a frame of zeros
    framed = np.zeros((H + 2 * p_h, W + 2 * p_w), dtype=x.dtype)
    for r in range(H):
        for c in range(W):
            framed[r + p_h, c + p_w] = x[r, c]

    H_out = (H + 2 * p_h - K_h) // s_h + 1
    W_out = (W + 2 * p_w - K_w) // s_w + 1
    y = np.zeros((H_out, W_out), dtype=np.result_type(x, w))
    for i in range(H_out):
        for j in range(W_out):
            for k in range(K_h):
                for m in range(K_w):
                    y[i, j] += framed[i * s_h + k, j * s_w + m] * w[k, m]
    return y

# %% before="conv2d"
# quick sanity check for myself: identity kernel
test = np.arange(20.0).reshape(4, 5)
delta = np.zeros((3, 3)); delta[1, 1] = 1
print(conv2d_padded(test, delta, padding=1) - test)   # all zeros, good

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    N = x.shape[0]
    C_out, C_in = w.shape[:2]
    pictures = []
    for n in range(N):
        maps = []
        for o in range(C_out):
            total = conv2d_padded(x[n, 0], w[o, 0], padding, stride)
            for c in range(1, C_in):
                total = total + conv2d_padded(x[n, c], w[o, c], padding, stride)
            if b is not None:
                total = total + b[o]
            maps.append(total)
        pictures.append(maps)
    return np.array(pictures)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    if isinstance(padding, int):
        padding = (padding,) * d
    if isinstance(stride, int):
        stride = (stride,) * d
    kernel = w.shape[2:]
    width = [(0, 0), (0, 0)]
    for p in padding:
        width.append((p, p))
    x = np.pad(x, width)
    sizes = []
    for a in range(d):
        sizes.append((x.shape[2 + a] - kernel[a]) // stride[a] + 1)
    y = np.zeros((x.shape[0], w.shape[0], *sizes), dtype=np.result_type(x, w))
    for place in np.ndindex(*sizes):
        # the window that belongs to this output, all pictures and channels at once
        window = [slice(None), slice(None)]
        for a in range(d):
            start = place[a] * stride[a]
            window.append(slice(start, start + kernel[a]))
        patch = x[tuple(window)]
        for n in range(x.shape[0]):
            for o in range(w.shape[0]):
                y[(n, o, *place)] = (patch[n] * w[o]).sum()
    return y

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if isinstance(padding, int):
        padding = (padding, padding)
    if isinstance(stride, int):
        stride = (stride, stride)
    K_h, K_w = kernel_size
    N, C, H, W = x.shape
    x = np.pad(x, ((0, 0), (0, 0), (padding[0], padding[0]), (padding[1], padding[1])))
    H_out = (H + 2 * padding[0] - K_h) // stride[0] + 1
    W_out = (W + 2 * padding[1] - K_w) // stride[1] + 1
    cols = np.zeros((N, C * K_h * K_w, H_out * W_out), dtype=x.dtype)
    for n in range(N):
        col = 0
        for i in range(H_out):
            for j in range(W_out):
                row = 0
                for c in range(C):
                    for k in range(K_h):
                        for m in range(K_w):
                            cols[n, row, col] = x[n, c, i * stride[0] + k, j * stride[1] + m]
                            row += 1
                col += 1
    return cols


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    if isinstance(padding, int):
        padding = (padding, padding)
    if isinstance(stride, int):
        stride = (stride, stride)
    C_out, C_in, K_h, K_w = w.shape
    H_out = (x.shape[2] + 2 * padding[0] - K_h) // stride[0] + 1
    W_out = (x.shape[3] + 2 * padding[1] - K_w) // stride[1] + 1
    cols = im2col(x, (K_h, K_w), padding, stride)
    y = w.reshape(C_out, -1) @ cols
    y = y.reshape(x.shape[0], C_out, H_out, W_out)
    if b is not None:
        y = y + b.reshape(1, -1, 1, 1)
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if isinstance(padding, int):
        padding = (padding, padding)
    if isinstance(stride, int):
        stride = (stride, stride)
    H_out = (size[0] + 2 * padding[0] - kernel_size[0]) // stride[0] + 1
    W_out = (size[1] + 2 * padding[1] - kernel_size[1]) // stride[1] + 1
    return (H_out, W_out)


def conv_params(in_channels, out_channels, kernel_size, bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    params = out_channels * in_channels * kernel_size[0] * kernel_size[1]
    if bias:
        params += out_channels
    return params


def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    H_out, W_out = conv_shape(size, kernel_size, padding, stride)
    # every output number costs one whole filter
    return H_out * W_out * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    K_h, K_w = kernel_size
    rows = []
    right = []
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            # one equation for every output
            rows.append(x[i:i + K_h, j:j + K_w].flatten())
            right.append(y[i, j])
    A = np.array(rows)
    if np.linalg.matrix_rank(A) < K_h * K_w:
        raise ValueError("x does not say enough about the kernel")
    w = np.linalg.lstsq(A, np.array(right), rcond=None)[0]
    return w.reshape(K_h, K_w)
