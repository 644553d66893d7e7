"""One case of an exercise: the arguments of a call, and which group of points it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LAYOUTS = (None, "non-contiguous")


@dataclass(frozen=True)
class Case:
    """The arguments of one call.

    Attributes:
        title: what a student reads, for example "stride 2 that leaves a row over".
        group: the group of points that this case belongs to.
        arguments: keyword arguments of the subject, plain data only.
        subject: which function is called; None where the exercise has only one.
        raises: the type of exception that is the right answer, or None.
        layout: "non-contiguous" hands every array over as a strided view.
    """

    title: str
    group: str
    arguments: dict[str, Any] = field(default_factory=dict)
    subject: str | None = None
    raises: type[Exception] | None = None
    layout: str | None = None


def case(
    title: str,
    *,
    group: str,
    subject: str | None = None,
    raises: type[Exception] | None = None,
    layout: str | None = None,
    **arguments: Any,
) -> Case:
    """Describe one case; see `Case`. Everything that is not named here is an argument of the subject."""
    if layout not in LAYOUTS:
        raise ValueError(f"case {title!r}: layout {layout!r} is not one of {LAYOUTS}")
    return Case(title, group, arguments, subject, raises, layout)
