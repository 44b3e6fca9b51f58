"""Where the header of a table is: above the records, in the words of a known kind of table, or of another make than they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.ingest.reading.special_labels import LONGEST, find_special_label
from workbench.ingest.tables.columns.cell_values import parse_date, parse_time, unquote_cell
from workbench.ingest.tables.columns.table_kinds import load_header_words, load_kinds, normalise_header

if TYPE_CHECKING:
    from workbench.ingest.tables.columns.column_mapping import Column

FEWEST = 3
WIDE = 0.6
KNOWN = 0.75
"""Share of the cells of a second header that are names of columns, at least."""
UNLIKE = 0.75
"""Share of the columns in which a header that no word shows to be one is of another make than the cells below it."""


def find_header(rows: list[list[str]], known: AbstractSet[str], bare: Callable[[str], str]) -> int:
    """Index of the header row: most known headers, else the first wide row of different words; -1 if there is none.

    Parameters
    ----------
    known : set of str
        Headers of known kinds of tables, as `bare` makes them comparable.
    """
    width = max((sum(map(bool, cells)) for cells in rows), default=0)
    scores = [len({bare(cell) for cell in cells} & known) if sum(map(bool, cells)) > width / 3 else 0 for cells in rows]
    if (best := max(scores, default=0)) >= 2:
        return next(index for index, score in enumerate(scores) if score == best or score > max(FEWEST, best / 3))
    for index, cells in enumerate(rows):
        filled = [cell for cell in cells if cell]
        words = all(
            sum(map(str.isdigit, cell)) <= sum(map(str.isalpha, cell)) and not _is_data(cell) for cell in filled
        )
        if len(filled) >= max(1, WIDE * width) and words and len(set(filled)) == len(filled):
            return index
        if len(filled) >= max(FEWEST, WIDE * width) and (
            _is_numbered_header(filled) or _is_unlike(cells, rows[index + 1 :])
        ):
            return index
    return -1


def is_other_header(cells: list[str], names: Sequence[str]) -> bool:
    """Whether a row below the header of a table is a header itself, with other columns or the same in another order.

    It has hardly anything but names of the columns above it, or three names or more that a kind of table knows.

    Parameters
    ----------
    names : sequence of str
        Columns of the table; empty if it is not known what its rows mean.
    """
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or filled[0][:1].isdigit() or len(set(filled)) < len(filled):
        return False
    above = _normalise_names(tuple(names))
    first = normalise_header(filled[0])
    if not (first in above or first in load_header_words()):  # quickly: a row of values
        return False
    words = [first, *map(normalise_header, filled[1:])]
    same = sum(word in above for word in words)
    whole = same == len(words) and 2 * same >= len(above)
    if whole or (same >= FEWEST and same >= KNOWN * len(words)):
        return (*words,) != above
    return len(words) >= FEWEST and _is_known_header(words)


@lru_cache(maxsize=8)
def _normalise_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the columns of a table, made comparable once for all its rows."""
    return tuple(map(normalise_header, names))


def is_special_header(cells: list[str], columns: Sequence[Column], *, is_apart: bool) -> bool:
    """Whether a row below a table is the header of another one, with a column of a special category of data.

    All its cells are names of columns that are known; below an empty row, most of them, or it fits the table above in no way.

    Parameters
    ----------
    columns : sequence of Column
        The columns of the table above.
    is_apart : bool
        Whether an empty row is above it.
    """
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or filled[0][:1].isdigit() or len(set(filled)) < len(filled):
        return False
    if not (is_apart or normalise_header(filled[0]) in load_header_words()):  # quickly: a row of values
        return False
    if any(map(_is_data, filled)) or not any(map(_is_special, filled)):
        return False
    words = [*map(normalise_header, filled)]
    known = sum(word in load_header_words() or _is_special(cell) for word, cell in zip(words, filled, strict=True))
    if known == len(filled):
        return words != [normalise_header(column.name) for column in columns if column.name]
    if not is_apart:
        return False
    pairs = zip(columns, cells, strict=False)
    is_unlike = any(cell and _has_figures(above.example) and not _has_figures(cell) for above, cell in pairs)
    return 2 * known > len(filled) or is_unlike or len(cells) != len(columns)


def _is_special(cell: str) -> bool:
    return len(cell) <= LONGEST and bool(find_special_label(cell))


def _has_figures(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def is_reordered_header(cells: list[str], names: Sequence[str]) -> bool:
    """Whether a row has the names of the columns above it, at least half of them and nothing else, in another order."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or 2 * len(filled) < len(names) or len(set(filled)) < len(filled):
        return False
    above = _normalise_names(tuple(names))
    if normalise_header(filled[0]) not in above:
        return False
    words = [*map(normalise_header, filled)]
    return set(words) <= set(above) and (*words,) != above


def is_same_header(cells: list[str], header: list[str]) -> bool:
    """Whether a row repeats the header of its table, in whatever case and with whatever marks."""
    if cells == header or not header or cells[:1] == [""] or cells[0][:1].isdigit():
        return cells == header
    if normalise_header(cells[0]) != normalise_header(header[0]):
        return False
    return [*filter(None, map(normalise_header, cells))] == [*filter(None, map(normalise_header, header))]


def _is_known_header(words: list[str]) -> bool:
    """Whether a kind of table knows nearly all the words of a row, and what its rows would be about."""
    for kind in load_kinds():
        found = {kind.columns[word][0] for word in words if word in kind.columns}
        if len(found) >= max(FEWEST, KNOWN * len(words)) and any(need <= found for need in kind.needs):
            return True
    return False


def _is_unlike(cells: list[str], below: list[list[str]]) -> bool:
    """Whether a row is of another make than what stands below it, column by column, and no two of its cells are the same."""
    filled = [cell for cell in cells if cell]
    if len(set(filled)) < len(filled) or any(map(_is_data, filled)) or len(below) < FEWEST:
        return False
    told = [
        place
        for place, cell in enumerate(cells)
        if cell and any((row[place] if place < len(row) else "") for row in below)
    ]
    unlike = [
        place
        for place in told
        if _compute_shape(cells[place]) not in {_compute_shape(row[place] if place < len(row) else "") for row in below}
    ]
    return len(told) >= FEWEST and len(unlike) >= UNLIKE * len(told)


def _compute_shape(cell: str) -> str:
    """What a cell is made of: letters, figures and marks in their order, however many of each."""
    kinds = ["9" if c.isdigit() else "a" if c.isalpha() else c for c in cell]
    return "".join(kind for place, kind in enumerate(kinds) if not place or kinds[place - 1] != kind)


def _is_numbered_header(cells: list[str]) -> bool:
    """Whether the cells of a row are a letter or two with figures that go up: F1, F2, F3."""
    heads = {cell.rstrip("0123456789") for cell in cells}
    figures = [cell.removeprefix(next(iter(heads))) for cell in cells]
    if len(heads) != 1 or not next(iter(heads)) or not all(text.isdigit() and len(text) <= 4 for text in figures):
        return False
    return all(int(one) < int(other) for one, other in pairwise(figures))


def _is_data(cell: str) -> bool:
    """Whether a cell that begins a row is a value and no name of a column: a date, a time, a number."""
    return bool(parse_date(cell, "dmy") or parse_time(cell)) or (cell[:1].isdigit() and any(c in cell for c in ":/."))


def name_columns(header: list[str], width: int) -> list[str]:
    """Names of columns: as written; empty and repeated ones get their position."""
    names: list[str] = []
    for index in range(width):
        name = unquote_cell(header[index]) if index < len(header) else ""
        name = name or f"column {index + 1}"
        names.append(name if name not in names else f"{name} ({index + 1})")
    return names
