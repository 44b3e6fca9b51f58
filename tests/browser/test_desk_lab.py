"""The message desk of a case in a real JupyterLab: read, write, mend and keep a draft over a restart of the kernel; send it sealed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import labdriver
import pytest
from labdriver import Server, Window
from playwright.sync_api import Browser, Locator, expect

import workbench as wb
from tests.case.desk.test_showing import FACTS, SAMPLE
from workbench.case.desk.messages import filing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELLS = (
    'import os, workbench as wb\ncase = wb.open_case(os.environ["WORKBENCH_CASE"], officer="ada", purpose="training")',
    "case.desk.show()",
    'print(case.desk.drafts.list()["subject"].tolist())',
)
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case into which messages came, one with a hostile subject, and a notebook."""
    root = tmp_path_factory.mktemp("desk")
    case = wb.open_case(root / "cases" / "first", officer="ada", purpose="training", title="Harbour")
    for at, subject in enumerate(("FRAUD / OLIVEIRA", "<img src=x onerror=window.pwned=1>", "احتيال / أوليفيرا")):
        one = replace(
            SAMPLE, our_ref=f"XB-{at}", message_id=f"M-{at}", thread_id=f"T-{at}", from_bureau="XB-NCB", to=("XA-NCB",)
        )
        filing.file_message(case.context, replace(one, subject=subject), direction="incoming")
    case.close()
    labdriver.notebook(root / "notebooks" / "desk.ipynb", CELLS)
    return root


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Server]:
    with labdriver.server(folder, folder / "cases" / "first") as running:
        yield running


@pytest.fixture(scope="module")
def window(lab: Server, browser: Browser) -> Window:
    """The notebook, with its case open."""
    made = labdriver.window(browser, lab.base)
    made.page.goto(lab.address)
    made.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    made.page.goto(f"{lab.base}/doc/tree/notebooks/desk.ipynb")
    made.page.get_by_role("button", name="| Idle").wait_for()
    made.run(0)
    return made


@pytest.fixture(scope="module")
def desk(window: Window) -> Locator:
    return shown(window)


@pytest.fixture(autouse=True)
def inert(window: Window) -> Iterator[None]:
    """After each test: nothing outside was asked for, nothing of the material ran, no page failed."""
    yield
    assert (window.outside, window.dialogs, window.errors) == ([], [], [])
    assert window.page.evaluate("window.pwned ?? null") is None


def shown(window: Window) -> Locator:
    """The desk, when its lines are there."""
    made = window.run(1).locator(".wd").last
    made.locator(".wd-line").first.wait_for()
    return made


def control(desk: Locator, place: str) -> Locator:
    return desk.locator(f'[data-place="{place}"]').locator("textarea, input, select").first


def shot(desk: Locator, name: str) -> None:
    if SHOTS:
        desk.screenshot(path=f"{SHOTS}/desk-lab-{name}.png")


def test_a_message_is_read_with_its_links(window: Window, desk: Locator) -> None:
    expect(window.page.locator(".jp-OutputArea-output [data-wb-twin]")).to_be_hidden()
    expect(desk.locator(".wd-line")).to_have_count(3)
    desk.locator(".wd-line", has_text="FRAUD / OLIVEIRA").click()
    desk.locator("button.wd-named", has_text="+447700900123").click()
    expect(desk.locator(".wd-links")).to_contain_text("in 2 other messages from 1 country (XB)")
    shot(desk, "links")


def test_a_key_writes_a_message_and_no_cell(window: Window, desk: Locator) -> None:
    cells = window.page.locator(".jp-Notebook .jp-Cell").count()
    desk.locator(".wd-list").focus()
    window.page.keyboard.press("c")
    control(desk, "summary_of_facts").fill(FACTS)
    guilt = desk.locator('[data-place="summary_of_facts"] .wd-note', has_text="states guilt")
    expect(guilt).to_be_visible()
    shot(desk, "compose")
    guilt.get_by_role("button", name="Fix").click()
    expect(control(desk, "summary_of_facts")).to_have_value(FACTS.replace("the criminal", "the suspect"))
    expect(guilt).to_have_count(0)
    control(desk, "subject").fill("written before the restart")
    expect(desk.locator(".wd-state")).to_have_text("Saved")
    assert window.page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_a_draft_outlives_a_restart_of_the_kernel_and_so_does_what_was_typed_meanwhile(
    window: Window, desk: Locator
) -> None:
    window.page.locator('[data-command="notebook:restart-kernel"], [data-command="kernelmenu:restart"]').first.click()
    window.page.get_by_role("button", name="Confirm Kernel Restart").or_(
        window.page.get_by_role("button", name="Restart")
    ).last.click()
    window.page.get_by_role("button", name="| Idle").wait_for()
    control(desk, "our_ref").fill("XA-typed-meanwhile")
    expect(desk.locator(".wd-state")).to_contain_text("only on this page")
    shot(desk, "gone")
    window.run(0)
    again = shown(window)
    again.locator(".wd-folder", has_text="Drafts").click()
    again.locator(".wd-line", has_text="written before the restart").click()
    expect(control(again, "summary_of_facts")).to_have_value(FACTS.replace("the criminal", "the suspect"))
    expect(control(again, "our_ref")).to_have_value("XA-typed-meanwhile")
    expect(again.locator(".wd-state")).to_have_text("Saved")
    shot(again, "again")
    printed = window.run(2).locator("pre").last
    expect(printed).to_contain_text("written before the restart")
