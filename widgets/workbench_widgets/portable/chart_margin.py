"""Head and foot of a static chart: marking, title, date and counts; legend and note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench_widgets.layout.label_size import compute_text_width, wrap_text
from workbench_widgets.link_attributes import CONFIRMED, STRENGTHS
from workbench_widgets.portable import icons
from workbench_widgets.portable.drawing_sheet import (
    Sheet,
    build_symbol_id,
    draw_symbol,
    escape_text,
    find_plainest_variants,
    format_dashes,
    format_number,
)
from workbench_widgets.words import get_direction

if TYPE_CHECKING:
    from workbench_widgets.portable.drawing import Picture

EDGE, WIDEST = 24.0, 260.0
MARKING = "#7a1f1f"
Sample = Callable[[float, float], str]


def draw_head(sheet: Sheet, words: tuple[str, str, str, str], width: float) -> float:
    """Marking, title, date and counts; returns where the chart may begin."""
    title, mark, as_at, tally = words
    s, y = sheet.scale, 0.0
    if mark:
        place = (
            f'x="{format_number(width / 2)}" y="{format_number(16.5 * s)}" '
            f'font-size="{format_number(12.5 * s)}" letter-spacing="{format_number(0.6 * s)}"'
        )
        sheet.parts.append(f'<rect width="{format_number(width)}" height="{format_number(24 * s)}" fill="{MARKING}"/>')
        sheet.parts.append(
            f'<text {place} font-weight="700" text-anchor="middle" fill="#ffffff">{escape_text(mark)}</text>'
        )
        y = 24 * s
    room = (width / s - 2 * EDGE) / 1.5
    rows = wrap_text(title, room, 2)
    sheet.text(rows, (EDGE * s, y + 28 * s), 18 * s, anchor="start", weight="600")
    y += (34 + 22.5 * (len(rows) - 1)) * s
    small = tally + (f" · {_format_date(sheet, as_at)}" if as_at else "")
    sheet.text([small], (EDGE * s, y + 14 * s), 12 * s, anchor="start", colour=sheet.palette.quiet)
    return y + 24 * s


def _format_date(sheet: Sheet, as_at: str) -> str:
    """The date of the data; among letters from right to left with strokes, since hyphens would turn it round."""
    date = as_at.replace("-", "/") if get_direction(sheet.language) == "rtl" else as_at
    return sheet.say("data as of {date}", date=date)


def draw_foot(sheet: Sheet, drawn: Picture, note: str, width: float, y: float) -> float:
    """Legend and note; returns the height of the sheet."""
    s, quiet = sheet.scale, sheet.palette.quiet
    rule = f"M{format_number(EDGE * s)} {format_number(y)}H{format_number(width - EDGE * s)}"
    sheet.parts.append(f'<path d="{rule}" stroke="{quiet}" stroke-width="{format_number(s * 0.6)}" opacity="0.5"/>')
    return draw_legend(sheet, drawn, note, width, y + 22 * s, EDGE)


def draw_legend(sheet: Sheet, drawn: Picture, note: str, width: float, y: float, edge: float = 0.0) -> float:
    """Legend and note from a height on, with an edge left and right; returns where they end."""
    s, quiet, x = sheet.scale, sheet.palette.quiet, edge * sheet.scale
    for draw, words in _list_legend_entries(drawn, sheet):
        wide = (44 + compute_text_width(words, 11.5) + 10) * s
        if x + wide > width - edge * s and x > edge * s:
            x, y = edge * s, y + 28 * s
        sheet.parts.append(draw(x + 14 * s, y))
        sheet.text([words], (x + 34 * s, y + 4 * s), 11.5 * s, anchor="start")
        x += wide
    y += 26 * s
    rows = wrap_text(note, width / s - 2 * edge, 3) if note else []
    if rows:
        sheet.text(rows, (edge * s, y + 8 * s), 11 * s, anchor="start", colour=quiet)
        y += (len(rows) * 13.75 + 8) * s
    return y + 6 * s


def _list_legend_entries(drawn: Picture, sheet: Sheet) -> list[tuple[Sample, str]]:
    """What stands for what: only what occurs on the chart."""
    schemata = sorted(
        {item.schema for item in drawn.items}, key=lambda schema: icons.translate_schema(schema, sheet.language)
    )
    ways = {letter for item in drawn.items for letter in item.how}
    strengths = {line.strength for line in drawn.lines}
    plain, tint = find_plainest_variants(drawn), icons.SLATE if drawn.colours else ""
    s, quiet = sheet.scale, sheet.palette.quiet
    dashed = (
        f'fill="none" stroke="{quiet}" stroke-width="{format_number(1.8 * s)}" '
        f'stroke-dasharray="{format_number(4 * s)} {format_number(3 * s)}"'
    )
    ring = f'fill="none" stroke="{icons.RING}" stroke-width="{format_number(2.6 * s)}"'
    entries: list[tuple[bool, Sample, str]] = [
        ("c" in ways, _build_shape_sample(sheet, 11, ring), sheet.say.term("signs", "c")),
        ("s" in ways, _build_shape_sample(sheet, 9, f'fill="{icons.GREY}"'), sheet.say.term("signs", "s")),
        ("t" in ways, _build_shape_sample(sheet, 9, dashed), sheet.say.term("signs", "t")),
        *(
            (one in strengths, _build_stroke_sample(sheet, one), sheet.say.term("strength_lines", one))
            for one in STRENGTHS
        ),
        (any(line.count > 1 for line in drawn.lines), _build_times_sample(sheet), _format_times(drawn, sheet)),
    ]
    drawings: list[tuple[Sample, str]] = [
        (
            _build_icon_sample(sheet, build_symbol_id(name, plain[name], tint)),
            icons.translate_schema(name, sheet.language),
        )
        for name in schemata
    ]
    return (
        drawings + _list_value_entries(drawn, sheet) + [(sample, words) for wanted, sample, words in entries if wanted]
    )


def _list_value_entries(drawn: Picture, sheet: Sheet) -> list[tuple[Sample, str]]:
    """The values of an attribute that occur, in their colours, with how many nodes each has."""
    if drawn.colours is None:
        return []
    name, often = (
        drawn.colours.name,
        Counter(drawn.colours.of[item.id] for item in drawn.items if item.id in drawn.colours.of),
    )
    found = []
    for value, colour in drawn.colours.values.items():
        style = f'fill="{colour if value else icons.PAPER}" stroke="{colour}" stroke-width="{format_number(2 * sheet.scale)}"'
        words = wrap_text(f"{name}: {value or sheet.say('not stated')}", WIDEST, 1)[0]
        found += [(_build_shape_sample(sheet, 8, style), f"{words} ({often[value]:,})")] * bool(often[value])
    return found


def _format_times(drawn: Picture, sheet: Sheet) -> str:
    said = sheet.say("Number of times")
    return (
        sheet.say("{said}. Lines without a label mean: {relation}", said=said, relation=drawn.commonest)
        if drawn.commonest
        else said
    )


def _build_icon_sample(sheet: Sheet, key: str) -> Sample:
    return lambda x, y: draw_symbol(key, x, y, 14 * sheet.scale)


def _build_shape_sample(sheet: Sheet, radius: float, style: str) -> Sample:
    return lambda x, y: (
        f'<circle cx="{format_number(x)}" cy="{format_number(y)}" r="{format_number(radius * sheet.scale)}" {style}/>'
    )


def _build_stroke_sample(sheet: Sheet, strength: str) -> Sample:
    reach, width = 14 * sheet.scale, 2.2 * sheet.scale
    colour = sheet.palette.line if strength == CONFIRMED else sheet.palette.tentative
    style = f'stroke="{colour}" stroke-width="{format_number(width)}"{format_dashes(strength, width, sheet.scale)}'
    return lambda x, y: f'<path d="M{format_number(x - reach)} {format_number(y)}H{format_number(x + reach)}" {style}/>'


def _build_times_sample(sheet: Sheet) -> Sample:
    size = 11.5 * sheet.scale
    style = f'font-size="{format_number(size)}" text-anchor="middle" fill="{sheet.palette.quiet}"'
    return lambda x, y: f'<text x="{format_number(x)}" y="{format_number(y + size * 0.36)}" {style}>×n</text>'
