"""The message desk under load as a picture: what a look-up costs in cases of growing size, and how a long run goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

PLACE = Path(__file__).parents[1] / "docs" / "images" / "desk.svg"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
LEFT, RIGHT, TOP, BOTTOM = 70, 360, 40, 240
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 300" font-family="sans-serif" font-size="11">'
Line = Sequence[tuple[float, float]]


def desk(found: Mapping[str, Any]) -> None:
    """Draw what `benchmarks.desk` has measured, as far as it has."""
    panels = []
    if rows := found.get("by size"):
        names = ("file one more", "links of one", "first question after it", "inbox, again")
        lines = {name: [(row["filed"], row[name]) for row in rows] for name in names if name in rows[0]}
        panels.append(panel(lines, "messages filed before", "ms of CPU"))
    if full := found.get("full path"):
        panels.append(panel(_run(full["batches"]), "messages taken in", "ms of CPU a message; MB held"))
    moved = [f'<g transform="translate({500 * at} 0)">{one}</g>' for at, one in enumerate(panels)]
    width = 500 * len(panels)
    ground = f'<rect width="{width}" height="300" fill="#ffffff"/>'
    PLACE.write_text("\n".join([HEAD.format(width=width), ground, *moved, "</svg>", ""]), "utf-8")


def _run(batches: Sequence[Mapping[str, float]]) -> dict[str, Line]:
    """Tenths of a long run: CPU of a message, and memory at their ends."""
    step = max(1, len(batches) // 10)
    ends = [{"filed": 0.0, "CPU seconds": 0.0, "mb": 0.0}, *batches[step - 1 :: step]]
    cost = [
        (one["filed"], 1000 * (one["CPU seconds"] - before["CPU seconds"]) / (one["filed"] - before["filed"]))
        for before, one in pairwise(ends)
    ]
    return {"a message": cost, "memory": [(one["filed"], one["mb"]) for one in ends[1:]]}


def panel(lines: Mapping[str, Line], across: str, up: str) -> str:
    """Lines on two logarithmic scales, each with its name at its end."""
    points = [point for line in lines.values() for point in line]
    x = _scale([point[0] for point in points], LEFT, RIGHT)
    y = _scale([point[1] for point in points], BOTTOM, TOP)
    marks = [10**power for power in range(-2, 6) if TOP <= y(10**power) <= BOTTOM]
    places = sorted({point[0] for point in points})
    parts = [f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="#59636e"/>']
    parts += [f'<path d="M{LEFT} {y(one):.1f}H{RIGHT}" stroke="#d8dee4"/>' for one in marks]
    parts += [f'<text x="{LEFT - 6}" y="{y(one) + 4:.1f}" text-anchor="end">{one:g}</text>' for one in marks]
    parts += [
        f'<text x="{x(one):.1f}" y="{BOTTOM + 16}" text-anchor="middle">{one:,.0f}</text>'
        for one in places
        if len(places) < 7 or one in (places[0], places[-1])
    ]
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        parts += _drawn(name, [(x(a), y(b)) for a, b in line], colour)
    parts.append(f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 36}" text-anchor="middle">{across}</text>')
    return "\n".join([*parts, f'<text x="{LEFT - 40}" y="{TOP - 16}">{up}</text>'])


def _drawn(name: str, line: Line, colour: str) -> list[str]:
    run = "L".join(f"{a:.1f} {b:.1f}" for a, b in line)
    dots = [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in line]
    named = f'<text x="{line[-1][0] + 8:.1f}" y="{line[-1][1] + 4:.1f}" fill="{colour}">{name}</text>'
    return [f'<path d="M{run}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots, named]


def _scale(values: Sequence[float], low: float, high: float) -> Any:  # noqa: ANN401
    first, last = math.log10(min(values) / 1.5), math.log10(max(values) * 1.5)
    return lambda value: low + (high - low) * (math.log10(value) - first) / (last - first)
