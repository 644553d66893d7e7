"""nbgrader's configuration of this course: `nbgrader autograde` and formgrader grade through the same judge."""

from pathlib import Path

from autograder.grading.configure import configure

c = get_config()  # noqa: F821 (nbgrader puts it here)
configure(c, root=Path(__file__).parent)
