"""Reader `odt`: texts and presentations in the OpenDocument format (ODT, ODP), as LibreOffice writes them.

References
----------
OASIS OpenDocument 1.3 part 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.office import package_parts
from workbench.ingest.office.office_package import (
    Package,
    build_locked_error,
    get_attribute,
    get_count,
    get_local_name,
    open_package,
)
from workbench.ingest.office.office_text import OfficeContent, Story, list_rows
from workbench.ingest.office.unread_text import list_within
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue, Row

VERSION = "8"
METHOD = "odt"
SUFFIXES = {".odt": "text", ".ott": "text", ".odm": "text", ".odp": "presentation", ".otp": "presentation"}
KIND = b"application/vnd.oasis.opendocument."
WITHIN = 256
SPACE = re.compile(r"[ \t\r\n]+")
MOST_SPACES = 100
OBJECT = re.compile(r"(Object \d{1,5})(/content\.xml)?")
SKIPPED = frozenset({"note-citation", "creator-initials", "forms", "binary-data", "scripts"})


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the type that the package says at its start."""
    if not head.startswith(zip_members.MARKS):
        return ""
    at = head.find(KIND, 0, WITHIN)
    told = head[at + len(KIND) :].startswith((b"text", b"presentation")) if at > 0 else False
    if told:
        return Sentence("detected.opendocument")
    kind = SUFFIXES.get(source.suffix)
    return Sentence(f"detected.opendocument_{kind}", suffix=source.suffix) if kind else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document; of a presentation, passages carry the number of their slide, from 1.

    Raises
    ------
    SourceError
        If the file is damaged, locked, or made to exhaust memory.
    """
    del options
    with open_package(source) as package:
        if package.has_part("encrypted-package") or _is_locked(package):
            raise build_locked_error(source.name)
        story, wrong = Story(), list[Issue]()
        package.parse("content.xml", Text(story))
        story.page = 0
        for part, label in _list_related_parts(package):
            _add_related_part(package, part, label, (story, wrong))
        objects = [name for name in package.names.values() if (found := OBJECT.fullmatch(name)) and not found[2]]
        names = list(dict.fromkeys([*objects, *list_within(package)]))
        tally = ArchiveBudget()
        issues = [*wrong, *package_parts.list_issues(package, ())]
        told = OfficeContent(
            story,
            package_parts.open_properties(package),
            issues,
            package_parts.read_files(package, names, tally),
            tally,
        )
        package_parts.add_further(package, told)
        yield from list_rows(source, told, Evidence(METHOD, VERSION))


def _list_related_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Parts that are told beside the text: headers and footers of the styles, and documents laid into this one."""
    if package.has_part("styles.xml"):
        yield "styles.xml", ""
    for name in package.names.values():
        if (found := OBJECT.fullmatch(name)) and found[2]:
            yield name, f"{found[1]} within"


def _add_related_part(package: Package, part: str, label: str, into: tuple[Story, list[Issue]]) -> None:
    story, wrong = into
    aside = Story()
    try:
        package.parse(part, Text(aside))
    except SourceError as error:
        wrong.append(build_issue("bad-row", str(error), place=part[:200]))
        return
    if not label:
        aside.forget_text()
    story.add(aside, label)


def _is_locked(package: Package) -> bool:
    found = _Locks()
    if package.has_part("META-INF/manifest.xml"):
        package.parse("META-INF/manifest.xml", found)
    return found.locked


class _Locks:
    """Looks in a manifest for parts that are encrypted."""

    def __init__(self) -> None:
        self.locked = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        del attributes
        self.locked = self.locked or get_local_name(tag) == "encryption-data"

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


class Text:
    """Tells a story from the events of content.xml or styles.xml."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._skip = 0
        self._paragraphs: list[list[str]] = []
        self._sink: list[str] | None = None
        self._said: list[dict[str, str]] = []
        self._notes: list[str] = []
        self._deleted = 0
        self._change = ""
        self._controls: dict[str, str] = {}
        self._control = ""
        self._widths: list[int] = []
        self._covered: list[int] = []
        self._starts = self._build_start_handlers()
        self._ends = self._build_end_handlers()

    def _build_start_handlers(self) -> dict[str, Callable[[dict[str, str]], object]]:
        return {
            "text:p": self._start_paragraph, "text:h": self._start_paragraph, "text:s": self._add_spaces,
            "text:tab": lambda _: self._add_text("\t"), "text:line-break": lambda _: self._add_text("\n"), "text:a": self._link,
            "table:table-row": self._start_row, "table:table-cell": self._start_cell, "table:covered-table-cell": self._cover,
            "text:note": self._note, "office:annotation": self._start_side_text, "text:deletion": self._start_deletion,
            "text:changed-region": self._start_change, "text:change": self._refer, "text:change-start": self._refer,
            "style:header": self._start_side_text, "style:footer": self._start_side_text, "presentation:notes": self._start_side_text,
            "dc:creator": self._name, "dc:date": self._name, "drawing:page": self._start_page,
            "drawing:control": self._place, "svg-compatible:title": self._describe, "svg-compatible:desc": self._describe,
        }  # fmt: skip

    def _build_end_handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "text:p": self._end_paragraph, "text:h": self._end_paragraph,
            "table:table-row": self._end_row, "table:table-cell": self._end_cell,
            "table:table": self.story.end_table, "text:note": self._note_end,
            "office:annotation": lambda: self._end_side_text("Comment by"), "text:deletion": self._end_deletion,
            "style:header": lambda: self._end_side_text("Header"), "style:footer": lambda: self._end_side_text("Footer"),
            "presentation:notes": lambda: self._end_side_text("Notes"), "dc:creator": lambda: self._name_end("creator"),
            "dc:date": lambda: self._name_end("date"), "svg-compatible:title": self._describe_end,
            "svg-compatible:desc": self._describe_end,
        }  # fmt: skip

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._skip or get_local_name(tag) in SKIPPED:
            self._skip += 1
            self._add_form_control(get_local_name(tag), attributes)
        elif handler := self._starts.get(_shorten_tag(tag)):
            handler(attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skip:
            self._skip -= 1
        elif handler := self._ends.get(_shorten_tag(tag)):
            handler()

    def data(self, text: str) -> None:
        """Text stands here; white space counts as one space, more is written as elements."""
        if self._skip:
            return
        if self._sink is not None:
            self._sink.append(text)
        else:
            self._add_text(SPACE.sub(" ", text))

    def _add_text(self, text: str) -> None:
        if self._paragraphs:
            self._paragraphs[-1].append(text)
            self.story.hidden += len(text) if self._deleted else 0

    def _start_row(self, attributes: dict[str, str]) -> None:
        del attributes
        self._covered.append(0)
        self.story.open_row()

    def _end_row(self) -> None:
        self._covered[-1:] = []
        self.story.close_row()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        spanned, repeated = (get_count(attributes, f"number-columns-{what}") for what in ("spanned", "repeated"))
        self._widths.append(max(spanned, repeated))
        self._covered[-1:] = [spanned - 1]
        self.story.open_cell()

    def _end_cell(self) -> None:
        self.story.close_cell(self._widths.pop() if self._widths else 1)

    def _cover(self, attributes: dict[str, str]) -> None:
        """Here a cell goes on: the one before, or else one from above."""
        count, known = get_count(attributes, "number-columns-repeated"), self._covered[-1] if self._covered else 0
        self.story.add_covered_cells(count - known)
        self._covered[-1:] = [max(known - count, 0)]

    def _start_paragraph(self, attributes: dict[str, str]) -> None:
        del attributes
        self._paragraphs.append([])

    def _end_paragraph(self) -> None:
        if self._paragraphs:
            self.story.add_line("".join(self._paragraphs.pop()).strip(" "))

    def _add_spaces(self, attributes: dict[str, str]) -> None:
        count = get_attribute(attributes, "c") or "1"
        self._add_text(" " * (min(int(count[:4]), MOST_SPACES) if count.isascii() and count.isdigit() else 1))

    def _link(self, attributes: dict[str, str]) -> None:
        self.story.link(get_attribute(attributes, "href"))

    def _start_page(self, attributes: dict[str, str]) -> None:
        del attributes
        self.story.page += 1

    def _start_side_text(self, attributes: dict[str, str], key: str = "") -> None:
        del attributes
        self._said.append({})
        self.story.open_side_text(key)

    def _end_side_text(self, label: str) -> None:
        said = self._said.pop() if self._said else {}
        who, at = said.get("creator", ""), said.get("date", "")
        label = f"{label} {who}" if who else label.removesuffix(" by").removesuffix(", deleted")
        self.story.close_side_text(f"{label}, {at}" if at else label)

    def _describe(self, attributes: dict[str, str]) -> None:
        self._start_side_text(attributes)
        self._start_paragraph(attributes)

    def _describe_end(self) -> None:
        self._end_paragraph()
        self._end_side_text("Description")

    def _add_form_control(self, name: str, attributes: dict[str, str]) -> None:
        """Remember what a control of a form shows: the forms stand before the text, in which the controls have their places."""
        if key := get_attribute(attributes, "id"):
            self._control = key
            shown = (get_attribute(attributes, what) for what in ("current-value", "value", "label"))
            self._controls[key] = next(filter(None, shown), "")
        elif name in ("option", "item") and "true" in (
            get_attribute(attributes, "current-selected") or get_attribute(attributes, "selected")
        ):
            self._controls[self._control] = get_attribute(attributes, "label")

    def _place(self, attributes: dict[str, str]) -> None:
        """A control of a form has its place here."""
        shown = self._controls.get(get_attribute(attributes, "control"), "")
        if self._paragraphs:
            self._add_text(f"{shown} " if shown else "")
        else:
            self.story.add_line(shown)

    def _note(self, attributes: dict[str, str]) -> None:
        self._notes.append("Endnote" if get_attribute(attributes, "note-class") == "endnote" else "Footnote")
        self._start_side_text(attributes)

    def _note_end(self) -> None:
        self._end_side_text(self._notes.pop() if self._notes else "Footnote")

    def _start_change(self, attributes: dict[str, str]) -> None:
        self._change = f"change {get_attribute(attributes, 'id')}"

    def _refer(self, attributes: dict[str, str]) -> None:
        self.story.refer(f"change {get_attribute(attributes, 'change-id')}")

    def _start_deletion(self, attributes: dict[str, str]) -> None:
        self._deleted += 1
        self._start_side_text(attributes, self._change)

    def _end_deletion(self) -> None:
        self._deleted -= 1
        self._end_side_text("Deleted text, deleted by")

    def _name(self, attributes: dict[str, str]) -> None:
        del attributes
        self._sink = []

    def _name_end(self, what: str) -> None:
        if self._said and self._sink is not None:
            self._said[-1][what] = "".join(self._sink).strip()
        self._sink = None


def _shorten_tag(tag: str) -> str:
    """Name with the last word of its namespace before it: 'text:p', whatever the version of the namespace."""
    space, _, name = tag[1:].rpartition("}")
    parted = space.split(":")
    return f"{'dc' if space.startswith('http://purl.org/dc/') else parted[-2] if len(parted) > 1 else ''}:{name}"
