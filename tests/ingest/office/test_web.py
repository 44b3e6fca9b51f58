from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ingest.claimed import of, values
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.office import html_page
from workbench.model.rows import Document, Issue, Passage
from workbench.model.schema import check_schema

Make = Callable[[str, str | bytes], SourceFile]

PAGE = """<!DOCTYPE html>
<!-- saved from url=(0024)https://example.org/story -->
<html><head><meta charset="utf-8"><title>Harbour &amp; night</title>
<meta name="author" content="Zoë"><meta property='article:published_time' content='2024-01-02T10:00:00+01:00'>
<meta http-equiv="Last-Modified" content="Mon, 04 Jul 2022 12:24:24 GMT"><script>alert('x')</script></head>
<body onload="steal()"><p>One &amp; two<br>three</p><p>See <a href="mailto:ada@example.org">her</a></p>
<table><tr><th>Name</th><th>Phone</th></tr><tr><td>Zoë</td><td>+31 6</td></tr></table><p>4 &lt; 5</p></body></html>
"""


def test_a_saved_page(made: Make) -> None:
    file = made("story", PAGE)
    assert detect(file).reason == "The start of the file looks like a web page (HTML)."
    rows = list(read(file))
    [document] = of(Document, rows)
    assert (document.schema, document.title, document.at) == (
        "HyperText",
        "Harbour & night",
        "2024-01-02T10:00:00+01:00",
    )
    assert [p.text for p in of(Passage, rows)] == [
        "One & two\nthree\n\nSee her\n\nName | Phone\nZoë | +31 6\n\n4 < 5",
        "Links: mailto:ada@example.org",
    ]
    said = {name: values(rows, "HyperText", name) for name in ("author", "publishedAt", "modifiedAt", "sourceUrl")}
    assert said == {
        "author": {"Zoë"},
        "publishedAt": {"2024-01-02T10:00:00+01:00"},
        "modifiedAt": {"2022-07-04T12:24:24+00:00"},
        "sourceUrl": {"https://example.org/story"},
    }
    for name in said:
        check_schema("HyperText", name)


ODD = ("cp037", "cp273", "cp424", "cp500", "cp875", "cp1140", "unicode_escape", "utf-7", "ibm1047")
"""Sets of mainframes, and codecs that are none of pages."""


@pytest.mark.parametrize(
    ("data", "text", "codes"),
    [
        ("<html><p>naïve", "naïve", []),
        ("<html><p>naïve".encode("cp1252"), "naïve", ["bad-encoding"]),
        ("<html><p>مرحبا يا صديقي".encode("cp1256"), "مرحبا يا صديقي", ["bad-encoding"]),
        ("<html><meta charset=windows-1252><p>naïve".encode("cp1252"), "naïve", []),
        ("<html><meta charset=latin1><p>naïve".encode("cp1252"), "naïve", []),
        ("<html><meta charset=windows-1256><p>مرحبا".encode("cp1256"), "مرحبا", []),
        ("<html><meta charset=iso-8859-1><p>‘naïve’".encode("cp1252"), "‘naïve’", []),
        ("<html><p>naïve".encode("utf-16"), "naïve", []),
        ("<html><meta charset=punycode><p>naïve", "naïve", ["bad-encoding"]),
        *((f"<html><meta charset={name}><p>Pay 40 at pier 7", "Pay 40 at pier 7", ["bad-encoding"]) for name in ODD),
        ("<html><meta charset=utf-16><p>Pay 40 naïve", "Pay 40 naïve", []),
        ("<html><meta charset=x-sjis><p>支払".encode("cp932"), "支払", []),
        ("<html><meta charset=windows-1251><p>привет".encode("cp1251"), "привет", []),
        (b"<html><meta charset=utf-8><p>na\xefve", "naïve", ["bad-encoding"]),
        (b"<html><meta charset=shift_jis><p>\x81\xff\xff\x9d", "\ufffdÿÿ\ufffd", ["bad-encoding"]),
    ],
)
def test_the_character_set_is_found(made: Make, data: str | bytes, text: str, codes: list[str]) -> None:
    rows = list(read(made("a.html", data)))
    assert [p.text for p in of(Passage, rows)] == [text]
    assert [i.code for i in of(Issue, rows)] == codes


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2024-01-02", "2024-01-02"),
        ("20240102", "2024-01-02T00:00:00"),
        ("2 January", ""),
        ("2024-13-01", ""),
        ("", ""),
    ],
)
def test_a_date_is_one_of_the_calendar(made: Make, written: str, at: str) -> None:
    rows = list(read(made("a.html", f'<html><meta name="date" content="{written}"><p>x')))
    assert of(Document, rows)[0].at == at
    assert values(rows, "HyperText", "publishedAt") == ({written} if written else set())


def test_what_only_looks_like_a_page_is_text(made: Make) -> None:
    assert detect(made("a.txt", "He wrote <html> by hand")).reader == "text"
    assert detect(made("a.html", "no tag at all")).reader == "html"


def test_an_endless_page_is_refused(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_page, "LONGEST", 100)
    with pytest.raises(SourceError, match="web page of more than 100 bytes"):
        list(read(made("a.html", "<html>" + "x" * 100)))


def test_what_a_browser_may_show_and_is_not_read_is_told(made: Make) -> None:
    page = (
        "<html><p>Seen</p><noscript>QNO</noscript><noscript><img src=x></noscript><template>QT</template>"
        "<iframe srcdoc='QF'></iframe><input value='QI'><input type=hidden value=x><input value=''></html>"
    )
    rows = list(read(made("a.html", page)))
    assert [p.text for p in of(Passage, rows)] == ["Seen"]
    [told] = of(Issue, rows)
    assert told.code == "left-out" and told.message.endswith("iframe (1), input (1), noscript (1), template (1).")


def test_words_of_attributes_are_read_and_those_of_styles_told(made: Make) -> None:
    page = (
        "<html><head><title>t</title><style>.a::before{content:'pay Friday'} p:after{content:attr(data-y)}</style></head>"
        "<p data-y='shown by a style' title='a &amp; b'>x<img alt=photo><svg><title>drawn</title></svg></p>"
        '<ul style="list-style-type:&quot;first of all &quot;"><li>y</ul></html>'
    )
    rows = list(read(made("a.html", page)))
    assert [p.text for p in of(Passage, rows)] == ["x\n\ny", "Labels: shown by a style\na & b\nphoto\ndrawn"]
    [told] = of(Issue, rows)
    assert told.message.endswith("style (2).")


def test_a_style_with_signs_only_is_not_told(made: Make) -> None:
    page = "<html><style>.i:before{content:'\\f101'}body{font-family:'Segoe UI';content:' | '}</style><p>x"
    assert not of(Issue, read(made("a.html", page)))
