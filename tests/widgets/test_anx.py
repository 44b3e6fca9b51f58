"""Charts for i2 Analyst's Notebook: what our reader finds in them is the graph; its lines are solid, dashed or dotted."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_widgets.chart import LinkChart
from workbench_widgets.exchange import to_anx
from workbench_widgets.visible_text import escape_hidden

from tests.report.exports.rows import claims, file
from tests.report.payloads import PAYLOADS
from workbench.ingest import detect, read
from workbench.ingest.charts.chart_types import ENDS
from workbench.model.ids import build_entity_id
from workbench.model.rows import Issue, Row
from workbench.model.schema import RELATIONS, VALUE_LINKS
from workbench.model.text.normalise import clean_text
from workbench.model.values import limits

MARK = "EXERCISE – FOR TRAINING ONLY"
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
TEXTS = (
    st.one_of(TEXTS, st.sampled_from(["<b>", "a & b", '"x"', "'", "]]>", "مرحبا", "👍🏽"])).map(clean_text).filter(bool)
)


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    for number in range(draw(st.integers(1, 5))):
        schema = draw(st.sampled_from(sorted(LABELS)))
        caption = f"+3164489120{number}" if schema == "TelephoneNumber" else f"{draw(TEXTS)} {number}x"
        made.add_node(build_entity_id(schema, str(number)), caption=caption, schema=schema, layer="received")
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


def rows_of(data: bytes) -> list[Row]:
    source = file(data, "x.anx")
    assert detect(source).reader == "anx"
    return list(read(source))


def called(schema: str, caption: str) -> str:
    return f"{schema}: {caption}"


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(graphs())
def test_a_chart_comes_back(graph: nx.MultiDiGraph) -> None:
    rows = rows_of(to_anx(graph))
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
        strengths = [
            word == "Tentative"
            for word in ("Confirmed", "Tentative")
            if word in str(said["status"] or said["description"])
        ]
        for role in said["role"] or said["relationship"] or said["summary"] or said["purpose"]:
            pair = frozenset((names[said[source][0]], names[said[target][0]]))
            back.update((pair, role, strength) for strength in strengths)
    links = graph.edges(data=True)
    wanted = {
        (frozenset((node[a], node[b])), data["relation"], data["layer"] == "suggested")
        for a, b, data in links
        if a != b
    }
    assert {(pair, role) for pair, role, _ in back} == {(pair, role) for pair, role, _ in wanted}
    assert {strength for *_, strength in back} == {strength for *_, strength in wanted}
    assert not [row for row in rows if isinstance(row, Issue)]


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(graphs())
def test_ends_arrows_and_strengths(graph: nx.MultiDiGraph) -> None:
    root = fromstring(to_anx(graph))
    entity = {one.get("EntityId"): one.get("Identity") for one in root.iter("Entity")}
    node = {data["caption"]: key for key, data in graph.nodes(data=True)}
    found = []
    for link in root.iter("Link"):
        one, two = (entity[link.get(f"End{number}Id")] for number in (1, 2))
        one, two = node.get(one, one), node.get(two, two)
        style = link.find("LinkStyle")
        arrow = style.get("ArrowStyle", "ArrowNone")
        ends = (two, one) if arrow == "ArrowOnTail" else (one, two)
        found.append((ends if arrow != "ArrowNone" else tuple(sorted(ends)), style.get("Type"), style.get("Strength")))
    wanted = [
        ((a, b) if data["directed"] else tuple(sorted((a, b))), data["relation"],
         "Tentative" if data["layer"] == "suggested" else "Confirmed")
        for a, b, data in graph.edges(data=True) if a != b
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
    links = {
        said["role"][0]: said for said in entities(rows_of(to_anx(graph))).values() if said["schema"] == ["UnknownLink"]
    }
    assert (links["named with"]["status"], links["contacted"]["status"]) == (["Tentative"], ["Confirmed"])
    assert {"count: 3", "kinds: Message"} <= set(links["named with"]["description"])
    assert links["contacted"]["date"] == ["2024-03-01"]
    names = {key: said["name"] for key, said in entities(rows_of(to_anx(graph))).items()}
    assert names[links["contacted"]["subject"][0]] == ["Ben"]
    root = fromstring(to_anx(graph))
    assert len({link.get("Offset") for link in root.iter("Link")}) == 2


def test_two_persons_of_one_name_stay_two_and_a_number_is_itself() -> None:
    graph = nx.MultiDiGraph()
    for number in (1, 2):
        graph.add_node(build_entity_id("Person", str(number)), caption="John Smith", schema="Person")
    graph.add_node(build_entity_id("TelephoneNumber", "+31644891202"), caption="+31644891202", schema="TelephoneNumber")
    identities = [one.get("Identity") for one in fromstring(to_anx(graph)).iter("Entity")]
    assert identities == [*list(graph)[:2], "+31644891202"]
    people = [said for said in entities(rows_of(to_anx(graph))).values() if said["schema"] == ["Person"]]
    assert [(said["name"], said["notes"]) for said in people] == [(["John Smith"], [])] * 2


def test_positions_and_marking() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", caption="A", x=12.4, y=-7)
    graph.add_node("b", caption="B", x=float("nan"), y="far")
    said = {"title": "Harbour", "subject": "HB/1", "mark": MARK}
    data = to_anx(graph, said=said)
    assert data == to_anx(graph, said=said)
    root = fromstring(data)
    assert [(end.get("X"), end.get("Y")) for end in root.iter("End")] == [("12", "-7"), ("160", "0")]
    assert {"Harbour", "HB/1", MARK} <= {field.get("Field") for field in root.iter("Field")}
    assert MARK in {item.get("Label") for item in root.iter("LegendItem")}


def test_what_the_program_has_no_place_for_is_an_attribute() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", caption="A", schema="Person", grade="B/2/H1", latin=float("nan"))
    graph.add_edge("a", "a", relation="contacted", layer="suggested", count=2)
    graph.add_edge("a", "b", relation="knows", first="2024-03", last="2024-05-01")
    items = [{one.get("AttributeClass"): one.get("Value") for one in item.iter("Attribute")}
             for item in fromstring(to_anx(graph)).iter("ChartItem")]  # fmt: skip
    assert items == [
        {"graded": "B/2/H1", "contacted itself": "tentative ×2"}, {}, {"from": "2024-03", "until": "2024-05-01"},
    ]  # fmt: skip


def test_ids_that_read_alike_are_refused() -> None:
    with pytest.raises(ValueError, match="same text as their id"):
        to_anx(nx.Graph([(1, "1")]))


@pytest.mark.parametrize("graph", [nx.Graph(), nx.path_graph(3), nx.DiGraph([(1, ""), (1, 2)])])
def test_any_graph_is_a_chart(graph: nx.Graph) -> None:
    root = fromstring(to_anx(graph))
    assert len(list(root.iter("Entity"))) == len(graph)
    assert len(list(root.iter("Link"))) == graph.number_of_edges()


def test_every_text_comes_back_as_text() -> None:
    texts = [text for text in PAYLOADS if clean_text(escape_hidden(text))]
    graph = nx.MultiDiGraph()
    for number, text in enumerate(texts):
        graph.add_node(build_entity_id("Person", str(number)), caption=text, schema="Person")
    found = entities(rows_of(to_anx(graph))).values()
    drawn = [clean_text(escape_hidden("\n".join(text.splitlines()))) for text in texts]
    assert [said["name"][0] for said in found] == [limits.cut_text(text, limits.LABEL) for text in drawn]


def test_our_reader_finds_the_chart_in_the_anx() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("p", caption='Ann "X" <b>', schema="Person", grade="B2", layer="received")
    graph.add_node("q", caption="Bob", schema="Person")
    graph.add_node("c", caption="Blue Lagoon Ltd", schema="Company")
    for relation, ends, strength, day in (
        ("family", "pq", "confirmed", "2024-01-02T08:15:00Z"),
        ("owns", "pc", "unconfirmed", "2024-02-03"),
        ("employee", "qc", "tentative", ""),
    ):
        graph.add_edge(*ends, key=relation, relation=relation, strength=strength, first=day, grade="C3", count=2)
    chart = LinkChart(graph, title="T", mark="EXERCISE")
    chart.model.note("Seen\nat the quay", 10, 20)
    found = entities(rows_of(chart.to_anx()))
    names = {said["name"][0]: key for key, said in found.items() if said["name"]}
    assert {said["schema"][0] for said in found.values()} >= {
        "Person",
        "Company",
        "Family",
        "Ownership",
        "Employment",
        "Note",
    }
    assert set(names) >= {'Ann "X" <b>', "Bob", "Blue Lagoon Ltd"}
    links = {said["schema"][0]: said for said in found.values() if said["date"] or said["status"]}
    assert links["Family"]["date"] == ["2024-01-02T08:15:00"]
    assert links["Ownership"]["owner"] == [names['Ann "X" <b>']]
    assert links["Ownership"]["status"] == ["Unconfirmed"]
    assert links["Employment"]["status"] == ["Tentative"]
    assert any("C / 3" in value for value in links["Ownership"]["description"])
    assert any("B / 2" in value for value in found[names['Ann "X" <b>']]["notes"])
    notes = [said["description"][0] for said in found.values() if said["schema"] == ["Note"]]
    assert [note.split() for note in notes] == [["Seen", "at", "the", "quay"]]


def test_lines_and_places_in_the_anx() -> None:
    graph = nx.MultiDiGraph()
    for strength in ("confirmed", "unconfirmed", "tentative"):
        graph.add_edge("b", "a", key=strength, relation=strength, strength=strength, directed=strength != "tentative")
    chart = LinkChart(
        graph, places={"a": (100.4, 20.0), "b": (-30.0, 7.0)}, mark="EXERCISE – FOR TRAINING", as_at="2024-06-01"
    )
    data = chart.to_anx()
    assert (
        data
        == LinkChart(
            graph, places={"a": (100.4, 20.0), "b": (-30.0, 7.0)}, mark="EXERCISE – FOR TRAINING", as_at="2024-06-01"
        ).to_anx()
    )
    root = fromstring(data)
    styles = {one.get("Name"): one.get("DotStyle") for one in root.iter("Strength")}
    assert styles["Confirmed"] == "DotStyleSolid"
    assert styles["Unconfirmed"] == "DotStyleDashed"
    assert styles["Tentative"] == "DotStyleDotted"
    assert sorted((one.get("X"), one.get("Y")) for one in root.iter("End")) == [("-30", "7"), ("100", "20")]
    assert sorted(one.get("ArrowStyle") or "" for one in root.iter("LinkStyle")) == ["", "ArrowOnTail", "ArrowOnTail"]
    assert len({int(one.get("Offset") or 0) for one in root.iter("Link")}) == 3
    assert "EXERCISE – FOR TRAINING" in {one.get("Field") for one in root.iter("Field")}
    assert b"http" not in data
