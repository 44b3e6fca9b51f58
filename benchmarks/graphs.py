"""Measures of large graphs beside plain networkx: contacts, betweenness, communities, ranks; and the graph of a case from its messages.

The graphs are made up with a fixed seed: communities of very different sizes, a heavy tail of contacts, five links an entity. Each of
both runs in a process of its own, so that its CPU-seconds and its peak memory are its own; neither time holds the making of the graph.
networkx counts paths from as many entities as we do, and groups by Louvain; it is left out at a million links.

`error` is the mean relative error of the betweenness of the fifty leading entities, `within` the share of all entities within two of
the stated standard errors, both against the exact figures (rustworkx), up to 20,000 entities.

`python -m benchmarks.graphs [--sizes 5000,99000,1000000] [--messages 1000000]` prints the figures and keeps them in
benchmarks/results/graphs.json. It takes about six CPU-minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.keeping import keep
from workbench.graph import betweenness, build_graph, build_ranking
from workbench.graph.communities import number_communities
from workbench.graph.contact_arrays import list_contacts

LINKS_OF_AN_ENTITY = 5
MOST_EXACT, MOST_OF_NETWORKX = 20_000, 99_000
"""Entities for which the exact figures are computed too, links up to which networkx runs."""
LEADING = 50
Numbers = npt.NDArray[np.int64]
Made = TypeVar("Made")


def draw_pairs(entities: int, links: int, seed: int = 1) -> tuple[Numbers, Numbers, Numbers]:
    """Linked pairs, each once, and how often each occurs; four in five are within a community."""
    chance = np.random.default_rng(seed)
    groups = max(2, round(entities**0.5))
    share = chance.pareto(2.5, groups) + 0.4
    home = np.sort(chance.choice(groups, entities, p=share / share.sum()))
    pull = np.concatenate([[0], np.cumsum(chance.pareto(1.8, entities) + 1)])
    begin = np.searchsorted(home, np.arange(groups + 1))
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < links:
        count = 2 * (links - len(pairs)) + 100
        one = np.searchsorted(pull[1:], chance.random(count) * pull[-1])
        inside = chance.random(count) < 0.8
        low = np.where(inside, pull[begin[home[one]]], 0)
        high = np.where(inside, pull[begin[home[one] + 1]], pull[-1])
        other = np.searchsorted(pull[1:], low + chance.random(count) * (high - low))
        apart = one != other
        keys = np.minimum(one, other)[apart] * entities + np.maximum(one, other)[apart]
        pairs = np.unique(np.concatenate([pairs, keys]))
    pairs = np.sort(chance.permutation(pairs)[:links])
    return pairs // entities, pairs % entities, (chance.pareto(1.2, links) + 1).astype(np.int64)


def build_links_graph(entities: int, links: int) -> nx.MultiDiGraph:
    """The pairs as the graph of a case has them."""
    graph = nx.MultiDiGraph()
    names = [f"n{number:07}" for number in range(entities)]
    graph.add_nodes_from(names, caption="A", latin="", schema="Person", custodian=False, service=False)
    for a, b, count in zip(*(column.tolist() for column in draw_pairs(entities, links)), strict=True):
        graph.add_edge(names[a], names[b], relation="contacted", layer="received", count=count)
    return graph


def build_messages(entities: int, links: int, messages: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One row a message over the pairs (LINKS), its entities and its documents."""
    a, b, weight = draw_pairs(entities, links)
    chance = np.random.default_rng(2)
    pair = np.concatenate([np.arange(links), chance.choice(links, messages - links, p=weight / weight.sum())])
    chance.shuffle(pair)
    back = chance.random(messages) < 0.5
    names = pd.Series([f"n{number:07}" for number in range(entities)])
    ids = [f"d{number:08}" for number in range(messages)]
    at = (np.datetime64("2024-01-01T00:00") + chance.integers(0, 500_000, messages)).astype(str)
    rows = pd.DataFrame({
        "source": names.to_numpy()[np.where(back, b[pair], a[pair])], "target": names.to_numpy()[np.where(back, a[pair], b[pair])],
        "relation": "contacted", "directed": True, "document_id": ids, "passage_id": "", "statement_id": ids, "evidence_id": ids,
        "at": at, "service": False, "layer": "received", "count": 1,
    })  # fmt: skip
    known = pd.DataFrame({
        "entity_id": names, "canonical_id": names, "schema": "Person", "caption": names, "latin": "", "custodian": False,
        "service": False, "layer": "received", "mentions": 1,
    })  # fmt: skip
    return rows, known, pd.DataFrame({"document_id": ids, "schema": "Message"})


class Clock:
    """CPU-seconds of steps, by name."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def time(self, step: str, work: Callable[[], Made]) -> Made:
        """What the step makes."""
        begin = time.process_time()
        made = work()
        self.spent[step] = round(time.process_time() - begin, 3)
        return made


def measure_ours(links: int, kept: Path) -> dict[str, float]:
    """Each step of a ranking by itself, and the ranking as a whole; the exact betweenness is kept in a file."""
    entities, clock = round(links / LINKS_OF_AN_ENTITY), Clock()
    graph = build_links_graph(entities, links)
    contacts = clock.time("contacts", lambda: list_contacts(graph).drop_isolated())
    clock.time("betweenness, estimated", lambda: betweenness.estimate_betweenness(contacts))
    clock.time("communities", lambda: number_communities(contacts))
    frame = clock.time("ranking", lambda: build_ranking(graph))
    found: dict[str, float] = {
        **clock.spent,
        "entities": len(frame),
        "links": len(contacts.first),
        "peak_mib": round(get_peak()),
        "tied_with_first": int((frame["rank"] == 1).sum()),
        "modularity": round(measure_modularity(contacts.build_matrix(), number_communities(contacts)), 4),
    }
    if entities > MOST_EXACT:
        return found
    exact = clock.time("betweenness, exact", lambda: betweenness.compute_exact_betweenness(contacts).share)
    kept.write_text(json.dumps(exact.tolist()))
    ours = betweenness.estimate_betweenness(contacts)
    return {
        **found,
        "betweenness, exact": clock.spent["betweenness, exact"],
        "error": measure_error(ours.share, exact),
        "within": round(float((np.abs(ours.share - exact) <= 2 * ours.error + 1e-12).mean()), 3),
    }


def measure_networkx(links: int, kept: Path) -> dict[str, float]:
    """The same by networkx alone, compared with the exact betweenness that was kept."""
    entities, clock = round(links / LINKS_OF_AN_ENTITY), Clock()
    graph = build_links_graph(entities, links)
    simple = clock.time("contacts", lambda: project(graph))
    found = clock.time(
        "betweenness, estimated", lambda: nx.betweenness_centrality(simple, k=betweenness.SAMPLE, seed=1)
    )
    parts = clock.time("communities", lambda: nx.community.louvain_communities(simple, weight="weight", seed=1))
    peak = get_peak()
    return {
        **clock.spent,
        "ranking": round(sum(clock.spent.values()), 3),
        "peak_mib": round(peak),
        "modularity": round(nx.community.modularity(simple, parts, weight="weight"), 4),
        "error": measure_error(
            np.array([found[node] for node in sorted(simple)]), np.array(json.loads(kept.read_text()))
        ),
    }


def measure_messages(messages: int, _kept: Path) -> dict[str, float]:
    """From one row a message to the graph of the case, over 99,000 links at most, and to its ranking."""
    links, clock = min(MOST_OF_NETWORKX, messages // 2), Clock()
    rows, known, documents = build_messages(round(links / LINKS_OF_AN_ENTITY), links, messages)
    graph = clock.time("graph", lambda: build_graph(rows, known, documents))
    clock.time("ranking", lambda: build_ranking(graph))
    return {**clock.spent, "messages": messages, "links": links, "peak_mib": round(get_peak())}


def project(graph: nx.MultiDiGraph) -> nx.Graph:
    """A simple graph of the links with the sum of their occurrences, as networkx's users write it."""
    simple = nx.Graph()
    for a, b, count in graph.edges(data="count"):
        simple.add_edge(a, b, weight=simple.get_edge_data(a, b, {"weight": 0})["weight"] + count)
    return simple


def measure_modularity(matrix: object, label: Numbers) -> float:
    """Modularity of groups in a symmetric matrix of weights."""
    cells = matrix.tocoo()  # type: ignore[attr-defined]
    total = cells.data.sum()
    inside = cells.data[label[cells.row] == label[cells.col]].sum() / total
    return float(inside - ((np.bincount(label, weights=np.bincount(cells.row, cells.data)) / total) ** 2).sum())


def measure_error(found: npt.NDArray[np.float64], exact: npt.NDArray[np.float64]) -> float:
    """Mean relative error of the leading entities."""
    leading = np.argsort(-exact)[:LEADING]
    return round(float(np.abs(found[leading] / exact[leading] - 1).mean()), 4)


def get_peak() -> float:
    """Peak memory of this process, in MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WAYS = {"ours": measure_ours, "networkx": measure_networkx, "messages": measure_messages}


def run_apart(way: str, size: int, kept: Path) -> dict[str, float]:
    """What a process of its own measures."""
    command = [sys.executable, "-m", "benchmarks.graphs", "--way", way, "--size", str(size), "--kept", str(kept)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    print(way, size, json.dumps(found), flush=True)
    return found


def main() -> None:
    """Measure, print, and keep the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="5000,99000,1000000")
    options.add_argument("--messages", type=int, default=1_000_000)
    options.add_argument("--way", choices=sorted(WAYS))
    options.add_argument("--size", type=int, default=5_000)
    options.add_argument("--kept", type=Path, default=Path())
    asked = options.parse_args()
    if asked.way:
        print(json.dumps(WAYS[asked.way](asked.size, asked.kept)))
        return
    with tempfile.TemporaryDirectory() as folder:
        keep("graphs", measure_all(asked.sizes, asked.messages, Path(folder) / "exact.json"))


def measure_all(sizes: str, messages: int, kept: Path) -> dict[str, object]:
    """All sizes in turn, ours beside networkx."""
    result: dict[str, object] = {}
    for links in map(int, sizes.split(",")):
        ours = run_apart("ours", links, kept)
        result[f"{links} links"] = {"ours": ours}
        if links <= MOST_OF_NETWORKX:
            theirs = run_apart("networkx", links, kept)
            ratios = {step: round(theirs[step] / ours[step], 1) for step in theirs if ours.get(step)}
            result[f"{links} links"] = {"ours": ours, "networkx": theirs, "networkx / ours": ratios}
    result[f"{messages} messages"] = run_apart("messages", messages, kept)
    return result


if __name__ == "__main__":
    main()
