"""What Send does while something of the message is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import piped
import practice
import pytest
from playwright.sync_api import expect
from test_desk import field, fill
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
