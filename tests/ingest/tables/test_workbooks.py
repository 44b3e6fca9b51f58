"""Workbooks: every sheet is read, and a hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import Make, codes, workbook
from workbench.errors import SourceError
from workbench.ingest import detect, read
from workbench.model.rows import Document, Trace


def test_a_workbook(made: Make) -> None:
    data = workbook(
        {
            "Calls": [
                ["Request 7", None, None],
                ["Calling Number", "Called Number", "Start Time", "Duration"],
                ["+447700900123", 447700900456, datetime(2022, 7, 4, 10, 0, 5), 61.0],
                ["+447700900123", 447700900456123456, datetime(2022, 7, 4, 10, 0, 5), "=1+1"],
            ],
            "Notes": [["Name", "Remarks"], ["Ada Winter", "x"]],
            "Empty": [],
        }
    )
    file = made("book.xlsx", data)
    assert "workbook" in detect(file).reason
    rows = list(read(file, {"region": "GB"}))
    assert [d.title for d in of(Document, rows)] == [
        "book.xlsx, sheet Calls",
        "book.xlsx, sheet Notes",
        "book.xlsx, sheet Empty",
    ]
    assert "sheet Calls row 3" in {t.place for t in of(Trace, rows)}
    assert values(rows, "TelephoneNumber", "number") == {"+447700900123", "+447700900456"}
    assert values(rows, "Call", "startDate") == {"2022-07-04T10:00:05"}
    assert values(rows, "Call", "duration") == {"61"}  # a formula without a stored value is nothing
    assert {"C-15", "empty"} <= set(codes(rows))


def test_a_bomb_is_refused(made: Make) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    with pytest.raises(SourceError, match="would unpack to 50,000,000 bytes in 1 files"):
        list(read(made("bomb.xlsx", out.getvalue())))


def test_damaged_workbooks_are_refused(made: Make) -> None:
    data = workbook({"A": [["Name"], ["x"]]})
    for broken in (data[:200], data[:-30], data.replace(b"workbook", b"wxrkbook")):
        with pytest.raises(SourceError, match=r"cannot be read as a workbook|no reader takes"):
            list(read(made("a.xlsx", broken)))


def test_entities_of_xml_are_not_expanded(made: Make) -> None:
    data = workbook({"A": [["Name"], ["x"]]})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text.split(b"?>", 1)[-1]
            new.writestr(name, text)
    with pytest.raises(SourceError, match="it declares a document type"):
        list(read(made("x.xlsx", out.getvalue())))
