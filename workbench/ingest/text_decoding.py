"""Every text that lies in a file, however it is packed: for finding out whether something stands in it at all.

A file is given back in several readings, each a text: by several encodings, unpacked (ZIP, gzip, bzip2, xz, zlib, Parquet, PDF),
with what is written in signs of its own (HTML, JSON, percent signs, quoted-printable, base64, RTF) written out, and letters as the
reader of mail decodes them.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import html
import io
import lzma
import quopri
import re
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from typing import Protocol
from urllib.parse import unquote
from zipfile import ZipFile

from workbench.ingest.archives import zip_members

DEEPEST = 8
LARGEST = 1 << 30
"""Bytes that all that is unpacked of one file may have."""
BATCH = 10_000
"""Rows of a table that are unpacked together."""
BASE64 = re.compile(rb"[A-Za-z0-9+/_-][A-Za-z0-9+/_\r\n-]{22,}={0,2}")
EMPTY = re.compile(rb"(?:\r?\n){2,}")
BRIEF = re.compile(rb"^(?:[A-Za-z0-9+/]{4}){1,5}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\r?$", re.MULTILINE)
"""A line that can be the whole of a short text in base64."""
TAG = re.compile(r"<[^<>]{0,2000}>")
UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})\??")
CONTROL = re.compile(r"\\[a-z]{1,32}-?\d{0,10} ?|[{}]")
QUOTED = re.compile(rb"=(?:\r?\n|[0-9A-F]{2})")
TEXT = re.compile(rb"[\t\r\n\x20-\x7e]{8,}")
"""A run of signs of text in what is none."""
STREAM, STREAM_END = re.compile(rb"stream\r?\n"), b"endstream"
"""What stands before and behind a part of a PDF."""
APART = b"\n\x1e\n"
"""Stands between pieces that are read together."""
NARROW = ("cp1252", "cp1256", "cp1251")
WIDE = ("utf-16-le", "utf-16-be")
BROKEN = (*zip_members.BROKEN, lzma.LZMAError, binascii.Error, RecursionError, MemoryError)


class TooMuchError(Exception):
    """A file that unpacks to more than is looked at."""


class Readings:
    """Gives the readings of one file.

    Raises
    ------
    TooMuchError
        While it is read, if it unpacks to more than LARGEST bytes.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self.left = data, LARGEST
        self._read: set[bytes] = set()

    def __iter__(self) -> Iterator[str]:
        """All readings, the plain ones first."""
        yield from self._list_texts(self.data, 0)

    def _list_texts(self, data: bytes, depth: int) -> Iterator[str]:
        known = sha256(data).digest()
        if known in self._read:  # a PDF gives its attachments by their names and among its parts
            return
        self._read.add(known)
        self.left -= len(data)
        if self.left < 0 or depth > DEEPEST:
            raise TooMuchError
        plain, streams = _split_pdf(data, self.left) if data.startswith(b"%PDF") else (data, [])
        for text in _decode_texts(plain):
            yield text
            yield from _decode_escapes(text)
        for inner in (*streams, *_unpack_bytes(data, plain, self.left)):
            yield from self._list_texts(inner, depth + 1)


def has_match(data: bytes, found: Callable[[str], bool]) -> bool:
    """Whether any reading of a file answers; a file that is too much to look at counts as one that does."""
    try:
        return any(found(text) for text in Readings(data))
    except TooMuchError:
        return True


def _decode_texts(data: bytes) -> Iterator[str]:
    """The bytes as text in each encoding that could be meant."""
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield data.decode("utf-8", "ignore")
        yield from (data.decode(name, "ignore") for name in NARROW)
    if b"\x00" in data:
        yield data.replace(b"\x00", b"").decode("latin-1")
        yield from (data[at:].decode(name, "ignore") for name in WIDE for at in (0, 1))


def _decode_escapes(text: str) -> Iterator[str]:
    """The text with escapes replaced by what they stand for."""
    if "&" in text or "<" in text:
        yield html.unescape(TAG.sub("", text))
        yield html.unescape(text)  # values of attributes are read too
    if "\\" in text:
        plain = UNICODE.sub(_decode_escape, text)
        yield plain
        yield CONTROL.sub("", plain)
    if "%" in text:
        yield unquote(text, errors="ignore")


def _decode_escape(match: re.Match[str]) -> str:
    four, two, byte, number = match.groups()
    if number:
        return chr(int(number) % 0x10000)
    return bytes.fromhex(byte).decode("cp1252", "ignore") if byte else chr(int(four or two, 16))


def _split_pdf(data: bytes, limit: int) -> tuple[bytes, list[bytes]]:
    """A PDF without its packed parts, which hold no text as they are, and these unpacked; parts that nothing points to as well."""
    streams: list[bytes] = []
    kept: list[bytes] = []
    end = 0
    for start, stop in _list_streams(data):
        opener = zlib.decompressobj()
        for made in _try_unpacking(partial(opener.decompress, data[start:stop], limit + 1)):
            limit -= len(made)
            if limit < 0:
                raise TooMuchError
            if opener.eof and not opener.unused_data.strip():
                streams.append(made)
                kept.append(data[end:start])
                end = stop
    return b"".join((*kept, data[end:])), streams


def _list_streams(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the packed parts of a PDF lie, without the line end behind each; one without its end is none."""
    end = 0
    while (opened := STREAM.search(data, end)) and (found := data.find(STREAM_END, opened.end())) >= 0:
        last = data[max(opened.end(), found - 2) : found]
        yield opened.end(), found - len(last) + len(last.removesuffix(b"\n").removesuffix(b"\r"))
        end = found + len(STREAM_END)


def _unpack_bytes(data: bytes, plain: bytes, limit: int) -> Iterator[bytes]:
    """What is packed in the bytes, one step down; `plain`: these without what is unpacked already."""
    if data[:4] in zip_members.MARKS:
        yield from _read_members(data, limit)
    for mark, work in PACKERS:
        if data.startswith(mark):
            yield from _try_unpacking(partial(work, data, limit))
    if data.startswith(b"%PDF"):
        yield from _read_pdf(data)
    if data.startswith(b"PAR1"):
        yield from _try_unpacking(partial(_read_parquet, data))
    yield from _list_mail_contents(plain)
    yield from _find_quotes(plain)
    yield from _decode_base64_runs(plain)


def _list_mail_contents(data: bytes) -> Iterator[bytes]:
    """What lies in letters, as the reader of mail decodes it."""
    from workbench.ingest.mail.mail_contents import read_contents

    yield from read_contents(data)


def _find_quotes(data: bytes) -> Iterator[bytes]:
    """The bytes with quoted-printable written out; of what is no text, only the text that lies in it: the rest has no such signs."""
    lying = b"\n" + b"\n".join(TEXT.findall(data)) if b"\x00" in data else data
    if QUOTED.search(lying):
        yield from (made for made in (quopri.decodestring(lying),) if made != lying)


def _decode_base64_runs(data: bytes) -> Iterator[bytes]:
    """What is written in base64: each text and each packed file, and what is neither in one, for in a packed file runs by chance abound."""
    chance: list[bytes] = []
    for run in _find_base64_runs(data):
        for made in _try_unpacking(partial(_decode_base64, run)):
            if made.startswith(PACKED) or _is_text(made):
                yield made
            else:
                chance.append(made)
    if chance:
        yield b"".join(APART + made for made in chance)


def _find_base64_runs(data: bytes) -> Iterator[bytes]:
    """Runs of signs of base64, and what stands in them between empty lines: before the first one may stand the end of a header."""
    for match in (*BASE64.finditer(data), *BRIEF.finditer(data)):
        yield from dict.fromkeys((match[0], *EMPTY.split(match[0])))


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _try_unpacking(work: Callable[[], bytes]) -> Iterator[bytes]:
    try:
        yield work()
    except BROKEN:
        return


def _read_members(data: bytes, limit: int) -> Iterator[bytes]:
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                yield info.filename.encode("utf-8", "replace")
                if info.file_size > limit:
                    raise TooMuchError
                yield from _try_unpacking(partial(archive.read, info))
    except BROKEN:
        return


class _Opener(Protocol):
    @property
    def unused_data(self) -> bytes:
        """What stands behind what was packed."""
        ...

    def decompress(self, data: bytes, most: int, /) -> bytes:
        """What was packed, up to so many bytes."""
        ...


def _decompress_streams(opener: Callable[[], _Opener], data: bytes, limit: int) -> bytes:
    """What is packed, one stream after the other."""
    made: list[bytes] = []
    while data:
        stream = opener()
        try:
            made.append(stream.decompress(data, limit + 1))
        except BROKEN:
            break
        limit -= len(made[-1])
        data = stream.unused_data
        if limit < 0:
            raise TooMuchError
    return b"".join(made)


PACKERS: tuple[tuple[bytes, Callable[[bytes, int], bytes]], ...] = (
    (b"\x1f\x8b", partial(_decompress_streams, partial(zlib.decompressobj, 31))),
    (b"BZh", partial(_decompress_streams, bz2.BZ2Decompressor)),
    (b"\xfd7zXZ", partial(_decompress_streams, lzma.LZMADecompressor)),
    *((mark, partial(_decompress_streams, zlib.decompressobj)) for mark in (b"\x78\x01", b"\x78\x9c", b"\x78\xda")),
)  # fmt: skip


PACKED = (*zip_members.MARKS, *(mark for mark, _ in PACKERS), b"%PDF", b"PAR1")
"""How a packed file begins."""


def _decode_base64(run: bytes) -> bytes:
    plain = run.translate(bytes.maketrans(b"-_", b"+/"), b"\r\n=")
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))


def _read_parquet(data: bytes) -> bytes:
    """Every different cell on a line."""
    import pyarrow.parquet as pq

    schema = pq.ParquetFile(io.BytesIO(data)).schema
    columns = (schema.column(at) for at in range(len(schema)))
    texts = [
        one.path
        for one in columns
        if one.physical_type == "BYTE_ARRAY" and not one.max_repetition_level and "." not in one.path
    ]
    file = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)  # a text that stands in all rows is held once
    cells: set[str] = set()
    for piece in file.iter_batches(BATCH):
        cells.update(
            str(value) for column in piece.columns for value in column.unique().to_pylist() if value is not None
        )
    return "\n".join([*file.schema_arrow.names, *sorted(cells)]).encode("utf-8", "replace")


def _read_pdf(data: bytes) -> Iterator[bytes]:
    """Text of the pages, and what the file says of itself and holds."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        pages = [page.extract_text() for page in reader.pages]
        yield "\n".join([*pages, *(str(value) for value in (reader.metadata or {}).values())]).encode(
            "utf-8", "replace"
        )
        for attachment in reader.attachment_list:
            yield bytes(attachment.content or b"")
    except (PyPdfError, *BROKEN):
        return
    for number in range(len(reader.xref.get(0, {}))):
        yield from _read_pdf_stream(reader, number)


def _read_pdf_stream(reader: object, number: int) -> Iterator[bytes]:
    """A packed part of a PDF as it is."""
    from pypdf.errors import PyPdfError

    try:
        found = reader.get_object(number)  # type: ignore[attr-defined] # pypdf's reader
        data = found.get_data() if hasattr(found, "get_data") else b""
    except (PyPdfError, *BROKEN):
        return
    if data:
        yield bytes(data)
