"""Why a reader takes a file is a sentence of the catalogue, and is told in the language of whoever adds the file."""

from __future__ import annotations

import ast
import html
from contextlib import closing
from pathlib import Path

import ipywidgets as w
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

from workbench.case import case_panel
from workbench.case.case import open_case
from workbench.case.sources import import_plan
from workbench.ingest import READERS
from workbench.model.catalogue import HERE, LANGUAGES, Translator, translate
from workbench.views import table_display, wizard

ROOM = HERE.parents[1] / "ingest"
TEXT = b"He rang on Monday.\n"
NAMES = {"detect", "detect_workbook"}
"""What readers call the function that says whether a file is theirs, and its parts."""
CALLS = b"From,To,Start\n" + b"".join(b"+351912000001,+35191200000%d,2026-01-02 10:00\n" % n for n in range(2, 8))


def _plain(path: Path) -> list[str]:
    """Places where `detect` answers with text of its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in NAMES]
    answers = [node.value for one in asked for node in ast.walk(one) if isinstance(node, ast.Return)]
    parts = [part for answer in answers if answer for part in (getattr(answer, "body", answer), answer)]
    return [
        f"{path.name}:{part.lineno}"
        for part in parts
        if isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and part.value)
    ]


@pytest.mark.slow
def test_no_reader_says_in_plain_english_why_it_takes_a_file() -> None:
    assert READERS
    assert [place for path in sorted(ROOM.rglob("*.py")) for place in _plain(path)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wizard_tells_why_a_file_is_read_so(tmp_path: Path, language: str) -> None:
    told = Translator(language)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=language)) as case:
        plan = import_plan.plan_of(case.context, "memo.txt", TEXT)
        why = told("detected.plain", suffix=".txt")
        card = wizard.FileCard(case_panel.build_panel_backend(case), plan, lambda: None)
        assert why in card.head.value
        assert why in case_panel.build_panel_backend(case).read_added(plan.add())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wizard_tells_why_a_column_is_taken(tmp_path: Path, language: str) -> None:
    told = Translator(language)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=language)) as case:
        card = wizard.FileCard(
            case_panel.build_panel_backend(case), import_plan.plan_of(case.context, "calls.csv", CALLS), lambda: None
        )
        shown = html.unescape(" ".join(one.value for one in _pages(wizard.Columns(wizard.Editor(card), ""))))
    for field in ("a", "b", "start"):
        assert told("ground.header", could=told(f"could.{field}")) in shown
    assert language == "en" or "the header means" not in shown


def _pages(box: w.Widget) -> list[w.HTML]:
    """Pages within a widget."""
    inner = [page for one in getattr(box, "children", ()) for page in _pages(one)]
    return [box, *inner] if isinstance(box, w.HTML) else inner


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notebook_prints_why_a_file_was_passed_over_and_the_row_stays_english(tmp_path: Path, language: str) -> None:
    (tmp_path / "seized").mkdir()
    for name in ("memo.txt", ".hidden"):
        (tmp_path / "seized" / name).write_bytes(TEXT)
    formatter = DisplayFormatter()
    table_display.register_formats(formatter)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=language)) as case:
        rows = case.add(tmp_path / "seized")
    with pd.option_context("display.max_colwidth", None):
        printed = formatter.format(rows)[0]["text/html"]
    assert set(rows["why"]) == {translate(key, suffix=".txt") for key in ("detected.plain", "detected.passed.hidden")}
    assert Translator(language)("detected.plain", suffix=".txt") in printed
    assert Translator(language)("detected.passed.hidden") in printed
    assert Translator(language)("word.passed_over") in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notebook_prints_what_the_doctor_found_in_the_language_of_the_case(tmp_path: Path, language: str) -> None:
    told, formatter = Translator(language), DisplayFormatter()
    table_display.register_formats(formatter)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=language)) as case:
        found = case.storage.check()
    assert set(found["state"]) <= {"well", "look"}
    page, text = (formatter.format(found)[0][form] for form in ("text/html", "text/plain"))
    assert all(told(key) in page for key in ("checkup.part.controller", "checkup.well", "checkup.whole"))
    assert told("checkup.part.controller") in text
