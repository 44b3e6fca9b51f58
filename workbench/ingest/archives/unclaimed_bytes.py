"""Bytes of a file that no entry or part of it names: before its beginning, between its entries, after its end.

Programs that open such a file show nothing of them, and another file may lie there: they are told, whichever reader reads the file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

LOCAL = struct.Struct("<4s22xHH")
"""Header of an entry: its mark, and the lengths of its name and of its extra field."""
END = struct.Struct("<4s16xH")
"""End of a ZIP archive: its mark, and the length of its comment."""
END64, LOCATOR = 56, 20
"""Bytes of the wide end of a ZIP archive, and of what points to it."""
STREAMED = 0x8
DESCRIPTOR = 24
"""Bytes that may follow an entry whose size was not known when it was written."""
PDF, PDF_END = b"%PDF-", b"%%EOF"
HEAD = 1024
TAIL = 4096
LEAST = 64 * 1024
"""Bytes for which an entry without a table of contents counts at least: so there are not endless many."""
LARGEST = 64 * 1024**2
"""Bytes of an entry that no table of contents lists, and of the space in which it stands, up to which it is unpacked."""
BLANK = b"\x00\t\n\r \x1a"
Span = tuple[int, int]


def find_unclaimed(source: SourceFile) -> Iterator[Issue]:
    """An issue that counts the bytes which no entry or part of the file names; none where there are none."""
    head = source.read_head()
    spans: list[Span] = []
    if head.startswith(zip_members.MARKS):
        spans = _find_zip_gaps(source)
    elif PDF in head[:HEAD]:
        spans = _find_pdf_gaps(source, head)
    if spans:
        yield tell_unclaimed(source.name, sum(end - start for start, end in spans), spans[0][0])


def tell_unclaimed(name: str, count: int, at: int, document: str = "") -> Issue:
    """That so many bytes of a file, from byte `at` on, are in none of its entries or parts."""
    said = Sentence("row.unclaimed", count=count, name=repr(name), at=f"{at:,}")
    return build_issue("unclaimed", said, fix=Sentence("fix.look.bytes"), document_id=document, place=name)


def _find_zip_gaps(source: SourceFile) -> list[Span]:
    """Where bytes stand that are in no entry of a ZIP archive, and in neither its table of contents nor its end."""
    try:
        with zip_members.open_zip(source) as zipped, source.open() as file:
            length = file.seek(0, 2)
            taken = sorted([*_list_entries(zipped, file), (zipped.start_dir, _find_end(zipped, file, length))])
    except (SourceError, *zip_members.BROKEN):
        return []
    return list(_list_gaps(taken, length))


def list_unlisted(source: SourceFile) -> Iterator[bytes]:
    """What stands in a ZIP archive where no entry of its table of contents stands: as it is, and the entries in it unpacked."""
    if not source.read_head().startswith(zip_members.MARKS):
        return
    for start, end in _find_zip_gaps(source):
        with source.open() as file:
            file.seek(start)
            held = file.read(min(end - start, LARGEST))
        yield held
        left, at = LARGEST, held.find(zip_members.MARKS[0])
        while at >= 0 and left > 0:
            data, behind = _unpack_entry(held, at, left)
            yield data
            left, at = left - max(len(data), LEAST), held.find(zip_members.MARKS[0], behind)


def has_unlisted(source: SourceFile) -> bool:
    """Whether anything but blanks stands in a ZIP archive where no entry of its table of contents stands."""
    with source.open() as file:
        for start, end in _find_zip_gaps(source):
            file.seek(start)
            while (held := file.read(min(end - file.tell(), 1024**2))) and not held.strip(BLANK):
                pass
            if held:
                return True
    return False


def _unpack_entry(held: bytes, at: int, most: int) -> tuple[bytes, int]:
    """The file of an entry whose header is at a place, and where it ends; nothing where it is cut off or is packed in a rare way."""
    if len(held) < at + LOCAL.size:
        return b"", len(held)
    method, size = struct.unpack_from("<8xH8xI", held, at)
    _, name, extra = LOCAL.unpack_from(held, at)
    start = at + LOCAL.size + name + extra
    if method == ZIP_STORED:
        end = start + size if size else max(start, held.find(b"PK", start))
        return held[start : min(end, start + most)], end
    if method == ZIP_DEFLATED:
        work = zlib.decompressobj(-zlib.MAX_WBITS)
        with suppress(zlib.error):
            return work.decompress(memoryview(held)[start:], most), len(held) - len(
                work.unused_data
            ) if work.eof else at + 4
    return b"", at + 4


def _list_entries(zipped: ZipFile, file: BinaryIO) -> Iterator[Span]:
    """Where the entries of the table of contents stand, each with its header."""
    for info in zipped.infolist():
        file.seek(info.header_offset)
        mark, name, extra = LOCAL.unpack(file.read(LOCAL.size).ljust(LOCAL.size, b"\x00"))
        if mark == zip_members.MARKS[0]:
            end = info.header_offset + LOCAL.size + name + extra + info.compress_size
            yield info.header_offset, end + _read_descriptor_size(info, file, end)


def _read_descriptor_size(info: ZipInfo, file: BinaryIO, end: int) -> int:
    """Bytes of the sizes that stand after an entry which was written before they were known."""
    if not info.flag_bits & STREAMED:
        return 0
    file.seek(end)
    behind = file.read(DESCRIPTOR)
    check = struct.pack("<I", info.CRC)
    mark = 4 if behind[:4] == b"PK\x07\x08" else 0
    if behind[mark : mark + 4] != check:
        return 0
    wide = struct.pack("<QQ", info.compress_size, info.file_size)
    return mark + (20 if behind[mark + 4 : mark + 20] == wide else 12)


def _find_end(zipped: ZipFile, file: BinaryIO, length: int) -> int:
    """Where a ZIP archive ends: behind its comment."""
    start = max(zipped.start_dir, length - zip_members.END_WITHIN - END64 - LOCATOR)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(zip_members.END)
    if at < 0 or len(tail) - at < END.size:
        return length
    return start + at + END.size + int(END.unpack_from(tail, at)[1])


def _list_gaps(taken: list[Span], length: int) -> Iterator[Span]:
    """What lies between spans that are in order, and around them."""
    done = 0
    for start, end in [*taken, (length, length)]:
        if start > done:
            yield done, start
        done = max(done, end)


def _find_pdf_gaps(source: SourceFile, head: bytes) -> list[Span]:
    """What stands before the mark of a PDF, and behind its end."""
    start = head.find(PDF)
    before = [(0, start)] if head[:start].strip(BLANK + b"\xef\xbb\xbf") else []
    with source.open() as file:
        length = file.seek(0, 2)
        end = _find_last_mark(file, PDF_END, length)
        file.seek(end)
        behind = [(end, length)] if 0 < end < length and _is_filled(file) else []
    return before + behind


def _find_last_mark(file: BinaryIO, mark: bytes, length: int) -> int:
    """Where the last mark of a file ends, 0 if there is none. Read from the end, in pieces."""
    at, held = length, b""
    while at > 0:
        start = max(0, at - TAIL)
        file.seek(start)
        held = file.read(at - start) + held[: len(mark) - 1]
        if (found := held.rfind(mark)) >= 0:
            return start + found + len(mark)
        at = start
    return 0


def _is_filled(file: BinaryIO) -> bool:
    """Whether more follows than white space."""
    while piece := file.read(1024**2):
        if piece.strip(BLANK):
            return True
    return False
