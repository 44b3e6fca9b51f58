"""Files that a reader sees whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from workbench.model.catalogue import Sentence

Value = TypeVar("Value")
SETTINGS = 1 << 22
"""Bytes of a file of settings at most."""


def read_bounded(path: Path, most: int) -> bytes:
    """Bytes of a file that somebody names, `most` of them at most; a pipe or a device is not waited for.

    Raises
    ------
    OSError
        If it is no file, or cannot be read.
    """
    with open(path, "rb", opener=_open_unheld) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(Sentence("detected.passed.device"))
        return file.read(most)


def read_settings(path: Path, parse: Callable[[str], Value]) -> Value:
    """What a file of settings holds, in a form of which `parse` reads texts.

    Raises
    ------
    OSError
        If it is no file, or cannot be read.
    ValueError
        If it is no text of that form, is too large, or is nested without end.
    """
    data = read_bounded(path, SETTINGS + 1)
    if len(data) > SETTINGS:
        raise ValueError(
            Sentence("it is larger than {most} MiB, which is too large for a settings file", most=SETTINGS >> 20)
        )
    return parse_nested(data.decode("utf-8"), parse)


def parse_nested(text: str, parse: Callable[[str], Value]) -> Value:
    """What a text holds; ValueError also where it is nested without end."""
    try:
        return parse(text)
    except RecursionError:
        raise ValueError(Sentence("it has too many nested levels")) from None


def _open_unheld(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


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
    made.chmod(0o666 & ~_get_umask() if mode is None else mode)
    made.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the new name of a file written to the disk, where the system can be asked to."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _get_umask() -> int:
    """The user's mask; a temporary file is made for its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
