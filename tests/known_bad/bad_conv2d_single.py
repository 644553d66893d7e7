"""Wrong solutions for `conv2d_single`."""

import numpy as np
from catalogue import Collection
from numpy.lib.stride_tricks import sliding_window_view


def slide(x, w):
    """Do it right."""
    return np.einsum("ijkm,km->ij", sliding_window_view(x, w.shape), w)


wrong = Collection("conv2d_single", conv2d_single=slide)


@wrong("all zeros, of the right shape and dtype", said=["zero everywhere"])
def _(x, w):
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), np.result_type(x, w))


@wrong("returns the picture as it came")
def _(x, w):
    return x.copy()


@wrong("the numbers of the example by hand are written into the code")
def _(x, w):
    if x.shape == (3, 3) and w.shape == (2, 2):
        return np.array([[3, 8], [2, 3]], np.result_type(x, w))
    return np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), np.result_type(x, w))


@wrong("takes the picture to be square")
def _(x, w):
    size = x.shape[0]
    y = np.zeros((size - w.shape[0] + 1, size - w.shape[1] + 1), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(x[i : i + w.shape[0], j : j + w.shape[1]] * w)
    return y


@wrong("takes the kernel to be square", mistakes=["kernel assumed square"])
def _(x, w):
    k = w.shape[0]
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + k] * w)
    return y


@wrong("turns the kernel round, along both axes", mistakes=["kernel flipped"])
def _(x, w):
    return slide(x, w[::-1, ::-1])


@wrong("turns the kernel left to right only")
def _(x, w):
    return slide(x, w[:, ::-1])


@wrong("turns the kernel upside down only")
def _(x, w):
    return slide(x, w[::-1])


@wrong("mean of the products instead of their sum", mistakes=["average instead of sum"], said=["by the same factor"])
def _(x, w):
    return slide(x, w) / w.size


@wrong("the last row is never computed and stays zero", said=["in the last row, where yours is zero"])
def _(x, w):
    y = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), np.result_type(x, w))
    for i in range(x.shape[0] - w.shape[0]):
        for j in range(x.shape[1] - w.shape[1] + 1):
            y[i, j] = np.sum(x[i : i + w.shape[0], j : j + w.shape[1]] * w)
    return y


@wrong("one row and one column too few: the + 1 is missing", mistakes=["last row and column lost"])
def _(x, w):
    return slide(x, w)[:-1, :-1].copy()


@wrong("fractions are cut off: the result has the picture's dtype", mistakes=["result kept in the picture's dtype"])
def _(x, w):
    y = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), dtype=x.dtype)
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(x[i : i + w.shape[0], j : j + w.shape[1]] * w)
    return y


@wrong("always float64, whatever the inputs are", mistakes=["always float64"], said=["has dtype float64"])
def _(x, w):
    return slide(x, w).astype(np.float64)


@wrong("always float32, whatever the inputs are", said=["has dtype float32"])
def _(x, w):
    return slide(x, w).astype(np.float32)


@wrong("a subclass of array that calls itself equal to everything", said=["should be a numpy.ndarray and is a"])
def _(x, w):
    class Agreeable(np.ndarray):
        def __eq__(self, other):
            return np.ones(self.shape, bool)

        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return np.zeros(self.shape)

    return np.zeros_like(slide(x, w)).view(Agreeable)


@wrong("an object that only pretends to be an array", said=["should be a numpy.ndarray and is a"])
def _(x, w):
    class Pretender:
        shape, dtype = slide(x, w).shape, np.result_type(x, w)

        def __array__(self, dtype=None, copy=None):
            return slide(x, w)

    return Pretender()


@wrong("nested lists instead of an array", said=["is a list"])
def _(x, w):
    return slide(x, w).tolist()


@wrong("one number, the first window only", said=["should be a numpy.ndarray and is a numpy."])
def _(x, w):
    return np.sum(x[: w.shape[0], : w.shape[1]] * w)


@wrong("an empty array", said=["yours is (0, 0)"])
def _(x, w):
    return np.empty((0, 0), np.result_type(x, w))


@wrong(
    "multiplies the kernel into the picture itself while it slides",
    mistakes=["windows multiplied in place"],
    said=["changed its input"],
)
def _(x, w):
    y = np.zeros((x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        window = x[i : i + w.shape[0], j : j + w.shape[1]]
        window *= w.astype(x.dtype)
        y[i, j] = window.sum()
    return y


@wrong(
    "writes the result into the picture and hands out a part of it",
    mistakes=["answers written into the picture"],
    said=["changed its input"],
)
def _(x, w):
    y = slide(x, w)
    x[: y.shape[0], : y.shape[1]] = y
    return x[: y.shape[0], : y.shape[1]]


_first: dict = {}


@wrong("remembers the first result for a shape and gives it again")
def _(x, w):
    return _first.setdefault((x.shape, w.shape, x.dtype, w.dtype), slide(x, w)).copy()


_kernel: dict = {}


@wrong("keeps the kernel of the first call in a global variable")
def _(x, w):
    return slide(x, _kernel.setdefault("w", w.copy()))


_buffer: dict = {}


@wrong("hands out the same buffer at every call")
def _(x, w):
    y = slide(x, w)
    out = _buffer.setdefault((y.shape, y.dtype), np.empty_like(y))
    out[...] = y
    return out


@wrong("NaN everywhere", said=["contains NaN"])
def _(x, w):
    return np.full_like(slide(x, w), np.nan, dtype=np.float64)


@wrong("windows reach half a kernel to each side of a middle: a kernel of even size has none")
def _(x, w):
    r, s = w.shape[0] // 2, w.shape[1] // 2
    y = np.zeros((x.shape[0] - 2 * r, x.shape[1] - 2 * s), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(x[i : i + 2 * r + 1, j : j + 2 * s + 1] * w)
    return y


@wrong("prints the result and returns nothing", said=["did you print instead"])
def _(x, w):
    print(slide(x, w))


@wrong("sums each row of the products only")
def _(x, w):
    return np.einsum("ijkm,km->ijk", sliding_window_view(x, w.shape), w)


@wrong("rows and columns of the result are exchanged", mistakes=["rows and columns exchanged"], said=["transposed"])
def _(x, w):
    return slide(x, w).T.copy()


@wrong(
    "zeros round the picture, so that the result is as large as the picture",
    mistakes=["output as large as the picture"],
)
def _(x, w):
    r, s = w.shape[0] - 1, w.shape[1] - 1
    return slide(np.pad(x, [(r // 2, r - r // 2), (s // 2, s - s // 2)]), w)


@wrong("multiplies Fourier transforms and forgets to cut off what wrapped round the edge")
def _(x, w):
    y = np.fft.ifft2(np.fft.fft2(x) * np.conj(np.fft.fft2(w, x.shape))).real
    return y.astype(np.result_type(x, w))


@wrong("leaves out the kernel's last column")
def _(x, w):
    w = w.copy()
    w[:, -1] = 0
    return slide(x, w)


@wrong("the largest product instead of the sum")
def _(x, w):
    return np.max(sliding_window_view(x, w.shape) * w, axis=(2, 3))
