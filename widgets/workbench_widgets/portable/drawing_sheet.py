"""The sheet that a static chart is drawn on: text, icons, colours, and where there is still room."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Literal

from workbench_widgets.link_attributes import TENTATIVE, UNCONFIRMED
from workbench_widgets.portable import icons
from workbench_widgets.visible_text import escape_hidden
from workbench_widgets.words import Translator, get_direction

if TYPE_CHECKING:
    from workbench_widgets.layout.label_size import Box
    from workbench_widgets.portable.drawing import Picture

Theme = Literal["light", "dark"]
Point = tuple[float, float]
TINY = 0.005
RIGHT = "\u200f"
FONTS = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a theme."""

    paper: str
    ink: str
    quiet: str
    line: str
    tentative: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette("#ffffff", "#1b1f24", "#59636e", "#6e7781", "#9a6700"),
    "dark": Palette("#16191d", "#e6e8ea", "#9aa4af", "#8b949e", "#d4a72c"),
}


@dataclass(slots=True)
class Sheet:
    """A sheet that is being drawn: what is on it, and where nothing more may be written."""

    palette: Palette
    scale: float = 1.0
    language: str = "en"
    taken: list[Box] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def say(self) -> Translator:
        """What says texts in the language of the sheet."""
        return Translator(self.language, isolated=False)

    def free(self, box: Box) -> bool:
        """Whether nothing stands there yet."""
        return not any(box.overlaps(other) for other in self.taken)

    def text(
        self, rows: list[str], at: Point, size: float, *, anchor: str = "middle", colour: str = "", weight: str = ""
    ) -> None:
        """Write lines of text with a halo; `at` is the base of the first line. All have the direction of the first letter."""
        fill, bold = colour or self.palette.ink, f' font-weight="{weight}"' if weight else ""
        turned = ' direction="rtl"' if anchor == "middle" and is_right_to_left("".join(rows)) else ""
        if anchor == "start" and get_direction(self.language) == "rtl":
            rows = [f"{RIGHT}{row}" if is_right_to_left(row) else row for row in rows]
        spans = "".join(
            f'<tspan x="{format_number(at[0])}" y="{format_number(at[1] + i * size * 1.25)}">{escape_text(row)}</tspan>'
            for i, row in enumerate(rows)
        )
        self.parts.append(
            f'<text font-size="{format_number(size)}" text-anchor="{anchor}" fill="{fill}"{bold}{turned} stroke="{self.palette.paper}" '
            f'stroke-width="{format_number(size / 2.6)}" stroke-linejoin="round" paint-order="stroke">{spans}</text>'
        )


def format_dashes(strength: str, width: float, scale: float = 1.0) -> str:
    """How a line of a strength is broken: confirmed not at all, unconfirmed in dashes, tentative in dots."""
    if strength == TENTATIVE:
        return f' stroke-linecap="round" stroke-dasharray="0.1 {format_number(width + 3.4 * scale)}"'
    return (
        f' stroke-dasharray="{format_number(5 * scale + width)} {format_number(3.5 * scale + width)}"'
        if strength == UNCONFIRMED
        else ""
    )


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script written from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def format_number(value: float) -> str:
    """A number as short as it can be."""
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".").replace("-0", "0", int(abs(value) < TINY))


def escape_text(text: str) -> str:
    """Text made safe for SVG: escaped, and every sign of it visible."""
    return escape(escape_hidden(text.replace("\n", " ").replace("\t", " ")))


def format_counts(drawn: Picture, language: str = "en") -> str:
    """How many entities and links are on the chart."""
    suggested = sum(line.is_suggested for line in drawn.lines)
    say = Translator(language, isolated=False)
    entities = say.count("{n} entity", "{n} entities", len(drawn.items))
    links = say.count("{n} link", "{n} links", len(drawn.lines) - suggested)
    return f"{entities} · {links} · {say('suggested links: {count}', count=suggested)}"


def draw_symbols(drawn: Picture) -> str:
    """Draw the icons that occur, each once."""
    looks = {(item.schema, item.how, item.tint) for item in drawn.items}
    if drawn.colours:
        looks |= {(schema, how, icons.SLATE) for schema, how in find_plainest_variants(drawn).items()}
    used = {build_symbol_id(*look): look for look in sorted(looks)}
    bodies = (
        f'<symbol id="{name}" viewBox="-24 -24 48 48">{icons.draw_icon(*used[name])}</symbol>' for name in sorted(used)
    )
    return f"<defs>{''.join(bodies)}</defs>"


def find_plainest_variants(drawn: Picture) -> dict[str, str]:
    """Schema -> the way in which its icon stands in the legend; alone its shape counts there where colours say something else."""
    if drawn.colours:
        return dict.fromkeys({item.schema for item in drawn.items}, "")
    found: dict[str, str] = {}
    for item in drawn.items:
        found[item.schema] = min(found.get(item.schema, item.how), item.how, key=len)
    return found


def build_symbol_id(schema: str, how: str, tint: str = "") -> str:
    """Id of the symbol that holds an icon."""
    return f"i-{schema if schema in icons.ICONS else 'other'}-{how}{tint.replace('#', '-')}"


def draw_symbol(key: str, x: float, y: float, radius: float) -> str:
    """Place a symbol with its middle at (x, y)."""
    return (
        f'<use href="#{key}" x="{format_number(x - radius)}" y="{format_number(y - radius)}" '
        f'width="{format_number(2 * radius)}" height="{format_number(2 * radius)}"/>'
    )
