"""Views beside the chart: each shows the same model."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import traitlets as t
from anywidget import WidgetTrait

from workbench_widgets import files
from workbench_widgets.kernel_questions import Answer, AskedView
from workbench_widgets.model import CaseModel
from workbench_widgets.portable.icons import ICONS, OTHER, translate_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import networkx as nx
    import pandas as pd

    from workbench_widgets.files import FilePath

__all__ = ["Answer", "LinkedView", "check_frame", "describe_view", "list_colours"]


def list_colours(language: str = "en") -> dict[str, dict[str, str]]:
    """Colour and name of each schema; '' for any other."""
    return {
        name: {"colour": icon.colour, "label": translate_schema(name, language)}
        for name, icon in {**ICONS, "": OTHER}.items()
    }


def check_frame(table: object, what: str) -> pd.DataFrame:
    """A DataFrame.

    Raises
    ------
    ValueError
        If it is another thing.
    """
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"{what} are a pandas DataFrame, not {table!r:.60}.")
    return table


def _check_zone(zone: object) -> None:
    """A time zone that there is."""
    if zone == "UTC":
        return
    try:
        ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"There is no time zone {zone!r}. Give an IANA name, such as 'Europe/Lisbon'.") from problem


def describe_view(model: CaseModel, view: str) -> str:
    """A view of a model in a line of text: what it is called, and how much is seen."""
    graph = model.graph
    entities = model.say.count("{n} entity", "{n} entities", graph.number_of_nodes())
    links = model.say.count("{n} link", "{n} links", graph.number_of_edges())
    what = f"{view} {model.title!r}" if model.title else view
    return model.say("{what}: {entities}, {links}", what=what, entities=entities, links=links)


class LinkedView(AskedView):
    """A view of a model that other views share.

    Parameters
    ----------
    what : Graph or CaseModel
        The model of a chart (`chart.model`), or a networkx graph to make one of.
    **options
        For a graph, as `CaseModel` has them; otherwise traits of the view.

    Attributes
    ----------
    model : CaseModel
    zone : str
        IANA time zone in which times are written.
    language : str
        By default that of the model, with which it changes.
    """

    case = WidgetTrait().tag(sync=True)
    icons = t.Dict().tag(sync=True)
    zone = t.Unicode("UTC").tag(sync=True)

    def __init__(
        self, what: nx.Graph | CaseModel, *, zone: str = "UTC", language: str | None = None, **traits: object
    ) -> None:
        self.model = what if isinstance(what, CaseModel) else CaseModel(what, language=language or "en")
        _check_zone(zone)
        spoken = language or self.model.language
        super().__init__(case=self.model, zone=zone, language=spoken, **traits)
        self.model.observe(self._follow, "language")

    def _send_texts(self, change: object = None) -> None:
        """Send the texts of the language, and what it calls the schemata."""
        self.icons = list_colours(self.language)
        super()._send_texts(change)

    def _follow(self, change: Mapping[str, str]) -> None:
        """Speak another language with the model, unless the view has its own."""
        if self.language == change["old"]:
            self.language = change["new"]

    saver: Callable[[FilePath], Path] | None = None
    """Writes the page, for a view of a case."""

    def save(self, path: FilePath) -> Path:
        """Write the view as one page that needs no kernel and no network; returns its path.

        Raises
        ------
        ValueError
            For another ending than .html, and where the folder is not there.
        """
        if self.saver:
            return self.saver(path)
        from workbench_widgets import page

        target = files.parse_path(path, [".html"])
        if target.suffix.lower() != ".html":
            raise ValueError(f"Cannot write {target.name!r}: a view is written as .html.")
        written = page.build_page([self], title=str(self.model.title) or repr(self))
        return files.write_file(target, written.encode("utf-8", "replace"))

    def __repr__(self) -> str:
        return describe_view(self.model, self.say.term("titles", self.bundle))
