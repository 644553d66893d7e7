"""The kernel's side of a grading: run the student's functions on given inputs, write down raw answers.

It holds no answers and makes no judgement; what it writes is data, read back without executing anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.drivers.run import TAKE_VALUES, run
from autograder.packs import Outcome, Pack, container


def answer(exercise: str, inputs: str, answers: str, namespace: Mapping[str, Any]) -> None:
    """Run one exercise's subjects, taken from the notebook's namespace, and write the outcomes."""
    task = Pack.load(Path(inputs))[exercise]
    values = task.driver in TAKE_VALUES
    missing = [s for s in task.subjects if s not in namespace or not (values or callable(namespace[s]))]
    if missing:
        write_answers(Path(answers), missing, [])
        return
    write_answers(Path(answers), [], run(task, {s: namespace[s] for s in task.subjects}))


def write_answers(path: Path, missing: list[str], outcomes: list[Outcome]) -> None:
    """Write outcomes, or the names that the notebook does not define."""
    arrays: dict[str, np.ndarray] = {}
    container.write(path, {"missing": missing, "outcomes": [o.to_json(arrays) for o in outcomes]}, arrays)


def read_answers(path: Path) -> tuple[list[str], list[Outcome]]:
    """Read what `write_answers` wrote.

    Raises:
        ValueError: if it is not what `write_answers` writes.
    """
    header, arrays = container.read(path)
    try:
        missing = [str(name) for name in header["missing"]]
        return missing, [Outcome.from_json(o, arrays) for o in header["outcomes"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} is not a record of answers ({error})") from None
