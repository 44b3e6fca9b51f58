"""The mark of a message on what is attached to it: on a file that came with it alone. A file that is here otherwise stays as it was.

A mark from outside on a thing of ours has no effect before an officer adopts it: it is kept as a remark. The copy that the message
brought goes with the message, since it lies in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.case.access import controller
from workbench.case.context.tables import Book
from workbench.ledger import Arrival, Object
from workbench.ledger.access import terms
from workbench.ledger.foreign import remarks
from workbench.ledger.foreign.remarks import Remark
from workbench.ledger.records import row_tables
from workbench.ledger.storage.runs import now
from workbench.model import handling_marks
from workbench.model.handling_marks import Mark
from workbench.model.ids import digest

Facets = Mapping[str, Sequence[str]]
ELSEWHERE = """WITH RECURSIVE up(id) AS (SELECT ?1 UNION SELECT a.outer_source FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
        WHERE a.outer_source != '' AND up.id NOT IN (SELECT value FROM json_each(?2)))
    SELECT 1 FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
        WHERE a.outer_source = '' AND up.id NOT IN (SELECT value FROM json_each(?2)) LIMIT 1"""
"""Whether a source came in another way than within some files."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who marks an attachment, and where.

    Attributes
    ----------
    bureau, officer : str
        Of the sender: as it has signed (`packages.bureau`), or as an unsealed message says.
    earlier : collection of str
        What else the sender was known by.
    package : str
        In which the message came; '' in none.
    at : str
        When the message was written.
    files : collection of str
        Sources of messages of that sender, or the file of traffic: what lies in these alone the sender alone has brought.
    because : str
        Reason with which the mark is said.
    """

    bureau: str
    officer: str
    package: str
    at: str
    files: Collection[str]
    because: str
    earlier: Collection[str] = ()

    def has_sent_file(self, bureau: str) -> bool:
        """Whether the sender is the bureau that has brought a file: by what is signed, not by what a message says."""
        return bool(self.package) and bureau in (self.bureau, *self.earlier)


def receive(book: Book, source: str, arrival: Arrival, size: int, mark: Mark, told: Told) -> bool:
    """Register a file that is attached to a message, under the mark of the message; whether it is to be read.

    The mark only rises, and only on what the sender alone has brought. Where the file came in another way too, its marks stay as they
    are, and that of the message is a remark on it. What another bureau has brought stays what that bureau has brought.
    """
    with book.ledger.group_transactions():
        brought = _bureau_of(book, source)
        apply_mark(book, source, mark, told, brought)
        if brought:
            book.ledger.add_arrival(source, arrival)
        else:
            book.ledger.add_source(source, arrival, size, {})
    return not brought and row_tables.source_state(book.ledger, source, own=True)[0] not in ("read", "withdrawn")


def apply_mark(book: Book, source: str, mark: Mark, told: Told, brought: str = "") -> None:
    """Say the mark of a file of the sender alone; keep it as a remark on any other one. What holds already is not said again.

    `brought`: the bureau in whose packages alone the file came.
    """
    scheme = controller.levels(book)
    facets = terms.current_terms(book.ledger, [source], whole=True).get(("source", source), {})
    held = handling_marks.read({name: list(values) for name, values in facets.items()}, scheme)
    if held | mark == held:
        return
    if told.has_sent_file(brought) if brought else not _came_otherwise(book, source, told.files):
        terms.add(book.ledger, [("source", source)], handling_marks.facets(held | mark, scheme), told.because)
    else:
        _remark(book, source, handling_marks.facets(mark, scheme), told)


def _bureau_of(book: Book, source: str) -> str:
    """The bureau in whose packages alone a source came; '' where it is ours or not here."""
    query = "SELECT bureau FROM main.foreign_rows WHERE kind = 'source' AND key = ?"
    found = book.ledger.connection.execute(query, (source,)).fetchone()
    return str(found[0]) if found else ""


def _came_otherwise(book: Book, source: str, files: Collection[str]) -> bool:
    """Whether a source came in another way than within these files."""
    asked = (source, json.dumps(sorted(files)))
    return book.ledger.connection.execute(ELSEWHERE, asked).fetchone() is not None


def _remark(book: Book, source: str, said: Facets, told: Told) -> None:
    """Keep a mark as what the sender says of a thing that it did not bring alone."""
    marks = {name: list(values) for name, values in said.items() if remarks.borne("terms", name, source)}
    with book.ledger.transaction() as sql:
        for facet, values in said.items():
            text = json.dumps(sorted(values), ensure_ascii=False)
            body: dict[str, str | int | float] = {
                "id": digest("term", told.package, source, facet, text), "target_kind": "source", "target_id": source,
                "facet": facet, "value": text, "officer": told.officer, "because": told.because, "at": told.at,
            }  # fmt: skip
            key = remarks.name(told.bureau, "terms", body)
            remarks.add(sql, Remark(key, told.bureau, told.package, "terms", (source,), marks, body, now()))
        what = Object("remark", id=source, count=len(said))
        book.ledger.log(sql, "collection", what, {"package": told.package} if told.package else {})
