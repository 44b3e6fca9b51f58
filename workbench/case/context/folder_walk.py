"""What lies in a folder: every entry is told of, whatever is wrong with it, and what comes after it is not lost."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from workbench.errors import CaseError, SourceError
from workbench.ledger import is_case
from workbench.model.catalogue import Sentence
from workbench.visible import escape_name

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PART = 1 << 20
"""Bytes that are read at once."""
VANISHED = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)
LONG = (errno.ENAMETOOLONG,)
FORBIDDEN = (errno.EACCES, errno.EPERM)


class Entry(NamedTuple):
    """A file or folder: where it lies, its name as it is stored, why it is passed over ('' where it is not)."""

    path: Path
    name: str
    why: str = ""


def walk_folder(path: Path) -> Iterator[Entry]:
    """The file at `path`, or all that lies below the folder: files of a folder by name, then its folders by name.

    Raises
    ------
    CaseError
        If nothing is there, it cannot be looked at, or it is a case.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode) and is_case(path):
            raise CaseError(
                Sentence(
                    "{path} is a case folder, not material. Enter the path of the folder with the files. To exchange "
                    "data between cases, use packages (`case.packages.pack`).",
                    path=escape_name(str(path)),
                )
            )
    except OSError as error:
        if error.errno in VANISHED:
            raise CaseError(
                Sentence("{path} does not exist. Enter the path of a file or a folder.", path=escape_name(str(path)))
            ) from error
        raise CaseError(describe_error(error, escape_name(str(path)))) from error
    if not stat.S_ISDIR(mode):
        yield Entry(path, escape_name(path.name), "" if stat.S_ISREG(mode) else _skip_reason("device"))
        return
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        folders: list[Path] = []
        for entry in _list_folder(folder, path):
            if entry.why or not entry.path.is_dir():
                yield entry
            else:
                folders.append(entry.path)
        waiting += reversed(folders)


def name_within(path: Path, top: Path) -> str:
    """Name of what lies below a folder, as it is stored: its path there, bytes that are no UTF-8 written out."""
    return escape_name(path.relative_to(top).as_posix())


def describe_error(error: OSError, name: str, *, is_folder: bool = False) -> Sentence:
    """Why a file or folder cannot be read, in words."""
    if error.errno in VANISHED:
        return Sentence("refused.file.vanished", name=name)
    if error.errno in LONG:
        return Sentence("refused.file.path_long", name=name)
    key = "unlisted" if is_folder else "not_allowed" if error.errno in FORBIDDEN else "not_readable"
    return Sentence(f"refused.file.{key}", name=name, error=error.strerror or type(error).__name__)


@contextmanager
def open_outside(path: Path, name: str) -> Iterator[BinaryIO]:
    """A file of a stranger, open for reading; what hinders that is raised with the name of the file.

    Raises
    ------
    SourceError
        If it is gone, may not be read, is no file any more, or its disk fails while it is read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise SourceError(describe_error(error, name)) from error
    with io.BufferedReader(Outside(descriptor, name), PART) as content:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceError(_skip_reason("device"))
        yield content


def hash_file(path: Path, name: str) -> str:
    """SHA-256 of a file of a stranger. Raises as `opened`."""
    with open_outside(path, name) as content:
        return hash_content(content)


def hash_content(content: BinaryIO) -> str:
    """SHA-256 of what is left to read."""
    state = hashlib.sha256()
    while data := content.read(PART):
        state.update(data)
    return state.hexdigest()


class Outside(io.FileIO):
    """Reads a file of a stranger: an error of its disk is none of the case's own."""

    def __init__(self, descriptor: int, name: str) -> None:
        super().__init__(descriptor, "rb")
        self.called = name

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read as much as fits. Raises SourceError."""
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise SourceError(describe_error(error, self.called)) from error


def _list_folder(folder: Path, top: Path) -> list[Entry]:
    """Entries of a folder by name; of one that cannot be listed only that."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        name = name_within(folder, top)
        return [Entry(folder, name, describe_error(error, name, is_folder=True))]
    return [_build_entry(one, top) for one in found]


def _build_entry(path: Path, top: Path) -> Entry:
    name = name_within(path, top)
    try:
        why = _find_skip_kind(path)
    except OSError as error:
        return Entry(path, name, describe_error(error, name))
    return Entry(path, name, _skip_reason(why) if why else "")


def _skip_reason(kind: str) -> Sentence:
    return Sentence(f"detected.passed.{kind}")


def _find_skip_kind(path: Path) -> str:
    """What is passed over: link, hidden, case, device; '' for a file or folder."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "link"
    if path.name.startswith("."):
        return "hidden"
    if stat.S_ISDIR(mode):
        return "case" if _is_case(path) else ""
    return "" if stat.S_ISREG(mode) else "device"


def _is_case(path: Path) -> bool:
    """Whether a folder is a case; one that may not be looked into is told of when it is listed."""
    try:
        return is_case(path)
    except OSError:
        return False
