"""Members of a TAR archive, one after the other.

Python's `tarfile` is not used: releases before 3.11.10 and 3.12.6 can be hung by one crafted header (CVE-2024-6232), and all
read header blocks of any size into memory. What is needed of the format is small: ustar, GNU long names, PAX paths.

References
----------
POSIX.1-2017, pax, section 'ustar Interchange Format'; GNU tar manual, 'Basic Tar Format'.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.ingest.archives.compressed_streams import Stream

BLOCK = 512
EXTRA = 1024**2
"""Bytes of a long name or PAX header, at most."""

FILES = b"0\x00 7"
LINKS = {b"1": "hard link", b"2": "link", b"3": "device", b"4": "device", b"6": "pipe", b"S": "sparse file"}
SPARSE = b"S"


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its name, what it is ('file', 'folder', 'link', …) and the bytes that follow in the stream."""

    name: str
    kind: str
    size: int


class TarError(Exception):
    """The archive is damaged; the message says where."""


def is_header(block: bytes) -> bool:
    """Whether the block is the header of a member: its check sum fits and its name is not empty."""
    if len(block) < BLOCK or not block[0]:
        return False
    told = _parse_number(block[148:156])
    return told == sum(block[:148]) + 8 * 32 + sum(block[156:BLOCK])


def read_members(stream: Stream) -> Iterator[Member]:
    """Members in order. The caller reads or skips the `size` bytes of each through `rest` before it asks for the next.

    Raises
    ------
    TarError
        If a header is damaged or the archive is cut off.
    """
    told: dict[str, str] = {}
    while (block := stream.read(BLOCK)) and block.strip(b"\x00"):
        if not is_header(block):
            raise TarError(f"the data at byte {stream.read_so_far - len(block):,} is not the header of a file")
        kind, size = block[156:157], _parse_number(block[124:136])
        if size < 0:
            raise TarError(f"the file at byte {stream.read_so_far - BLOCK:,} has a negative size")
        if kind in (b"L", b"K", b"x", b"g", b"X"):
            held = _read_header_content(stream, size)
            told |= (
                {"path": decode_name(held.split(b"\x00")[0])}
                if kind == b"L"
                else _parse_pax(held)
                if kind in (b"x", b"X")
                else {}
            )
            continue
        if kind == SPARSE:
            _skip_map(stream, block)
        yield _build_member(block, kind, size, told)
        told = {}


def compute_padding(size: int) -> int:
    """Bytes that fill up the last block of a member of this size."""
    return -size % BLOCK


def _build_member(block: bytes, kind: bytes, size: int, told: dict[str, str]) -> Member:
    name = told.get("path") or _read_name(block)
    if told.get("size", "").isascii() and told.get("size", "").isdigit():
        size = int(told["size"][:20])
    if kind in LINKS:
        return Member(name, LINKS[kind], size if kind == SPARSE else 0)
    if kind == b"5" or (kind in FILES and name.endswith("/")):
        return Member(name, "folder", size)
    return Member(name, "sparse file" if any(key.startswith("GNU.sparse") for key in told) else "file", size)


def _skip_map(stream: Stream, block: bytes) -> None:
    """Pass over the blocks that say where the holes of a sparse file are (GNU)."""
    more = block[482]
    while more:
        following = stream.read(BLOCK)
        more = following[504] if len(following) == BLOCK else 0


def _read_name(block: bytes) -> str:
    name, prefix = block[:100].split(b"\x00")[0], b""
    if block[257:263] == b"ustar\x00":
        prefix = block[345:500].split(b"\x00")[0]
    return decode_name(prefix + b"/" + name if prefix else name)


def _read_header_content(stream: Stream, size: int) -> bytes:
    """Content of a header that speaks of the next member."""
    if size > EXTRA:
        raise TarError(f"a header has {size:,} bytes, which is longer than any file name")
    data = stream.read(size)
    if len(data) < size or not stream.skip(compute_padding(size)):
        raise TarError("the archive is incomplete")
    return data


def _parse_pax(data: bytes) -> dict[str, str]:
    """Records 'length key=value' of a PAX header."""
    found: dict[str, str] = {}
    while data:
        length, space, _ = data[:24].partition(b" ")
        if not space or not length.isdigit() or not len(length) + 1 < int(length) <= len(data):
            raise TarError("a PAX header is damaged")
        key, _, value = data[len(length) + 1 : int(length)].partition(b"=")
        found[decode_name(key)] = decode_name(value.removesuffix(b"\n"))
        data = data[int(length) :]
    return found


def _parse_number(field: bytes) -> int:
    """Number of a header field: octal digits, or binary where its first bit is set; -1 if it is neither."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \x00")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else (0 if not digits else -1)


def decode_name(raw: bytes) -> str:
    """Name in UTF-8, else in Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
