"""A mailbox, or a file with one e-mail, cut into messages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from workbench.ingest.mail.parsing import list_known_fields
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import decode_bytes

LONGEST = 100_000_000
"""A message of more bytes is left out and reported."""


MBOX_START = b"From "


AHEAD = 60
LONGEST_FIELD = 100


CLOCK = rb"\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,9})?"


DATED = re.compile(
    rb"From (?=.{0,400}\d{4}).{0,300}?(?:[A-Z][a-z]{2},?\s+(?:[A-Z][a-z]{2}\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2})(?:\s+\d{4})?\s+"
    + CLOCK + rb"(?:\s+\S{1,6}){0,3}|\d{4}-\d\d-\d\d[T ]" + CLOCK + rb"\s?\S{0,6})"
)  # fmt: skip
"""The line that programs put before each message of a mailbox: who sent it, and when."""


LENGTH = re.compile(rb"Content-Length[ \t]{0,9}:(.*)", re.IGNORECASE | re.DOTALL)
"""The field in which some programs write how many bytes follow the header, so that no line of the text needs a '>'."""

NUMBER = re.compile(rb"\d{1,12}")
BYTES = re.compile(rb"\s{0,9}\d{1,12}\s{0,9}")


NEXT = 1_000
BETWEEN = 4
"""Bytes of line ends between the end of a message and the next one, at most."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in a file: its place and its bytes (None: too long); lines of its text that may begin another one.

    `above`: what stands in the line above it: who sent it and when, or something else. `within`: lines that part messages
    elsewhere, within the length that it states; `is_long_wrong`: it states a length that goes over the next message;
    `is_unclear`: that length is no plain number, or there are several.
    """

    place: str
    data: bytes | None
    doubts: int = 0
    above: str = ""
    within: int = 0
    is_long_wrong: bool = False
    is_unclear: bool = False


def read_letters(source: SourceFile) -> Iterator[Letter]:
    """Messages of the file. One that is too long comes without its bytes."""
    if source.read_head(len(MBOX_START)) != MBOX_START:
        with source.open() as file:
            data = file.read(LONGEST + 1)
        if data.strip():
            yield Letter("message 1", data if len(data) <= LONGEST else None)
        return
    yield from _read_mailbox(source)


class _Ahead:
    """Lines of a file, with a look at those that follow."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.held: deque[bytes] = deque()

    def __iter__(self) -> Iterator[bytes]:
        while line := self.held.popleft() if self.held else self.file.readline(LONGEST):
            yield line

    def list_fields(self) -> list[str]:
        """Known header fields in the lines that follow."""
        while len(self.held) < AHEAD and (line := self.file.readline(LONGEST)):
            self.held.append(line)
            if not line.strip():
                break
        return list_known_fields(b"".join(self.held))


@dataclass(slots=True)
class _Open:
    """A message of a mailbox while its lines are read. `until`: where its text ends by its own length, 0 if that is not to be used."""

    above: str = ""
    held: list[bytes] = field(default_factory=list)
    size: int = 0
    doubts: int = 0
    within: int = 0
    in_header: bool = True
    lengths: list[bytes] = field(default_factory=list)
    is_length: bool = False
    is_unclear: bool = False
    until: int = 0
    wrong_until: int = 0
    is_long_wrong: bool = False

    def add(self, line: bytes) -> None:
        """Take a line."""
        self.size += len(line)
        if self.size > LONGEST:
            self.held.clear()
        self.held.append(line.removeprefix(b">") if line.startswith(b">From ") else line)
        if self.in_header and self.is_length and line[:1] in (b" ", b"\t"):
            self.lengths[-1] += line
        elif self.in_header:
            self.is_length = (match := LENGTH.match(line)) is not None
            self.lengths += [match[1]] if match else []

    def end_header(self, at: int, ends: Callable[[int], bool]) -> None:
        """Take the end of the header, at this byte of the file; `ends` tells whether a message can end at a byte."""
        self.in_header = False
        fields = [one[:LONGEST_FIELD] for one in self.lengths]
        lengths = [int(one) for text in fields for one in NUMBER.findall(text)]
        self.is_unclear = len(set(lengths)) > 1 or not all(map(BYTES.fullmatch, fields))
        stated = at + max(lengths) if lengths else 0
        self.until, self.wrong_until = (stated, 0) if not self.is_unclear and ends(stated) else (0, stated)

    def letter(self, number: int) -> Letter:
        """The message, all of whose lines were read."""
        data = b"".join(self.held) if self.size <= LONGEST else None
        wrong = self.is_long_wrong
        return Letter(f"message {number}", data, self.doubts, self.above, self.within, wrong, wrong and self.is_unclear)


def _read_mailbox(source: SourceFile) -> Iterator[Letter]:
    """Messages of a mailbox, each after a line that parts them, at the start or behind an empty line.

    A line parts two messages where it tells a sender and a time. In a mailbox whose first line does not, any 'From ' does
    that header fields follow. Such a line in another mailbox belongs to the text: with each message comes how many it has,
    and what stands in the line above it. Where a message states its length, and exactly there such a line or the end of the
    file follows, the lines before belong to its text, whatever they look like.
    """
    message = _Open()
    at, made = 0, 0
    blank, strict = True, True
    with source.open() as file, source.open() as probe:
        lines = _Ahead(file)
        for number, line in enumerate(lines):
            begins = blank and line.startswith(MBOX_START)
            dated = begins and DATED.fullmatch(line.strip()) is not None
            strict = dated if not number else strict
            headed = begins and number > 0 and not dated and bool(lines.list_fields())
            parts = not number or dated or (headed and not strict)
            if parts and at < message.until:
                message.within += 1
                parts = False
            if parts:
                message.is_long_wrong = at < message.wrong_until
                if message.size:
                    made += 1
                    yield message.letter(made)
                message = _Open(decode_bytes(line.removeprefix(MBOX_START)).strip())
            else:
                message.doubts += headed and at >= message.until
                message.add(line)
            at += len(line)
            blank = not line.strip(b"\r\n")
            if blank and message.in_header:
                message.end_header(at, partial(_can_end, probe, strict=strict))
    if message.size:
        yield message.letter(made + 1)


def _can_end(probe: BinaryIO, at: int, *, strict: bool) -> bool:
    """Whether a message of a mailbox can end at a byte: a line that parts messages stands there, or the file ends."""
    if not at:
        return False
    probe.seek(at - 1)
    before, after = probe.read(1), probe.read(NEXT)
    if not before:
        return False
    line = after.lstrip(b"\r\n")
    if before != b"\n" and line == after:
        return not after
    if len(after) - len(line) > BETWEEN:
        return False
    first = line.partition(b"\n")[0].strip()
    return not line or (DATED.fullmatch(first) is not None if strict else first.startswith(MBOX_START))
