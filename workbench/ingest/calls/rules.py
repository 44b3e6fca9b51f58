"""The quality rules of call records (C-01 to C-15): what each says, and the count of rows that break it.

A rule tells once per table how many rows break it and which are the first. The rows carry the rules that they break
themselves (column `dq`); rules that compare rows are in `workbench.ingest.calls.whole`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.codes import Bools, Coded, Ints, constant, distinct
from workbench.ingest.lines import SHOWN, numbers
from workbench.model.issues import issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from numpy.typing import NDArray

RULES = tuple(f"C-{number:02}" for number in range(1, 16))
QUOTED = 60
WORDS: dict[str, tuple[str, str]] = {
    "C-01": ("have a local time that a clock change skips or repeats; it is read as the earlier one",
             "Compare these calls with another source before relying on their time in UTC."),
    "C-02": ("name a number that cannot be read as one; it is compared as written",
             "Look whether it is a number of another country, or was damaged."),
    "C-03": ("are the second half of a forwarded call: same start and duration, the target called in one and calling in the"
             " other; they are not counted as calls that the target made", "Ask the operator how it records forwarding."),
    "C-04": ("begin while another call of the same number goes on (three-way call, call waiting)",
             "Look at them together; they may be one conversation."),
    "C-05": ("are the other half of a call that stands in the table before (both parties' records are in it); counted once", ""),
    "C-06": ("are the same as a record before; counted once", "Ask whether periods of the request overlap."),
    "C-07": ("are with a service (voicemail, short code, sender name); they are shown apart from contacts", ""),
    "C-08": ("have an IMEI that fails its check digit or is too short", "Compare handsets on 14 digits; ask for the original."),
    "C-09": ("show a handset with another SIM card, or a SIM card in another handset: an event, no error", ""),
    "C-10": ("are further apart than a phone can travel in the time (over 300 km/h)",
             "Look at the time zone, the list of cells, and whether two phones use one card."),
    "C-11": ("have coordinates that cannot be right (0, 0, or out of range); they are not used",
             "Look whether latitude and longitude have changed places; ask for the list of cells of that date."),
    "C-12": ("stand after a silence of more than three times the usual gap",
             "The phone was off, another card was used, or records are missing: ask before reading meaning into it."),
    "C-13": ("have a duration that is no whole number of seconds; it is kept as written",
             "Say the unit of the column in the mapping (form 's', 'min' or 'ms')."),
    "C-14": ("have a duration that their kind cannot have (a text with a duration, a data session of over a day), or are"
             " parts of one long text", "Count parts of one text once."),
    "C-15": ("have a number that a spreadsheet has damaged (exponent, rounded end); it is refused",
             "Ask for the original file; the digits cannot be got back."),
}  # fmt: skip


@lru_cache(maxsize=1024)
def bits(rules: tuple[str, ...]) -> int:
    """Rules as bits of a number."""
    return sum(1 << RULES.index(rule) for rule in rules)


@dataclass(slots=True)
class Finding:
    """Rows that break one rule: how many, the first of them, and an example."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    example: str = ""

    def add(self, count: int, rows: list[int], example: str) -> None:
        """Count more rows."""
        self.count += count
        self.rows += rows[: SHOWN + 1 - len(self.rows)]
        self.example = self.example or example


class Tally:
    """What was wrong in a table: by rule, and rule by rule in the rows of the batch at hand."""

    def __init__(self) -> None:
        self.found: dict[str, Finding] = {}
        self.at: Ints = np.zeros(0, dtype=np.int64)
        self.bits: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)

    def begin(self, rows: Ints) -> None:
        """Start a batch with these row numbers."""
        self.at, self.bits = rows, np.zeros(len(rows), dtype=np.uint32)

    def flag(self, rule: str, where: Bools, example: Callable[[int], str]) -> None:
        """Note the rows that break a rule (or an issue code that is no rule); a row counts once per rule."""
        if not where.any():
            return
        if rule in RULES:
            bit = np.uint32(1 << RULES.index(rule))
            where = where & (self.bits & bit == 0)
            self.bits[where] |= bit
        places = np.flatnonzero(where)
        if len(places):
            first = [int(row) for row in self.at[places[: SHOWN + 1]]]
            self.found.setdefault(rule, Finding()).add(len(places), first, example(int(places[0]))[:QUOTED])

    def broken(self, bits: NDArray[np.uint32], example: Callable[[int], str]) -> None:
        """Note the rows whose text breaks rules, given as bits."""
        there = int(np.bitwise_or.reduce(bits)) if len(bits) else 0
        for place, rule in enumerate(RULES):
            if there >> place & 1:
                self.flag(rule, bits >> np.uint32(place) & np.uint32(1) != 0, example)

    def column(self) -> Coded:
        """The rules that each row of the batch breaks, parted by a space."""
        found, places = distinct(self.bits.astype(np.int64))
        if len(found) == 1 and found[0] == 0:
            return constant("", len(self.bits))
        names = [" ".join(rule for i, rule in enumerate(RULES) if int(set_) >> i & 1) for set_ in found]
        return Coded(places.astype(np.int32), names)

    def note(self, rule: str, count: int, rows: list[int], example: str) -> None:
        """Count rows that a comparison of the whole table found."""
        if count:
            self.found.setdefault(rule, Finding()).add(count, rows, example[:QUOTED])

    def issues(self, document: str, place: str) -> Iterator[Issue]:
        """One issue per rule."""
        for rule in sorted(self.found):
            if rule in WORDS:
                finding, (text, fix) = self.found[rule], WORDS[rule]
                shown = numbers(finding.rows) if finding.count <= SHOWN else f"{numbers(finding.rows[:SHOWN])}, …"
                example = f"; for example {finding.example!r}" if finding.example else ""
                message = f"{finding.count:,} record(s) {text} (rows {shown}{example})."
                yield issue(rule, message, fix=fix, document_id=document, place=f"{place}row {finding.rows[0]}")
