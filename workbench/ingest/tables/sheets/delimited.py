"""Tables as text: CSV and its kin."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines, format_numbers
from workbench.ingest.tables.sheets.sheet import COLUMNS, Form, Sheet
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

DELIMITERS = ",;\t|"


SAMPLE = 60


RECORD_LINES = 100


AGREE = 0.6
LONGEST_CELL = 131_072
"""Characters of a cell, at most: the limit of Python's own reader, which another library may lift for the whole process."""


def find_delimiter(lines: list[str]) -> str:
    """Mark that parts the cells: one that stands equally often in all lines, else in most; '' if none does."""
    best, most = "", (False, 0)
    for mark in DELIMITERS:
        counts = Counter(_count_unquoted(line, mark) for line in lines if line.strip())
        counts.pop(0, None)
        if counts:
            often, times = max(counts.items(), key=lambda item: (item[1] * item[0], item[0]))
            score = times / max(1, sum(1 for line in lines if line.strip()))
            if score >= AGREE and (score == 1, times * often) > most:
                best, most = mark, (score == 1, times * often)
    return best


def _count_unquoted(line: str, mark: str) -> int:
    """How often a mark stands outside quotes."""
    return sum(part.count(mark) for part in line.split('"')[::2])


class _Feed:
    """Lines for Python's CSV reader. A record that goes on and on is stopped, and its lines can be had again."""

    def __init__(self, lines: TextLines) -> None:
        self.source = iter(lines)
        self.record: list[tuple[int, str]] = []
        self.again: list[tuple[int, str]] = []
        self.ended = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.record) >= RECORD_LINES:
            raise csv.Error(f"a quote does not close within {RECORD_LINES} lines")
        line = self.again.pop(0) if self.again else next(self.source, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.record.append(line)
        return line[1].replace("\x00", "") + "\n"

    @property
    def is_open(self) -> bool:
        """Whether the file ended within a quote."""
        return self.ended and len(self.record) > 1 and sum(line.count('"') for _, line in self.record) % 2 == 1

    @property
    def is_long(self) -> bool:
        """Whether the record is one line, all of whose quotes close: only its length is in the way."""
        return len(self.record) == 1 and self.record[0][1].count('"') % 2 == 0

    def requeue_lines(self) -> tuple[int, str]:
        """First line of the record; the others will be fed again."""
        first, *rest = self.record
        self.again[:0] = rest
        self.record, self.ended = [], False
        return first


def read_text_table(source: SourceFile, form: Form) -> Sheet:
    """The file as one table, in the form that an officer gave or as found."""
    lines = TextLines(source, said=form.encoding)
    mark = form.delimiter[:1] or find_delimiter([line for _, line in islice(lines, SAMPLE)]) or ","
    sheet = Sheet("", lambda: _read_rows(sheet, lines, mark), is_delimited=True)
    return sheet


def _read_rows(sheet: Sheet, lines: TextLines, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line in which each begins. A line whose quote never closes is cut at every mark."""
    sheet.issues = []
    wrong: dict[str, list[int]] = {}
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=mark)
    while True:
        feed.record = []
        cells = _read_record(reader, feed)
        if cells is None and not feed.record:
            break
        if cells is None:
            key = "long_cell" if feed.is_long else "quotes"
            number, line = feed.requeue_lines()
            wrong.setdefault(key, []).append(number)
            cells = line.split(mark)
        else:
            number = feed.record[0][0] if feed.record else 0
        yield number, [cell.strip() for cell in cells[:COLUMNS]]
    sheet.issues = [*(_cut_up(key, found) for key, found in wrong.items()), *lines.issues]


def _read_record(reader: Iterator[list[str]], feed: _Feed) -> list[str] | None:
    """Cells of the next record; None at the end, or where the lines in the feed are no record."""
    try:
        cells = next(reader)
    except (StopIteration, csv.Error):
        return None
    return None if feed.is_open or max(map(len, cells), default=0) > LONGEST_CELL else cells


def _cut_up(key: str, lines: list[int]) -> Issue:
    said = Sentence(f"row.table.{key}", count=len(lines), most=LONGEST_CELL, listed=format_numbers(lines))
    return build_issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=f"line {lines[0]}")
