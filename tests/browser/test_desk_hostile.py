"""Texts of strangers through every field of the message desk: read, written, previewed and saved, they are texts and nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import hostile_desk
import piped
import practice
import pytest
from playwright.sync_api import expect
from standalone import opened
from test_desk import field, notes
from test_widgets_hostile import TEXTS, Looked, harmless
from waiting import drawn_again, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")


def shot(page: Page, name: str) -> None:
    """A picture to look at, where a folder is given."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/hostile-desk-{name}.png")


def scrolled(page: Page, looked: Looked) -> None:
    """Look at every part of the list."""
    for at in range(0, page.locator(".wd-list").evaluate("e => e.scrollHeight"), 400):
        page.locator(".wd-list").evaluate("(e, at) => { e.scrollTop = at; }", at)
        drawn_again(page)
        looked.look()


def worked(browser: Browser, folder: Path, texts: Sequence[str]) -> Looked:
    """A desk on which everything was opened."""
    with piped.live(browser, folder, hostile_desk.desk(texts)) as (page, _):
        page.evaluate("for (const one of document.scripts) one.dataset.ours = 'yes'")
        looked = Looked(page)
        for folder_at in (0, 1, 2):
            page.locator(".wd-folder").nth(folder_at).click()
            scrolled(page, looked)
        page.locator(".wd-folder").first.click()
        page.locator(".wd-line").first.click()
        page.locator(".wd-reading").wait_for()
        looked.look()
        shot(page, "read")
        page.locator("button.wd-named").first.click()
        page.locator(".wd-links").wait_for()
        looked.look()
        page.locator(".wd-folder").nth(1).click()
        page.locator(".wd-line").nth(2).click()
        page.locator(".wd-form").wait_for()
        looked.look()
        shot(page, "compose")
        page.locator(".wd-allow").first.click()
        looked.look()
        for issue in range(0, len(texts), 7):
            page.locator(".wd-issue .wd-what").nth(issue).click()
        page.locator(".wd-mend").first.click()
        looked.look()
        page.locator(".wd-tab").nth(1).click()
        page.locator(".wd-preview").wait_for()
        looked.look()
        assert page.evaluate("window.pwned ?? null") is None
    return looked


def test_texts_of_strangers_are_texts_at_the_desk(browser: Browser, tmp_path: Path) -> None:
    theirs = worked(browser, tmp_path, TEXTS)
    ours = worked(browser, tmp_path, harmless(TEXTS))
    assert theirs.kinds <= ours.kinds, theirs.kinds - ours.kinds
    assert theirs.missing(TEXTS) == []


def test_texts_of_strangers_go_back_as_they_were_written(browser: Browser, tmp_path: Path) -> None:
    made = hostile_desk.desk(TEXTS)
    told: dict[str, object] = {}
    made.office.change = lambda draft, values: told.update(values) or made.office.draft(draft)  # type: ignore[method-assign]
    with piped.live(browser, tmp_path, made) as (page, _):
        page.locator(".wd-folder").nth(1).click()
        page.locator(".wd-line").nth(2).click()
        facts = page.locator('[data-place="facts"] textarea')
        facts.press("End")
        facts.press("Control+End")
        page.keyboard.type("!")
        until(page, lambda: str(told.get("facts", "")).endswith("!"))
    before = hostile_desk.values(made.office.texts)["facts"].replace("\r\n", "\n").replace("\r", "\n")  # type: ignore[attr-defined]
    assert str(told["facts"]).replace("\r", "\n") == before + "!"


def test_an_override_that_is_pasted_turns_nothing_round_and_goes_at_a_click(browser: Browser, tmp_path: Path) -> None:
    with piped.live(browser, tmp_path, practice.opened(tmp_path / "office", 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        facts = field(page, "summary_of_facts")
        facts.fill("She is \u202elive and the cri\u200bminal is known.")
        expect(facts).to_have_value("She is ⟨U+202E⟩live and the cri\u200bminal is known.")
        expect(page.locator(".wd-under", has_text="⟨U+202E⟩live")).to_have_count(1)
        mirrored = "e => e.textContent === e.parentElement.querySelector('textarea').value + '\\n'"
        assert page.locator("[data-place=summary_of_facts] .wd-mirror").evaluate(mirrored)
        hidden = notes(page, "summary_of_facts").filter(has_text="invisible characters")
        expect(hidden).to_have_count(2)
        expect(hidden.nth(1)).to_contain_text("cri⟨U+200B⟩minal")
        expect(notes(page, "summary_of_facts").filter(has_text="states guilt")).to_contain_text("the criminal")
        hidden.first.get_by_role("button", name="Fix").click()
        expect(facts).to_have_value("She is live and the cri\u200bminal is known.")
        hidden.first.get_by_role("button", name="Fix").click()
        expect(facts).to_have_value("She is live and the criminal is known.")
        expect(hidden).to_have_count(0)


def test_a_saved_page_with_texts_of_strangers_holds_texts_only(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, hostile_desk.desk(TEXTS).to_html(), check=False) as (page, seen):
        page.locator(".wd-line").first.click()
        page.locator(".wd-reading").wait_for()
        looked = Looked(page)
        looked.look()
        assert seen.dialogs == [] and seen.errors == [] and page.evaluate("window.pwned ?? null") is None
