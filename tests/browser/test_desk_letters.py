"""A letter of request is written for its authority at the desk, and sent from nowhere."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import piped
import practice
import pytest
from playwright.sync_api import expect
from workbench_widgets import words

from workbench.messages.rules.rule_check import load_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_letter_is_exported_and_what_was_written_is_told(browser: Browser, tmp_path: Path, language: str) -> None:
    office, out = tmp_path / "office", tmp_path / "out"
    office.mkdir()
    out.mkdir()
    (office / "d001.json").write_text(json.dumps(load_samples()["letter"]), "utf-8")
    with piped.live(browser, tmp_path, practice.opened(office, 0, language=language)) as (page, _):
        page.locator(".wd-folder").nth(1).click()
        page.locator(".wd-line").click()
        send = page.locator(".wd-send")
        expect(send).to_have_text(words.Translator(language)("Export for authority…"))
        expect(
            page.get_by_role("button", name=words.Translator(language).word("Send", "verb"), exact=True)
        ).to_have_count(0)
        send.click()
        kind, folder, why = page.locator(".wd-asking .wd-input").all()
        expect(kind).to_be_focused()
        expect(kind.locator("option")).to_have_count(4)
        kind.select_option(".html")
        folder.fill(str(out))
        page.locator(".wd-asking .wd-primary").click()
        expect(why).to_be_focused()
        why.fill("MLA 9/2026")
        page.keyboard.press("Enter")
        told = page.locator(".wd-written")
        expect(told).to_contain_text(words.Translator(language)("Mark as sent…"))
        written = out / "letter.html"
        expect(told.locator("dd")).to_have_text([str(written), hashlib.sha256(written.read_bytes()).hexdigest()])
    assert written.read_text("utf-8").startswith("MLA 9/2026")
    assert (office / "d001.json").exists() and [*office.glob("*.sent")] == []


def test_a_letter_that_is_not_ready_is_not_exported(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    (office / "d001.json").write_text(json.dumps({**load_samples()["letter"], "requested_state": "England"}), "utf-8")
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.locator(".wd-folder").nth(1).click()
        page.locator(".wd-line").click()
        send = page.locator(".wd-send")
        expect(send).to_have_text("1 error blocks sending")
        send.click(force=True)  # aria-disabled: it tells where to go instead
        expect(page.locator('[data-place="requested_state"] :focus')).to_have_count(1)
        expect(page.locator(".wd-asking .wd-input")).to_have_count(0)
