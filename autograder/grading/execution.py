"""Run a submitted notebook in an ordinary Jupyter kernel and collect raw answers.

This keeps a notebook from stopping the batch; it does not keep student code from reading what the account that
grades can read.
"""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.build.source import CHECK_PREFIX
from autograder.grading.intake import grade_id
from autograder.grading.worker import read_answers
from autograder.packs import INPUTS, Outcome, Pack

PROTECTION = "none: an ordinary kernel"
TIMED_OUT, DIED = "timed out", "died"


@dataclass(frozen=True)
class Limits:
    """Seconds that student code may take."""

    cell: float = 30.0
    probe: float = 5.0
    start: float = 60.0


@dataclass
class Run:
    """What came of running a notebook.

    Attributes:
        notebook: the executed notebook.
        answers: exercise -> outcomes of its cases.
        reasons: exercise -> why there are no outcomes.
        remarks: what happened to the notebook as a whole.
    """

    notebook: NotebookNode
    answers: dict[str, list[Outcome]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class _Guilty(Exception):
    """A cell after which the kernel is gone; it is left out of the next try."""

    def __init__(self, index: int, how: str) -> None:
        super().__init__(how)
        self.index, self.how = index, how


def execute(notebook: NotebookNode, pack: Pack, files: Path, limits: Limits | None = None) -> Run:
    """Run every cell and, at each check cell, the exercise's hidden inputs.

    A cell that kills the kernel, or that does not end and ignores an interrupt, is left out and the notebook is
    run again, so that it costs only what depends on it.

    Args:
        notebook: the submission as `take_in` returned it.
        pack: the hidden pack; only its inputs reach the kernel.
        files: the released assignment, whose files the notebook may read.
        limits: how long things may take.
    """
    guilty: dict[int, str] = {}
    while True:
        with tempfile.TemporaryDirectory(prefix="grading-") as folder:
            room = Path(folder)
            _furnish(room, pack, files)
            try:
                return _try(notebook, pack, room, guilty, limits or Limits())
            except _Guilty as found:
                guilty[found.index] = found.how


def _furnish(room: Path, pack: Pack, files: Path) -> None:
    shutil.copytree(files, room / "work", ignore=shutil.ignore_patterns("*.ipynb"))
    Pack(pack.chapter, INPUTS, tuple(e.inputs_only() for e in pack.exercises)).save(room / "inputs.pack")


def _try(notebook: NotebookNode, pack: Pack, room: Path, guilty: dict[int, str], limits: Limits) -> Run:
    run = Run(copy.deepcopy(notebook))
    client = NotebookClient(
        run.notebook,
        timeout=limits.cell,
        startup_timeout=int(limits.start),
        interrupt_on_timeout=True,
        error_on_timeout={"ename": _INTERRUPTED, "evalue": "", "traceback": []},
        allow_errors=False,
        kernel_name="python3",
        config=Config(KernelManager={"transport": "ipc", "ip": str(room / "kernel")}),
        extra_arguments=["--HistoryManager.hist_file=:memory:"],
        resources={"metadata": {"path": str(room / "work")}},
    )
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with client.setup_kernel(env={**os.environ, **threads, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}):
        _warm_up(client, limits)
        for index, cell in enumerate(run.notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            cell.outputs, cell.execution_count = [], None
            exercise = grade_id(cell).removeprefix(CHECK_PREFIX)
            if index in guilty:
                how = _HOW[guilty[index]]
                cell.outputs = [nbformat.v4.new_output("error", ename=_LEFT_OUT, evalue=how, traceback=[how])]
                if grade_id(cell).startswith(CHECK_PREFIX):
                    run.reasons[exercise] = f"it {how}"
                else:
                    run.remarks.append(f"Cell {index + 1} {how}; the rest was run without it.")
                continue
            if grade_id(cell).startswith(CHECK_PREFIX):
                _answer(client, run, exercise, room, index, limits)
            else:
                _run_cell(client, cell, index, limits)
    return run


_LEFT_OUT, _INTERRUPTED = "LeftOut", "Interrupted"
_HOW = {TIMED_OUT: "did not end in time and could not be interrupted", DIED: "ended the Python process"}


def _warm_up(client: NotebookClient, limits: Limits) -> None:
    """Import what takes long before the clock runs: a busy machine must not cost a student points."""
    needs_torch = any("torch" in c.source for c in client.nb.cells)
    names = ("autograder.grading.worker", *(("torch",) if needs_torch else ()))
    client.set_trait("timeout", limits.start)
    cell = nbformat.v4.new_code_cell(f"for _name in {names!r}: __import__(_name)\ndel _name")
    _execute_aside(client, cell, 0)
    client.set_trait("timeout", limits.cell)


def _execute_aside(client: NotebookClient, cell: NotebookNode, index: int) -> None:
    """Run a cell that is not the notebook's; nbclient would put it in the place of the one at `index`."""
    kept = client.nb.cells[index]
    try:
        client.execute_cell(cell, index, store_history=False)
    finally:
        client.nb.cells[index] = kept


def _run_cell(client: NotebookClient, cell: NotebookNode, index: int, limits: Limits) -> str:
    """Run one cell; return TIMED_OUT if it had to be interrupted."""
    try:
        if cell is client.nb.cells[index]:
            client.execute_cell(cell, index)
        else:
            _execute_aside(client, cell, index)
    except CellExecutionError as error:
        if error.ename == _INTERRUPTED:
            text = f"interrupted after {limits.cell:g} seconds"
            cell.outputs.append(nbformat.v4.new_output("error", ename=_INTERRUPTED, evalue=text, traceback=[text]))
            _probe(client, index, limits)
            return TIMED_OUT
    except DeadKernelError:
        raise _Guilty(index, DIED) from None
    except CellTimeoutError:
        raise _Guilty(index, TIMED_OUT) from None
    return ""


def _probe(client: NotebookClient, index: int, limits: Limits) -> None:
    """Make sure that the kernel answers after an interrupt."""
    client.set_trait("timeout", limits.probe)
    try:
        _execute_aside(client, nbformat.v4.new_code_cell("pass"), index)
    except (CellExecutionError, DeadKernelError, CellTimeoutError):
        raise _Guilty(index, TIMED_OUT) from None
    finally:
        client.set_trait("timeout", limits.cell)


def _answer(client: NotebookClient, run: Run, exercise: str, room: Path, index: int, limits: Limits) -> None:
    answers = room / f"{exercise}.answers"
    call = (
        "from autograder.grading.worker import answer as _answer\n"
        f"_answer({exercise!r}, {str(room / 'inputs.pack')!r}, {str(answers)!r}, globals())"
    )
    cell = nbformat.v4.new_code_cell(call)
    ended = _run_cell(client, cell, index, limits)
    if ended == TIMED_OUT:
        run.reasons[exercise] = f"it did not finish within {limits.cell:g} seconds (an endless loop?)"
        return
    try:
        missing, outcomes = read_answers(answers)
    except (ValueError, OSError):
        run.reasons[exercise] = "the tests could not be run" + _first_error(cell)
        return
    if missing:
        names = " and ".join(missing)
        are = "is" if len(missing) == 1 else "are"
        run.reasons[exercise] = f"{names} {are} not defined" + _why_undefined(run.notebook, exercise, index)
    else:
        run.answers[exercise] = outcomes


def _why_undefined(notebook: NotebookNode, exercise: str, before: int) -> str:
    cells = [c for c in notebook.cells[:before] if grade_id(c) == exercise]
    if not cells:
        return ": the cell for it was deleted"
    return _first_error(cells[0]) or ": the cell for it ran without defining it"


def _first_error(cell: NotebookNode) -> str:
    errors = [o for o in cell.get("outputs", ()) if o.output_type == "error"]
    if any(o.ename == _INTERRUPTED for o in errors):
        return ": its cell did not end in time and was interrupted"
    if not errors:
        return ""
    if errors[0].ename == _LEFT_OUT:
        return f": its cell {errors[0].evalue}"
    return f": its cell raised {errors[0].ename}: {errors[0].evalue}"[:300]
