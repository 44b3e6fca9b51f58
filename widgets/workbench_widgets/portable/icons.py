"""The icons of a chart: own drawings, one per kind of thing, told apart by shape and glyph as well as by colour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from workbench_widgets import words
from workbench_widgets.visible_text import escape_hidden

Shape = Literal["circle", "square", "tile", "diamond"]

RING = "#d18f00"
GREY = "#8c959f"
PAPER, INK = "#ffffff", "#1b1f24"
BRIGHT = 150
"""Of 255: the brightness from which a glyph is dark."""
SPACE = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Icon:
    """How one kind of thing is drawn.

    Attributes
    ----------
    shape : {'circle', 'square', 'tile', 'diamond'}
        Persons are circles, organisations squares, things rounded tiles, events diamonds.
    colour : str
        Of the shape; the glyph on it is white.
    glyph : str
        Path data in a box of 24 by 24.
    """

    shape: Shape
    colour: str
    glyph: str


BLUE, BROWN, INDIGO, TEAL, GREEN = "#2468b0", "#955800", "#5655c4", "#0b7f77", "#397d3c"
RED, PURPLE, PINK, SLATE, MOSS = "#b3432b", "#803c9c", "#b9266b", "#586573", "#4d7016"

PERSON = "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM4.5 20.5c0-4.2 3.3-6.7 7.5-6.7s7.5 2.5 7.5 6.7z"
BUILDING = (
    "M5 21V4h9v17h-2.6v-3.4H7.6V21zM15.5 21V9H20v12zM7 6.500v2h1.800v-2zM10.2 6.500v2H12v-2z"
    "M7 10.500v2h1.800v-2zM10.2 10.500v2H12v-2zM7 14.200v2h1.800v-2zM10.2 14.200v2H12v-2z"
)
GROUP = (
    "M8.5 5a3.2 3.2 0 1 1 0 6.400a3.2 3.2 0 0 1 0-6.400z"
    "M16.3 6.500a2.6 2.6 0 1 1 0 5.200a2.6 2.6 0 0 1 0-5.200zM2.5 19c0-3.6 2.6-5.8 6-5.800s6 2.2 6 5.800z"
    "M15.9 19c0-2-.6-3.7-1.7-5c.7-.3 1.4-.4 2.1-.4c2.9 0 5.2 1.9 5.2 5.400z"
)
PILLARS = (
    "M12 3l9 4.500V9.500H3V7.500zM4.500 11H7v6H4.500zM10.750 11h2.500v6h-2.500zM17 11h2.500v6H17zM3 18.500h18V21H3z"
)
AT = (
    "M12 3.500a8.5 8.5 0 1 0 4.6 15.650l-1.050-1.650A6.550 6.550 0 1 1 18.550 12"
    "c0 1.3-.4 2.3-1.150 2.300s-.9-.7-.9-1.700V8.500h-1.800v.75A3.8 3.8 0 1 0 15 14.900"
    "c.5.8 1.3 1.250 2.350 1.250c2 0 3.150-1.850 3.150-4.150A8.5 8.5 0 0 0 12 3.500z"
    "M12.1 10.100a1.950 1.950 0 1 1 0 3.900a1.950 1.950 0 0 1 0-3.900z"
)
HANDPIECE = (
    "M6.6 3.500l3 .6l1 4.100l-2.2 1.700c1.1 2.3 2.9 4.1 5.2 5.200l1.7-2.200l4.1 1l.6 3"
    "c.2 1.3-.8 2.6-2.2 2.600C10.3 19.5 4.5 13.7 4 6.200C4 4.7 5.3 3.3 6.6 3.500z"
)
MOBILE = (
    "M8 2.500h8a1.5 1.5 0 0 1 1.5 1.500v16a1.5 1.5 0 0 1-1.5 1.500H8A1.5 1.5 0 0 1 6.5 20"
    "V4A1.5 1.5 0 0 1 8 2.500zM8.3 5v12h7.400V5zM10.8 18.400v1.400h2.400v-1.400z"
)
CARD = (
    "M6 3h8.500L19 7.500V21H6zM8.500 11v7.500h8V11zM10.300 12.800h1.600v3.900h-1.600zM13.200 12.800h1.600v3.900h-1.600z"
)
CAR = (
    "M6.8 5.500h10.400l2.1 5.400A2 2 0 0 1 21 12.900V18h-1.500v1.800H17V18H7v1.800H4.500V18H3v-5.100"
    "a2 2 0 0 1 1.7-2zM8.1 7.400l-1.2 3.400h10.200l-1.2-3.400z"
    "M6.7 13a1.250 1.250 0 1 0 0 2.500a1.250 1.250 0 0 0 0-2.500z"
    "M17.3 13a1.250 1.250 0 1 0 0 2.500a1.250 1.250 0 0 0 0-2.500z"
)
BOAT = (
    "M11 3h2v2.500h4V10l3 1.200l-2 5.800c-1 .9-2 .9-3 0c-1.5 1.2-2.5 1.2-4 0c-1.5 1.2-2.5 1.2-4 0"
    "c-1 .9-2 .9-3 0L4 11.200L7 10V5.500h4zM9 7.500v1.700l3-1.200l3 1.200V7.500z"
    "M3 19.200c1.7 1.1 3 1.1 4.5 0c1.6 1.1 3 1.1 4.5 0c1.6 1.1 3 1.1 4.5 0c1.6 1.1 2.8 1.1 4.5 0v1.900"
    "c-1.7 1-3 1-4.5 0c-1.6 1-3 1-4.5 0c-1.6 1-3 1-4.5 0c-1.6 1-2.8 1-4.5 0z"
)
PLANE = (
    "M12 2.500c.9 0 1.5 1 1.5 2.500v4.300l7.5 4.500v2l-7.5-2.300v4.300l2.2 1.700v1.500L12 20l-3.7 1"
    "v-1.500l2.2-1.700v-4.300L3 15.800v-2l7.5-4.500V5c0-1.5.6-2.5 1.5-2.500z"
)
MONEY = "M3 6h18v12H3zM5.5 8.2v7.6h13V8.2zM12 9.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 0 1 0-5.6z"
COIN = (
    "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM12 5.200a6.8 6.8 0 1 0 0 13.600a6.8 6.8 0 0 0 0-13.600z"
    "M9 8.300h3.600c1.6 0 2.5.8 2.5 1.900c0 .8-.4 1.4-1.1 1.700c.9.3 1.5.9 1.5 1.900"
    "c0 1.3-1.1 2.2-2.8 2.200H9z"
)
PIN = (
    "M12 2.500a7 7 0 0 0-7 7c0 5 7 12 7 12s7-7 7-12a7 7 0 0 0-7-7z"
    "M12 6.800a2.7 2.7 0 1 1 0 5.400a2.7 2.7 0 0 1 0-5.400z"
)
HOUSE = "M12 3l9.5 8h-2.7v9.5h-5v-6h-3.6v6h-5V11H2.5z"
CALENDAR = "M7 2.8h2v2h6v-2h2v2h3v16H4v-16h3zM6.2 9.3v9.3h11.6V9.3zM8 11.3h3v2.8H8z"
PAGE = "M6 2.500h8.500L19 7v14.500H6zM8.5 9.500v1.600h8V9.500zM8.5 13v1.600h8V13zM8.5 16.500v1.600h5.500v-1.600z"
BUBBLE = "M3.5 4h17v12.5H12L7 20.8v-4.3H3.5zM7 8v1.7h10V8zM7 11.3V13h7v-1.7z"
LETTER = "M3 5.5h18v13H3zM5.3 7.5L12 12.6l6.700-5.1zM5 9.6v6.9h14V9.6l-7 5.3z"
ARROWS = "M14 4l6.5 4.5L14 13v-3H4V7h10zM10 11.5v3h10v3H10v3L3.5 16z"
BADGE = (
    "M3 5h18v14H3zM8 8.200a2.2 2.2 0 1 0 0 4.400a2.2 2.2 0 0 0 0-4.400z"
    "M4.8 16.800h6.400c0-2-1.3-3.2-3.2-3.200s-3.2 1.2-3.2 3.200zM13 9v1.600h6V9z"
    "M13 12.200v1.600h6v-1.600z"
)
WALK = (
    "M4 19.500a2.5 2.5 0 1 1 2-4h6.500a2 2 0 1 0 0-4h-3a4 4 0 1 1 0-8H16v2.200H9.500"
    "a1.8 1.8 0 1 0 0 3.600h3a4.2 4.2 0 0 1 0 8.400H6.400A2.5 2.5 0 0 1 4 19.500z"
    "M18 2.500a2.3 2.3 0 1 1 0 4.600a2.3 2.3 0 0 1 0-4.600z"
)
BOX = (
    "M12 2.500l8.5 4.300v10.400L12 21.500l-8.5-4.300V6.800zM12 5L7.3 7.300L12 9.700l4.7-2.400z"
    "M5.7 9v6.800l5.2 2.600v-6.900z"
)

ICONS: dict[str, Icon] = {
    "Person": Icon("circle", BLUE, PERSON),
    "LegalEntity": Icon("circle", BLUE, GROUP),
    "Organization": Icon("square", BROWN, GROUP),
    "Company": Icon("square", BROWN, BUILDING),
    "PublicBody": Icon("square", BROWN, PILLARS),
    "UserAccount": Icon("tile", INDIGO, AT),
    "TelephoneNumber": Icon("tile", TEAL, HANDPIECE),
    "Handset": Icon("tile", GREEN, MOBILE),
    "Sim": Icon("tile", GREEN, CARD),
    "Vehicle": Icon("tile", RED, CAR),
    "Vessel": Icon("tile", RED, BOAT),
    "Airplane": Icon("tile", RED, PLANE),
    "BankAccount": Icon("tile", PURPLE, MONEY),
    "CryptoWallet": Icon("tile", PURPLE, COIN),
    "Payment": Icon("diamond", PURPLE, ARROWS),
    "Address": Icon("circle", MOSS, PIN),
    "RealEstate": Icon("tile", MOSS, HOUSE),
    "Event": Icon("diamond", PINK, CALENDAR),
    "Call": Icon("diamond", TEAL, HANDPIECE),
    "Trip": Icon("diamond", PINK, WALK),
    "Document": Icon("square", SLATE, PAGE),
    "PlainText": Icon("square", SLATE, PAGE),
    "Pages": Icon("square", SLATE, PAGE),
    "Message": Icon("square", SLATE, BUBBLE),
    "Email": Icon("square", SLATE, LETTER),
    "Passport": Icon("tile", SLATE, BADGE),
    "Identification": Icon("tile", SLATE, BADGE),
    "Group": Icon("square", INDIGO, GROUP),
}

OTHER = Icon("tile", SLATE, BOX)
SHAPES: dict[Shape, str] = {
    "circle": '<circle r="17"{0}/>',
    "square": '<rect x="-16" y="-16" width="32" height="32" rx="3"{0}/>',
    "tile": '<rect x="-16" y="-16" width="32" height="32" rx="10"{0}/>',
    "diamond": '<path d="M0-19.500L19.500 0L0 19.500L-19.500 0z" stroke-linejoin="round"{0}/>',
}


def get_icon(schema: str) -> Icon:
    """The icon of a schema; a box where none is drawn yet."""
    return ICONS.get(schema, OTHER)


def translate_schema(schema: str, language: str = "en") -> str:
    """What a reader calls a schema; one that the widgets do not know goes by its own name."""
    if schema in ICONS or not schema:
        return words.Translator(language).term("schemata", schema or "any")
    return escape_hidden(SPACE.sub(" ", schema))


def encode_variant(*, custodian: bool = False, service: bool = False, suggested: bool = False) -> str:
    """Short name of a way in which an icon is drawn: 'c' custodian, 's' service, 't' tentative; '' plain."""
    return "c" * custodian + "s" * service + "t" * suggested


@lru_cache(maxsize=512)
def draw_icon(schema: str, how: str = "", tint: str = "") -> str:
    """The icon as SVG elements around (0, 0), within 23 pixels: custodians ringed, services grey, suggested dashed.

    A tint stands in place of the colour of the schema; 'm' in `how` outlines the icon: the attribute of the tint is missing.
    """
    drawn = get_icon(schema)
    colour = tint or (GREY if "s" in how else drawn.colour)
    fill, glyph = (PAPER, colour) if set(how) & {"t", "m"} else (colour, INK if tint and _is_bright(tint) else PAPER)
    outline = ' stroke-dasharray="4 3"' if "t" in how else ""
    body = SHAPES[drawn.shape].format(f' fill="{fill}" stroke="{colour}" stroke-width="2"{outline}')
    ring = f'<circle r="21.500" fill="none" stroke="{RING}" stroke-width="2.600"/>' if "c" in how else ""
    scale = 0.92 if drawn.shape == "diamond" else 1.05
    move = round(-12 * scale, 2)
    return f'{ring}{body}<path transform="translate({move} {move}) scale({scale})" fill="{glyph}" fill-rule="evenodd" d="{drawn.glyph}"/>'


def _is_bright(colour: str) -> bool:
    """Whether dark signs are read better on a colour than white ones."""
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.299 * red + 0.587 * green + 0.114 * blue > BRIGHT


def encode_icon(schema: str, how: str = "") -> str:
    """The icon as an image that needs no request."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="144" height="144" viewBox="-24 -24 48 48">'
    return "data:image/svg+xml," + quote(f"{head}{draw_icon(schema, how)}</svg>", safe="/:=' ")
