"""Show a report where the student is: in a notebook or in a terminal."""

from __future__ import annotations

from autograder.compare.verdict import ExerciseVerdict
from autograder.report.content import content
from autograder.report.html import report_html
from autograder.report.place import in_notebook
from autograder.report.text import report_text


def show(verdict: ExerciseVerdict) -> None:
    """Display the report on public cases."""
    said = content(verdict, hidden=False)
    if in_notebook():
        from IPython.display import display

        display({"text/html": report_html(said), "text/plain": report_text(said)}, raw=True)
        return
    from rich.console import Console

    Console().print(report_text(said), markup=False, highlight=False)
