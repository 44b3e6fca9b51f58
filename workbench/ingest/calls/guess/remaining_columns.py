"""The columns that are left: by what their headers say and their cells do not contradict, and by cells that speak for themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workbench.ingest.calls.guess.cell_shapes import Shape
from workbench.ingest.calls.guess.header_words import SAID, Heads
from workbench.ingest.calls.guess.sample_grid import Grid
from workbench.model.catalogue import Sentence

FITS, SURE, AGAINST = 0.6, 0.85, 0.3
LEAST, CLEAR = 2.0, 4.0
"""What a header must say at the least, and that of an empty column."""
ENOUGH, FEW, DECIDED = 8, 3, 0.9
AHEAD = 0.8
"""How far a header must be ahead of the others that say the same."""


def _fit_whole_numbers(low: int, high: int) -> Callable[[Shape], float]:
    """Fit of whole numbers within bounds."""
    return lambda s: s.whole if low <= s.low and s.high <= high else 0.0


def _fit_untimed(s: Shape) -> float:
    return 1.0 if s.moment + s.date + s.fifteen < AGAINST else 0.0


FIT: dict[str, Callable[[Shape], float]] = {
    "smsc": lambda s: s.phone if s.fifteen < FITS else 0.0, "cell_name": lambda s: s.word if s.way + s.event < FITS else 0.0,
    "mcc": _fit_whole_numbers(200, 799), "mnc": _fit_whole_numbers(0, 999),
    "point": lambda s: s.point, "lat": lambda s: s.decimal, "lon": lambda s: s.decimal,
    "azimuth": lambda s: max(_fit_whole_numbers(0, 360)(s), s.decimal), "ip": lambda s: s.ip, "port": _fit_whole_numbers(0, 65_535),
    "record": lambda s: 1.0 if s.moment + s.date + s.time + s.way + s.event < AGAINST and s.different > 0.5 * s.filled else 0.0,
    "bytes_up": _fit_whole_numbers(0, 10**15), "bytes_down": _fit_whole_numbers(0, 10**15), "end_date": lambda s: s.date,
    "operator": lambda s: 1.0 if s.word >= FITS or s.whole >= FITS else 0.0, "roaming": _fit_untimed, "switch": _fit_untimed,
}  # fmt: skip
"""How well the cells of a column agree with each field, in [0, 1]."""

EVIDENT: dict[str, Callable[[Shape], float]] = {"point": lambda s: s.point, "ip": lambda s: s.ip}
"""Fields that cells show by themselves, where only one column does."""


def guess_other_fields(
    grid: Grid, heads: Heads, names: Sequence[str], taken: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Field, column and reason of columns that nothing else was found of.

    Parameters
    ----------
    taken : mapping
        Fields that have a column already.
    """
    scored = [
        (heads.score_field(name, field), field, name)
        for name in names
        for field in FIT
        if field not in taken
        and _is_field_confirmed(grid, heads, name, field)
        and not (field == "cell_name" and _is_no_site(grid, name, taken))
    ]
    found: list[tuple[str, str, str]] = []
    for score, field, name in sorted(scored, key=lambda one: (-one[0], grid.place(one[2]))):
        used = {one for pair in found for one in pair[:2]}
        rivals = [
            one
            for one in scored
            if one[1] == field and one[2] != name and one[2] not in used and one[0] > score - AHEAD
        ]
        if field not in used and name not in used and not rivals:
            found.append((field, name, Sentence("ground.words")))
    return found + _list_evident_fields(
        grid, heads, names, {*taken, *(field for field, _, _ in found)}, {name for _, name, _ in found}
    )


def _is_field_confirmed(grid: Grid, heads: Heads, name: str, field: str) -> bool:
    """Whether a header names a field and the cells agree; of an empty column it must name it clearly."""
    said = heads.score_field(name, field)
    return said >= LEAST and FIT[field](grid[name].shape) >= FITS if grid[name].filled.any() else said >= CLEAR


def _is_no_site(grid: Grid, name: str, taken: Mapping[str, str]) -> bool:
    """Whether the cell at the start, where it is known, does not decide what stands in a column: it is no name of the cell."""
    cell = taken.get("first_cell") or taken.get("ci", "")
    if not cell or not grid[cell].filled.any() or grid.rows < ENOUGH:
        return grid.rows >= ENOUGH and grid[name].different < FEW
    return grid.compute_dependence(cell, name) < DECIDED


def _list_evident_fields(
    grid: Grid, heads: Heads, names: Sequence[str], fields: set[str], used: set[str]
) -> list[tuple[str, str, str]]:
    made = []
    for field, test in EVIDENT.items():
        there = [
            name for name in names if name not in used and test(grid[name].shape) >= SURE and grid[name].filled.any()
        ]
        if field not in fields and len(there) == 1 and heads.score_field(there[0], field) > -SAID - LEAST:
            made.append((field, there[0], "by its cells"))
    return made
