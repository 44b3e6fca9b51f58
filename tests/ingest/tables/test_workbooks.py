"""Workbooks: every sheet is read, and a hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import Make, codes, workbook
from tests.ingest.tables.writers import ods_of
from workbench.errors import SourceError
from workbench.ingest import detect, read
from workbench.model.rows import Document, Passage, Trace


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


def commented() -> bytes:
    """A workbook with a comment, a thread, a formula without a value and a cell in the last column."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "Remarks"])
    sheet.append(["Ada Winter", "=1+1"])
    sheet["A2"].comment = Comment("pay on Friday", "Bob")
    sheet["A3"].comment = Comment("[Threaded comment]", "tc=1")
    sheet["XFD2"] = "far"
    out = io.BytesIO()
    book.save(out)
    thread = (
        '<ThreadedComments><threadedComment ref="A3" dT="2024-01-02T10:00:00" personId="{1}" id="{2}"><text>to Zoë</text>'
        "</threadedComment></ThreadedComments>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(made, "w") as archive:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/worksheets/_rels/sheet1.xml.rels":
                target = 'Type="http://x.org/threadedComment" Target="/xl/threadedComments/1.xml" Id="t1"'
                data = data.replace(b"</Relationships>", f"<Relationship {target}/></Relationships>".encode())
            archive.writestr(name, data)
        archive.writestr("xl/threadedComments/1.xml", thread)
        archive.writestr("xl/persons/person.xml", '<personList><person displayName="Carl" id="{1}"/></personList>')
    return made.getvalue()


def test_what_stands_beside_the_cells_is_read_or_told(made: Make) -> None:
    rows = list(read(made("book.xlsx", commented())))
    assert [p.text for p in of(Passage, rows)][-2:] == [
        "Comment on cell A2 by Bob: pay on Friday",
        "Comment on cell A3 by Carl, 2024-01-02T10:00:00: to Zoë",
    ]
    assert [t.place for t in of(Trace, rows)][-2:] == ["sheet Sheet row 2", "sheet Sheet row 3"]
    found = codes(rows)
    assert found["left-out"].message.endswith("read as empty: B2.")
    assert "row 2" in found["too-large"].place.casefold() and "2000 cells" in found["too-large"].message.replace(
        ",", ""
    )


def test_comments_of_an_open_document_are_read(made: Make) -> None:
    note = (
        "<office:annotation><dc:creator xmlns:dc='x'>Bob</dc:creator><text:p>pay on Friday</text:p></office:annotation>"
    )
    tables = (
        f"<table:table table:name='A'><table:table-row><table:table-cell>{note}<text:p>Ada</text:p></table:table-cell>"
    )
    file = made("a.ods", ods_of(f"{tables}</table:table-row></table:table>"))
    assert "Comment on a cell of row 1, Bob: pay on Friday" in [p.text for p in of(Passage, read(file))]
