"""What a case refuses at a click stands on the desk in its language, in its direction."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import piped
import pytest
from playwright.sync_api import expect

import workbench as wb
from workbench.model.catalogue import Translator, translate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")
"""A folder for pictures to look at; none where it is empty."""


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_file_above_the_clearance_is_refused_in_the_language(browser: Browser, tmp_path: Path, language: str) -> None:
    papers, voice = tmp_path / "papers.txt", Translator(language)
    papers.write_text("Forged papers.", "utf-8")
    case = wb.open_case(tmp_path / "case", officer="ada", purpose="training", language=language)
    with closing(case), piped.live(browser, tmp_path, case.desk.show(language=language)) as (page, _):
        page.locator(".wd-new").select_option("message")
        page.locator(".wd-attach").click()
        asked = page.locator(".wd-asking")
        asked.locator("input[type=file]").set_input_files(papers)
        asked.locator("select").select_option("RESTRICTED")
        asked.locator(".wd-primary").click()
        told = page.locator(".wd-problem")
        expect(told).to_contain_text(translate("yours.level", language))
        why = voice(
            "{name} was not attached. It is {level}, so you would not be able to see it in the "
            "case: {why}. Ask an officer with this clearance to attach the file.",
            name="papers.txt",
            level="RESTRICTED",
            why=voice("yours.level"),
        )
        expect(told).to_have_text(why)
        expect(page.locator(".wd")).to_have_attribute("dir", voice.direction)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"refusal-{language}.png")
