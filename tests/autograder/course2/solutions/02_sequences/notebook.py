# %% [markdown]
# # Objects with state

# %%
import numpy as np

from autograder import check


# %% exercise="momentum"
class Momentum:
    """SGD with momentum on one array."""

    ### BEGIN SOLUTION
    def __init__(self, w, lr, momentum=0.9):
        self.w, self.lr, self.momentum = w, lr, momentum
        self.velocity = np.zeros(w.shape)

    def step(self, gradient):
        self.velocity = self.momentum * self.velocity + gradient
        self.w = self.w - self.lr * self.velocity
        return self.w

    ### END SOLUTION


# %% check="momentum"
check("momentum", Momentum)
