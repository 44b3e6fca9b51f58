"""The lines of contact cards (vCard 2.1, 3.0 and 4.0) as properties with their parameters.

Own reading: vobject 0.9 keeps one nickname of several, loses the types of numbers in cards of version 2.1 (TEL;CELL:…) and
gives up the rest of a file at a card that does not end.

References
----------
vCard 2.1 (Versit 1996), RFC 2426, RFC 6350.
"""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.ingest.reading.charsets import find_fitting_codec
from workbench.ingest.reading.json_objects import replace_surrogates
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines

ESCAPED = re.compile(r"\\.|[;,]", re.DOTALL)
IN_QUOTES = re.compile('[";,]')
ESCAPE = re.compile(r"\\([\\;,:nN])")
BEGIN, END = "BEGIN:VCARD", "END:VCARD"
LONGEST = 20_000_000
"""Characters of a property, at most; a photograph of 15 MB."""

PARAMETERS = 100
PROPERTIES = 2_000
"""Properties of a card, at most."""
DEEPEST = 5
CARDS = 1_000_000
MEDIA = ("PHOTO", "LOGO", "SOUND", "KEY")
BINARY = ("B", "BASE64")
QUOTED = "QUOTED-PRINTABLE"
KINDS = frozenset({"HOME", "WORK", "PREF", "VOICE", "FAX", "MSG", "CELL", "PAGER", "BBS", "MODEM", "CAR", "ISDN", "VIDEO"}) | {
    "INTERNET", "AOL", "APPLELINK", "ATTMAIL", "CIS", "EWORLD", "IBMMAIL", "MCIMAIL", "POWERSHARE", "PRODIGY", "TLX", "X400",
    "DOM", "INTL", "POSTAL", "PARCEL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a card.

    Attributes
    ----------
    name : str
        In upper case, without its group: 'TEL'.
    value : str
        As it stands, its encoding undone; escapes are still in it (`texts`, `parts`).
    params : mapping of str to list of str
        By name in upper case; the types of version 2.1, which have no name, are under 'TYPE'.
    data : bytes
        Of a picture or sound.
    """

    name: str
    value: str
    group: str = ""
    params: dict[str, list[str]] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)

    @property
    def types(self) -> list[str]:
        """Types in lower case, without 'pref' and what says nothing (voice, internet): home, cell."""
        said = [word.strip().lower() for value in self.params.get("TYPE", []) for word in value.split(",")]
        return [word for word in dict.fromkeys(said) if word and word not in ("pref", "internet", "voice", "x400")]

    @property
    def text(self) -> str:
        """Value as one text."""
        return unescape_text(self.value)

    @property
    def texts(self) -> list[str]:
        """Values of a list parted by commas."""
        return [text for part in split_value(self.value, ",") if (text := unescape_text(part))]

    @property
    def parts(self) -> list[str]:
        """Components parted by semicolons, empty ones included."""
        return [unescape_text(part) for part in split_value(self.value, ";")]


@dataclass(slots=True)
class ContactCard:
    """A contact card. `line`: where it begins; `ended`: whether its end was found; `left`: properties that are too many."""

    line: int
    properties: list[Property] = field(default_factory=list)
    ended: bool = False
    left: int = 0

    def add(self, found: Property) -> None:
        """Take a property, if it is not one too many."""
        if len(self.properties) < PROPERTIES:
            self.properties.append(found)
        else:
            self.left += 1

    def list_properties(self, *names: str) -> list[Property]:
        """Properties of these names that say something."""
        return [one for one in self.properties if one.name in names and (one.value.strip(" ;,") or one.data)]

    def find_property(self, *names: str) -> Property | None:
        """First property of these names."""
        return next(iter(self.list_properties(*names)), None)


class Cards:
    """Cards of a file.

    Attributes
    ----------
    stray, folded : list of int
        After the last pass: numbers of lines that are no property, or too long; of lines that begin or end a card, but for the blank
        in front that makes them part of the property above.
    """

    def __init__(self, source: SourceFile) -> None:
        self.lines = TextLines(source)
        self.stray: list[int] = []
        self.folded: list[int] = []

    def __iter__(self) -> Iterator[ContactCard]:
        """Cards in the order in which they end; one within another (AGENT) before the outer."""
        self.stray, self.folded = [], []
        open_cards: list[ContactCard] = []
        for number, line in unfold_lines(self._note_folded(), self.stray):
            word = line.strip().upper()
            if word == BEGIN or (word.endswith(BEGIN) and word.startswith("AGENT")):
                if len(open_cards) < DEEPEST:
                    open_cards.append(ContactCard(number))
                else:
                    self.stray.append(number)
            elif word == END and open_cards:
                open_cards[-1].ended = True
                yield open_cards.pop()
            elif found := parse_line(line) if open_cards else None:
                open_cards[-1].add(found)
            elif word:
                self.stray.append(number)
        yield from reversed(open_cards)

    def _note_folded(self) -> Iterator[tuple[int, str]]:
        """The lines of the file; those that other programs may take for the begin or the end of a card are noted."""
        for number, line in self.lines:
            if line[:1] in (" ", "\t") and line.strip().upper() in (BEGIN, END):
                self.folded.append(number)
            yield number, line


def unfold_lines(lines: Iterable[tuple[int, str]], stray: list[int]) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first: what was folded, or broken by '=' in quoted-printable, is joined."""
    held: list[str] = []
    start = length = 0
    soft = False
    for number, line in lines:
        if held and (soft or line[:1] in (" ", "\t")) and not (soft and line.strip().upper() in (BEGIN, END)):
            piece = line if soft else line[1:]
            length += len(piece)
            if length <= LONGEST:
                held.append(piece)
        else:
            if held:
                yield from _join_line(start, held, length, stray)
            held, start, length = [line], number, len(line)
        soft = held[-1].endswith("=") and QUOTED in held[0][:200].upper()
        if soft:
            held[-1] = held[-1][:-1]
    if held:
        yield from _join_line(start, held, length, stray)


def _join_line(number: int, held: list[str], length: int, stray: list[int]) -> Iterator[tuple[int, str]]:
    if length > LONGEST:
        stray.append(number)
    else:
        yield number, "".join(held)


def parse_line(line: str) -> Property | None:
    """Property of a logical line; None if it is none."""
    head, colon, value = _split_line(line)
    if not colon:
        return None
    words = split_value(head, ";", quotes=True)[:PARAMETERS]
    group, _, name = words[0].strip().rpartition(".")
    if not name or not name.replace("-", "").replace("_", "").isalnum():
        return None
    params: dict[str, list[str]] = {}
    for word in words[1:]:
        key, equals, said = word.partition("=")
        if not equals:
            key, said = ("ENCODING" if key.strip().upper() in (*BINARY, QUOTED) else "TYPE"), key
        params.setdefault(key.strip().upper(), []).append(said.strip().replace('"', ""))
    return _decode_property(name.upper(), value, group, params)


def _split_line(line: str) -> tuple[str, str, str]:
    """What stands before and after the first colon outside quotes."""
    at = line.find(":")
    while at >= 0 and line.count('"', 0, at) % 2 and at < 10_000:
        at = line.find(":", at + 1)
    return (line[:at], ":", line[at + 1 :]) if at >= 0 else (line, "", "")


def _decode_property(name: str, value: str, group: str, params: dict[str, list[str]]) -> Property:
    coding = next(iter(params.get("ENCODING", [])), "").upper()
    if coding == QUOTED:
        return Property(
            name, replace_surrogates(_decode_quoted(value, next(iter(params.get("CHARSET", [])), ""))), group, params
        )
    inline = value[:100].partition(";base64,")
    packed = (
        value if coding in BINARY else value[len(inline[0]) + 8 :] if value.startswith("data:") and inline[1] else ""
    )
    if packed and name not in MEDIA and (words := _decode_words(packed)):
        return Property(name, replace_surrogates(words), group, params)
    if packed:
        return Property(name, "", group, params, _decode_bytes(packed))
    return Property(name, replace_surrogates(value), group, params)


def _decode_quoted(value: str, charset: str) -> str:
    data = quopri.decodestring(value.encode("utf-8"))
    for code in filter(None, (find_fitting_codec(data, charset), "utf-8", "cp1252")):
        try:
            return data.decode(code)
        except (UnicodeDecodeError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _decode_bytes(packed: str) -> bytes:
    try:
        return b64decode(packed.encode("ascii", "ignore"))
    except (binascii.Error, ValueError):
        return b""


def _decode_words(packed: str) -> str:
    """Text in base64, as it stands where it is none; '' of bytes that are no text."""
    try:
        text = b64decode(packed.strip().encode(), validate=True).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    except ValueError:
        return packed
    return text if text.replace("\n", "").replace("\r", "").isprintable() else ""


def split_value(value: str, mark: str, *, quotes: bool = False) -> list[str]:
    """Parts between marks that are not escaped; with `quotes`, nor within quotes (where a backslash is one)."""
    parts: list[str] = []
    start, inside = 0, False
    for found in (IN_QUOTES if quotes else ESCAPED).finditer(value):
        if found[0] == '"':
            inside = not inside
        elif found[0] == mark and not inside:
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def unescape_text(text: str) -> str:
    """Text with its escapes undone."""
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text.replace("\r\n", "\n")).strip()
