"""The head of the desk is one line in every language, from 900 pixels up."""

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
TITLE = "Harbour of Port Valdorra: stolen vehicles"
MARK = "EXERCISE – FOR TRAINING ONLY"
FOLDERS = ("drafts", "sent", "waiting", "done", "copies")
WRONG = """() => {
  const head = document.querySelector(".wd-head"), edge = head.getBoundingClientRect();
  const parts = [...head.querySelectorAll(".wd-name, .wd-marked, .wd-folder, select")];
  const boxes = parts.map((one) => [one.textContent, one.getBoundingClientRect()]);
  const line = (box) => box.top < (edge.top + edge.bottom) / 2 && box.bottom > (edge.top + edge.bottom) / 2;
  const outside = boxes.filter(([, box]) => !line(box) || box.left < edge.left || box.right > edge.right);
  const sorted = [...boxes].sort(([, one], [, other]) => one.left - other.left);
  const over = sorted.filter(([, box], at) => at && box.left < sorted[at - 1][1].right);
  const cut = parts.filter((one) => one.matches(".wd-folder") && one.scrollWidth > one.clientWidth).map((one) => [one.textContent]);
  return [...outside, ...over, ...cut].map(([text]) => text);
}"""
"""What stands in no line with the rest, lies over something else, or has its label cut."""


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_head_is_one_line(browser: Browser, tmp_path: Path, language: str) -> None:
    desk = practice.opened(tmp_path / "office", 40, language=language, title=TITLE, mark=MARK)
    folders = dict(enumerate(FOLDERS))
    desk.rows = [{**row, "folder": folders.get(at, "inbox")} for at, row in enumerate(desk.rows)]
    with piped.live(browser, tmp_path, desk) as (page, _):
        for width in (900, 980, 981, 1080, 1217, 1240, 1241, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator(".wd-folder").count() == 6
            assert page.evaluate(WRONG) == [], width
            assert page.evaluate("document.querySelector('.wd-marked').clientWidth") >= 80
