"""Lines of a text in the forms in which somebody may read them: as written, and as a right-to-left override displays them.

References
----------
Unicode Standard Annex 9, sections 2.2 (overrides) and 2.5 (isolates); paragraphs end where an override does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workbench.messages.traffic.labelled_line import ENDS
from workbench.model.text.normalise import SHAPELESS

OVERRIDE = "\u202e"
OPENING, ISOLATING = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
CLOSING, FREEING = "\u202c", "\u2069"
TURNING = re.compile(f"[{OPENING}{ISOLATING}{CLOSING}{FREEING}]")
SAME_PARAGRAPH = "\v\f\u2028"
"""Ends of lines over which an override goes on."""
MIRRORED = str.maketrans("()[]{}<>", ")(][}{><")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
DEEPEST = 125
"""Signs of direction that are open at a time, as in Unicode's rules."""


def list_line_readings(text: str) -> Iterator[tuple[str, ...]]:
    """Each line of a text in its readings, the plain one first; signs as `plain` has them."""
    opened, start = "", 0
    for end in (*ENDS.finditer(text), None):
        line = text[start : end.start() if end else len(text)]
        turned = opened + line
        yield tuple(dict.fromkeys((to_plain(line), *_display_variants(turned))))
        opened = "".join(TURNING.findall(turned))[-DEEPEST:] if end and end[0] in SAME_PARAGRAPH else ""
        start = end.end() if end else start


def to_plain(text: str) -> str:
    r"""A text with plain signs: wide and joined forms as the plain ones, no accents, nothing without a shape, no control.

    >>> to_plain("ＴＬＰ\u200b:RE\u0301D")
    'TLP:RED'
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", SHAPELESS.sub("", text))
        text = "".join(sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Me"))
    return CONTROLS.sub("", text)


def _display_variants(line: str) -> Iterator[str]:
    """What is displayed of a line with an override, with its brackets turned round as displays do, and as they are written."""
    if OVERRIDE in line:
        yield to_plain(_reorder_line(line, mirrored=True))
        yield to_plain(_reorder_line(line, mirrored=False))


def _reorder_line(line: str, *, mirrored: bool) -> str:
    """A line in the order in which it is displayed."""
    open_: list[tuple[str, list[str]]] = [("", [])]
    for sign in line:
        if sign in OPENING or sign in ISOLATING:
            open_.append((sign, []))
        elif sign == FREEING and any(opener in ISOLATING for opener, _ in open_[1:]):
            while _close_stretch(open_) not in ISOLATING:
                pass
        elif sign == CLOSING and len(open_) > 1 and open_[-1][0] in OPENING:
            _close_stretch(open_)
        else:
            is_turned = mirrored and open_[-1][0] == OVERRIDE
            open_[-1][1].append(sign.translate(MIRRORED) if is_turned else sign)
    while len(open_) > 1:
        _close_stretch(open_)
    return "".join(open_[0][1])


def _close_stretch(open_: list[tuple[str, list[str]]]) -> str:
    """End the innermost stretch: what it displays goes into the one around it. The sign that opened it."""
    opener, parts = open_.pop()
    open_[-1][1].append("".join(reversed(parts) if opener == OVERRIDE else parts))
    return opener
