"""Further text of an office file: words in any of its parts that stand in nothing which its reader gave.

Looked through are the texts of all XML parts and the attributes that hold what people write (descriptions, prompts, choices,
values of forms, addresses of links). Names of styles, fonts, shapes and parts are not: programs make them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from workbench.ingest.archives import zip_members
from workbench.ingest.attached_files import DOCUMENTS, is_document
from workbench.ingest.office.office_package import Package, get_attribute, get_local_name
from workbench.ingest.office.rtf_words import HUMAN, HUMAN_OF, MARGINS, MEASURES, PROMPTS, QUOTING, UNSEEN, WRITERS
from workbench.ingest.reading.source import describe_damage
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Issue

MOST = 1_000_000
"""Characters of further text of a file that are kept."""
ELEMENTS = 5_000_000
"""Elements of all parts together that are looked through."""
PIECE = 1 << 20
KEPT = 256
"""Bytes that are looked at again with the next piece, since a tag may be cut."""
SHOWN = 5
NAME, AMOUNT, FIGURES = 60, 4, 6
TYPES = "[content_types].xml"
RUN = re.compile(rb"[A-Za-z]{5,}|(?:[A-Za-z]\x00){5,}")
"""Letters in bytes that may be words."""
LETTERS = re.compile(r"[^\W\d_]{5,}")
WORD = re.compile(r"[^\W_]{2,}")
QUOTED = re.compile(r'"((?:[^"]|"")*)"')
NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?(?:[Ee][+-]?\d{1,3})?")
MEASURE = re.compile(r"[-\d.,:;%\s]*|\S{1,40}")
SIGNS = re.compile(r"[\d%\s.,:;/()-]+")
KEY = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|\d{1,3}|[A-Za-z&])')
FIELD = re.compile(
    r'\\[*]\s*\w+|\\@\s*"[dMyhHmsAPp/:., -]*"|\\[#opn]\s*"[^"A-Za-z]*"|\\[a-z]\b|\b_[A-Z][A-Za-z]*\d+'
    r'|\b(?:SEQ|MERGEFIELD|DOCPROPERTY|REF)\s+\w{1,40}|\bSTYLEREF\s+(?:"[^"]{1,40}"|\w{1,40})'
    r"|\b(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE|TOC|HYPERLINK|PAGEREF|NOTEREF|FORMTEXT"
    r"|FORMCHECKBOX|FORMDROPDOWN|FILENAME|AUTHOR|TITLE|INDEX|XE|QUOTE|IF|MERGEFORMAT)\b"
)
"""What the instruction of a field of Word consists of beside words."""

BLOCKS = frozenset({"p", "h", "si", "is"})
"""Elements whose texts belong together, however many elements part them."""
BLANKS = frozenset({"tab", "br", "cr", "ptab", "s", "line-break"})
APART = frozenset({"creator", "date", "creator-initials", "note-citation", "title", "desc", "posOffset", "align", "pctWidth",
                   "pctHeight", "f", "v", "script"})  # fmt: skip
DELETED, INSTRUCTIONS = frozenset({"delText"}), frozenset({"instrText", "delInstrText"})
CELLS = frozenset({"table-cell", "covered-table-cell"})
DERIVED = ("slidenum", "datetime")
"""Kinds of fields of a slide that a program fills."""
NOT_XML = (".svg", ".htm", ".html", ".xhtml")
ROWS_BEGIN = re.compile(rb"<(?:\w+:)?sheetData(?:\s[^<>]*)?(?<!/)>")
ROWS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
SYMBOLS = ("symbol", "wingdings", "webdings", "marlett", "mt extra", "zapfdingbats")


def decode_symbol(attributes: dict[str, str]) -> str:
    """The letter of a symbol of Word; '' where its font has pictures for letters."""
    code = get_attribute(attributes, "char")
    if get_attribute(attributes, "font").lower().startswith(SYMBOLS) or not re.fullmatch("[0-9A-Fa-f]{1,6}", code):
        return ""
    number = int(code, 16)
    number -= 0xF000 if 0xF000 <= number <= 0xF0FF else 0
    return chr(number) if 0x20 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""


def list_within(package: Package) -> list[str]:
    """Members that are files of their own: laid into the document, earlier versions of it, documents beside its parts."""
    names = [*package.list_folder("embeddings"), *package.list_folder("Versions")]
    beside = (name for name in package.names.values() if is_document(name, DOCUMENTS - {".xml", ".json"}))
    return list(dict.fromkeys([*names, *beside]))


@dataclass(slots=True)
class Further:
    """Texts of the parts of a package that hold words which are not known yet.

    Attributes
    ----------
    known : set of str
        Words that were read before the parts are looked through.
    found : dict
        By part: its texts, in order (values are None).
    wanted : set of str
        Words of `found` that have not been read since.
    """

    known: set[str] = field(default_factory=set)
    found: dict[str, dict[str, None]] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    size: int = 0
    elements: int = 0
    named: set[str] | None = None

    def gather(self, package: Package, passed: frozenset[str] = frozenset(), *, cells: bool = False) -> None:
        """Look through the parts of a package but those whose last name is `passed`; with `cells`, not through cells of sheets."""
        within = set(list_within(package))
        for name in package.names.values():
            last = name.lower().rpartition("/")[2]
            if last not in passed and name not in within and not name.endswith("/") and not last.endswith(NOT_XML):
                self._scan_part(package, name, cells=cells)

    def _is_named(self, package: Package, name: str) -> bool:
        """Whether something in a package of Office Open XML names a part; in other packages no part needs it."""
        if self.named is None:
            ties = package.read_all_relations() if package.has_part(TYPES) else ()
            self.named = {one.target.lower() for one in ties if not one.outside}
        return not package.has_part(TYPES) or name.lower() in self.named or name.lower().endswith((".rels", TYPES))

    def _scan_part(self, package: Package, name: str, *, cells: bool) -> None:
        is_named = self._is_named(package, name)
        try:
            if cells and "worksheets/" in name.lower() and not name.lower().endswith(".rels"):
                try:
                    self._read_part(name, _remove_rows(package, name), cells=cells, is_named=is_named)
                    return
                except _MarkedError:
                    pass
            self._read_part(name, _read_pieces(package, name), cells=cells, is_named=is_named)
        except zip_members.BROKEN as error:
            self.broken[name] = describe_damage(error)

    def _read_part(self, name: str, pieces: Iterable[bytes], *, cells: bool, is_named: bool) -> None:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, XMLParser

        parser = XMLParser(target=_Texts(self, name, cells=cells, is_named=is_named), forbid_dtd=True)
        is_begun = False
        try:
            for piece in pieces:
                if not is_begun and not _is_xml(piece):
                    if not is_named and RUN.search(piece):
                        self.broken[name] = "nothing in the file names it, and it is no XML"
                    return
                is_begun = True
                parser.feed(piece)
            if is_begun:
                parser.close()
        except (ParseError, DefusedXmlException) as error:
            raise ValueError(str(error) or "it declares entities") from error

    def add_text(self, part: str, text: str) -> None:
        """Keep a text of a part, if it has words that are not known."""
        words = set(WORD.findall(normalise_text(text))) - self.known
        line = " ".join(text.split())
        if not words or line in self.found.get(part, ()) or KEY.fullmatch(line) or _normalise_line(line) in STOCK:
            return
        if self.size + len(line) > MOST:
            self.size = MOST + 1
            return
        self.size += len(line)
        self.found.setdefault(part, {})[line] = None
        self.wanted |= words

    def strike(self, text: str) -> None:
        """Words of a text that was read are not wanted any more."""
        if self.wanted:
            self.wanted.difference_update(WORD.findall(normalise_text(text)))

    def list_texts(self) -> Iterator[tuple[str, list[str]]]:
        """A label and the texts of each part that still have a word which is wanted."""
        for part, lines in self.found.items():
            left = [line for line in lines if not self.wanted.isdisjoint(WORD.findall(normalise_text(line)))]
            if left:
                yield label_part(part), left

    def take_out(self, is_taken: Callable[[str, str], bool]) -> None:
        """Forget texts of parts: `is_taken` of a part and a text."""
        for part, lines in self.found.items():
            self.found[part] = {line: None for line in lines if not is_taken(part, line)}

    def list_issues(self, name: str) -> Iterator[Issue]:
        """Parts that could not be looked through, and text that was too much."""
        if self.broken:
            parts = [f"{clean_name(part)} ({why})" for part, why in list(self.broken.items())[:SHOWN]]
            said = Sentence("row.office.unswept", count=len(self.broken), name=repr(name),
                            listed=format_list(parts, count=len(self.broken)))  # fmt: skip
            yield build_issue("left-out", said, fix=Sentence("fix.look.document"))
        if self.size > MOST:
            yield build_issue("left-out", Sentence("row.office.further", name=repr(name), most=f"{MOST:,}"),
                        fix=Sentence("fix.look.document"))  # fmt: skip


def label_part(part: str) -> str:
    """How the texts of a part are called."""
    return f"Further text in the file, not on its pages ({clean_name(part)})"


def normalise_text(text: str) -> str:
    """A text for comparison: small letters, one form of each."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def split_words(texts: Iterable[str]) -> set[str]:
    """Words of texts, in the form in which they are compared."""
    return {word for text in texts for word in WORD.findall(normalise_text(text))}


def _normalise_line(text: str) -> str:
    """A text in small letters, without the figures of a page and the signs around them; as it is where it has more figures."""
    if sum(map(str.isdigit, text)) > FIGURES:
        return text
    return " ".join(SIGNS.sub(" ", text.casefold()).split())


STOCK = frozenset(filter(None, map(_normalise_line, PROMPTS)))


class _MarkedError(ValueError):
    """Within the rows of a sheet stands something by which their end cannot be told."""


class _Texts:
    """Hands the texts of a part on, from its events: paragraphs as one, whatever parts them, other elements one by one."""

    def __init__(self, further: Further, part: str, *, cells: bool, is_named: bool) -> None:
        self.further, self.part, self.cells, self.is_named = further, part, cells, is_named
        self._skip = self._moved = 0
        self._names: dict[str, str] = {}
        self._open: list[str] = [""]
        self._sinks: list[list[str]] = [[]]
        self._blocks: list[tuple[list[str], list[str]]] = []
        """Of each open paragraph: what is deleted in it, and the instructions of its fields."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.further.elements += 1
        if self.further.elements > ELEMENTS:
            raise ValueError(f"the file has more than {ELEMENTS:,} elements")
        name = self._name(tag)
        if self._skip or self._is_passed(name, attributes):
            self._skip += 1
            return
        self._moved += name == "moveFrom"
        sink = self._get_sink(name)
        if name in BLANKS or name == "sym":
            sink.append(" " if name in BLANKS else decode_symbol(attributes))
        self._open.append(name)
        self._sinks.append(sink)
        if attributes:
            self._add_attributes(name, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        del tag
        if self._skip:
            self._skip -= 1
            return
        name, sink = self._open.pop(), self._sinks.pop()
        self._moved -= name == "moveFrom"
        if name in BLOCKS and self._blocks:
            gone, instructions = self._blocks.pop()
            self._add_lines("".join(gone))
            self._add_lines(FIELD.sub(" ", "".join(instructions)))
            self._add_lines("".join(sink))
        elif sink is not self._sinks[-1] and not any(sink is one for pair in self._blocks[-1:] for one in pair):
            self._add_value(name, "".join(sink))

    def data(self, text: str) -> None:
        """Text stands here."""
        if not self._skip:
            self._sinks[-1].append(text)

    def comment(self, text: str) -> None:
        """A remark in the XML stands here."""
        self._add_lines(text)

    def close(self) -> None:
        """The part ends."""

    def _name(self, tag: str) -> str:
        found = self._names.get(tag)
        if found is None:
            found = self._names[tag] = (
                "number-text" if "datastyle" in tag and tag.endswith("}text") else get_local_name(tag)
            )
        return found

    def _is_passed(self, name: str, attributes: dict[str, str]) -> bool:
        """Whether an element holds nothing of people, or what the reader of cells reads."""
        if name in UNSEEN:
            return True
        if name == "fld":
            return get_attribute(attributes, "type").startswith(DERIVED)
        return self.cells and name in ("p", "annotation") and self._open[-1] in CELLS

    def _get_sink(self, name: str) -> list[str]:
        """Where the text of an element goes."""
        if name in BLOCKS:
            self._blocks.append(([], []))
            return []
        if not self._blocks or name in APART:
            return []
        if name in DELETED or (name == "t" and self._moved):
            return self._blocks[-1][0]
        return self._blocks[-1][1] if name in INSTRUCTIONS else self._sinks[-1]

    def _add_attributes(self, element: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            name = self._name(key)
            if name in HUMAN or element in HUMAN_OF.get(name, ()) or name in QUOTING:
                self._add_value(element if name in ("val", "value") else name, value)
            elif (
                (name == "Target" and attributes.get("TargetMode") == "External")
                or (name == "href" and ":" in value)
                or (not self.is_named and LETTERS.search(value))
            ):
                self._add_lines(value)

    def _add_value(self, name: str, text: str) -> None:
        """Keep the text of an element or attribute, by what it is called."""
        if name in QUOTING:
            for quoted in QUOTED.findall(text):
                if name != "formatCode" or len(quoted.strip()) > AMOUNT:
                    self._add_lines(quoted)
        elif name in MARGINS:
            self._add_lines(CODE.sub(" ", text))
        elif self._is_measure(name, text.strip()):
            return
        elif not (name in WRITERS and len(text) <= NAME):
            self._add_lines(text)

    def _is_measure(self, name: str, text: str) -> bool:
        """Whether a text is one measure or key, where its name says so; or a number that a chart plots."""
        if name == "v" and self._open[-2:-1] == ["numCache"]:
            return NUMBER.fullmatch(text) is not None
        return name in MEASURES and MEASURE.fullmatch(text) is not None

    def _add_lines(self, text: str) -> None:
        for line in text.splitlines():
            if line and not line.isspace():
                self.further.add_text(self.part, line)


def read_beside_rows(package: Package, name: str) -> Iterator[bytes]:
    """A part piece by piece, of a worksheet without its rows where their end can be told. Raises as what reads a member."""
    if "worksheets/" in name.lower():
        try:
            yield from list(_remove_rows(package, name))
            return
        except _MarkedError:
            pass
    yield from _read_pieces(package, name)


def _is_xml(piece: bytes) -> bool:
    """Whether a part begins as XML does, in whatever encoding."""
    return piece[:KEPT].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] == b"<"


def _read_pieces(package: Package, name: str) -> Iterator[bytes]:
    """A part, piece by piece."""
    with package.zipped.open(package.zipped.NameToInfo[name]) as stream:
        read: Callable[[int], bytes] = cast(BinaryIO, stream).read
        while piece := read(PIECE):
            yield piece


def _remove_rows(package: Package, name: str) -> Iterator[bytes]:
    """A worksheet without its rows, which are read as a stream elsewhere.

    Raises
    ------
    _MarkedError
        If a remark or the like stands before the end of its rows: in it the mark of an end may lie.
    """
    held, state = b"", "before"
    for piece in _read_pieces(package, name):
        held += piece
        if state != "behind" and b"<!" in held:
            raise _MarkedError
        if state == "before" and (begin := ROWS_BEGIN.search(held)):
            yield held[: begin.end()]
            held, state = held[begin.end() :], "within"
        if state == "within":
            end = ROWS_END.search(held)
            held, state = (held[end.start() :], "behind") if end else (held[-KEPT:], state)
        if state == "behind":
            yield held
            held = b""
        elif state == "before":
            yield held[:-KEPT]
            held = held[-KEPT:]
    yield held
