"""Tables as HTML for the notebook. Case data is hostile: every text passes `esc`, and nothing else makes markup."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from pandas.api.types import is_bool_dtype, is_numeric_dtype

from workbench.model.catalogue import Translator
from workbench.model.stored_sentences import translate_place
from workbench.model.text.bidi import get_direction
from workbench.model.text.transliteration import transliterate_name
from workbench.visible import LITERAL, escape_hidden_part

if TYPE_CHECKING:
    import pandas as pd

STYLE = """<style>
.wb{font:14px/1.5 system-ui,sans-serif;color:var(--jp-ui-font-color1,CanvasText);max-width:72rem}
.wb h3{margin:1.2em 0 .4em;font-size:1.05em;font-weight:600}
.wb p{margin:.4em 0}
.wb .mark{display:inline-block;padding:0 .7em;border:1px solid currentColor;border-radius:3px;font-size:.87em;font-weight:600;
letter-spacing:.04em;margin-inline-end:.6em}
.wb .figures{display:flex;gap:.6em;flex-wrap:wrap;margin:.8em 0}
.wb .figure{border:1px solid var(--jp-border-color2,#8884);border-radius:6px;padding:.4em .9em;min-width:6em}
.wb .figure b{display:block;font-size:1.4em;font-weight:600;white-space:nowrap}
.wb .hit{border-inline-start:3px solid var(--jp-brand-color1,#1976d2);padding:.4em .9em;margin:.7em 0;border-start-end-radius:4px;
border-end-end-radius:4px;
background:var(--jp-layout-color2,#8881)}
.wb .meta,.wb .small{color:var(--jp-ui-font-color2,CanvasText);font-size:.87em;overflow-wrap:anywhere}
.wb .text{white-space:pre-wrap;overflow-wrap:anywhere;margin:.15em 0;unicode-bidi:plaintext;text-align:start}
.wb .latin{color:var(--jp-ui-font-color2,CanvasText);font-weight:400;font-size:.92em;margin-inline-start:.35em}
.wb .side b .latin{display:block;margin:0}
.wb mark{background:#ffd54f;color:#111;padding:0 .1em;border-radius:2px}
.wb details summary{cursor:pointer;color:var(--jp-ui-font-color2,CanvasText);font-size:.87em}
.wb .wide{overflow-x:auto;margin:.4em 0}
.wb table{border-collapse:collapse;width:100%;margin:0;font-size:.95em}
.wb th,.wb td{border-bottom:1px solid var(--jp-border-color2,#8884);padding-block:.3em;padding-inline-end:.9em;text-align:start;
vertical-align:top;
overflow-wrap:break-word}
.wb th{font-weight:600;white-space:nowrap;color:var(--jp-ui-font-color2,CanvasText);font-size:.92em}
.wb tr.head td{font-weight:600;border-bottom:2px solid currentColor}
.wb td.n,.wb th.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.wb .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.7em;margin:.5em 0}
.wb .side{border:1px solid var(--jp-border-color2,#8884);border-radius:6px;padding:.5em .9em;overflow-wrap:anywhere}
.wb .side b{font-size:1.1em}
.wb dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.1em .8em;margin:.3em 0 0;font-size:.92em}
.wb dl dt{color:var(--jp-ui-font-color2,CanvasText);float:none;width:auto;font-weight:400;white-space:nowrap}
.wb dl dd{margin:0}
.wb ul{margin:.2em 0;padding-inline-start:1.3em}
.wb .warn{border-inline-start:3px solid #b26a00;padding:.3em .8em;margin:.5em 0}
.wb .done{border-inline-start:3px solid #2e7d32;padding:.3em .8em;margin:.5em 0}
.wb-panel{padding:2px 8px 8px 2px}
.wb-panel .widget-html,.wb-panel .jupyter-widget-html-content{height:auto;line-height:1.5;overflow:visible}
.wb-panel .wb-bar{flex-flow:row wrap;gap:6px;overflow:visible;margin:4px 2px}
.wb-panel .wb-bar>*{margin:0}
.wb-panel .wb-card{border:1px solid var(--jp-border-color2,#8884);border-radius:6px;padding:2px 12px 8px;margin:8px 2px}
.wb-panel .wb-column{align-items:center;border-bottom:1px solid var(--jp-border-color2,#8884);padding:1px 0;overflow:visible}
.wb-panel .wb-column>:first-child{flex:0 0 24em;overflow:hidden}
.wb-panel .wb-column>:last-child{flex:1 1 auto}
.wb-panel .wb-column .wb{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.wb-panel :is(button,input,select):focus-visible{outline:2px solid var(--jp-brand-color1,#1976d2);outline-offset:1px}
.wb-rtl{direction:rtl}
.wb-rtl .widget-label{text-align:start}
.wb-rtl input{unicode-bidi:plaintext;text-align:start}
</style>"""
ENGLISH = Translator()
SNIPPET = 420
"""Letters of a passage that a card shows; the rest is folded up."""


def escape_text(text: object) -> str:
    """Text that cannot become markup; what cannot be seen, or would turn the line around, stands as '⟨U+202E⟩'."""
    return escape(escape_hidden_part(str(text)), quote=True)


def isolate_text(text: object) -> str:
    """Text that keeps its direction and does not turn what is around it."""
    side = ' dir="ltr"' if get_direction(str(text)) == "ltr" else ""
    return f"<bdi{side}>{escape_text(text)}</bdi>" if text != "" else ""


def format_name(text: str) -> str:
    """A name in its own direction, and beside it how it reads in Latin letters where it is written in others."""
    latin = transliterate_name(text)
    return isolate_text(text) + (f' <span class="latin">{escape_text(latin)}</span>' if latin else "")


def build_block(*parts: str) -> str:
    """Parts, for a place that has the common style already."""
    return f'<div class="wb {LITERAL}">{"".join(parts)}</div>'


def build_page(*parts: str, direction: str = "ltr") -> str:
    """Parts under the common style, on a page of that direction."""
    return STYLE + (
        f'<div class="wb {LITERAL}" dir="rtl">{"".join(parts)}</div>' if direction == "rtl" else build_block(*parts)
    )


def mark_spans(text: str, spans: Iterable[Sequence[int]]) -> str:
    """Text with its spans marked; spans outside the text are cut, overlapping ones joined."""
    out, at = [], 0
    for start, end in sorted((max(0, int(s[0])), min(len(text), int(s[1]))) for s in spans):
        if end > max(start, at):
            first = max(start, at)
            out += [escape_text(text[at:first]), f"<mark>{escape_text(text[first:end])}</mark>"]
            at = end
    return "".join([*out, escape_text(text[at:])])


def build_figures(pairs: Iterable[tuple[str, object]]) -> str:
    """Numbers in boxes, each with what it counts."""
    boxes = (f'<div class="figure"><b>{escape_text(value)}</b>{escape_text(what)}</div>' for what, value in pairs)
    return f'<div class="figures">{"".join(boxes)}</div>'


def build_table(
    frame: pd.DataFrame, columns: Sequence[str], limit: int = 12, names: Collection[str] = (), strong: int = -1, *,
    say: Translator = ENGLISH,
) -> str:  # fmt: skip
    """A small table, numbers to the right; says how many rows are not shown.

    `names`: columns that hold names of things; `strong`: place of the row that stands out; `say`: language of its heads.
    """
    if frame.empty:
        return format_sentence(say("None", context="views"))
    shown = frame[list(columns)].head(limit)
    aligned = [' class="n"' if is_numeric_dtype(kind) and not is_bool_dtype(kind) else "" for kind in shown.dtypes]
    head = "".join(
        f"<th{side}>{escape_text(say.term('head', column))}</th>" for column, side in zip(columns, aligned, strict=True)
    )
    written = [format_name if column in names else isolate_text for column in columns]
    rows = "".join(
        _build_row(values, aligned, written, "head" if at == strong else "", say)
        for at, values in enumerate(shown.itertuples(index=False))
    )
    more = format_sentence(say.count("and {n} more", "and {n} more", len(frame) - limit)) if len(frame) > limit else ""
    return f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>{more}'


def _build_row(
    values: Iterable[object],
    aligned: Sequence[str],
    written: Sequence[Callable[[str], str]],
    kind: str,
    say: Translator,
) -> str:
    cells = (
        f"<td{side}>{write(_format_value(value, say))}</td>"
        for value, side, write in zip(values, aligned, written, strict=True)
    )
    side = f' class="{kind}"' if kind else ""
    return f"<tr{side}>{''.join(cells)}</tr>"


def _format_value(value: object, say: Translator) -> str:
    if isinstance(value, bool):
        return say("yes", context="views") if value else ""
    if isinstance(value, float):
        return f"{value:,.3g}"
    return say.figure(value) if isinstance(value, int) else str(value)


def build_hits(frame: pd.DataFrame, say: Translator = ENGLISH) -> str:
    """Search hits as cards: text with the match marked, and where it comes from."""
    if frame.empty:
        return format_sentence(say("Nothing was found. Try fewer words, other words or a whole sentence."))
    return "".join(build_hit(row, say) for row in frame.to_dict("records"))


def build_hit(row: Mapping[Any, object], say: Translator = ENGLISH) -> str:
    """One passage as a card. Keys as in HITS; those that are missing are not shown."""
    traces, copies = _to_list(row.get("traces")), _to_list(row.get("copies"))
    text, title = str(row.get("text", "")), str(row.get("title", ""))
    heading = "" if text.startswith(title.rstrip("…")) or title == row.get("source_name") else title
    known = (isolate_text(row.get("at") or ""), format_name(str(row.get("sender") or "")), isolate_text(heading))
    who = " · ".join(filter(None, known))
    where = [str(row[key]) for key in ("source_name", "exhibit") if row.get(key)]
    where += [translate_place(str(row["place"]), say.language)] if row.get("place") else []
    where += [say("trace numbers: {traces}", traces=_format_few(traces, say))] if traces else []
    where += [say("found by {how}", how=say.term("matched", str(row["matched"])))] if row.get("matched") else []
    where += (
        [say.count("{n} more passages with the same text", "{n} more passages with the same text", len(copies))]
        if copies
        else []
    )
    quoted = build_quotation(text, _to_list(row.get("marked")), say=say)
    lies = " · ".join(map(isolate_text, where))
    return f'<div class="hit"><div class="meta">{who}</div>{quoted}<div class="meta">{lies}</div></div>'


def build_quotation(
    text: str, spans: Sequence[Sequence[int]], most: int = SNIPPET, *, say: Translator = ENGLISH
) -> str:
    """A passage with its spans marked; of a long one the part around the first mark, and the whole folded up."""
    if len(text) <= most + most // 4:
        return f'<div class="text" dir="auto">{mark_spans(text, spans)}</div>'
    start = max(0, min((int(span[0]) for span in spans), default=0) - most // 3)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.find(" ", start + most)
    part = text[start : end if end > 0 else len(text)]
    inner = mark_spans(part, [(int(span[0]) - start, int(span[1]) - start) for span in spans])
    before, after = "… " if start else "", " …" if end > 0 else ""
    inside = f'<div class="text" dir="auto">{mark_spans(text, spans)}</div>'
    whole = f"<details><summary>{escape_text(say('views.whole_passage'))}</summary>{inside}</details>"
    return f'<div class="text" dir="auto">{before}{inner}{after}</div>{whole}'


def build_sides(names: Sequence[str], facts: Sequence[Iterable[tuple[str, str]]]) -> str:
    """Things beside each other, each with its name, how it reads in Latin letters, and what is known of it."""
    boxes = (
        f'<div class="side"><b>{format_name(one)}</b>{build_definitions(known)}</div>'
        for one, known in zip(names, facts, strict=True)
    )
    return f'<div class="sides">{"".join(boxes)}</div>'


def build_definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """What is known: name and value."""
    return f"<dl>{''.join(f'<dt>{escape_text(what)}</dt><dd>{isolate_text(value)}</dd>' for what, value in pairs)}</dl>"


def build_bullets(lines: Iterable[str]) -> str:
    """A list."""
    return f"<ul>{''.join(f'<li>{escape_text(line)}</li>' for line in lines)}</ul>"


def format_sentence(text: object, kind: str = "small") -> str:
    """A sentence: 'small', 'warn' or 'done'."""
    return f'<p class="{escape_text(kind)}">{escape_text(text)}</p>'


def _format_few(values: Sequence[object], say: Translator, most: int = 2) -> str:
    names = ", ".join(map(str, values[:most]))
    return (
        say.count("{names} and {n} more", "{names} and {n} more", len(values) - most, names=names)
        if len(values) > most
        else names
    )


def _to_list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
