"""Records of a file (a contact, an item of a register, a place on a map) as text of lines 'label: value', with claims.

Each record has a trace of its own, so that its place in the file is known, and one passage or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from workbench.ingest.reading.json_objects import replace_surrogates
from workbench.ingest.reading.passages import SIZE, split_pieces
from workbench.ingest.reading.source import NOWHERE, Evidence, SourceFile
from workbench.ingest.reading.special_labels import claim_value, find_special_label, find_special_members
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import is_rounded
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue, describe_missing_record, format_list
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace

LONG = 2_000
"""Characters of a passage, about; a record that is longer has several."""

SHOWN = 8
QUOTED = 80
KINDS = 200

ANY = "*"
Line = tuple[str, str]
"""Label and value."""


@dataclass(slots=True)
class Entry:
    """A record that was written down: its rows, and where in its passages each line stands."""

    evidence: Evidence
    rows: list[Row]
    lines: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    long: list[tuple[Line, dict[str, str]]] = field(default_factory=list)
    """Lines that are too long for one passage, with their pieces by passage; no place in them is marked."""

    def build_claim(self, schema: str, entity: str, prop: str, value: str, written: str = "", label: str = "") -> Claim:
        """One claim; the place of `written` (or the value) in the lines of the label is marked, if it is there.

        Parameters
        ----------
        label : str, optional
            Label of the line; the property's name if not given, any line if it is ANY.
        """
        written = written or value
        lines = chain.from_iterable(self.lines.values()) if label == ANY else self.lines.get(label or prop, [])
        for passage, text, start in lines:
            at = text.find(written)
            if at >= 0:
                span = (start + at, start + at + len(written))
                there = replace(self.evidence, passage_id=passage)
                return there.build_claim(schema, entity, prop, value, written, span=span)
        return self.evidence.build_claim(schema, entity, prop, value, written, span=NOWHERE)

    def claim_special_line(self, line: Line, prop: str) -> Iterator[Claim]:
        """What a line says of a special category, on each passage in which it is."""
        label, value = line[0], replace_surrogates(line[1]).strip()
        for passage, text, start in self.lines.get(label, []):
            if text == value:
                yield claim_value(replace(self.evidence, passage_id=passage), prop, text, passage, str(start))
        yield from self.claim_special_pieces((label, value), prop) if len(value) > LONG else ()

    def claim_special_pieces(self, line: Line, prop: str) -> Iterator[Claim]:
        """What the pieces of a line say that is too long for one passage."""
        for passage, text in (one for found, pieces in self.long if found == line for one in pieces.items()):
            yield claim_value(replace(self.evidence, passage_id=passage), prop, text, passage)

    def link(self, schema: str, entity: str, props: Mapping[str, str]) -> Iterator[Claim]:
        """Claims of an entity whose values are ids or words that the source does not write."""
        return self.evidence.claim_entity(schema, entity, props)

    def claim_attribution(self, holder: str, held: str, basis: str, **props: str) -> Iterator[Claim]:
        """That `holder` uses `held`, on this basis."""
        return self.evidence.claim_attribution(holder, held, basis, **props)


class Entries:
    """Writes the records of one document.

    Parameters
    ----------
    method, version : str
        Reader that makes the claims.
    schema : str
        Of the document; 'Table' where the records are no prose.
    key : tuple of str
        What tells this document from others of the file.
    is_protected : bool
        Whether what lines say of special categories is claimed (`special_labels`); not where the reader says it of whom it is about.
    """

    def __init__(
        self,
        source: SourceFile,
        method: str,
        version: str,
        schema: str = "Table",
        key: tuple[str, ...] = (),
        *,
        is_protected: bool = False,
    ) -> None:
        self.is_protected = is_protected
        self.source, self.method, self.version, self.schema = source, method, version, schema
        self.document_id = compute_digest(schema, source.sha256, *key)
        self.passages = self.count = 0

    def build_document(self, title: str, at: str = "") -> Document:
        """The document; to be handed on before its entries."""
        return Document(self.document_id, self.schema, replace_surrogates(title), at)

    def add_entry(
        self, place: str, lines: Iterable[Line], *, head: str = "", body: Iterable[str] = (), size: int = SIZE
    ) -> Entry:
        """Write down a record.

        Parameters
        ----------
        place : str
            Where in the file.
        lines : iterable of (label, value)
            In the order in which they are to be read; empty values are left out.
        head : str, optional
            First line, without a label.
        body : iterable of str, optional
            Lines of running text that follow in passages of their own.
        size : int, optional
            Characters of such a passage, at most.
        """
        self.count += 1
        trace = Trace(
            compute_digest(self.source.sha256, place, self.document_id),
            self.document_id,
            self.source.sha256,
            place=place,
        )
        entry = Entry(Evidence(self.method, self.version, self.document_id, trace_id=trace.id), [trace])
        first = self._compute_passage_id()
        for text in [*self._list_texts(entry, lines, head), *split_pieces(body, size)]:
            entry.rows.append(Passage(self._compute_passage_id(), self.document_id, self.passages, text))
            self.passages += 1
        if len(entry.rows) > 1:
            entry.evidence = replace(entry.evidence, passage_id=first)
        if self.is_protected:
            entry.rows += list(self._claim_special_lines(entry))
        return entry

    def _claim_special_lines(self, entry: Entry) -> Iterator[Claim]:
        """What lines whose label names a special category say, on each passage in which one of them is."""
        for label, lines in entry.lines.items():
            for passage, value, start in lines:
                if prop := find_special_label(label) or find_special_members([value]):
                    there = replace(entry.evidence, passage_id=passage)
                    yield claim_value(there, prop, value, passage, str(start))
        for label, whole in dict.fromkeys(line for line, _ in entry.long):
            if prop := find_special_label(label) or find_special_members([whole]):
                yield from entry.claim_special_pieces((label, whole), prop)

    def finish(self, tally: FaultCounts, what: str) -> Iterator[Row]:
        """What was wrong, and for a file without any record that it is empty. `what`: the records' name."""
        if not self.count:
            trace = compute_digest(self.source.sha256, "", self.document_id)
            yield Trace(trace, self.document_id, self.source.sha256)
            yield build_issue("empty", describe_missing_record(what, self.source.name), document_id=self.document_id)
        yield from tally.list_issues(self.document_id)

    def _compute_passage_id(self, ahead: int = 0) -> str:
        return compute_digest("Passage", self.document_id, str(self.passages + ahead))

    def _list_texts(self, entry: Entry, lines: Iterable[Line], head: str) -> Iterator[str]:
        """Texts of passages; a value that is too long for one is cut at the end of sentences, and not marked."""
        text, done = replace_surrogates(head).strip(), 0
        for label, raw in lines:
            value = replace_surrogates(raw).strip()
            if not value:
                continue
            start = f"{text}\n{label}: " if text else f"{label}: "
            if text and len(start) + len(value) > LONG:
                yield text
                done += 1
                start = f"{label}: "
            if len(value) > LONG:
                parts = list(split_pieces([f"{label}: ", *value.split("\n")], LONG))
                pieces = {self._compute_passage_id(done + at): part for at, part in enumerate(parts)}
                entry.long.append(((label, value), pieces))
                yield from parts
                done += len(parts)
                text = ""
                continue
            entry.lines.setdefault(label, []).append((self._compute_passage_id(done), value, len(start)))
            text = start + value
        if text:
            yield text


@dataclass(slots=True)
class FaultCounts:
    """Faults of one kind, told once at the end of the file with the places of the first. `fixes`: keys of the catalogue."""

    fixes: dict[str, str] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, code: str, what: str, place: str, fix: str = "") -> None:
        """Count one: `what` is a fault of the catalogue, `fix` a key of it. Beyond many different sentences a code tells one."""
        if (code, what) not in self.counts and len(self.counts) >= KINDS:
            what = Sentence("fault.more")
        self.counts[code, what] += 1
        shown = self.places.setdefault((code, what), [])
        if len(shown) < SHOWN:
            shown.append(place)
        if fix:
            self.fixes[code] = fix

    def add_several(self, name: str, values: Sequence[str], place: str, fix: str = "fix.look.places") -> None:
        """Count an element that has several values where its format has one: none of them is used."""
        told = format_list([quote_value(one) for one in values[:SHOWN]], count=len(values))
        self.add("contradiction", Sentence("fault.several_values", name=quote_value(name), values=told), place, fix)

    def add_unread_identifier(self, text: str, place: str) -> None:
        """Count a field of which no identifier was read: it was rounded, or has several that cannot be told apart."""
        if is_rounded(text.strip()):
            self.add("damaged-number", Sentence("fault.rounded", text=quote_value(text)), place, "fix.ask.original")
        else:
            self.add("bad-row", Sentence("fault.several", text=quote_value(text)), place, "fix.look.places")

    def list_issues(self, document: str) -> Iterator[Issue]:
        """One issue per sentence, in the order in which they were first counted."""
        for (code, what), count in self.counts.items():
            places = self.places[code, what]
            where = format_list(places, count=count)
            once = Sentence("counted.once", fault=what)
            said = Sentence("counted.places", fault=what, places=where) if any(places) else once
            fix = Sentence(self.fixes[code]) if code in self.fixes else ""
            yield build_issue(code, said, fix=fix, document_id=document, place=places[0])


def quote_value(text: str) -> str:
    """A value for a message: in quotes, cut where it goes on."""
    return repr(text if len(text) <= QUOTED else text[: QUOTED - 1] + "…")
