"""Signal's own plain export ('main.jsonl'): from the frames of a backup to messages. See `signal` for the form."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from uuid import UUID

from workbench.ingest.chats.chat_export_rows import Event, Survey
from workbench.ingest.chats.conversation import UNKNOWN, Conversation, Device, Record
from workbench.ingest.chats.export_sections import list_section_rows
from workbench.ingest.chats.json_stream import flatten_value, to_array, to_mapping, to_text
from workbench.ingest.chats.participant_names import SYSTEM, Names
from workbench.ingest.reading.json_objects import Item
from workbench.ingest.reading.record_text import FaultCounts, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Row
from workbench.model.text.doubled_names import list_doubled_names
from workbench.model.text.normalise import normalise_name

APP = "Signal"
ME = "Me"
MEMBERS = 20
"""Up to so many members of a group each is a recipient; beyond it the group is."""

LONGEST = 1_000_000
SHOWN = 5
SECRET = frozenset(
    {
        "profileKey",
        "identityKey",
        "masterKey",
        "accountEntropyPool",
        "svrPin",
        "pin",
        "entropy",
        "mediaRootBackupKey",
        "serverId",
    }
    | {
        "subscriberId",
        "key",
        "localKey",
        "secret",
        "storyPrivacySettings",
        "donationSubscriberData",
        "backupsSubscriberData",
    }
)
KINDS = (
    "updateMessage", "contactMessage", "stickerMessage", "paymentNotification", "giftBadge", "viewOnceMessage", "poll",
    "directStoryReplyMessage", "adminDeletedMessage",
)  # fmt: skip
"""Kinds of chat items besides text; what they hold is put into words."""


@dataclass(slots=True)
class Party:
    """A recipient of Signal: a person, a group or the account itself. `raw`: string by which it goes in the rows."""

    raw: str = ""
    group: bool = False
    own: bool = False
    members: tuple[str, ...] = ()
    name: str = ""


@dataclass(slots=True)
class Backup:
    """Signal's own export: who is in it, and its messages."""

    source: SourceFile
    options: Mapping[str, str]
    names: Names = field(default_factory=Names)
    survey: Survey = field(init=False)
    device: Device = field(init=False)
    parties: dict[str, Party] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    chats: dict[str, str] = field(default_factory=dict)
    own: str = ""
    book: list[str] = field(default_factory=list)
    count: int = 0
    lost: int = 0
    frames: FaultCounts = field(default_factory=FaultCounts)
    tally: FaultCounts = field(default_factory=FaultCounts)
    described: dict[str, Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.survey = Survey(self.source.sha256, self.names, self.names.owners, each_once=True)
        self.device = Device(custodian=self.options.get("custodian", ""))

    def run_first_pass(self, items: Iterable[Item]) -> None:
        """First pass: account, recipients and chats."""
        groups: list[tuple[str, Mapping[str, object]]] = []
        for item in items:
            frame = to_mapping(item.value)
            if doubled := list_doubled_names(frame):
                told = Sentence("fault.doubled_frame", listed=", ".join(doubled[:SHOWN]))
                self.frames.add("conflict", told, item.place, "fix.look.places")
            if "account" in frame:
                self._add_account(to_mapping(frame["account"]))
            elif "recipient" in frame:
                self._add_recipient(to_mapping(frame["recipient"]), groups, item.place)
            elif "chat" in frame:
                chat = to_mapping(frame["chat"])
                number, other = to_text(chat.get("id")), to_text(chat.get("recipientId"))
                if self.chats.setdefault(number, other) != other:
                    told = Sentence("fault.signal_chat", id=quote_value(number))
                    self.frames.add("contradiction", told, item.place, "fix.compare.rows")
        for number, group in groups:
            ids = [
                _normalise_uuid(to_mapping(one).get("userId"))
                for one in to_array(to_mapping(group.get("snapshot")).get("members"))
            ]
            self.parties[number].members = tuple(self.accounts[one] for one in ids if one in self.accounts)
        self.survey.add_event(self.device)

    def _add_account(self, facts: Mapping[str, object]) -> None:
        name = _join_fields(facts, "givenName", "familyName")
        if name and not self.device.custodian:
            self.device = Device(custodian=name)
        number = _normalise_number(facts.get("e164") or facts.get("phoneNumber"))
        self.own = self.names.add(number or to_text(facts.get("username")), self.device.custodian or ME, owner=True)
        self.book.extend(f"account {line}" for line in flatten_value(facts, secret=SECRET))

    def _add_recipient(
        self, facts: Mapping[str, object], groups: list[tuple[str, Mapping[str, object]]], place: str
    ) -> None:
        number = to_text(facts.get("id"))
        if number in self.parties:
            if self.described[number] != facts:
                told = Sentence("fault.signal_recipient", id=quote_value(number))
                self.frames.add("contradiction", told, place, "fix.compare.rows")
                self.book.extend(f"recipient {number}: {line}" for line in flatten_value(facts, secret=SECRET))
            return
        self.described[number] = facts
        if "self" in facts:
            self.own = self.own or self.names.add("", self.device.custodian or ME, owner=True)
            self.parties[number] = Party(self.own, own=True, name=self.device.custodian)
        elif "group" in facts:
            group = to_mapping(facts["group"])
            title = to_text(to_mapping(to_mapping(group.get("snapshot")).get("title")).get("title"))
            key = sha256(to_text(group.get("masterKey")).encode() or f"{title} {number}".encode()).hexdigest()[:16]
            raw = self.names.add(f"signal-group-{key}", title, kind="group")
            self.parties[number] = Party(raw, group=True, name=title)
            groups.append((number, group))
        elif "contact" in facts:
            self._add_contact(number, to_mapping(facts["contact"]))
        else:
            kind = next((key for key in facts if key != "id"), "unknown")
            self.parties[number] = Party(SYSTEM if kind == "releaseNotes" else "", group=True, name=kind)

    def _add_contact(self, number: str, contact: Mapping[str, object]) -> None:
        stored = _join_fields(contact, "systemGivenName", "systemFamilyName") or _join_fields(
            to_mapping(contact.get("nickname")), "given", "family"
        )
        label = stored or _join_fields(contact, "profileGivenName", "profileFamilyName")
        known = _normalise_uuid(contact.get("aci"))  # codespell:ignore aci
        identifier = _normalise_number(contact.get("e164")) or known or to_text(contact.get("username"))
        raw = self.names.add(identifier, label, is_chosen=not stored)
        self.parties[number] = Party(raw, name=label or raw)
        self.accounts[known] = raw
        self.book.append("; ".join([f"contact {raw}", *flatten_value(contact, secret=SECRET)]))

    def read_events(self, items: Iterable[Item]) -> Iterator[Event]:
        """Messages in order; earlier versions of one that was edited before it; the address book at the end."""
        self.count, self.lost, self.tally = 0, 0, FaultCounts()
        for number, item in enumerate(items, 1):
            frame = to_mapping(to_mapping(item.value).get("chatItem"))
            if not frame:
                continue
            self.count += 1
            for version, older in enumerate(to_array(frame.get("revisions")), 1):
                place = f"{item.place}, version {version}"
                yield self._record(
                    to_mapping(older), frame, number, place, "an earlier version of a message that was edited"
                )
            yield self._record(frame, frame, number, item.place, "edited" if to_array(frame.get("revisions")) else "")
        yield from list_section_rows(self.source, "address book", self.book)

    def _record(
        self, item: Mapping[str, object], outer: Mapping[str, object], number: int, place: str, note: str
    ) -> Record:
        chat = self.parties.get(self.chats.get(to_text(outer.get("chatId")), ""), Party())
        writer = to_text(item.get("authorId") or outer.get("authorId"))
        author = self.parties.get(writer, Party())
        if told := self._find_contradiction(item, to_text(outer.get("chatId")), writer):
            self.tally.add("contradiction", told, place, "fix.compare.rows")
        at = _format_moment(item.get("dateSent"))
        self.lost += not at
        sender = SYSTEM if "updateMessage" in item and "directionless" in item else author.raw
        standard = to_mapping(item.get("standardMessage"))
        files = tuple(_list_files(item))
        return Record(
            at,
            sender,
            self._list_recipients(chat, author, sender),
            _build_body(item, standard)[:LONGEST],
            number,
            Conversation(self.device, APP, chat.name or UNKNOWN),
            trace=f"{to_text(item.get('dateSent'))}",
            place=place,
            attachments=files,
            files=tuple(_list_files(item)),
            said=tuple(chain(_list_extra_claims(item, standard, files), [("description", note)] if note else [])),
        )

    def _find_contradiction(self, item: Mapping[str, object], chat: str, author: str) -> str:
        """What a message says of its sender or its chat that other frames do not bear out, '' if nothing."""
        if chat not in self.chats:
            return Sentence("fault.signal_no_chat", id=quote_value(chat))
        if author not in self.parties:
            return Sentence("fault.signal_author", id=quote_value(author))
        if "outgoing" in item and not self.parties[author].own:
            return Sentence("fault.signal_outgoing")
        return Sentence("fault.signal_incoming") if "incoming" in item and self.parties[author].own else ""

    def _list_recipients(self, chat: Party, author: Party, sender: str) -> tuple[str, ...]:
        """To whom it went: the other side, or the members of the group; of a large group the group itself."""
        if chat.group:
            listed = chat.members if 0 < len(chat.members) <= MEMBERS else (chat.raw,)
        else:
            listed = (self.own,) if author is chat and not chat.own else (chat.raw,)
        return tuple(dict.fromkeys(name for name in listed if name and name != sender))

    def finish(self) -> Iterator[Row]:
        """What is said once per file."""
        yield from self.frames.list_issues("")
        yield from self.tally.list_issues("")
        yield from self.names.list_issues()
        if self.lost:
            yield build_issue("bad-date", Sentence("row.date.messages", count=self.lost))
        if not self.count:
            yield build_issue("empty", describe_missing_record("message", self.source.name))


def _join_fields(facts: Mapping[str, object], *keys: str) -> str:
    return (
        normal
        if (normal := " ".join(filter(None, (to_text(facts.get(key)).strip() for key in keys))))
        and normalise_name(normal)
        else ""
    )


def _normalise_number(value: object) -> str:
    digits = to_text(value).lstrip("+")
    return f"+{digits}" if digits.isascii() and digits.isdigit() and 6 < len(digits) < 16 else ""


def _normalise_uuid(value: object) -> str:
    """Account id, written as a UUID or as its bytes in base64; as it stands where it is neither."""
    written = to_text(value)
    try:
        raw = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return written
    return str(UUID(bytes=raw)) if len(raw) == 16 else written


def _format_moment(value: object) -> str:
    digits = to_text(value)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 14:
        return ""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(digits))).isoformat(timespec="milliseconds")


def _build_body(item: Mapping[str, object], standard: Mapping[str, object]) -> str:
    """Text of a message; what is no text in words."""
    words = to_text(to_mapping(standard.get("text")).get("body")).rstrip()
    links = [to_text(to_mapping(one).get("url")) for one in to_array(standard.get("linkPreview"))]
    more = [line for kind in KINDS if kind in item for line in flatten_value(item[kind], secret=SECRET)]
    return "\n".join(filter(None, (words, *(link for link in links if link not in words), *more)))


def _list_files(item: Mapping[str, object]) -> Iterator[str]:
    """Names of attached files; the kind of a file without a name."""
    for holder in (item, *(to_mapping(item.get(kind)) for kind in ("standardMessage", "viewOnceMessage"))):
        for one in (*to_array(holder.get("attachments")), holder.get("attachment")):
            pointer = to_mapping(to_mapping(one).get("pointer"))
            if name := to_text(pointer.get("fileName")) or to_text(pointer.get("contentType")):
                yield name


def _list_extra_claims(
    item: Mapping[str, object], standard: Mapping[str, object], files: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What is claimed of this occurrence besides: attached files, what it answers, deletion, reactions."""
    for name in files:
        yield "description", f"attachment: {name}"
    quote = to_mapping(standard.get("quote"))
    if sent := to_text(quote.get("targetSentTimestamp")):
        yield "inReplyTo", sent
    if words := to_text(to_mapping(quote.get("text")).get("body")):
        yield "description", f"answers: {words[:500]}"
    if "remoteDeletedMessage" in item:
        yield "description", "deleted by its sender"
    for one in to_array(standard.get("reactions")):
        yield "description", f"reaction: {to_text(to_mapping(one).get('emoji'))}"
    if sent := to_text(item.get("dateSent")):
        yield "messageId", sent
