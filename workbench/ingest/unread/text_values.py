"""Values of a structured file whatever it means: texts and attributes of a markup, strings of JSON, cells of lines. In linear time.

A file is read piece by piece and never held as a whole. What is damaged is taken for text.
"""

from __future__ import annotations

import codecs
import csv
import html
import json
import re
from collections.abc import Iterator

from workbench.ingest.reading.record_text import Line
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines, detect_encoding

PIECE = 1 << 20
LONGEST = 10 * PIECE
"""Characters that are held until a value ends."""
MARK = re.compile(
    r"<!--(?P<remark>.*?)(?:-->|\Z)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    r"|<(?P<kind>[?!/]?)(?P<name>[A-Za-z_][\w:.-]{0,100})(?P<rest>(?:[^<>\"']|\"[^\"]{0,10000}\"|'[^']{0,10000}'){0,20000}+)>",
    re.DOTALL,
)
"""A mark of XML or HTML: a remark, text as it is, a tag."""
ATTRIBUTE = re.compile(r"([\w:.-]{1,100})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
STRING = re.compile(r'"(?P<text>(?:[^"\\]+|\\.)*+)(?P<end>"|\Z)(?P<colon>\s{0,99}:)?', re.DOTALL)
"""A string of JSON, the mark of its end, and the colon by which it is a name."""
BESIDE = 100
"""Characters behind a string in which the colon may stand."""


def list_values(source: SourceFile) -> Iterator[Line]:
    """Names and texts of a file in order, by what it begins with. A name is that of the element, attribute, member or column."""
    start = source.read_head().lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start == b"<":
        return _list_marked(_read_pieces(source))
    return _list_strings(_read_pieces(source)) if start in (b"{", b"[") else _list_cells(source)


def _read_pieces(source: SourceFile) -> Iterator[str]:
    """The text of a file, piece by piece; the last piece is ''."""
    name = detect_encoding(source.read_head())
    decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)("replace")
    with source.open() as file:
        while data := file.read(PIECE):
            yield decoder.decode(data)
    yield ""


def _list_matches(
    pieces: Iterator[str], form: re.Pattern[str], beside: int
) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Each match of a form with the text before it, and the text behind the last one. What may go on in the next piece waits."""
    held = ""
    for piece in pieces:
        held, at = held + piece, 0
        for match in form.finditer(held):
            if piece and match.end() + beside >= len(held) and len(held) - at <= LONGEST:
                break
            yield held[at : match.start()], match
            at = match.end()
        held = held[at:]
        if len(held) > LONGEST:
            yield held, None
            held = ""
    yield held, None


def _list_marked(pieces: Iterator[str]) -> Iterator[Line]:
    """Texts under the name of the tag before them, values of attributes under their own with '@' before it."""
    name = ""
    for before, mark in _list_matches(pieces, MARK, 1):
        yield name, html.unescape(before)
        if mark is None:
            continue
        if mark["data"] is not None or mark["remark"] is not None:
            yield name if mark["data"] is not None else "remark", mark["data"] or mark["remark"] or ""
            continue
        name = mark["name"].rpartition(":")[2] if not mark["kind"] else ""
        for key, *values in ATTRIBUTE.findall(mark["rest"]) if not mark["kind"] else ():
            if not key.startswith("xmlns"):
                yield f"@{key.rpartition(':')[2]}", html.unescape("".join(values))


def _list_strings(pieces: Iterator[str]) -> Iterator[Line]:
    """Strings of JSON under the name before them."""
    name = ""
    for _, match in _list_matches(pieces, STRING, BESIDE):
        if match is not None and match["colon"]:
            name = match["text"]
        elif match is not None:
            yield name, _unescape_text(match["text"])


def _unescape_text(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _list_cells(source: SourceFile) -> Iterator[Line]:
    """Cells of lines that commas part, under the names in the first line where a line has as many cells."""
    names: list[str] = []
    for number, line in TextLines(source):
        try:
            cells = next(csv.reader([line]), [])
        except csv.Error:
            cells = [line]
        names = cells if number == 1 else names
        if cells is not names:
            yield from zip(names if len(cells) == len(names) else [""] * len(cells), cells, strict=True)
