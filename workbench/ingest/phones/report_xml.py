"""Cellebrite's report.xml as facts and items, read element by element.

The package ufedlib-py knows the same form (tests compare with it), but holds all of a report in memory, has no defence
against entities, takes files by a path with the right suffix, drops values of lists and of models it does not know, and
starts `pg_restore` for newer reports. Nothing of that suits files of strangers, so the form is read here.

References
----------
Element names: project > sourceExtractions, caseInformation, metadata[section] > item, taggedFiles > file, decodedData >
modelType > model > field, multiField, modelField, multiModelField > value, model (http://pa.cellebrite.com/report/2.0).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from workbench.ingest.chats.message_times import UnreadTimes
from workbench.ingest.phones.phone_record import Fact, Item
from workbench.ingest.reading.record_text import FaultCounts, quote_value
from workbench.ingest.reading.xml_elements import Elements, Outline, Piece
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import format_list

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

LONGEST = 1_000_000
"""Characters of one value; the rest is left out and reported."""

FIELDS = frozenset({"field", "multiField", "modelField", "multiModelField", "jumptargets"})
FURTHER = "Further text"
"""Section of what stands outside records and sections."""

FRAMES = frozenset(
    {"project", "extractionInfo", "modelType", "decodedData", "metadata", "caseInformation", "item", "field"}
)
"""Elements whose attributes the form defines."""

TIMES = ("TimeStamp", "Date", "DateDelivered", "DateTime", "LastConnection", "EndTime")
"""Fields whose values are read as times."""

WORDS = frozenset({"Body", "Snippet", "Content", "Subject", "Title", "Summary", "Text"})
"""Fields that are text only: of several values all are read."""

SHOWN = 3
MOST = 2_000_000
"""Records in one top-level record (a chat), at most."""


@dataclass(slots=True)
class _Open:
    """A model that is being read."""

    type: str
    attributes: dict[str, str]
    fields: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, list[Item]] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)

    def build_item(self, place: str) -> Item:
        """The record."""
        get = self.attributes.get
        return Item(
            self.type,
            get("id", ""),
            get("deleted_state", "") or get("deleted", ""),
            get("decoding_confidence", ""),
            get("extractionId", ""),
            self.fields,
            {name: tuple(values) for name, values in self.lists.items()},
            {name: tuple(parts) for name, parts in self.parts.items()},
            place,
        )


class Report:
    """Facts and items of a report in the order of the file.

    Attributes
    ----------
    problem : str
        After the reading: why it stopped before the end, '' if it did not.
    times : UnreadTimes
        Times that are not in the form that the report has.
    files, cut : int
        Files that the report lists; values that were too long.
    tally : FaultCounts
        Fields with several different values.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.elements = Elements(stream, name)
        self.outline = Outline()
        self.models: list[_Open] = []
        self.names: list[tuple[str, str]] = []
        self.section = ""
        self.in_file = False
        self.times = UnreadTimes()
        self.tally = FaultCounts()
        self.count = self.within = self.files = self.cut = 0

    @property
    def problem(self) -> str:
        """Why the reading stopped before the end, '' if it did not."""
        return self.elements.problem

    def __iter__(self) -> Iterator[Fact | Item]:
        """Facts, and items as they end."""
        for piece in self.elements:
            yield from self._list_outside_facts(piece)
            yield from self._start_element(piece) if piece.begins else self._end_element(piece)

    def _list_outside_facts(self, piece: Piece) -> Iterator[Fact]:
        """Words outside records, files and what the form defines: bookmarks, say."""
        lines = [*self.outline.list_texts(piece, whole=piece.name in ("model", "file"))]
        is_fact = (
            self.section and not piece.begins and piece.name in ("item", "field") and piece.element.get("name", "")
        )
        if lines and not (is_fact or (piece.begins and piece.name in FRAMES)):
            for label, value in lines:
                if any(map(str.isalpha, value)):
                    self.cut += len(value) > LONGEST
                    yield Fact(FURTHER, label, value.strip()[:LONGEST])

    def _start_element(self, piece: Piece) -> Iterator[Fact | Item]:
        get = piece.element.get
        if piece.name == "model":
            self.models.append(_Open(get("type", "") or "Unknown", dict(piece.element.attrib)))
            self.within += 1
        elif piece.name in FIELDS and self.models:
            self.names.append((piece.name, get("name", "") or piece.name))
        elif piece.name == "metadata":
            self.section = get("section", "")
        elif piece.name == "caseInformation":
            self.section = "Case information"
        elif piece.name == "project":
            for name in ("name", "reportVersion", "extractionType"):
                if value := get(name, ""):
                    yield Fact("Project", name, value)
        elif piece.name == "extractionInfo":
            words = (get(name, "") for name in ("name", "type", "deviceName", "fullName"))
            yield Fact("Extraction", f"extraction {get('id', '')}", ", ".join(dict.fromkeys(filter(None, words))))
        elif piece.name == "file":
            self.files += 1
            self.in_file = True

    def _end_element(self, piece: Piece) -> Iterator[Fact | Item]:
        if piece.name == "model" and self.models:
            yield from self._end_model()
        elif self.models:
            self._read_value(piece)
        elif piece.name in ("metadata", "caseInformation"):
            self.section = ""
        elif piece.name == "file":
            self.in_file = False
        elif piece.name in ("item", "field") and self.section and not self.in_file:
            name, value = piece.element.get("name", ""), self._get_text(piece.element)
            yield from [Fact(self.section, name, value)] if name and value else []

    def _end_model(self) -> Iterator[Item]:
        done = self.models.pop()
        self._separate_doubled(done)
        for name in TIMES:
            self.times.check(done.fields.get(name, ""), f"model {self.count + 1}")
        if self.models:
            parts = self.models[-1].parts.setdefault(self.names[-1][1] if self.names else done.type, [])
            if self.within <= MOST:
                parts.append(done.build_item(""))
            return
        self.count += 1
        self.within = 0
        self.names = []
        yield done.build_item(f"model {self.count} ({done.type})")

    def _read_value(self, piece: Piece) -> None:
        """Take the text of a field of the model that is open."""
        kind, name = self.names[-1] if self.names else ("", "")
        model = self.models[-1]
        if piece.name in FIELDS and self.names:
            self.names.pop()
            if kind == "field" and (text := self._get_text(piece.element)):
                self._add_value(model, name, text)
        elif piece.name == "name" and kind:
            self.names[-1] = (kind, self._get_text(piece.element) or name)
        elif piece.name in ("value", "targetid") and (text := self._get_text(piece.element)):
            if kind == "field":
                self._add_value(model, name, text)
            else:
                model.lists.setdefault(name or piece.name, []).append(text)

    def _add_value(self, model: _Open, name: str, text: str) -> None:
        """Keep the value of a field; of one that has a value already as a further value of that name."""
        if (first := model.fields.setdefault(name, text)) is not text:
            model.lists.setdefault(name, []).append(text)
            if first != text and name not in WORDS:
                model.doubled.add(name)

    def _separate_doubled(self, model: _Open) -> None:
        """Take a field with different values for none: they stay as text, and are told."""
        for name in sorted(model.doubled):
            model.lists[name].insert(0, model.fields.pop(name))
            shown = format_list([quote_value(one) for one in model.lists[name][:SHOWN]], count=len(model.lists[name]))
            said = Sentence("fault.doubled_field", name=name, listed=shown)
            self.tally.add("conflict", said, f"model {self.count + 1}", "fix.look.places")

    def _get_text(self, element: Element) -> str:
        text = (element.text or "").strip()
        if len(text) > LONGEST:
            self.cut += 1
            text = text[:LONGEST]
        return _decode_base64(text) if element.get("format", "") == "Base64String" else text


def _decode_base64(text: str) -> str:
    """Text of a value in base64, as it stands where it is none."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8").strip()
    except (binascii.Error, ValueError):
        return text
