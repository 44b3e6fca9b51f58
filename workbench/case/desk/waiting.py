"""What waits for an answer: of us, and of others; and the message that asks for what a poor one lacks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pandas as pd

from workbench.case import marks
from workbench.case.book import Book
from workbench.case.desk import checking, drafting
from workbench.case.desk.draft import Draft
from workbench.errors import SourceError
from workbench.ledger import messages
from workbench.ledger.messages import COPY, IN, Filed
from workbench.messages.deadlines import Due, due
from workbench.messages.lists import code_list
from workbench.messages.message import Correspondence
from workbench.model.catalogue import Voice, say
from workbench.model.identity.moments import FORM

WAITING = (
    "document_id", "waits", "kind", "from_bureau", "to_bureaux", "our_ref", "subject", "at", "due", "by", "overdue", "state", "thread_id",
)  # fmt: skip
"""Columns of `case.desk.waiting()`. `waits`: 'for us' or 'for them'; `due`: UTC, '' without a term; `by`: what says so."""
ANSWER = frozenset({"reply", "cancellation"})
CLOSED = frozenset({"cancelled", "closed"})


def waiting(book: Book, language: str = "en", at: datetime | None = None) -> pd.DataFrame:
    """Requests and notices that nothing in their thread answers (WAITING) in a language, what is due first at the top."""
    moment, voice = at or datetime.now(UTC), Voice(language)
    known = messages.listed(book.ledger)
    rows = [_row(one, _due(book, one), moment, voice) for one in known if _asks(one) and not _answered(one, known)]
    rows.sort(key=lambda row: (row[8] == "", row[8], row[7]))
    return marks.stamped(book, pd.DataFrame(rows, columns=pd.Index(WAITING)).astype({"overdue": bool}))


def _asks(one: Filed) -> bool:
    return one.kind == "request" and one.state not in CLOSED and one.direction != COPY


def _answered(asked: Filed, known: Iterable[Filed]) -> bool:
    """Whether its addressees have answered it, or its sender has cancelled it."""
    theirs = [one for one in known if one.thread_id == asked.thread_id and one.kind in ANSWER]
    names = {asked.our_ref, asked.message_id}
    return any(
        (one.your_ref in names or not names.isdisjoint(one.other_refs))
        and (one.direction != asked.direction) == (one.kind == "reply")
        for one in theirs
    )


def _due(book: Book, one: Filed) -> Due | None:
    try:
        return due(checking.stored(book, one.source))
    except SourceError:
        return None


def _row(one: Filed, term: Due | None, moment: datetime, voice: Voice) -> tuple[object, ...]:
    return (
        one.document_id, voice("waits.us" if one.direction == IN else "waits.them"), one.kind, one.from_bureau, ", ".join(one.to_bureaux),
        one.our_ref, one.subject, one.at, term.at.strftime(FORM) if term else "", voice(f"term.{term.by}") if term else "",
        bool(term and term.at < moment), one.state, one.thread_id,
    )  # fmt: skip


def query(book: Book, name: str) -> Draft:
    """A request to the sender of a message for what it lacks, as the rules tell it in the language of the message."""
    filed = drafting.found(book, name)
    original = checking.stored(book, filed.source)
    lacking = [one for one in checking.faults(book, original) if one.rule.severity != "info"]
    lines = dict.fromkeys(f"– {' '.join(one.said(original.language))}".strip() for one in lacking)
    lead = say("draft.query", original.language, ref=original.our_ref, day=original.date_time[:10])
    fields: dict[str, object] = {"summary_of_facts": "\n".join([lead, *lines]), "requested_action": ["other"]}
    fields |= _settled(original)
    return drafting.begin(book, drafting.Wish("request", reply_to=filed.document_id, fields=fields))


def _settled(original: Correspondence) -> dict[str, object]:
    """Fields of the original that a query cannot do without, where the original has none that there is."""
    levels = code_list("confidentiality")
    return {} if original.confidentiality in levels else {"confidentiality": levels[0]}
