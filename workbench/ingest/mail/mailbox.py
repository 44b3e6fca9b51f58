"""A mailbox, or a file with one e-mail, cut into messages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from workbench.ingest.mail.parsing import known_fields
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import decode_bytes

LONGEST = 100_000_000
"""A message of more bytes is left out and reported."""


MBOX_START = b"From "


AHEAD = 60


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
                above = "" if dated else decode_bytes(line.removeprefix(MBOX_START)).strip()
            else:
                doubts += headed
                size += len(line)
                if size > LONGEST:
                    held.clear()
                held.append(line.removeprefix(b">") if line.startswith(b">From ") else line)
            blank = not line.strip(b"\r\n")
    if size:
        yield b"".join(held) if size <= LONGEST else None, doubts, above
