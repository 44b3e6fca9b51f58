"""Tables as HTML for the notebook. Case data is hostile: every text passes `esc`, and nothing else makes markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

STYLE = """<style>
.wb{font:14px/1.45 system-ui,sans-serif;color:var(--jp-ui-font-color1,CanvasText)}
.wb h3{margin:.9em 0 .3em;font-size:1.05em}
.wb .mark{display:inline-block;padding:.1em .7em;border:1px solid currentColor;border-radius:3px;font-weight:600;letter-spacing:.04em}
.wb .figures{display:flex;gap:.7em;flex-wrap:wrap;margin:.6em 0}
.wb .figure{border:1px solid var(--jp-border-color2,#8884);border-radius:6px;padding:.4em .9em;min-width:6.5em}
.wb .figure b{display:block;font-size:1.45em;font-weight:600}
.wb .hit{border-left:3px solid var(--jp-brand-color1,#1976d2);padding:.25em .8em;margin:.7em 0;background:var(--jp-layout-color2,#8881)}
.wb .hit .meta,.wb .small{color:var(--jp-ui-font-color2,GrayText);font-size:.87em;overflow-wrap:anywhere}
.wb .hit .text{white-space:pre-wrap;overflow-wrap:anywhere}
.wb mark{background:#ffd54f;color:#111;padding:0 .1em;border-radius:2px}
.wb table{border-collapse:collapse;margin:.4em 0;width:100%}
.wb th,.wb td{border-bottom:1px solid var(--jp-border-color2,#8884);padding:.25em .7em;text-align:left;vertical-align:top;white-space:pre-wrap}
.wb td.n{text-align:right;font-variant-numeric:tabular-nums}
.wb .warn{border:1px solid #b26a00;border-radius:4px;padding:.4em .8em;margin:.5em 0}
</style>"""


def esc(text: object) -> str:
    """Text that cannot become markup."""
    return escape(str(text), quote=True)


def page(*parts: str) -> str:
    """Parts under the common style."""
    return f'{STYLE}<div class="wb">{"".join(parts)}</div>'


def marked(text: str, spans: Iterable[Sequence[int]]) -> str:
    """Text with its spans marked; spans outside the text are cut, overlapping ones joined."""
    out, at = [], 0
    for start, end in sorted((max(0, int(s[0])), min(len(text), int(s[1]))) for s in spans):
        if end > max(start, at):
            start = max(start, at)
            out += [esc(text[at:start]), f"<mark>{esc(text[start:end])}</mark>"]
            at = end
    return "".join([*out, esc(text[at:])])


def figures(pairs: Iterable[tuple[str, object]]) -> str:
    """Numbers in boxes, each with what it counts."""
    boxes = (f'<div class="figure"><b>{esc(value)}</b>{esc(name)}</div>' for name, value in pairs)
    return f'<div class="figures">{"".join(boxes)}</div>'


def table(frame: pd.DataFrame, columns: Sequence[str], limit: int = 12) -> str:
    """A small table, numbers to the right; says how many rows are not shown."""
    if frame.empty:
        return '<p class="small">None.</p>'
    head = "".join(f"<th>{esc(name)}</th>" for name in columns)
    rows = "".join(_row(values) for values in frame[list(columns)].head(limit).itertuples(index=False))
    more = f'<p class="small">and {len(frame) - limit:,} more</p>' if len(frame) > limit else ""
    return f"<table><tr>{head}</tr>{rows}</table>{more}"


def _row(values: Iterable[object]) -> str:
    return f"<tr>{''.join(_cell(value) for value in values)}</tr>"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return f"<td>{'yes' if value else ''}</td>"
    if isinstance(value, int | float):
        return f'<td class="n">{value:,.3g}</td>' if isinstance(value, float) else f'<td class="n">{value:,}</td>'
    return f"<td>{esc(value)}</td>"


def hits(frame: pd.DataFrame) -> str:
    """Search hits as cards: text with the match marked, and where it comes from."""
    if frame.empty:
        return '<p class="small">Nothing found. Try fewer or other words, or a whole sentence.</p>'
    return "".join(_hit(row) for row in frame.to_dict("records"))


def _hit(row: dict[str, object]) -> str:
    traces = row.get("traces") or []
    ids = ", ".join(map(str, traces if isinstance(traces, list) else [traces]))
    spans = row.get("marked") or []
    text = marked(str(row.get("text", "")), spans if isinstance(spans, list) else [])
    who = " · ".join(str(row[key]) for key in ("at", "sender", "title") if row.get(key))
    where = " · ".join(str(row[key]) for key in ("source_name", "exhibit", "place") if row.get(key))
    found = f" · found by {esc(row['matched'])}" if row.get("matched") else ""
    return (
        f'<div class="hit"><div class="meta">{esc(who)}</div><div class="text">{text}</div>'
        f'<div class="meta">{esc(where)}{found}</div><div class="meta">{"trace " + esc(ids) if ids else ""}</div></div>'
    )
