"""A chart straight from a file of i2 Analyst's Notebook: ours as it was, others with all that they say, broken ones with a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_widgets.chart import LinkChart
from workbench_widgets.exchange import read_anx, to_anx

from tests.widgets.graphs import sample
from tests.widgets.test_anx import graphs

if TYPE_CHECKING:
    import networkx as nx

OTHER = """<?xml version="1.0"?><Chart><StrengthCollection><Strength Id="s" Name="Perhaps" DotStyle="DotStyleDashed"/></StrengthCollection>
<EntityTypeCollection><EntityType Id="t" Name="Yacht"/></EntityTypeCollection>
<GradeOne><StringCollection><String Text="A"/><String Text="B"/></StringCollection></GradeOne>
<GradeTwo><StringCollection><String Text="1"/><String Text="2"/></StringCollection></GradeTwo>
<Summary><FieldCollection><Field Type="SummaryFieldCategory" Field="Fraud"/></FieldCollection></Summary>
<ChartItemCollection>
<ChartItem Id="a" Label="Marta" DateSet="true" DateTime="2024-05-01T00:00:00" GradeOneIndex="1" GradeTwoIndex="1" Description="seen">
<End X="10" Y="20"><Entity EntityId="1" Identity="M"><Icon><IconStyle Type="Person"/></Icon></Entity></End>
<CardCollection><Card Summary="Tip" Text="by phone"/></CardCollection></ChartItem>
<ChartItem Id="b" Label="Blue">
<End><Entity EntityId="2" Identity="M"><Box><BoxStyle EntityTypeReference="t"/></Box></Entity></End></ChartItem>
<ChartItem Id="c" Label="owns, they say">
<Link End1Id="1" End2Id="2"><LinkStyle Type="Owner" Strength="Perhaps" ArrowStyle="ArrowOnTail"/></Link>
<AttributeCollection><Attribute AttributeClass="count" Value="3"/></AttributeCollection></ChartItem>
<ChartItem Id="d" Label="lost"><Link End1Id="1" End2Id="99"><LinkStyle Type="Owner"/></Link></ChartItem>
<ChartItem Id="e" Label="A text"><End X="1" Y="2"><Entity EntityId="3"><TextBlock/></Entity></End></ChartItem>
</ChartItemCollection></Chart>"""


def kind(data: dict[str, str]) -> tuple[str, str]:
    """Caption and schema of a node; the form has one type for documents and e-mails."""
    return data["caption"], data["schema"].replace("Email", "Document")


def said(chart: LinkChart) -> Iterator[tuple[object, ...]]:
    """What the links that have a direction say."""
    net = chart.graph
    for source, target, data in net.edges(data=True):
        if data["directed"]:
            ends = (net.nodes[end]["caption"] for end in (source, target))
            yield (*ends, *(data[name] for name in ("relation", "strength", "count", "first")))


def test_a_chart_of_ours_comes_back(tmp_path: Path) -> None:
    chart = LinkChart(sample(40), title="Harbour", mark="EXERCISE", as_at="2024-05-01")
    chart.model.note("Two\nlines", 10, 20)
    file = chart.save(tmp_path / "harbour.anx")
    again = LinkChart.from_anx(file)
    assert (again.model.title, again.model.mark, again.model.as_at) == ("Harbour", "EXERCISE", "2024-05-01")
    kinds = [sorted(map(kind, one.graph.nodes.values())) for one in (chart, again)]
    assert kinds[0] == kinds[1]
    ends = [sorted(map(str, said(one))) for one in (chart, again)]
    assert ends[0] == ends[1]
    assert again.graph.number_of_edges() == chart.graph.number_of_edges()
    [note] = again.model.session.state.notes
    assert (note["text"], note["x"], note["y"]) == ("Two\nlines", 10, 20)
    there = {again.graph.nodes[name]["caption"]: place for name, place in again.model.places.items()}
    for name, (x, y) in chart.model.places.items():
        assert there[chart.graph.nodes[name]["caption"]] == pytest.approx((x, y), abs=1)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_the_same_nodes_and_links(graph: nx.MultiDiGraph) -> None:
    found = read_anx(to_anx(graph)).graph
    assert len(found) == len(graph)
    assert found.number_of_edges() == sum(a != b for a, b in graph.edges())


def test_a_chart_of_another_program() -> None:
    chart = LinkChart.from_anx(OTHER.encode(), mark="RESTRICTED")
    told = read_anx(OTHER.encode()).graph
    assert told.nodes["item 1"] == {
        "caption": "Marta", "schema": "Person", "first": "2024-05-01", "grade": "B2", "description": "seen", "cards": ["Tip; by phone"],
    }  # fmt: skip
    assert chart.graph.nodes["item 2"]["schema"] == "Yacht"
    [(source, target, data)] = chart.graph.edges(data=True)
    assert (source, target, data["relation"], data["strength"], data["directed"]) == (
        "item 2",
        "item 1",
        "Owner",
        "unconfirmed",
        True,
    )
    assert data["count"] == 3 and chart.model.mark == "RESTRICTED"
    assert chart.model.places["item 1"] == (10, 20) and [note["text"] for note in chart.model.session.state.notes] == [
        "A text"
    ]
    assert chart.model.status == "Links that were left out because an entity at one end is not in the file: 1."
    assert read_anx(OTHER.encode()).said["mark"] == "", "a category of another program is no mark"


def test_utf_16_as_the_program_writes_it() -> None:
    assert (
        len(read_anx(OTHER.replace("1.0", "1.0", 1).replace('"?>', '" encoding="utf-16"?>', 1).encode("utf-16")).graph)
        == 2
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"no xml", "cannot be read as ANX"), (b"<a/>", "begins with <a>"), (b"", "cannot be read"),
     (b'<!DOCTYPE x [<!ENTITY a "b">]><Chart>&a;</Chart>', "declares a document type or entities"), (b"<Chart>", "Export the chart again")],
)  # fmt: skip
def test_what_is_no_chart_says_so(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        LinkChart.from_anx(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_broken_chart_never_breaks_more_than_itself(data: st.DataObject) -> None:
    broken = bytearray(OTHER.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(ValueError):
        chart = LinkChart.from_anx(bytes(broken))
        assert len(chart.model.places) == len(chart.graph)


def test_items_that_share_an_id_and_are_called_differently_stay_apart_and_the_status_says_so() -> None:
    def item(label: str, key: str, identity: str) -> str:
        return f'<ChartItem Id="{key}" Label="{label}"><End><Entity EntityId="{key}" Identity="{identity}"/></End></ChartItem>'

    items = (
        item("Marta", "1", "M")
        + item("Dara", "1", "M")
        + item("Marta", "1", "M")
        + item("Zed", "2", "item 1")
        + item("Bo", "3", "B")
    )
    ends = (("1", "2"), ("2", "3"), ("2", "9"))
    links = "".join(f'<ChartItem><Link End1Id="{one}" End2Id="{two}"/></ChartItem>' for one, two in ends)
    made = LinkChart.from_anx(f"<Chart>{items}{links}</Chart>".encode())
    assert sorted(data["caption"] for data in made.graph.nodes.values()) == ["Bo", "Dara", "Marta", "Zed"]
    assert made.graph.number_of_edges() == 1
    assert "because an entity at one end is not in the file: 1." in made.model.status
    assert "have the same id but different labels: 2. They were read as different items" in made.model.status
