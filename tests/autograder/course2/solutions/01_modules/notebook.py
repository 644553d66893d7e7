# %% [markdown]
# # Modules

# %%
import torch
from torch import nn

from autograder import check


# %% exercise="batch_norm"
class BatchNorm1d(nn.Module):
    """x (N, C) or (N, C, T) -> normalised over all axes but C."""

    ### BEGIN SOLUTION
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        rows = x.transpose(1, -1)
        mean, var = self.running_mean, self.running_var
        if self.training:
            flat = rows.flatten(end_dim=-2)
            mean, var = flat.mean(dim=0), flat.var(dim=0, unbiased=False)
            m, n = self.momentum, len(flat)
            self.running_mean = (1 - m) * self.running_mean + m * mean.detach()
            self.running_var = (1 - m) * self.running_var + m * var.detach() * n / (n - 1)
        y = self.weight * (rows - mean) / torch.sqrt(var + self.eps) + self.bias
        return y.transpose(1, -1)

    ### END SOLUTION


# %% check="batch_norm"
check("batch_norm", BatchNorm1d)
