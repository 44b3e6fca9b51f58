"""The bytes of a PDF: where its objects stand, and what of it the file no longer uses, as earlier states that saving left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdf import PdfReader

SPACE = rb"[\x00\t\n\f\r ]"
HEADER = re.compile(rb"(?<![0-9])(\d{1,10})" + SPACE + rb"{1,20}(\d{1,5})" + SPACE + rb"{1,20}obj(?![A-Za-z])")
STOP = re.compile(rb"endobj|(?<!end)stream(?=[\r\n ])|" + HEADER.pattern)
LENGTH = re.compile(rb"/Length" + SPACE + rb"{0,20}(\d{1,12})(" + SPACE + rb"{1,20}\d{1,5}" + SPACE + rb"{1,20}R)?")
NUMBER = re.compile(HEADER.pattern + SPACE + rb"{0,20}(\d{1,12})")
CLOSE = re.compile(SPACE + rb"{0,4}endstream")
OVER = re.compile(SPACE + rb"{0,20}endobj")
REMARK = re.compile(rb"%[^\r\n]*")
ORDER = re.compile(
    rb"startxref\s{1,20}\d{1,12}|xref|\d{10} \d{5} [nf](?=\s)|^\d{1,10} \d{1,7} ?\r?$|[\x00\s]+", re.MULTILINE
)
"""What keeps order between objects: tables of places, and space."""
REMARKS = 1024
"""Bytes of remarks that programs leave between objects to say who wrote the file."""
TRAILER = 4096
STRAY = 4
"""Bytes that a length which is a little wrong leaves over: too few for a word."""


class Lying(NamedTuple):
    """An object and where it stands."""

    number: int
    start: int
    end: int


class UnusedBytes(NamedTuple):
    """What the file no longer uses: objects that were replaced or deleted, and bytes in none of its objects, with the first place."""

    objects: int
    loose: int
    at: int


def find_objects(data: bytes, places: Mapping[int, int]) -> Iterator[Lying]:
    """Objects in order; what looks like an object within the content of another is none.

    Parameters
    ----------
    places : mapping
        Where the file says that its objects stand: the length of one may be another.
    """
    at = 0
    while header := HEADER.search(data, at):
        at = _find_end(data, header.end(), places)
        yield Lying(int(header[1]), header.start(), at)


def list_places(reader: PdfReader) -> dict[int, int]:
    """Number of an object -> where the file says that it stands."""
    free = reader.xref_free_entry
    return {
        number: start
        for generation, table in reader.xref.items()
        for number, start in table.items()
        if not free.get(generation, {}).get(number) and number not in reader.xref_objStm
    }


def find_unused(data: bytes, reader: PdfReader, lying: list[Lying]) -> UnusedBytes:
    """What of the file stands in it for nothing."""
    places = {number: _skip_space(data, start) for number, start in list_places(reader).items()}
    last = {one.number: one.start for one in lying}
    starts = {one.start for one in lying}
    kept = {number: start if start in starts else last.get(number, -1) for number, start in places.items()}
    old = sum(one.start != kept.get(one.number, -1) and not _is_table(data, one) for one in lying)
    gaps = [gap for gap in _list_gaps(data, lying) if _count_loose_bytes(data[gap[0] : gap[1]])]
    remarks = sum(len(said) for start, end in _list_gaps(data, lying) for said in REMARK.findall(data, start, end))
    loose = sum(_count_loose_bytes(data[start:end]) for start, end in gaps) + (remarks if remarks > REMARKS else 0)
    return UnusedBytes(old, loose if loose > STRAY else 0, gaps[0][0] if gaps else 0)


def _find_end(data: bytes, at: int, places: Mapping[int, int]) -> int:
    """Where an object ends whose content begins at `at`."""
    stop = STOP.search(data, at)
    if stop is None:
        return len(data)
    if stop[0] != b"stream":
        return stop.end() if stop[0] == b"endobj" else stop.start()
    start = stop.end() + (2 if data.startswith(b"\r\n", stop.end()) else 1)
    close = CLOSE.match(data, start + _find_length(data, at, stop.start(), places))
    end = close.end() if close else data.find(b"endstream", start) + len(b"endstream")
    if end < start:
        return len(data)
    over = OVER.match(data, end)
    return over.end() if over else end


def _find_length(data: bytes, start: int, end: int, places: Mapping[int, int]) -> int:
    """Bytes of a content by what stands before it."""
    said = LENGTH.search(data, start, end)
    if said is None or not said[2]:
        return int(said[1]) if said else 0
    held = NUMBER.match(data, _skip_space(data, places.get(int(said[1]), len(data))))
    return int(held[3]) if held else 0


def _skip_space(data: bytes, at: int) -> int:
    while 0 <= at < len(data) and data[at] in b"\x00\t\n\f\r ":
        at += 1
    return at


def _is_table(data: bytes, one: Lying) -> bool:
    """Whether an object is a table of places, which need not list itself."""
    head = data[one.start : one.end].partition(b"stream")[0]
    return b"/XRef" in head


def _list_gaps(data: bytes, lying: list[Lying]) -> list[tuple[int, int]]:
    """What stands between objects, from the mark of PDF to its end."""
    first, end = max(data.find(b"%PDF-"), 0), data.rfind(b"%%EOF")
    edges = [(0, first), *((one.start, one.end) for one in lying), (end if end > 0 else len(data), len(data))]
    return [(before[1], after[0]) for before, after in pairwise(edges) if after[0] > before[1]]


def _count_loose_bytes(gap: bytes) -> int:
    """Bytes of a gap that keep no order and are no remark."""
    kept, at = [], 0
    while (found := gap.find(b"trailer", at)) >= 0 and 0 < (end := gap.find(b"startxref", found)) <= found + TRAILER:
        kept.append(gap[at:found])
        at = end
    return len(ORDER.sub(b"", REMARK.sub(b"", b"".join([*kept, gap[at:]]))))
