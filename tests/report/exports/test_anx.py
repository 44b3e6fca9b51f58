"""Charts for i2 Analyst's Notebook: what our reader finds in them is the graph; confirmed is solid, suggested dashed."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.exports.rows import claims, file
from tests.report.payloads import PAYLOADS
from workbench.ingest import detect, read
from workbench.ingest.charts.types import ENDS
from workbench.model.ident import entity_id
from workbench.model.names import clean
from workbench.model.rows import Issue, Row
from workbench.model.schema import RELATIONS, VALUE_LINKS
from workbench.report.exports import About, spell
from workbench.report.exports.anx import anx

ABOUT = About(title="Harbour", mark="EXERCISE – FOR TRAINING ONLY")
LABELS = {
    "Person": "name", "Company": "name", "Organization": "name", "LegalEntity": "name", "PublicBody": "name",
    "Vehicle": "registrationNumber",
    "TelephoneNumber": "number", "BankAccount": "accountNumber", "UserAccount": "username", "Address": "full", "Event": "name",
    "Handset": "imei", "Sim": "imsi", "CryptoWallet": "publicKey", "Document": "name",
}  # fmt: skip
"""Schemata, and the property that the caption of a node is when it is read again; an account's with an '@' is its e-mail."""
OF_LABEL = {relation.label: schema for schema, relation in RELATIONS.items() if schema in ENDS}
RELATED = sorted({*OF_LABEL, *VALUE_LINKS.values(), "contacted", "named with", "names", "linked to", "represents"})
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
TEXTS = st.one_of(TEXTS, st.sampled_from(["<b>", "a & b", '"x"', "'", "]]>", "مرحبا", "👍🏽"])).map(clean).filter(bool)


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    for number in range(draw(st.integers(1, 5))):
        schema = draw(st.sampled_from(sorted(LABELS)))
        caption = f"+3164489120{number}" if schema == "TelephoneNumber" else f"{draw(TEXTS)} {number}x"
        made.add_node(entity_id(schema, str(number)), caption=caption, schema=schema, layer="received")
    ends = st.sampled_from(list(made))
    for _ in range(draw(st.integers(0, 6))):
        relation, layer = draw(st.sampled_from(RELATED)), draw(st.sampled_from(["received", "suggested", "decided"]))
        directed = draw(st.booleans())
        made.add_edge(
            draw(ends), draw(ends), f"{relation}|{layer}|{directed}", relation=relation, layer=layer, directed=directed
        )
    return made


def entities(rows: list[Row]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims(rows):
        found[claim.entity_id]["schema"] = [claim.schema]
        found[claim.entity_id][claim.prop].append(claim.value)
    return found


def chart(graph: nx.Graph) -> list[Row]:
    source = file(anx(graph, ABOUT), "x.anx")
    assert detect(source).reader == "anx"
    return list(read(source))


def called(schema: str, caption: str) -> str:
    return f"{schema}: {caption}"


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_a_chart_comes_back(graph: nx.MultiDiGraph) -> None:
    rows = chart(graph)
    found = entities(rows)
    names = {
        key: called(said["schema"][0], (said["email"] or said[LABELS[said["schema"][0]]])[0])
        for key, said in found.items()
        if said["schema"][0] in LABELS
    }
    node = {key: called(data["schema"], data["caption"]) for key, data in graph.nodes(data=True)}
    assert sorted(names.values()) == sorted(node.values())
    back = set()
    for said in found.values():
        schema = said["schema"][0]
        if schema in LABELS:
            continue
        source, target = ENDS[schema][2:] if schema in ENDS else ("subject", "object")
        strength = "Suggested" if "Suggested" in str(said["status"] or said["description"]) else "Confirmed"
        for role in said["role"] or said["relationship"] or said["summary"] or said["purpose"]:
            back.add((frozenset((names[said[source][0]], names[said[target][0]])), role, strength))
    links = graph.edges(data=True)
    wanted = {(frozenset((node[a], node[b])), data["relation"], data["layer"] == "suggested") for a, b, data in links}
    assert {(pair, role) for pair, role, _ in back} == {(pair, role) for pair, role, _ in wanted}
    assert not [row for row in rows if isinstance(row, Issue)]


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_ends_arrows_and_strengths(graph: nx.MultiDiGraph) -> None:
    root = fromstring(anx(graph, ABOUT))
    entity = {one.get("EntityId"): one.get("Identity") for one in root.iter("Entity")}
    node = {data["caption"]: key for key, data in graph.nodes(data=True)}
    found = []
    for link in root.iter("Link"):
        one, two = (entity[link.get(f"End{number}Id")] for number in (1, 2))
        one, two = node.get(one, one), node.get(two, two)
        style = link.find("LinkStyle")
        arrow = style.get("ArrowStyle")
        ends = (two, one) if arrow == "ArrowOnTail" else (one, two)
        found.append((ends if arrow != "ArrowNone" else tuple(sorted(ends)), style.get("Type"), style.get("Strength")))
    wanted = [
        ((a, b) if data["directed"] else tuple(sorted((a, b))), data["relation"],
         "Suggested" if data["layer"] == "suggested" else "Confirmed")
        for a, b, data in graph.edges(data=True)
    ]  # fmt: skip
    assert sorted(found) == sorted(wanted)


def test_the_strength_is_read_again() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("person-1", caption="Ada", schema="Person")
    graph.add_node("person-2", caption="Ben", schema="Person")
    graph.add_edge(
        "person-1", "person-2", relation="named with", layer="suggested", directed=False, count=3, kinds=["Message"]
    )
    graph.add_edge("person-2", "person-1", relation="contacted", layer="received", directed=True, first="2024-03-01")
    links = {said["role"][0]: said for said in entities(chart(graph)).values() if said["schema"] == ["UnknownLink"]}
    assert (links["named with"]["status"], links["contacted"]["status"]) == (["Suggested"], ["Confirmed"])
    assert {"count: 3", "kinds: Message"} <= set(links["named with"]["description"])
    names = {key: said["name"] for key, said in entities(chart(graph)).items()}
    assert names[links["contacted"]["subject"][0]] == ["Ben"]
    root = fromstring(anx(graph, ABOUT))
    assert {one.get("Name"): one.get("DotStyle") for one in root.iter("Strength")} == {
        "Confirmed": "DotStyleSolid", "Suggested": "DotStyleDashed",
    }  # fmt: skip
    assert [link.get("Offset") for link in root.iter("Link")] == ["-10", "10"]


def test_two_persons_of_one_name_stay_two_and_a_number_is_itself() -> None:
    graph = nx.MultiDiGraph()
    for number in (1, 2):
        graph.add_node(entity_id("Person", str(number)), caption="John Smith", schema="Person")
    graph.add_node(entity_id("TelephoneNumber", "+31644891202"), caption="+31644891202", schema="TelephoneNumber")
    identities = [one.get("Identity") for one in fromstring(anx(graph, ABOUT)).iter("Entity")]
    assert identities == [*list(graph)[:2], "+31644891202"]
    people = [said for said in entities(chart(graph)).values() if said["schema"] == ["Person"]]
    assert [(said["name"], said["notes"]) for said in people] == [(["John Smith"], [])] * 2


def test_positions_and_marking() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", caption="A", x=12.4, y=-7)
    graph.add_node("b", caption="B", x=float("nan"), y="far")
    data = anx(graph, ABOUT)
    assert data.startswith(b"\xff\xfe") and data == anx(graph, ABOUT)
    root = fromstring(data)
    assert [(end.get("X"), end.get("Y")) for end in root.iter("End")] == [("12", "-7"), ("160", "0")]
    assert ABOUT.mark in {field.get("Field") for field in root.iter("Field")}
    assert ABOUT.mark in {item.get("Label") for item in root.iter("LegendItem")}


@pytest.mark.parametrize("graph", [nx.Graph(), nx.path_graph(3), nx.DiGraph([(1, 1)])])
def test_any_graph_is_a_chart(graph: nx.Graph) -> None:
    root = fromstring(anx(graph, About()))
    assert len(list(root.iter("Entity"))) == len(graph)
    assert len(list(root.iter("Link"))) == graph.number_of_edges()


def test_every_text_comes_back_as_text() -> None:
    texts = [text for text in PAYLOADS if clean(spell(text))]
    graph = nx.MultiDiGraph()
    for number, text in enumerate(texts):
        graph.add_node(entity_id("Person", str(number)), caption=text, schema="Person")
    found = entities(chart(graph)).values()
    assert [said["name"][0] for said in found] == [clean(spell(text)) for text in texts]
