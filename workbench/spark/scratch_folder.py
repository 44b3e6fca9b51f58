"""The folder between the driver and its executors: parts of one stage at a time, and nothing once the work has ended.

It is laid out as in an object store: a folder a stage, in it `tasks/` and `answers/` with one Parquet file a partition. Answers
are complete when `_SUCCESS` is there; before that nothing of them is read. Whoever starts next removes what a killed process left.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "caseledger-spark"
DONE = "_SUCCESS"


class ScratchFolder:
    """A folder of one driver, for it alone.

    Parameters
    ----------
    parent : Path
        Where it is made. All executors must see it under the same path.
    """

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(parent)
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{_name_host()}-{os.getpid()}-", dir=parent)).resolve()
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


def remove_leftovers(parent: Path) -> list[Path]:
    """Remove the folders of drivers of this machine that are no more; gives them."""
    start = f"{PREFIX}-{_name_host()}-"
    left = [path for path in parent.glob(f"{start}*") if _is_left(path.name.removeprefix(start))]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return left


def list_parts(answers: Path) -> list[Path]:
    """Parts of answers that are complete; none where `_SUCCESS` is not there."""
    return sorted(answers.glob("part-*.parquet")) if (answers / DONE).is_file() else []


def _name_host() -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in platform.node())


def _is_left(rest: str) -> bool:
    """Whether the process of a folder is gone."""
    number = rest.partition("-")[0]
    if not number.isdecimal() or os.name == "nt":  # Windows: a signal would end the process
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
