"""From the events of a chat export to rows: first what the whole file says of its senders, then message by message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from workbench.ingest.chats.conversation import METHOD, UNKNOWN, VERSION, Conversation, Device, Record, has_zone
from workbench.ingest.chats.service_senders import APPS, Sender, find_service_reason, is_system
from workbench.ingest.reading.participants import Participant, Scope, list_claims, parse_participant
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import build_named_account_key, build_person_key
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import to_utc
from workbench.model.values.plausible_years import is_plausible

Event = Device | Conversation | Record | Row
"""What a reader tells in order: of messages, and rows that it makes itself."""

E = TypeVar("E")
TITLE = 80
NAMED = 12
ATTACHED = "Attachment: "


def compute_document_id(record: Record) -> str:
    """Id of a message: its time and its text; of one without text the names of what is attached to it.

    A time with a zone counts to the second in UTC, whatever zone the source shows it in: two phones, or a phone and an
    export, show one message in different zones. A time without a zone counts as written. What somebody said a second time
    in the same moment is another message: the second in each export of the conversation.
    """
    again = (str(record.turn),) if record.turn > 1 else ()
    return compute_digest("Message", normalise_moment(record.at), record.text or _format_attachments(record), *again)


def number_repeats(events: Iterable[E]) -> Iterator[E | Record]:
    """Events of a file that lists each message once; those alike in conversation, sender, time and words get their turn.

    Of messages with a number of their own, those that have the same one are the same.
    """
    counts: Counter[int] = Counter()
    turns: dict[int, int] = {}
    for event in events:
        if not isinstance(event, Record):
            yield event
            continue
        alike = hash((event.conversation, event.sender, shorten_id(compute_document_id(event))))
        own = hash((alike, event.trace))
        if not event.trace or own not in turns:
            counts[alike] += 1
        turn = turns.setdefault(own, counts[alike]) if event.trace else counts[alike]
        yield replace(event, turn=turn) if turn > 1 else event


def list_ties(events: Iterable[Event], survey: Survey) -> Iterator[tuple[str, str]]:
    """Path or name of each attached file, with the document of its message: where the survey has separated what it knows."""
    for event in events:
        if isinstance(event, Record) and event.files:
            yield from ((path, survey.get_document_id(event)) for path in event.files)


def normalise_moment(at: str) -> str:
    """Time in UTC to the second if it says its offset, as written if it does not."""
    return to_utc(at, "") or at


@dataclass(slots=True)
class Survey:
    """What must be known of a file before its first row.

    Attributes
    ----------
    source : str
        What a name means one person in: the hash of the file, or a handset of which there may be several files.
    custodians : set of str
        Normalised names.
    named : callable
        From the string of a participant to its parts.
    owners : set of str
        Strings of accounts that belong to the custodian, or to whoever used the device.
    each_once : bool
        Whether the file lists each message once: what different senders say in one moment are different messages then.
    first : dict
        From a document to the number of its first sender; `others`: further senders, where copies differ.
    parted : dict
        From a document and the number of a sender to the document of this sender, where others said the same in one moment.
    """

    source: str
    named: Callable[[str], Participant] = parse_participant
    owners: set[str] = field(default_factory=set)
    custodians: set[str] = field(default_factory=set)
    apps: set[str] = field(default_factory=set)
    each_once: bool = False
    first: dict[int, int] = field(default_factory=dict)
    others: dict[int, set[int]] = field(default_factory=dict)
    whole: dict[int, str] = field(default_factory=dict)
    parted: dict[tuple[int, int], str] = field(default_factory=dict)
    senders: dict[tuple[str, str], int] = field(default_factory=dict)
    counts: dict[tuple[str, str], Sender] = field(default_factory=dict)
    zoneless: int = 0

    def add_event(self, event: Event) -> None:
        """Take one event of the first pass."""
        if isinstance(event, Device):
            self.custodians.add(normalise_name(event.custodian))
        elif isinstance(event, Conversation):
            self.apps.add(normalise_name(event.app))
        elif isinstance(event, Record):
            self._record(event)

    def _record(self, record: Record) -> None:
        device = record.conversation.device.name
        who = self.named(record.sender)
        self.zoneless += not has_zone(record.at)
        name, sender = shorten_id(compute_document_id(record)), (record.sender, device)
        number = self.senders.setdefault(sender, len(self.senders))
        known = self.first.setdefault(name, number)
        new = known == number and name not in self.others
        if known != number:
            self.others.setdefault(name, {known}).add(number)
            self.whole[name] = compute_document_id(record)
        recipients = [self.named(raw) for raw in record.recipients]
        if new:
            to = recipients[0].name if recipients else ""
            self._count(who, device).count_sent(who, record.text, app=record.conversation.app, to=to)
        personal = len(recipients) == 1 and not is_system(who)
        for recipient in recipients:
            self._count(recipient, device).count_received(recipient, record.text, personal=personal)

    def _count(self, who: Participant, device: str) -> Sender:
        key = (who.name, device if who.is_short else "")
        return self.counts.setdefault(key, Sender())

    def list_services(self) -> dict[str, str]:
        """From account ids (in the scope of names, not yet of services) to the reason why they are services."""
        apps = frozenset(self.apps - {""}) | APPS
        named: dict[str, Sender] = {}
        accounts: dict[str, tuple[Sender, Participant]] = {}
        for (name, device), count in self.counts.items():
            who = self.named(name)
            if who.key not in self.custodians and name not in self.owners:
                accounts.setdefault(self.build_scope(device).compute_account_id(who), (Sender(), who))[0].add(count)
                named.setdefault(normalise_name(name), Sender()).add(count)
        reasons = {account: _find_reason(total, named, who, apps) for account, (total, who) in accounts.items()}
        return {account: reason for account, reason in reasons.items() if reason}

    def build_scope(self, device: str) -> Scope:
        """Where names mean one person, seen from a device."""
        return Scope(self.source, device, frozenset(self.custodians))

    def find_conflicts(self) -> set[int]:
        """Documents whose copies name senders that share neither an identifier nor a name."""
        raw = [self.named(sender) for sender, _ in self.senders]
        return {
            name for name, numbers in self.others.items() if _has_unlinked_sender([raw[n] for n in sorted(numbers)])
        }

    def separate(self) -> None:
        """Give what different senders said in one moment documents of their own, in a file that lists each message once.

        The sender who comes first by name keeps the id that time and words give: exports of one conversation agree about it,
        whatever the order of their lines.
        """
        raw = [self.named(sender).identity for sender, _ in self.senders] if self.each_once else []
        for name in list(self.others) if self.each_once else ():
            said: dict[str, list[int]] = {}
            for number in sorted(self.others.pop(name)):
                said.setdefault(raw[number], []).append(number)
            first, *others = sorted(said)
            for one in others:
                document = compute_digest("Message", self.whole[name], one)
                self.parted |= {(name, number): document for number in said[one]}
                self._store_numbers(shorten_id(document), said[one])
            self._store_numbers(name, said[first])

    def _store_numbers(self, name: int, numbers: list[int]) -> None:
        self.first[name] = min(numbers)
        if len(numbers) > 1:
            self.others[name] = set(numbers)

    def get_document_id(self, record: Record) -> str:
        """Id of the document of a message."""
        document = compute_document_id(record)
        if not self.parted:
            return document
        number = self.senders.get((record.sender, record.conversation.device.name), -1)
        return self.parted.get((shorten_id(document), number), document)


def shorten_id(document: str) -> int:
    """The first 64 bits of a document id, to hold many in memory."""
    return int(document[:16], 16)


def list_rows(
    source: SourceFile, events: Iterable[Event], survey: Survey, method: str = METHOD, version: str = VERSION
) -> Iterator[Row]:
    """Rows of the second pass. What the reader has made itself between the messages goes through as it is."""
    survey.separate()
    writer = _Writer(source, survey, Evidence(method, version))
    if survey.zoneless:
        yield build_issue(
            "zone-unknown",
            Sentence("row.zone.times", count=survey.zoneless),
            fix=Sentence("fix.say.export_zone"),
        )
    for event in events:
        if isinstance(event, Record):
            yield from writer.list_message_rows(event)
        elif not isinstance(event, Device | Conversation):
            yield event
    yield from writer.list_year_issues()
    yield from writer.list_conflict_issues()


class _Writer:
    """Makes rows of messages; remembers what was said already, and uses up the survey's list of documents."""

    def __init__(self, source: SourceFile, survey: Survey, method: Evidence) -> None:
        self.source, self.survey, self.method = source, survey, method
        self.services = survey.list_services()
        self.open = survey.find_conflicts()
        self.said: dict[int, dict[str, list[str]]] = {}
        self.attached: set[str] = set()
        self.known: set[tuple[str, str, str]] = set()
        self.devices: set[Device] = set()
        self.accounts: dict[tuple[str, str], tuple[str, str]] = {}
        self.scopes: dict[str, Scope] = {}
        self.reasons = [
            self.services.get(survey.build_scope(device).compute_account_id(survey.named(raw)), "")
            for raw, device in survey.senders
        ]
        self.left = survey.first
        self.odd_years: list[str] = []
        self.example = ""

    def list_message_rows(self, record: Record) -> Iterator[Row]:
        """Document (once), passage (once), trace and claims of one occurrence."""
        document = self.survey.get_document_id(record)
        name = shorten_id(document)
        found = list(_list_passages(document, record))
        passage = found[0].id if found else ""
        main = found[:1] if found and found[0].number == 0 else []
        if name in self.left:
            title = _format_title(record.text or _format_attachments(record))
            yield Document(document, "Message", title, record.at, self._find_service_reason(name, self.left.pop(name)))
            yield from main
        yield from (one for one in found[len(main) :] if not self._is_known(one.id))
        trace = _build_trace(self.source, record, document)
        yield trace
        if name in self.open:
            self.said.setdefault(name, {"": [document]}).setdefault(record.sender, []).append(_format_place(trace))
        evidence = replace(self.method, document_id=document, passage_id=passage, trace_id=trace.id)
        yield from self._claim_message(evidence, record)
        yield from self._claim_participants(evidence, record)

    def list_year_issues(self) -> Iterator[Issue]:
        """Times of a year in which no message can have been sent, once for the file."""
        if self.odd_years:
            said = Sentence("row.date.year", count=len(self.odd_years), example=repr(self.example))
            yield build_issue("bad-date", said, fix=Sentence("fix.look.calendar"), place=self.odd_years[0])

    def list_conflict_issues(self) -> Iterator[Issue]:
        """One issue per document whose copies name different senders."""
        for said in self.said.values():
            document = said.pop("")[0]
            parts = [f"{sender!r}: {_join_places(places)}" for sender, places in said.items()]
            yield build_issue(
                "sender-conflict",
                Sentence("row.chat.senders", claims="; ".join(parts)),
                fix=Sentence("fix.say.senders"),
                document_id=document,
            )

    def _is_known(self, passage: str) -> bool:
        """Whether a passage was given out before; from now on it was."""
        known = passage in self.attached
        self.attached.add(passage)
        return known

    def _claim_message(self, evidence: Evidence, record: Record) -> Iterator[Claim]:
        entity = build_entity_id("Message", evidence.document_id)
        at = record.at if is_plausible(record.at) else ""
        if record.at and not at:
            self.odd_years.append(record.place or f"line {record.line}")
            self.example = self.example or record.at
        yield from evidence.claim_entity("Message", entity, {"date": at, "threadTopic": record.conversation.label})
        yield from (evidence.build_claim("Message", entity, prop, value) for prop, value in record.said if value)
        if record.sender:
            account = self._get_account(record.sender, record)[0]
            yield evidence.build_claim("Message", entity, "senderAccount", account, record.sender)
        for raw in record.recipients:
            yield evidence.build_claim("Message", entity, "recipientAccount", self._get_account(raw, record)[0], raw)

    def _claim_participants(self, evidence: Evidence, record: Record) -> Iterator[Claim | Issue]:
        """What the participants' strings say; each once per device and messenger."""
        conversation = record.conversation
        yield from self._claim_device(evidence, conversation.device)
        for raw in filter(None, (record.sender, *record.recipients)):
            key = (raw, conversation.device.name, conversation.app)
            if key in self.known:
                continue
            self.known.add(key)
            who, (held, reason) = self.survey.named(raw), self._get_account(raw, record)
            custodian = normalise_name(conversation.device.custodian)
            owned = list(self._claim_ownership(evidence, who, held, conversation.device))
            shown = replace(who, label="") if owned else who
            yield from list_claims(
                evidence, shown, self._get_scope(record), custodian=custodian, app=conversation.app, service=reason
            )
            yield from owned
            if who.is_short and not reason and who.key not in self.survey.custodians:
                yield _build_name_issue(who, conversation.device)

    def _claim_ownership(self, evidence: Evidence, who: Participant, held: str, device: Device) -> Iterator[Claim]:
        """That an account belongs to the custodian, or, where the source names none, to whoever used the device."""
        if who.raw not in self.survey.owners:
            return
        if device.custodian:
            holder = build_person_key(device.custodian, self.survey.source).entity_id
            yield evidence.build_claim("Person", holder, "name", device.custodian)
            if who.label and normalise_name(who.label) != normalise_name(device.custodian):
                yield evidence.build_claim("Person", holder, "alias", who.label)
            yield from evidence.claim_attribution(holder, held, "custodian")
        elif device.handset:
            yield from evidence.claim_attribution(device.handset, held, "account on the device")

    def _claim_device(self, evidence: Evidence, device: Device) -> Iterator[Claim]:
        if device in self.devices or not device.name or device.handset:
            return
        self.devices.add(device)
        handset = build_entity_id("Handset", "device", device.trace)
        notes = f"evidence trace {device.trace}"
        yield from evidence.claim_entity("Handset", handset, {"name": device.name, "notes": notes})
        if device.custodian:
            holder = build_person_key(device.custodian, self.survey.source).entity_id
            yield evidence.build_claim("Person", holder, "name", device.custodian)
            yield from evidence.claim_attribution(holder, handset, "custodian", recordId=device.custodian_trace)
            used = build_named_account_key(device.custodian, self.survey.source).entity_id
            yield evidence.build_claim("UserAccount", used, "username", device.custodian)
            yield from evidence.claim_attribution(holder, used, "custodian")

    def _get_account(self, raw: str, record: Record) -> tuple[str, str]:
        """Id of an account and why it is a service."""
        key = (raw, record.conversation.device.name)
        if key not in self.accounts:
            who, scope = self.survey.named(raw), self._get_scope(record)
            reason = self.services.get(scope.compute_account_id(who), "")
            self.accounts[key] = (scope.compute_account_id(who, reason), reason)
        return self.accounts[key]

    def _find_service_reason(self, name: int, first: int) -> str:
        """Why a document comes from a service: only if each of its senders is one."""
        numbers = sorted(self.survey.others.get(name, {first}))
        reasons = [self.reasons[number] for number in numbers]
        return reasons[0] if all(reasons) else ""

    def _get_scope(self, record: Record) -> Scope:
        device = record.conversation.device.name
        if device not in self.scopes:
            self.scopes[device] = self.survey.build_scope(device)
        return self.scopes[device]


def _find_reason(total: Sender, named: dict[str, Sender], who: Participant, apps: frozenset[str]) -> str:
    """Why an account is a service; a single word (a network's name) also by what it sent to the other devices."""
    reason = find_service_reason(total, who.name, kind=who.kind, apps=apps)
    if reason or not who.is_short or total.answers:
        return reason
    return find_service_reason(named[who.key], who.name, kind=who.kind, apps=apps)


def _has_unlinked_sender(senders: list[Participant]) -> bool:
    """Whether some of the senders cannot be reached from the first over shared identifiers and names."""
    reached, rest = set(senders[0].forms), senders[1:]
    while near := [who for who in rest if who.forms & reached]:
        reached = reached.union(*(who.forms for who in near))
        rest = [who for who in rest if who not in near]
    return bool(rest)


def _build_trace(source: SourceFile, record: Record, document: str) -> Trace:
    conversation, place = record.conversation, record.place or f"line {record.line}"
    return Trace(
        compute_digest(source.sha256, place, document),
        document,
        source.sha256,
        trace=record.trace or conversation.trace,
        place=place,
        device=conversation.device.name,
        custodian=conversation.device.custodian,
        conversation=conversation.label,
    )


def _list_passages(document: str, record: Record) -> Iterator[Passage]:
    """The text, and what is said beside it: a passage of its own, for copies of a message can be told differently."""
    attached = _format_attachments(record)
    if record.text or attached:
        yield Passage(compute_digest("Passage", document, "0"), document, 0, record.text or attached)
    beside = "\n".join(filter(None, (attached if record.text else "", *record.notes)))
    if beside:
        yield Passage(compute_digest("Passage", document, "1", beside), document, 1, beside)


def _format_attachments(record: Record) -> str:
    return "\n".join(ATTACHED + name for name in record.attachments)


def _format_title(text: str) -> str:
    line = clean_text(text[: 4 * TITLE])
    return (line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…") or "Message without text"


def _format_place(trace: Trace) -> str:
    where = f"device {trace.device}, {trace.place}" if trace.device else trace.place
    return f"trace {trace.trace} ({where})" if trace.trace else where


def _join_places(places: list[str]) -> str:
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return ", ".join(places[:NAMED]) + more


def _build_name_issue(who: Participant, device: Device) -> Issue:
    return build_issue(
        "name-only",
        Sentence("row.chat.short", name=repr(who.name), device=device.name or UNKNOWN),
        fix=Sentence("fix.say.who"),
    )
