r"""Reader `rtf`: documents in the Rich Text Format. Objects within are handed on, never opened.

striprtf is not used: it leaves out headers, notes, comments and text boxes, and one of its patterns goes back over the text
again and again: a file of 66 kB made for it took 99 seconds, and twice the length takes eight times as long.

References
----------
Rich Text Format (RTF) Specification 1.9.1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from workbench.errors import SourceError
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.archives.unclaimed_bytes import BLANK, tell_unclaimed
from workbench.ingest.office import ole_file
from workbench.ingest.office.office_text import Cell, OfficeContent, Properties, Story, list_rows
from workbench.ingest.office.rtf_words import (  # fmt: skip
    ASIDES,
    BINARIES,
    CHARACTERS,
    CHARSETS,
    COPIES,
    INFO,
    KEYS,
    MACHINES,
    MADE_NAME,
    PASSED,
    SHAPES,
    SILENT,
    STYLES,
    SYMBOLS,
    TIME,
)
from workbench.ingest.office.unread_text import FIELD, STOCK, WORD, normalise_text, split_words
from workbench.ingest.reading import html_text
from workbench.ingest.reading.charsets import get_page_codec, report_charset
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.special_labels import CELL, Place
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Issue, Row

VERSION = "10"
METHOD = "rtf"
MARK = b"{\\rtf"
LONGEST = 128 * 1024**2
DEPTH = 10_000
TOKENS = 3_000_000
FONTS = 10_000
COPY = "Further text in the file, not on its pages"
LETTERS = 2
"""Letters of a destination that is not known from which on it is told."""
KEPT = 2_000
"""Characters of a property."""
WORDS = re.compile(r"(?<!\S)[^\W\d_]{2,}(?!\S)")
HEXADECIMAL = re.compile(r"[0-9a-fA-F\s;{}-]*")
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)


@dataclass(slots=True)
class Group:
    """State of a group. `into`: 'text', 'none' or a name of INFO; `begins`: the destination that this group opened.

    `silent`: the destination without text in which the group lies; `drawn`: whether it shows what lies in the file itself.
    """

    into: str = "text"
    charset: str = "cp1252"
    hidden: bool = False
    deleted: bool = False
    skip: int = 1
    begins: str = ""
    silent: str = ""
    drawn: bool = False


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the mark of RTF at its start."""
    del source
    return Sentence("detected.rtf") if head.lstrip(b"\xef\xbb\xbf \r\n").startswith(MARK) else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document: text and rows of tables, then headers, notes, comments, and the files within.

    Raises
    ------
    SourceError
        If the file is larger or nested deeper than any document.
    """
    del options
    with source.open() as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise SourceError(Sentence("refused.file.rich_large", name=source.name, most=f"{LONGEST:,}"))
    text = Text(source.name)
    text.parse_rtf(data)
    tally = ArchiveBudget()
    told = OfficeContent(
        text.story, text.build_properties(), text.list_issues(), _read_objects(text.objects, tally), tally
    )
    yield from list_rows(source, told, Evidence(METHOD, VERSION))


def extract_text(data: bytes) -> str:
    """Text of RTF, for the body of a letter."""
    text = Text("")
    text.parse_rtf(data)
    return "\n".join(line for part in text.story.list_parts() for line in part.lines).strip()


class Text:
    """Tells a story from the tokens of RTF."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.story = Story()
        self.info: dict[str, str] = {}
        self.objects: list[str] = []
        self.pictures = 0
        self.is_cut = False
        self.left: Counter[str] = Counter()
        self.behind = (0, 0)
        self._shape = ""
        self._group = Group()
        self._groups: list[Group] = []
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._charset, self.odd_page = "cp1252", 0
        self._bytes = bytearray()
        self._paragraph: list[str] = []
        self._cells: list[str] = []
        self._edges: list[int] = []
        self._places: list[tuple[int, Place]] = []
        self._within: list[Place] = []
        self._aside: list[tuple[list[str], list[str], bool, list[tuple[int, Place]]]] = []
        self._held: list[str] = []
        self._outer: list[list[str]] = []
        self._copies: list[tuple[str, str, Place]] = []
        self._page: list[str] = []
        self._deleted: list[tuple[str, Place]] = []
        self._times: dict[str, int] = {}
        self._owed = self._high = 0
        self._star = self._in_table = self._after_row = False
        self._words = self._build_word_handlers()

    def parse_rtf(self, data: bytes) -> None:
        """Take all of a file.

        Raises
        ------
        SourceError
            If it holds more tokens, or is nested deeper, than any document.
        """
        at = tokens = 0
        while at < len(data) and (match := TOKEN.match(data, at)):
            at, tokens = match.end() + self._handle_token(match), tokens + 1
            if match[5] and not self._groups:
                self.behind = (at, len(data[at:].strip(BLANK)))
                break
            if tokens > TOKENS or len(self._groups) > DEPTH:
                raise SourceError(
                    Sentence(
                        "{name} was not read: it has more than {words} control words, or its groups are more than "
                        "{depth} levels deep. Open the file in its own program, export its text and add the export.",
                        name=repr(self.name),
                        words=f"{TOKENS:,}",
                        depth=f"{DEPTH:,}",
                    )
                )
        self.is_cut = bool(self._groups) or (at < len(data) and not self.behind[0])
        self._flush()
        while self._groups:
            self._read_brace(b"}")
        self._end_paragraph()
        self.story.mark_tables()
        for _, held in groupby(self._deleted, lambda one: self.story.get_props(one[1])):
            pieces = list(held)
            self._add_side_text("Deleted text", "".join(text for text, _ in pieces), pieces[0][1])
        self._tell_rest()

    def build_properties(self) -> Properties:
        """What the document says of itself."""
        info = self.info
        return Properties(
            title=info.get("title", ""),
            author=info.get("author", ""),
            saved_by=info.get("operator", ""),
            company=info.get("company", ""),
            keywords=info.get("keywords", ""),
            summary=info.get("doccomm", "") or info.get("subject", ""),
            program=info.get("generator", "").rstrip(";"),
            created=info.get("creatim", ""),
            modified=info.get("revtim", ""),
        )

    def list_issues(self) -> list[Issue]:
        """What is wrong or was left out."""
        found = []
        if self.is_cut:
            found.append(build_issue("truncated", Sentence("row.cut.group")))
        if self.odd_page:
            found.append(report_charset(f"cp{self.odd_page}", self._charset))
        if self.pictures:
            found.append(build_issue("left-out", Sentence("row.office.pictures", count=self.pictures, name=repr(self.name)),
                               fix=Sentence("fix.look.document")))  # fmt: skip
        if told := html_text.tell_left(Counter(self.left.keys())):
            found.append(build_issue("left-out", Sentence("row.office.unread", listed=told, name=repr(self.name)),
                               fix=Sentence("fix.look.page")))  # fmt: skip
        if self.behind[1]:
            found.append(tell_unclaimed(self.name, self.behind[1], self.behind[0]))
        template = self.info.get("template", "")
        if "://" in template or template.startswith("\\\\"):
            found.append(build_issue("outside", Sentence("row.office.template", listed=clean_name(template)),
                               fix=Sentence("fix.careful.network")))  # fmt: skip
        return found

    # Tokens

    def _handle_token(self, match: re.Match[bytes]) -> int:
        """Take a token; how many bytes behind it are binary."""
        word, number, code, symbol, brace, run = match.groups()
        if word == b"bin":
            return max(0, int(number or 0))
        if word:
            self._read_word(word.decode(), int(number) if number else None)
        elif code or run:
            self._add_bytes(bytes([int(code, 16)]) if code else run)
        elif symbol:
            self._read_symbol(symbol)
        elif brace:
            self._read_brace(brace)
        return 0

    def _add_bytes(self, data: bytes) -> None:
        passed = min(self._owed, len(data))
        self._owed -= passed
        if self._group.into != "none":
            self._bytes += data[passed:]
        else:
            self._hold_silent(data[passed:].decode(self._group.charset, "replace"))

    def _read_brace(self, brace: bytes) -> None:
        self._flush()
        self._owed, self._star = 0, False
        if brace == b"{":
            self._groups.append(self._group)
            self._group = replace(self._group, begins="")
        elif self._groups:
            ended, self._group = self._group, self._groups.pop()
            if ended.begins:
                self._end_group(ended.begins)

    def _read_symbol(self, symbol: bytes) -> None:
        self._flush()
        if symbol == b"*":
            self._star = True
        elif self._owed:
            self._owed -= 1
        elif symbol in b"\r\n":
            self._end_paragraph()
        else:
            self._add_text(CHARACTERS.get(symbol, ""))

    def _read_word(self, word: str, number: int | None) -> None:
        self._flush()
        star, self._star = self._star, False
        if self._owed:
            self._owed -= 1
        elif word in ASIDES or word in INFO or word in SILENT or self._is_style(word):
            self._start_destination(word)
        elif handler := self._words.get(word):
            handler(number)
        elif word in SYMBOLS:
            self._add_text(SYMBOLS[word])
        elif word in TIME:
            self._times[word] = number or 0
        elif star and word not in PASSED:
            self._start_destination(word)

    def _build_word_handlers(self) -> dict[str, Callable[[int | None], object]]:
        return {
            "u": self._add_unicode, "par": self._break_paragraph, "sect": self._break_paragraph,
            "page": self._break_paragraph, "cell": self._end_cell,
            "nestcell": self._end_cell, "row": self._end_row, "nestrow": self._end_row, "intbl": lambda _: self._set_in_table(is_in=True),
            "trowd": self._start_row, "cellx": lambda at: self._edges.append(at or 0), "pard": lambda _: self._set_in_table(is_in=False),
            "ansicpg": self._set_code_page, "f": self._set_font, "fcharset": self._set_font_charset, "uc": self._set_skip,
            "v": self._hide, "deleted": self._delete, "plain": self._reset, "ftnalt": self._set_endnote,
            "result": self._draw,
        }  # fmt: skip

    # Text

    def _flush(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._group.charset, "replace")
            self._bytes.clear()
            self._add_text(text)

    def _add_text(self, text: str) -> None:
        group = self._group
        if group.into == "text":
            self.story.hidden += len(text) if group.hidden or group.deleted else 0
            if group.deleted:
                self._deleted.append((text, self._mark()))
            else:
                self._paragraph.append(text)
        elif group.into != "none":
            self._held.append(text)
        else:
            self._hold_silent(text)

    def _hold_silent(self, text: str) -> None:
        """Keep what stands in a destination without text, unless it is what programs write there."""
        silent = self._group.silent
        if silent in MACHINES or (silent in BINARIES and HEXADECIMAL.fullmatch(text)):
            return
        self._held.append(text)

    def _add_unicode(self, number: int | None) -> None:
        self._owed = self._group.skip
        code = (number or 0) & 0xFFFF
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00 if self._high else 0xFFFD
        self._high = 0
        self._add_text(chr(code))

    def _break_paragraph(self, number: int | None) -> None:
        del number
        if self._in_table:
            self._add_text(" ")
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        if self._cells:
            self._end_row(None)
        text = "".join(self._paragraph)
        self._paragraph.clear()
        self._places = []
        if self._after_row and text.strip():
            self.story.end_table()
            self._after_row = False
        self.story.add_line(text)

    def _start_row(self, number: int | None) -> None:
        del number
        self._edges = []
        self._set_in_table(is_in=True)

    def _end_cell(self, number: int | None) -> None:
        del number
        self._cells.append(" ".join("".join(self._paragraph).split()))
        self._paragraph.clear()

    def _end_row(self, number: int | None) -> None:
        del number
        self.story.add_line(CELL.join(self._cells) if any(self._cells) else "", close=False)
        edges = self._edges if len(self._edges) == len(self._cells) else [0] * len(self._cells)
        self.story.add_row([Cell(text, edge=edge) for text, edge in zip(self._cells, edges, strict=True)], self._places)
        self._cells.clear()
        self._places = []
        self._after_row = True

    def _mark(self) -> Place:
        """Where what follows stands: in this cell, if a row ends behind it and no paragraph before that."""
        place = self._within[-1] if self._within else Place()
        self._places.append((len(self._cells), place))
        return place

    def _set_in_table(self, *, is_in: bool) -> None:
        self._in_table = is_in

    # Properties of characters

    def _set_code_page(self, number: int | None) -> None:
        self._charset = self._group.charset = get_page_codec(number or 0) or self._charset
        if number and not get_page_codec(number):
            self.odd_page = number

    def _set_font(self, number: int | None) -> None:
        self._font = number or 0
        self._group.charset = self._fonts.get(self._font, self._charset)

    def _set_font_charset(self, number: int | None) -> None:
        if len(self._fonts) < FONTS:
            self._fonts[self._font] = CHARSETS.get(number or 0, self._charset)

    def _set_skip(self, number: int | None) -> None:
        self._group.skip = max(0, min(number or 0, 16))

    def _hide(self, number: int | None) -> None:
        self._group.hidden = number != 0

    def _delete(self, number: int | None) -> None:
        self._group.deleted = number != 0

    def _reset(self, number: int | None) -> None:
        del number
        self._group.hidden = self._group.deleted = False

    # Groups

    def _start_destination(self, word: str) -> None:
        """The group goes to a destination; another one that it went to before ends."""
        if self._group.begins:
            self._end_group(self._group.begins)
        self._group.begins = word
        self.pictures += word == "pict" and self._group.into not in ("none", "sv") and not self._group.drawn
        self._outer.append(self._held)
        self._held = []
        if word in ASIDES:
            self._group.into = "text"
            place = self._mark()
            self._aside.append((self._paragraph, self._cells, self._after_row, self._places))
            self._paragraph, self._cells, self._after_row, self._places = [], [], False, []
            self._within.append(place)
            self.story.open_side_text(place=place)
        else:
            self._group.into = word if word in INFO else "none"
            self._group.silent = self._group.silent if self._is_style(word) else word
            self._times = {}

    def _is_style(self, word: str) -> bool:
        """Whether a word begins a style of the sheet of styles."""
        return word in STYLES and self._group.silent == "stylesheet"

    def _draw(self, number: int | None) -> None:
        """What follows shows an object that lies in the file: its picture counts as that."""
        del number
        self._group.drawn = True

    def _set_endnote(self, number: int | None) -> None:
        del number
        if self._group.begins == "footnote":
            self._group.begins = "endnote"

    def _end_group(self, word: str) -> None:
        held, self._held = "".join(self._held).strip(), self._outer.pop()
        if word in ASIDES:
            self._end_paragraph()
            self._paragraph, self._cells, self._after_row, self._places = self._aside.pop()
            self._within.pop()
            who = self.info.pop("atnauthor", "") if word == "annotation" else ""
            self.story.close_side_text(f"{ASIDES[word]} by {who}" if who else ASIDES[word])
        elif word == "sn":
            self._shape = held
        elif word == "sv":
            self._tell_shape(held)
        elif word == "objdata":
            self.objects.append(held)
        elif word in ("htmltag", "mhtmltag"):
            self._page.append(held)
        elif word in ("creatim", "revtim"):
            self.info[word] = self._format_time()
            self._judge(word, held)
        elif word in COPIES:
            self._end_copy(word, held)
        elif word in INFO:
            self._set_info(word, held)
        else:
            self._judge(word, held)

    def _end_copy(self, word: str, held: str) -> None:
        """Keep what should stand in the text once more; the address of a link counts as one."""
        kind, _, rest = held.partition(" ")
        if word == "fldinst" and kind.upper() == "HYPERLINK":
            self.story.link(rest.strip().strip('"').split('"')[0], self._mark())
        self._copies.append((word, held, self._mark()))

    def _set_info(self, word: str, held: str) -> None:
        """Keep a property; what it said before, and what is too long for one, stands beside the text."""
        before = self.info.get(word, "")
        if before and before != held:
            self._add_side_text(word.capitalize(), before)
        if len(held) > KEPT:
            self._add_side_text(word.capitalize(), held)
        self.info[word] = held[:KEPT]

    def _judge(self, word: str, held: str) -> None:
        """Tell of a destination that is silent, or not known, if it holds words."""
        letters = sum(map(str.isalpha, held))
        is_key = word in KEYS and (len(held.split()) < LETTERS or MADE_NAME.fullmatch(held))
        if word == "revtbl":
            self._add_side_text(
                "Authors of changes", "; ".join(who for who in held.split(";") if who and who != "Unknown")
            )
        elif letters >= LETTERS and not is_key:
            self.left[word] += 1

    def _add_side_text(self, label: str, text: str, place: Place | None = None) -> None:
        """Put a text beside that of the document; `place`: in its tables."""
        if text:
            self.story.open_side_text(place=place)
            self.story.add_line(text)
            self.story.close_side_text(label)

    def _tell_rest(self) -> None:
        """Tell what was held back until all text is known: tags of HTML, second copies, fields without a result, remarks of nobody."""
        if self.info.get("doccomm"):
            self._add_side_text("Subject", self.info.get("subject", ""))
        self._add_side_text("Author of a comment", self.info.get("atnauthor", ""))
        labels: dict[str, None] = {}
        left: Counter[str] = Counter()
        tags = html_text.extract_text("".join(self._page), left=left, labels=labels)
        self.left += left
        known = split_words(self._list_texts())
        anywhere = Place(dict.fromkeys(self.story.list_special()))
        pages = (("HTML", tags, anywhere), ("Labels", "\n".join(labels), anywhere))
        for label, text, place in (*pages, *((*_name_copy((word, held)), place) for word, held, place in self._copies)):
            new = set(WORD.findall(normalise_text(text))) - known
            if new and " ".join(text.casefold().split()) not in STOCK:
                known |= new
                self._add_side_text(label, text, place)

    def _list_texts(self) -> Iterator[str]:
        """All that was read: text, links, properties."""
        yield from (text for part in self.story.list_parts() for text in (part.label, *part.lines))
        yield from self.story.links
        yield from self.info.values()

    def _tell_shape(self, value: str) -> None:
        """Words of a shape stand beside the text; its measures do not."""
        name, self._shape = self._shape, ""
        if name in SHAPES:
            self._add_side_text(SHAPES[name], "" if MADE_NAME.fullmatch(value) else value, self._mark())
        elif not name.endswith("Font") and len(WORDS.findall(value)) > 1:
            self._add_side_text("Shape", value, self._mark())

    def _format_time(self) -> str:
        """Time of a group of numbers, '' if it is none."""
        year, month, day, hour, minute = (self._times.get(word, 0) for word in TIME)
        try:
            return datetime(year, month, day, hour, minute).isoformat() if year > 1900 else ""
        except (ValueError, OverflowError):
            return ""


def _name_copy(copy: tuple[str, str]) -> tuple[str, str]:
    """What a second copy is called, and its words: of the instruction of a field those that are no part of its language."""
    word, text = copy
    return ("Field", " ".join(FIELD.sub(" ", text).split())) if word == "fldinst" else (COPY, text)


def _read_objects(found: list[str], tally: ArchiveBudget) -> Iterator[tuple[str, bytes]]:
    """Files within the document: what was put into OLE objects."""
    for number, text in enumerate(found, 1):
        name = f"object {number}"
        try:
            inside = ole_file.unwrap_first_version(name, bytes.fromhex(text))
        except (ValueError, SourceError):
            tally.leave("bad-row", name)
            continue
        for inner, content in inside:
            if content and tally.add_member(inner, len(content)):
                yield clean_name(inner), content
