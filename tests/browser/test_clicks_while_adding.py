"""A widget is clicked in a real JupyterLab while a cell of the notebook adds files: each click is answered, and nothing is lost."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import labdriver
import pytest
from labdriver import Server, Window
from playwright.sync_api import Browser, Locator, expect
from waiting import until

import workbench as wb

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.faults]
SECONDS = 60
MATERIAL = ("chats.txt", "mail/09_which_seal.eml", "reports/R01_complaint_seal.md", "registers/persons.csv")
OPEN = """import os, pathlib, time, ipywidgets, workbench as wb
case = wb.open_case(os.environ["WORKBENCH_CASE"], officer="ada", purpose="test")
box, said = ipywidgets.Text(placeholder="a note"), ipywidgets.Label("nothing noted")
def note(change):
    if box.value:
        case.review.note(box.value)
        said.value, box.value = f"noted: {box.value}", ""
box.observe(note, "value")
display(box, said, case.charts.panel())"""
ADD = """added = 0
while not pathlib.Path("stop").exists():
    place = pathlib.Path("more", str(added))
    place.mkdir(parents=True)
    for file in range(30):
        said_there = [f"Report {added}-{file}-{at}: the lorry left the harbour of Cascais at night." for at in range(10)]
        (place / f"report-{added}-{file}.txt").write_text("\\n\\n".join(said_there))
    assert set(case.add(place)["state"]) == {"read"}
    added += 1
print("folders added:", added)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lab")
    with closing(wb.open_case(root / "cases" / "first", officer="ada", purpose="test", title="Grey Heron")) as case:
        for name in MATERIAL:
            case.add(wb.shipped_folder() / "files" / name)
        case.extract()
    labdriver.notebook(root / "notebooks" / "clicks.ipynb", (OPEN, ADD))
    return root


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Server]:
    with labdriver.server(folder, folder / "cases" / "first") as running:
        yield running


@pytest.fixture
def window(lab: Server, browser: Browser) -> Window:
    made = labdriver.window(browser, lab.base)
    made.page.goto(lab.address)
    made.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    made.page.goto(f"{lab.base}/doc/tree/notebooks/clicks.ipynb")
    made.page.get_by_role("button", name="| Idle").wait_for()
    return made


def begin(window: Window, number: int) -> Locator:
    """Run a cell, and do not wait for it."""
    cell = window.page.locator(".jp-Notebook .jp-Cell").nth(number)
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    cell.locator(".cm-content").press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_contain_text("*")
    return cell


def noted(shown: Locator, text: str) -> None:
    """Note something in the box; back when it is noted."""
    box = shown.get_by_placeholder("a note")
    box.fill(text)
    box.press("Enter")
    shown.get_by_text(f"noted: {text}", exact=True).wait_for()


def accept_next(panel: Locator) -> None:
    """Accept the name that is due; back when it is said that it was accepted, and the next one is due."""
    panel.locator(".done:visible").evaluate_all("all => all.forEach(one => { one.dataset.before = ''; })")
    panel.get_by_role("button", name="Accept").click()
    panel.locator(".done:visible:not([data-before])").filter(has_text="accepted").first.wait_for()
    expect(panel.get_by_role("button", name="Accept")).to_be_enabled()


def test_clicks_are_answered_while_a_cell_adds(window: Window, lab: Server, folder: Path) -> None:
    shown = window.run(0)
    panel = shown.locator(".wb-panel")
    panel.get_by_role("tab", name="Review").click()
    accept = panel.get_by_role("button", name="Accept")
    accept.wait_for()
    # ipykernel answers a widget where it was last spoken with: behind the running cell, if no click came since a cell showed it.
    noted(shown, "note 0")
    accept_next(panel)
    cell = begin(window, 1)
    notes, accepted, took = 0, 1, {"note": list[float](), "accept": list[float]()}
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        notes += 1
        start = time.monotonic()
        noted(shown, f"note {notes}")
        took["note"].append(time.monotonic() - start)
        if accept.count() and accept.is_enabled():
            start = time.monotonic()
            accept_next(panel)
            took["accept"].append(time.monotonic() - start)
            accepted += 1
    for name, seconds in took.items():
        seconds.sort()
        print(f"{name}: {len(seconds)} clicks, median {seconds[len(seconds) // 2]:.2f} s, longest {seconds[-1]:.2f} s")
    assert "*" in str(cell.locator(".jp-InputPrompt").text_content()), "the clicks came while the cell was running"
    if where := os.environ.get("WORKBENCH_SHOTS"):
        window.page.screenshot(path=f"{where}/clicks-while-adding.png")
    (lab.root / "notebooks" / "stop").touch()
    until(window.page, lambda: "*" not in str(cell.locator(".jp-InputPrompt").text_content()))
    expect(cell.locator(".jp-Cell-outputArea")).to_contain_text("folders added:")
    assert notes > 2 and accepted > 1
    assert (window.outside, window.dialogs, window.errors) == ([], [], [])
    with closing(wb.open_case(folder / "cases" / "first", officer="bo", purpose="test")) as case:
        assert sorted(case.review.notes()["text"]) == sorted(f"note {number}" for number in range(notes + 1))
        assert (case.log.decisions()["verdict"] == "accepted").sum() == accepted
        assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
