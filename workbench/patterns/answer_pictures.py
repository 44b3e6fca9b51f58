"""Pictures of telephone answers as SVG: text in the colour of the page around it, so that they read on light and on dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from workbench.visible import escape_hidden

BLUE, RED, GREY = "#4c8bc9", "#d0663f", "#8a8f98"
WIDTH = 720
LINE = 22
FONT = 'font-family="sans-serif" font-size="12"'
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST = 28


def draw_bars(lines: Sequence[tuple[str, float, float]], names: tuple[str, str], title: str) -> str:
    """Horizontal bars of two parts each: (label, first part, second part), the parts named by `names`."""
    if not lines:
        return ""
    most = max(one + two for _, one, two in lines) or 1
    left, right = 210, 60
    scale = (WIDTH - left - right) / most
    parts = list(_draw_legend(names))
    for index, (label, one, two) in enumerate(lines):
        y = 30 + index * LINE
        parts.append(_draw_text(left - 8, y + 12, _shorten_text(label), "end"))
        parts.append(_draw_rectangle((left, y, one * scale, LINE - 7), BLUE, f"{label}: {one:,.0f} {names[0]}"))
        parts.append(
            _draw_rectangle((left + one * scale, y, two * scale, LINE - 7), RED, f"{label}: {two:,.0f} {names[1]}")
        )
        parts.append(_draw_text(left + (one + two) * scale + 6, y + 12, f"{one + two:,.0f}", "start"))
    return _draw_svg(parts, 30 + len(lines) * LINE + 6, title)


def draw_heat_map(counts: Sequence[Sequence[int]], title: str, days: Sequence[str] = DAYS) -> str:
    """Seven days, by their names, by 24 hours; the more records, the stronger the colour. Each field says its number."""
    most = max((count for row in counts for count in row), default=0)
    if not most:
        return ""
    left, top, size, high = 64, 24, 27, 22
    parts = [_draw_text(left + hour * size + size / 2, 15, f"{hour:02}", "middle") for hour in range(0, 24, 1)]
    for day, row in enumerate(counts):
        parts.append(_draw_text(left - 8, top + day * high + 15, days[day], "end"))
        for hour, count in enumerate(row):
            x, y = left + hour * size, top + day * high
            strength = 0.04 + 0.9 * count / most if count else 0.04
            said = f"{days[day]} {hour:02}-{(hour + 1) % 24:02} h: {count:,}"
            parts.append(_draw_rectangle((x, y, size - 2, high - 2), BLUE, said, strength))
            if count and most < 1000:
                parts.append(_draw_text(x + size / 2 - 1, y + 14, f"{count}", "middle", 10))
    return _draw_svg(parts, top + 7 * high + 6, title)


def draw_periods(lines: Sequence[tuple[str, float, float]], ends: tuple[str, str], title: str) -> str:
    """Periods on one line of time: (label, begin, end), both as parts of the whole in [0, 1]; `ends` are its two dates."""
    if not lines:
        return ""
    left, right = 290, 20
    wide = WIDTH - left - right
    parts = [_draw_text(left, 15, ends[0], "start"), _draw_text(WIDTH - right, 15, ends[1], "end")]
    for index, (label, begin, end) in enumerate(lines):
        y = 24 + index * LINE
        parts.append(_draw_text(left - 8, y + 12, _shorten_text(label, 42), "end"))
        parts.append(
            f'<line x1="{left}" y1="{y + 8}" x2="{WIDTH - right}" y2="{y + 8}" stroke="{GREY}" stroke-opacity="0.35"/>'
        )
        parts.append(
            _draw_rectangle((left + begin * wide, y + 2, max((end - begin) * wide, 3), LINE - 10), BLUE, label)
        )
    return _draw_svg(parts, 24 + len(lines) * LINE + 6, title)


def draw_days(lines: Sequence[tuple[str, float, float]], title: str) -> str:
    """One stroke per day from the first to the last hour: (day, first hour, last hour)."""
    if not lines:
        return ""
    left, top, high = 44, 14, 220
    begin = date.fromisoformat(lines[0][0]).toordinal()
    days = date.fromisoformat(lines[-1][0]).toordinal() - begin + 1
    step = (WIDTH - left - 10) / days
    parts = []
    for hour in range(0, 25, 6):
        y = top + high - hour / 24 * high
        parts.append(_draw_text(left - 8, y + 4, f"{hour:02}", "end"))
        parts.append(
            f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - 10}" y2="{y:.1f}" stroke="{GREY}" stroke-opacity="0.35"/>'
        )
    for day in range(0, days, max(1, -(-days // 8))):
        x = left + day * step
        if x < WIDTH - 70:
            parts.append(_draw_text(x, top + high + 18, date.fromordinal(begin + day).isoformat(), "start", 10))
    for name, first, last in lines:
        x = left + (date.fromisoformat(name).toordinal() - begin) * step
        y = top + high - last / 24 * high
        said = f"{name}: {first:04.1f}-{last:04.1f} h"
        parts.append(_draw_rectangle((x, y, max(step - 1.5, 1), max((last - first) / 24 * high, 2)), BLUE, said))
    return _draw_svg(parts, top + high + 26, title)


def draw_matrix(names: Sequence[str], counts: Sequence[Sequence[int]], title: str) -> str:
    """Squares of two lists of numbers against each other; each field says its number."""
    if not names:
        return ""
    most = max((count for row in counts for count in row), default=0) or 1
    left, size = 210, 34
    parts = [_draw_text(left + i * size + size / 2, 15, f"{i + 1}", "middle") for i in range(len(names))]
    for i, row in enumerate(counts):
        y = 22 + i * 26
        parts.append(_draw_text(left - 8, y + 16, f"{_shorten_text(names[i])}  {i + 1}", "end"))
        for j, count in enumerate(row):
            parts.append(
                _draw_rectangle(
                    (left + j * size, y, size - 3, 23),
                    BLUE,
                    f"{names[i]} + {names[j]}: {count:,}",
                    0.05 + 0.85 * count / most,
                )
            )
            parts.append(_draw_text(left + j * size + size / 2 - 1, y + 16, f"{count}", "middle", 11))
    return _draw_svg(parts, 22 + len(names) * 26 + 6, title)


def _draw_legend(names: tuple[str, str]) -> Iterator[str]:
    x = 210
    for name, colour in zip(filter(None, names), (BLUE, RED), strict=False):
        yield _draw_rectangle((x, 6, 12, 12), colour, name)
        yield _draw_text(x + 18, 16, name, "start")
        x += 110


def _draw_svg(parts: Sequence[str], height: float, title: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img">'
    return f"{head}<title>{_escape_text(title)}</title>{''.join(parts)}</svg>"


def _draw_text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    font = FONT.replace("12", str(size))
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {font} fill="currentColor" text-anchor="{anchor}">{_escape_text(text)}</text>'
    )


def _draw_rectangle(at: tuple[float, float, float, float], colour: str, said: str, strength: float = 1.0) -> str:
    """Rectangle at (x, y, width, height) that says something when it is pointed at."""
    x, y, width, height = at
    opacity = f' fill-opacity="{strength:.2f}"' if strength < 1 else ""
    where = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect {where} fill="{colour}"{opacity}><title>{_escape_text(said)}</title></rect>'


def _shorten_text(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _escape_text(text: str) -> str:
    """Text that is no markup, every sign of it visible."""
    return escape(escape_hidden(text))
