from __future__ import annotations

import shutil
import time
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO

import pytest

from tests.ingest.claimed import of, values
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.documents import scans
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Trace
from workbench.model.schema import check_schema

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
    assert detect(file).reason == "The file begins with the PDF file signature."
    rows = list(read(file))
    document = next(row for row in rows if isinstance(row, Document))
    assert (document.schema, document.title) == ("Pages", "report.pdf")
    assert [(p.number, p.page, p.text) for p in rows if isinstance(p, Passage)] == [
        (0, 1, "First page.\nSecond line."),
        (1, 3, "Third page."),
    ]
    assert [t.place for t in rows if isinstance(t, Trace)] == ["pages 1-3"]
    assert [(i.code, i.message) for i in rows if isinstance(i, Issue)] == [
        ("no-text", "Pages with text: 2 of 3. Pages without text: 2.")
    ]


def test_a_locked_file_is_refused(made: Make) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(BytesIO(portable("Secret"))))
    writer.encrypt("pass", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(SourceError, match="is encrypted, so its text cannot be read"):
        list(read(made("locked.pdf", out.getvalue())))


def test_damage_is_refused_or_reported(made: Make) -> None:
    whole = portable("One page.")
    with pytest.raises(SourceError, match="cannot be read as PDF"):
        list(read(made("x.pdf", b"%PDF-1.4\nnothing else")))
    broken = made("y.pdf", whole.replace(b"/Contents", b"/Cxntents"))
    assert [row.code for row in read(broken) if isinstance(row, Issue)] == ["no-text", "left-out"]


def rewritten(data: bytes) -> bytes:
    """The file with properties and a file within."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.add_metadata(
        {"/Author": "Ada Winter", "/Title": "Plan", "/CreationDate": "D:20240102100000+01'00'", "/Subject": ""}
    )
    writer.add_attachment("../list.csv", b"name,phone")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_properties_and_files_within(made: Make) -> None:
    file = made("plan.pdf", rewritten(portable("One page.")))
    rows = list(read(file))
    claims = of(Claim, rows)
    assert {c.entity_id for c in claims} == {document_key(file.sha256).entity_id}
    assert {c.trace_id for c in claims} == {t.id for t in of(Trace, rows)}
    assert values(rows, "Pages", "author") == {"Ada Winter"}
    assert values(rows, "Pages", "authoredAt") == {"2024-01-02T10:00:00+01:00"}
    for claim in claims:
        check_schema(claim.schema, claim.prop)
    assert [(e.name, e.data, e.document_id) for e in of(Enclosure, rows)] == [
        ("../list.csv", b"name,phone", of(Document, rows)[0].id)
    ]
    assert [i.code for i in of(Issue, rows)] == ["odd-name"]


@pytest.mark.slow
def test_a_bomb_in_a_page_costs_that_page(made: Make) -> None:
    packed = zlib.compress(bytes(400 * 1024**2), 1)
    whole = portable("x" * 20, "Kept.")
    stream = whole[whole.index(b"<< /Length") : whole.index(b"endstream")]
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\n" % (len(packed), packed)
    rows = list(read(made("bomb.pdf", whole.replace(stream, bomb, 1))))
    assert [p.text for p in of(Passage, rows)] == ["Kept."]
    assert [i.code for i in of(Issue, rows)] == ["bad-row"]


# Text of scans ----------------------------------------------------------------------------------------------------------


def scan(*pages: str) -> bytes:
    """A PDF whose pages are pictures of a line of text."""
    from PIL import Image, ImageDraw, ImageFont

    drawn = []
    for text in pages:
        picture = Image.new("L", (1240, 400), "white")
        ImageDraw.Draw(picture).text((80, 150), text, fill="black", font=ImageFont.load_default(size=48))
        drawn.append(picture)
    out = BytesIO()
    drawn[0].save(out, "PDF", save_all=True, append_images=drawn[1:], resolution=150)
    return out.getvalue()


can_scan = pytest.mark.skipif(
    shutil.which("tesseract") is None or find_spec("pypdfium2") is None,
    reason="needs the program tesseract and the package pypdfium2 (pip install caseledger[ocr])",
)


@can_scan
def test_scans_are_read_where_asked_for(made: Make) -> None:
    file = made("scan.pdf", scan("The container left at night", ""))
    assert [i.code for i in of(Issue, read(file))] == ["no-text"]
    rows = list(read(file, {"ocr": "eng"}))
    assert [(p.page, p.text) for p in of(Passage, rows)] == [(1, "The container left at night")]
    codes = {i.code: i.message for i in of(Issue, rows)}
    assert set(codes) == {"ocr", "no-text"}
    assert codes["ocr"].endswith("may contain errors: 1.")
    assert codes["no-text"] == "Only 1 of 2 pages have text. Without it: 2."
    [claim] = [c for c in of(Claim, rows) if c.method == "ocr"]
    assert claim.passage_id == of(Passage, rows)[0].id
    assert claim.version.startswith("Tesseract ") and claim.version.endswith(" eng")
    assert (claim.prop, claim.value) == ("processingAgent", claim.version)
    assert rows == list(read(file, {"ocr": "eng"}))


@can_scan
def test_a_page_with_text_is_not_read_by_ocr(made: Make) -> None:
    rows = list(read(made("a.pdf", portable("One page.")), {"ocr": "eng"}))
    assert [p.text for p in of(Passage, rows)] == ["One page."]
    assert of(Issue, rows) == []


@can_scan
def test_a_sheet_of_any_size_is_bounded(made: Make) -> None:
    huge = portable("").replace(b"0 0 595 842", b"0 0 14400 14400")
    file = made("huge.pdf", huge)
    with scans.open_pdf(file) as pages:
        assert len(scans._draw_page(pages, 1)) < 1.01 * scans.PIXELS


@can_scan
def test_a_language_that_is_not_there_is_named(made: Make) -> None:
    with pytest.raises(SourceError, match=r"no data for xxx; it knows .*eng"):
        list(read(made("a.pdf", scan("x")), {"ocr": "eng+xxx"}))


@pytest.mark.parametrize("languages", ["eng; rm -rf /", "--psm", "e", "eng+", "../eng"])
def test_languages_are_names(made: Make, languages: str) -> None:
    with pytest.raises(SourceError, match="joined by"):
        list(read(made("a.pdf", portable("x")), {"ocr": languages}))


def test_without_tesseract_the_message_says_what_to_install(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SourceError, match=r"not installed.*apt install tesseract-ocr"):
        list(read(made("a.pdf", scan("x")), {"ocr": "eng"}))


def noted() -> bytes:
    """A PDF with a form field, one that stands on no page, a note and a free text."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    def made(**values: str) -> DictionaryObject:
        return DictionaryObject({
            NameObject(f"/{key}"): NameObject(value) if value.startswith("/") else TextStringObject(value)
            for key, value in values.items()
        })  # fmt: skip

    writer = PdfWriter(PdfReader(BytesIO(portable("One page.", "Two."))))
    notes = [
        made(Subtype="/Widget", FT="/Tx", T="payee", V="Zoë Lind"),
        made(Subtype="/Text", T="Bob", Contents="pay on Friday"),
        made(Subtype="/FreeText", RC="<p>to <b>Carl</b></p>"),
        made(Subtype="/Link", Contents="no words"),
    ]
    kept = [writer._add_object(note) for note in notes]
    writer.pages[1][NameObject("/Annots")] = ArrayObject(kept)
    alone = writer._add_object(made(FT="/Tx", T="hidden", V="forty kilos"))
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject([kept[0], alone]), NameObject("/XFA"): TextStringObject("x")}
    )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_fields_and_notes_are_read_with_their_page(made: Make) -> None:
    rows = list(read(made("form.pdf", noted())))
    assert [(p.page, p.text) for p in rows if isinstance(p, Passage)] == [
        (1, "One page."),
        (2, "Two."),
        (2, "Field payee: Zoë Lind\n\nNote by Bob: pay on Friday\n\nNote: to Carl"),
        (0, "Field hidden: forty kilos"),
    ]
    assert [i.code for i in rows if isinstance(i, Issue)] == ["left-out"]


@pytest.mark.parametrize(
    ("before", "behind", "said"),
    [(b"PK secret\n", b"", "10"), (b"", b"\nsecret", "7"), (b"\xef\xbb\xbf", b"\r\n\x00", "")],
)
def test_bytes_around_a_file_are_told(made: Make, before: bytes, behind: bytes, said: str) -> None:
    data = before + portable("One page.").rstrip(b"\n") + behind
    found = [i.message for i in read(made("a.pdf", data)) if isinstance(i, Issue) and i.code == "unclaimed"]
    assert [f"Bytes of 'a.pdf' that were not read: {said} (the first is byte " in one for one in found] == [
        True
    ] * bool(said)


# What no page shows ---------------------------------------------------------------------------------------------------


def drawn(*objects: str, catalog: str = "", page: str = "", text: str = "BT (Seen.) Tj ET") -> bytes:
    """A PDF of one page; `objects` are numbered from 6."""
    fonts = "/Resources << /Font << /F1 5 0 R >> >>"
    return joined(
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {fonts} /Contents 4 0 R {page} >>",
        content(text.replace("BT", "BT /F1 12 Tf 50 700 Td")),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    )


def content(text: str, more: str = "") -> str:
    return f"<< /Length {len(text)} {more} >>\nstream\n{text}\nendstream"


def joined(*objects: str) -> bytes:
    out, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>"
    return f"{out}{end}\nstartxref\n{len(out)}\n%%EOF\n".encode()


FORM = "/Type /XObject /Subtype /Form /BBox [0 0 290 50] /Resources << /Font << /F1 5 0 R >> >>"
HARBOUR = content("BT /F1 12 Tf 5 5 Td (Harbour at nine) Tj ET", FORM)


@pytest.mark.parametrize(
    ("objects", "page", "catalog"),
    [
        (
            ["<< /Subtype /FileAttachment /FS 7 0 R >>", "<< /UF (plan.txt) /EF << /F 8 0 R >> >>"],
            "/Annots [6 0 R]",
            "",
        ),
        (["<< >>", "<< /F (plan.txt) /EF << /F 8 0 R >> >>"], "/AF [7 0 R]", ""),
        (["<< >>", "<< /F (plan.txt) /EF << /UF 8 0 R >> >>"], "", "/AF [7 0 R]"),
        (["<< /Subtype /FileAttachment /FS << /F (plan.txt) /EF << /F 8 0 R >> >> >>", "<< >>"], "/Annots [6 0 R]", ""),
    ],
)
def test_files_are_taken_out_wherever_they_hang(made: Make, objects: list[str], page: str, catalog: str) -> None:
    data = drawn(*objects, content("the plan", "/Type /EmbeddedFile"), page=page, catalog=catalog)
    rows = list(read(made("a.pdf", data)))
    assert [(one.name, one.data) for one in of(Enclosure, rows)] == [("plan.txt", b"the plan")]
    assert not of(Issue, rows)


def test_a_file_without_a_name_is_taken_out(made: Make) -> None:
    rows = list(read(made("a.pdf", drawn(content("the plan", "/Type /EmbeddedFile")))))
    assert [(one.name, one.data) for one in of(Enclosure, rows)] == [("file 6", b"the plan")]


@pytest.mark.parametrize(
    ("objects", "page", "catalog", "said"),
    [
        (["<< /Subtype /Stamp /AP << /N 7 0 R >> >>", HARBOUR], "/Annots [6 0 R]", "", (1, "Shown by Stamp: Harbour at nine")),
        (["<< /First 7 0 R >>", "<< /Title (Harbour) /Parent 6 0 R >>"], "", "/Outlines 6 0 R", (0, "Bookmark: Harbour")),
        (["<< /S /Figure /Alt (A red boat) >>"], "", "", (0, "Description: A red boat")),
        (["<< /S /URI /URI (http://harbour.example) >>"], "", "", (0, "Link: http://harbour.example")),
        ([HARBOUR], "", "", (0, "On no page: Harbour at nine")),
    ],
)  # fmt: skip
def test_words_beside_the_text_of_pages_are_read(
    made: Make, objects: list[str], page: str, catalog: str, said: tuple[int, str]
) -> None:
    rows = list(read(made("a.pdf", drawn(*objects, page=page, catalog=catalog))))
    assert [(p.page, p.text) for p in of(Passage, rows)] == [(1, "Seen."), said]
    assert not of(Issue, rows)


@pytest.mark.parametrize(("instead", "read_too"), [("Boat", ["Text instead: Boat"]), ("Seen", []), ("See", [])])
def test_a_text_that_stands_for_another_is_read_where_it_differs(made: Make, instead: str, read_too: list[str]) -> None:
    text = f"/Span << /ActualText ({instead}) >> BDC BT (Seen.) Tj ET EMC"
    rows = list(read(made("a.pdf", drawn(text=text))))
    assert [(p.page, p.text) for p in of(Passage, rows)] == [(1, "Seen."), *((1, one) for one in read_too)]


def test_what_a_page_or_note_says_already_is_not_read_twice(made: Make) -> None:
    used = drawn(HARBOUR, text="BT (Seen.) Tj ET /X Do", page="/Annots []")
    used = used.replace(
        b"/Font << /F1 5 0 R >> >> /Contents", b"/Font << /F1 5 0 R >>/XObject<</X 6 0 R>>>>/Contents", 1
    )
    assert [p.text for p in of(Passage, read(made("a.pdf", used)))] == ["Seen.\nHarbour at nine"]
    note = "<< /Subtype /FreeText /Contents (Harbour at\\nnine) /AP << /N 7 0 R >> >>"
    rows = list(read(made("b.pdf", drawn(note, HARBOUR, page="/Annots [6 0 R]"))))
    assert [p.text for p in of(Passage, rows)] == ["Seen.", "Note: Harbour at\nnine"]


def test_an_earlier_state_of_a_file_is_told_once(made: Make) -> None:
    first = drawn()
    later = content("BT /F1 12 Tf 50 700 Td (Changed.) Tj ET")
    old = int(first.split(b"startxref\n")[1].split()[0])
    body = f"4 0 obj\n{later}\nendobj\n"
    table = f"xref\n4 1\n{len(first):010} 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev {old} >>\n"
    data = first + f"{body}{table}startxref\n{len(first) + len(body)}\n%%EOF\n".encode()
    rows = list(read(made("a.pdf", data)))
    assert [p.text for p in of(Passage, rows)] == ["Changed."]
    [told] = of(Issue, rows)
    assert (told.code, told.severity, told.message[:29]) == ("left-out", "info", "Objects from earlier versions")
    assert "were replaced or deleted but are still in the file: 1." in told.message
    assert not of(Issue, read(made("b.pdf", first)))


def ended(loose: bytes) -> bytes:
    """A PDF with bytes that are in none of its objects, before its last end."""
    return drawn() + loose + b"\nstartxref\n" + drawn().split(b"startxref\n")[1]


@pytest.mark.parametrize("loose", [b"secret of the harbour", b"% " + b"a remark " * 200])
def test_bytes_between_objects_are_told(made: Make, loose: bytes) -> None:
    data = ended(loose)
    assert [i.code for i in of(Issue, read(made("a.pdf", data)))] == ["unclaimed"]


def test_a_file_within_is_no_earlier_state(made: Make) -> None:
    rows = list(read(made("a.pdf", drawn(content(drawn().decode(), "/Type /EmbeddedFile")))))
    assert len(of(Enclosure, rows)) == 1
    assert not of(Issue, rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["1 0 obj ", "1 0 obj stream\n", "9 ", "trailer ", "1 0 obj << /Length 9 0 R >> stream\n"]
)
def test_looking_at_all_bytes_is_linear(made: Make, piece: str) -> None:
    data = ended(piece.encode() * 60_000)
    spent = time.process_time()
    list(read(made("a.pdf", data)))
    assert time.process_time() - spent < 15


RICH = "/RC (<body><p>words with <b>markup</b></p></body>)"


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (f"/Subtype /FreeText {RICH} /Contents (harmless)", (1, "Note: harmless\nwords with markup")),
        (f"/Subtype /Text {RICH} /Contents (Words with markup!)", (1, "Note: Words with markup!")),
        (f"/Subtype /Text {RICH}", (1, "Note: words with markup")),
        ("/Subtype /Widget /FT /Tx /T (f) /V (plain) /RV (<p>rich</p>)", (1, "Field f: plain\nrich")),
    ],
)
def test_a_note_says_its_rich_text_too(made: Make, note: str, said: tuple[int, str]) -> None:
    rows = list(read(made("a.pdf", drawn(f"<< {note} >>", page="/Annots [6 0 R]"))))
    assert [(p.page, p.text) for p in of(Passage, rows)] == [(1, "Seen."), said]


def test_the_rich_text_of_a_note_on_no_page_is_read(made: Make) -> None:
    rows = list(read(made("a.pdf", drawn(f"<< /Subtype /FreeText {RICH} >>"))))
    assert [(p.page, p.text) for p in of(Passage, rows)][1:] == [(0, "Note in rich text: words with markup")]


def test_own_keys_of_the_document_information_are_read(made: Make) -> None:
    about = "<< /Title (List) /Producer (a program) /Case#20No (AB 12) /Kinds [(one) (two)] /Trapped /False >>"
    data = drawn(about).replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 6 0 R")
    rows = list(read(made("a.pdf", data)))
    assert [(p.page, p.text) for p in of(Passage, rows)][1:] == [
        (0, "Property Case No: AB 12\n\nProperty Kinds: one, two")
    ]


JAVASCRIPT = "/S /JavaScript /JS (app.alert\\(1\\))"


@pytest.mark.parametrize(
    ("objects", "catalog", "code", "said"),
    [
        (["<< >>"], f"/OpenAction << {JAVASCRIPT} >>", "macro", "(JavaScript)"),
        ([f"<< {JAVASCRIPT} >>"], "/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", "macro", "(JavaScript)"),
        ([f"<< /Subtype /Widget /AA << /F << {JAVASCRIPT} >> /K << {JAVASCRIPT} >> >> >>"], "", "macro", "(JavaScript (2))"),
        (["<< /S /Launch /F (cmd.exe) >>"], "/OpenAction 6 0 R", "macro", "(Launch cmd.exe)"),
        (["<< /S /Launch /Win << /F (cmd.exe) >> >>"], "", "macro", "(Launch cmd.exe)"),
        (["<< /S /SubmitForm /F << /FS /URL /F (x.example) >> >>"], "", "outside", "(SubmitForm x.example)"),
        (["<< /S /GoToR /F (other.pdf) /D [0 /Fit] >>"], "", "outside", "(GoToR other.pdf)"),
    ],
)  # fmt: skip
def test_programs_and_what_a_file_opens_are_told(
    made: Make, objects: list[str], catalog: str, code: str, said: str
) -> None:
    issues = of(Issue, list(read(made("a.pdf", drawn(*objects, catalog=catalog)))))
    assert [one.code for one in issues] == [code] and said in issues[0].message
