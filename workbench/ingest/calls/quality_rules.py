"""The quality rules of call records (C-01 to C-15): what each says, and the count of rows that break it.

A rule tells once per table how many rows break it and which are the first. The rows carry the rules that they break
themselves (column `dq`); rules that compare rows are in `workbench.ingest.calls.table_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.values.column_codes import Bools, CodedColumn, Ints, build_constant, find_distinct
from workbench.ingest.reading.text_lines import SHOWN, format_numbers
from workbench.model.catalogue import Sentence, encode_word
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from numpy.typing import NDArray

RULES = tuple(f"C-{number:02}" for number in range(1, 16))
QUOTED = 60
FIXES = {
    "C-01": "fix.compare.another", "C-02": "fix.look.country", "C-03": "fix.ask.forwarding", "C-04": "fix.look.together",
    "C-06": "fix.ask.overlap", "C-08": "fix.compare.handsets", "C-10": "fix.look.card", "C-11": "fix.look.places_changed",
    "C-12": "fix.ask.silence", "C-13": "fix.say.unit", "C-14": "fix.compare.parts", "C-15": "fix.ask.original",
}  # fmt: skip
"""What to do about rows that break a rule; what each rule says is `row.record` of the catalogue."""


@lru_cache(maxsize=1024)
def encode_rules(rules: tuple[str, ...]) -> int:
    """Rules as bits of a number."""
    return sum(1 << RULES.index(rule) for rule in rules)


@dataclass(slots=True)
class BrokenRule:
    """Rows that break one rule: how many, the first of them, and an example."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    example: str = ""

    def add(self, count: int, rows: list[int], example: str) -> None:
        """Count more rows."""
        self.count += count
        self.rows += rows[: SHOWN + 1 - len(self.rows)]
        self.example = self.example or example


class RuleCounts:
    """What was wrong in a table: by rule, and rule by rule in the rows of the batch at hand."""

    def __init__(self) -> None:
        self.found: dict[str, BrokenRule] = {}
        self.at: Ints = np.zeros(0, dtype=np.int64)
        self.bits: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)

    def start_batch(self, rows: Ints) -> None:
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
            self.found.setdefault(rule, BrokenRule()).add(len(places), first, example(int(places[0]))[:QUOTED])

    def flag_broken_rules(self, bits: NDArray[np.uint32], example: Callable[[int], str]) -> None:
        """Note the rows whose text breaks rules, given as bits."""
        there = int(np.bitwise_or.reduce(bits)) if len(bits) else 0
        for place, rule in enumerate(RULES):
            if there >> place & 1:
                self.flag(rule, bits >> np.uint32(place) & np.uint32(1) != 0, example)

    def build_column(self) -> CodedColumn:
        """The rules that each row of the batch breaks, parted by a space."""
        found, places = find_distinct(self.bits.astype(np.int64))
        if len(found) == 1 and found[0] == 0:
            return build_constant("", len(self.bits))
        names = [" ".join(rule for i, rule in enumerate(RULES) if int(set_) >> i & 1) for set_ in found]
        return CodedColumn(places.astype(np.int32), names)

    def note(self, rule: str, count: int, rows: list[int], example: str) -> None:
        """Count rows that a comparison of the whole table found."""
        if count:
            self.found.setdefault(rule, BrokenRule()).add(count, rows, example[:QUOTED])

    def list_issues(self, document: str, place: str) -> Iterator[Issue]:
        """One issue per rule."""
        for rule in sorted(self.found):
            if rule in RULES:
                finding, fix = self.found[rule], Sentence(FIXES[rule]) if rule in FIXES else ""
                yield build_issue(
                    rule,
                    _format_finding(rule, finding),
                    fix=fix,
                    document_id=document,
                    place=f"{place}row {finding.rows[0]}",
                )


def _format_finding(rule: str, finding: BrokenRule) -> Sentence:
    """How many records break a rule, which are the first, and an example where there is one."""
    more = ", …" if finding.count > SHOWN else ""
    told = {"count": finding.count, "listed": f"{format_numbers(finding.rows[:SHOWN])}{more}"}
    key = f"row.record.{encode_word(rule)}"
    return (
        Sentence(f"{key}_example", **told, example=repr(finding.example)) if finding.example else Sentence(key, **told)
    )
