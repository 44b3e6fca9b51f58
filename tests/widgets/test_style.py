"""Nodes coloured by an attribute: which attributes are offered, what their classes are, the legend's filter, and the pictures."""

from __future__ import annotations

import re

import networkx as nx
import pytest
from workbench_widgets.chart import LinkChart
from workbench_widgets.model import CaseModel
from workbench_widgets.model.style import CATEGORIES, GREY, NUMBERS, build_styles

STATES = ("FR", "FR", "FR", "DE", "DE", None)


def graph() -> nx.Graph:
    """Six nodes in a row with nationalities, of which one is not stated, and what is no style."""
    made = nx.path_graph(6)
    for node, nationality in enumerate(STATES):
        made.add_node(
            node,
            schema="Person",
            nationality=nationality,
            caption=f"N{node}",
            tags=["a"],
            case_id="a",
            _own="a",
            same="x",
        )
    made.add_node(1, schema="Company")
    return made


@pytest.fixture
def chart() -> LinkChart:
    return LinkChart(graph())


def colours(chart: LinkChart, name: str) -> dict[str, str]:
    style = chart.model.session.table.styles[name]
    return dict(zip(style.classes, style.colours, strict=True))


def test_attributes_that_tell_nodes_apart_are_offered(chart: LinkChart) -> None:
    assert chart.model.styles == ["nationality"]
    with pytest.raises(ValueError, match=r"cannot be coloured by 'caption'\. Choose one of: nationality"):
        chart.model.style("caption")
    assert chart.model.history == []


def test_texts_of_which_most_stand_at_one_node_are_not_offered() -> None:
    passports = dict(enumerate(f"P{number}" for number in range(20)))
    towns = {row: f"town {row % 9}" for row in range(20)}
    assert list(build_styles({"passport": passports, "town": towns}, 20)) == ["town"]


def test_the_most_frequent_values_have_a_colour_each_and_the_rest_is_grey() -> None:
    towns = {row: f"town {row % 10}" for row in range(25)}
    style = build_styles({"town": towns}, 26)["town"]
    assert style.classes == (*(f"town {number}" for number in range(7)), "3 other values", "")
    assert style.colours == (*CATEGORIES, GREY, GREY)
    assert [style.of[row] for row in (0, 6, 7, 9, 25)] == [0, 6, 7, 7, 8]


def test_many_numbers_are_five_classes_from_light_to_dark() -> None:
    style = build_styles({"calls": {row: float(row * row) for row in range(100)}}, 100)["calls"]
    assert style.classes == ("0 to 361", "400 to 1,521", "1,600 to 3,481", "3,600 to 6,241", "6,400 to 9,801")
    assert style.colours == NUMBERS
    assert {style.of.count(at) for at in range(5)} == {20}


def test_numbers_of_which_most_are_equal_make_fewer_classes() -> None:
    style = build_styles({"calls": {row: float(max(0, row - 60)) for row in range(80)}}, 80)["calls"]
    assert style.classes == ("0", "1 to 3", "4 to 19")


def test_communities_are_names_even_where_they_are_numbers() -> None:
    assert build_styles({"community": {row: float(row % 12) for row in range(60)}}, 60)["community"].classes[:2] == (
        "0",
        "1",
    )


def test_numbers_too_large_for_anybody_are_passed_over() -> None:
    made = nx.Graph()
    for node, value in enumerate((10**400, float("nan"), True, False)):
        made.add_node(node, odd=value)
    assert colours(LinkChart(made), "odd") == {"no": CATEGORIES[0], "yes": CATEGORIES[1], "": GREY}


def test_the_legend_filters_by_value_and_undo_leads_back(chart: LinkChart) -> None:
    model = chart.model
    model.style("nationality")
    model.filter(values=["FR", ""])
    assert set(chart.graph) == {"3", "4"}
    model.style()
    assert set(chart.graph) == set("012345"), "a filter of one style says nothing of another"
    for expected, seen in (("nationality", {"3", "4"}), ("nationality", set("012345")), ("", set("012345"))):
        model.undo()
        assert (model.session.state.style, set(chart.graph)) == (expected, seen)
    log = list(model.history)
    model.replay(log)
    assert model.history == log


def test_what_is_said_anew_has_its_colour_anew(chart: LinkChart) -> None:
    chart.model.style("nationality")
    now = nx.MultiDiGraph(graph())
    now.nodes[5]["nationality"] = "DE"
    now.remove_node(0)
    chart.model.renew(now)
    style = chart.model.session.table.styles["nationality"]
    assert [style.classes[at] for at in style.of] == ["", "FR", "FR", "DE", "DE", "DE"]


def test_pictures_have_the_colours_and_their_legend(chart: LinkChart) -> None:
    before = chart.to_svg()
    chart.model.style("nationality")
    after = chart.to_svg()
    for words, colour in (
        ("nationality: FR (3)", CATEGORIES[0]),
        ("nationality: DE (2)", CATEGORIES[1]),
        ("nationality: not stated (1)", GREY),
    ):
        assert words in after
        assert words not in before
        assert f'fill="{colour}"' in after or f'stroke="{colour}"' in after
    used = set(re.findall(r'href="#([^"]+)"', after))
    assert used <= set(re.findall(r'<symbol id="([^"]+)"', after))
    assert "i-Company--0072b2" in used, "the shape stays that of the schema"
    chart.model.filter(values=["DE"])
    assert "nationality: DE" not in chart.to_svg()
    assert chart.to_pdf().startswith(b"%PDF")
    assert chart.to_png(width=400).startswith(b"\x89PNG")
    chart.model.style()
    assert chart.to_svg() == before


def test_a_closed_group_is_neutral(chart: LinkChart) -> None:
    chart.model.style("nationality")
    chart.model.group("0", "1")
    assert "i-Group--586573" in chart.to_svg()
    assert "nationality: FR (1)" in chart.to_svg()


def test_other_programs_get_the_attributes_as_they_are(chart: LinkChart) -> None:
    before = chart.to_graphml(), chart.to_anx()
    chart.model.style("nationality")
    assert (chart.to_graphml(), chart.to_anx()) == before


def test_hostile_names_and_values_are_text() -> None:
    evil, other = "<img src=x onerror=alert(1)>", "a\u202eb\"'&"
    made = nx.Graph()
    for node, value in enumerate((other, other, evil, "__proto__", "constructor")):
        made.add_node(node, **{evil: value, "__proto__": value, "constructor": value})
    chart = LinkChart(made)
    assert set(chart.model.styles) == {evil, "constructor"}, "what begins with '_' is private"
    chart.model.style(evil)
    picture = chart.to_svg()
    assert "<img" not in picture
    assert "&lt;img src=x" in picture
    assert "\u202e" not in picture
    assert evil not in chart.to_html()


def test_a_model_without_attributes_offers_none() -> None:
    assert CaseModel(nx.path_graph(4)).styles == []
