"""Linked views of a case: the chart that is worked on, and beside it timeline, map, table, matrix and evidence of the same model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TYPE_CHECKING, cast

import traitlets as t
from workbench_widgets import files, page, portable
from workbench_widgets.chart import LinkChart
from workbench_widgets.chart.closed_groups import collect_additions, fold_groups
from workbench_widgets.evidence import Evidence
from workbench_widgets.map import MapView
from workbench_widgets.matrix import Matrix
from workbench_widgets.model import CaseModel, Done
from workbench_widgets.model.actions.commands import format_group_name, narrow_group
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.widget_view import View
from workbench_widgets.workspace import Workspace

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence, Translator

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from workbench_widgets.files import FilePath
    from workbench_widgets.linked_views import LinkedView
    from workbench_widgets.model import Hand, Source
    from workbench_widgets.passage import Passage

__all__ = [
    "KINDS",
    "Binding",
    "CaseChart",
    "CaseModel",
    "CaseWorkspace",
    "Done",
    "View",
    "Workspace",
    "build_case_model",
    "build_evidence",
    "build_view",
    "format_group_name",
]

KINDS = ("chart", "timeline", "map", "table", "matrix", "evidence")
"""Views of one model."""
TABS = ("chart", "matrix", "evidence", "entities", "timeline", "map")
Edge = tuple[str, str, str]


@dataclass(frozen=True)
class Binding:
    """How views are bound to their case.

    Attributes
    ----------
    net : callable
        All that has come onto the chart, with the attributes that the case gave.
    passages : callable
        Ids on the chart and a limit to what sources say of them, and how many more places there are.
    carried : callable
        Links to the passages that an exported page carries.
    events, places : callable
        Tables of a timeline and a map.
    fresh : callable
        Renews the chart where the case has changed so that it may not be shown as it is.
    keep : callable
        Writes a file of the chart: path and bytes to where it lies.
    note, zone : str
        A remark on the method that stands under the picture; IANA time zone in which times are written.
    """

    net: Callable[[], nx.MultiDiGraph]
    passages: Callable[[Sequence[str], int], tuple[Sequence[Passage], int]]
    carried: Callable[[Iterable[Edge]], Mapping[Edge, Sequence[Passage]]]
    events: Callable[[], pd.DataFrame]
    places: Callable[[], pd.DataFrame]
    fresh: Callable[[], None]
    keep: Callable[[CaseChart, Path, bytes], Path]
    note: Callable[[], str]
    zone: str = "UTC"


class CaseChart(LinkChart):
    """The link chart of a case. What is done on it, and asked of the case, passes the gate of the case and its log.

    Attributes
    ----------
    model : CaseModel
        Every command is a method of it: `chart.model.expand('person-…')`, `chart.model.undo()`.
    graph : MultiDiGraph
        What is seen on the chart, with the attributes of `case.graph`.
    selected : list of str
        Ids of the entities that are chosen; `chart.select(…)` chooses.
    positions : dict
        Node -> (x, y) in pixels.
    title, mark, as_at, note : str
        What is printed on the sheet.
    """

    foot = t.Unicode("").tag(sync=True)

    def __init__(self, model: CaseModel, binding: Binding) -> None:
        self.binding = binding
        super().__init__(model)
        self.foot = binding.note()

    @property
    def graph(self) -> nx.MultiDiGraph:
        """What is seen on the chart, as the case gave it."""
        net, on = self.binding.net(), self.model.graph
        keys = self.model.session.table.keys
        edges = [keys[int(str(key)[5:])] for *_, key in on.edges(keys=True)]
        made = net.subgraph(on).copy()
        wanted = {edge for edge in edges if net.has_edge(*edge)}
        made.remove_edges_from([edge for edge in list(made.edges(keys=True)) if edge not in wanted])
        return made

    @property
    def positions(self) -> dict[str, tuple[float, float]]:
        """Node -> (x, y) in pixels."""
        return self.model.places

    @property
    def title(self) -> str:
        """Heading of the sheet."""
        return str(self.model.title)

    @property
    def mark(self) -> str:
        """Handling mark of all that is on the chart."""
        return str(self.model.mark)

    @property
    def as_at(self) -> str:
        """Date of the data."""
        return str(self.model.as_at)

    @property
    def note(self) -> str:
        """A remark on the method."""
        return str(self.foot)

    def to_svg(self) -> str:
        """The chart as one picture, light, with title, mark, date and legend; '' with more nodes than a sheet can show."""
        self.binding.fresh()
        graph, places = fold_groups(self.model.session)
        if len(graph) > portable.CAP:
            return ""
        return portable.draw_svg(
            graph, places, title=self.title or Translator(self.model.language)("report.title.chart"), mark=self.mark, as_at=self.as_at,
            note=self.note, added=collect_additions(self.model.session), language=self.model.language,
        )  # fmt: skip

    def to_pdf(self, paper: str = "A3", *, case: str = "", officer: str = "", note: str = "") -> bytes:
        """The chart to print, as `LinkChart` has it; the remark on the method stands on it where no other is given."""
        self.binding.fresh()
        return super().to_pdf(paper, case=case, officer=officer, note=note or self.note)

    def to_html(self) -> str:
        """The chart and its evidence as one interactive file that needs no kernel and no network.

        It holds what is seen and nothing else: what was dismissed or filtered out does not leave with it.
        """
        self.binding.fresh()
        alone = self.visible_chart()
        return page.build_page(
            [alone, build_evidence(alone.model, self.binding, carry=True)],
            title=self.title or Translator(self.model.language)("report.title.chart"),
        )

    def visible_chart(self) -> CaseChart:
        """A chart of what is seen on this one and of nothing else, with events and places of no other."""
        model, period, links = (
            self._build_visible_model(),
            self.model.session.state.time_range,
            _group_pairs(self.binding.net(), self.graph),
        )
        on = model.session.table.rows
        events, places = self.binding.events, self.binding.places

        def load_events() -> pd.DataFrame:
            table = _select_period(events(), period)
            told = zip(table["members"], table["relation"], strict=True)
            return table[
                [all(one in on for one in members) and _is_visible(links, members, kind) for members, kind in told]
            ]

        def load_places() -> pd.DataFrame:
            table = _select_period(places(), period)
            return table[table["node"].isin(list(on))]

        return CaseChart(model, replace(self.binding, events=load_events, places=load_places))

    def _build_visible_model(self) -> CaseModel:
        """A model of what is seen, with the groups, notes and pins of this one."""
        state = self.model.session.state
        made = CaseModel(
            self.graph, places=self.positions, title=self.title, mark=self.mark, as_at=self.as_at,
            language=self.model.language,
        )  # fmt: skip
        on = made.session.table.rows
        groups = [
            narrow_group(group, members)
            for group in state.groups
            if len(members := [one for one in cast("list[str]", group["members"]) if one in on]) > 1
        ]
        made.session.restore_drawings(
            groups=tuple(groups),
            notes=state.notes,
            apart=state.apart,
            style=state.style,
            pins=self.model.pins & on.keys(),
        )
        made.refresh()
        return made

    def to_graphml(self) -> bytes:
        """What is seen, as GraphML."""
        self.binding.fresh()
        return super().to_graphml()

    def to_anx(self, *, author: str = "") -> bytes:
        """What is seen, for i2 Analyst's Notebook (ANX)."""
        self.binding.fresh()
        return super().to_anx(author=author)

    @classmethod
    def from_graphml(cls, file: bytes | FilePath, **options: object) -> LinkChart:
        """A chart from GraphML, as `LinkChart` has it: it belongs to no case."""
        return LinkChart.from_graphml(file, **options)

    @classmethod
    def from_anx(cls, file: bytes | FilePath, **options: object) -> LinkChart:
        """A chart from ANX, as `LinkChart` has it: it belongs to no case; `case.add` reads the file into one."""
        return LinkChart.from_anx(file, **options)

    @property
    def html(self) -> str:
        """The interactive page."""
        return self.to_html()

    @property
    def svg(self) -> str:
        """The static picture."""
        return self.to_svg()

    def save(self, path: FilePath, **options: object) -> Path:
        """Write the page, or what the end of the name asks for: .svg, .png, .pdf, .graphml, .anx; returns the path.

        In an encrypted case the file is encrypted. Outside the case it is a disclosure.

        Parameters
        ----------
        path : str or Path
        **options
            What `to_png` (width), `to_pdf` (paper, case, officer, note) and `to_anx` (author) take.

        Raises
        ------
        CaseError
            If there are more entities than a picture can show; for another ending, and a width or paper that there is not.
        """
        makers: dict[str, Callable[..., str | bytes]] = {
            ".svg": self.to_svg, ".png": self.to_png, ".pdf": self.to_pdf, ".graphml": self.to_graphml, ".anx": self.to_anx,
        }  # fmt: skip
        target, ending = _parse_path(path, makers)
        try:
            written = (
                files.build_content(makers.get(ending, self.to_html), options, ending or "a page") or self._large()
            )
        except ValueError as error:
            raise CaseError(Sentence("{file} cannot be drawn: {error}", file=target.name, error=error)) from error
        return self.binding.keep(self, target, written)


def _group_pairs(net: nx.MultiDiGraph, seen: nx.MultiDiGraph) -> dict[str, set[frozenset[str]]]:
    """Each relation of a chart -> pairs that links of it join which are seen; under '' pairs that any link joins."""
    found = {str(relation): set[frozenset[str]]() for *_, relation in net.edges(data="relation")} | {"": set()}
    for source, target, relation in seen.edges(data="relation"):
        for name in ("", str(relation)):
            found[name].add(frozenset((source, target)))
    return found


def _is_visible(links: Mapping[str, set[frozenset[str]]], members: Sequence[str], relation: str) -> bool:
    """Whether a link that is seen stands for what happened; what is of no relation on the chart, as calls of a day, is of any link."""
    pairs = links.get(relation, links[""])
    return any(frozenset(pair) in pairs for pair in combinations_with_replacement(members, 2))


def _select_period(table: pd.DataFrame, period: Sequence[float] | None) -> pd.DataFrame:
    """What of a table is undated or falls into a time that a chart shows."""
    if not period:
        return table
    start = table["start"].astype(float)
    end = table["end"].astype(float).fillna(start) if "end" in table else start
    return table[start.isna() | ((end >= period[0]) & (start <= period[1]))]


def _parse_path(path: FilePath, others: Iterable[str]) -> tuple[Path, str]:
    """A path, and how its name ends.

    Raises
    ------
    CaseError
        If it is no path, or ends neither as a page does nor as one of the others.
    """
    ends = (".html", *others)
    try:
        target = files.parse_path(path, ends)
    except ValueError as error:
        raise CaseError(
            Sentence(
                "{name} is not a file name. Nothing was saved. Enter a file name with an ending, for example "
                "`chart.html`. The ending sets the format: {ends}.",
                name=f"{path!r:.60}",
                ends=ends,
            )
        ) from error
    ending = target.suffix.lower()
    if ending not in ("", *ends):
        raise CaseError(
            Sentence(
                "The program cannot save {name}, because it does not know this file ending. Nothing was saved. "
                "Use one of these endings: {ends}.",
                name=target.name,
                ends=ends,
            )
        )
    return target, ending


def build_case_model(  # noqa: PLR0913 - what stands on the sheet is named one by one
    net: nx.MultiDiGraph, source: Source, hand: Hand, *, places: Mapping[str, tuple[float, float]], title: str, mark: str,
    as_at: str, language: str = "en",
) -> CaseModel:  # fmt: skip
    """The model of a chart of a case."""
    return CaseModel(
        net, source=source, hand=hand, places=places, title=title, mark=mark, as_at=as_at, language=language
    )


def build_view(kind: str, chart: CaseChart) -> View:
    """Another view of the model of a chart, or the chart itself.

    Raises
    ------
    CaseError
        For a kind that is none of KINDS.
    """
    if kind == "chart":
        return chart
    made = _build_view(kind, chart)
    made.saver = partial(_save_view, kind, chart)
    return made


def _save_view(kind: str, chart: CaseChart, path: FilePath) -> Path:
    """Write a view of what is seen on a chart as a page, kept as a file of the chart is; returns the path."""
    target, _ = _parse_path(path, ())
    chart.binding.fresh()
    seen_only = chart.visible_chart()
    shown = (
        build_evidence(seen_only.model, seen_only.binding, carry=True)
        if kind == "evidence"
        else build_view(kind, seen_only)
    )
    title = chart.title or Translator(chart.model.language)("report.title.chart")
    return chart.binding.keep(chart, target, page.build_page([shown], title=title).encode("utf-8", "replace"))


def _build_view(kind: str, chart: CaseChart) -> LinkedView:
    """A view beside a chart, of the same model."""
    model, binding = chart.model, chart.binding
    if kind == "timeline":
        timeline = Timeline(model, binding.events(), zone=binding.zone)
        model.observe(lambda _: timeline.take(binding.events()), "table")
        return timeline
    if kind == "map":
        world = MapView(model, binding.places(), zone=binding.zone)
        model.observe(lambda _: world.take(binding.places()), "table")
        return world
    if kind == "table":
        return EntityTable(model, zone=binding.zone)
    if kind == "matrix":
        return Matrix(model, zone=binding.zone)
    if kind == "evidence":
        return build_evidence(model, binding)
    raise CaseError(Sentence("The view '{kind}' is not known. Known views: {kinds}.", kind=kind, kinds=KINDS))


def _translate_headings(language: str) -> dict[str, str]:
    """What the tabs of a workspace are called."""
    say = Translator(language)
    return {name: say(f"views.tab.{name}") for name in TABS}


class CaseWorkspace(Workspace):
    """All views of a chart in one layout.

    Attributes
    ----------
    views : dict
        Heading -> view, all of one model.
    """

    def __init__(self, chart: CaseChart, *, carry: bool = False) -> None:
        self.chart, called = chart, _translate_headings(chart.model.language)
        super().__init__(
            {called["chart"]: chart, called["matrix"]: build_view("matrix", chart)},
            {
                called["evidence"]: build_evidence(chart.model, chart.binding, carry=carry),
                called["entities"]: build_view("table", chart),
            },
            {called["timeline"]: build_view("timeline", chart), called["map"]: build_view("map", chart)},
        )

    def _send_texts(self, change: object = None) -> None:
        """Send the texts of the language, in which the headings are too."""
        super()._send_texts(change)
        if isinstance(change, Mapping):
            before, now = _translate_headings(change["old"]), _translate_headings(change["new"])
            self.head({before[name]: now[name] for name in TABS})

    def to_html(self, *, title: str = "") -> str:
        """All views, linked, as one interactive file that needs no kernel and no network: what is seen on the chart, and nothing else."""
        self.chart.binding.fresh()
        seen_only = CaseWorkspace(self.chart.visible_chart(), carry=True)
        return page.build_page(
            [seen_only], title=title or self.chart.title or Translator(self.chart.model.language)("views.tab.workspace")
        )

    def save(self, path: FilePath) -> Path:
        """Write the page; returns the path. In an encrypted case it is encrypted; outside the case it is a disclosure."""
        target, _ = _parse_path(path, ())
        return self.chart.binding.keep(self.chart, target, self.to_html().encode("utf-8", "replace"))


def build_evidence(model: CaseModel, binding: Binding, *, carry: bool = False) -> Evidence:
    """The passages behind what is chosen; with `carry`, those of the links travel along, for a page without a kernel."""

    def decide(passage: str, accept: bool, because: str) -> str:  # noqa: FBT001 - as it comes from the browser
        model.act("accept" if accept else "reject", id=passage, because=because)
        return model.session.said

    return Evidence(
        model, binding, decide=decide, carried=_list_link_passages(model, binding) if carry else None, zone=binding.zone
    )


def _list_link_passages(model: CaseModel, binding: Binding) -> dict[str, Sequence[Passage]]:
    """Id of a link -> its first passages; nothing is marked in them that is not on the chart."""
    keys, on = model.session.table.keys, model.graph
    shown = {tuple(map(str, keys[int(str(key)[5:])])): str(key) for *_, key in on.edges(keys=True)}
    found = binding.carried(list(shown))  # type: ignore[arg-type]
    return {
        shown[edge]: [replace(one, marks=[mark for mark in one.marks if mark.id in on]) for one in some]
        for edge, some in found.items()
    }
