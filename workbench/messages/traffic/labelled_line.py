"""A labelled value as a source writes it, where lines end, and what a source says twice and each time otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line, as Unicode has it."""
COLON = re.compile(r"[:：﹕︓=＝\t]")
"""What stands between a label and its value."""
QUOTED = re.compile(
    r">|-{3,60} ?(?:original|forwarded|message d.origine|mensaje original|الرسالة الأصلية)", re.IGNORECASE
)
"""What begins an earlier message below a reply."""


@dataclass(frozen=True, slots=True)
class Line:
    """A value as a source writes it: its label, its place, and the path of the field that it means ('' for none)."""

    label: str
    text: str
    place: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field of which a message says several things: its values, or the places where they stand."""

    field: str
    values: tuple[str, ...]
