"""The picture of a map, for where no widget runs: outlines of countries and points, as SVG (Plate Carrée, drawn true at the middle)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.bundled_widget import STATIC
from workbench_widgets.model.state import compute_visible
from workbench_widgets.portable.icons import ICONS, OTHER

if TYPE_CHECKING:
    from workbench_widgets.model import CaseModel

WIDTH, HEIGHT, HEAD = 860, 460, 30
LEAST = 0.05
"""Degrees that a map shows at least, so that one place alone stands in some surroundings."""
Ring = list[tuple[float, float]]


def draw_map(model: CaseModel, places: Mapping[str, object]) -> str:
    """SVG of the places that are on the chart; '' where there is none."""
    found = list(_list_points(model, places)) if places else []
    if not found:
        return ""
    lons, lats = [lon for lon, *_ in found], [lat for _, lat, *_ in found]
    middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    squeeze = max(0.2, math.cos(math.radians(middle[1])))
    span = (
        max((max(lons) - min(lons)) * squeeze / WIDTH, (max(lats) - min(lats)) / (HEIGHT - HEAD), LEAST / HEIGHT) * 1.25
    )

    def project_point(lon: float, lat: float) -> tuple[float, float]:
        return WIDTH / 2 + (lon - middle[0]) * squeeze / span, HEAD + (HEIGHT - HEAD) / 2 - (lat - middle[1]) / span

    land = "".join(
        path for ring in load_outlines() if (path := _draw_ring([project_point(lon, lat) for lon, lat in ring]))
    )
    dots = "".join(_draw_dot(*project_point(lon, lat), colour, name) for lon, lat, colour, name in found)
    head = escape(
        " · ".join(
            filter(
                None,
                (
                    model.mark,
                    model.title or model.say.term("titles", "map"),
                    model.say("data as of {date}", date=model.as_at) if model.as_at else "",
                ),
            )
        )
    )
    source = escape(model.say("Map data: Natural Earth"))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" font-family="sans-serif" font-size="11">'
    return (
        f'{svg}<rect width="{WIDTH}" height="{HEIGHT}" fill="#dfe9f1"/>'
        f'<path d="{land}" fill="#f7f5f0" stroke="#b9b4a8" stroke-width="0.7"/>{dots}'
        f'<rect width="{WIDTH}" height="{HEAD - 4}" fill="#fff"/><text x="10" y="17" font-weight="600" font-size="12">{head}</text>'
        f'<text x="{WIDTH - 6}" y="{HEIGHT - 6}" text-anchor="end" fill="#59636e">{source}</text></svg>'
    )


def _list_points(model: CaseModel, places: Mapping[str, object]) -> Iterator[tuple[float, float, str, str]]:
    """Longitude, latitude, colour and name of each spot, once."""
    table, (nodes, _) = model.session.table, compute_visible(model.session.table, model.session.state)
    lon, lat = (np.frombuffer(_get_bytes(places, name), "<f8").tolist() for name in ("lon", "lat"))
    who = places["who"] if isinstance(places["who"], list) else []
    rows = [table.rows.get(str(who[at]), -1) for at in np.frombuffer(_get_bytes(places, "node"), "<u4").tolist()]
    spots = dict.fromkeys((x, y, row) for x, y, row in zip(lon, lat, rows, strict=True) if row >= 0 and nodes[row])
    for x, y, row in spots:
        yield x, y, ICONS.get(table.schemas[table.kinds[row]], OTHER).colour, table.labels[row]


def _get_bytes(places: Mapping[str, object], name: str) -> bytes:
    data = places[name]
    return data if isinstance(data, bytes) else b""


def _draw_dot(x: float, y: float, colour: str, name: str) -> str:
    short = escape(name if len(name) <= 28 else f"{name[:27]}…")
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}" stroke="#fff" stroke-width="1.5"/>'
        f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle" stroke="#fff" stroke-width="3" paint-order="stroke">{short}</text>'
    )


def _draw_ring(points: list[tuple[float, float]]) -> str:
    """A ring as a path; '' where none of it is in the picture."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if max(xs) < 0 or min(xs) > WIDTH or max(ys) < 0 or min(ys) > HEIGHT:
        return ""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


@cache
def load_outlines() -> list[Ring]:
    """Outlines of countries, as rings of longitude and latitude.

    References
    ----------
    TopoJSON 1.0: arcs of differences, scaled; a negative index is an arc the other way round.
    """
    path = STATIC / "world.json"
    if not path.is_file():
        return []
    world = json.loads(path.read_text(encoding="utf-8"))
    (scale_x, scale_y), (move_x, move_y) = world["transform"]["scale"], world["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in world["arcs"]:
        steps = np.cumsum(np.array(arc, np.float64), axis=0) * (scale_x, scale_y) + (move_x, move_y)
        arcs.append([(float(x), float(y)) for x, y in steps])
    rings: list[Ring] = []
    for shape in world["objects"]["countries"]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings += [[point for index in ring for point in _get_arc(arcs, index)] for part in parts for ring in part]
    return rings


def _get_arc(arcs: list[Ring], index: int) -> Ring:
    return arcs[index] if index >= 0 else arcs[~index][::-1]
