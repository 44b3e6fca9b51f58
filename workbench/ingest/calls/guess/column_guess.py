"""What the columns of a call table are, where no profile knows its headers.

Cells and what they have to do with each other carry the guess: which number stands in every row, which time is never later than
the others, which length lies between two times. What the header says is one ground among them. All readings of the columns are
weighed against each other; a column that another reading would take otherwise, and that is not far behind, is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.field_meanings import describe_field, has_meaning, join_fields
from workbench.ingest.calls.guess.cell_columns import PARTS, WHOLE, Places
from workbench.ingest.calls.guess.cell_shapes import compute_shape
from workbench.ingest.calls.guess.device_columns import Devices
from workbench.ingest.calls.guess.direction_columns import CodeContext, Ways
from workbench.ingest.calls.guess.duration_columns import Durations
from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.party_columns import Parties
from workbench.ingest.calls.guess.reading_choice import Choice, choose_columns
from workbench.ingest.calls.guess.remaining_columns import guess_other_fields
from workbench.ingest.calls.guess.sample_grid import Grid
from workbench.ingest.calls.guess.time_columns import Times
from workbench.ingest.tables.columns.cell_values import unquote_cell
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from workbench.ingest.calls.values.column_codes import Bools

SURE = 0.85
WIDEST = 64
"""Columns of a table that are weighed against each other."""


@dataclass(slots=True)
class Guess:
    """Field of each column that is certain enough, why, and what the doubtful ones could be.

    Attributes
    ----------
    told : dict
        From a column of codes to its cells and what each means: 'out', 'in', 'voice', 'sms'.
    line : str
        Number that is caller or called in nearly every row, as it is written most often; '' none.
    units : dict
        From a column of durations to their unit, where other columns show it.
    """

    fields: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    told: dict[str, dict[str, str]] = field(default_factory=dict)
    line: str = ""
    units: dict[str, str] = field(default_factory=dict)

    def assign_field(self, name: str, found: str, why: str) -> None:
        """Give a column its field."""
        self.fields[name], self.why[name] = found, why
        self.doubts.pop(name, None)

    def has_any_field(self, *fields: str) -> bool:
        """Whether a column has one of the fields."""
        return not set(fields).isdisjoint(self.fields.values())

    @property
    def columns(self) -> dict[str, str]:
        """Column of each field."""
        return {meaning: name for name, meaning in self.fields.items()}


class Guesser:
    """Makes the guess of one table, group by group of columns."""

    def __init__(self, grid: Grid, known: Mapping[str, str], fixed: Mapping[str, str]) -> None:
        self.grid, self.fixed = grid, fixed
        self.heads = Heads(grid.names, {name: meaning for name, meaning in known.items() if name not in fixed})
        self.found = Guess(dict(fixed))

    @property
    def open(self) -> list[str]:
        """Columns that have no field yet."""
        return [name for name in self.grid.names if name not in self.found.fields]

    def guess(self) -> Guess:
        """All groups, each by what the ones before it showed."""
        parties = Parties(self.grid, self.heads, self.open, self.fixed)
        chosen = choose_columns(parties.list_readings())
        self._apply_choice(chosen)
        self._guess_devices()
        self._guess_cells()
        self._guess_times()
        self._guess_directions(parties, chosen)
        for said, name, why in guess_other_fields(self.grid, self.heads, self.open, self.found.columns):
            self.found.assign_field(name, said, why)
        self.found.line = self._find_line(parties)
        self._add_doubts(parties)
        return self.found

    def _find_line(self, parties: Parties) -> str:
        """The number on either side of a table of callers and called, in its longest form."""
        columns = self.found.columns
        if not {"a", "b"} <= columns.keys() or "target" in columns:
            return ""
        sides = parties.get_sides(columns["a"], columns["b"])
        if not sides.is_pair:
            return ""
        texts = {self.grid[columns["a"]].texts[at] for at in np.flatnonzero(sides.first).tolist()}
        return max(sorted(texts), key=len)

    def _apply_choice(self, choice: Choice, without: Sequence[str] = ()) -> None:
        """Take what is certain, and keep what is not as doubts."""
        for said, name in choice.taken.items():
            if name not in self.fixed and said not in without:
                self.found.assign_field(name, said, choice.why[said] or Sentence("ground.nothing_else"))
        for name, meanings in choice.doubts.items():
            if name not in self.found.fields:
                self.found.doubts[name] = join_fields(dict.fromkeys(meanings))

    def _list_open_fields(self, *names: str) -> list[str]:
        return [name for name in names if not self.found.has_any_field(name)]

    def _guess_devices(self) -> None:
        if fields := self._list_open_fields("imei", "imsi"):
            self._apply_choice(Devices(self.grid, self.heads, self.open).choose(fields))

    def _guess_cells(self) -> None:
        if len(self._list_open_fields(*WHOLE, *PARTS)) == len((*WHOLE, *PARTS)):
            card = self.found.columns.get("imsi", "")
            networks = sorted({text[:5] for text in self.grid[card].values if len(text) >= 14}) if card else []
            self._apply_choice(Places(self.grid, self.heads, self.open, networks).choose())
            name = self.found.columns.get("last_ci", "")
            if name and self.heads.score_field(name, "last_cell") > self.heads.score_field(name, "last_ci"):
                self.found.assign_field(name, "last_cell", self.found.why[name])

    def _guess_times(self) -> None:
        """Start, duration, end: each helps to find the others."""
        times = Times(self.grid, self.heads, self.open, self.found.fields)
        if not self.found.has_any_field("start", "time"):
            self._apply_choice(times.choose())
        start = times.find_start_time(self.found.columns)
        later = times.list_later_times(start) if start else []
        if not self.found.has_any_field("duration"):
            clocks = {name for name in times.clocks if self.heads.score_field(name, "duration") < 2}
            open_ = [name for name in self.open if name not in clocks]
            lengths = Durations(self.grid, self.heads, open_, start=start, later=later)
            self._apply_choice(lengths.choose())
            name = self.found.columns.get("duration", "")
            self.found.units |= {name: lengths.units[name]} if name in lengths.units else {}
        if start and not self.found.has_any_field("end", "end_time"):
            name = self.found.columns.get("duration", "")
            self._apply_choice(
                Times(self.grid, self.heads, self.open, self.found.fields).find_end_time(
                    start, self.grid[name].lengths if name else None
                )
            )

    def _guess_directions(self, parties: Parties, chosen: Choice) -> None:
        if not (fields := self._list_open_fields("direction", "connection")):
            return
        ways = Ways(self.grid, self.heads, self.open, self._build_context(parties))
        self._apply_choice(ways.choose(fields))
        for name, cells in ways.told.cells.items():
            if self.found.fields.get(name) == ("connection" if "voice" in cells.values() else "direction"):
                self.found.told[name] = cells

    def _build_context(self, parties: Parties) -> CodeContext:
        """What stands beside the columns of codes."""
        columns, grid = self.found.columns, self.grid
        a, b = columns.get("a", ""), columns.get("b", "")
        other = b or a
        nothing = np.zeros(grid.rows, dtype=np.bool_)
        came = (grid[other].withheld | grid[other].named_rows) if other else nothing
        if name := columns.get("forwarded", ""):
            came = came | grid[name].filled
        length = columns.get("duration", "")
        sides = parties.get_sides(a, b) if a and b else None
        return CodeContext(
            sides,
            came,
            self._mark_charged_rows(),
            grid[length].lengths if length else None,
            "target" in columns and not a,
        )

    def _mark_charged_rows(self) -> Bools:
        """Rows that cost something, by a column whose header names a price or a billed length."""
        charged = np.zeros(self.grid.rows, dtype=np.bool_)
        for name in self.open:
            if self.heads.is_charge(name):
                charged |= self.grid[name].amounts > 0
        return charged

    def _add_doubts(self, parties: Parties) -> None:
        """Say of each column that is not taken what it could be."""
        for name in self.open:
            if name in parties.twins and parties.twins[name] in self.found.fields:
                twin = parties.twins[name]
                self.found.doubts[name] = Sentence(
                    "could.twin", could=describe_field(self.found.fields[twin]), column=repr(twin)
                )
            elif name not in self.found.doubts and self.grid[name].filled.any():
                self._add_doubt(name)

    def _add_doubt(self, name: str) -> None:
        could = [one for one in self.heads.rank_fields(name)[:3] if has_meaning(one)]
        free = [one for one in could if not self.found.has_any_field(one)]
        if free:
            self.found.doubts[name] = join_fields(free)


def guess_columns(
    names: Sequence[str], samples: Sequence[Sequence[str]], known: Mapping[str, str], fixed: Mapping[str, str],
    *, region: str = "", clues: Sequence[str] = (),
) -> Guess:  # fmt: skip
    """What the columns are.

    Parameters
    ----------
    names : sequence of str
        Headers; of a table that is wider than any export of calls, columns beyond WIDEST count only where their headers are known.
    samples : sequence of sequences
        Cells of each column.
    known : mapping
        Fields of columns whose header is in the list of headers.
    fixed : mapping
        Fields that an officer or a profile gave; they stand.
    region : str
        Country of the operator, '' unknown.
    clues : sequence of str
        The name of the file and the lines above the table: the line asked about may be named there.
    """
    beyond = set(names[WIDEST:]) - known.keys() - fixed.keys()
    looked_at = [(name, cells) for name, cells in zip(names, samples, strict=True) if name not in beyond]
    grid = Grid([name for name, _ in looked_at], [cells for _, cells in looked_at], region=region, clues=clues)
    return Guesser(grid, known, fixed).guess()


def is_confirmed_meaning(name: str, cells: Sequence[str], meaning: str) -> bool:
    """Whether a header names a kind of record or a direction and the cells agree."""
    from workbench.ingest.calls.guess.header_words import find_named_fields

    form = compute_shape(cells, field=meaning if meaning == "direction" else "")
    return meaning in find_named_fields(name) and (form.way if meaning == "direction" else form.event) >= SURE


def is_unnamed(cells: Sequence[str], told: frozenset[str]) -> bool:
    """Whether no cell of a column names a kind of record or a direction, by itself or as a profile tells."""
    form = compute_shape(cells)
    return (
        form.filled > 0
        and not form.way
        and not form.event
        and not any(unquote_cell(one).casefold() in told for one in cells)
    )
