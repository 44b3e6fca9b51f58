"""Reader `whatsapp`: a chat that WhatsApp exported on the telephone ('Export chat'), as text or as a ZIP with its media.

::

    04/07/2022, 12:24 - Rosa Blum: text              Android; 12 or 24 hours, with or without seconds
    [04.07.22, 12:24:24] Rosa Blum: text             iOS; a line can begin with an invisible direction mark
    a further line of the text

The form is not documented by its maker and follows the language of the telephone. What is decided from the whole file: the
order of day and month (see `message_times.Order`), who takes part (whoever writes; a quiet member of a group is not named), and the
name of the chat (from the file's name). A telephone writes all times of an export in one style: a line with a time in another
style is text of the message in which it stands, as if pasted there, and an issue says so. Times have no zone. Whose telephone
it was is not said: option 'custodian' says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import PurePosixPath

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.attached_files import list_enclosures, normalise_base_name
from workbench.ingest.budgets import Yield
from workbench.ingest.chats.chat_export_rows import Survey, list_rows, list_ties, number_repeats
from workbench.ingest.chats.conversation import UNKNOWN, Conversation, Device, Record
from workbench.ingest.chats.message_times import (
    Order,
    Stamp,
    Style,
    find_style,
    format_iso,
    is_day_earlier,
    parse_stamp,
)
from workbench.ingest.chats.participant_names import SELF_NAMED, SYSTEM, Names
from workbench.ingest.chats.program_lines import (
    LONGEST_NAME,
    OPEN,
    SECRET,
    Beginning,
    ColonNames,
    ProgramLines,
    fold_name,
    is_gone,
    list_attachments,
    split_sender,
)
from workbench.ingest.file_ties import FileTies
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines, detect_encoding, format_numbers, is_text, unify_line_ends
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Issue, Row
from workbench.model.text.normalise import clean_text, normalise_name

METHOD = "whatsapp"
VERSION = "7"
APP = "WhatsApp"
CHAT_FILE = "_chat.txt"
HEAD_LINES = 40
HEAD_BYTES = 65_536
MEDIUM_NUMBER = re.compile(r"\d{8}-")
"""What iOS puts before the name of each file of a chat."""
ATTACHED_TEXT = re.compile(r": \u200e?([^/\\:*?\"<>|\n]{1,200}\.txt) \(|<[^<>:\n]{2,40}: ?([^<>:/\\\n]{1,200}\.txt)>")
"""A text file that a chat in lower case says is attached."""
LONGEST = 200_000
"""Characters of one message; a longer one goes on in another of the same time and sender."""

MEMBERS = 20
"""Up to so many participants each is a recipient of what the others write; beyond it the group is, or where their claims would be
more than the budget of the file."""
MESSAGE_ROWS, MESSAGE_BYTES, RECIPIENT_BYTES = 6, 1_252, 236
"""Rows of a message, its bytes without texts and names, and those of a recipient: as `budgets` counts them."""
MEMBER_ROWS, MEMBER_BYTES = 8, 2_500
"""The same of a participant: account, person, that one uses the other, and an issue about a short name."""
PAIR = 2
SHARE = 0.95
"""Part of the budget of a file that messages may take: the rest is for issues."""

EDITED = re.compile(
    r"<(?:This message was edited|Dit bericht is bewerkt|Ce message a \xe9t\xe9 modifi\xe9"
    r"|Se edit\xf3 este mensaje\.?|Diese Nachricht wurde bearbeitet\.?)>",
    re.IGNORECASE,
)
TITLE = re.compile(r"whatsapp[ _-]?chat (?:with|met|mit|com|avec|con|\u0645\u0639) |chat de whatsapp con |chat whatsapp con "
                   r"|discussion whatsapp avec |conversa do whatsapp com |whatsapp[ _-]?chat - |whatsapp[ _-]", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the file has it: the number of its first line, its time, its sender ('' none is shown), its text.

    `start`: its first line; `whole`: the text together with what is shown as its sender.
    """

    number: int
    at: Stamp
    sender: str
    text: str
    start: Beginning
    whole: str


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: lines that begin as WhatsApp's do, or a ZIP that holds such a chat."""
    if inside := _list_chats(zip_members.list_names(source, head)):
        return Sentence("detected.whatsapp_zip", name=repr(inside[0]))
    if not head.strip() or not is_text(head) or source.suffix not in ("", ".txt"):
        return ""
    text = unify_line_ends(head.decode(detect_encoding(head), "replace"))
    lines = text.split("\n")[:HEAD_LINES]
    found = [(number, made) for number, line in enumerate(lines, 1) if (made := parse_stamp(line))]
    named = "whatsapp" in source.name.casefold() or source.name.endswith(CHAT_FILE)
    secret = any(phrase in text.casefold() for phrase in SECRET)
    sure = [number for number, (at, _) in found if len(at.date[0]) < 4]
    if found and (named or secret or (len(sure) > 1 and _has_speakers(found))):
        return Sentence("detected.whatsapp", number=str(found[0][0]))
    return ""


def _has_speakers(found: list[tuple[int, tuple[Stamp, str]]]) -> bool:
    """Whether most of the lines with a time go on with a name and a colon."""
    said = sum(": " in rest[: LONGEST_NAME + 2] for _, (_, rest) in found)
    return said * 2 >= len(found)


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents Message with traces, passages and claims; files in the ZIP that hold text as sources of their own.

    Parameters
    ----------
    options : mapping
        'custodian': name, as it is in the chat, of whoever the telephone belonged to. 'dates': 'dmy' or 'mdy' where the
        file does not tell.

    Raises
    ------
    SourceError
        If the ZIP is damaged, locked, or unpacks to too much.
    """
    head = source.read_head()
    inside = _list_chats(zip_members.list_names(source, head))
    if not inside:
        yield from _list_chat_rows(source, source.name, "", options, FileTies())
        return
    chats, unclear = _choose_chats(source, inside)
    total, size = sum(chats.values()), measure_source(source)
    ties = FileTies()
    for name, length in chats.items():
        text = SourceFile(source.path, source.sha256, name, _read_member(source, name))
        yield from _list_chat_rows(text, source.name, name, options, ties, max(size * length // max(total, 1), 1))
    if unclear:
        listed = ", ".join(map(repr, unclear))
        yield build_issue(
            "sender-unknown",
            Sentence("row.chat.two_chats", listed=listed),
            fix=Sentence("fix.compare.phone"),
            place=unclear[0],
        )
    yield from list_enclosures(source, options, frozenset(chats), ties)


def measure_source(source: SourceFile) -> int:
    """Bytes of a file."""
    with source.open() as content:
        return content.seek(0, SEEK_END)


def _list_chats(names: frozenset[str]) -> list[str]:
    """Names of the chats in a ZIP."""
    last = {name: normalise_base_name(name) for name in names}
    return sorted(
        name for name, end in last.items() if end == CHAT_FILE or ("whatsapp" in end and end.endswith(".txt"))
    )


def _choose_chats(source: SourceFile, names: list[str]) -> tuple[dict[str, int], list[str]]:
    """The chats in a ZIP with their bytes, without documents that members sent; and chats that name each other as attached.

    An export is one chat in a folder. Beside it, a document has the number of a medium before its name (iOS), or stands in the chat as
    attached; of several chats, the one that is called as the ZIP is the export.
    """
    folders: dict[str, list[str]] = {}
    for name in names:
        folders.setdefault(name.replace("\\", "/").rpartition("/")[0], []).append(name)
    kept: dict[str, int] = {}
    unclear: list[str] = []
    for inside in folders.values():
        plain = [name for name in inside if not MEDIUM_NUMBER.match(normalise_base_name(name))] or inside
        named = [name for name in plain if _get_title_key(name) == _get_title_key(source.name)]
        sizes, sent = {}, set()
        for name in named[:1] or plain:
            data = _read_member(source, name)
            sizes[name] = len(data)
            sent |= {(name, other) for other in _find_attached(data, plain) if other != name}
        both = {one for one, other in sent if (other, one) in sent}
        unclear += sorted(both)
        gone = {other for _, other in sent} - both
        kept |= {name: size for name, size in sizes.items() if name not in gone}
    return kept, unclear


def _get_title_key(name: str) -> str:
    return fold_name(PurePosixPath(normalise_base_name(name)).stem)


def _find_attached(data: bytes, names: list[str]) -> list[str]:
    """Which of the files a chat says are attached, as Android or as iOS writes it."""
    if len(names) < PAIR:
        return []
    text = unify_line_ends(data.decode(detect_encoding(data[:HEAD_BYTES]), "replace")).casefold()
    attached = {one or other for one, other in ATTACHED_TEXT.findall(text)}
    return [name for name in names if normalise_base_name(name) in attached]


def _read_member(source: SourceFile, name: str) -> bytes:
    tally = ArchiveBudget()
    with zip_members.open_zip(source) as zipped:
        info = zipped.getinfo(name)
        try:
            if not zip_members.is_locked(info) and tally.may_unpack(name, info.file_size, info.compress_size):
                return zipped.read(info)
        except zip_members.BROKEN as error:
            raise SourceError(
                Sentence("refused.file.chat_damaged", part=name, name=source.name, error=error)
            ) from error
    raise SourceError(Sentence("refused.file.chat_locked", part=name, name=source.name))


def _list_chat_rows(
    source: SourceFile, outer: str, inner: str, options: Mapping[str, str], ties: FileTies, size: int = 0
) -> Iterator[Row]:
    """Rows of one chat of a file; `size`: its part of the bytes of that file, 0 all of them."""
    named = inner if normalise_base_name(inner) not in ("", CHAT_FILE) else outer
    yield from read_chat(Chat(source, parse_title(named), inner, options, size=size), ties)


def read_chat(chat: Chat, ties: FileTies, method: str = METHOD, version: str = VERSION) -> Iterator[Row]:
    """Rows of a chat whose lines begin with times; `ties` learns which files its messages attach."""
    lines = _survey(chat)
    yield from chat.list_issues()
    events = _record_ties(number_repeats(chat.read_records(lines)), chat, ties)
    yield from list_rows(chat.source, events, chat.survey, method, version)
    if not chat.found:
        yield build_issue("empty", describe_missing_record("message", chat.source.name))
    yield from lines.issues


def _survey(chat: Chat) -> TextLines:
    """The lines of a chat, after its first pass."""
    lines = TextLines(chat.source)
    chat.style = find_style(lines)
    chat.run_first_pass(lines)
    for record in number_repeats(chat.read_records(lines)):
        chat.survey.add_event(record)
    return lines


def list_records(chat: Chat) -> Iterator[Record]:
    """Messages of a chat, each as its document is known by then."""
    lines = _survey(chat)
    chat.survey.separate()
    yield from (record for record in number_repeats(chat.read_records(lines)) if isinstance(record, Record))


def list_files(source: SourceFile, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name of each file that a message of a chat in lines attaches, with the document of the message. Options as for `read`."""
    chat = Chat(source, parse_title(source.name), "", options)
    yield from list_ties(list_records(chat), chat.survey)


def _record_ties(events: Iterable[Record | Issue], chat: Chat, ties: FileTies) -> Iterator[Record | Issue]:
    """Events as they are; `ties` learns which files they attach."""
    ties.add_chat(chat.inner, ())
    for event in events:
        yield event
        if isinstance(event, Record) and event.files:
            ties.add_chat(chat.inner, list_ties([event], chat.survey))


def parse_title(name: str) -> str:
    """Name of the chat (a person or a group) out of the name of its file, '' if it does not tell."""
    stem = clean_text(PurePosixPath(name.replace("\\", "/")).stem)
    match = TITLE.search(stem)
    return stem[match.end() :].strip() if match else ""


def parse_lines(
    lines: Iterable[tuple[int, str]],
    split: Callable[[str], Beginning] = split_sender,
    style: Style | None = None,
    others: list[int] | None = None,
) -> Iterator[Line | Issue]:
    """Messages of the lines, in order; an issue for lines that stand before the first one.

    `split` finds the sender behind a time. With a `style`, a message begins only at a time of it; `others` learns the lines with a
    time of another style.
    """
    held: list[str] = []
    start: tuple[int, Stamp, Beginning] | None = None
    size, stray, is_cut = 0, 0, False
    for number, line in lines:
        found = parse_stamp(line)
        if found and style and not style.is_style_of(found[0].style):
            if others is not None:
                others.append(number)
            found = None
        if found or (start and size > LONGEST):
            yield from _finish_line(start, held, is_cut=is_cut)
            start, is_cut = ((number, start[1], start[2]), True) if start else (None, False)
            held, size = [], 0
        if found:
            start, is_cut = (number, found[0], split(found[1])), False
        if start:
            held.append(start[2].text if found else line)
            size += len(line)
        elif line.strip() and not stray:
            stray = number
            yield build_issue("bad-row", Sentence("row.chat.before", line=repr(line[:120])), place=f"line {number}")
    yield from _finish_line(start, held, is_cut=is_cut)


def _finish_line(start: tuple[int, Stamp, Beginning] | None, held: list[str], *, is_cut: bool) -> Iterator[Line]:
    """The message whose lines are read; `is_cut`: another part of it came before, with its first line."""
    if start:
        number, at, first = start
        text = "\n".join(held).rstrip()
        whole = text if is_cut or not first.sender else "\n".join((first.whole, *held[1:])).rstrip()
        yield Line(number, at, first.sender, text, first, whole)


@dataclass(slots=True)
class Chat:
    """One chat: what its file decides as a whole, and its messages.

    `size`: bytes of the file by which its budget goes, 0 those of the chat. `limit`: messages that are read, 0 all of them;
    `cut`: line of the first that is not. `is_grouped`: whether the group is the recipient instead of each participant.
    """

    source: SourceFile
    topic: str
    inner: str
    options: Mapping[str, str]
    app: str = APP
    size: int = 0
    order: Order = field(default_factory=Order)
    senders: dict[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    survey: Survey = field(init=False)
    conversation: Conversation = field(init=False)
    style: Style | None = None
    dates: str = ""
    found: int = 0
    length: int = 0
    limit: int = 0
    cut: int = 0
    is_grouped: bool = False
    others: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)
    example: str = ""
    program: ProgramLines = field(init=False)
    colons: ColonNames = field(init=False)

    def __post_init__(self) -> None:
        custodian = clean_text(self.options.get("custodian", ""))
        device = Device(custodian=custodian)
        self.conversation = Conversation(device, self.app, self.topic or UNKNOWN)
        self.survey = Survey(self.source.sha256, self.names, each_once=True)
        self.survey.add_event(device)
        self.survey.add_event(self.conversation)
        self.order.told = self.options.get("dates", "")
        self.program = ProgramLines(is_used=self.app == APP)
        self.colons = ColonNames(self.topic, self.app == APP)

    def run_first_pass(self, lines: Iterable[tuple[int, str]]) -> None:
        """First pass: who takes part, and the order of day and month."""
        for line in parse_lines(lines, self.colons.add, self.style, self.others):
            if isinstance(line, Line):
                self.found += 1
                self.length += len(line.text)
                self.order.add_stamp(line.at)
                self.program.add(line.number, line.start)
        if self.colons.decide():
            self.program = ProgramLines(is_used=self.program.is_used)
            for line in parse_lines(lines, self.colons.split, self.style):
                if isinstance(line, Line):
                    self.program.add(line.number, line.start)
        self.senders.update((name, name) for name in self.program.list_senders())
        self.dates = self.order.decide()
        stored = {normalise_name(name) for name in self.senders if not name.startswith(SELF_NAMED)}
        for raw in self.senders:
            if raw.startswith(SELF_NAMED):
                plain = raw.removeprefix(SELF_NAMED)
                self.names.add_self_named(raw, plain, is_stored=normalise_name(plain) in stored)
            elif self.app != APP:
                self.names.add("", raw, is_chosen=True)
        if len(self.senders) < 2 and self.topic and not self._is_topic_known():
            self.senders.setdefault(self.topic, self.topic)
        self._fit_budget()

    def _fit_budget(self) -> None:
        """Decide how much of each message is claimed, and how many are read, so that all of it is within the budget of the file."""
        most = Yield(self.size or measure_source(self.source)).most
        rows = SHARE * most.rows - MEMBER_ROWS * len(self.senders)
        room = SHARE * most.output - MEMBER_BYTES * len(self.senders)
        named = sum(map(len, self.senders)) / max(len(self.senders), 1)
        each = MESSAGE_BYTES + len(self.conversation.label) + named + self.length / max(self.found, 1)

        def count_fitting(recipients: int) -> int:
            output = each + recipients * (RECIPIENT_BYTES + named)
            return max(int(min(rows / (MESSAGE_ROWS + recipients), room / output)), 1)

        members = len(self.senders)
        self.is_grouped = members > MEMBERS or (members > PAIR and self.found > count_fitting(members - 1))
        self.limit = count_fitting(1) if self.found > count_fitting(1) else 0

    def _is_topic_known(self) -> bool:
        """Whether whoever the chat is called after writes under another form of that name, or perhaps in lines of no one."""
        named = {fold_name(name) for name in self.senders if ":" in name}
        return (
            SELF_NAMED + self.topic in self.senders or fold_name(self.topic) in named or self.program.has_open_lines()
        )

    def read_records(self, lines: Iterable[tuple[int, str]]) -> Iterator[Record | Issue]:
        """Messages with their times read and everybody they went to."""
        self.wrong, self.earlier, last = [], [], ""
        self.program.unsent, self.program.shown, self.program.open = [], [], []
        many, count = self.is_grouped, 0
        for line in parse_lines(lines, self.colons.split, self.style):
            if isinstance(line, Issue):
                yield line
                continue
            count += 1
            if self.limit and count > self.limit:
                self.cut = line.number
                break
            at = format_iso(line.at, self.dates)
            if not at:
                self.wrong.append(line.number)
                self.example = self.example or line.at.text
            self.earlier += [line.number] if is_day_earlier(at, last) else []
            last = at or last
            sender, text = line.sender, line.text
            if self.program.is_unsent(line.number, line.start):
                sender, text = SYSTEM, line.text if line.start.is_marked else line.whole
            is_open = line.start.quotes == OPEN
            sender = "" if is_open else sender
            others = (
                () if many else tuple(name for name in self.senders if name != (line.sender if is_open else sender))
            )
            yield Record(
                at or line.at.text,
                sender,
                others or ((self.topic,) if self.topic and many else ()),
                text,
                line.number,
                self.conversation,
                place=f"line {line.number} of {self.inner}" if self.inner else "",
                said=_list_text_claims(text),
                files=list_attachments(text),
            )

    def _list_budget_issues(self) -> Iterator[Issue]:
        """What was not claimed or not read, so that the rest is within the budget."""
        if self.is_grouped and len(self.senders) <= MEMBERS:
            told = Sentence("row.chat.recipients", count=self.found, members=len(self.senders))
            yield build_issue("left-out", told)
        if self.cut:
            told = Sentence("row.chat.limit", number=str(self.cut), count=self.found - self.limit)
            yield build_issue("truncated", told, fix=Sentence("fix.unpack.it"), place=f"line {self.cut}")

    def list_issues(self) -> Iterator[Issue]:
        """Lines whose sender is not certain, and times in another style, that run backwards or could not be read, once each."""
        yield from self._list_budget_issues()
        yield from self.program.list_issues()
        yield from self.names.list_issues()
        if self.others:
            yield build_issue(
                "bad-row",
                Sentence("row.chat.other_style", count=len(self.others), listed=format_numbers(self.others)),
                fix=Sentence("fix.split_chats"),
                place=f"line {self.others[0]}",
            )
        if self.earlier:
            told = Sentence("row.chat.earlier", count=len(self.earlier), listed=format_numbers(self.earlier))
            yield build_issue("bad-date", told, fix=Sentence("fix.compare.phone"), place=f"line {self.earlier[0]}")
        if not self.wrong:
            return
        where = {"count": len(self.wrong), "listed": format_numbers(self.wrong), "example": repr(self.example)}
        if self.order.is_needed and not self.dates:
            yield build_issue(
                "ambiguous-date",
                Sentence("row.date.lines_order", **where),
                fix=Sentence("fix.dates"),
                place=f"line {self.wrong[0]}",
            )
        else:
            message = Sentence("row.date.lines_none", **where)
            yield build_issue("bad-date", message, place=f"line {self.wrong[0]}")


def _list_text_claims(text: str) -> tuple[tuple[str, str], ...]:
    """What the text itself says of the message: attached, deleted, edited."""
    found = [("description", f"attachment: {name}") for name in list_attachments(text)]
    if is_gone(text):
        found.append(("description", "deleted by its sender"))
    if EDITED.search(text[-200:]):
        found.append(("description", "edited"))
    return tuple(found)
