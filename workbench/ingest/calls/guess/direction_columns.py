"""Which columns say which way a record went and what kind it is, and what their codes mean where words do not say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.reading_choice import Choice, Ground, Reading, choose_columns, combine_candidates
from workbench.ingest.calls.guess.sample_grid import Grid
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.ingest.calls.guess.party_columns import Sides
    from workbench.ingest.calls.values.column_codes import Bools

FEW = 3
SURE = 0.85
SOME = 0.3
PURE = 0.97
HINTED = 0.6
"""What a header must say for the direction, at the least, for codes to be read by what stands beside them."""
OUT, IN = 1, 2


@dataclass(slots=True)
class CodeMeanings:
    """What codes mean: from a column to its cells and their meanings ('out', 'in', 'voice', 'sms')."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeContext:
    """What stands beside the codes.

    Attributes
    ----------
    sides : Sides, optional
        Where the line is the caller and where it is called.
    came, went : array
        Rows that show by themselves that they came in (a number is withheld, a sender has a name, a call was forwarded), or
        went out (they are charged).
    lengths : array, optional
        Durations.
    served : bool
        Whether one line stands in a column of its own, so that only a direction tells who called.
    """

    sides: Sides | None
    came: Bools
    went: Bools
    lengths: NDArray[np.float64] | None
    served: bool = False


class Ways:
    """Readings of the columns of codes and words."""

    def __init__(self, grid: Grid, heads: Heads, names: Sequence[str], beside: CodeContext) -> None:
        self.grid, self.heads, self.beside = grid, heads, beside
        self.names = [name for name in names if self._is_candidate(name)]
        self.told = CodeMeanings()
        self._known: dict[tuple[str, str], list[Ground]] = {}

    def _is_candidate(self, name: str) -> bool:
        column = self.grid[name]
        if not column.filled.any():
            return False
        form = column.shape
        return (column.is_code or column.different <= FEW) and max(
            form.moment, form.date, form.time, form.fifteen, form.cell
        ) < 0.5

    def choose(self, fields: Sequence[str]) -> Choice:
        """Direction and kind, of the fields that are still open."""
        ways = combine_candidates({meaning: ["", *self.names] for meaning in fields})
        return choose_columns(Reading(one, [*self._score_columns(one), *self._score_combination(one)]) for one in ways)

    def _score_columns(self, fields: Mapping[str, str]) -> list[Ground]:
        """Grounds of each column by itself."""
        return [ground for meaning, name in fields.items() for ground in self._list_grounds(meaning, name)]

    def _list_grounds(self, field: str, name: str) -> list[Ground]:
        if (field, name) not in self._known:
            made = self._score_direction(name) if field == "direction" else self._score_kind(name)
            self._known[field, name] = [self.heads.build_ground(name, field), *made]
        return self._known[field, name]

    def _score_combination(self, fields: Mapping[str, str]) -> Iterator[Ground]:
        """A column that names both kind and way is the direction: both are read from it."""
        kind = fields.get("connection", "")
        if kind and "direction" not in fields and (self.grid[kind].named_way >= HINTED or self._may_tell(kind)):
            yield Ground(-8)

    def _may_tell(self, name: str) -> bool:
        """Whether a column of kinds may also tell the directions, in words that are not known, where nothing else tells them."""
        if not self.beside.served:
            return False
        kinds = Counter(kind for kind in self.grid[name].kinds if kind in ("voice", "sms"))
        return max(kinds.values(), default=0) > 1

    def _score_direction(self, name: str) -> Iterator[Ground]:
        """Grounds for a column as the direction."""
        column = self.grid[name]
        named = column.named_way
        if named >= SURE:
            yield Ground(4, "direction", Sentence("ground.directions"))
        elif named >= SOME:
            yield Ground(1.5, "direction", Sentence("ground.some_directions"))
        if self.beside.sides is not None and self.beside.sides.is_pair:
            yield from self._score_sides(name, named)
        elif self._is_contradicted(name):
            yield Ground(-4)
        elif named < SURE:
            yield from self._score_remaining_value(name) if self._is_half(name) else self._score_line_codes(name)

    def _score_sides(self, name: str, named: float) -> Iterator[Ground]:
        """Whether the values change with the side on which the line stands."""
        column, sides = self.grid[name], self.beside.sides
        assert sides is not None  # noqa: S101 - asked before
        if named >= SOME:
            right = int(
                (sides.first & (column.directions == OUT)).sum() + (sides.second & (column.directions == IN)).sum()
            )
            wrong = int(
                (sides.first & (column.directions == IN)).sum() + (sides.second & (column.directions == OUT)).sum()
            )
            if right + wrong >= FEW:
                good = right / (right + wrong) >= PURE
                yield Ground(3 if good else -5, "direction", Sentence("ground.agreeing"))
                self._complete(name, named, sides)
            return
        found = find_code_directions(column.codes, column.filled, sides.first, sides.second)
        if set(found.values()) == {"out", "in"}:
            text = Sentence("ground.each_value")
            yield Ground(3 if self.heads.score_field(name, "direction") >= HINTED else -1, "direction", text)
            self.told.cells[name] = {column.values[code]: way for code, way in found.items()}
        else:
            yield Ground(-4)

    def _complete(self, name: str, named: float, sides: Sides) -> None:
        """Keep what the cells mean by the side on which the line stands, where their words do not say it of all."""
        column = self.grid[name]
        found = find_code_directions(column.codes, column.filled, sides.first, sides.second) if named < SURE else {}
        if set(found.values()) == {"out", "in"}:
            self.told.cells[name] = {column.values[code]: way for code, way in found.items()}

    def _is_half(self, name: str) -> bool:
        """Whether words name the direction of one of two values."""
        column = self.grid[name]
        known = {int(way) for way in column.directions[column.filled]}
        return column.different == 2 and len(known - {0}) == 1 and bool(known & {OUT, IN})

    def _score_remaining_value(self, name: str) -> Iterator[Ground]:
        """One of two values names its direction: the other one is the other direction, if the header speaks of directions."""
        column = self.grid[name]
        if self.heads.score_field(name, "direction") < 3:
            yield Ground(-4)
            return
        known = "out" if (column.directions == OUT).any() else "in"
        other = {"out": "in", "in": "out"}[known]
        yield Ground(2, "direction", Sentence("ground.one_value"))
        ways = {
            int(code): int(way)
            for code, way in zip(column.codes, column.directions, strict=True)
            if column.values[code]
        }
        self.told.cells[name] = {column.values[code]: known if way else other for code, way in ways.items()}

    def _score_line_codes(self, name: str) -> Iterator[Ground]:
        """What codes mean where one line stands in every row: withheld numbers come in, charged calls went out."""
        column = self.grid[name]
        found = find_code_directions(column.codes, column.filled, self.beside.went, self.beside.came, FEW)
        whole = len(found) == column.different
        if set(found.values()) == {"out", "in"} and whole and self.heads.score_field(name, "direction") >= HINTED:
            yield Ground(
                2,
                "direction",
                "withheld and named senders stand beside some values only, charged calls beside the others",
            )
            self.told.cells[name] = {column.values[code]: way for code, way in found.items()}
        else:
            yield Ground(-6)

    def _is_contradicted(self, name: str) -> bool:
        """Whether numbers are withheld where the cells say that the record went out, and never where it came in."""
        ways = self.grid[name].directions
        return int((self.beside.came & (ways == OUT)).sum()) >= FEW and not (self.beside.came & (ways == IN)).any()

    def _score_kind(self, name: str) -> Iterator[Ground]:
        """Grounds for a column as the kind of record."""
        column = self.grid[name]
        if column.named_kind >= SURE:
            yield Ground(3, "connection", Sentence("ground.kinds"))
            if column.named_way >= SURE:
                yield Ground(-2)
            return
        if column.named_kind >= HINTED:
            yield Ground(1, "connection", Sentence("ground.most_kinds"))
            return
        yield from self._score_lengths(name)

    def _score_lengths(self, name: str) -> Iterator[Ground]:
        """Codes of which one has no durations and the other has them: messages and calls."""
        column, lengths = self.grid[name], self.beside.lengths
        if lengths is None or column.different != 2 or self.heads.score_field(name, "connection") < 1:
            yield Ground(-6)
            return
        some = lengths > 0
        shares = {
            code: float(some[column.codes == code].mean()) for code in np.unique(column.codes[column.filled]).tolist()
        }
        none, most = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
        if shares[none] == 0 and shares[most] >= HINTED and int((column.codes == none).sum()) >= FEW:
            yield Ground(1.5, "connection", Sentence("ground.no_durations"))
            self.told.cells[name] = {column.values[none]: "sms", column.values[most]: "voice"}
        else:
            yield Ground(-6)


def find_code_directions(
    codes: NDArray[np.int32], filled: Bools, went: Bools, came: Bools, least: int = 1
) -> dict[int, str]:
    """From codes that stand only in rows of one sort to 'out' or 'in'; nothing at all where one stands in both."""
    found: dict[int, str] = {}
    for code in np.unique(codes[filled]).tolist():
        here = codes == code
        out, inward = int((here & went).sum()), int((here & came).sum())
        if out + inward == 0:
            continue
        if min(out, inward) > (1 - PURE) * (out + inward):
            return {}
        if out + inward >= least:
            found[code] = "out" if out > inward else "in"
    return found
