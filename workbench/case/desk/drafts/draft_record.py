"""A message that is being written. It is saved in the case at every change, so it is there after a restart.

A draft that is open may have been changed since: by another officer, or because somebody was erased. Of its text as it was opened
nothing is written any more then but what an officer enters now, field by field (`_merge_messages`). What is written about the text,
a fault or a signature, is of the text as the case has it now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from workbench.case.access import consultation_log, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.messages import attachment_contents, attachments, deliveries, filing, rendering, validation
from workbench.errors import CaseError
from workbench.ledger import Object, now
from workbench.ledger.records import drafts, references
from workbench.ledger.records.drafts import DISCARDED, DRAFT, PARTLY, SENT, StoredDraft
from workbench.ledger.sessions.gone_rows import has_changed
from workbench.messages import Advice, Fault, apply_fix, from_json, table, to_json
from workbench.messages.model.addressee import get_country
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import list_values, replace_field
from workbench.messages.model.message_json import from_dict, to_dict
from workbench.messages.templates.opening_texts import change_language
from workbench.model.catalogue import LANGUAGES, Sentence, get_term, join_sentences, translate
from workbench.model.handling_marks import Mark

if TYPE_CHECKING:
    from pathlib import Path

Key = tuple[str, str, str]
"""By which a fault is known again: rule, field, quote."""
SOURCES = ("field", "value", "evidence_id", "said_by", "title", "document_id", "passage_id", "mark")


class DraftRecord:
    """A draft as the desk works on it; `draft.Draft` is what an officer has of it, and explains its verbs."""

    def __init__(self, context: CaseContext, stored: StoredDraft) -> None:
        self._book = context
        self._take_over(stored)

    @property
    def context(self) -> CaseContext:
        """The case that has it."""
        return self._book

    @property
    def id(self) -> str:
        """As `Draft.id`."""
        return self._stored.id

    @property
    def state(self) -> str:
        """As `Draft.state`."""
        return self._stored.state

    @property
    def changed_at(self) -> str:
        """When it was changed last (UTC)."""
        return self._stored.at

    @property
    def basis_ids(self) -> tuple[str, ...]:
        """Passages, documents and statements from which its fields were filled."""
        return self._stored.rests

    @property
    def mark(self) -> str:
        """As `Draft.mark`."""
        return marks.get_marks(self._book).label(self.get_mark())

    def get_mark(self) -> Mark:
        """The mark of a draft, of all that it was made from, and of all that is inside its attachments."""
        known = marks.get_marks(self._book)
        own = known.default | filing.get_message_mark(self.message, known.scheme)
        files = attachment_contents.get_attachments_mark(self._book, self.message)
        return own | files | marks.get_places_mark(self._book, self.basis_ids)

    @property
    def left(self) -> tuple[str, ...]:
        """As `Draft.left`."""
        return tuple(deliveries.list_missing(self._book, self.message))

    @property
    def ready(self) -> bool:
        """As `Draft.ready`."""
        return not self.open_faults()

    def change(self, **fields: object) -> DraftRecord:
        """As `Draft.change`; what somebody else has changed in other fields meanwhile stays."""
        message = self.message
        for path, value in fields.items():
            message = replace_field(message, path, _to_tuple(value))
        made = _follow_sender(from_dict(to_dict(message)), self.message.from_bureau)
        spoken = made.language != self.message.language and {made.language, self.message.language} <= set(LANGUAGES)
        return self._save(change_language(made, self.message.language) if spoken else made, "fields changed")

    def check(self, *, language: str = "") -> pd.DataFrame:
        """As `Draft.check`."""
        found = self.faults()
        made = table(found, language or self._book.settings.language)
        stand = self._list_accepted_faults()
        made["stands"] = [stand.get(_get_key(one), "") for one in found]
        made["mark"] = made.attrs["mark"] = self.mark
        return consultation_log.log_answer(self._book, "draft", made, self.id)

    def fix(self, number: int) -> DraftRecord:
        """As `Draft.fix`."""
        (fault,) = self._get_current_faults([number])
        return self._save(apply_fix(self.message, fault), "mended")

    def waive(self, rows: int | Sequence[int] | pd.DataFrame, because: str = "") -> DraftRecord:
        """As `Draft.waive`."""
        numbers = (
            [rows] if isinstance(rows, int) else list(rows.index) if isinstance(rows, pd.DataFrame) else list(rows)
        )
        chosen = self._get_current_faults([int(number) for number in numbers])
        for fault in chosen:
            if fault.blocks:
                told = {"rule": fault.rule.id, "fault": fault, "advice": Advice(fault)}
                raise CaseError(Sentence("{rule} is an error and must be fixed: {fault} {advice}", **told))
            if fault.rule.reason and not because.strip():
                raise CaseError(
                    Sentence("Give a reason to keep the warning {rule}. {fault}", rule=fault.rule.id, fault=fault)
                )
        said = [[*_get_key(fault), because.strip() or "seen", self._book.ledger.officer, now()] for fault in chosen]

        def add_reasons(there: StoredDraft) -> StoredDraft:
            self._check_unchanged(there)
            return _add_entries(there, "let_stand", said)

        return self._store_change("warnings let stand", add_reasons)

    def attach(self, file: str | Path, name: str = "") -> DraftRecord:
        """As `Draft.attach`."""
        one, source = attachments.build_attachment(self._book, str(file), name)
        others = self.message.attachments
        if not name:
            kept = tuple(other for other in others if other.sha256 != one.sha256)
            one = replace(one, name=attachments.number_name(one.name, [other.name for other in kept]))
        else:
            kept = tuple(other for other in others if other.name != one.name)
        return self._save(replace(self.message, attachments=(*kept, one)), "file attached", source)

    def sources(self) -> pd.DataFrame:
        """As `Draft.sources`."""
        rows = [one for one in self._list_entry_rows("sources") if self._has_value(str(one[0]), str(one[1]))]
        made = pd.DataFrame(rows, columns=["field", "value", "evidence_id"])
        known = references.locate_evidence(self._book.ledger, made["evidence_id"]).set_index("evidence_id")
        there = known.reindex(made["evidence_id"]).fillna("")
        made["said_by"], made["document_id"] = there["kind"].to_numpy(), there["document_id"].to_numpy()
        made["passage_id"] = there["passage_id"].to_numpy()
        made["title"] = there["title"].to_numpy()
        return consultation_log.log_answer(
            self._book, "draft", marks.add_mark_column(self._book, made)[list(SOURCES)], self.id
        )

    def discard(self, because: str) -> None:
        """Put it away after a reason; it is no longer among the drafts.

        Raises
        ------
        CaseError
            Without a reason.
        """
        if not because.strip():
            raise CaseError(Sentence("Nothing was changed. Enter the reason: `because='…'`."))
        self._store_change(f"discarded: {because}", lambda there: replace(there, state=DISCARDED), DRAFT, PARTLY)

    # For the rest of the desk ---------------------------------------------------------------------------------------------

    def faults(self) -> list[Fault]:
        """What is wrong with it, as the rules tell."""
        return validation.find_faults(self._book, self.message, self.basis_ids, self._list_entry_rows("sources"))

    def open_faults(self, message: Correspondence | None = None) -> list[Fault]:
        """What keeps it from being sent, or another message in its place: errors, and warnings that nobody let stand."""
        stand = self._list_accepted_faults()
        filled = self._list_entry_rows("sources")
        found = validation.find_faults(self._book, message or self.message, self.basis_ids, filled)
        asked = (one for one in found if not one.overridden and one.rule.severity != "info")
        return [one for one in asked if one.blocks or _get_key(one) not in stand]

    def get_entry(self, name: str) -> object:
        """What is said of it under a name; an empty list where nothing is."""
        return self._stored.told.get(name, [])

    def current(self) -> DraftRecord:
        """It with what is told of it elsewhere since it was opened here.

        Raises
        ------
        CaseError
            If its text was changed elsewhere.
        """
        there = drafts.load_draft(self._book.ledger, self.id)
        self._check_unchanged(there)
        return self._take_over(there)

    def sign(self, message: Correspondence, card: str, what: str) -> DraftRecord:
        """Keep the message with the signature of who approved it, and their card."""

        def add_approval(there: StoredDraft) -> StoredDraft:
            self._check_unchanged(there)
            return replace(there, message=to_json(message), told={**there.told, "approval": card})

        return self._store_change(what, add_approval)

    def record_sent(self, message: Correspondence, name: str, how: str) -> DraftRecord:
        """Keep what went out of it, and how; it is sent once it has gone to all of its addressees.

        Where its text was changed while it went out, the changed text stays.
        """
        state = PARTLY if deliveries.list_missing(self._book, message) else SENT

        def mark_sent(there: StoredDraft) -> StoredDraft:
            text = to_json(message) if self._is_unchanged(there) else there.message
            return replace(_add_entries(there, name, [[how]]), message=text, state=state)

        return self._store_change("sent", mark_sent, DRAFT, PARTLY)

    def __repr__(self) -> str:
        """What it is, from whom, to whom, and what is open."""
        one = self.message
        left = f", not yet to {', '.join(self.left)}" if self.state == PARTLY else ""
        return f"{rendering.format_title(one)} {one.our_ref} to {', '.join(one.to) or 'nobody yet'}: {self.state}{left}, id {self.id!r}"

    def html(self) -> str:
        """As its addressee will see it."""
        language = self.message.language
        return rendering.format_html(
            self.message, translate(f"desk.{self.state}", language) if self.state in ("draft", "sent") else ""
        )

    def _save(self, message: Correspondence, what: str, *rests: str) -> DraftRecord:
        was = self.message

        def merge_changes(there: StoredDraft) -> StoredDraft:
            now, behind = _merge_messages(was, message, from_json(there.message), there.officer), {*there.rests, *rests}
            now = validation.as_marked(self._book, now, behind)
            now = remove_signature(now) if now.signature else now  # over another text
            told = {**there.told, "hands": add_writer(self._book, cast("list[list[str]]", there.told.get("hands", [])))}
            return replace(there, message=to_json(now), told=told, rests=tuple(sorted(behind)))

        return self._store_change(what, merge_changes)

    def _store_change(self, what: str, change: Callable[[StoredDraft], StoredDraft], *states: str) -> DraftRecord:
        """Change it as it is in the case now, whoever has changed it since; only in some states, by default while nothing is sent."""
        kept = None
        while kept is None:
            there = drafts.load_draft(self._book.ledger, self.id)
            if there.state not in (states or (DRAFT,)):
                why = Sentence(
                    "You can no longer change the draft {id}. Its state is: {state}.",
                    id=self.id,
                    state=get_term("refused.draft.state", there.state),
                )
                raise self._book.ledger.refuse("alteration", Object("draft", self.id), why)
            kept = drafts.replace_draft(self._book.ledger, there, change(there), what)
        return self._take_over(kept)

    def take_erasures(self, there: StoredDraft) -> DraftRecord:
        """It as it is in the case, where something was erased or excluded since it was read there; every change of it is saved."""
        return self._take_over(there) if has_changed(self._book.ledger.connection, self._version) else self

    def _take_over(self, there: StoredDraft) -> DraftRecord:
        self._stored, self.message = there, from_json(there.message)
        self._version = self._book.ledger.get_version()
        return self

    def _is_unchanged(self, there: StoredDraft) -> bool:
        """Whether a draft says in the case what it said when it was opened here, and names the same sources."""
        same = _to_comparable(from_json(there.message)) == _to_comparable(self.message)
        return same and there.told.get("sources") == self._stored.told.get("sources")

    def _check_unchanged(self, there: StoredDraft) -> None:
        if not self._is_unchanged(there):
            raise CaseError(
                Sentence(
                    "Somebody changed the draft after you opened it, so your action was not carried out. "
                    "Open the draft again and read it."
                )
            )

    def _get_current_faults(self, numbers: Sequence[int]) -> list[Fault]:
        """Faults by their numbers; where the draft was changed since it was opened, as its text in the case has them now.

        Raises
        ------
        CaseError
            If there is no such fault, or the text in the case has it no longer.
        """
        chosen = [self._get_fault(number) for number in numbers]
        there = drafts.load_draft(self._book.ledger, self.id)
        if self._is_unchanged(there):
            return chosen
        now_open = DraftRecord(self._book, there)
        found = {_get_key(one): one for one in reversed(now_open.faults())}
        if any(_get_key(one) not in found for one in chosen):
            self._check_unchanged(there)
        self._take_over(there)
        return [found[_get_key(one)] for one in chosen]

    def _get_fault(self, number: int) -> Fault:
        found = self.faults()
        if not 0 <= number < len(found):
            raise CaseError(
                Sentence(
                    "There is no issue number {number}. Issues in the list: {count}. The first number is 0.",
                    number=number,
                    count=len(found),
                )
            )
        return found[number]

    def _list_entry_rows(self, name: str) -> list[list[str]]:
        return cast("list[list[str]]", self._stored.told.get(name, []))

    def _list_accepted_faults(self) -> dict[Key, str]:
        return {(rule, field, quote): because for rule, field, quote, because, *_ in self._list_entry_rows("let_stand")}

    def _has_value(self, path: str, value: str) -> bool:
        found = next((one for _, one in list_values(self.message, path)), None)
        return found is not None and value.casefold() in rendering.format_value(found).casefold()


def set_current_date(message: Correspondence) -> Correspondence:
    """A message of this moment."""
    return replace(message, date_time=datetime.now().astimezone().isoformat(timespec="seconds"))


def remove_signature(message: Correspondence) -> Correspondence:
    """A message without the signature of a second officer."""
    return replace(message, approver="", signature="")


def _to_comparable(message: Correspondence) -> Correspondence:
    """What a message says, whoever signs it and whenever it goes out."""
    return replace(remove_signature(message), date_time="")


def _merge_messages(was: Correspondence, ours: Correspondence, theirs: Correspondence, who: str) -> Correspondence:
    """A message in which two have changed fields.

    Raises
    ------
    CaseError
        If both have changed one, each in their own way.
    """
    told = {one.name: getattr(ours, one.name) for one in fields(was)}
    mine = {name: value for name, value in told.items() if value != getattr(was, name)}
    both = [name for name, value in mine.items() if getattr(theirs, name) not in (getattr(was, name), value)]
    if both:
        names = join_sentences("{one}, {more}", (get_term("field", name) for name in both))
        raise CaseError(
            Sentence(
                "Your text was not saved. {who} changed {fields} after you opened the draft. Open "
                "the draft again and read it before you write your text.",
                who=who,
                fields=names,
            )
        )
    return replace(theirs, **mine)


def _add_entries(there: StoredDraft, name: str, rows: list[list[str]]) -> StoredDraft:
    """A draft of which more is said."""
    known = cast("list[list[str]]", there.told.get(name, []))
    return replace(there, told={**there.told, name: [*known, *rows]})


def add_writer(context: CaseContext, hands: Sequence[Sequence[str]]) -> list[list[str]]:
    """Who has written of a draft, by name and by the fingerprint of a key, with the officer who works."""
    who = context.ledger.identity
    mine = [context.ledger.officer, who.card.fingerprint if who else ""]
    return [*(list(one) for one in hands if list(one) != mine), mine]


def _get_key(fault: Fault) -> Key:
    return fault.rule.id, fault.field, fault.quote


def _follow_sender(message: Correspondence, before: str) -> Correspondence:
    """The message with its own bureau as it is called now, also where its sources had it by the name of before."""
    now_called = message.from_bureau
    if now_called == before:
        return message
    told = (before, get_country(before))
    sources = tuple(
        replace(one, name=now_called, country=get_country(now_called)) if (one.name, one.country) == told else one
        for one in message.sources
    )
    return replace(message, sources=sources)


def _to_tuple(value: Any) -> Any:  # noqa: ANN401 - what a field may hold
    return tuple(map(_to_tuple, value)) if isinstance(value, list) else value
