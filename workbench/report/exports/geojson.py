"""A map as GeoJSON: a collection of features, one on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.report.exports.export_header import About
    from workbench.report.exports.map_features import Map, MapPoint, Point, Track


def to_geojson(drawn: Map, about: About) -> bytes:
    """Points for places, a line with `coordTimes` for each way; the case's title as `name`, its marking as `mark`.

    Notes
    -----
    Coordinates are longitude, latitude as the sources write them (WGS 84). A way of one position is a point.

    References
    ----------
    RFC 7946; `coordTimes` as converters of GPS tracks write it.
    """
    head = f'{{"type": "FeatureCollection", "name": {_encode_json(about.title)}, "mark": {_encode_json(about.mark)}, "features": [\n'
    features = [
        *map(_encode_place, drawn.places),
        *(feature for way in drawn.ways for feature in _build_way_features(way)),
    ]
    return (head + ",\n".join(features) + "\n]}\n").encode("utf-8", "backslashreplace")


def _encode_place(place: MapPoint) -> str:
    told = {
        "name": place.name, "time": place.at, "end": place.until, "address": place.address, "description": place.description,
    }  # fmt: skip
    properties = {name: text for name, text in told.items() if text}
    for label, text in place.facts:
        properties.setdefault(label if label not in told else f"{label} (as given)", text)
    return _encode_feature("Point", f"[{place.lon}, {place.lat}]", properties)


def _build_way_features(way: Track) -> Iterator[str]:
    named = {"name": way.name} if way.name else {}
    spots = [_encode_point(point) for point in way.points]
    if len(spots) == 1:
        yield _encode_feature("Point", spots[0], {**named, "time": way.points[0].at})
    elif spots:
        times = [point.at for point in way.points]
        yield _encode_feature("LineString", f"[{', '.join(spots)}]", {**named, "coordTimes": times})


def _encode_point(point: Point) -> str:
    height = "" if isnan(point.height) else f", {point.height!r}"
    return f"[{point.lon!r}, {point.lat!r}{height}]"


def _encode_feature(kind: str, coordinates: str, properties: Mapping[str, object]) -> str:
    geometry = f'{{"type": "{kind}", "coordinates": {coordinates}}}'
    return f'{{"type": "Feature", "geometry": {geometry}, "properties": {_encode_json(properties)}}}'


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
