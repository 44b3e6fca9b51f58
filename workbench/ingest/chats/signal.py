"""Reader `signal`: chats exported by Signal itself, and by the public tool signal-export.

Forms
-----
- 'main.jsonl': Signal's own plain export (Android since 8.10, 2026; beside it 'metadata.json' and 'files/'). One JSON object
  per line, the frames of Signal's backup format in the JSON form of Protocol Buffers; they are documented as `Backup.proto` in
  the public repository signalapp/libsignal: account, recipient, chat, chatItem. Bytes are in base64, large numbers are text.
- 'data.json' and 'chat.md' of signal-export (github.com/carderne/signal-export), which reads Signal Desktop: one object per line
  with date, sender ('Me' for the owner), body, quote, attachments; or lines '[2022-07-04 12:24:24] Me: text'. Their times have
  no zone, and the name of the chat is that of the folder.

Keys and secrets of the account stand in Signal's export too: they stay in the file that was received and go nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from workbench.ingest.chats.chat_export_rows import Event, Survey, list_rows, list_ties, number_repeats
from workbench.ingest.chats.conversation import UNKNOWN, Conversation, Device, Record
from workbench.ingest.chats.json_stream import flatten_value, read_members, tell_doubled, to_array, to_mapping, to_text
from workbench.ingest.chats.message_times import UnreadTimes
from workbench.ingest.chats.participant_names import Names
from workbench.ingest.chats.signal_backup import APP, LONGEST, ME, Backup
from workbench.ingest.chats.whatsapp import Chat as Lined
from workbench.ingest.chats.whatsapp import list_records, read_chat
from workbench.ingest.file_ties import FileTies
from workbench.ingest.reading.json_objects import Item, Objects, parse_first_value
from workbench.ingest.reading.record_text import FaultCounts
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import is_text
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Row

METHOD = "signal"
VERSION = "6"
LINES = re.compile(rb"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] [^\n:]{1,80}: ")
LINKED = re.compile(r"\]\((\.?/?media/[^\n]+?)\)(?=\s|!|\[|$)")
"""A file that a line of 'chat.md' shows or links."""
BACKUP = frozenset({"version", "backupTimeMs"})
EXPORTED = frozenset({"date", "sender", "body", "attachments"})


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the first object is the head of a Signal backup, or a message of signal-export."""
    if not head.strip() or not is_text(head):
        return ""
    if source.name.casefold().endswith(".md"):
        return Sentence("detected.signal_lines") if LINES.match(head) else ""
    if not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return ""
    start = parse_first_value(head)
    names = frozenset(start) if isinstance(start, dict) else frozenset()
    if names >= BACKUP:
        return Sentence("detected.signal_backup")
    if names >= EXPORTED and names & {"quote", "sticker", "reactions"}:
        return Sentence("detected.signal_message")
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents Message with traces, passages and claims; who is in the address book as a document.

    Parameters
    ----------
    options : mapping
        'custodian': name of whoever the account belonged to, where the file does not tell.
    """
    head = source.read_head()
    if not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        chat = Lined(source, get_folder_name(source.name), "", options, APP)
        yield from read_chat(chat, FileTies(), METHOD, VERSION)
        return
    export, items = _survey(source, options)
    yield from list_rows(source, number_repeats(export.read_events(items)), export.survey, METHOD, VERSION)
    yield from items.issues
    yield from export.finish()


def list_files(source: SourceFile, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path or name of each file that a message attaches, with the document of the message. Options as for `read`."""
    if source.read_head().lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        export, items = _survey(source, options)
        export.survey.separate()
        yield from list_ties(number_repeats(export.read_events(items)), export.survey)
        return
    chat = Lined(source, get_folder_name(source.name), "", options, APP)
    for record in list_records(chat):
        yield from ((path, chat.survey.get_document_id(record)) for path in LINKED.findall(record.text))


def _survey(source: SourceFile, options: Mapping[str, str]) -> tuple[Backup | Exported, Objects]:
    """The export after its first pass, and its parts."""
    items = Objects(source)
    start = parse_first_value(source.read_head())
    backup = isinstance(start, dict) and frozenset(start) >= BACKUP
    export: Backup | Exported = Backup(source, options) if backup else Exported(source, options)
    export.run_first_pass(items)
    for event in number_repeats(export.read_events(items)):
        export.survey.add_event(event)
    return export, items


def get_folder_name(name: str) -> str:
    """Name of the folder in which a file lies: that of the chat."""
    parts = name.replace("\\", "/").split("/")
    return parts[-2] if len(parts) > 1 else ""


class Exported:
    """Messages of signal-export, one chat per file."""

    def __init__(self, source: SourceFile, options: Mapping[str, str]) -> None:
        self.source = source
        self.custodian = options.get("custodian", "")
        self.names = Names()
        self.survey = Survey(source.sha256, self.names, self.names.owners, each_once=True)
        device = Device(custodian=self.custodian)
        self.conversation = Conversation(device, APP, get_folder_name(source.name) or UNKNOWN)
        self.senders: dict[str, None] = {}
        self.count = 0
        self.times = UnreadTimes()
        self.tally = FaultCounts()

    def run_first_pass(self, items: Iterable[Item]) -> None:
        """First pass: who takes part."""
        self.survey.add_event(self.conversation.device)
        for item in items:
            if sender := self._add_sender(read_members(item.value)[0]):
                self.senders[sender] = None
        if len(self.senders) < 2 and self.conversation.topic != UNKNOWN:
            self.senders[self.names.add("", self.conversation.topic)] = None

    def _add_sender(self, message: Mapping[str, object]) -> str:
        name = to_text(message.get("sender"))
        own = name == ME
        return self.names.add("", self.custodian if own and self.custodian else name, owner=own, is_chosen=not own)

    def read_events(self, items: Iterable[Item]) -> Iterator[Event]:
        """Messages in order."""
        self.count, self.times, self.tally = 0, UnreadTimes(), FaultCounts()
        for number, item in enumerate(items, 1):
            message, doubled = read_members(item.value)
            if not message:
                continue
            if doubled:
                self.tally.add("conflict", tell_doubled(doubled), item.place, "fix.look.places")
            self.count += 1
            sender = self._add_sender(message)
            self.times.check(to_text(message.get("date")), item.place)
            attached = [to_mapping(one) for one in to_array(message.get("attachments"))]
            files = tuple(filter(None, (to_text(one.get("name")) for one in attached)))
            quote = to_text(message.get("quote")).strip(" \n>")
            yield Record(
                to_text(message.get("date")),
                sender,
                tuple(name for name in self.senders if name != sender),
                to_text(message.get("body")).rstrip()[:LONGEST],
                number,
                self.conversation,
                place=item.place,
                attachments=files,
                notes=tuple(flatten_value({key: value for key, value in message.items() if _is_one_of(key, doubled)})),
                said=(
                    *(("description", f"attachment: {name}") for name in files),
                    *((("description", f"answers: {quote[:500]}"),) if quote else ()),
                    *((("description", "deleted by its sender"),) if message.get("deleted") is True else ()),
                ),
                files=tuple(filter(None, (to_text(one.get("path")) or to_text(one.get("name")) for one in attached))),
            )

    def finish(self) -> Iterator[Row]:
        """What is said once per file."""
        yield from self.times.list_issues()
        yield from self.names.list_issues()
        yield from self.tally.list_issues("")
        if not self.count:
            yield build_issue("empty", describe_missing_record("message", self.source.name))


def _is_one_of(key: str, names: list[str]) -> bool:
    """Whether a key is one of those of several values: 'sender (2)' of 'sender'."""
    return any(key.startswith(f"{name} (") for name in names)
