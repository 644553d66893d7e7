"""Packs: the cases of a chapter as data, with nothing in them that could run."""

from autograder.packs.container import PackError, digest, read_header
from autograder.packs.model import HIDDEN, INPUTS, PUBLIC, Outcome, Pack, PackedCase, PackedExercise
from autograder.packs.tree import Foreign, decode, encode, leaves

__all__ = [
    "HIDDEN",
    "INPUTS",
    "PUBLIC",
    "Foreign",
    "Outcome",
    "Pack",
    "PackError",
    "PackedCase",
    "PackedExercise",
    "decode",
    "digest",
    "encode",
    "leaves",
    "read_header",
]
