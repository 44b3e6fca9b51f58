"""Made-up graphs for the tests and screenshots of charts: a few custodians, their contacts, things, and suggestions."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np

FIRST = (
    "Marta",
    "Jonas",
    "Adaeze",
    "Viktor",
    "Leila",
    "Tomas",
    "Irina",
    "Karim",
    "Sofia",
    "Piotr",
    "Yuki",
    "Omar",
    "Nadia",
)
FIRST += ("Bo", "王小明", "محمد")
LAST = ("Oliveira", "Brandt", "Okafor-Nwosu", "Petrenko", "Haddad", "Novák", "Lindqvist", "Sarr", "Moreau", "Weiss")
THINGS = (
    "Organization",
    "Company",
    "Vehicle",
    "BankAccount",
    "Address",
    "Event",
    "Handset",
    "Sim",
    "Document",
    "Email",
)
SCHEMATA = ("Person",) * 9 + ("UserAccount",) * 3 + ("TelephoneNumber",) * 3 + THINGS
FIRMS = ("Blue Lagoon Ltd", "Harbour Logistics and Cold Storage GmbH", "Kestrel Haulage", "Norte Importadora Lda")


def sample(count: int, seed: int = 1, custodians: int = 0) -> nx.MultiDiGraph:
    """A graph of `count` nodes like that of a case of seized phones."""
    rng = random.Random(seed)
    graph = nx.MultiDiGraph()
    hubs = custodians or max(1, round(count**0.5 / 2))
    for number in range(count):
        schema = "Person" if number < hubs else rng.choice(SCHEMATA)
        graph.add_node(
            f"n{number:04}", caption=caption(schema, number, rng), schema=schema, pole="person", custodian=number < hubs,
            service=number >= hubs and rng.random() < 0.03, layer="suggested" if number > hubs and rng.random() < 0.15 else "received",
            mentions=rng.randint(1, 90), accounts=[],
        )  # fmt: skip
    for number in range(1, count):
        home = rng.randrange(min(number, hubs)) if rng.random() < 0.8 else rng.randrange(number)
        link(graph, home, number, rng)
    for _ in range(count // 3):
        a, b = rng.randrange(count), rng.randrange(count)
        if a != b:
            link(graph, min(a, b), max(a, b), rng)
    return graph


def caption(schema: str, number: int, rng: random.Random) -> str:
    names = {
        "Vehicle": f"XA-{rng.randrange(1000):03}-{rng.choice('BDF')}",
        "BankAccount": f"XX12 TEST {rng.randrange(10**8):08}",
        "Address": f"Quay {number}, Port of Valdorra",
        "Event": f"Meeting {number}",
        **dict.fromkeys(("Organization", "Company"), rng.choice(FIRMS)),
        **dict.fromkeys(("TelephoneNumber", "Sim", "Handset"), f"+31 97 010 {rng.randrange(10**6):06}"),
        **dict.fromkeys(("UserAccount", "Email"), f"{rng.choice(FIRST).lower()}.{number}@example.org"),
    }
    return names.get(schema) or f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def link(graph: nx.MultiDiGraph, a: int, b: int, rng: random.Random) -> None:
    suggested = rng.random() < 0.2
    relation = (
        rng.choice(("names", "named with")) if suggested else rng.choice(("contacted",) * 6 + ("uses", "owns", "paid"))
    )
    layer, count = "suggested" if suggested else "received", max(1, int(rng.paretovariate(0.9))) % 900
    ways = [(a, b)] if rng.random() < 0.4 or relation not in ("contacted", "names") else [(a, b), (b, a)]
    for source, target in ways:
        graph.add_edge(
            f"n{source:04}", f"n{target:04}", key=f"{relation}|{layer}", relation=relation, layer=layer, count=count,
            first="2024-03-01T08:15", last="2024-05-19T22:40", kinds=["Message"], statement_ids=[], document_ids=[],
            directed=relation != "named with", service=False, strength="tentative" if suggested else "confirmed",
        )  # fmt: skip


def evidence(graph: nx.MultiDiGraph) -> dict[object, list[dict[str, object]]]:
    """A passage or two for each link."""
    card = {"at": "2024-03-01T08:15", "who": "Marta → Jonas", "text": "The container moves at night, tell Jonas.", "marks": [(4, 13)],
            "source": "chat.xml", "exhibit": "HB/2", "place": "message 14", "traces": ["T-0014", "T-0377"]}  # fmt: skip
    return {edge: [card, {**card, "at": "2024-05-19T22:40", "text": "Ok 👍"}] for edge in graph.edges(keys=True)}


def planted(count: int, seed: int = 1) -> nx.MultiDiGraph:
    """A graph with communities of very different sizes, a few hubs, and 2.35 links a node, four in five of them inside."""
    rng = np.random.default_rng(seed)
    groups = max(2, round(count**0.5))
    share = rng.pareto(2.5, groups) + 0.4
    home = np.sort(rng.choice(groups, count, p=share / share.sum()))
    pull = rng.pareto(1.8, count) + 1
    first = rng.choice(count, round(count * 2.35), p=pull / pull.sum())
    second = rng.choice(count, len(first), p=pull / pull.sum())
    inside = rng.random(len(first)) < 0.8
    alone = np.setdiff1d(np.arange(count), np.concatenate([first, second]))
    first = np.concatenate([first, alone])
    second, inside = np.concatenate([second, alone]), np.concatenate([inside, np.ones(len(alone), dtype=bool)])
    for group in np.unique(home):
        members, asked = np.flatnonzero(home == group), np.flatnonzero(inside & (home[first] == group))
        second[asked] = rng.choice(members, len(asked), p=pull[members] / pull[members].sum())
    graph = nx.MultiDiGraph()
    for number in range(count):
        schema = SCHEMATA[number % len(SCHEMATA)]
        graph.add_node(f"n{number:05}", caption=f"{schema} {number}", schema=schema, community=int(home[number]))
    graph.add_edges_from((f"n{a:05}", f"n{b:05}", {"count": 1}) for a, b in zip(first, second, strict=True) if a != b)
    return graph
