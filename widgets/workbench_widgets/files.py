"""Files that a chart is read from and written to; what is wrong with a path or an option is said in words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path

FilePath = str | PathLike[str]
LARGEST = 1 << 29
"""Bytes of a chart of another program at most."""


def parse_path(path: object, endings: Iterable[str]) -> Path:
    """A path to write to, or to read from.

    Raises
    ------
    ValueError
        If it is no path; `endings` are what it may end in.
    """
    if not isinstance(path, str | PathLike) or not fspath(path):
        ends = ", ".join(filter(None, endings))
        raise ValueError(
            f"a file has a name, such as 'chart.html', not {path!r:.60}. Its ending says the form: {ends}."
        )
    return Path(path)


def build_content(maker: Callable[..., str | bytes], options: Mapping[str, object], ending: str) -> bytes:
    """What a maker makes of options, as bytes.

    Raises
    ------
    ValueError
        If it does not take one of them.
    """
    known = [*inspect.signature(maker).parameters]
    if unknown := [name for name in options if name not in known]:
        raise ValueError(
            f"There is no option {unknown[0]!r} for {ending}. Options there: {', '.join(known) or 'none'}."
        )
    content = maker(**options)
    return content.encode("utf-8", "replace") if isinstance(content, str) else content


def write_file(path: Path, content: bytes) -> Path:
    """Write a file; returns its path.

    Raises
    ------
    ValueError
        If its folder is not there.
    """
    if not path.parent.is_dir():
        raise ValueError(
            f"{path.name!r} cannot be written: there is no folder {str(path.parent)!r}. Create the folder first."
        )
    path.write_bytes(content)
    return path


def read_content(file: bytes | FilePath, endings: Iterable[str]) -> bytes:
    """The content of a file; bytes are content already.

    Raises
    ------
    ValueError
        If there is no such file.
    """
    if isinstance(file, bytes | bytearray | memoryview):
        return bytes(file)
    path = parse_path(file, endings)
    if not path.is_file():
        raise ValueError(f"There is no file {str(path)!r}. Give the path of a chart, or its content as bytes.")
    if path.stat().st_size > LARGEST:
        raise ValueError(
            f"{path.name!r} has more than {LARGEST >> 20} MiB. That is too large for a chart. Give the file of a chart."
        )
    return path.read_bytes()
