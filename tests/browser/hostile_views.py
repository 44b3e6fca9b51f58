"""Every widget with a text of a stranger in each field that it shows; or with harmless ones, to compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd
from workbench_widgets.chart import LinkChart
from workbench_widgets.evidence import Evidence, Marked, Passage
from workbench_widgets.map import MapView
from workbench_widgets.matrix import Matrix
from workbench_widgets.model import CaseModel
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.visible_text import replace_surrogates
from workbench_widgets.workspace import Workspace

if TYPE_CHECKING:
    from workbench_widgets.widget_view import View

DAY, HOUR = 86_400_000, 3_600_000
FIRST = 1_709_280_000_000
"""1 March 2024 in milliseconds since 1970 UTC."""
TILE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
"""An address of tiles that asks nobody."""
Texts = Sequence[str]


def graph(texts: Texts) -> nx.MultiDiGraph:
    """A ring of nodes; ids, captions, Latin names, schemata and relations are texts, each field begins at another one."""
    made, count = nx.MultiDiGraph(), len(texts)
    for at, text in enumerate(texts):
        name = {"caption": texts[(at + 1) % count], "latin": texts[(at + 2) % count], "schema": texts[(at + 3) % count]}
        made.add_node(replace_surrogates(text), **name)
    for at, text in enumerate(texts):
        ends = replace_surrogates(text), replace_surrogates(texts[(at + 1) % count])
        made.add_edge(
            *ends, key=text, relation=texts[(at + 4) % count], layer=text, strength=text, first=text, last=text
        )
    return made


def model(texts: Texts) -> CaseModel:
    """A chart with all of them in its heading, a group that is called so, and a text box for each."""
    made = CaseModel(graph(texts), title=texts[0], mark=texts[1], as_at=texts[2])
    for at, text in enumerate(texts):
        made.note(text, x=220.0 * (at % 5) - 500, y=70.0 * (at // 5) - 200)
    made.group(*list(made.places)[:2], label=texts[3])
    made.select(*made.places)
    return made


def events(texts: Texts, nodes: Texts) -> pd.DataFrame:
    """An event of each text and node."""
    rows = [
        {
            "start": FIRST + at * HOUR, "end": FIRST + at * HOUR + DAY, "members": (nodes[at], nodes[at - 1]), "relation": text,
            "label": text, "layer": text, "happening_id": text,
        } for at, text in enumerate(texts)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def places(texts: Texts, nodes: Texts) -> pd.DataFrame:
    """Where each node is; far enough apart that each has its own disc."""
    rows = [
        {
            "node": nodes[at], "lat": 45.0 + 4 * (at // 10), "lon": 4.0 * (at % 10), "label": text, "start": FIRST + at * HOUR,
            "layer": text, "place_id": text,
        } for at, text in enumerate(texts)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def passage(node: str, text: str, named: str) -> Passage:
    """A passage in which every field is a text."""
    marks = [Marked(0, max(1, len(text) // 2), named, text)]
    given = dict.fromkeys(("kind", "says", "source", "place", "at", "sender", "grade", "mark", "verdict"), text)
    return Passage(f"{node} {text}", f"{text} {text}", marks, traces=[text], open=True, **given)


class Library:
    """Answers with a passage of each text."""

    def __init__(self, texts: Texts, nodes: Texts) -> None:
        self.carried = {node: [passage(node, text, nodes[0])] for node, text in zip(nodes, texts, strict=True)}

    def passages(self, ids: Sequence[str], limit: int) -> tuple[Sequence[Passage], int]:
        return [one for name in ids for one in self.carried.get(name, ())][:limit], 0


def layer(texts: Texts) -> dict[str, object]:
    """A layer of a map whose things are called so."""
    things = [
        {
            "type": "Feature", "id": text, "geometry": {"type": "Point", "coordinates": [2.0 + 4 * (at % 10), 47.0 + 4 * (at // 10)]},
            "properties": {"name": text, "title": text, text: text, "style": text, "popupContent": text},
        } for at, text in enumerate(texts)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": things, "name": texts[0]}


def views(texts: Texts) -> dict[str, View]:
    """One of each, of one model."""
    shared = model(texts)
    nodes = list(shared.places)
    library = Library(texts, nodes)
    held = [replace_surrogates(text) for text in texts]  # no frame holds half characters
    further = pd.DataFrame(dict.fromkeys(held[:6], held), index=nodes)
    facets = dict.fromkeys(held[:2], "facet")
    return {
        "chart": LinkChart(shared),
        "timeline": Timeline(shared, events(held, nodes)),
        "map": MapView(
            shared, places(held, nodes), layers=[layer(held)], address={"url": TILE, "attribution": held[0]}
        ),
        "matrix": Matrix(shared),
        "table": EntityTable(shared, further, kinds=facets),
        "evidence": Evidence(shared, library, carried=library.carried, decide=lambda *_: replace_surrogates(texts[0])),
    }


def workspace(texts: Texts) -> Workspace:
    """All of them in one place, under headings that are texts."""
    made = iter(views(texts).values())
    heads = iter(texts[4:])
    return Workspace(*({next(heads): next(made), next(heads): next(made)} for _ in range(3)))
