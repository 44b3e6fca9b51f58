"""What an officer says of a message at the desk: that it is done, that it is not, that it went out otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import piped
import practice
import pytest
from playwright.sync_api import expect

from workbench.messages.rules.rule_check import load_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_message_is_settled_with_its_reason(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 3)) as (page, _):
        before = page.locator(".wd-line").count()
        page.locator(".wd-line").first.click()
        page.get_by_role("button", name="Mark as done…").click()
        why = page.locator(".wd-why input")
        expect(why).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".wd-line")).to_have_count(before)
        why.fill("Settled by telephone.")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("The message was marked as done.")
        expect(page.locator(".wd-line")).to_have_count(before - 1)
        page.get_by_role("button", name="Done", exact=False).click()
        expect(page.locator(".wd-line")).to_have_count(1)
    assert [path.read_text("utf-8") for path in office.glob("*.done")] == ["Settled by telephone."]


def test_a_message_that_is_done_is_opened_again_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 3)) as (page, _):
        before = page.locator(".wd-line").count()
        for key, told, left in (
            ("d", "The message was marked as done.", before - 1),
            ("d", "The message is open again.", 0),
        ):
            page.locator(".wd-list").focus()
            page.keyboard.press("Enter")
            expect(page.locator(".wd-settle")).to_be_visible()
            page.keyboard.press(key)
            why = page.locator(".wd-why input")
            expect(why).to_be_focused()
            page.keyboard.type("As told by telephone.")
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_have_text(told)
            expect(page.locator(".wd-line")).to_have_count(left)
            page.get_by_role("group", name="Folders").get_by_role("button").nth(4 if key == "d" and left else 0).click()
        expect(page.locator(".wd-line")).to_have_count(before)
    assert [path.suffix for path in office.iterdir()] == [".reopened"]


def test_what_went_out_otherwise_to_some_is_changed_no_more_and_goes_to_the_rest(
    browser: Browser, tmp_path: Path
) -> None:
    office = tmp_path / "office"
    office.mkdir()
    (office / "d001.json").write_text(json.dumps({**load_samples()["message"], "to": ["XB-NCB", "XC-NCB"]}), "utf-8")
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.get_by_role("button", name="Drafts").click()
        page.locator(".wd-line").click()
        page.locator(".wd-went").click()
        how = page.get_by_label("How it was sent")
        expect(how).to_be_focused()
        page.get_by_label("XC-NCB").uncheck()
        how.fill("by post")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Marked as sent to XB-NCB by post.")
        page.get_by_role("button", name="Drafts").click()
        page.locator(".wd-line").click()
        expect(page.locator(".wd-gone")).to_contain_text("You can still send it to the other addressees.")
        expect(page.locator(".wd-gone dt")).to_have_text(["XB-NCB", "XC-NCB"])
        expect(page.locator(".wd-gone dd")).to_have_text(["sent", "not sent"])
        expect(page.locator(".wd-preview")).to_be_visible()
        expect(page.locator(".wd-form")).to_have_count(0)
        expect(page.locator(".wd-tabs")).to_have_count(0)
        expect(page.locator(".wd-send")).to_have_text("Send to other addressees")
        page.locator(".wd-went").click()
        expect(page.locator(".wd-whom")).to_have_count(0)
        page.get_by_label("How it was sent").fill("by e-mail")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Marked as sent to XC-NCB by e-mail.")
        page.locator(".wd-line").click()
        expect(page.locator(".wd-part", has_text="Addressees").locator("dd")).to_have_text(["sent", "sent"])
