from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, markup, read
from workbench.ingest.lines import LEGACY, encoding
from workbench.ingest.passages import pieces
from workbench.model.rows import Document, Issue, Passage, Trace

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
    assert detect(file).reason == "Markdown by its name (.md)"
    found = texts(file)
    assert found[0] == "# Case\n\nShort one."
    assert found[-1] == "Last."
    assert all(len(text) <= 800 and text.endswith(".") for text in found)


@given(TEXTS, st.integers(10, 100))
def test_pieces_lose_nothing_but_blanks(text: str, size: int) -> None:
    lines = text.split("\n")
    found = list(pieces(lines, size))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < len(piece) <= size for piece in found)


@given(TEXTS)
def test_short_texts_are_one_piece(text: str) -> None:
    found = list(pieces(text.split("\n"), 10_000_000))
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
    assert encoding(data) == name
    file = made("t.txt", data)
    assert texts(file)[0].startswith("na")
    assert codes(file) == (["bad-encoding"] if name in LEGACY else []) or data.endswith(b"\xc3")


def test_an_empty_file_is_an_issue(made: Make) -> None:
    assert detect(made("t.txt", "")).reason == "the file is empty"
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
    with pytest.raises(SourceError, match=r"There is no reader 'word'\. Readers are: chat-export"):
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
    assert markup.text(page) == text


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
    found = markup.text(page, cell=" | ")
    assert found == text if text else found.endswith("word\n\nLast")


@given(
    st.lists(st.sampled_from(["<", ">", "<!--", "-->", "<p>", "</script", "<script>", '"', "a", "&", " "])).map("".join)
)
def test_markup_never_fails(page: str) -> None:
    assert isinstance(markup.text(page), str)
