"""Which text of a page its styles hide, so that a browser or a mail program does not show it. Time is linear in the length.

It goes by what the page itself says: attributes, and rules of its style sheets for an element, a class or an id. What a script or a
sheet elsewhere does is not known; a rule for some screens only hides nothing.

References
----------
CSS Display 3, CSS Fonts 4, CSS Overflow 3; HTML (WHATWG), 13.1.2.4 for end tags that are left out, 15.3 for `hidden`.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.ingest.reading.html_text import BLOCKS, CELLS, NAME, UNSEEN, tag_end
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
ENDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(BLOCKS - {"br"}, frozenset({"p"})), "li": frozenset({"p", "li"}), "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}), "td": frozenset({"td", "th"}), "th": frozenset({"td", "th"}),
    "tr": frozenset({"td", "th", "tr"}), "option": frozenset({"option"}),
}  # fmt: skip
"""Elements that end where another one begins."""
ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]{1,40})(?:\s{0,9}=\s{0,9}(?:\"([^\"]{0,5000})\"|'([^']{0,5000})'|([^\s\"'>]{1,2000})))?"
)
ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.DOTALL)
LAST = re.compile(r"([a-z][a-z0-9]{0,20})?([.#][\w-]{1,80})?$")
"""What a selector ends with: an element, a class or an id of it."""
NOTHING = re.compile(r"[01]?(?:\.\d{1,9})?(?:px|pt)?|0(?:\.0{1,9})?(?:em|rem|%|ex|ch|vw|vh)")
FAR = re.compile(r"-\d{3,9}(?:\.\d{1,9})?(?:px|pt|em|rem|%)?")
CLEAR = re.compile(r"0?(?:\.0\d{0,9})?%?")
COLOR = re.compile(r"#?\w{1,20}|rgb\([\d,]{1,20}\)")
GONE = (
    ("display", "none"), ("mso-hide", "all"), ("content-visibility", "hidden"), ("clip", "rect(0"), ("clip-path", "inset(50%"),
    ("clip-path", "inset(100%"),
)  # fmt: skip
"""Declarations that take an element off the page, by how they begin."""
LINE_DISPLAYS = frozenset({"block", "flex", "flow-root", "grid", "list-item", "table", "table-row", "table-caption"})
BOX_DISPLAYS = frozenset({"inline-block", "inline-flex", "inline-grid", "inline-table", "table-cell"})
SIZES = ("height", "width", "max-height", "max-width")
PLACES = ("left", "top", "right", "bottom")
NAMED = {"#fff": "white", "#ffffff": "white", "rgb(255,255,255)": "white", "#000": "black", "#000000": "black"}
GROUNDS = ("background", "background-color", "background-image")
UNKNOWN = "?"
ORDERED = re.compile(r"<bdo\s[^<>]{1,500}>", re.IGNORECASE)
STYLED = re.compile(r"\sstyle\s{0,9}=\s{0,9}(?:\"([^\"]{0,5000})\"|'([^']{0,5000})')", re.IGNORECASE)
OVERRIDE = re.compile(r"unicode-bidi\s{0,9}:\s{0,9}(?:bidi|isolate)-override")
SHEET = 500
"""Classes of an element that are looked at."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text in an element looks: `gone` with all that is in it; the rest an element within may change."""

    gone: bool = False
    small: bool = False
    veiled: bool = False
    color: str = "black"
    ground: str = "white"

    @property
    def is_hidden(self) -> bool:
        """Whether nobody sees it."""
        return self.gone or self.small or self.veiled or self.color in (self.ground, "transparent")

    def apply_style(self, said: Mapping[str, str]) -> Look:
        """How text looks in an element of which this is said."""
        size, sight = said.get("font-size", ""), said.get("visibility", "")
        return Look(
            self.gone or _is_invisible(said),
            NOTHING.fullmatch(size) is not None if size else self.small,
            sight in ("hidden", "collapse") if sight else self.veiled,
            _resolve_colour(said["color"], self.color) if "color" in said else self.color,
            next((_resolve_background(said[name], self.ground) for name in GROUNDS if name in said), self.ground),
        )


def split_hidden_text(page: str) -> tuple[str, str]:
    """A page without the text that its styles hide, and that text as a page of its own; '' where it hides none."""
    reading = _Reading(_parse_sheet(page))
    at = 0
    while (start := page.find("<", at)) >= 0:
        reading.add_text(page[at:start])
        at = reading.tag(page, start)
        if at < 0:
            break
    else:
        reading.add_text(page[at:])
    return ("".join(reading.seen), "".join(reading.unseen)) if reading.hides else (page, "")


def separate_boxes(page: str) -> str:
    """A page in which a line break or a blank stands around elements that a style shows in a box of their own.

    >>> separate_boxes('1<b style="display:block">2</b>3')
    '1<br><b style="display:block">2</b><br>3'
    """
    if "style" not in page.lower():
        return page
    sheet, made, at = _parse_sheet(page, simple=True), list[str](), 0
    boxes = _Boxes(sheet)
    while (start := page.find("<", at)) >= 0:
        made.append(page[at:start])
        end, tag, closes = _read_tag(page, start)
        if end < 0:
            return "".join(made) + page[start:]
        made.append(boxes.mark(tag, page[start:end], closes=closes) if tag else page[start:end])
        at = end
    return "".join([*made, page[at:]])


def _read_tag(page: str, start: int) -> tuple[int, str, bool]:
    """Where a tag ends (-1: never), its name ('' of what is none, with all in it that is not shown), and whether it closes an element."""
    if page.startswith("<!--", start):
        end = page.find("-->", start + 4)
        return (end + 3 if end >= 0 else -1), "", False
    name = NAME.match(page, start + 1)
    if not name:
        return (tag_end(page, start) if page.startswith(("<!", "<?"), start) else start + 1), "", False
    end, tag, closes = tag_end(page, start), name[1].lower(), name[0][0] == "/"
    if end < 0 or tag not in UNSEEN or closes:
        return end, tag, closes
    closed = UNSEEN[tag].search(page, end)
    return (closed.start() if closed else -1), "", False


class _Boxes:
    """Elements that are open, what stands around each, and whether those within are boxes."""

    def __init__(self, sheet: Mapping[str, str]) -> None:
        self.sheet = sheet
        self._open: list[tuple[str, str, bool]] = []
        self._counts: Counter[str] = Counter()

    def mark(self, tag: str, written: str, *, closes: bool) -> str:
        """A tag with what stands around its element."""
        if closes:
            return written + self._close(tag)
        while self._open and self._open[-1][0] in ENDS.get(tag, ()):
            self._counts[self._open.pop()[0]] -= 1
        said = _build_style(tag, written, self.sheet) if self.sheet or " " in written or "\n" in written else {}
        beside = (
            ""
            if tag in BLOCKS or tag in CELLS
            else _get_separator(said) or " " * bool(self._open and self._open[-1][2])
        )
        if tag in VOID:
            return f"{beside}{written}{beside}"
        self._open.append((tag, beside, said.get("display", "").endswith(("flex", "grid"))))
        self._counts[tag] += 1
        return f"{beside}{written}"

    def _close(self, tag: str) -> str:
        while self._counts[tag] > 0:
            name, beside, _ = self._open.pop()
            self._counts[name] -= 1
            if name == tag:
                return beside
        return ""


def _get_separator(said: Mapping[str, str]) -> str:
    """What stands around an element of which this is said: a line break, a blank, or nothing."""
    display = said.get("display", "")
    if display in LINE_DISPLAYS:
        return "<br>"
    is_apart = said.get("float") in ("left", "right") or said.get("position") in ("absolute", "fixed")
    return " " if is_apart or display in BOX_DISPLAYS else ""


def find_issues(page: str, hidden: str) -> list[Issue]:
    """That the styles of a page hide text (`hidden`, '' none), or show letters in another order; nothing where they do not."""
    found = [build_issue("hidden", Sentence("row.web.hidden", count=len(hidden)), fix=Sentence("fix.look.page"))]
    return [*(found if hidden else ()), *_report_letter_order(page)]


def _report_letter_order(page: str) -> Iterator[Issue]:
    """That a page shows letters in another order than they are written in."""
    count = sum("rtl" in tag.lower() for tag in ORDERED.findall(page)) + sum(
        OVERRIDE.search(_clean_style(style)) is not None and "rtl" in style.lower()
        for style in (
            *(html.unescape(one or other) for one, other in STYLED.findall(page)),
            *_parse_sheet(page).values(),
        )
    )
    if count:
        yield build_issue("hidden", Sentence("row.web.order", count=count), fix=Sentence("fix.look.page"))


class _Reading:
    """A page that is parted."""

    def __init__(self, sheet: Mapping[str, str]) -> None:
        self.sheet = sheet
        self.seen: list[str] = []
        self.unseen: list[str] = []
        self.hides = False
        self._open: list[tuple[str, Look]] = []
        self._counts: Counter[str] = Counter()

    @property
    def current_look(self) -> Look:
        """How text looks here."""
        return self._open[-1][1] if self._open else Look()

    def add_text(self, text: str) -> None:
        """Take text to the one page or the other."""
        if not self.current_look.is_hidden:
            self.seen.append(text)
            return
        self.unseen.append(text)
        self.hides = self.hides or any(map(str.isalnum, html.unescape(text)))

    def tag(self, page: str, start: int) -> int:
        """Take what begins with '<'; where the text goes on, -1 if it never does."""
        if page.startswith("<!--", start):
            end = page.find("-->", start + 4)
            return end + 3 if end >= 0 else -1
        name = NAME.match(page, start + 1)
        if not name and not page.startswith(("<!", "<?"), start):
            self.add_text("<")
            return start + 1
        end = tag_end(page, start)
        if end < 0 or not name:
            return end
        tag, closes = name[1].lower(), name[0][0] == "/"
        if tag in UNSEEN and not closes:
            closed = UNSEEN[tag].search(page, end)
            end = closed.start() if closed else len(page)
            (self.unseen if self.current_look.is_hidden else self.seen).append(page[start:end])
            return end
        self._add_element(tag, page[start:end], closes=closes)
        return end

    def _add_element(self, tag: str, written: str, *, closes: bool) -> None:
        if closes:
            self._close(tag)
        else:
            self._start_element(tag, written)
        self.seen.append(written if closes or not self.current_look.is_hidden else f"<{tag}>")
        self.unseen.append(written if not closes and self.current_look.is_hidden else f"<{'/' * closes}{tag}>")
        if tag in VOID and not closes:
            self._open.pop()
            self._counts[tag] -= 1

    def _start_element(self, tag: str, written: str) -> None:
        while self._open and self._open[-1][0] in ENDS.get(tag, ()):
            self._counts[self._open.pop()[0]] -= 1
        said = _build_style(tag, written, self.sheet) if self.sheet or " " in written or "\n" in written else {}
        self._open.append((tag, self.current_look.apply_style(said) if said else self.current_look))
        self._counts[tag] += 1

    def _close(self, tag: str) -> None:
        while self._counts[tag] > 0:
            name, _ = self._open.pop()
            self._counts[name] -= 1
            if name == tag:
                return


def _build_style(tag: str, written: str, sheet: Mapping[str, str]) -> dict[str, str]:
    """What styles and attributes say of an element, as declarations."""
    given: dict[str, str] = {}
    for found in ATTRIBUTE.finditer(written, len(tag) + 1):
        given.setdefault(found[1].lower(), html.unescape(found[2] or found[3] or found[4] or ""))
    names = [f".{name}" for name in given.get("class", "").split()[:SHEET]] + [f"#{given.get('id', '')}"]
    told = [sheet.get(one, "") for one in (tag, *names, *(f"{tag}{name}" for name in names))]
    said = {
        "color": given.get("color", ""),
        "background": given.get("bgcolor", "") or UNKNOWN * ("background" in given),
    }
    said = {name: value.strip().lower() for name, value in said.items() if value}
    said |= {"display": "none"} if "hidden" in given else {}
    return said | dict(_read_declarations(";".join(filter(None, (*told, given.get("style", ""))))))


def _read_declarations(style: str) -> Iterator[tuple[str, str]]:
    """Declarations of a style, the last of a name last."""
    for one in _clean_style(style).split(";"):
        name, _, value = one.partition(":")
        yield name.strip(), "".join(value.partition("!")[0].split())


def _clean_style(style: str) -> str:
    """A style in lower case, without comments and escapes."""
    first, *others = style.split("/*")
    bare = "".join([first, *(one.partition("*/")[2] for one in others)]).lower()
    return ESCAPE.sub(lambda found: _decode_sign(found[1]) if found[1] else found[2], bare) if "\\" in bare else bare


def _decode_sign(code: str) -> str:
    return chr(number).lower() if (number := int(code, 16)) < 0x110000 else ""


def _parse_sheet(page: str, *, simple: bool = False) -> dict[str, str]:
    """Selector, as far as elements are known by one -> declarations of the style sheets in a page that hold for every screen.

    `simple`: only of selectors that name nothing else.
    """
    found: dict[str, str] = {}
    at, low = 0, page.lower()
    while (start := low.find("<style", at)) >= 0:
        begin = low.find(">", start) + 1
        end = low.find("</style", begin)
        at = end if end >= 0 else len(page)
        for selectors, style in _split_rules(_clean_style(page[begin:at])) if begin else ():
            for one in selectors.split(","):
                last = LAST.search(one.strip()[-101:])
                if last and last[0] and not (simple and last[0] != one.strip()):
                    found[last[0]] = f"{found.get(last[0], '')};{style}"[-5000:]
        if not begin:
            break
    return found


def _split_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Rules of a style sheet: selectors and declarations."""
    passed = False
    for chunk in sheet.split("}"):
        *outer, selectors, style = ["", *chunk.split("{")] if "{" in chunk else ["", "", ""]
        if outer[1:]:
            passed = any("(" in one or "print" in one for one in outer)
        if selectors and not passed:
            yield selectors, style
        passed = passed and "{" in chunk


def _is_invisible(said: Mapping[str, str]) -> bool:
    """Whether an element is not shown, whatever stands in it."""
    if any(said.get(name, "").startswith(value) for name, value in GONE):
        return True
    if said.get("opacity") and CLEAR.fullmatch(said["opacity"]):
        return True
    if said.get("overflow", "").startswith(("hidden", "clip")) and any(
        NOTHING.fullmatch(said[name]) for name in SIZES if said.get(name)
    ):
        return True
    placed = PLACES if said.get("position") in ("absolute", "fixed") else ()
    return any(FAR.fullmatch(said.get(name, "")) for name in ("text-indent", *placed))


def _resolve_colour(value: str, before: str) -> str:
    return before if value in ("inherit", "") else NAMED.get(value, value)


def _resolve_background(value: str, before: str) -> str:
    """Colour behind the text; one that no text has where it is a picture, or several things."""
    if value in ("none", "transparent", "inherit", ""):
        return before
    return NAMED.get(value, value) if COLOR.fullmatch(value) else UNKNOWN
