"""The folder between the driver and its executors: the parts of one stage at a time, and nothing once the work has ended.

It is laid out as in an object store: a folder a stage, in it `tasks/` and `answers/` with one Parquet file a partition. Answers
are complete when `_SUCCESS` is there; before that nothing of them is read. The next start removes what a killed process left.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.model.machine.process_folders import DAY, remove_abandoned_folders

PREFIX = "caseledger-spark"
SUCCESS_FILE = "_SUCCESS"
MAX_AGE = 7 * DAY
"""Seconds without a change after which a folder counts as left where its process cannot be asked for: a stage may take days."""


class ScratchFolder:
    """A folder of one driver, for it alone.

    Parameters
    ----------
    parent : Path
        Where it is made. All executors must see it under the same path.
    """

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        prefix = f"{PREFIX}-{_name_host()}-"
        remove_abandoned_folders(parent, prefix, max_age=MAX_AGE)
        self.path = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent)).resolve()
        self._stages = 0

    @property
    def spill(self) -> Path:
        """Where Spark keeps what does not fit into memory."""
        return self.path / "spill"

    @contextmanager
    def open_stage(self, name: str) -> Iterator[Path]:
        """A new folder of a stage, which is removed at the end, also after an error."""
        self._stages += 1
        folder = self.path / f"stage={self._stages:04}-{name}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.path, ignore_errors=True)


def list_parts(answers: Path) -> list[Path]:
    """Parts of answers that are complete; none where `_SUCCESS` is not there."""
    return sorted(answers.glob("part-*.parquet")) if (answers / SUCCESS_FILE).is_file() else []


def _name_host() -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in platform.node())
