"""`autograder grade`: grade a class."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.build.build import Course
from autograder.commands.prove import console
from autograder.grading.execution import Limits
from autograder.grading.pages import write_pages
from autograder.grading.runner import Classroom, run_class
from autograder.report.content import points
from autograder.report.record import Record
from autograder.spec.load import find_chapter


@click.command()
@click.argument("assignment", required=False)
@click.option("--student", "students", multiple=True, help="Only this student (may be given more than once).")
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="The folder that holds submitted/.")
@click.option("--jobs", default=2, show_default=True, help="How many notebooks run at once.")
@click.option("--force", is_flag=True, help="Grade again what has been graded.")
@click.option("--seconds", default=30.0, show_default=True, help="What a cell or an exercise's cases may take.")
@click.option("--book", default="", help="The address of the book's site, for links from the feedback.")
def grade(
    assignment: str | None,
    students: tuple[str, ...],
    root: Path,
    jobs: int,
    force: bool,
    seconds: float,
    book: str,
) -> None:
    """Grade the submissions of ASSIGNMENT (all that were submitted, if none is named).

    Reads submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb, writes nbgrader's gradebook.db and autograded/, one
    feedback page for each student, and a class report.
    """
    course = Course(Path.cwd())
    classroom = Classroom.open(root, course.root)
    names = [find_chapter(course.solutions, assignment).name] if assignment else _submitted(classroom.root)
    if not names:
        raise click.ClickException(f"nothing was submitted: {classroom.root / 'submitted'} holds no assignment")
    for name in names:
        records = _grade(classroom, course, name, students, jobs, force, Limits(cell=seconds))
        console.print(_table(name, records))
        for path in write_pages(classroom, name, records, book):
            console.print(f"wrote {path}", highlight=False, soft_wrap=True)


def _submitted(root: Path) -> list[str]:
    return sorted({p.name for p in root.glob("submitted/*/*") if p.is_dir()})


def _grade(
    classroom: Classroom,
    course: Course,
    name: str,
    students: tuple[str, ...],
    jobs: int,
    force: bool,
    limits: Limits,
) -> dict[str, Record]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    total = len(students) or len(classroom.submissions(name))
    with Progress(*columns, console=console) as progress:
        judged = progress.add_task(f"{name}: judging", total=total)
        recorded = progress.add_task(f"{name}: recording", total=total)
        unchanged, failed = 0, []

        def done(student: str, record: Record | None, step: str) -> None:
            nonlocal unchanged
            if step == "recorded":
                progress.advance(recorded)
                return
            unchanged += step == "unchanged"
            if step == "not graded":
                failed.append(student)
            progress.update(judged, advance=1, description=f"{name}: judging ({student})")

        records = run_class(
            classroom, course, name, students=students, jobs=jobs, force=force, limits=limits, done=done
        )
        progress.update(judged, description=f"{name}: judged, {unchanged} unchanged")
        progress.update(recorded, completed=total - len(failed), description=f"{name}: recorded")
    if failed:
        raise click.ClickException(
            f"not graded, because the machine failed twice: {', '.join(failed)}. The others are recorded. See "
            f"{classroom.root / 'ledger' / 'nbgrader.log'} and run the same command again."
        )
    return records


def _table(name: str, records: dict[str, Record]) -> Table:
    table = Table(title=name)
    table.add_column("student")
    some = next(iter(records.values()), None)
    for exercise in some.exercises if some else ():
        table.add_column(exercise.name, justify="right")
    table.add_column("points", justify="right")
    for student, record in records.items():
        table.add_row(
            student,
            *(points(e.points) for e in record.exercises),
            f"{points(record.points)} / {points(record.max_points)}",
        )
    return table
