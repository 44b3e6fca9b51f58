"""Looks for words and numbers in every file of a folder, in whatever form they may stand there. Shares nothing with the package."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import re
import sqlite3
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
from pypdf import PdfReader

DEEPEST = 6
ERRORS = (
    ValueError, OSError, KeyError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, binascii.Error,
    NotImplementedError, RuntimeError, AttributeError, TypeError,
)  # fmt: skip
BLOB = re.compile(rb"(?:[A-Za-z0-9+/]{4}[\r\n]{0,2}){6,}[A-Za-z0-9+/]{0,4}={0,2}")
UNSEEN = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
SPACE = re.compile(r"\s+")
SIGNS = re.compile(r"[\W_]+")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def folded(text: str) -> str:
    """Lower case, no accents, no signs that cannot be seen, white space as one blank."""
    plain = text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    return SPACE.sub(" ", CONTROL.sub("", plain)).casefold()


class Needles:
    """What is looked for: words case and accents aside, numbers whatever parts their digits."""

    def __init__(self, words: Iterable[str], numbers: Iterable[str] = ()) -> None:
        self.words = {folded(word).strip() for word in words} - {""}
        self.numbers = {SIGNS.sub("", folded(number)) for number in numbers} - {""}

    def found(self, text: str) -> set[str]:
        plain = folded(text)
        hits = {word for word in self.words if word in plain}
        if self.numbers:
            joined = SIGNS.sub("", plain)
            hits |= {number for number in self.numbers if number in joined}
        return hits


def texts(data: bytes, depth: int = 0) -> Iterator[str]:
    """Every reading of some bytes."""
    yield data.decode("utf-8", "ignore")
    yield data.decode("latin-1")
    if b"\x00" in data[:4096] or depth:
        for name in ("utf-16-le", "utf-16-be"):
            yield data.decode(name, "ignore")
            yield data[1:].decode(name, "ignore")
    text = data.decode("utf-8", "ignore")
    if "&" in text or "<" in text:
        yield html.unescape(text)
        yield html.unescape(re.sub(r"<[^>]*>", "", text))
        yield html.unescape(re.sub(r"<[^>]*>", " ", text))
    if "%" in text:
        yield urllib.parse.unquote(text, errors="ignore")
    if "\\u" in text or "\\x" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    if b"=\n" in data or b"=\r\n" in data or re.search(rb"=[0-9A-F]{2}", data):
        yield quopri.decodestring(data).decode("utf-8", "ignore")
    if depth < DEEPEST:
        for inner in packed(data):
            yield from texts(inner, depth + 1)


def packed(data: bytes) -> Iterator[bytes]:
    """What is packed in some bytes."""
    yield from _streams(data)
    if data[:4] == b"%PDF":
        yield from pdf(data)
    if data[:4] == b"PAR1":
        table = pq.read_table(io.BytesIO(data))
        for column in table.columns:
            yield "\n".join(str(value) for value in column.to_pylist()).encode("utf-8", "ignore")
    for match in BLOB.finditer(data):
        run = match[0].replace(b"\r", b"").replace(b"\n", b"")
        try:
            yield base64.b64decode(run[: len(run) // 4 * 4])
        except ERRORS:
            continue


def _streams(data: bytes) -> Iterator[bytes]:
    for opener in (zlib.decompress, gzip.decompress, bz2.decompress, lzma.decompress):
        try:
            yield opener(data)
        except ERRORS:
            continue
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield name.encode()
                    yield archive.read(name)
        except ERRORS:
            pass


def pdf(data: bytes) -> Iterator[bytes]:
    try:
        reader = PdfReader(io.BytesIO(data))
        yield "\n".join(page.extract_text() for page in reader.pages).encode("utf-8", "ignore")
        yield json.dumps(
            {key: str(value) for key, value in (reader.metadata or {}).items()}, ensure_ascii=False
        ).encode()
    except ERRORS:
        pass
    for match in STREAM.finditer(data):
        try:
            yield zlib.decompress(match[1])
        except ERRORS:
            continue


def tables(path: Path) -> Iterator[tuple[str, str]]:
    """Every value of every table of a database, those of the index of words too."""
    connection = sqlite3.connect(path)
    names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in names:
        if name == "words":
            connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
            yield "words", " ".join(term for (term,) in connection.execute("SELECT term FROM temp.vocabulary"))
            continue
        rows = connection.execute(f"SELECT * FROM {name}").fetchall()
        yield name, "\n".join(str(value) for row in rows for value in row if value is not None)
    connection.close()


def anywhere(folder: Path, needles: Needles, *, open_ledger: bool = True) -> list[str]:
    """Where anything that is looked for stands: 'file: what'. Names of files count as well."""
    hits = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found = needles.found(name)
        if path.is_file():
            raw = name.startswith("ledger.db")
            for text in texts(path.read_bytes(), DEEPEST if raw else 0):
                found |= needles.found(text)
        hits += [f"{name}: {what}" for what in sorted(found)]
    for table, value in tables(folder / "ledger.db") if open_ledger else ():
        found = {what for text in texts(value.encode("utf-8", "replace")) for what in needles.found(text)}
        hits += [f"table {table}: {what}" for what in sorted(found)]
    return hits
