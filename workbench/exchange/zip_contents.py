"""The table of contents of a ZIP archive, read so strictly that it can be read in one way only.

Programs disagree about archives whose parts contradict each other; that is how one of them is shown another file than the
next one unpacks. Here every byte of the archive has one meaning: members lie one after the other without a gap, from the first
byte to the table of contents, each as the table says; after the table comes its end, and then nothing.

References
----------
PKWARE, .ZIP File Format Specification 6.3.10, sections 4.3 to 4.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from workbench.errors import PackageError
from workbench.model.catalogue import Sentence
from workbench.model.machine.archive_safety import clean_name
from workbench.visible import escape_unprintable

END, END64, FINDER64, ENTRY, LOCAL = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02", b"PK\x03\x04"
END_SIZE, END64_SIZE, FINDER64_SIZE, ENTRY_SIZE, LOCAL_SIZE = 22, 56, 20, 46, 30
CONTENTS = 16 * 1024**2
"""Bytes of the table of contents, at most."""
STORED, DEFLATED = 0, 8
LOCKED = 0x1 | 0x40 | 0x2000
DESCRIBED = 0x8
UTF8 = 0x800
KNOWN_FLAGS = 0x6 | DESCRIBED | UTF8
DESCRIPTION = 24
"""Bytes that may follow a member whose sizes are written behind it."""
WIDE, WIDE_COUNT = 0xFFFFFFFF, 0xFFFF
WIDE_FIELD, NAME_FIELD = 0x0001, 0x7075


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table: name, size and packed size [bytes], CRC-32, how it is packed, its flags, kind and place."""

    name: str
    size: int
    packed: int
    crc: int
    method: int
    flags: int
    mode: int
    start: int


def read_entries(file: BinaryIO, most: int) -> tuple[list[Entry], int]:
    """Lines of the table of contents in the order of the archive, and where the table begins.

    Parameters
    ----------
    file : binary file
        The archive.
    most : int
        Members that it may have.

    Raises
    ------
    PackageError
        If it is no archive, is damaged, or says too much or two things at once.
    """
    count, size, start = _read_end_record(file)
    if count > most:
        raise PackageError(
            Sentence(
                "The archive contains {count} files and folders. At most {most} are accepted.", count=count, most=most
            )
        )
    if size > CONTENTS:
        raise PackageError(
            Sentence(
                "The table of contents of the archive has {size} bytes. At most {most} bytes are read.",
                size=size,
                most=CONTENTS,
            )
        )
    file.seek(start)
    found = list(_parse_entries(file.read(size), count))
    return sorted(found, key=lambda entry: entry.start), start


def find_data_start(file: BinaryIO, entry: Entry) -> int:
    """Where the bytes of a member begin, after its own header has been found to say what the table says.

    Raises
    ------
    PackageError
        If the header says something else.
    """
    file.seek(entry.start)
    head = file.read(LOCAL_SIZE)
    if len(head) < LOCAL_SIZE or head[:4] != LOCAL:
        raise build_error("no_header", entry.name)
    _, flags, method, _, _, crc, packed, size, name_length, extra_length = struct.unpack("<HHHHHIIIHH", head[4:])
    rest = file.read(name_length + extra_length)
    if rest[:name_length] != entry.name.encode() or (method, flags) != (entry.method, entry.flags):
        raise build_error("two_ways", entry.name)
    packed, size, _ = _parse_wide_sizes(rest[name_length:], (packed, size, 0), entry.name)
    told = (crc, packed, size)
    if told != (entry.crc, entry.packed, entry.size) and not (flags & DESCRIBED and set(told) == {0}):
        raise build_error("two_sums", entry.name)
    return entry.start + LOCAL_SIZE + len(rest)


def _read_end_record(file: BinaryIO) -> tuple[int, int, int]:
    """Members, bytes and start of the table of contents, as the end of the archive tells."""
    length = file.seek(0, 2)
    if length < END_SIZE:
        raise PackageError(Sentence("The archive has {size} bytes. It is empty or incomplete.", size=length))
    file.seek(length - END_SIZE)
    tail = file.read(END_SIZE)
    if tail[:4] != END:
        raise PackageError(
            Sentence(
                "The archive does not end like a ZIP archive. It is incomplete, or something was added at its end."
            )
        )
    disk, first, here, count, size, start, comment = struct.unpack("<HHHHIIH", tail[4:])
    closing = length - END_SIZE
    if WIDE_COUNT in (here, count) or WIDE in (size, start):
        here, count, size, start, closing = _read_wide_end_record(file, closing)
    if disk or first or comment or here != count:
        raise PackageError(Sentence("The archive is in several parts or has a comment, so it is not a package."))
    if start + size != closing:
        raise PackageError(Sentence("The archive states the wrong size or position for its table of contents."))
    return count, size, start


def _read_wide_end_record(file: BinaryIO, closing: int) -> tuple[int, int, int, int, int]:
    """The same out of the end of an archive with 64-bit sizes, and where that end begins."""
    begins = closing - FINDER64_SIZE - END64_SIZE
    if begins < 0:
        raise PackageError(Sentence("The archive states that it has 64-bit sizes, but does not contain them."))
    file.seek(begins)
    record = file.read(END64_SIZE + FINDER64_SIZE)
    finder = struct.pack("<4sIQI", FINDER64, 0, begins, 1)
    if record[:12] != END64 + struct.pack("<Q", END64_SIZE - 12) or record[END64_SIZE:] != finder:
        raise PackageError(
            Sentence("The archive states that it has 64-bit sizes, but does not contain them in the right form.")
        )
    _, _, disk, first, here, count, size, start = struct.unpack("<HHIIQQQQ", record[12:END64_SIZE])
    if disk or first:
        raise PackageError(Sentence("The archive is in several parts, so it is not a package."))
    return here, count, size, start, begins


def _parse_entries(table: bytes, count: int) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        line = table[at : at + ENTRY_SIZE]
        if len(line) < ENTRY_SIZE or line[:4] != ENTRY:
            raise PackageError(
                Sentence("The table of contents has fewer lines than the archive states, or the table is damaged.")
            )
        lengths = struct.unpack_from("<HHH", line, 28)
        at += ENTRY_SIZE
        name, extra, comment = (table[at + sum(lengths[:n]) : at + sum(lengths[: n + 1])] for n in range(3))
        at += sum(lengths)
        if at > len(table) or comment:
            raise PackageError(
                Sentence("A line in the table of contents of the archive is incomplete or has a comment.")
            )
        yield _parse_entry(line, name, extra)
    if at != len(table):
        raise PackageError(Sentence("The table of contents has more lines than the archive states."))


def _parse_entry(line: bytes, raw: bytes, extra: bytes) -> Entry:
    _, flags, method, _, _, crc, packed, size = struct.unpack_from("<HHHHHIII", line, 6)
    disk, _, attributes, start = struct.unpack_from("<HHII", line, 34)
    name = _decode_name(raw, flags)
    if flags & LOCKED:
        raise build_error("locked", name)
    if flags & ~KNOWN_FLAGS or method not in (STORED, DEFLATED) or disk:
        raise build_error("method", name, method=method, flags=f"{flags:#x}")
    packed, size, start = _parse_wide_sizes(extra, (packed, size, start), name)
    return Entry(name, size, packed, crc, method, flags, attributes >> 16, start)


def _decode_name(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & UTF8 else "ascii")
    except UnicodeDecodeError as error:
        name = raw.decode("ascii", "replace")
        raise build_error("not_utf8", name) from error


def _parse_wide_sizes(extra: bytes, told: tuple[int, int, int], name: str) -> tuple[int, int, int]:
    """Packed size, size and place; out of the field of 64-bit values where the plain ones say so."""
    packed, size, start = told
    fields = dict(_parse_fields(extra, name))
    if NAME_FIELD in fields:
        raise build_error("second_name", name)
    wide = fields.get(WIDE_FIELD, b"")
    values = list(struct.unpack(f"<{len(wide) // 8}Q", wide[: len(wide) // 8 * 8]))
    try:
        size = values.pop(0) if size == WIDE else size
        packed = values.pop(0) if packed == WIDE else packed
        start = values.pop(0) if start == WIDE else start
    except IndexError:
        raise build_error("no_sizes", name) from None
    return packed, size, start


def _parse_fields(extra: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    while extra:
        kind, length = struct.unpack_from("<HH", extra) if len(extra) >= 4 else (0, len(extra))
        if 4 + length > len(extra):
            raise build_error("extra", name)
        yield kind, extra[4 : 4 + length]
        extra = extra[4 + length :]


def build_error(what: str, name: str, **values: object) -> PackageError:
    """The error about a member of an archive; `what` is the last part of its sentence's key."""
    return PackageError(
        Sentence(f"refused.archive.{what}", name=escape_unprintable(clean_name(name)), **values), clean_name(name)
    )
