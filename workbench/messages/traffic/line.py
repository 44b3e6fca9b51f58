"""A labelled value as a source writes it, and what a source says twice and each time otherwise."""

from __future__ import annotations

from dataclasses import dataclass


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
