"""Mass rows of a pseudonymised copy: every column of texts is rewritten, unless nothing but codes of ours stands in it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.case.copies import make_copy
from tests.case.everywhere import Needles, anywhere
from workbench.case.case import open_case
from workbench.case.privacy.pseudonyms.row_rewriter import CODES, COLUMNS
from workbench.model.table_schemas import MASS

NAME = "Zorblax Quillfeather"
FILES = {
    "persons.csv": "Surname,First name,Telephone\nQuillfeather,Zorblax,+447700900101\nGrindlewick,Barnaby,+447700900102\n",
    "calls.csv": (
        "Calling Number,Called Number,Call Type,Start Time,Duration,Cell ID,Operator,Roaming,Switch\n"
        f"+447700900101,+447700900102,Voice,2024-03-01T08:00:00,5,Quay Yard,{NAME},GB,+447700900102\n"
        f"+447700900101,+447700900102,Voice,called by {NAME},asked +447700900199,10453,Vodafone,Quillfeather,MSC1\n"
    ),
    "bank.csv": (
        "Date,Amount,Currency,Payer account,Payer,Beneficiary account,Beneficiary,Purpose\n"
        f"2024-03-01,10.00,EUR,GB82WEST12345698765432,{NAME},DE89370400440532013000,Barnaby Grindlewick,rent +447700900198\n"
        f"said by {NAME},11.00,Quillfeather,GB82WEST12345698765432,{NAME},DE89370400440532013000,Barnaby Grindlewick,rent\n"
    ),
    "cells.csv": (
        "Cell ID,Cell Name,Address,Latitude,Longitude,Azimuth,Technology,Operator,Valid from\n"
        f"234-10-1234-5678,Mast One,1 High St,51.50001,0.10001,120,{NAME},Quillfeather,{NAME}\n"
        "234-10-1234-5679,Mast Two,2 High St,51.51001,0.11001,120,4G,VF,2020-01-01\n"
    ),
}


def test_of_every_column_of_texts_is_said_what_becomes_of_it_in_a_copy() -> None:
    texts = {name for columns in MASS.values() for name, kind in columns.items() if kind == "string"}
    assert texts == {*COLUMNS, *CODES} and not CODES & COLUMNS.keys()


@pytest.mark.slow
def test_names_and_numbers_go_from_every_column_and_times_and_codes_stay(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
        case.add(tmp_path / name, zone="UTC")
    made = make_copy(case, tmp_path)
    cells: dict[str, set[object]] = {}
    for path in (made.folder / "rows").rglob("*.parquet"):
        for name, values in pq.read_table(path).to_pydict().items():
            cells.setdefault(name, set()).update(values)
    texts = " ".join(str(one) for values in cells.values() for one in values)
    for needle in (
        "Quillf",
        "Zorblax",
        "Barnaby",
        "Quay Yard",
        "10453",
        "900101",
        "900199",
        "900198",
        "MSC1",
        "WEST1234",
    ):
        assert needle not in texts, needle
    assert "2020-01-01" in cells["valid_from"] and "voice" in cells["event"]
    assert {"GB"} <= cells["roaming"] and "4G" in cells["technology"]
    assert anywhere(made.folder, Needles(["Zorblax", "Quillfeather", "7700900101", "7700900199"])) == []
