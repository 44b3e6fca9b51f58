"""Files that a reader sees whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomic(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old or the new content, never a part.

    Parameters
    ----------
    path : Path
        The file; its folder is made where it is missing.
    data : bytes
        The whole content.
    mode : int, optional
        Permissions, e.g. 0o600; by default what the user's mask leaves. Windows keeps those of the folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
    except OSError:
        made.unlink()
        raise
    made.chmod(0o666 & ~_umask() if mode is None else mode)
    made.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the new name of a file written to the disk, where the system can be asked to."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _umask() -> int:
    """The user's mask; a temporary file is made for its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
