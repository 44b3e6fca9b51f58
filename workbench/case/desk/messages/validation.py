"""The check of a message within a case: its rules see what was sent, what is closed to whom, and the files as they lie here.

The rules are the shipped ones and those of the case (`orders`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from workbench import identity
from workbench.case.access import controller, mark_propagation, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.messages import attachment_contents, bureau_names, cross_references, filing, message_rules
from workbench.case.desk.messages.mentions import find_mentions
from workbench.errors import IdentityError, SourceError
from workbench.identity import Bureau
from workbench.ingest.documents import police_message
from workbench.ingest.reading.source import SourceFile
from workbench.ledger.access import hidden_parts
from workbench.ledger.access.access_filter import AccessFilter
from workbench.ledger.access.shown_names import MASKED
from workbench.ledger.records import messages, references, row_tables
from workbench.ledger.records.messages import OUT, FiledMessage
from workbench.messages import Fault, Surroundings, check, from_json
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Attachment, Correspondence, Message
from workbench.messages.model.message_json import from_dict
from workbench.messages.model.sent_messages import SentMessages
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import PLAIN, Mark, Scheme, to_facets
from workbench.model.ids import compute_digest

Filled = Sequence[Sequence[str]]
"""Field, value and evidence by which a draft was filled."""


def find_faults(
    context: CaseContext, message: Correspondence, rests: Collection[str] | None = None, filled: Filled = ()
) -> list[Fault]:
    """Faults of a message as the case sees it.

    `rests`: what the fields of a draft were filled from; `filled`: each field with its evidence.
    """
    around = build_surroundings(context, message, rests)
    return check(
        as_marked(context, message, rests or ()),
        replace(around, withdrawn=_list_withdrawn_values(context, filled)),
        message_rules.list_packs(context),
    )


def _list_withdrawn_values(context: CaseContext, filled: Filled) -> list[tuple[str, str, str]]:
    """Field, value and file of what only withdrawn material states, each once."""
    gone = references.map_withdrawn_evidence(context.ledger, [evidence for _, _, evidence in filled]) if filled else {}
    kept = {(path, value) for path, value, evidence in filled if evidence not in gone}
    told = {
        (path, value): gone[evidence]
        for path, value, evidence in filled
        if evidence in gone and (path, value) not in kept
    }
    return [(path, value, file or context.say("stated by an officer")) for (path, value), file in told.items()]


def build_surroundings(
    context: CaseContext, message: Correspondence, rests: Collection[str] | None = None
) -> Surroundings:
    """What the rules may know of the case beside the message."""
    hashes, states = _list_hashes(context) if message.attachments else {}, message_rules.load_states(context)
    theirs, ours = context.cache_by_version("desk: references", lambda: _list_references(context))
    return Surroundings(
        sent=context.cache_by_version("sent messages by what they say", lambda: SentMessages(list_sent_messages(context))),
        references=theirs, own_references=ours,
        restricted=frozenset() if rests is None else _list_barred_countries(context, message, rests),
        hashes={
            one.name: next((key for key in hashes[one.name] if key == one.sha256.lower()), hashes[one.name][-1])
            for one in message.attachments if one.name in hashes
        },
        reader=find_mentions, nation=context.cache_by_version("desk: countries of bureaux",
        lambda: bureau_names.build_country_lookup(list_trusted_bureaux())),
        treaties=frozenset(states.treaties), languages=states.languages,
    )  # fmt: skip


def _list_references(context: CaseContext) -> tuple[frozenset[str], frozenset[str]]:
    """References that others have given, and those of messages that went out."""
    known = messages.list_messages(context.ledger)
    ours = frozenset(one.our_ref for one in known if one.direction == OUT)
    return frozenset(one.our_ref for one in known if one.direction != OUT), ours


def list_trusted_bureaux() -> tuple[Bureau, ...]:
    """The bureaux of one's own trust list; none where it cannot be read, which is told when something is sealed."""
    try:
        return identity.load_trust_list().bureaux
    except IdentityError:
        return ()


def _list_barred_countries(context: CaseContext, message: Correspondence, rests: Collection[str]) -> frozenset[str]:
    """Countries to which something is closed that a draft rests on, or that it names and the case has from such sources alone."""
    barred = set(marks.get_places_mark(context, rests).barred)
    barred |= attachment_contents.get_attachments_mark(context, message).barred
    if not marks.get_marks(context).plain:
        for link in cross_references.find_links(context, message):
            barred |= frozenset.intersection(
                *(marks.get_places_mark(context, [place.document_id]).barred for place in link.places)
            )
    return frozenset(barred)


def list_sent_messages(context: CaseContext) -> list[Correspondence]:
    """Messages that went out, as far as their reader may see them."""
    return context.cache_by_version("sent messages", lambda: list(_load_sent_messages(context)))


def _load_sent_messages(context: CaseContext) -> Iterable[Correspondence]:
    """Messages of which an erasure has left only text say nothing to a rule: they are left out."""
    for one in messages.list_messages(context.ledger):
        if one.direction == OUT:
            with suppress(SourceError):
                yield load_shown_form(context, one)


def load_message(context: CaseContext, source: str) -> Correspondence:
    """The message that a source holds, whoever reads: what is told of it is made from `load_shown_form`.

    Raises
    ------
    SourceError
        If it is none any more: something was erased of it that left no message.
    """
    with context.folder.open_source(source) as content:
        text = content.read().decode("utf-8", "replace")
    try:
        return from_json(text)
    except SourceError as error:
        raise SourceError(
            Sentence("{error} Part of the message was erased. The rest is in `case.documents()`.", error=error)
        ) from None


def load_shown_message(context: CaseContext, one: FiledMessage) -> Correspondence:
    """The message of a document as its reader may see it: without the entries and fields of which the passages are not shown.

    Of one of which an erasure has left only text the facts are that text; of its fields it has what a list of messages shows.
    """
    try:
        return load_shown_form(context, one)
    except SourceError:
        return Message(
            type=one.kind if one.form == Message.form else "", message_id=one.message_id, thread_id=one.thread_id,
            our_ref=one.our_ref, your_ref=one.your_ref, other_refs=one.other_refs, from_bureau=one.from_bureau, to=one.to_bureaux,
            date_time=one.at, urgency=one.urgency, reply_by=one.reply_by, subject=one.subject,
            summary_of_facts="\n\n".join(hidden_parts.list_live_texts(context.ledger, one.document_id)),
        )  # fmt: skip


def load_shown_form(context: CaseContext, one: FiledMessage) -> Correspondence:
    """As `load_shown_message`: all that is told of a message or worked out from it is made from that.

    Its subject is what a list of messages shows of it, also where the passage in which it stands is hidden for what else is in that.

    Raises
    ------
    SourceError
        If an erasure has left only text of it.
    """
    texts = hidden_parts.list_shown_texts(context.ledger, one.document_id)
    if texts is None:
        return load_message(context, one.source)
    with context.folder.open_source(one.source) as content:
        data = content.read()
    given = SourceFile(context.folder.get_source_path(one.source), one.source, one.source, data)
    shown = from_dict(police_message.withhold_parts(given, frozenset(texts)))
    return shown if shown.subject or one.subject == MASKED else replace(shown, subject=one.subject)


def map_shown_keys(context: CaseContext, documents: Iterable[str]) -> dict[str, str]:
    """Document of each message -> the key under which is kept what was made of what its reader may see of it.

    It is the document where that is the whole message, else it names the texts that are shown as well.
    """
    asked = list(documents)
    known = context.cache_by_version("desk: shown parts of messages", dict[str, str])
    if new := [key for key in asked if key not in known]:
        cut = hidden_parts.list_cut_documents(context.ledger, new)
        known.update((key, _build_shown_key(context, key) if key in cut else key) for key in new)
    return {key: known[key] for key in asked}


def _build_shown_key(context: CaseContext, document: str) -> str:
    return f"{document} {compute_digest(*hidden_parts.list_live_texts(context.ledger, document))}"


def to_confidentiality(mark: Mark, scheme: Scheme) -> str:
    """Confidentiality of a message that has at least the level of a mark."""
    codes = get_codes("confidentiality")
    name = scheme.levels[mark.level].upper() if mark.level else codes[0]
    return next((code for code in codes if name.endswith(code)), codes[min(mark.level, len(codes) - 1)])


def _list_hashes(context: CaseContext) -> dict[str, list[str]]:
    """Name of files of the case -> SHA-256 of each."""
    known = row_tables.list_sources(context.ledger)
    found: dict[str, list[str]] = {}
    for name, key in zip(known["name"], known["source"], strict=True):
        found.setdefault(str(name).rpartition("/")[2], []).append(str(key))
    return found


def as_marked(context: CaseContext, message: Correspondence, rests: Collection[str]) -> Correspondence:
    """A message with the level that the case gives the files attached to it now, where that is the higher one.

    What is inside a file counts as the file does. A file of `rests` was attached by who could see it: its level counts though it has
    been raised above theirs since.
    """
    made = tuple(_as_marked(context, one, attached=one.sha256 in rests) for one in message.attachments)
    return replace(message, attachments=made)


def _as_marked(context: CaseContext, one: Attachment, *, attached: bool) -> Attachment:
    known, codes = marks.get_marks(context), get_codes("confidentiality")
    there = one.sha256 in known.visible_ids.get("sources", mark_propagation.list_visible_ids(context)["sources"])
    if not (there or attached):
        return one
    mark = attachment_contents.get_file_mark(context, one.sha256) if there else PLAIN
    if attached:
        mark |= attachment_contents.get_level(context, one.sha256)
    found = to_confidentiality(mark, known.scheme)
    higher = one.confidentiality not in codes or codes.index(found) > codes.index(one.confidentiality)
    return replace(one, confidentiality=found) if higher else one


def find_refusal_reason(context: CaseContext, text: str) -> str:
    """Why the reader may not see a message (as JSON) by what it says of its handling; '' if he may."""
    scheme, gate = controller.get_scheme(context), context.ledger.gate
    told = to_facets(filing.get_message_mark(from_json(text), scheme), scheme)
    return gate.describe_refusal(told) if isinstance(gate, AccessFilter) else ""
