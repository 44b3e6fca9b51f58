"""Reader `geojson`: features of web maps: a collection, single features on lines, or bare geometries.

A line whose properties hold a list of times (`coordTimes`, `times`: as converters of GPS tracks write them) is a track.

References
----------
RFC 7946. Its coordinates are longitude, latitude in WGS 84; an older file may name another system in `crs`: positions are then
kept as text only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.ingest.places.feature_rows import Feature, Map, Track
from workbench.ingest.places.map_positions import Spot, build_spot
from workbench.ingest.reading.json_objects import Item, Objects, format_value, parse_first_value
from workbench.ingest.reading.record_text import Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text

METHOD = "geojson"
VERSION = "5"
GEOMETRIES: dict[str, tuple[str, int]] = {
    "Point": ("point", 0), "MultiPoint": ("point", 1), "LineString": ("line", 1), "MultiLineString": ("line", 2),
    "Polygon": ("area", 2), "MultiPolygon": ("area", 3),
}  # fmt: skip
"""What each geometry is on a map, and how deep its positions lie in lists."""

TYPES = frozenset({*GEOMETRIES, "GeometryCollection", "Feature", "FeatureCollection"})
NAMES = ("name", "title", "label")
STARTS = ("time", "timestamp", "datetime", "date", "when", "start", "startdate", "starttime", "begin")
ENDS = ("end", "enddate", "endtime", "until")
ADDRESSES = ("address", "addr:full", "full_address")
DESCRIPTIONS = ("description", "desc")
TIMES = ("coordTimes", "times")
WGS84 = ("CRS84", "4326", "WGS84", "WGS 84")
COLLECTION = frozenset({"type", "features", "crs", "bbox"})
SHAPE = frozenset({"type", "coordinates", "geometries", "crs", "bbox"})
FORM = SHAPE | {"geometry", "properties"}
"""Members that the form defines and other lines tell."""

LATITUDES, LONGITUDES = ("lat", "latitude"), ("lon", "lng", "long", "longitude")
NEAR = 0.01
"""Degrees by which the properties of a point may differ from its coordinates: they may be rounded."""
SHOWN = 8
MOST = 5_000_000
NESTED = 8


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: an object of a type that GeoJSON defines."""
    del source
    found = parse_first_value(head)
    if isinstance(found, dict):
        kind = format_value(found.get("type"))
        members = ("features", "geometry", "coordinates", "geometries")
        return (
            Sentence("detected.geojson_object", kind=kind) if kind in TYPES and any(m in found for m in members) else ""
        )
    start = head.lstrip()[:1] == b"{" and b'"features"' in head and b'"FeatureCollection"' in head
    return Sentence("detected.geojson") if start else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for the features, one per track; points are places, points with a time are events."""
    del options
    objects = Objects(source, frozenset({"features"}))
    system = _find_coordinate_system(source.read_head())
    chart = Map(source, METHOD, VERSION, trusted=_is_wgs84(system))
    yield chart.start()
    for item in objects:
        if isinstance(item.value, dict) and format_value(item.value.get("type")) in TYPES:
            yield from _build_rows(chart, item)
        else:
            chart.tally.add("bad-row", Sentence("fault.no_feature"), item.place)
    system = system or _get_crs_name(objects.outer.get("crs"))
    if not _is_wgs84(system):
        key = "fault.system_read" if chart.trusted else "fault.system_text"
        chart.tally.add("bad-position", Sentence(key, system=repr(system)), "")
    chart.more.add(
        line for key, value in objects.outer.items() if key not in COLLECTION for line in _list_lines(key, value)
    )
    yield from chart.finish()
    yield from objects.issues


def _build_rows(chart: Map, item: Item) -> Iterator[Row]:
    """A feature or geometry; of a collection within the file its features one by one, and what else it says."""
    data = item.value if isinstance(item.value, dict) else {}
    if data.get("type") != "FeatureCollection":
        yield from _list_item_rows(chart, item)
        return
    chart.more.add(line for key, value in data.items() if key not in COLLECTION for line in _list_lines(key, value))
    features = data.get("features")
    for number, one in enumerate(features if isinstance(features, list) else [], 1):
        place = f"{item.place} feature {number}".strip()
        if isinstance(one, dict) and format_value(one.get("type")) in TYPES - {"FeatureCollection"}:
            yield from _list_item_rows(chart, Item(place, one))
        else:
            chart.tally.add("bad-row", Sentence("fault.no_feature"), place)


def _list_item_rows(chart: Map, item: Item) -> Iterator[Row]:
    data = item.value if isinstance(item.value, dict) else {}
    is_feature = data["type"] == "Feature"
    properties = data.get("properties") if is_feature else {}
    properties = properties if isinstance(properties, dict) else {}
    geometry = data.get("geometry") if is_feature else data
    feature = _build_feature(item.place, data, properties)
    times = next((value for key in TIMES if isinstance(value := properties.get(key), list)), None)
    kind, spots = parse_geometry(geometry)
    if twice := _list_doubled_members(data, geometry):
        chart.tally.add_several(twice[0], [format_value(one) for one in twice[1]], item.place)
        feature.lines += [("position", spot.text) for spot in spots[:SHOWN]]
        spots = []
    elif kind == "point" and len(spots) == 1 and (said := find_other_position(spots[0], properties)):
        told = Sentence("fault.position.properties", position=quote_value(spots[0].text), other=quote_value(said))
        chart.tally.add("bad-position", told, item.place)
        feature.lines.append(("position", spots[0].text))
        spots = []
    if times and kind == "line":
        yield from _list_track_rows(chart, feature, spots, times)
        return
    feature.kind, feature.spots, feature.is_point = kind, spots, kind == "point"
    if geometry is not None and not kind:
        chart.tally.add("bad-row", Sentence("fault.no_geometry"), item.place)
    yield from chart.list_feature_rows(feature)


def _list_doubled_members(data: Mapping[str, object], geometry: object) -> tuple[str, list[object]] | None:
    """A member that decides where something is and stands twice, with its values; None if none does."""
    for one, name in ((data, "geometry"), (geometry, "coordinates"), (geometry, "type")):
        if isinstance(one, Mapping) and f"{name} (2)" in one and one[f"{name} (2)"] != one.get(name):
            return name, [one.get(name), one[f"{name} (2)"]]
    return None


def find_other_position(spot: Spot, properties: Mapping[str, object]) -> str:
    """Latitude and longitude that the properties of a point give, where they are not those of its coordinates; ''."""
    plain = {key.casefold(): format_value(value) for key, value in properties.items()}
    lat, lon = (next((plain[name] for name in names if name in plain), "") for names in (LATITUDES, LONGITUDES))
    try:
        far = max(abs(float(lat) - float(spot.lat)), abs(float(lon) - float(spot.lon)))
    except ValueError:
        return ""
    return f"{lat}, {lon}" if far > NEAR else ""


def parse_geometry(value: object, depth: int = 0) -> tuple[str, list[Spot]]:
    """What a geometry is and its positions; ('', []) if it is none. A collection is what its first part is."""
    if not isinstance(value, dict) or depth > NESTED:
        return "", []
    if value.get("type") == "GeometryCollection":
        parts = value.get("geometries")
        made = [parse_geometry(part, depth + 1) for part in (parts if isinstance(parts, list) else [])]
        kinds = dict.fromkeys(kind for kind, _ in made if kind)
        return "point" if list(kinds) == ["point"] else next((k for k in kinds if k != "point"), ""), [
            spot for _, spots in made for spot in spots
        ]
    kind, deep = GEOMETRIES.get(format_value(value.get("type")), ("", 0))
    return (kind, list(_parse_spots(value.get("coordinates"), deep))) if kind else ("", [])


def _parse_spots(value: object, deep: int) -> Iterator[Spot]:
    if not isinstance(value, list):
        return
    if deep:
        for one in value:
            yield from _parse_spots(one, deep - 1)
    elif value:
        yield build_spot([format_value(one) for one in value])


def _build_feature(place: str, data: Mapping[str, object], properties: Mapping[str, object]) -> Feature:
    feature = Feature(place)
    taken: set[str] = set()

    def pop_text(names: tuple[str, ...]) -> str:
        for key, value in properties.items():
            if key.casefold() in names and isinstance(value, str) and value.strip() and key not in taken:
                taken.add(key)
                return clean_text(format_value(value))
        return ""

    feature.name, feature.address, feature.description = pop_text(NAMES), pop_text(ADDRESSES), pop_text(DESCRIPTIONS)
    feature.at, feature.until = pop_text(STARTS), pop_text(ENDS)
    feature.lines = [line for key, value in properties.items() if key not in taken for line in _list_lines(key, value)]
    feature.lines += [
        (key, format_value(value)) for key, value in data.items() if key not in FORM and value is not None
    ]
    if not isinstance(data.get("properties"), dict) and data.get("type") == "Feature":
        feature.lines.append(("properties", format_value(data.get("properties"))))
    shape = data.get("geometry")
    feature.lines += (
        [line for key, value in shape.items() if key not in SHAPE for line in _list_lines(key, value)]
        if isinstance(shape, dict)
        else []
    )
    return feature


def _list_lines(key: str, value: object) -> Iterator[Line]:
    if value is not None and key not in TIMES:
        yield key, format_value(value)


def _list_track_rows(chart: Map, feature: Feature, spots: list[Spot], times: list[object]) -> Iterator[Row]:
    """A line with a time per position."""
    flat = [format_value(one) for time in times for one in (time if isinstance(time, list) else [time])]
    track = Track(chart, feature.place)
    track.name = feature.name
    for number, spot in enumerate(spots):
        yield from track.add_point(spot, flat[number] if number < len(flat) else "")
    yield from track.finish([("description", feature.description), *feature.lines])


def _find_coordinate_system(head: bytes) -> str:
    """Name of the coordinate system in the first bytes, '' if they name none."""
    _, mark, rest = head.partition(b'"crs"')
    found = parse_first_value(rest.lstrip().removeprefix(b":")) if mark else None
    return _get_crs_name(found)


def _get_crs_name(crs: object) -> str:
    inside = crs.get("properties") if isinstance(crs, dict) else None
    return format_value(inside.get("name"))[:80] if isinstance(inside, dict) else ""


def _is_wgs84(system: str) -> bool:
    return not system or any(mark in system for mark in WGS84)
