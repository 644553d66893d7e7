"""What the author of an exercise writes."""

from autograder.spec.case import Case, case
from autograder.spec.draw import Draw
from autograder.spec.exercise import Exercise, SpecError, Subjects, Variant

__all__ = ["Case", "Draw", "Exercise", "SpecError", "Subjects", "Variant", "case"]
