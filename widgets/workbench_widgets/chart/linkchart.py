"""The link chart: a picture of who is linked to what that is worked on, in a notebook or a page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import traitlets as t
from anywidget import WidgetTrait

from workbench_widgets import exchange, files, layout, page, portable
from workbench_widgets.chart.chart_exchange import build_chart_properties, build_graph, restore_annotations
from workbench_widgets.chart.closed_groups import collect_additions, fold_groups
from workbench_widgets.chart.overview import LARGE, Overview
from workbench_widgets.linked_views import describe_view
from workbench_widgets.model import CaseModel
from workbench_widgets.model.actions import command_checks
from workbench_widgets.portable.annotations import NOTHING, Annotations
from workbench_widgets.portable.icons import ICONS, OTHER, translate_schema
from workbench_widgets.widget_view import View
from workbench_widgets.words import Translator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx

    from workbench_widgets.files import FilePath

HEIGHT = 560
Pictures = dict[str, dict[str, str]]


class LinkChart(View, bundle="chart"):
    """A link chart of a networkx graph, or another view of a model that other views share.

    Solid lines are confirmed, dashed ones unconfirmed, dotted ones tentative. Positions never move unless asked.

    Parameters
    ----------
    what : Graph or CaseModel
        A graph of 50,000 nodes or more begins with its communities: expand one, search for a node, show all (`model.show_all()`), or
        name those to begin with in `shown`.
    height : int
        Of the chart in pixels.
    whole : bool
        Draw the whole of a large graph at once, as points and hairlines.
    **options
        For a graph: shown, places, source, title, mark, as_at, language, as `CaseModel` has them.

    Attributes
    ----------
    model : CaseModel
        Every command is a method of it: `chart.model.expand('n1')`.
    language : str
        That of the model; set anew, the chart and the views beside it are drawn again in it.

    Examples
    --------
    >>> import networkx as nx
    >>> chart = LinkChart(nx.karate_club_graph(), title="Karate club")
    >>> chart.select("0", "33")
    >>> chart.selected
    ['0', '33']
    """

    rooms = ("kit",)
    case = WidgetTrait().tag(sync=True)
    height = t.Int(HEIGHT).tag(sync=True)
    icons = t.Dict().tag(sync=True)

    def __init__(
        self,
        what: nx.Graph | CaseModel,
        *,
        height: int = HEIGHT,
        whole: bool = False,
        **options: object,
    ) -> None:
        self.model = what if isinstance(what, CaseModel) else _build_model(what, options, at_once=whole)
        command_checks.check_whole_number(height, "the height in pixels")
        super().__init__(case=self.model, height=height, language=self.model.language)
        self.model.observe(self._follow, "language")

    def _send_texts(self, change: object = None) -> None:
        """Send the texts of the language; the model says in it what is done, and the views beside the chart follow."""
        self.model.language = self.language
        self.icons = build_icons(self.language)
        super()._send_texts(change)

    def _follow(self, change: Mapping[str, str]) -> None:
        self.language = change["new"]

    @property
    def selected(self) -> list[str]:
        """Ids of the nodes that are chosen; those of groups stand for their members."""
        members = {str(group["id"]): cast("list[str]", group["members"]) for group in self.model.session.state.groups}
        found: dict[str, None] = {}
        for name in self.model.selection:
            found |= dict.fromkeys(members.get(name, [name] if name in self.model.session.table.rows else []))
        return list(found)

    @property
    def selection(self) -> list[str]:
        """Ids of all that is chosen; it can be set."""
        return list(self.model.selection)

    @selection.setter
    def selection(self, ids: list[str]) -> None:
        self.model.select(*command_checks.check_names(ids, "what is chosen"))

    @property
    def graph(self) -> nx.MultiDiGraph:
        """What is seen on the chart."""
        return self.model.graph

    def select(self, *ids: str) -> None:
        """Choose nodes, links, groups or notes."""
        self.model.select(*ids)

    def to_svg(self) -> str:
        """The chart as one picture, light, with title, mark, date and legend; with too many nodes for a sheet by its communities."""
        model, (graph, places, beside, note) = self.model, self._build_sheet()
        return portable.draw_svg(
            graph,
            places,
            title=model.title or model.say("Link chart"),
            mark=model.mark,
            as_at=model.as_at,
            note=note,
            added=beside,
            language=model.language,
        )

    def _build_sheet(self) -> tuple[nx.MultiDiGraph, dict[str, tuple[float, float]], Annotations, str]:
        """What a sheet shows: graph, places, texts and groups, and what must be said of it."""
        graph, places = fold_groups(self.model.session)
        if len(graph) <= portable.CAP:
            return graph, places, collect_additions(self.model.session), ""
        many = Overview(graph, language=self.model.language)
        return many.graph, layout.arrange_organic(many.graph), NOTHING, many.printed_statement

    def to_html(self) -> str:
        """The chart as one interactive file that needs no kernel and no network; see `page.build_page` for several linked views."""
        return page.build_page([self], title=self.model.title or self.model.say("Link chart"))

    def to_png(self, *, width: int = 1_600) -> bytes:
        """The picture as PNG, `width` pixels wide (100 to 20,000).

        Raises
        ------
        ValueError
            For another width.
        """
        return portable.to_png(self.to_svg(), command_checks.check_whole_number(width, "the width in pixels"))

    def to_pdf(self, paper: str = "A3", *, case: str = "", officer: str = "", note: str = "") -> bytes:
        """The chart to print: vectors, with title block, legend and marking on every sheet.

        Parameters
        ----------
        paper : {'A4', 'A3', 'A2', 'A1', 'A0'}
            A chart whose labels would be smaller than 6 points lies on several sheets that overlap.
        case, officer, note : str
            Printed beside title, marking and date of the model: of which case, by whom, a remark on the method.

        Raises
        ------
        ValueError
            For another paper, or where more than 36 sheets would be needed.
        """
        model, (graph, places, beside, said) = self.model, self._build_sheet()
        words = portable.Words(
            model.title, case, officer, model.mark, model.as_at, " ".join(filter(None, (said, note))), model.language
        )
        return portable.draw_pdf(graph, places, words, paper=paper, added=beside)

    def to_graphml(self) -> bytes:
        """What is seen, as GraphML: ids, every attribute, places, texts, groups, heading, marking. `from_graphml` gives the chart back."""
        model = self.model
        return exchange.to_graphml(build_graph(model.session), model.places, build_chart_properties(model))

    @classmethod
    def from_graphml(cls, file: bytes | FilePath, **options: object) -> LinkChart:
        """A chart from GraphML, of `to_graphml` or of another program.

        Parameters
        ----------
        file : str, Path or bytes
            The file, or its content.
        **options
            As `CaseModel` has them.

        Raises
        ------
        ValueError
            If it is no GraphML, or declares a document type.
        """
        return cls._from_opened(exchange.read_graphml(files.read_content(file, (".graphml",))), options)

    @classmethod
    def from_anx(cls, file: bytes | FilePath, **options: object) -> LinkChart:
        """A chart from i2 Analyst's Notebook (ANX): its items with types, places, dates, grades, cards and texts; no case is needed.

        Links are solid, dashed or dotted as their strength is. Items without a place stand near what they are linked to. `case.add`
        reads the same file with a passage for each item.

        Parameters
        ----------
        file : str, Path or bytes
            The file, or its content.
        **options
            As `CaseModel` has them: other programs do not say which of their words is a handling mark, so give it (`mark=...`).

        Raises
        ------
        ValueError
            If it is no chart of i2, or declares a document type.
        """
        return cls._from_opened(exchange.read_anx(files.read_content(file, (".anx",))), options)

    @classmethod
    def _from_opened(cls, given: exchange.GraphmlChart, options: dict[str, object]) -> LinkChart:
        """A chart of what a file held."""
        words = {name: str(given.said[name]) for name in ("title", "mark", "as_at") if given.said.get(name)}
        made = cls(given.graph, **{"places": given.places, **words, **options})  # type: ignore[arg-type]
        restore_annotations(made.model, given)
        if status := _describe_losses(made.model.say, given):
            made.model.status = status
        return made

    def to_anx(self, *, author: str = "") -> bytes:
        """What is seen, for i2 Analyst's Notebook (ANX): places, types, dates, grades; links solid, dashed or dotted by their strength."""
        model = self.model
        told = {
            "title": model.title or model.say("Link chart"),
            "mark": model.mark,
            "as_at": model.as_at,
            "author": author,
        }
        return exchange.to_anx(build_graph(model.session), model.places, told, collect_additions(model.session))

    def save(self, path: FilePath, **options: object) -> Path:
        """Write the chart to a file; the end of its name says how; returns its path.

        Parameters
        ----------
        path : str or Path
            .html (interactive), .svg, .png, .pdf (to print), .graphml, .anx (i2 Analyst's Notebook).
        **options
            What `to_png`, `to_pdf` and `to_anx` take.

        Raises
        ------
        ValueError
            For another ending or option, and where the folder is not there.
        """
        makers: dict[str, Callable[..., str | bytes]] = {
            ".html": self.to_html, ".svg": self.to_svg, ".png": self.to_png, ".pdf": self.to_pdf,
            ".graphml": self.to_graphml, ".anx": self.to_anx,
        }  # fmt: skip
        target = files.parse_path(path, makers)
        maker = makers.get(target.suffix.lower())
        if maker is None:
            raise ValueError(f"Cannot write {target.name!r}: a chart is written as {', '.join(makers)}.")
        return files.write_file(target, files.build_content(maker, options, target.suffix))

    def __repr__(self) -> str:
        return describe_view(self.model, self.model.say("Link chart"))


def _build_model(graph: nx.Graph, options: dict[str, object], *, at_once: bool) -> CaseModel:
    """The model of a graph; of a large one that of its communities."""
    command_checks.check_graph(graph)
    if at_once or len(graph) < LARGE or options.keys() & {"shown", "source"}:
        return CaseModel(graph, **options)  # type: ignore[arg-type]
    many = Overview(graph, language=str(options.get("language") or "en"))
    model = CaseModel(many.graph, source=many, **options)  # type: ignore[arg-type]
    model.status = many.statement
    return model


def build_icons(language: str = "en") -> Pictures:
    """The icons, by schema, as the browser draws them, with the names of the schemata; '' for a schema that is not known."""
    drawn = {
        name: {"label": translate_schema(name, language), **asdict(icon)} for name, icon in {**ICONS, "": OTHER}.items()
    }
    return {**drawn, "group": drawn["Group"]}


def _describe_losses(say: Translator, given: exchange.GraphmlChart) -> str:
    """What of a file is not on its chart; '' where nothing is missing."""
    left, twins = given.said.get("left_out"), given.said.get("twins")
    told = (
        [say("Links that were left out because an entity at one end is not in the file: {count}.", count=left)]
        if left
        else []
    )
    if twins:
        told.append(
            say(
                "Items in the file that have the same id but different labels: {count}. They were read as different items. "
                "Links to these ids were left out.",
                count=twins,
            )
        )
    return " ".join(told)
