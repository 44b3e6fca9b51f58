"""What is on the chart now: a value that commands make another of. The same rules, in the same order, are in state.js."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench_widgets.link_attributes import STRENGTHS
from workbench_widgets.model.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Mask = NDArray[np.uint8]
Json = dict[str, object]
NO_FILTERS: dict[str, object] = {"schemas": [], "relations": [], "strengths": [], "values": [], "least": 1}


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is on a chart.

    Attributes
    ----------
    nodes, links, pinned : array of 0 and 1
        By row of the table: on the chart, on the chart if both ends are, kept in place by layouts. Rows that the table got
        later are missing, which means 0.
    positions : array of float32, two a node
        x to the right and y down, in pixels; NaN where a node never had a place.
    selection : tuple of str
        Ids of nodes, links ('link:ROW'), groups and notes, in the order of choosing.
    filters : dict
        schemas, relations, strengths, values (of the style): those not shown; least: the count from which a link is shown.
    time_range : tuple or None
        From and to in milliseconds since 1970 UTC: dated links outside are not shown.
    groups : tuple of dict
        id, label, members, open. A closed group is drawn as one.
    notes : tuple of dict
        id, text, x, y.
    apart : bool
        Whether parallel links are drawn apart, not as one with their count.
    style : str
        The attribute that colours the nodes; '' where their schemas do.
    """

    nodes: Mask
    links: Mask
    positions: NDArray[np.float32]
    pinned: Mask
    selection: tuple[str, ...] = ()
    filters: Json = None  # type: ignore[assignment]
    time_range: tuple[float, float] | None = None
    groups: tuple[Json, ...] = ()
    notes: tuple[Json, ...] = ()
    apart: bool = False
    style: str = ""

    def __post_init__(self) -> None:
        if self.filters is None:
            object.__setattr__(self, "filters", dict(NO_FILTERS))


ARRAYS = ("nodes", "links", "positions", "pinned")
NAMES = tuple(one.name for one in fields(State))


def is_same(one: object, other: object) -> bool:
    """Whether two values of a state's field are equal; a missing place equals a missing place."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one is other or np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return one == other


def is_same_state(one: State, other: State) -> bool:
    """Whether two states are equal in every field."""
    return all(is_same(getattr(one, name), getattr(other, name)) for name in NAMES)


def apply_patch(state: State, patch: Mapping[str, object]) -> State:
    """The state with what a patch really changes; the very same state where that is nothing."""
    real = {name: value for name, value in patch.items() if not is_same(getattr(state, name), value)}
    return replace(state, **real) if real else state  # type: ignore[arg-type]


def create_state(
    table: Table, nodes: Iterable[int], links: Iterable[int], places: Mapping[str, tuple[float, float]]
) -> State:
    """The state with which a chart begins."""
    at = np.full((len(table), 2), np.nan, np.float32)
    for name, place in places.items():
        if name in table.rows:
            at[table.rows[name]] = place
    return State(
        build_mask(nodes, len(table)), build_mask(links, len(table.keys)), at.ravel(), build_mask((), len(table))
    )


def build_mask(rows: Iterable[int], size: int) -> Mask:
    """A mask with 1 at the given rows."""
    made = np.zeros(size, np.uint8)
    made[np.fromiter(rows, np.int64)] = 1
    return made


def pad_array(array: NDArray[np.generic], size: int) -> NDArray[np.generic]:
    """The array with at least `size` entries: missing ones 0, or NaN in an array of places."""
    if len(array) >= size:
        return array
    fill = np.nan if array.dtype.kind == "f" else 0
    return np.concatenate([array, np.full(size - len(array), fill, array.dtype)])


def compute_visible(table: Table, state: State) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which nodes and which links are seen, filters applied."""
    hidden = {name: set(state.filters[name]) for name in ("schemas", "relations", "strengths", "values")}  # type: ignore[call-overload]
    nodes = pad_array(state.nodes, len(table)).astype(bool)
    if hidden["schemas"]:
        out = np.array([name in hidden["schemas"] for name in table.schemas] or [False])
        nodes &= ~out[np.frombuffer(table.kinds, np.uint16)] if len(table) else True
    style = table.styles.get(state.style)
    if hidden["values"] and style:
        out = np.array([name in hidden["values"] for name in style.classes])
        nodes &= ~out[np.frombuffer(style.of, np.uint8)]
    links = pad_array(state.links, len(table.keys)).astype(bool)
    if not len(links):
        return nodes, links
    links &= nodes[table.pairs].all(axis=1)
    for column, names, out_names in (
        (np.frombuffer(table.relation, np.uint16), table.relations, hidden["relations"]),
        (np.frombuffer(table.strength, np.uint8), list(STRENGTHS), hidden["strengths"]),
    ):
        if out_names:
            links &= ~np.array([name in out_names for name in names])[column]
    links &= np.frombuffer(table.counts, np.uint32) >= int(str(state.filters["least"]))
    if state.time_range:
        start, end = state.time_range
        begun, ended = np.frombuffer(table.first, np.float64), np.frombuffer(table.last, np.float64)
        links &= np.isnan(begun) | ((ended >= start) & (begun <= end))
    return nodes, links
