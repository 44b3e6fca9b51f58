"""The link chart in the notebook and as a file: interactive, with a static twin that survives without a kernel."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from workbench_widgets import layout, portable

from workbench.errors import WorkbenchError
from workbench.model.catalogue import Sentence, Translator
from workbench.model.machine.atomic_write import write_atomic

if TYPE_CHECKING:
    import networkx as nx

Positions = Mapping[str, tuple[float, float]]

HEIGHT = 640
SANDBOX = "allow-scripts"


def _write_file(path: Path, data: bytes) -> Path:
    write_atomic(path, data)
    return path


@dataclass(frozen=True)
class PortableChart:
    """A link chart. In a notebook it shows itself; `.save` writes it as one file that opens anywhere.

    Attributes
    ----------
    graph : MultiDiGraph
        What is drawn.
    positions : dict
        Node -> (x, y) in pixels.
    title, mark, as_at, note : str
        What is printed on the sheet.
    height : int
        Of the frame in the notebook, in pixels.
    keep : callable
        Writes a file of the chart: path and bytes to where it lies.
    language : str
        Of what is said on the sheet and around it in the notebook.
    """

    graph: nx.MultiDiGraph
    positions: dict[str, tuple[float, float]]
    title: str = ""
    mark: str = ""
    as_at: str = ""
    note: str = ""
    height: int = HEIGHT
    evidence: portable.Evidence = field(default_factory=dict, repr=False)
    keep: Callable[[Path, bytes], Path] = field(default=_write_file, repr=False, compare=False)
    language: str = "en"

    @cached_property
    def html(self) -> str:
        """The interactive page: one file, no request, its scripts allowed by their hashes."""
        return portable.build_chart_page(
            self.graph, self.positions, title=self.title, mark=self.mark, as_at=self.as_at, evidence=self.evidence,
            note=self.note, language=self.language,
        )  # fmt: skip

    @cached_property
    def svg(self) -> str:
        """The static picture, light."""
        return portable.draw_svg(
            self.graph, self.positions, title=self.title, mark=self.mark, as_at=self.as_at, note=self.note,
            language=self.language,
        )  # fmt: skip

    def save(self, path: str | Path, *, paper: str = "A3", width: int = 1_600) -> Path:
        """Write the page, or what the end of the name asks for: .svg, .png (`width` pixels), .pdf (to print on `paper`).

        Returns the path. In an encrypted case the file is encrypted. A print has title block, legend and marking on every sheet.
        """
        target = Path(path)
        if target.suffix == ".pdf":
            words = portable.Words(self.title, mark=self.mark, as_at=self.as_at, note=self.note, language=self.language)
            return self.keep(target, portable.draw_pdf(self.graph, self.positions, words, paper=paper))
        if target.suffix == ".png":
            return self.keep(target, portable.to_png(self.svg, width))
        return self.keep(target, (self.svg if target.suffix == ".svg" else self.html).encode())

    def __repr__(self) -> str:
        return portable.describe_chart(self.graph, self.title, self.language)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The page in a frame that may run its own scripts and nothing else, the picture, and a line of text."""
        return {"text/html": self._build_frame(), "image/svg+xml": self.svg, "text/plain": repr(self)}

    def _build_frame(self) -> str:
        """Frame and, folded up, the picture: where a notebook is not trusted, the frame is taken out and it stays."""
        told = Translator(self.language)
        name = escape(f"{told('report.title.chart')} {self.title}".strip())
        picture = base64.b64encode(self.svg.encode()).decode()
        return (
            f'<iframe title="{name}" sandbox="{SANDBOX}" referrerpolicy="no-referrer" width="100%" height="{self.height}" '
            f'style="border:1px solid #8886;border-radius:6px" srcdoc="{escape(self.html)}"></iframe>'
            f'<details><summary>{escape(told("views.picture"))}</summary><img alt="{name}" src="data:image/svg+xml;base64,{picture}" '
            f'style="max-width:100%"></details>'
        )


def draw_chart(  # noqa: PLR0913 - what is printed on the sheet is named one by one
    graph: nx.MultiDiGraph,
    evidence: portable.Evidence | None = None,
    *,
    positions: Positions | None = None,
    title: str = "",
    mark: str = "",
    as_at: str = "",
    note: str = "",
    height: int = HEIGHT,
    language: str = "en",
) -> PortableChart:
    """Draw the link chart of a graph.

    Parameters
    ----------
    graph : MultiDiGraph
        As `workbench.graph.build` gives it.
    evidence : mapping, optional
        (source, target, key) of an edge, or a node -> passages: at, who, text, marks, source, exhibit, place, traces.
    positions : mapping, optional
        Node -> (x, y): these nodes stay where they were; places of the others are found. Without it the layout is organic
        and the same in every run.
    title, mark, as_at, note : str
        Printed on the sheet: heading, marking, date of the data, a remark on the method.
    height : int
        Of the frame in the notebook, in pixels.
    language : str
        Of what is said on the sheet and around it.

    Raises
    ------
    WorkbenchError
        With more than 2,000 entities, which nobody can read on one chart.
    """
    if len(graph) > portable.CAP:
        raise WorkbenchError(
            Sentence(
                "This graph has {entities} entities. A chart can show at most {most}. Limit the graph to the "
                "contacts of some entities, for example `graph('name', hops=1, limit=150)`.",
                entities=f"{len(graph):,}",
                most=f"{portable.CAP:,}",
            )
        )
    places = layout.extend_layout(graph, positions or {})
    return PortableChart(graph, places, title, mark, as_at, note, height, evidence or {}, language=language)
