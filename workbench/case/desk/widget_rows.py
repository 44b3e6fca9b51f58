"""Lines of the desk: drafts, what came in by its priority, what went out, and copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import draft_list
from workbench.case.desk.inbox import triage
from workbench.case.desk.messages.filing import describe_kind
from workbench.ledger.records import consultations
from workbench.ledger.records import messages as filed
from workbench.ledger.records.messages import COPY, IN
from workbench.messages.triage.priority import REST
from workbench.model.table_schemas import iterate_rows
from workbench.views import desk as view

if TYPE_CHECKING:
    from workbench.case.desk.desk import Desk

UNSURE = "unsure"
MOST = 2_000
"""Messages of the inbox that are shown at first, and with each 'more'."""


class DeskLines:
    """The lines of a desk, as far as they are shown.

    Attributes
    ----------
    seen : set of str
        Documents of the messages that the officer has read.
    beyond : bool
        Whether the inbox holds more messages than are shown.
    """

    def __init__(self, desk: Desk, context: CaseContext) -> None:
        self.desk, self.context = desk, context
        self.seen = _list_consulted_documents(context)
        self.most, self.beyond = MOST, False
        self._known: list[tuple[str, str]] | None = None
        self._listed: list[view.Line] = []

    def list_lines(self) -> list[view.Line]:
        """Drafts, then what came in, what to read first at the top, then what went out and copies, the latest first."""
        unread = [
            replace(line, unread=line.folder == "inbox" and line.id not in self.seen) for line in self.list_messages()
        ]
        return [*self._list_draft_lines(), *unread]

    def list_messages(self) -> list[view.Line]:
        """Lines of the messages; asked for again where some came or became other ones."""
        context = self.context
        known = context.cache_by_version(
            "desk: states", lambda: [(one.document_id, one.state) for one in filed.list_messages(context.ledger)]
        )
        if self._known != known:
            self._known, self._listed = known, [*self._list_received_lines(), *self._list_sent_lines()]
        return self._listed

    def _list_received_lines(self) -> Iterator[view.Line]:
        own = ", ".join(filter(None, [self.context.settings.bureau]))
        found, known = self.desk.inbox(limit=self.most + 1, answered=True), triage.load_exchanges(self.context)
        self.beyond = len(found) > self.most
        for row in iterate_rows(found.head(self.most)):
            told = row.category != UNSURE
            done = known.is_settled(known.filed[row.document_id])
            yield view.Line(
                id=row.document_id, folder="done" if done else "inbox", type=row.kind, sender=row.from_bureau, receiver=own,
                subject=row.subject, at=row.at, deadline=row.due, mark=row.mark, band="" if row.band == REST else row.band,
                points=row.points, guessed=row.suggested,
                category=row.category if told else "", confidence=row.sure if told else 0.0, decided=told and row.sure == 1,
                stated=row.crime_area,
            )  # fmt: skip

    def _list_sent_lines(self) -> Iterator[view.Line]:
        waiting = self.desk.waiting().drop_duplicates("document_id").set_index("document_id")
        for row in iterate_rows(self.desk.messages().iloc[::-1]):
            if row.direction != IN:
                waits, copy = row.document_id in waiting.index, row.direction == COPY
                yield view.Line(
                    id=row.document_id, folder="copies" if copy else "waiting" if waits else "sent",
                    direction="in" if copy else "out", type=row.kind, sender=row.from_bureau, receiver=row.to_bureaux,
                    subject=row.subject, at=row.at, mark=row.mark, deadline=str(waiting["due"].get(row.document_id, "")),
                )  # fmt: skip

    def _list_draft_lines(self) -> Iterator[view.Line]:
        for one in draft_list.list_unsent(self.context):
            message = one.message
            yield view.Line(
                id=one.id, folder="drafts", direction="out", type=describe_kind(message),
                receiver=", ".join(message.to), subject=message.subject, at=one.changed_at, mark=one.mark,
            )  # fmt: skip

    def show_more(self) -> None:
        """Show more of the inbox from now on."""
        self.most, self._known = self.most + MOST, None

    def clear_messages(self) -> None:
        """Ask for the messages again the next time: one of them became another one."""
        self._known = None


def _list_consulted_documents(context: CaseContext) -> set[str]:
    """Documents of the messages that the officer has read, as the log tells."""
    ledger = context.ledger
    found = consultations.list_entries(ledger, consultations.list_own_officer_ids(ledger))
    return set(found.loc[(found["kind"] == "message") & (found["operation"] == "consultation"), "query"])
