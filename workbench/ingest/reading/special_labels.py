"""Names of fields that tell of a special category of data: what stands in such a field is claimed, whatever the form, and so hidden.

One rule for columns of tables, members of JSON, lines 'label: value' of records and tables within documents. Nobody can tell of whom it is
said there: it is said of a person without a name.

References
----------
Directive (EU) 2016/680, article 10.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from workbench.ingest.reading.source import Evidence
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Passage, Row
from workbench.model.schema import SPECIAL
from workbench.model.text.normalise import SHAPELESS, normalise_name

ALIASES = Path(__file__).parents[1] / "tables/columns/aliases.yml"
PERSONS = "persons"
PARTED = re.compile(r"[./\\|:;,()\[\]{}<>#]+")
"""What parts a header, or the path of a member of a record."""
CAPITAL = re.compile(r"(?<=[^\W\d_])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")
"""Where a word begins in 'sexualOrientation'."""
COUNTED = re.compile(
    r"(?:^(?:\d+|no|nr|x|code|self declared|primary|secondary|main|principal)\s+)|(?:\s+(?:\d+|no|nr|code|type|id|text|name|value))$"
)
"""What stands before or behind the word that tells: 'diagnosis 2', 'primary diagnosis', 'religion code', 'X-RELIGION'."""
CELL = " | "
"""Between cells of a table in the text of a document."""
SPACED = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
BAR = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"[\s>]{0,20}[|+]?\s{0,9}:?-+:?\s{0,9}(?:[|+]\s{0,9}:?-+:?\s{0,9}){0,500}[|+]?\s{0,9}")
"""The line between the header and the rows of a table in Markdown."""
BLANK = "> \t\r\n\u00a0"
"""What stands around a line of a letter that is quoted, and says nothing."""
DIVIDED = (re.compile(r"\s*-?\s*[\r\n\v\f\x85\u2028\u2029]\s*"), re.compile(r"(?<=\w)[-\u2010\u2011](?=\w)"))
"""Where a word is divided: at the end of a line, with or without a hyphen, and by a hyphen."""
LONGEST = 80
"""Characters of a cell that may be the name of a column, at most."""
NAMED = frozenset({
    "key", "label", "field", "field name", "attribute", "attribute name", "property", "property name", "question", "parameter",
    "cle", "libelle", "champ", "attribut", "propriete", "clave", "etiqueta", "campo", "atributo", "propiedad", "pregunta",
    "المفتاح", "الحقل", "الخاصية", "السؤال",
})  # fmt: skip
"""Labels of fields whose value is the name of a field, whose value is in another member or column of the same record."""
MEMBER = re.compile(r'"((?:[^"\\]|\\.){1,80})"\s*:\s*')
CLOSED = re.compile(r'(?<!\\)"\s*[,}\]]')
"""Where a text in JSON ends."""
JSON = json.JSONDecoder()
WORD = re.compile(r"[^\W_]+|[$\u00a2-\u00a5\u20a0-\u20cf\u2600-\u27bf\U0001f000-\U0001faff]")
"""What a text says: letters and figures, signs of money, small pictures. All else is markup, spacing or punctuation."""
MOST_WORDS = 60
"""Words of a row by which it is known."""

Value = tuple[str, str]


@lru_cache(maxsize=1)
def _load_joined_labels() -> Mapping[str, str]:
    """The same without the blanks between their words."""
    return {label.replace(" ", ""): prop for label, prop in _load_special_labels().items()}


@lru_cache(maxsize=1)
def _load_special_labels() -> Mapping[str, str]:
    """Labels in the compared form that name a special category of data, and the property for it."""
    import yaml

    persons = yaml.safe_load(ALIASES.read_text(encoding="utf-8"))["kinds"][PERSONS]
    props = persons["entities"]["person"]["props"]
    fields = {str(field): str(prop) for prop, field in props.items() if prop in SPECIAL}
    named = ((fields[field], names[1:]) for field, names in persons["columns"].items() if field in fields)
    return {alias: prop for prop, names in named for alias in map(normalise_label, names)}


def normalise_label(label: str) -> str:
    r"""A label in the form in which it is compared: words in lower case, no accents, no punctuation, no signs without a shape.

    >>> normalise_label("Reli\u00adgi\u00f3n")
    'religion'
    """
    shown = label if label.isascii() else SHAPELESS.sub("", label)
    words = normalise_name(shown.replace("/", " ").replace("-", " ").replace(".", " ").replace("'", " "))
    return " ".join(words.split())


@lru_cache(maxsize=4096)
def find_special_label(label: str) -> str:
    """The property of a special category that a label names, or a part of it ('details.religion'); '' if none.

    Where its words are parted says nothing: a program may have divided one at the end of a line.
    """
    known = _load_joined_labels()
    for part in (label, *PARTED.split(label)):
        for written in (part, CAPITAL.sub(" ", part)):
            plain = normalise_label(written)
            while plain.replace(" ", "") not in known and (shorter := COUNTED.sub("", plain)) != plain:
                plain = shorter
            if prop := known.get(plain.replace(" ", "")):
                return prop
    return ""


def has_special_words(text: str) -> bool:
    """Whether a text has all words of any label of a special category: quick, where most texts have none."""
    plain = PARTED.sub(" ", text)
    forms = (plain, CAPITAL.sub(" ", plain), *(mark.sub("", plain) for mark in DIVIDED))
    words = {word for form in dict.fromkeys(forms) for word in normalise_label(form).split()}
    return not words.isdisjoint(_load_joined_labels()) or any(
        words.issuperset(label.split()) for label in _load_special_labels()
    )


def find_special_members(cells: Iterable[str]) -> str:
    """The property of a special category that a member of records in JSON names, which stand in cells of a column; '' if none does."""
    for cell in cells:
        if cell[:1] in ("[", "{"):
            try:
                names = list(_list_members(json.loads(cell)))
            except (ValueError, RecursionError):
                continue
            if found := next(filter(None, map(find_special_label, names)), ""):
                return found
    return ""


def _list_members(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from map(str, value)
        yield from (one for name, one in value.items() if isinstance(one, str) and is_name_label(str(name)))
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _list_members(one)


def is_name_label(label: str) -> bool:
    """Whether a label says that the value beside it is a name of a field: 'key' in `{"key": "religion", "value": …}`."""
    return normalise_label(label) in NAMED


def claim_value(evidence: Evidence, prop: str, value: str, *scope: str) -> Claim:
    """What a field of a special category holds, as it is written, of a person without a name."""
    return evidence.build_claim("Person", build_entity_id("Person", evidence.document_id, *scope, prop), prop, value)


@dataclass(frozen=True, slots=True)
class SpecialCell:
    """A cell of a special category: the property, all cells of its row as written, and which of them it is."""

    prop: str
    row: tuple[str, ...]
    column: int

    @property
    def value(self) -> str:
        """What the cell says."""
        return self.row[self.column]


def claim_special_fields(
    rows: Iterable[Row], evidence: Evidence, *, is_json: bool = False, cells: Sequence[SpecialCell] = ()
) -> Iterator[Row]:
    """The rows of a document of running text, behind each passage what fields in it hold of special categories.

    Fields are the cells of a table, as lines of cells parted by bars or tabs; of a text in JSON its members; and `cells`, which the
    markup of the document tells, wherever its passages say them.
    """
    tables, members = _Tables(), _Members() if is_json else None
    rows = list(rows) if cells else rows
    said = {} if not cells else _locate(cells, [row for row in rows if isinstance(row, Passage)])
    for row in rows:
        yield row
        if isinstance(row, Passage):
            found = [*tables.find_values(row.text), *(members.find_values(row.text) if members else ())]
            found += said.get(row.id, ())
            there = replace(evidence, document_id=row.document_id, passage_id=row.id)
            for number, (prop, value) in enumerate(dict.fromkeys(found)):
                yield claim_value(there, prop, value, str(row.number), str(number))


def _locate(cells: Sequence[SpecialCell], passages: Sequence[Passage]) -> dict[str, Iterable[tuple[str, str]]]:
    """Properties and values of the cells that passages say, by the id of the passage."""
    found = locate_cells([one.text for one in passages], cells)
    return {one.id: values for one, values in zip(passages, found, strict=True)}


@dataclass(slots=True, eq=False)
class Place:
    """Where in tables something stands that is told beside the text: what makes the cells special, known when the tables are.

    Attributes
    ----------
    props : dict
        Properties of a special category, in order (values are None).
    is_found : bool
        Whether anything in the text refers to it; where nothing does it may be of any cell.
    """

    props: dict[str, None] = field(default_factory=dict)
    is_found: bool = True


def mark_places(
    rows: Sequence[tuple[Sequence[str], Sequence[tuple[int, Place]]]], *, is_grid: bool = False
) -> dict[str, None]:
    """Mark the places in special columns of one table, whose rows are cells, and places by their column; gives what is special in it.

    In a row of another width than that of the header nobody can tell the column: there each place is special, if any column is.
    """
    found = find_special_columns([cells for cells, _ in rows], is_grid=is_grid)
    whole = dict.fromkeys(prop for columns in found for prop in (columns or {}).values())
    for (_, places), known in zip(rows, found, strict=False):
        for column, place in places:
            place.props.update(whole if known is None else dict.fromkeys([known[column]] if column in known else ()))
    return whole


def find_special_columns(rows: Sequence[Sequence[str]], *, is_grid: bool = False) -> list[dict[int, str] | None]:
    """Special columns of each row of one table, None where nobody can tell; [] if there are none.

    A table of one column has its name in its first cell. `is_grid`: in a row with fewer cells than the header has, the last are missing.
    """
    if rows and all(len(cells) == 1 for cells in rows):
        prop = next((_find_label(cells[0].strip()) for cells in rows if cells[0].strip()), "")
        return [{0: prop} for _ in rows] if prop else []
    tables = _Tables()
    found = [tables.find_columns([cell.strip() for cell in cells]) for cells in rows]
    first = next((at for at, columns in enumerate(found) if columns), None)
    if first is None:
        return []
    width = len(rows[first])
    return [
        found[first]
        if columns is None and (len(cells) == width or (is_grid and at > first and len(cells) < width))
        else columns
        for at, (cells, columns) in enumerate(zip(rows, found, strict=True))
    ]


def list_special_cells(rows: Sequence[Sequence[str]], widths: Sequence[Sequence[int]] = ()) -> list[SpecialCell]:
    """Cells in special columns of one table; not the names of its columns. `widths`: over how many columns each cell goes, if not one."""
    widths = widths or [[1] * len(cells) for cells in rows]
    spread = [spread_cells(cells, counts) for cells, counts in zip(rows, widths, strict=True)]
    made: list[SpecialCell] = []
    for cells, counts, columns in zip(rows, widths, find_special_columns(spread), strict=False):
        ends = list(accumulate(counts))
        for at, (cell, end, count) in enumerate(zip(cells, ends, counts, strict=True)):
            props = {columns[one]: None for one in range(end - count, end) if one in columns} if columns else {}
            if cell.strip() and not _find_label(cell.strip()):
                made += [SpecialCell(prop, tuple(cells), at) for prop in props]
    return made


def spread_cells(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """The cells of a row by column: one that goes over several columns is in each.

    >>> spread_cells(["name", "religion"], [2, 1])
    ['name', 'name', 'religion']
    """
    return [cell for cell, width in zip(cells, widths, strict=True) for _ in range(width)]


class _Tables:
    """Follows the tables in the passages of a document."""

    def __init__(self) -> None:
        self._width = 0
        self._columns: dict[int, str] = {}
        self._before: tuple[str, int] = ("", 0)
        self._is_ruled = False

    def find_columns(self, cells: Sequence[str]) -> dict[int, str] | None:
        """The special cells of a row, also those of the header; None where the row has another width than the header, or there is none."""
        found = self._follow(cells) if len(cells) > 1 else self.end()
        if len(cells) != self._width:
            return None
        return {1: found[0], **found} if len(cells) == 2 and 0 in found else self._columns

    def find_values(self, text: str) -> Iterator[tuple[str, str]]:
        """Properties and values of the cells of a passage that are in a special column, or beside a special label."""
        for line in text.splitlines():
            if RULE.fullmatch(line):
                self._is_ruled = self._width > 0
                continue
            mark, cells = split_cells(line)
            cells = self._fit(cells)
            before, self._before = self._before, (mark, len(cells)) if line.strip(BLANK) else self._before
            if len(cells) < 2:
                if line.strip(BLANK):
                    self.end()
                continue
            columns = self._columns
            if mark == CELL or before != (mark, len(cells)) or columns:
                found = self._follow(cells)
            else:
                found = {0: prop} if len(cells) == 2 and (prop := _find_label(cells[0])) else {}
            if 0 in found and len(cells) == 2 and cells[1] and not columns.get(1):
                yield found[0], cells[1]
            for at, prop in self._columns.items() if not found else ():
                if at < len(cells) and cells[at]:
                    yield prop, cells[at]

    def end(self) -> dict[int, str]:
        """A table ends; gives that nothing is special."""
        self._width, self._columns, self._is_ruled = 0, {}, False
        return {}

    def _fit(self, cells: list[str]) -> list[str]:
        """A row without the empty cells that bars at its ends make, which the header has not."""
        while self._width and len(cells) > self._width and not (cells[0] and cells[-1]):
            cells = cells[1:] if not cells[0] else cells[:-1]
        return cells

    def _follow(self, cells: Sequence[str]) -> dict[int, str]:
        """Take in a row; gives the labels in it that name a special category, by their column."""
        found = {at: prop for at, cell in enumerate(cells) if (prop := _find_label(cell))}
        if found:
            self._width, self._columns = len(cells), found
        elif len(cells) != self._width and not self._is_ruled:
            self.end()
        return found


def split_cells(line: str) -> tuple[str, list[str]]:
    r"""What parts the cells of a line of a table, and the cells; one cell where it is no such line.

    >>> split_cells("| name | religion |"), split_cells("> Ann\tSikh")
    ((' | ', ['name', 'religion']), ('\t', ['Ann', 'Sikh']))
    """
    plain = line.strip(BLANK)
    if plain[:1] == "|" and plain[-1:] == "|" and len(plain) > 2:
        mark, cells = CELL, BAR.split(plain[1:-1])
    elif SPACED.search(line):
        mark, cells = CELL, SPACED.split(line.lstrip(">"))
    else:
        mark = "\t" if "\t" in plain else "|"
        cells = plain.split("\t") if mark == "\t" else BAR.split(plain)
    return mark, [cell.strip() for cell in cells]


class _Members:
    """Follows the members of a text in JSON through its passages; a value that goes on in the next ones is of all of them."""

    def __init__(self) -> None:
        self._open = self._tail = ""

    def find_values(self, text: str) -> Iterator[tuple[str, str]]:
        """Properties and values of the members of a passage that name a special category."""
        if self._open:
            yield self._open, text
            self._open = "" if CLOSED.search(text) else self._open
        whole, before = self._tail + text, len(self._tail)
        for match in MEMBER.finditer(whole):
            name = _decode_member(match[1])
            if match.end() > before and is_name_label(name):
                yield from _list_named_members(whole, match)
            if match.end() > before and (prop := find_special_label(name)):
                try:
                    value, _ = JSON.raw_decode(whole, match.end())
                except (ValueError, RecursionError):
                    value, self._open = whole[match.end() :], prop
                if value not in (None, "", [], {}):
                    yield prop, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self._tail = whole[-LONGEST:]


def _decode_member(written: str) -> str:
    """The name of a member of JSON without its escapes; as it is written where they are wrong."""
    try:
        return str(json.loads(f'"{written}"')) if "\\" in written else written
    except ValueError:
        return written


def _list_named_members(text: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Property and values of an object in JSON one member of which, found there, says what the others are about."""
    try:
        name, _ = JSON.raw_decode(text, match.end())
        prop = _find_label(name) if isinstance(name, str) else ""
        held, _ = JSON.raw_decode(text, text.rindex("{", 0, match.start())) if prop else ({}, 0)
    except (ValueError, RecursionError):
        return
    for member, value in held.items() if isinstance(held, dict) else ():
        if member != _decode_member(match[1]) and value not in (None, "", [], {}):
            yield prop, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _find_label(cell: str) -> str:
    return find_special_label(cell) if 0 < len(cell) <= LONGEST else ""


@dataclass(slots=True)
class _Node:
    """Words that runs go on with, and the run that ends here."""

    further: dict[str, _Node] = field(default_factory=dict)
    run: tuple[str, ...] = ()


def split_words(text: str) -> list[str]:
    """Words of a text in the form in which they are compared."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def locate_cells(texts: Sequence[str], cells: Sequence[SpecialCell]) -> list[dict[Value, None]]:
    """Properties and values of the cells that each text says, in order; a text may end within a row.

    A row is known by its words. Where it is said nowhere as a row, its cell is looked for by itself.
    """
    found: list[dict[Value, None]] = [{} for _ in texts]
    told = [(at, word) for at, text in enumerate(texts) for word in split_words(text)]
    words, owners = [word for _, word in told], [at for at, _ in told]
    left = _mark_cells(cells, words, owners, found, is_row=True)
    _mark_cells(left, words, owners, found, is_row=False)
    return found


def _mark_cells(
    cells: Sequence[SpecialCell], words: list[str], owners: list[int], found: list[dict[Value, None]], *, is_row: bool
) -> list[SpecialCell]:
    """Put cells to the texts that say them; gives those that none says."""
    keys: dict[tuple[str, ...], list[tuple[SpecialCell, int, int]]] = {}
    for cell in cells:
        before = split_words(" ".join(cell.row[: cell.column])) if is_row else []
        value = split_words(cell.value)
        whole = [*before, *value, *(split_words(" ".join(cell.row[cell.column + 1 :])) if is_row else [])]
        start, length = (len(before), len(value)) if value else (0, len(whole))
        if whole:
            keys.setdefault(tuple(whole[:MOST_WORDS]), []).append((cell, start, length))
    said: set[SpecialCell] = set()
    for at, key in _find_runs(words, keys.keys()):
        for cell, start, length in keys[key]:
            said.add(cell)
            for owner in dict.fromkeys(owners[at + start : at + start + length]):
                found[owner][cell.prop, cell.value] = None
    return [cell for cell in cells if cell not in said]


def _find_runs(words: list[str], runs: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Where among the words each of the runs begins."""
    top = _Node()
    for run in runs:
        node = top
        for word in run:
            node = node.further.setdefault(word, _Node())
        node.run = run
    for at in range(len(words) if top.further else 0):
        here: _Node | None = top
        for word in words[at : at + MOST_WORDS]:
            here = here.further.get(word) if here else None
            if here is None:
                break
            if here.run:
                yield at, here.run
