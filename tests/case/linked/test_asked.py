"""What the chart of a case shows, and what is asked on it: through the gate and the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from tests.altered import alter
from tests.case.linked.conftest import WHY, captions, log
from tests.case.test_mass import ADA, BEN, CLEO, opened, table
from workbench.case.case import Case
from workbench.case.charts import chart_builder, timeline_events
from workbench.case.charts.chart_queries import ChartError
from workbench.case.context.entity_index import find_entity
from workbench.case.evidence.link_strength import compute_strength
from workbench.case.network import call_links
from workbench.errors import CaseError
from workbench.patterns import call_times
from workbench.views.linked_views import KINDS


@pytest.mark.slow
def test_a_chart_shows_the_graph_as_the_case_gave_it(case: Case) -> None:
    net = case.graph()
    chart = case.chart(net, title="Harbour")
    assert chart.graph.nodes == net.nodes
    assert set(chart.graph.edges(keys=True)) == set(net.edges(keys=True))
    assert (chart.title, chart.mark, len(chart.as_at)) == ("Harbour", net.graph["mark"], 16)
    assert chart.mark in chart.svg and chart.mark in chart.html
    assert repr(chart) == "Link chart 'Harbour': 13 entities, 23 links"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_any_view_opens_on_the_model_of_a_chart(case: Case, kind: str) -> None:
    chart = case.chart(case.graph("Cleo Dunn"))
    view = case.chart(chart, kind=kind)
    assert view.model is chart.model  # type: ignore[attr-defined]
    ben = find_entity(case.context, "Ben Carver")
    view.model.select(ben)  # type: ignore[attr-defined]
    assert chart.selected == [ben]


@pytest.mark.slow
def test_a_workspace_holds_all_of_them_and_an_unknown_kind_is_refused(case: Case) -> None:
    space = case.charts.workspace(case.graph())
    assert {view.model for view in space.views.values()} == {space.views["Chart"].model}  # type: ignore[attr-defined]
    assert set(space.views) == {"Chart", "Matrix", "Evidence", "Entities", "Timeline", "Map"}
    space.language = "fr"
    assert list(space.views) == ["Schéma", "Matrice", "Pièces", "Entités", "Chronologie", "Carte"]
    with pytest.raises(CaseError, match=r"view 'globe' is not known.*timeline"):
        case.chart(kind="globe")


@pytest.mark.slow
def test_what_a_chart_asks_is_logged_and_never_repeated_in_clear(case: Case) -> None:
    ada = find_entity(case.context, "Ada Brook")
    chart = case.chart(case.graph("Ada Brook", limit=2))
    model = chart.model
    ben = find_entity(case.context, "Ben Carver")
    questions: dict[str, Callable[[], object]] = {
        "neighbours": lambda: model.counts(ben), "expand": lambda: model.expand(ben, limit=3), "entities": lambda: model.search("cleo"),
        "facts": lambda: model.details(ada), "passages": lambda: chart.binding.passages([ada], 10),
        "timeline": lambda: case.chart(chart, kind="timeline"), "map": lambda: case.chart(chart, kind="map"),
    }  # fmt: skip
    for kind, ask in questions.items():
        before = len(log(case))
        ask()
        assert ("consultation", kind) in log(case)[before:], kind
    lines = "".join(entry for (entry,) in case.context.ledger.connection.execute("SELECT entry FROM audit"))
    assert "cleo" not in lines and "Ada Brook" not in lines


@pytest.mark.slow
def test_neighbours_are_counted_before_they_come_and_no_more_come_than_asked(case: Case) -> None:
    ben = find_entity(case.context, "Ben Carver")
    chart = case.chart(case.graph("Ada Brook", limit=2))
    before, places = set(chart.graph), chart.positions
    count = chart.model.counts(ben)[ben]
    assert count > 3
    assert chart.model.expand(ben, limit=3) == 3
    assert len(chart.graph) == len(before) + 3 and chart.model.counts(ben)[ben] == count - 3
    assert {node: chart.positions[node] for node in before} == places, "nothing moves"
    assert chart.model.expand(ben, limit=500) == count - 3
    whole = case.graph()
    assert set(chart.graph.edges(keys=True)) == set(whole.subgraph(chart.graph).edges(keys=True))
    with pytest.raises(ChartError, match="cannot show 99 steps"):
        chart.model.expand(ben, hops=99)


def test_a_case_gives_some_at_a_time(case: Case) -> None:
    model = case.chart(case.graph("Ada Brook", limit=2)).model
    assert model.whole == 0
    with pytest.raises(ValueError, match="its source provides only some of them at a time"):
        model.show_all()


@pytest.mark.slow
def test_found_entities_come_with_their_links(case: Case) -> None:
    chart = case.chart(case.graph("Ada Brook", limit=2))
    found = chart.model.search("cleo dunn")
    key = find_entity(case.context, "Cleo Dunn")
    assert key in [one for one, _ in found]
    assert chart.model.add(key) == 1 and key in chart.graph
    assert chart.graph.has_edge(find_entity(case.context, "Ben Carver"), key)
    assert chart.model.search("") == []
    with pytest.raises(ValueError, match="in the data of this chart"):
        chart.model.add("person-" + "0" * 24)


@pytest.mark.slow
def test_passages_say_where_they_stand_and_what_waits(case: Case) -> None:
    chart = case.chart(case.graph())
    cleo = next(
        node
        for node, data in chart.graph.nodes(data=True)
        if data["caption"] == "Cleo Dunn" and data["layer"] == "suggested"
    )
    cards, more = chart.binding.passages([cleo], 1)
    assert more > 0 and cards[0].open and cards[0].kind == "suggested"
    card = cards[0]
    assert card.source in ("chats.txt", "note.md") and card.place and card.mark == chart.mark
    assert any(card.text[one.start : one.end] == "Cleo Dunn" and one.id == cleo for one in card.marks)
    case.evidence.grade("chats.txt", "B2", because="known source")
    graded = chart.binding.passages([find_entity(case.context, "Ada Brook")], 50)[0]
    assert {one.grade for one in graded if one.source == "chats.txt"} == {"B2 (4x4)"} or any(
        "B2" in one.grade for one in graded
    )
    edge = next(
        f"link:{row}" for row, key in enumerate(chart.model.session.table.keys) if key[2] == "contacted|received"
    )
    behind = chart.binding.passages([edge], 50)[0]
    assert all("contacted" in one.says and not one.open for one in behind) and behind[0].traces


@pytest.mark.slow
def test_positions_are_kept_by_name_and_only_new_nodes_are_placed(case: Case) -> None:
    small = case.graph("Ada Brook", limit=3)
    chart = case.chart(small, name="main")
    node = find_entity(case.context, "Ada Brook")
    chart.model.move({node: (1234.0, -77.5)})
    again = case.chart(small, name="main")
    assert again.positions == chart.positions and again.positions[node] == (1234.0, -77.5)
    grown = case.chart(case.graph(), name="main")
    assert {one: grown.positions[one] for one in small} == chart.positions
    assert len(grown.positions) == len(case.graph()) > len(small)
    assert case.chart(small, name="main").positions == chart.positions, "what is not on a chart keeps its place"
    assert case.chart(small, name="other").positions[node] != (1234.0, -77.5)
    grown.model.arrange("grid")
    assert case.chart(case.graph(), name="main").positions == grown.positions, "moved where it was asked"


def test_lines_say_how_sure_a_link_is(case: Case) -> None:
    chart = case.chart(case.graph())
    found = {data["relation"]: data["strength"] for *_, data in chart.graph.edges(data=True)}
    assert found["contacted"] == "confirmed" and found["named with"] == found["names"] == "tentative"
    assert (
        compute_strength("suggested", "uses", [0.4, 0.9]) == "unconfirmed"
        and compute_strength("suggested", "uses", [0.4]) == "tentative"
    )
    assert compute_strength("decided", "named with", []) == "confirmed"


@pytest.mark.slow
def test_a_graph_of_ones_own_stays_as_it_is(case: Case) -> None:
    net = case.graph("Ada Brook", limit=3)
    net.add_edge("my own", find_entity(case.context, "Ada Brook"), key="thought", relation="thinks of")
    chart = case.chart(net)
    chart.model.act("add", schema="Person", name="Zoe", because=WHY)
    assert chart.graph.has_edge("my own", find_entity(case.context, "Ada Brook"), "thought")


def test_the_events_of_a_chart_are_in_its_timeline(case: Case) -> None:
    chart = case.chart(case.graph())
    events = timeline_events.list_events(case.context, chart.graph, chart_builder.find_scope(case.context, chart.graph))
    assert (events["start"].diff().dropna() >= 0).all() and set(events["layer"]) <= {
        "confirmed",
        "unconfirmed",
        "tentative",
    }
    assert "The container leaves on Friday night" in set(events["label"])
    timeline = case.chart(chart, kind="timeline")
    assert len(timeline.events["ids"]) == len(events) and timeline.to_svg()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_calls_of_large_tables_stand_in_the_timeline_by_record_or_by_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    alter(monkeypatch, ingest__calls__call_table__list_claims="object:nothing")
    case = opened(tmp_path, calls=table())
    net = case.graph(accounts="apart")
    chart = case.chart(net)
    events = timeline_events.list_events(case.context, net, chart_builder.find_scope(case.context, chart.graph))
    calls = events[events["relation"] == "called"]
    total = call_times.list_moments(
        call_links.count_pairs(case.context),
        [(ADA, BEN), (BEN, ADA), (BEN, CLEO)],
        documents=call_links.list_unclaimed_tables(case.context),
    )
    assert len(calls) >= total.records > 50 and not total.daily and events.attrs["left_out"] == ""
    monkeypatch.setattr(timeline_events, "EVENTS", 20)
    days = timeline_events.list_events(case.context, net, chart_builder.find_scope(case.context, chart.graph))
    counted = (
        days.loc[days["relation"] == "calls of a day", "label"]
        .str.extract(r"(\d+) call records? on this day")[0]
        .astype(int)
    )
    assert set(days.loc[days["relation"] == "calls of a day", "grain"]) == {3} and counted.sum() <= len(calls)
    assert "days with call records" in days.attrs["left_out"]
    assert chart.model.counts(next(iter(net)))
    case.close()


@pytest.mark.slow
def test_places_of_the_case_are_on_the_map(case: Case) -> None:
    spot = case.evidence.add(
        "Address", full="Quay 1", latitude="51.9", longitude="4.4", source="officer's knowledge", because=WHY
    )
    case.evidence.add("Person", entity="Ada Brook", addressEntity=spot, source="officer's knowledge", because=WHY)
    chart = case.chart(case.graph())
    world = case.chart(chart, kind="map")
    assert find_entity(case.context, "Ada Brook") in world.places["who"] and world.to_svg()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_graph_without_anything(case: Case) -> None:
    chart = case.chart(nx.MultiDiGraph())
    assert len(chart.graph) == 0 and case.chart(chart, kind="timeline") and case.chart(chart, kind="map")
    chart.model.act("add", schema="Person", name="Zoe", because=WHY)
    assert captions(chart) == ["Zoe"]
