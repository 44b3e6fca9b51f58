"""No word of a structured file is lost: whatever stands in it beyond what its reader knows is read, or told."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.extremes import samples
from tests.scale import times
from workbench.ingest import SourceFile, read
from workbench.ingest.unread.text_scopes import SCOPES
from workbench.ingest.unread.text_values import list_values
from workbench.model.rows import Enclosure, Issue, Row

WORD = "zqxword"
ALL = samples()
BETWEEN = re.compile(r"(?<![?-])>(?=[^<]*<)|(?<==\")[^\"<>]*(?=\")")
STRINGS = re.compile(r'(?<=")(?:[^"\\]|\\.)*(?="\s*[,}\]])')


def rows(name: str, data: bytes) -> list[Row]:
    return list(read(SourceFile(Path("/nowhere"), "0" * 64, name, data)))


def said(found: list[Row]) -> tuple[str, set[str]]:
    """All that rows say, and what is told in issues."""
    texts = [repr(row) + str(row.data if isinstance(row, Enclosure) else "") for row in found]
    return "\n".join(texts), {row.message for row in found if isinstance(row, Issue)}


def with_word(text: str) -> Iterator[tuple[str, str]]:
    """The text with one more word, for each place in which people may have their say; and the place."""
    form = BETWEEN if text.lstrip("\ufeff \n").startswith("<") else STRINGS
    for match in form.finditer(text):
        if not text[: match.end()].endswith("<script>"):
            yield f"{text[: match.end()]} {WORD} {text[match.end() :]}", text[max(0, match.start() - 60) : match.end()]


def is_looked_at(reader: str, data: bytes) -> bool:
    """Whether the word stands where it is looked for."""
    source = SourceFile(Path("/nowhere"), "0" * 64, "x", data)
    return any(WORD in value and SCOPES[reader].is_in_scope(name, value) for name, value in list_values(source))


@pytest.mark.slow
@pytest.mark.parametrize("reader", sorted(SCOPES))
def test_a_word_in_any_place_is_read_or_told(reader: str) -> None:
    lost, tried = [], 0
    for sample in ALL[reader]:
        if sample.data[:2] == b"PK" or sample.name.endswith((".csv", ".md")):
            continue
        _, known = said(rows(sample.name, sample.data))
        code = "utf-16" if sample.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        places = list(with_word(sample.data.decode(code)))
        for text, place in random.Random(reader).sample(places, min(len(places), times(400, 60))):
            if is_looked_at(reader, text.encode(code)):
                tried += 1
                texts, told = said(rows(sample.name, text.encode(code)))
                lost += [] if WORD in texts or told - known else [place]
    assert tried > 5, reader
    assert not lost, lost


def test_what_a_reader_gave_is_not_given_again() -> None:
    again = [
        (reader, sample.name, row)
        for reader in SCOPES
        for sample in ALL[reader]
        for row in rows(sample.name, sample.data)
        if getattr(row, "title", "").endswith("further text")
    ]
    names = {"chats-telegram-result.json", "chats-telegram-messages.html", "maps-harbour.kml", "maps-yard.kmz"}
    assert {name for _, name, _ in again} <= names, again
