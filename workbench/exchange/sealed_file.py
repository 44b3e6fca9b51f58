"""The sealed file `NAME.case.age`: the bag as one archive, encrypted to its recipients. Nothing is held in memory at once.

The archive is made in one way only: members in the order of their names, as they are (not packed), with one fixed time. So the
same bag gives the same bytes; encryption then makes other bytes of them each time.

References
----------
PKWARE, .ZIP File Format Specification 6.3.10. The age file format, age-encryption.org/v1 (C2SP).
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from workbench.errors import PackageError
from workbench.exchange.file_digests import Content, Counter, FileDigests, read_pieces
from workbench.exchange.zip_contents import (
    END,
    END64,
    END64_SIZE,
    ENTRY,
    FINDER64,
    LOCAL,
    STORED,
    UTF8,
    WIDE,
    WIDE_COUNT,
    WIDE_FIELD,
)
from workbench.identity import Card, seal_file
from workbench.model.catalogue import Sentence

SUFFIX = ".case.age"
TIME, DATE = 0, (1 << 5) | 1
"""The beginning of the format's time, 1980-01-01."""
PLAIN, WITH_64 = 20, 45
UNIX, MODE = 3, 0o100600


def seal_files(files: Mapping[str, Content], sums: Mapping[str, FileDigests], to: Sequence[Card], target: Path) -> None:
    """Write the files as one archive, sealed to the holders of the cards; the target appears when it is whole and on the disk.

    Parameters
    ----------
    files : mapping
        Contents by path, with the folder of the bag.
    sums : mapping
        What each came to when its manifest was written.
    to : sequence of Card
        Recipients.
    target : Path
        Ends in '.case.age'; replaced where it is there.

    Raises
    ------
    PackageError
        If a file has changed since it was measured, or the disk is full.
    IdentityError
        If there is no recipient, or a card has no address.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sealing-") as place:
            plain, sealed = Path(place) / "plain", Path(place) / "sealed"
            with plain.open("xb") as file:
                write_archive(file, files, sums)
            seal_file(plain, sealed, to)
            _sync_path(sealed)
            sealed.replace(target)
        _sync_path(target.parent)
    except OSError as error:
        raise PackageError(
            Sentence(
                "{path} cannot be written ({error}). Free some space, or use another folder.",
                path=target,
                error=error.strerror,
            )
        ) from error


def write_archive(file: BinaryIO, files: Mapping[str, Content], sums: Mapping[str, FileDigests]) -> None:
    """Write the archive; parameters and errors as in `seal`."""
    for name, frame in _build_frames(sums):
        file.write(frame)
        if name:
            _copy_content(file, name, files[name], sums[name])


def is_as_written(file: BinaryIO, sums: Mapping[str, FileDigests]) -> bool:
    """Whether an archive of files with these sums has every other byte as `write` makes it, so that none can be changed unseen.

    Parameters
    ----------
    file : binary file
        The archive, from its beginning; the contents of its members have been checked.
    sums : mapping
        Sums of all its members, by path.
    """
    for name, frame in _build_frames(sums):
        if file.read(len(frame)) != frame:
            return False
        file.seek(sums[name].size if name else 0, 1)
    return not file.read(1)


def _build_frames(sums: Mapping[str, FileDigests]) -> Iterator[tuple[str, bytes]]:
    """What stands before the content of each member, by its name, and under '' what follows the last one."""
    table, at = b"", 0
    for name in sorted(sums):
        head = LOCAL + _encode_entry(name, sums[name], start=None)
        yield name, head
        table += ENTRY + struct.pack("<BB", WITH_64, UNIX) + _encode_entry(name, sums[name], start=at)
        at += len(head) + sums[name].size
    yield "", table + _encode_end_record(len(sums), len(table), at)


def _copy_content(file: BinaryIO, name: str, content: Content, expected: FileDigests) -> None:
    counter = Counter()
    for piece in read_pieces(content):
        counter.add_piece(piece)
        file.write(piece)
    if counter.get_digests() != expected:
        raise PackageError(
            Sentence("{name} changed while the package was being created. Create the package again.", name=name), name
        )


def _encode_entry(name: str, sums: FileDigests, *, start: int | None) -> bytes:
    """A member's header (start None) or its line of the table, but for their marks."""
    raw, size = name.encode(), sums.size
    wide = [size, size] if size >= WIDE else []
    if start is not None and start >= WIDE:
        wide.append(start)
    extra = struct.pack(f"<HH{len(wide)}Q", WIDE_FIELD, 8 * len(wide), *wide) if wide else b""
    told, version = min(size, WIDE), WITH_64 if wide else PLAIN
    head = struct.pack("<HHHHHIII", version, UTF8, STORED, TIME, DATE, sums.crc, told, told)
    lengths = struct.pack("<HH", len(raw), len(extra))
    if start is None:
        return head + lengths + raw + extra
    return head + lengths + struct.pack("<HHHII", 0, 0, 0, MODE << 16, min(start, WIDE)) + raw + extra


def _encode_end_record(count: int, size: int, begins: int) -> bytes:
    end = struct.pack(
        "<4sHHHHIIH", END, 0, 0, min(count, WIDE_COUNT), min(count, WIDE_COUNT), min(size, WIDE), min(begins, WIDE), 0
    )
    if count < WIDE_COUNT and begins < WIDE:
        return end
    wide = (END64_SIZE - 12, WITH_64, WITH_64, 0, 0, count, count, size, begins)
    finder = struct.pack("<4sIQI", FINDER64, 0, begins + size, 1)
    return struct.pack("<4sQHHIIQQQQ", END64, *wide) + finder + end


def _sync_path(path: Path) -> None:
    """Bring a file or a folder to the disk; where folders cannot be (Windows), they need not."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
