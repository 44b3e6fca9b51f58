"""From the records of a register to rows: every value a received claim, every record a passage that can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.ingest.reading.json_objects import replace_surrogates
from workbench.ingest.reading.record_text import Entries, Entry, FaultCounts, Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.registers.register_record import Names, Record, Value
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import is_dialled
from workbench.model.rows import Claim, Row
from workbench.model.text.normalise import normalise_name
from workbench.model.time_zones import parse_iso_time
from workbench.model.values.plausible_years import BIRTHS, EVENTS, OTHERS, is_plausible

if TYPE_CHECKING:
    from followthemoney.property import Property
    from followthemoney.schema import Schema

BODY = "bodyText"
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d(?::\d\d){0,2}(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?)?)?")
"""The dates of FollowTheMoney: a year, a month, a day, or a moment."""

FIGURES = re.compile(r"\d[\d.,' \u00a0\u202f]*")
NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:[,' \u00a0\u202f]\d{3})+)(?:\.\d+)?")
"""Figures of a number, and those of one that is read in one way only."""

LIFETIMES = ("birthDate", "deathDate")
RECORDED = frozenset({"Call", "Email", "Message", "Payment"})
"""Schemas of what a program or a bank records."""
CHECKED = frozenset({"country", "email", "gender", "ip", "language", "mimetype", "topic", "url"})
"""Types of which FollowTheMoney itself knows what is valid. It takes numbers for examples (+44 7700 900…) for no telephones."""

ENTITIES = "ftm-entities"
"""Reader of files that have one record of an entity, and not one for each statement of it."""

TITLES = ("title", "subject", "fileName", "name")
TIMES = ("date", "authoredAt", "publishedAt", "startDate")


def list_rows(source: SourceFile, records: Callable[[], Iterable[Record]], method: str, version: str) -> Iterator[Row]:
    """Rows of a register. `records` is called twice: first for what identifies each entity, then for the claims."""
    names = Names(source)
    for record in records():
        names.add_record(record)
    yield from Writing(source, names, method, version).list_rows(records())


class Writing:
    """Writes the records of one file."""

    def __init__(self, source: SourceFile, names: Names, method: str, version: str) -> None:
        from workbench.model.schema import load_vocabulary

        self.source, self.names, self.method, self.version = source, names, method, version
        self.model, self.tally = load_vocabulary(), FaultCounts()
        self.register = Entries(source, method, version)
        self.called: dict[str, set[str]] = {}
        self.is_one_record_each = method == ENTITIES

    def list_rows(self, records: Iterable[Record]) -> Iterator[Row]:
        """The document of the file with its records; a record that is a document itself has one of its own."""
        yield self.register.build_document(self.source.name)
        papers = 0
        for record in records:
            schema = self.model.get(record.schema)
            self._note_two_schemata(record)
            self._note_other_name(record)
            if schema is None:
                self.tally.add(
                    "unknown-word", Sentence("fault.no_schema", name=quote_value(record.schema)), record.place
                )
            paper = schema is not None and schema.is_a("Document")
            papers += paper
            yield from self._list_document_rows(schema, record) if schema and paper else self._record(schema, record)
        if papers and not self.register.count:
            yield from self.register.add_entry("", [("documents", str(papers))], head=self.source.name).rows
        yield from self.register.finish(self.tally, "entity")

    def _note_two_schemata(self, record: Record) -> None:
        """Count an entity that the file gives two schemata, of which none is a kind of the other."""
        for name in (self.names.schema(record.name), *record.others):
            one, other = self.model.get(name), self.model.get(record.schema)
            if one and other and not (one.is_a(other) or other.is_a(one)):
                what = Sentence("fault.two_schemata", id=quote_value(record.id), first=name, second=record.schema)
                self.tally.add("conflict", what, record.place)

    def _note_other_name(self, record: Record) -> None:
        """Count a record whose entity has no name in common with what an earlier record of the same id calls it."""
        names = {normalise_name(name) for name in record.list_texts("name")}
        if not names or not record.id or not self.is_one_record_each:
            return
        known = self.called.setdefault(record.id, names)
        if not known & names:
            told = quote_value(", ".join(record.list_texts("name")))
            self.tally.add("conflict", Sentence("fault.other_name", id=quote_value(record.id), name=told), record.place)
        self.called[record.id] = known | names

    def _record(self, schema: Schema | None, record: Record) -> Iterator[Row]:
        entry = self.register.add_entry(record.place, _list_lines(record), head=record.schema)
        yield from entry.rows
        for name, values in record.doubled.items():
            self.tally.add_several(name, values, record.place)
        if schema and not record.doubled:
            yield from self._list_claims(entry, schema, record)

    def _list_document_rows(self, schema: Schema, record: Record) -> Iterator[Row]:
        """A record of a document: the document, its text, and what is said about it."""
        pages = Entries(self.source, self.method, self.version, record.schema, (record.name,))
        yield pages.build_document(
            record.get_first_value(*TITLES)[:300] or record.id or record.place, record.get_first_value(*TIMES)
        )
        text = "\n\n".join(record.list_texts(BODY))
        rest = replace(record, values=[value for value in record.values if value.prop != BODY])
        entry = pages.add_entry(
            record.place, _list_lines(rest), head=record.schema, body=replace_surrogates(text).split("\n")
        )
        yield from entry.rows
        yield from self._list_claims(entry, schema, rest)

    def _list_claims(self, entry: Entry, schema: Schema, record: Record) -> Iterator[Claim]:
        entity = self.names.get_id(record.name)
        for value in record.values:
            prop = schema.properties.get(value.prop)
            if prop is None or prop.stub:
                what = Sentence("fault.no_property", schema=schema.name, name=quote_value(value.prop))
                self.tally.add("unknown-word", what, record.place)
            else:
                yield self._build_claim(entry, entity, prop, value, record)

    def _build_claim(self, entry: Entry, entity: str, prop: Property, value: Value, record: Record) -> Claim:
        text, original = replace_surrogates(value.text).strip(), replace_surrogates(value.original).strip()
        if prop.type.name == "entity":
            text, original = self.names.get_id(value.text, prop.range.name if prop.range else "Thing"), text
        elif prop.type.name == "date" and not is_date(text):
            what = Sentence("fault.no_known_date", text=quote_value(text))
            self.tally.add("bad-date", what, record.place)
        elif prop.type.name == "date" and not is_plausible(text, _find_years(record.schema, prop.name)):
            self.tally.add("bad-date", Sentence("fault.year", text=quote_value(text)), record.place)
        elif not is_valid(prop, text):
            what = Sentence("fault.no_valid_value", text=quote_value(text), name=prop.name)
            self.tally.add("bad-row", what, record.place)
        claim = entry.build_claim(record.schema, entity, prop.name, text, original, _format_label(value))
        return replace(claim, kind="suggested") if value.external else claim


def _find_years(schema: str, prop: str) -> range:
    """Years in which a date of a property can be."""
    return BIRTHS if prop in LIFETIMES else EVENTS if schema in RECORDED else OTHERS


def is_date(text: str) -> bool:
    """Whether a text is a date of FollowTheMoney that is in the calendar."""
    if not DATE.fullmatch(text):
        return False
    try:
        parse_iso_time(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def is_number(text: str) -> bool:
    """Whether a number is read in one way only: with a point for decimals, in groups of thousands by commas or blanks, with its unit.

    >>> is_number("1,234.50"), is_number("25 %"), is_number("1.234,50"), is_number("1234,5")
    (True, True, False, False)
    """
    figures = FIGURES.search(text)
    return figures is None or NUMBER.fullmatch(figures[0].rstrip(".,' \u00a0\u202f")) is not None


def is_valid(prop: Property, text: str) -> bool:
    """Whether a text can be a value of a property, as far as its type tells."""
    if prop.type.name == "phone":
        return is_dialled(text)
    if prop.type.name == "number":
        return is_number(text)
    return prop.type.name not in CHECKED or prop.type.validate(text)


def _format_label(value: Value) -> str:
    return f"{value.prop} ({value.lang})" if value.lang else value.prop


def _list_lines(record: Record) -> Iterator[Line]:
    """Lines of a record: its values in the order of the file, then what the file says of the record."""
    for value in record.values:
        written = f" (written {value.original})" if value.original not in ("", value.text) else ""
        yield _format_label(value), value.text + written
    yield "id", record.id
    yield from record.extra
