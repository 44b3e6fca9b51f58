"""Why a reader takes a file is a sentence of the catalogue, and is told in the language of whoever adds the file."""

from __future__ import annotations

import ast
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case import planning, showing
from workbench.case.case import open_case
from workbench.ingest import READERS
from workbench.model.catalogue import HERE, LANGUAGES, Sentence, Voice
from workbench.model.rewording import sentence
from workbench.views import wizard

ROOM = HERE.parents[1] / "ingest"
TEXT = b"He rang on Monday.\n"


def _plain(path: Path) -> list[str]:
    """Places where `detect` answers with text of its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("detect")]
    answers = [node.value for one in asked for node in ast.walk(one) if isinstance(node, ast.Return)]
    parts = [part for answer in answers if answer for part in (getattr(answer, "body", answer), answer)]
    return [
        f"{path.name}:{part.lineno}"
        for part in parts
        if isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and part.value)
    ]


def test_no_reader_says_in_plain_english_why_it_takes_a_file() -> None:
    assert READERS
    assert [place for path in sorted(ROOM.rglob("*.py")) for place in _plain(path)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wizard_tells_why_a_file_is_read_so(tmp_path: Path, language: str) -> None:
    say = Voice(language)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=language)) as case:
        plan = planning.plan_of(case.book, "memo.txt", TEXT)
        why = say("detected.plain", suffix=".txt")
        card = wizard.Card(showing.desk(case), plan, lambda: None)
        assert why in card.head.value
        assert why in showing.desk(case).added(plan.add())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_tells_why_a_file_was_passed_over(tmp_path: Path, language: str) -> None:
    (tmp_path / "seized").mkdir()
    (tmp_path / "seized" / "memo.txt").write_bytes(TEXT)
    (tmp_path / "seized" / ".hidden").write_bytes(TEXT)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        rows = case.add(tmp_path / "seized").set_index("name")
    why = sentence(str(rows.loc[".hidden", "why"]), "detected")
    assert isinstance(why, Sentence)
    assert why.told(language) == Voice(language)("detected.passed.hidden")
