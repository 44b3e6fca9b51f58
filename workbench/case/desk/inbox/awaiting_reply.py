"""What waits for an answer: of us, and of others; and the message that asks for what a poor one lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

import pandas as pd

from workbench.case.access import consultation_log, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.desk.drafts import creation
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.inbox import triage
from workbench.case.desk.messages import bureau_names, deliveries, validation
from workbench.case.desk.messages.deliveries import NOT_SENT
from workbench.case.desk.messages.threads import REMINDER, Exchanges
from workbench.errors import SourceError
from workbench.identity.core.timestamps import FORM
from workbench.ledger.records.messages import COPY, IN, FiledMessage
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.deadlines import Due, find_due
from workbench.messages.model.defect import catch_defect
from workbench.messages.model.message import Correspondence, LetterOfRequest, Notice
from workbench.messages.templates.draft_templates import LETTER
from workbench.messages.templates.opening_texts import QUERY, format_message_name
from workbench.model.catalogue import Sentence, Translator, translate

WAITING = (
    "document_id", "waits", "owes", "kind", "suggested", "from_bureau", "to_bureaux", "our_ref", "subject", "at", "due", "by", "overdue",
    "state", "thread_id",
)  # fmt: skip
"""Columns of `case.desk.waiting()`. `waits`: 'for us' or 'for them'; `owes`: who owes the answer; `due`: UTC, '' without a term; `by`:
what says so."""
REQUEST = "request"
ASKS = "asks about"
"""What is told of a draft under this name: the document of the message of which it asks what that lacks."""
VERSION = "2"


class Terms(NamedTuple):
    """What a message says of its answer: whom it asks, until when (ISO 8601), and what says so; '' where it has no term."""

    owed: tuple[str, ...] = ()
    at: str = ""
    by: str = ""
    authority: str = ""

    @property
    def due(self) -> Due | None:
        """Until when."""
        return Due(datetime.fromisoformat(self.at), self.by) if self.at else None


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A message that asks for an answer: its type, whether only a machine says so, who owes the answer, and by when."""

    filed: FiledMessage
    kind: str
    suggested: bool
    owing: tuple[str, ...]
    term: Due | None


def list_waiting(context: CaseContext, language: str = "en", at: datetime | None = None) -> pd.DataFrame:
    """What asks for an answer that is still owed (WAITING), a row for each who owes it, in a language, what is due first at the top."""
    moment, voice = at or datetime.now(UTC), Translator(language)
    sent = deliveries.list_deliveries(context)
    rows = [
        _build_row(one, owes, sent.get_state(one.filed, owes) if owes in one.filed.to_bureaux else one.filed.state, moment, voice)
        for one in list_requests(context) for owes in one.owing
    ]  # fmt: skip
    rows.sort(key=lambda row: (row[10] == "", row[10], row[9]))
    made = pd.DataFrame(rows, columns=pd.Index(WAITING)).astype({"overdue": bool, "suggested": bool})
    return marks.add_mark_column(context, made)


def list_requests(context: CaseContext) -> Iterator[OpenRequest]:
    """Messages that wait for an answer, in the order in which they were filed."""
    known = triage.load_exchanges(context)
    standing = [one for one in known.filed.values() if one.direction != COPY and not known.is_over(one)]
    kinds = _suggest_types(context, [one for one in standing if not known.get_kind(one)])
    asking = {
        one: kind
        for one in standing
        if _is_answer_needed(one, kind := known.get_kind(one) or kinds.get(one.document_id, ""), known)
    }
    terms = _read_terms(context, asking)
    for one, kind in asking.items():
        told = terms[one.document_id]
        if owes := _list_owing_bureaux(context, one, known, told):
            yield OpenRequest(one, kind, not known.get_kind(one), owes, told.due)


def _suggest_types(context: CaseContext, filed: list[FiledMessage]) -> dict[str, str]:
    """Types of messages that do not say them, as far as they are suggested, by document."""
    found = triage.list_categories(context, filed)
    return {key: told.type.label for key, told in found.items() if not told.type.unsure}


def _is_answer_needed(one: FiledMessage, kind: str, known: Exchanges) -> bool:
    if one.form == Notice.form:
        return kind.partition(" ")[0] in get_codes("asking_notices")
    return kind in (REQUEST, LETTER) or (kind == REMINDER and not known.is_reminder(one))


def _list_owing_bureaux(context: CaseContext, one: FiledMessage, known: Exchanges, told: Terms) -> tuple[str, ...]:
    """Who has not answered: of what came in this bureau, of what went out its addressees, not those of a copy for information."""
    if one.direction == IN:
        return () if known.list_answering_bureaux(one) else (creation.find_own_bureau(context),)
    sent = deliveries.list_deliveries(context)
    owes = [each for each in known.list_unanswered(one, told.owed) if sent.get_state(one, each) != NOT_SENT]
    return (told.authority,) if told.authority and owes else tuple(owes)


def _read_terms(context: CaseContext, filed: Collection[FiledMessage]) -> dict[str, Terms]:
    """What is shown of messages says of their answers, by document; read once and kept in derived/."""
    kept = context.cache_file_reader("desk: terms", VERSION, lambda: triage.open_shelf(context, f"terms {VERSION}"))
    known, keys = kept.read_entries(), validation.map_shown_keys(context, [one.document_id for one in filed])
    new = [one for one in filed if keys[one.document_id] not in known]
    kept.add({keys[one.document_id]: _build_terms(context, one) for one in new})
    entries = cast("Mapping[str, list[Any]]", kept.read_entries())
    return {document: Terms(tuple(owed), *rest) for document, key in keys.items() for owed, *rest in [entries[key]]}


def _build_terms(context: CaseContext, one: FiledMessage) -> Terms:
    try:
        message = validation.load_shown_form(context, one)
    except SourceError:
        return Terms(one.to_bureaux)
    term = catch_defect(lambda: find_due(message, nation=bureau_names.find_country), lambda _: None)
    authority = message.central_authority if isinstance(message, LetterOfRequest) else ""
    return Terms(message.to, term.at.isoformat() if term else "", term.by if term else "", authority)


def _build_row(asked: OpenRequest, owes: str, state: str, moment: datetime, voice: Translator) -> tuple[object, ...]:
    one, term = asked.filed, asked.term
    return (
        one.document_id,
        voice("for this bureau") if one.direction == IN else voice("for the other bureau"),
        owes,
        asked.kind,
        asked.suggested,
        one.from_bureau,
        ", ".join(one.to_bureaux),
        one.our_ref,
        one.subject,
        one.at,
        term.at.strftime(FORM) if term else "",
        voice(f"term.{term.by}") if term else "",
        bool(term and term.at < moment),
        state,
        one.thread_id,
    )


def create_query(context: CaseContext, name: str, unsent: Iterable[DraftRecord]) -> DraftRecord:
    """A request to the sender of a message for what it lacks, as the rules tell it in the language of the message.

    Where one of the drafts that have not gone out asks that already, it is that one, and it says so.
    """
    filed = creation.find_message(context, name)
    if there := next((one for one in unsent if one.get_entry(ASKS) == filed.document_id), None):
        print_message(
            Sentence(
                "There is already a draft with a question about the data missing from {name}. It was last "
                "changed on {day}. The program opened this draft. To start another draft, discard this one first.",
                name=name,
                day=there.changed_at[:10],
            ),
            context.say,
        )
        return consultation_log.log_answer(context, "draft", there, there.id)
    original = validation.load_shown_message(context, filed)
    lacking = [one for one in validation.find_faults(context, original) if one.rule.severity != "info"]
    told = (" ".join(one.translate_message_and_fix(original.language)).split() for one in lacking)
    lines = dict.fromkeys(f"– {' '.join(words)}" for words in told)
    lead = translate(QUERY, original.language, message=format_message_name(original, original.language))
    fields: dict[str, object] = {"summary_of_facts": "\n".join([lead, *lines]), "requested_action": ["other"]}
    fields |= _get_default_fields(original)
    asks = {ASKS: filed.document_id}
    return creation.create_draft(
        context, creation.DraftRequest("request", reply_to=filed.document_id, fields=fields, told=asks)
    )


def _get_default_fields(original: Correspondence) -> dict[str, object]:
    """Fields of the original that a query cannot do without, where the original has none that there is."""
    levels = get_codes("confidentiality")
    return {} if original.confidentiality in levels else {"confidentiality": levels[0]}
