"""Maps in three forms: the same places from each, tracks as positions, and positions that cannot be right."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gpxpy.gpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from tests.ingest.claimed import entities, of
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Batch, Claim, Document, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Harbour</name>
<NetworkLink><name>more</name><Link><href>https://example.org/x.kml</href></Link></NetworkLink>
<Folder><name>Meetings</name>
<Placemark><name>Café Blue</name><description><![CDATA[<b>back</b> room<script>alert(1)</script>]]></description>
<address>1 Quay, Zandhaven</address><phoneNumber>+31644891202</phoneNumber>
<TimeStamp><when>2022-07-01T10:00:00Z</when></TimeStamp>
<ExtendedData><Data name="source"><value>informant</value></Data></ExtendedData>
<Point><coordinates>4.5,51.9,0</coordinates></Point></Placemark>
<Placemark><name>Yard</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
4.1,51.1 4.2,51.1 4.2,51.2 4.1,51.1</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Drive</name><gx:Track><when>2022-07-01T10:00:00Z</when><when>2022-07-01T10:01:00Z</when>
<gx:coord>4.5 51.9 3</gx:coord><gx:coord>0 0 0</gx:coord></gx:Track></Placemark>
</Folder></Document></kml>"""

GPX = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="51.9" lon="4.5"><ele>2.5</ele><time>2022-07-01T10:00:00Z</time><name>Café Blue</name><sym>Flag</sym></wpt>
<rte><name>Plan</name><rtept lat="51.1" lon="4.1"><name>A</name></rtept><rtept lat="51.2" lon="4.2"/></rte>
<trk><name>Drive</name><cmt>van</cmt><trkseg><trkpt lat="51.9" lon="4.5"><time>2022-07-01T10:00:00Z</time></trkpt>
<trkpt lat="95" lon="4.5"/></trkseg><trkseg><trkpt lat="51.8" lon="4.4"><time>2022-07-01T11:00:00Z</time></trkpt></trkseg></trk></gpx>"""

FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "id": 7, "geometry": {"type": "Point", "coordinates": [4.5, 51.9, 2.5]},
         "properties": {"name": "Café Blue", "time": "2022-07-01T10:00:00Z", "source": "informant", "n": None}},
        {"type": "Feature", "geometry": None, "properties": {"title": "Somewhere"}},
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[4.1, 51.1], [4.2, 51.2]]},
         "properties": {"name": "Drive", "coordTimes": ["2022-07-01T10:00:00Z", "2022-07-01T10:01:00Z"]}},
    ],
}  # fmt: skip


def file(data: str | bytes | dict, name: str = "map") -> SourceFile:
    text = json.dumps(data) if isinstance(data, dict) else data
    return SourceFile(Path("/nowhere"), "0" * 64, name, text.encode() if isinstance(text, str) else text)


def positions(rows: Iterable[Row]) -> list[dict]:
    return [row for batch in of(Batch, rows) for row in batch.rows.to_pylist()]


def messages(rows: Iterable[Row]) -> dict[str, str]:
    return {row.code: row.message for row in of(Issue, rows)}


def kmz(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reader"), [(KML, "kml"), (GPX, "gpx"), (FEATURES, "geojson"), (kmz(doc_kml=KML), "kml")]
)
def test_the_same_place_and_event_from_every_form(data: str | bytes | dict, reader: str) -> None:
    source = file(data)
    assert detect(source).reader == reader
    rows = list(read(source))
    found = entities(rows, "Address")
    pin = entities(read(file(FEATURES)), "Address")
    place = next(key for key, said in pin.items() if said["name"] == ["Café Blue"])
    assert (found[place]["latitude"], found[place]["longitude"]) == (["51.9"], ["4.5"])
    (event,) = entities(rows, "Event").values()
    assert (event["startDate"], event["location"]) == (["2022-07-01T10:00:00Z"], ["Café Blue"])
    assert event["addressEntity"] == [place]
    texts = {row.id: row.text for row in of(Passage, rows)}
    marked = [claim for claim in of(Claim, rows) if claim.start >= 0]
    assert len(marked) > 4
    assert all(texts[c.passage_id][c.start : c.end] == (c.original_value or c.value) for c in marked)
    assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in of(Document, rows)}


def test_placemarks() -> None:
    rows = list(read(file(KML)))
    assert [row.text for row in of(Passage, rows)] == [
        "name: Café Blue\nposition: 51.9, 4.5\ntime: 2022-07-01T10:00:00Z\naddress: 1 Quay, Zandhaven\n"
        "description: back room\nfolder: Harbour / Meetings\nphone: +31644891202\nsource: informant",
        "name: Yard\narea: 4 points, latitude 51.1 to 51.2, longitude 4.1 to 4.2\nfolder: Harbour / Meetings",
        "Track 1\nname: Drive\nstart: 2022-07-01T10:00:00Z\nend: 2022-07-01T10:01:00Z\npoints: 2\n"
        "extent: latitude 51.9 to 51.9, longitude 4.5 to 4.5\nfolder: Harbour / Meetings",
        "name: more\nhref: https://example.org/x.kml",
    ]
    found = {said["name"][0]: said for said in entities(rows, "Address").values()}
    assert found["Café Blue"]["full"] == ["1 Quay, Zandhaven"]
    assert set(found["Yard"]) == {"name"}
    assert [(row["row"], row["at"], row["lat"], row["lon"], row["height"]) for row in positions(rows)] == [
        (1, "2022-07-01T10:00:00Z", 51.9, 4.5, 3.0)
    ]
    said = messages(rows)
    assert "links to other files: 1. Nothing was downloaded" in said["outside"]
    assert "Track points left out: 1 (points 2)" in said["bad-position"]


@pytest.mark.parametrize("space", ['xmlns="http://earth.google.com/kml/2.1"', ""])
def test_older_and_nameless_kml(space: str) -> None:
    text = f"<kml {space}><Placemark><name>A</name><Point><coordinates>\n 4.5,51.9 </coordinates></Point></Placemark></kml>"
    assert [said["latitude"] for said in entities(read(file(text)), "Address").values()] == [["51.9"]]


def test_gpx_tracks_and_routes() -> None:
    rows = list(read(file(GPX)))
    assert [row.text for row in of(Passage, rows)] == [
        "name: Café Blue\nposition: 51.9, 4.5 (height 2.5 m)\ntime: 2022-07-01T10:00:00Z\nsym: Flag",
        "name: Plan\nroute: 2 points, latitude 51.1 to 51.2, longitude 4.1 to 4.2\nstop: A (51.1, 4.1)",
        "Track 1\nname: Drive\nstart: 2022-07-01T10:00:00Z\nend: 2022-07-01T11:00:00Z\npoints: 3\n"
        "extent: latitude 51.8 to 51.9, longitude 4.4 to 4.5\ncmt: van",
    ]
    assert [(row["row"], row["lat"], row["lon"]) for row in positions(rows)] == [(1, 51.9, 4.5), (3, 51.8, 4.4)]
    documents = {row.id: row for row in of(Document, rows)}
    assert {documents[row["document_id"]].title for row in positions(rows)} == {"Drive (map)"}
    assert "Track points without a time: 1" in messages(rows)["bad-date"]
    assert set(entities(rows, "Address")) == set(entities(read(file(FEATURES)), "Address")) & set(
        entities(rows, "Address")
    )


def test_words_beside_features_are_read() -> None:
    point = '<trkpt lat="1" lon="2"><name>Stop</name><cmt>by the mill</cmt><extensions><hr>90</hr></extensions></trkpt>'
    head = "<metadata><desc>of the van</desc><author><name>Bee</name></author></metadata>"
    rows = list(
        read(
            file(
                f'<gpx creator="Handheld">{head}<trk><link href="http://a.example"/><trkseg>{point}</trkseg></trk></gpx>'
            )
        )
    )
    text = "\n".join(row.text for row in of(Passage, rows))
    for word in ("Stop", "by the mill", "of the van", "Bee", "Handheld", "http://a.example"):
        assert word in text
    assert "Measurements at track or route points were not read: 1 (extensions hr)" in messages(rows)["left-out"]
    feature = {"type": "Feature", "title": "foreign", "geometry": None, "properties": {"name": "p"}}
    inner = {"type": "FeatureCollection", "name": "outer", "features": [feature], "description": "of the mill"}
    for data in (inner, f"{json.dumps(inner)}\n{json.dumps(inner)}\n"):
        text = "\n".join(row.text for row in of(Passage, read(file(data))))
        for word in ("title: foreign", "name: outer", "description: of the mill"):
            assert word in text


def test_features_on_lines_and_bare_geometries() -> None:
    lines = "\n".join(json.dumps(one) for one in FEATURES["features"])
    assert detect(file(lines)).reader == "geojson"
    assert len(positions(read(file(lines)))) == 2
    bare = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [4.5, 51.9]},
                                                         {"type": "MultiPoint", "coordinates": [[4.6, 51.8]]}]}  # fmt: skip
    found = entities(read(file(bare)), "Address").values()
    assert [said["latitude"] for said in found] == [["51.9"], ["51.8"]]
    big = {"type": "FeatureCollection", "features": FEATURES["features"] * 800}
    assert detect(file(big)).reader == "geojson"
    assert len(of(Trace, read(file(big)))) == 2_400


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        (
            [4.5, 95.0],
            "A latitude is not between -90 and 90 degrees. The latitude and the longitude are probably swapped",
        ),
        ([0, 0], "A position has latitude 0 and longitude 0"),
        ([155_000.5, 463_000.25], "A position is outside the range"),
        (["x", None], "A position is not a pair of numbers"),
        ([], ""),
    ],
)
def test_positions_that_cannot_be_right(coordinates: list, message: str) -> None:
    one = {"type": "Feature", "geometry": {"type": "Point", "coordinates": coordinates}, "properties": {"name": "A"}}
    rows = list(read(file(one)))
    (place,) = entities(rows, "Address").values()
    assert set(place) == {"name"}
    assert messages(rows).get("bad-position", "").startswith(message)


def test_another_coordinate_system_is_not_read_as_degrees() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    for data in ({"crs": crs, **FEATURES}, {**FEATURES, "crs": crs}):
        rows = list(read(file(data)))
        assert not positions(rows)
        assert all("latitude" not in said for said in entities(rows, "Address").values())
        assert "28992" in messages(rows)["bad-position"]
    fine = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, **FEATURES}
    assert len(positions(read(file(fine)))) == 2


DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda at: max(map(abs, at)) > 1e-3)
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=10).filter(clean_text)
PINS = st.lists(st.tuples(NAMES, DEGREES), min_size=1, max_size=6)


def pins(rows: Iterable[Row]) -> list[tuple[str, tuple[float, float]]]:
    found = entities(rows, "Address").values()
    return [(said["name"][0], (float(said["latitude"][0]), float(said["longitude"][0]))) for said in found]


def unlike(given: list) -> list:
    """Pins that are different places: names and positions compared as the reader does."""
    from workbench.model.text.normalise import normalise_name

    kept = {
        (normalise_name(name), f"{lat + 0.0:.6f}", f"{lon + 0.0:.6f}"): (clean_text(name), (lat, lon))
        for name, (lat, lon) in reversed(given)
    }
    return list(reversed(kept.values()))


@settings(max_examples=60, deadline=None)
@given(PINS, st.booleans())
def test_geojson_comes_back(given: list, indented: bool) -> None:
    features = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": {"name": name}}
                for name, (lat, lon) in unlike(given)]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features}, indent=1 if indented else None)
    assert pins(read(file(text))) == unlike(given)


@settings(max_examples=40, deadline=None)
@given(PINS, st.lists(DEGREES, max_size=8))
def test_gpx_of_the_library_comes_back(given: list, path: list) -> None:
    made = gpxpy.gpx.GPX()
    made.waypoints = [gpxpy.gpx.GPXWaypoint(round(lat, 6), round(lon, 6), name=name) for name, (lat, lon) in given]
    track = gpxpy.gpx.GPXTrack(name="T")
    start = datetime(2022, 7, 1, tzinfo=UTC)
    points = [
        gpxpy.gpx.GPXTrackPoint(round(lat, 6), round(lon, 6), time=start + timedelta(seconds=n))
        for n, (lat, lon) in enumerate(path)
    ]
    track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
    made.tracks.append(track)
    rows = list(read(file(made.to_xml())))
    assert len(of(Trace, rows)) == len(given) + 1
    back = [(row["lat"], row["lon"]) for row in positions(rows)]
    assert back == [
        (point.latitude, point.longitude) for point in points if (point.latitude, point.longitude) != (0, 0)
    ]
    known = {(name, (round(lat, 6), round(lon, 6))) for name, (lat, lon) in given}
    assert {pin for pin in pins(rows) if pin[0] in dict(given)} <= {(clean_text(name), at) for name, at in known}


@settings(max_examples=30, deadline=None)
@given(PINS)
def test_kml_of_the_library_comes_back(given: list) -> None:
    import fastkml
    from pygeoif import Point as At

    wanted = unlike(given)
    marks = [
        fastkml.Placemark(name=name, kml_geometry=fastkml.Point(geometry=At(lon, lat))) for name, (lat, lon) in wanted
    ]
    text = fastkml.KML(features=marks).to_string(precision=None)
    assert [(name, at) for name, at in pins(read(file(text)))] == wanted


# Hostile --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            '<!DOCTYPE kml [<!ENTITY a "b">]><kml><Placemark><name>&a;</name></Placemark></kml>',
            "declares an XML document type",
        ),
        ('<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx></gpx>', "declares an XML document type"),
        ("\n\n <kml", "cannot be read as XML"),
        ("<<gpx", "cannot be read as XML"),
        (kmz(doc_kml="<kml>" + " " * 40_000_000 + "</kml>"), "too much for a map"),
        (kmz(doc_kml=KML)[:-60], "looks like a ZIP file, but the file is damaged or incomplete"),
    ],
    ids=range(6),
)
def test_maps_that_cannot_be_read(data: str | bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(read(file(data), reader="gpx" if isinstance(data, str) and "gpx" in data else "kml"))


@pytest.mark.parametrize("reader", ["kml", "gpx"])
def test_a_map_that_breaks_off(reader: str) -> None:
    text = KML if reader == "kml" else GPX
    rows = list(read(file(text[: text.rindex("</")]), reader=reader))
    assert "The file could not be read completely" in messages(rows)["truncated"]
    assert entities(rows, "Event")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"type": "FeatureCollection", "features": [1, {}'])
def test_geojson_that_holds_nothing(data: bytes) -> None:
    rows = list(read(file(data), reader="geojson"))
    assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in of(Document, rows)}
    assert of(Issue, rows)


def test_an_archive_with_a_map_in_it_is_no_kmz() -> None:
    assert detect(file(kmz(doc_kml=KML), "a.zip")).reader == "kml"
    data = kmz(a_kml=KML, letter_txt="x")
    assert detect(file(data, "a.kmz")).reader == "kml"
    assert (
        "Other files in the archive (for example pictures or 3D models) were not read: 1."
        in messages(read(file(data, "a.kmz")))["left-out"]
    )


@pytest.mark.slow
def test_many_points_take_time_in_proportion() -> None:
    def work(many: int) -> None:
        points = '<trkpt lat="51.9" lon="4.5"><time>2022-07-01T10:00:00Z</time></trkpt>' * many
        assert len(positions(read(file(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")))) == many

    linear(work, 2_000, 20_000)


@pytest.mark.parametrize("written", ["4,41,51,90", "4,41,51,90,0", "4,4 51,9", "4.4,51.9,0 4.5,52"])
def test_a_point_with_too_many_numbers_is_no_place(written: str) -> None:
    point = f"<Placemark><name>Quay</name><Point><coordinates>{written}</coordinates></Point></Placemark>"
    rows = list(read(file(f'<kml xmlns="http://www.opengis.net/kml/2.2">{point}</kml>', "l.kml")))
    assert [one.code for one in of(Issue, rows)] == ["bad-position"]
    assert f"position: {written}" in of(Passage, rows)[0].text
    assert {one.prop for one in of(Claim, rows)} == {"name"}


@pytest.mark.parametrize("written", [[4, 41, 51, 90], [4, 41, 51, 90, 0], [[4.4, 51.9], [5, 52]]])
def test_a_point_of_geojson_with_too_many_numbers_is_no_place(written: list) -> None:
    point = {"type": "Feature", "properties": {"name": "Quay"}, "geometry": {"type": "Point", "coordinates": written}}
    rows = list(read(file(point, "g.geojson")))
    assert [one.code for one in of(Issue, rows)] == ["bad-position"]
    assert {one.prop for one in of(Claim, rows)} == {"name"}


def test_a_second_time_or_position_of_a_place_is_told_and_none_is_used() -> None:
    kml = KML.replace(
        "<when>2022-07-01T10:00:00Z</when></TimeStamp>",
        "<when>2022-07-01T10:00:00Z</when><when>2020-01-01</when></TimeStamp>",
    )
    gpx = GPX.replace("<ele>2.5</ele>", "<ele>2.5</ele><time>2020-01-01</time>")
    track = GPX.replace('<trkpt lat="51.9" lon="4.5">', '<trkpt lat="51.9" lon="4.5"><time>2020-01-01</time>')
    for text in (kml, gpx):
        rows = list(read(file(text)))
        assert "contradiction" in [one.code for one in of(Issue, rows)]
        assert any(
            "time: 2022-07-01T10:00:00Z\ntime: 2020-01-01"
            in one.text.replace(
                "time: 2020-01-01\ntime: 2022-07-01T10:00:00Z", "time: 2022-07-01T10:00:00Z\ntime: 2020-01-01"
            )
            for one in of(Passage, rows)
        )
        assert not any(one.schema == "Event" for one in of(Claim, rows))
    rows = list(read(file(track)))
    assert "contradiction" in [one.code for one in of(Issue, rows)]
    twice = KML.replace(
        "<coordinates>4.5,51.9,0</coordinates>",
        "<coordinates>4.5,51.9,0</coordinates><coordinates>5.5,50.9,0</coordinates>",
    )
    rows = list(read(file(twice)))
    assert any("4.5,51.9,0 5.5,50.9,0" in one.text for one in of(Passage, rows))
    assert not any(one.prop == "latitude" for one in of(Claim, rows))


@pytest.mark.parametrize(
    ("properties", "is_used"),
    [
        ({}, True),
        ({"lat": 51.901, "lon": 4.5}, True),
        ({"lat": "4.5", "lon": "51.9"}, False),
        ({"latitude": 51.9, "lng": 8.5}, False),
        ({"lat": "n/a", "lon": "4.5"}, True),
    ],
)
def test_properties_that_contradict_the_coordinates_are_told(properties: dict[str, object], is_used: bool) -> None:
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [4.5, 51.9]},
        "properties": {"name": "Quay", **properties},
    }
    rows = list(read(file({"type": "FeatureCollection", "features": [point]})))
    assert any(one.prop == "latitude" for one in of(Claim, rows)) == is_used
    assert ("bad-position" not in [one.code for one in of(Issue, rows)]) == is_used
    assert "51.9" in of(Passage, rows)[0].text


def test_a_geometry_with_coordinates_twice_has_none() -> None:
    text = json.dumps(FEATURES).replace(
        '"coordinates": [4.5, 51.9, 2.5]', '"coordinates": [4.5, 51.9, 2.5], "coordinates": [5.5, 50.9]'
    )
    rows = list(read(file(text)))
    assert "contradiction" in [one.code for one in of(Issue, rows)]
    assert not any(one.prop == "latitude" for one in of(Claim, rows))
