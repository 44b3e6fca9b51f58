"""The mark of a message on its own file and on what is attached to it: on what its sender alone has brought.

What is here otherwise stays as it was. A mark from outside on a thing of ours has no effect before an officer adopts it: it is kept as a
remark. The copy that the message brought goes with the message, since it lies in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from workbench.case.access import brought_marks, controller
from workbench.case.access.brought_marks import Bringer
from workbench.case.context.case_context import CaseContext
from workbench.ingest.documents import police_message
from workbench.ledger import Arrival
from workbench.ledger.access import message_marks
from workbench.ledger.records import row_tables
from workbench.model import handling_marks
from workbench.model.handling_marks import Mark

ELSEWHERE = """WITH RECURSIVE up(id) AS (SELECT ?1 UNION SELECT a.outer_source FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
        WHERE a.outer_source != '' AND (up.id = ?1 OR up.id NOT IN (SELECT value FROM json_each(?2))))
    SELECT 1 FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
        WHERE a.outer_source = '' AND up.id NOT IN (SELECT value FROM json_each(?2))
    UNION ALL SELECT 1 FROM main.runs AS r WHERE r.source = ?1 AND r.kind = 'add' AND r.method != ?3
        AND r.source IN (SELECT value FROM json_each(?2)) LIMIT 1"""
"""Whether a source came in another way than as, or within, some files: a message that was read as another file was here before."""


@dataclass(frozen=True, slots=True)
class MarkSource:
    """Who marks an attachment, and where.

    Attributes
    ----------
    bureau, officer : str
        Of the sender: as it has signed (`packages.build_bureau_name`), or as an unsealed message says.
    earlier : collection of str
        What else the sender was known by.
    package : str
        In which the message came; '' in none.
    at : str
        When the message was written.
    files : set of str
        Sources of messages of that sender, or the file of traffic: what lies in these alone the sender alone has brought.
    because : str
        Reason with which the mark is said.
    """

    bureau: str
    officer: str
    package: str
    at: str
    files: AbstractSet[str]
    because: str
    earlier: Collection[str] = ()

    @property
    def known_by(self) -> tuple[str, ...]:
        """All that the sender is, or was, known by."""
        return (self.bureau, *self.earlier)

    @property
    def bringer(self) -> Bringer:
        """The sender, as who brings what lies in these files."""
        return Bringer(self.bureau, self.officer, self.package, self.because, self.known_by)

    def has_sent_file(self, bureau: str) -> bool:
        """Whether the sender is the bureau that has brought a file: by what is signed, not by what a message says."""
        return bool(self.package) and bureau in self.known_by


def receive_attachment(
    context: CaseContext, source: str, arrival: Arrival, size: int, mark: Mark, told: MarkSource
) -> None:
    """Register a file that is attached to a message, under the mark of the message.

    The mark only rises, and only on what the sender alone has brought. Where the file came in another way too, its marks stay as they
    are, and that of the message is a remark on it. What another bureau has brought stays what that bureau has brought.
    """
    with context.ledger.group_transactions():
        is_of_sender = is_brought_by_sender(context, source, told)
        if row_tables.find_bringer(context.ledger, source):
            context.ledger.add_arrival(source, arrival)
        else:
            _keep_common_mark(context, source, mark, told)
            context.ledger.add_source(source, arrival, size, {})
        apply_mark(context, source, mark, told, is_of_sender=is_of_sender)


def _keep_common_mark(context: CaseContext, source: str, mark: Mark, told: MarkSource) -> None:
    """Leave of the marks of other bureaux what the sender says too, unless the sender had brought the file before."""
    if told.files.isdisjoint(message_marks.list_outer(context.ledger, source)):
        brought_marks.keep_common_mark(context, source, mark, told.bringer)


def is_brought_by_sender(context: CaseContext, source: str, told: MarkSource) -> bool:
    """Whether nobody but the sender has brought a source, as far as it is here already."""
    if brought := row_tables.find_bringer(context.ledger, source):
        return told.has_sent_file(brought)
    return row_tables.is_named_alone(context.ledger, source) or not _has_other_origin(context, source, told.files)


def apply_mark(context: CaseContext, source: str, mark: Mark, told: MarkSource, *, is_of_sender: bool) -> None:
    """Say the mark of a file of the sender alone; keep it as a remark on any other one. What holds already is not said again."""
    held = brought_marks.get_held_mark(context, source)
    if not handling_marks.to_facets(mark - held, scheme := controller.get_scheme(context)):
        return
    if is_of_sender:
        brought_marks.record_mark(context, source, mark, held, told.bringer)
        return
    by = {
        "bureau": told.bureau,
        "package": told.package,
        "officer": told.officer,
        "because": told.because,
        "at": told.at,
    }
    message_marks.add_mark_remark(context.ledger, source, handling_marks.to_facets(mark, scheme), by)


def _has_other_origin(context: CaseContext, source: str, files: Collection[str]) -> bool:
    """Whether a source came in another way than as, or within, these files."""
    asked = (source, json.dumps(sorted(files)), police_message.METHOD)
    return context.ledger.connection.execute(ELSEWHERE, asked).fetchone() is not None
