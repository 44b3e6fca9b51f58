"""What the widget of the message desk asks of a case. Whatever is done there passes the gate and the log."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from workbench.case.access import consultation_log, controller, marks
from workbench.case.context import progress
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import creation, draft_export
from workbench.case.desk.drafts.draft import Draft, record_of
from workbench.case.desk.inbox import triage
from workbench.case.desk.inbox.message_entities import Thing, build_links, find_entities, find_mentions
from workbench.case.desk.messages import attachments, deliveries, filing
from workbench.case.desk.pre_send_check import describe_outgoing
from workbench.case.desk.widget_draft import Sealing, build_draft_view
from workbench.case.desk.widget_rows import DeskLines
from workbench.case.packages.package_export import PackageRequest
from workbench.case.verbs.error_translation import wrap_acts
from workbench.errors import CaseError
from workbench.ledger.records import disclosures
from workbench.ledger.records.disclosures import Disclosure
from workbench.ledger.records.messages import DONE, IN, OUT
from workbench.messages import table
from workbench.messages.model.defect import catch_defect
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import list_texts
from workbench.messages.model.message_json import to_dict
from workbench.messages.triage.priority import SUGGESTED
from workbench.model.catalogue import Sentence, Translator
from workbench.model.table_schemas import iterate_rows
from workbench.views import desk as view

if TYPE_CHECKING:
    from workbench.case.desk.desk import Desk
    from workbench.identity import Card, TrustList

BEGUN = {"message": "request", "notice": "red notice", "letter": "letter of request"}
"""Blank form -> kind of draft that is begun on it."""
PAGE = "message-desk.html"
"""Name under which a page of the desk stands among disclosures."""
CHECKED = 1_000_000
"""Characters of messages that are checked for one page, or when one message is opened: about ten seconds."""
DECISIVE = 8
"""Words that decided a category, as many as are told."""


@wrap_acts
class Office:
    """What the widget asks of the desk of a case (`workbench.views.desk.Office`)."""

    language = "en"

    def __init__(
        self, desk: Desk, context: CaseContext, to_cards: Sequence[Card], trust: TrustList | None, clearance: str
    ) -> None:
        self.desk, self.context, self.listed = desk, context, DeskLines(desk, context)
        self.sealing = Sealing(
            to_cards, trust, PackageRequest("", clearance=filing.get_level(clearance, controller.get_scheme(context)))
        )
        self.drafts: dict[str, Draft] = {}
        self.named: dict[str, Thing] = {}
        self.left: int | None = None

    @property
    def has_more(self) -> bool:
        """Whether the inbox holds more messages than `lines` gave."""
        return self.listed.beyond

    def lines(self) -> list[view.Line]:
        """Drafts, then what came in, what to read first at the top, then what went out and copies, the latest first."""
        return self.listed.list_lines()

    def more(self) -> str:
        """Show more of the inbox from now on."""
        self.listed.show_more()
        return ""

    def read(self, message: str) -> view.Reading:
        """A message with the things that its texts name, and why it stands where it stands."""
        one = self.desk.message(message)
        self.listed.seen.add(message)
        thread = self.desk.messages(thread=creation.find_message(self.context, message).thread_id)
        row = next(row for row in iterate_rows(thread) if row.document_id == message)
        named = find_entities(self.context, message, self.desk.links(message, language=self.language))
        self.named |= {thing.key: thing for thing in named.values()}
        checked = self._spend_budget(one)
        came: dict[str, Any] = self._describe_received(message, checked=checked) if row.direction == IN else {}
        gone = self._list_delivery_states(message) if row.direction == OUT else ()
        return view.Reading(
            id=message,
            form=one.form,
            values=to_dict(one),
            mentions=catch_defect(lambda: find_mentions(one, named), lambda _: {}) if checked else {},
            mark=row.mark,
            thread=[*thread["document_id"]],
            settles=self._get_settle_action(message),
            addressees=gone,
            **came,
        )

    def watch(self, messages: Sequence[str]) -> Iterator[str]:
        """The messages one by one, with a bar; together they are checked as far as CHECKED characters."""
        self.left = CHECKED
        try:
            yield from progress.build_progress_bar(Translator(self.language), "messages", "messages", messages)
        finally:
            self.left = None

    def _spend_budget(self, message: Correspondence) -> bool:
        """Whether a message may be checked yet; what is too long for what is left takes nothing of it."""
        size = sum(len(text) for _, text in list_texts(message))
        if size > (CHECKED if self.left is None else self.left):
            return False
        if self.left is not None:
            self.left -= size
        return True

    def _list_issues(self, message: str, *, checked: bool) -> list[view.Issue]:
        """What is wrong with a message, or that it was not checked."""
        if checked:
            return view.list_issues(self.desk.rules.check(message, language=self.language))
        voice = Translator(self.language)
        told = voice(
            "This message was not checked, because it is very long or because the page contains many long messages."
        )
        fix = voice("Check this message alone in a notebook.")
        return [view.Issue(id="unchecked", rule="", severity="warning", message=told, fix=fix)]

    def _describe_received(self, message: str, *, checked: bool) -> dict[str, Any]:
        """What is told of a message that came in: why it stands there, what is wrong with it, what can be written back."""
        why, voice = self.desk.why(message, language=self.language), Translator(self.language)
        lines, words = why[why["about"] == "priority"], why[(why["about"] == "crime area") & (why["words"] != "")]
        priority = [(_format_reason(row, voice), f"+{row.weight:g}") for row in iterate_rows(lines)]
        return {
            "priority": priority, "why": ", ".join(dict.fromkeys(words["words"].head(DECISIVE))),
            "issues": self._list_issues(message, checked=checked), "replies": ("reply", "query", "acknowledgement"),
        }  # fmt: skip

    def _get_settle_action(self, message: str) -> str:
        """What an officer may say of a message: that it is done, or after all not."""
        if triage.load_exchanges(self.context).filed[message].state == DONE:
            return "reopen"
        waits = (line.id for line in self.listed.list_messages() if line.folder in ("inbox", "waiting"))
        return "done" if message in waits else ""

    def _list_delivery_states(self, message: str) -> list[tuple[str, str]]:
        """Each addressee of a message that went out, and what became of it there, in words."""
        voice = Translator(self.language)
        rows = iterate_rows(self.desk.drafts.deliveries(message))
        return [(row.addressee, _format_delivery(voice.term("office.delivery", row.state), row.how)) for row in rows]

    def links(self, entity: str) -> view.Links:
        """Where else the case names a thing, and what it knows of it.

        Raises
        ------
        CaseError
            If no message that was read here names it.
        """
        if entity not in self.named:
            raise CaseError(
                Sentence("No message that was opened at this message desk mentions this item. Open the message again.")
            )
        found = build_links(self.context.to_language(self.language), self.named[entity])
        return consultation_log.log_answer(self.context, "facts", found, entity)

    def compose(self, form: str) -> view.Draft:
        """A new draft."""
        return self._build_draft(self.desk.draft(BEGUN[form], language=self.language))

    def reply(self, message: str, kind: str) -> view.Draft:
        """A draft that answers a message: a reply, an acknowledgement, or a question for what it lacks."""
        return self._build_draft(
            self.desk.drafts.query(message) if kind == "query" else self.desk.draft(kind, reply_to=message)
        )

    def draft(self, draft: str) -> view.Draft:
        """A draft as the case keeps it."""
        return self._build_draft(self.desk.drafts.open(draft))

    def change(self, draft: str, values: Mapping[str, Any]) -> view.Draft:
        """Keep other values in fields."""
        return self._build_draft(self._get_draft(draft).change(**values))

    def mend(self, draft: str, issue: str) -> view.Draft:
        """Mend one issue."""
        (number,) = self._find_issue_numbers(draft, [issue])
        return self._build_draft(self._get_draft(draft).fix(number))

    def acknowledge(self, draft: str, issues: Sequence[str], reason: str) -> view.Draft:
        """Let issues stand."""
        return self._build_draft(self._get_draft(draft).waive(self._find_issue_numbers(draft, issues), because=reason))

    def attach(self, draft: str, name: str, mark: str, data: str) -> view.Draft:
        """Take a file into the case and have it go with a draft.

        Raises
        ------
        CaseError
            If it is too large.
        """
        content = b64decode(data)
        if len(content) > view.LARGEST:
            raise CaseError(
                Sentence(
                    "{name} was not attached: it is larger than {most} MB. Add the file to the case. Then attach it "
                    "in a notebook, by its name.",
                    name=name,
                    most=view.LARGEST >> 20,
                )
            )
        key = attachments.import_file(self.context, name, mark, content)
        return self._build_draft(self._get_draft(draft).attach(key))

    def approve(self, draft: str) -> view.Draft:
        """Sign a draft as the second officer.

        Raises
        ------
        CaseError
            If it is not what it was when it was opened here.
        """
        return self._build_draft(self.desk.drafts.approve(self._get_draft(draft), trust=self.sealing.trust))

    def discard(self, draft: str, because: str) -> str:
        """Put a draft away; the log says why."""
        self.desk.drafts.discard(self._get_draft(draft), because=because)
        self.drafts.pop(draft, None)
        return draft

    def record_release(self, page: str, messages: Sequence[str]) -> None:
        """Log a page with messages as a disclosure."""
        context = self.context
        rows = context.evidence[context.evidence["document_id"].isin(messages)]
        told = {*messages, *rows["entity_id"], *rows["canonical_id"], *rows["passage_id"], *rows["statement_id"]} - {""}
        digest = sha256(page.encode("utf-8", "replace")).hexdigest()
        out = Disclosure(
            "export", "", PAGE, digest, marks.format_mark(context), what="message desk", count=len(messages)
        )
        disclosures.record_disclosure(context.ledger, out, told)

    def preview(self, draft: str) -> view.Reading:
        """The message as it goes out."""
        one = self._get_draft(draft)
        return view.Reading(id=draft, form=one.message.form, values=to_dict(one.message), mark=one.mark)

    def outgoing(self, draft: str) -> view.Outgoing:
        """What a draft is linked with in the case, and what it would disclose to whom."""
        return describe_outgoing(self.desk, self._get_draft(draft), self.language)

    def send(self, draft: str) -> str:
        """Seal it to the holders of the cards; where it lies."""
        one, voice = self._get_draft(draft), Translator(self.language)
        before = one.left
        path = self.desk.drafts.send(
            one,
            self.sealing.list_addressee_cards(one.message),
            clearance=self.sealing.wish.clearance,
            trust=self.sealing.trust,
        )
        del self.drafts[draft]
        told = voice(
            "The message was encrypted for {to}: {file} is in the outbox. Now deliver the file to the "
            "addressees, for example by e-mail or in a shared folder. No acknowledgement has arrived "
            "yet.",
            to=", ".join(each for each in before if each not in one.left),
            file=path.name,
        )
        return f"{told} {voice('office.left', left=', '.join(one.left))}" if one.left else told

    def export(self, draft: str, ending: str, folder: str, because: str) -> view.Product:
        """Write a letter for its authority, under a name that nothing has in a folder yet, '' for the reports of the case."""
        one, context = self._get_draft(draft), self.context
        path = draft_export.find_free_path(context, one.message, ending, folder)
        path = self.desk.drafts.export(one, path, reason=because, trust=self.sealing.trust)
        return view.Product(path=str(path), sha256=draft_export.hash_product(context, path))

    def went(self, draft: str, how: str, to: Sequence[str]) -> str:
        """Say that a draft went out otherwise, to some of those who are left."""
        one, voice = self._get_draft(draft), Translator(self.language)
        told_to = ", ".join(to or one.left)
        self.desk.drafts.record_sent(one, how=how, to=to, trust=self.sealing.trust)
        del self.drafts[draft]
        left = self.desk.drafts.open(draft).left
        told = voice(
            "The message was marked as sent to {to} ({how}). No reply has arrived yet.",
            to=told_to,
            how=how,
        )
        return f"{told} {voice('office.still', left=', '.join(left))}" if left else told

    def reopen(self, message: str, because: str) -> str:
        """Say that something is to be done about a message after all."""
        self.desk.reopen(message, because=because)
        return message

    def done(self, message: str, because: str) -> str:
        """Say that nothing is to be done about a message any more."""
        self.desk.mark_done(message, because=because)
        return message

    def correct(self, message: str, category: str) -> view.Line:
        """Decide on the crime areas of a message, parted by commas; later suggestions learn from it."""
        line = next(line for line in self.listed.list_messages() if line.id == message)
        same = category == line.category
        why = (
            Translator(self.language)("the suggestion, accepted at the desk")
            if same
            else Translator(self.language)("selected at the desk")
        )
        self.desk.correct(message, crime_area=category.split(", "), because=why)
        self.listed.clear_messages()
        return next(line for line in self.listed.list_messages() if line.id == message)

    def _get_draft(self, draft: str) -> Draft:
        return self.drafts.get(draft) or self.desk.drafts.open(draft)

    def _find_issue_numbers(self, draft: str, issues: Sequence[str]) -> list[int]:
        """Numbers of issues among the faults of a draft.

        Raises
        ------
        CaseError
            If one of them is not there any more.
        """
        known = [one.id for one in view.list_issues(table(record_of(self._get_draft(draft)).faults()))]
        if gone := [issue for issue in issues if issue not in known]:
            raise CaseError(
                Sentence(
                    "This draft no longer has the issue {rule}. Open the draft again.", rule=gone[0].split("\t")[0]
                )
            )
        return [known.index(issue) for issue in issues]

    def _build_draft(self, draft: Draft) -> view.Draft:
        """A draft with its issues and what it waits for; where it has gone to some of its addressees, with what became of it there."""
        self.drafts[draft.id] = draft
        told = build_draft_view(self.context, record_of(draft), self.sealing, Translator(self.language))
        if not told.closed:
            return told
        return replace(
            told, addressees=self._list_delivery_states(deliveries.find_document(self.context, draft.message))
        )


def _format_delivery(state: str, how: str) -> str:
    """What became of a message at an addressee, and by which way it went."""
    return f"{state} ({how})" if how else state


def _format_reason(row: Any, voice: Translator) -> str:  # noqa: ANN401
    """A line of a priority, with the words that it was read in."""
    told = voice("priority.quoted", reason=row.reason, words=row.words) if row.words else str(row.reason)
    return voice("priority.suggested", reason=told) if row.by == SUGGESTED else told
