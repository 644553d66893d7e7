"""Where a student is: in a notebook, or in a terminal."""

from __future__ import annotations

import sys


def in_notebook() -> bool:
    """Say whether this process is a Jupyter kernel that runs a cell; importing ipykernel alone is not enough."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
