"""Reader `mail`: e-mail as EML (one message) and MBOX (many). Attachments are handed on as files within.

Python's own e-mail package raises on damaged input (KeyError, LookupError, IndexError, ValueError, AttributeError were
measured); each access to it stands behind one guard, and what cannot be read becomes an issue.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO

from workbench.ingest.lines import decoded, is_text
from workbench.ingest.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issues import holds_no, issue, listed
from workbench.model.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "8"
METHOD = "mail"
LONGEST = 100_000_000
"""A message of more bytes is left out and reported."""

GUARD = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError, MessageError,
)  # fmt: skip
HEADER = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,76}:[ \t\r\n]")
KNOWN = (b"from", b"to", b"subject", b"date", b"message-id", b"received", b"mime-version", b"return-path", b"cc")
MBOX_START = b"From "
ENOUGH = 2
AHEAD, TOLD = 60, 10
CLOCK = rb"\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,9})?"
DATED = re.compile(
    rb"From (?=.{0,400}\d{4}).{0,300}?(?:[A-Z][a-z]{2},?\s+(?:[A-Z][a-z]{2}\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2})(?:\s+\d{4})?\s+"
    + CLOCK + rb"(?:\s+\S{1,6}){0,3}|\d{4}-\d\d-\d\d[T ]" + CLOCK + rb"\s?\S{0,6})"
)  # fmt: skip
"""The line that programs put before each message of a mailbox: who sent it, and when."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in a file: its place and its bytes (None: too long); lines of its text that may begin another one.

    `above`: what stands in the line above it, where that tells no sender and no time.
    """

    place: str
    data: bytes | None
    doubts: int = 0
    above: str = ""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the header fields of an e-mail, or the 'From ' line of a mailbox before them."""
    if not is_text(head.replace(b"\x00", b"")) or not head.strip():
        return ""
    if head.startswith(MBOX_START) and known_fields(head.partition(b"\n")[2]):
        return Sentence("detected.mailbox")
    found = known_fields(head)
    if len(found) >= ENOUGH:
        return Sentence("detected.email", fields=", ".join(found[:4]))
    return Sentence("detected.email_name", suffix=source.suffix) if source.suffix in (".eml", ".mbox") else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """Documents Email with passages and claims; attachments as files within."""
    del options
    from workbench.ingest.mail.letters import Mailbox

    box = Mailbox(source)
    found, doubtful = False, dict[str, int]()
    for letter in letters(source):
        found = True
        doubtful |= {letter.place: letter.doubts} if letter.doubts else {}
        if letter.data is None:
            yield _too_long(letter)
        else:
            yield from box.letter(letter.place, letter.data)
    if not found:
        yield issue("empty", holds_no("message", source.name))
    yield from box.end()
    if doubtful:
        yield _unsure(doubtful)


def letters(source: SourceFile) -> Iterator[Letter]:
    """Messages of the file. One that is too long comes without its bytes."""
    if source.head(len(MBOX_START)) != MBOX_START:
        with source.open() as file:
            data = file.read(LONGEST + 1)
        if data.strip():
            yield Letter("message 1", data if len(data) <= LONGEST else None)
        return
    for number, (message, doubts, above) in enumerate(_mailbox(source), 1):
        yield Letter(f"message {number}", message, doubts, above)


def parsed(data: bytes) -> EmailMessage | None:
    """Message, or None where Python's parser gives up."""
    from email import message_from_bytes

    from workbench.ingest.mail.headers import BOUNDED

    message = guarded(lambda: message_from_bytes(data, policy=BOUNDED))
    return message if isinstance(message, EmailMessage) else None


def guarded(access: Callable[[], object]) -> object:
    """What `access` returns, None where the e-mail package raises on damaged input."""
    try:
        return access()
    except GUARD:
        return None


def header(message: EmailMessage, name: str) -> str:
    """Value of a header field as text in one line; as it stands in the file where it cannot be decoded, '' if none."""
    return _text_of(name, next((text for key, text in message.raw_items() if key.lower() == name.lower()), ""))


def headers(message: EmailMessage, name: str) -> list[str]:
    """The different values of a header field in their order, as `header`: one where the message is as it should be."""
    from workbench.ingest.mail.headers import bounded

    raw = bounded(text for key, text in message.raw_items() if key.lower() == name.lower())
    return list(dict.fromkeys(value for text in raw if (value := _text_of(name, text))))


def written_fields(message: EmailMessage, name: str) -> list[str]:
    """The different values of a field of addresses as plain text, with what its parser passes over."""
    raw = [str(text) for key, text in message.raw_items() if key.lower() == name.lower()]
    return list(dict.fromkeys(value for text in raw if (value := _text_of("Subject", text))))


def has_long_header(message: EmailMessage) -> bool:
    """Whether more stands in the header fields of a name than is read of them."""
    from workbench.ingest.mail.headers import is_cut

    return is_cut(message.raw_items())


@lru_cache(maxsize=64)
def _text_of(name: str, raw: str) -> str:
    from workbench.ingest.mail.headers import MOST, read_field

    value = guarded(lambda: read_field(name, _told(raw)))
    return " ".join(str(raw[:MOST] if value is None else value).split()).encode("utf-8", "replace").decode()


def _told(raw: str) -> str:
    """A field as it is; bytes in it that name no character set are read as those of a file."""
    data = raw.encode("utf-8", "surrogateescape")
    told = decoded(data)
    return raw if told == raw else told


def known_fields(head: bytes) -> list[str]:
    """Known header fields at the start of the bytes, each line of which must be a field or go on with one."""
    found: list[str] = []
    for line in head.lstrip(b"\r\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:60]:
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        if not HEADER.match(line + b"\n"):
            return []
        name = line.partition(b":")[0]
        if name.lower() in KNOWN and name.decode() not in found:
            found.append(name.decode())
    return found


class _Ahead:
    """Lines of a file, with a look at those that follow."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.held: deque[bytes] = deque()

    def __iter__(self) -> Iterator[bytes]:
        while line := self.held.popleft() if self.held else self.file.readline(LONGEST):
            yield line

    def fields(self) -> list[str]:
        """Known header fields in the lines that follow."""
        while len(self.held) < AHEAD and (line := self.file.readline(LONGEST)):
            self.held.append(line)
            if not line.strip():
                break
        return known_fields(b"".join(self.held))


def _mailbox(source: SourceFile) -> Iterator[tuple[bytes | None, int, str]]:
    """Messages of a mailbox, each after a line that parts them, at the start or behind an empty line; None: too long.

    A line parts two messages where it tells a sender and a time. In a mailbox whose first line does not, any 'From ' does
    that header fields follow. Such a line in another mailbox belongs to the text: with each message comes how many it has,
    and what stands in the line above it.
    """
    held: list[bytes] = []
    above = ""
    size, doubts, blank, strict = 0, 0, True, True
    with source.open() as file:
        lines = _Ahead(file)
        for number, line in enumerate(lines):
            begins = blank and line.startswith(MBOX_START)
            dated = begins and DATED.fullmatch(line.strip()) is not None
            strict = dated if not number else strict
            headed = begins and number > 0 and not dated and bool(lines.fields())
            if not number or dated or (headed and not strict):
                if size:
                    yield b"".join(held) if size <= LONGEST else None, doubts, above
                held, size, doubts = [], 0, 0
                above = "" if dated else decoded(line.removeprefix(MBOX_START)).strip()
            else:
                doubts += headed
                size += len(line)
                if size > LONGEST:
                    held.clear()
                held.append(line.removeprefix(b">") if line.startswith(b">From ") else line)
            blank = not line.strip(b"\r\n")
    if size:
        yield b"".join(held) if size <= LONGEST else None, doubts, above


def _unsure(doubtful: Mapping[str, int]) -> Row:
    """That lines of texts look like the beginning of a message, and are no line that parts the others."""
    said = Sentence(
        "row.mail.beginnings", count=sum(doubtful.values()), listed=listed(list(doubtful)[:TOLD], count=len(doubtful))
    )
    return issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=next(iter(doubtful)))


def _too_long(letter: Letter) -> Row:
    return issue(
        "bad-row",
        Sentence("row.large.mail", most=LONGEST),
        fix=Sentence("fix.attachments"),
        place=letter.place,
    )
