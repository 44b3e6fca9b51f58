"""What goes out of a received file, and the file made again without it, item by item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import LEGACY, TextLines
from workbench.model.pseudonyms.name_matching import ERASED, Phrases, Replacement, merge_places, replace_places

NUMBERED = re.compile(r"((?:.* )?(?:line|row|message) )(\d+)")
"""Place of an item that is found by its number."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What goes out of one file.

    Attributes
    ----------
    gone : frozenset of str
        Places (`Trace.place`) of which everything goes.
    parts : mapping
        Place -> texts of passages that go of it.
    strike : callable
        From a place and a text to the text without words that go there.
    inner : mapping
        SHA-256 of a file within -> what is there instead of it; None: it goes.
    """

    gone: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]
    strike: Callable[[str, str], str]
    inner: Mapping[str, bytes | None] = field(default_factory=dict)

    def redact_text(self, place: str, text: str) -> str:
        """A text of a place with everything struck that goes of it."""
        places = [one for part in self.parts.get(place, ()) for one in _find_places(text, part)]
        return self.strike(place, replace_places(text, merge_places(text, places)))


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """A file in its new form.

    Attributes
    ----------
    data : bytes
        Its content.
    moved : mapping
        Old place -> new place, of what stands elsewhere now.
    """

    data: bytes
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """Lines that belong together: a message, a row, a heading."""

    place: str
    lines: tuple[str, ...]


def _find_places(text: str, part: str) -> list[Replacement]:
    """Where a passage stands in a text: with any space between its words, else by its words alone."""
    if not part.strip():
        return []
    found = re.finditer(r"\s+".join(map(re.escape, part.split())), text)
    return [Replacement(*one.span(), ERASED) for one in found] or [*Phrases({part: ERASED}).find(text)]


Emptied = Callable[[str], list[str]]
"""What stands in the place of an item that is gone."""


def rewrite_lines(
    source: SourceFile, lines: TextLines, items: Iterable[Item], cuts: Cuts, emptied: Emptied
) -> RedactedFile | None:
    """A file of lines again, item by item; None if it has lines that no reader could hold."""
    made: list[str] = []
    moved: dict[str, str] = {}
    for item in items:
        place, text = renumber_place(item.place, len(made) + 1), "\n".join(item.lines)
        if item.place in cuts.gone:
            made += emptied(text)
            continue
        if place != item.place:
            moved[item.place] = place
        made += cuts.redact_text(item.place, text).split("\n")
    if any(one.code == "bad-row" for one in lines.issues):
        return None
    return RedactedFile(_encode_lines(source, lines, made), moved)


def group_lines(lines: Iterable[tuple[int, str]], begins: Callable[[int, str], bool], what: str) -> Iterator[Item]:
    """Lines in items, each of which begins with a line of its kind; `what`: how its place is called."""
    place = ""
    held: list[str] = []
    for number, line in lines:
        if held and begins(number, line):
            yield Item(place, tuple(held))
            held = []
        place = place if held else f"{what} {number}"
        held.append(line)
    if held:
        yield Item(place, tuple(held))


def renumber_place(place: str, number: int) -> str:
    """A place with another number."""
    match = NUMBERED.fullmatch(place)
    return f"{match[1]}{number}" if match else place


def _encode_lines(source: SourceFile, lines: TextLines, made: list[str]) -> bytes:
    """Lines as the file had them: its kind of line end, its encoding, with or without an end after the last one."""
    with source.open() as file:
        head = file.read(4096)
        file.seek(-min(8, file.seek(0, 2)), 2)
        ended = file.read().rstrip(b"\x00").endswith((b"\n", b"\r"))
    plain = head.replace(b"\x00", b"")
    end = "\r\n" if b"\r\n" in plain else "\r" if b"\r" in plain and b"\n" not in plain else "\n"
    text = end.join(made) + (end if ended and made else "")
    known = lines.said or (lines.encoding if lines.encoding not in LEGACY else "utf-8")
    return text.encode(known, "replace")
