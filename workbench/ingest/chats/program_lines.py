"""Lines of a chat that WhatsApp itself wrote, and lines that look like them.

An export shows both alike. On iOS, WhatsApp puts an invisible mark before its own words and before each medium, and shows its own
words as sent by the group, or by the other side of a chat of two. On Android its own words have no sender, but a name of a group in
them can hold a colon: 'Rosa changed the group name from "Pier: night" to "Pier"', and so can the name of a contact. Anybody can type the
mark, and choose a name with quotation marks or a colon: what is not certain is told with its lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.ingest.chats.participant_names import SELF_NAMED
from workbench.ingest.reading.text_lines import format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.text.normalise import clean_text

LRM = "\u200e"
INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u2068\u2069"
LONGEST_NAME = 100
SEPARATORS = re.compile(r"[\W_]+")
COPY = re.compile(r" ?\(\d{1,3}\)$")
"""What a browser or a computer puts behind the name of a file that it saves once more."""

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
OPEN = "open"
"""Of a line with several colons: the file does not show which one ends the name of its sender."""
KEPT = 1_000
PARTS = 64
PLAIN_LINES = 20
PART = re.compile(r"(?=[^\n:]{1,40}: )((?:[^\s:]+ ){0,4}[^\s:]+): ")
"""What can be the rest of a name that holds a colon: a few words before a further colon."""
NOTICE = re.compile(
    r"\w (?:added|removed|heeft|hebt|hat|hast|(?:a|avez) (?:ajout\xe9|retir\xe9)|a\xf1adi(?:\xf3|ste) a|elimin(?:\xf3|aste) a"
    r"|adicionou|removeu|h(?:a|ai) (?:aggiunto|rimosso)|\u0623\u0636\u0627\u0641|\u0623\u0632\u0627\u0644) \S",
    re.IGNORECASE,
)
"""Words with which WhatsApp tells that somebody came into a group or had to leave it, in some languages."""


class Beginning(NamedTuple):
    """The first line of a message behind its time: sender as it is shown ('' none), text, and all of it.

    `is_chat`: the sender is who or what the chat is called after; `is_marked`: the invisible mark is before the text. `quotes`: what
    quotation marks in the sender, or several colons, make of the line, '' nothing; then no mark counts.
    """

    sender: str
    text: str
    whole: str
    is_chat: bool = False
    is_marked: bool = False
    quotes: str = ""


def split_sender(rest: str, chat: str = "") -> Beginning:
    """Sender and text behind a time, as the line shows them; the first colon ends the sender."""
    name, mark, text = rest.partition(": ")
    if not mark and rest.rstrip().endswith(":"):
        name, mark, text = rest.rstrip()[:-1], ":", ""
    return _build_beginning(name if mark else "", text, rest, chat)


def _build_beginning(name: str, text: str, rest: str, chat: str) -> Beginning:
    shown = clean_text(name.strip(INVISIBLE))
    plain = clean_text(name.strip(INVISIBLE).lstrip("~").strip())
    whole = rest.strip(INVISIBLE)
    if not plain or len(plain) > LONGEST_NAME:
        return Beginning("", whole, whole)
    sender = plain if plain == shown else SELF_NAMED + plain
    quotes = _find_quotes(plain, text)
    return Beginning(sender, text.lstrip(INVISIBLE), whole, plain == chat, not quotes and text.startswith(LRM), quotes)


def _list_further(rest: str, chat: str) -> Iterator[Beginning]:
    """The line as it reads if a further colon, not the first, ends the sender."""
    at = rest.find(": ")
    while 0 <= (at := rest.find(": ", at + 1)) <= 2 * LONGEST_NAME and at:
        start = _build_beginning(rest[:at], rest[at + 2 :], rest, chat)
        if start.sender:
            yield start


def fold_name(text: str) -> str:
    """Form in which a name and a name of a file are compared: a file has other characters in place of a colon.

    >>> fold_name("Pier: night"), fold_name("Pier_ night (2)")
    ('pier night', 'pier night')
    """
    return SEPARATORS.sub(" ", COPY.sub("", text).casefold()).strip()


@dataclass(slots=True)
class ColonNames:
    """Decides, after a first pass over all messages, which colon ends the name of a sender.

    Groups and contacts can have a colon in their names. The name of the file says how the chat is called, and so does the line about
    encryption at its head. Where nothing says it, and the first colon would make one person of several, or a person of the words
    of a notice, the line is of no one.

    Parameters
    ----------
    chat : str
        Name of the chat, '' if the file does not tell.
    is_used : bool
        Whether the app writes lines of its own into its exports.
    """

    chat: str = ""
    is_used: bool = True
    parts: dict[str, Counter[str]] = field(default_factory=dict)
    plain: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)
    is_first: bool = True
    is_needed: bool = False

    def __post_init__(self) -> None:
        self.forms.update({_fold_title(self.chat)} - {""})

    def split(self, rest: str) -> Beginning:
        """Sender and text behind a time; by the first colon as long as nothing else was decided."""
        start = self._note_chat(split_sender(rest, self.chat))
        if not self.is_needed or not start.sender:
            return start
        for further in _list_further(rest, self.chat):
            if _fold_title(further.sender) in self.forms:
                is_open = not further.is_marked and self.counts[start.sender] > 0
                return start._replace(quotes=OPEN, is_marked=False) if is_open else further._replace(is_chat=True)
            if self._is_inner_mark(start, further):
                return start._replace(quotes=OPEN)
        is_open = not start.quotes and not start.is_marked and start.sender in self.joined | self.notices
        return start._replace(quotes=OPEN) if is_open else start

    def _note_chat(self, start: Beginning) -> Beginning:
        """The beginning with whether its sender is called as the chat: by the name of the file, or by the line about encryption."""
        is_chat = bool(start.sender) and (start.is_chat or _fold_title(start.sender) in self.forms)
        return start._replace(is_chat=True) if is_chat and self.is_used else start

    def _is_inner_mark(self, start: Beginning, further: Beginning) -> bool:
        return self.is_used and further.is_marked and not start.is_marked and not start.quotes

    def add(self, rest: str) -> Beginning:
        """Take a message of the first pass, from behind its time; as `split` reads it so far."""
        start = split_sender(rest, self.chat)
        is_first, self.is_first = self.is_first, False
        if is_first and self.is_used and start.is_marked and _is_secret(start.text):
            self.forms.add(_fold_title(start.sender))
        start = self._note_chat(start)
        if not start.sender:
            return start
        for further in _list_further(rest, self.chat):
            if is_first and self._is_inner_mark(start, further) and _is_secret(further.text):
                self.forms.add(_fold_title(further.sender))
            self.is_needed |= _fold_title(further.sender) in self.forms or self._is_inner_mark(start, further)
        part = None if start.is_marked or start.quotes else PART.match(start.text)
        if part:
            found = self.parts.setdefault(start.sender, Counter())
            found[part[1] if part[1] in found or len(found) < PARTS else ""] += 1
            return start
        self.counts[start.sender] += 1
        if len(known := self.plain.setdefault(start.sender, [])) < PLAIN_LINES:
            known.append(start.text[:LONGEST_NAME])
        return start

    def decide(self) -> bool:
        """After the first pass: whether a message has to be read otherwise than in it."""
        self.joined = {
            sender for sender, parts in self.parts.items() if len(parts) > 1 and self._is_never_plain(sender)
        }
        self.notices = {sender for sender in (*self.parts, *self.plain) if self.is_used and self._is_notice(sender)}
        self.is_needed |= bool(self.joined or self.notices)
        return self.is_needed

    def _is_never_plain(self, sender: str) -> bool:
        """Whether a sender's lines all have a further colon; a notice begins with the same words and goes on without it."""
        lines, parts = self.plain.get(sender, []), self.parts[sender]
        return self.counts[sender] == len(lines) and all(
            any(line.startswith(f"{part} ") for part in parts if part) for line in lines
        )

    def _is_notice(self, sender: str) -> bool:
        """Whether what stands before the colon of a single line is the beginning of a notice about somebody whose name holds it."""
        if self.counts[sender] + self.parts.get(sender, Counter()).total() > 1:
            return False
        if NOTICE.search(sender):
            return True
        lines = [*self.plain.get(sender, []), *self.parts.get(sender, ())]
        words = sender.split(" ")
        named = (" ".join(words[at:]) for at in range(1, len(words)))
        return any(
            part and line.startswith(part) for one in named for part in self.parts.get(one, ()) for line in lines
        )


def _fold_title(name: str) -> str:
    """Form in which the name of a chat is compared; one of signs alone is compared as it is."""
    plain = name.removeprefix(SELF_NAMED)
    return fold_name(plain) or plain


def _is_secret(text: str) -> bool:
    return any(phrase in text.casefold() for phrase in SECRET)


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
    unsent, shown, open : list of int
        Lines that are not certain: read as words of the program, as those of the sender that is shown, or as those of no one.
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
    open: list[int] = field(default_factory=list)

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
        self.names[start.sender] += kind != OPEN
        self.senders.setdefault((start.sender, kind))

    def list_senders(self) -> Iterator[str]:
        """Who wrote messages, in the order of the file."""
        yield from dict.fromkeys(sender for sender, kind in self.senders if not self._is_unsent(kind, sender))

    def has_open_lines(self) -> bool:
        """Whether lines of the first pass are of no one."""
        return any(kind == OPEN for _, kind in self.senders)

    def is_unsent(self, number: int, start: Beginning) -> bool:
        """Whether a message is words of the program, or of no one; what is not certain is noted."""
        if not start.sender:
            return True
        kind = self._find_kind(number, start)
        unsent = self._is_unsent(kind, start.sender)
        if kind == OPEN:
            self.open.append(number)
        elif unsent and (
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
        if not self.is_used and start.quotes != OPEN:
            return ""
        if not start.is_marked:
            return start.quotes
        if _is_secret(start.text):
            return HEAD if number == self.first or start.text == self.head else SECOND
        if not start.is_chat:
            return ""
        medium = list_attachments(start.text) or is_gone(start.text) or OMITTED.fullmatch(start.text.strip())
        return MEDIUM if medium else MARKED

    def _is_unsent(self, kind: str, sender: str) -> bool:
        """Whether lines of a kind are words of the program. A name before several lines is a name."""
        if kind == MARKED:
            return not self.has_writer or len(self.others) > 1
        return kind in (HEAD, SECOND, QUOTED, OPEN) or (kind == UNCLEAR and self.names[sender] < 2)

    def _is_group(self) -> bool:
        """Whether the chat is certainly one of several: its name has never written, and at least two others have."""
        return not self.has_writer and len(self.others) > 1

    def list_issues(self) -> Iterator[Issue]:
        """Lines that are not certain, once for the file, after all messages."""
        for key, lines in (
            ("row.chat.unsent", self.unsent), ("row.chat.shown", self.shown), ("row.chat.colon", self.open),
        ):  # fmt: skip
            if lines:
                told = Sentence(key, count=len(lines), listed=format_numbers(lines))
                yield build_issue("sender-unknown", told, fix=Sentence("fix.compare.phone"), place=f"line {lines[0]}")
