"""Lines of a chat that WhatsApp itself wrote, and lines that look like them.

An export shows both alike. On iOS, WhatsApp puts an invisible mark before its own words and before each medium, and shows its own
words as sent by the group, or by the other side of a chat of two. On Android its own words have no sender, but a name of a group in
them can hold a colon: 'Rosa changed the group name from "Pier: night" to "Pier"'. Anybody can type the mark, and choose a name with
quotation marks: what is not certain is told with its lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.ingest.reading.text_lines import format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.text.normalise import clean_text

LRM = "\u200e"
INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u2068\u2069"
LONGEST_NAME = 100
SELF_NAMED = "~ "
"""Before a name that somebody chose who is not in the address book: it may be that of somebody who is."""

SECRET = (
    "end-to-end encrypted", "end-to-end versleuteld", "chiffr\xe9s de bout en bout", "cifrados de extremo a extremo",
    "ende-zu-ende-verschl\xfcsselt", "\u0645\u0634\u0641\u0631\u0629 \u062a\u0645\u0627\u0645",
    "criptografia de ponta", "crittografati end-to-end",
)  # fmt: skip
"""What WhatsApp writes at the head of each chat, in some languages."""

GONE = frozenset(
    {
        "this message was deleted",
        "you deleted this message",
        "dit bericht is verwijderd",
        "u hebt dit bericht verwijderd",
    }
    | {"ce message a \xe9t\xe9 supprim\xe9", "vous avez supprim\xe9 ce message", "se elimin\xf3 este mensaje"}
    | {"eliminaste este mensaje", "diese nachricht wurde gel\xf6scht", "du hast diese nachricht gel\xf6scht"}
    | {"\u062a\u0645 \u062d\u0630\u0641 \u0647\u0630\u0647 \u0627\u0644\u0631\u0633\u0627\u0644\u0629"}
)
OMITTED = re.compile(
    r"[^\n]{0,200}(?:omitted|weggelaten|weggelassen|absente?|omise?|omitid[ao]|omess[ao])\.?", re.IGNORECASE
)
"""In place of a medium that was not exported, in some languages: 'image omitted'."""

ATTACHED_IOS = re.compile(r"<[^<>:\n]{2,40}: ?([^<>:/\\\n]{1,200}\.[A-Za-z0-9]{2,5})>")
ATTACHED_ANDROID = re.compile(r"([^/\\:*?\"<>|\n]{1,200}\.[A-Za-z0-9]{2,5}) \([^()\n]{3,40}\)(?:\n|\Z)")
QUOTES = frozenset('"\u201c\u201d\u00ab\u00bb')
DOUBLE = {
    '"': '"', "\u201c": "\u201d", "\u201d": "\u201d", "\u201e": "\u201c\u201d", "\u201f": "\u201d", "\u00ab": "\u00bb",
    "\u00bb": "\u00ab", "\u300c": "\u300d", "\u300e": "\u300f", "\u300a": "\u300b", "\u3008": "\u3009", "\u301d": "\u301e\u301f",
}  # fmt: skip
SINGLE = {
    "'": "'", "\u2018": "\u2019", "\u201a": "\u2018\u2019", "\u2019": "\u2019", "\u2039": "\u203a", "\u203a": "\u2039",
}  # fmt: skip
"""Quotation marks, and what closes each. Single ones are apostrophes too: they open before a word and close behind one."""

HEAD, SECOND, MARKED, MEDIUM, QUOTED, UNCLEAR = "head", "second", "marked", "medium", "quoted", "unclear"
KEPT = 1_000


class Beginning(NamedTuple):
    """The first line of a message behind its time: sender as it is shown ('' none), text, and all of it.

    `is_chat`: the sender is who or what the chat is called after; `is_marked`: the invisible mark is before the text. `quotes`: what
    quotation marks in the sender make of the line, '' nothing; then no mark counts.
    """

    sender: str
    text: str
    whole: str
    is_chat: bool = False
    is_marked: bool = False
    quotes: str = ""


def split_sender(rest: str, chat: str) -> Beginning:
    """Sender and text behind a time, as the line shows them."""
    name, mark, text = rest.partition(": ")
    if not mark and rest.rstrip().endswith(":"):
        name, mark, text = rest.rstrip()[:-1], ":", ""
    shown = clean_text(name.strip(INVISIBLE))
    plain = clean_text(name.strip(INVISIBLE).lstrip("~").strip())
    whole = rest.strip(INVISIBLE)
    if not mark or not plain or len(plain) > LONGEST_NAME:
        return Beginning("", whole, whole)
    sender = plain if plain == shown else SELF_NAMED + plain
    quotes = _find_quotes(plain, text)
    return Beginning(sender, text.lstrip(INVISIBLE), whole, plain == chat, not quotes and text.startswith(LRM), quotes)


def _find_quotes(name: str, text: str) -> str:
    """What quotation marks in front of a colon say: that it stands in a quotation, that this is not certain, or nothing."""
    if quote := find_quotation(name, text):
        return QUOTED if quote in DOUBLE else UNCLEAR
    return "" if QUOTES.isdisjoint(name) else UNCLEAR


def list_attachments(text: str) -> tuple[str, ...]:
    """Names of files that a text says are attached, in whatever language it says so."""
    first = text[:500]
    android = ATTACHED_ANDROID.match(first)
    return (*([android[1].strip(INVISIBLE)] if android else []), *ATTACHED_IOS.findall(first))


def is_gone(text: str) -> bool:
    """Whether a text says only that its message was deleted."""
    return text.strip().rstrip(".").casefold() in GONE


def find_quotation(name: str, rest: str) -> str:
    """The mark of a quotation that begins in the first text and ends in the second, '' if there is none.

    >>> find_quotation("Rosa changed „Pier", "night“ to „Pier“"), find_quotation("Rosa O'Brien", "it's 'late'")
    ('„', '')
    """
    for pairs in (DOUBLE, SINGLE):
        opened = ""
        for at, sign in enumerate(name):
            if opened and sign in pairs[opened]:
                opened = "" if pairs is DOUBLE or not name[at + 1 : at + 2].isalnum() else opened
            elif not opened and sign in pairs and (pairs is DOUBLE or _is_before_word(name, at)):
                opened = sign
        if opened and any(_has_close(rest, sign, pairs) for sign in pairs[opened]):
            return opened
    return ""


def _is_before_word(text: str, at: int) -> bool:
    return (not at or text[at - 1].isspace()) and text[at + 1 : at + 2].isalnum()


def _has_close(text: str, sign: str, pairs: dict[str, str]) -> bool:
    return any(
        pairs is DOUBLE or (at and not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum())
        for at, one in enumerate(text)
        if one == sign
    )


@dataclass(slots=True)
class ProgramLines:
    """Decides, after a first pass over all messages, which of them the program wrote.

    Attributes
    ----------
    is_used : bool
        False where the app writes no lines of its own into its exports: then each line is of the sender that it shows.
    unsent, shown : list of int
        Lines that are not certain: read as words of the program, or as those of the sender that is shown.
    """

    is_used: bool = True
    first: int = 0
    head: str = ""
    others: set[str] = field(default_factory=set)
    has_writer: bool = False
    names: Counter[str] = field(default_factory=Counter)
    media: set[str] = field(default_factory=set)
    senders: dict[tuple[str, str], None] = field(default_factory=dict)
    unsent: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)

    def add(self, number: int, start: Beginning) -> None:
        """Take a message of the first pass: its line and its beginning."""
        self.first = self.first or number
        if not start.sender:
            return
        kind = self._find_kind(number, start)
        self.head = start.text if kind == HEAD and number == self.first else self.head
        self.has_writer |= start.is_chat and kind in ("", MEDIUM)
        if not start.is_chat and kind in ("", MEDIUM):
            self.others.add(start.sender)
            if start.is_marked and len(self.media) < KEPT:
                self.media.add(start.text[:LONGEST_NAME])
        self.names[start.sender] += 1
        self.senders.setdefault((start.sender, kind))

    def list_senders(self) -> Iterator[str]:
        """Who wrote messages, in the order of the file."""
        yield from dict.fromkeys(sender for sender, kind in self.senders if not self._is_unsent(kind, sender))

    def is_unsent(self, number: int, start: Beginning) -> bool:
        """Whether a message is words of the program; what is not certain is noted."""
        if not start.sender:
            return True
        kind = self._find_kind(number, start)
        unsent = self._is_unsent(kind, start.sender)
        if unsent and (
            kind in (SECOND, UNCLEAR)
            or (kind == MARKED and not self._is_group())
            or (kind == QUOTED and self.names[start.sender] > 1)
        ):
            self.unsent.append(number)
        elif not unsent and kind == MARKED and start.text[:LONGEST_NAME] not in self.media:
            self.shown.append(number)
        return unsent

    def _find_kind(self, number: int, start: Beginning) -> str:
        """What a line is: '' a message of who it shows, or why it may be words of the program."""
        if not self.is_used:
            return ""
        if not start.is_marked:
            return start.quotes
        if any(phrase in start.text.casefold() for phrase in SECRET):
            return HEAD if number == self.first or start.text == self.head else SECOND
        if not start.is_chat:
            return ""
        medium = list_attachments(start.text) or is_gone(start.text) or OMITTED.fullmatch(start.text.strip())
        return MEDIUM if medium else MARKED

    def _is_unsent(self, kind: str, sender: str) -> bool:
        """Whether lines of a kind are words of the program. A name before several lines is a name."""
        if kind == MARKED:
            return not self.has_writer or len(self.others) > 1
        return kind in (HEAD, SECOND, QUOTED) or (kind == UNCLEAR and self.names[sender] < 2)

    def _is_group(self) -> bool:
        """Whether the chat is certainly one of several: its name has never written, and at least two others have."""
        return not self.has_writer and len(self.others) > 1

    def list_issues(self) -> Iterator[Issue]:
        """Lines that are not certain, once for the file, after all messages."""
        for key, lines in (("row.chat.unsent", self.unsent), ("row.chat.shown", self.shown)):
            if lines:
                told = Sentence(key, count=len(lines), listed=format_numbers(lines))
                yield build_issue("sender-unknown", told, fix=Sentence("fix.compare.phone"), place=f"line {lines[0]}")
