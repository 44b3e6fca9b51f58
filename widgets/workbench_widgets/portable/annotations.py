"""What a person has put on a chart beside entities and links: texts, groups whose members are drawn apart, colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench_widgets.layout.label_size import Box, compute_text_width, wrap_text
from workbench_widgets.portable.drawing_sheet import Sheet, escape_text, format_number, is_right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbench_widgets.portable.drawing import Colours
    from workbench_widgets.portable.drawing_sheet import Point

    Places = Mapping[str, tuple[float, float]]

WIDTH, INSET, SIZE, LINE = 150.0, 6.0, 12.0, 15.0
LONGEST = 60
"""Lines of a text; what is longer ends in '…'."""
AROUND = 34.0
PAPER, BORDER, INK, TINT = "#fff8c5", "#d4a72c", "#1b1f24", "#5655c4"


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the chart; (x, y) is the upper left corner of its box, in pixels."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ring:
    """A group that is open: its members are drawn, with a tint around them and its label above."""

    label: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annotations:
    """Texts and open groups of a chart, and the colours that it was given."""

    texts: tuple[Text, ...] = ()
    rings: tuple[Ring, ...] = ()
    colours: Colours | None = None


NOTHING = Annotations()


def compute_rooms(added: Annotations, places: Mapping[str, Point], scale: float) -> list[Box]:
    """Room that texts and groups take, in pixels of the chart."""
    found = [_compute_box(one, _list_rows(one.text), scale) for one in added.texts]
    for ring in added.rings:
        if points := [places[name] for name in ring.members if name in places]:
            across, down = [x for x, _ in points], [y for _, y in points]
            half = max((max(across) - min(across)) / 2 + AROUND, compute_text_width(ring.label, SIZE) / 2 * scale)
            middle = (min(across) + max(across)) / 2
            top, bottom = min(down) - AROUND - 20 * scale, max(down) + AROUND
            found.append(Box(middle - half, top, middle + half, bottom))
    return found


def draw_tints(sheet: Sheet, rings: Iterable[Ring], places: Mapping[str, Point]) -> None:
    """Draw a tint around the members of each open group, and its label above them."""
    for ring in rings:
        points = [places[name] for name in ring.members if name in places]
        if not points:
            continue
        path = "L".join(f"{format_number(x)} {format_number(y)}" for x, y in _compute_hull(points))
        style = f'fill="{TINT}" stroke="{TINT}" stroke-width="{format_number(2 * AROUND)}" stroke-linejoin="round" stroke-linecap="round"'
        sheet.parts.append(f'<g opacity="0.13"><path d="M{path}z" {style}/></g>')
        size = SIZE * sheet.scale
        x = (min(x for x, _ in points) + max(x for x, _ in points)) / 2
        y = min(y for _, y in points) - AROUND - size * 0.5
        half = compute_text_width(ring.label, size) / 2
        sheet.taken.append(Box(x - half, y - size, x + half, y + size * 0.25))
        sheet.text([ring.label], (x, y), size, colour=TINT, weight="600")


def draw_texts(sheet: Sheet, texts: Iterable[Text], middle: Point) -> None:
    """Draw each text in its box; `middle` is how far the chart is shifted on the sheet."""
    for one in texts:
        rows = _list_rows(one.text)
        box = _compute_box(Text(one.text, one.x + middle[0], one.y + middle[1]), rows, sheet.scale)
        sheet.taken.append(box)
        place = (
            f'x="{format_number(box.left)}" y="{format_number(box.top)}" '
            f'width="{format_number(box.right - box.left)}" height="{format_number(box.bottom - box.top)}"'
        )
        sheet.parts.append(
            f'<rect {place} rx="2" fill="{PAPER}" stroke="{BORDER}" stroke-width="{format_number(sheet.scale)}"/>'
        )
        for number, row in enumerate(rows):
            y = box.top + (INSET + SIZE * 0.85 + LINE * number) * sheet.scale
            turned = is_right_to_left(row)
            x = box.right - INSET * sheet.scale if turned else box.left + INSET * sheet.scale
            anchor = "end" if turned else "start"
            style = f'font-size="{format_number(SIZE * sheet.scale)}" text-anchor="{anchor}" fill="{INK}"'
            sheet.parts.append(f'<text x="{format_number(x)}" y="{format_number(y)}" {style}>{escape_text(row)}</text>')


def _list_rows(text: str) -> list[str]:
    """Lines of a text as they stand in its box."""
    rows = [row for line in text.splitlines() for row in wrap_text(line, WIDTH - 2 * INSET, LONGEST)]
    return rows if len(rows) <= LONGEST else [*rows[: LONGEST - 1], "…"]


def _compute_box(one: Text, rows: list[str], scale: float) -> Box:
    high = max(34.0, 2 * INSET + LINE * len(rows)) * scale
    return Box(one.x, one.y, one.x + WIDTH * scale, one.y + high)


def _compute_hull(points: list[Point]) -> list[Point]:
    """Corners of the smallest convex shape around some points (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_compute_half_hull(ordered), *_compute_half_hull(ordered[::-1])]


def _compute_half_hull(ordered: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in ordered:
        while len(chain) > 1 and _compute_cross_product(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _compute_cross_product(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
