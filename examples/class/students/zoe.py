"""Handed in an empty file: the disk was full when Jupyter saved.

Handed in 2026-10-05 23:57:02 UTC.
"""

# %% exercise="conv2d_single"
def conv2d_single(x, w):
    return np.array([[(x[i:i + w.shape[0], j:j + w.shape[1]] * w).sum()
                      for j in range(x.shape[1] - w.shape[1] + 1)]
                     for i in range(x.shape[0] - w.shape[0] + 1)])
