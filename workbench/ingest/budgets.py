"""What reading a file may cost: one rule for every reader, a floor and so much more per byte of the file.

Measured on two busy cores: the dearest honest files take 20 seconds of processor time a megabyte (short lines of numbers),
and give 0.5 rows and 103 bytes of rows a byte (a chat of words of two letters). The limits lie above that.

A file that was handed over shares one more budget with all files within it (`FileBudget`), by its own size: bytes unpack to many,
and many files to more. Measured: the densest honest archives give 1.3 rows and 300 bytes of rows a byte (a table of calls, packed
to a twelfth), and a row takes the case 700 bytes and 0.15 thousandths of a second.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from workbench.model.rows import Batch, Claim, Enclosure, Issue, LedgerRow, Passage, Row
from workbench.worker import Budget, Limit, Stopped

MEGABYTE = 1e6
SECONDS, SECONDS_A_MEGABYTE = 20.0, 30.0
SCAN_SECONDS, SCAN_SECONDS_A_MEGABYTE = 300.0, 3_000.0
"""Where text of scans is asked for: a megabyte may be fifty pages, and a page may take a minute."""
PATIENCE = 4.0
"""A child is waited for so many times as long as it may work: other programs want the processor too."""
MEMORY, MEMORY_A_BYTE = 2 << 30, 12
ROWS, ROWS_A_BYTE = 100_000, 0.6
MASS_ROWS, MASS_ROWS_A_BYTE = 1_000_000, 2.0
CELLS, CELLS_A_BYTE = 20_000_000, 40.0
"""Values of a table that says how many it holds: a million dense rows of twenty columns, and more by the byte. A million take a second."""
OUTPUT, OUTPUT_A_BYTE = 16 << 20, 120
FILES, FILES_A_BYTE = 20_000, 0.005
WHOLE_ROWS, WHOLE_ROWS_A_BYTE = 50_000, 4.0
WHOLE_MASS_ROWS, WHOLE_MASS_ROWS_A_BYTE = 1_000_000, 40.0
WHOLE_OUTPUT, WHOLE_OUTPUT_A_BYTE = 16 << 20, 1_000
WHOLE_FILES, WHOLE_FILES_A_BYTE = 1_000, 0.02
WHOLE_SECONDS, PACKED = 120.0, 20
"""Seconds for all files within a file, beside those that one file may take into which it unpacks: at most so many times its size."""
ROW = 200
"""Bytes of a row, about, beside its text."""


def compute_budget(size: int, options: Mapping[str, str]) -> Budget:
    """Time and memory in which a file of so many bytes has to be read."""
    scanned = bool(options.get("ocr"))
    least, more = (SCAN_SECONDS, SCAN_SECONDS_A_MEGABYTE) if scanned else (SECONDS, SECONDS_A_MEGABYTE)
    cpu = least + more * size / MEGABYTE
    return Budget(cpu, PATIENCE * cpu, MEMORY + MEMORY_A_BYTE * size)


def compute_max_bulk_rows(size: int) -> int:
    """How many mass rows files of so many bytes can honestly hold."""
    return int(MASS_ROWS + MASS_ROWS_A_BYTE * size)


def compute_max_cells(size: int) -> int:
    """How many values, empty ones too, a table in a file of so many bytes can honestly hold."""
    return int(CELLS + CELLS_A_BYTE * size)


@dataclass(slots=True)
class Output:
    """How much was made of a file or of several: rows, rows of mass tables, bytes of both (about), files within."""

    rows: int = 0
    mass_rows: int = 0
    output: int = 0
    files: int = 0

    def add(self, row: Row) -> None:
        """Count a row."""
        if isinstance(row, Batch):
            self.mass_rows += row.rows.num_rows
            return
        self.output += compute_size(row)
        if isinstance(row, Enclosure):
            self.files += 1
        else:
            self.rows += 1

    def hold(self, most: Output) -> None:
        """Hold it against what there may be at most.

        Raises
        ------
        Stopped
            If it is more.
        """
        _check_limit("rows", self.mass_rows, most.mass_rows)
        _check_limit("rows", self.rows, most.rows)
        _check_limit("output", self.output, most.output)
        _check_limit("files", self.files, most.files)

    def add_output(self, other: Output) -> Output:
        """Both together."""
        rows, mass_rows = self.rows + other.rows, self.mass_rows + other.mass_rows
        return Output(rows, mass_rows, self.output + other.output, self.files + other.files)


def _check_limit(limit: Limit, figure: int, most: int) -> None:
    if figure > most:
        raise Stopped(limit, most)


class FileBudget:
    """What a file that was handed over may make in the case together with all files within it, however deep: one budget.

    Parameters
    ----------
    size : int
        Bytes of the file that was handed over.
    options : mapping
        With which it is read.

    Attributes
    ----------
    made : Made
        What was made of it so far.
    read : int
        Files of it that are read.
    met : set of str
        SHA-256 of the files of it that were met: what is in one of them is not taken out a second time.
    new : set of str
        SHA-256 of those of them that were new to who handed it over.
    ended : bool
        Whether nothing more of it is looked at.
    """

    def __init__(self, size: int, options: Mapping[str, str]) -> None:
        self.made, self.read, self.met, self.new, self.ended = Output(), 0, set[str](), set[str](), False
        self.seconds = WHOLE_SECONDS + compute_budget(PACKED * size, options).wait
        self.ends = time.monotonic() + self.seconds
        self.most = Output(
            round(WHOLE_ROWS + WHOLE_ROWS_A_BYTE * size),
            round(WHOLE_MASS_ROWS + WHOLE_MASS_ROWS_A_BYTE * size),
            WHOLE_OUTPUT + WHOLE_OUTPUT_A_BYTE * size,
            round(WHOLE_FILES + WHOLE_FILES_A_BYTE * size),
        )

    @property
    def exceeded_limit(self) -> Stopped | None:
        """The limit that it went over, if any: nothing more of it is read then."""
        try:
            self.hold()
        except Stopped as stopped:
            return stopped
        return None

    def add(self, row: Row) -> None:
        """Count a row. Raises as `hold`."""
        self.made.add(row)
        self.hold()

    def count_output(self, made: Output, *, is_last: bool) -> None:
        """Count what was made of a file of it before; after the last one nothing more of it was looked at."""
        self.made, self.read, self.ended = self.made.add_output(made), self.read + 1, self.ended or is_last

    def hold(self) -> None:
        """Hold all of it against the budget.

        Raises
        ------
        Stopped
            If it is more than a file of that size can honestly make, or takes longer.
        """
        self.made.hold(self.most)
        if time.monotonic() > self.ends:
            raise Stopped("wait", self.seconds)

    def cut(self, budget: Budget) -> Budget:
        """The budget of one file of it, within the time that is left of all."""
        return replace(budget, wait=min(budget.wait, max(self.ends - time.monotonic(), 0.0)))


class Yield:
    """Counts what a reader gives of a file of so many bytes; `whole`: what was handed over, in which the file lies."""

    def __init__(self, size: int, whole: FileBudget | None = None) -> None:
        self.made, self.whole = Output(), whole
        self.most = Output(
            round(ROWS + ROWS_A_BYTE * size),
            compute_max_bulk_rows(size),
            OUTPUT + OUTPUT_A_BYTE * size,
            round(FILES + FILES_A_BYTE * size),
        )

    def count(self, row: Row) -> None:
        """Count a row.

        Raises
        ------
        Stopped
            If it is more than a file of that size can honestly give, or all of what was handed over.
        """
        self.made.add(row)
        self.made.hold(self.most)
        if self.whole:
            self.whole.add(row)

    def count_output(self, made: Output) -> None:
        """Count what is no row of the case yet: cells of a table, a message. Raises as `count`."""
        self.made = self.made.add_output(made)
        self.made.hold(self.most)
        if self.whole:
            self.whole.made = self.whole.made.add_output(made)
            self.whole.hold()


def compute_size(row: LedgerRow | Enclosure) -> int:
    """Bytes of a row, about."""
    if isinstance(row, Enclosure):
        return ROW + len(row.data) + ROW * len(row.further)
    if isinstance(row, Passage):
        return ROW + len(row.text)
    if isinstance(row, Claim):
        return ROW + len(row.value) + len(row.original_value)
    return ROW + (len(row.message) if isinstance(row, Issue) else 0)
