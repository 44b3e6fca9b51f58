"""The course of work on a chart: commands one after another, undo and redo, and the log that gives the same state again."""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from workbench_widgets import layout as layouts
from workbench_widgets import words
from workbench_widgets.link_attributes import STRENGTHS
from workbench_widgets.model import state as states
from workbench_widgets.model.actions.commands import COMMANDS, remove_from_groups
from workbench_widgets.model.actions.officer_commands import Done, Hand
from workbench_widgets.model.source import GraphSource, Source, Whole
from workbench_widgets.model.state import State
from workbench_widgets.model.table import BY_HAND, CUSTODIAN, SERVICE, SUGGESTED, Key, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Command = dict[str, object]
Places = Mapping[str, tuple[float, float]]
Step = tuple[State, Done | None]
"""Where a step of undo leads, and what was done by hand on the way."""
DEPTH = 200
"""Steps that can be undone."""
ARRANGEMENTS = tuple(layouts.KINDS)
"""Layouts in the order of the menu."""


class Session:
    """A chart that is being worked on, without a view.

    Parameters
    ----------
    graph : Graph
        What may be on the chart; see `Table.take` for the attributes.
    shown : collection of str, optional
        Ids of the nodes to begin with; by default all.
    places : mapping, optional
        Node -> (x, y) in pixels. Nodes without a place get one near what they are linked to.
    source : Source, optional
        Who answers what is not on the chart; by default the rest of the graph.
    hand : Hand, optional
        Who keeps what is said by hand (`act`); without it nothing is.

    Attributes
    ----------
    tell : callable
        Hears, while something long is done, what is done now and which share of it (0 to 1) lies behind.
    language : str
        In which that is said.
    """

    language = "en"
    tell: Callable[[str, float], None] = staticmethod(lambda said, share: None)

    def __init__(
        self,
        graph: nx.Graph,
        *,
        shown: Collection[str] | None = None,
        places: Places | None = None,
        source: Source | None = None,
        hand: Hand | None = None,
    ) -> None:
        self.source: Source = source or GraphSource(graph)
        self.hand = hand
        begin = graph if shown is None else GraphSource(graph).build_subgraph(shown, ())
        self._begin, self._places = begin, dict(places or {})
        self._drawn: dict[str, object] = {}
        self._pins: tuple[str, ...] = ()
        self.reset()

    def reset(self) -> None:
        """Go back to the beginning, with an empty log."""
        self.table = Table()
        nodes, links = self.table.add_graph(self._begin)
        self.state = states.create_state(self.table, nodes, links, self._places)
        if np.isnan(self.state.positions).any():
            self.state = states.apply_patch(self.state, {"positions": self._place_missing(self.state)})
        self.state = states.apply_patch(self.state, {**self._drawn, "pinned": self._build_pin_mask()})
        self._before: list[Step] = []
        self._after: list[Step] = []
        self.history: list[Command] = []
        self.said = ""

    @property
    def say(self) -> words.Translator:
        """What says texts in the language of the chart."""
        return words.Translator(self.language)

    @property
    def depth(self) -> tuple[int, int]:
        """How many steps can be undone, and how many done again."""
        return len(self._before), len(self._after)

    def do(self, name: str, **arguments: object) -> int:
        """Carry out a command and log it; how many nodes it brought onto the chart.

        Raises
        ------
        ValueError
            For a command that does not exist or does not take these arguments. Nothing is changed or logged then.
        """
        brought, self.said = 0, ""
        if name == "act":
            done = self._act(**_check_arguments(self._act, name, arguments))  # type: ignore[arg-type]
            arguments, brought = {**arguments, "brought": list(done.brought)}, len(done.brought)
        elif name in COMMANDS:
            patch = self._build_patch(name, arguments)
            self.said = (
                self.say("No path of this type connects the two entities along the links that are shown.")
                if name == "path" and not patch
                else ""
            )
            self._become(patch)
        elif own := self._list_special_commands().get(name):
            brought = own(**_check_arguments(own, name, arguments)) or 0
        else:
            raise ValueError(f"There is no command {name!r}. The commands are {', '.join(self.commands())}.")
        self.history.append({"do": name, **copy.deepcopy(arguments)})
        return brought

    def _list_special_commands(self) -> dict[str, Callable[..., int | None]]:
        """The commands that need more than table and state."""
        return {
            "undo": lambda: self._move_step(back=True), "redo": lambda: self._move_step(back=False),
            "expand": self._expand, "add": self._add,
            "arrange": self._arrange, "show_all": self._show_all,
        }  # fmt: skip

    @staticmethod
    def commands() -> list[str]:
        """The names of all commands."""
        return sorted([*COMMANDS, "undo", "redo", "expand", "add", "arrange", "show_all", "act"])

    def replay(self, log: Iterable[Command]) -> None:
        """Go back to the beginning and do what a log says; the same log gives the same chart.

        What was said by hand is not said again: what it brought is shown.
        """
        commands = [dict(command) for command in log]
        self.reset()
        for command in commands:
            if command["do"] == "act":
                self._add([*map(str, command.get("brought", ()))])  # type: ignore[call-overload]
                self.history.append(command)
            else:
                self.do(str(command.pop("do")), **command)

    def _build_patch(self, name: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        command = COMMANDS[name]
        try:
            inspect.signature(command).bind(self.table, self.state, **arguments)
            return command(self.table, self.state, **arguments)
        except (TypeError, AttributeError, KeyError, OverflowError) as problem:
            raise ValueError(f"The command {name!r} cannot be done with {arguments!r}: {problem}.") from problem

    def _become(self, patch: Mapping[str, object], done: Done | None = None) -> None:
        after = states.apply_patch(self.state, patch)
        steps = done is not None or any(
            not states.is_same(getattr(after, key), getattr(self.state, key)) for key in patch if key != "selection"
        )
        if steps:
            self._before = [*self._before[-(DEPTH - 1) :], (self.state, done)]
            self._after = []
        self.state = after

    def _move_step(self, *, back: bool) -> None:
        here, there = (self._before, self._after) if back else (self._after, self._before)
        if not here:
            return
        state, done = here[-1]
        graph = None
        if done is not None and self.hand is not None:
            nodes = [self.table.ids[row] for row in np.flatnonzero(state.nodes)]
            graph = (self.hand.undo if back else self.hand.redo)(done, nodes)
        here.pop()
        there.append((self.state, done))
        self.state = state
        if graph is not None and done is not None:
            self.state = states.apply_patch(state, self._refresh_graph(graph))
            self.said = (
                self.say("Undone: {what}", what=done.said) if back else self.say("Redone: {what}", what=done.said)
            )

    def _act(self, deed: str = "", given: Mapping[str, object] | None = None) -> Done:
        """Say something by hand, and show what came of it."""
        if self.hand is None:
            raise words.RefusedError("You cannot add or change data here: this chart does not belong to a case.")
        done = self.hand.act(deed, given or {}, self.node_ids())
        patch = self._refresh_graph(done.graph, done.brought, done.links)
        patch["positions"] = self._place_missing(states.apply_patch(self.state, patch))
        if done.brought:
            patch["selection"] = tuple(name for name in done.brought if name in self.table.rows)
        self._become(patch, done)
        self.said = done.said
        return done

    def renew(self, graph: nx.Graph) -> None:
        """Show what is on the chart as a graph has it now; what is not in the graph goes, and no undo brings it back."""
        gone = list(set(self.table.ids) - set(map(str, graph)))
        self.state = states.apply_patch(
            self.state, {**self._refresh_graph(graph), "groups": tuple(remove_from_groups(self.state, gone))}
        )
        self._before, self._after = [], []

    def restore_drawings(self, *, pins: Iterable[str] | None = None, **drawn: object) -> None:
        """Begin with groups, notes and pins, as another chart has them; it is no step, and a replay begins with them too."""
        self._drawn = drawn
        if pins is not None:
            self._pins = tuple(pins)
            drawn = {**drawn, "pinned": self._build_pin_mask()}
        self.state = states.apply_patch(self.state, drawn)

    def _build_pin_mask(self) -> states.Mask:
        """What is pinned at the beginning."""
        return states.build_mask(
            (self.table.rows[name] for name in self._pins if name in self.table.rows), len(self.table)
        )

    def _refresh_graph(
        self, graph: nx.Graph, brought: Iterable[str] = (), made: Collection[Key] = ()
    ) -> dict[str, object]:
        """The chart as a graph has it now: what is not in it goes, what was brought or made comes."""
        nodes, links = self.table.add_graph(graph, anew=True)
        on = states.build_mask(nodes, len(self.table)) & states.pad_array(self.state.nodes, len(self.table)).astype(
            np.uint8
        )
        on[[self.table.rows[name] for name in brought if name in self.table.rows]] = 1
        seen = states.build_mask(links, len(self.table.keys)) & states.pad_array(
            self.state.links, len(self.table.keys)
        ).astype(np.uint8)
        seen[[self.table.links[key] for key in made if key in self.table.links]] = 1
        positions = states.pad_array(self.state.positions, 2 * len(self.table)).astype(np.float32)
        pinned = states.pad_array(self.state.pinned, len(self.table))
        gone = {name for name, row in self.table.rows.items() if not on[row]}
        kept = tuple(name for name in self.state.selection if name not in gone)
        return {"nodes": on, "links": seen, "positions": positions, "pinned": pinned, "selection": kept}

    def _expand(self, ids: Collection[str] = (), hops: int = 1, limit: int = 50) -> int:
        return self._bring(self.source.find_neighbours(list(ids), self.node_ids(), hops, limit))

    def _add(self, ids: Collection[str] = ()) -> int:
        return self._bring(self.source.build_subgraph([*map(str, ids)], self.node_ids()))

    @property
    def full_size(self) -> int:
        """How many nodes `show_all` shows; 0 where the source cannot give them at once."""
        return self.source.size() if isinstance(self.source, Whole) else 0

    def _show_all(self) -> int:
        """Put all that the source has onto the chart, and nothing else, laid out anew; what is pinned stays where it is."""
        if not isinstance(self.source, Whole):
            raise words.RefusedError(
                "The chart cannot show all entities at once, because its source provides only some of them at a time. "
                "Expand an entity, or search for one."
            )
        self.tell(self.say("Reading {count} entities…", count=self.full_size), 0.05)
        nodes, links = self.table.add_graph(self.source.full_graph())
        count = len(self.table)
        shown, before = states.build_mask(nodes, count), states.pad_array(self.state.nodes, count).astype(np.uint8)
        patch: dict[str, object] = {
            "nodes": shown, "links": states.build_mask(links, len(self.table.keys)), "selection": (),
            "positions": states.pad_array(self.state.positions, 2 * count), "pinned": states.pad_array(self.state.pinned, count),
        }  # fmt: skip
        self.tell(self.say("Placing {count} entities…", count=self.full_size), 0.2)
        patch["positions"] = self._compute_positions(states.apply_patch(self.state, patch))
        self.tell(self.say("Drawing {count} entities…", count=self.full_size), 0.9)
        self._become(patch)
        return int(np.count_nonzero(shown > before))

    def _compute_positions(self, state: State) -> NDArray[np.float32]:
        """Places of all on the chart: those that were given at the beginning, else by the organic layout; what is pinned stays."""
        graph = self.graph(state)
        given = {name: place for name, place in self._places.items() if name in graph}
        places = given if len(given) == len(graph) else {**layouts.arrange_organic(graph), **given}
        free = {name: place for name, place in places.items() if not state.pinned[self.table.rows[name]]}
        return self._replace_positions(state.positions, free)

    def _bring(self, part: nx.Graph) -> int:
        """Put a part of the source onto the chart, near what it is linked to."""
        nodes, links = self.table.add_graph(part)
        shown = states.pad_array(self.state.nodes, len(self.table)).copy()
        brought = [row for row in nodes if not shown[row]]
        shown[nodes] = 1
        seen = states.pad_array(self.state.links, len(self.table.keys)).copy()
        seen[links] = 1
        grown = states.apply_patch(self.state, {"nodes": shown, "links": seen})
        positions = states.pad_array(self.state.positions, 2 * len(self.table)).astype(np.float32)
        pinned = states.pad_array(self.state.pinned, len(self.table))
        patch: dict[str, object] = {"nodes": shown, "links": seen, "positions": positions, "pinned": pinned}
        if brought:
            positions.reshape(-1, 2)[brought] = np.nan
            patch["positions"] = self._place_missing(states.apply_patch(grown, {"positions": positions}))
            patch["selection"] = tuple(self.table.ids[row] for row in brought)
        self._become(patch)
        return len(brought)

    def _place_missing(self, state: State) -> NDArray[np.float32]:
        """The positions, with a place for each node on the chart that has none."""
        points = states.pad_array(state.positions, 2 * len(self.table)).astype(np.float32).reshape(-1, 2)
        rows = np.flatnonzero(states.pad_array(state.nodes, len(self.table)))
        known = {self.table.ids[row]: (float(points[row, 0]), float(points[row, 1])) for row in rows
                 if math.isfinite(points[row, 0])}  # fmt: skip
        return self._replace_positions(points.ravel(), layouts.extend_layout(self.graph(state), known))

    def _arrange(self, how: str = "organic", seed: int = 1) -> None:
        self._become({"positions": self._compute_layout(how, seed)})

    def _compute_layout(self, how: str, seed: int) -> NDArray[np.float32]:
        """Places by a layout for what is seen; pinned nodes stay."""
        if how not in ARRANGEMENTS:
            raise ValueError(f"There is no layout {how!r}. The layouts are {', '.join(ARRANGEMENTS)}.")
        places = layouts.compute_positions(self.graph(self.state, seen=True), how, seed=seed)
        free = {name: place for name, place in places.items() if not self.state.pinned[self.table.rows[name]]}
        return self._replace_positions(self.state.positions, free)

    def _replace_positions(self, positions: NDArray[np.float32], places: Places) -> NDArray[np.float32]:
        made = positions.copy()
        for name, place in places.items():
            row = self.table.rows[name]
            made[2 * row : 2 * row + 2] = place
        return made

    def node_ids(self) -> list[str]:
        """Ids of the nodes on the chart, those that a filter hides among them."""
        return [self.table.ids[row] for row in np.flatnonzero(self.state.nodes)]

    def places(self) -> dict[str, tuple[float, float]]:
        """Node -> (x, y) of the nodes on the chart."""
        at = self.state.positions
        rows = np.flatnonzero(self.state.nodes).tolist()
        return {self.table.ids[row]: (float(at[2 * row]), float(at[2 * row + 1])) for row in rows}

    def graph(self, state: State | None = None, *, seen: bool = False) -> nx.MultiDiGraph:
        """What is on the chart as a networkx graph with attributes; only what no filter hides where `seen`."""
        now, table = state or self.state, self.table
        nodes, links = states.compute_visible(table, now if seen else states.apply_patch(now, UNFILTERED))
        made = nx.MultiDiGraph()
        for row in np.flatnonzero(nodes).tolist():
            flags = table.flags[row]
            made.add_node(
                table.ids[row], caption=table.labels[row], latin=table.latin.get(row, ""), more=table.more[row],
                schema=table.schemas[table.kinds[row]], layer="suggested" if flags & SUGGESTED else "received",
                service=bool(flags & SERVICE), custodian=bool(flags & CUSTODIAN), hand=bool(flags & BY_HAND),
            )  # fmt: skip
        for row in np.flatnonzero(links).tolist():
            strength = STRENGTHS[table.strength[row]]
            made.add_edge(
                table.ids[table.ends[2 * row]], table.ids[table.ends[2 * row + 1]], key=f"link:{row}",
                relation=table.relations[table.relation[row]] or self.say("linked to"), count=table.counts[row], strength=strength,
                directed=bool(table.directed[row]), layer="received" if strength == "confirmed" else "suggested",
                **{name: format_moment(column[row]) for name, column in (("first", table.first), ("last", table.last))
                   if not math.isnan(column[row])},
            )  # fmt: skip
        return made


def _check_arguments(command: Callable[..., object], name: str, arguments: Command) -> Command:
    """The arguments of a command, where it takes them."""
    try:
        inspect.signature(command).bind(**arguments)
    except TypeError as problem:
        raise ValueError(f"The command {name!r} cannot be done with {arguments!r}: {problem}.") from problem
    return arguments


UNFILTERED: dict[str, object] = {"filters": dict(states.NO_FILTERS), "time_range": None}


def format_moment(moment: float) -> str:
    """A time in milliseconds since 1970 UTC as ISO 8601."""
    return str(np.datetime64(round(moment), "ms")) + "Z"


__all__ = ["ARRANGEMENTS", "DEPTH", "Command", "Session", "format_moment"]
