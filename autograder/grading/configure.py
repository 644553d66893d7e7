"""nbgrader's configuration for a course that is graded by the judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.build.release import STUB
from autograder.progress import PROGRESS_NAME

STEPS = "autograder.grading.nbgrader_steps"


def configure(config: Any, root: Path, materials: Path | None = None) -> None:
    """Fill in nbgrader's configuration.

    Args:
        config: traitlets' config object (`get_config()` in nbgrader_config.py).
        root: the course directory: submitted/, autograded/, feedback/, gradebook.db.
        materials: the folder with assignments/ and build/; the same as `root` if not given.
    """
    materials = (materials or root).resolve()
    root = root.resolve()
    course = config.CourseDirectory
    course.root = str(root)
    course.db_url = f"sqlite:///{root / 'gradebook.db'}?timeout=60"
    course.source_directory = str(materials / "build" / "course" / "source")
    course.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", PROGRESS_NAME]
    course.release_directory = str(root / "release")
    config.ClearSolutions.code_stub = {"python": STUB}
    config.Autograde.exporter_class = f"{STEPS}.TolerantExporter"
    config.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Autograde.autograde_preprocessors = [
        f"{STEPS}.Judge",
        "nbgrader.preprocessors.LimitOutput",
        f"{STEPS}.SaveJudgedGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.TolerantExporter.materials = str(materials)
    config.Judge.materials = str(materials)
    config.Judge.ledger = config.SaveJudgedGrades.ledger = str(root / "ledger")
