"""Text of HTML. Nothing is run, nothing is fetched; the time is linear in the length, whatever the markup."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,20})")
SPACE = re.compile(r"[^\S\u00a0]+")
LINES = re.compile(r"\n{3,}")
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "div", "dd", "dl", "dt", "fieldset", "figure", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"}
    | {
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "center",
        "details",
        "dialog",
        "dir",
        "figcaption",
        "hgroup",
        "menu",
        "search",
        "summary",
    }
)
"""Elements that begin a line and end a paragraph before them."""
LINED = frozenset({"caption", "foreignobject", "legend", "listing", "marquee", "text", "xmp"})
"""Elements that begin a line and may stand in a paragraph; 'text' is one of SVG."""
BOXES = frozenset(
    {
        "audio",
        "button",
        "canvas",
        "embed",
        "iframe",
        "img",
        "input",
        "math",
        "meter",
        "object",
        "option",
        "output",
        "progress",
        "rp",
        "rt",
    }
    | {"select", "svg", "textarea", "video"}
)
"""Elements that stand in the line in a box of their own."""
STRUCK = frozenset({"del", "s", "strike"})
RAISED = frozenset({"sub", "sup"})
PLACED = re.compile(r"\s(?:x|y|dx|dy)\s{0,9}=", re.IGNORECASE)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"})
UNSEEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template", "noscript")}
QUOTE_TRIES = 5
MOST_LABELS = 10_000
SPARED = frozenset({"noscript", "template"})
"""Elements that are shown to some and not to others."""
FRAMES = {
    "link": re.compile(r"\shref\s{0,9}=\s{0,9}[\"']?\s{0,9}data:text", re.IGNORECASE),
    "iframe": re.compile(r"\s(?:srcdoc|src)\s{0,9}=\s{0,9}(?!(?:\"\"|''|[\"']?about:blank))", re.IGNORECASE),
    "object": re.compile(r"\sdata\s{0,9}=", re.IGNORECASE),
    "embed": re.compile(r"\ssrc\s{0,9}=", re.IGNORECASE),
    "frame": re.compile(r"\ssrc\s{0,9}=\s{0,9}(?!(?:\"\"|''|[\"']?about:blank))", re.IGNORECASE),
    **dict.fromkeys(
        (
            "track",
            "audio",
            "video",
            "source",
            "input",
            "script",
            "use",
            "image",
            "a",
            "area",
            "body",
            "td",
            "th",
        ),
        re.compile(
            r"\s(?:href|xlink:href|src|srcset|poster|background)\s{0,9}=\s{0,9}[\"']?\s{0,9}data:", re.IGNORECASE
        ),
    ),
    "img": re.compile(r"\ssrc\s{0,9}=\s{0,9}[\"']?\s{0,9}data:", re.IGNORECASE),
}
"""Start tags that show what is not in the text: another page, a file, a picture that lies in the page."""
WRITES = {
    "script": re.compile(
        r"document\.write|\.(?:innerHTML|outerHTML|innerText|textContent)\s{0,9}\+?=(?!=)|insertAdjacent|createTextNode"
        r"|\.(?:append|prepend|replaceWith)\("
    ),
    "style": re.compile(
        r"(?:content|list-style(?:-type)?|quotes|symbols|prefix|suffix|text-overflow|text-emphasis(?:-style)?)\s{0,9}:"
        r"[^;{}\"']{0,200}[\"'][^\"'\n]{0,200}?[^\W\d_]{2}",
        re.IGNORECASE,
    ),
}
"""What scripts and styles put on a page."""
STYLED = re.compile(r"\sstyle\s{0,9}=\s{0,9}(?:\"([^\"]{0,5000})\"|'([^']{0,5000})')", re.IGNORECASE)
SHEET = re.compile(r"@import[^;]{0,20}[\"'(]\s{0,9}data:", re.IGNORECASE)
"""A style sheet that lies in the address of another one."""
ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
SHOWN_ATTRIBUTE = re.compile(r"attr\(\s{0,9}([\w-]{1,60})")
ATTRIBUTE = re.compile(
    r"\s([a-zA-Z][\w:-]{0,60})\s{0,9}=\s{0,9}(?:\"([^\"]{0,5000})\"|'([^']{0,5000})'|([^\s\"'>]{1,5000}))"
)
SAID = frozenset(
    {"alt", "title", "aria-label", "aria-description", "aria-placeholder", "aria-valuetext", "aria-roledescription"}
    | {"placeholder", "summary", "abbr", "standby", "alttext", "xlink:title"}
)
"""Attributes with words for people: shown in place of a picture, on pointing at it, or read aloud."""
TARGETS = frozenset({"href", "src", "class", "id"})
"""Attributes that a style may print and that hold no words."""
LABEL = re.compile(r"\slabel\s{0,9}=\s{0,9}(?:\"([^\"]{0,500})\"|'([^']{0,500})'|([^\s\"'>]{1,500}))", re.IGNORECASE)
CHOICE = re.compile(r"\svalue\s{0,9}=\s{0,9}(?:\"([^\"]{0,500})\"|'([^']{0,500})'|([^\s\"'>]{1,500}))", re.IGNORECASE)
OPTION = re.compile(r"<option\s[^<>]{1,2000}>", re.IGNORECASE)
LIST = re.compile(r"<(/?)datalist\b", re.IGNORECASE)
LABELLED = frozenset({"optgroup", "option"})
VALUE = re.compile(r"\s(?:value|placeholder)\s{0,9}=\s{0,9}(?:\"[^\"]|'[^']|[^\s\"'>])", re.IGNORECASE)
SILENT = re.compile(r"\stype\s{0,9}=\s{0,9}[\"']?(?:hidden|checkbox|radio|image)", re.IGNORECASE)


CELLS = frozenset({"td", "th"})
ROWS = frozenset({"tr", "tbody", "thead", "tfoot"})
EDGE, ROW, BEGIN, END, LEVEL = "\x1f", "\x1e", "\x1c", "\x1d", "\x02"
"""Stand where a cell and a row of a table begin, where struck text begins and ends, and where figures are raised or lowered, until the
text is whole."""
BETWEEN = re.compile(f"(?<=\\d){LEVEL}{{1,99}}(?=\\d)")
LAYOUT = 2_000
"""A row of more characters is no row of a table but the layout of a page; its paragraphs stay."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Takes the words of attributes of these names, each once."""

    words: dict[str, None]
    names: frozenset[str]

    def add_from_tag(self, tag: str) -> None:
        """Take those of a start tag."""
        for name, *values in ATTRIBUTE.findall(tag):
            if name.lower() in self.names:
                self.add("".join(values))

    def add(self, written: str) -> None:
        """Add words as they are written in the page."""
        if (said := " ".join(html.unescape(written).split())) and len(self.words) < MOST_LABELS:
            self.words[said] = None


def extract_text(
    markup: str,
    cell: str = "",
    left: Counter[str] | None = None,
    labels: dict[str, None] | None = None,
    struck: dict[str, None] | None = None,
) -> str:
    """What a person would read: tags gone, scripts and styles gone, blocks on lines of their own, entities resolved.

    Parameters
    ----------
    markup : str
    cell : str, optional
        What is put between the cells of a row of a table, which is one line then; empty cells are left out. Without it a
        cell begins with a space.
    left : Counter, optional
        Counts what holds words that a person may see and that are not read, by the name of the element: noscript, template, a
        page or file within the page (iframe, object, embed), a picture that lies in it (img), the value of a field (input), what a
        script or style writes.
    labels : dict, optional
        Takes the words of attributes that are for people (alternative texts, tooltips, what a style shows of an attribute) and
        titles, each once.
    struck : dict, optional
        Takes the texts that are struck out, each once; they stand in the text too, parted from what replaces them.
    """
    said = None if labels is None else Labels(labels, SAID | {*SHOWN_ATTRIBUTE.findall(markup.lower())} - TARGETS)
    markup = _add_choices(re.sub(f"[{EDGE}{ROW}{BEGIN}{END}{LEVEL}]", " ", markup))
    parts: list[str] = []
    at = 0
    while (start := markup.find("<", at)) >= 0:
        parts.append(SPACE.sub(" ", markup[at:start]))
        at = _skip_tag(markup, start, parts, Counter() if left is None else left, said)
        if at < 0:
            break
    else:
        parts.append(SPACE.sub(" ", markup[at:]))
    whole = BETWEEN.sub(" ", "".join(parts)).replace(LEVEL, "")
    if struck is not None:
        struck.update(dict.fromkeys(_list_struck_texts(whole)))
    return _normalise_space(_format_rows(whole.replace(BEGIN, " ").replace(END, " "), cell))


def _list_struck_texts(found: str) -> Iterator[str]:
    """Texts between the marks of struck text, of one within another the outer."""
    depth, held = 0, list[str]()
    for piece in re.split(f"([{BEGIN}{END}])", found):
        if piece == BEGIN:
            depth += 1
        elif piece == END:
            depth = max(depth - 1, 0)
            if not depth and (said := _clean_text("".join(held))):
                yield said
            held = held if depth else []
        elif depth:
            held.append(piece)
    yield from filter(None, [_clean_text("".join(held))])


def _clean_text(found: str) -> str:
    return " ".join(html.unescape(found.replace(EDGE, " ").replace(ROW, " ")).split())


def _add_choices(markup: str) -> str:
    """A page in which the choices of lists of a field, which a browser offers, stand as text."""
    pieces = LIST.split(markup)
    if len(pieces) < 2:
        return markup
    made = [pieces[0]]
    for closes, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        made += [f"<{closes}datalist", piece if closes else OPTION.sub(_format_choice, piece)]
    return "".join(made)


def _format_choice(found: re.Match[str]) -> str:
    value = CHOICE.search(found[0])
    return f"{found[0]}\n{value[1] or value[2] or value[3] or ''}\n" if value else found[0]


def _skip_tag(markup: str, start: int, parts: list[str], left: Counter[str], said: Labels | None) -> int:
    """Where the text goes on after the tag at `start`; -1 if it never does."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return end + 3 if end >= 0 else -1
    name = NAME.match(markup, start + 1)
    if not name and not markup.startswith(("<!", "<?"), start):
        parts.append("<")
        return start + 1
    end = tag_end(markup, start)
    if end < 0 or not name:
        return end
    tag = name[1].lower()
    if tag in UNSEEN and name[0][0] != "/":
        closed = UNSEEN[tag].search(markup, end)
        inside = markup[end : closed.start() if closed else None]
        left[tag] += bool(extract_text(inside)) if tag in SPARED else tag in WRITES and _has_page_words(tag, inside)
        if said and tag == "title":
            said.add(inside)
        return closed.start() if closed else -1
    left[tag] += _is_spared(tag, markup[start:end])
    if (style := STYLED.search(markup[start:end])) and _has_page_words(
        "style", html.unescape(style[1] or style[2] or "")
    ):
        left["style"] += 1
    if said:
        said.add_from_tag(markup[start:end])
    is_placed = tag == "tspan" and PLACED.search(markup[start:end]) is not None
    parts.append("\n" if is_placed else _get_mark(tag, closes=name[0][0] == "/"))
    if tag in LABELLED and (label := LABEL.search(markup[start:end])):
        parts.append(f"\n{label[1] or label[2] or label[3] or ''}\n")
    return end


def _has_page_words(tag: str, inside: str) -> bool:
    """Whether a script or a style puts words on the page; letters of a style may be written as numbers."""
    if tag == "script":
        return WRITES[tag].search(inside) is not None
    plain = ESCAPE.sub(_decode_letter, inside)
    return WRITES[tag].search(plain) is not None or SHEET.search(plain) is not None


def _decode_letter(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if 0x20 < code < 0x110000 and chr(code) not in "\"'\\" else " "


def _is_spared(tag: str, written: str) -> bool:
    """Whether a start tag holds words that a browser shows: a page for a frame, a picture, the value of a field."""
    if tag in FRAMES and FRAMES[tag].search(written):
        return True
    return tag == "input" and VALUE.search(written) is not None and not SILENT.search(written)


def tell_left(left: Counter[str]) -> str:
    """What was not read, by element and number: 'input (2), noscript (1)'; '' if nothing."""
    return ", ".join(f"{tag} ({count})" for tag, count in sorted(left.items()) if count)


def _get_mark(tag: str, *, closes: bool) -> str:
    """What stands in the text for a tag."""
    if tag == "table":
        return f"{ROW}\n\n" if closes else f"\n\n{ROW}"
    if tag in ROWS:
        return ROW
    if tag in STRUCK:
        return END if closes else BEGIN
    if tag in PARAGRAPHS:
        return "\n\n"
    if tag in BLOCKS or tag in LINED:
        return "\n"
    return EDGE if tag in CELLS and not closes else " " if tag in BOXES else LEVEL if tag in RAISED else ""


def _format_rows(found: str, cell: str) -> str:
    """Text in which the marks of rows and cells are what they stand for."""
    if not cell:
        return found.replace(ROW, "\n").replace(EDGE, " ")
    parts = []
    for row in found.split(ROW):
        cells = [" ".join(text.split()) for text in row.split(EDGE)] if EDGE in row and len(row) <= LAYOUT else []
        filled = [text for text in cells if text]
        if len(filled) > 1:
            parts.append(cell.join(filled))
        elif row.strip(" "):
            parts.append(row.replace(EDGE, " "))
    return "\n".join(parts)


def tag_end(markup: str, start: int) -> int:
    """Position after the '>' that closes a tag; one within quotes does not, as far as a few tries tell."""
    end = start
    for _ in range(QUOTE_TRIES):
        end = markup.find(">", end + 1)
        if end < 0 or markup.count('"', start, end) % 2 == 0:
            break
    return end + 1 if end >= 0 else -1


def _normalise_space(found: str) -> str:
    lines = "\n".join(SPACE.sub(" ", line).strip() for line in html.unescape(found).split("\n"))
    return LINES.sub("\n\n", lines).strip()
