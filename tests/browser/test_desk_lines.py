"""The lines of the inbox tell band, deadline, mark, type and category in full, in every language, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import piped
import practice
import pytest
from workbench_widgets import words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FULL = {
    "band": "danger to life", "points": 4, "deadline": "2026-11-24", "mark": "RESTRICTED", "stated": "fraud", "category": "vehicles",
    "confidence": 0.82, "decided": False,
}  # fmt: skip
"""All that a line can tell."""
TYPES = ("acknowledgement", "request", "letter", "cancellation", "notice", "reminder")
CUT = """() => [...document.querySelectorAll(".wd-line")].flatMap((line) =>
  [...line.querySelectorAll(".wd-chip, .wd-who")].filter((chip) => {
  const [box, edge] = [chip.getBoundingClientRect(), line.getBoundingClientRect()];
  const inside = box.left >= edge.left && box.right <= edge.right && box.bottom <= edge.bottom;
  return !inside || chip.scrollWidth > chip.clientWidth;
}).map((chip) => chip.textContent))"""
"""What reaches beyond its line, or has its words cut."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_line_shows_all_that_it_tells(browser: Browser, tmp_path: Path, language: str, scheme: str) -> None:
    desk = practice.opened(tmp_path / "office", 6, language=language)
    desk.rows = [{**row, **FULL, "guessed": at % 2 == 1, "type": TYPES[at]} for at, row in enumerate(desk.rows)]
    with piped.live(browser, tmp_path, desk, color_scheme=scheme) as (page, _):
        page.evaluate(
            "(now) => { Date.now = () => now; document.querySelector('.wd').wbView.build(); }",
            practice.NOW.timestamp() * 1000,
        )
        for width in (1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator(".wd-line").first.locator(".wd-chip").count() == 6
            assert page.evaluate(CUT) == [], width
