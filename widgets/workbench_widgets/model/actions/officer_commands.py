"""What is said by hand on a chart and changes more than the chart: persons, links, merges, corrections. Somebody else keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import networkx as nx

    from workbench_widgets.model.table import Key


@dataclass(frozen=True, slots=True)
class Done:
    """What a deed made of the chart.

    Attributes
    ----------
    graph : MultiDiGraph
        All that is on the chart afterwards, as it is now.
    brought : tuple of str
        Ids of nodes that are to be on the chart now.
    links : frozenset
        Source, target and key of the links that the deed made.
    said : str
        What was done, in words.
    deed : object
        By which whoever keeps it takes it back.
    """

    graph: nx.MultiDiGraph
    brought: tuple[str, ...]
    links: frozenset[Key]
    said: str
    deed: object


class Hand(Protocol):
    """Who keeps what is said by hand, and can take it back."""

    def offers(self) -> dict[str, object]:
        """What can be done, as JSON: deeds, schemas of things and of links."""

    def values(self, name: str) -> list[tuple[str, str]]:
        """Properties and values of a node that can be corrected."""

    def act(self, deed: str, given: Mapping[str, object], shown: Collection[str]) -> Done:
        """Do it; `shown` are the nodes on the chart.

        Raises
        ------
        ValueError
            If it cannot be done. Nothing is changed then.
        """

    def undo(self, done: Done, shown: Collection[str]) -> nx.MultiDiGraph:
        """Take it back; the graph of these nodes, as it is then."""

    def redo(self, done: Done, shown: Collection[str]) -> nx.MultiDiGraph:
        """Do again what was taken back; the graph of these nodes, as it is then."""
