"""A map as KML. Viewers show descriptions as web pages: every text in them is written so that it is shown, never run."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import isnan
from typing import TYPE_CHECKING

from workbench.model.text.spreadsheet_escape import escape_unseen

if TYPE_CHECKING:
    from workbench.report.exports.export_header import About
    from workbench.report.exports.map_features import Facts, Map, MapPoint, Track

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>\n'
)
PLAIN = '<Style id="plain"><BalloonStyle><text>$[description]</text></BalloonStyle></Style>\n'
"""The balloon of a place shows its description alone: names and data would be put into it as they are."""


def to_kml(drawn: Map, about: About) -> bytes:
    """Placemarks for places, a gx:Track for each way; the marking stands in the name of the document and as its data `mark`.

    Notes
    -----
    A description is HTML by the definition of the format, and is escaped as such; names and data are plain text. The balloon
    of each place is given, so that no viewer puts names or data into HTML. Nothing refers to another file or address.

    References
    ----------
    OGC KML 2.3; Google's extension gx:Track.
    """
    parts = [HEAD, _encode_element("name", " – ".join(filter(None, (about.mark, about.title)))), PLAIN]
    parts += [
        _encode_facts((("mark", about.mark),)),
        *map(_encode_placemark, drawn.places),
        *map(_encode_track, drawn.ways),
    ]
    return "".join([*parts, "</Document></kml>\n"]).encode("utf-8")


def _encode_placemark(place: MapPoint) -> str:
    inside = [
        _encode_element("name", place.name), _encode_element("address", place.address),
        _encode_element("description", _encode_html(place.description)),
        *_encode_time(place), _encode_balloon(place), _encode_facts(place.facts),
        f"<Point><coordinates>{place.lon},{place.lat}</coordinates></Point>",
    ]  # fmt: skip
    return f"<Placemark>{''.join(inside)}</Placemark>\n"


def _encode_time(place: MapPoint) -> Iterator[str]:
    if place.until:
        yield f"<TimeSpan>{_encode_element('begin', place.at)}{_encode_element('end', place.until)}</TimeSpan>"
    elif place.at:
        yield f"<TimeStamp>{_encode_element('when', place.at)}</TimeStamp>"


def _encode_balloon(place: MapPoint) -> str:
    """The style of a place: what its balloon says. `$[` would be replaced by a value, as it is."""
    if not place.facts:
        return "<styleUrl>#plain</styleUrl>"
    told = [place.description, *(f"{label}: {text}" for label, text in place.facts)]
    shown = "<br/>".join(_encode_html(text).replace("$[", "&#36;[") for text in told if text)
    return f"<Style><BalloonStyle>{_encode_element('text', shown)}</BalloonStyle></Style>"


def _encode_track(way: Track) -> str:
    whens = "".join(f"<when>{_escape_text(point.at)}</when>" for point in way.points)
    coords = "".join(
        f"<gx:coord>{point.lon!r} {point.lat!r} {0 if isnan(point.height) else repr(point.height)}</gx:coord>"
        for point in way.points
    )
    name = _encode_element("name", way.name)
    return f"<Placemark>{name}<styleUrl>#plain</styleUrl><gx:Track>{whens}{coords}</gx:Track></Placemark>\n"


def _encode_facts(facts: Facts) -> str:
    made = [
        f'<Data name="{escape(escape_unseen(label))}">{_encode_element("value", text)}</Data>'
        for label, text in facts
        if label and text
    ]
    return f"<ExtendedData>{''.join(made)}</ExtendedData>" if made else ""


def _encode_element(name: str, text: str) -> str:
    return f"<{name}>{_escape_text(text)}</{name}>" if text else ""


def _escape_text(text: str) -> str:
    return escape(escape_unseen(text), quote=False)


def _encode_html(text: str) -> str:
    """A text as HTML shows it."""
    return escape(text, quote=False)
