"""Hostile office files: each is refused with a reason, or read with issues; in bounded time and memory, and no exception."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.cost import linear, within
from tests.ingest.archives.test_archives import tarred, zipped
from tests.ingest.office.files import compound, item, opendocument, package, paragraph, word
from tests.ingest.test_faults import mutated, survives
from tests.ingest.test_text import Make
from workbench.errors import SourceError
from workbench.ingest import SourceFile, read
from workbench.ingest.office import html_page
from workbench.model.rows import Issue, Passage

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTER = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SLOWEST = 8.0


def odt(content: str) -> bytes:
    return package({"content.xml": content}, first=("mimetype", b"application/vnd.oasis.opendocument.text"))


def docx(document: str) -> bytes:
    return word("", {"word/document.xml": document})


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "laughs in docx": ("a.docx", lambda: docx(LAUGHS + "<x>&i;</x>"), "declares entities"),
    "laughs in odt": ("a.odt", lambda: odt(LAUGHS + "<x>&i;</x>"), "declares entities"),
    "outer entity in docx": ("a.docx", lambda: docx(OUTER + "<x>&a;</x>"), "declares entities"),
    "outer entity in odt": ("a.odt", lambda: odt(OUTER + "<x>&a;</x>"), "declares entities"),
    "bomb in docx": ("a.docx", lambda: docx("<x>" + " " * 70_000_000 + "</x>"), "unpacks to"),
    "bomb in odt": ("a.odt", lambda: odt("<x>" + " " * 70_000_000 + "</x>"), "unpacks to"),
    "elements in docx": ("a.docx", lambda: docx("<x>" + "<y/>" * 1_100_000 + "</x>"), "more than 1,000,000 elements"),
    "no xml in docx": ("a.docx", lambda: docx("\x00\x01"), "cannot be read as XML"),
    "no part in pptx": ("a.pptx", lambda: package({"[Content_Types].xml": "", "ppt/x": ""}), "The part"),
    "no part in odt": ("a.odt", lambda: package({}, first=("mimetype", html_page.__name__.encode())), "The part"),
    "zip named docx": ("a.docx", lambda: zipped({"x.txt": b"x"}), "The part"),
    "unknown encoding in docx": (
        "a.docx",
        lambda: docx('<?xml version="1.0" encoding="punycode"?><x/>'),
        "cannot be read",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_with_a_reason(made: Make, case: str) -> None:
    name, data, match = HOSTILE[case]
    file = made(name, data())

    def work() -> None:
        with pytest.raises(SourceError, match=match):
            list(read(file))

    within(SLOWEST, work)


@pytest.mark.slow
def test_depth_is_no_danger(made: Make) -> None:
    deep = 50_000
    nested = f"<w:document xmlns:w='w'>{'<w:tbl><w:tr><w:tc>' * deep}<w:p><w:t>in</w:t></w:p>{'</w:tc></w:tr></w:tbl>' * deep}"
    rows = list(read(made("a.docx", docx(nested + "</w:document>"))))
    assert [row.text for row in rows if isinstance(row, Passage)] == ["in"]
    spans = f"<x xmlns:text='{ODF}:text:1.0'><text:p>{'<text:span>' * deep}in{'</text:span>' * deep}</text:p></x>"
    rows = list(read(made("a.odt", odt(spans))))
    assert [row.text for row in rows if isinstance(row, Passage)] == ["in"]


def test_script_in_names_and_text_stays_text(made: Make) -> None:
    script = "&lt;script&gt;alert(1)&lt;/script&gt;"
    core = f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{script}</dc:title></c>'
    rows = list(read(made("<script>.docx", word(paragraph(script), {"docProps/core.xml": core}))))
    assert [row.text for row in rows if isinstance(row, Passage)] == ["<script>alert(1)</script>"]


def test_relations_lead_nowhere(made: Make) -> None:
    ties = [
        ("r1", "header", "../../../../etc/passwd"),
        ("r2", "comments", "/etc/passwd"),
        ("r3", "footer", "document.xml"),
    ]
    rows = list(read(made("a.docx", word(paragraph("x"), ties=ties))))
    assert [row.code for row in rows if isinstance(row, Issue)] == ["bad-row", "bad-row"]


def letter() -> bytes:
    streams = item(
        {"0037": "Subject", "1000": "Body", "5D01": "ada@example.org"}, numbers={0x39: 133_000_000_000_000_000}
    )
    at = "__attach_version1.0_#00000000/"
    return compound(streams | item({"3707": "a.txt"}, at) | {f"{at}__substg1.0_37010102": b"x" * 5000})


RICH = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset204 A;}}{\info{\author A}{\creatim\yr2024\mo1\dy2}}One \u-10179?\u-8704?"
    rb"\trowd\cell a\row{\footnote n}{\pict\bin3 abc}{\field{\*\fldinst{HYPERLINK x}}}{\object{\*\objdata 0105}}\par}"
)
PAGE = (
    b"<html><meta charset=utf-8><title>T</title><table><tr><td>a<td>b</table><a href='http://x'>y</a><!-- z --></html>"
)
SLIDE = (
    "<p:sld xmlns:p='p' xmlns:a='a'><a:tbl><a:tr><a:tc><a:p><a:r><a:t>x</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:sld>"
)
SHOW = package(
    {
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": "<p xmlns:r='r'><sldId id='1' r:id='r1'/></p>",
        "ppt/_rels/presentation.xml.rels": "<R><Relationship Id='r1' Type='x/slide' Target='slides/s.xml'/></R>",
        "ppt/slides/s.xml": SLIDE,
    }
)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "data", "reader", "times"),
    [
        ("a.docx", word(paragraph("One") * 3), "docx", 1_500),
        ("a.pptx", SHOW, "pptx", 1_500),
        ("a.odt", opendocument("<office:text><text:p>One</text:p></office:text>"), "odt", 1_500),
        ("a.rtf", RICH, "rtf", 5_000),
        ("a.msg", letter(), "msg", 1_500),
        ("a.html", PAGE, "html", 3_000),
        ("a.doc", compound({"WordDocument": b"x" * 5000}), None, 500),
        ("a.zip", zipped({"a.txt": b"one" * 50, "b/c.csv": b"two" * 50}), "archive", 1_500),
        ("a.tar", tarred({"a.txt": b"one" * 50, "b" * 150: b"two" * 50}), "archive", 1_500),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_damaged_files_never_raise(name: str, data: bytes, reader: str | None, times: int) -> None:
    dice = random.Random(name)
    for _ in range(times):
        survives(name, mutated(data, dice), reader)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("docx", docx),
        ("odt", odt),
    ],
)
def test_damaged_parts_never_raise(name: str, inner: Callable[[str], bytes]) -> None:
    dice = random.Random(name)
    text = (
        f"<x xmlns:w='w' xmlns:text='{ODF}:text:1.0' xmlns:office='{ODF}:office:1.0' xmlns:table='{ODF}:table:1.0'><w:p><w:r>"
        "<w:t>a</w:t><w:instrText>HYPERLINK x</w:instrText></w:r><w:del w:author='x'><w:delText>b</w:delText></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:comment w:author='c'><w:p/></w:comment><w:moveFrom/><text:p>a"
        "<text:note><text:p>n</text:p></text:note><office:annotation/><text:s text:c='9'/></text:p><table:table-row>"
        "<table:table-cell><text:p>c</text:p></table:table-cell></table:table-row><text:deletion/></x>"
    ).encode()
    for _ in range(2_000):
        survives(f"a.{name}", inner(mutated(text, dice).decode("utf-8", "replace")), name)


@pytest.mark.slow
@pytest.mark.parametrize(
    "work",
    [
        lambda n: b"<html>" + b"<meta " * n,
        lambda n: b"<html>" + b"<a href=" * n,
        lambda n: b"<html>" + b"<title" * n,
        lambda n: b"<html><meta content='" + b"charset=" * n,
        lambda n: b"<html>" + b"<tr><td>" * n,
        lambda n: b"<html><!-- saved from url=(" + b"0" * n,
        lambda n: rb"{\rtf1" + rb"{\field{\*\fldinst{HYPERLINK " * (n // 20),
        lambda n: rb"{\rtf1" + rb'{\field{\*\fldinst{HYPERLINK "x" ' * (n // 20),
        lambda n: rb"{\rtf1" + rb"\f1\fcharset" * n,
        lambda n: rb"{\rtf1" + rb"\u1 \'" * n,
        lambda n: rb"{\rtf1" + rb"\cell " * n,
        lambda n: rb"{\rtf1{\pict " + b"00" * n * 20,
    ],
    ids=lambda _: "",
)
def test_readers_take_linear_time(made: Make, work: Callable[[int], bytes]) -> None:
    def tried(file: SourceFile) -> None:
        with suppress(SourceError):
            list(read(file))

    linear(tried, *(made(str(size), work(size)) for size in (5_000, 50_000)))
