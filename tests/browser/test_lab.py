"""`workbench lab` and the panel in a real JupyterLab, worked as a person works it. Nothing outside is asked for, ever."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import labdriver
import pytest
from labdriver import Server, Window
from playwright.sync_api import Browser, Locator, expect
from waiting import still

import workbench as wb
from workbench.case import case_panel
from workbench.ledger.records import row_tables

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MATERIAL = ("chats.txt", "mail/09_which_seal.eml", "reports/R01_complaint_seal.md", "registers/persons.csv")
CELLS = (
    "import os, workbench as wb",
    'case = wb.open_case(os.environ["WORKBENCH_CASE"], officer="ada", purpose="test")\ncase.charts.panel()',
    'case.chart(case.graph(suggested=False, limit=20), name="test")',
)
PAYLOAD = b"<img src=x onerror=alert(1)><script>alert(2)</script> Cyan envelopes, says <b>Lena Brandt</b>."
DROP = """(zone, [name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    for (const type of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the shipped case, read, and a notebook that opens it."""
    root = tmp_path_factory.mktemp("lab")
    case = wb.open_case(root / "cases" / "first", officer="ada", purpose="test", title="Grey Heron")
    for name in MATERIAL:
        case.add(wb.shipped_folder() / "files" / name)
    case.extract()
    case.close()
    labdriver.notebook(root / "notebooks" / "panel.ipynb", CELLS)
    return root


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Server]:
    with labdriver.server(folder, folder / "cases" / "first") as running:
        yield running


@pytest.fixture(scope="module")
def start(lab: Server, browser: Browser) -> Window:
    """The page that the command opens."""
    window = labdriver.window(browser, lab.base)
    window.page.goto(lab.address)
    window.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    return window


@pytest.fixture(scope="module")
def panel(lab: Server, start: Window) -> Locator:
    """The panel of the case."""
    start.page.goto(f"{lab.base}/doc/tree/notebooks/panel.ipynb")
    start.page.get_by_role("button", name="| Idle").wait_for()
    start.run(0)
    shown = start.run(1).locator(".wb-panel")
    shown.locator(".figures").wait_for()
    return shown


@pytest.fixture(autouse=True)
def stays_here(start: Window) -> Iterator[None]:
    """After each test: nothing outside was asked for, no script of the material ran, no page failed."""
    yield
    assert start.outside == []
    assert start.dialogs == []
    assert start.errors == []


def test_the_command_opens_the_start_page_alone(start: Window) -> None:
    page = start.page
    expect(page).to_have_title(re.compile("^00-start"))
    assert "/doc/tree/" in page.url
    expect(page.get_by_role("heading", name="Start here")).to_be_visible()
    page.get_by_role("button", name="| Idle").wait_for()
    shot = still(page)
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert len(set(shot[-20_000:])) > 200  # not blank: a blank page packs into a few kB of one colour
    assert len(shot) > 40_000


def test_who_has_no_token_or_another_name_for_us_is_refused(lab: Server, browser: Browser) -> None:
    asked = browser.new_context().request
    assert asked.get(f"{lab.base}/api/contents").status == 403
    assert asked.get(f"{lab.base}/api/contents?token={'0' * 48}").status == 403
    assert asked.get(f"{lab.base}/api/contents?token={lab.token}", headers={"Host": "evil.example"}).status == 403
    assert asked.get(f"{lab.base}/api/contents?token={lab.token}").status == 200
    assert asked.post(f"{lab.base}/api/terminals?token={lab.token}").status in {403, 404}


def test_pages_are_sent_with_the_content_policy(lab: Server, browser: Browser) -> None:
    headers = browser.new_context().request.get(f"{lab.base}/lab?token={lab.token}").headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "object-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.usefixtures("panel")
def test_kernels_speak_encrypted_on_loopback(lab: Server) -> None:
    found = [json.loads(path.read_text()) for path in (lab.root / ".jupyter" / "runtime").glob("kernel-*.json")]
    assert found and all(kernel["ip"] == "127.0.0.1" and kernel["curve_publickey"] for kernel in found)
    log = lab.log.read_text()
    assert "without encryption" not in log
    assert "deprecat" not in log.lower()


def test_settings_of_the_server_stay_out_of_git(lab: Server) -> None:
    assert (lab.root / ".lab" / ".gitignore").read_text() == "*\n"


def test_overview(panel: Locator) -> None:
    expect(panel.locator(".figure").first).to_contain_text("4")
    expect(panel).to_contain_text("EXERCISE")
    expect(panel).to_contain_text("ranking in the supplied data")
    assert panel.evaluate("box => box.scrollWidth - box.clientWidth") <= 1


def entered(panel: Locator, field: str, text: str) -> None:
    """Ask with another text in a field of the search; what stood there before has gone when it is answered."""
    panel.locator(".wb:visible").evaluate_all("all => all.forEach(one => { one.dataset.before = ''; })")
    panel.get_by_placeholder(field).fill(text)
    panel.get_by_placeholder(field).press("Enter")
    expect(panel.locator(".wb[data-before]:visible")).to_have_count(0)
    expect(panel.locator(".wb:visible", has_text="Searching")).to_have_count(0)


def test_enter_searches_and_marks_the_words(panel: Locator) -> None:
    panel.get_by_role("tab", name="Search").click()
    entered(panel, "seal changed at night", "which seal")
    expect(panel.locator(".hit mark:visible").first).to_contain_text("seal", ignore_case=True)
    entered(panel, "sender", "Lena Brandt")
    expect(panel.locator(".hit:visible .meta").first).to_contain_text("Lena Brandt")


def test_a_wrong_bound_is_explained_where_one_looks(panel: Locator) -> None:
    entered(panel, "since", "next week")
    expect(panel.locator(".warn:visible")).to_contain_text("next week")
    entered(panel, "since", "")
    expect(panel.locator(".hit:visible").first).to_be_visible()


def test_a_pair_is_judged_with_a_reason(panel: Locator, folder: Path) -> None:
    panel.get_by_role("tab", name="Review").click()
    panel.get_by_role("button", name="Not the same").click()
    expect(panel.locator(".warn:visible")).to_contain_text("Enter a reason first")
    panel.get_by_placeholder("because").first.fill("two telephones at once")
    panel.get_by_role("button", name="Not the same").click()
    expect(panel.locator(".done:visible").filter(has_text="not the same")).to_be_visible()
    expect(panel.get_by_placeholder("because").first).to_have_value("")
    signed = row_tables.list_judgements(
        wb.open_case(folder / "cases" / "first", officer="bo", purpose="test").context.ledger
    )
    row = signed[signed["because"] == "two telephones at once"].iloc[0]
    assert (row["judgement"], row["officer"]) == ("not same", "ada")


def test_a_name_is_accepted_and_another_rejected(panel: Locator, folder: Path) -> None:
    panel.get_by_role("button", name="Accept").click()
    expect(panel.locator(".done:visible").filter(has_text="accepted")).to_be_visible()
    panel.get_by_role("button", name="Reject").click()
    expect(panel.locator(".done:visible").filter(has_text="rejected")).to_be_visible()
    decided = wb.open_case(folder / "cases" / "first", officer="bo", purpose="test").log.decisions()
    decided = decided[decided["target_kind"] != "pair"]  # the sample judges pairs
    assert set(decided["officer"]) == {"ada"}
    assert list(decided["verdict"].drop_duplicates()) == ["accepted", "rejected"]


def test_a_double_click_signs_one_name(panel: Locator, folder: Path) -> None:
    with closing(wb.open_case(folder / "cases" / "first", officer="bo", purpose="test")) as case:
        before = len(case_panel.build_panel(case).reviewer.mentions.rows())
        panel.get_by_role("button", name="Accept").dblclick()
        expect(panel.locator(".done:visible").filter(has_text="accepted")).to_be_visible()
        expect(panel.get_by_role("button", name="Accept")).to_be_enabled()
        assert len(case_panel.build_panel(case).reviewer.mentions.rows()) == before - 1


def test_a_chosen_file_is_read_and_found(panel: Locator) -> None:
    panel.get_by_role("tab", name="Add files").click()
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": PAYLOAD}
    panel.locator("input.wb-drop-input").set_input_files(note)  # type: ignore[arg-type]
    expect(panel.get_by_text("Read as: text")).to_be_visible()
    panel.locator(".wb-card").get_by_role("button", name="Add", exact=True).click()
    expect(panel.locator(".done:visible")).to_contain_text("note.txt: read as text")
    panel.get_by_role("tab", name="Search").click()
    panel.get_by_placeholder("sender").fill("")
    panel.get_by_placeholder("seal changed at night").fill("cyan envelopes")
    panel.get_by_role("button", name="Search").click()
    expect(panel.locator(".hit:visible").first).to_contain_text("<script>alert(2)</script>")
    assert panel.locator(".hit img, .hit script").count() == 0


def test_dropped_files_are_read_one_after_the_other(panel: Locator) -> None:
    panel.get_by_role("tab", name="Add files").click()
    zone = panel.locator(".wb-drop")
    zone.evaluate(DROP, ["first.txt", "The lorry was blue."])
    zone.evaluate(DROP, ["<b>second.txt", "x" * (5 << 20)])  # more than one piece
    for name in ("first.txt", "second.txt"):
        card = shown_card(panel, name)
        card.get_by_role("button", name="Add", exact=True).click()
    expect(panel.get_by_text("first.txt: read as text")).to_be_visible()
    expect(panel.get_by_text("second.txt: read as text")).to_be_visible()
    assert panel.locator(".done b").count() == 0


CALLS = (
    "Request 114;;;;\n\nNr;Zeta;Omega;Moment;Secret\n"
    "1;06 39 98 00 01;06 39 98 00 02;03/04/2024 10:00;Odette\n2;06 39 98 00 01;06 39 98 00 03;05/04/2024 11:30;Odile\n"
)


def shown_card(panel: Locator, name: str) -> Locator:
    """The card of one file, by its heading."""
    return panel.locator(".wb-card").filter(has=panel.page.locator("h3", has_text=name))


def column(card: Locator, name: str) -> Locator:
    """The line of one column: the reasons beside other columns may name it too."""
    return card.locator(".wb-column").filter(has=card.page.locator("b").get_by_text(name, exact=True))


def picked(pick: Locator, value: str) -> None:
    """Choose a value of a control."""
    pick.select_option(label=value)
    expect(pick.locator("option:checked")).to_have_text(value)


def test_a_table_is_looked_at_changed_tried_added_and_withdrawn(panel: Locator, start: Window) -> None:
    panel.get_by_role("tab", name="Add files").click()
    panel.locator("input.wb-drop-input").set_input_files(
        {"name": "zeta.csv", "mimeType": "text/csv", "buffer": CALLS.encode()}  # type: ignore[arg-type]
    )
    card = shown_card(panel, "zeta.csv")
    card.get_by_role("button", name="Check settings").click()
    expect(card.get_by_role("cell", name="Request 114")).to_be_visible()
    card.get_by_label("Header row").fill("3")
    card.get_by_label("Header row").press("Enter")
    expect(column(card, "Omega")).to_be_visible()
    picked(card.get_by_label("Row type", exact=True), "calls")
    for name, field in (
        ("Zeta", "a: calling number"),
        ("Omega", "b: b party"),
        ("Moment", "start"),
        ("Secret", "left out"),
    ):
        picked(column(card, name).locator("select"), field)
    expect(column(card, "Secret")).to_contain_text("left out by the officer")
    picked(card.get_by_label("Day/month order", exact=True), "day first: 31/12")
    card.get_by_role("button", name="Try", exact=True).focus()
    start.page.keyboard.press("Enter")
    expect(card.get_by_role("cell", name="documents", exact=True)).to_be_visible()
    if where := os.environ.get("WORKBENCH_SHOTS"):
        card.screenshot(path=f"{where}/wizard.png")
    card.get_by_role("button", name="Add", exact=True).click()
    expect(card.locator(".done")).to_contain_text("zeta.csv: read as table")
    card.get_by_role("button", name="Withdraw").click()
    expect(card.locator(".warn")).to_contain_text("Enter the reason first")
    card.get_by_placeholder("Reason for the withdrawal").fill("wrong exhibit")
    card.get_by_role("button", name="Withdraw").click()
    expect(card.locator(".done")).to_contain_text("The file was withdrawn")


DELIVERY = (
    "Request 114\n\nTarget No,B Party No,Call Type,TOC,Date,Time,Dur(s)\n"
    "+447700900100,+447700900200,OUT,Voice,13/07/2022,10:00:00,60\n+447700900100,+447700900201,OUT,SMS,13/07/2022,11:00:00,\n\n"
    "Second request\nB Party No,Target No,Date,Time,Dur(s)\n+447700900200,+447700900101,13/07/2022,10:00:00,60\n\n"
    "Cell Global ID,Site Name,Latitude,Longitude,Azimuth\n234-10-1-1,Harbour,51.5,4.25,120\n234-10-1-2,Quay,51.6,4.26,240\n"
)


def test_each_table_of_a_sheet_is_looked_at_by_itself(panel: Locator, start: Window) -> None:
    panel.get_by_role("tab", name="Add files").click()
    panel.locator("input.wb-drop-input").set_input_files(
        {"name": "delivery.csv", "mimeType": "text/csv", "buffer": DELIVERY.encode()}  # type: ignore[arg-type]
    )
    card = shown_card(panel, "delivery.csv")
    card.get_by_role("button", name="Check settings").click()
    expect(card).to_contain_text("There are 3 tables here, one below the other")
    for label, header, there, elsewhere in (
        ("table 1: calls", "3", "Call Type", "Site Name"),
        ("table 2: calls", "8", "B Party No", "Call Type"),
        ("table 3: cells", "11", "Site Name", "B Party No"),
    ):
        picked(card.get_by_label("Table", exact=True), label)
        expect(card.get_by_label("Header row")).to_have_value(header)
        expect(card.locator("tr.head", has_text=there)).to_be_visible()
        names = card.locator(".wb-column b")
        expect(names.get_by_text(there, exact=True)).to_be_visible()
        expect(card.get_by_role("cell", name=elsewhere, exact=True)).to_have_count(0)
        expect(names.get_by_text(elsewhere, exact=True)).to_have_count(0)
        if where := os.environ.get("WORKBENCH_SHOTS"):
            card.screenshot(path=f"{where}/tables-{header}.png")
    picked(column(card, "Site Name").locator("select"), "left out")
    expect(column(card, "Site Name")).to_contain_text("left out by the officer")
    picked(card.get_by_label("Table", exact=True), "table 2: calls")
    expect(card.get_by_label("Header row")).to_have_value("8")
    card.get_by_label("Header row").fill("9")
    card.get_by_label("Header row").press("Enter")
    expect(card.locator("tr.head", has_text="+447700900101")).to_be_visible()
    card.get_by_label("Header row").fill("8")
    card.get_by_label("Header row").press("Enter")
    expect(card.locator("tr.head", has_text="B Party No")).to_be_visible()
    card.get_by_role("button", name="Add", exact=True).click()
    expect(card.locator(".done")).to_contain_text("delivery.csv: read as table")
    panel.get_by_role("tab", name="Search").click()
    entered(panel, "seal changed at night", "harbour azimuth")
    expect(panel.locator(".hit:visible", has_text="Site Name")).to_have_count(0)


def test_the_panel_is_worked_by_keyboard_and_keeps_its_keys(panel: Locator, start: Window) -> None:
    page, cells = start.page, start.page.locator(".jp-Notebook .jp-Cell").count()
    panel.get_by_role("tab", name="Review").click()
    panel.get_by_role("button", name="Later").first.focus()
    for key in ("b", "d", "d"):
        page.keyboard.press(key)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells)
    panel.locator("[role=tab][tabindex='0']").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("tab", name="Search")).to_have_attribute("aria-selected", "true")
    assert panel.get_attribute("aria-label") == "Case"


def test_the_chart_draws_beside_the_panel(panel: Locator, start: Window) -> None:
    chart = start.run(2).locator(".wb-chart")
    chart.wait_for()
    expect(chart.locator("canvas").first).to_be_visible()
    start.page.wait_for_function("document.querySelector('.wb-chart')?.wbChart?.picture?.items.length > 1")
    expect(panel).to_have_count(1)
