from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.office.files import W, compound, native, paragraph, relations, word
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Trace
from workbench.model.schema import check_schema

Make = Callable[[str, str | bytes], SourceFile]


def texts(source: SourceFile) -> list[str]:
    return [row.text for row in of(Passage, read(source))]


def saved(document: object) -> bytes:
    out = BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


@pytest.fixture(scope="module")
def report() -> bytes:
    import docx

    made = docx.Document()
    made.core_properties.author, made.core_properties.title = "Ada Winter", "Plan"
    made.core_properties.last_modified_by = "Bob"
    made.add_heading("Findings", 1)
    made.add_comment(
        made.add_paragraph("The container left at night.").runs, "Who says so?", author="Carl", initials="C"
    )
    table = made.add_table(2, 2)
    for row, cells in enumerate((("Name", "Phone"), ("Zoë", "+31 6 4489 1202"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    made.add_paragraph("After the table.")
    made.sections[0].header.paragraphs[0].text = "Restricted"
    made.sections[0].footer.paragraphs[0].text = "Page"
    return saved(made)


def test_a_document_of_word(made: Make, report: bytes) -> None:
    file = made("plan.docx", report)
    assert detect(file).reason == "The file is a word processor document (DOCX)."
    rows = list(read(file))
    [document] = of(Document, rows)
    assert (document.schema, document.title, document.at) == ("Document", "plan.docx", "2013-12-23T23:15:00Z")
    [trace] = of(Trace, rows)
    found = [p.text for p in of(Passage, rows)]
    assert found[0] == (
        "Findings\n\nThe container left at night.\n\nName | Phone\nZoë | +31 6 4489 1202\n\nAfter the table."
    )
    assert found[1:3] == ["Header: Restricted", "Footer: Page"]
    assert found[3].startswith("Comment by Carl, ") and found[3].endswith(": Who says so?")
    claims = of(Claim, rows)
    assert {c.entity_id for c in claims} == {document_key(file.sha256).entity_id}
    assert {(c.document_id, c.trace_id) for c in claims} == {(document.id, trace.id)}
    assert values(rows, "Document", "author") == {"Ada Winter"}
    assert values(rows, "Document", "authoredAt") == {"2013-12-23T23:15:00Z"}
    assert values(rows, "Document", "notes") == {"Last saved by Bob"}
    for claim in claims:
        check_schema(claim.schema, claim.prop)
    assert rows == list(read(file))


def test_a_name_that_is_wrong_or_missing_does_not_matter(made: Make, report: bytes) -> None:
    assert detect(made("plan", report)).reader == "docx"
    assert detect(made("plan.zip", report)).reader == "docx"


def test_text_that_changes_and_forms_hide(made: Make) -> None:
    body = (
        '<w:p><w:r><w:t>Meet </w:t></w:r><w:ins w:author="A"><w:r><w:t>tonight </w:t></w:r></w:ins>'
        '<w:del w:author="Bob" w:date="2024-01-02T10:00:00Z"><w:r><w:delText>at the quay</w:delText></w:r></w:del></w:p>'
        f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{paragraph('Form field')}</w:sdtContent></w:sdt>"
        '<w:p><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>'
        f"{paragraph('In a box')}</w:txbxContent></mc:Choice><mc:Fallback>{paragraph('In a box')}</mc:Fallback>"
        "</mc:AlternateContent></w:p>"
        "<w:p><w:moveFrom><w:r><w:t>Moved</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>Moved</w:t></w:r></w:moveTo></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r><w:r><w:t> a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>"
    )
    file = made("a.docx", word(body))
    assert texts(file) == [
        "Meet tonight\n\nForm field\n\nIn a box\n\nMoved\n\nunseen a\tb",
        "Deleted text, deleted by Bob, 2024-01-02T10:00:00Z: at the quay",
    ]
    [found] = [i for i in of(Issue, read(file)) if i.code == "hidden"]
    assert found.message.endswith("hidden or were deleted with tracked changes: 17. They were read.")


def test_notes_and_links(made: Make) -> None:
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator">{paragraph("-")}</w:footnote>'
        f"<w:footnote>{paragraph('First note')}</w:footnote></w:footnotes>"
    )
    body = '<w:p><w:hyperlink r:id="r9"><w:r><w:t>the site</w:t></w:r></w:hyperlink></w:p>' + (
        '<w:p><w:r><w:instrText> HYPERLINK "mailto:ada@example.org" </w:instrText></w:r></w:p>'
    )
    ties = [("r9", "hyperlink", "https://example.org/x"), ("r8", "footnotes", "footnotes.xml")]
    file = made("a.docx", word(body, {"word/footnotes.xml": notes}, ties))
    assert texts(file) == [
        "the site",
        "Footnote: First note",
        "Links: https://example.org/x\nmailto:ada@example.org",
    ]


def test_files_within_are_handed_on(made: Make, report: bytes) -> None:
    parts = {
        "word/embeddings/oleObject1.bin": compound({"\x01Ole10Native": native("bill.pdf", b"%PDF-1.4")}),
        "word/embeddings/Sheet.docx": report,
        "word/media/image1.png": b"\x89PNG",
        "word/media/film.mp4": b"film",
    }
    rows = list(read(made("a.docx", word(paragraph("x"), parts))))
    document = of(Document, rows)[0].id
    assert [(e.name, e.data, e.document_id) for e in of(Enclosure, rows)] == [
        ("word/embeddings/oleObject1.bin/bill.pdf", b"%PDF-1.4", document),
        ("word/embeddings/Sheet.docx", report, document),
    ]
    [left] = [i for i in of(Issue, rows) if i.code == "left-out"]
    assert (
        left.message
        == "Pictures in 'a.docx' that were counted but not read: 1. Other media files that were counted but not read: 1."
    )


def test_programs_and_ties_to_the_outside_are_reported(made: Make) -> None:
    parts = {
        "word/vbaProject.bin": b"\xd0\xcf",
        "word/_rels/settings.xml.rels": relations(("r1", "attachedTemplate", "http://192.0.2.1/x.dotm")),
        "word/settings.xml": f'<w:settings xmlns:w="{W}"/>',
    }
    file = made("a.docm", word(paragraph("x"), parts, [("r5", "settings", "settings.xml")]))
    codes = {i.code: i.message for i in of(Issue, read(file))}
    assert "word/vbaProject.bin" in codes["macro"]
    assert "attachedTemplate: http://192.0.2.1/x.dotm" in codes["outside"]
    assert texts(file) == ["x"]


def test_a_damaged_part_beside_the_text_costs_that_part_only(made: Make) -> None:
    ties = [("r1", "header", "header1.xml"), ("r2", "comments", "gone.xml")]
    rows = list(read(made("a.docx", word(paragraph("Kept"), {"word/header1.xml": "<w:hdr"}, ties))))
    assert [p.text for p in of(Passage, rows)] == ["Kept"]
    assert [i.code for i in of(Issue, rows)] == ["bad-row", "bad-row"]


def test_an_empty_document_is_an_issue(made: Make) -> None:
    assert [i.code for i in of(Issue, read(made("a.docx", word(""))))] == ["empty"]


def test_damage_at_the_root_is_refused(made: Make, report: bytes) -> None:
    for data, match in (
        (report[: len(report) // 2], "looks like a ZIP file, but the file is damaged or incomplete"),
        (b"PK\x03\x04", "looks like a ZIP file, but the file is damaged or incomplete"),
        (word("<w:p>").replace(b"word/document.xml", b"word/dXcument.xml"), "cannot be read|The part .* is missing"),
    ):
        with pytest.raises(SourceError, match=match):
            list(read(made("a.docx", data)))
