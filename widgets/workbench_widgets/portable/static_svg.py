"""The chart as a picture: SVG for reports, for print, for notebooks that are opened again. No script, no request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench_widgets.layout.label_size import Box, compute_text_width
from workbench_widgets.portable import annotations as beside
from workbench_widgets.portable.annotations import NOTHING, Annotations
from workbench_widgets.portable.chart_margin import EDGE, draw_foot, draw_head
from workbench_widgets.portable.drawing import Item, Line, Picture, build_picture
from workbench_widgets.portable.drawing_sheet import (
    FONTS,
    PALETTES,
    Point,
    Sheet,
    Theme,
    build_symbol_id,
    draw_symbol,
    draw_symbols,
    escape_text,
    format_counts,
    format_dashes,
    format_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

PLAIN = 1_500.0
LEAST = 720.0
REACH = 21.0
CROWDED = 1.3
THICKEST = 1.8
LARGEST = 1.5
SMALLER = (1.0, 0.8, 0.62, 0.48)
OFTEN = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an icon lies, and how far from its middle an arrow ends."""

    at: Point
    reach: float


@dataclass(frozen=True, slots=True)
class Head:
    """An arrow head, and the middle of its back, where the line begins."""

    back: Point
    path: str


def draw_svg(  # noqa: PLR0913 - what is printed on the sheet is named one by one
    graph: nx.MultiDiGraph,
    positions: Mapping[str, tuple[float, float]],
    *,
    title: str,
    mark: str = "",
    as_at: str = "",
    note: str = "",
    theme: Theme = "light",
    added: Annotations = NOTHING,
    language: str = "en",
) -> str:
    """The link chart as one SVG picture.

    Parameters
    ----------
    graph : MultiDiGraph
        Node attributes caption, latin, schema, custodian, service, layer; edge attributes relation, layer, count, directed.
        All are optional.
    positions : mapping
        Node -> (x, y) in pixels, as the layouts give them.
    title, mark, as_at, note : str
        Printed on the sheet: heading, marking ('EXERCISE – FOR TRAINING'), date of the data, a remark on the method.
    theme : {'light', 'dark'}
    added : Added
        Texts on the chart, groups whose members are drawn, colours of an attribute.
    language : str
        Of what is printed beside the data.

    Returns
    -------
    str
        The same bytes for the same input. Solid lines are confirmed, dashed ones unconfirmed, dotted ones tentative; labels are
        smaller where there is no room, and left out where there is none at all; they stand in the tool tips.

    Raises
    ------
    ValueError
        With more than 2,000 nodes, or where a position is missing.
    """
    drawn = build_picture(graph, positions, added.colours, language=language)
    palette = PALETTES[theme]
    left, top, right, bottom = compute_frame(drawn, 1.0, added)
    scale = max(1.0, (right - left) / PLAIN, (bottom - top) / PLAIN)
    left, top, right, bottom = compute_frame(drawn, scale, added)
    width = max(right - left + 2 * EDGE * scale, LEAST * scale)
    sheet, tally = Sheet(palette, scale, language), format_counts(drawn, language)
    begin = draw_head(sheet, (title, mark, as_at, tally), width)
    middle = ((width - (right - left)) / 2 - left, begin + EDGE * scale - top)
    chart = draw_body(drawn, Sheet(palette, scale, language), middle, added)
    height = draw_foot(sheet, drawn, note, width, begin + bottom - top + 2 * EDGE * scale)
    size = (
        f'viewBox="0 0 {format_number(width)} {format_number(height)}" '
        f'width="{format_number(width / scale)}" height="{format_number(height / scale)}"'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONTS}">'
        f"<title>{escape_text(title)}</title><desc>{escape_text(tally)}</desc>"
        f'<rect width="{format_number(width)}" height="{format_number(height)}" fill="{palette.paper}"/>'
        f"{draw_symbols(drawn)}{chart}{''.join(sheet.parts)}</svg>"
    )


def compute_frame(drawn: Picture, scale: float, added: Annotations = NOTHING) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is drawn, with room for icons and labels."""
    reach = (REACH + 3) * min(scale, LARGEST)
    places = {item.id: (item.x, item.y) for item in drawn.items}
    ways = _list_line_directions(drawn, places)
    rooms = [_compute_room(item, scale, reach, ways.get(item.id, [])) for item in drawn.items]
    rooms += beside.compute_rooms(added, places, scale)
    rooms = rooms or [Box(0.0, 0.0, 1.0, 1.0)]
    left, top = min(room.left for room in rooms), min(room.top for room in rooms)
    return left, top, max(room.right for room in rooms), max(room.bottom for room in rooms)


def _compute_room(item: Item, scale: float, reach: float, ways: list[Point]) -> Box:
    """Room for an icon and its label, wherever that will stand."""
    wide, high = max(compute_text_width(row) / 2 * scale for row in item.label), 15 * scale * len(item.label)
    half, over = max(reach, wide), high if _is_above(ways, wide, reach) else 0.0
    return Box(item.x - half, item.y - reach - over, item.x + half, item.y + reach + 3 + high)


def draw_body(drawn: Picture, sheet: Sheet, middle: Point, added: Annotations = NOTHING) -> str:
    """Lines, icons, labels, texts and groups as SVG elements; `middle` is added to every place of the chart."""
    radius = 24.0 * min(sheet.scale, LARGEST)
    spots = {
        item.id: Spot((item.x + middle[0], item.y + middle[1]), radius * (0.94 if item.custodian else 0.8))
        for item in drawn.items
    }
    beside.draw_tints(sheet, added.rings, {key: spot.at for key, spot in spots.items()})
    for line in sorted(drawn.lines, key=lambda line: (not line.is_suggested, line.width)):
        sheet.parts.append(_draw_line(line, spots, sheet))
    for item in drawn.items:
        x, y = spots[item.id].at
        icon = draw_symbol(build_symbol_id(item.schema, item.how, item.tint), x, y, radius)
        words = f"{item.caption} · {item.latin}" if item.latin else item.caption
        sheet.parts.append(f"<g><title>{escape_text(words)}</title>{icon}</g>")
        sheet.taken.append(Box(x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8))
    beside.draw_texts(sheet, added.texts, middle)
    ways = _list_line_directions(drawn, {key: spot.at for key, spot in spots.items()})
    for item in sorted(drawn.items, key=lambda item: item.rank):
        _draw_caption(sheet, item, spots[item.id].at, radius, ways.get(item.id, []))
    for line in sorted(drawn.lines, key=lambda line: (-line.count, line.source, line.target, line.key)):
        _draw_line_label(sheet, drawn, line, spots)
    return "".join(sheet.parts)


def _draw_line(line: Line, spots: dict[str, Spot], sheet: Sheet) -> str:
    width = line.width * min(sheet.scale, THICKEST)
    a, b = spots[line.source], spots[line.target]
    control = _compute_control_point(a.at, b.at, line.bend)
    colour = sheet.palette.tentative if line.is_suggested else sheet.palette.line
    heads = [
        _build_arrow(control, spot, width) if line.directed and count else None
        for spot, count in ((a, line.back), (b, line.there))
    ]
    start, end = (head.back if head else spot.at for head, spot in zip(heads, (a, b), strict=True))
    path = (
        f"M{_format_point(start)}Q{_format_point(control)} {_format_point(end)}"
        if line.bend
        else f"M{_format_point(start)}L{_format_point(end)}"
    )
    dash = format_dashes(line.strength, width)
    tips = "".join(f'<path d="{head.path}" fill="{colour}"/>' for head in heads if head)
    words = f"{line.relation} ×{line.count:,}" + (
        f" ({sheet.say.term('strengths', line.strength)})" if line.is_suggested else ""
    )
    drawn = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{format_number(width)}"{dash}/>'
    soft = ' opacity="0.55"' if line.service else ""
    return f"<g{soft}><title>{escape_text(words)}</title>{drawn}{tips}</g>"


def _compute_control_point(a: Point, b: Point, bend: float) -> Point:
    across, down = b[0] - a[0], b[1] - a[1]
    length = math.hypot(across, down) or 1.0
    return (a[0] + b[0]) / 2 - down / length * bend * 1.6, (a[1] + b[1]) / 2 + across / length * bend * 1.6


def _format_point(point: Point) -> str:
    return f"{format_number(point[0])} {format_number(point[1])}"


def _build_arrow(start: Point, spot: Spot, width: float) -> Head:
    """A filled arrow head whose tip touches the icon."""
    end = spot.at
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    tip = end[0] - ux * spot.reach, end[1] - uy * spot.reach
    size = 8 + width * 1.4
    back = tip[0] - ux * size, tip[1] - uy * size
    half = size * 0.42
    left, right = (back[0] - uy * half, back[1] + ux * half), (back[0] + uy * half, back[1] - ux * half)
    return Head((back[0] + ux, back[1] + uy), f"M{_format_point(tip)}L{_format_point(left)}L{_format_point(right)}z")


def _draw_plate(box: Box, colour: str) -> str:
    """Paper under the words on a line, so that the line does not run through them."""
    place = (
        f'x="{format_number(box.left)}" y="{format_number(box.top)}" '
        f'width="{format_number(box.right - box.left)}" height="{format_number(box.bottom - box.top)}"'
    )
    return f'<rect {place} rx="3" fill="{colour}" fill-opacity="0.9"/>'


def _list_line_directions(drawn: Picture, places: dict[str, Point]) -> dict[str, list[Point]]:
    """For each entity: how far across and down its lines lead."""
    found: dict[str, list[Point]] = {}
    for line in drawn.lines:
        for one, other in ((line.source, line.target), (line.target, line.source)):
            a, b = places[one], places[other]
            found.setdefault(one, []).append((b[0] - a[0], b[1] - a[1]))
    return found


def _is_above(ways: list[Point], half: float, reach: float) -> bool:
    """Whether the label stands better above the icon: lines run through it under the icon, and none above."""
    sides = {down > 0 for across, down in ways if down and abs(across) * reach <= half * abs(down)}
    return sides == {True}


def _draw_caption(sheet: Sheet, item: Item, at: Point, radius: float, ways: list[Point]) -> None:
    """Write the label under the icon, or above it if only there no line runs through it, as large as there is room for."""
    shares = [share for share in SMALLER if share * sheet.scale > 1]
    for size in [12 * sheet.scale * share for share in shares] + [12.0]:
        half, high = max(compute_text_width(row, size) for row in item.label) / 2, len(item.label) * size * 1.25
        tops = [at[1] + radius * 0.85, at[1] - radius * 0.85 - high]
        if _is_above(ways, half, radius):
            tops.reverse()
        for top in tops:
            box = Box(at[0] - half, top, at[0] + half, top + high)
            if sheet.free(box):
                sheet.taken.append(box)
                sheet.text(list(item.rows), (at[0], top + size), size, weight="600" if item.custodian else "")
                if item.below:
                    under = at[0], top + size * (1 + 1.25 * len(item.rows))
                    sheet.text(list(item.below), under, size, colour=sheet.palette.quiet)
                return


def _draw_line_label(sheet: Sheet, drawn: Picture, line: Line, spots: dict[str, Spot]) -> None:
    """Write relation and count on the line where there is room."""
    words, size = drawn.label(line), 10.5 * sheet.scale
    if sheet.scale > CROWDED:
        words = f"×{line.count:,}" if line.count >= OFTEN else ""
    if not words:
        return
    a, b = spots[line.source].at, spots[line.target].at
    control = _compute_control_point(a, b, line.bend)
    half = compute_text_width(words, size) / 2
    for share in (0.5, 0.42, 0.58, 0.34, 0.66):
        x, y = _compute_curve_point(a, control, b, share)
        box = Box(x - half, y - size * 0.62, x + half, y + size * 0.62)
        if sheet.free(box):
            sheet.taken.append(box)
            sheet.parts.append(_draw_plate(box, sheet.palette.paper))
            colour = sheet.palette.tentative if line.is_suggested else sheet.palette.quiet
            sheet.text([words], (x, y + size * 0.36), size, colour=colour)
            return


def _compute_curve_point(a: Point, control: Point, b: Point, share: float) -> Point:
    """The point of a curve at a share of its way."""
    rest = 1 - share
    x, y = (rest**2 * a[i] + 2 * rest * share * control[i] + share**2 * b[i] for i in (0, 1))
    return x, y
