"""Linked views as one file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from workbench_widgets.bundled_widget import STATIC, Bundled
from workbench_widgets.visible_text import replace_surrogates
from workbench_widgets.words import Translator, get_direction

if TYPE_CHECKING:
    from workbench_widgets.widget_view import View

INTERNAL = ("_esm", "_css", "layout", "tabbable", "tooltip", "comm", "keys", "log")
REFERENCE = "anywidget:"
PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-{nonce}' blob:; style-src 'nonce-{nonce}'; \
img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>{title}</title>
<script nonce="{nonce}">if (Object.hasOwn) document.documentElement.classList.add("wb-live")</script>
<style nonce="{nonce}">:root {{ color-scheme: light dark }} body {{ margin: 8px; font: 14px system-ui, sans-serif }}
@media (prefers-color-scheme: dark) {{ :root {{ --jp-layout-color0: #16191d; --jp-layout-color1: #1d2126; --jp-layout-color2: #22272e; \
--jp-ui-font-color1: #e6e8ea; --jp-border-color1: #6e7781; --jp-border-color2: #3d444d; --jp-brand-color1: #56b4e9; \
--jp-content-link-color: #7cc4f5 }} }}
.wb-twin {{ max-width: 100% }}
.wb-live section:not(.wb-failed) > .wb-twin {{ display: none }}
{css}</style></head><body>
{body}
<script type="application/json" id="wb-data">{data}</script>
<script type="module" nonce="{nonce}">{runtime}</script>
</body></html>
"""


def build_page(views: Sequence[View], *, title: str = "") -> str:
    """The views, linked as they are in the notebook, as one file.

    Parameters
    ----------
    views : sequence of View
        Those that share a model stay linked: what is chosen in one is chosen in all.
    title : str
        Of the page.

    Returns
    -------
    str
        The same bytes for the same views. What needs a kernel, such as expanding, is switched off; everything else works. Where
        scripts do not run, the browser is too old for them, or a view fails, its picture is shown; only then it is read.
    """
    widgets: dict[str, Bundled] = {}
    for view in views:
        _collect_widgets(view, widgets)
    names = {widget.model_id: f"m{number}" for number, widget in enumerate(widgets.values())}
    bundles = sorted({widget.bundle for widget in widgets.values()})
    models = {
        names[key]: {"bundle": widget.bundle, "state": _build_state(widget, names)} for key, widget in widgets.items()
    }
    sources = {name: (STATIC / f"{name}.js").read_text(encoding="utf-8") for name in bundles}
    language = views[0].language if views else "en"
    say = Translator(language)
    data = replace_surrogates(
        _encode_json(
            {
                "bundles": sources,
                "models": models,
                "failed": say("This cannot be shown here: {problem}", problem="{problem}"),
            }
        )
    )
    styles = [STATIC / f"{name}.css" for name in bundles]
    body = replace_surrogates(
        "\n".join(f'<section data-wb-view="{names[view.model_id]}">{_build_twin(view)}</section>' for view in views)
    )
    digest = hashlib.sha256(f"{data}{body}".encode()).digest()
    return PAGE.format(
        nonce=base64.b64encode(digest[:18]).decode(), title=escape(title or say.word("Chart", "noun")), body=body, data=data,
        language=escape(language), direction=get_direction(language),
        css="\n".join(path.read_text(encoding="utf-8") for path in styles if path.is_file()),
        runtime=(STATIC / "page.js").read_text(encoding="utf-8").replace("</", "<\\/"),
    )  # fmt: skip


def _collect_widgets(widget: Bundled, found: dict[str, Bundled]) -> None:
    """A widget and those that its traits hold."""
    for name in widget.keys:
        value = getattr(widget, name)
        if isinstance(value, Bundled) and value.model_id not in found:
            _collect_widgets(value, found)
    for part in getattr(widget, "parts", tuple)():
        if part.model_id not in found:
            _collect_widgets(part, found)
    found[widget.model_id] = widget


def _build_state(widget: Bundled, names: dict[str, str]) -> dict[str, object]:
    """The synchronised traits, with references to other widgets as the page names them, as of a page without a kernel."""
    state: dict[str, object] = {}
    for name in sorted(widget.keys):
        if not name.startswith("_") and name not in INTERNAL:
            value = getattr(widget, name)
            state[name] = REFERENCE + names[value.model_id] if isinstance(value, Bundled) else value
    if "areas" in state:
        state["areas"] = _replace_references(state["areas"], names)
    if "alive" in state:
        state |= {"alive": False, "answered": {}, "status": "", "hover": "", "version": 0}
    if "twin" in state:
        state["twin"] = ""
    return state


def _replace_references(value: object, names: dict[str, str]) -> object:
    """A value with references to other widgets as the page names them, wherever they stand in it."""
    if isinstance(value, dict):
        return {name: _replace_references(one, names) for name, one in value.items()}
    if isinstance(value, list):
        return [_replace_references(one, names) for one in value]
    there = isinstance(value, str) and value.startswith(REFERENCE) and value.removeprefix(REFERENCE) in names
    return REFERENCE + names[str(value).removeprefix(REFERENCE)] if there else value


def _encode_json(value: object) -> str:
    """JSON that can stand in a page: bytes as base64, and nothing that ends a script."""
    text = json.dumps(
        value,
        default=lambda raw: {"base64:": base64.b64encode(bytes(raw)).decode()},
        ensure_ascii=False,
        sort_keys=True,
    )
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _build_twin(view: View) -> str:
    picture = view.to_svg()
    if not picture:
        return ""
    source = base64.b64encode(picture.encode()).decode()
    return f'<img class="wb-twin" loading="lazy" alt="{escape(repr(view))}" src="data:image/svg+xml;base64,{source}">'
