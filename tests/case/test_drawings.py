"""Groups, pins and text boxes of a chart: kept in the case by its name, cut to their reader, logged, and erased with what they name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.case import material
from workbench.case.case import Case, open_case
from workbench.ledger.records import chart_annotations, consultations
from workbench.views.linked_views import CaseChart

pytestmark = pytest.mark.slow

SECRET = "AB12CDE"
"""Stands in note.md only."""
RESTRICTED = "EXERCISE RESTRICTED"
WORDS = "Seen with the lorry AB12CDE at the quay"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with what a machine read in it."""
    place = tmp_path_factory.mktemp("drawings")
    made = open_case(place / "case", officer="ada", purpose="training")
    made.add(material.write(place))
    made.extract()
    made.close()
    return place / "case"


@pytest.fixture
def case(folder: Path, tmp_path: Path) -> Iterator[Case]:
    """A copy of it."""
    shutil.copytree(folder, tmp_path / "case")
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    yield made
    made.close()


def three(case: Case) -> tuple[str, str, str]:
    """Two entities that everyone may see, and the one of the note."""
    named = {str(data["caption"]): str(node) for node, data in case.graph().nodes(data=True)}
    return named["Ada Brook"], named["Ben Carver"], named[SECRET]


def drawn(case: Case) -> CaseChart:
    """A chart with a group, a text box and a pin."""
    chart = case.chart(case.graph(), name="main")
    chart.model.note(WORDS, 40.0, -10.0)
    chart.model.group(*three(case), label="Around the lorry AB12CDE")
    chart.model.pin(three(case)[0])
    return chart


def reopened(case: Case) -> Case:
    """The case as after a restart of the kernel."""
    case.close()
    return open_case(case.context.folder.path, officer="ada", purpose="training")


def cleared(case: Case) -> Case:
    """The case as an officer opens it who may read the note that nobody else may."""
    case.access.grant("rita", RESTRICTED, because="vetted")
    case.handling.mark("note.md", level=RESTRICTED, because="of a partner")
    return open_case(case.context.folder.path, officer="rita", purpose="training")


def shown(chart: CaseChart) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], set[str]]:
    """Groups, text boxes and pins."""
    state = chart.model.session.state
    groups = [(one["label"], sorted(one["members"]), one["open"]) for one in state.groups]  # type: ignore[call-overload]
    return groups, [(one["text"], one["x"], one["y"]) for one in state.notes], chart.model.pins


def test_what_was_drawn_is_there_when_the_chart_is_opened_again(case: Case) -> None:
    before = shown(drawn(case))
    again = reopened(case)
    chart = again.chart(again.graph(), name="main")
    assert shown(chart) == before
    assert before[0] == [("Around the lorry AB12CDE", sorted(three(again)), False)]
    assert before[1:] == ([(WORDS, 40.0, -10.0)], {three(again)[0]})
    assert shown(again.chart(again.graph(), name="other")) == ([], [], set())
    chart.model.replay([{"do": "select", "ids": []}])
    assert shown(chart) == before, "a replay begins with what was there"
    again.close()


def test_the_colours_come_back_and_are_in_the_saved_page(case: Case) -> None:
    chart = case.chart(case.graph(), name="main")
    by = chart.model.styles[0]
    chart.model.style(by)
    again = reopened(case)
    other = again.chart("main")
    assert other.model.session.state.style == by and other.visible_chart().model.session.state.style == by
    other.model.style()
    again.close()
    last = reopened(case)
    assert last.chart("main").model.session.state.style == ""
    assert [one.body for one in chart_annotations.list_drawings(last.context.ledger, "main")] == [{"by": ""}]
    last.close()


def test_undo_and_redo_are_kept_too(case: Case) -> None:
    chart = drawn(case)
    done = shown(chart)
    for step in range(3):
        chart.model.undo()
        assert shown(case.chart(case.graph(), name="main")) == shown(chart), step
    assert shown(chart) == ([], [], set())
    for _ in range(3):
        chart.model.redo()
    assert shown(case.chart(case.graph(), name="main")) == shown(chart) == done
    chart.model.note("", name="note:1")
    chart.model.note("another one")
    chart.model.undo()
    chart.model.undo()
    assert shown(case.chart(case.graph(), name="main")) == done


def test_what_takes_another_place_or_other_words_is_kept(case: Case) -> None:
    chart = drawn(case)
    chart.model.move({"note:1": (7.0, 8.0)})
    chart.model.note("Other words", name="note:1")
    chart.model.open_group("group:1")
    chart.model.pin(three(case)[0], on=False)
    groups, boxes, pins = shown(case.chart(case.graph(), name="main"))
    assert (groups[0][2], boxes, pins) == (True, [("Other words", 7.0, 8.0)], set())
    chart.model.ungroup("group:1")
    assert shown(case.chart(case.graph(), name="main"))[0] == []


def test_two_charts_that_are_open_at_once_take_nothing_from_each_other(case: Case) -> None:
    one, other = (case.chart(case.graph(), name="main") for _ in range(2))
    one.model.note("of the first")
    other.model.note("of the second")
    other.model.note("", name="note:1")
    one.model.note("of the first, later", name="note:1")
    assert [text for text, *_ in shown(case.chart(case.graph(), name="main"))[1]] == ["of the first, later"]


def test_each_change_is_an_alteration_in_the_log_and_its_words_are_not_in_it(case: Case) -> None:
    before = len(consultations.list_entries(case.context.ledger))
    chart = drawn(case)
    chart.model.note("", name="note:1")
    made = consultations.list_entries(case.context.ledger)[before:]
    told = made[(made["operation"] == "alteration") & (made["kind"] == "chart")]
    assert len(told) == 3
    assert WORDS not in made.to_json()
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}


@pytest.mark.parametrize("how", [{"level": RESTRICTED}, {"purpose": "counter-terrorism"}], ids=["level", "purpose"])
def test_a_chart_of_a_name_that_is_free_for_a_reader_has_drawings_of_its_own(case: Case, how: dict[str, str]) -> None:
    case.access.grant("rita", RESTRICTED, because="vetted")
    case.handling.mark("note.md", because="of a partner", **how)
    rita = open_case(case.context.folder.path, officer="rita", purpose="counter-terrorism")
    made = drawn(rita)
    made.model.style(made.model.styles[0])
    kept, names, colours = shown(made), three(rita), made.model.session.state.style
    rita.close()
    chart = case.chart(case.graph(), name="main")
    assert shown(chart) == ([], [], set()) and chart.model.session.state.style == ""
    assert SECRET not in chart.html + chart.svg + chart.to_graphml().decode()
    chart.model.group(*names[:2], label="of ada")
    chart.model.note("of ada")
    chart.model.style(chart.model.styles[-1])
    chart.model.ungroup("group:1")
    again = case.chart(case.graph(), name="main")
    assert shown(again)[:2] == ([], [("of ada", 0.0, 0.0)]) and again.model.session.state.style
    assert case.charts.list()["name"].tolist() == ["main"]
    assert set(told_on_charts(case)) <= {"main"}
    rita = open_case(case.context.folder.path, officer="rita", purpose="counter-terrorism")
    last = rita.chart("main")
    assert (shown(last), last.model.session.state.style) == (kept, colours), "ada has changed nothing on it"
    rita.close()


@pytest.mark.parametrize("first", ["ada", "rita"])
def test_a_chart_that_stands_apart_leads_on_where_that_one_has_become_secret_too(case: Case, first: str) -> None:
    """Rita draws what is secret on 'main' and on 'main (ada)', which ada has kept there before or has never had."""
    rita = cleared(case)
    drawn(rita)
    if first == "ada":
        case.chart(case.graph(), name="main").model.note("of ada, at first")
    apart = rita.chart(rita.graph(), name="main (ada)")
    apart.model.note("of rita")
    apart.model.group(*three(rita), label="Secret")
    kept = shown(rita.chart("main (ada)"))
    chart = case.chart(case.graph(), name="main")
    assert shown(chart) == ([], [], set())
    chart.model.note("of ada")
    assert shown(case.chart("main"))[1] == [("of ada", 0.0, 0.0)]
    listed = case.charts.list()
    assert (listed["name"].tolist(), listed["officer"].tolist()) == (["main"], ["ada"])
    assert set(told_on_charts(case)) == {"main"}
    other = case.chart(case.graph(), name="main (ada)")
    assert shown(other) == ([], [], set())
    other.model.note("another one")
    assert sorted(case.charts.list()["name"]) == ["main", "main (ada)"]
    assert shown(rita.chart("main (ada)")) == kept, "ada has changed nothing on it"
    rita.close()


def told_on_charts(case: Case) -> list[str]:
    """Names of charts that an officer's own entries of the log and the record of a person tell."""
    entries = case.log.entries()
    chart = entries[(entries["operation"] == "alteration") & (entries["kind"] == "chart")]
    told = case.subjects.records("Ada Brook")
    return [*chart["object"], *told.loc[told["property"].str.endswith("on a chart"), "text"]]


def test_what_is_drawn_goes_along_when_something_on_an_open_chart_becomes_secret(case: Case) -> None:
    chart = drawn(case)
    rita = cleared(case)
    chart.model.note("of ada")
    assert shown(rita.chart(rita.graph(), name="main"))[1] == [(WORDS, 40.0, -10.0)]
    assert ("of ada", 0.0, 0.0) in shown(case.chart(case.graph(), name="main"))[1]
    rita.close()


def test_what_a_reader_does_not_see_of_a_group_stays_when_that_reader_dissolves_or_names_it(case: Case) -> None:
    drawn(case)
    gone = three(case)[2]
    case.handling.mark(gone, special=["health"], because="a flag")
    other = open_case(case.context.folder.path, officer="zed", purpose="training")
    case.handling.reveal("health", because="needed")
    page = other.chart(other.graph(), name="main")
    assert [(label, len(members)) for label, members, _ in shown(page)[0]] == [("2 entities", 2)]
    page.model.name_group("group:1", "of zed")
    page.model.ungroup("group:1")
    left = [one for one in chart_annotations.list_drawings(case.context.ledger, "main") if one.kind == "group"]
    assert [(one.body["label"], gone in one.body["members"]) for one in left] == [("Around the lorry AB12CDE", True)]  # type: ignore[operator]
    assert not shown(other.chart(other.graph(), name="main"))[0]
    other.close()


def test_words_bear_the_mark_of_what_they_were_written_over(case: Case) -> None:
    rita = cleared(case)
    drawn(rita)
    small = rita.graph("Ben Carver", hops=1, limit=1)
    assert RESTRICTED not in rita.chart(small).mark
    chart = rita.chart(small, name="main")
    assert RESTRICTED in chart.mark and RESTRICTED in chart.graph.graph["mark"]
    chart.model.note("", name="note:1")
    assert RESTRICTED not in rita.chart(small, name="main").mark
    rita.close()


def test_an_open_chart_loses_what_is_set_aside_and_the_words_over_it(case: Case, tmp_path: Path) -> None:
    chart = drawn(case)
    case.sources.exclude(folder="note.md", ground="out of scope", because="not in the warrant")
    saved = chart.save(tmp_path / "chart.html").read_text("utf-8")
    assert SECRET not in saved
    assert shown(chart)[:2] == ([("2 entities", sorted(three_names(chart)), False)], [])


def three_names(chart: CaseChart) -> list[str]:
    return [str(node) for node, caption in chart.graph.nodes(data="caption") if caption in ("Ada Brook", "Ben Carver")]


def test_what_names_the_erased_is_erased(case: Case) -> None:
    drawn(case)
    gone = three(case)[2]
    case.privacy.erase("note.md", because="request 7", sure=True)
    rows = case.context.ledger.connection.execute("SELECT * FROM drawings").fetchall()
    assert SECRET not in repr(rows) and gone not in repr(rows)
    chart = case.chart(case.graph(), name="main")
    assert len(shown(chart)[0][0][1]) == 2 and SECRET not in chart.html
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}


def test_a_member_that_was_made_one_with_another_stays_in_its_group(case: Case) -> None:
    named = {str(data["caption"]): str(node) for node, data in case.graph().nodes(data=True)}
    chart = case.chart(case.graph(), name="main")
    chart.model.group(named["Ada Brook"], named["Ben Carver"], named["Cleo Dunn"], label="three")
    case.judgements.judge((named["Ada Brook"], named["Ben Carver"]), same=True, because="one passport")
    (group,) = shown(case.chart(case.graph(), name="main"))[0]
    assert group[0] == "three" and len(group[1]) == 2 and named["Cleo Dunn"] in group[1]


def test_a_person_is_told_what_is_written_on_charts(case: Case) -> None:
    chart = drawn(case)
    chart.model.note("Ada Brook paid for the van")
    told = case.subjects.records("Ada Brook")
    told = told[told["section"] == "notes"]
    assert sorted(told["value"]) == ["Ada Brook paid for the van", "Around the lorry AB12CDE"]
    assert set(told["text"]) == {"main"} and set(told["said_by"]) == {"ada"}
    assert "EXERCISE" in told["mark"].iloc[0]


def test_neither_a_package_nor_a_pseudonymised_copy_has_them(case: Case, tmp_path: Path) -> None:
    drawn(case)
    case.subjects.pseudonymise(
        tmp_path / "copy", because="course", key=tmp_path / "key", passphrase="correct horse battery"
    )
    copy = open_case(tmp_path / "copy", officer="zed", purpose="training")
    assert chart_annotations.list_drawings(copy.context.ledger, "main") == []
    copy.close()
