"""Places and positions of a case as what stands on a map: points with what is known of them, and ways with their times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from workbench.model.values.coordinates import list_coordinates, normalise_coordinates
from workbench.report.exports.cells import to_cell_value

if TYPE_CHECKING:
    import pandas as pd

TRACK = "track"
"""Method of positions that follow each other on a way; all others are points by themselves."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lat": ("lat", "latitude"), "lon": ("lon", "lng", "longitude"), "name": ("name", "caption", "title", "label"),
    "at": ("at", "time", "start", "startDate"),
}  # fmt: skip
"""Columns of a table in which a position, its name and its time are looked for."""

Facts = tuple[tuple[str, str], ...]
"""Label and text."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point: latitude and longitude in degrees (WGS 84) as they are written; times as written, '' if none."""

    name: str
    lat: str
    lon: str
    at: str = ""
    until: str = ""
    address: str = ""
    description: str = ""
    facts: Facts = ()


class Point(NamedTuple):
    """A position on a way. `height`: metres, NaN unknown."""

    lat: float
    lon: float
    height: float
    at: str


@dataclass(frozen=True, slots=True)
class Track:
    """Positions that follow each other."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """What stands on a map. `left_out`: how many positions cannot be right and do not."""

    places: tuple[MapPoint, ...] = ()
    ways: tuple[Track, ...] = ()
    left_out: int = field(default=0)

    def __add__(self, other: Map) -> Map:
        """Both on one map."""
        return Map(self.places + other.places, self.ways + other.ways, self.left_out + other.left_out)

    def __len__(self) -> int:
        """Places and positions."""
        return len(self.places) + sum(len(way.points) for way in self.ways)


def from_claims(evidence: pd.DataFrame) -> Map:
    """Addresses with a position, and events at them, in order of id.

    Parameters
    ----------
    evidence : DataFrame
        Rows of EVIDENCE. Latitude and longitude belong together where one place in a source, or one officer, gives both, or
        where the case has one of each.
    """
    said = {str(key): group for key, group in evidence.groupby("canonical_id")}
    places: list[MapPoint] = []
    left_out = 0
    events = _list_event_ids(evidence)
    for key in sorted(set(evidence.loc[evidence["prop"] == "latitude", "canonical_id"])):
        found = list(list_coordinates(said[key]))
        sound = [(lat, lon) for lat, lon in map(normalise_coordinates, found) if lat]
        left_out += len(found) - len(sound)
        known = {prop: _list_values(said[key], prop) for prop in ("name", "full", "description")}
        name, address, description = (next(iter(values), "") for values in known.values())
        more = tuple((f"{prop} (also)", value) for prop, values in known.items() for value in values[1:])
        for lat, lon in sound:
            here = MapPoint(name, lat, lon, address=address, description=description, facts=more)
            places += _list_points(here, [said[event] for event in events.get(key, [])])
    return Map(tuple(places), left_out=left_out)


def from_positions(positions: pd.DataFrame) -> Map:
    """Rows of the mass table `positions`, with the column `title` of their document: ways, and points by themselves."""
    ordered = positions.sort_values(["document_id", "row"])
    on_way = ordered["method"] == TRACK
    ways = tuple(
        Track(
            str(group["title"].iloc[0]),
            tuple(map(Point, group["lat"], group["lon"], group["height"], group["at"].fillna(""))),
        )
        for _, group in ordered[on_way].groupby("document_id", sort=True)
    )
    single = from_table(ordered[~on_way].drop(columns=["document_id", "title"]).assign(source=ordered["title"]))
    return Map(single.places, ways, single.left_out)


def from_table(frame: pd.DataFrame) -> Map:
    """Rows of any table with a position (COLUMNS): what else stands in a row goes along."""
    columns = {role: next((name for name in names if name in frame), "") for role, names in COLUMNS.items()}
    rest = [name for name in frame.columns if name not in columns.values()]
    places: list[MapPoint] = []
    for row in frame.to_dict("records"):
        lat, lon = normalise_coordinates((_to_text(row.get(columns["lat"])), _to_text(row.get(columns["lon"]))))
        if lat:
            facts = tuple((str(name), text) for name in rest if (text := _to_text(row[name])))
            name, at = _to_text(row.get(columns["name"])), _to_text(row.get(columns["at"]))
            places.append(MapPoint(name, lat, lon, at, facts=facts))
    return Map(tuple(places), left_out=len(frame) - len(places))


def has_positions(frame: pd.DataFrame) -> bool:
    """Whether a table has columns of latitude and longitude."""
    return all(any(name in frame for name in COLUMNS[role]) for role in ("lat", "lon"))


def _list_event_ids(evidence: pd.DataFrame) -> dict[str, list[str]]:
    """Canonical id of an address -> those of the events there, in order."""
    names = dict(zip(evidence["entity_id"], evidence["canonical_id"], strict=True))
    rows = evidence[(evidence["schema"] == "Event") & (evidence["prop"] == "addressEntity")]
    found: dict[str, list[str]] = {}
    for event, value in rows[["canonical_id", "value"]].drop_duplicates().sort_values("canonical_id").to_numpy():
        found.setdefault(names.get(value, value), []).append(event)
    return found


def _list_points(here: MapPoint, events: list[pd.DataFrame]) -> Iterator[MapPoint]:
    """The place, and each event there; an event of the same name is the place with a time."""
    made = [_build_event_point(here, rows) for rows in events]
    if not any(one.name == here.name for one in made):
        yield here
    yield from made


def _build_event_point(here: MapPoint, rows: pd.DataFrame) -> MapPoint:
    name, start, end = (next(iter(_list_values(rows, prop)), "") for prop in ("name", "startDate", "endDate"))
    if name == here.name:
        return replace(here, at=start, until=end)
    return MapPoint(name, here.lat, here.lon, start, end, here.address, facts=(("place", here.name),))


def _list_values(rows: pd.DataFrame, prop: str) -> list[str]:
    """Values of a property, the most often claimed first."""
    counted = rows.loc[rows["prop"] == prop, "value"].value_counts()
    return [str(value) for _, value in sorted(zip(-counted, counted.index, strict=True))]


def _to_text(value: object) -> str:
    made = to_cell_value(value)
    return "" if made is None else str(made)
