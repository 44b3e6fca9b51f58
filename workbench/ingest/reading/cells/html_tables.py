"""Cells of a special category in the markup of a page: of a web page, and of a letter that is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.ingest.reading import html_text
from workbench.ingest.reading.special_labels import (
    CELL,
    Place,
    SpecialCell,
    find_special_label,
    has_special_words,
    mark_places,
)

TABLE_TAG = re.compile(r"<!--|<(/?)(table|tr|td|th|thead|tbody|tfoot|col|colgroup)(?=[\s/>])", re.IGNORECASE)
CELL_TAGS = ("td", "th")
SPAN = re.compile(r"\s(col|row)span\s{0,9}=\s{0,9}[\"']?([0-9]{1,4})", re.IGNORECASE)
WIDEST, LONGEST_CELL, DEEPEST = 200, 4_000, 10
"""Columns and rows that a cell spans, characters of the markup of a header, tables within one another, at most."""
LINK = re.compile(r"<a\s[^<>]{0,500}?href\s{0,9}=\s{0,9}[\"']?([^\s\"'<>]{1,500})", re.IGNORECASE)
LISTED = re.compile(r"<input\s[^<>]{0,2000}?\blist\s{0,9}=\s{0,9}[\"']?([^\s\"'<>]{1,200})", re.IGNORECASE)
CHOICES = re.compile(r"<datalist\s[^<>]{0,2000}?\bid\s{0,9}=\s{0,9}[\"']?([^\s\"'<>]{1,200})", re.IGNORECASE)
CHOICES_END = re.compile(r"</datalist", re.IGNORECASE)

Span = tuple[int, int, tuple[str, ...]]
"""Where in a page something special begins and ends, and the properties that it has."""


class ShownPage:
    """What a page says outside of cells of a special category, and these cells. `text`: all of its text.

    Attributes
    ----------
    place : Place
        Of what the page says in such cells.
    cells : list of SpecialCell
        These cells, and choices of fields in them.
    labels, struck, links
        Words of attributes, struck texts and addresses of links outside of them.
    """

    def __init__(self, page: str, text: str, labels: dict[str, None], struck: dict[str, None]) -> None:
        found, self.cells = _find_special_markup(page) if has_special_words(text) else ([], [])
        choices = list(_list_choices(page, found))
        self.cells += [
            SpecialCell(prop, (line,), 0)
            for start, end, props in choices
            for line in filter(None, html_text.extract_text(page[start:end]).splitlines())
            for prop in props
        ]
        found += choices
        self.place = Place(dict.fromkeys(prop for _, _, props in found for prop in props))
        pieces, at = list[str](), 0
        for start, end, _ in sorted(found):
            pieces.append(page[at : max(start, at)])
            at = max(at, end)
        shown = "".join([*pieces, page[at:]])
        if found:
            labels, struck = {}, {}
            html_text.extract_text(shown, CELL, labels=labels, struck=struck)
        self.labels, self.struck = labels.keys(), struck.keys()
        self.links = {found[1] for found in LINK.finditer(shown)}


def list_special_cells(
    page: str, text: str, labels: dict[str, None], struck: dict[str, None]
) -> tuple[SpecialCell, ...]:
    """Cells of a special category of a page, and of `labels` and `struck` those that only such cells have."""
    if not has_special_words(text):
        return ()
    shown = ShownPage(page, text, labels, struck)
    beside = [
        *(text for text in labels if text not in shown.labels),
        *(text for text in struck if text not in shown.struck),
    ]
    return (*shown.cells, *(SpecialCell(prop, (text,), 0) for text in beside for prop in shown.place.props))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: where in the page it begins and ends, over how many columns and rows it goes."""

    start: int
    end: int
    columns: int
    rows: int


@dataclass(slots=True)
class _Table:
    """A table of a page that is open: start tags of its own, cells of each row."""

    tags: list[tuple[int, int]] = field(default_factory=list)
    rows: list[list[_Cell]] = field(default_factory=list)
    cell: tuple[int, int, int] | None = None

    def open_cell(self, start: int, columns: int, rows: int) -> None:
        """A cell begins."""
        self.close_cell(start)
        self.cell = (start, columns, rows)

    def close_cell(self, end: int) -> None:
        """A cell ends, if one is open."""
        if self.cell:
            self.rows = self.rows or [[]]
            self.rows[-1].append(_Cell(self.cell[0], end, *self.cell[1:]))
        self.cell = None

    def list_special(self, page: str) -> tuple[list[Span], list[SpecialCell]]:
        """What is in special cells, of a table with such cells also its own tags; and these cells."""
        made: list[tuple[list[str], list[tuple[int, Place]]]] = []
        places = [[Place() for _ in row] for row in self.rows]
        below: dict[int, int] = {}
        for row, marks in zip(self.rows, places, strict=True):
            made.append(_spread_row(page, row, marks, below))
        whole = tuple(mark_places(made, is_grid=True))
        if not whole:
            return [], []
        found: list[Span] = [(start, end, whole) for start, end in self.tags]
        cells: list[SpecialCell] = []
        for row, marks in zip(self.rows, places, strict=True):
            texts = tuple(" ".join(html_text.extract_text(page[cell.start : cell.end]).split()) for cell in row)
            for at, (cell, mark) in enumerate(zip(row, marks, strict=True)):
                found += [(cell.start, cell.end, tuple(mark.props))] if mark.props else []
                if texts[at] and not (len(texts[at]) < LONGEST_CELL and find_special_label(texts[at])):
                    cells += [SpecialCell(prop, texts, at) for prop in mark.props]
        return found, cells


def _spread_row(
    page: str, row: list[_Cell], marks: list[Place], below: dict[int, int]
) -> tuple[list[str], list[tuple[int, Place]]]:
    """Cells of a row and places in it, each in its column; `below`: for how many rows yet cells from above go on, by column."""
    cells: list[str] = []
    places: list[tuple[int, Place]] = []

    def add_from_above() -> None:
        while below.get(len(cells), 0):
            below[len(cells)] -= 1
            cells.append("")

    for cell, mark in zip(row, marks, strict=True):
        add_from_above()
        text = html_text.extract_text(page[cell.start : cell.end]) if cell.end - cell.start <= LONGEST_CELL else ""
        for _ in range(cell.columns):
            below[len(cells)] = cell.rows - 1
            places.append((len(cells), mark))
            cells.append(" ".join(text.split()))
    add_from_above()
    return cells, places


def _find_special_markup(page: str) -> tuple[list[Span], list[SpecialCell]]:
    """Where in a page cells of a special category are, and the tags around them, with what makes them special; and these cells."""
    found: list[Span] = []
    cells: list[SpecialCell] = []
    for table in _list_tables(page):
        spans, special = table.list_special(page)
        found += spans
        cells += special
    return found, cells


def _list_tables(page: str) -> Iterator[_Table]:
    """Tables of a page, each where it ends."""
    tables: list[_Table] = []
    at = depth = 0
    while match := TABLE_TAG.search(page, at):
        start, name = match.start(), (match[2] or "").lower()
        if not name:
            at = page.find("-->", start)
            if at < 0:
                break
            continue
        end = html_text.tag_end(page, start)
        if end < 0:
            break
        at = end
        depth = max(depth + (-1 if match[1] else 1), 0) if name == "table" else depth
        if name == "table" and not match[1] and len(tables) < DEEPEST:
            tables.append(_Table([(start, end)]))
        elif tables and depth + (name == "table") <= len(tables):
            _follow_tag(tables[-1], name, bool(match[1]), page, (start, end))
            if name == "table" and match[1]:
                yield tables.pop()
    for table in reversed(tables):
        table.close_cell(len(page))
        yield table


def _follow_tag(table: _Table, name: str, closes: bool, page: str, span: tuple[int, int]) -> None:  # noqa: FBT001 - of one tag
    """Take in a tag of a table."""
    start, end = span
    if name in CELL_TAGS:
        if closes:
            table.close_cell(end)
        else:
            spans = {which.lower(): int(many) for which, many in SPAN.findall(page[start:end])}
            columns, rows = (max(1, min(spans.get(which, 1), WIDEST)) for which in ("col", "row"))
            table.open_cell(start, columns, rows)
        return
    table.close_cell(start)
    if not closes:
        table.tags.append(span)
        if name == "tr":
            table.rows.append([])


def _list_choices(page: str, found: list[Span]) -> Iterator[Span]:
    """Lists of choices that stand elsewhere in the page and belong to fields in special cells."""
    owners: dict[str, dict[str, None]] = {}
    for start, end, props in found:
        for field_list in LISTED.finditer(page, start, end):
            owners.setdefault(field_list[1], {}).update(dict.fromkeys(props))
    for choices in CHOICES.finditer(page) if owners else ():
        if of_field := owners.get(choices[1]):
            closed = CHOICES_END.search(page, choices.end())
            yield choices.start(), closed.start() if closed else len(page), tuple(of_field)
