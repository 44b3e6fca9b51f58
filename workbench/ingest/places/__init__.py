"""Maps: places, features and tracks in the forms of Google Earth, of web maps and of GPS devices."""

from __future__ import annotations

from workbench.ingest.places import geojson, gpx, kml
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {room.METHOD: Reader(room.VERSION, room.detect, room.read) for room in (kml, gpx, geojson)}
