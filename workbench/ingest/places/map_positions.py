"""Positions as maps write them: latitude and longitude in degrees (WGS 84), checked before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import NamedTuple

from workbench.model.catalogue import Sentence

LONGEST = 40


class Spot(NamedTuple):
    """A position as written. `height`: metres, '' if none."""

    lat: str
    lon: str
    height: str = ""

    @property
    def text(self) -> str:
        """As it is read: latitude, longitude."""
        return ", ".join(filter(None, (self.lat, self.lon))) + (f" (height {self.height} m)" if self.height else "")

    @property
    def numbers(self) -> tuple[float, float]:
        """Latitude and longitude as numbers; NaN where they are none."""
        return parse_number(self.lat), parse_number(self.lon)


def build_spot(parts: Sequence[str]) -> Spot:
    """Position of longitude, latitude and height, in the order in which maps list them.

    More parts are no position: a decimal comma makes two parts of one number. They are kept as one text.
    """
    if len(parts) > 3:
        return Spot(",".join(parts), "")
    lon, lat, height = [*parts, "", "", ""][:3]
    return Spot(lat, lon, height)


def parse_number(text: str) -> float:
    """The number that a text is, NaN if it is none."""
    if len(text) > LONGEST or "_" in text:
        return nan
    try:
        value = float(text)
    except ValueError:
        return nan
    return value if isfinite(value) else nan


def find_problem(spot: Spot) -> str:
    """Why a position cannot be right, '' if it can. Two numbers in range may still be swapped: nobody can tell."""
    lat, lon = spot.numbers
    if lat != lat or lon != lon:  # noqa: PLR0124 - NaN is the only number that differs from itself
        return Sentence("position.no_pair")
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        return Sentence("position.swapped")
    if abs(lat) > 90 or abs(lon) > 180:
        return Sentence("position.range")
    if lat == 0 and lon == 0:
        return Sentence("position.null")
    return ""


@dataclass(slots=True)
class Box:
    """What is counted of many positions: how many, and between which degrees they lie. Those that cannot be right are not in."""

    count: int = 0
    wrong: int = 0
    south: float = 90.0
    north: float = -90.0
    west: float = 180.0
    east: float = -180.0
    problems: dict[str, list[int]] = field(default_factory=dict)

    def add(self, spot: Spot) -> bool:
        """Take a position; whether it can be right."""
        self.count += 1
        if why := find_problem(spot):
            self.wrong += 1
            self.problems.setdefault(why, []).append(self.count)
            return False
        lat, lon = spot.numbers
        self.south, self.north = min(self.south, lat), max(self.north, lat)
        self.west, self.east = min(self.west, lon), max(self.east, lon)
        return True

    @property
    def text(self) -> str:
        """Bounding box as it is read; '' if there is none."""
        if self.count == self.wrong:
            return ""
        return f"latitude {self.south:g} to {self.north:g}, longitude {self.west:g} to {self.east:g}"


def compute_box(spots: Iterable[Spot]) -> Box:
    """Bounding box of positions."""
    made = Box()
    for spot in spots:
        made.add(spot)
    return made
