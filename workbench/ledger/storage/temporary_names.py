"""What files and folders of a case are called while they are written: only what has exactly such a name is taken for our own."""

from __future__ import annotations

import re
import time
from pathlib import Path

from workbench.model.table_schemas import MASS

TEMPORARY = re.compile(
    r"\.(?:incoming|writing|restoring|packing|sealing)-[a-z0-9_]{8}(?:\.parquet)?|\.writing-package-[0-9a-f]{24}\.case\.age"
)
"""As the system's own maker of temporary names has them, and a package on its way into the outbox."""
ROWS = re.compile(rf"(?:{'|'.join(MASS)})-[0-9a-f]{{24}}\.parquet")
"""What a file of mass rows is called."""
SEALED_ROWS = re.compile(r"[0-9a-f]{40}\.age")
"""What it is called in an encrypted case."""


def is_temporary(name: str) -> bool:
    """Whether a name is one of what is being written."""
    return TEMPORARY.fullmatch(name) is not None


def is_rows(name: str, *, sealed: bool) -> bool:
    """Whether a name is one of a file of mass rows as it lies on the disk."""
    return (SEALED_ROWS if sealed else ROWS).fullmatch(name) is not None


def is_left(path: Path, older: float) -> bool:
    """Whether a file, or a folder with all that is in it, has not been written to for so many seconds; no link and no device is."""
    if path.is_symlink() or not (path.is_file() or path.is_dir()):
        return False
    return all(time.time() - one.lstat().st_mtime >= older for one in (path, *path.rglob("*")))
