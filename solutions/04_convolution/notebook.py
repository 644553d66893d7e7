# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Convolution: from one window to a layer
#
# In seven steps you build what a convolutional network does at every layer, with NumPy alone. You start with one
# kernel on one grey picture, add padding and steps, then channels, a batch and a bias: at that point your function
# is the layer that networks use, and it finds the edges in a picture. After that you free it from the number two
# (sequences, volumes), turn it into one matrix product, and learn to say what a layer costs before you build it. In
# the end you turn the question round: two pictures are given, one before and one after an unknown filter, and you
# find the filter.
#
# Everything you need is in the chapter *Convolution* of the lectures; each exercise names its section. Plan about
# three hours, 40 points in all.
#
# **How the exercises work.** Replace `raise NotImplementedError` by your code, run the cell, then run the check cell
# below it.
#
# - `check(...)` calls your function on a set of cases and tells you at once which went wrong and how. Often it
#   recognises the mistake. You can run it as often as you like.
# - Each exercise has *groups* of cases; you get a group's points when all its cases pass.
# - When your work is graded, hidden cases are added. They are of the same kinds as those you see, with other numbers
#   and sizes: a function that does what its docstring says has nothing to fear from them.
# - `hint("conv2d_single")` prints a first hint, the next call a clearer one. Hints cost nothing.
#
# **Three rules for all functions.** Return the result, don't print it. Return a new array, never a part of an input
# in disguise. Leave the inputs as they were.
#
# Throughout, convolution means what networks compute: the kernel is laid on the picture *as it is*, without turning it
# (lecture section *One window, one number*). Off limits, because they would do your work for you: `np.convolve` and
# `np.correlate`, torch's `conv…` functions (in step 5 `torch.nn.functional.unfold` too), `scipy.signal`, and the
# convolutions and counters of `course_lib`. All else is fine.

# %%
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder import check, hint, solved  # noqa: F401


def per_axis(value, axes):
    """Return a tuple of one int for each axis: an int is repeated, a tuple is kept."""
    return (value,) * axes if isinstance(value, int) else tuple(value)


def draw_picture(size=64):
    """Return a grey picture, size × size, of a disc, a box and a slanted stroke."""
    down, right = np.indices((size, size)) / size
    picture = np.full((size, size), 0.2)
    picture[(down - 0.35) ** 2 + (right - 0.35) ** 2 < 0.05] = 0.9
    picture[(abs(down - 0.75) < 0.12) & (abs(right - 0.7) < 0.2)] = 0.6
    picture[abs(down + 0.5 * right - 0.85) < 0.02] = 1.0
    return picture


def show(**pictures):
    """Draw pictures side by side; the names of the arguments become their titles."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(pictures), figsize=(3 * len(pictures), 3.2), squeeze=False)
    for axis, title in zip(axes[0], pictures, strict=True):
        axis.imshow(pictures[title], cmap="gray")
        axis.set_title(title.replace("_", " "))
        axis.axis("off")
    figure.tight_layout()
    plt.show()


# %% [markdown]
# ## 1. One kernel, one picture
#
# {about conv2d_single} Lecture section *One window, one number*.
#
# Lay a kernel $w$ of $K_h × K_w$ on the top left corner of a picture $x$ of $H × W$, multiply what lies on each other,
# add it all up: that is one output. Slide the kernel along, one step at a time, as long as it lies on the picture as a
# whole:
#
# $$y[i, j] = \sum_{k=0}^{K_h-1} \sum_{m=0}^{K_w-1} w[k, m]\; x[i + k,\; j + m]$$
#
# By hand, with a picture of 3 × 3 and a kernel of 2 × 2:
#
# $$x = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 3 \\ 2 & 1 & 1 \end{pmatrix},\quad
# w = \begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix},\quad
# y[0, 1] = 1·2 + 0·0 + 0·1 + 2·3 = 8,\quad
# y = \begin{pmatrix} 3 & 8 \\ 2 & 3 \end{pmatrix}$$
#
# The picture need not be square and neither need the kernel. *Any size* goes up to a kernel as large as the picture and
# down to 1 × 1. *Dtypes and memory* feeds whole numbers with fractional kernels, float32, and arrays that are views of
# other arrays.


# %% exercise="conv2d_single"
def conv2d_single(x, w):
    """Slide one kernel over one picture; windows lie inside the picture as a whole.

    x: array (H, W). w: array (K_h, K_w), not larger than x.
    Returns a new array (H - K_h + 1, W - K_w + 1) of dtype np.result_type(x, w).
    """
    ### BEGIN SOLUTION
    k_h, k_w = w.shape
    h_out, w_out = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    y = np.zeros((h_out, w_out), dtype=np.result_type(x, w))
    for i in range(h_out):
        for j in range(w_out):
            y[i, j] = np.sum(x[i : i + k_h, j : j + k_w] * w)
    return y
    ### END SOLUTION


# %% check="conv2d_single"
check("conv2d_single", conv2d_single)

# %% [markdown]
# A kernel is a question to each place of the picture. Here is one: *is it brighter above than below?*

# %%
if solved("conv2d_single"):
    above_minus_below = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
    show(picture=draw_picture(), brighter_above=conv2d_single(draw_picture(), above_minus_below))

# %% [markdown]
# ## 2. Padding and stride
#
# {about conv2d_padded} Lecture sections *Padding* and *Stride*.
#
# Your result is smaller than the picture, and after twenty such layers little would be left of it. *Padding* puts
# zeros round the picture first: `padding=(1, 2)` one row above and one below, two columns left and two right. *Stride*
# makes the result smaller on purpose: `stride=(1, 2)` moves the window by one row or by two columns at a time. A window
# that does not fit as a whole any more is left out, so
#
# $$H_{out} = \left\lfloor \frac{H + 2 p_h - K_h}{s_h} \right\rfloor + 1$$
#
# By hand, with a picture of one row: $x = (1\; 2\; 3\; 4)$ and $w = (1\; 1\; 1)$. With `padding=(0, 1)` the windows
# slide over $0\; 1\; 2\; 3\; 4\; 0$ and give $3\; 6\; 9\; 7$; with `stride=(1, 2)` as well, only the first and the
# third are left: $3\; 9$.
#
# Either argument is one int for both directions or a pair (height, width); `per_axis(padding, 2)` from above makes a
# pair of both. You may call your `conv2d_single`.


# %% exercise="conv2d_padded"
def conv2d_padded(x, w, padding=0, stride=1):
    """Slide one kernel over one picture with zeros around it.

    x: array (H, W). w: array (K_h, K_w), not larger than the padded picture.
    padding: zeros on each side, an int or (height, width). stride: step of the window, an int or (height, width).
    Returns a new array (H_out, W_out) of dtype np.result_type(x, w).
    """
    ### BEGIN SOLUTION
    (p_h, p_w), (s_h, s_w) = per_axis(padding, 2), per_axis(stride, 2)
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    return conv2d_single(padded, w)[::s_h, ::s_w]
    ### END SOLUTION


# %% check="conv2d_padded"
check("conv2d_padded", conv2d_padded)

# %% [markdown]
# ## 3. The convolution layer
#
# {about conv2d} Lecture section *Channels*.
#
# A colour picture has three channels, and the maps inside a network have hundreds. A *filter* has a slice for each
# channel; each slice is slid over its own channel, and the results are added to one map. Many filters give many maps,
# and each map gets one number, its bias, added everywhere:
#
# $$y[n, o] = b[o] + \sum_{c=0}^{C_{in}-1} x[n, c] \star w[o, c]$$
#
# where $\star$ is what you wrote in step 2. The shapes:
#
# | | shape |
# |---|---|
# | pictures `x` | $N × C_{in} × H × W$ |
# | filters `w` | $C_{out} × C_{in} × K_h × K_w$ |
# | bias `b` | $C_{out}$, or `None` for no bias |
# | maps `y` | $N × C_{out} × H_{out} × W_{out}$ |
#
# By hand, one picture of 1 × 2 pixels with two channels, $(1\; 2)$ and $(10\; 20)$, and one filter of 1 × 1 with the
# two weights $3$ and $-1$ and the bias $5$: the map is $3·1 - 10 + 5 = -2$ and $3·2 - 20 + 5 = -9$.
#
# Loops over pictures, filters and channels are a right answer. With `sliding_window_view` (imported above; try
# `help(sliding_window_view)`) and `np.einsum` no loop is needed.


# %% exercise="conv2d"
def conv2d(x, w, b=None, padding=0, stride=1):
    """Compute a convolution layer.

    x: array (N, C_in, H, W). w: array (C_out, C_in, K_h, K_w). b: array (C_out,) or None.
    padding: zeros on each side of height and width, an int or (height, width).
    stride: step of the window, an int or (height, width).
    Returns a new array (N, C_out, H_out, W_out) of dtype np.result_type(x, w), or np.result_type(x, w, b) if a bias
    is given.
    """
    ### BEGIN SOLUTION
    (p_h, p_w), (s_h, s_w) = per_axis(padding, 2), per_axis(stride, 2)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s_h, ::s_w]
    y = np.einsum("nchwkm,ockm->nohw", windows, w)
    return y if b is None else y + b[:, None, None]
    ### END SOLUTION


# %% check="conv2d"
check("conv2d", conv2d)

# %% [markdown]
# This is a layer. Four filters answer to level and to upright edges, each from dark to bright and from bright to dark;
# a ReLU keeps what they find. A second layer, 1 × 1, adds the four maps, and its bias silences the faint answers. The
# weights are set by hand here. A network of this shape could have learned them.

# %%
if solved("conv2d"):
    level = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]) / 8
    first_layer = np.stack([level, -level, level.T, -level.T])[:, None]
    second_layer = np.ones((1, 4, 1, 1))
    maps = np.maximum(conv2d(draw_picture()[None, None], first_layer, padding=1), 0)
    edges = conv2d(maps, second_layer, b=np.array([-0.1]))
    show(picture=draw_picture(), one_map_of_four=maps[0, 0], edges=np.maximum(edges[0, 0], 0))

# %% [markdown]
# ## 4. One, two and three dimensions
#
# {about conv_nd} Lecture section *Dimensions*.
#
# Sound is a sequence, a film or a CT scan a volume. The sum is the same, only the number $d$ of axes along which the
# kernel slides changes; batch and channels stay in front. Write one function for $d = 1, 2, 3$ that reads $d$ from
# `x.ndim`. There is no bias this time.
#
# By hand: the sequence $1\; 2\; 4\; 8\; 16$, one channel, and the kernel $(-1\; 1)$ give the differences
# $1\; 2\; 4\; 8$.
#
# Beware of a name: *one-dimensional* says that the kernel slides along one axis. It may well be long. A 1 × 1
# convolution is two-dimensional with a kernel that is one entry large.


# %% exercise="conv_nd"
def conv_nd(x, w, padding=0, stride=1):
    """Compute a convolution over d = 1, 2 or 3 axes, without bias.

    x: array (N, C_in, *spatial) with d spatial axes. w: array (C_out, C_in, *kernel) with d kernel axes.
    padding: zeros on each side of the spatial axes, an int or a tuple of d ints. stride: likewise.
    Returns a new array (N, C_out, *spatial_out) of dtype np.result_type(x, w).
    """
    ### BEGIN SOLUTION
    d = x.ndim - 2
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in per_axis(padding, d))])
    windows = sliding_window_view(padded, w.shape[2:], axis=tuple(range(2, d + 2)))
    every = [slice(None, None, s) for s in per_axis(stride, d)]
    windows = np.moveaxis(windows[:, :, *every], 1, d + 1)  # N, *spatial_out, C_in, *kernel
    y = np.tensordot(windows, w, axes=(range(d + 1, 2 * d + 2), range(1, d + 2)))
    return np.moveaxis(y, -1, 1)
    ### END SOLUTION


# %% check="conv_nd"
check("conv_nd", conv_nd)

# %%
if solved("conv_nd"):
    import matplotlib.pyplot as plt

    time = np.arange(120)
    measured = np.sin(time / 12) + 0.3 * np.random.default_rng(4).standard_normal(120)
    smooth = conv_nd(measured[None, None], np.full((1, 1, 9), 1 / 9), padding=4)[0, 0]
    figure, axis = plt.subplots(figsize=(6, 2.2))
    axis.plot(time, measured, ".", label="measured")
    axis.plot(time, smooth, label="mean of nine neighbours, from your conv_nd")
    axis.legend(loc="lower left", fontsize="small")
    plt.show()

# %% [markdown]
# ## 5. The convolution as a matrix product
#
# {about im2col} Lecture section *Convolution as a matrix product*.
#
# Processors multiply matrices faster than anything else. So fast convolutions first copy every window into a column of
# one large matrix (*image to columns*, im2col), and then do a single product with the filters, each flattened to a row.
#
# By hand, a picture of 3 × 4 with the numbers 1 to 12, windows of 2 × 2. Six windows, six columns; the first holds the
# window in the top left corner, 1 2 above 5 6:
#
# $$\begin{pmatrix} 1 & 2 & 3 & 4 \\ 5 & 6 & 7 & 8 \\ 9 & 10 & 11 & 12 \end{pmatrix} \;\to\;
# \begin{pmatrix} 1 & 2 & 3 & 5 & 6 & 7 \\ 2 & 3 & 4 & 6 & 7 & 8 \\ 5 & 6 & 7 & 9 & 10 & 11 \\
# 6 & 7 & 8 & 10 & 11 & 12 \end{pmatrix}$$
#
# Write two functions. `im2col` makes the matrix: rows are numbered by channel, then kernel row, then kernel column (the
# last one changes fastest), columns by output row, then output column. The groups *windows in the right order* and
# *padding and stride* test it alone. `conv2d_im2col` is the layer of step 3, computed by your matrix and one product;
# the group *one matrix product* tests it.


# %% exercise="im2col"
def im2col(x, kernel_size, padding=0, stride=1):
    """Copy every window of every picture into a column.

    x: array (N, C, H, W). kernel_size, padding, stride: an int or (height, width).
    Returns a new array (N, C * K_h * K_w, H_out * W_out) of x's dtype.
    """
    ### BEGIN SOLUTION
    (k_h, k_w), (p_h, p_w), (s_h, s_w) = per_axis(kernel_size, 2), per_axis(padding, 2), per_axis(stride, 2)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    windows = sliding_window_view(padded, (k_h, k_w), axis=(2, 3))[:, :, ::s_h, ::s_w]
    n, c, h_out, w_out = windows.shape[:4]
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * k_h * k_w, h_out * w_out)
    ### END SOLUTION


def conv2d_im2col(x, w, b=None, padding=0, stride=1):
    """Compute a convolution layer by one matrix product; arguments and result as in conv2d."""
    ### BEGIN SOLUTION
    columns = im2col(x, w.shape[2:], padding, stride)
    y = w.reshape(len(w), columns.shape[1]) @ columns
    if b is not None:
        y = y + b[:, None]
    (p_h, _), (s_h, _) = per_axis(padding, 2), per_axis(stride, 2)
    h_out = (x.shape[2] + 2 * p_h - w.shape[2]) // s_h + 1
    return y.reshape(len(x), len(w), h_out, y.shape[2] // h_out)
    ### END SOLUTION


# %% check="im2col"
check("im2col", im2col, conv2d_im2col)

# %%
if solved("im2col"):
    picture = draw_picture()[None, None]
    columns = im2col(picture, 5)
    print(f"a picture of {picture.size:,} numbers becomes a matrix of {columns.size:,}: speed is paid for in memory")

# %% [markdown]
# ## 6. Size, parameters, multiply-accumulates
#
# {about counting} Lecture section *Counting*.
#
# Designers count before they build. Write three functions that need no arrays, only arithmetic:
#
# - `conv_shape`: how large is a map? The formula of step 2, for both axes.
# - `conv_params`: how many numbers does the layer learn? All weights, and one bias for each filter if there is a bias.
# - `conv_macs`: how many multiply-accumulates does one picture cost? Each product with the addition that follows it
#   counts once. The bias is an addition without a product and does not count.
#
# By hand: ten filters of 5 × 5 on a picture of 32 × 32 with three channels, padding 2. The maps are 32 × 32. One
# filter has $3·5·5 + 1 = 76$ parameters, the layer 760. One output takes 75 products; there are $32·32·10$ outputs, so
# the layer costs 768,000 MACs.
#
# Return int, not float.


# %% exercise="counting"
def conv_shape(size, kernel_size, padding=0, stride=1):
    """Return (H_out, W_out), two ints.

    size: (H, W). kernel_size, padding, stride: an int or (height, width).
    """
    ### BEGIN SOLUTION
    (h, w), (k_h, k_w) = size, per_axis(kernel_size, 2)
    (p_h, p_w), (s_h, s_w) = per_axis(padding, 2), per_axis(stride, 2)
    return (h + 2 * p_h - k_h) // s_h + 1, (w + 2 * p_w - k_w) // s_w + 1
    ### END SOLUTION


def conv_params(in_channels, out_channels, kernel_size, bias=True):
    """Return the number of learnable parameters, an int.

    kernel_size: an int or (height, width). bias: whether each filter has a bias.
    """
    ### BEGIN SOLUTION
    weights = out_channels * in_channels * math.prod(per_axis(kernel_size, 2))
    return weights + out_channels if bias else weights
    ### END SOLUTION


def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    """Return the number of multiply-accumulates for one picture, an int.

    size: (H, W) of the picture. kernel_size, padding, stride: an int or (height, width).
    """
    ### BEGIN SOLUTION
    outputs = math.prod(conv_shape(size, kernel_size, padding, stride))
    return outputs * conv_params(in_channels, out_channels, kernel_size, bias=False)
    ### END SOLUTION


# %% check="counting"
check("counting", conv_shape, conv_params, conv_macs)

# %% [markdown]
# What counting is good for: a layer of 32 filters of 5 × 5 on 28 × 28 pixels with 192 channels, once directly, once
# with a 1 × 1 layer before it that keeps only 16 channels. Both give maps of the same shape.

# %%
if solved("counting"):
    direct = conv_macs((28, 28), 192, 32, 5, padding=2)
    bottleneck = conv_macs((28, 28), 192, 16, 1) + conv_macs((28, 28), 16, 32, 5, padding=2)
    print(f"direct {direct:,} MACs, through 16 channels {bottleneck:,}: {direct / bottleneck:.1f} times fewer")

# %% [markdown]
# ## 7. Find the kernel
#
# {about find_kernel} Lecture section *Convolution as a matrix product*.
#
# Somebody has filtered a picture. You have it before ($x$) and after ($y$), and know the size of the kernel, but not
# its entries. Each pixel of $y$ is one linear equation for them, and there are more pixels than unknowns: find the
# kernel for which the sum of squared differences between your $y$ and the given one is smallest.
#
# By hand, with one row and a kernel $(a\; b)$: $x = (1\; 2\; 5)$ and $y = (4\; 9)$ say $a + 2b = 4$ and $2a + 5b = 9$,
# so $a = 2$, $b = 1$. But $x = (1\; 2\; 4)$ and $y = (4\; 8)$ say $a + 2b = 4$ twice: many kernels fit, and none is
# *the* kernel. Then raise `ValueError`.
#
# The group *pictures with noise* has a $y$ that no kernel explains exactly; *no single answer* has pictures that say
# too little. You may use your own `im2col`, here also `course_lib.functional.im2col`, and all of
# `np.linalg`.


# %% exercise="find_kernel"
def find_kernel(x, y, kernel_size):
    """Find the kernel that turns x into y, in the sense of least squares.

    x: array (H, W). y: array (H - K_h + 1, W - K_w + 1). kernel_size: an int or (height, width).
    Returns a new array (K_h, K_w): float32 if x and y both are, else float64.
    Raises ValueError if x does not determine the kernel: the equations leave more than one best kernel.
    """
    ### BEGIN SOLUTION
    k_h, k_w = per_axis(kernel_size, 2)
    (columns,) = im2col(x[None, None], (k_h, k_w))
    w, _, rank, _ = np.linalg.lstsq(columns.T, y.ravel())  # one equation for each pixel of y
    if rank < k_h * k_w:
        raise ValueError(f"x does not determine the kernel: {k_h * k_w} unknowns, {rank} independent equations")
    return w.reshape(k_h, k_w)
    ### END SOLUTION


# %% check="find_kernel"
check("find_kernel", find_kernel)

# %% [markdown]
# The last pictures close the circle. A secret kernel blurs a picture, and a little noise is added, as in a camera;
# from the two pictures alone you get the kernel back.

# %%
if solved("find_kernel") and solved("conv2d_single"):
    rng = np.random.default_rng(2012)
    secret = np.outer([1, 2, 4, 2, 1], [1, 1, 3, 5, 2]) / 120
    before = draw_picture() + 0.05 * rng.standard_normal((64, 64))
    after = conv2d_single(before, secret) + 0.001 * rng.standard_normal((60, 60))
    found = find_kernel(before, after, 5)
    show(before=before, after=after, secret_kernel=secret, your_kernel=found)
    print(f"largest error of an entry: {np.abs(found - secret).max():.1e}")

# %% [markdown]
# You have written a convolution layer in three ways, know what it costs, and can read one off its effects. The next
# chapter changes the kernel itself: holes in it, groups of channels, a filter for each channel alone.
