"""What has come into the case since its officer opened it last: read out of its runs and decisions, through the gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case import record, searching
from workbench.errors import CaseError
from workbench.ledger import frames
from workbench.ledger import news as rows
from workbench.model.schema import label
from workbench.model.tables import NEWS, each

if TYPE_CHECKING:
    from workbench.case.book import Book

KINDS = ("source", "passage", "suggestion", "decision", "note", "issue")
Item = dict[str, str]


def news(book: Book, since: str = "") -> pd.DataFrame:
    """What is new since a moment (NEWS); `.attrs['since']` is that moment.

    Raises
    ------
    CaseError
        If it is no date.
    """
    moment = _moment(since) if since else next(iter(rows.openings(book.ledger)), "")
    kinds = zip(KINDS, (_sources, _passages, _suggestions, _decisions, _notes, _issues), strict=True)
    found = pd.DataFrame(
        [{"kind": kind, **item} for kind, items in kinds for item in items(book, moment)], columns=pd.Index(NEWS)
    )
    found = found.fillna("")
    found.attrs["since"] = moment
    return found


def _moment(since: str) -> str:
    given = since.strip().removesuffix("Z")
    if not searching.BOUND.fullmatch(given):
        raise CaseError(f"since: {since!r} is no date. Write it like 2025-09-14 or 2025-09-14T22:30.")
    return given


def _sources(book: Book, since: str) -> Iterator[Item]:
    for at, who, what, source in rows.sources(book.ledger, since):
        yield {"at": at, "who": who, "what": what, "source": source}


def _passages(book: Book, since: str) -> Iterator[Item]:
    for at, who, what, document, passage in rows.passages(book.ledger, since):
        yield {"at": at, "who": who, "what": what, "document_id": document, "passage_id": passage}


def _suggestions(book: Book, since: str) -> Iterator[Item]:
    """Things that nothing but a machine names; dates and amounts are none."""
    things = book.things[(book.things["layer"] == "suggested") & (book.things["schema"] != "Mention")]
    for at, method, entity in rows.suggestions(book.ledger, since):
        key = book.canonical.get(entity, entity)
        if key in things.index:
            what = f"{book.shown(key)} ({label(str(things.at[key, 'schema']))})"
            yield {"at": at, "who": method, "what": what, "canonical_id": key}


def _decisions(book: Book, since: str) -> Iterator[Item]:
    """Judgements, and decisions on rows, of others than the officer who works."""
    for row in each(_others(book, frames.judgements(book.ledger), since)):
        what = f"{book.shown(row.left_id)} and {book.shown(row.right_id)}: {row.judgement}"
        yield {"at": row.at, "who": row.officer, "what": what, "canonical_id": row.left_id}
    for row in each(_others(book, frames.decisions(book.ledger), since)):
        what = record.target(book, row.target_id)
        yield {
            "at": row.at,
            "who": row.officer,
            "what": f"{row.verdict}: {row.target_kind if what == row.target_id else what}",
        }


def _notes(book: Book, since: str) -> Iterator[Item]:
    for row in each(_others(book, frames.notes(book.ledger), since)):
        yield {"at": row.at, "who": row.officer, "what": f"{row.kind}: {row.text}"}


def _issues(book: Book, since: str) -> Iterator[Item]:
    came = rows.issues(book.ledger, since)
    for row in each(frames.issues(book.ledger)):
        if row.issue_id in came:
            yield {
                "at": came[row.issue_id],
                "who": row.severity,
                "what": row.message,
                "source": row.source,
                "document_id": row.document_id,
            }


def _others(book: Book, frame: pd.DataFrame, since: str) -> pd.DataFrame:
    return frame[(frame["officer"] != book.ledger.officer) & (frame["at"] >= since)]
