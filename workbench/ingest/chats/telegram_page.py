"""Reader `telegram-page`: what Telegram Desktop exports for reading in a browser ('messages.html').

The pages hold less than the JSON: names without numbers, so one name is one participant within the file. Times have the offset
of the exporting computer since 2021, none before. Nothing of the page is run or fetched; its pictures are names only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workbench.ingest.chats.chat_export_rows import Event, Survey, list_rows, list_ties, number_repeats
from workbench.ingest.chats.conversation import UNKNOWN, Conversation, Device, Record
from workbench.ingest.chats.participant_names import SYSTEM, Names
from workbench.ingest.reading import charsets
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import parse_iso_time

METHOD = "telegram-page"
VERSION = "5"
APP = "Telegram"
SIZE = 64 * 1024**2
MEMBERS = 20
DEEPEST = 200
LONGEST_TAG = 8_000
VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "source", "wbr"})
NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,20})")
ATTRIBUTE = re.compile(r'\s([a-z-]{1,30})="([^"]{0,4000})"')
TIME = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
MEDIA = ("photos/", "files/", "video_files/", "voice_messages/", "round_video_messages/", "stickers/", "contacts/")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the page, or the text between two tags (`name` '')."""

    name: str
    closes: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def has_classes(self, *classes: str) -> bool:
        """Whether it has all of the classes."""
        return set(classes) <= set(self.attributes.get("class", "").split())


@dataclass(slots=True)
class Message:
    """A message as the page shows it."""

    number: int
    id: str
    service: bool
    joined: bool
    at: str = ""
    sender: str = ""
    forwarded: str = ""
    reply: str = ""
    words: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    paths: dict[str, None] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its text, line by line without the spaces of the markup."""
        lines = "".join(self.words).split("\n")
        return "\n".join(line.strip() for line in lines).strip("\n").strip()


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a page with the blocks of Telegram's export."""
    if not is_text(head) or b"<" not in head[:200]:
        return ""
    text = head.decode(detect_encoding(head), "replace")
    if 'class="page_header"' in text and ('class="history"' in text or 'class="message ' in text):
        return Sentence("detected.telegram_page")
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents Message with traces, passages and claims.

    Parameters
    ----------
    options : mapping
        'custodian': name, as it is in the chat, of whoever the account belonged to.
    """
    data, used, page = _read_page(source, options)
    yield from list_rows(source, number_repeats(page.read_events()), page.survey, METHOD, VERSION)
    yield from charsets.tell_page(charsets.find_meta_charset(data), used)
    if len(data) > SIZE:
        yield build_issue("truncated", Sentence("row.cut.page", most=SIZE))
    if not page.messages:
        yield build_issue("empty", describe_missing_record("message", source.name))
    elif page.lost:
        yield build_issue("bad-date", Sentence("row.date.messages", count=page.lost))
    yield from page.names.list_issues()


def list_files(source: SourceFile, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path of each file that a message attaches, seen from the page, with the document of the message. Options as for `read`."""
    page = _read_page(source, options)[-1]
    page.survey.separate()
    yield from list_ties(number_repeats(page.read_events()), page.survey)


def _read_page(source: SourceFile, options: Mapping[str, str]) -> tuple[bytes, str, Page]:
    """The bytes, their encoding, and what is on the page."""
    with source.open() as file:
        data = file.read(SIZE + 1)
    used = detect_encoding(data[:SIZE])
    page = Page(source, data[:SIZE].decode(used, "replace"), options)
    for event in number_repeats(page.read_events()):
        page.survey.add_event(event)
    return data, used, page


class Page:
    """The messages of a page, and who takes part."""

    def __init__(self, source: SourceFile, text: str, options: Mapping[str, str]) -> None:
        self.names = Names()
        self.survey = Survey(source.sha256, self.names, self.names.owners, each_once=True)
        found = _Reading()
        for tag in walk_tags(text):
            found.handle_tag(tag)
        self.messages = found.messages
        self.lost = sum(not one.at and not one.service for one in self.messages)
        custodian = clean_text(options.get("custodian", ""))
        self.conversation = Conversation(Device(custodian=custodian), APP, found.title or UNKNOWN)
        self.senders: dict[str, None] = {}
        for one in self.messages:
            if one.sender and not one.service:
                own = bool(custodian) and normalise_name(custodian) == normalise_name(one.sender)
                chosen = not own and normalise_name(one.sender) != normalise_name(APP)
                self.senders[self.names.add("", one.sender, owner=own, is_chosen=chosen)] = None
        if len(self.senders) < 2 and found.title:
            self.senders.setdefault(self.names.add("", found.title), None)
        self.survey.add_event(self.conversation.device)

    def read_events(self) -> Iterator[Event]:
        """Messages in order; days that stand between them are no messages."""
        many = len(self.senders) > MEMBERS
        topic = self.conversation.topic
        for one in self.messages:
            if one.service and not one.text:
                continue
            others = (
                (topic,) if many and topic != UNKNOWN else tuple(name for name in self.senders if name != one.sender)
            )
            yield Record(
                one.at,
                SYSTEM if one.service else one.sender,
                () if many and topic == UNKNOWN else others,
                one.text,
                one.number,
                self.conversation,
                trace=one.id,
                place=f"message {one.number}",
                attachments=tuple(one.files),
                said=(
                    *((("messageId", one.id),) if one.id else ()),
                    *((("inReplyTo", one.reply),) if one.reply else ()),
                    *((("description", f"forwarded from: {one.forwarded}"),) if one.forwarded else ()),
                    *(("description", f"attachment: {name}") for name in one.files),
                ),
                files=tuple(one.paths),
            )


class _Reading:
    """Where the reading of the page stands: the open elements, and what the text in them is."""

    def __init__(self) -> None:
        self.open: list[tuple[str, str]] = []
        self.messages: list[Message] = []
        self.title = ""

    def handle_tag(self, tag: Tag) -> None:
        """Take one tag or text."""
        if not tag.name:
            self._add_text(tag.text)
        elif tag.closes:
            self._close(tag.name)
        elif tag.name == "br":
            self._add_text("\n")
        elif tag.name not in VOID:
            self._open(tag)

    def _open(self, tag: Tag) -> None:
        within = self.open[-1][1] if self.open else ""
        role = within
        if tag.has_classes("message") and tag.name == "div":
            number = tag.attributes.get("id", "").removeprefix("message")
            self.messages.append(
                Message(len(self.messages) + 1, number, tag.has_classes("service"), tag.has_classes("joined"))
            )
            role = "message"
            self._inherit()
        elif tag.name == "div" and tag.has_classes("page_header"):
            role = "header"
        elif self.messages and within:
            role = self._find_role(tag, within)
        if len(self.open) < DEEPEST:
            self.open.append((tag.name, role))

    def _inherit(self) -> None:
        """A message that is joined to the one before has its sender."""
        one = self.messages[-1]
        if one.joined and len(self.messages) > 1:
            one.sender = self.messages[-2].sender

    def _find_role(self, tag: Tag, within: str) -> str:
        """What the text within a tag of a message is."""
        one = self.messages[-1]
        if tag.has_classes("date", "details"):
            if not one.at and within != "forwarded":
                one.at = parse_moment(tag.attributes.get("title", ""))
            return "date"
        if tag.name == "a":
            self._link(one, tag.attributes.get("href", ""), within)
        if tag.has_classes("forwarded") and tag.has_classes("body"):
            return "forwarded"
        if tag.has_classes("from_name"):
            return "origin" if within == "forwarded" else "sender"
        if tag.has_classes("text") or (one.service and tag.has_classes("body")):
            return "text"
        if (
            tag.has_classes("reply_to")
            or tag.has_classes("initials")
            or tag.has_classes("userpic_wrap")
            or tag.has_classes("title")
            or tag.has_classes("status")
        ):
            return "aside"
        return within

    def _link(self, one: Message, href: str, within: str) -> None:
        if within == "aside" and "go_to_message" in href:
            one.reply = href.rpartition("go_to_message")[2]
        elif href.startswith(MEDIA) and within != "text":
            name = href.rpartition("/")[2]
            one.paths[href] = None
            one.files.extend([name] if name not in one.files else [])

    def _close(self, name: str) -> None:
        for back in range(1, min(len(self.open), 20) + 1):
            if self.open[-back][0] == name:
                del self.open[-back:]
                return

    def _add_text(self, text: str) -> None:
        role = self.open[-1][1] if self.open else ""
        if role == "header" and text.strip() and not self.title:
            self.title = clean_text(text)
        elif role and self.messages:
            one = self.messages[-1]
            if role == "text":
                one.words.append(text if text == "\n" else text.replace("\n", " "))
            elif role == "sender" and text.strip():
                one.sender = clean_text(text)
            elif role == "origin" and text.strip():
                one.forwarded = clean_text(f"{one.forwarded} {text}")


def walk_tags(page: str) -> Iterator[Tag]:
    """Tags and texts of a page in order; comments, scripts and styles left out. The time grows with the length only."""
    at = 0
    while (start := page.find("<", at)) >= 0:
        if start > at:
            yield Tag("", text=html.unescape(page[at:start]))
        if page.startswith("<!--", start):
            end = page.find("-->", start)
            at = end + 3 if end >= 0 else len(page)
            continue
        end = page.find(">", start)
        if end < 0:
            return
        found = NAME.match(page, start + 1)
        at = end + 1
        if not found:
            continue
        name, closes = found[1].lower(), page[start + 1] == "/"
        inside = page[found.end() : min(end, found.end() + LONGEST_TAG)]
        attributes = {key: html.unescape(value) for key, value in ATTRIBUTE.findall(inside)}
        yield Tag(name, closes, attributes)
        if name in ("script", "style") and not closes:
            at = page.find(f"</{name}", at)
            at = at if at >= 0 else len(page)
    if at < len(page):
        yield Tag("", text=html.unescape(page[at:]))


def parse_moment(title: str) -> str:
    """Time of '04.07.2022 12:24:24 UTC+02:00' in ISO form, with the offset if there is one; '' if it is none."""
    match = TIME.match(title)
    if not match:
        return ""
    try:
        return parse_iso_time(f"{match[3]}-{match[2]}-{match[1]}T{match[4]}{match[5] or ''}").isoformat()
    except ValueError:
        return ""
