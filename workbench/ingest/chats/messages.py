"""From the events of a chat export to rows: first what the whole file says of its senders, then message by message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.ingest.chats.export import METHOD, UNKNOWN, VERSION, Conversation, Device, Record, has_zone
from workbench.ingest.participants import Participant, Scope, claims, participant
from workbench.ingest.services import APPS, Sender, is_system, service
from workbench.ingest.source import Evidence, SourceFile
from workbench.model.ident import digest, entity_id
from workbench.model.issues import issue
from workbench.model.keys import named_account, person
from workbench.model.names import clean, normalise
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace

TITLE = 80
NAMED = 12


def document_id(record: Record) -> str:
    """Id of a message: its time as written and its text."""
    return digest("Message", record.at, record.text)


@dataclass(slots=True)
class Survey:
    """What must be known of a file before its first row.

    Attributes
    ----------
    custodians : set of str
        Normalised names.
    first : dict
        From a document to the number of its first sender; `others`: further senders, where copies differ.
    """

    source: str
    custodians: set[str] = field(default_factory=set)
    apps: set[str] = field(default_factory=set)
    first: dict[int, int] = field(default_factory=dict)
    others: dict[int, set[int]] = field(default_factory=dict)
    senders: dict[tuple[str, str], int] = field(default_factory=dict)
    counts: dict[tuple[str, str], Sender] = field(default_factory=dict)
    zoneless: int = 0

    def see(self, event: Device | Conversation | Record | Issue) -> None:
        """Take one event of the first pass."""
        if isinstance(event, Device):
            self.custodians.add(normalise(event.custodian))
        elif isinstance(event, Conversation):
            self.apps.add(normalise(event.app))
        elif isinstance(event, Record):
            self._record(event)

    def _record(self, record: Record) -> None:
        device = record.conversation.device.name
        who = participant(record.sender)
        self.zoneless += not has_zone(record.at)
        name, sender = short(document_id(record)), (record.sender, device)
        number = self.senders.setdefault(sender, len(self.senders))
        known = self.first.setdefault(name, number)
        new = known == number and name not in self.others
        if known != number:
            self.others.setdefault(name, {known}).add(number)
        recipients = [participant(raw) for raw in record.recipients]
        if new:
            to = recipients[0].name if recipients else ""
            self._count(who, device).sent(who, record.text, app=record.conversation.app, to=to)
        personal = len(recipients) == 1 and not is_system(who)
        for recipient in recipients:
            self._count(recipient, device).got(recipient, record.text, personal=personal)

    def _count(self, who: Participant, device: str) -> Sender:
        key = (who.name, device if who.is_short else "")
        return self.counts.setdefault(key, Sender())

    def services(self) -> dict[str, str]:
        """From account ids (in the scope of names, not yet of services) to the reason why they are services."""
        apps = frozenset(self.apps - {""}) | APPS
        named: dict[str, Sender] = {}
        accounts: dict[str, tuple[Sender, Participant]] = {}
        for (name, device), count in self.counts.items():
            who = participant(name)
            if who.key not in self.custodians:
                accounts.setdefault(self.scope(device).account_id(who), (Sender(), who))[0].add(count)
                named.setdefault(normalise(name), Sender()).add(count)
        reasons = {account: _reason(total, named, who, apps) for account, (total, who) in accounts.items()}
        return {account: reason for account, reason in reasons.items() if reason}

    def scope(self, device: str) -> Scope:
        """Where names mean one person, seen from a device."""
        return Scope(self.source, device, frozenset(self.custodians))

    def conflicts(self) -> set[int]:
        """Documents whose copies name senders that share neither an identifier nor a name."""
        raw = [participant(sender) for sender, _ in self.senders]
        return {name for name, numbers in self.others.items() if _apart([raw[n] for n in sorted(numbers)])}


def short(document: str) -> int:
    """The first 64 bits of a document id, to hold many in memory."""
    return int(document[:16], 16)


def rows(source: SourceFile, events: Iterable[Device | Conversation | Record | Issue], survey: Survey) -> Iterator[Row]:
    """Rows of the second pass."""
    writer = _Writer(source, survey)
    if survey.zoneless:
        yield issue(
            "zone-unknown",
            f"{survey.zoneless} times have no zone; they are shown as written.",
            fix="Say in which zone the export was made.",
        )
    for event in events:
        if isinstance(event, Record):
            yield from writer.message(event)
        elif isinstance(event, Issue):
            yield event
    yield from writer.conflicts()


class _Writer:
    """Makes rows of messages; remembers what was said already, and uses up the survey's list of documents."""

    def __init__(self, source: SourceFile, survey: Survey) -> None:
        self.source, self.survey = source, survey
        self.services = survey.services()
        self.open = survey.conflicts()
        self.said: dict[int, dict[str, list[str]]] = {}
        self.known: set[tuple[str, str, str]] = set()
        self.devices: set[Device] = set()
        self.accounts: dict[tuple[str, str], tuple[str, str]] = {}
        self.scopes: dict[str, Scope] = {}
        self.reasons = [
            self.services.get(survey.scope(device).account_id(participant(raw)), "") for raw, device in survey.senders
        ]
        self.left = survey.first

    def message(self, record: Record) -> Iterator[Row]:
        """Document (once), passage (once), trace and claims of one occurrence."""
        document, name = document_id(record), short(document_id(record))
        passage = digest("Passage", document, "0") if record.text else ""
        if name in self.left:
            yield Document(
                document, "Message", _title(record.text), record.at, self._service(name, self.left.pop(name))
            )
            if passage:
                yield Passage(passage, document, 0, record.text)
        trace = _trace(self.source, record, document)
        yield trace
        if name in self.open:
            self.said.setdefault(name, {"": [document]}).setdefault(record.sender, []).append(_place(trace))
        evidence = Evidence(METHOD, VERSION, document, passage, trace.id)
        yield from self._envelope(evidence, record)
        yield from self._people(evidence, record)

    def conflicts(self) -> Iterator[Issue]:
        """One issue per document whose copies name different senders."""
        for said in self.said.values():
            document = said.pop("")[0]
            parts = [f"{sender!r}: {_several(places)}" for sender, places in said.items()]
            yield issue(
                "sender-conflict",
                f"Copies of one message name different senders. {'; '.join(parts)}.",
                fix="Say whether these are one person, or which copy is right.",
                document_id=document,
            )

    def _envelope(self, evidence: Evidence, record: Record) -> Iterator[Claim]:
        entity = entity_id("Message", evidence.document_id)
        yield from evidence.entity("Message", entity, {"date": record.at, "threadTopic": record.conversation.label})
        if record.sender:
            account = self._account(record.sender, record)[0]
            yield evidence.claim("Message", entity, "senderAccount", account, record.sender)
        for raw in record.recipients:
            yield evidence.claim("Message", entity, "recipientAccount", self._account(raw, record)[0], raw)

    def _people(self, evidence: Evidence, record: Record) -> Iterator[Claim | Issue]:
        """What the participants' strings say; each once per device and messenger."""
        conversation = record.conversation
        yield from self._device(evidence, conversation.device)
        for raw in filter(None, (record.sender, *record.recipients)):
            key = (raw, conversation.device.name, conversation.app)
            if key in self.known:
                continue
            self.known.add(key)
            who, reason = participant(raw), self._account(raw, record)[1]
            custodian = normalise(conversation.device.custodian)
            yield from claims(
                evidence, who, self._scope(record), custodian=custodian, app=conversation.app, service=reason
            )
            if who.is_short and not reason and who.key not in self.survey.custodians:
                yield _short_name(who, conversation.device)

    def _device(self, evidence: Evidence, device: Device) -> Iterator[Claim]:
        if device in self.devices or not device.name:
            return
        self.devices.add(device)
        handset = entity_id("Handset", "device", device.trace)
        notes = f"evidence trace {device.trace}"
        yield from evidence.entity("Handset", handset, {"name": device.name, "notes": notes})
        if device.custodian:
            holder = person(device.custodian, self.source.sha256).entity_id
            yield evidence.claim("Person", holder, "name", device.custodian)
            yield from evidence.attribution(holder, handset, "custodian", recordId=device.custodian_trace)
            used = named_account(device.custodian, self.source.sha256).entity_id
            yield evidence.claim("UserAccount", used, "username", device.custodian)
            yield from evidence.attribution(holder, used, "custodian")

    def _account(self, raw: str, record: Record) -> tuple[str, str]:
        """Id of an account and why it is a service."""
        key = (raw, record.conversation.device.name)
        if key not in self.accounts:
            who, scope = participant(raw), self._scope(record)
            reason = self.services.get(scope.account_id(who), "")
            self.accounts[key] = (scope.account_id(who, reason), reason)
        return self.accounts[key]

    def _service(self, name: int, first: int) -> str:
        """Why a document comes from a service: only if each of its senders is one."""
        numbers = sorted(self.survey.others.get(name, {first}))
        reasons = [self.reasons[number] for number in numbers]
        return reasons[0] if all(reasons) else ""

    def _scope(self, record: Record) -> Scope:
        device = record.conversation.device.name
        if device not in self.scopes:
            self.scopes[device] = self.survey.scope(device)
        return self.scopes[device]


def _reason(total: Sender, named: dict[str, Sender], who: Participant, apps: frozenset[str]) -> str:
    """Why an account is a service; a single word (a network's name) also by what it sent to the other devices."""
    reason = service(total, who.name, kind=who.kind, apps=apps)
    if reason or not who.is_short or total.answers:
        return reason
    return service(named[who.key], who.name, kind=who.kind, apps=apps)


def _apart(senders: list[Participant]) -> bool:
    """Whether some of the senders cannot be reached from the first over shared identifiers and names."""
    reached, rest = set(senders[0].forms), senders[1:]
    while near := [who for who in rest if who.forms & reached]:
        reached = reached.union(*(who.forms for who in near))
        rest = [who for who in rest if who not in near]
    return bool(rest)


def _trace(source: SourceFile, record: Record, document: str) -> Trace:
    conversation, place = record.conversation, f"line {record.line}"
    return Trace(
        digest(source.sha256, place, document),
        document,
        source.sha256,
        trace=conversation.trace,
        place=place,
        device=conversation.device.name,
        custodian=conversation.device.custodian,
        conversation=conversation.label,
    )


def _title(text: str) -> str:
    line = clean(text[: 4 * TITLE])
    return (line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…") or "Message without text"


def _place(trace: Trace) -> str:
    where = f"device {trace.device}, {trace.place}" if trace.device else trace.place
    return f"trace {trace.trace} ({where})" if trace.trace else where


def _several(places: list[str]) -> str:
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return ", ".join(places[:NAMED]) + more


def _short_name(who: Participant, device: Device) -> Issue:
    return issue(
        "name-only",
        f"{who.name!r} on device {device.name or UNKNOWN} is a short name; the same name elsewhere is kept apart.",
        fix="Say who it is, or that it is the same person as another.",
    )
