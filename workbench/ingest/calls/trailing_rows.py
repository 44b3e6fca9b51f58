"""Rows of a table that are no records: totals and sums; of a call table notes, the end of the report, dashes between blocks too.

What names a time or a number is a record, however little of it is filled. What names neither is none where it has far fewer
cells than the records have, or begins with words where they begin with figures. Of rows that name one of the two only a total
of a number, and the time of printing, are told from records: by their first word, and by what they lack.

In other tables (payments, registers) a row is a total where its only words are those of one, and nothing in it is its own: no
date, no account, no reference. 'Total' with an account number is a company.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from statistics import median_low
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.call_plan import FIELDS
from workbench.ingest.calls.values import event_words
from workbench.ingest.calls.values.lexicon import BELOW, TOTALS, load_lexicon, normalise_words, read_entries
from workbench.ingest.calls.values.phone_numbers import SHORT, parse_party
from workbench.ingest.reading.text_lines import format_numbers
from workbench.ingest.tables.columns.cell_values import IDENTIFIERS, parse_date, unquote_cell
from workbench.ingest.tables.columns.column_mapping import LEFT_OUT
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.ingest.calls.values.column_codes import Bools, Ints
    from workbench.ingest.tables.columns.column_mapping import SheetMap
    from workbench.ingest.tables.sheets.sheet import Sheet

SAMPLE = 200
"""Rows by which it is known how many cells a record has."""
QUOTED, TEXT = 8, 80
"""Rows that the issue quotes, and characters of each."""
FIRST = "first column"
"""Stands for the field of the first column where it has none: totals begin there."""
WHEN = ("start", "date", "end", "end_date")
PARTIES = ("a", "b", "target", "forwarded")
DEVICES = ("imei", "imsi")
WORDY = 0.2
"""Share of records that begin a column with words, from which on words there tell nothing."""
DATED = 6
"""Characters of the shortest date: 1/1/22."""
WRITTEN = re.compile(r"\d{1,4}([-/. ])\d{1,2}\1\d{1,4}")
COMPACT = frozenset({8, 10, 12, 13, 14})
"""Figures of dates without marks, and of seconds and milliseconds since 1970."""
BEGINNINGS = "0123456789+('\"`="
Row = Mapping[str, str]
"""Cells of a row by their field."""
OWN = frozenset({"reference", "record"})
"""Fields that name a record, whatever their role."""
CURRENCY = 3
"""Letters of a currency."""
LABELS = 60
"""Characters of the words of a total, at most."""


def _has_end_word(text: str) -> bool:
    """Whether a cell has a word for a total, a note or the end of a report."""
    return any(
        one.weight == 1
        for one in load_lexicon((BELOW,)).find_meanings(tuple(map(normalise_words, event_words.split_words(text))))
    )


@dataclass(slots=True)
class Trailers:
    """What rows of one table are no records, and which were found.

    Attributes
    ----------
    fields : tuple of (field, position)
        Columns that are looked at, in their order.
    usual : int
        Cells of these that a record has filled; 0 if no record was seen, and every row is taken for one.
    wordy : frozenset of str
        Columns in which records have words.
    titles : dict of str to str
        What the header says above each of the columns that are looked at.
    other : int
        Row of the header of another table, 0 none was met: nothing from there on is a record of this one.
    """

    fields: tuple[tuple[str, int], ...]
    usual: int = 0
    wordy: frozenset[str] = frozenset()
    rows: list[int] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    other: int = 0

    def is_beyond(self, number: int, cells: Sequence[str], names: Sequence[str]) -> bool:
        """Whether a row is the header of another table than that with these names, or below one."""
        from workbench.ingest.tables.guess.sheet_parts import is_header_of_other

        if not self.other and is_header_of_other([*cells], [*names]):
            self.other = number
        return 0 < self.other <= number

    def note_if_trailer(self, number: int, cells: Sequence[str]) -> bool:
        """Whether a row is no record; it is noted then."""
        return self._note_if_trailer(number, self._name_row(cells))

    def is_total(self, cells: Sequence[str]) -> bool:
        """Whether a row is no record; nothing is noted."""
        return self.is_trailer(self._name_row(cells))

    def note(self, number: int, text: str) -> None:
        """Note a row that is no record."""
        self.rows.append(number)
        if len(self.texts) < QUOTED:
            self.texts[number] = text[:TEXT]

    def drop_trailers(self, columns: Mapping[str, pa.Array], rows: Ints) -> tuple[Mapping[str, pa.Array], Ints]:
        """Columns by their field, and row numbers, without the rows that are no records."""
        import pyarrow as pa

        places = (
            np.flatnonzero(_find_doubtful_rows(columns, len(rows)))
            if self.usual and len(rows)
            else np.zeros(0, np.int64)
        )
        if not len(places) and not self.other:
            return columns, rows
        names = [name for name, _ in self.fields if name in columns]
        cells = zip(*(columns[name].take(pa.array(places)).to_pylist() for name in names), strict=True)
        titles = [self.titles.get(name, "") for name in names]
        gone = [
            place
            for place, row in zip(places.tolist(), cells, strict=True)
            if self.is_beyond(int(rows[place]), [*map(unquote_cell, row)], titles)
            or self._note_if_trailer(int(rows[place]), dict(zip(names, row, strict=True)))
        ]
        keep = rows < self.other if self.other else np.ones(len(rows), dtype=np.bool_)
        keep[gone] = False
        return {name: column.filter(pa.array(keep)) for name, column in columns.items()}, rows[keep]

    def list_issues(self, document: str, place: str, kept: str) -> Iterator[Issue]:
        """One issue that quotes the first of them. `kept`: what becomes of their text ('left_out' or 'text')."""
        if self.rows:
            rows = sorted(self.rows)
            quoted = [*(repr(self.texts[row]) for row in sorted(self.texts)), *["…"] * (len(rows) > len(self.texts))]
            said = {"count": len(rows), "listed": format_numbers(rows), "quoted": ", ".join(quoted)}
            message, fix = Sentence(f"row.trailers.{kept}", **said), Sentence("fix.compare.totals")
            yield build_issue("bad-row", message, fix=fix, document_id=document, place=f"{place}row {rows[0]}")

    def is_trailer(self, row: Row) -> bool:
        """Whether the cells of a row, by their field, are no record."""
        filled = [(name, text) for name, _ in self.fields if (text := unquote_cell(row.get(name) or ""))]
        if not filled or not self.usual:
            return False
        sparse, (name, first) = 2 * len(filled) <= self.usual, filled[0]
        timed, named = has_time(row), has_party(row)
        if not timed and not named:
            return sparse or (_is_worded(first) and name not in self.wordy)
        if not sparse or not _has_end_word(first):
            return False
        if named:  # a total of a number
            return not any(row.get(one) for one in WHEN)
        return name not in WHEN and not row.get("duration")  # when it was printed

    def _name_row(self, cells: Sequence[str]) -> Row:
        return {name: cells[at] for name, at in self.fields if at < len(cells)}

    def _note_if_trailer(self, number: int, row: Row) -> bool:
        found = self.is_trailer(row)
        if found:
            self.note(number, " ".join(filter(None, map(unquote_cell, row.values()))))
        return found


@dataclass(slots=True)
class Totals(Trailers):
    """What rows of a table of payments, or a register, sum it up. `columns`: role and field of each column that is looked at."""

    columns: dict[str, tuple[str, str]] = field(default_factory=dict)

    def is_trailer(self, row: Row) -> bool:
        """Whether the only words of a row are those of a total, and it has nothing of its own."""
        filled = {name: text for name, _ in self.fields if (text := unquote_cell(row.get(name) or ""))}
        labels = {name for name, text in filled.items() if is_total(text)}
        return bool(labels) and all(_is_figure(*self.columns[name], filled[name]) for name in filled.keys() - labels)


def is_total(text: str) -> bool:
    """Whether a text is that of a total and nothing else.

    >>> [is_total(one) for one in ("TOTAL", "Total général", "Sub-total: 48", "المجموع", "TotalEnergies", "Total SA")]
    [True, True, True, True, False, False]
    """
    if len(text) > LABELS or not any(map(str.isalpha, text)):
        return False
    totals, beside = _load_total_words()
    there = [one for one in map(normalise_words, event_words.split_words(text)) if one and not one.isdecimal()]
    at, found = 0, False
    while at < len(there):
        pair, single = tuple(there[at : at + 2]), tuple(there[at : at + 1])
        known = next((one for one in (pair, single) if one in totals or one in beside), ())
        if not known:
            return False
        at, found = at + len(known), found or known in totals
    return found


@lru_cache(maxsize=1)
def _load_total_words() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Words of totals, and those that stand beside them."""
    listed = list(read_entries((TOTALS,)))
    return (
        frozenset(one.words for one in listed if one.concept == TOTALS),
        frozenset(one.words for one in listed if one.concept != TOTALS),
    )


def _is_figure(role: str, name: str, text: str) -> bool:
    """Whether a cell may be one of a total: a figure, or a currency; nothing that names or dates a record."""
    figures, letters = sum(map(str.isdecimal, text)), sum(map(str.isalpha, text))
    if role in ("number", "duration"):
        return letters <= CURRENCY
    if name in OWN or role in ("plain", "account", "direction") or _is_dated(text):
        return False
    if role in IDENTIFIERS or role in ("name", "email", "date", "birth", "time"):
        return not letters and figures < SHORT
    return letters <= CURRENCY and text.upper() == text


def create_trailers(sheet: Sheet, mapped: SheetMap) -> Trailers | None:
    """What rows of a sheet are no records; None of a table of which nothing is claimed."""
    if mapped.kind == "calls":
        return build_trailers(sheet, mapped)
    columns = {str(at): (one.role, one.field) for at, one in enumerate(mapped.columns) if one.role != LEFT_OUT}
    return Totals(tuple((name, int(name)) for name in columns), columns=columns) if mapped.entities else None


def build_trailers(sheet: Sheet, mapped: SheetMap) -> Trailers:
    """How the records of a table of calls look, by its first rows."""
    named = [(one.field if one.field in FIELDS else "", at, one.role) for at, one in enumerate(mapped.columns)]
    fields = tuple((name or FIRST, at) for name, at, role in named if name or (not at and role != LEFT_OUT))
    made = Trailers(fields, titles={name: mapped.columns[at].name for name, at in fields})
    records: list[dict[str, str]] = []
    for number, cells in islice(sheet.rows(), mapped.header + SAMPLE):
        row = {name: text for name, at in fields if at < len(cells) and (text := unquote_cell(cells[at]))}
        if number > mapped.header and (has_time(row) or has_party(row)) and len(row) > 1:
            records.append(row)
    if records:
        made.usual = median_low(map(len, records))
        words = {name: sum(_is_worded(row.get(name, "")) for row in records) for name, _ in fields}
        made.wordy = frozenset(name for name, count in words.items() if count > WORDY * len(records))
    return made


def has_time(row: Row) -> bool:
    """Whether a row has a date, be it one that no calendar has."""
    return any(_is_dated(unquote_cell(text)) for name in WHEN if (text := row.get(name)))


def has_party(row: Row) -> bool:
    """Whether a row has a telephone number, one that is withheld, a handset or a SIM card. Short codes may be sums."""
    for name in PARTIES:
        text = unquote_cell(row.get(name) or "")
        if (
            text
            and (kind := parse_party(text, None).kind) in ("number", "withheld")
            and (kind == "number" or _is_worded(text))
        ):
            return True
    return any(sum(map(str.isdecimal, row.get(name) or "")) >= 14 for name in DEVICES)


def _is_dated(text: str) -> bool:
    if text.isdecimal():
        return len(text) in COMPACT
    return WRITTEN.match(text) is not None or any(parse_date(text, form) for form in ("dmy", "mdy"))


def _is_worded(text: str) -> bool:
    """Whether a text is words, or no figure at all: 'Total records: 48', '-----'."""
    letters, figures = sum(map(str.isalpha, text)), sum(map(str.isdecimal, text))
    return bool(text) and letters >= figures


def _find_doubtful_rows(columns: Mapping[str, pa.Array], count: int) -> Bools:
    """Rows that may be no records, found without looking at each: no cell like a date, or none like a number."""
    import pyarrow.compute as pc

    timed, named = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for name in WHEN:
        if name in columns:
            timed |= _flag_texts(columns[name], lambda texts: _has_length(texts, DATED))
    for name in PARTIES:
        if name in columns:
            named |= _flag_texts(columns[name], lambda texts: pc.and_(_has_length(texts, SHORT), _has_beginning(texts)))
    return ~(timed & named)


def _has_length(texts: pa.Array, least: int) -> pa.Array:
    import pyarrow.compute as pc

    return pc.greater_equal(pc.utf8_length(texts), least)


def _has_beginning(texts: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(pc.utf8_slice_codeunits(texts, 0, 1), pa.array(list(BEGINNINGS)))


def _flag_texts(column: pa.Array, test: Callable[[pa.Array], pa.Array]) -> Bools:
    """A test of each text of a column, plain or dictionary-encoded."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        found: Bools = test(column).to_numpy(zero_copy_only=False)
        return found
    coded: Bools = test(column.dictionary).to_numpy(zero_copy_only=False)[column.indices.to_numpy()]
    return coded
