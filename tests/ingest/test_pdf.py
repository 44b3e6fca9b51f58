from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Document, Issue, Passage, Trace

Make = Callable[[str, str | bytes], SourceFile]


def portable(*pages: str) -> bytes:
    """A PDF with one line of text per line of each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        shown = " T* ".join(f"({line}) Tj" for line in text.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET" if text else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        resources = "<< /Font << /F1 3 0 R >> >>"
        box = "/MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Resources {resources} /Contents {len(objects)} 0 R >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def test_pages_keep_their_numbers(made: Make) -> None:
    file = made("report.pdf", portable("First page.\nSecond line.", "", "Third page."))
    assert detect(file).reason == "the file begins with the mark of PDF"
    rows = list(read(file))
    document = next(row for row in rows if isinstance(row, Document))
    assert (document.schema, document.title) == ("Pages", "report.pdf")
    assert [(p.number, p.page, p.text) for p in rows if isinstance(p, Passage)] == [
        (0, 1, "First page.\nSecond line."),
        (1, 3, "Third page."),
    ]
    assert [t.place for t in rows if isinstance(t, Trace)] == ["pages 1-3"]
    assert [(i.code, i.message) for i in rows if isinstance(i, Issue)] == [
        ("no-text", "Only 2 of 3 pages have text. Without it: 2.")
    ]


def test_a_locked_file_is_refused(made: Make) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(BytesIO(portable("Secret"))))
    writer.encrypt("pass", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(SourceError, match="is encrypted; no text can be read"):
        list(read(made("locked.pdf", out.getvalue())))


def test_damage_is_refused_or_reported(made: Make) -> None:
    whole = portable("One page.")
    with pytest.raises(SourceError, match="cannot be read as PDF"):
        list(read(made("x.pdf", b"%PDF-1.4\nnothing else")))
    broken = made("y.pdf", whole.replace(b"/Contents", b"/Cxntents"))
    assert [row.code for row in read(broken) if isinstance(row, Issue)] == ["no-text"]
