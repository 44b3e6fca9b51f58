"""Reader `telegram`: what Telegram Desktop exports as JSON ('result.json'), one chat or all data of an account.

References
----------
Telegram Desktop, Settings > Advanced > Export Telegram data, format 'Machine-readable JSON'. One chat: an object with name,
type, id and messages; all data: personal_information, contacts, sessions, chats.list and left_chats.list, each a chat.

Times are given twice, in the zone of the exporting computer (`date`) and as seconds since 1970 (`date_unixtime`): together
they give the offset. Exports of before 2022 have the first only; they have no zone. Users are known by their number, as phone
reports name them too. Whose account it is says an export of all data; for that of one chat option 'custodian' says it.

What a message holds beside its text (addresses behind words, buttons, who reacted, numbers of people mentioned) is searched beside
it: the text itself stays what other copies of the message have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from workbench.ingest.chats.chat_export_rows import Event, Survey, list_rows, list_ties, number_repeats
from workbench.ingest.chats.conversation import UNKNOWN, Conversation, Device, Record
from workbench.ingest.chats.export_sections import list_account_rows, list_contact_rows, list_section_rows
from workbench.ingest.chats.json_stream import (
    EACH,
    Path,
    Stream,
    flatten_value,
    read_members,
    tell_doubled,
    to_array,
    to_mapping,
    to_text,
)
from workbench.ingest.chats.participant_names import SYSTEM, Names
from workbench.ingest.reading.json_objects import build_surrogate_issue
from workbench.ingest.reading.record_text import FaultCounts, Line, quote_value
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.reading.unread_words import select_unknown_lines
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record, format_list
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import is_offset, parse_iso_time

METHOD = "telegram"
VERSION = "6"
APP = "Telegram"
MEMBERS = 20
OWN_ACCOUNTS = frozenset({"777000", "42777"})
"""Accounts by which Telegram itself writes; any other account can be called 'Telegram'."""
SHOWN = 5
SUMMER = timedelta(hours=2)
"""By how much the offset of one zone changes within a year, at most."""

NEVER = "1970-01-02"
"""Older exports write the first day of 1970 for a message that was not edited."""

LONGEST = 1_000_000
TYPES = (
    "personal_chat|bot_chat|saved_messages|replies|private_group|private_supergroup|public_supergroup|private_channel"
    "|public_channel|verify_codes"
)
ONE = re.compile(r'"type":\s{0,4}"(?:' + TYPES + ')"')
PERSONAL = frozenset({"personal_chat", "bot_chat", "verify_codes"})
CHANNELS = frozenset({"private_supergroup", "public_supergroup", "private_channel", "public_channel"})
LISTS = ("chats", "left_chats")
FILES = ("file", "photo", "video_file")
CARD = "contact_vcard"
KNOWN = frozenset(
    {"id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id", "actor", "actor_id", "text"}
    | {
        "text_entities",
        "file",
        "photo",
        "video_file",
        "file_name",
        "thumbnail",
        "mime_type",
        "width",
        "height",
        "reactions",
    }
    | {"reply_to_message_id", "reply_to_peer_id", "forwarded_from", "forwarded_from_id", "media_type", "file_size"}
    | {"photo_file_size", "thumbnail_file_size", "inline_bot_buttons", "action"}
)
"""Fields of a message that have a place of their own; others (polls, contacts, places, calls) are added to its text."""

FOLDER = re.compile(r"(?:chats/chat_\d+/)?(?:files|photos|video_files|voice_messages|round_video_messages|stickers)/")
THUMB = "_thumb."
PLAIN: dict[str, re.Pattern[str]] = {
    "mime_type": re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}"), "type": re.compile("message|service"),
    **dict.fromkeys(("width", "height", "file_size", "photo_file_size", "thumbnail_file_size"), re.compile(r"\d{1,12}")),
}  # fmt: skip
"""Fields that say how a file or message is made, and what they hold."""

TOLD = frozenset({"id", "date", "date_unixtime", "from", "from_id", "actor", "reply_to_message_id", "action"})
"""Fields of which sides, time, number and text of a message tell."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: an object with the fields of Telegram's export at its start."""
    del source
    if not is_text(head) or not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return ""
    start = head.decode(detect_encoding(head), "replace")
    if ONE.search(start) and '"messages"' in start and ('"id"' in start):
        return Sentence("detected.telegram_chat")
    if '"about"' in start and "Telegram" in start and ('"personal_information"' in start or '"chats"' in start):
        return Sentence("detected.telegram_account")
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents Message with traces, passages and claims; contacts and other sections of an account as documents.

    Parameters
    ----------
    options : mapping
        'custodian': name of whoever the account belonged to, where the file does not tell.
    """
    export, stream = _survey(source, options)
    yield from list_rows(source, number_repeats(export.read_events(stream)), export.survey, METHOD, VERSION)
    if stream.halves:
        yield build_surrogate_issue(stream.halves)
    yield from export.finish(stream.problem)


def list_files(source: SourceFile, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path of each file that a message attaches, seen from the export, with the document of the message. Options as for `read`."""
    export, stream = _survey(source, options)
    export.survey.separate()
    yield from list_ties(number_repeats(export.read_events(stream)), export.survey)


def _survey(source: SourceFile, options: Mapping[str, str]) -> tuple[Export, Stream]:
    """The export after its first pass, and its parts."""
    export = Export(source, options)
    stream = Stream(source, may_open)
    export.run_first_pass(stream)
    for event in number_repeats(export.read_events(stream)):
        export.survey.add_event(event)
    return export, stream


def may_open(path: Path) -> bool:
    """Whether what lies at a path of the export is walked through."""
    if path and path[0] in LISTS:
        return path[1:] in ((), ("list",), ("list", EACH), ("list", EACH, "messages"))
    return path in ((), ("messages",), ("contacts",), ("contacts", "list"))


@dataclass(slots=True)
class Chat:
    """A chat of the export and who takes part in it: strings of participants, the account of a group."""

    name: str = ""
    kind: str = ""
    id: str = ""
    members: dict[str, None] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    group: str = ""

    @property
    def identifier(self) -> str:
        """Its number; of channels and groups with what it is before it, for users have numbers of their own."""
        if self.kind in PERSONAL:
            return self.id
        return ("channel" if self.kind in CHANNELS else "chat") + self.id


class Export:
    """What the file says as a whole, and its messages in order."""

    def __init__(self, source: SourceFile, options: Mapping[str, str]) -> None:
        self.source = source
        self.names = Names()
        self.chats: list[Chat] = []
        self.person: Mapping[str, object] = {}
        self.custodian = options.get("custodian", "")
        self.survey = Survey(source.sha256, self.names, self.names.owners, each_once=True)
        self.count = self.lost = 0
        self.tally = FaultCounts()
        self.device = Device()
        self.numbers: dict[int, int] = {}
        self.called: dict[str, dict[str, None]] = {}
        self.offsets: Counter[timedelta] = Counter()
        self.usual = timedelta()

    def run_first_pass(self, stream: Iterable[tuple[Path, object]]) -> None:
        """First pass: the chats, who takes part in them, and whose account it is."""
        turn = _Turn()
        for path, value in stream:
            if path == ("personal_information",):
                self.person = to_mapping(value)
            elif key := _get_field(path):
                self._describe(turn.assign_number(key), key, value)
        self.usual = next((offset for offset, _ in self.offsets.most_common(1)), self.usual)
        own = " ".join(filter(None, (to_text(self.person.get(key)) for key in ("first_name", "last_name"))))
        self.custodian = self.custodian or own
        self.device = Device(custodian=self.custodian)
        self.survey.add_event(self.device)
        for chat in self.chats:
            self._name(chat)

    def _describe(self, number: int, key: str, value: object) -> None:
        while len(self.chats) <= number:
            self.chats.append(Chat())
        chat = self.chats[number]
        if key == "name":
            chat.name = to_text(value)
        elif key == "type":
            chat.kind = to_text(value)
        elif key == "id":
            chat.id = to_text(value)
        else:
            self._describe_message(chat, read_members(value)[0])

    def _describe_message(self, chat: Chat, message: Mapping[str, object]) -> None:
        if sender := self._add_party(message, "from"):
            chat.members[sender] = None
        for key in ("from", "actor"):
            self._note_name(to_text(message.get(f"{key}_id")), to_text(message.get(key)))
        if (number := to_text(message.get("from_id"))) and len(chat.writers) <= MEMBERS:
            chat.writers.add(number)
        if (offset := _get_offset(message)) is not None:
            self.offsets[offset] += 1

    def _note_name(self, number: str, name: str) -> None:
        """Remember under which names the file has an account."""
        if number and clean_text(name):
            self.called.setdefault(number, {})[clean_text(name)] = None

    def _name(self, chat: Chat) -> None:
        """Strings of the group, of the other side of a personal chat, and of the owner."""
        if chat.kind in PERSONAL and chat.id:
            chat.members[self._add_name(chat.id, chat.name)] = None
            self._note_name(f"user{chat.id}", chat.name)
        elif chat.id or chat.name:
            chat.group = self.names.add(chat.identifier, chat.name, kind="group")
        if self.person:
            chat.members.setdefault(self._add_owner(), None)
        elif self.custodian:
            for raw in chat.members:
                if normalise_name(self.custodian) in self.names(raw).names:
                    self.names.owners.update((raw, self.names(raw).name))

    def _add_owner(self) -> str:
        return self.names.add(to_text(self.person.get("user_id")), self.custodian, owner=True)

    def _add_party(self, message: Mapping[str, object], key: str) -> str:
        """String of the sender or actor of a message."""
        number = to_text(message.get(f"{key}_id")).removeprefix("user")
        own = number and number == to_text(self.person.get("user_id"))
        return self._add_owner() if own else self._add_name(number, to_text(message.get(key)))

    def _add_name(self, number: str, name: str) -> str:
        """String of an account with its name, which its bearer may have chosen, but of Telegram's own accounts."""
        return self.names.add(number, name, is_chosen=number not in OWN_ACCOUNTS)

    def read_events(self, stream: Iterable[tuple[Path, object]]) -> Iterator[Event]:
        """Messages as records; the other sections as rows."""
        self.count = self.lost = 0
        self.tally, self.numbers = FaultCounts(), {}
        turn, told, evidence = _Turn(), set[str](), Evidence(METHOD, VERSION)
        sections: dict[str, list[str]] = {}
        for path, value in stream:
            key = _get_field(path)
            number = turn.assign_number(key) if key else 0
            if key == EACH:
                yield from self._read_message(value, self.chats[number])
            elif path == ("personal_information",) and path[0] not in told:
                told.add(path[0])
                yield from list_account_rows(self.source, evidence, self.person, self.custodian)
            elif path == ("contacts", "list", EACH):
                yield from list_contact_rows(self.source, evidence, to_mapping(value), first=path[0] not in told)
                told.add(path[0])
            elif path[-1:] != ("about",) and not key:
                sections.setdefault(path[0] if path else "", []).extend(flatten_value(value, " ".join(path[1:])))
        for name, lines in sections.items():
            yield from list_section_rows(self.source, f"section {name}", lines)

    def _read_message(self, value: object, chat: Chat) -> Iterator[Event]:
        message, doubled = read_members(value)
        self.count += 1
        if doubled:
            self.tally.add("conflict", tell_doubled(doubled), f"message {self.count}", "fix.look.places")
        at = read_moment(message)
        if not message or not at:
            self.lost += 1
        if not message:
            return
        if self._has_odd_times(message):
            said = Sentence("fault.two_times", text=quote_value(to_text(message.get("date"))), other=quote_value(at))
            self.tally.add("bad-date", said, f"message {self.count}", "fix.ask.export")
        self._note_contradictions(message, chat)
        self._note_numbers(message, chat, at)
        service = to_text(message.get("type")) == "service"
        sender = SYSTEM if service else self._add_party(message, "from")
        others = [raw for raw in chat.members if raw != sender and raw]
        named = len(others) <= MEMBERS and (others or not chat.group)
        yield Record(
            at,
            sender,
            tuple(others if named else [chat.group] if chat.group != sender else []),
            (self._describe_service(message) if service else build_body(message))[:LONGEST],
            self.count,
            Conversation(self.device, APP, chat.name or UNKNOWN),
            trace=to_text(message.get("id")),
            place=f"message {self.count}",
            attachments=list_attachments(message),
            notes=tuple(f"{label}: {value}" for label, value in self._list_notes(message, chat)),
            said=tuple(_list_extra_claims(message, chat.identifier)),
            files=tuple(_list_paths(message)),
        )

    def _has_odd_times(self, message: Mapping[str, object]) -> bool:
        """Whether no zone explains the two times of a message, or another one than those of the other messages.

        One computer writes an export in one zone, in which the offset changes by the summer time only.
        """
        offset = _get_offset(message)
        return offset is not None and (not _is_zone(offset) or abs(offset - self.usual) > SUMMER)

    def _note_contradictions(self, message: Mapping[str, object], chat: Chat) -> None:
        """Count an account that has several names in the file, and one that writes in the chat of two others."""
        place = f"message {self.count}"
        for key in ("from", "actor"):
            number = to_text(message.get(f"{key}_id"))
            if len(called := self.called.get(number, {})) > 1:
                names = format_list([quote_value(name) for name in list(called)[:SHOWN]], count=len(called))
                self.tally.add("conflict", Sentence("fault.several_names", id=quote_value(number), names=names), place)
        number = to_text(message.get("from_id"))
        if chat.kind in PERSONAL and len(chat.writers - {f"user{chat.id}"}) > 1 and number in chat.writers:
            said = Sentence("fault.third_writer", name=quote_value(chat.name or UNKNOWN))
            self.tally.add("conflict", said, place)

    def _note_numbers(self, message: Mapping[str, object], chat: Chat, at: str) -> None:
        """Count a message whose number another one of its chat has, and one that was edited before it was sent."""
        place, number = f"message {self.count}", to_text(message.get("id"))
        content = hash((at, to_text(message.get("from_id")), build_body(message)))
        if number and self.numbers.setdefault(hash((id(chat), number)), content) != content:
            said = Sentence("fault.telegram_number", id=quote_value(number), name=quote_value(chat.name or UNKNOWN))
            self.tally.add("conflict", said, place, "fix.look.places")
        edited = read_moment(message, "edited")
        if edited[:10] > NEVER and edited[:19] < at[:19]:
            said = Sentence("fault.telegram_edited", edited=quote_value(edited), at=quote_value(at))
            self.tally.add("bad-date", said, place, "fix.ask.export")

    def _list_notes(self, message: Mapping[str, object], chat: Chat) -> list[Line]:
        """What a message holds besides, label and value."""
        known = {"", *list_attachments(message)}
        if f"{to_text(message.get('actor_id')).removeprefix('user')} ({to_text(message.get('actor'))})" in chat.members:
            known.add(to_text(message.get("actor_id")))
        return select_unknown_lines(_list_other_fields(message), self.tally, f"message {self.count}", known)

    def _describe_service(self, message: Mapping[str, object]) -> str:
        """What the program says: who did what."""
        actor = to_text(message.get("actor"))
        action = to_text(message.get("action")).replace("_", " ")
        told = "; ".join(flatten_value({key: value for key, value in message.items() if key not in KNOWN}))
        return ": ".join(filter(None, (actor, action))) + (f" ({told})" if told else "")

    def finish(self, problem: str) -> Iterator[Row]:
        """What is said once per file."""
        if problem:
            message = Sentence("row.cut.json", error=problem, count=self.count)
            yield build_issue("truncated", message, fix=Sentence("fix.ask.export"))
        if self.lost:
            yield build_issue("bad-row", Sentence("row.date.no_messages", count=self.lost))
        yield from self.tally.list_issues("")
        yield from self.names.list_issues()
        if not self.count:
            yield build_issue("empty", describe_missing_record("message", self.source.name))


@dataclass(slots=True)
class _Turn:
    """Which chat of the file a field belongs to: the next one begins where a field comes again."""

    number: int = -1
    seen: set[str] = field(default_factory=set)

    def assign_number(self, key: str) -> int:
        """Number of the chat, from 0."""
        if self.number < 0 or (key != EACH and key in self.seen):
            self.number += 1
            self.seen = set()
        self.seen.add(key)
        return self.number


def _get_field(path: Path) -> str:
    """What a path says of a chat: 'name', 'type', 'id', EACH for a message; '' for what belongs to no chat."""
    inner = path[3:] if path[:1] and path[0] in LISTS and path[1:3] == ("list", EACH) else path
    if inner == ("messages", EACH):
        return EACH
    return inner[0] if len(inner) == 1 and inner[0] in ("name", "type", "id") else ""


def read_moment(message: Mapping[str, object], key: str = "date") -> str:
    """Time of a message with its offset where it can be told, '' if there is none that can be read."""
    try:
        local = parse_iso_time(to_text(message.get(key)))
    except ValueError:
        local = None
    seconds = to_text(message.get(f"{key}_unixtime"))
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > 11:
        return local.isoformat() if local else ""
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    offset = local.replace(tzinfo=UTC) - utc if local and not local.tzinfo else timedelta()
    return utc.astimezone(timezone(offset if _is_zone(offset) else timedelta())).isoformat()


def _get_offset(message: Mapping[str, object], key: str = "date") -> timedelta | None:
    """How far the two times of a message are apart: its zone, if one has it; None where it does not have both."""
    seconds = to_text(message.get(f"{key}_unixtime"))
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > 11:
        return None
    try:
        local = parse_iso_time(to_text(message.get(key)))
    except ValueError:
        return None
    given = local if local.tzinfo else local.replace(tzinfo=UTC)
    return given - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=int(seconds))


def _is_zone(offset: timedelta) -> bool:
    """Whether some zone differs so from UTC today: by quarters of an hour."""
    return is_offset(offset) and not offset % timedelta(minutes=15)


def build_body(message: Mapping[str, object]) -> str:
    """Text of a message, and what else is in it: poll, contact, place."""
    parts = message.get("text")
    pieces = parts if isinstance(parts, list) else [parts]
    found = "".join(to_text(piece) or to_text(to_mapping(piece).get("text")) for piece in pieces)
    more = list(flatten_value({key: value for key, value in message.items() if key not in KNOWN}))
    return "\n".join(filter(None, (found.rstrip(), *more)))


def _list_other_fields(message: Mapping[str, object]) -> Iterator[Line]:
    """What the fields of a message say that neither its text nor its claims do."""
    pieces = message.get("text") if isinstance(message.get("text"), list) else [message.get("text")]
    shown = [to_text(piece) or to_text(to_mapping(piece).get("text")) for piece in to_array(pieces)]
    for piece in to_array(pieces):
        yield from _list_piece_lines(piece)
    written = [to_text(to_mapping(piece).get("text")) for piece in to_array(message.get("text_entities"))]
    seen = set(map(repr, to_array(pieces)))
    for piece, word in zip(to_array(message.get("text_entities")), written, strict=True):
        if repr(piece) not in seen:
            yield from _list_piece_lines(piece)
            yield "text_entities", "" if "".join(written) == "".join(shown) else word
    if message.get("type") == "service":
        yield "text", "".join(shown)
    for key, value in message.items():
        if key in KNOWN and key not in ("text", "text_entities", *TOLD):
            yield from _split_lines(flatten_value(_get_unclaimed_value(key, value, message), key))


def _list_piece_lines(piece: object) -> Iterator[Line]:
    """What a piece of a text says beside its words: where a link leads, whom a mention means."""
    if isinstance(piece, dict):
        word = to_text(piece.get("text"))
        label = f"{to_text(piece.get('type'))} {word[:60]}".strip()
        rest = {key: value for key, value in piece.items() if key != "type" and not (key == "text" and word)}
        yield from _split_lines(flatten_value(rest, label))
    elif not isinstance(piece, str | int | float):
        yield from _split_lines(flatten_value(piece, "text"))


def _split_lines(lines: Iterable[str]) -> Iterator[Line]:
    for line in lines:
        label, colon, value = line.rpartition(": ")
        yield (label, value) if colon else ("text", line)


def _get_unclaimed_value(key: str, value: object, message: Mapping[str, object]) -> object:
    """What no claim says of a field that has a place of its own; '' where nothing is left."""
    if key == "reactions":
        return [
            _remove_claimed_fields(to_mapping(one)) if isinstance(one, dict) else one for one in to_array(value)
        ] or value
    return "" if _is_claimed(key, to_text(value), message) or value is None else value


def _is_claimed(key: str, word: str, message: Mapping[str, object]) -> bool:
    """Whether a claim, or the name of a file, says what a field of a message holds; or it is but how a file is made."""
    if key in PLAIN:
        return PLAIN[key].fullmatch(word) is not None
    if key == "thumbnail" and THUMB in word:
        return to_text(message.get("file") or message.get("photo")) in (word.rpartition(THUMB)[0], "")
    if key in FILES:
        name = to_text(message.get("file_name")) or word.rpartition("/")[2]
        return word.startswith("(") or FOLDER.sub("", word, count=1) == name
    if key in ("edited", "edited_unixtime"):
        return bool(read_moment(message, "edited")) and word.replace("-", "")[:8].isdigit()
    return key in ("forwarded_from", "reply_to_peer_id") and bool(word)


def _remove_claimed_fields(reaction: Mapping[str, object]) -> object:
    """A reaction without what its claim says."""
    said = to_text(reaction.get("emoji"))
    rest = {key: value for key, value in reaction.items() if key not in ("type", "emoji", "count")}
    return {said: rest} if rest else ""


def list_attachments(message: Mapping[str, object]) -> tuple[str, ...]:
    """Names of files; the kind of medium where the file was not exported."""
    found = []
    for key in FILES:
        path = to_text(message.get(key))
        if path.startswith("("):
            found.append(
                to_text(message.get("file_name")) or f"{to_text(message.get('media_type')) or key} (not exported)"
            )
        elif path:
            found.append(to_text(message.get("file_name")) or path.rpartition("/")[2])
    return tuple(found)


def _list_paths(message: Mapping[str, object]) -> Iterator[str]:
    """Paths of the files that were exported."""
    for key in (*FILES, CARD):
        path = to_text(message.get(key))
        if path and not path.startswith("("):
            yield path


def _list_extra_claims(message: Mapping[str, object], chat: str) -> Iterator[tuple[str, str]]:
    """Claims of this occurrence besides text and sides: its number, what it answers, where it comes from, its edits."""
    if number := to_text(message.get("id")):
        yield "messageId", f"{chat}/{number}"
    if reply := to_text(message.get("reply_to_message_id")):
        yield "inReplyTo", f"{to_text(message.get('reply_to_peer_id')) or chat}/{reply}"
    for name in list_attachments(message):
        yield "description", f"attachment: {name}"
    if "forwarded_from" in message:
        yield "description", f"forwarded from: {to_text(message['forwarded_from']) or 'unknown'}"
    if edited := read_moment(message, "edited"):
        yield "description", f"edited: {edited}"
    for one in to_array(message.get("reactions")):
        yield (
            "description",
            f"reaction: {to_text(to_mapping(one).get('emoji'))} {to_text(to_mapping(one).get('count'))}".strip(),
        )
