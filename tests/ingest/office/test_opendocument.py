from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.office.files import compound, native, opendocument
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Document, Enclosure, Issue, Passage

Make = Callable[[str, str | bytes], SourceFile]
META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/'
    'elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta><meta:initial-creator>Ada'
    "</meta:initial-creator><dc:creator>Bob</dc:creator><dc:title>Plan</dc:title><meta:creation-date>2024-01-02T10:00:00"
    "</meta:creation-date><dc:date>2024-01-03T11:00:00.5</dc:date></office:meta></office:document-meta>"
)


def texts(source: SourceFile) -> list[str]:
    return [row.text for row in of(Passage, read(source))]


def test_a_document_of_an_own_writer(made: Make) -> None:
    pytest.importorskip("odf", reason="odfpy has no wheel, so it is no part of the locked set")
    from odf import table, text
    from odf.opendocument import OpenDocumentText

    document = OpenDocumentText()
    document.text.addElement(text.H(outlinelevel=1, text="Findings"))
    line = text.P(text="One")
    line.addElement(text.Tab())
    line.addText("two")
    line.addElement(text.S(c=3))
    line.addText("three")
    document.text.addElement(line)
    rows = table.Table(name="T")
    for cells in (("Name", "Phone"), ("Zoë", "+31 6 4489 1202")):
        row = table.TableRow()
        for cell in cells:
            held = table.TableCell()
            held.addElement(text.P(text=cell))
            row.addElement(held)
        rows.addElement(row)
    document.text.addElement(rows)
    document.text.addElement(text.P(text="After"))
    out = BytesIO()
    document.write(out)
    file = made("plan.odt", out.getvalue())
    assert detect(file).reason == "the file is an OpenDocument, by the type that stands at its start"
    assert texts(file) == ["Findings\n\nOne\ttwo   three\n\nName | Phone\nZoë | +31 6 4489 1202\n\nAfter"]


def test_what_stands_beside_the_text(made: Make) -> None:
    body = (
        "<office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Bob"
        "</dc:creator><dc:date>2024-01-02</dc:date></office:change-info><text:p>at the quay</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>Meet\n  tonight<text:note text:note-class='endnote'>"
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>or not</text:p></text:note-body></text:note>."
        "<office:annotation><dc:creator>Carl</dc:creator><dc:date>2024-01-04</dc:date><text:p>Sure?</text:p>"
        "</office:annotation><text:a xlink:href='mailto:ada@example.org'>her</text:a></text:p></office:text>"
    )
    styles = (
        "<office:document-styles xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:style='urn:oasis:"
        "names:tc:opendocument:xmlns:style:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><text:p>no"
        "</text:p><style:header><text:p>Restricted</text:p></style:header></office:document-styles>"
    )
    file = made("a.odt", opendocument(body, parts={"styles.xml": styles, "meta.xml": META}))
    assert texts(file) == [
        "Meet tonight.her",
        "Deleted text, deleted by Bob, 2024-01-02: at the quay",
        "Endnote: or not",
        "Comment by Carl, 2024-01-04: Sure?",
        "Header: Restricted",
        "Links: mailto:ada@example.org",
        "Further text in the file, not on its pages (styles.xml): no",
    ]
    rows = list(read(file))
    assert of(Document, rows)[0].at == "2024-01-03T11:00:00.5"
    assert values(rows, "Document", "author") == {"Ada"}
    assert values(rows, "Document", "notes") == {"Last saved by Bob"}
    assert [i.code for i in of(Issue, rows)] == ["zone-unknown", "hidden"]


def test_slides_and_files_within(made: Make) -> None:
    body = (
        "<office:presentation><draw:page><draw:frame><text:p>One</text:p></draw:frame><presentation:notes><text:p>Aside"
        "</text:p></presentation:notes></draw:page><draw:page><text:p>Two</text:p></draw:page></office:presentation>"
    )
    inner = "<d xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><text:p>Within</text:p></d>"
    parts = {
        "Object 1/content.xml": inner,
        "Object 2": compound({"\x01Ole10Native": native("bill.pdf", b"%PDF-1.4")}),
        "Pictures/a.png": b"\x89PNG",
        "Basic/Standard/Module1.xml": "<m/>",
    }
    rows = list(read(made("a.odp", opendocument(body, "presentation", parts))))
    assert [(p.page, p.text) for p in of(Passage, rows)] == [
        (0, "Object 1 within: Within"),
        (1, "One"),
        (1, "Notes: Aside"),
        (2, "Two"),
    ]
    assert [(e.name, e.data) for e in of(Enclosure, rows)] == [("Object 2/bill.pdf", b"%PDF-1.4")]
    assert [i.code for i in of(Issue, rows)] == ["macro", "left-out"]


def test_a_locked_document_is_refused(made: Make) -> None:
    manifest = "<m:manifest xmlns:m='x'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    data = opendocument("<office:text/>", parts={"META-INF/manifest.xml": manifest})
    with pytest.raises(SourceError, match="is protected by a password"):
        list(read(made("a.odt", data)))


def test_a_spreadsheet_is_not_taken(made: Make) -> None:
    data = opendocument("<office:spreadsheet/>", "spreadsheet")
    assert detect(made("a.ods", data)).reader != "odt"
