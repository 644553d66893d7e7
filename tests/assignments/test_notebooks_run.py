"""Every released notebook runs top to bottom: unsolved as shipped, and solved by the instructor's answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.build.source import CHECK_PREFIX, read_source, to_notebook
from autograder.packs import Pack
from autograder.spec.load import Chapter, chapters

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
every_chapter = pytest.mark.parametrize("chapter", chapters(ROOT / "solutions"), ids=lambda c: c.name)


def run(notebook: NotebookNode, chapter: Chapter, tmp_path: Path) -> dict[str, str]:
    """Run a notebook where a student would, beside its pack and nothing else; return cell id -> shown text."""
    folder = tmp_path / chapter.name
    shutil.copytree(ROOT / "assignments" / chapter.name, folder)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    shown = {}
    for cell in notebook.cells:
        texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", ())]
        shown[cell.id] = "\n".join(texts)
    return shown


@every_chapter
def test_an_unsolved_notebook_runs_and_says_what_is_not_implemented_yet(chapter: Chapter, tmp_path: Path) -> None:
    pack = Pack.load(ROOT / "assignments" / chapter.name / "cases.pack")
    notebook = nbformat.read(ROOT / "assignments" / chapter.name / f"{chapter.name}.ipynb", as_version=4)
    shown = run(notebook, chapter, tmp_path)
    for exercise in pack.exercises:
        assert "not implemented yet" in shown[CHECK_PREFIX + exercise.name]


@every_chapter
def test_the_instructors_notebook_passes_every_check_and_shows_its_pictures(chapter: Chapter, tmp_path: Path) -> None:
    notebook = to_notebook(read_source(chapter.notebook, chapter.exercises()))
    shown = run(notebook, chapter, tmp_path)
    for exercise in Pack.load(ROOT / "assignments" / chapter.name / "cases.pack").exercises:
        text = shown[CHECK_PREFIX + exercise.name]
        assert f"all {len(exercise.cases)} cases pass" in text
        assert "hidden" in text
    pictures = [o for c in notebook.cells for o in c.get("outputs", ()) if "image/png" in o.get("data", {})]
    assert pictures
