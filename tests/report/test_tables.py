"""Tables for spreadsheets: never a formula, never a silent cut, the same twice."""

from __future__ import annotations

import csv as csv_format
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.report.payloads import PAYLOADS
from workbench.report import csv, guard, unguard, xlsx
from workbench.report.blocks import visible

FORMULAE = (
    "=1+1",
    "+44 7700 900142",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "=cmd|' /C calc'!A0",
    "'=1",
    '=HYPERLINK("x")',
)


@pytest.mark.parametrize("text", FORMULAE)
def test_a_formula_is_guarded(text: str) -> None:
    cells = list(csv_format.reader(io.StringIO(csv(pd.DataFrame({"a": [text]})), newline="")))
    assert cells == [["a"], ["'" + text]]


@given(st.text())
def test_the_guard_can_be_taken_off(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_csv_comes_back(texts: list[str]) -> None:
    cells = list(csv_format.reader(io.StringIO(csv(pd.DataFrame({"a": texts})), newline="")))
    assert [unguard(row[0]) if row else "" for row in cells[1:]] == texts


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    texts = [*FORMULAE, *PAYLOADS]
    sheet = load_workbook(io.BytesIO(xlsx({"a/b": pd.DataFrame({"=A1": pd.Series(texts, dtype=object)})})))["a b"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    wanted = [visible(text) for text in texts]
    assert [cell.value for cell in cells[1:]] == wanted


def test_values_keep_their_kind() -> None:
    frame = pd.DataFrame(
        {
            "n": [np.int64(3)],
            "x": [float("nan")],
            "l": [["a", "b"]],
            "b": [np.bool_(True)],
            "t": [pd.Timestamp("2026-01-01")],
            "o": [None],
        }
    )
    assert csv(frame).splitlines()[1] == "3,,a; b,True,2026-01-01 00:00:00,"
    row = [cell.value for cell in load_workbook(io.BytesIO(xlsx({"s": frame})))["s"][2]]
    assert row == [3, None, "a; b", True, "2026-01-01 00:00:00", None]


def test_a_cut_is_said() -> None:
    value = load_workbook(io.BytesIO(xlsx({"s": pd.DataFrame({"a": ["x" * 40_000]})})))["s"]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("the CSV has the whole text]")


def test_the_same_table_gives_the_same_workbook() -> None:
    frames = {"s": pd.DataFrame({"a": ["=1", "b"]})}
    assert xlsx(frames) == xlsx(frames)


def test_unguarded_csv_is_as_it_is() -> None:
    assert csv(pd.DataFrame({"a": ["=1"]}), guarded=False) == "a\r\n=1\r\n"
