"""The convolution explorer: a kernel slides over an image, one sum of products at a time."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from traitlets import Int

from course_lib.explorers.base import Explorer

_HERE = Path(__file__).parent


class ConvolutionExplorer(Explorer):
    """Show a 2-D convolution of one channel, with the arithmetic of the current position written out.

    y[i, j] = Σ_uv x[i·stride + u·dilation − padding, j·stride + v·dilation − padding] · w[u, v]

    Args:
        size: height and width of the input, 3 to 10 cells.
        kernel_size: height and width of the kernel, 1 to 5 cells.
        padding: zeros added on every side, 0 to 3 cells.
        stride: cells from one window to the next, 1 to 4.
        dilation: cells from one kernel entry to the next, 1 to 3.
        position: the output cell shown, counted row by row from 0; moved to the last one where it is past it.
    """

    _esm = _HERE / "convolution.js"
    _css = _HERE / "convolution.css"

    fallback: ClassVar[str] = (
        "A 3 × 3 kernel slides over an 8 × 8 image. At every position the nine products of kernel entries "
        "and image cells are added up and give one cell of the 6 × 6 output."
    )

    size = Int(8, min=3, max=10).tag(sync=True)
    kernel_size = Int(3, min=1, max=5).tag(sync=True)
    padding = Int(0, min=0, max=3).tag(sync=True)
    stride = Int(1, min=1, max=4).tag(sync=True)
    dilation = Int(1, min=1, max=3).tag(sync=True)
    position = Int(0, min=0).tag(sync=True)
