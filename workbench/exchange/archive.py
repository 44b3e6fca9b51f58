"""ZIP archives that somebody else made, unpacked only where every member is safe; otherwise refused before a byte is written.

Of a package one mistake refuses the whole: nothing honest makes such an archive. (Archives in case material are read by the
room `ingest`, which leaves out what is unsafe and says so.)
"""

from __future__ import annotations

import os
import shutil
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.errors import PackageError
from workbench.exchange.file_digests import PIECE, Counter, FileDigests
from workbench.exchange.zip_contents import (
    DESCRIBED,
    DESCRIPTION,
    STORED,
    Entry,
    build_error,
    find_data_start,
    read_entries,
)
from workbench.model.catalogue import Sentence
from workbench.model.machine.archive_safety import find_path_fault, is_bomb


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold: members, bytes of all of them unpacked, folders within folders."""

    members: int = 10_000
    total: int = 2 * 1024**3
    deep: int = 16


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive that may be unpacked: where its bytes lie, how many there are, and what they come to."""

    name: str
    start: int
    packed: int
    size: int
    crc: int
    stored: bool


def list_members(file: BinaryIO, limits: Limits = LIMITS) -> tuple[Member, ...]:
    """Files in an archive, in the order in which they lie.

    Parameters
    ----------
    file : binary file
        The archive, open for reading.
    limits : Limits
        What it may hold.

    Raises
    ------
    PackageError
        If anything about it is unsafe; `part` is the member that is.
    """
    found, table = read_entries(file, limits.members)
    _check_sizes(found, file.seek(0, 2), limits)
    _check_names(found, limits)
    return tuple(_walk_members(file, found, table))


def unpack_archive(path: Path, target: Path, limits: Limits = LIMITS) -> dict[str, FileDigests]:
    """Unpack an archive into a folder of its own; sums of each file by name, found while it was written.

    Parameters
    ----------
    path : Path
        The archive.
    target : Path
        A folder that is empty or not there yet. Folders are made for the owner alone (0700), files as well (0600).

    Raises
    ------
    PackageError
        If the archive is refused, or what comes out is not what it says. Nothing is left in the target.
    """
    if target.exists() and any(target.iterdir()):
        raise PackageError(
            Sentence("{folder} already contains files. Enter the path of a new or empty folder.", folder=target)
        )
    with path.open("rb") as file:
        chosen = list_members(file, limits)
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return {member.name: _write_member(file, member, target) for member in chosen}
        except BaseException:
            _clear_folder(target)
            raise


# What is refused --------------------------------------------------------------------------------------------------------


def _check_sizes(found: list[Entry], length: int, limits: Limits) -> None:
    total = sum(entry.size for entry in found)
    if total > limits.total:
        raise PackageError(
            Sentence(
                "The archive has {size} bytes when it is unpacked. At most {most} bytes are accepted.",
                size=total,
                most=limits.total,
            )
        )
    if is_bomb(total, length):
        raise PackageError(
            Sentence(
                "The archive has {size} bytes and unpacks to {unpacked} bytes. This difference is "
                "too large for a normal file.",
                size=length,
                unpacked=total,
            )
        )
    for entry in found:
        if is_bomb(entry.size, entry.packed):
            raise build_error("member_bomb", entry.name, size=entry.packed, unpacked=entry.size)
        if entry.method == STORED and entry.size != entry.packed:
            raise build_error("two_sizes", entry.name)


def _check_names(found: list[Entry], limits: Limits) -> None:
    for entry in found:
        _check_kind(entry)
    name, why = find_path_fault((entry.name for entry in found), limits.deep)
    if why:
        raise build_error("name", name, why=why)


def _check_kind(entry: Entry) -> None:
    folder = entry.name.endswith("/")
    kind = stat.S_IFMT(entry.mode)
    if kind not in (0, stat.S_IFDIR if folder else stat.S_IFREG):
        raise build_error("no_file", entry.name)
    if folder and entry.size:
        raise build_error("full_folder", entry.name)


def _walk_members(file: BinaryIO, found: list[Entry], table: int) -> Iterator[Member]:
    """Members, after it was seen that they lie one after the other and that nothing lies between them."""
    free = 0
    for number, entry in enumerate(found):
        if entry.start != free:
            raise PackageError(Sentence("The archive contains unexpected data before its first file."))
        begins = find_data_start(file, entry)
        ends, free = begins + entry.packed, found[number + 1].start if number + 1 < len(found) else table
        if free < ends:
            raise build_error("overlap", entry.name)
        if free > ends + (DESCRIPTION if entry.flags & DESCRIBED else 0):
            raise build_error("between", entry.name)
        if not entry.name.endswith("/"):
            yield Member(entry.name, begins, entry.packed, entry.size, entry.crc, entry.method == STORED)
    if table != free:
        raise PackageError(Sentence("The archive contains unexpected data before its table of contents."))


# What is written --------------------------------------------------------------------------------------------------------


def _write_member(file: BinaryIO, member: Member, target: Path) -> FileDigests:
    path = target.joinpath(*member.name.split("/"))
    for folder in reversed(path.relative_to(target).parents[:-1]):
        (target / folder).mkdir(mode=0o700, exist_ok=True)
    counter = Counter()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as made:
        for piece in _read_member(file, member):
            counter.add_piece(piece)
            made.write(piece)
    if (counter.size, counter.crc) != (member.size, member.crc):
        raise build_error("sum", member.name)
    return counter.get_digests()


def _read_member(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Bytes of a member, never more than its size and one."""
    file.seek(member.start)
    if member.stored:
        yield from _read_packed(file, member)
        return
    try:
        yield from _inflate_member(file, member)
    except zlib.error as error:
        raise build_error("damaged", member.name, error=error) from error


def _inflate_member(file: BinaryIO, member: Member) -> Iterator[bytes]:
    engine, left = zlib.decompressobj(-zlib.MAX_WBITS), member.size
    packed = _read_packed(file, member)
    while not engine.eof:
        waiting = engine.unconsumed_tail or next(packed, b"")
        piece = engine.decompress(waiting, min(PIECE, left + 1))
        left -= len(piece)
        if left < 0:
            raise build_error("more", member.name)
        if not piece and not waiting:
            break
        yield piece
    if not engine.eof or engine.unused_data or next(packed, b""):
        raise build_error("badly", member.name)


def _read_packed(file: BinaryIO, member: Member) -> Iterator[bytes]:
    left = member.packed
    while left:
        piece = file.read(min(PIECE, left))
        if not piece:
            raise build_error("cut", member.name)
        left -= len(piece)
        yield piece


def _clear_folder(target: Path) -> None:
    for path in target.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
