"""Wrong solutions for `find_kernel`."""

import numpy as np
from bad_im2col import columns
from catalogue import Collection, pair


def equations(x, kernel_size):
    """Return one row of coefficients for each pixel of y."""
    return columns(x[None, None], kernel_size)[0].T


def as_asked(w, x, y, kernel_size):
    """Return the kernel in its shape and dtype."""
    return w.reshape(pair(kernel_size)).astype(np.float32 if x.dtype == y.dtype == np.float32 else np.float64)


def solve(x, y, kernel_size):
    """Do it right."""
    a = equations(x, kernel_size)
    w, _, rank, _ = np.linalg.lstsq(a, y.ravel())
    if rank < a.shape[1]:
        raise ValueError("x does not determine the kernel")
    return as_asked(w, x, y, kernel_size)


wrong = Collection("find_kernel", find_kernel=solve)


@wrong(
    "the pseudo-inverse always gives an answer, also where there is no single one",
    mistakes=["no word about a picture that says too little"],
)
def _(x, y, kernel_size):
    return as_asked(np.linalg.pinv(equations(x, kernel_size)) @ y.ravel(), x, y, kernel_size)


@wrong("least squares without a look at the rank", mistakes=["no word about a picture that says too little"])
def _(x, y, kernel_size):
    return as_asked(np.linalg.lstsq(equations(x, kernel_size), y.ravel())[0], x, y, kernel_size)


@wrong("divides Fourier transforms, zeros included, as if the picture went on periodically")
def _(x, y, kernel_size):
    k, m = pair(kernel_size)
    with np.errstate(all="ignore"):
        found = np.fft.ifft2(np.fft.fft2(y, x.shape) / np.fft.fft2(x)).real
    return as_asked(found[:k, :m], x, y, kernel_size)


@wrong("counts equations instead of looking at the rank", mistakes=["only the number of equations counted"])
def _(x, y, kernel_size):
    a = equations(x, kernel_size)
    if len(a) < a.shape[1]:
        raise ValueError("too few pixels")
    return as_asked(np.linalg.lstsq(a, y.ravel())[0], x, y, kernel_size)


@wrong("refuses pictures with noise: any residual counts as no answer")
def _(x, y, kernel_size):
    w = solve(x, y, kernel_size)
    if not np.allclose(equations(x, kernel_size) @ w.ravel(), y.ravel(), atol=1e-8):
        raise ValueError("no kernel explains y")
    return w


@wrong("solves the first equations only and ignores the rest", mistakes=["as many equations as unknowns"])
def _(x, y, kernel_size):
    a = equations(x, kernel_size)
    unknowns = a.shape[1]
    if np.linalg.matrix_rank(a) < unknowns:
        raise ValueError("x does not determine the kernel")
    return as_asked(np.linalg.solve(a[:unknowns], y.ravel()[:unknowns]), x, y, kernel_size)


@wrong("the kernel is turned round", mistakes=["kernel returned flipped"])
def _(x, y, kernel_size):
    return solve(x, y, kernel_size)[::-1, ::-1].copy()


@wrong(
    "height and width of the kernel exchanged in the last reshape", said=["the sizes are right but their order is not"]
)
def _(x, y, kernel_size):
    k, m = pair(kernel_size)
    return solve(x, y, kernel_size).reshape(m, k)


@wrong("the kernel is transposed", mistakes=["unknowns numbered column by column"], said=["transposed"])
def _(x, y, kernel_size):
    return solve(x, y, kernel_size).T.copy()


@wrong("the kernel stays flat", mistakes=["kernel left flat"])
def _(x, y, kernel_size):
    return solve(x, y, kernel_size).ravel()


@wrong("float64 for float32 pictures", mistakes=["always float64"], said=["has dtype float64"])
def _(x, y, kernel_size):
    return solve(x, y, kernel_size).astype(np.float64)


@wrong("raises RuntimeError where ValueError is asked for", said=["it raised RuntimeError"])
def _(x, y, kernel_size):
    try:
        return solve(x, y, kernel_size)
    except ValueError as error:
        raise RuntimeError(str(error)) from None


@wrong("returns None where it should raise", said=["it should raise ValueError"])
def _(x, y, kernel_size):
    try:
        return solve(x, y, kernel_size)
    except ValueError:
        return None


@wrong("returns NaN where it should raise", said=["it should raise ValueError"])
def _(x, y, kernel_size):
    try:
        return solve(x, y, kernel_size)
    except ValueError:
        return np.full(pair(kernel_size), np.nan)


@wrong("the entries are scaled to sum to one", said=["by the same factor"])
def _(x, y, kernel_size):
    w = solve(x, y, kernel_size)
    return w / w.sum()


@wrong(
    "a ridge penalty pulls the entries towards zero and hides missing rank", mistakes=["a little added to the diagonal"]
)
def _(x, y, kernel_size):
    a = equations(x, kernel_size)
    w = np.linalg.solve(a.T @ a + 1e-2 * np.eye(a.shape[1]), a.T @ y.ravel())
    return as_asked(w, x, y, kernel_size)


@wrong("correlates the two pictures instead of solving the equations")
def _(x, y, kernel_size):
    solve(x, y, kernel_size)
    return as_asked(equations(x, kernel_size).T @ y.ravel() / y.size, x, y, kernel_size)


@wrong("a hundred steps of gradient descent are not the end of it")
def _(x, y, kernel_size):
    solve(x, y, kernel_size)
    a, w = equations(x, kernel_size), np.zeros(np.prod(pair(kernel_size)))
    for _ in range(100):
        w -= a.T @ (a @ w - y.ravel()) / np.trace(a.T @ a)
    return as_asked(w, x, y, kernel_size)


@wrong("takes the kernel to be square", mistakes=["kernel_size taken for one number"])
def _(x, y, kernel_size):
    return solve(x, y, pair(kernel_size)[0])


@wrong("the answer is rounded")
def _(x, y, kernel_size):
    return np.round(solve(x, y, kernel_size), 2)


@wrong("all zeros", said=["zero everywhere"])
def _(x, y, kernel_size):
    return np.zeros_like(solve(x, y, kernel_size))


@wrong("centres the picture in place", said=["changed its input"])
def _(x, y, kernel_size):
    w = solve(x, y, kernel_size)
    x -= x.mean().astype(x.dtype)
    return w


@wrong("asks for full row rank: raises unless every pixel is a new equation")
def _(x, y, kernel_size):
    a = equations(x, kernel_size)
    if np.linalg.matrix_rank(a) < len(a):
        raise ValueError("x does not determine the kernel")
    return solve(x, y, kernel_size)
