"""CPU seconds and quality of the layouts, beside springs of networkx and rustworkx, in one run.

    python benchmarks/layouts.py [--sizes 300,1000,10000,50000] [--limit 60]

The graph is made up: communities of very different sizes, 2.35 links a node (tests/widgets/graphs.py). `share` is the share of the
ten nodes nearest to each on the chart that belong to its planted community; what it does not measure is beauty. A method that took
longer than the limit at one size is not run at the next; springs, which are quadratic, end at 1,000 nodes (networkx) and 10,000
(rustworkx).
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import rustworkx as rx
from scipy.spatial import cKDTree

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "widgets")]

from workbench_widgets.layout import KINDS, compute_positions  # noqa: E402

from tests.widgets.graphs import planted  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "layouts.json"
Places = dict[str, tuple[float, float]]


def networkx_spring(graph: nx.Graph) -> Places:
    """Fruchterman and Reingold as networkx has it, 50 rounds."""
    return nx.spring_layout(nx.Graph(graph), seed=1)


def rustworkx_spring(graph: nx.Graph) -> Places:
    """The same as rustworkx has it."""
    number = {node: index for index, node in enumerate(graph)}
    compact = rx.PyGraph(multigraph=False)
    compact.add_nodes_from(list(graph))
    compact.add_edges_from_no_data([(number[a], number[b]) for a, b in graph.edges()])
    found = rx.spring_layout(compact, seed=1)
    return {node: tuple(found[index]) for node, index in number.items()}


def ours(kind: str) -> Callable[[nx.Graph], Places]:
    """One of our layouts."""
    return lambda graph: compute_positions(graph, kind)


WAYS = {kind: (ours(kind), 10**6) for kind in KINDS}
WAYS |= {"networkx spring": (networkx_spring, 1_000), "rustworkx spring": (rustworkx_spring, 10_000)}


def share(graph: nx.Graph, places: Places) -> float:
    """Share of the ten nearest nodes that are in the same planted community, over 5,000 nodes at most."""
    home = np.array([graph.nodes[node]["community"] for node in places])
    points = np.array(list(places.values()))
    _, near = cKDTree(points).query(points[:5_000], 11)
    return round(float((home[near[:, 1:]] == home[:5_000, None]).mean()), 3)


def main() -> None:
    """Measure, print, and keep the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="300,1000,10000,50000")
    options.add_argument("--limit", type=float, default=60.0)
    asked = options.parse_args()
    rows: list[dict[str, object]] = []
    slow: set[str] = set()
    for count in map(int, asked.sizes.split(",")):
        graph = planted(count)
        for name, (made, most) in WAYS.items():
            if count > most or name in slow:
                continue
            begin = time.process_time()
            places = made(graph)
            taken = round(time.process_time() - begin, 3)
            slow |= {name} if taken > asked.limit else set()
            rows.append(
                {
                    "way": name,
                    "nodes": count,
                    "edges": graph.number_of_edges(),
                    "cpu_s": taken,
                    "share": share(graph, places),
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    about = {"machine": platform.machine(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
