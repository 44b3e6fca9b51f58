"""Temporary folders that name the process they belong to: those whose process has ended are found and removed."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

DAY = 86_400.0
"""Seconds."""


def remove_abandoned_folders(parent: Path, prefix: str, *, max_age: float = DAY) -> list[Path]:
    """Remove the folders of processes of this machine that have ended; gives them.

    Parameters
    ----------
    parent : Path
        Where they lie.
    prefix : str
        How their names begin. The number of the process follows, then '-' or the end.
    max_age : float
        Seconds since the last change after which a folder counts as abandoned where its process cannot be asked for: on Windows,
        and where the name has no number.
    """
    abandoned = [path for path in parent.glob(f"{prefix}*") if not has_live_process(path, prefix, max_age)]
    for path in abandoned:
        shutil.rmtree(path, ignore_errors=True)
    return abandoned


def has_live_process(path: Path, prefix: str, max_age: float = DAY) -> bool:
    """Whether the process of a folder still runs, as far as this user can tell; parameters as in `remove_abandoned_folders`."""
    number = path.name.removeprefix(prefix).partition("-")[0]
    if os.name != "posix" or not number.isdecimal():  # on Windows the question would end the process
        return _is_recent(path, max_age)
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is another user's
        return True
    return True


def _is_recent(path: Path, max_age: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime < max_age
    except FileNotFoundError:
        return False
