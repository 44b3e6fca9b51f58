"""Reader `chat-export`: the text form in which a forensic platform writes out the conversations of seized devices.

::

    Conversations found on device D (evidence trace T) used by custodian NAME (evidence trace T)
    S conversation about X containing N messages between M participants (evidence trace T)
    2022-07-04T12:24:24 | From: A (B) | To: C (D), E | Message: text
    a further line of the text

Rules of the form
-----------------
A message begins with a time and the marks ' | From: ', ' | To: ', ' | Message: ' in this order; the first of each
counts, so the text may hold them. Every other line that is no header belongs to the text of the message before it,
empty lines too. White space at the end of a text does not count (copies differ in it), that within does. A text with
a line that looks like a header or like the start of a message cannot be told from one: the form does not escape.

Copies
------
Messages with equal time and text are one document with one trace per occurrence. Each trace has its own claims of
sender and recipients; where copies name different senders, all stay and an issue says which trace says what. This form lists
a message as often as it was found; of exports that list each once (see `chat_export_rows.number_repeats`) equals are several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from workbench.ingest.chats.conversation import Conversation, Device, Record
from workbench.ingest.reading.participants import Participant, has_other_number, parse_participant, split_participants
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines, detect_encoding, is_text, unify_line_ends
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record, format_list
from workbench.model.rows import Issue, Row
from workbench.model.text.normalise import clean_text
from workbench.model.time_zones import parse_iso_time

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?")
CONTAINING = re.compile(r"(\d{1,9}) messages between (\d{1,9}) participants")
DEVICE_START, CUSTODIAN, TRACE = "Conversations found on ", " used by custodian ", " (evidence trace "
FROM, TO, MESSAGE = " | From: ", " | To: ", " | Message:"
HEAD_LINES = 50
SHOWN = 5
QUOTED = 120


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a header of the form in its first lines."""
    del source
    if not is_text(head):
        return ""
    for number, line in enumerate(
        unify_line_ends(head.decode(detect_encoding(head), "replace")).split("\n")[:HEAD_LINES], 1
    ):
        if parse_device_header(line):
            return Sentence("detected.chat_device", number=str(number))
        if parse_conversation_header(line, Device(), number):
            return Sentence("detected.chat_conversation", number=str(number))
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents, traces, passages, claims and issues of an export, in the order of the file.

    The file is read twice: first for what must be known before the first row (custodians, services, which copies name
    different senders; some hundred bytes per different message), then for the rows.
    """
    from workbench.ingest.chats.chat_export_rows import Survey, list_rows

    del options
    lines = TextLines(source)
    survey = Survey(source.sha256)
    messages = 0
    for event in parse_lines(lines):
        survey.add_event(event)
        messages += isinstance(event, Record)
    if not messages:
        yield build_issue("empty", describe_missing_record("message", source.name), fix=Sentence("fix.look.export"))
    yield from list_rows(source, parse_lines(lines), survey)
    yield from _list_number_issues(parse_participant(raw) for raw, _ in survey.senders)
    yield from lines.issues


def _list_number_issues(senders: Iterable[Participant]) -> Iterator[Issue]:
    """Labels that are another number than that of the account, once for the file: the export does not say who wrote the label."""
    found = sorted({who.raw for who in senders if has_other_number(who)})
    if found:
        listed = format_list([repr(raw) for raw in found[:SHOWN]], count=len(found))
        told = Sentence("row.chat.other_number", count=len(found), listed=listed)
        yield build_issue("sender-unknown", told, fix=Sentence("fix.say.who"))


def parse_lines(lines: Iterable[tuple[int, str]]) -> Iterator[Device | Conversation | Record | Issue]:
    """What the lines say, in order. A message comes when its last line has been seen."""
    state = _Parser()
    for number, line in lines:
        yield from state.feed(number, line)
    yield from state.finish()


def parse_device_header(line: str) -> Device | None:
    """Device of a line 'Conversations found on … used by custodian …', None if it is no such line."""
    if not line.startswith(DEVICE_START):
        return None
    device, used, custodian = line.rstrip().partition(CUSTODIAN)
    name, trace = _split_trace(device[len(DEVICE_START) :])
    person, person_trace = _split_trace(custodian) if used else ("", "")
    return Device(clean_text(name.removeprefix("device ")), trace, clean_text(person), person_trace) if trace else None


def parse_conversation_header(line: str, device: Device, number: int) -> Conversation | None:
    """Conversation of a line '… conversation about … containing N messages …', None if it is no such line."""
    rest, trace = _split_trace(line.rstrip())
    before, _, counts = rest.rpartition(" containing ")
    app, about, topic = before.partition(" conversation about ")
    match = CONTAINING.fullmatch(counts) if trace and about else None
    return Conversation(device, clean_text(app), clean_text(topic), int(match[1]), trace, number) if match else None


def is_beginning(line: str) -> bool:
    """Whether a line is a header, or the first of a message."""
    if TRACE in line and (parse_device_header(line) or parse_conversation_header(line, Device(), 0)):
        return True
    at, mark, rest = line.partition(FROM)
    _, to, text = rest.partition(TO)
    return bool(line[:4].isdigit() and mark and to and MESSAGE in text and TIME.fullmatch(at))


def is_time(at: str) -> bool:
    """Whether a time as written exists in the calendar."""
    try:
        parse_iso_time(at)
    except ValueError:
        return False
    return True


class _Parser:
    """Where the reading stands: device, conversation, and the message whose lines are being gathered."""

    def __init__(self) -> None:
        self.device = Device()
        self.conversation = Conversation()
        self.head: tuple[int, str, str, str] | None = None
        self.text: list[str] = []
        self.found = 0
        self.broken: tuple[int, str] | None = None

    def feed(self, number: int, line: str) -> Iterator[Device | Conversation | Record | Issue]:
        """Take one line."""
        if self.broken:
            yield from self._report("bad-row", "row.chat.like_message")
        if TRACE in line and (device := parse_device_header(line)):
            yield from self._close()
            self.device, self.conversation = device, Conversation(device)
            yield device
        elif TRACE in line and (conversation := parse_conversation_header(line, self.device, number)):
            yield from self._close()
            self.conversation = conversation
            yield conversation
        elif line[:4].isdigit() and FROM in line:
            yield from self._start_message(number, line)
        else:
            yield from self._add_line(number, line)

    def finish(self) -> Iterator[Device | Conversation | Record | Issue]:
        """The file is at its end."""
        if self.broken:
            yield from self._report("truncated", "row.chat.last_line")
        yield from self._close()

    def _start_message(self, number: int, line: str) -> Iterator[Record | Issue]:
        at, _, rest = line.partition(FROM)
        sender, to, rest = rest.partition(TO)
        recipients, mark, text = rest.partition(MESSAGE)
        if not (TIME.fullmatch(at) and to and mark):
            if TIME.fullmatch(at):
                self.broken = (number, line)
            yield from self._add_line(number, line)
            return
        yield from self._flush()
        self.found += 1
        self.head, self.text = (number, at, sender, recipients), [text.removeprefix(" ")]
        if not is_time(at):
            yield build_issue("bad-date", Sentence("row.date.calendar", date=repr(at)), place=f"line {number}")

    def _add_line(self, number: int, line: str) -> Iterator[Issue]:
        if self.head:
            self.text.append(line)
        elif line.strip():
            yield build_issue(
                "bad-row",
                Sentence("row.chat.outside", line=repr(line[:QUOTED])),
                fix=Sentence("fix.look.export"),
                place=f"line {number}",
            )

    def _flush(self) -> Iterator[Record]:
        if self.head:
            number, at, sender, recipients = self.head
            text = "\n".join(self.text).rstrip()
            yield Record(at, sender.strip(), tuple(split_participants(recipients)), text, number, self.conversation)
        self.head, self.text = None, []

    def _close(self) -> Iterator[Record | Issue]:
        yield from self._flush()
        announced, found = self.conversation.count, self.found
        if announced not in (-1, found):
            yield build_issue(
                "count-mismatch",
                Sentence("row.chat.announced", count=announced, found=found, trace=self.conversation.trace),
                fix=Sentence("fix.ask.conversation"),
                place=f"line {self.conversation.line}",
            )
        self.found = 0

    def _report(self, code: str, key: str) -> Iterator[Issue]:
        number, line = self.broken or (0, "")
        self.broken = None
        yield build_issue(
            code, Sentence(key, line=repr(line[:QUOTED])), fix=Sentence("fix.look.line"), place=f"line {number}"
        )


def _split_trace(text: str) -> tuple[str, str]:
    """Text and the trace id in brackets at its end; the id is '' if there is none."""
    before, mark, trace = text.rpartition(TRACE)
    return (before, trace[:-1].strip()) if mark and trace.endswith(")") else (text, "")
