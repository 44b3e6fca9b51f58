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
READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


class Entry(NamedTuple):
    """A file or folder: where it lies, its name as it is stored, why it is passed over ('' where it is not).

    `top`: the folder that is walked; None of a file that was named itself.
    """

    path: Path
    name: str
    why: str = ""
    top: Path | None = None


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
def open_outside(path: Path, name: str, top: Path | None = None) -> Iterator[BinaryIO]:
    """A file of a stranger, open for reading; what hinders that is raised with the name of the file.

    Parameters
    ----------
    top : Path, optional
        Folder that the file was found in. No link below it is followed: one may have taken the place of what was found.

    Raises
    ------
    SourceError
        If it is gone, may not be read, is no file any more, or its disk fails while it is read.
    """
    try:
        descriptor = os.open(path, READ) if top is None else _open_below(path, top)
    except OSError as error:
        if top is not None and _has_link_below(path, top):
            raise SourceError(_skip_reason("link")) from error
        raise SourceError(describe_error(error, name)) from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise SourceError(_skip_reason("folder" if stat.S_ISDIR(mode) else "device"))
    with io.BufferedReader(Outside(descriptor, name), PART) as content:
        yield content


def _open_below(path: Path, top: Path) -> int:
    """Descriptor of a file in a folder, opened folder by folder so that no link is followed.

    Where a system cannot do that, what is open must be what lies there, and no link may lie on the way.
    """
    *folders, last = path.relative_to(top).parts
    if not (NO_LINK and os.open in os.supports_dir_fd):
        return _open_judged(path, top)
    at = os.open(top, FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, FOLDER | NO_LINK, dir_fd=at)
            os.close(at)
            at = inner
        return os.open(last, READ | NO_LINK, dir_fd=at)
    finally:
        os.close(at)


def _open_judged(path: Path, top: Path) -> int:
    judged = path.lstat()
    descriptor = os.open(path, READ)
    if os.path.samestat(judged, os.fstat(descriptor)) and not _has_link_below(path, top):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _has_link_below(path: Path, top: Path) -> bool:
    """Whether a file or a folder on the way to it is a link."""
    way = path.relative_to(top).parts
    try:
        return any(stat.S_ISLNK(top.joinpath(*way[:size]).lstat().st_mode) for size in range(1, len(way) + 1))
    except OSError:
        return False


def hash_file(path: Path, name: str, top: Path | None = None) -> str:
    """SHA-256 of a file of a stranger. Raises as `open_outside`."""
    with open_outside(path, name, top) as content:
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
        return [Entry(folder, name, describe_error(error, name, is_folder=True), top)]
    return [_build_entry(one, top) for one in found]


def _build_entry(path: Path, top: Path) -> Entry:
    name = name_within(path, top)
    try:
        why = _find_skip_kind(path)
    except OSError as error:
        return Entry(path, name, describe_error(error, name), top)
    return Entry(path, name, _skip_reason(why) if why else "", top)


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
