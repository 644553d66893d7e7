"""Good code, but has not understood the bias: once per input channel, along the wrong axis, counted wrongly.

Handed in 2026-10-05 12:03:27 UTC.
"""

# %% before="conv2d_single"
from numpy.lib.stride_tricks import sliding_window_view


def dupla(v, d=2):
    """int -> (int, int), tuple stays"""
    return (v,) * d if isinstance(v, (int, np.integer)) else tuple(v)

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    janelas = sliding_window_view(x, w.shape)
    return np.tensordot(janelas, w, axes=((2, 3), (0, 1)))

# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    (ph, pw), (sh, sw) = dupla(padding), dupla(stride)
    grande = np.pad(x, ((ph, ph), (pw, pw)))
    janelas = sliding_window_view(grande, w.shape)[::sh, ::sw]
    return np.tensordot(janelas, w, axes=((2, 3), (0, 1)))

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    N, C_in = x.shape[:2]
    C_out = w.shape[0]
    if b is None:
        b = np.zeros(C_out, dtype=w.dtype)
    y = []
    for n in range(N):
        mapas = []
        for o in range(C_out):
            mapas.append(sum(conv2d_padded(x[n, c], w[o, c], padding, stride) + b[o] for c in range(C_in)))
        y.append(mapas)
    return np.array(y)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    p, s = dupla(padding, d), dupla(stride, d)
    eixos = tuple(range(2, x.ndim))
    grande = np.pad(x, ((0, 0), (0, 0)) + tuple((q, q) for q in p))
    janelas = sliding_window_view(grande, w.shape[2:], axis=eixos)
    janelas = janelas[(..., *[slice(None, None, q) for q in s], *[slice(None)] * d)]
    # N, C, out_1..out_d, K_1..K_d  with  O, C, K_1..K_d
    y = np.tensordot(janelas, w, axes=((1, *range(2 + d, 2 + 2 * d)), tuple(range(1, 2 + d))))
    return np.moveaxis(y, -1, 1)

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    (kh, kw), (ph, pw), (sh, sw) = dupla(kernel_size), dupla(padding), dupla(stride)
    grande = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    janelas = sliding_window_view(grande, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
    N, C, Ho, Wo, _, _ = janelas.shape
    return janelas.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kh * kw, Ho * Wo)


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    (ph, pw), (sh, sw) = dupla(padding), dupla(stride)
    O, C, kh, kw = w.shape
    colunas = im2col(x, (kh, kw), padding, stride)
    y = np.matmul(w.reshape(O, -1), colunas)
    Ho = (x.shape[2] + 2 * ph - kh) // sh + 1
    Wo = (x.shape[3] + 2 * pw - kw) // sw + 1
    y = y.reshape(len(x), O, Ho, Wo)
    if b is not None:
        y = y + b          # numpy broadcasts
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    (kh, kw), (ph, pw), (sh, sw) = dupla(kernel_size), dupla(padding), dupla(stride)
    H, W = size
    return (H - kh + 2 * ph) // sh + 1, (W - kw + 2 * pw) // sw + 1


def conv_params(in_channels, out_channels, kernel_size, bias=True):
    kh, kw = dupla(kernel_size)
    pesos = out_channels * in_channels * kh * kw
    if bias:
        pesos += in_channels        # one for each channel
    return pesos


def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    Ho, Wo = conv_shape(size, kernel_size, padding, stride)
    return Ho * Wo * conv_params(in_channels, out_channels, kernel_size, bias=False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    kh, kw = dupla(kernel_size)
    # need at least as many equations as unknowns
    if y.size < kh * kw:
        raise ValueError(f"only {y.size} equations for {kh * kw} unknowns")
    A = sliding_window_view(x, (kh, kw)).reshape(-1, kh * kw)
    w = np.linalg.lstsq(A, y.ravel(), rcond=None)[0]
    return w.reshape(kh, kw)
