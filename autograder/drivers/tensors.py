"""Between arrays and tensors: what goes into a torch subject, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.drivers.layout import map_arrays

if TYPE_CHECKING:
    from torch import Tensor


class Given:
    """The inputs of one forward pass as float64 tensors that the module may not change.

    The module gets copies in the layout of the arrays, so that a change in place neither stops autograd nor goes
    unseen: `report_changes` writes it into the arrays of the case, where it is looked for.

    Args:
        inputs: an array, a list or tuple of positional arguments, or a dict of keyword arguments.
    """

    def __init__(self, inputs: Any) -> None:
        self._inputs = inputs
        self._given: list[tuple[np.ndarray, Tensor, Tensor]] = []
        tensors = map_arrays(inputs, self._tensor)
        self.positional = (
            () if isinstance(tensors, dict) else tensors if isinstance(tensors, list | tuple) else (tensors,)
        )
        self.keywords: dict[str, Any] = tensors if isinstance(tensors, dict) else {}

    @property
    def leaves(self) -> list[Tensor]:
        """The tensors to differentiate with respect to."""
        return [leaf for _, leaf, _ in self._given]

    def gradients(self, found: list[Any]) -> Any:
        """Return the gradients of `leaves` in the form of the inputs, None for what has no gradient."""
        remaining = iter(found)
        return map_arrays(self._inputs, lambda a: next(remaining) if a.dtype.kind == "f" else None)

    def report_changes(self) -> None:
        """Write what the module changed into the case's arrays."""
        import torch

        for array, leaf, given in self._given:
            now = given.detach()
            if now.shape != leaf.shape:
                array[...] = np.nan
            elif not torch.equal(torch.nan_to_num(now), torch.nan_to_num(leaf.detach())):
                array[...] = now.numpy()

    def _tensor(self, array: np.ndarray) -> Any:
        import torch

        if array.dtype.kind != "f":
            return torch.from_numpy(array)
        as_laid_out = torch.from_numpy(array)
        leaf = as_laid_out.double().requires_grad_(True)
        given = torch.empty_strided(leaf.size(), as_laid_out.stride(), dtype=leaf.dtype).copy_(leaf)
        self._given.append((array, leaf, given))
        return given


def to_arrays(value: Any) -> Any:
    """Return a copy of `value` with arrays for its tensors; what is no plain data stays as it is."""
    import torch

    if isinstance(value, torch.Tensor):
        try:
            return np.array(value.detach().resolve_conj().resolve_neg().numpy())
        except (TypeError, RuntimeError):  # a dtype or a storage that NumPy does not know
            return value
    if isinstance(value, list | tuple):
        plain = [to_arrays(v) for v in value]
        return plain if isinstance(value, list) else tuple(plain)
    if isinstance(value, dict):
        return {k: to_arrays(v) for k, v in value.items()}
    return value


def floating_tensors_in(value: Any) -> list[Tensor]:
    """Return the floating-point tensors of an answer in reading order."""
    import torch

    if isinstance(value, torch.Tensor):
        return [value] if value.is_floating_point() else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [t for v in parts for t in floating_tensors_in(v)]


@contextmanager
def float64_from_a_seed() -> Iterator[None]:
    """Compute in float64 with known random numbers, and leave torch as it was."""
    import torch

    before = torch.get_default_dtype()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float64)
        try:
            yield
        finally:
            torch.set_default_dtype(before)
