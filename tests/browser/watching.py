"""What a page did that nothing of a case may make it do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

HANDLERS = (
    "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length"
)
"""Elements with a handler of an event."""
LIVE = """() => [...document.querySelectorAll('*')].filter(e =>
  ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'BASE', 'LINK', 'VIDEO', 'AUDIO', 'TEMPLATE', 'NOSCRIPT', 'FRAME', 'MARQUEE']
    .includes(e.tagName.toUpperCase()) && !e.dataset.ours
  || [...e.attributes].some(a => a.name.startsWith('on') || /^\\s*(javascript|vbscript|data:text)/i.test(a.value)
    && ['href', 'src', 'action', 'formaction', 'data', 'xlink:href', 'srcdoc'].includes(a.name))
).map(e => e.outerHTML.slice(0, 200))"""
"""Elements that could run or fetch something, with their beginning."""
UNSEEN = """() => { const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) { const text = walk.currentNode.data;
    const own = ['STYLE', 'SCRIPT'].includes(walk.currentNode.parentElement.tagName);
    if (!own && /[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202d\\u202e]/.test(text)) found.push(text.slice(0, 80)); }
  return found; }"""
"""Texts on the page with a control character or a direction override in them."""


@dataclass
class Seen:
    """Dialogs, requests and errors of a page."""

    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("dialog", lambda d: (self.dialogs.append(d.message), d.dismiss()))
        page.on("requestfinished", lambda r: self.requests.append(r.url))
        page.on("requestfailed", lambda r: None if r.failure == "csp" else self.requests.append(r.url))
        page.on("console", lambda m: self.errors.append(m.text))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
