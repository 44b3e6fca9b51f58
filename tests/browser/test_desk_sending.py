"""What Send does while something of the message is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import piped
import practice
import pytest
from playwright.sync_api import expect
from test_desk import field, fill
from test_desk_looks import MESSAGES
from waiting import becomes

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_to_send_what_has_open_warnings_goes_to_the_first_of_them(browser: Browser, tmp_path: Path) -> None:
    office = tmp_path / "office"
    with piped.live(browser, tmp_path, practice.opened(office, 0)) as (page, _):
        page.locator(".wd-new").select_option("message")
        field(page, "subject").fill("FRAUD / IDENTIFICATION / OLIVEIRA")
        fill(page)
        send, allow = page.locator(".wd-send"), page.locator(".wd-allow")
        expect(send).to_have_text("Send")
        expect(allow).not_to_have_count(0)
        expect(send).to_have_attribute("aria-disabled", "true")
        send.hover()
        seen = "getComputedStyle(document.querySelector('.wd-send'))"
        plain = "getComputedStyle(document.querySelector('.wd-discard'))"
        becomes(page, f"{seen}.color === {plain}.color && {seen}.backgroundColor !== 'rgb(8, 78, 155)'", value=True)
        send.click(force=True)  # aria-disabled: it tells where to go instead
        becomes(page, "document.activeElement.closest('[data-worst=warning]') !== null", value=True)
        expect(page.locator(".wd-problem")).to_have_count(0)
    assert [*office.glob("*.sent")] == []


def test_what_a_reply_is_linked_with_and_discloses_is_seen_before_it_goes(browser: Browser, tmp_path: Path) -> None:
    desk = practice.opened(tmp_path / "office", messages=MESSAGES)
    with piped.live(browser, tmp_path, desk) as (page, _):
        page.locator(".wd-line").nth(1).click()
        page.locator(".wd-reading .wd-primary").click()
        links, discloses = (page.locator(f"details[data-about={name}]") for name in ("links", "discloses"))
        expect(links).not_to_have_attribute("open", "")
        discloses.locator("summary").click()
        expect(discloses.locator(".wd-count")).to_have_text("0")
        expect(discloses).to_contain_text("The message does not disclose anything yet")
        page.locator('[data-place="persons"] .wd-add').click()
        field(page, "persons[0].family_name").fill("OLIVEIRA")
        field(page, "persons[0].phones").fill("+447700900123")
        expect(discloses.locator(".wd-count")).to_have_text("1")
        expect(discloses.locator(".wd-card")).to_contain_text("XB-NCB")
        expect(links.locator(".wd-count")).to_have_text(str(len(MESSAGES)))
        page.locator(".wd-tab").nth(1).click()
        page.locator(".wd-preview").wait_for()
        links.locator("summary").click()
        expect(links.locator(".wd-card").first).to_contain_text("+447700900123")
        assert not page.locator(".wd-preview").get_by_text("the same identifier").count()
