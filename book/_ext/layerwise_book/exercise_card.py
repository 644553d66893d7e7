"""The directive `exercise-card`: what an exercise of an assignment asks, what it is worth, where it is.

    ```{exercise-card} 04_convolution/conv2d_single
    ```

An optional body is printed in the card. The assignments folder becomes part of the built site.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.packs import PackError, read_header

PUBLISHED = {".ipynb", ".pack"}


def amount(number: float, noun: str) -> str:
    """Return the number with its noun in the singular or plural."""
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


class ExerciseCard(SphinxDirective):
    """Look the exercise up in its chapter's public pack and write a card."""

    required_arguments = 1
    has_content = True

    def find(self, chapter: str, name: str) -> dict[str, Any]:
        """Return the exercise's entry in the pack's header; what is missing is an error."""
        pack = Path(self.config.layerwise_assignments) / chapter / "cases.pack"
        notebook = pack.with_name(f"{chapter}.ipynb")
        for path in (pack, notebook):
            self.env.note_dependency(str(path))
            if not path.is_file():
                raise self.error(f"exercise-card {chapter}/{name}: there is no {path}. Run `make assignments` first.")
        try:
            exercises = {exercise["name"]: exercise for exercise in read_header(pack)["exercises"]}
        except PackError as error:
            raise self.error(f"exercise-card {chapter}/{name}: {error}") from error
        if name not in exercises:
            raise self.error(
                f"exercise-card {chapter}/{name}: the assignment has no exercise {name!r}; "
                f"it has {', '.join(exercises)}"
            )
        return exercises[name]

    def run(self) -> list[nodes.Node]:
        """Return the card."""
        chapter, slash, name = self.arguments[0].partition("/")
        if not slash:
            raise self.error(f"exercise-card: write chapter/exercise, not {chapter!r}")
        exercise = self.find(chapter, name)
        points = sum(exercise["points"].values())
        card = nodes.container(classes=["exercise-card"])
        title = nodes.paragraph(classes=["exercise-card-title"])
        title += [nodes.inline("", "Graded exercise", classes=["exercise-card-kind"]), nodes.Text(" ")]
        title += nodes.strong("", exercise["title"])
        card += title
        body = nodes.container(classes=["exercise-card-body"])
        self.state.nested_parse(self.content, self.content_offset, body)
        if body.children:
            card += body
        facts = nodes.paragraph(classes=["exercise-card-facts"])
        facts += nodes.Text(f"{amount(points, 'point')}, about {amount(exercise['minutes'], 'minute')}. ")
        up = "../" * self.env.docname.count("/")
        link = nodes.reference(refuri=f"{up}assignments/{chapter}/{chapter}.ipynb", internal=True)
        link += nodes.Text(f"Open {name} in the notebook {chapter}.ipynb")
        facts += link
        card += facts
        return [card]


def publish_assignments(app: Sphinx, error: Exception | None) -> None:
    """Copy every chapter's notebook and public pack into the site, as downloads."""
    folder = Path(app.config.layerwise_assignments)
    if error or app.builder.format != "html" or not folder.is_dir():
        return
    target = Path(app.outdir) / "assignments"
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(folder.glob("*/*")):
        if path.suffix in PUBLISHED:
            copy = target / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)


def setup(app: Sphinx) -> None:
    """Register the directive; `layerwise_assignments` is the assignments folder."""
    default = Path(app.confdir).parent / "assignments"
    app.add_config_value("layerwise_assignments", str(default), "env", [str])
    app.add_directive("exercise-card", ExerciseCard)
    app.connect("build-finished", publish_assignments)
