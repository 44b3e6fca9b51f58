"""Columns that are left out of a table, or that tell of a special category: what a workbook says of their cells beside the cells.

Comments, links, choices of a cell, filters, conditions, values that a chart or a pivot table keeps. Of a column that is left out
nothing of it is given; of one of a special category it is claimed as its cells are, so that it is hidden as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.ingest.office.office_package import Package, get_attribute, get_local_name
from workbench.ingest.office.unread_text import normalise_text, read_beside_rows, split_words
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Issue

Uses = tuple[tuple[str, str], ...]
"""Schemata and properties of a special category; none of a column that is left out."""
RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})?(?::\$?([A-Z]{1,3})\$?([0-9]{1,7})?)?")
PLACED = frozenset({"dataValidation", "conditionalFormatting"})
"""Elements whose cells may be told by an element within them."""
CACHES = frozenset({"strRef", "numRef", "multiLvlStrRef"})
WIDEST = 16_384
SHOWN = 10
OF_FILE = frozenset({"docprops/core.xml", "docprops/app.xml", "meta.xml"})
"""Parts that tell of the file as a whole: its title, who wrote it."""


@dataclass(frozen=True, slots=True)
class SecretTable:
    """One table of a sheet: the row at which it begins, its secret columns by their place and by their name, names of the others."""

    begin: int
    columns: dict[int, Uses] = field(default_factory=dict)
    names: dict[str, Uses] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    def add(self, place: int, name: str, uses: Uses) -> None:
        """Take in a secret column."""
        self.columns[place] = self.names[_normalise_name(name)] = uses

    def add_other(self, name: str) -> None:
        """Take in a column that is not secret."""
        self.others.add(_normalise_name(name))


@dataclass(slots=True)
class SecretColumns:
    """Secret columns of a sheet, in all of its tables.

    Attributes
    ----------
    sheet : str
        Name of the sheet.
    tables : list
        The tables in which there are any, and those between, in their order.
    """

    sheet: str
    tables: list[SecretTable] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether any column is secret."""
        return any(table.columns for table in self.tables)

    def get_uses(self, row: int, column: int) -> Uses | None:
        """What makes a cell secret (from row 1, column 0), None where nothing does."""
        table = next((one for one in reversed(self.tables) if one.begin <= row), None)
        return table.columns.get(column) if table else None

    def find_uses(self, cells: str) -> Uses | None:
        """What makes all cells of a range secret ('D2:D9 F2', 'Sheet1!$D$2'); None where one of them is not, or there is none."""
        _, _, ranges = cells.rpartition("!")
        if self.is_elsewhere(cells):
            return None
        found = [self.get_uses(row, column) for part in ranges.split() for row, column in _list_cells(part)]
        return None if not found or None in found else min((one for one in found if one is not None), key=len)

    def is_open(self, region: Region) -> bool:
        """Whether a text is about cells, or a column of this name, none of which is secret."""
        if region.column:
            key = _normalise_name(region.column)
            return any(key in table.others for table in self.tables) and self.find_named(region.column) is None
        _, _, ranges = region.cells.rpartition("!")
        found = [cell for part in ranges.split() for cell in _list_cells(part)]
        return bool(found) and all(self.get_uses(row, column) is None for row, column in found)

    def is_elsewhere(self, cells: str) -> bool:
        """Whether a range is on another sheet."""
        sheet, _, _ = cells.rpartition("!")
        return bool(sheet) and sheet.strip("'").replace("''", "'") != self.sheet

    def find_note_uses(self, cell: str, column: str) -> Uses | None:
        """What makes a text beside a cell, or beside a whole column, secret; '' where it is beside none."""
        return self.find_uses(cell) if cell else self.find_named(column) if column else None

    def find_named(self, column: str) -> Uses | None:
        """What makes a column of this name secret."""
        key = _normalise_name(column)
        return next((table.names[key] for table in self.tables if key in table.names), None)


def _normalise_name(column: str) -> str:
    return " ".join(normalise_text(column).split())


def _list_cells(cells: str) -> Iterator[tuple[int, int]]:
    """Row and column of the first row of a range, column by column."""
    match = RANGE.fullmatch(cells.upper())
    if not match:
        return
    first, last = _count_column(match[1]), _count_column(match[3] or match[1])
    row = int(match[2] or 1 << 30)
    yield from ((row, column) for column in range(first, min(last, first + WIDEST) + 1))


def _count_column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def find_first_cell(cells: str) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of the first cell of a range."""
    return next(_list_cells(cells.partition(" ")[0]), None)


def format_cell(row: int, column: int) -> str:
    """The name of a cell, of its row (from 1) and its column (from 0)."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


@dataclass(slots=True)
class Region:
    """Texts that are about cells, and what these are; `tie`: id of the relation in which a text of them is."""

    cells: str
    texts: list[str] = field(default_factory=list)
    tie: str = ""
    column: str = ""


def list_regions(package: Package, part: str) -> Iterator[tuple[str, Region]]:
    """Texts of a sheet that are about cells of it, each with the part in which they are; a part that is damaged says nothing."""
    ties = package.read_relations(part)
    for region in _read_regions(package, part):
        yield part, region
        if region.tie in ties:
            yield _name_relations(part), Region(region.cells, [ties[region.tie].target])
    for tie in ties.values():
        if tie.kind in ("table", "queryTable") and not tie.outside:
            yield from ((tie.target, region) for region in _read_regions(package, tie.target))
    for name in package.names.values():
        if "/charts/" in name.lower() or "/pivotcache/" in name.lower():
            yield from ((name, region) for region in _read_regions(package, name))


def _name_relations(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _read_regions(package: Package, part: str) -> list[Region]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, XMLParser

    if not package.has_part(part):
        return []
    found = _Regions()
    parser = XMLParser(target=found, forbid_dtd=True)
    try:
        for piece in read_beside_rows(package, package.names[part.lower()]):
            parser.feed(piece)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError, SourceError, *_get_broken()):
        pass
    return found.found


def _get_broken() -> tuple[type[BaseException], ...]:
    from workbench.ingest.archives import zip_members

    return tuple(zip_members.BROKEN)


class _Regions:
    """Gathers texts by the cells that they are about: of an element with a range, and of all that is within it."""

    def __init__(self) -> None:
        self.found: list[Region] = []
        self._open: list[tuple[str, Region | None]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name, region = get_local_name(tag), self._open[-1][1] if self._open else None
        cells = get_attribute(attributes, "sqref") or get_attribute(attributes, "ref")
        if name == "filterColumn" and region:
            cells = _shift_column(region.cells, get_attribute(attributes, "colId"))
        if cells or name in PLACED or name in CACHES or name == "cacheField":
            region = Region(cells, column=get_attribute(attributes, "name") if name == "cacheField" else "")
            self.found.append(region)
        if region:
            region.texts += [value for key, value in attributes.items() if get_local_name(key) not in ("sqref", "ref")]
            region.tie = region.tie or next((value for key, value in attributes.items() if key.endswith("}id")), "")
        self._open.append((name, region))

    def end(self, tag: str) -> None:
        """An element ends."""
        del tag
        self._open.pop()

    def data(self, text: str) -> None:
        """Text stands here."""
        name, region = self._open[-1] if self._open else ("", None)
        if not region:
            return
        if name == "sqref" or (name == "f" and self._open[-2:-1] and self._open[-2][0] in CACHES):
            region.cells += text
        else:
            region.texts.append(text)

    def close(self) -> None:
        """The part ends."""


def _shift_column(cells: str, by: str) -> str:
    """The column of a range at so many columns from its first."""
    found = find_first_cell(cells)
    return format_cell(found[0], found[1] + int(by)) if found and by.isdecimal() else ""


@dataclass(slots=True)
class SecretText:
    """What is known of texts beside secret cells, to tell them from others when all is read.

    Attributes
    ----------
    placed : dict
        By part ('' any): words of texts about secret cells, and what makes them so.
    open : dict
        By part: words of texts about other cells.
    said : dict
        Words of each secret cell, and what makes it so.
    read : set of str
        Words of other cells.
    tied : dict
        By part: words of texts about cells or columns none of which is secret.
    is_strict : bool
        Whether a column of the workbook is secret: then nothing is given that may be of it, and so nothing that is tied to no column.
    withheld : Counter
        How many texts of a part are not given, because they are tied to no column; `counted`: their words.
    """

    placed: dict[str, list[tuple[frozenset[str], Uses]]] = field(default_factory=dict)
    open: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    said: dict[frozenset[str], Uses] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    tied: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    is_strict: bool = False
    withheld: Counter[str] = field(default_factory=Counter)
    counted: list[frozenset[str]] = field(default_factory=list)

    def add_regions(self, regions: Iterable[tuple[str, Region]], columns: SecretColumns) -> None:
        """Take in what the parts of a workbook say of cells of a sheet; what is about another sheet is looked at with that one."""
        for name, region in regions:
            if columns.is_elsewhere(region.cells):
                continue
            uses = columns.find_named(region.column) if region.column else columns.find_uses(region.cells)
            self.add_text(name, region.texts, uses)
            if columns.is_open(region):
                self.tied.setdefault(name.lower(), []).append(frozenset(split_words(region.texts)))

    def is_untied(self, part: str, line: str) -> bool:
        """Whether a line of a part may be of a secret column, as nothing ties it to another one, nor to the file as a whole."""
        if not self.is_strict or part.lower() in OF_FILE:
            return False
        words = split_words([line])
        return not any(words <= held for held in self.tied.get(part.lower(), ()))

    def withhold(self, label: str, text: str) -> None:
        """Count a text that is not given; once, where it stands in several places."""
        words = frozenset(split_words([text]))
        self.withheld[label] += not any(words <= held for held in self.counted)
        self.counted.append(words)

    def list_issues(self) -> Iterator[Issue]:
        """That texts were not read which are tied to no column."""
        if any(self.withheld.values()):
            parts = [f"{clean_name(part)} ({count})" for part, count in self.withheld.items() if count]
            listed = format_list(parts[:SHOWN], count=len(parts))
            said = Sentence("row.table.untied", count=self.withheld.total(), listed=listed)
            yield build_issue("left-out", said, fix=Sentence("fix.look.tabs"))

    def add_text(self, part: str, texts: Iterable[str], uses: Uses | None) -> None:
        """Take in a text about cells."""
        words = frozenset(split_words(texts))
        if words and uses is None:
            self.open.setdefault(part.lower(), []).append(words)
        elif words and uses is not None:
            self.placed.setdefault(part.lower(), []).append((words, uses))

    def add_row(self, number: int, cells: list[str], columns: SecretColumns, wanted: set[str]) -> None:
        """Take in the cells of a row, as far as their words are `wanted`."""
        for at, cell in enumerate(cells):
            words = split_words([cell]) if cell else set[str]()
            uses = columns.get_uses(number, at)
            if uses is None:
                self.read |= words & wanted
            elif words and words <= wanted:
                self.said.setdefault(frozenset(words), uses)

    def find_uses(self, part: str, line: str) -> Uses | None:
        """What makes a line of a part secret; None where nothing does."""
        words = split_words([line])
        for key in (part.lower(), ""):
            found = [uses for held, uses in self.placed.get(key, ()) if words <= held]
            if found and not any(words <= held for held in self.open.get(part.lower(), ())):
                return min(found, key=len)
        said = [uses for held, uses in self.said.items() if held <= words and not held <= self.read]
        return min(said, key=len) if said else None
