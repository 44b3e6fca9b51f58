"""Fields that tell of a special category are claimed in every form of file, and so hidden; all else is as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Letter

from tests.ingest.office.files import TYPES, R, W, compound, item, opendocument, package, paragraph, relations, word
from workbench import ingest
from workbench.ingest.reading.source import Evidence
from workbench.ingest.reading.special_labels import claim_special_fields, find_special_label
from workbench.model.rows import Claim, Enclosure, Passage, Row
from workbench.model.schema import SPECIAL

SECRET = "Sikh"
FEATURE = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.3, 52.1]}}
KML = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Home</name><ExtendedData>'
    '<Data name="{label}"><value>Sikh</value></Data></ExtendedData><Point><coordinates>4.3,52.1</coordinates></Point></Placemark>'
    "</Document></kml>"
)


def build_letter(label: str) -> bytes:
    made = Letter()
    table = made.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Name", label), ("Bo Roe", SECRET))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    held = BytesIO()
    made.save(held)
    return held.getvalue()


PAGE = (
    "<html><body><p>Dear Bob</p><table><tr><th>Name</th><th>{label}</th></tr><tr><td>Al</td>"
    '<td title="Sikh temple">Sikh<img alt="Sikh flag"> <del>Sikh once</del></td></tr></table></body></html>'
)


def build_mail(plain: str, page: str = "") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@x.org", "b@x.org", "list"
    made["Date"], made["Message-ID"] = "Fri, 01 Mar 2024 09:00:00 +0100", "<1@x>"
    if plain:
        made.set_content(plain)
    if page:
        (made.add_alternative if plain else made.set_content)(page, subtype="html")
    return made.as_bytes()


def build_mht(label: str) -> bytes:
    head = b"From: <Saved by Blink>\r\nSubject: page\r\nMIME-Version: 1.0\r\n"
    head += b'Content-Type: multipart/related; type="text/html"; boundary="b"'
    page = PAGE.format(label=label).encode()
    return (
        head
        + b"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Location: https://x.example/\r\n\r\n"
        + page
        + b"\r\n--b--\r\n"
    )


def build_msg(label: str) -> bytes:
    return compound(item({"0037": "list"}) | {"__substg1.0_10130102": PAGE.format(label=label).encode()})


def build_column(label: str) -> bytes:
    made = Letter()
    table = made.add_table(rows=3, cols=1)
    for row, text in enumerate((label, "Jain", SECRET)):
        table.cell(row, 0).text = text
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def build_rows(label: str) -> str:
    """A page whose rows have empty cells, cells over two rows, and none at the end."""
    rows = (
        "<td></td><td>Sikh one</td><td>2</td>",
        '<td rowspan="2">Al</td><td>Sikh two</td><td>2</td>',
        "<td>Sikh three</td><td>3</td>",
    )
    made = "".join(
        f"<table><tr><th>Name</th><th>{label}</th><th>No.</th></tr>{row}</table><p>{'word ' * 200}</p>"
        for row in (
            f"<tr>{rows[0]}</tr>",
            f"<tr>{rows[1]}</tr><tr>{rows[2]}</tr>",
            "<tr><td>Bo</td><td>Sikh four</td></tr>",
        )
    )
    return f"<html><body>{made}</body></html>"


def build_docx_rows(label: str) -> bytes:
    """A table with an empty last cell, and a row of one cell in between."""
    rows = [["Name", label, "Town"], ["Al", SECRET, ""], ["Team B"], ["Bo", SECRET, "Ely"]]
    cell = f"<w:tc>{paragraph('{0}')}</w:tc>"
    return word(f"<w:tbl>{wrap(rows, '<w:tr>{0}</w:tr>', cell)}</w:tbl>")


def build_merged_docx(label: str) -> bytes:
    """Tables with cells over two columns: one of another label, one of the label, one of a row, one before which a column is left out."""
    span = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{0}</w:tc>'.format
    cell = "<w:tc>{0}</w:tc>".format
    name, town, head, said = (cell(paragraph(text)) for text in ("Name", "Town", label, SECRET))
    tables = (
        (span(paragraph("Name")) + head, name + town + said), (name + span(paragraph(label)), name + town + said),
        (name + town + head, span(paragraph("Al")) + said),
        (name + town + head, f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{town}{said}'),
    )  # fmt: skip
    rows = ("".join(f"<w:tr>{row}</w:tr>" for row in table) for table in tables)
    return word("".join(f"<w:tbl>{made}</w:tbl>{paragraph('word ' * 200)}" for made in rows))


def build_merged_odt(label: str) -> bytes:
    """Tables with cells over two columns or rows, and with repeated cells."""

    def cell(text: str, said: str = "") -> str:
        return f"<table:table-cell{said}><text:p>{text}</text:p></table:table-cell>"

    wide, deep, again = (
        f' table:number-{what}="2"' for what in ("columns-spanned", "rows-spanned", "columns-repeated")
    )
    covered = "<table:covered-table-cell/>"
    tables = (
        (cell("Name", wide) + covered + cell(label), cell("Al") + cell("Bee") + cell(SECRET)),
        (cell("Name") + cell(label, wide) + covered, cell("Al") + cell(SECRET, again)),
        (cell("Name", again) + cell(label), cell("Al") + cell("Bee") + cell(SECRET)),
        (cell("Name") + cell("Town") + cell(label), cell("Al", deep) + cell("Ely") + cell(SECRET), covered + cell("Ham") + cell(SECRET)),
    )  # fmt: skip
    rows = ("".join(f"<table:table-row>{row}</table:table-row>" for row in table) for table in tables)
    return opendocument("".join(f"<table:table>{made}</table:table><text:p>{'word ' * 200}</text:p>" for made in rows))


def build_merged_rtf(label: str) -> str:
    """A row whose first cell is as wide as two of the next, of which an edge is not quite the same."""
    return (
        rf"{{\rtf1 \trowd\cellx2000\cellx3000 Name\cell {label}\cell\row "
        rf"\trowd\cellx1000\cellx2010\cellx3000 Al\cell Bee\cell {SECRET}\cell\row}}"
    )


FORMS: dict[str, Callable[[str], bytes | str]] = {
    "a.geojson": lambda label: json.dumps({**FEATURE, "properties": {"name": "Home", label: SECRET}}),
    "deep.geojson": lambda label: json.dumps(
        {**FEATURE, "properties": {"name": "Home", "more": {"of": [{label: SECRET}]}}}
    ),
    "a.kml": lambda label: KML.format(label=label),
    "a.vcf": lambda label: (
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Ed\nTEL:+447700900111\nX-{label.upper()}:{SECRET}\nEND:VCARD\n"
    ),
    "one.json": lambda label: json.dumps({"name": "Cy", label: SECRET, "phone": "+447700900777"}),
    "deep.json": lambda label: json.dumps({"export": {"persons": [{"name": "Cy", label: SECRET}]}, "version": 1}),
    "a.html": lambda label: (
        f"<html><body><table><tr><th>Name</th><th>{label}</th></tr><tr><td>Al</td><td>{SECRET}</td></tr></table></body></html>"
    ),
    "a.docx": build_letter,
    "a.rtf": lambda label: (
        rf"{{\rtf1 \trowd\cellx1000\cellx2000 Name\cell {label}\cell\row \trowd\cellx1000\cellx2000 Al\cell {SECRET}\cell\row}}"
    ),
    "a.txt": lambda label: f"Name | {label}\nDora | {SECRET}\n",
    "page.eml": lambda label: build_mail("", PAGE.format(label=label)),
    "both.eml": lambda label: build_mail(f"Dear Bob\n\nName\n{label}\nAl\nSikh Sikh once", PAGE.format(label=label)),
    "bars.eml": lambda label: build_mail(f"Name | {label}\nDora | {SECRET}\n"),
    "quoted.eml": lambda label: build_mail(f"> Name\t{label}\t\n> Dora\t{SECRET}\t\n>\n> Ed\t{SECRET}\t\n"),
    "a.mht": build_mht,
    "a.msg": build_msg,
    "a.md": lambda label: (
        f"| Name | {label} |\n|---|:-:|\n| Mo | {SECRET} [x](https://x.example/{SECRET}) |\n\n| Di | {SECRET} |\n"
    ),
    "bare.md": lambda label: f"Name|{label}|Town\n---|---|---\nMo|{SECRET}\nDi|{SECRET}|Ely\n",
    "short.md": lambda label: f"| Name | {label} |\n| --- | --- |\n| Mo | {SECRET}\n",
    "lines.txt": lambda label: f"+----+----+\n| Name | {label} |\n+----+----+\n| Mo | {SECRET} |\n",
    "rows.html": build_rows,
    "column.html": lambda label: (
        f"<html><body><table><tr><th>{label}</th></tr><tr><td>{SECRET}</td></tr></table></body></html>"
    ),
    "column.docx": build_column,
    "merged.docx": build_merged_docx,
    "merged.odt": build_merged_odt,
    "merged.rtf": build_merged_rtf,
    "ends.docx": build_docx_rows,
    "choices.html": lambda label: (
        f'<html><body><table><tr><th>Name</th><th>{label}</th></tr><tr><td>Al</td><td><input list="r"></td></tr></table>'
        f'<datalist id="r"><option value="{SECRET}"></datalist></body></html>'
    ),
    "form.txt": lambda label: f"Name | Dora\n{label} | {SECRET}\n",
}


def read(name: str, content: bytes | str) -> list[Row]:
    data = content if isinstance(content, bytes) else content.encode()
    source = ingest.SourceFile(Path(name), "ab" * 32, name, data)
    return list(ingest.read(source, {}, ingest.detect(source).reader))


def list_hidden(rows: list[Row]) -> set[str]:
    return {row.passage_id for row in rows if isinstance(row, Claim) and row.prop in SPECIAL}


@pytest.mark.parametrize("name", FORMS)
def test_a_field_of_a_special_category_is_claimed_in_every_form(name: str) -> None:
    rows = read(name, FORMS[name]("religion"))
    said = {row.id for row in rows if isinstance(row, Passage) and SECRET in row.text}
    assert said and said <= list_hidden(rows)
    assert any(isinstance(row, Claim) and row.prop == "religion" and SECRET in row.value for row in rows)


@pytest.mark.parametrize("label", ["reli\u00adgion", "reli\u034fgion", "reli-gion"])
@pytest.mark.parametrize("name", [name for name in FORMS if not name.endswith((".rtf", ".vcf"))])
def test_a_label_with_a_sign_that_nobody_sees_is_known_in_every_form(name: str, label: str) -> None:
    rows = read(name, FORMS[name](label))
    said = {row.id for row in rows if isinstance(row, Passage) and SECRET in row.text}
    assert said and said <= list_hidden(rows)


@pytest.mark.parametrize(
    "label",
    ["reli\u00adgion", "reli\u034fgion", '"reli\ngion"', '"reli-\ngion"', "\ufff3religion", "reli\U000e0101gion"],
)
def test_a_column_is_known_by_its_label_wherever_that_is_divided(label: str) -> None:
    rows = read("a.csv", f"name,phone,{label}\nAda One,+33639980013,{SECRET}\n")
    assert any(isinstance(row, Claim) and row.prop == "religion" for row in rows)


@pytest.mark.parametrize("name", FORMS)
def test_a_field_of_another_name_is_not(name: str) -> None:
    rows = read(name, FORMS[name]("village"))
    assert any(isinstance(row, Passage) and SECRET in row.text for row in rows) and not list_hidden(rows)


def test_running_text_about_religion_is_claimed_nowhere() -> None:
    for text in (
        "Religion: she is a Sikh.\n\nHealth | and safety of the whole yard | a long\nnote",
        "The health of the state.",
    ):
        rows = read("a.txt", text)
        assert not any(isinstance(row, Claim) and row.value == "she is a Sikh." for row in rows)


def test_a_table_goes_on_in_the_next_passage_and_ends_with_its_width() -> None:
    texts = [f"Name | Religion\nAl | {SECRET}", f"Bo | {SECRET}", "a | b | c", "Di | none"]
    rows: list[Any] = [Passage(str(at), "d", at, text) for at, text in enumerate(texts)]
    assert list_hidden(list(claim_special_fields(rows, Evidence("text", "1")))) == {"0", "1"}


def test_members_of_a_text_in_json_are_followed_through_its_passages() -> None:
    whole = json.dumps({"a": "b" * 50, "diagnosis": "c" * 90, "z": 1}).replace(" ", "")
    for size in (17, 30, 61):
        texts = [whole[at : at + size] for at in range(0, len(whole), size)]
        rows: list[Any] = [Passage(str(at), "d", at, text) for at, text in enumerate(texts)]
        hidden = list_hidden(list(claim_special_fields(rows, Evidence("text", "1"), is_json=True)))
        assert {str(at) for at, text in enumerate(texts) if "ccc" in text} <= hidden and "0" not in hidden


@pytest.mark.parametrize(
    ("label", "prop"),
    [
        ("X-RELIGION", "religion"),
        ("details.diagnosis", "health"),
        ("sexualOrientation", "sexLife"),
        ("sexual orien-\ntation", "sexLife"),
        ("SEXUALORIENTATION", "sexLife"),
        ("reli\n gion", "religion"),
        ("ال\u00adديانة", "religion"),
        ("region", ""),
        ("Name", ""),
        ("", ""),
    ],
)
def test_a_label_is_known_in_any_way_of_writing(label: str, prop: str) -> None:
    assert find_special_label(label) == prop


BESIDE = "zebrafriend"
ODT = {
    "comment": "<office:annotation><dc:creator>Bill</dc:creator><text:p>{0}</text:p></office:annotation>",
    "footnote": '<text:note text:note-class="footnote"><text:note-body><text:p>{0}</text:p></text:note-body></text:note>',
    "description": '<svg:desc xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0">{0}</svg:desc>',
    "link": '<text:a xlink:href="https://{0}.example/">here</text:a>',
    "deleted": '<text:change text:change-id="c1"/>',
}
GONE = (
    '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>{0}</text:p></text:deletion></text:changed-region>'
    "</text:tracked-changes>"
)
NOTES = "<w:{0}s xmlns:w='{1}'><w:{0} w:id='1' w:author='Bill'><w:p><w:r><w:t>{2}</w:t></w:r></w:p></w:{0}></w:{0}s>"
WORD = {
    "comment": '<w:r><w:commentReference w:id="1"/></w:r>',
    "footnote": '<w:r><w:footnoteReference w:id="1"/></w:r>',
    "link": '<w:hyperlink r:id="l1"><w:r><w:t>here</w:t></w:r></w:hyperlink>',
    "deleted": '<w:del w:author="Bill"><w:r><w:delText>{0}</w:delText></w:r></w:del>',
    "moved": '<w:moveFrom w:author="Bill"><w:r><w:t>{0}</w:t></w:r></w:moveFrom>',
    "choice": '<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{0}"/></w:dropDownList></w:sdtPr></w:sdt>',
}
SPACES = f'xmlns:p="urn:p" xmlns:a="urn:a" xmlns:r="{R}"'
RICH = {
    "comment": r"{{\*\atnauthor Bill}}\chatn{{\*\annotation \pard\plain {0}}}",
    "footnote": r"{{\footnote \pard\plain {0}}}",
    "link": r'{{\field{{\*\fldinst HYPERLINK "https://{0}.example/"}}{{\fldrslt here}}}}',
    "deleted": r"{{\deleted {0}}}",
    "shape": r"{{\shp{{\sp{{\sn wzDescription}}{{\sv {0} of us}}}}}}",
}
WEB = {
    "title": '<span title="{0}">x</span>',
    "link": '<a href="https://{0}.example/">here</a>',
    "struck": "<del>{0}</del>",
    "picture": '<img alt="{0}">',
}


def list_cells(header: str, at: int, beside: str) -> list[list[str]]:
    rows = [["Name", header, "Town"], ["Bo", "Jain", "Ely"], ["Al", "Sikh", "Hay"]]
    rows[1][at] += beside.format(BESIDE)
    return rows


def wrap(rows: list[list[str]], row: str, cell: str) -> str:
    return "".join(row.format("".join(cell.format(text) for text in cells)) for cells in rows)


def build_odt(what: str, at: int, header: str = "Religion") -> bytes:
    cell = "<table:table-cell><text:p>{0}</text:p></table:table-cell>"
    rows = wrap(list_cells(header, at, ODT[what]), "<table:table-row>{0}</table:table-row>", cell)
    return opendocument(f"{GONE.format(BESIDE) if what == 'deleted' else ''}<table:table>{rows}</table:table>")


def build_docx(what: str, at: int, header: str = "Religion", left: int = 0) -> bytes:
    rows = list_cells(header, at, f"</w:t></w:r>{WORD[what]}<w:r><w:t>")
    rows[1] = rows[1][: 3 - left]
    table = wrap(rows, "<w:tr>{0}</w:tr>", f"<w:tc>{paragraph('{0}')}</w:tc>")
    parts = {f"word/{kind}s.xml": NOTES.format(kind, W, BESIDE) for kind in ("comment", "footnote") if what == kind}
    ties: list[tuple[str, str, str]] = [
        (kind, f"{kind}s", f"{kind}s.xml") for kind in ("comment", "footnote") if what == kind
    ]
    ties = [*ties, ("l1", "hyperlink", f"https://{BESIDE}.example/")] if what == "link" else ties
    return word(f"<w:tbl>{table}</w:tbl>{paragraph('After it')}", parts, ties)


def build_rtf(what: str, at: int, header: str = "Religion") -> bytes:
    rows = list_cells(header, at, RICH[what])
    made = (
        r"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl " + "".join(rf"{text}\cell " for text in row) for row in rows
    )
    return ("{\\rtf1 " + "".join(rf"{row}\row " for row in made) + "}").encode()


def build_page(what: str, at: int, header: str = "Religion") -> bytes:
    table = wrap(list_cells(header, at, WEB[what]), "<tr>{0}</tr>", "<td>{0}</td>")
    return f"<html><body><table>{table}</table></body></html>".encode()


SIDES = [
    *(("a.odt", build_odt, what) for what in ODT), *(("a.docx", build_docx, what) for what in WORD if what != "choice"),
    *(("a.rtf", build_rtf, what) for what in RICH), *(("a.html", build_page, what) for what in WEB),
]  # fmt: skip


def find_beside(name: str, data: bytes, said: str = BESIDE) -> set[bool]:
    """Of each passage with the word beside the table: whether it is hidden."""
    rows = list(ingest.read(ingest.SourceFile(Path("x"), "ab" * 32, name, data), {}))
    hidden = {row.passage_id for row in rows if isinstance(row, Claim) and row.prop in SPECIAL}
    return {row.id in hidden for row in rows if isinstance(row, Passage) and said in row.text and " | " not in row.text}


@pytest.mark.parametrize(("name", "build", "what"), SIDES)
def test_what_stands_beside_a_cell_is_hidden_where_the_cell_is(
    name: str, build: Callable[..., bytes], what: str
) -> None:
    assert find_beside(name, build(what, 1)) == {True}
    assert find_beside(name, build(what, 0)) == find_beside(name, build(what, 2)) == {False}
    assert find_beside(name, build(what, 1, "Relation")) == {False}


def test_what_stands_beside_a_cell_that_nobody_can_tell_is_hidden_with_the_table() -> None:
    assert find_beside("a.docx", build_docx("comment", 0, left=1)) == {True}
    assert find_beside("a.docx", build_docx("choice", 0)) == find_beside("a.docx", build_docx("choice", 1)) == {True}
    assert find_beside("a.docx", build_docx("choice", 0, "Relation")) == {False}


@pytest.mark.parametrize(("header", "is_hidden"), [("Religion", True), ("Relation", False)])
def test_a_comment_to_which_no_text_refers_is_hidden_with_the_tables(header: str, is_hidden: bool) -> None:
    table = wrap(list_cells(header, 0, ""), "<w:tr>{0}</w:tr>", f"<w:tc>{paragraph('{0}')}</w:tc>")
    parts = {"word/comments.xml": NOTES.format("comment", W, BESIDE)}
    data = word(f"<w:tbl>{table}</w:tbl>", parts, [("c", "comments", "comments.xml")])
    assert find_beside("a.docx", data) == {is_hidden}


@pytest.mark.parametrize(("header", "is_hidden"), [("Religion", True), ("Relation", False)])
def test_a_comment_on_a_slide_is_hidden_with_the_table_of_that_slide(header: str, is_hidden: bool) -> None:
    table = wrap(
        list_cells(header, 0, ""),
        "<a:tr>{0}</a:tr>",
        "<a:tc><a:txBody><a:p><a:r><a:t>{0}</a:t></a:r></a:p></a:txBody></a:tc>",
    )
    said = f"<p:cmLst {SPACES}><p:cm idx='1'><p:text>{BESIDE}</p:text></p:cm></p:cmLst>"
    order = "".join(f"<p:sldId id='25{number}' r:id='s{number}'/>" for number in (1, 2))
    parts = {
        "[Content_Types].xml": TYPES, "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(("s1", "slide", "slides/one.xml"), ("s2", "slide", "slides/two.xml")),
        "ppt/slides/one.xml": f"<p:sld {SPACES}><a:tbl>{table}</a:tbl></p:sld>",
        "ppt/slides/two.xml": f"<p:sld {SPACES}><a:p><a:r><a:t>Two</a:t></a:r></a:p></p:sld>",
        "ppt/slides/_rels/one.xml.rels": relations(("c1", "comments", "../comments/one.xml")),
        "ppt/slides/_rels/two.xml.rels": relations(("c1", "comments", "../comments/two.xml")),
        "ppt/comments/one.xml": said, "ppt/comments/two.xml": said.replace(BESIDE, "quaggafoe"),
    }  # fmt: skip
    assert find_beside("a.pptx", package(parts)) == {is_hidden}
    assert find_beside("a.pptx", package(parts), "quaggafoe") == {False}


def test_a_title_of_a_row_of_a_page_is_hidden_with_the_table() -> None:
    page = "<html><body><table><tr><th>Name</th><th>{0}</th></tr><tr title='{1}'><td>Bo</td><td>x</td></tr></table></body></html>"
    for header, is_hidden in (("Religion", True), ("Relation", False)):
        assert find_beside("a.html", page.format(header, BESIDE).encode()) == {is_hidden}


def test_a_letter_within_a_letter_of_outlook_keeps_the_table_of_its_page() -> None:
    at = "__attach_version1.0_#00000000/"
    inside = f"{at}__substg1.0_3701000D/"
    inner = item({"0037": "Within"}, inside) | {f"{inside}__substg1.0_10130102": PAGE.format(label="Religion").encode()}
    outer = read("a.msg", compound(item({"0037": "list", "1000": "See it"}) | item({"3001": "Within"}, at) | inner))
    [found] = [row for row in outer if isinstance(row, Enclosure)]
    rows = read("within.eml", found.data)
    said = {row.id for row in rows if isinstance(row, Passage) and SECRET in row.text}
    assert said and said <= list_hidden(rows)


def test_a_cell_is_hidden_with_its_row_and_not_wherever_a_text_has_its_word() -> None:
    page = "<table><tr><th>Name</th><th>Health</th></tr><tr><td>Al</td><td>no</td></tr></table>"
    rows = read(
        "a.eml", build_mail("", f"<p>There is no ship. {'Words. ' * 200}</p>{page}<p>{'Words. ' * 200}no more</p>")
    )
    hidden = list_hidden(rows)
    assert [row.id in hidden for row in rows if isinstance(row, Passage) and " no" in row.text] == [False, True, False]


def test_a_word_within_lines_of_a_log_is_no_header() -> None:
    rows = read("a.log", "".join(f"{at}|GET|{what}|200\n" for at, what in enumerate(("index", "health", "index"))))
    assert not list_hidden(rows)


PAID = "Date,Amount,Payee\n2024-01-01,10.00,Al\n2024-01-02,11.00,Al\n"
VCF = "BEGIN:VCARD\nVERSION:3.0\nFN:Ed\n{}\nEND:VCARD\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"{PAID}\nName,Religion\nAl,{SECRET}\n"),
        ("b.csv", f"{PAID}Name,Religion\nAl,{SECRET}\n"),
        ("c.csv", f"{PAID}\nMembre,Religion,Ville\nAl,{SECRET},Ely\n"),
        ("d.csv", f"{PAID}\nMembre,Religion\nAl,{SECRET}\n\nBo,{SECRET}\n"),
        ("e.csv", f"Caller,Called,Date,Duration\n+447700900111,+447700900112,2024-01-01 10:00:00,5\n\nName,Religion\nAl,{SECRET}\n"),
        ("f.csv", f"Name,Al Roe,Bo Roe\nReligion,{SECRET},{SECRET}\nTown,Ely,Ely\n"),
        ("g.csv", f"Question,Answer\nTown,Ely\nReligion,{SECRET}\n"),
        ("h.json", json.dumps([{"name": "Al", "attributes": [{"key": "religion", "value": SECRET}]}])),
        ("i.json", json.dumps([{"key": "town", "value": "Ely"}, {"key": "religion", "value": SECRET}])),
        ("j.json", json.dumps([{"name": "Al", "said": {"label": "religion", "value": SECRET}}])),
        ("k.json", json.dumps({"name": "Al", "attributes": [{"value": SECRET, "key": "religion"}]})),
        ("l.vcf", VCF.format(f"item1.X-ABRELATEDNAMES:{SECRET}\nitem1.X-ABLABEL:Religion")),
        ("m.vcf", VCF.format(f"item1.X-ABLABEL:_$!<Religion>!$_\nITEM1.NOTE:{SECRET} {'word ' * 900}")),
        ("n.vcf", VCF.format(f"X-RELIGION:{SECRET} {'word ' * 900}")),
    ],
)  # fmt: skip
def test_a_table_below_another_and_a_value_that_another_field_names_are_hidden(name: str, content: str) -> None:
    rows = read(name, content)
    hidden = list_hidden(rows)
    assert [one.text for one in rows if isinstance(one, Passage) and SECRET in one.text and one.id not in hidden] == []
    assert hidden and all(
        "Ely" not in one.text or SECRET in one.text for one in rows if isinstance(one, Passage) and one.id in hidden
    )


@pytest.mark.parametrize(
    "content",
    [
        "Office,Head,Amount\nHealth,Al,10\nSchools,Bo,11\n\nHealth,Cy,12\n\nSchools,Di,13\n",
        "Office,Head,Town\nSchools,Bo,Ely\nRoads,Al,Ely\n\nHealth,Cy,Ely\nRoads,Di,Ely\n",
        "Office,Head\nSchools,Bo\nRoads,Al\n\nHealth,Cy\nRoads,Di\n",
        "Office,2023,2024\nEducation,10,11\nHealth,12,13\nTransport,14,15\nHousing,16,17\n",
        "Date,Shop,Kind\n2024-01-01,A,Food\n2024-01-02,B,Food\n\n2024-01-03,C,Health\n2024-01-04,D,Food\n",
        "Date,Shop,Kind\n\n2024-01-01,A,Food\n\nBo,Health,Cy\n\nDi,Food,Ed\n",
        "Question,Answer\nTown,Ely\nIs your religion known?,yes\n",
        f"{VCF.format('item1.X-ABRELATEDNAMES:Bo' + chr(10) + 'item1.X-ABLABEL:Brother')}",
    ],
)  # fmt: skip
def test_a_word_of_a_row_is_no_header(content: str) -> None:
    assert not list_hidden(read("a.vcf" if content.startswith("BEGIN") else "a.csv", content))
