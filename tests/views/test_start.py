"""The start page without a browser: cases are chosen, made and remembered; what is wrong is said beside its field."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import ipywidgets as w
import pytest

import workbench as wb
from tests.report.payloads import PAYLOADS
from workbench.app import recent_cases
from workbench.case.verbs import unlock
from workbench.identity.core import key_store
from workbench.views.case_chooser import Entrance
from workbench.views.case_page import Front, Report
from workbench.views.start import Start

NOTE = b"Marta Oliveira met Bo Ek in Paris. Write to cy@example.org or bo@example.org."
HOSTILE = "<img src=x onerror=alert(1)> \u202eyes"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WORKBENCH_CASE", str(tmp_path / "cases" / "first"))
    return tmp_path


@pytest.fixture
def page() -> Iterator[Start]:
    made = wb.start()
    entrance(made).who.fields["officer"].text.value = "ada"
    yield made
    if made.room:
        made.room.close()


def entrance(page: Start) -> Entrance:
    shown = page.body.children[0]
    assert isinstance(shown, Entrance), "a case is open"
    return shown


def front(page: Start) -> Front:
    shown = page.body.children[0]
    assert isinstance(shown, Front), "no case is open"
    return shown


def make(page: Start, title: str) -> Front:
    new = entrance(page).new
    new.title.text.value = title
    new.make()
    return front(page)


def add(shown: Front, name: str, content: bytes) -> None:
    wizard = shown.panel.tabs.children[3]
    wizard.inspect_file(name, content)
    wizard.files.children[0]._add()


def texts(widget: w.Widget) -> str:
    """All that a widget and those in it say."""
    own = " ".join(str(getattr(widget, name, "")) for name in ("value", "description", "tooltip"))
    return own + " ".join(texts(child) for child in getattr(widget, "children", ()))


def counts(shown: Front) -> list[str]:
    return [button.description for line in shown.news.counts.children for button in getattr(line, "children", ())]


def buttons(widget: w.Widget) -> list[w.Button]:
    inner = [found for child in getattr(widget, "children", ()) for found in buttons(child)]
    return [widget, *inner] if isinstance(widget, w.Button) else inner


def test_before_a_click_nothing_is_opened_or_written(own: Path) -> None:
    made = wb.start()
    assert [path.name for path in own.iterdir()] == []
    assert "No recent cases" in texts(entrance(made).recent)
    assert entrance(made).new.folder.value == str(own / "cases" / "first")
    assert entrance(made).other.folder.value == ""


def test_the_case_that_the_page_was_made_for_is_offered(own: Path) -> None:
    wb.open_case(own / "mine", officer="ada", purpose="test").close()
    assert entrance(wb.start(own / "mine")).other.folder.value == str(own / "mine")


@pytest.mark.slow
def test_a_case_opens_where_the_home_cannot_be_written(page: Start, own: Path) -> None:
    (own / "home").write_text("a file where a folder is wanted")
    make(page, "Harbour")
    assert recent_cases.list_cases() == []


@pytest.mark.slow
def test_a_case_file_that_cannot_be_read_is_told(page: Start) -> None:
    case = make(page, "Harbour").room.case  # type: ignore[attr-defined]
    front(page).leave()
    (case.context.folder.path / "case.toml").write_text("title = ")
    buttons(entrance(page).recent)[0].click()
    assert "cannot be read" in entrance(page).said.value


@pytest.mark.slow
def test_a_new_case_is_made_where_the_page_offers_and_remembered(page: Start, own: Path) -> None:
    new = entrance(page).new
    new.title.text.value = "Harbour, north"
    assert new.folder.value == str(own / "cases" / "harbour-north")
    new.make()
    assert page.room is not None and page.room.title == "Harbour, north"
    assert (own / "cases" / "harbour-north" / "case.toml").exists()
    kept = json.loads((key_store.folder() / recent_cases.FILE).read_text("utf-8"))
    assert set(kept) == {"officer", "language", "cases"} and set(kept["cases"][0]) == {
        "folder",
        "title",
        "mark",
        "opened",
    }
    assert (key_store.folder() / recent_cases.FILE).stat().st_mode & 0o077 == 0


def test_a_folder_that_was_typed_stays_when_the_name_changes(page: Start, own: Path) -> None:
    new = entrance(page).new
    new.folder.text.value = str(own / "mine")
    new.title.text.value = "Harbour"
    assert new.folder.value == str(own / "mine")


def test_what_is_wrong_stands_beside_its_field(page: Start, own: Path) -> None:
    shown = entrance(page)
    shown.who.fields["officer"].text.value = " "
    shown.new.make()
    assert shown.new.title.wrong == "Enter a name for the case."
    shown.new.title.text.value = "Harbour"
    shown.new.make()
    assert (
        shown.new.title.wrong == ""
        and "It is shown with everything that you record" in shown.who.fields["officer"].wrong
    )
    (own / "full").mkdir()
    (own / "full" / "other.txt").write_text("x")
    shown.new.folder.text.value = str(own / "full")
    shown.new.make()
    assert "contains other files but no `case.toml`" in shown.new.folder.wrong
    shown.new.folder.text.value = ""
    shown.new.make()
    assert shown.new.folder.wrong == "Enter the path of the folder."
    shown.other.enter()
    assert shown.other.folder.wrong == "Enter the path of the folder."
    shown.other.folder.text.value = str(own / "nowhere")
    shown.other.enter()
    assert "There is no case in" in shown.other.folder.wrong
    assert not (own / "home").exists()


@pytest.mark.slow
def test_a_case_that_is_there_is_not_made_over(page: Start) -> None:
    folder = make(page, "Harbour").room.case.context.folder.path  # type: ignore[attr-defined]
    front(page).leave()
    new = entrance(page).new
    new.title.text.value, new.folder.text.value = "Other", str(folder)
    new.make()
    assert "There is already a case in this folder" in new.folder.wrong


@pytest.mark.slow
def test_a_file_that_is_added_is_counted_and_shown(page: Start) -> None:
    shown = make(page, "Harbour")
    assert counts(shown) == [] and "Nothing new since then" in texts(shown.news)
    add(shown, "note.txt", NOTE)
    assert counts(shown)[:2] == ["1 file", "1 passage"]
    shown.news.toggle_rows("source")
    assert "note.txt" in shown.news.rows.value
    shown.news.toggle_rows("source")
    assert shown.news.rows.value == ""


@pytest.mark.slow
def test_charts_are_kept_and_open_again_after_the_case_was_closed(page: Start) -> None:
    shown = make(page, "Harbour")
    add(shown, "note.txt", NOTE)
    shown.draw("chart")
    first = shown.stage.children[0]
    shown.leave()
    row = buttons(entrance(page).recent)[0]
    row.click()
    again = front(page)
    assert [name for name, _ in again.news.when.options][-1] == "the beginning" and len(again.news.when.options) == 2
    assert "overview" in [button.description for button in buttons(again.charts)]
    buttons(again.charts)[0].click()
    second = again.stage.children[0]
    assert second.positions == first.positions and set(second.graph) == set(first.graph)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["chart", "timeline", "map", "workspace"])
def test_each_view_opens_about_who_is_named(page: Start, kind: str) -> None:
    shown = make(page, "Harbour")
    add(shown, "r.csv", b"name,phone\nMarta Oliveira,+31970140002\nBo Ek,+31970140003\n")
    add(shown, "m.txt", b"Marta Oliveira met Bo Ek at the quay.")
    shown.about.text.value = "Marta Oliveira; Bo Ek"
    shown.draw(kind)
    assert shown.stage.children[0] is not shown.panel and f"{kind.capitalize()} is shown below" in shown.said.value
    shown.about.text.value = "Nobody at all"
    shown.draw(kind)
    assert "Nothing in this case has the name" in shown.said.value


@pytest.mark.slow
def test_a_report_is_written_into_the_case(page: Start) -> None:
    shown = make(page, "Harbour")
    add(shown, "note.txt", NOTE)
    form = Report(shown.room)
    form.question.text.value = "Who met whom?"
    form.write()
    assert "Report saved:" in form.said.value
    reports = shown.room.case.context.folder.reports  # type: ignore[attr-defined]
    assert {path.suffix for path in reports.iterdir()} == {".html", ".pdf"}


@pytest.mark.slow
def test_every_button_says_what_it_does(page: Start) -> None:
    for button in buttons(page):
        assert len(button.tooltip) > 10, button.description
    shown = make(page, "Harbour")
    for button in buttons(shown):
        assert len(button.tooltip) > 8, button.description
    for name in ("Add files", "Search", "Review", "Chart", "Workspace", "Timeline", "Map", "Report"):
        assert name in [button.description for button in buttons(shown)]


@pytest.mark.slow
def test_a_case_that_is_gone_says_so_and_is_taken_off_the_list(page: Start) -> None:
    folder = make(page, "Harbour").room.case.context.folder.path  # type: ignore[attr-defined]
    front(page).leave()
    shutil.rmtree(folder)
    shown = entrance(wb.start())
    go, remove = buttons(shown.recent)
    assert go.disabled and "There is no case in this folder now" in texts(shown.recent)
    remove.click()
    assert recent_cases.list_cases() == [] and "No recent cases" in texts(shown.recent)


@pytest.mark.slow
def test_names_of_cases_are_text(page: Start) -> None:
    for name in (HOSTILE, *PAYLOADS[:8]):
        shown = make(page, name)
        assert (
            "<img" not in shown.children[0].children[0].value and "<script" not in shown.children[0].children[0].value
        )
        shown.leave()
    said = "".join(str(html.value) for html in _htmls(entrance(page)))
    assert "<img" not in said and "<script" not in said and "\u202e" not in said
    assert all("\u202e" not in button.description + button.tooltip for button in buttons(page))


def _htmls(widget: w.Widget) -> list[w.HTML]:
    inner = [found for child in getattr(widget, "children", ()) for found in _htmls(child)]
    return [widget, *inner] if isinstance(widget, w.HTML) else inner


@pytest.mark.slow
def test_a_case_that_is_no_exercise_asks_what_for_and_why(page: Start) -> None:
    case = make(page, "Harbour").room.case  # type: ignore[attr-defined]
    toml = case.context.folder.path / "case.toml"
    front(page).leave()
    toml.write_text(toml.read_text("utf-8").replace('"EXERCISE"', '"INTERPOL"', 1), "utf-8")
    shown = entrance(page)
    buttons(shown.recent)[0].click()
    assert (
        "Enter the purpose, for example:" in shown.who.fields["purpose"].wrong
        and "Enter the reason why you are opening the case now" in shown.who.fields["reason"].wrong
    )
    shown.who.fields["purpose"].text.value, shown.who.fields["reason"].text.value = (
        "investigation 2026/114",
        "check of the alibi",
    )
    buttons(shown.recent)[0].click()
    assert front(page).room.case.reason == "check of the alibi"  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_locked_case_asks_for_its_passphrase(page: Start, own: Path) -> None:
    case = make(page, "Harbour").room.case  # type: ignore[attr-defined]
    folder = case.context.folder.path
    case.storage.encrypt("a long passphrase")
    front(page).leave()
    unlock.forget_key(folder)
    shown = entrance(wb.start())
    shown.who.fields["officer"].text.value = "ada"
    assert "This case is locked" in texts(shown.recent)
    buttons(shown.recent)[0].click()
    assert "This case is locked" in shown.who.fields["passphrase"].wrong
    shown.who.fields["passphrase"].text.value = "another passphrase"
    buttons(shown.recent)[0].click()
    assert "does not open" in shown.said.value
    shown.who.fields["passphrase"].text.value = "a long passphrase"
    buttons(shown.recent)[0].click()
    assert shown.who.fields["passphrase"].value == ""


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"cases": 3}', b'{"cases": [{"folder": 1}, 2, null], "officer": []}', b"\xff"]
)
def test_a_list_that_is_damaged_is_an_empty_one(content: bytes) -> None:
    key_store.replace_file(key_store.folder() / recent_cases.FILE, content)
    assert recent_cases.list_cases() == [] and recent_cases.get_officer() == ""


@pytest.mark.slow
def test_without_a_kernel_it_names_no_case(page: Start) -> None:
    make(page, "Operation Quillfeather")
    bundle = page._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "Quillfeather" not in f"{bundle['text/html']}{bundle['text/plain']}"


@pytest.mark.slow
def test_the_training_case_is_read_with_one_click(page: Start) -> None:
    entrance(page).train()
    shown = front(page)
    assert page.room is not None and page.room.title == "Operation Grey Heron"
    assert counts(shown)[0].endswith("files")


@pytest.mark.slow
def test_the_page_and_the_cases_made_on_it_speak_the_language_that_is_chosen(page: Start) -> None:
    page.set_language("ar")
    entrance(page).who.fields["officer"].text.value = "ada"
    assert "المحقق والغرض" in texts(entrance(page)) and "wb-rtl" in page._dom_classes
    shown = make(page, "Kade")
    assert page.room is not None and shown.room.say.language == "ar"
    assert shown.panel.tabs.titles == ("نظرة عامة", "بحث", "مراجعة", "إضافة ملفات")
    shown.leave()
    page.set_language("fr")
    assert "Enquêteur et finalité" in texts(entrance(page)) and "wb-rtl" not in page._dom_classes


@pytest.mark.slow
def test_the_language_that_was_chosen_is_kept(page: Start) -> None:
    page.set_language("fr")
    assert wb.start().lobby.say.language == "fr" and wb.start(language="es").lobby.say.language == "es"
    entrance(page).who.fields["officer"].text.value = "ada"
    make(page, "Kade")
    assert recent_cases.get_language() == "fr" and recent_cases.get_officer() == "ada"
    page.lobby.forget(recent_cases.list_cases()[0].folder)
    assert recent_cases.get_language() == "fr" and not recent_cases.list_cases()
    (key_store.folder() / recent_cases.FILE).write_text('{"language": ["fr"], "cases": 7}')
    assert recent_cases.get_language() == ""


@pytest.mark.slow
@pytest.mark.parametrize(("said", "wanted"), [("fr_CA.UTF-8", "fr"), ("ar", "ar"), ("C.UTF-8", "en"), ("de_DE", "en")])
def test_the_page_and_a_new_case_have_the_language_of_the_system_until_one_is_chosen(
    said: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", said)
    page = wb.start()
    assert page.lobby.say.catalogue_language == wanted and recent_cases.get_language() == ""
    entrance(page).who.fields["officer"].text.value = "ada"
    shown = make(page, "Kade")
    assert page.room is not None and page.room.say.catalogue_language == wanted
    folder = str(page.room.case.context.folder.path)
    shown.leave()
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    again = wb.start()
    assert again.lobby.say.catalogue_language == "es"
    room = again.lobby.open(folder, entrance(page).who.visitor)
    assert room.say.catalogue_language == wanted
    room.close()
