"""Reader `gpx`: waypoints, routes and tracks of GPS devices, read as a stream.

A waypoint is a place. A track is where a device was: its positions go to the mass table. A route is where somebody meant to
go: it is text, no position. Own reading: gpxpy takes the whole file into memory and 6.5 times the time (50,000 points: 2.9
against 0.44 CPU-seconds).

References
----------
GPX 1.1 (also 1.0). Positions are WGS 84, times UTC by definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.ingest.elements import Elements, Piece, local
from workbench.ingest.lines import encoding, is_text
from workbench.ingest.places.features import Feature, Map, Track
from workbench.ingest.places.spots import Spot
from workbench.ingest.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.names import clean
from workbench.model.rows import Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

METHOD = "gpx"
VERSION = "1"
MARK_WITHIN = 4_096
KEPT = frozenset({"wpt", "trkpt", "rtept"})
OWN = frozenset({"ele", "time", "name", "desc", "magvar", "geoidheight"})
TOLD = ("cmt", "desc", "src", "type", "number", "keywords")
ROUTE = 10_000


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the element <gpx> near its start."""
    del source
    text = head[:MARK_WITHIN].decode(encoding(head), "replace") if is_text(head) else ""
    return Sentence("detected.gpx") if "<gpx" in text else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for waypoints and routes, one per track with its positions.

    Raises
    ------
    SourceError
        If the file declares a document type, or is no XML from its first bytes on.
    """
    del options
    chart = Map(source, METHOD, VERSION)
    with source.open() as stream:
        elements = Elements(stream, source.name, KEPT)
        reading = _Reading(chart)
        begun = False
        for piece in elements:
            if not begun:
                begun = True
                yield chart.start()
            yield from reading.take(piece)
        if not begun:
            raise SourceError(Sentence("refused.file.xml", name=source.name, problem=elements.problem))
        yield from reading.close()
    if elements.problem:
        what = Sentence("fault.breaks_off", error=elements.problem)
        chart.tally.add("truncated", what, f"after {chart.entries.count} waypoints and {chart.tracks} tracks")
    yield from chart.end("waypoint, route or track")


class _Reading:
    """Where the reading stands: the track or route that is open, and how many there were of each."""

    def __init__(self, chart: Map) -> None:
        self.map = chart
        self.track: Track | None = None
        self.route: Feature | None = None
        self.counts = dict.fromkeys((*KEPT, "rte"), 0)
        self.said: list[tuple[str, str]] = []
        self.level = 0

    def take(self, piece: Piece) -> Iterator[Row]:
        """One step through the file."""
        if piece.begins:
            self._begin(piece)
        elif piece.name == "trkpt" and self.track:
            yield from self.track.point(spot(piece.element), _child(piece.element, "time"))
        elif piece.name == "rtept" and self.route:
            self._stop(piece.element, self.route)
        elif piece.name == "wpt":
            self.counts["wpt"] += 1
            yield from self.map.feature(waypoint(piece.element, f"waypoint {self.counts['wpt']}"))
        elif piece.name in KEPT:
            self.map.tally.add("bad-row", Sentence("fault.stray", name=piece.name), "")
        elif piece.name in ("trk", "rte") and piece.depth == self.level:
            yield from self.close()
        elif piece.depth == self.level + 1 and (self.track or self.route):
            self._say(piece.name, clean(piece.element.text or ""))

    def close(self) -> Iterator[Row]:
        """The open track or route ends; also where the file breaks off within it."""
        if self.track:
            yield from self.track.end(self.said)
        if self.route:
            self.route.lines += self.said
            yield from self.map.feature(self.route)
        self.track = self.route = None
        self.said = []

    def _begin(self, piece: Piece) -> None:
        if piece.name in ("trk", "rte") and not (self.track or self.route):
            self.level = piece.depth
            if piece.name == "trk":
                self.track = Track(self.map, f"track {self.map.tracks + 1}")
            else:
                self.counts["rte"] += 1
                self.route = Feature(f"route {self.counts['rte']}", kind="route")

    def _say(self, name: str, text: str) -> None:
        if name == "name" and self.track:
            self.track.name = text
        elif name == "name" and self.route:
            self.route.name = text
        elif name in TOLD and text:
            self.said.append((name, text))

    def _stop(self, element: Element, route: Feature) -> None:
        if len(route.spots) < ROUTE:
            route.spots.append(spot(element))
            if name := _child(element, "name"):
                route.lines.append(("stop", f"{name} ({route.spots[-1].text})"))


def waypoint(element: Element, place: str) -> Feature:
    """Feature of a waypoint."""
    made = Feature(place, _child(element, "name"), "point", [spot(element)], is_point=True)
    made.at, made.description = _child(element, "time"), _child(element, "desc")
    for child in element.iter():
        name, text = local(child.tag), clean(child.text or "")
        if text and child is not element and name not in OWN:
            made.lines.append((name, text))
    return made


def spot(element: Element) -> Spot:
    """Position of a point."""
    return Spot(clean(element.get("lat", "")), clean(element.get("lon", "")), _child(element, "ele"))


def _child(element: Element, name: str) -> str:
    return next((clean(child.text or "") for child in element if local(child.tag) == name), "")
