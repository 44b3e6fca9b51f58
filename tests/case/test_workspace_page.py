"""A workspace as one page: all views of what is seen on the chart, and nothing of what was dismissed from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from workbench_widgets.passage import Marked, Passage

from tests.case import material
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.ledger.records import consultations


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    place = tmp_path_factory.mktemp("page")
    made = open_case(place / "case", officer="ada", purpose="training")
    made.add(material.write(place))
    return made


@pytest.mark.slow
def test_the_page_holds_what_is_seen_and_nothing_else(case: Case, tmp_path: Path) -> None:
    space = case.charts.workspace(case.graph(), title="Harbour")
    whole = space.to_html()
    assert all(name in whole for name in ("Cleo Dunn", "Ben Carver", "<title>Harbour</title>"))
    cleo = find_entity(case.context, "Cleo Dunn")
    space.chart.model.dismiss(cleo)
    left = space.save(tmp_path / "space.html").read_text("utf-8")
    assert cleo not in left and cleo not in space.chart.to_html() and "Ben Carver" in left
    kinds = consultations.list_entries(case.context.ledger).tail(6)[["operation", "kind"]]
    assert ("disclosure", "chart") in list(kinds.itertuples(index=False, name=None))


def test_events_and_places_of_the_page_are_those_of_what_is_seen(case: Case) -> None:
    chart = case.chart(case.graph(), name="")
    every = chart.binding.events()
    chart.model.dismiss(find_entity(case.context, "Cleo Dunn"))
    alone = chart.visible_chart()
    on = set(alone.model.session.table.rows)
    events = alone.binding.events()
    assert 0 < len(events) < len(every)
    assert all(set(members) <= on for members in events["members"])
    assert set(alone.binding.places()["node"]) <= on


def test_what_a_filter_hides_does_not_leave_with_the_page(case: Case) -> None:
    chart = case.chart(case.graph(), name="")
    every = chart.binding.events()
    assert len(chart.visible_chart().binding.events()) == len(every)
    middle = float(every["start"].sort_values().iloc[len(every) // 2])
    chart.model.during(0, middle - 1)
    left = chart.visible_chart()
    assert 0 < len(left.binding.events()) < len(every)
    assert (left.binding.events()["start"] < middle).all()
    starts = left.binding.places()["start"].dropna()
    assert (starts < middle).all()
    chart.model.during()
    relation = every["relation"].iloc[0]
    chart.model.filter(relations=[relation])
    kept = set(chart.visible_chart().binding.events()["relation"])
    assert relation not in kept


def test_no_id_of_what_is_filtered_out_stands_in_passages_that_travel_along(case: Case) -> None:
    chart = case.chart(case.graph(), name="")
    [link, *_] = chart.graph.edges(keys=True)
    marked = [Marked(0, 3, link[0]), Marked(5, 9, "address-that-is-hidden")]
    chart.binding = replace(chart.binding, carried=lambda _: {link: [Passage("p", "Ada Lisbon", marks=marked)]})
    page = chart.to_html()
    assert "Ada Lisbon" in page and "address-that-is-hidden" not in page
