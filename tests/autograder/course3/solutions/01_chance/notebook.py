# %% [markdown]
# # Chance, bounds and questions

# %%
import numpy as np
from torch import nn

from autograder import check


# %% exercise="dropout"
def dropout(x, p, training, rng):
    """x (N, C) -> each entry dropped with probability p, the others divided by 1 − p."""
    ### BEGIN SOLUTION
    if not training:
        return np.array(x)
    keep = rng.random(x.shape) < 1 - p
    return np.where(keep, x / (1 - p), 0.0)
    ### END SOLUTION


# %% check="dropout"
check("dropout", dropout)


# %% exercise="wide"
def wide(channels, kernel):
    """A network with at most 400 parameters that sees 15 points."""
    ### BEGIN SOLUTION
    first = nn.Conv1d(channels, 6, kernel, padding=1)
    second = nn.Conv1d(6, 6, kernel, padding=2, dilation=2)
    third = nn.Conv1d(6, 6, kernel, padding=4, dilation=4)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third, nn.ReLU(), nn.Conv1d(6, 1, 1))
    ### END SOLUTION


# %% check="wide"
check("wide", wide)

# %% exercise="audit"
audit = ...  # a list of (layer, parameters), one for each row that is wrong
### BEGIN SOLUTION
audit = [("conv1", 640), ("head", 1290), ("conv3", 32 * 32 * 9 + 32)]
### END SOLUTION

# %% check="audit"
check("audit", audit)

# %% exercise="share"
share = ...  # a number
### BEGIN SOLUTION
share = 0.0571
### END SOLUTION

# %% check="share"
check("share", share)
