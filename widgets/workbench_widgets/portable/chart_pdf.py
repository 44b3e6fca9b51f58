"""The chart on paper and as a bitmap, by Typst: what is drawn is the SVG of the static twin, so that lines stay lines.

A chart whose labels would be too small on one sheet is laid over several, which overlap so that they can be put together.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench_widgets.layout.label_size import compute_text_width, wrap_text
from workbench_widgets.portable.annotations import NOTHING
from workbench_widgets.portable.chart_margin import draw_legend
from workbench_widgets.portable.drawing import Picture, build_picture
from workbench_widgets.portable.drawing_sheet import (
    FONTS,
    PALETTES,
    Sheet,
    draw_symbols,
    format_counts,
    format_number,
)
from workbench_widgets.portable.static_svg import compute_frame, draw_body
from workbench_widgets.visible_text import escape_hidden
from workbench_widgets.words import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from workbench_widgets.portable.annotations import Annotations

TEMPLATE = Path(__file__).parent / "print.typ"
MILLIMETRE = 72 / 25.4
PAPERS = {"A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841), "A0": (841, 1189)}
"""Sheets in millimetres, upright."""
READABLE = 6.0
"""Points of the smallest label that is printed."""
LABEL = 7.5
"""Points of a label where there is room for it."""
LARGEST = 1.0
"""Points that a pixel of the chart takes at most: a small chart is not blown up."""
MARGIN, OVERLAP, GAP = 10 * MILLIMETRE, 12 * MILLIMETRE, 8.0
BLOCK = (96 * MILLIMETRE, 31 * MILLIMETRE)
LEGEND = 0.64
"""Points of a pixel of the legend."""
SHEETS = 36
SLACK, SPARE = 12.0, 0.995
PIXELS = 120_000_000
WIDTHS = (100, 20_000)
EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said on every sheet: title, case, officer, marking, date of the data, a remark on the method; and in which language."""

    title: str = ""
    case: str = ""
    officer: str = ""
    mark: str = ""
    as_at: str = ""
    note: str = ""
    language: str = "en"

    def visible(self) -> Words:
        """The same, with every sign of it visible, on one line each."""
        told = (self.title, self.case, self.officer, self.mark, self.as_at, self.note, self.language)
        return Words(*(escape_hidden(" ".join(text.split())) for text in told))


@dataclass(frozen=True, slots=True)
class Room:
    """Where the chart lies on each sheet, in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How a chart is laid on sheets: the paper, the room on each, rows and columns, points of a pixel."""

    paper: tuple[float, float]
    room: Room
    columns: int
    rows: int
    scale: float

    @property
    def order(self) -> tuple[int, float, bool]:
        """Fewest sheets first, then the largest letters, then lying."""
        return self.columns * self.rows, -round(self.scale, 3), self.paper[0] < self.paper[1]


@dataclass(frozen=True, slots=True)
class Legend:
    """The legend as SVG with its size in points."""

    svg: str
    width: float
    height: float


def draw_pdf(
    graph: nx.MultiDiGraph,
    positions: Mapping[str, tuple[float, float]],
    words: Words,
    *,
    paper: str = "A3",
    added: Annotations = NOTHING,
    timestamp: datetime | None = None,
) -> bytes:
    """The chart as PDF to print: vectors, with title block, legend and marking on every sheet.

    Parameters
    ----------
    graph : MultiDiGraph
        As `svg` takes it.
    positions : mapping
        Node -> (x, y) in pixels.
    words : Words
        Where the marking says EXERCISE, it stands across every sheet as well.
    paper : {'A4', 'A3', 'A2', 'A1', 'A0'}
        Sheets lie or stand, whichever gives fewer sheets or larger letters.
    added : Added
        Texts on the chart, groups whose members are drawn, colours of an attribute.
    timestamp : datetime, optional
        Written into the file as the time of its making; by default 1970, so that the same chart gives the same bytes.

    Returns
    -------
    bytes
        The same bytes for the same input on the same machine: letters are those of its fonts. No label is smaller than 6 points at
        full size; a chart that needs more room lies on several sheets, which overlap by 12 mm, and a dashed line says how far.

    Raises
    ------
    ValueError
        For a paper that is not known, more than 2,000 nodes, a position that is missing, or a chart for more than 36 sheets.
    """
    if paper not in PAPERS:
        raise ValueError(f"There is no paper size {paper!r}. Choose one of: {', '.join(PAPERS)}.")
    drawn, told = build_picture(graph, positions, added.colours, language=words.language), words.visible()
    plan, key = _plan_sheets(drawn, told, paper, added)
    chart, size = _draw_chart(drawn, plan.scale, added, told.language)
    page = _build_page(drawn, told, plan, (paper, size, key))
    inputs = {"page": json.dumps(page), "chart": chart, "legend": key.svg}
    return _compile_pdf(inputs, timestamp or datetime(1970, 1, 1, tzinfo=UTC))


def to_png(drawing: str, width: int = 1_600) -> bytes:
    """A picture that `svg` made as PNG, without a browser.

    Parameters
    ----------
    drawing : str
        SVG.
    width : int
        In pixels, 100 to 20,000; the height follows.

    Raises
    ------
    ValueError
        For another width, or where the bitmap would have more than 120 million pixels.
    """
    least, most = WIDTHS
    if not least <= width <= most:
        raise ValueError(f"A bitmap cannot be {width:,} pixels wide. Choose a width from {least} to {most:,}.")
    head = drawing[: drawing.index(">")]
    wide, high = (float(value) for value in head.partition('viewBox="0 0 ')[2].partition('"')[0].split())
    if width * width * high / wide > PIXELS:
        raise ValueError(
            f"A bitmap {width:,} pixels wide would be {round(width * high / wide):,} high, which is too large. Choose a smaller width."
        )
    import typst

    size = 1000.0
    text = (
        f"#set page(width: {size}pt, height: {size * high / wide}pt, margin: 0pt)\n"
        '#image(bytes(sys.inputs.chart), format: "svg", width: 100%)'
    )
    made = typst.compile(text.encode(), sys_inputs={"chart": drawing}, format="png", ppi=72 * width / size)
    return bytes(cast("Any", made))


def _plan_sheets(drawn: Picture, told: Words, paper: str, added: Annotations) -> tuple[Plan, Legend]:
    """The best way to lay a chart on sheets of a paper."""
    upright = tuple(side * MILLIMETRE for side in PAPERS[paper])
    ways = []
    for wide, high in (upright[::-1], upright):
        width = wide - 2 * MARGIN
        key = _draw_legend(drawn, told, width - BLOCK[0] - GAP)
        top = MARGIN + _compute_mark_lines(told.mark, width)[1]
        room = Room(MARGIN, top, width, high - 2 * top - GAP - max(BLOCK[1], key.height))
        if room.height > BLOCK[1]:
            ways.append((_tile_sheets(drawn, (wide, high), room, added), key))
    found = [(plan, key) for plan, key in ways if plan is not None]
    if not found:
        raise ValueError(
            f"This chart does not fit {SHEETS} sheets of {paper} with labels of {READABLE:.0f} points. Take a larger paper, or lay "
            "it out closer."
        )
    return min(found, key=lambda way: way[0].order)


def _tile_sheets(drawn: Picture, paper: tuple[float, float], room: Room, added: Annotations) -> Plan | None:
    """The fewest sheets on which every label can be read; None where they are too many."""
    ways = [(c, r) for c in range(1, SHEETS + 1) for r in range(1, SHEETS // c + 1)]
    for columns, rows in sorted(ways, key=lambda way: (way[0] * way[1], abs(way[0] - way[1]))):
        wide = columns * room.width - (columns - 1) * OVERLAP - 2 * SLACK
        high = rows * room.height - (rows - 1) * OVERLAP - 2 * SLACK
        scale = LARGEST
        for _ in range(4):  # room for labels follows from their size, which follows from the scale
            left, top, right, bottom = compute_frame(drawn, _compute_label_scale(scale), added)
            scale = min(LARGEST, wide / (right - left), high / (bottom - top))
        if _compute_smallest_size(scale * SPARE) >= READABLE:
            return Plan(paper, room, columns, rows, scale * SPARE)
    return None


def _compute_label_scale(scale: float) -> float:
    """How much larger than 12 pixels labels are written at points of a pixel."""
    return max(1.0, LABEL / (12 * scale))


def _compute_smallest_size(scale: float) -> float:
    """Points of the smallest letters of the chart: those of labels that found little room, or of words on lines."""
    return scale * min(12.0, 10.5 * _compute_label_scale(scale))


def _draw_chart(
    drawn: Picture, scale: float, added: Annotations, language: str = "en"
) -> tuple[str, tuple[float, float]]:
    """The chart as SVG, and its size in points."""
    larger = _compute_label_scale(scale)
    left, top, right, bottom = compute_frame(drawn, larger, added)
    wide, high = right - left, bottom - top
    inside = draw_body(drawn, Sheet(PALETTES["light"], larger, language), (-left, -top), added)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {format_number(wide)} {format_number(high)}" font-family="{FONTS}">'
    return f"{head}{draw_symbols(drawn)}{inside}</svg>", (wide * scale, high * scale)


def _draw_legend(drawn: Picture, told: Words, width: float) -> Legend:
    sheet = Sheet(PALETTES["light"], language=told.language)
    high = draw_legend(sheet, drawn, told.note, width / LEGEND, 16.0)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {format_number(width / LEGEND)} {format_number(high)}" '
        f'font-family="{FONTS}">'
    )
    return Legend(f"{head}{draw_symbols(drawn)}{''.join(sheet.parts)}</svg>", width, high * LEGEND)


def _compute_mark_lines(mark: str, width: float) -> tuple[list[str], float, float]:
    """Lines of the marking, the height that they take, and the size of their letters."""
    size = 10.0 if compute_text_width(mark, 10.0) < width else 7.5
    rows = wrap_text(mark, width * 12 / size / 1.05, 12) if mark else []
    return rows, 6 + 1.35 * size * max(len(rows), 1), size


def _build_page(
    drawn: Picture, told: Words, plan: Plan, laid: tuple[str, tuple[float, float], Legend]
) -> dict[str, object]:
    """What the template is told."""
    paper, (wide, high), key = laid
    say = Translator(told.language, isolated=False)
    title = told.title or say("Link chart")
    rows, band, size = _compute_mark_lines(told.mark, plan.room.width)
    watermark = "EXERCISE" if EXERCISE in told.mark.casefold() else ""
    return {
        "title": title, "title_rows": wrap_text(title, 240.0, 2), "case": told.case,
        "officer": told.officer, "as_at": told.as_at, "counts": format_counts(drawn, told.language), "mark": told.mark, "mark_rows": rows,
        "mark_size": size, "band": band, "margin": MARGIN, "gap": GAP, "overlap": OVERLAP,
        "paper": {"width": plan.paper[0], "height": plan.paper[1]},
        "room": {name: getattr(plan.room, name) for name in ("left", "top", "width", "height")},
        "chart": {"width": wide, "height": high}, "legend": {"width": key.width, "height": key.height},
        "block": dict(zip(("width", "height"), BLOCK, strict=True)), "grid": {"columns": plan.columns, "rows": plan.rows},
        "scale_note": say(
            "{paper}; text size {points} points or more; positions do not show distances",
            paper=paper, points=f"{_compute_smallest_size(plan.scale):.1f}",
        ),
        "language": told.language,
        "words": _list_words(say),
        "watermark": watermark, "watermark_size": math.hypot(plan.room.width, plan.room.height) / 8,
        "sheets": [_build_sheet(plan, number, (wide, high)) for number in range(plan.columns * plan.rows)],
    }  # fmt: skip


def _list_words(say: Translator) -> dict[str, str]:
    """Words of the title block and of the edges of a sheet; the template puts numbers where '{}' stands."""
    return {
        "case": say.word("Case", "noun"),
        "officer": say("Drawn by"),
        "as_at": say("Data as of"),
        "counts": say.word("Content", "noun"),
        "scale": say.word("Scale", "noun"),
        "sheet": say.word("Sheet", "noun"),
        "sheets": say("{number} of {count}", number="{}", count="{}"),
        "beside": say("sheet {number}", number="{}"),
        "measure": say("50 mm when printed at 100 %"),
    }


def _build_sheet(plan: Plan, number: int, size: tuple[float, float]) -> dict[str, float]:
    """How far the chart is shifted on a sheet, and the numbers of the sheets beside it (0: none)."""
    row, column = divmod(number, plan.columns)
    whole = (
        plan.columns * plan.room.width - (plan.columns - 1) * OVERLAP,
        plan.rows * plan.room.height - (plan.rows - 1) * OVERLAP,
    )
    free = (whole[0] - size[0]) / 2, (whole[1] - size[1]) / 2
    return {
        "dx": free[0] - column * (plan.room.width - OVERLAP), "dy": free[1] - row * (plan.room.height - OVERLAP),
        "left": number if column else 0, "right": number + 2 if column + 1 < plan.columns else 0,
        "above": number + 1 - plan.columns if row else 0, "below": number + 1 + plan.columns if row + 1 < plan.rows else 0,
    }  # fmt: skip


def _compile_pdf(inputs: dict[str, str], at: datetime) -> bytes:
    """PDF/A-2b; plain PDF where a font of the machine lacks a letter, which the standard does not take."""
    import typst

    source = TEMPLATE.read_bytes()
    try:
        return bytes(typst.compile(source, sys_inputs=inputs, timestamp=at, pdf_standards=cast("Any", ["a-2b"])))
    except typst.TypstError:
        return bytes(typst.compile(source, sys_inputs=inputs, timestamp=at))
