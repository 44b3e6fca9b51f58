"""The model of a chart: every command a method, every step undone, every log replayed, and the same rules in the browser."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import frontend
import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench_widgets.model import CaseModel, Session, is_same_state
from workbench_widgets.model.state import ARRAYS, NAMES, compute_visible

from tests.cost import within
from tests.widgets.graphs import sample

if TYPE_CHECKING:
    from workbench_widgets.model.actions.session import Command

NODES = [f"n{number:04}" for number in range(30)]


def small() -> nx.MultiDiGraph:
    """a - b - c - d in a row, a second link a - b, and e alone."""
    graph = nx.MultiDiGraph()
    for name, schema in zip("abcde", ("Person", "Person", "Company", "Vehicle", "Person"), strict=True):
        graph.add_node(name, caption=name.upper(), schema=schema)
    graph.add_edge("a", "b", relation="called", count=3, first="2024-03-01T10:00:00Z", last="2024-03-05T10:00:00Z")
    graph.add_edge("a", "b", relation="knows", layer="suggested")
    graph.add_edge("b", "c", relation="works for", first="2024-02-01", strength="tentative")
    graph.add_edge("c", "d", relation="owns", first="2024-04-01")
    return graph


@pytest.fixture
def model() -> CaseModel:
    return CaseModel(small(), places={name: (100.0 * at, 50.0) for at, name in enumerate("abcde")})


def seen(model: CaseModel) -> set[str]:
    return set(model.graph)


def test_columns_hold_what_the_graph_says(model: CaseModel) -> None:
    table = model.session.table
    assert table.labels == list("ABCDE")
    assert [table.schemas[kind] for kind in table.kinds] == ["Person", "Person", "Company", "Vehicle", "Person"]
    assert list(table.strength) == [0, 1, 2, 0]
    assert list(table.counts) == [3, 1, 1, 1]
    assert table.pairs.tolist() == [[0, 1], [0, 1], [1, 2], [2, 3]]
    assert table.last[0] - table.first[0] == 4 * 86_400_000
    assert math.isnan(table.first[1])
    assert table.first[2] == table.last[2] == 1_706_745_600_000
    assert np.frombuffer(model.table["ends"], np.uint32).tolist() == [0, 1, 0, 1, 1, 2, 2, 3]


def test_any_networkx_graph_will_do() -> None:
    model = CaseModel(nx.karate_club_graph())
    assert len(seen(model)) == 34
    assert model.graph.number_of_edges() == 78
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in model.places.values())


@pytest.mark.parametrize("nodes", [[1, "1"], ["link:3"], ["note:1"]])
def test_ids_that_would_be_taken_for_others_are_refused(nodes: list[object]) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    with pytest.raises(ValueError, match="Rename"):
        CaseModel(graph)


def test_select_add_invert_neighbours(model: CaseModel) -> None:
    model.do("select", ids=["a", "link:2", "nobody"])
    assert model.selection == ["a", "link:2"]
    model.select("a", "c", add=True)
    assert model.selection == ["link:2", "c"]
    assert model.chosen_links == [("b", "c", 0)]
    model.neighbours()
    assert model.selection == ["link:2", "c", "b", "d"]
    model.invert()
    assert model.selection == ["a", "e"]
    model.selection = ["b"]
    assert model.history[-1] == {"do": "select", "ids": ["b"]}
    model.selection = ["nobody"]
    assert model.selection == []


def test_dismiss_restore_undo_redo(model: CaseModel) -> None:
    model.select("b", "e")
    model.dismiss()
    assert seen(model) == {"a", "c", "d"}
    assert model.selection == []
    model.dismiss("link:3")
    assert model.graph.number_of_edges() == 0
    assert model.depth == [2, 0]
    model.undo()
    model.undo()
    model.undo()
    assert seen(model) == set("abcde")
    assert model.selection == ["b", "e"]
    model.redo()
    assert model.depth == [1, 1]
    assert seen(model) == {"a", "c", "d"}
    model.dismiss_others("a", "c")
    assert seen(model) == {"a", "c"}
    assert model.depth == [2, 0], "a new step ends what could be done again"
    model.do("dismiss_others", ids=["nobody"])
    assert seen(model) == {"a", "c"}
    model.restore()
    assert seen(model) == set("abcde")


def test_what_changes_nothing_is_no_step(model: CaseModel) -> None:
    model.do("dismiss", ids=["nobody"])
    model.pin("a", on=False)
    model.filter(least=1)
    model.do("open_group", id="group:9")
    model.do("note")
    assert model.depth == [0, 0]
    assert len(model.history) == 5


def test_move_pins_and_a_layout_leaves_what_is_pinned(model: CaseModel) -> None:
    model.do("move", places={"a": (7.5, -3.0), "b": (math.nan, 0.0)})
    assert model.places["a"] == (7.5, -3.0)
    assert model.places["b"] == (100.0, 50.0)
    before = model.places
    model.arrange("circular")
    assert model.places["a"] == (7.5, -3.0)
    assert model.places["b"] != before["b"]
    model.undo()
    assert model.places == before
    with pytest.raises(ValueError, match="The layouts are organic"):
        model.arrange("explosion")


def test_filters_hide_and_show(model: CaseModel) -> None:
    model.filter(schemas=["Company"])
    assert seen(model) == {"a", "b", "d", "e"}
    assert model.graph.number_of_edges() == 2
    model.filter(schemas=[], strengths=["unconfirmed", "tentative"])
    assert [data["relation"] for *_, data in model.graph.edges(data=True)] == ["called", "owns"]
    model.filter(strengths=[], relations=["owns"], least=2)
    assert [data["relation"] for *_, data in model.graph.edges(data=True)] == ["called"]


def test_a_time_range_hides_dated_links_outside_it(model: CaseModel) -> None:
    day = 86_400_000
    start = model.session.table.last[0] - day
    model.during(start, start + 2 * day)
    assert [data["relation"] for *_, data in model.graph.edges(data=True)] == ["called", "knows"]
    model.during()
    assert model.graph.number_of_edges() == 4


def test_groups_stand_for_their_members(model: CaseModel) -> None:
    model.group("a", "b", label="The two")
    assert model.selection == ["group:1"]
    model.group("b", "c", "d")
    assert [group["members"] for group in model.shape["groups"]] == [["b", "c", "d"]]
    model.undo()
    model.move({"group:1": (1000.0, 0.0)})
    assert model.places["a"] == (950.0, 0.0)
    assert model.places["b"] == (1050.0, 0.0)
    model.open_group("group:1")
    assert model.shape["groups"][0]["open"] is True
    model.name_group("group:1", " The three ")
    assert model.shape["groups"][0]["label"] == "The three"
    model.undo()
    model.ungroup("group:1")
    assert model.selection == ["a", "b"]
    model.do("group", ids=["a"])
    assert model.shape["groups"] == []


def test_notes_are_written_moved_changed_and_taken_away(model: CaseModel) -> None:
    model.note("Seen <b>here</b>", 10, 20)
    model.move({"note:1": (30.0, 40.0)})
    model.note("Seen there", name="note:1")
    assert model.shape["notes"] == [{"id": "note:1", "text": "Seen there", "x": 30.0, "y": 40.0}]
    model.note("", name="note:1")
    assert model.shape["notes"] == []


def test_paths_go_over_what_is_seen_and_forward_in_time(model: CaseModel) -> None:
    model.path("a", "d")
    assert model.selection == ["a", "b", "c", "d", "link:0", "link:2", "link:3"]
    model.select()
    model.path("a", "d", timed=True)
    assert model.selection == [], "b - c was in February, before the last call in March"
    assert model.status == "No path of this type connects the two entities along the links that are shown."
    model.path("b", "d", timed=True)
    assert model.selection == ["b", "c", "d", "link:2", "link:3"]
    model.filter(relations=["works for"])
    model.select()
    model.path("a", "d")
    assert model.selection == []
    model.path("a", "e")
    assert model.selection == []


def test_a_chart_begins_with_some_and_expands_from_the_rest() -> None:
    model = CaseModel(small(), shown=["b"])
    assert seen(model) == {"b"}
    assert model.counts("b") == {"b": 2}
    place = model.places["b"]
    assert model.expand("b") == 2
    assert seen(model) == {"a", "b", "c"}
    assert model.graph.number_of_edges() == 3
    assert model.places["b"] == place, "what is there stays where it is"
    assert model.selection == ["a", "c"]
    model.undo()
    assert seen(model) == {"b"}
    assert model.expand("b", limit=1) == 1
    assert model.search("d") == [("d", "D")]
    assert model.add("d") == 1
    assert model.details("d") == {"caption": "D", "schema": "Vehicle"}
    assert model.expand("b", hops=3) == 1
    assert model.graph.number_of_edges() == 4


def test_commands_that_are_none_change_nothing(model: CaseModel) -> None:
    with pytest.raises(ValueError, match="There is no command 'explode'"):
        model.do("explode")
    with pytest.raises(ValueError, match="cannot be done"):
        model.do("dismiss", names=["a"])
    assert model.history == []


def test_a_wrong_message_from_the_browser_is_answered_in_words(model: CaseModel) -> None:
    for number, content in enumerate(
        ({"do": "explode"}, {"do": "dismiss", "given": {"ids": 3}}, {"do": None, "given": 1}, {})
    ):
        model._handle_message(None, {"kind": "do", "client": "one", "number": number, **content}, [])
        assert model.answered == {"one": number}
        assert model.status
    assert seen(model) == set("abcde")
    model._handle_message(
        None, {"kind": "do", "client": "one", "number": 9, "do": "dismiss", "given": {"ids": ["a"]}}, []
    )
    assert seen(model) == set("bcde")
    assert model.answered == {"one": 9}


def test_the_bundle_that_was_never_built_is_named() -> None:
    from workbench_widgets.bundled_widget import Bundled

    class Never(Bundled, bundle="never"):
        pass

    with pytest.raises(RuntimeError, match=r"frontend\.py build"):
        Never()


IDS = st.lists(st.sampled_from([*NODES, "link:0", "link:7", "group:1", "note:1", "nobody"]), max_size=6)
NUMBERS = st.floats(-1e4, 1e4, width=32)
ONE = st.sampled_from([*NODES, "group:1", "group:2", "note:1"])
COMMANDS = st.one_of(
    st.builds(lambda ids, add: {"do": "select", "ids": ids, "add": add}, IDS, st.booleans()),
    st.sampled_from([{"do": name} for name in ("invert", "neighbours", "restore", "undo", "undo", "undo", "redo")]),
    st.builds(lambda name, ids: {"do": name, "ids": ids}, st.sampled_from(["dismiss", "dismiss_others", "group"]), IDS),
    st.builds(lambda ids, on: {"do": "pin", "ids": ids, "on": on}, IDS, st.booleans()),
    st.builds(lambda places: {"do": "move", "places": places}, st.dictionaries(ONE, st.tuples(NUMBERS, NUMBERS).map(list), max_size=4)),
    st.builds(lambda names: {"do": "filter", "schemas": names}, st.lists(st.sampled_from(["Person", "Vehicle"]), max_size=2)),
    st.builds(
        lambda names, least: {"do": "filter", "strengths": names, "least": least},
        st.lists(st.sampled_from(["confirmed", "unconfirmed"]), max_size=2), st.integers(0, 4),
    ),
    st.builds(lambda a, b: {"do": "during", "start": a, "end": b}, st.none() | NUMBERS, NUMBERS),
    st.builds(lambda name, on: {"do": "open_group", "id": name, "on": on}, ONE, st.booleans()),
    st.builds(lambda name: {"do": "ungroup", "id": name}, ONE),
    st.builds(lambda name, label: {"do": "name_group", "id": name, "label": label}, ONE, st.sampled_from(["", " two ", "\ud800"])),
    st.builds(
        lambda text, x, name: {"do": "note", "text": text, "x": x, "id": name},
        st.text(max_size=5), NUMBERS, st.sampled_from(["", "note:1"]),
    ),
    st.builds(lambda on: {"do": "apart", "on": on}, st.booleans()),
    st.builds(lambda by: {"do": "style", "by": by}, st.sampled_from(["mentions", "status", "", "nothing"])),
    st.builds(lambda values: {"do": "filter", "values": values}, st.lists(st.sampled_from(["wanted", "held", ""]), max_size=2)),
    st.builds(lambda a, b, timed: {"do": "path", "start": a, "end": b, "timed": timed}, ONE, ONE, st.booleans()),
)  # fmt: skip
GROWING = st.builds(lambda ids, limit: {"do": "expand", "ids": ids, "limit": limit}, IDS, st.integers(0, 5))
GRAPH = sample(30, seed=3)
nx.set_node_attributes(GRAPH, dict(zip(NODES[:20], ("wanted", "held", "free", "held") * 5, strict=True)), "status")
PLACES = {name: (40.0 * at, 30.0 * (at % 7)) for at, name in enumerate(NODES)}


def run(session: Session, log: list[Command]) -> Session:
    for command in log:
        given = dict(command)
        session.do(str(given.pop("do")), **given)
    return session


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMMANDS | GROWING, max_size=30))
def test_the_log_of_random_work_with_undo_gives_the_same_chart_again(log: list[Command]) -> None:
    session = run(Session(GRAPH, shown=NODES[:9], places=PLACES), log)
    again = Session(GRAPH, shown=NODES[:9], places=PLACES)
    again.replay(session.history)
    assert is_same_state(session.state, again.state)
    assert session.depth == again.depth
    assert session.history == log


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMMANDS | GROWING, max_size=25))
def test_undoing_everything_leads_back_to_the_beginning_and_redoing_to_the_end(log: list[Command]) -> None:
    session = Session(GRAPH, shown=NODES[:9], places=PLACES)
    start = session.state
    run(session, log)
    end, (back, _) = session.state, session.depth
    for _ in range(back):
        session.do("undo")
    graph = session.graph()
    assert set(graph) == set(NODES[:9])
    assert np.array_equal(session.state.positions[:18], start.positions)
    for _ in range(back):
        session.do("redo")
    names = [name for name in NAMES if name != "selection"]
    assert all(np.array_equal(getattr(session.state, name), getattr(end, name), equal_nan=True) if name in ARRAYS
               else getattr(session.state, name) == getattr(end, name) for name in names)  # fmt: skip


def plain(session: Session) -> dict[str, object]:
    """A state as JSON has it."""
    made = {name: getattr(session.state, name) for name in NAMES}
    nodes, links = compute_visible(session.table, session.state)
    arrays = {name: [None if math.isnan(x) else x for x in made[name].tolist()] for name in ARRAYS}
    return {**made, **arrays, "depth": list(session.depth), "visible": [int(x) for x in [*nodes, *links]]}


def columns(session: Session) -> dict[str, object]:
    """The columns of a table as JSON has them."""
    table = session.table
    plainly = {name: getattr(table, name) for name in table.columns() if name not in ("latin", "styles")}
    found = {name: [None if x != x else x for x in column] for name, column in plainly.items()}  # noqa: PLR0124
    return {**found, "styles": [{**asdict(style), "of": list(style.of)} for style in table.styles.values()]}


@pytest.mark.slow
def test_the_browser_comes_to_the_same_state(tmp_path: Path) -> None:
    """Random work, done by the rules in Python and by those in JavaScript."""
    logs: list[list[Command]] = []

    @settings(
        max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(st.lists(COMMANDS, min_size=5, max_size=60))
    def collect(log: list[Command]) -> None:
        logs.append(log)

    collect()
    begin = Session(GRAPH, places=PLACES)
    material = {"columns": columns(begin), "begin": plain(begin), "logs": logs}
    (tmp_path / "material.json").write_text(json.dumps(material))
    script = Path(__file__).with_name("twin.mjs")
    command = [str(frontend.get_node().program), str(script), str(tmp_path / "material.json")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert len(found) == len(logs) > 100
    for log, theirs in zip(logs, found, strict=True):
        ours = json.loads(json.dumps(plain(run(Session(GRAPH, places=PLACES), log))))
        assert theirs == ours, log


@pytest.mark.slow
def test_fifty_thousand_nodes_are_there_at_once() -> None:
    graph = nx.gnm_random_graph(50_000, 115_000, seed=1, directed=True)
    places = {str(node): (float(node % 300), float(node // 300)) for node in graph}
    within(2.5, lambda: CaseModel(graph, places=places))  # 0.9 on a quiet machine
    model = CaseModel(graph, places=places)
    for command in ("invert", "neighbours", "undo"):
        within(0.5, lambda: model.do(command))  # noqa: B023
