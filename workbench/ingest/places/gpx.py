"""Reader `gpx`: waypoints, routes and tracks of GPS devices, read as a stream.

A waypoint is a place. A track is where a device was: its positions go to the mass table. A route is where somebody meant to
go: it is text, no position. Own reading: gpxpy takes the whole file into memory and 6.5 times the time (50,000 points: 2.9
against 0.44 CPU-seconds).

References
----------
GPX 1.1 (also 1.0). Positions are WGS 84, times UTC by definition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.ingest.places.feature_rows import Feature, Map, Track
from workbench.ingest.places.map_positions import Spot
from workbench.ingest.reading.record_text import FaultCounts
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.reading.unread_words import Surplus, select_unknown_lines
from workbench.ingest.reading.xml_elements import Elements, Outline, Piece, get_local_name, list_texts
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import format_list
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

METHOD = "gpx"
VERSION = "5"
MARK_WITHIN = 4_096
KEPT = frozenset({"wpt", "trkpt", "rtept"})
OF_POINT = frozenset({"lat", "lon", "ele", "time"})
OWN = frozenset({"ele", "time", "name", "desc", "magvar", "geoidheight"})
TOLD = ("cmt", "desc", "src", "type", "number", "keywords")
ROUTE = 10_000
MEASURES, SHOWN = 1_000, 8
WORD = re.compile(r"[^\W\d_]{2,}")


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the element <gpx> near its start."""
    del source
    text = head[:MARK_WITHIN].decode(detect_encoding(head), "replace") if is_text(head) else ""
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
            yield from reading.handle_piece(piece)
        if not begun:
            raise SourceError(Sentence("refused.file.xml", name=source.name, problem=elements.problem))
        yield from reading.close()
        reading.note_measures()
    if elements.problem:
        what = Sentence("fault.breaks_off", error=elements.problem)
        chart.tally.add("truncated", what, f"after {chart.entries.count} waypoints and {chart.tracks} tracks")
    yield from chart.finish("waypoint, route or track")


class _Reading:
    """Where the reading stands: the track or route that is open, and how many there were of each."""

    def __init__(self, chart: Map) -> None:
        self.map = chart
        self.track: Track | None = None
        self.route: Feature | None = None
        self.counts = dict.fromkeys((*KEPT, "rte"), 0)
        self.said: list[tuple[str, str]] = []
        self.level = 0
        self.outline = Outline()
        self.more, self.root = Surplus(), Surplus()
        self.measures: Counter[str] = Counter()

    def handle_piece(self, piece: Piece) -> Iterator[Row]:
        """One step through the file."""
        self._gather(piece)
        if piece.begins:
            self._start_element(piece)
        elif piece.name == "trkpt" and self.track:
            self._add_point_texts(piece.element)
            place = f"{self.track.place} point {self.track.box.count + 1}"
            yield from self.track.add_point(build_spot(piece.element), _read_time(piece.element, self.map.tally, place))
        elif piece.name == "rtept" and self.route:
            self._stop(piece.element, self.route)
        elif piece.name == "wpt":
            self.counts["wpt"] += 1
            place = f"waypoint {self.counts['wpt']}"
            point = build_waypoint(piece.element, place, self.map.tally)
            point.lines += self.root.pop_unknown_lines(self.map.tally, place)
            yield from self.map.list_feature_rows(point)
        elif piece.name in KEPT:
            self.map.tally.add("bad-row", Sentence("fault.stray", name=piece.name), "")
        elif piece.name in ("trk", "rte") and piece.depth == self.level:
            yield from self.close()
        elif piece.depth == self.level + 1 and (self.track or self.route):
            self._add_text(piece.name, clean_text(piece.element.text or ""))

    def _gather(self, piece: Piece) -> None:
        """Keep what stands outside points: of the open track or route, or of the file."""
        is_said = piece.depth == self.level + 1 and (self.track or self.route) and piece.name in ("name", *TOLD)
        found = [*self.outline.list_texts(piece, whole=piece.name in KEPT)]
        if not is_said:
            words = ((label, clean_text(text)) for label, text in found if WORD.search(text))
            is_root = piece.depth == 1 and piece.begins
            (self.root if is_root else self.more if self.track or self.route else self.map.more).add(words)

    def _add_point_texts(self, point: Element) -> None:
        """Keep what a point of a track says in words; count its measures."""
        for label, text in list_texts(point):
            if label not in OF_POINT and text.strip():
                if WORD.search(text):
                    self.more.add(
                        [(f"point {self.track.box.count + 1} {label}" if self.track else label, clean_text(text))]
                    )
                elif label in self.measures or len(self.measures) < MEASURES:
                    self.measures[label] += 1

    def note_measures(self) -> None:
        """Tell how many measures were not read."""
        if self.measures:
            names = format_list([*self.measures][:SHOWN], count=len(self.measures))
            what = Sentence("fault.measures", count=self.measures.total(), listed=names)
            self.map.tally.add("left-out", what, "")

    def close(self) -> Iterator[Row]:
        """The open track or route ends; also where the file breaks off within it."""
        self.said += self.more.pop_unknown_lines(self.map.tally, self.track.place) if self.track else []
        if self.track or self.route:
            self.said += self.root.pop_unknown_lines(self.map.tally, "")
        if self.track:
            yield from self.track.finish(self.said)
        if self.route:
            self.route.lines += [*self.said, *self.more.pop_unknown_lines(self.map.tally, self.route.place)]
            yield from self.map.list_feature_rows(self.route)
        self.track = self.route = None
        self.said = []

    def _start_element(self, piece: Piece) -> None:
        if piece.name in ("trk", "rte") and not (self.track or self.route):
            self.level = piece.depth
            if piece.name == "trk":
                self.track = Track(self.map, f"track {self.map.tracks + 1}")
            else:
                self.counts["rte"] += 1
                self.route = Feature(f"route {self.counts['rte']}", kind="route")

    def _add_text(self, name: str, text: str) -> None:
        if name == "name" and self.track:
            self.track.name = text
        elif name == "name" and self.route:
            self.route.name = text
        elif name in TOLD and text:
            self.said.append((name, text))

    def _stop(self, element: Element, route: Feature) -> None:
        name, place = _get_child_text(element, "name"), build_spot(element)
        if len(route.spots) < ROUTE:
            route.spots.append(place)
            if name:
                route.lines.append(("stop", f"{name} ({place.text})"))
        else:
            self.map.tally.add("left-out", Sentence("fault.stops", most=f"{ROUTE:,}"), route.place)
            self.more.add([("stop", f"{name} ({place.text})")])
        of_stop = (
            (f"stop {label}", clean_text(text))
            for label, text in list_texts(element)
            if label not in ("lat", "lon", "name")
        )
        self.more.add(of_stop)


def build_waypoint(element: Element, place: str, tally: FaultCounts) -> Feature:
    """Feature of a waypoint."""
    made = Feature(place, _get_child_text(element, "name"), "point", [build_spot(element)], is_point=True)
    made.at, made.description = _read_time(element, tally, place), _get_child_text(element, "desc")
    read = [("lat", ""), ("lon", ""), *((name, _get_child_text(element, name)) for name in OWN)]
    read = [one for one in read if one[0] != "time" or made.at]
    texts = ((label, clean_text(text)) for label, text in list_texts(element) if label not in ("lat", "lon"))
    found = ((label.rpartition(" ")[2], text) for label, text in texts if (label, text) not in read)
    made.lines += select_unknown_lines(found, tally, place)
    return made


def _read_time(element: Element, tally: FaultCounts, place: str) -> str:
    """Time of a point; '' of several different ones, which are told."""
    texts = (clean_text(child.text or "") for child in element if get_local_name(child.tag) == "time")
    found = list(dict.fromkeys(filter(None, texts)))
    if len(found) > 1:
        tally.add_several("time", found, place)
    return found[0] if len(found) == 1 else ""


def build_spot(element: Element) -> Spot:
    """Position of a point."""
    return Spot(clean_text(element.get("lat", "")), clean_text(element.get("lon", "")), _get_child_text(element, "ele"))


def _get_child_text(element: Element, name: str) -> str:
    return next((clean_text(child.text or "") for child in element if get_local_name(child.tag) == name), "")
