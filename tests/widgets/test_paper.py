"""The chart on paper and as a bitmap: what a printer and a reader get."""

from __future__ import annotations

import io
import re
import struct

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from workbench_widgets.chart import LinkChart
from workbench_widgets.layout import Box, arrange_organic
from workbench_widgets.portable import PAPERS, Annotations, Words, chart_pdf, draw_pdf, draw_svg, to_png
from workbench_widgets.portable.annotations import Ring, Text, compute_rooms
from workbench_widgets.portable.drawing import build_picture

from tests.widgets.graphs import sample
from tests.widgets.test_portable import hostile

WORDS = Words("Harbour", "HB-2024-7", "Ada", "EXERCISE – FOR TRAINING", "2024-06-01", "A note.")
SIDES = {name: sorted(side * 72 / 25.4 for side in sides) for name, sides in PAPERS.items()}


def printed(graph: nx.MultiDiGraph, words: Words = WORDS, **more: object) -> PdfReader:
    return PdfReader(io.BytesIO(draw_pdf(graph, arrange_organic(graph), words, **more)))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["A4", "A3", "A1"])
def test_every_sheet_says_what_it_is(name: str) -> None:
    made = printed(sample(60), paper=name)
    count = len(made.pages)
    for number, page in enumerate(made.pages, 1):
        text = page.extract_text()
        assert text.count("EXERCISE – FOR TRAINING") == 2
        assert "\nEXERCISE" in text.replace("EXERCISE – FOR TRAINING", "")  # across the sheet
        for word in (
            "Harbour",
            "HB-2024-7",
            "Ada",
            "2024-06-01",
            "60 entities",
            "A note.",
            f"{number} of {count}",
            "Person",
        ):
            assert word in text, word
        assert sorted(map(float, page.mediabox[2:])) == pytest.approx(SIDES[name], abs=0.1)


@pytest.mark.slow
def test_sheets_are_vectors_and_the_same_each_time() -> None:
    graph = sample(30)
    one, other = (draw_pdf(graph, arrange_organic(graph), WORDS) for _ in range(2))
    assert one == other
    assert b"/Subtype/Image" not in one.replace(b" ", b"")
    assert (
        "Marta" in PdfReader(io.BytesIO(one)).pages[0].extract_text()
        or "Bo " in PdfReader(io.BytesIO(one)).pages[0].extract_text()
    )


def test_no_watermark_without_an_exercise() -> None:
    plain = printed(sample(5), Words("Harbour", mark="RESTRICTED")).pages[0].extract_text()
    assert "EXERCISE" not in plain
    assert plain.count("RESTRICTED") == 2


@pytest.mark.parametrize(("count", "name"), [(5, "A4"), (60, "A4"), (60, "A3"), (150, "A1")])
def test_letters_are_never_smaller_than_six_points(count: int, name: str) -> None:
    graph = sample(count)
    drawn = build_picture(graph, arrange_organic(graph))
    plan, legend = chart_pdf._plan_sheets(drawn, WORDS, name, Annotations())
    chart, (wide, _) = chart_pdf._draw_chart(drawn, plan.scale, Annotations())
    units = float(re.search(r'viewBox="0 0 (\S+)', chart)[1])  # type: ignore[index]
    sizes = [float(size) * wide / units for size in re.findall(r'<text font-size="([\d.]+)"', chart)]
    assert len(sizes) >= count
    assert min(sizes) >= 6
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', legend.svg)) * chart_pdf.LEGEND >= 6


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.2, 1.0), st.floats(0.2, 1.0))
def test_sheets_put_together_show_the_whole_chart(columns: int, rows: int, across: float, down: float) -> None:
    room = chart_pdf.Room(28, 50, 1000, 600)
    plan = chart_pdf.Plan((1056, 800), room, columns, rows, 0.6)
    whole = columns * 1000 - (columns - 1) * chart_pdf.OVERLAP, rows * 600 - (rows - 1) * chart_pdf.OVERLAP
    wide, high = whole[0] * across, whole[1] * down
    sheets = [chart_pdf._build_sheet(plan, number, (wide, high)) for number in range(columns * rows)]
    for x, y in ((0.0, 0.0), (wide, high), (wide / 2, high / 2), (wide, 0.0)):
        seen = [one for one in sheets if -0.01 <= x + one["dx"] <= 1000.01 and -0.01 <= y + one["dy"] <= 600.01]
        assert seen
    for number, sheet in enumerate(sheets, 1):
        if sheet["right"]:
            beside = sheets[int(sheet["right"]) - 1]
            assert beside["left"] == number
            assert sheet["dx"] - beside["dx"] == pytest.approx(1000 - chart_pdf.OVERLAP)
        if sheet["below"]:
            assert sheets[int(sheet["below"]) - 1]["above"] == number


@pytest.mark.slow
def test_what_stands_in_the_data_stays_text() -> None:
    odd = 'a"b\\#eval("x") </svg><script>$x$ *b* _i_ @c <l> // /* \x00'
    made = printed(
        hostile(),
        Words(odd, odd, odd, odd, odd, odd),
        added=Annotations((Text(odd, 0, 0),), (Ring(odd, ("__proto__",)),)),
    )
    text = made.pages[0].extract_text()
    assert '#eval("x")' in text
    assert "⟨U+0000⟩" in text
    assert made.attachments == {}
    assert not any("/A" in note or "/AA" in note for page in made.pages for note in page.get("/Annots", []))


def test_a_long_mark_stands_whole_on_the_sheet() -> None:
    mark = "RESTRICTED – handling code 3, " + "not to be passed on without consent of the originator; " * 8
    text = " ".join(printed(sample(8), Words("T", mark=mark), paper="A4").pages[0].extract_text().split())
    assert text.count(" ".join(mark.split())) == 2


def test_bitmap_is_as_wide_as_asked() -> None:
    graph = sample(20)
    made = to_png(draw_svg(graph, arrange_organic(graph), title="T"), 900)
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">I", made[16:20])[0] == 900


def test_limits_of_print_and_bitmap_are_told() -> None:
    graph = sample(3)
    with pytest.raises(ValueError, match=r"no paper size 'A7'\. Choose one of: A4, A3"):
        draw_pdf(graph, arrange_organic(graph), WORDS, paper="A7")
    with pytest.raises(ValueError, match=r"cannot be 5 pixels wide\. Choose a width from 100"):
        to_png(draw_svg(graph, arrange_organic(graph), title="T"), 5)
    far = dict(zip(graph, [(0.0, 0.0), (1e6, 1e6), (5.0, 5.0)], strict=True))
    with pytest.raises(ValueError, match="does not fit 36 sheets of A4"):
        draw_pdf(graph, far, WORDS, paper="A4")


def test_an_empty_chart_is_printed_too() -> None:
    assert "0 entities" in printed(nx.MultiDiGraph()).pages[0].extract_text()


def test_strengths_are_solid_dashed_and_dotted() -> None:
    graph = nx.MultiDiGraph()
    for number, strength in enumerate(("confirmed", "unconfirmed", "tentative")):
        graph.add_edge("a", "b", key=strength, relation=f"r{number}", strength=strength)
    drawn = draw_svg(graph, {"a": (0, 0), "b": (300, 0)}, title="T")
    assert drawn.count('stroke-linecap="round" stroke-dasharray="0.1 ') == 2  # the line and its sample
    assert drawn.count("stroke-dasharray") == 4
    for words in (
        "Stated by a source or decided by an officer",
        "Suggested, not confirmed",
        "Tentative, not confirmed",
        "r2 ×1 (tentative)",
    ):
        assert drawn.count(words) == 1


def test_texts_and_open_groups_are_in_the_picture() -> None:
    chart = LinkChart(nx.path_graph(6), title="Path")
    chart.model.note("Seen\nat the <b>quay</b>", 400, -700)
    chart.model.note("ملاحظة", 10, 10)
    chart.model.group("1", "2", label="Crew")
    closed = chart.to_svg()
    assert "at the &lt;b&gt;quay&lt;/b&gt;" in closed
    assert "Crew" in closed
    assert "i-Group-" in closed
    chart.model.open_group("group:1")
    opened = chart.to_svg()
    assert "Crew" in opened
    assert "i-Group-" not in opened
    assert 'opacity="0.13"' in opened
    turned = re.search(r'<text x="([\d.-]+)"[^>]+text-anchor="end"[^>]*>ملاحظة', opened)
    assert turned


def test_room_for_what_is_added() -> None:
    added = Annotations((Text("x", 1000, 2000),), (Ring("L", ("a", "gone")), Ring("none", ("gone",))))
    found = compute_rooms(added, {"a": (5.0, 5.0)}, 1.0)
    assert found[0] == Box(1000, 2000, 1150, 2034)
    assert len(found) == 2


def test_chart_saves_itself(tmp_path: object) -> None:
    chart = LinkChart(nx.karate_club_graph(), title="Club", mark="EXERCISE")
    written = {end: chart.save(tmp_path / f"club{end}") for end in (".svg", ".png", ".pdf", ".html")}  # type: ignore[operator]
    assert written[".pdf"].read_bytes().startswith(b"%PDF")
    assert written[".png"].read_bytes().startswith(b"\x89PNG")
    assert len(PdfReader(chart.save(tmp_path / "a1.pdf", paper="A1", officer="Ada")).pages) == 1  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"Cannot write 'club.doc': a chart is written as \.html, \.svg, \.png, \.pdf"):
        chart.save(tmp_path / "club.doc")  # type: ignore[operator]
