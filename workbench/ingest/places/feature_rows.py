"""From the features of a map to rows: a passage for each, a place (Address) for each point, an Event where it has a time.

A place is known by its name and position: the same pin in two files is one place. A line or an area has no point of its own,
and none is invented: its extent stands in the passage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.ingest.places.map_positions import Box, Spot, compute_box, find_problem, parse_number
from workbench.ingest.reading.bulk_batches import Batches
from workbench.ingest.reading.record_text import Entries, Entry, FaultCounts, Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import format_numbers
from workbench.ingest.reading.unread_words import Surplus
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Document, Row
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import parse_iso_time
from workbench.model.values.plausible_years import OTHERS, is_plausible

FEW = 100
"""Points of one feature that are places of their own, at most; more are an extent."""

PLACES = ("point", "area", "")
"""Kinds of features that are places; a line or route is a way."""

FIXES = {"bad-position": "fix.look.system", "bad-date": "fix.look.times"}


@dataclass(slots=True)
class Feature:
    """A feature of a map.

    Attributes
    ----------
    place : str
        Where in the file.
    kind : str
        What it is on the map: 'point', 'line', 'area', 'route', …; '' unknown.
    spots : list of Spot
        Its positions; `is_point` says whether each is a place.
    at, until : str
        Time as written, '' if none.
    lines : list of (label, value)
        What else it says.
    """

    place: str
    name: str = ""
    kind: str = ""
    spots: list[Spot] = field(default_factory=list)
    is_point: bool = False
    at: str = ""
    until: str = ""
    address: str = ""
    description: str = ""
    lines: list[Line] = field(default_factory=list)


class Map:
    """Writes the features and tracks of one file. `trusted`: whether its positions are in WGS 84."""

    def __init__(self, source: SourceFile, method: str, version: str, *, trusted: bool = True) -> None:
        self.source, self.method, self.version, self.trusted = source, method, version, trusted
        self.entries = Entries(source, method, version, is_protected=True)
        self.tally = FaultCounts(dict(FIXES))
        self.positions = Batches("positions")
        self.more = Surplus()
        """What the file says as a whole."""
        self.tracks = 0

    def start(self) -> Document:
        """The document of the features."""
        return self.entries.build_document(self.source.name)

    def list_feature_rows(self, feature: Feature) -> Iterator[Row]:
        """Rows of one feature."""
        points = feature.spots if feature.is_point and len(feature.spots) <= FEW else []
        entry = self.entries.add_entry(feature.place, _list_lines(feature, points))
        yield from entry.rows
        places = {place: spot for spot in points if (place := self._place(feature, spot))}
        if not points:
            self._note_extent(feature)
        if not places and feature.kind in PLACES and (feature.name or feature.address):
            places = {build_entity_id("Address", self.source.sha256, feature.place): Spot("", "")}
        for place, spot in places.items():
            yield from self._claim_address(entry, place, feature, spot)
        yield from self._claim_event(entry, feature, list(places))

    def finish(self, what: str = "feature") -> Iterator[Row]:
        """What is left: positions of tracks, and what was wrong."""
        yield from self.positions.finish()
        if self.tracks and not self.entries.count:
            counted = [("tracks", str(self.tracks))]
            yield from self.entries.add_entry("", counted, head=self.source.name).rows
        if self.entries.count and (lines := self.more.pop_unknown_lines(self.tally, "the file")):
            yield from self.entries.add_entry("the file", lines).rows
        yield from self.entries.finish(self.tally, what)

    def read_moment(self, text: str, place: str) -> str:
        """A time as written; reported where it is none, or of a year in which nobody was there with a device."""
        if text and not is_moment(text):
            self.tally.add("bad-date", Sentence("fault.no_time", text=quote_value(text)), place)
        elif not is_plausible(text, OTHERS):
            self.tally.add("bad-date", Sentence("fault.year", text=quote_value(text)), place, "fix.look.calendar")
        return text

    def _place(self, feature: Feature, spot: Spot) -> str:
        """Id of the place at a position, '' if the position cannot be right."""
        if not self.trusted:
            return ""
        if why := find_problem(spot):
            self.tally.add("bad-position", Sentence("fault.position.none", position=why), feature.place)
            return ""
        lat, lon = spot.numbers
        return build_entity_id("Address", normalise_name(feature.name), f"{lat + 0.0:.6f}", f"{lon + 0.0:.6f}")

    def _note_extent(self, feature: Feature) -> None:
        for why in compute_box(feature.spots).problems if self.trusted else ():
            self.tally.add("bad-position", Sentence("fault.position.extent", position=why), feature.place)

    def _claim_address(self, entry: Entry, place: str, feature: Feature, spot: Spot) -> Iterator[Claim]:
        said = {
            "name": ("name", feature.name), "latitude": ("position", spot.lat), "longitude": ("position", spot.lon),
            "full": ("address", feature.address), "description": ("description", feature.description),
        }  # fmt: skip
        for prop, (label, value) in said.items():
            if value:
                yield entry.build_claim("Address", place, prop, clean_text(value), value, label)

    def _claim_event(self, entry: Entry, feature: Feature, places: list[str]) -> Iterator[Claim]:
        if not feature.at and not feature.until:
            return
        event = build_entity_id("Event", self.source.sha256, feature.place)
        where = feature.name or feature.address or (feature.spots[0].text if places and feature.spots else "")
        said = {"name": ("name", feature.name), "startDate": ("time", feature.at), "endDate": ("until", feature.until)}
        for prop, (label, value) in said.items():
            if value:
                yield entry.build_claim("Event", event, prop, self.read_moment(value, feature.place) if label != "name" else value,
                                  label=label)  # fmt: skip
        yield from entry.link("Event", event, {"location": where})
        for place in places:
            yield from entry.link("Event", event, {"addressEntity": place})


class Track:
    """Writes one track: its positions to the mass table, its extent to a document of its own."""

    def __init__(self, chart: Map, place: str) -> None:
        chart.tracks += 1
        self.map, self.place, self.number = chart, place, chart.tracks
        self.entries = Entries(
            chart.source, chart.method, chart.version, "Table", ("track", str(self.number)), is_protected=True
        )
        self.box, self.name = Box(), ""
        self.first = self.last = ""
        self.untimed = 0
        self.begun = False

    def add_point(self, spot: Spot, at: str) -> Iterator[Row]:
        """Take a position. One that cannot be right is counted and left out."""
        if not self.begun:
            yield from self._start_document(at)
        at = self.map.read_moment(at, self.place)
        self.first, self.last = self.first or at, at or self.last
        self.untimed += not at
        if self.box.add(spot) and self.map.trusted:
            lat, lon = spot.numbers
            yield from self.map.positions.add({
                "document_id": self.entries.document_id, "row": self.box.count, "at": at, "lat": lat, "lon": lon,
                "height": parse_number(spot.height), "method": "track",
            })  # fmt: skip

    def finish(self, lines: list[Line] | None = None) -> Iterator[Row]:
        """The passage of the track, and what was wrong with its positions."""
        if not self.begun:
            yield from self._start_document("")
        told = [
            ("name", self.name), ("start", self.first), ("end", self.last), ("points", str(self.box.count)),
            ("extent", self.box.text), *(lines or []),
        ]  # fmt: skip
        yield from self.entries.add_entry(self.place, told, head=f"Track {self.number}").rows
        tally = FaultCounts(dict(FIXES))
        for why, found in self.box.problems.items():
            tally.add(
                "bad-position",
                Sentence("fault.position.track", position=why, count=len(found), listed=format_numbers(found)),
                self.place,
            )
        if self.untimed:
            tally.add("bad-date", Sentence("fault.untimed", count=self.untimed), self.place)
        yield from tally.list_issues(self.entries.document_id)

    def _start_document(self, at: str) -> Iterator[Row]:
        self.begun = True
        yield self.entries.build_document(
            f"{self.name or f'Track {self.number}'} ({self.map.source.name})", at if is_moment(at) else ""
        )


def is_moment(text: str) -> bool:
    """Whether a text is a date or time in ISO form: a year, a month, a day, or a moment."""
    if text.isascii() and text.isdigit():
        return len(text) == 4
    try:
        parse_iso_time(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return False
    return True


def _list_lines(feature: Feature, points: list[Spot]) -> Iterator[Line]:
    yield "name", feature.name
    for spot in points:
        yield "position", spot.text
    if feature.spots and not points:
        extent = compute_box(feature.spots)
        yield feature.kind or "line", f"{extent.count} points" + (f", {extent.text}" if extent.text else "")
    yield "time", feature.at
    yield "until", feature.until
    yield "address", feature.address
    yield "description", feature.description
    yield from feature.lines
