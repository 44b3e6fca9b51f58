"""All layouts by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from workbench_widgets.layout.circular import circular
from workbench_widgets.layout.grid import grid
from workbench_widgets.layout.grouped import grouped
from workbench_widgets.layout.hierarchy import hierarchy
from workbench_widgets.layout.lanes import lanes
from workbench_widgets.layout.organic import organic
from workbench_widgets.layout.peacock import peacock

if TYPE_CHECKING:
    import networkx as nx

Places = dict[str, tuple[float, float]]


KINDS: Mapping[str, Callable[..., Places]] = {
    "organic": organic,
    "grouped": grouped,
    "circular": circular,
    "hierarchy": hierarchy,
    "peacock": peacock,
    "grid": grid,
    "lanes": lanes,
}


def compute_positions(graph: nx.Graph, kind: str = "organic", *, seed: int = 1, **options: object) -> Places:
    """Positions of all nodes of a graph, in the layout of that name.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
    kind : str
        One of KINDS: organic, grouped, circular, hierarchy, peacock, grid, lanes.
    seed : int
        For the layouts that start from chance; the same seed gives the same picture.
    **options
        What the layout of that name takes more: `by` (grouped), `ratio`, `width` (lanes).

    Returns
    -------
    dict
        Node -> (x, y) in pixels at scale 1, x to the right and y down.

    Raises
    ------
    ValueError
        If there is no layout of that name.
    """
    if kind not in KINDS:
        message = f"There is no layout {kind!r}. Choose one of: {', '.join(KINDS)}."
        raise ValueError(message)
    made = KINDS[kind]
    chance = {"seed": seed} if "seed" in inspect.signature(made).parameters else {}
    return made(graph, **chance, **options)
