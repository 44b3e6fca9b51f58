"""The linked chart of a case: what is asked on it and said on it goes through the gate and the log, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest

from tests.case import material
from workbench.case import charting, happened, mass
from workbench.case.asked import ChartError
from workbench.case.case import Case, open_case
from workbench.case.inked import strength
from workbench.errors import CaseError
from workbench.ledger import entries, frames
from workbench.patterns import moments
from workbench.views.linked import KINDS, CaseChart

from .test_mass import ADA, BEN, CLEO, opened, table

pytestmark = pytest.mark.slow

WHY = "seen at the quay"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that tests only read, with what a machine read in it."""
    place = tmp_path_factory.mktemp("linked")
    made = open_case(place / "case", officer="ada", purpose="training")
    made.add(material.write(place))
    made.extract()
    made.close()
    return place / "case"


@pytest.fixture
def case(folder: Path, tmp_path: Path) -> Iterator[Case]:
    """A copy of it that a test may change."""
    import shutil

    shutil.copytree(folder, tmp_path / "case")
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    yield made
    made.close()


def log(case: Case) -> list[tuple[str, str]]:
    return list(entries.table(case.book.ledger)[["operation", "kind"]].itertuples(index=False, name=None))


def captions(chart: CaseChart) -> list[str]:
    return sorted(caption for _, caption in chart.graph.nodes(data="caption"))


def state(chart: CaseChart) -> object:
    """What the chart shows, as a value."""
    net = chart.graph
    nodes = {node: (data["caption"], data["layer"]) for node, data in net.nodes(data=True)}
    return nodes, {
        edge: (data["count"], data["strength"])
        for *edge, data in net.edges(keys=True, data=True)
        for edge in [tuple(edge)]
    }


def test_a_chart_shows_the_graph_as_the_case_gave_it(case: Case) -> None:
    net = case.graph()
    chart = case.chart(net, title="Harbour")
    assert chart.graph.nodes == net.nodes
    assert set(chart.graph.edges(keys=True)) == set(net.edges(keys=True))
    assert (chart.title, chart.mark, len(chart.as_at)) == ("Harbour", net.graph["mark"], 16)
    assert chart.mark in chart.svg and chart.mark in chart.html
    assert repr(chart) == "Link chart 'Harbour': 13 entities, 23 links"


@pytest.mark.parametrize("kind", KINDS)
def test_any_view_opens_on_the_model_of_a_chart(case: Case, kind: str) -> None:
    chart = case.chart(case.graph("Cleo Dunn"))
    view = case.chart(chart, kind=kind)
    assert view.model is chart.model  # type: ignore[attr-defined]
    ben = case.book.find("Ben Carver")
    view.model.select(ben)  # type: ignore[attr-defined]
    assert chart.selected == [ben]


def test_a_workspace_holds_all_of_them_and_an_unknown_kind_is_refused(case: Case) -> None:
    space = case.workspace(case.graph())
    assert {view.model for view in space.views.values()} == {space.views["Chart"].model}  # type: ignore[attr-defined]
    assert set(space.views) == {"Chart", "Matrix", "Evidence", "Entities", "Timeline", "Map"}
    with pytest.raises(CaseError, match=r"no view 'globe'.*timeline"):
        case.chart(kind="globe")


def test_what_a_chart_asks_is_logged_and_never_repeated_in_clear(case: Case) -> None:
    ada = case.book.find("Ada Brook")
    chart = case.chart(case.graph("Ada Brook", limit=2))
    model = chart.model
    ben = case.book.find("Ben Carver")
    questions: dict[str, Callable[[], object]] = {
        "neighbours": lambda: model.counts(ben), "expand": lambda: model.expand(ben, limit=3), "entities": lambda: model.search("cleo"),
        "facts": lambda: model.details(ada), "passages": lambda: chart.binding.passages([ada], 10),
        "timeline": lambda: case.chart(chart, kind="timeline"), "map": lambda: case.chart(chart, kind="map"),
    }  # fmt: skip
    for kind, ask in questions.items():
        before = len(log(case))
        ask()
        assert ("consultation", kind) in log(case)[before:], kind
    lines = "".join(entry for (entry,) in case.book.ledger.connection.execute("SELECT entry FROM audit"))
    assert "cleo" not in lines and "Ada Brook" not in lines


def test_neighbours_are_counted_before_they_come_and_no_more_come_than_asked(case: Case) -> None:
    ben = case.book.find("Ben Carver")
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
    with pytest.raises(ChartError, match="99 hops"):
        chart.model.expand(ben, hops=99)


def test_a_case_gives_some_at_a_time(case: Case) -> None:
    model = case.chart(case.graph("Ada Brook", limit=2)).model
    assert model.whole == 0
    with pytest.raises(ValueError, match="some at a time only"):
        model.show_all()


def test_found_entities_come_with_their_links(case: Case) -> None:
    chart = case.chart(case.graph("Ada Brook", limit=2))
    found = chart.model.search("cleo dunn")
    key = case.book.find("Cleo Dunn")
    assert key in [one for one, _ in found]
    assert chart.model.add(key) == 1 and key in chart.graph
    assert chart.graph.has_edge(case.book.find("Ben Carver"), key)
    assert chart.model.search("") == [] and chart.model.add("person-" + "0" * 24) == 0


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
    assert any(card.text[start:end] == "Cleo Dunn" and node == cleo for start, end, node, _ in card.spans)
    case.grade("chats.txt", "B2", because="known source")
    graded = chart.binding.passages([case.book.find("Ada Brook")], 50)[0]
    assert {one.grade for one in graded if one.source == "chats.txt"} == {"B2 (4x4)"} or any(
        "B2" in one.grade for one in graded
    )
    edge = next(
        f"link:{row}" for row, key in enumerate(chart.model.session.table.keys) if key[2] == "contacted|received"
    )
    behind = chart.binding.passages([edge], 50)[0]
    assert all("contacted" in one.says and not one.open for one in behind) and behind[0].traces


DEEDS: dict[str, Callable[[Case, CaseChart], dict[str, object]]] = {
    "add": lambda case, chart: {"schema": "Event", "name": "Meeting at the quay", "date": "2024-03-05"},
    "link": lambda case, chart: {
        "schema": "Associate", "source": case.book.find("Ada Brook"), "target": case.book.find("Cleo Dunn")
    },
    "merge": lambda case, chart: {"ids": same_name(chart, "Cleo Dunn")},
    "rename": lambda case, chart: {"id": case.book.find("Ada Brook"), "value": "Ada B. Brook"},
    "correct": lambda case, chart: {
        "id": case.book.find("Ada Brook"), "prop": "name", "old": "Ada Brook", "value": "Ada Broke"
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
    rows = case.book.evidence
    fits = (
        rows["canonical_id"].isin(set(chart.graph)) & (rows["kind"] == "suggested") & (rows["value"] == "+447700900123")
    )
    return str(rows.loc[fits, "evidence_id"].iloc[0])


def anew(case: Case, chart: CaseChart) -> nx.MultiDiGraph:
    """The graph of the case among what is on a chart; what has no link in the case comes by its id."""
    net = case.graph().subgraph(chart.graph).copy()
    assert set(chart.graph) - set(net) <= set(case.book.things.index)
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
    assert state(chart) == start and chart.model.status.startswith("Taken back")
    assert state(case.chart(anew(case, chart))) == start
    chart.model.redo()
    assert state(chart) == after
    assert {node: at for node, at in chart.positions.items() if node in places} == {
        node: at for node, at in places.items() if node in chart.positions
    }, "nothing moves"
    reasons = [*frames.decisions(case.book.ledger)["because"], *frames.judgements(case.book.ledger)["because"]]
    assert WHY in reasons


def test_what_was_made_one_is_split(case: Case) -> None:
    chart = case.chart(case.graph())
    ids = same_name(chart, "Cleo Dunn")
    chart.model.act("merge", ids=ids, because=WHY)
    assert len(same_name(chart, "Cleo Dunn")) == len(ids) - 1
    one = case.book.canonical[ids[0]]
    start = state(chart)
    chart.model.act("split", id=one, because="not the same after all")
    assert same_name(chart, "Cleo Dunn") == ids
    chart.model.undo()
    assert state(chart) == start


def test_an_event_and_who_was_there(case: Case) -> None:
    chart = case.chart(case.graph())
    ada = case.book.find("Ada Brook")
    chart.model.act("add", schema="Event", name="Meeting", date="2024-03-05", because=WHY)
    event = chart.selected[0]
    timeline = case.chart(chart, kind="timeline")
    chart.model.act("link", schema="involved", source=ada, target=event, because=WHY)
    assert chart.graph.has_edge(ada, event) and case.graph().has_edge(ada, event)
    assert "Event" in timeline.events["kinds"], "the views follow"  # type: ignore[attr-defined]
    with pytest.raises(ChartError, match="is an event"):
        chart.model.act("link", schema="involved", source=ada, target=case.book.find("Ben Carver"), because=WHY)


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no reason": ({"deed": "add", "given": {"schema": "Person", "name": "Zoe"}}, "say why"),
    "no name": ({"deed": "add", "given": {"schema": "Person", "because": "x"}}, "needs a name"),
    "no such schema": ({"deed": "add", "given": {"schema": "Ghost", "name": "x", "because": "x"}}, "cannot be added"),
    "no such source": (
        {"deed": "add", "given": {"schema": "Person", "name": "Zoe", "because": "x", "ground": "nowhere"}}, "source 'nowhere'"
    ),
    "one to merge": ({"deed": "merge", "given": {"ids": [], "because": "x"}}, "two entities or more"),
    "a stranger": ({"deed": "rename", "given": {"id": "person-0", "value": "x", "because": "x"}}, "no entity of the case"),
    "no such claim": ({"deed": "accept", "given": {"id": "nothing", "because": "x"}}, "names no evidence"),
    "no such deed": ({"deed": "erase", "given": {"because": "x"}}, "cannot be done on a chart"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_done_is_said_in_the_widget_and_changes_nothing(case: Case, name: str) -> None:
    command, message = WRONG[name]
    chart = case.chart(case.graph())
    start, version = state(chart), case.book.ledger.version()
    chart.model._heard(None, {"kind": "do", "do": "act", "given": command, "client": "c", "number": 1}, [])
    assert message in chart.model.status and "Traceback" not in chart.model.status
    assert (state(chart), case.book.ledger.version()) == (start, version)
    with pytest.raises(CaseError):
        chart.model.act(str(command["deed"]), **command["given"])  # type: ignore[arg-type]


def test_evidence_decides_through_the_chart(case: Case) -> None:
    chart = case.chart(case.graph())
    evidence = case.chart(chart, kind="evidence")
    target = waiting(case, chart)
    sent: list[dict[str, object]] = []
    evidence.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    evidence._asked(None, {"ask": "decide", "number": "1", "given": [target, False, ""]}, [])  # type: ignore[attr-defined]
    assert "needs a reason" in str(sent[-1]["problem"])
    evidence._asked(None, {"ask": "decide", "number": "2", "given": [target, False, "misread"]}, [])  # type: ignore[attr-defined]
    assert sent[-1]["found"] == "The suggestion was rejected."
    assert "+447700900123" not in captions(chart), "what was rejected leaves the chart"
    chart.model.undo()
    assert "+447700900123" in captions(chart)


def test_positions_are_kept_by_name_and_only_new_nodes_are_placed(case: Case) -> None:
    small = case.graph("Ada Brook", limit=3)
    chart = case.chart(small, name="main")
    node = case.book.find("Ada Brook")
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
        strength("suggested", "uses", [0.4, 0.9]) == "unconfirmed"
        and strength("suggested", "uses", [0.4]) == "tentative"
    )
    assert strength("decided", "named with", []) == "confirmed"


def test_a_chart_that_is_no_longer_allowed_is_put_right_before_it_is_drawn(case: Case, tmp_path: Path) -> None:
    chart = case.chart(case.graph())
    assert "AB12CDE" in captions(chart)
    case.set_aside(folder="note.md", ground="out of scope", because="not in the warrant")
    saved = chart.save(tmp_path / "chart.html").read_text("utf-8")
    assert "AB12CDE" not in saved and "left out" in chart.note and "Ada Brook" in saved
    assert "AB12CDE" not in chart.svg + repr(chart.binding.passages(list(chart.model.session.table.ids), 500))


def test_what_is_hidden_from_a_reader_never_comes_onto_the_chart(case: Case, tmp_path: Path) -> None:
    case.clear("bob", because="seconded")
    secret = next(node for node, caption in case.graph().nodes(data="caption") if caption == "AB12CDE")
    case.mark("note.md", level="EXERCISE RESTRICTED", because="of a partner")
    bob = open_case(tmp_path / "case", officer="bob", purpose="training")
    chart = bob.chart(bob.graph())
    assert chart.model.search("AB12CDE") == [] and chart.model.add(secret) == 0
    assert chart.model.details(secret) == {} and chart.binding.passages([secret], 10) == ([], 0)
    with pytest.raises(ChartError):
        chart.model.act("rename", id=secret, value="x", because="x")
    assert "AB12CDE" not in chart.html + chart.svg
    bob.close()


def test_the_page_carries_its_evidence_and_asks_nobody(case: Case) -> None:
    chart = case.chart(case.graph("Ada Brook"))
    text = chart.html
    assert "The container leaves on Friday night" in text and "wb-data" in text
    assert "default-src 'none'" in text and "http" not in text.partition("wb-data")[0].replace("http-equiv", "")


def test_what_was_dismissed_does_not_leave_with_the_page(case: Case) -> None:
    chart = case.chart(case.graph())
    gone = next(node for node, caption in chart.graph.nodes(data="caption") if caption == "AB12CDE")
    chart.model.group(*[node for node in chart.graph if node != gone][:3], label="The three")
    chart.model.note("remember")
    chart.model.dismiss(gone)
    page = chart.html
    assert gone not in page and "AB12CDE" not in page.replace("plate AB12 CDE", "")
    assert "The three" in page and "remember" in page
    chart.model.undo()
    assert "AB12CDE" in chart.html


def test_a_chart_is_written_as_the_end_of_the_name_asks(case: Case, tmp_path: Path) -> None:
    chart = case.chart(case.graph("Ada Brook"))
    begins = {
        ".html": b"<!doctype html>",
        ".svg": b"<svg",
        ".png": b"\x89PNG",
        ".pdf": b"%PDF",
        ".graphml": b"<?xml",
        ".anx": b"",
    }
    for end, begin in begins.items():
        path = chart.save(tmp_path / f"chart{end}")
        assert path.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(begin) and path.stat().st_size > 500, end
    assert log(case)[-6:].count(("disclosure", "chart")) >= 3
    for what, name in ((chart, "x.docx"), (case.workspace(chart), "x.svg")):
        with pytest.raises(CaseError, match=r"Take one of \.html"):
            what.save(tmp_path / name)
        assert not (tmp_path / name).exists()
    with pytest.raises(CaseError, match="cannot be drawn"):
        chart.save(tmp_path / "x.pdf", paper="napkin")


def test_hostile_names_are_data(case: Case) -> None:
    name = '</script><img src=x onerror="alert(1)">\u202e\ud800'
    with pytest.raises(CaseError):
        case.chart(case.graph()).model.act("add", schema="Person", name=name, because=WHY)
    chart = case.chart(case.graph())
    chart.model.act("add", schema="Person", name=name.replace("\ud800", ""), because='=HYPERLINK("x")')
    page = chart.html
    assert "<img src=x" not in page.partition("wb-data")[2].partition("</script>")[0]
    assert "\u202e" not in chart.svg and "⟨U+202E⟩" in chart.svg


def test_a_graph_of_ones_own_stays_as_it_is(case: Case) -> None:
    net = case.graph("Ada Brook", limit=3)
    net.add_edge("my own", case.book.find("Ada Brook"), key="thought", relation="thinks of")
    chart = case.chart(net)
    chart.model.act("add", schema="Person", name="Zoe", because=WHY)
    assert chart.graph.has_edge("my own", case.book.find("Ada Brook"), "thought")


def test_replaying_a_session_says_nothing_twice(case: Case) -> None:
    chart = case.chart(case.graph())
    chart.model.act("add", schema="Person", name="Zoe", because=WHY)
    version, shown = case.book.ledger.version(), set(chart.graph)
    chart.model.replay(chart.model.history)
    assert case.book.ledger.version() == version and set(chart.graph) == shown


def test_the_events_of_a_chart_are_in_its_timeline(case: Case) -> None:
    chart = case.chart(case.graph())
    events = happened.events(case.book, chart.graph, charting.scope(case.book, chart.graph))
    assert (events["start"].diff().dropna() >= 0).all() and set(events["layer"]) <= {
        "confirmed",
        "unconfirmed",
        "tentative",
    }
    assert "The container leaves on Friday night" in set(events["label"])
    timeline = case.chart(chart, kind="timeline")
    assert len(timeline.events["ids"]) == len(events) and timeline.to_svg()  # type: ignore[attr-defined]


def test_calls_of_large_tables_stand_in_the_timeline_by_record_or_by_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.ingest.calls.reading.LARGE", 100)
    monkeypatch.setattr("workbench.ingest.calls.table.claims", lambda ordered, uses, evidence: iter(()))
    case = opened(tmp_path, calls=table())
    net = case.graph(accounts="apart")
    chart = case.chart(net)
    events = happened.events(case.book, net, charting.scope(case.book, chart.graph))
    calls = events[events["relation"] == "called"]
    total = moments.moments(
        mass.counted(case.book), [(ADA, BEN), (BEN, ADA), (BEN, CLEO)], documents=mass.documents(case.book)
    )
    assert len(calls) >= total.records > 50 and not total.daily and events.attrs["left_out"] == ""
    monkeypatch.setattr(happened, "EVENTS", 20)
    days = happened.events(case.book, net, charting.scope(case.book, chart.graph))
    counted = days.loc[days["relation"] == "calls of a day", "label"].str.extract(r"(\d+) calls")[0].astype(int)
    assert set(days.loc[days["relation"] == "calls of a day", "grain"]) == {3} and counted.sum() <= len(calls)
    assert "calls" in days.attrs["left_out"]
    assert chart.model.counts(next(iter(net)))
    case.close()


def test_places_of_the_case_are_on_the_map(case: Case) -> None:
    spot = case.state(
        "Address", full="Quay 1", latitude="51.9", longitude="4.4", source="officer's knowledge", because=WHY
    )
    case.state("Person", entity="Ada Brook", addressEntity=spot, source="officer's knowledge", because=WHY)
    chart = case.chart(case.graph())
    world = case.chart(chart, kind="map")
    assert case.book.find("Ada Brook") in world.places["who"] and world.to_svg()  # type: ignore[attr-defined]


def test_a_graph_without_anything(case: Case) -> None:
    chart = case.chart(nx.MultiDiGraph())
    assert len(chart.graph) == 0 and case.chart(chart, kind="timeline") and case.chart(chart, kind="map")
    chart.model.act("add", schema="Person", name="Zoe", because=WHY)
    assert captions(chart) == ["Zoe"]
