"""A widget live on a page without a notebook: its two halves talk through a pipe, word for word as through a kernel's comm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import chromium
from watching import Seen
from workbench_widgets.bundled_widget import STATIC

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from workbench_widgets.desk import MessageDesk

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><style>:root {{ color-scheme: light dark }}
body {{ margin: 8px; font: 14px system-ui, sans-serif }} {css}</style></head><body><main></main>
<script type="application/json" id="state">{state}</script><script type="application/json" id="code">{code}</script>
<script type="module">
const held = (id) => JSON.parse(document.getElementById(id).textContent), state = held("state"), heard = new Map();
const fire = (name, ...given) => heard.get(name)?.forEach((callback) => callback(...given));
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{ if (state[name] !== value) {{ state[name] = value; fire(`change:${{name}}`, model, value); }} }},
  save_changes: () => window.pipe?.("set", {{ language: state.language, opened: state.opened }}).then(told),
  send: (content) => window.pipe?.("say", content).then(told),
  on: (name, callback) => heard.set(name, (heard.get(name) ?? new Set()).add(callback)),
  off: (name, callback) => heard.get(name)?.delete(callback),
}};
const told = (said) => said.forEach(([kind, what]) =>
  kind === "set" ? Object.entries(what).forEach(([name, value]) => model.set(name, value)) : fire("msg:custom", what, []));
window.comm = {{ fire, model, cut: () => {{ delete window.pipe; fire("comm_live_update"); }} }};
const code = URL.createObjectURL(new Blob([held("code")], {{ type: "text/javascript" }}));
const bundle = (await import(code)).default;
await bundle.render({{ model, el: document.querySelector("main"), host: null }});
</script></body></html>"""


class Pipe:
    """The Python end: what the page says goes to the widget, and what the widget says in answer goes back."""

    def __init__(self, widget: MessageDesk) -> None:
        self.widget, self.out = widget, list[tuple[str, Any]]()
        widget.send = self.hear  # type: ignore[method-assign]
        widget.observe(lambda change: self.out.append(("set", {change["name"]: change["new"]})), "blanks")

    def hear(self, content: object, buffers: object = None) -> None:
        """What the widget says."""
        del buffers
        self.out.append(("say", content))

    def ask(self, kind: str, content: dict[str, Any]) -> list[tuple[str, Any]]:
        """What the page says, and all that comes of it."""
        self.out = []
        if kind == "set":
            self.widget.set_trait("language", content["language"])
            self.widget.set_trait("opened", content["opened"])
        else:
            self.widget._handle_custom_msg(content, [])
        return json.loads(json.dumps(self.out))


@contextmanager
def live(
    browser: Browser, folder: Path, widget: MessageDesk, *, check: bool = True, **look: object
) -> Iterator[tuple[Page, Seen]]:
    """A page on which the widget works; afterwards nothing was asked of a network and nothing failed."""
    page = chromium.window(browser, **{"viewport": {"width": 1440, "height": 900}, "color_scheme": "light", **look})
    seen, pipe = Seen(), Pipe(widget)
    seen.watch(page)
    page.expose_function("pipe", pipe.ask)
    file = folder / "live.html"
    file.write_text(written(widget), encoding="utf-8")
    page.goto(file.as_uri())
    page.locator(".wd-line, .wd-none").first.wait_for()
    yield page, seen
    if check:
        assert [one for one in seen.requests if not one.startswith(("data:", "blob:")) and one != file.as_uri()] == []
        assert seen.dialogs == []
        assert seen.errors == [], seen.errors[:3]
    page.context.close()


def written(widget: MessageDesk) -> str:
    """The page with the widget's state and code."""
    names = [name for name in widget.keys if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")]
    code = (STATIC / f"{widget.bundle}.js").read_text(encoding="utf-8")
    css = (STATIC / f"{widget.bundle}.css").read_text(encoding="utf-8")
    state = {name: getattr(widget, name) for name in names}
    return PAGE.format(css=css, state=_json(state), code=_json(code))


def _json(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")
