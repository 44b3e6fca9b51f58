"""Holders, networks, measures, paths."""

import json
import random

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings

from tests.graph.rows import documents, evidence, holds, relation, thing
from tests.graph.test_links import DOCUMENTS, cases
from workbench import graph as room
from workbench.errors import WorkbenchError
from workbench.model.rows import Claim
from workbench.model.table_schemas import ENTITIES, RANKING


def entities(rows: pd.DataFrame, **flags: set[str]) -> pd.DataFrame:
    """ENTITIES of evidence, without the rules of the resolve room."""
    one = rows.sort_values("evidence_id").drop_duplicates("entity_id")
    ids = list(one["entity_id"])
    flagged = {flag: [i in flags.get(flag, set()) for i in ids] for flag in ("custodian", "service")}
    frame = pd.DataFrame({
        "entity_id": ids, "canonical_id": list(one["canonical_id"]), "schema": list(one["schema"]), "caption": ids, "latin": "",
        **flagged, "layer": "received", "mentions": 1,
    })  # fmt: skip
    return frame[list(ENTITIES)]


def accounts() -> list[Claim]:
    claims = thing("UserAccount", "acc1", "acc2") + thing("Person", "Ann", "Bob", "Cy")
    claims += relation("Message", "m1", "acc1", "acc2", "d1") + relation("Message", "m2", "acc2", "acc1", "d2")
    return claims + holds("h1", "Ann", "acc1", "custodian") + holds("h2", "Bob", "acc2", "contact name")


def test_links_are_drawn_between_holders() -> None:
    rows = evidence(accounts())
    links = room.list_links(rows, DOCUMENTS)
    held = room.attribute_links(links, room.list_attributions(rows))
    assert list(held[["source", "target", "source_via", "target_via"]].itertuples(index=False, name=None)) == [
        ("Ann", "Bob", "acc1", "acc2"),
        ("Bob", "Ann", "acc2", "acc1"),
    ]
    apart = room.attribute_links(links, room.list_attributions(rows), accounts="apart")
    assert set(apart["relation"]) == {"contacted", "uses"}
    assert set(apart["source_via"]) == {""}


@pytest.mark.slow
def test_rejecting_an_attribution_brings_the_account_back() -> None:
    rows = evidence(accounts())
    links, found = room.list_links(rows, DOCUMENTS), room.list_attributions(rows)
    all_rejected = room.attribute_links(links, found, rejected=["h1", "h2"])
    apart = room.attribute_links(links, found, accounts="apart").sort_values(list(all_rejected), ignore_index=True)
    pd.testing.assert_frame_equal(all_rejected, apart, check_dtype=False)
    one = room.attribute_links(links, found, rejected=["h2"])
    assert {"acc2"} == set(one.loc[one["relation"] == "contacted", "target"]) - {"Ann"}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cases())
def test_projection_is_reversible(claims: list[Claim]) -> None:
    rows = evidence(claims + thing("UserAccount", *"abcde"))
    links, found = room.list_links(rows, DOCUMENTS), room.list_attributions(rows)
    held = room.attribute_links(links, found)
    back = held.assign(
        **{end: held[end].where(held[f"{end}_via"] == "", held[f"{end}_via"]) for end in ("source", "target")}
    )
    original = links[links["relation"] != "uses"]
    ends = [frozenset(pair) for pair in zip(back["source"], back["target"], strict=True)]
    known = [frozenset(pair) for pair in zip(original["source"], original["target"], strict=True)]
    uses = held["relation"] == "uses"
    assert sorted(map(sorted, pd.Series(ends)[~uses])) == sorted(map(sorted, known))
    nothing = room.attribute_links(links, found, rejected=set(found["attribution_id"]))
    pd.testing.assert_frame_equal(
        nothing[list(links)].sort_values(list(links), ignore_index=True), links, check_dtype=False
    )


@pytest.mark.parametrize(("basis", "winner"), [("officer", "Cy"), ("display name", "Cy"), ("rumour", "Bob")])
def test_strongest_basis_wins(basis: str, winner: str) -> None:
    rows = evidence(accounts() + holds("h3", "Cy", "acc2", basis))
    held = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
    assert set(held["target"]) == {"Ann", winner}


def test_equal_bases_take_the_smallest_id_and_stay_visible() -> None:
    rows = evidence(accounts() + holds("h3", "Cy", "acc2", "contact name"))
    held = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
    assert set(held.loc[held["relation"] == "contacted", "target"]) == {"Ann", "Bob"}
    assert set(held.loc[held["relation"] == "uses", "source"]) == {"Bob", "Cy"}


def test_a_number_goes_on_to_the_holder_of_its_account() -> None:
    claims = accounts() + thing("TelephoneNumber", "+31") + holds("h3", "acc2", "+31", "account identifier")
    rows = evidence(claims + relation("Call", "k", "acc1", "+31", "d1"))
    held = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows)).set_index("relation")
    assert held.loc["called", ["source", "target", "target_via"]].tolist() == ["Ann", "Bob", "+31"]
    circle = holds("h1", "a", "b", "register") + holds("h2", "b", "a", "register") + thing("UserAccount", "a", "b")
    rows = evidence(circle + relation("Message", "m", "a", "b", "d1"))
    links = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
    assert links[["source", "target"]].values.tolist()[0] == ["a", "b"]


def test_what_an_officer_decides_wins_whatever_its_basis() -> None:
    rows = evidence(accounts() + holds("h3", "Cy", "acc1", "told by a neighbour", "decided"))
    held = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
    assert set(held["source"]) == {"Bob", "Cy"}


def test_a_suggested_attribution_moves_nothing_until_an_officer_accepts_it() -> None:
    claims = [c for c in accounts() if c.entity_id != "h2"] + holds("h2", "Bob", "acc2", "self-naming", "suggested")
    rows = evidence(claims)
    held = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
    assert "acc2" in set(held.loc[held["relation"] == "contacted", "target"])
    assert set(held.loc[held["layer"] == "suggested", "relation"]) == {"uses"}
    accepted = evidence(claims, {c.statement_id: "accepted" for c in claims if c.entity_id == "h2"})
    held = room.attribute_links(room.list_links(accepted, DOCUMENTS), room.list_attributions(accepted))
    assert "acc2" not in set(held.loc[held["relation"] == "contacted", "target"])


def test_build_gives_one_edge_per_relation_and_layer() -> None:
    claims = thing("UserAccount", "a", "b")
    claims += [c for n, d in (("m1", "d1"), ("m2", "d2")) for c in relation("Message", n, "a", "b", d)]
    claims += relation("Family", "f", "a", "b", "d1", kind="suggested") + relation("Message", "m3", "a", "a", "d3")
    rows = evidence(claims)
    graph = room.build_graph(room.list_links(rows, DOCUMENTS), entities(rows, custodian={"a"}), DOCUMENTS)
    assert sorted(graph) == ["a", "b"]
    assert graph.nodes["a"] == {
        "caption": "a", "latin": "", "schema": "UserAccount", "pole": "object", "custodian": True, "service": False,
        "layer": "received", "mentions": 1, "accounts": [],
    }  # fmt: skip
    contacted = graph.edges["a", "b", "contacted|received"]
    assert (contacted["count"], contacted["first"], contacted["last"]) == (2, "2024-05-01T10:00", "2024-05-02T10:00")
    assert (contacted["kinds"], contacted["document_ids"], contacted["strength"]) == (
        ["Message"],
        ["d1", "d2"],
        "confirmed",
    )
    assert graph.edges["a", "b", "related to|suggested"]["strength"] == "tentative"
    assert graph.graph["loops"] == 1
    json.dumps(nx.node_link_data(graph, edges="edges"))
    assert "<graphml" in "".join(nx.generate_graphml(room.flatten_graph(graph)))


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(cases())
def test_order_of_rows_does_not_change_the_graph(claims: list[Claim]) -> None:
    mixed = claims.copy()
    random.Random(len(claims)).shuffle(mixed)
    made = []
    for order in (claims, mixed):
        rows = evidence(order)
        links = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
        made.append(
            json.dumps(
                nx.node_link_data(room.build_graph(links.sample(frac=1, random_state=1), entities(rows)), edges="edges")
            )
        )
    assert made[0] == made[1]


def star() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for name in ("hub", "a", "b", "c", "bank"):
        graph.add_node(name, caption=name.title(), schema="Person", custodian=name == "hub", service=name == "bank")
    for other, count in (("a", 5), ("b", 2), ("c", 1), ("bank", 50)):
        graph.add_edge("hub", other, relation="contacted", layer="received", count=count)
    graph.add_edge("a", "b", relation="named with", layer="suggested", count=1)
    graph.add_edge("bank", "c", relation="contacted", layer="received", count=9)
    return graph


def test_ranking_marks_custodians_and_ranks_the_others_apart() -> None:
    frame = room.build_ranking(star())
    assert tuple(frame.columns) == (*RANKING, "rank_among_others")
    assert frame["canonical_id"].tolist() == ["hub", "a", "b", "c"]
    assert frame.loc[0, ["degree", "contacts", "betweenness"]].tolist() == [3, 8, 1.0]
    assert frame["rank_among_others"].tolist() == [pd.NA, 1, 2, 3]
    assert "The collection therefore makes the persons whose phones" in frame.attrs["warning"]
    assert frame.attrs["method"] == "Betweenness is exact."
    assert not frame["betweenness_error"].any()
    assert "bank" in set(room.build_ranking(star(), services=True)["canonical_id"])
    assert room.build_ranking(star(), suggested=True, relations=None).set_index("canonical_id").loc["a", "degree"] == 2
    assert room.build_ranking(nx.MultiDiGraph()).empty


def test_equal_positions_share_a_rank() -> None:
    graph = nx.MultiDiGraph()
    for other in "abc":
        graph.add_edge("hub", other, relation="called", layer="received", count=1)
    assert room.build_ranking(graph)["rank"].tolist() == [1, 2, 2, 2]


def test_paths_prefer_confirmed_links_and_go_round_services() -> None:
    graph = star()
    frame = room.find_paths(graph, "a", "c")
    steps = [" ".join(group["source"]) + " c" for _, group in frame.groupby("path")]
    assert steps == ["a hub c", "a b hub c"]
    assert frame["layer"].tolist() == ["received", "received", "suggested", "received", "received"]
    assert len(room.find_paths(graph, "a", "c", 9, services=True)["path"].unique()) > 2
    graph.add_node("alone")
    assert room.find_paths(graph, "a", "alone").empty
    with pytest.raises(WorkbenchError, match="Did you mean hub"):
        room.find_paths(graph, "hubb", "a")


def test_neighbourhood_keeps_the_best_and_tells_what_was_cut() -> None:
    part = room.select_neighbourhood(star(), "hub", limit=3)
    assert sorted(part) == ["a", "bank", "hub"]
    assert part.graph["cut"] == 2
    assert {node: data["hop"] for node, data in part.nodes(data=True)} == {"hub": 0, "a": 1, "bank": 1}
    assert part.nodes["hub"]["more"] == 2
    assert sorted(room.select_neighbourhood(star(), ["a"], 2)) == ["a", "b", "bank", "c", "hub"]
    assert "c" not in room.select_neighbourhood(star(), ["b"], 1)
    assert len(room.select_neighbourhood(star(), [])) == 0


def test_services_lead_no_further() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("bank", service=True)
    graph.add_edges_from([("a", "bank"), ("b", "bank")], layer="received", count=1)
    assert sorted(room.select_neighbourhood(graph, "a", 2)) == ["a", "bank"]
    assert sorted(room.select_neighbourhood(graph, "a", 2, services=True)) == ["a", "b", "bank"]


def test_why_rows_come_in_time_order_from_both_directions() -> None:
    rows = evidence(accounts())
    links = room.attribute_links(room.list_links(rows, DOCUMENTS), room.list_attributions(rows))
    frame = room.list_link_occurrences(links, "Bob", "Ann")
    assert frame["at"].tolist() == sorted(frame["at"])
    assert frame["document_id"].tolist() == ["d1", "d2"]
    assert frame["source_via"].tolist() == ["acc1", "acc2"]


def test_documents_without_rows_do_not_matter() -> None:
    assert room.build_graph(room.list_links(evidence([]), documents()), entities(evidence([]))).number_of_nodes() == 0
