"""The main job: prove and build the assignments, grade the sample class, build the book, say where to look.

python tools/course.py [STEP ...]    with steps out of: assignments, class, grade, book; all if none is named
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

ROOT = Path(__file__).parents[1]
CLASS = Path("build/class")
SITE = Path("build/book/html")
SECONDS_PER_CELL = 10  # the sample class has endless loops in it
console = Console()


def steps() -> dict[str, tuple[str, list[str]]]:
    """Return the steps in order: name -> (title, command)."""
    autograder = str(Path(sys.executable).with_name("autograder"))
    book = os.path.relpath(SITE, CLASS / "feedback" / "STUDENT" / "ASSIGNMENT")
    grade = [autograder, "grade", "--root", str(CLASS), "--book", book, "--seconds", str(SECONDS_PER_CELL)]
    return {
        "assignments": ("Prove the exercises and build the assignments", [autograder, "build"]),
        "class": ("Write the sample class", [sys.executable, "examples/class/make.py", str(CLASS)]),
        "grade": ("Grade the sample class", grade),
        "book": ("Build the book", [sys.executable, "tools/build_book.py"]),
    }


def main(chosen: list[str]) -> int:
    """Run the steps in order; stop at the first that fails, with its own message."""
    known = steps()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        console.print(f"no step {', '.join(unknown)}; there are {', '.join(known)}", highlight=False)
        return 2
    start = time.monotonic()
    names = [name for name in known if name in (chosen or known)]
    for number, name in enumerate(names, 1):
        title, command = known[name]
        console.print(Rule(f"{number} of {len(names)}: {title}", align="left"))
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            console.print(f"stopped: “{title}” failed (see above)", style="bold")
            return done.returncode
    if not chosen:
        console.print(Rule(align="left"))
        console.print(f"Made in {time.monotonic() - start:.0f} s:", highlight=False)
        for what, where in made().items():
            console.print(f"  {what:<34} {where}", highlight=False, soft_wrap=True)
    return 0


def made() -> dict[str, str]:
    """Return what the main job makes and where it is."""
    reports = sorted((ROOT / CLASS / "reports").glob("*.html"))
    return {
        "assignments for students": "assignments/",
        "nbgrader's gradebook": f"{CLASS}/gradebook.db",
        "a feedback page for each student": f"{CLASS}/feedback/",
        **{f"report on the class, {r.stem}": str(r.relative_to(ROOT)) for r in reports},
        "the book (open in a browser)": f"{SITE}/index.html",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
