"""The grading engine: exercises as specs, their proof, the judge, and the students' `check`."""

from autograder.client import check, hint, solved
from autograder.spec import Exercise, case
from autograder.status import status

__all__ = ["Exercise", "case", "check", "hint", "solved", "status"]
