"""Made-up records of a class: exercises in every state, and a student who tries to break the page."""

from __future__ import annotations

from typing import Any

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.content import FAILED, NOT_RUN, PASSED, Line
from autograder.report.record import ExerciseRecord, Record

ATTACK = "</pre></style><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='alert(3)"
TITLES = {"conv2d": "The convolution layer", "im2col": "Convolution as a matrix product", "conv_shape": "Shapes"}
GROUPS: dict[str, dict[str, float]] = {
    "conv2d": {"channels and batch": 3, "bias": 2},
    "im2col": {"columns": 2, "product": 1.5},
    "conv_shape": {"one axis": 1},
}
FLIPPED = ("kernel flipped", "Your filters are turned by 180°; see `np.flip`.")
SWAPPED = ("axes swapped", "Rows come before columns.")
CODE = '''def conv2d(x, w):
    """y = x * w."""
    # four loops
    y = np.zeros((len(x), 3))
    return y if True else 1.5
'''


def exercise(name: str, passed: int = 9, *, mistake: tuple[str, str] = ("", ""), reason: str = "") -> ExerciseRecord:
    """Return an exercise of which the first `passed` groups pass, or one that was not judged for `reason`."""
    lines = []
    for i, (group, maximum) in enumerate(GROUPS[name].items()):
        status = NOT_RUN if reason else PASSED if i < passed else FAILED
        earned = maximum if status == PASSED else 0.0
        lines.append(Line(group, status, 4 if status == PASSED else 0, 4, earned, maximum))
    first = next((x.group for x in lines if x.status == FAILED), "")
    title = TITLES[name]
    counted = f"{sum(x.passed for x in lines)} of {4 * len(lines)} cases pass."
    return ExerciseRecord(
        name=name,
        title=title,
        points=sum(x.points for x in lines),
        max_points=sum(x.max_points for x in lines),
        headline=f"{title}: {f'{reason}.' if reason else counted}",
        groups=tuple(lines),
        problem=f"First failing case in the group “{first}”: the result has the wrong shape." if first else "",
        mistake=mistake[0],
        hint=mistake[1],
        reason=reason,
        section=f"section-{name}",
    )


def record(student: str, *exercises: ExerciseRecord, **changes: Any) -> Record:
    """Return a record of these exercises."""
    fields: dict[str, Any] = {
        "student": student,
        "assignment": "04_convolution",
        "key": "0" * 64,
        "submission": "5" * 64,
        "pack": "7" * 64,
        "versions": {"python": "3.11.2", "numpy": "2.3.1"},
        "protection": "none",
        "remarks": (),
        "exercises": exercises,
    }
    return Record(**(fields | changes))


def everything_right(student: str) -> Record:
    """Return a record with full points."""
    return record(student, *(exercise(name) for name in GROUPS))


def sample_class() -> list[Record]:
    """Return 24 records, not in order."""
    todo = [exercise(name, reason=NOT_IMPLEMENTED) for name in GROUPS]
    mixed = [
        record(f"flip{i:02}", exercise("conv2d", 0, mistake=FLIPPED), exercise("im2col"), exercise("conv_shape"))
        for i in range(7)
    ]
    mixed += [
        record(f"swap{i:02}", exercise("conv2d", 1), exercise("im2col", 1, mistake=SWAPPED), exercise("conv_shape", 0))
        for i in range(4)
    ]
    mixed += [record(f"idle{i:02}", exercise("conv2d"), todo[1], todo[2]) for i in range(2)]
    late = "it did not finish within 30 seconds (an endless loop?)"
    mixed += [
        record("lost", *todo),
        record(
            "loop", exercise("conv2d", reason=late), exercise("im2col"), exercise("conv_shape"), remarks=('A, "B".',)
        ),
    ]
    return mixed + [everything_right(f"good{i:02}") for i in range(9)]
