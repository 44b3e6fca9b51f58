"""The model that all views of a chart share: its data travels to the browser once, and what one view does all of them show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

import numpy as np
import traitlets as t

from workbench_widgets.bundled_widget import Bundled
from workbench_widgets.model.actions import command_checks
from workbench_widgets.model.actions.commands import link_row
from workbench_widgets.model.actions.officer_commands import Hand
from workbench_widgets.model.actions.session import ARRANGEMENTS, Command, Places, Session
from workbench_widgets.model.source import Source
from workbench_widgets.model.state import ARRAYS, NAMES
from workbench_widgets.model.table import Key
from workbench_widgets.visible_text import escape_hidden
from workbench_widgets.words import describe_error

if TYPE_CHECKING:
    import networkx as nx

CLIENTS = 16
Moment = float | str | date | None
JSON = tuple(name for name in NAMES if name not in (*ARRAYS, "selection"))


class CaseModel(Bundled, bundle="model"):
    """What is on a chart, without a view of its own; `LinkChart(model)` and other views show it.

    Every command is a method here first. It is logged in `history`, and `replay` of a log gives the same chart again.

    Parameters
    ----------
    graph : Graph
        A networkx graph. Node attributes caption, latin, schema, layer, service, custodian, and those of which
        `style` makes colours; link attributes relation, layer, strength ('confirmed', 'unconfirmed', 'tentative'), count, directed,
        first, last. All are optional.
    shown : collection of str, optional
        Ids of the nodes to begin with; by default all.
    places : mapping, optional
        Node -> (x, y) in pixels.
    source : Source, optional
        Who answers what is not on the chart; by default the rest of the graph.
    hand : Hand, optional
        Who keeps what is said by hand (`act`).
    title, mark, as_at : str
        Heading, handling mark and date of the data; they stand on the chart and on everything that is made of it.
    language : str
        In which the chart and the views beside it speak: en, fr, es or ar.

    Attributes
    ----------
    selection : list of str
        Ids that are chosen: nodes, links ('link:ROW'), groups and notes. It can be set.
    hover : str
        The id under the pointer; '' where there is none.
    status : str
        What the last command did, in words, as a screen reader says it.
    """

    rooms = ("kit", "model", "chart")
    table = t.Dict().tag(sync=True)
    nodes = t.Bytes(b"").tag(sync=True)
    links = t.Bytes(b"").tag(sync=True)
    positions = t.Bytes(b"").tag(sync=True)
    pinned = t.Bytes(b"").tag(sync=True)
    shape = t.Dict().tag(sync=True)
    selection = t.List(t.Unicode()).tag(sync=True)
    hover = t.Unicode("").tag(sync=True)
    depth = t.List(t.Int(), [0, 0]).tag(sync=True)
    status = t.Unicode("").tag(sync=True)
    version = t.Int(0).tag(sync=True)
    answered = t.Dict().tag(sync=True)
    alive = t.Bool(default_value=True).tag(sync=True)
    arrangements = t.List(t.Unicode()).tag(sync=True)
    offers = t.Dict().tag(sync=True)
    whole = t.Int(0).tag(sync=True)
    title = t.Unicode("").tag(sync=True)
    mark = t.Unicode("").tag(sync=True)
    as_at = t.Unicode("").tag(sync=True)

    def __init__(
        self, graph: nx.Graph, *, shown: Collection[str] | None = None, places: Places | None = None, source: Source | None = None,
        hand: Hand | None = None, **words: str,
    ) -> None:  # fmt: skip
        command_checks.check_graph(graph, words)
        command_checks.check_beginning(graph, shown, places)
        self.session = Session(graph, shown=shown, places=places, source=source, hand=hand)
        self._ready = self._busy = False
        self._edition = (-1, -1, -1)
        said = {name: escape_hidden(str(word)) for name, word in words.items()}
        more = self.session.full_size if self.session.full_size > len(self.session.table) else 0
        offers = hand.offers() if hand else {}
        super().__init__(**said, **self._build_traits(), arrangements=list(ARRANGEMENTS), offers=offers, whole=more)
        self.session.tell = lambda said, share: self.send({"progress": share, "said": said})
        self._ready = True
        self.on_msg(self._handle_message)

    @property
    def history(self) -> list[Command]:
        """The log: every command since the beginning, as `replay` takes it."""
        return self.session.history

    @property
    def graph(self) -> nx.MultiDiGraph:
        """What is seen on the chart, as a networkx graph; the key of a link is its id."""
        return self.session.graph(seen=True)

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """Node -> (x, y) in pixels, of the nodes on the chart."""
        return self.session.places()

    @property
    def pins(self) -> set[str]:
        """Ids of the nodes on the chart that are pinned."""
        ids = self.session.table.ids
        return {ids[row] for row in np.flatnonzero(self.session.state.nodes & self.session.state.pinned).tolist()}

    @property
    def chosen_links(self) -> list[Key]:
        """Source, target and key, in the graph that was given, of the links that are chosen."""
        keys = self.session.table.keys
        return [keys[int(name[5:])] for name in self.selection if name.startswith("link:")]

    def resolve_ids(self, ids: Iterable[str]) -> tuple[list[str], list[Key]]:
        """Nodes and links that are meant by ids on the chart; groups stand for their members. Links come as `chosen_links` has them."""
        members = {str(group["id"]): cast("list[str]", group["members"]) for group in self.session.state.groups}
        keys, found = self.session.table.keys, dict[str, None]()
        links = [keys[row] for name in ids if (row := link_row(str(name), len(keys))) is not None]
        for name in ids:
            found |= dict.fromkeys(one for one in members.get(name, [name]) if one in self.session.table.rows)
        return list(found), links

    def do(self, command: str, **arguments: object) -> int:
        """Carry out a command by its name; how many nodes it brought.

        Raises
        ------
        ValueError
            For a command that does not exist or does not take these arguments.
        """
        brought = self.session.do(command, **arguments)
        self._show(self._describe_command(command, brought))
        return brought

    def replay(self, log: Iterable[Command]) -> None:
        """Go back to the beginning and do what a log says."""
        self.session.replay(command_checks.check_log(log))
        self._show(self.say("The recorded steps were repeated from the beginning."))

    def select(self, *ids: str, add: bool = False) -> None:
        """Choose nodes, links, groups or notes; none without an id."""
        self.do("select", ids=command_checks.check_chart_ids(self.session, ids), add=add)

    def invert(self) -> None:
        """Choose every node that is seen and was not chosen."""
        self.do("invert")

    def neighbours(self) -> None:
        """Choose, beside what is chosen, what it is linked to."""
        self.do("neighbours")

    def dismiss(self, *ids: str) -> None:
        """Take off the chart; without ids what is chosen. It stays in the data."""
        self.do("dismiss", ids=self._check_ids(ids))

    def dismiss_others(self, *ids: str) -> None:
        """Leave only these nodes on the chart; without ids those chosen."""
        self.do("dismiss_others", ids=self._check_ids(ids))

    def restore(self) -> None:
        """Bring back all that was dismissed."""
        self.do("restore")

    def move(self, places: Mapping[str, tuple[float, float]]) -> None:
        """Put nodes, groups or notes at places, in pixels; nodes are pinned there."""
        self.do("move", places=command_checks.check_chart_places(self.session, places))

    def pin(self, *ids: str, on: bool = True) -> None:
        """Keep nodes where they are, whatever a layout does; or no longer."""
        self.do("pin", ids=self._check_ids(ids), on=on)

    def filter(self, **filters: object) -> None:
        """Hide schemas, relations, strengths and values of the style, by lists of their names, and links of a count under `least`."""
        self.do("filter", **command_checks.check_filters(self.session, filters))

    def during(self, start: Moment = None, end: Moment = None) -> None:
        """Show only dated links from start to end: dates, ISO 8601, or milliseconds since 1970 UTC; without both of all times."""
        self.do("during", **command_checks.check_period(start, end))

    def group(self, *ids: str, label: str = "") -> None:
        """Draw nodes as one."""
        self.do("group", ids=command_checks.check_members(self.session, self._check_ids(ids)), label=label)

    def open_group(self, name: str, *, on: bool = True) -> None:
        """Show the members of a group; or draw it as one again."""
        self.do("open_group", id=command_checks.check_group(self.session, name), on=on)

    def name_group(self, name: str, label: str) -> None:
        """Give a group another name."""
        self.do(
            "name_group", id=command_checks.check_group(self.session, name), label=command_checks.check_label(label)
        )

    def ungroup(self, name: str) -> None:
        """Take a group apart."""
        self.do("ungroup", id=command_checks.check_group(self.session, name))

    def note(self, text: str, x: float = 0.0, y: float = 0.0, *, name: str = "") -> None:
        """Write a text on the chart; with the name of a note that is there, another text, or none, in its place."""
        x, y = command_checks.check_place(x, y)
        self.do("note", text=command_checks.check_note(self.session, text, name), x=x, y=y, id=name)

    def apart(self, *, on: bool = True) -> None:
        """Draw parallel links apart, or as one with their count."""
        self.do("apart", on=on)

    def style(self, name: str = "") -> None:
        """Colour the nodes by one of their attributes (`styles` lists them); without a name by their schemas again.

        The seven most frequent values have a colour each, the rest is grey; of an attribute with more than seven numbers, five classes of
        about as many nodes each go from light to dark. A colour says what the data supplied say of a node, and nothing of its weight.

        Raises
        ------
        ValueError
            For an attribute that no node has, or that cannot be shown.
        """
        if name and name not in self.styles:
            raise ValueError(
                f"The nodes cannot be coloured by {name!r}. Choose one of: {', '.join(self.styles) or 'none here'}."
            )
        self.do("style", by=name)

    @property
    def styles(self) -> list[str]:
        """The attributes that `style` can show: short texts and numbers that several nodes have.

        Left out are names, ids ('..._id'), positions, lists, what is private ('_name'), and what a chart draws otherwise, as `schema`,
        `layer`, `service` and `custodian`.
        """
        return list(self.session.table.styles)

    def path(self, start: str, end: str, *, timed: bool = False) -> None:
        """Choose a shortest path over the links that are seen; with `timed` one that goes forward in time.

        A path forward in time says that something could have been passed on this way, not that anything was.
        """
        start, end = command_checks.check_chart_ids(self.session, (start, end))
        self.do("path", start=start, end=end, timed=timed)

    def expand(self, *ids: str, hops: int = 1, limit: int = 50) -> int:
        """Bring neighbours onto the chart, at most `limit`; how many came. `counts` says before how many there are."""
        hops, limit = (
            command_checks.check_whole_number(hops, "hops"),
            command_checks.check_whole_number(limit, "the limit"),
        )
        return self.do("expand", ids=self._check_ids(ids), hops=hops, limit=limit)

    def add(self, *ids: str) -> int:
        """Bring nodes of the source onto the chart by their ids; how many came."""
        brought = self.do("add", ids=list(map(str, ids)))
        command_checks.check_data_ids(map(str, ids), self.session.node_ids())
        return brought

    def show_all(self) -> int:
        """Show all that the source has, laid out anew: what is pinned stays, communities go; how many came.

        50,000 nodes take some ten seconds; `undo` leads back.
        """
        return self.do("show_all")

    def arrange(self, how: str = "organic", *, seed: int = 1) -> None:
        """Lay the chart out anew: `arrangements` lists the layouts. Pinned nodes stay. The same seed gives the same picture."""
        self.do("arrange", how=how, seed=command_checks.check_whole_number(seed, "the seed"))

    def act(self, deed: str, **given: object) -> int:
        """Say something by hand that is kept beyond the chart (`offers` lists the deeds); how many nodes it brought.

        Raises
        ------
        ValueError
            If it cannot be done, in words. Nothing is changed then.
        """
        return self.do("act", deed=deed, given=given)

    def renew(self, graph: nx.Graph) -> None:
        """Show what is on the chart as a graph has it now; what is not in it goes."""
        self.session.renew(graph)
        self._show(self.say("The chart shows the current state of the case."))

    def refresh(self) -> None:
        """Send what the session has now."""
        self._show("")

    def values(self, name: str) -> list[tuple[str, str]]:
        """Properties and values of a node that can be corrected."""
        return self.session.hand.values(name) if self.session.hand else []

    def undo(self) -> None:
        """Take the last step back, what was said by hand among them."""
        self.do("undo")

    def redo(self) -> None:
        """Do again what was taken back."""
        self.do("redo")

    def counts(self, *ids: str) -> dict[str, int]:
        """How many neighbours of each node are not on the chart."""
        return self.session.source.counts(self._check_ids(ids), self.session.node_ids())

    def search(self, words: str, limit: int = 20) -> list[tuple[str, str]]:
        """Id and label of nodes of the source that have all the words; `add` brings them."""
        return self.session.source.search(str(words), command_checks.check_whole_number(limit, "the limit"))

    def details(self, name: str) -> dict[str, str]:
        """What is known of a node, by heading."""
        found = self.session.source.details(name)
        command_checks.check_data_ids([name], [name] if found else self.session.table.rows)
        return found

    def _check_ids(self, ids: Iterable[str]) -> list[str]:
        """Ids on the chart; without any, what is chosen."""
        return command_checks.check_selection(self.session, command_checks.check_chart_ids(self.session, ids))

    def _describe_command(self, command: str, brought: int) -> str:
        if self.session.said:
            return self.session.said
        if command in ("expand", "add", "show_all"):
            return self.say("Entities added to the chart: {count}.", count=brought)
        chosen, seen = len(self.session.state.selection), int(np.count_nonzero(self.session.state.nodes))
        return self.say(
            "{what}: {chosen} selected, {seen} on the chart",
            what=self.say.term("commands", command),
            chosen=chosen,
            seen=seen,
        )

    def _send_texts(self, _: object = None) -> None:
        """Send the texts of the language, in which the session too says what it does."""
        super()._send_texts()
        self.session.language = self.language

    def _build_traits(self) -> dict[str, object]:
        """The state as traits."""
        state, table = self.session.state, self.session.table
        arrays = {name: getattr(state, name).tobytes() for name in ARRAYS}
        edition = (len(table), len(table.keys), table.edition)
        columns = {"table": table.columns()} if edition != self._edition else {}
        self._edition = edition
        shape = {name: getattr(state, name) for name in JSON}
        shape = {name: list(value) if isinstance(value, tuple) else value for name, value in shape.items()}
        chosen, depth = list(state.selection), list(self.session.depth)
        return {**arrays, **columns, "shape": shape, "selection": chosen, "depth": depth}

    def _show(self, said: str) -> None:
        """Send what changed, in one message."""
        self._busy = True
        try:
            with self.hold_sync():
                for name, value in self._build_traits().items():
                    if getattr(self, name) != value:
                        setattr(self, name, value)
                self.status = said
                self.version += 1
        finally:
            self._busy = False

    @t.observe("selection")
    def _apply_selection(self, change: Mapping[str, object]) -> None:
        """A selection that was set, not commanded."""
        if self._ready and not self._busy:
            self.do("select", ids=cast("list[str]", change["new"]))

    def _handle_message(self, _: object, content: Mapping[str, object], _buffers: object) -> None:
        """A command or a question from the browser. What is wrong with it is said in the widget, never raised."""
        kind = content.get("kind")
        try:
            if kind == "do":
                self._run_command(content)
            elif kind == "ask":
                self._answer_question(content)
        except Exception as problem:  # noqa: BLE001 - whatever a source says goes to the person at the chart
            self._show(describe_error(problem, self.language))
            if kind == "ask":
                self.send({"answer": content.get("number"), "to": content.get("client"), "problem": self.status})

    def _run_command(self, content: Mapping[str, object]) -> None:
        given = content.get("given")
        with self.hold_sync():
            latest = {**self.answered, str(content.get("client")): content.get("number")}
            self.answered = dict(list(latest.items())[-CLIENTS:])
            self.do(str(content.get("do")), **(given if isinstance(given, dict) else {}))

    def _answer_question(self, content: Mapping[str, object]) -> None:
        questions: dict[str, Callable[..., object]] = {
            "counts": self.counts, "search": self.search, "details": self.details, "values": self.values,
        }  # fmt: skip
        question, given = questions.get(str(content.get("ask"))), content.get("given")
        if question is None:
            raise ValueError(f"There is no question {content.get('ask')!r}.")
        found = question(*given) if isinstance(given, list) else question()
        self.send({"answer": content.get("number"), "to": content.get("client"), "found": found})
