"""What the objects of a PDF hold beside the text of its pages: files, bookmarks, texts behind others, words on no page.

All objects of the file are looked at once, whether or not something refers to them.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from workbench.ingest.documents import pdf_bytes
from workbench.ingest.reading import html_text
from workbench.model.machine.archive_safety import clean_name
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject, PdfObject, StreamObject

BROKEN = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, NotImplementedError, OSError,
    RecursionError, struct.error, zlib.error,
)  # fmt: skip
"""What pypdf is known to raise on damaged files, beside its own errors."""
SAID = {
    "/Title": "Bookmark", "/ActualText": "Text instead", "/Alt": "Description", "/E": "Expansion", "/TU": "Field tip",
    "/Desc": "Description of a file", "/Subj": "Subject of a note", "/URI": "Link",
}  # fmt: skip
"""Texts that stand in objects -> what they are called."""
RICH = {"/RC": "Note in rich text", "/RV": "Field in rich text"}
"""Texts with markup, which mostly say what a plain text beside them says -> what they are called."""
PROGRAMS = frozenset({"/JavaScript", "/Launch", "/Rendition"})
"""Actions that run a program."""
OUTWARD = frozenset({"/SubmitForm", "/ImportData", "/GoToR", "/GoToE"})
"""Actions that open or send something."""
BESIDE = ("/ActualText", "/Alt", "/E")
"""Texts that stand for what a page shows, and mostly say the same."""
MARKED = frozenset({b"BDC", b"DP"})
SHOWS = re.compile(rb"(?:^|[\s)>\]])(?:Tj|TJ|'|\")(?=[\s/\[(<]|$)")
OPENS = re.compile(rb"(?:^|\s)BT(?=[\s/\[(<])")
DEEP = 32
NAMED = 80
SEARCHED = 500_000_000
"""Characters of pages that are looked through for texts that may stand there already; what comes later is read again."""


class Spoken(NamedTuple):
    """A text beside the pages; `page` where it belongs to one, else 0."""

    page: int
    text: str


class KnownText:
    """Text that was read already, without its spaces: what it holds needs no second reading."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = SEARCHED

    def add(self, text: str) -> None:
        """Note a text that was read."""
        self.parts.append(normalise_letters(text))

    def has_text(self, text: str) -> bool:
        """Whether the letters and digits of a text stand in what was read."""
        wanted = normalise_letters(text)
        whole = self._join_parts()
        self.left -= len(whole)
        return not wanted or (self.left > 0 and wanted in whole)

    def _join_parts(self) -> str:
        if len(self.parts) > 1:
            self.parts = ["\n".join(self.parts)]
        return self.parts[0] if self.parts else ""


def normalise_letters(text: str) -> str:
    """Letters and digits of a text, alike in case and form."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


@dataclass(slots=True)
class PdfExtras:
    """What all objects of a file hold beside its pages.

    Attributes
    ----------
    spoken : list of Spoken
        Texts, each behind what it is.
    files : dict
        Number of a content -> name of the file and the content.
    unread : int
        Contents with text that could not be read and are on no page.
    old : int
        Objects within others that were replaced later.
    programs, outward : Counter
        Actions that run a program, and that open or send something: what each is called -> how many there are.
    """

    spoken: list[Spoken] = field(default_factory=list)
    files: dict[int, tuple[str, StreamObject]] = field(default_factory=dict)
    unread: int = 0
    old: int = 0
    programs: Counter[str] = field(default_factory=Counter)
    outward: Counter[str] = field(default_factory=Counter)


class Objects:
    """The objects of a file. `texts`: what drawings say, by their number, as far as they were read."""

    def __init__(self, reader: PdfReader, data: bytes) -> None:
        self.reader, self.texts = reader, dict[int, str]()
        self.lying = list(pdf_bytes.find_objects(data, pdf_bytes.list_places(reader)))
        self.unused = pdf_bytes.find_unused(data, reader, self.lying)
        self.there = {one.number for one in self.lying} | reader.xref_objStm.keys()

    def find_off_page_texts(self, count: int, seen: KnownText) -> PdfExtras:
        """What stands beside the `count` pages; what was `seen` there is not told again."""
        from pypdf.errors import PyPdfError

        found, pages = PdfExtras(), self._list_contents(count)
        about = getattr(self.reader.trailer.get("/Info"), "indirect_reference", None)
        for number, held in self._list_objects():
            with suppress(PyPdfError, *BROKEN):
                if about is None or number != about.idnum:
                    self._add_dictionaries(number, held, seen, found)
            with suppress(PyPdfError, *BROKEN):
                self._add_content(number, held, pages, seen, found)
        return found

    def list_drawing_texts(self, held: PdfObject | None) -> Iterator[str]:
        """What drawings say: one, or all in a dictionary of them."""
        from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

        open_, met = [held], set[int]()
        while open_:
            one = open_.pop()
            number = one.idnum if isinstance(one, IndirectObject) else 0
            if number and (number in met or number not in self.there):
                continue
            met.add(number)
            one = one.get_object() if isinstance(one, IndirectObject) else one
            if isinstance(one, StreamObject):
                yield self._read_text(number, one)
            elif isinstance(one, DictionaryObject):
                open_ += list(dict.values(one))

    def _list_objects(self) -> Iterator[tuple[int, PdfObject]]:
        """All objects that the file uses, each once."""
        from pypdf.errors import PyPdfError
        from pypdf.generic import IndirectObject

        generations = {number: generation for generation, one in self.reader.xref.items() for number in one}
        for number in sorted(self.there & (generations.keys() | self.reader.xref_objStm.keys())):
            generation = 0 if number in self.reader.xref_objStm else generations[number]
            with suppress(PyPdfError, *BROKEN):
                held = self.reader.get_object(IndirectObject(number, generation, self.reader))
                if held is not None:
                    yield number, held

    def _list_contents(self, count: int) -> dict[int, int]:
        """Number of what is drawn on a page -> the page."""
        from pypdf.errors import PyPdfError
        from pypdf.generic import ArrayObject, IndirectObject

        found: dict[int, int] = {}
        for page in range(count):
            with suppress(PyPdfError, *BROKEN):
                held = self.reader.pages[page].raw_get("/Contents")
                listed = held.get_object() if isinstance(held, IndirectObject) else held
                every = [held, *(listed if isinstance(listed, ArrayObject) else [])]
                for one in every:
                    if isinstance(one, IndirectObject):
                        found.setdefault(one.idnum, page + 1)
        return found

    def _add_dictionaries(self, number: int, held: PdfObject, seen: KnownText, found: PdfExtras) -> None:
        """Texts and files in an object, and in what stands within it."""
        from pypdf.generic import ArrayObject, DictionaryObject

        open_: list[object] = [held]
        while open_:
            one = open_.pop()
            if isinstance(one, DictionaryObject):
                self._add_dictionary_texts(one, 0, seen, found)
                self._add_file(number, one, found)
                _add_action(one, found)
                open_ += list(dict.values(one))
            elif isinstance(one, ArrayObject):
                open_ += list(one)

    def _add_dictionary_texts(self, one: DictionaryObject, page: int, seen: KnownText, found: PdfExtras) -> None:
        for key, called in (SAID | RICH).items():
            text = clean_text(_read_said(key, one[key])) if key in one else ""
            if text and not ((key in BESIDE or key in RICH) and seen.has_text(text)):
                found.spoken.append(Spoken(page, f"{called}: {text}"))

    def _add_file(self, number: int, one: DictionaryObject, found: PdfExtras) -> None:
        """A file that a dictionary names, or that an object is."""
        from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

        if isinstance(one, StreamObject) and one.get("/Type") == "/EmbeddedFile":
            found.files.setdefault(number, ("", one))
        files = one.get("/EF") if "/EF" in one else None
        for held in dict.values(files) if isinstance(files, DictionaryObject) else ():
            key = held.idnum if isinstance(held, IndirectObject) else 0
            content = held.get_object() if key in self.there else held
            if isinstance(content, StreamObject):
                found.files[key] = (str(one.get("/UF") or one.get("/F") or ""), content)

    def _add_content(
        self, number: int, held: PdfObject, pages: dict[int, int], seen: KnownText, found: PdfExtras
    ) -> None:
        """Text of a content that may be on no page, and texts that stand in its marks."""
        from pypdf.generic import StreamObject

        if not isinstance(held, StreamObject) or not _may_show(held):
            if isinstance(held, StreamObject) and held.get("/Type") == "/ObjStm":
                found.old += self._count_replaced(number, held)
            return
        data = held.get_data()
        if any(key.encode() in data for key in BESIDE):
            self._add_marks(held, pages.get(number, 0), seen, found)
        if number in pages or not (OPENS.search(data) and SHOWS.search(data)):
            return
        text = self._read_text(number, held)
        if text.strip() and not seen.has_text(text):
            found.spoken.append(Spoken(0, f"On no page: {text.strip()}"))
        found.unread += not text.strip()

    def _add_marks(self, held: StreamObject, page: int, seen: KnownText, found: PdfExtras) -> None:
        """Texts in the marks of a content."""
        from pypdf.generic import ContentStream, DictionaryObject

        for operands, operator in ContentStream(held, self.reader).operations:
            if operator in MARKED and len(operands) > 1 and isinstance(operands[1], DictionaryObject):
                self._add_dictionary_texts(operands[1], page, seen, found)

    def _read_text(self, number: int, held: StreamObject) -> str:
        from pypdf import PageObject
        from pypdf.errors import PyPdfError

        if not number or number not in self.texts:
            text = ""
            with suppress(PyPdfError, *BROKEN):
                text = PageObject(self.reader).extract_xform_text(held).replace("\x00", "")  # type: ignore[arg-type]
            self.texts[number] = text
        return self.texts[number]

    def _count_replaced(self, number: int, held: StreamObject) -> int:
        """Objects within another one of which the file uses later ones, or none."""
        count = min(int(str(held["/N"])), len(self.there) + len(held.get_data()))
        listed = held.get_data().split(None, 2 * count)[: 2 * count : 2]
        return sum(self.reader.xref_objStm.get(int(one), (0, 0))[0] != number for one in listed)


def _add_action(one: DictionaryObject, found: PdfExtras) -> None:
    """Count an action that runs a program, or opens or sends something."""
    kind = str(one["/S"]) if "/S" in one else ""
    if kind in PROGRAMS or "/JS" in one:
        found.programs["JavaScript" if "/JS" in one else _name_action(one, kind)] += 1
    elif kind in OUTWARD:
        found.outward[_name_action(one, kind)] += 1


def _name_action(one: DictionaryObject, kind: str) -> str:
    """What an action is called, with the file or address that it names: 'Launch cmd.exe'."""
    from pypdf.generic import DictionaryObject

    target: object = one["/F"] if "/F" in one else one.get("/Win", "")
    if isinstance(target, DictionaryObject):
        target = next((target[key] for key in ("/UF", "/F") if key in target), "")
    return clean_text(f"{kind.removeprefix('/')} {clean_name(str(target)) if target else ''}")[:NAMED]


def _read_said(key: str, value: object) -> str:
    """A text that stands in an object; '' where its value is none."""
    from pypdf.generic import ByteStringObject, TextStringObject

    if key in RICH:
        return extract_rich_text(value)
    return str(value).replace("\x00", "") if isinstance(value, TextStringObject | ByteStringObject) else ""


def extract_rich_text(value: object) -> str:
    """The words of a text with markup, which is a text or a stream; '' where the value is neither."""
    from pypdf.generic import StreamObject, TextStringObject

    data = value.get_data() if isinstance(value, StreamObject) else value
    page = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return html_text.extract_text(page.replace("\x00", "")) if isinstance(page, str | TextStringObject) else ""


def _may_show(held: StreamObject) -> bool:
    """Whether a content may be drawn: a drawing, a pattern, or the content of a page."""
    if held.get("/Type") not in (None, "/XObject", "/Pattern") or held.get("/Subtype") not in (None, "/Form"):
        return False
    return not any(key in held for key in ("/Length1", "/Length2", "/FunctionType", "/ShadingType"))
