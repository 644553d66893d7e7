"""The ledger: every grading ever made, named by content, never changed.

`records/KEY.json` and `records/KEY.ipynb` hold a verdict and the executed notebook; `log.jsonl` says, in order,
which record was entered for whom. Gradebook and feedback can be made again from it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.packs.container import write_atomically
from autograder.report.record import Record


@dataclass(frozen=True)
class Ledger:
    """The ledger in a folder."""

    folder: Path

    def find(self, key: str) -> tuple[Record, NotebookNode] | None:
        """Return the record and executed notebook of a grading, or None if it has not been made."""
        record, notebook = self._paths(key)
        if not (record.is_file() and notebook.is_file()):
            return None
        return Record.from_text(record.read_text(encoding="utf-8")), nbformat.read(notebook, as_version=4)

    def add(self, record: Record, notebook: NotebookNode, *, replace: bool = False) -> None:
        """Keep a grading. A second grading of the same inputs changes nothing unless it is asked to."""
        record_path, notebook_path = self._paths(record.key)
        if replace or not notebook_path.is_file():
            write_atomically(notebook_path, (nbformat.writes(notebook) + "\n").encode())
        if replace or not record_path.is_file():
            write_atomically(record_path, record.to_text().encode())

    def enter(self, record: Record) -> None:
        """Log that a record was entered into the gradebook."""
        row = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "student": record.student,
            "assignment": record.assignment,
            "key": record.key,
            "points": record.points,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self._log, "a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def entered(self, assignment: str) -> dict[str, str]:
        """Return student -> key of the record that was entered last."""
        if not self._log.is_file():
            return {}
        rows = [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {row["student"]: row["key"] for row in rows if row["assignment"] == assignment}

    @property
    def _log(self) -> Path:
        return self.folder / "log.jsonl"

    def _paths(self, key: str) -> tuple[Path, Path]:
        return self.folder / "records" / f"{key}.json", self.folder / "records" / f"{key}.ipynb"
