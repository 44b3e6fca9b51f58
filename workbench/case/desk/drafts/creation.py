"""A draft begins: a blank of its kind, what it answers, and what the case knows of whom it is about."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.case.access import controller, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import addressee_check, field_sources, prefill
from workbench.case.desk.drafts.draft_record import DraftRecord, add_writer, set_current_date
from workbench.case.desk.drafts.prefill import PrefilledFields
from workbench.case.desk.messages import bureau_names, filing, validation
from workbench.errors import CaseError
from workbench.ledger import now
from workbench.ledger.records import drafts, messages
from workbench.ledger.records.drafts import DRAFT, StoredDraft
from workbench.ledger.records.messages import IN, OUT, FiledMessage
from workbench.messages import LetterOfRequest, Message, to_json
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import replace_field
from workbench.messages.model.message_json import from_dict, to_dict
from workbench.messages.templates.draft_templates import build_draft, list_draft_kinds
from workbench.messages.templates.follow_ups import create_follow_up
from workbench.messages.templates.subject_lines import build_subject
from workbench.model.catalogue import Sentence

FILE_NAME = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What is asked for: the kind, to whom, about whom, what it answers, fields by hand, and what is told of the draft beside them."""

    kind: str
    to: Sequence[str] = ()
    about: Sequence[str] = ()
    reply_to: str = ""
    language: str = ""
    clearance: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    told: Mapping[str, object] = field(default_factory=dict)


def create_draft(context: CaseContext, wish: DraftRequest) -> DraftRecord:
    """A new draft, saved.

    Raises
    ------
    CaseError
        If there is no such kind, bureau, message or entity, or nothing about it is for the addressees.
    """
    if wish.kind not in list_draft_kinds():
        raise CaseError(
            Sentence(
                "'{kind}' is not a message type. Known types: {kinds}.",
                kind=wish.kind,
                kinds=", ".join(list_draft_kinds()),
            )
        )
    addressee_check.check_bureau_names(context, wish.to)
    first = find_message(context, wish.reply_to) if wish.reply_to else None
    original = validation.load_shown_message(context, first) if first else None
    language = wish.language or (original.language if original else "") or context.settings.language
    message = _fill_head(
        context, build_draft(wish.kind, language), str(wish.fields.get("from_bureau", find_own_bureau(context)))
    )
    if original and first:
        message = _build_follow_up(context, message, original, first, wish.to)
    message = replace(message, to=tuple(wish.to) or message.to)
    made = _prefill_fields(context, wish, message)
    message = _add_fields(context, message, made)
    for path, value in wish.fields.items():
        message = replace_field(message, path, tuple(value) if isinstance(value, list) else value)
    message = from_dict(to_dict(message))
    if not message.subject:
        name = message.persons[0].family_name if message.persons else ""
        message = replace(message, subject=build_subject(message, message.crime_area, name))
    told: dict[str, object] = {**wish.told, "sources": [list(one) for one in made.sources], "withheld": made.withheld}
    told["hands"] = add_writer(context, ())
    if first:
        told["reply_to"] = first.document_id
    stored = StoredDraft(f"draft-{secrets.token_hex(8)}", to_json(message), told, tuple(sorted(made.rests)), DRAFT)
    return DraftRecord(context, drafts.add_draft(context.ledger, stored, f"begun: {wish.kind}"))


def find_message(context: CaseContext, name: str) -> FiledMessage:
    """A message of the case by its document, its reference or its own id; the latest of several that one bureau gave one reference.

    What came in a file of traffic takes the place of nothing that came sealed or that this bureau has sent.

    Raises
    ------
    CaseError
        If there is none, or several bureaux gave that reference.
    """
    fits = messages.find_by_name(context.ledger, name)
    if others := [one for one in fits[:-1] if not bureau_names.is_same_bureau(one.from_bureau, fits[-1].from_bureau)]:
        listed = ", ".join(f"{one.document_id} ({one.from_bureau})" for one in (*others, fits[-1]))
        raise CaseError(
            Sentence(
                "'{name}' matches {count} messages of this case, from different bureaux: {listed}. "
                "Enter the document id of one message.",
                name=name,
                count=len(others) + 1,
                listed=listed,
            )
        )
    if not fits:
        latest = tuple(one.our_ref for one in messages.list_messages(context.ledger)[-8:])
        unknown = Sentence(
            "There is no message '{name}' that you can see in this case. The latest messages are: {listed}. "
            "To see all messages, use `case.desk.messages()`.",
            name=name,
            listed=latest,
        )
        raise CaseError(unknown if latest else Sentence("There are no messages in this case that you can see."))
    by_file = messages.list_file_messages(context.ledger) if len(fits) > 1 else frozenset()
    return ([one for one in fits if one.document_id not in by_file] or fits)[-1]


def find_own_bureau(context: CaseContext) -> str:
    """Under which name this bureau writes: that of the case, else that on the officer's card; '' where neither tells."""
    who = context.ledger.identity
    return context.settings.bureau or (who.card.bureau if who else "")


def _fill_head(context: CaseContext, message: Correspondence, sender: str) -> Correspondence:
    """What stands in the head of all messages of this bureau."""
    return replace(
        set_current_date(message), message_id=f"M-{secrets.token_hex(8)}", our_ref=_build_reference(context, sender),
        thread_id=f"T-{secrets.token_hex(8)}", from_bureau=sender, author=context.ledger.officer,
        legal_basis=context.settings.legal_basis,
    )  # fmt: skip


def _build_reference(context: CaseContext, sender: str) -> str:
    """The next reference: 'QM-2026-23E4-0001', or as case.toml begins it. What the folder of the case is called is told to nobody."""
    who = context.ledger.identity
    code = bureau_names.find_country(sender) or (who.card.country if who else "") or context.settings.country
    series = f"{code}-{now()[:4]}-{drafts.get_series(context.ledger)}"
    return f"{FILE_NAME.sub('-', context.settings.reference or series).strip('-')}-{drafts.count_drafts(context.ledger) + 1:04d}"


def _build_follow_up(
    context: CaseContext, message: Correspondence, original: Correspondence, first: FiledMessage, to: Sequence[str]
) -> Correspondence:
    if not isinstance(message, Message):
        return replace(message, thread_id=first.thread_id)
    reference = _find_reference(context, first, tuple(to) or first.to_bureaux)
    return replace(create_follow_up(message, original, reference), thread_id=first.thread_id)


def _find_reference(context: CaseContext, first: FiledMessage, to: Sequence[str]) -> str:
    """The latest reference that the only addressee gave in the thread of a message; '' where it gave none, or there are several.

    A reference of another bureau is not told to the addressee. What came in a file of traffic gives none to the thread of a message that
    came sealed or was sent from here, and no bureau gives one that is a reference of ours.
    """
    if len(to) != 1:
        return ""
    thread, by_file = (
        messages.list_thread_messages(context.ledger, first.thread_id),
        messages.list_file_messages(context.ledger),
    )
    ours = {one.our_ref for one in messages.list_messages(context.ledger) if one.direction == OUT}
    theirs = [
        one.our_ref
        for one in thread
        if one.direction == IN
        and bureau_names.is_same_bureau(one.from_bureau, to[0])
        and (one.document_id not in by_file or first.document_id in by_file)
        and one.our_ref not in ours
    ]
    return theirs[-1] if theirs else ""


def _prefill_fields(context: CaseContext, wish: DraftRequest, message: Correspondence) -> PrefilledFields:
    if not wish.about:
        return PrefilledFields()
    judicial = isinstance(message, LetterOfRequest)
    clearance = filing.get_level(wish.clearance, controller.get_scheme(context))
    readers = prefill.list_readers(context, (*message.to, *message.cc), judicial=judicial, clearance=clearance)
    return prefill.fill_fields(context, wish.about, readers)


def _add_fields(context: CaseContext, message: Correspondence, made: PrefilledFields) -> Correspondence:
    """The message with what was filled, under a level that is not below that of any source."""
    level = validation.to_confidentiality(marks.get_places_mark(context, made.rests), controller.get_scheme(context))
    codes: Any = get_codes("confidentiality")
    if message.confidentiality in codes and codes.index(level) < codes.index(message.confidentiality):
        level = message.confidentiality
    behind = field_sources.build_sources(context, [evidence for _, _, evidence in made.sources], message.from_bureau)
    return replace(
        message, persons=(*message.persons, *made.persons), objects=(*message.objects, *made.objects), confidentiality=level,
        sources=(*message.sources, *behind.sources), last_verified=behind.verified,
    )  # fmt: skip
