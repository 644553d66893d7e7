"""The main job: prove and build the assignments, grade the sample class, build the book, say where to look."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

ROOT = Path(__file__).parents[1]
console = Console()


def main(classroom: str) -> int:
    """Run the steps in order; stop at the first that fails, with its own message."""
    here = str(Path(sys.executable).parent)
    site = ROOT / "build" / "book" / "html"
    book = os.path.relpath(site, ROOT / classroom / "feedback" / "STUDENT" / "ASSIGNMENT")
    steps = {
        "Prove the exercises and build the assignments": [f"{here}/autograder", "build"],
        "Write the sample class": [sys.executable, "examples/class/make.py", classroom],
        "Grade the sample class": [f"{here}/autograder", "grade", "--root", classroom, "--book", BOOK_FROM_FEEDBACK],
        "Build the book": [sys.executable, "tools/build_book.py"],
    }
    start = time.monotonic()
    for number, (title, command) in enumerate(steps.items(), 1):
        console.print(Rule(f"{number} of {len(steps)}: {title}", align="left"))
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            console.print(f"stopped: “{title}” failed (see above)", style="bold")
            return done.returncode
    console.print(Rule(align="left"))
    console.print(f"Made in {time.monotonic() - start:.0f} s:", highlight=False)
    for what, where in _made(Path(classroom)).items():
        console.print(f"  {what:<34} {where}", highlight=False, soft_wrap=True)
    return 0


def _made(classroom: Path) -> dict[str, str]:
    reports = sorted((ROOT / classroom / "reports").glob("*.html"))
    return {
        "assignments for students": "assignments/",
        "nbgrader's gradebook": f"{classroom}/gradebook.db",
        "a feedback page for each student": f"{classroom}/feedback/",
        **{"report on the class": str(r.relative_to(ROOT)) for r in reports},
        "the book (open in a browser)": "build/book/html/index.html",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
