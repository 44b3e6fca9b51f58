"""What a workbook says beside cells of columns that are left out, or that tell of a special category."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation

from workbench import ingest
from workbench.ingest.tables.columns.column_mapping import LEFT_OUT, Mapping
from workbench.ingest.tables.guess.sheet_parts import build_secret_columns, guess_file_mapping
from workbench.ingest.tables.sheets.secret_columns import SecretColumns
from workbench.model.rows import Claim, Issue, Passage, Row
from workbench.model.schema import SPECIAL

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SECRET, OPEN = "zebrafriend", "quaggafoe"
ROWS = [["Name", "Phone", "Secret"], ["Dora Finch", "+447700900111", "ground one"], ["Ed Bowes", "+447700900112", "hm"]]


def choose(sheet: Worksheet, cells: str, *words: str) -> None:
    made = DataValidation(type="list", formula1=f'"{",".join(words)}"', promptTitle=words[0], prompt=words[0])
    sheet.add_data_validation(made)
    made.add(cells)


def note(sheet: Worksheet, cell: str, word: str) -> None:
    sheet[cell].comment = Comment(f"{word} speaks here", "Bill")


def tie(sheet: Worksheet, cell: str, word: str) -> None:
    sheet[cell].hyperlink = f"mailto:{word}@x.example"


def condition(sheet: Worksheet, cell: str, word: str) -> None:
    sheet.conditional_formatting.add(cell, FormulaRule(formula=[f'{cell}="{word} of it"']))


def narrow(sheet: Worksheet, cell: str, word: str) -> None:
    sheet.auto_filter.ref = "A1:C3"
    sheet.auto_filter.add_filter_column(ord(cell[0]) - ord("A"), [f"{word} all"])


BESIDE: dict[str, Callable[[Worksheet, str, str], None]] = {
    "comment": note, "link": tie, "choice": lambda sheet, cell, word: choose(sheet, cell, word, "other"),
    "condition": condition, "filter": narrow,
}  # fmt: skip


def build(add: Callable[[Worksheet], object], header: str = "Remark", shift: int = 0) -> ingest.SourceFile:
    book = Workbook()
    sheet: Any = book.active
    for row in ROWS:
        sheet.append([*[None] * shift, *(header if cell == "Secret" else cell for cell in row)])
    add(sheet)
    made = BytesIO()
    book.save(made)
    return ingest.SourceFile(Path("x"), "ab" * 32, "people.xlsx", made.getvalue())


def read(source: ingest.SourceFile, *left: str) -> list[Row]:
    mapping = guess_file_mapping(source, "")
    for column in left:
        mapping = mapping.assign(column, "", "", role=LEFT_OUT, sheet=mapping.sheets[0].sheet)
    return list(ingest.read(source, {"mapping": mapping.to_json()} if left else {}, "table"))


def say(rows: list[Row]) -> str:
    return "\n".join(
        f"{row.text if isinstance(row, Passage) else row.message if isinstance(row, Issue) else row.value}"
        for row in rows
        if isinstance(row, Passage | Issue | Claim)
    )


@pytest.mark.parametrize("what", BESIDE)
def test_nothing_is_said_beside_a_column_that_is_left_out(what: str) -> None:
    source = build(lambda sheet: BESIDE[what](sheet, "C2", SECRET))
    assert SECRET in say(read(source)) or what == "filter"
    said = say(read(source, "Remark"))
    assert SECRET not in said and "ground" not in said and "Dora Finch" in said
    if what not in ("condition", "filter"):
        both = say(
            read(build(lambda sheet: [BESIDE[what](sheet, "C2", SECRET), BESIDE[what](sheet, "A2", OPEN)]), "Remark")
        )
        assert SECRET not in both and OPEN in both


def test_what_is_the_same_beside_another_column_is_said() -> None:
    source = build(lambda sheet: [tie(sheet, "C2", SECRET), tie(sheet, "A3", SECRET)])
    assert SECRET in say(read(source, "Remark"))


def test_further_text_with_a_cell_that_is_left_out_is_not_given() -> None:
    def add(sheet: Worksheet) -> None:
        sheet["C2"] = f"{SECRET} one"
        sheet["A3"] = "Ed Bowes"
        sheet.parent.properties.title = f"List of {SECRET} one"  # type: ignore[union-attr]
        sheet.parent.properties.subject = "List of Ed Bowes and others"  # type: ignore[union-attr]

    assert SECRET in say(read(build(add)))
    said = say(read(build(add), "Remark"))
    assert SECRET not in said and "List of Ed Bowes and others" in said


def test_values_that_a_chart_keeps_of_a_column_that_is_left_out_are_not_given() -> None:
    def add(sheet: Worksheet) -> None:
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=3))
        chart.set_categories(Reference(sheet, min_col=3, min_row=2, max_row=3))
        sheet.add_chart(chart, "F2")

    assert "ground" not in say(read(build(add), "Remark"))


@pytest.mark.parametrize("what", ["comment", "link", "choice", "condition"])
def test_what_is_said_beside_a_special_column_is_claimed_as_the_column_is(what: str) -> None:
    rows = read(build(lambda sheet: BESIDE[what](sheet, "C2", SECRET), "Religion"))
    hidden = {row.passage_id for row in rows if isinstance(row, Claim) and row.prop in SPECIAL}
    said = [row for row in rows if isinstance(row, Passage) and SECRET in row.text]
    assert said and all(row.id in hidden for row in said)
    shown = read(build(lambda sheet: BESIDE[what](sheet, "A2", OPEN), "Religion"))
    hidden = {row.passage_id for row in shown if isinstance(row, Claim) and row.prop in SPECIAL}
    assert any(OPEN in row.text and row.id not in hidden for row in shown if isinstance(row, Passage))


def test_a_workbook_without_secret_columns_is_read_as_before() -> None:
    source = build(lambda sheet: [add(sheet, "C2", SECRET) for add in BESIDE.values()])
    rows = read(source)
    assert sum(SECRET in row.text for row in rows if isinstance(row, Passage)) >= 2
    assert not build_secret_columns("Sheet", guess_file_mapping(source, ""))


def test_ranges_are_secret_where_all_their_cells_are() -> None:
    mapping = guess_file_mapping(build(lambda _: None), "").assign("Remark", "", "", role=LEFT_OUT)
    columns = build_secret_columns("Sheet", mapping)
    secret = ("C2", "$C$2:$C$9", "C2:C3 C7", "Sheet!$C$1", "C:C")
    assert [columns.find_uses(cells) for cells in secret] == [()] * len(secret)
    for cells in ("B2:C9", "A1", "C2 A1", "Other!$C$1", "", "x"):
        assert columns.find_uses(cells) is None
    assert not SecretColumns("Sheet") and Mapping()


SECOND = "Name,Phone,Remark\nDora Finch,+447700900111,one\nEd Bowes,+447700900112,hm\nPHONE,REMARK,NAME\n+447700900114,{0},Al Fox\n"
BARE = "Item,Place,Remark\nlamp,shed,x\nbag,yard,y\nRemark,Item,Place\n{0},hat,porch\n"


@pytest.mark.parametrize("text", [SECOND, BARE])
def test_a_second_header_in_another_case_leaves_the_same_column_out(text: str) -> None:
    source = ingest.SourceFile(Path("x"), "cd" * 32, "h.csv", text.format(SECRET).encode())
    whole, less = say(read(source)), say(read(source, "Remark"))
    assert SECRET in whole and SECRET not in less and "Al Fox" in less + "Al Fox" * ("Item" in text)
    assert "REMARK' is not mapped" not in less


def test_rows_below_a_second_header_are_read_by_it_where_nothing_is_mapped() -> None:
    rows = read(ingest.SourceFile(Path("x"), "cd" * 32, "h.csv", BARE.format(SECRET).encode()))
    assert f"Remark: {SECRET}; Item: hat; Place: porch" in say(rows)
    assert any(isinstance(row, Issue) and row.code == "bad-row" for row in rows)


def test_a_special_column_at_another_place_below_a_second_header_is_claimed_where_it_is() -> None:
    text = "Name,Religion,Phone\nDora Finch,Sikh,+447700900111\nReligion,Phone,Name\nJain,,Al Fox\n"
    rows = read(ingest.SourceFile(Path("x"), "cd" * 32, "h.csv", text.encode()))
    assert {row.value for row in rows if isinstance(row, Claim) and row.prop in SPECIAL} >= {"Sikh", "Jain"}


ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "drawing")
)
IN_LIST = "of:cell-content-is-in-list(&quot;{0}&quot;;&quot;other&quot;)"
HELP = '<table:help-message table:title="{0}"/>'
CHOICES = f'<table:content-validation table:name="v" table:condition="{IN_LIST}" table:base-cell-address="P.A9">{HELP}'
ODS_BESIDE = {
    "comment": (">", "<office:annotation><text:p>{0} speaks</text:p></office:annotation>", ""),
    "choice": (' table:content-validation-name="v">', "", f"{CHOICES}</table:content-validation>"),
    "formula": (' table:formula="of:=IF(A1=1;&quot;{0}&quot;;&quot;&quot;)">', "", ""),
    "shape": (">", "<drawing:frame><text:p>{0} drawn</text:p></drawing:frame>", ""),
    "free shape": (">", "", ""),
}
"""What hangs on a cell of an OpenDocument spreadsheet: end of its start tag, within it, among the validations."""


def build_ods(what: str, word: str, at: int, header: str = "Remark") -> ingest.SourceFile:
    tag, within, choices = (part.format(word) for part in ODS_BESIDE[what])

    def cell(text: str, *, is_it: bool) -> str:
        begin = f'<table:table-cell office:value-type="string"{tag if is_it else ">"}{within if is_it else ""}'
        return f"{begin}<text:p>{text}</text:p></table:table-cell>"

    rows = ""
    for number, row in enumerate(ROWS):
        texts = [header if text == "Secret" else text for text in row]
        cells = "".join(cell(text, is_it=(number, place) == (1, at)) for place, text in enumerate(texts))
        rows += f"<table:table-row>{cells}</table:table-row>"
    if what == "free shape":
        frame = f'<drawing:frame table:end-cell-address="P.{"ABC"[at]}2"><text:p>{word} drawn</text:p></drawing:frame>'
        rows = f"<table:shapes>{frame}</table:shapes>{rows}"
    content = (
        f'<office:document-content {ODS_NAMES} office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:content-validations>{choices}</table:content-validations><table:table table:name="P">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    packed = BytesIO()
    with ZipFile(packed, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
    return ingest.SourceFile(Path("x"), "ab" * 32, "people.ods", packed.getvalue())


@pytest.mark.parametrize("what", ODS_BESIDE)
def test_what_hangs_on_a_cell_of_an_opendocument_spreadsheet_is_as_secret_as_the_cell(what: str) -> None:
    source = build_ods(what, SECRET, 2)
    assert SECRET in say(read(source)) and SECRET not in say(read(source, "Remark"))
    assert OPEN in say(read(build_ods(what, OPEN, 0), "Remark"))
    for at, word in ((2, SECRET), (0, OPEN)):
        rows = read(build_ods(what, word, at, "Religion"))
        hidden = {row.passage_id for row in rows if isinstance(row, Claim) and row.prop in SPECIAL}
        said = [row for row in rows if isinstance(row, Passage) and word in row.text]
        assert said and all((row.id in hidden) == (at == 2) for row in said)


def test_what_a_table_of_parquet_says_of_a_secret_column_is_not_shown() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = [pa.field("Name", pa.string()), pa.field("Religion", pa.string(), metadata={"note": f"{SECRET} mostly"})]
    packed = BytesIO()
    pq.write_table(pa.table([["Dora Finch"], ["Jain"]], schema=pa.schema(fields)), packed)
    source = ingest.SourceFile(Path("x"), "ef" * 32, "people.parquet", packed.getvalue())
    rows = read(source)
    hidden = {row.passage_id for row in rows if isinstance(row, Claim) and row.prop in SPECIAL}
    assert all(row.id in hidden for row in rows if isinstance(row, Passage) and SECRET in row.text)
    assert SECRET in say(rows) and SECRET not in say(read(source, "Religion"))


M = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OF_NO_COLUMN = {
    "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords {M}><r><s v="Ada Two"/><s v="{{0}}"/></r></pivotCacheRecords>',
    "xl/externalLinks/externalLink1.xml": (
        f'<externalLink {M}><externalBook><sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="C2" t="str"><v>{{0}}</v></cell></row>'
        "</sheetData></sheetDataSet></externalBook></externalLink>"
    ),
    "xl/revisions/revisionLog1.xml": f'<revisions {M}><rcc rId="1"><oc r="C2" t="str"><v>{{0}}</v></oc></rcc></revisions>',
    "customXml/item1.xml": "<rows><row><secret>{0}</secret></row></rows>",
    "docProps/custom.xml": '<Properties><property name="a" linkTarget="b"><lpwstr>{0}</lpwstr></property></Properties>',
    "xl/connections.xml": f'<connections {M}><connection id="1" name="q" description="where it is {{0}}"/></connections>',
}  # fmt: skip


def add_part(source: ingest.SourceFile, name: str, text: str) -> ingest.SourceFile:
    assert source.data is not None
    made = BytesIO(source.data)
    with ZipFile(made, "a") as book:
        book.writestr(name, text)
    return ingest.SourceFile(source.path, source.sha256, source.name, made.getvalue())


def is_told(rows: list[Row]) -> bool:
    return any(isinstance(row, Issue) and "belong to no single column" in row.message for row in rows)


@pytest.mark.parametrize("part", OF_NO_COLUMN)
def test_what_a_part_keeps_without_saying_of_which_column_is_not_read(part: str) -> None:
    for header, left in (("Remark", ["Remark"]), ("Religion", [])):
        rows = read(add_part(build(lambda _: None, header), part, OF_NO_COLUMN[part].format(SECRET)), *left)
        assert SECRET not in say(rows) and is_told(rows)
    rows = read(add_part(build(lambda _: None), part, OF_NO_COLUMN[part].format(SECRET)))
    assert SECRET in say(rows) and not is_told(rows)


def test_choices_of_a_range_with_a_secret_column_are_not_read() -> None:
    source = build(lambda sheet: choose(sheet, "B2:C9", SECRET, "other"))
    assert SECRET in say(read(source)) and SECRET not in say(read(source, "Remark"))


def test_texts_of_a_chart_are_not_read_beside_a_secret_column() -> None:
    def add(sheet: Worksheet) -> None:
        for place in (sheet, sheet.parent.create_chartsheet("Tab")):  # type: ignore[union-attr]
            chart = BarChart()
            chart.title = f"All {SECRET}"
            chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=3))
            place.add_chart(chart)

    rows = read(build(add), "Remark")
    assert SECRET in say(read(build(add))) and SECRET not in say(rows) and is_told(rows)


def test_a_copy_of_cells_in_an_object_of_an_opendocument_spreadsheet_is_not_read() -> None:
    copy = f"<office:document-content {ODS_NAMES}><office:body><text:p>{SECRET}</text:p></office:body></office:document-content>"
    source = add_part(build_ods("comment", OPEN, 0), "Object 1/content.xml", copy)
    rows = read(source, "Remark")
    assert SECRET in say(read(source)) and SECRET not in say(rows) and is_told(rows) and OPEN in say(rows)
