from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.claimed import of
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.reading import html_text
from workbench.ingest.reading.passages import split_pieces
from workbench.ingest.reading.text_lines import LEGACY, UnifiedLines, detect_encoding
from workbench.model.rows import Claim, Document, Issue, Passage, Trace

Make = Callable[[str, str | bytes], SourceFile]

BLANKS = st.sampled_from(["\n", "\n\n", " \n\t\n", ". ", " ", "! "])
TEXTS = st.lists(st.one_of(BLANKS, st.text(st.characters(codec="utf-8"), max_size=60))).map("".join)


def texts(source: SourceFile) -> list[str]:
    return [row.text for row in read(source) if isinstance(row, Passage)]


def codes(source: SourceFile) -> list[str]:
    return [row.code for row in read(source) if isinstance(row, Issue)]


def test_paragraphs_are_put_together(made: Make) -> None:
    file = made("case.md", "# Case\n\nShort one.\n\n\n" + "Word. " * 200 + "\n\nLast.\n")
    rows = list(read(file))
    assert [type(row) for row in rows[:2]] == [Document, Trace]
    assert rows[0].title == "case.md"
    assert detect(file).reason == "The file name ends in .md, which is used for Markdown."
    found = texts(file)
    assert found[0] == "# Case\n\nShort one."
    assert found[-1] == "Last."
    assert all(len(text) <= 800 and text.endswith(".") for text in found)


@given(TEXTS, st.integers(10, 100))
def test_pieces_lose_nothing_but_blanks(text: str, size: int) -> None:
    lines = text.split("\n")
    found = list(split_pieces(lines, size))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < len(piece) <= size for piece in found)


@given(TEXTS)
def test_short_texts_are_one_piece(text: str) -> None:
    found = list(split_pieces(text.split("\n"), 10_000_000))
    assert len(found) == bool(text.strip())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("naïve".encode(), "utf-8"),
        ("naïve".encode("utf-16"), "utf-16"),
        ("naïve".encode("utf-8-sig"), "utf-8-sig"),
        ("naïve".encode("cp1252"), "cp1252"),
        ("naïve".encode()[:-3], "utf-8"),
        ("nach Köln, ÄÖÜ, ÆØÅ: für Straße, Übergröße".encode("cp1252"), "cp1252"),
        ("na: من، إلى, arrivé à Tripoli".encode("cp1256"), "cp1256"),
    ],
)
def test_encoding(made: Make, data: bytes, name: str) -> None:
    assert detect_encoding(data) == name
    file = made("t.txt", data)
    assert texts(file)[0].startswith("na")
    assert codes(file) == (["bad-encoding"] if name in LEGACY else []) or data.endswith(b"\xc3")


def test_an_empty_file_is_an_issue(made: Make) -> None:
    assert detect(made("t.txt", "")).reason == "The file is empty."
    assert codes(made("t.txt", " \n")) == ["empty"]


def test_binary_is_refused(made: Make) -> None:
    for name, data in (
        ("x.txt", b"a\x00b" * 100),
        ("x.zip", b"PK\x03\x04" + bytes(50)),
        ("x", b"\x89PNG\r\n\x1a\n" + bytes(9)),
    ):
        with pytest.raises(SourceError):
            list(read(made(name, data)))


def test_an_unknown_reader_is_named(made: Make) -> None:
    with pytest.raises(SourceError, match=r"There is no reader 'word'\. The readers are: chat-export"):
        list(read(made("t.txt", "x"), reader="word"))


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a < b > c", "a < b > c"),
        ("<!-- <p>no</p> -->yes", "yes"),
        ('<a title="x > y">link</a>', "link"),
        ("<style>p{}</style>seen<style>", "seen"),
        ("<td>1</td><td>2</td>", "1 2"),
        ("<b", ""),
        ("&#x41;&nbsp;&unknown;", "A\u00a0&unknown;"),
    ],
)
def test_markup(page: str, text: str) -> None:
    assert html_text.extract_text(page) == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<center>Paid 100</center>913", "Paid 100\n913"), ("<summary>55</summary>904", "55\n904"), ("<legend>77</legend>905", "77\n905"),
        ("<figcaption>1</figcaption>2", "1\n2"), ("1<dialog open>2</dialog>3", "1\n2\n3"), ("<button>1</button><button>2</button>", "1 2"),
        ("<select><option>1<option>2</select>3", "1 2 3"), ("1<img src=a.png>2", "1 2"),
        ("<svg><text>1</text><text>2</text></svg>", "1\n\n2"),
        ("<text><tspan x=1>1</tspan><tspan x=1 dy=2>2</tspan></text>", "1\n2"), ("<tspan fill=red>1</tspan>2", "12"),
        ("12<sup>3</sup> 4<sub><b>5</b></sub>6 m<sup>2</sup> 1<sup>st</sup> H<sub>2</sub>O", "12 3 4 5 6 m2 1st H2O"),
        ("<del>100</del><ins>906</ins> <s>1</s>2<strike>3</strike>", "100 906 1 2 3"), ("Mar<b>ta</b><span>2</span>", "Marta2"),
    ],
)  # fmt: skip
def test_what_stands_in_a_box_of_its_own_is_no_part_of_the_word_before(page: str, text: str) -> None:
    assert html_text.extract_text(page) == text


@pytest.mark.parametrize("kind", ["html", "eml"])
def test_struck_text_is_told_as_deleted(made: Make, kind: str) -> None:
    page = "<html><body><p>He paid <del>1<b>00</b></del><ins>906</ins> euro</p></body></html>"
    head = "From: a@x.example\nDate: Fri, 01 Mar 2024 09:00:00 +0100\nContent-Type: text/html\n\n"
    found = "\n".join(texts(made(f"a.{kind}", page if kind == "html" else head + page)))
    assert "He paid 100 906 euro" in found and re.search(r"Deleted text:?\s100", found)


@pytest.mark.parametrize("kind", ["html", "eml"])
def test_boxes_of_styles_are_lines(made: Make, kind: str) -> None:
    page = "<html><style>.b{display:block}</style><body><span class=b>Account 4711</span><span class=b>902 euro</span></body></html>"
    head = "From: a@x.example\nDate: Fri, 01 Mar 2024 09:00:00 +0100\nContent-Type: text/html\n\n"
    found = "\n".join(texts(made(f"a.{kind}", page if kind == "html" else head + page)))
    assert "4711902" not in found and "Account 4711\n" in found


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "<table><tr><th>Name<th>Paid</tr>\n<tr><td>Ada</td><td>10</td></tr></table>After",
            "Name | Paid\nAda | 10\n\nAfter",
        ),
        ("<table><tr><td><p>One</p><p>Two</p></td></tr></table>", "One\n\nTwo"),
        ("<tr><td></td><td>only</td></tr>", "only"),
        (f"<table><tr><td>Menu</td><td><p>{'word ' * 500}</p><p>Last</p></td></tr></table>", None),
    ],
)
def test_rows_of_tables_are_lines(page: str, text: str | None) -> None:
    found = html_text.extract_text(page, cell=" | ")
    assert found == text if text else found.endswith("word\n\nLast")


@given(
    st.lists(st.sampled_from(["<", ">", "<!--", "-->", "<p>", "</script", "<script>", '"', "a", "&", " "])).map("".join)
)
def test_markup_never_fails(page: str) -> None:
    assert isinstance(html_text.extract_text(page), str)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_kind_of_line_end_ends_a_line(made: Make, end: str) -> None:
    lines = ["Name,Phone,Note", 'Alf Holm,+4722110082,"two', 'lines"', "Bob Dahl,+4722110083,x"]
    rows = list(read(made("list.csv", end.join([*lines, ""]))))
    assert [p.text for p in of(Passage, rows)][-1] == "Name: Bob Dahl; Phone: +4722110083; Note: x"
    assert [t.place for t in of(Trace, rows)] == ["row 2", "row 4"]
    card = ["BEGIN:VCARD", "VERSION:3.0", "FN:Alf Holm", "TEL:+4722110082", "END:VCARD", ""]
    assert "+4722110082" in {c.value for c in of(Claim, read(made("a.vcf", end.join(card))))}
    records = ['{"Name": "Alf Holm"}', '{"Name": "Bob Dahl"}', ""]
    assert len(of(Passage, read(made("a.jsonl", end.join(records))))) == 2


def test_a_message_does_not_hide_behind_a_line_end_of_another_kind(made: Make) -> None:
    chat = (
        b"[13/02/2026, 10:00:00] Ana: hello\n[13/02/2026, 10:01:00] Ana: fine\r[13/02/2026, 10:02:00] Bo: I will pay\n"
    )
    rows = list(read(made("chat.txt", chat)))
    assert [p.text for p in of(Passage, rows)] == ["hello", "fine", "I will pay"]
    mixed = b"Name,Phone\nAlf Holm,+4722110085\rBob Dahl,+4722110086\n"
    assert len(of(Passage, read(made("one.csv", mixed)))) == 2


@pytest.mark.parametrize("size", range(1, 9))
def test_line_ends_that_fall_between_two_reads_end_one_line(size: int) -> None:
    text = b"a\r\nb\rc\n\r\n" * 3
    stream = UnifiedLines(io.BytesIO(text))
    assert b"".join(iter(lambda: stream.read(size) or b"", b"")) == b"a\nb\nc\n\n" * 3


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<iframe src="data:text/html,<p>x</p>"></iframe>', "iframe (1)"), ("<iframe src=page.html></iframe>", "iframe (1)"),
        ('<object data="a.html"></object><embed src="b.svg">', "embed (1), object (1)"), ("<img src='data:image/svg+xml,x'>", "img (1)"),
        ("<script>document.body.append('x')</script>", "script (1)"), ("<script>var x = 1</script><img src='a.png'>", ""),
        ("<style>p::before{content: 'Pay'}</style><style>p{color: red}</style>", "style (1)"),
    ],
)  # fmt: skip
def test_what_a_page_shows_otherwise_is_told(inside: str, told: str) -> None:
    left: Counter[str] = Counter()
    assert (
        html_text.extract_text(f"<p>seen</p>{inside}", left=left).startswith("seen")
        and html_text.tell_left(left) == told
    )


def test_labels_of_a_list_are_read() -> None:
    page = "<select><optgroup label='Sunday &amp; Monday'><option>a<option label=b></optgroup></select>"
    assert html_text.extract_text(page).split("\n") == ["Sunday & Monday", "a", "b"]
