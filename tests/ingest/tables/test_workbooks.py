"""Workbooks: every sheet is read, and a hostile one is refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import Make, codes, workbook
from tests.ingest.tables.writers import Formed, ods, ods_of, xls, xls_formats
from workbench.errors import SourceError
from workbench.ingest import detect, read
from workbench.ingest.tables.sheets.sheet_readers import read_sheets
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
    with pytest.raises(SourceError, match=r"would grow from .* to 50,000,000 bytes in 1 files"):
        list(read(made("bomb.xlsx", out.getvalue())))


def test_damaged_workbooks_are_refused(made: Make) -> None:
    data = workbook({"A": [["Name"], ["x"]]})
    for broken in (data[:200], data[:-30], data.replace(b"workbook", b"wxrkbook")):
        with pytest.raises(SourceError, match=r"cannot be read as a workbook|The program cannot read the file"):
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
    assert found["left-out"].message.endswith("no stored value: 1 (B2). They were read as empty.")
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


def charted(*, title: str = "Paid to Bob") -> bytes:
    """A workbook whose first tab is a chart; its second worksheet has a comment and a chart."""
    from openpyxl import Workbook
    from openpyxl.chart import BarChart, Reference, Series
    from openpyxl.comments import Comment

    book = Workbook()
    first = book.active
    first.title = "Suspects"
    first.append(["Name"])
    first.append(["Sven Holm"])
    second = book.create_sheet("Victims")
    second.append(["Name"])
    second.append(["Vera Dahl"])
    second["A2"].comment = Comment("of Vera", "Bob")
    chart = BarChart()
    chart.title = title
    chart.append(Series(Reference(second, min_col=1, min_row=2), title="Cash in May"))
    second.add_chart(chart, "F2")
    book.create_chartsheet("Overview", 0).add_chart(BarChart())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_stand_under_the_name_of_their_own_tab(made: Make) -> None:
    rows = list(read(made("list.xlsx", charted())))
    titles = {document.id: document.title for document in of(Document, rows)}
    told = {passage.text: titles[passage.document_id] for passage in of(Passage, rows)}
    assert (
        told["Name: Sven Holm"] == "list.xlsx, sheet Suspects" and told["Name: Vera Dahl"] == "list.xlsx, sheet Victims"
    )
    assert told["Comment on cell A2 by Bob: of Vera"] == "list.xlsx, sheet Victims"
    assert told["Text in a chart: Paid to Bob"] == told["Text in a chart: Cash in May"] == "list.xlsx, sheet Victims"
    assert "'Overview'" in codes(rows)["left-out"].message and "Error" not in str(codes(rows))


def formatted(code: str, value: float) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "ID number"])
    sheet.append(["Zoe Holm", value])
    sheet["B2"].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("code", "value", "seen"),
    [
        ("00000000000", 1058012345, "01058012345"), ('"+"00 00000000', 4722119900, "+47 22119900"),
        ("000\\-00\\-0000", 12345678, "012-34-5678"), ('"AB-"0000', 42, "AB-0042"), ("0000", -7, "-0007"),
        ("#,##0.00", 1234, "1234"), ('# ##0 "kr"', 1234, "1234"), ("[$€-407] 0", 5, "5"), ("0%", 5, "5"), ("0;(0)", -5, "-5"),
        ("[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", 5551234567, "(555) 123-4567"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_a_person_sees_it(made: Make, code: str, value: float, seen: str) -> None:
    rows = list(read(made("ids.xlsx", formatted(code, value))))
    assert [p.text for p in of(Passage, rows)] == [f"Name: Zoe Holm; ID number: {seen}"]
    assert "left-out" not in codes(rows)


def test_a_form_of_numbers_that_is_not_understood_is_told(made: Make) -> None:
    rows = list(read(made("ids.xlsx", formatted('0" boxes"', 5))))
    assert [p.text for p in of(Passage, rows)] == ["Name: Zoe Holm; ID number: 5"]
    assert "column 2 of sheet 'Sheet'" in codes(rows)["left-out"].message


def shared(data: bytes, text: str) -> bytes:
    """A workbook whose cells share a text."""
    out = io.BytesIO()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                said = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                part = part.replace(b"</Types>", said.encode())
            new.writestr(name, part)
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}"><si><t>{text}</t></si></sst>')
    return out.getvalue()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("M_x0061_rta", "Marta"),
        ("_x005F_x0061_", "_x0061_"),
        ("Zoe_x000D_Holm", "Zoe Holm"),
        ("a_x00zz_", "a_x00zz_"),
        ("_xD83D__xDE00_", "\U0001f600"),
    ],
)
@pytest.mark.parametrize("kind", ["s", "inlineStr", "str"])
def test_escapes_of_a_workbook_are_undone(made: Make, kind: str, written: str, text: str) -> None:
    held = {"s": "<v>0</v>", "inlineStr": f"<is><t>{written}</t></is>", "str": f"<v>{written}</v>"}[kind]
    data = patched(shared(workbook({"A": [["Zoe"]]}), written), f'<row r="1"><c r="A1" t="{kind}">{held}</c></row>')
    [sheet] = read_sheets(made("a.xlsx", data))
    assert [cells for _, cells in sheet.rows()] == [[text]]


OTHER_AMOUNTS = [
    ("-0", 5000, "-5000"), ('"-"0', 5000, "-5000"), ("-#,##0.00", 5000.5, "-5000.5"), ("0-", 5, "5-"), ("(0)", 5, "(5)"), ("-0", -5, "--5"),
    ('General" Mio"', 5, "5 Mio"), ('#,##0.00\\ "k"', 5000, "5000 k"), ('0"k"', 5000, "5000k"), ('"T\u20ac "0.00', 5, "T\u20ac 5"),
    ('0" TEUR"', 5, "5 TEUR"), ('0"000"', 5, "5000"), ('[$\u20ac-407] 0.0" m"', 5, "\u20ac 5 m"), ('0.0,"M"', 5000, "5M"),
    ('#,##0" \u043c\u043b\u043d"', 5, "5 \u043c\u043b\u043d"), ('0"\u4e07"', 5, "5\u4e07"),
    ('0."99"', 1234, "1234.99"), ('#,##0."99"', 1234.4, "1234.99"), ('0.0"99"', 12.34, "12.399"), ('0"9".00', 5, "59.00"),
    ('"12"', 7, "12 (stored: 7)"),
    ("0.00,", 1234.5, "1.23 (stored: 1234.5)"), ("#,##0,", 5000, "5 (stored: 5000)"), ('0.00," EUR"', 1234, "1.23 EUR (stored: 1234)"),
]  # fmt: skip
SAME_AMOUNTS = [
    ("0;-0", -5), ("0;(0)", -5),
    ("#,##0.00_);(#,##0.00)", -5), ('"-"', 0), ("-0", 0), ('#,##0".-"', 5), ('0.0,,"M"', 5000000), ('0,"k"', 5000),
    ("# ?/16", 0.5), ("0.00,", 0),
    ('#,##0.00" Euro"', 5), ("[$CHF-807] #,##0.00", 5), ('_-* #,##0.00\\ "\u20ac"_-;-* #,##0.00', -5), ("General", 5),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "seen"), OTHER_AMOUNTS)
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_form_that_makes_another_amount_is_read_as_shown_and_told(
    made: Make, kind: str, code: str, value: float, seen: str
) -> None:
    cells: dict[tuple[int, int], object] = {(0, 0): "Name", (0, 1): "ID number", (1, 0): "Zoe Holm"}
    old = xls({"Sheet": cells | {(1, 1): Formed(1, (value,))}}, xls_formats(code))
    rows = list(read(made(f"ids.{kind}", formatted(code, value) if kind == "xlsx" else old)))
    assert [p.text for p in of(Passage, rows)] == [f"Name: Zoe Holm; ID number: {seen}"]
    assert "amounts shown differ from the amounts stored" in codes(rows)["left-out"].message


@pytest.mark.parametrize(("code", "value"), SAME_AMOUNTS)
def test_a_form_of_the_same_amount_is_read_as_stored(made: Make, code: str, value: float) -> None:
    rows = list(read(made("ids.xlsx", formatted(code, value))))
    assert [p.text for p in of(Passage, rows)] == [f"Name: Zoe Holm; ID number: {value}"]
    assert "left-out" not in codes(rows)


@pytest.mark.parametrize("code", ['yyyy"-12-31"', '"2019-"mm-dd', "yyyy\\-mm\\-\\3\\1"])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_date_with_figures_of_its_form_is_told_and_not_claimed(made: Make, kind: str, code: str) -> None:
    from openpyxl import Workbook

    header = ["Date", "Amount", "Currency", "Sender IBAN", "Receiver IBAN"]
    row = [46083, 10, "EUR", "DE89370400440532013000", "FR1420041010050500013M02606"]
    book = Workbook()
    book.active.append(header)
    book.active.append(row)
    book.active["A2"].number_format = code
    out = io.BytesIO()
    book.save(out)
    cells: dict[tuple[int, int], object] = {(0, at): name for at, name in enumerate(header)}
    cells |= {(1, at): value for at, value in enumerate(row)} | {(1, 0): Formed(1, (46083,))}
    data = out.getvalue() if kind == "xlsx" else xls({"Sheet": cells}, xls_formats(code))
    rows = list(read(made(f"paid.{kind}", data)))
    assert values(rows, "Payment", "amount") == {"10"} and not values(rows, "Payment", "date")
    assert "Date: 2026-03-02 (" in of(Passage, rows)[0].text
    assert "another date" in codes(rows)["left-out"].message


def test_a_number_that_is_shown_divided_is_not_claimed(made: Make) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Date", "Amount", "Currency", "Sender IBAN", "Receiver IBAN"])
    book.active.append(["2026-03-02", 1234.5, "EUR", "DE89370400440532013000", "FR1420041010050500013M02606"])
    book.active["B2"].number_format = "0.00,"
    out = io.BytesIO()
    book.save(out)
    rows = list(read(made("paid.xlsx", out.getvalue())))
    assert values(rows, "Payment", "date") == {"2026-03-02"} and not values(rows, "Payment", "amount")
    assert "Amount: 1.23 (stored: 1234.5)" in of(Passage, rows)[0].text


def test_zeros_behind_a_time_are_told_and_the_time_is_read(made: Make) -> None:
    rows = list(read(made("ids.xlsx", formatted('yyyy-mm-dd hh:mm":00"', 46083.5))))
    assert of(Passage, rows)[0].text == "Name: Zoe Holm; ID number: 2026-03-02T12:00:00"
    assert "another date" in codes(rows)["left-out"].message


@pytest.mark.parametrize("value", [4915112345671, 4915112345, -17])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_number_that_is_no_day_is_read_as_stored_and_told(made: Make, kind: str, value: int) -> None:
    form = "yyyy\\-mm\\-dd"
    cells: dict[tuple[int, int], object] = {(0, 0): "Name", (0, 1): "ID number", (1, 0): "Zoe Holm"}
    old = xls({"Sheet": cells | {(1, 1): Formed(1, (value,) if value > 0 else (value, value))}}, xls_formats(form))
    rows = list(read(made(f"ids.{kind}", formatted(form, value) if kind == "xlsx" else old)))
    assert next(p.text for p in of(Passage, rows)).startswith(f"Name: Zoe Holm; ID number: {value}")
    assert "are formatted as dates" in codes(rows)["left-out"].message


@pytest.mark.parametrize(
    ("code", "value", "seen"), [("yyyy-mm-dd", 44746, "2022-07-04"), ("[h]:mm:ss", -0.5 / 24, "-0:30:00")]
)
def test_days_and_lengths_are_read_as_such(made: Make, code: str, value: float, seen: str) -> None:
    rows = list(read(made("ids.xlsx", formatted(code, value))))
    assert [p.text for p in of(Passage, rows)] == [f"Name: Zoe Holm; ID number: {seen}"]


@pytest.mark.parametrize("kind", ["float", "currency"])
@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("5000", "-5.000", "-5.000"), ("5000", "5.000 Mio", "5.000 Mio"), ("5000.5", "(5000,50)", "(5000,50)"),
        ("5", "5 T\u20ac", "5 T\u20ac"),
        ("1234", "1.234,99", "1.234,99 (stored: 1234)"), ("1234.5", "1,23", "1,23 (stored: 1234.5)"),
        ("1234.567", "1.234,57", "1234.567"), ("1234", "1,234.00", "1234"), ("0.5", ".50", "0.5"),
        ("5000000", "5.000 k", "5000000"), ("-5", "-5,00 kr", "-5"), ("5", "5,00 kr", "5"), ("0", "-", "0"),
    ],
)  # fmt: skip
def test_another_amount_in_an_open_document_is_read_as_shown(
    made: Make, kind: str, value: str, shown: str, text: str
) -> None:
    name = "<table:table-cell><text:p>Zoe</text:p></table:table-cell>"
    cell = f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'
    header = "<table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>Note</text:p></table:table-cell>"
    row = "<table:table-row>{}</table:table-row>"
    table = f"<table:table table:name='A'>{row.format(header)}{row.format(name + cell)}</table:table>"
    rows = list(read(made("ids.ods", ods_of(table))))
    assert [p.text for p in of(Passage, rows)] == [f"Name: Zoe; Note: {text}"]
    assert ("amounts shown differ from the amounts stored" in str(codes(rows))) == text.startswith(shown)


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("2026-03-02", "2026-12-31", "2026-03-02 (2026-12-31)"), ("2026-03-02", "02.03.26", "2026-03-02"),
        ("2026-03-02T14:05:00", "2. March, 2:05 PM", "2026-03-02T14:05:00"), ("2026-03-02", "2019", "2026-03-02 (2019)"),
        ("2026-03-02", "\u0662 \u0645\u0627\u0631\u0633 \u0662\u0660\u0662\u0666", "2026-03-02"), ("2026-03-02", "Mon", "2026-03-02"),
    ],
)  # fmt: skip
def test_another_date_in_an_open_document_is_told(made: Make, value: str, shown: str, text: str) -> None:
    header = "<table:table-cell><text:p>Note</text:p></table:table-cell><table:table-cell><text:p>Day</text:p></table:table-cell>"
    cell = f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{shown}</text:p></table:table-cell>'
    name = "<table:table-cell><text:p>Zoe</text:p></table:table-cell>"
    lines = "".join(f"<table:table-row>{one}</table:table-row>" for one in (header, name + cell))
    table = f"<table:table table:name='A'>{lines}</table:table>"
    rows = list(read(made("ids.ods", ods_of(table))))
    assert [p.text for p in of(Passage, rows)] == [f"Note: Zoe; Day: {text}"]
    assert ("another date" in str(codes(rows))) == (text != value)


def test_an_open_document_is_read_as_a_person_sees_it(made: Make) -> None:
    cell = '<table:table-cell office:value-type="{}" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    name = "<table:table-cell><text:p>Zoe</text:p></table:table-cell>"
    row = name + cell.format("float", "1058012399", "01058012399") + cell.format("float", "1234567", "1 234 567")
    money = cell.format("currency", "5", "5,00 kr") + cell.format("float", "5", "5 boxes")
    rows = list(
        read(
            made(
                "ids.ods",
                ods_of(f"<table:table table:name='A'><table:table-row>{row}{money}</table:table-row></table:table>"),
            )
        )
    )
    said = next(p.text for p in of(Passage, rows))
    assert re.findall(r"\d[\d ]*", said.split("Zoe")[1]) == ["2", "01058012399", "3", "1234567", "4", "5", "5", "5"]
    assert "column 5" in codes(rows)["left-out"].message


def patched(data: bytes, rows: str) -> bytes:
    """A workbook with other rows in its first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(
                    b"<sheetData.*</sheetData>", f"<sheetData>{rows}</sheetData>".encode(), part, flags=re.DOTALL
                )
            new.writestr(name, part)
    return out.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    ("rows", "codes_of_it"),
    [
        (f'<row r="2">{cell("A2", "Ada")}</row><row r="2">{cell("A2", "hidden")}</row>', {"bad-row"}),
        (f'<row r="3">{cell("A3", "Ada")}</row><row r="2">{cell("A2", "hidden")}</row>', {"bad-row"}),
        (f'<row r="2">{cell("A2", "Ada")}{cell("A2", "hidden")}</row>', {"bad-row"}),
        (f'<row r="2">{cell("B2", "Ada")}{cell("A2", "hidden")}</row>', set()),
        ('<row r="2"><c r="A2" t="inlineStr"><v>hidden</v><is><t>Ada</t></is></c></row>', {"bad-row"}),
        (f'<row r="2">{cell("A2", "Ada")}<x>hidden</x></row>', {"bad-row"}),
        (
            '<row r="2"><c r="A2" t="inlineStr"><is><t>Ada</t><rPh sb="0" eb="1"><t>hidden</t></rPh></is></c></row>',
            set(),
        ),
    ],
)
def test_rows_and_cells_whose_place_is_taken_are_read_and_told(made: Make, rows: str, codes_of_it: set[str]) -> None:
    head = f'<row r="1">{cell("A1", "Name")}{cell("B1", "Remark")}</row>'
    found = list(read(made("a.xlsx", patched(workbook({"A": [["Name"]]}), head + rows))))
    text = "\n".join(row.text for row in of(Passage, found))
    assert "Ada" in text and "hidden" in text
    assert set(codes(found)) & {"bad-row"} == codes_of_it


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_told(made: Make, kind: str) -> None:
    rows: list[list[object]] = [["Name", "Remark"], ["Ada", 12345678901234567.0]]
    if kind == "xlsx":
        data = workbook({"A": rows})
    elif kind == "ods":
        data = ods({"A": rows})
    else:
        data = xls({"A": {(y, x): value for y, row in enumerate(rows) for x, value in enumerate(row)}})
    assert "damaged-number" in codes(list(read(made(f"a.{kind}", data))))
