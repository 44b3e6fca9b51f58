"""How much room an icon and its label take, estimated without a font: the same on every machine."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

RADIUS = 18.0
FONT = 12.0
LINE = 15.0
GAP = 5.0
WIDEST = 118.0
LINES = 2
MARGIN = 5.0
ELLIPSIS = "…"
LARGE, HUB, HUB_LABEL = 130, 10, 2.3
BREAKS = frozenset("@./\\_-:,;")

NARROW = frozenset("ijl.,:;|!'`´·()[]{}/\\ ")
SLIM = frozenset('ftrI-1"*')
BROAD = frozenset("mwMWÆŒ@%—")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its edges, in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@lru_cache(maxsize=4096)
def _compute_advance(character: str) -> float:
    """Width of a character in ems, rounded up from common sans-serif fonts."""
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Cc", "Mn", "Me"}:
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.02
    if character in NARROW:
        return 0.32
    if character in SLIM:
        return 0.42
    if character in BROAD:
        return 0.95
    return 0.72 if character.isupper() else 0.59


def compute_text_width(text: str, size: float = FONT) -> float:
    """Estimate of the width of a line of text in pixels: a little more than common sans-serif fonts need."""
    return size * sum(map(_compute_advance, text))


def wrap_text(text: str, widest: float = WIDEST, lines: int = LINES) -> list[str]:
    """Text in at most `lines` lines none of which is wider than `widest` pixels; what is cut off ends in '…'."""
    whole = " ".join(text.split())
    if compute_text_width(whole) <= widest:
        return [whole]
    words = _split_words(whole, widest)
    rows: list[str] = []
    for word in words:
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and compute_text_width(longer) <= widest:
            rows[-1] = longer
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _cut_text(" ".join(rows[lines - 1 :]), widest)]
    return rows or [""]


def _split_words(text: str, widest: float) -> list[str]:
    """Words, those that are wider than a line broken into pieces, after a sign such as '@' where there is one."""
    found: list[str] = []
    for word in text.split(" "):
        rest = word
        while (fits := max(_count_fitting(rest, widest), 1)) < len(rest):
            signs = [i + 1 for i in range(fits // 3, fits) if rest[i] in BREAKS]
            cut = signs[-1] if signs else fits
            found.append(rest[:cut])
            rest = rest[cut:]
        found.append(rest)
    return found


def _count_fitting(text: str, widest: float) -> int:
    """How many characters of the text fit into one line; looks no further than that."""
    wide = accumulate(map(_compute_advance, text))
    return sum(1 for _ in takewhile(lambda width: FONT * width <= widest, wide))


def _cut_text(text: str, widest: float) -> str:
    return text[: _count_fitting(text, widest - compute_text_width(ELLIPSIS))].rstrip() + ELLIPSIS


def label_size(count: int, degree: int) -> float:
    """How much larger than others a label is laid out: on a large chart, that of a hub must be read from afar."""
    return HUB_LABEL if count > LARGE and degree >= HUB else 1.0


def compute_extent(rows: Sequence[str], larger: float = 1.0) -> tuple[float, float, float]:
    """Half width, height above and height below the middle of an icon, with the lines of its label, in pixels."""
    half = max(RADIUS, max(compute_text_width(row) for row in rows) / 2 * larger) + MARGIN
    return half, RADIUS + MARGIN, RADIUS + GAP + LINE * len(rows) * larger + MARGIN


def get_caption(graph: nx.Graph, node: str) -> str:
    """The name shown for a node: its caption, or else its id, every sign of it visible."""
    return escape_hidden(str(graph.nodes[node].get("caption") or node))


def list_latin_lines(graph: nx.Graph, node: str) -> list[str]:
    """Lines under the name: how it reads in Latin letters (node attribute `latin`), where it is written in others."""
    latin = str(graph.nodes[node].get("latin") or "")
    return wrap_text(latin) if latin else []


def list_label_lines(graph: nx.Graph, node: str) -> list[str]:
    """All lines of the label of a node."""
    return [*wrap_text(get_caption(graph, node)), *list_latin_lines(graph, node)]


def compute_boxes(graph: nx.Graph, positions: Mapping[str, tuple[float, float]]) -> dict[str, Box]:
    """The room that each node takes with its label, at scale 1."""
    found = {}
    for node, (x, y) in positions.items():
        half, over, under = compute_extent(list_label_lines(graph, node))
        found[node] = Box(x - half, y - over, x + half, y + under)
    return found
