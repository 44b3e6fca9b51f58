"""Charts that somebody else made: what their words say is never more than it is."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from workbench_widgets import portable
from workbench_widgets.chart import LinkChart
from workbench_widgets.portable.drawing import build_picture
from workbench_widgets.portable.icons import translate_schema

WORDS = {
    "confirmed": 0, "Confirmed ": 0, "unconfirmed": 1, "UNCONFIRMED": 1, "Tentative": 2, "rejected": 1, "withdrawn": 1, "dotted": 1,
}  # fmt: skip


@pytest.fixture
def chart(tmp_path: Path) -> LinkChart:
    made = nx.MultiDiGraph()
    for number, word in enumerate(WORDS):
        made.add_edge(f"a{number}", f"b{number}", strength=word, relation="met")
    made.add_node("c", caption="nobody's", custodian="False", service="no")
    nx.write_graphml(made, tmp_path / "theirs.graphml")
    return LinkChart.from_graphml(tmp_path / "theirs.graphml")


def test_a_strength_in_other_words_is_not_confirmed(chart: LinkChart) -> None:
    assert list(chart.model.session.table.strength) == list(WORDS.values())
    lines = build_picture(chart.model.graph, {str(name): (0.0, 0.0) for name in chart.model.graph}).lines
    assert sorted(line.is_suggested for line in lines) == [False] * 2 + [True] * 6


def test_the_word_no_is_no_yes(chart: LinkChart) -> None:
    (item,) = [
        one
        for one in build_picture(chart.model.graph, dict.fromkeys(chart.model.graph, (0.0, 0.0))).items
        if one.id == "c"
    ]
    assert not item.custodian and item.how == ""


def test_a_thousand_links_between_two_are_labelled_in_one_go(tmp_path: Path) -> None:
    """The commonest relation is looked for once, not once for each link."""
    made = nx.MultiDiGraph()
    for number in range(1000):
        made.add_edge("a", "b", relation=f"met {number}")
    drawn = build_picture(made, {"a": (0.0, 0.0), "b": (9.0, 0.0)})
    assert len({drawn.label(line) for line in drawn.lines}) == 1000 and drawn.commonest == ""


def test_a_type_turns_no_line_of_the_legend_around() -> None:
    made = nx.MultiDiGraph()
    made.add_node("a", caption="A", schema="\u202edemrifnoc")
    assert translate_schema("\u202edemrifnoc") == "⟨U+202E⟩demrifnoc"
    assert "U+202E" in portable.build_chart_page(made, {"a": (0, 0)}, title="t")
