"""Which columns are the cells at the start and at the end: by how cells are written, and by what changes together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from workbench.ingest.calls.guess.device_columns import list_network_codes
from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.reading_choice import Choice, Ground, Reading, choose_columns, combine_candidates
from workbench.ingest.calls.guess.sample_grid import Column, Grid
from workbench.ingest.calls.values import cell_ids
from workbench.model.catalogue import Sentence

WHOLE = ("first_cell", "last_cell")
PARTS = ("lac", "ci", "last_lac", "last_ci")
END = {"first_cell": "last_cell", "lac": "last_lac", "ci": "last_ci"}
NUMBERED = {"ci": "first_cell", "last_ci": "last_cell"}
"""Beside a column of areas the number is often called the cell."""
SPLIT = re.compile(r"[-_/:.,; |\[\]()]+")
PAIR = re.compile(r"[0-9A-Fa-f]{1,8}[-/:_][0-9A-Fa-f]{1,10}")
HEX = re.compile(r"(?=.*\d)[0-9A-Fa-f]{2,12}")
LONG = re.compile(r"\d{11,20}")
WRITTEN = re.compile(r"(?=.*\d)[^\s,]{2,32}")
POINTS = {"cgi": 4.0, "long": 3.0, "pair": 2.0, "hex": 1.0, "code": 0.0, "figure": -0.5, "words": -3.0}
STRONG = ("cgi", "long", "pair", "hex")
MOST = 6
LONGEST = 80
ENOUGH = 0.8
ALIKE = 0.3
FEW = 3
PLAIN = 2.5
"""What both headers must say at the least for two columns to be a start and an end that hardly agree."""
CIRCLE = 360


class Places:
    """Readings of the columns of cells."""

    def __init__(self, grid: Grid, heads: Heads, names: Sequence[str], networks: Sequence[str] = ()) -> None:
        self.grid, self.heads = grid, heads
        self.networks = tuple(networks) or list_network_codes(grid.region)
        self.forms = {name: find_form(grid[name], self.networks) for name in names if self._is_place(name)}
        self.strong = any(form in STRONG for form in self.forms.values())
        self._pairs: dict[tuple[str, str], list[Ground]] = {}

    def _is_place(self, name: str) -> bool:
        column = self.grid[name]
        if not column.filled.any():
            return max(self.heads.score_field(name, field) for field in (*WHOLE, *PARTS)) >= 3
        form = column.shape
        if (
            column.is_phone
            and not column.is_paired
            and max(self.heads.score_field(name, field) for field in (*WHOLE, *PARTS)) < 1
        ):
            return False
        other = max(form.moment, form.date, form.time, form.clock, form.point, form.ip, form.decimal)
        return other < 0.5 and not column.serial and form.longest <= LONGEST

    def choose(self) -> Choice:
        """The cells: written as one, or in columns of area and number."""
        ways = [
            one
            for fields in (WHOLE, PARTS)
            for one in combine_candidates({field: self._list_candidates(field) for field in fields})
        ]
        return choose_columns(
            [
                Reading({}, []),
                *(Reading(one, list(self._list_grounds(one))) for one in ways if one and self._is_sound(one)),
            ]
        )

    def _list_candidates(self, field: str) -> list[str]:
        told = sorted(self.forms, key=lambda name: -sum(ground.points for ground in self._score_column(field, name)))
        return [
            "",
            *(name for name in told[:MOST] if sum(ground.points for ground in self._score_column(field, name)) > -2),
        ]

    def _is_sound(self, fields: Mapping[str, str]) -> bool:
        """Whether a reading has what its parts need: a start for each end, a number for each area."""
        if any(end in fields and begin not in fields for begin, end in END.items()):
            return False
        if "lac" in fields and "ci" not in fields:
            return self.heads.score_field(fields["lac"], "lac") >= 3
        number = fields.get("ci", "")
        return (
            not number
            or "lac" in fields
            or self.heads.score_field(number, "ci") >= self.heads.score_field(number, "first_cell")
        )

    def _list_grounds(self, fields: Mapping[str, str]) -> Iterator[Ground]:
        for field, name in fields.items():
            yield from self._score_column(field, name)
        for begin, end in END.items():
            if begin in fields and end in fields:
                yield from self._score_start_and_end(begin, end, fields[begin], fields[end])
        if {"lac", "ci"} <= fields.keys():
            yield from self._score_area(fields["lac"], fields["ci"], "lac", "ci")
        if {"last_lac", "last_ci"} <= fields.keys():
            yield from self._score_area(fields["last_lac"], fields["last_ci"], "last_lac", "last_ci")
        if "lac" not in fields and "ci" in fields:
            yield Ground(-1)
        if "first_cell" in fields and "last_cell" not in fields and self._has_sibling(fields["first_cell"]):
            yield Ground(-3)

    def _has_sibling(self, name: str) -> bool:
        """Whether another column holds the same cells, mostly the same one in a row: only with it is one of them the start."""
        for other, form in self.forms.items():
            if other != name and form == self.forms[name] and self.grid[other].filled.any():
                share, rows = self.grid.compute_agreement(name, other)
                if rows >= FEW and share >= ALIKE:
                    return True
        return False

    def _score_column(self, field: str, name: str) -> list[Ground]:
        """What a column says by itself."""
        column, form = self.grid[name], self.forms[name]
        found = [
            max(
                (self.heads.build_ground(name, one) for one in (field, NUMBERED.get(field, field))),
                key=lambda one: one.points,
            )
        ]
        if not column.filled.any():
            return found
        found.append(self._score_form(field, form, name))
        rows = int(column.filled.sum())
        plain = found[0].points >= PLAIN
        if rows >= 8 and not plain and (column.different == 1 or column.different > 0.9 * rows):
            found.append(Ground(-2))
        if form == "figure" and not plain and self._is_small(column):
            found.append(Ground(-4))
        if column.shape.way + column.shape.event >= 1 and column.is_code:
            found.append(Ground(-6))
        return found

    def _score_form(self, field: str, form: str, name: str) -> Ground:
        if field in WHOLE:
            points = POINTS[form] if self.strong or form != "words" else -1.5 if "code" in self.forms.values() else 0.0
            return Ground(points, field, Sentence("ground.cell") if form in STRONG else "")
        named = (
            self.heads.score_field(name, field) >= 1 or self.heads.score_field(name, NUMBERED.get(field, field)) >= 1
        )
        return Ground((1.0 if named else -1.5) if form in ("figure", "hex") else -5.0, field)

    def _is_small(self, column: Column) -> bool:
        """Whether figures are no more than degrees of a circle: the direction of the sector, a cause, a count."""
        figures = [int(text) for text in column.values if text.isdecimal()]
        return bool(figures) and max(figures) <= CIRCLE

    def _score_start_and_end(self, begin: str, end: str, first: str, last: str) -> list[Ground]:
        """Two columns as one thing at the start and at the end of the call."""
        if (first, last) not in self._pairs:
            self._pairs[first, last] = list(self._score_pair(first, last))
        return [
            Ground(one.points, {"first": begin, "last": end}.get(one.about, ""), one.says)
            for one in self._pairs[first, last]
        ]

    def _score_pair(self, first: str, last: str) -> Iterator[Ground]:
        one, other = self.grid[first], self.grid[last]
        if not (one.filled.any() and other.filled.any()):
            return
        share, rows = self.grid.compute_agreement(first, last)
        shared = set(one.values) & set(other.values) - {""}
        if share < ALIKE or len(shared) < 0.3 * other.different or rows < FEW:
            yield Ground(-4 if rows >= FEW and self._compute_clarity(first, last) < PLAIN else -1)
            return
        text = "two columns hold the same cells, mostly the same one in a row"
        yield Ground(2, "first", text)
        yield Ground(1, "last", text)
        only, missing = int((one.filled & ~other.filled).sum()), int((other.filled & ~one.filled).sum())
        if only >= 2 and missing == 0:
            yield Ground(2, "last", f"it is missing where there was no call, and {first!r} is not")
        elif missing >= 2 and only == 0:
            yield Ground(-2)
        yield from self._score_site(first, last)
        if self.grid.place(first) < self.grid.place(last):
            yield Ground(0.5)

    def _compute_clarity(self, first: str, last: str) -> float:
        """How clearly two headers say the start and the end."""
        begun = max(self.heads.score_field(first, field) for field in END)
        return min(begun, max(self.heads.score_field(last, field) for field in END.values()))

    def _score_site(self, first: str, last: str) -> Iterator[Ground]:
        """Names, addresses and directions of sites are those of the cell at the start: it decides them, and the other does not."""
        for name in self.grid.names:
            column = self.grid[name]
            few = FEW <= column.different <= 0.5 * int(column.filled.sum())
            if not few or name in (first, last) or name in self._find_similar_columns(first):
                continue
            sure, unsure = self.grid.compute_dependence(first, name), self.grid.compute_dependence(last, name)
            if sure >= 0.99 and unsure < 0.95:
                yield Ground(2, "first", f"it decides what stands in {name!r}")
                return
            if unsure >= 0.99 and sure < 0.95:
                yield Ground(-2)
                return

    def _find_similar_columns(self, name: str) -> set[str]:
        """Other columns of cells, which decide each other."""
        return {
            other for other, form in self.forms.items() if form in STRONG or form == self.forms[name] == "figure"
        } - {name}

    def _score_area(self, area: str, number: str, field: str, other: str) -> Iterator[Ground]:
        """Two columns as location area and number of a cell: each number lies in one area, and there are more numbers."""
        if not (self.grid[area].filled.any() and self.grid[number].filled.any()):
            return
        if self.grid[area].different > self.grid[number].different or self.grid.compute_dependence(number, area) < 0.97:
            yield Ground(-5)
            return
        yield Ground(1.5, field, f"each number of {number!r} lies in one of its areas")
        yield Ground(1.5, other, f"each of its numbers lies in one area of {area!r}")


def find_form(column: Column, networks: Sequence[str]) -> str:
    """How most cells of a column are written: cgi, long, pair, hex, code, figure, words."""
    forms: Counter[str] = Counter()
    for text, times in Counter(text for text in column.texts if text).items():
        forms[_find_cell_form(text, tuple(networks))] += times
    if not forms:
        return "figure"
    form, most = forms.most_common(1)[0]
    if forms.keys() <= {"figure", "hex"} and forms["hex"]:
        return "hex"
    return form if most >= ENOUGH * forms.total() else "code" if not forms["words"] else "words"


def _find_cell_form(text: str, networks: tuple[str, ...]) -> str:
    parts = [part for part in SPLIT.split(text.strip("'\"` ")) if part]
    if text.isdecimal():
        return (
            "long" if LONG.fullmatch(text) and text.startswith(networks or ("2", "3", "4", "5", "6", "7")) else "figure"
        )
    if len(parts) >= 3 and cell_ids.is_network(parts[0], parts[1]) and HEX.fullmatch(parts[2]):
        return "cgi"
    if (
        len(parts) >= 2
        and parts[0].isdecimal()
        and len(parts[0]) in (5, 6)
        and cell_ids.is_network(parts[0][:3], parts[0][3:])
    ):
        return "cgi" if HEX.fullmatch(parts[1]) else "code"
    if PAIR.fullmatch(text) and any(map(str.isdigit, text)):
        return "pair"
    if HEX.fullmatch(text):
        return "hex"
    return "code" if WRITTEN.fullmatch(text) else "words"
