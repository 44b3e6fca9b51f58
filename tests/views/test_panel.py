"""The panel without a browser: every click is a verb, a fault is told, and there is a twin without widgets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import ipywidgets as w
import pytest
from workbench_widgets.drop import Drop, clean_file_name

import workbench as wb
from workbench.case import case_panel
from workbench.ledger.records import row_tables
from workbench.views.panel import Panel
from workbench.views.review_view import Queue
from workbench.views.wizard import Editor, FileCard


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that was read; each test has a copy of it."""
    place = tmp_path_factory.mktemp("panel") / "case"
    with closing(wb.open_case(place, officer="ada", purpose="test", title="<b>Grey</b> Heron")) as case:
        case.add(wb.shipped_folder() / "files" / "registers" / "persons.csv")
        case.add(wb.shipped_folder() / "files" / "mail" / "09_which_seal.eml")
        case.extract()
    return place


@pytest.fixture
def case(folder: Path, tmp_path: Path) -> Iterator[wb.Case]:
    shutil.copytree(folder, tmp_path / "case")
    with closing(wb.open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        yield case


@pytest.fixture
def panel(case: wb.Case) -> Panel:
    return case_panel.build_panel(case)


def press(queue: Queue, name: str) -> None:
    queue.line.press(name)


def test_the_twin_holds_the_overview_and_no_markup_of_the_case(panel: Panel) -> None:
    bundle = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "&lt;b&gt;Grey&lt;/b&gt; Heron" in str(bundle["text/html"])
    assert bundle["text/plain"] == "Case panel: Overview, Search, Review, Add files"


def test_a_question_is_asked_once(panel: Panel, case: wb.Case) -> None:
    panel.finder.text.value = "seal"
    before = len(case.log.entries())
    panel.finder.run(None)  # the click that follows Enter
    assert len(case.log.entries()) == before
    assert "<mark>" in panel.finder.out.value
    panel.finder.forget()
    panel.finder.run(None)
    assert len(case.log.entries()) == before  # the same question of the same rows stands in the log once
    panel.finder.text.value = "berth"
    assert len(case.log.entries()) == before + 1


@pytest.mark.slow
@pytest.mark.parametrize("bound", ["16-09-2025", "yesterday", "2025-9-1"])
def test_a_bound_that_is_no_date_is_told(panel: Panel, bound: str) -> None:
    panel.finder.text.value = "seal"
    panel.finder.bounds["since"].value = bound
    assert "is not a date" in panel.finder.out.value


def test_a_judgement_needs_a_reason_and_leaves_the_queue(panel: Panel, case: wb.Case) -> None:
    queue = panel.reviewer.pairs
    first = queue.row
    press(queue, "same")
    assert "Enter a reason first" in queue.said.value and queue.row == first
    queue.line.because = "same number"
    press(queue, "same")
    assert "Your decision was signed" in queue.said.value and queue.line.because == ""
    signed = row_tables.list_judgements(case.context.ledger)
    assert signed[["left_id", "right_id", "judgement"]].iloc[0].to_list() == [
        first["left_id"],
        first["right_id"],
        "same",
    ]
    assert queue.row != first


def test_later_shows_the_next_and_comes_round(panel: Panel) -> None:
    queue = panel.reviewer.mentions
    first, count = queue.row["entity_id"], len(queue.rows())
    seen = []
    for _ in range(count):
        seen.append(queue.row["entity_id"])
        queue.show_next()
    assert queue.row["entity_id"] == first and len(set(seen)) == count


def test_a_verdict_is_signed(panel: Panel, case: wb.Case) -> None:
    entity = panel.reviewer.mentions.row["entity_id"]
    press(panel.reviewer.mentions, "reject")
    assert set(case.log.decisions()["verdict"]) == {"rejected"}
    assert panel.reviewer.mentions.row["entity_id"] != entity


@pytest.mark.slow
def test_a_click_counts_for_the_name_that_was_shown(panel: Panel) -> None:
    queue, line = panel.reviewer.mentions, panel.reviewer.mentions.line
    shown, left = line.due, len(queue.rows())
    line._receive_choice(line, {"choice": "accept", "due": shown}, [])
    line._receive_choice(line, {"choice": "accept", "due": shown}, [])  # made before the next one was on the screen
    line._receive_choice(line, {"choice": "sell", "due": line.due}, [])
    assert len(queue.rows()) == left - 1
    assert line.due not in ("", shown)


def test_an_empty_case_has_a_panel(tmp_path: Path) -> None:
    made = case_panel.build_panel(wb.open_case(tmp_path / "empty", officer="ada", purpose="test"))
    assert "There is nothing left to decide" in made.reviewer.pairs.card.value
    assert made.reviewer.pairs.line.due == ""  # no button can be clicked


def test_a_file_comes_in_pieces() -> None:
    got: list[tuple[str, bytes]] = []
    drop = Drop(lambda name, content: got.append((name, content)))
    drop._receive_piece(drop, {"name": "../a.txt", "at": 0, "size": 5}, [memoryview(b"abc")])
    assert got == []
    drop._receive_piece(drop, {"name": "../a.txt", "at": 4, "size": 5}, [memoryview(b"x")])  # out of turn
    drop._receive_piece(drop, {"name": "../a.txt", "at": 3, "size": 5}, [memoryview(b"de")])
    drop._receive_piece(drop, {"name": "empty", "at": 0, "size": 0}, [memoryview(b"")])
    assert got == [("a.txt", b"abcde"), ("empty", b"")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\x\\y.txt", "y.txt"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        ("a\nb?.txt", "ab.txt"),
        ("赵.txt", "赵.txt"),
    ],
)
def test_names_of_files_are_plain(given: str, kept: str) -> None:
    assert clean_file_name(given) == kept


def test_all_parts_are_widgets(panel: Panel) -> None:
    assert isinstance(panel.children[-1], w.Tab)
    assert panel.children[-1].titles == ("Overview", "Search", "Review", "Add files")


@pytest.mark.slow
def test_the_editor_turns_to_each_table_and_says_things_of_that_one(case: wb.Case) -> None:
    head = "Target No,B Party No,Date,Time,Dur(s)\n+447700900100,+447700900200,13/07/2022,10:00:00,60\n"
    content = f"{head}\nCell Global ID,Site Name,Latitude,Longitude,Azimuth\n234-10-1-1,Harbour,51.5,4.25,120\n"
    desk = case_panel.build_panel(case).desk
    card = FileCard(desk, desk.plan("delivery.csv", content.encode()), lambda: None)
    editor = Editor(card)
    assert (editor.sheet, editor.header.value) == ("", 1)
    assert "There are 2 tables here, one below the other" in editor.rows.value
    editor._select_sheet("table 2")
    assert editor.header.value == 4 and "Harbour" in editor.rows.value and "Target No" not in editor.rows.value
    editor.apply(lambda plan: plan.mean({}, kind="", sheet="table 2"))
    assert (card.plan.kind("table 2"), card.plan.kind("")) == ("", "calls")
    editor.header.value = 5
    assert (card.plan.header("table 2"), card.plan.header("")) == (5, 1)
    editor.apply(lambda plan: plan.read_as("text"))
    assert (editor.sheet, len(editor.columns.children)) == ("", 0)
