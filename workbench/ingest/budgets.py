"""What reading a file may cost: one rule for every reader, a floor and so much more per byte of the file.

Measured on two busy cores: the dearest honest files take 20 seconds of processor time a megabyte (short lines of numbers),
and give 0.5 rows and 103 bytes of rows a byte (a chat of words of two letters). The limits lie above that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
OUTPUT, OUTPUT_A_BYTE = 16 << 20, 120
FILES, FILES_A_BYTE = 20_000, 0.005
ROW = 200
"""Bytes of a row, about, beside its text."""


def allowed(size: int, options: Mapping[str, str]) -> Budget:
    """Time and memory in which a file of so many bytes has to be read."""
    scanned = bool(options.get("ocr"))
    least, more = (SCAN_SECONDS, SCAN_SECONDS_A_MEGABYTE) if scanned else (SECONDS, SECONDS_A_MEGABYTE)
    cpu = least + more * size / MEGABYTE
    return Budget(cpu, PATIENCE * cpu, MEMORY + MEMORY_A_BYTE * size)


def most_mass_rows(size: int) -> int:
    """How many mass rows files of so many bytes can honestly hold."""
    return int(MASS_ROWS + MASS_ROWS_A_BYTE * size)


@dataclass(slots=True)
class Yield:
    """Counts what a reader gives of a file of so many bytes."""

    size: int
    rows: int = 0
    mass_rows: int = 0
    output: int = 0
    files: int = 0

    def count(self, row: Row) -> None:
        """Count a row.

        Raises
        ------
        Stopped
            If it is more than a file of that size can honestly give.
        """
        if isinstance(row, Batch):
            self.mass_rows += row.rows.num_rows
            self._hold("rows", self.mass_rows, most_mass_rows(self.size))
        elif isinstance(row, Enclosure):
            self.files += 1
            self.output += weight(row)
            self._hold("files", self.files, FILES + FILES_A_BYTE * self.size)
        else:
            self.rows += 1
            self.output += weight(row)
            self._hold("rows", self.rows, ROWS + ROWS_A_BYTE * self.size)
        self._hold("output", self.output, OUTPUT + OUTPUT_A_BYTE * self.size)

    def _hold(self, limit: Limit, figure: float, most: float) -> None:
        if figure > most:
            raise Stopped(limit, most)


def weight(row: LedgerRow | Enclosure) -> int:
    """Bytes of a row, about."""
    if isinstance(row, Enclosure):
        return ROW + len(row.data)
    if isinstance(row, Passage):
        return ROW + len(row.text)
    if isinstance(row, Claim):
        return ROW + len(row.value) + len(row.original_value)
    return ROW + (len(row.message) if isinstance(row, Issue) else 0)
