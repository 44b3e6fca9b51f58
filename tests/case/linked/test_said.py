"""What is said on the chart of a case: it is kept, taken back and done again; what cannot be done changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.case.linked.conftest import WHY, captions, log, state
from workbench.case.case import Case
from workbench.case.charts.chart_queries import ChartError
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError
from workbench.ledger.records import row_tables
from workbench.views.linked_views import CaseChart

if TYPE_CHECKING:
    import networkx as nx

pytestmark = pytest.mark.slow
DEEDS: dict[str, Callable[[Case, CaseChart], dict[str, object]]] = {
    "add": lambda case, chart: {"schema": "Event", "name": "Meeting at the quay", "date": "2024-03-05"},
    "link": lambda case, chart: {
        "schema": "Associate", "source": find_entity(case.context, "Ada Brook"), "target": find_entity(case.context, "Cleo Dunn")
    },
    "merge": lambda case, chart: {"ids": same_name(chart, "Cleo Dunn")},
    "rename": lambda case, chart: {"id": find_entity(case.context, "Ada Brook"), "value": "Ada B. Brook"},
    "correct": lambda case, chart: {
        "id": find_entity(case.context, "Ada Brook"), "prop": "name", "old": "Ada Brook", "value": "Ada Broke"
    },
    "accept": lambda case, chart: {"id": waiting(case, chart)},
    "reject": lambda case, chart: {"id": waiting(case, chart)},
}  # fmt: skip
OPERATIONS = {"merge": "combination"}


def same_name(chart: CaseChart, name: str) -> list[str]:
    return sorted(
        node for node, data in chart.graph.nodes(data=True) if data["caption"] == name and data["schema"] == "Person"
    )


def waiting(case: Case, chart: CaseChart) -> str:
    rows = case.context.evidence
    fits = (
        rows["canonical_id"].isin(set(chart.graph)) & (rows["kind"] == "suggested") & (rows["value"] == "+447700900123")
    )
    return str(rows.loc[fits, "evidence_id"].iloc[0])


def anew(case: Case, chart: CaseChart) -> nx.MultiDiGraph:
    """The graph of the case among what is on a chart; what has no link in the case comes by its id."""
    net = case.graph().subgraph(chart.graph).copy()
    assert set(chart.graph) - set(net) <= set(case.context.canonical_entities.index)
    net.add_nodes_from((node, chart.graph.nodes[node]) for node in set(chart.graph) - set(net))
    return net


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_said_by_hand_is_kept_taken_back_and_done_again(case: Case, deed: str) -> None:
    chart = case.chart(case.graph(), name="main")
    given = DEEDS[deed](case, chart)
    start, count = state(chart), len(log(case))
    places = chart.positions
    chart.model.act(deed, because=WHY, **given)
    after = state(chart)
    operation = OPERATIONS.get(deed, "alteration")
    assert after != start and operation in [one for one, _ in log(case)[count:]]
    assert state(case.chart(anew(case, chart))) == after, "the case has what the chart shows"
    chart.model.undo()
    assert state(chart) == start and chart.model.status.startswith("Undone")
    assert state(case.chart(anew(case, chart))) == start
    chart.model.redo()
    assert state(chart) == after
    assert {node: at for node, at in chart.positions.items() if node in places} == {
        node: at for node, at in places.items() if node in chart.positions
    }, "nothing moves"
    reasons = [
        *row_tables.list_decisions(case.context.ledger)["because"],
        *row_tables.list_judgements(case.context.ledger)["because"],
    ]
    assert WHY in reasons


def test_what_was_made_one_is_split(case: Case) -> None:
    chart = case.chart(case.graph())
    ids = same_name(chart, "Cleo Dunn")
    chart.model.act("merge", ids=ids, because=WHY)
    assert len(same_name(chart, "Cleo Dunn")) == len(ids) - 1
    one = case.context.canonical[ids[0]]
    start = state(chart)
    chart.model.act("split", id=one, because="not the same after all")
    assert same_name(chart, "Cleo Dunn") == ids
    chart.model.undo()
    assert state(chart) == start


def test_an_event_and_who_was_there(case: Case) -> None:
    chart = case.chart(case.graph())
    ada = find_entity(case.context, "Ada Brook")
    chart.model.act("add", schema="Event", name="Meeting", date="2024-03-05", because=WHY)
    event = chart.selected[0]
    timeline = case.chart(chart, kind="timeline")
    chart.model.act("link", schema="involved", source=ada, target=event, because=WHY)
    assert chart.graph.has_edge(ada, event) and case.graph().has_edge(ada, event)
    assert "Event" in timeline.events["kinds"], "the views follow"  # type: ignore[attr-defined]
    with pytest.raises(ChartError, match="is an event"):
        chart.model.act(
            "link", schema="involved", source=ada, target=find_entity(case.context, "Ben Carver"), because=WHY
        )


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no reason": ({"deed": "add", "given": {"schema": "Person", "name": "Zoe"}}, "Nothing was changed. Give a reason"),
    "no name": ({"deed": "add", "given": {"schema": "Person", "because": "x"}}, "a name or number is missing"),
    "no such schema": ({"deed": "add", "given": {"schema": "Ghost", "name": "x", "because": "x"}}, "You cannot add an entity of the type"),
    "no such source": (
        {"deed": "add", "given": {"schema": "Person", "name": "Zoe", "because": "x", "ground": "nowhere"}}, "source 'nowhere'"
    ),
    "one to merge": ({"deed": "merge", "given": {"ids": [], "because": "x"}}, "two or more entities"),
    "a stranger": ({"deed": "rename", "given": {"id": "person-0", "value": "x", "because": "x"}}, "is not an entity of the case"),
    "no such claim": (
        {"deed": "accept", "given": {"id": "nothing", "because": "x"}},
        "'nothing' is not the id of a statement, an entity or a place in a source",
    ),
    "no such deed": ({"deed": "erase", "given": {"because": "x"}}, "is not possible on a chart"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_done_is_said_in_the_widget_and_changes_nothing(case: Case, name: str) -> None:
    command, message = WRONG[name]
    chart = case.chart(case.graph())
    start, version = state(chart), case.context.ledger.get_version()
    chart.model._handle_message(None, {"kind": "do", "do": "act", "given": command, "client": "c", "number": 1}, [])
    assert message in chart.model.status and "Traceback" not in chart.model.status
    assert (state(chart), case.context.ledger.get_version()) == (start, version)
    with pytest.raises(CaseError):
        chart.model.act(str(command["deed"]), **command["given"])  # type: ignore[arg-type]


def test_evidence_decides_through_the_chart(case: Case) -> None:
    chart = case.chart(case.graph())
    evidence = case.chart(chart, kind="evidence")
    target = waiting(case, chart)
    sent: list[dict[str, object]] = []
    evidence.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    evidence._answer_question(None, {"ask": "decide", "number": "1", "given": [target, False, ""]}, [])  # type: ignore[attr-defined]
    assert "Give a reason" in str(sent[-1]["problem"])
    evidence._answer_question(None, {"ask": "decide", "number": "2", "given": [target, False, "misread"]}, [])  # type: ignore[attr-defined]
    assert sent[-1]["found"] == "The suggestion was rejected."
    assert "+447700900123" not in captions(chart), "what was rejected leaves the chart"
    chart.model.undo()
    assert "+447700900123" in captions(chart)


def test_replaying_a_session_says_nothing_twice(case: Case) -> None:
    chart = case.chart(case.graph())
    chart.model.act("add", schema="Person", name="Zoe", because=WHY)
    version, shown = case.context.ledger.get_version(), set(chart.graph)
    chart.model.replay(chart.model.history)
    assert case.context.ledger.get_version() == version and set(chart.graph) == shown
