"""Reader `kml`: placemarks of Google Earth, also in a KMZ package. Links to other files are counted, never followed.

Own reading, as a stream and whatever the version: fastkml 1.4 gives nothing for a file of KML 2.1 or without a namespace, and
leaves placemarks with a damaged coordinate out with a line in a log.

References
----------
OGC KML 2.3 (gx:Track of Google's extension included). Coordinates are longitude, latitude, height in WGS 84.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.places.feature_rows import Feature, Map, Track
from workbench.ingest.places.map_positions import Spot, build_spot
from workbench.ingest.reading import html_text
from workbench.ingest.reading.record_text import Line
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.reading.xml_elements import Elements, Piece, get_local_name
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's
    from zipfile import ZipFile, ZipInfo

METHOD = "kml"
VERSION = "5"
MARK_WITHIN = 4_096
LARGEST = 512 * 1024**2
RATIO = 400
SMALL = 20 * 1024**2
FILES = 50
KEPT = frozenset({"Placemark"})
FOLDERS = ("Document", "Folder")
UNSEEN = ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay", "Model")
SHAPES = {"Point": "point", "LineString": "line", "LinearRing": "area", "Polygon": "area"}
OWN = frozenset({"name", "description", "address", "phoneNumber", "Snippet"})
ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6});")


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the element <kml> near its start, or a package of such files."""
    if head.startswith(zip_members.MARKS):
        held = [name for name in zip_members.list_names(source, head) if name.lower().endswith(".kml")]
        known = held and (source.suffix == ".kmz" or "doc.kml" in held)
        return Sentence("detected.kmz") if known else ""
    text = head[:MARK_WITHIN].decode(detect_encoding(head), "replace") if is_text(head) else ""
    return Sentence("detected.kml") if "<kml" in text else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for the placemarks of the file, one per track with its positions.

    Raises
    ------
    SourceError
        If the file declares a document type, is no XML from its first bytes on, or the package would unpack to too much.
    """
    del options
    chart = Map(source, METHOD, VERSION)
    yield chart.start()
    if not source.read_head(4).startswith(zip_members.MARKS):
        with source.open() as stream:
            yield from _Reading(chart, source.name).read_rows(stream)
    else:
        yield from _read_package(chart)
    yield from chart.finish("placemark")


def _read_package(chart: Map) -> Iterator[Row]:
    with zip_members.open_zip(chart.source) as zipped:
        entries = [info for info in zipped.infolist() if not info.is_dir()]
        maps = [info for info in entries if info.filename.lower().endswith(".kml")]
        if not maps:
            raise SourceError(Sentence("refused.file.no_kml", name=chart.source.name))
        for info in maps[:FILES]:
            with _open_part(chart.source, zipped, info) as stream:
                prefix = f"{clean_text(info.filename)[:100]} " if len(maps) > 1 else ""
                yield from _Reading(chart, info.filename, prefix).read_rows(stream)
        if len(entries) > len(maps[:FILES]):
            number = len(entries) - len(maps[:FILES])
            chart.tally.add("left-out", Sentence("fault.package", count=number), "")


@contextmanager
def _open_part(source: SourceFile, zipped: ZipFile, info: ZipInfo) -> Iterator[BinaryIO]:
    if zip_members.is_locked(info):
        raise SourceError(Sentence("refused.file.map_locked", name=source.name))
    if info.file_size > LARGEST or (info.file_size > SMALL and info.file_size > RATIO * max(info.compress_size, 1)):
        sizes = {"size": f"{info.file_size:,}", "packed": f"{info.compress_size:,}"}
        raise SourceError(Sentence("refused.file.map_large", name=source.name, **sizes))
    try:
        stream = zipped.open(info)
    except zip_members.BROKEN as error:
        raise SourceError(Sentence("refused.file.damaged", name=source.name, error=error)) from error
    with stream:
        yield cast(BinaryIO, stream)


class _Reading:
    """Reads one KML file."""

    def __init__(self, chart: Map, name: str, prefix: str = "") -> None:
        self.map, self.name, self.prefix = chart, name, prefix
        self.folders: list[tuple[int, str]] = []
        self.count = self.pieces = 0
        self.unseen = dict.fromkeys(UNSEEN, 0)

    def read_rows(self, stream: BinaryIO) -> Iterator[Row]:
        """Rows of all placemarks."""
        elements = Elements(stream, self.name, KEPT)
        problem = ""
        try:
            for piece in elements:
                self.pieces += 1
                yield from self._handle_piece(piece)
        except zip_members.BROKEN as error:
            problem = str(error)
        problem = elements.problem or problem
        if problem and not self.pieces and not self.prefix:
            raise SourceError(Sentence("refused.file.xml", name=self.map.source.name, problem=problem))
        if problem:
            self.map.tally.add(
                "truncated", Sentence("fault.breaks_off", error=problem), f"{self.prefix}after placemark {self.count}"
            )
        for name, number in self.unseen.items():
            if number:
                code = "outside" if name == "NetworkLink" else "left-out"
                self.map.tally.add(code, Sentence(f"fault.unseen.{name}", count=number), self.prefix.strip())

    def _handle_piece(self, piece: Piece) -> Iterator[Row]:
        if piece.begins:
            if piece.name in FOLDERS:
                self.folders.append((piece.depth, ""))
        elif piece.name == "Placemark":
            self.count += 1
            yield from self._list_placemark_rows(piece.element)
        elif piece.name in FOLDERS and self.folders and self.folders[-1][0] == piece.depth:
            self.folders.pop()
        elif piece.name == "name" and self.folders and self.folders[-1][0] == piece.depth - 1:
            self.folders[-1] = (piece.depth - 1, clean_text(piece.element.text or ""))
        elif piece.name in self.unseen:
            self.unseen[piece.name] += 1

    def _list_placemark_rows(self, element: Element) -> Iterator[Row]:
        place = f"{self.prefix}placemark {self.count}"
        feature = Feature(place, _get_child_text(element, "name"), address=_get_child_text(element, "address"))
        feature.description = clean_description(_get_child_text(element, "description"))
        feature.lines = [
            ("folder", " / ".join(name for _, name in self.folders if name)),
            *list_placemark_texts(element),
        ]
        self._read_times(element, feature)
        tracks = [one for one in element.iter() if get_local_name(one.tag) == "Track"]
        for number, track in enumerate(tracks, 1):
            yield from self._track(track, feature, f"{place} track {number}")
        kinds, feature.spots = read_shape(element)
        feature.is_point = kinds == {"point"}
        feature.kind = next(iter(sorted(kinds - {"point"})), "point")
        if not tracks or feature.spots:
            yield from self.map.list_feature_rows(feature)

    def _read_times(self, element: Element, feature: Feature) -> None:
        """Beginning and end of a placemark; of several times none is its own."""
        for name, values in read_times(element).items():
            if len(values) > 1:
                self.map.tally.add_several(name, values, feature.place)
                feature.lines += [(name, value) for value in values]
            elif values and name == "until":
                feature.until = values[0]
            elif values:
                feature.at = values[0]

    def _track(self, element: Element, feature: Feature, place: str) -> Iterator[Row]:
        whens = [clean_text(one.text or "") for one in element if get_local_name(one.tag) == "when"]
        coords = [clean_text(one.text or "").split(" ") for one in element if get_local_name(one.tag) == "coord"]
        track = Track(self.map, place)
        track.name = feature.name
        for number, parts in enumerate(coords):
            yield from track.add_point(_build_spot(parts), whens[number] if number < len(whens) else "")
        if len(whens) > len(coords):
            message = Sentence("fault.track_times", count=len(whens), found=len(coords))
            self.map.tally.add("count-mismatch", message, place)
        yield from track.finish([("description", feature.description), *feature.lines])


def clean_description(text: str) -> str:
    """A description as it is read: it is HTML by the definition of the format."""
    return clean_text(html_text.extract_text(text)) if "<" in text or ENTITY.search(text) else text


def list_placemark_texts(element: Element) -> Iterator[Line]:
    """What else a placemark says: its telephone, and the data that a program hung on it."""
    yield "phone", _get_child_text(element, "phoneNumber")
    yield "snippet", _get_child_text(element, "Snippet")
    for one in element.iter():
        name = get_local_name(one.tag)
        if name == "Data":
            yield clean_text(one.get("name", "")) or "data", _get_child_text(one, "value")
        elif name in ("SimpleData", "SimpleArrayData"):
            yield clean_text(one.get("name", "")) or "data", clean_text(" ".join(one.itertext()))


def read_times(element: Element) -> dict[str, list[str]]:
    """The different beginnings ('time') and ends ('until') of a placemark, as written."""
    found: dict[str, list[str]] = {"time": [], "until": []}
    for child in element:
        if get_local_name(child.tag) in ("TimeStamp", "TimeSpan"):
            for name in ("when", "begin"):
                found["time"] += _list_child_texts(child, name)
            found["until"] += _list_child_texts(child, "end")
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def read_shape(element: Element) -> tuple[set[str], list[Spot]]:
    """Kinds of geometry in a placemark, and their positions. A point has one: if more are written, none of them is its own."""
    kinds: set[str] = set()
    spots: list[Spot] = []
    for one in element.iter():
        if kind := SHAPES.get(get_local_name(one.tag), ""):
            kinds.add(kind)
            written = " ".join(_list_child_texts(one, "coordinates"))
            tuples = [part for part in written.split(" ") if part]
            if kind == "point" and len(tuples) > 1:
                spots.append(Spot(written, ""))
            else:
                spots += [_build_spot(part.split(",")) for part in tuples]
    return kinds, spots


def _build_spot(parts: list[str]) -> Spot:
    """Position of longitude, latitude and height. A height of 0 is what programs write where they know none."""
    spot = build_spot(parts)
    return spot if spot.height.strip("0.-") else spot._replace(height="")


def _list_child_texts(element: Element, name: str) -> list[str]:
    """The different texts of the children of that name."""
    found = (clean_text(child.text or "") for child in element if get_local_name(child.tag) == name)
    return list(dict.fromkeys(filter(None, found)))


def _get_child_text(element: Element, name: str) -> str:
    return next((clean_text(child.text or "") for child in element if get_local_name(child.tag) == name), "")
