"""The picture of a timeline, for where no widget runs: drawn as SVG, times in UTC."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench_widgets.model.state import compute_visible
from workbench_widgets.portable.icons import ICONS, OTHER

if TYPE_CHECKING:
    from workbench_widgets.model import CaseModel

WIDTH, GUTTER, LANE, TOP = 960, 190, 34, 40
MOST = 12
DOT = 4
Lane = tuple[int, NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]


def draw_timeline(model: CaseModel, events: Mapping[str, object]) -> str:
    """SVG of the busiest lanes; '' where nothing is dated."""
    lanes = _list_lanes(model, events) if events else _list_link_lanes(model)
    if not lanes:
        return ""
    begin = min(float(start.min()) for _, start, _, _ in lanes)
    end = max(float(np.nanmax(np.concatenate([start, stop]))) for _, start, stop, _ in lanes)
    room = max((end - begin) * 0.03, 3_600_000.0)
    begin, end = begin - room, end + room
    scale = (WIDTH - GUTTER - 12) / (end - begin)
    height = TOP + LANE * len(lanes) + 34
    parts = [_draw_axis(begin, end, scale, height)]
    for at, lane in enumerate(lanes):
        parts.append(_draw_lane(model, lane, TOP + at * LANE, begin, scale))
    head = " · ".join(
        filter(
            None,
            (
                model.mark,
                model.title or model.say.term("titles", "timeline"),
                model.say("data as of {date}", date=model.as_at) if model.as_at else "",
                "UTC",
            ),
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/><text x="12" y="18" font-weight="600">{escape(head)}</text>'
        f"{''.join(parts)}</svg>"
    )


def _list_lanes(model: CaseModel, events: Mapping[str, object]) -> list[Lane]:
    """The busiest nodes on the chart with their events."""
    rows, (seen, _) = model.session.table.rows, compute_visible(model.session.table, model.session.state)
    start, end = (np.frombuffer(_get_bytes(events, name), "<f8") for name in ("start", "end"))
    strength, members = (
        np.frombuffer(_get_bytes(events, "strength"), np.uint8),
        np.frombuffer(_get_bytes(events, "members"), "<u4"),
    )
    offsets = np.frombuffer(_get_bytes(events, "offsets"), "<u4").astype(np.int64)
    event = np.repeat(np.arange(len(start)), np.diff(offsets))
    who = events["who"]
    nodes = np.array([rows.get(name, -1) for name in who] if isinstance(who, list) else [], np.int64)[members]
    shown = nodes >= 0
    shown[shown] = seen[nodes[shown]]
    return _select_busiest_lanes(nodes[shown], event[shown], start, end, strength)


def _list_link_lanes(model: CaseModel) -> list[Lane]:
    table = model.session.table
    _, links = compute_visible(table, model.session.state)
    start, end = np.frombuffer(table.first, np.float64), np.frombuffer(table.last, np.float64)
    dated = np.flatnonzero(links & ~np.isnan(start)) if len(start) else np.array([], np.int64)
    nodes, event = table.pairs[dated].ravel().astype(np.int64), np.repeat(dated, 2)
    return _select_busiest_lanes(
        nodes, event, start, np.where(end > start, end, np.nan), np.frombuffer(table.strength, np.uint8)
    )


def _select_busiest_lanes(
    nodes: NDArray[np.int64],
    event: NDArray[np.int64],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    strength: NDArray[np.uint8],
) -> list[Lane]:
    names, counts = np.unique(nodes, return_counts=True)
    order = np.lexsort((names, -counts))[:MOST]
    lanes = []
    for node in names[order].tolist():
        mine = np.unique(event[nodes == node])
        lanes.append((node, start[mine], end[mine], strength[mine]))
    return lanes


def _get_bytes(events: Mapping[str, object], name: str) -> bytes:
    data = events[name]
    return data if isinstance(data, bytes) else b""


def _draw_axis(begin: float, end: float, scale: float, height: int) -> str:
    marks = []
    for part in range(6):
        at = begin + (end - begin) * (part + 0.5) / 6
        x = GUTTER + (at - begin) * scale
        line = f'<path d="M{x:.1f} {TOP - 4}V{height - 26}" stroke="#d0d4d9"/>'
        marks.append(
            f'{line}<text x="{x:.1f}" y="{height - 8}" text-anchor="middle">{_format_time(at, end - begin)}</text>'
        )
    return "".join(marks)


def _format_time(at: float, length: float) -> str:
    try:
        moment = datetime.fromtimestamp(at / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    hours = length < 4 * 86_400_000
    return moment.strftime("%Y-%m-%d %H:%M" if hours else "%Y-%m-%d")


def _draw_lane(model: CaseModel, lane: Lane, top: int, begin: float, scale: float) -> str:
    node, starts, ends, strengths = lane
    table = model.session.table
    colour = ICONS.get(table.schemas[table.kinds[node]], OTHER).colour
    name = table.labels[node]
    short = name if len(name) <= 26 else f"{name[:25]}…"
    middle = top + LANE / 2
    drawn = {
        (
            round(GUTTER + (s - begin) * scale),
            round(GUTTER + (e - begin) * scale) if not math.isnan(e) else None,
            int(k),
        )
        for s, e, k in zip(starts.tolist(), ends.tolist(), strengths.tolist(), strict=True)
    }
    marks = [_draw_event(x, to, kind, middle, colour) for x, to, kind in sorted(drawn, key=str)]
    return (
        f'<circle cx="16" cy="{middle}" r="5" fill="{colour}"/><text x="28" y="{middle + 4}">{escape(short)}</text>'
        f'<path d="M0 {top + LANE}H{WIDTH}" stroke="#e5e8eb"/>{"".join(marks)}'
    )


def _draw_event(x: int, to: int | None, kind: int, middle: float, colour: str) -> str:
    look = (
        f'fill="{colour}"'
        if not kind
        else f'fill="{colour}" fill-opacity="0.3" stroke="{colour}" stroke-dasharray="{"4 3" if kind == 1 else "1.5 2.5"}"'
    )
    if to is None or to - x < 2 * DOT:
        return f'<circle cx="{x}" cy="{middle}" r="{DOT}" {look}/>'
    return f'<rect x="{x}" y="{middle - DOT}" width="{to - x}" height="{2 * DOT}" rx="{DOT}" {look}/>'
