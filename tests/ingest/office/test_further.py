"""Every word of an office file is read, or told; what programs write of themselves is neither."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import docx
import openpyxl
import pptx
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from tests.ingest.claimed import of
from tests.ingest.office.files import opendocument, paragraph, word
from tests.ingest.tables.writers import cell, ods_of
from workbench.ingest import SourceFile, read
from workbench.model.rows import Document, Enclosure, Issue, Passage

Make = Callable[[str, bytes], SourceFile]
FURTHER = "Further text in the file, not on its pages"
W14 = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def said(file: SourceFile) -> list[str]:
    return [row.text for row in of(Passage, read(file))]


def further(file: SourceFile) -> list[str]:
    return [text for text in said(file) if text.startswith(FURTHER)]


def saved(save: Callable[[BytesIO], object]) -> bytes:
    out = BytesIO()
    save(out)
    return out.getvalue()


def in_word() -> bytes:
    made = docx.Document()
    made.add_heading("Report of the harbour", 1)
    made.add_paragraph("Ada met ").add_run("Bo").bold = True
    made.add_paragraph("one", style="List Bullet")
    made.add_table(2, 2).cell(0, 0).text = "Berth"
    made.sections[0].header.paragraphs[0].text = "Restricted"
    return saved(made.save)


def in_slides() -> bytes:
    made = pptx.Presentation()
    for number in range(3):
        slide = made.slides.add_slide(made.slide_layouts[number])
        slide.shapes.title.text = f"Berth {number}"
        slide.notes_slide.notes_text_frame.text = "say it slowly"
    plot = CategoryChartData()
    plot.categories = ["East", "West"]
    plot.add_series("Moves", (1.5, 22.25))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 1_000_000, 1_000_000, plot)
    return saved(made.save)


def in_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Name", "Sum"], ["Ada Holm", 5]):
        sheet.append(row)
    sheet["A2"].comment = Comment("look here", "Ada")
    sheet["B2"].number_format = '#,##0.00 "kr"'
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = "A1:B2"
    return saved(book.save)


def in_xlsxwriter() -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Calls")
        sheet.write_row(0, 0, ["Name", "Sum"])
        sheet.write_row(1, 0, ["Ada Holm", 5])
        sheet.add_table("A1:B2", {"columns": [{"header": "Name"}, {"header": "Sum"}]})
        sheet.set_header('&C&"Arial,Bold"Page &P of &N')
        plot = book.add_chart({"type": "line"})
        plot.add_series({"name": "Sums", "values": "=Calls!$B$2:$B$2"})
        sheet.insert_chart("F3", plot)
    return out.getvalue()


OPEN = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
SETTINGS = (
    f'<office:document-settings {OPEN} xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"><office:settings>'
    '<config:config-item config:name="ViewId" config:type="string">view2</config:config-item>'
    '<config:config-item config:name="ShowGrid" config:type="boolean">true</config:config-item>'
    "</office:settings></office:document-settings>"
)
STYLES = (
    f'<office:document-styles {OPEN} xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names'
    ':tc:opendocument:xmlns:text:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"><office:styles>'
    '<style:style style:name="Heading_20_1" style:display-name="Heading 1"/><number:date-style><number:text> de </number:text>'
    "</number:date-style></office:styles><office:master-styles><style:master-page><style:header><text:p><text:sheet-name>???"
    "</text:sheet-name></text:p></style:header><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p>"
    "</style:footer></style:master-page></office:master-styles></office:document-styles>"
)


def in_libre_text() -> bytes:
    body = "<office:text><text:p>Ada met Bo</text:p></office:text>"
    return opendocument(
        body, parts={"settings.xml": SETTINGS, "styles.xml": STYLES, "Configurations2/a/current.xml": ""}
    )


def in_libre_sheet() -> bytes:
    row = f"<table:table-row>{cell('Ada')}{cell(5)}</table:table-row>"
    return ods_of(f'<table:table table:name="Calls">{row * 3}</table:table>')


HONEST = {
    "a.docx": in_word, "a.pptx": in_slides, "a.xlsx": in_openpyxl, "b.xlsx": in_xlsxwriter, "a.odt": in_libre_text,
    "a.ods": in_libre_sheet,
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_what_programs_write_of_themselves_is_no_further_text(made: Make, name: str) -> None:
    rows = list(read(made(name, HONEST[name]())))
    assert not [row.text for row in of(Passage, rows) if FURTHER in row.text]
    assert not [row for row in of(Issue, rows) if row.code in ("left-out", "bad-row")]


def test_what_is_seen_on_a_page_is_read_at_its_place(made: Make) -> None:
    symbols = "".join(f'<w:sym w:font="Arial" w:char="{ord(sign):04X}"/>' for sign in "Dag")
    body = (
        f"<w:p><w:r><w:t>Pay </w:t>{symbols}<w:sym w:font='Wingdings' w:char='F0FC'/></w:r></w:p>"
        '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="none"/><w:listEntry w:val="Erik Berg"/>'
        "</w:ddList></w:ffData></w:fldChar></w:r></w:p>"
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="Old pier"/></v:shape></w:pict></w:r></w:p>'
    )
    shown, rest = said(made("a.docx", word(body)))
    assert shown.split() == ["Pay", "Dag", "Erik", "Berg", "Old", "pier"]
    assert rest == f"{FURTHER} (word/document.xml): none"


def test_what_was_moved_and_arrived_nowhere_is_deleted(made: Make) -> None:
    body = paragraph("Kept") + '<w:p><w:moveFrom w:author="Bob"><w:r><w:t>at the quay</w:t></w:r></w:moveFrom></w:p>'
    file = made("a.docx", word(body))
    assert said(file) == ["Kept", "Deleted text, moved away by Bob: at the quay"]
    [hidden] = [row.message for row in of(Issue, read(file)) if row.code == "hidden"]
    assert hidden.endswith("hidden or were deleted with tracked changes: 11. They were read.")


def test_words_of_any_part_are_read(made: Make) -> None:
    parts = {
        "word/settings.xml": f'<w:settings {W14}><w:docVars><w:docVar w:name="Note" w:val="the money lies"/></w:docVars></w:settings>',
        "word/glossary/document.xml": f"<w:glossaryDocument {W14}>{paragraph('pay on Friday')}</w:glossaryDocument>",
        "customXml/item1.xml": "<a><!-- nobody looks --><b>Gustav Moe</b></a>",
        "docProps/custom.xml": '<Properties><property name="Buyer"><lpwstr>Page 4722119900</lpwstr></property></Properties>',
    }
    body = paragraph("Kept") + '<w:tbl><w:tblPr><w:tblCaption w:val="stolen"/></w:tblPr></w:tbl>'
    found = "\n".join(further(made("a.docx", word(body, parts))))
    for words in ("the money lies", "pay on Friday", "nobody looks", "Gustav Moe", "Buyer", "4722119900", "stolen"):
        assert words in found


def test_a_part_that_cannot_be_looked_through_is_told(made: Make) -> None:
    parts = {"customXml/item1.xml": "<a><b>", "customXml/item2.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}
    [told] = [row for row in of(Issue, read(made("a.docx", word(paragraph("Kept"), parts)))) if row.code == "left-out"]
    assert told.message.startswith("Parts of 'a.docx' that could not be searched for more text: 2 (")
    assert "item1.xml" in told.message


def test_words_of_a_workbook_beside_its_cells_are_read(made: Make) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Name", "Phone"], ["Arvid Holm", "+4722119900"], ["Berit Sand", "+4722119901"]):
        sheet.append(row)
    sheet["A2"].number_format, sheet["A3"].number_format = 'General;General;General;"Frank Dahl"', '@" (widow)"'
    book.defined_names["NOTE"] = DefinedName("NOTE", attr_text='"meet at the quay"')
    choice = DataValidation(type="list", formula1='"Lars,Pia"', showInputMessage=True, prompt="pay Friday")
    sheet.add_data_validation(choice)
    choice.add("B2")
    sheet.oddFooter.left.text = "for Otto"
    sheet["B3"].hyperlink = "https://e.example/drop"
    file = made("book.xlsx", saved(book.save))
    texts = said(file)
    assert texts[0].startswith("Name: Frank Dahl (stored: Arvid Holm)")
    assert texts[1].startswith("Name: Berit Sand (widow)")
    found = "\n".join(further(file))
    for words in ("meet at the quay", "Lars,Pia", "pay Friday", "for Otto", "https://e.example/drop"):
        assert words in found
    assert "Arvid" not in found
    assert [row.title for row in of(Document, read(file))] == ["book.xlsx, sheet Sheet", "book.xlsx, further text"]


def test_forms_and_versions_of_opendocument_are_read(made: Make) -> None:
    body = (
        "<office:forms xmlns:form='urn:oasis:names:tc:opendocument:xmlns:form:1.0'><form:form><form:textarea form:id='c1' "
        "form:current-value='pay Dag'/><form:button form:id='c2' form:label='Send'/></form:form></office:forms>"
        "<office:text><text:p>Visible <draw:control xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' "
        "draw:control='c1'/></text:p></office:text>"
    )
    earlier = opendocument("<office:text><text:p>earlier words</text:p></office:text>")
    rows = list(read(made("a.odt", opendocument(body, parts={"Versions/Version1": earlier}))))
    assert [row.text for row in of(Passage, rows)] == ["Visible pay Dag", f"{FURTHER} (content.xml): Send"]
    assert [(row.name, row.data) for row in of(Enclosure, rows)] == [("Versions/Version1", earlier)]


def test_rows_of_a_sheet_cannot_hide_what_stands_beside_them(made: Make) -> None:
    prompt = '<dataValidations><dataValidation prompt="pay Lars"/></dataValidations>'
    hidden = f"<worksheet {MAIN}><!-- <sheetData> -->{prompt}<!-- </sheetData> -->"
    out = BytesIO(in_openpyxl())
    with ZipFile(out, "a") as zipped:
        zipped.writestr("xl/worksheets/sheet9.xml", f"{hidden}<sheetData/></worksheet>")
    assert "pay Lars" in "\n".join(further(made("a.xlsx", out.getvalue())))


def test_parts_that_nothing_names_are_read_or_told(made: Make) -> None:
    parts = {"word/odd.bin": b"\x00\x01hidden secret", "word/we.xml": '<w a="unseen"><p value="lurking"/></w>'}
    rows = list(read(made("a.docx", word(paragraph("hello"), parts))))
    text = "\n".join(row.text for row in of(Passage, rows))
    assert "unseen" in text and "lurking" in text
    [told] = of(Issue, rows)
    assert (told.code, "word/odd.bin" in told.message) == ("left-out", True)
