"""The comparison of an answer with the reference's."""

from autograder.compare.values import Difference, compare

__all__ = ["Difference", "compare"]
