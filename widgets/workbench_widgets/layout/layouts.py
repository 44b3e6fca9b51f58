"""All layouts by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from workbench_widgets.layout.circular import arrange_circular
from workbench_widgets.layout.grid import arrange_grid
from workbench_widgets.layout.grouped import arrange_groups
from workbench_widgets.layout.hierarchy import arrange_hierarchy
from workbench_widgets.layout.lanes import arrange_lanes
from workbench_widgets.layout.organic import arrange_organic
from workbench_widgets.layout.peacock import arrange_peacock

if TYPE_CHECKING:
    import networkx as nx

Places = dict[str, tuple[float, float]]


KINDS: Mapping[str, Callable[..., Places]] = {
    "organic": arrange_organic,
    "grouped": arrange_groups,
    "circular": arrange_circular,
    "hierarchy": arrange_hierarchy,
    "peacock": arrange_peacock,
    "grid": arrange_grid,
    "lanes": arrange_lanes,
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
