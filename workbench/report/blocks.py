"""The page as both renderers see it: numbered sections of a few kinds of block, all text already worded.

HTML and PDF are drawn from the same page, so they say the same. A block's `type` tells the templates what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

from workbench.visible import escape_hidden

Style = Literal["text", "strong", "small", "mono", "hash", "time", "refs", "layer", "tag", "name", "latin"]
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a cell. `links`: the anchors of a part in style 'refs'; `layer`: which layer a label stands for."""

    text: str = ""
    style: Style = "text"
    links: tuple[str, ...] = ()
    layer: str = ""


Cell = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width` is a weight; 0 is as wide as its content."""

    title: str
    width: float = 1
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its anchor ('L12'; '' for none), its cells and the layer it belongs to ('' for none)."""

    cells: tuple[Cell, ...]
    anchor: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. On a screen the first `shown` rows stand open and the rest behind the line `further`; paper has all."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    further: str = ""
    shown: int = 25
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs, each a run of parts (text and references).

    `tone`: 'plain', 'intro' (stays with what follows), 'caution' (a standing warning), 'empty' (a section without
    content) or 'lead'.
    """

    paragraphs: tuple[Cell, ...]
    tone: Literal["plain", "intro", "caution", "empty", "lead"] = "plain"
    type: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    type: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading below a section's heading."""

    text: str
    type: Literal["subheading"] = "subheading"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value, for the front page and inside conclusions."""

    label: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Statement:
    """A conclusion: anchor, sentence, nature, and the labelled lines below it."""

    anchor: str
    text: str
    nature: str
    label: str
    layer: Cell
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """The conclusions."""

    items: tuple[Statement, ...]
    type: Literal["statements"] = "statements"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of quoted text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: anchor, head line, the words, and the lines that say where they stand.

    `rtl`: written from right to left; `short`: is kept on one sheet of paper.
    """

    anchor: str
    head: str
    stance: str
    stance_label: str
    segments: tuple[Segment, ...]
    layer: Cell
    facts: tuple[Fact, ...]
    rtl: bool = False
    short: bool = True


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotations."""

    items: tuple[Quote, ...]
    type: Literal["quotes"] = "quotes"


@dataclass(frozen=True, slots=True)
class Figure:
    """The chart; picture and interactive page are handed to the renderers beside the page."""

    caption: str
    alt: str
    type: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: who (role and name)."""

    roles: tuple[Fact, ...]
    type: Literal["signatures"] = "signatures"


Block = Table | Text | Bullets | Subheading | Statements | Quotes | Figure | Signatures


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section. `label`: whose words the whole section is, empty where its rows say so."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    label: Cell = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report as it is printed. `digest` names its content: HTML and PDF of one report carry the same."""

    mark: str
    conditions: tuple[str, ...]
    title: str
    reference: str
    as_at: str
    facts: tuple[Fact, ...]
    key: tuple[Fact, ...]
    sections: tuple[Section, ...]
    digest: str = ""
    language: str = "en"
    direction: str = "ltr"


def to_json_value(value: object) -> Json:
    """Dataclasses, tuples and texts as JSON values, every text made visible."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_json_value(item) for item in value]
    if isinstance(value, str):
        return escape_hidden(value)
    if isinstance(value, int | float) or value is None:
        return value
    raise TypeError(f"{type(value).__name__} is not a part of a page.")
