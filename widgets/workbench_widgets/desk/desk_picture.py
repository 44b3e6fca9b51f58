"""The picture of a message desk, for where no widget runs: the first lines of its inbox as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from workbench_widgets.words import Translator

ROWS, LINE, WIDTH = 14, 26, 960
COLUMNS = (("from", 34), ("subject", 170), ("category", 560), ("mark", 700), ("deadline", 830))
LETTERS = {"from": 17, "subject": 52, "category": 17, "mark": 16, "deadline": 16}


def draw_desk(rows: Sequence[Mapping[str, Any]], head: str, mark: str, language: str = "en") -> str:
    """SVG of the first lines; '' where there is none."""
    if not rows:
        return ""
    height = 74 + LINE * min(len(rows), ROWS + 1)
    said = " · ".join(filter(None, (mark, head)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" font-family="sans-serif" font-size="13">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/><text x="12" y="22" font-weight="600">{escape(said)}</text>'
    ]
    say = Translator(language)
    heads = {
        "from": say.word("From", "noun"),
        "subject": say.word("Subject line", "noun"),
        "category": say.word("Category", "noun"),
        "mark": say.word("Mark", "noun"),
        "deadline": say.word("Deadline", "noun"),
    }
    parts += [
        f'<text x="{x}" y="50" font-weight="600" fill="#57606a">{escape(heads[name])}</text>' for name, x in COLUMNS
    ]
    for at, row in enumerate(rows[:ROWS]):
        parts.append(_draw_line(row, 76 + LINE * at))
    if len(rows) > ROWS:
        more = escape(say("and {count} more", count=len(rows) - ROWS))
        parts.append(f'<text x="34" y="{76 + LINE * ROWS}" fill="#57606a">{more}</text>')
    return f"{''.join(parts)}</svg>"


def _draw_line(row: Mapping[str, Any], y: int) -> str:
    guess = "" if row["decided"] or not row["category"] else "?"
    deadline = str(row["deadline"])[:16].replace("T", " ")
    cells = {
        "from": row["sender"],
        "subject": row["subject"],
        "category": f"{row['category']}{guess}",
        "mark": row["mark"],
        "deadline": deadline,
    }
    bold = ' font-weight="600"' if row["unread"] else ""
    dot = f'<circle cx="18" cy="{y - 4}" r="4" fill="#0072b2"/>' if row["unread"] else ""
    drawn = [
        f'<text x="{x}" y="{y}"{bold}>{escape(_shorten_text(str(cells[name]), LETTERS[name]))}</text>'
        for name, x in COLUMNS
    ]
    return f'<path d="M8 {y - 18}H{WIDTH - 8}" stroke="#e5e8eb"/>{dot}{"".join(drawn)}'


def _shorten_text(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
