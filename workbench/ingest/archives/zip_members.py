"""ZIP files opened with care: the table of contents bounded, names decoded as their writers meant them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence

MARKS = (b"PK\x03\x04", b"PK\x05\x06")
"""How a ZIP file begins; the second if it is empty."""

CONTENTS = 32 * 1024**2
"""Bytes of the table of contents, at most: some 300,000 names of ordinary length. Reading more takes gigabytes."""

END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
END_WITHIN = 65_536 + 22
UTF8 = 0x800
LOCKED = 0x1
UNICODE_NAME = 0x7075
BROKEN = (
    BadZipFile,
    EOFError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What `zipfile` is known to raise on damaged files; RuntimeError: a password is needed; OSError: lzma, bz2."""


@contextmanager
def open_zip(source: SourceFile) -> Iterator[ZipFile]:
    """The ZIP file, open for reading.

    Raises
    ------
    SourceError
        If it is damaged, cut off, or its table of contents is larger than any that people make.
    """
    with source.open() as file:
        size = _read_contents_size(file)
        if size > CONTENTS:
            raise SourceError(
                Sentence("refused.file.zip_contents", name=source.name, size=f"{size:,}", most=f"{CONTENTS:,}")
            )
        try:
            zipped = ZipFile(file)
        except BROKEN as error:
            raise SourceError(Sentence("refused.file.zip_damaged", name=source.name, error=error)) from error
        with zipped:
            yield zipped


def list_names(source: SourceFile, head: bytes) -> frozenset[str]:
    """Names of the members, none if the file is no ZIP or cannot be opened. For detection."""
    if not head.startswith(MARKS):
        return frozenset()
    try:
        with open_zip(source) as zipped:
            return frozenset(zipped.namelist())
    except SourceError:
        return frozenset()


def decode_member_name(info: ZipInfo) -> str:
    """Name of a member as its writer meant it.

    UTF-8 where the flag or the Unicode extra field says so; otherwise UTF-8 if the bytes are (as macOS writes them), else
    the code page 437 of the format's definition.
    """
    written = info.orig_filename
    if info.flag_bits & UTF8:
        return written
    try:
        raw = written.encode("cp437")
    except UnicodeEncodeError:
        return written
    return _read_unicode_name(info.extra, raw) or _decode_utf8(raw) or written


def is_locked(info: ZipInfo) -> bool:
    """Whether a password is needed for the member."""
    return bool(info.flag_bits & LOCKED)


def read_member_head(zipped: ZipFile, info: ZipInfo, size: int) -> bytes:
    """First bytes of a member, none where it is locked or damaged."""
    try:
        with zipped.open(info) as member:
            return member.read(size)
    except BROKEN:
        return b""


def _decode_utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _read_unicode_name(extra: bytes, raw: bytes) -> str:
    """Name in Info-ZIP's extra field, '' if there is none or it belongs to another name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        held, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_NAME and len(held) > 5 and held[0] == 1:
            (check,) = struct.unpack_from("<I", held, 1)
            return _decode_utf8(held[5:]) if check == zlib.crc32(raw) else ""
    return ""


def _read_contents_size(file: BinaryIO) -> int:
    """Bytes of the table of contents as the end of the file tells, 0 if it does not."""
    length = file.seek(0, 2)
    file.seek(max(0, length - END_WITHIN - 76))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        return 0
    (size,) = struct.unpack_from("<I", tail, at + 12)
    wide = tail.rfind(END64, 0, at)
    if size == 0xFFFFFFFF and wide >= 0 and len(tail) - wide >= 48:
        (size,) = struct.unpack_from("<Q", tail, wide + 40)
    return int(size)
