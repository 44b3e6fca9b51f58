"""Pages of one graph by the chart widgets that people use in notebooks, each as its own library shows it without physics.

ipysigma and ipycytoscape are widgets of the older kind: their pages are those that ipywidgets embeds, with the scripts that their own
packages carry in place of those of a network. Nothing of it is needed to use the workbench; `fetched` brings it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "widgets"), str(ROOT / "tools")]

import frontend  # noqa: E402
from workbench_widgets.chart import LinkChart  # noqa: E402

BROUGHT = ROOT / ".cache" / "rivals"
WHEELS = ("ipysigma==0.24.6", "ipycytoscape==1.3.3", "spectate==1.0.1")
SCRIPTS = ("requirejs@2.3.8", "@jupyter-widgets/html-manager@1.0.15")
MODULES = {"ipysigma": "ipysigma/nbextension/index", "jupyter-cytoscape": "ipycytoscape/nbextension/static/index"}
Places = dict[str, tuple[float, float]]
PAGE = """<!doctype html><meta charset="utf-8"><title>Benchmark</title>
<script src="{scripts}/requirejs/require.js"></script>
<script>requirejs.config({{ waitSeconds: 0, paths: {paths} }});</script>
<body>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script type="application/vnd.jupyter.widget-view+json">{view}</script>
<script src="{scripts}/@jupyter-widgets/html-manager/dist/embed-amd.js"></script>
"""


def fetched() -> Path:
    """Bring the packages, none of whose scripts is run; returns the folder."""
    if not (BROUGHT / "done").exists():
        pip = [sys.executable, "-m", "uv", "pip", "install"] if _has("uv") else ["uv", "pip", "install"]
        subprocess.run([*pip, "--quiet", "--no-deps", "--target", str(BROUGHT), *WHEELS], check=True)
        npm = frontend.get_node().npm
        subprocess.run(
            [*npm, "install", "--silent", "--ignore-scripts", "--prefix", str(BROUGHT), *SCRIPTS], check=True
        )
        (BROUGHT / "done").touch()
    return BROUGHT


def _has(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def ours(graph: nx.MultiDiGraph, places: Places) -> str:
    """Our chart as a page, the whole graph at once."""
    return LinkChart(graph, places=places, title="Benchmark", whole=True, height=800).to_html()


def pyvis(graph: nx.MultiDiGraph, places: Places) -> str:
    """Page of pyvis' own template. Its lists are filled at once: adding one by one takes time that grows with the square."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line", height="800px")
    network.toggle_physics(status=False)
    network.nodes = [
        {"id": node, "label": data["caption"], "shape": "dot", "size": 10, "x": places[node][0], "y": places[node][1]}
        for node, data in graph.nodes(data=True)
    ]
    network.edges = [{"from": source, "to": target, "arrows": "to"} for source, target in graph.edges()]
    return str(network.generate_html())


def ipysigma(graph: nx.MultiDiGraph, places: Places) -> str:
    """The widget of ipysigma at given places, its layout not started."""
    sys.path.append(str(fetched()))
    from ipysigma import Sigma

    made = nx.MultiDiGraph()
    made.add_nodes_from(
        (node, {"label": data["caption"], "x": places[node][0], "y": places[node][1]})
        for node, data in graph.nodes(data=True)
    )
    made.add_edges_from(graph.edges())
    return _embedded(Sigma(made, height=800, start_layout=False))


def ipycytoscape(graph: nx.MultiDiGraph, places: Places) -> str:
    """The widget of ipycytoscape at given places."""
    sys.path.append(str(fetched()))
    from ipycytoscape import CytoscapeWidget

    widget = CytoscapeWidget()
    widget.layout.height = "800px"
    widget.graph.add_graph_from_json(
        {
            "nodes": [
                {"data": {"id": node, "name": data["caption"]}, "position": dict(zip("xy", places[node], strict=True))}
                for node, data in graph.nodes(data=True)
            ],
            "edges": [{"data": {"source": source, "target": target}} for source, target in graph.edges()],
        },
        directed=True,
    )
    widget.set_layout(name="preset")
    return _embedded(widget)


def _embedded(widget: object) -> str:
    from ipywidgets.embed import embed_data

    data = embed_data(views=[widget])
    place = BROUGHT.resolve().as_uri()
    safe = lambda value: json.dumps(value).replace("</", "<\\/")  # noqa: E731
    return PAGE.format(
        scripts=f"{place}/node_modules", paths=json.dumps({name: f"{place}/{path}" for name, path in MODULES.items()}),
        state=safe(data["manager_state"]), view=safe(data["view_specs"][0]),
    )  # fmt: skip


def scripts(way: str) -> int:
    """Bytes of the scripts that a page asks for beside its own."""
    if way not in ("ipysigma", "ipycytoscape"):
        return 0
    name = "ipysigma" if way == "ipysigma" else "jupyter-cytoscape"
    files = [
        BROUGHT / "node_modules" / "requirejs" / "require.js",
        BROUGHT / "node_modules" / "@jupyter-widgets" / "html-manager" / "dist" / "embed-amd.js",
        BROUGHT / f"{MODULES[name]}.js",
    ]
    return sum(file.stat().st_size for file in files)


WAYS: dict[str, Callable[[nx.MultiDiGraph, Places], str]] = {
    "ours": ours, "pyvis": pyvis, "ipysigma": ipysigma, "ipycytoscape": ipycytoscape,
}  # fmt: skip
