"""A rule that sets material aside takes nothing of which its officer may not know, and tells nobody of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.test_hidden_inside import HIDDEN_FILES, make
from workbench.case.case import Case, open_case
from workbench.errors import CaseError

RULES = {
    "sender": {"sender": "dora@x.example"}, "term": {"term": "Open body"}, "until": {"until": "2030-01-01"},
    "inner file": {"folder": "part.zip/in.zip/four.txt"}, "archive": {"folder": "hidden-all.zip"},
}  # fmt: skip


def ask(place: Path, officer: str, question: Callable[[Case], object]) -> object:
    with closing(open_case(place, officer=officer, purpose="test")) as case:
        return question(case)


def list_secrets(case: Case) -> list[str]:
    return sorted(text for text in case.context.passages["text"] if "Quill" in text)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_takes_nothing_of_which_its_officer_may_not_know(tmp_path: Path, rule: str) -> None:
    place = make(tmp_path / "w", files=tuple(HIDDEN_FILES))
    before = ask(place, "eve", list_secrets)
    assert before
    ids = [
        ask(place, "bob", lambda case: case.sources.exclude(because="x", **RULES[rule])["set_aside_id"][0])
        for _ in "ab"
    ]
    assert ids[0] == ids[1]
    assert ask(place, "eve", list_secrets) == before
    ask(place, "eve", lambda case: case.sources.exclude(because="y", **RULES[rule]))
    assert ask(place, "eve", list_secrets) != before


def test_a_folder_without_a_name_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.", "utf-8")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="training")) as case:
        case.add(tmp_path / "a.txt")
        with pytest.raises(CaseError, match="'/' matches 0 sources"):
            case.sources.exclude(folder="/", because="x")
