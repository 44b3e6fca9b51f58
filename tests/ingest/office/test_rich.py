from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.claimed import of, values
from tests.ingest.office.files import native
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.office import rtf
from workbench.model.rows import Document, Enclosure, Issue, Passage

Make = Callable[[str, str | bytes], SourceFile]


def texts(source: SourceFile) -> list[str]:
    return [row.text for row in of(Passage, read(source))]


def escaped(text: str) -> str:
    """Text in RTF, as Word writes it: every character beyond ASCII by its number, twice where it takes two."""
    units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le"))
    plain = {"\\": "\\\\", "{": "\\{", "}": "\\}"}
    return "".join(plain.get(chr(u), chr(u)) if u < 128 else f"\\u{u - 65536 if u > 32767 else u}?" for u in units)


@given(st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=80))
def test_what_is_written_comes_back(text: str) -> None:
    assert rtf.extract_text(f"{{\\rtf1\\ansi {escaped(text)}\\par}}".encode()) == text


def test_a_document(made: Make) -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset178 Arial;}}"
        rb"{\info{\title Plan}{\author Zo\'eb}{\operator Bob}{\creatim\yr2024\mo1\dy2\hr10\min5}}"
        rb"{\header Restricted\par}\pard Meet \b tonight\b0  at \'91nine\'92.\par"
        rb"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} {\f2 \'e3\'d1\'cd\'c8\'c7}\par"
        rb"\trowd\intbl Name\cell Phone\cell\row\trowd\intbl Ada\par Winter\cell +31 6\cell\row\pard After"
        rb"{\footnote\pard First note}{\*\atnauthor Carl}{\*\annotation Sure?}\par"
        rb'{\field{\*\fldinst{HYPERLINK "https://example.org/x"}}{\fldrslt site}}{\v unseen}\par'
        rb"{\deleted at the quay}{\*\unknown never}{\pict\pngblip 89504e47}}"
    )
    file = made("plan.doc", data)
    assert detect(file).reason == "The file begins with the RTF file signature."
    assert texts(file) == [
        "Meet tonight at \u2018nine\u2019.\n\nПривет مرحبا\n\nName | Phone\nAda Winter | +31 6\n\nAfter\n\nsiteunseen",
        "Header: Restricted",
        "Footnote: First note",
        "Comment by Carl: Sure?",
        "Deleted text: at the quay",
        "Links: https://example.org/x",
    ]
    rows = list(read(file))
    assert of(Document, rows)[0].at == "2024-01-02T10:05:00"
    assert values(rows, "Document", "author") == {"Zoë"}
    assert {i.code for i in of(Issue, rows)} == {"zone-unknown", "hidden", "left-out"}


def test_files_within_are_handed_on(made: Make) -> None:
    held = native("bill.pdf", b"%PDF-1.4")[4:]
    first = (
        struct.pack("<II", 0x501, 2)
        + struct.pack("<I", 8)
        + b"Package\0"
        + bytes(8)
        + struct.pack("<I", len(held))
        + held
    )
    data = (
        b"{\\rtf1 x{\\object\\objemb{\\*\\objdata %s}{\\result{\\pict 00}}}{\\object{\\*\\objdata zz}}}"
        % first.hex().encode()
    )
    rows = list(read(made("a.rtf", data)))
    assert [(e.name, e.data) for e in of(Enclosure, rows)] == [("object 1/bill.pdf", b"%PDF-1.4")]
    assert [(i.code, i.place) for i in of(Issue, rows)] == [("bad-row", "object 2")]


def test_a_template_from_outside_is_reported(made: Make) -> None:
    rows = list(read(made("a.rtf", rb"{\rtf1{\*\template http://192.0.2.1/x.dotm}x}")))
    assert [i.code for i in of(Issue, rows)] == ["outside"]


def test_bytes_that_are_no_text_are_passed_over(made: Make) -> None:
    assert texts(made("a.rtf", b"{\\rtf1 a{\\pict\\bin5 }{}\\}}b}")) == ["ab"]
    cut = made("a.rtf", rb"{\rtf1 One {\b two")
    assert texts(cut) == ["One two"]
    assert [i.code for i in of(Issue, read(cut))] == ["truncated"]


@pytest.mark.slow
def test_depth_and_length_are_bounded(made: Make) -> None:
    for data in (b"{\\rtf1 " + b"{" * 20_000, b"{\\rtf1 " + b"\\b" * (rtf.TOKENS + 1)):
        with pytest.raises(SourceError, match="control words"):
            list(read(made("a.rtf", data)))


def test_what_follows_the_last_brace_is_told(made: Make) -> None:
    [told] = of(Issue, read(made("a.rtf", b"{\\rtf1 Visible.}\nwords behind")))
    assert told.code == "unclaimed" and "were not read: 12 (the first is byte 16)." in told.message
    assert not of(Issue, read(made("b.rtf", b"{\\rtf1 Visible.}\r\n\x00")))


def test_labels_of_lists_and_words_of_shapes_are_read(made: Make) -> None:
    data = (
        rb"{\rtf1 \pard{\listtext\pard\plain 1.\tab}first\par{\pntext 2.\tab}second\par"
        rb"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 136}}{\sp{\sn gtextUNICODE}{\sv a banner}}{\sp{\sn gtextFont}{\sv Arial}}"
        rb"{\sp{\sn wzName}{\sv Text Box 2}}{\sp{\sn wzDescription}{\sv a photo}}{\sp{\sn pib}{\sv {\pict 00}}}}}"
        rb"{\*\do\dptxbx{\dptxbxtext old box}}}"
    )
    rows = list(read(made("a.rtf", data)))
    text = "\n".join(p.text for p in of(Passage, rows))
    for words in ("1.\tfirst", "2.\tsecond", "WordArt: a banner", "Alternative text: a photo", "Text box: old box"):
        assert words in text
    assert "Box 2" not in text and not of(Issue, rows)


def test_words_in_a_destination_that_is_not_known_are_told(made: Make) -> None:
    [told] = of(Issue, read(made("a.rtf", rb"{\rtf1 x{\*\pgptbl a}{\*\ours pay {\b at} quay}{\*\other 12}}")))
    assert (told.code, told.message.endswith("does not know: ours (1). Their text was not read.")) == ("left-out", True)


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        (rb"{\object{\*\objclass Package}{\result {\rtlch seen words}}}", "a seen words"),
        (rb'{\field{\*\fldinst QUOTE "seen words"}{\fldrslt }}', 'Field: "seen words"'),
        (
            rb"{\field{\*\fldinst IF 1 {\field{\*\fldinst DATE}{\fldrslt 2}} seen words}{\fldrslt }}",
            "Field: 1 2 seen words",
        ),
        (rb"{\*\ftnsep seen words}", "Footnote: seen words"),
        (rb"{\info{\manager seen words}}", "Manager: seen words"),
        (rb"{\info{\title seen words}{\title b}}", "Title: seen words"),
        (rb"{\info{\subject seen words}{\doccomm b}}", "Subject: seen words"),
        (rb"{\*\revtbl{Unknown;}{Ada;}}", "Authors of changes: Ada"),
        (rb"{\shprslt seen words}", "Further text in the file, not on its pages: seen words"),
        (rb"{\listtable{\list{\listlevel{\leveltext seen words;}}}}", "not on its pages: seen words"),
        (rb"{\*\htmltag64 <img alt='seen words'>}", "Labels: seen words"),
        (rb"{\sp{\sn wzSuggested}{\sv seen words}}", "Shape: seen words"),
    ],
)
def test_words_of_destinations_are_read(made: Make, words: bytes, read_as: str) -> None:
    rows = list(read(made("a.rtf", rb"{\rtf1 a %s}" % words)))
    assert read_as in "\n".join(row.text for row in of(Passage, rows)) and not of(Issue, rows)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (rb"{\pict 00 hidden words}", "pict"),
        (rb"{\*\themedata 5a{\*\ours hidden words}}", "ours"),
        (rb"{\info hidden words}", "info"),
        (rb"{\*\bkmkstart hidden words}", "bkmkstart"),
        (rb"{\*\cs10 hidden words}", "cs"),
        (rb"{\colortbl hidden words;}", "colortbl"),
    ],
)
def test_words_of_destinations_are_told(made: Make, words: bytes, name: str) -> None:
    issues = of(Issue, read(made("a.rtf", rb"{\rtf1 a %s}" % words)))
    assert any(f"does not know: {name} (1). Their text was not read." in told.message for told in issues)


def test_what_programs_write_is_no_word(made: Make) -> None:
    data = (
        rb"{\rtf1\ansi{\fonttbl{\f0\froman{\*\panose 02020603}Times New Roman{\*\falt Tms Rmn};}}{\colortbl;\red0\green0\blue0;}"
        rb"{\stylesheet{\ql Normal;}{\*\cs10 \additive Default Paragraph Font;}{\*\ts11\tsrowd Normal Table;}}"
        rb"{\*\listtable{\list{\listlevel{\leveltext\'02\'00.;}{\levelnumbers\'01;}}{\listname ;}}}{\*\rsidtbl \rsid1}"
        rb"{\*\generator Riched20 10;}{\info{\creatim\yr2024}{\nofpages1}}{\*\pnseclvl1\pndec{\pntxta .}}{\*\xmlnstbl {\xmlns1 http://a;}}"
        rb"{\*\latentstyles{\lsdlockedexcept heading 1;}}{\*\themedata 504b03}{\*\datastore 0105}{\*\revtbl{Unknown;}}"
        rb"{\*\bkmkstart _GoBack}{\*\bkmkend _GoBack}{\*\ftnsep \pard\chftnsep\par}text"
        rb"{\field{\*\fldinst PAGE \\* MERGEFORMAT}{\fldrslt 1}}}"
    )
    rows = list(read(made("a.rtf", data)))
    assert [row.text for row in of(Passage, rows)] == ["text1"] and not of(Issue, rows)


@pytest.mark.parametrize(
    ("page", "text", "told"),
    [(37, "Pay\u201940", 1), (850, "Pay\xc640", 0), (10000, "Pay\xed40", 0), (1251, "Pay\u201940", 0)],
)
def test_a_code_page_in_which_letters_are_others_is_passed_over(made: Make, page: int, text: str, told: int) -> None:
    rows = list(read(made("a.rtf", f"{{\\rtf1\\ansi\\ansicpg{page} Pay\\'9240\\par}}".encode())))
    assert [p.text for p in of(Passage, rows)] == [text]
    assert [i.code for i in of(Issue, rows)] == ["bad-encoding"] * told
