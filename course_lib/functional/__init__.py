"""The mathematics of each layer in NumPy, without state: a forward function and its `*_backward`.

A backward function takes the gradient of the loss by the output, then what the forward function was given, and
returns the gradients by its inputs.
"""

from course_lib.functional.columns import col2im, im2col
from course_lib.functional.conv import (
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv3d,
    conv3d_backward,
)

__all__ = [
    "col2im",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv3d",
    "conv3d_backward",
    "im2col",
]
