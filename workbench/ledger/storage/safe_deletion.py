"""What a case deletes and writes below its own folder: no step of the path may be a link, whenever that was put there.

What an interruption may have left is known by its name alone, so only what has exactly such a name is taken for our own.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import MASS

SETTINGS = "case.toml"
"""Tells that a folder is a case, whatever else of it is gone."""
HAS_FOLDERS = hasattr(os, "O_DIRECTORY") and {os.open, os.stat, os.unlink, os.rmdir, os.chmod} <= os.supports_dir_fd
"""Whether the system opens what lies in a folder that is open."""
PART = 1 << 20
"""Bytes that are overwritten at once."""
TEMPORARY = re.compile(
    r"\.(?:incoming|writing|restoring|packing|sealing)-[a-z0-9_]{8}(?:\.parquet)?|\.writing-package-[0-9a-f]{24}\.case\.age"
)
"""As the system's own maker of temporary names has them, and a package on its way into the outbox."""
ROWS = re.compile(rf"(?:{'|'.join(MASS)})-[0-9a-f]{{24}}\.parquet")
"""What a file of mass rows is called."""
SEALED_ROWS = re.compile(r"[0-9a-f]{40}\.age")
"""What it is called in an encrypted case."""


def refuse_links(folder: Path) -> None:
    """Refuse a folder of a case to which a link leads: what is written or deleted there would be somebody else's.

    Raises
    ------
    CaseError
        With the name of the link. A folder that lies in no case, and the case as a whole, may be links.
    """
    steps = _list_steps(folder)
    linked = next((step for step in steps if step.is_symlink()), None)
    if linked:
        base = steps[0].parent
        raise CaseError(
            Sentence(
                "These items in {folder} are links: {names}. A case saves everything in its own folder. Copy the "
                "linked files into the folder, or make a link to the whole folder.",
                folder=base,
                names=linked.relative_to(base).as_posix(),
            )
        )


def delete_file(path: Path) -> bool:
    """Overwrite a file once with zeros and delete it; whether nothing is left of that name.

    What is a link, a pipe or a device, or has another name as well, only loses this one. A folder stays.

    Raises
    ------
    CaseError
        Where a link leads there.
    """
    with suppress(FileNotFoundError), _open_folder(path.parent) as folder:
        place = path if folder is None else path.name
        found = os.stat(place, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode):
            return False
        if _is_alone(found):
            os.chmod(place, 0o600, dir_fd=folder)
            _overwrite_file(place, folder)
        os.unlink(place, dir_fd=folder)
    return True


def delete_below(folder: Path, kept: Collection[Path] = ()) -> list[Path]:
    """Delete every file and empty folder below a folder but some, whoever put it there; no link is followed. What could not be deleted.

    Raises
    ------
    CaseError
        Where the folder itself is reached by a link.
    """
    refuse_links(folder)
    left: list[Path] = []
    for root, folders, names in os.walk(folder, topdown=False):
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        found = [Path(root) / name for name in (*names, *links)]
        left += [path for path in found if path not in kept and not _is_deleted(path)]
        if Path(root) != folder:
            remove_empty_folder(Path(root))
    return left


def remove_empty_folder(folder: Path) -> bool:
    """Remove a folder if it is empty; whether it is gone."""
    with suppress(OSError), _open_folder(folder.parent) as outer:
        os.rmdir(folder if outer is None else folder.name, dir_fd=outer)
        return True
    return False


def walk_files(folder: Path) -> Iterator[Path]:
    """Files below a folder in the order of their paths; links, and what cannot be listed, are passed over."""
    found = [Path(root) / name for root, _, names in os.walk(folder) for name in names]
    yield from (path for path in sorted(found) if not path.is_symlink() and path.is_file())


def is_temporary(name: str) -> bool:
    """Whether a name is one of what is being written."""
    return TEMPORARY.fullmatch(name) is not None


def is_rows(name: str, *, sealed: bool) -> bool:
    """Whether a name is one of a file of mass rows as it lies on the disk."""
    return (SEALED_ROWS if sealed else ROWS).fullmatch(name) is not None


def is_left(path: Path, older: float) -> bool:
    """Whether a file, or a folder with all that is in it, has not been written to for so many seconds; no link and no device is.

    Nor is what vanishes meanwhile.
    """
    if path.is_symlink() or not (path.is_file() or path.is_dir()):
        return False
    try:
        return all(time.time() - one.lstat().st_mtime >= older for one in (path, *path.rglob("*")))
    except FileNotFoundError:  # somebody is at work on it
        return False


def _is_deleted(path: Path) -> bool:
    try:
        return delete_file(path)
    except OSError:
        return False


def _list_steps(folder: Path) -> list[Path]:
    """Folders from the one below the case folder down to this one; none where it lies in no case, or is the case."""
    whole = folder.absolute()
    chain = [whole, *whole.parents]
    cases = [number for number, one in enumerate(chain) if (one / SETTINGS).is_file()]
    return chain[: cases[-1]][::-1] if cases else []


@contextmanager
def _open_folder(folder: Path) -> Iterator[int | None]:
    """A folder, open without following a link below the case folder; None where the system cannot, and it was looked at by name."""
    refuse_links(folder)
    if not HAS_FOLDERS:
        yield None
        return
    steps = _list_steps(folder)
    held = os.open(steps[0].parent if steps else folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in steps:
            held = _open_next(held, step)
        yield held
    finally:
        os.close(held)


def _open_next(held: int, step: Path) -> int:
    """The next folder, open; the one before is closed."""
    try:
        found = os.open(step.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=held)
    except OSError:
        refuse_links(step)
        raise
    os.close(held)
    return found


def _overwrite_file(place: Path | str, folder: int | None) -> None:
    """Write zeros over a file, unless it has got another name meanwhile."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags, dir_fd=folder), "r+b") as file:
        left = os.fstat(file.fileno()).st_size if _is_alone(os.fstat(file.fileno())) else 0
        while left > 0:
            left -= file.write(bytes(min(PART, left)))
        file.flush()
        os.fsync(file.fileno())


def _is_alone(found: os.stat_result) -> bool:
    """Whether this is a file that has no other name."""
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1
