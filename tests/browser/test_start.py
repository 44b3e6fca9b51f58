"""The start page in a real JupyterLab, worked by somebody who types no code; the kernel ends, and the work is there again."""

from __future__ import annotations

import os
from collections.abc import Iterator

import labdriver
import pytest
from labdriver import Server, Window
from playwright.sync_api import Browser, Locator, expect
from waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELLS = ("import workbench as wb", "wb.start()")
HOSTILE = "<img src=x onerror=alert(1)><b>Heron</b> \u202eexe"
SHOWN = "<img src=x onerror=alert(1)><b>Heron</b> ⟨U+202E⟩exe"
REGISTER = b"name,phone\nMarta Oliveira,+31970140002\nBo Ek,+31970140003\n"
REPORT = b"Marta Oliveira met Bo Ek at the quay. Write to cy.dunn@example.org."


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a folder with a notebook that holds the start page, with a home of its own."""
    root = tmp_path_factory.mktemp("start")
    labdriver.notebook(root / "notebooks" / "00-start.ipynb", CELLS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(root / "home"))
        with labdriver.server(root, root / "cases" / "first") as running:
            yield running


@pytest.fixture(scope="module")
def window(lab: Server, browser: Browser) -> Window:
    made = labdriver.window(browser, lab.base)
    made.page.goto(lab.address)
    made.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    made.page.get_by_role("button", name="| Idle").wait_for()
    chosen(made, "Run", "Run All Cells")
    return made


@pytest.fixture(scope="module")
def start(window: Window) -> Locator:
    shown = window.page.locator(".wb-start")
    shown.wait_for()
    return shown


@pytest.fixture(autouse=True)
def stays_here(window: Window) -> Iterator[None]:
    """After each test: nothing outside was asked for, no script of a name ran, no page failed."""
    yield
    assert (window.outside, window.dialogs, window.errors) == ([], [], [])


def chosen(window: Window, menu: str, item: str) -> None:
    """Choose from the menu, as a person does."""
    window.page.locator(".lm-MenuBar-itemLabel", has_text=menu).first.click()
    window.page.locator(".lm-Menu-itemLabel", has_text=item).first.click()


def shot(window: Window, name: str) -> None:
    if where := os.environ.get("WORKBENCH_SHOTS"):
        window.page.screenshot(path=f"{where}/start-{name}.png")


def add(start: Locator, name: str, content: bytes) -> None:
    kind = {"name": name, "mimeType": "text/plain", "buffer": content}
    start.locator("input.wb-drop-input").set_input_files(kind)  # type: ignore[arg-type]
    card = start.locator(".wb-card").filter(has=start.page.locator("h3", has_text=name))
    card.get_by_role("button", name="Add", exact=True).click()
    expect(card.locator(".done")).to_contain_text(f"{name}: read as")


def drawn(start: Locator) -> None:
    """Wait until a chart is drawn."""
    start.locator(".wb-chart canvas").first.wait_for()
    start.page.wait_for_function("document.querySelector('.wb-start .wb-chart')?.wbChart?.picture?.items.length > 1")


def test_run_all_shows_the_page_and_nothing_is_open(start: Locator, window: Window, lab: Server) -> None:
    for heading in ("Officer and purpose", "Recent cases", "New case", "Another case", "Training case"):
        expect(start.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(start).to_contain_text("No recent cases")
    assert not (lab.root / "cases").exists() and not (lab.root / "home").exists()
    assert start.get_attribute("aria-label") == "Start"
    shot(window, "entrance")


def test_what_is_missing_is_said_beside_its_field(start: Locator) -> None:
    start.get_by_role("button", name="Create case").click()
    expect(start.locator(".warn:visible")).to_have_text("Enter a name for the case.")
    start.get_by_label("Officer", exact=True).fill("")
    start.get_by_label("Name", exact=True).fill("Harbour")
    start.get_by_role("button", name="Create case").click()
    expect(start.locator(".warn:visible")).to_contain_text("Enter your name")


def test_a_case_of_a_hostile_name_is_made_and_shown_as_text(start: Locator, window: Window, lab: Server) -> None:
    start.get_by_label("Officer", exact=True).fill("ada")
    start.get_by_label("Name", exact=True).fill(HOSTILE)
    folder = start.get_by_label("Folder", exact=True)
    expect(folder).to_have_value(str(lab.root / "cases" / "img-src-x-onerror-alert-1-b-heron-b-exe"))
    start.get_by_role("button", name="Create case").click()
    expect(start.get_by_role("heading", level=2)).to_contain_text(SHOWN)
    assert start.locator("img, h2 b").count() == 0
    expect(start.locator(".wb-drop")).to_be_visible()  # an empty case begins with its files
    shot(window, "empty")


def test_files_are_dropped_and_counted(start: Locator, window: Window) -> None:
    add(start, "register.csv", REGISTER)
    add(start, "report.txt", REPORT)
    expect(start.get_by_role("button", name="2 files")).to_be_visible()
    start.get_by_role("button", name="2 files").click()
    expect(start.get_by_role("cell", name="report.txt", exact=True)).to_be_visible()
    expect(start.get_by_role("button", name="suggestion")).to_be_visible()
    shot(window, "counted")


def test_buttons_have_their_help_and_are_worked_by_keyboard(start: Locator, window: Window) -> None:
    cells = window.page.locator(".jp-Notebook .jp-Cell").count()
    for name in ("Add files", "Search", "Review", "Report", "Chart", "Timeline", "Map", "Workspace"):
        tile = start.locator(".wb-tile", has=window.page.get_by_role("button", name=name, exact=True))
        assert tile.locator("button").get_attribute("title") == tile.locator("p").inner_text()
    start.get_by_role("button", name="Search", exact=True).focus()
    for key in ("b", "d", "d"):
        window.page.keyboard.press(key)
    window.page.keyboard.press("Enter")
    expect(start.get_by_placeholder("seal changed at night")).to_be_visible()
    expect(window.page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells)
    box = start.get_by_placeholder("seal changed at night")
    box.fill("quay")
    box.press("Enter")
    expect(start.locator(".hit mark:visible").first).to_have_text("quay")


def test_a_chart_opens_under_the_name_that_was_given(start: Locator, window: Window) -> None:
    start.get_by_label("Entities", exact=True).fill("Marta Oliveira")
    start.get_by_label("Save as", exact=True).fill("<b>quay</b>")
    start.get_by_role("button", name="Chart", exact=True).click()
    drawn(start)
    expect(start.get_by_role("button", name="<b>quay</b>", exact=True)).to_be_visible()
    shot(window, "chart")


def test_a_name_that_is_not_there_is_said(start: Locator) -> None:
    start.get_by_label("Entities", exact=True).fill("Nobody")
    start.get_by_role("button", name="Map", exact=True).click()
    expect(start.locator(".warn:visible")).to_contain_text("Nothing in this case has the name")


def test_after_the_kernel_has_ended_case_and_chart_are_there(start: Locator, window: Window) -> None:
    chosen(window, "Kernel", "Restart Kernel and Run All Cells")
    window.page.locator(".jp-Dialog .jp-mod-accept").click()
    known = start.locator(".wb-known")
    expect(known).to_have_count(1)
    expect(known).to_contain_text("EXERCISE")
    shot(window, "again")
    known.get_by_role("button", name=SHOWN[:20]).first.click()
    expect(start.get_by_role("heading", level=2)).to_contain_text(SHOWN)
    assert start.locator("img, h2 b").count() == 0
    expect(start.get_by_label("Since", exact=True)).to_contain_text("you opened the case on")
    expect(start.get_by_role("button", name="2 files")).to_be_visible()
    start.get_by_role("button", name="<b>quay</b>", exact=True).click()
    drawn(start)


def test_a_report_is_written_where_it_is_said(start: Locator, lab: Server, window: Window) -> None:
    start.get_by_role("button", name="Report", exact=True).click()
    start.get_by_label("Question", exact=True).fill("Who met whom?")
    start.get_by_role("button", name="Write report").click()
    expect(start.locator(".done:visible").filter(has_text="Report saved:")).to_be_visible()
    assert [path.suffix for path in sorted(lab.root.glob("cases/*/reports/*"))] == [".html", ".pdf"]
    shot(window, "report")


@pytest.mark.parametrize("width", [700, 1400])
def test_it_fits_in_narrow_and_wide_windows(start: Locator, window: Window, width: int) -> None:
    window.page.set_viewport_size({"width": width, "height": 1000})
    until(window.page, lambda: start.evaluate("box => box.scrollWidth - box.clientWidth") <= 1)
    start.scroll_into_view_if_needed()
    shot(window, f"wide-{width}")


def test_it_is_dark_where_the_notebook_is(start: Locator, window: Window) -> None:
    light = start.locator("h3").first.evaluate("one => getComputedStyle(one).color")
    window.page.locator(".lm-MenuBar-itemLabel", has_text="Settings").click()
    window.page.locator(".lm-Menu-itemLabel", has_text="Theme").first.hover()
    window.page.locator(".lm-Menu-itemLabel", has_text="JupyterLab Dark").first.click()
    window.page.locator("body[data-jp-theme-light='false']").wait_for(state="attached")
    colour = "one => getComputedStyle(one).color"
    until(window.page, lambda: start.locator("h3").first.evaluate(colour) != light)
    shot(window, "dark")
    start.get_by_role("button", name="Close case").click()
    expect(start.locator(".wb-known")).to_have_count(1)
    shot(window, "dark-entrance")


def test_a_case_is_taken_off_the_list_and_stays(start: Locator, lab: Server) -> None:
    start.get_by_role("button", name="Remove").click()
    expect(start).to_contain_text("No recent cases")
    assert list(lab.root.glob("cases/*/case.toml"))
