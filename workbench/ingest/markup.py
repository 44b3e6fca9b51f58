"""Text of HTML. Nothing is run, nothing is fetched; the time is linear in the length, whatever the markup."""

from __future__ import annotations

import html
import re

NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,20})")
SPACE = re.compile(r"[^\S\u00a0]+")
LINES = re.compile(r"\n{3,}")
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "div", "dd", "dl", "dt", "fieldset", "figure", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"}
    | {"tbody", "tfoot", "thead", "tr", "ul"}
)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"})
UNSEEN = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "template", "noscript", "head")
}
QUOTE_TRIES = 5


def text(markup: str) -> str:
    """What a person would read: tags gone, scripts and styles gone, blocks on lines of their own, entities resolved."""
    parts: list[str] = []
    at = 0
    while (start := markup.find("<", at)) >= 0:
        parts.append(SPACE.sub(" ", markup[at:start]))
        at = _after(markup, start, parts)
        if at < 0:
            return _tidy("".join(parts))
    parts.append(SPACE.sub(" ", markup[at:]))
    return _tidy("".join(parts))


def _after(markup: str, start: int, parts: list[str]) -> int:
    """Where the text goes on after the tag at `start`; -1 if it never does."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return end + 3 if end >= 0 else -1
    name = NAME.match(markup, start + 1)
    if not name and not markup.startswith(("<!", "<?"), start):
        parts.append("<")
        return start + 1
    end = _tag_end(markup, start)
    if end < 0 or not name:
        return end
    tag = name[1].lower()
    if tag in UNSEEN and name[0][0] != "/":
        closed = UNSEEN[tag].search(markup, end)
        return closed.start() if closed else -1
    parts.append("\n\n" if tag in PARAGRAPHS else "\n" if tag in BLOCKS else " " if tag in ("td", "th") else "")
    return end


def _tag_end(markup: str, start: int) -> int:
    """Position after the '>' that closes a tag; one within quotes does not, as far as a few tries tell."""
    end = start
    for _ in range(QUOTE_TRIES):
        end = markup.find(">", end + 1)
        if end < 0 or markup.count('"', start, end) % 2 == 0:
            break
    return end + 1 if end >= 0 else -1


def _tidy(found: str) -> str:
    lines = "\n".join(SPACE.sub(" ", line).strip() for line in html.unescape(found).split("\n"))
    return LINES.sub("\n\n", lines).strip()
