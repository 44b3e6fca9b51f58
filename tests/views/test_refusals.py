"""What is refused at a click is told in the language of the case, room by room."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

import workbench as wb
from workbench.case import unlocking
from workbench.model.catalogue import LANGUAGES, catalogue
from workbench.views.entrance import Entrance


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


def words(key: str, language: str) -> str:
    """The longest part of a refusal without a value, as it stands in a page."""
    return escape(max(re.split(r"\{\w+\}", catalogue(language)[f"refused.{key}"]), key=len).strip())


@pytest.fixture(params=LANGUAGES)
def entrance(request: pytest.FixtureRequest, tmp_path: Path) -> Entrance:
    """A start page that is asked to open a locked case."""
    wb.open_case(tmp_path / "c", officer="ada", purpose="test", passphrase="four old boats", encrypted=True).close()
    unlocking.forget(tmp_path / "c")
    page = wb.start(tmp_path / "c", language=request.param)
    assert isinstance(page.body.children[0], Entrance)
    return page.body.children[0]


def test_a_wrong_passphrase_is_told_at_the_entrance(entrance: Entrance, tmp_path: Path) -> None:
    entrance.who.fields["officer"].text.value = "ada"
    entrance.who.fields["passphrase"].text.value = "another passphrase"
    entrance.enter(str(tmp_path / "c"))
    assert words("open.passphrase", entrance.say.language) in entrance.said.value


def test_a_folder_that_will_not_do_is_told_beside_its_field(entrance: Entrance, tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "letter.txt").write_text("x")
    entrance.other.folder.text.value = str(tmp_path / "f")
    entrance.other.enter()
    assert words("open.other_files", entrance.say.language) in escape(entrance.other.folder.wrong)
