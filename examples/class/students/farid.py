"""Puts all the padding above and to the left, none below and to the right, and does so all the way through.

Handed in 2026-10-05 21:14:29 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    K_h, K_w = w.shape
    H_out, W_out = x.shape[0] - K_h + 1, x.shape[1] - K_w + 1
    ergebnis = np.empty((H_out, W_out), dtype=(x[:1, :1] * w[:1, :1]).dtype)
    for zeile in range(H_out):
        for spalte in range(W_out):
            fenster = x[zeile:zeile + K_h, spalte:spalte + K_w]
            ergebnis[zeile, spalte] = np.vdot(fenster, w)
    return ergebnis

# %% exercise="conv2d_padded"
def als_paar(v):
    if isinstance(v, int):
        return v, v
    return v

def conv2d_padded(x, w, padding=0, stride=1):
    p_h, p_w = als_paar(padding)
    s_h, s_w = als_paar(stride)
    # add padding zeros in front
    gross = np.zeros((x.shape[0] + p_h, x.shape[1] + p_w), dtype=x.dtype)
    gross[p_h:, p_w:] = x
    return conv2d_single(gross, w)[::s_h, ::s_w]

# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    alle = []
    for bild in x:
        karten = []
        for o, filter in enumerate(w):
            karte = 0
            for kanal, kern in zip(bild, filter):
                karte = karte + conv2d_padded(kanal, kern, padding, stride)
            if b is not None:
                karte = karte + b[o]
            karten.append(karte)
        alle.append(karten)
    return np.array(alle)

# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    d = x.ndim - 2
    if isinstance(padding, int): padding = [padding] * d
    if isinstance(stride, int): stride = [stride] * d
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, 0) for p in padding])
    y = 0
    for pos in np.ndindex(*w.shape[2:]):
        schnitt = tuple(slice(pos[a], x.shape[2 + a] - w.shape[2 + a] + pos[a] + 1, stride[a]) for a in range(d))
        y = y + np.einsum('nc...,oc->no...', x[(...,) + schnitt], w[(...,) + pos])
    return y

# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    k_h, k_w = als_paar(kernel_size)
    p_h, p_w = als_paar(padding)
    s_h, s_w = als_paar(stride)
    x = np.pad(x, ((0, 0), (0, 0), (p_h, 0), (p_w, 0)))
    spalten = []
    for i in range(0, x.shape[2] - k_h + 1, s_h):
        for j in range(0, x.shape[3] - k_w + 1, s_w):
            spalten.append(x[:, :, i:i + k_h, j:j + k_w].reshape(len(x), -1))
    return np.stack(spalten, axis=-1)

def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    # take the size from conv2d so that both agree
    form = conv2d(x, w, None, padding, stride).shape
    y = (w.reshape(len(w), -1) @ im2col(x, w.shape[2:], padding, stride)).reshape(form)
    if b is not None:
        y = y + b.reshape(-1, 1, 1)
    return y

# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    k, p, s = als_paar(kernel_size), als_paar(padding), als_paar(stride)
    return (size[0] + p[0] - k[0]) // s[0] + 1, (size[1] + p[1] - k[1]) // s[1] + 1

def conv_params(in_channels, out_channels, kernel_size, bias=True):
    k_h, k_w = als_paar(kernel_size)
    anzahl = in_channels * out_channels * k_h * k_w
    return anzahl + out_channels if bias else anzahl

def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = conv_shape(size, kernel_size, padding, stride)
    return h * w * conv_params(in_channels, out_channels, kernel_size, False)

# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    k_h, k_w = als_paar(kernel_size)
    M = im2col(x.reshape(1, 1, *x.shape), (k_h, k_w))[0].T
    if np.linalg.matrix_rank(M) != k_h * k_w:
        raise ValueError("x legt den Kern nicht fest")
    return np.linalg.lstsq(M, y.reshape(-1), rcond=None)[0].reshape(k_h, k_w)
