"""Compound files (OLE): the container of old office documents, Outlook messages, objects within, and encrypted documents.

References
----------
MS-CFB, Compound File Binary File Format; MS-OLEDS 2.3.6 for packaged files.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field
from typing import BinaryIO

from workbench.errors import SourceError

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = 512
ENTRY = 128
ENTRIES = 65_536
STREAM = 512 * 1024**2
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of chain, free, table."""

NONE = 0xFFFFFFFF
STORAGE, FILE, ROOT = 1, 2, 5
EMBEDDED = 2
NATIVE = "\x01Ole10Native"
WHOLE = {"Package": "", "CONTENTS": "", "EmbeddedOdf": ".odt"}
"""Streams that hold a file as it is."""


class CompoundError(Exception):
    """The container is damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream: its first sector and its length in bytes."""

    start: int
    size: int


@dataclass(slots=True)
class Compound:
    """An open compound file. `streams`: entries by path ('storage/stream'); `storages`: paths of the storages."""

    file: BinaryIO
    sector: int = HEADER
    small: int = 64
    cutoff: int = 4096
    fat: array[int] = field(default_factory=lambda: array("I"))
    mini: array[int] = field(default_factory=lambda: array("I"))
    root: Entry = field(default_factory=lambda: Entry(NONE, 0))
    streams: dict[str, Entry] = field(default_factory=dict)
    storages: list[str] = field(default_factory=list)

    def read(self, path: str, limit: int = STREAM) -> bytes:
        """Bytes of a stream, b'' if there is none of that path.

        Raises
        ------
        CompoundError
            If it is longer than `limit`, or its chain is broken.
        """
        entry = self.streams.get(path)
        if entry is None:
            return b""
        if entry.size > limit:
            raise CompoundError(f"the stream {path!r} has {entry.size:,} bytes")
        if entry.size >= self.cutoff:
            return self._read_chain(entry.start, entry.size)
        held = self._read_chain(self.root.start, min(self.root.size, limit))
        numbers = _walk_chain(self.mini, entry.start, -(-entry.size // self.small))
        return b"".join(held[number * self.small : (number + 1) * self.small] for number in numbers)[: entry.size]

    def _read_chain(self, start: int, size: int) -> bytes:
        numbers = _walk_chain(self.fat, start, -(-size // self.sector))
        return b"".join(self.read_sector(number) for number in numbers)[:size]

    def read_sector(self, number: int) -> bytes:
        """One sector."""
        self.file.seek((number + 1) * self.sector)
        return self.file.read(self.sector)


def open_compound(file: BinaryIO) -> Compound:
    """The compound file, its directory read.

    Raises
    ------
    CompoundError
        If it is damaged.
    """
    file.seek(0)
    head = file.read(HEADER)
    if len(head) < HEADER or not head.startswith(MARK):
        raise CompoundError("the header is missing or cut off")
    shift, small = struct.unpack_from("<HH", head, 30)
    if shift not in (9, 12) or small != 6:
        raise CompoundError("the header gives sectors of a size that does not exist")
    made = Compound(file, 1 << shift, 1 << small)
    (first_directory,) = struct.unpack_from("<I", head, 48)
    made.cutoff, first_mini = struct.unpack_from("<II", head, 56)
    made.fat = _read_table(made, _list_fat_sectors(made, head))
    made.mini = _read_table(made, _walk_chain(made.fat, first_mini, len(made.fat)))
    data = b"".join(
        made.read_sector(number) for number in _walk_chain(made.fat, first_directory, ENTRIES * ENTRY // made.sector)
    )
    _read_directory(made, data)
    return made


def list_streams(file: BinaryIO) -> dict[str, Entry]:
    """Paths of the streams, empty if the file is no compound file or damaged. For detection."""
    try:
        return open_compound(file).streams
    except (CompoundError, OSError):
        return {}


def unwrap_object(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Files in an embedded object: what its program put in where that can be told, else the object as it is."""
    from io import BytesIO

    if not data.startswith(MARK):
        return [(name, data)]
    try:
        inner = open_compound(BytesIO(data))
        if native := parse_package(inner.read(NATIVE)):
            return [(f"{name}/{native[0]}", native[1])]
        for stream, suffix in WHOLE.items():
            if held := inner.read(stream):
                return [(f"{name}/{stream}{suffix or _find_suffix(held)}", held)]
    except CompoundError as error:
        raise SourceError(f"the object {name!r} is damaged: {error}") from error
    return [(name, data)]


def unwrap_first_version(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Files in an object of the first version of OLE, as RTF holds them (MS-OLEDS 2.2.5)."""
    try:
        native = _read_native(data)
    except struct.error as error:
        raise SourceError(f"the object {name!r} is damaged") from error
    found = parse_package(bytes(4) + native)
    return [(f"{name}/{found[0]}", found[1])] if found else unwrap_object(name, native)


def _read_native(data: bytes) -> bytes:
    version, form, length = struct.unpack_from("<III", data)
    if form != EMBEDDED or version > 0xFFFF:
        return data
    at = 12 + length
    for _ in range(2):
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
    (size,) = struct.unpack_from("<I", data, at)
    return data[at + 4 : at + 4 + size]


def parse_package(data: bytes) -> tuple[str, bytes] | None:
    """Name and bytes of a file that was put into a document as a package, None if the stream holds none."""
    if len(data) < 6 or data[4:6] != b"\x02\x00":
        return None
    label, end, rest = data[6:].partition(b"\x00")
    path, end_of_path, rest = rest.partition(b"\x00")
    if not end or not end_of_path or len(rest) < 8:
        return None
    (length,) = struct.unpack_from("<I", rest, 4)
    if len(rest) < 12 + length:
        return None
    (size,) = struct.unpack_from("<I", rest, 8 + length)
    content = rest[12 + length : 12 + length + size]
    name = (label or path).decode("cp1252", "replace").replace("\\", "/").rpartition("/")[2]
    return (name or "package", content) if content and len(content) == size else None


def _find_suffix(data: bytes) -> str:
    marks = {b"PK\x03\x04": ".zip", b"%PDF": ".pdf", b"{\\rtf": ".rtf"}
    return next((suffix for mark, suffix in marks.items() if data.startswith(mark)), ".bin")


def _walk_chain(table: array[int], start: int, most: int) -> list[int]:
    """Sector numbers of a chain, at most `most`; one that turns back on itself is an error."""
    found: list[int] = []
    number = start
    while number < LAST and len(found) < most:
        if number >= len(table):
            raise CompoundError("a chain of sectors leads out of the file")
        found.append(number)
        number = table[number]
    if len(found) > len(table) or (number < LAST and len(set(found)) < len(found)):
        raise CompoundError("a chain of sectors turns back on itself")
    return found


def _list_fat_sectors(made: Compound, head: bytes) -> list[int]:
    """Sectors that hold the allocation table: the first 109 from the header, the others from their own chain."""
    found = [number for number in struct.unpack_from("<109I", head, 76) if number < LAST]
    (number,) = struct.unpack_from("<I", head, 68)
    seen: set[int] = set()
    while number < LAST and number not in seen:
        seen.add(number)
        block = made.read_sector(number)
        if len(block) < made.sector:
            raise CompoundError("the allocation table is cut off")
        values = struct.unpack(f"<{made.sector // 4}I", block)
        found += [value for value in values[:-1] if value < LAST]
        number = values[-1]
    return found


def _read_table(made: Compound, numbers: list[int]) -> array[int]:
    """Entries of an allocation table that lies in these sectors."""
    size = made.file.seek(0, 2)
    if len(set(numbers)) < len(numbers) or len(numbers) * made.sector > size:
        raise CompoundError("the allocation table is larger than the file")
    table = array("I")
    for number in numbers:
        block = made.read_sector(number)
        table.frombytes(block[: len(block) // 4 * 4])
    return table


def _read_directory(made: Compound, data: bytes) -> None:
    """Fill in streams and storages: from the root down, each entry once, in the order of the directory."""
    entries = [data[at : at + ENTRY] for at in range(0, len(data) - ENTRY + 1, ENTRY)]
    if not entries or entries[0][66] != ROOT:
        raise CompoundError("the directory has no root")
    made.root = _parse_entry(entries[0], made.sector)
    seen = {0}
    waiting = [(_parse_links(entries[0])[2], "")]
    while waiting:
        number, above = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        left, right, child = _parse_links(entry)
        path = f"{above}{_parse_name(entry)}"
        waiting += [(left, above), (right, above)]
        if entry[66] == FILE:
            made.streams[path] = _parse_entry(entry, made.sector)
        elif entry[66] == STORAGE and path.count("/") < 50:
            made.storages.append(path)
            waiting.append((child, f"{path}/"))
    made.storages.sort()


def _parse_links(entry: bytes) -> tuple[int, int, int]:
    left, right, child = struct.unpack_from("<III", entry, 68)
    return left, right, child


def _parse_entry(entry: bytes, sector: int) -> Entry:
    start, size = struct.unpack_from("<IQ", entry, 116)
    return Entry(start, size & 0xFFFFFFFF if sector == HEADER else size)


def _parse_name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
