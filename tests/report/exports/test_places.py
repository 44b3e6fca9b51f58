"""Maps out and in again: places, events and ways come back, and no viewer runs what stands in a text."""

from __future__ import annotations

import json
import re
from math import nan

import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.exports.rows import claims, evidence, file
from tests.report.payloads import PAYLOADS
from workbench.ingest import detect, read
from workbench.ingest.reading.source import Evidence
from workbench.model.rows import Batch, Issue, Row
from workbench.model.table_schemas import MASS
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.values import limits
from workbench.report.exports import About, escape_unseen
from workbench.report.exports.geojson import to_geojson
from workbench.report.exports.kml import to_kml
from workbench.report.exports.map_features import Map, MapPoint, Point, Track, from_claims, from_positions, from_table

ABOUT = About(title="Harbour", mark="EXERCISE – FOR TRAINING ONLY")
WRITERS = pytest.mark.parametrize("write", [to_geojson, to_kml])
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
TEXTS = st.one_of(TEXTS, st.sampled_from(["<b>x</b>", "a & b", "&lt;", "&amp;lt;", "$[name]", "]]>", "=1"])).map(
    clean_text
)
TEXTS = TEXTS.filter(bool)
DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda at: max(map(abs, at)) > 1e-3)
TIMES = st.sampled_from(["", "2022-07-01", "2022-07-01T10:00:00Z", "2022-07-01T10:00:00"])
MADE = Evidence("test", "1", "d")


def at_one_place(place: MapPoint) -> tuple[str, float, float]:
    """Places that our reader takes for one."""
    return normalise_name(place.name), round(float(place.lat), 6) + 0.0, round(float(place.lon), 6) + 0.0


PLACES = st.lists(
    st.builds(
        lambda name, at, address, description, time: MapPoint(name, repr(at[0]), repr(at[1]), time, "", address, description),
        TEXTS, DEGREES, st.one_of(st.just(""), TEXTS), st.one_of(st.just(""), TEXTS), TIMES,
    ), max_size=5, unique_by=at_one_place,
)  # fmt: skip
POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180), st.one_of(st.just(nan), st.floats(1, 9000)), TIMES)
POINTS = POINTS.filter(lambda point: max(abs(point.lat), abs(point.lon)) > 1e-3)
WAYS = st.lists(st.builds(Track, TEXTS, st.lists(POINTS, min_size=2, max_size=5).map(tuple)), max_size=2)


def said(rows: list[Row]) -> set[tuple[str, ...]]:
    """What is claimed of each place and event, without the ids that a file gives."""
    found: dict[str, set[str]] = {}
    for claim in claims(rows):
        value = "somewhere" if claim.prop == "addressEntity" else claim.value
        found.setdefault(claim.entity_id, {claim.schema}).add(f"{claim.prop}={value}")
    return {tuple(sorted(one)) for one in found.values()}


def positions(rows: list[Row]) -> pd.DataFrame:
    found = [row for one in rows if isinstance(one, Batch) for row in one.rows.to_pylist()]
    frame = pd.DataFrame(found, columns=pd.Index(MASS["positions"]))
    return frame.assign(title=frame["document_id"]).astype({"lat": float, "lon": float, "height": float})


@WRITERS
@settings(max_examples=60, deadline=None)
@given(places=PLACES, ways=WAYS)
@pytest.mark.slow
def test_a_map_comes_back(write: object, places: list[MapPoint], ways: list[Track]) -> None:
    name = "x.kml" if write is to_kml else "x.geojson"
    first = list(read(file(write(Map(tuple(places), tuple(ways)), ABOUT), name), reader=name[2:]))  # type: ignore[operator]
    points = [point for way in ways for point in way.points]
    found = positions(first)
    assert list(zip(found["lat"], found["lon"], found["at"], strict=True)) == [(p.lat, p.lon, p.at) for p in points]
    again = from_claims(evidence(first)) + from_positions(found)
    source = file(write(again, ABOUT), name, "1")  # type: ignore[operator]
    assert detect(source).reader == name[2:]
    second = list(read(source))
    assert said(second) == said(first)
    back = positions(second)
    assert sorted(zip(back["lat"], back["lon"], back["at"], strict=True)) == sorted(
        (p.lat, p.lon, p.at) for p in points
    )
    assert {row.code for row in second if isinstance(row, Issue)} <= {"bad-date", "empty"}


@WRITERS
def test_every_text_comes_back_as_text(write: object) -> None:
    texts = [text for text in PAYLOADS if clean_text(escape_unseen(text))]
    drawn = Map(
        tuple(
            MapPoint(text, "51.9", f"4.{number}", "", "", text, text, (("source", text),))
            for number, text in enumerate(texts)
        )
    )
    name = "kml" if write is to_kml else "geojson"
    rows = list(read(file(write(drawn, ABOUT), f"x.{name}"), reader=name))  # type: ignore[operator]
    back = {claim.value for claim in claims(rows) if claim.prop in ("name", "description", "full")}
    wanted = {
        clean_text(escape_unseen(text) if write is to_kml else text.replace("\x00", "").replace("\ud800", "?"))
        for text in texts
    }
    wanted |= {limits.cut_text(text, limits.LABEL) for text in wanted}  # a name is cut where it is read
    assert {" ".join(text.split()) for text in back} == {" ".join(text.split()) for text in wanted}


def test_what_viewers_show_as_a_page_holds_no_tag_and_no_placeholder() -> None:
    drawn = Map(
        tuple(
            MapPoint(text, "51.9", "4.5", description=text, facts=(("$[name]", text),)) for text in (*PAYLOADS, "$[x]")
        )
    )
    root = fromstring(to_kml(drawn, ABOUT))
    shown = [one.text or "" for one in root.iter() if one.tag.endswith(("}description", "}text"))]
    assert len(shown) > 2 * len(PAYLOADS)
    for text in shown:
        assert not re.search(r"<(?!br/>)", text)
        assert "$[" not in text.replace("$[description]", "") or text in map(escape_unseen, (*PAYLOADS, "$[x]"))
    assert not [one for one in root.iter() if one.tag.endswith(("}href", "}Link", "}NetworkLink", "}Icon"))]


@WRITERS
def test_the_marking_is_on_the_map(write: object) -> None:
    data = write(Map(), ABOUT)  # type: ignore[operator]
    assert data.decode().count(ABOUT.mark) == (2 if write is to_kml else 1)
    assert write(Map(), ABOUT) == data  # type: ignore[operator]


def test_geojson_is_json_with_the_digits_of_the_source() -> None:
    made = to_geojson(Map((MapPoint("a", "51.900", "4.50", facts=(("time", "noon"), ("n", "1"))),)), ABOUT)
    (feature,) = json.loads(made)["features"]
    assert b"[4.50, 51.900]" in made
    assert feature["properties"] == {"name": "a", "time (as given)": "noon", "n": "1"}


def test_a_position_that_cannot_be_right_is_left_out_and_counted() -> None:
    rows = [MADE.build_claim("Address", "a", prop, value) for prop, value in (("latitude", "95"), ("longitude", "4.5"))]
    rows += [MADE.build_claim("Address", "b", prop, value) for prop, value in (("latitude", "x"), ("longitude", "4.5"))]
    rows += [
        MADE.build_claim("Address", "c", prop, value) for prop, value in (("latitude", "+51.9"), ("longitude", "4.5"))
    ]
    made = from_claims(evidence(rows))
    assert [(place.lat, place.lon) for place in made.places] == [("51.9", "4.5")]
    assert made.left_out == 2


def test_latitude_and_longitude_belong_together_where_one_source_says_both() -> None:
    rows = []
    for document, lat, lon in (("d1", "51.9", "4.5"), ("d2", "52.1", "4.6")):
        place = Evidence("test", "1", document)
        rows += [
            place.build_claim("Address", "a", "latitude", lat),
            place.build_claim("Address", "a", "longitude", lon),
        ]
    assert [(one.lat, one.lon) for one in from_claims(evidence(rows)).places] == [("51.9", "4.5"), ("52.1", "4.6")]


def test_a_second_description_is_kept_as_data() -> None:
    said = (
        ("name", "Quay"),
        ("latitude", "51.9"),
        ("longitude", "4.5"),
        ("description", "dark"),
        ("description", "wet"),
    )
    (place,) = from_claims(evidence([MADE.build_claim("Address", "a", prop, value) for prop, value in said])).places
    assert (place.description, place.facts) == ("dark", (("description (also)", "wet"),))


def test_an_event_of_another_name_stands_beside_its_place() -> None:
    rows = [
        MADE.build_claim("Address", "a", prop, value)
        for prop, value in (("name", "Quay"), ("latitude", "51.9"), ("longitude", "4.5"))
    ]
    rows += [
        MADE.build_claim("Event", "e", prop, value)
        for prop, value in (("name", "Raid"), ("startDate", "2024"), ("addressEntity", "a"))
    ]
    assert [(one.name, one.at, one.facts) for one in from_claims(evidence(rows)).places] == [
        ("Quay", "", ()), ("Raid", "2024", (("place", "Quay"),)),
    ]  # fmt: skip


def test_stored_places_of_a_telephone_are_points_and_no_way() -> None:
    row = dict.fromkeys(MASS["positions"], "") | {
        "document_id": "d",
        "lat": 52.4,
        "lon": 4.6,
        "height": nan,
        "radius": 50.0,
    }
    frame = pd.DataFrame([row | {"row": 1, "at": "2022-07-13", "method": "Location: Wi-Fi", "title": "Phone"}])
    made = from_positions(frame)
    facts = (("row", "1"), ("radius", "50.0"), ("method", "Location: Wi-Fi"), ("source", "Phone"))
    assert not made.ways
    assert made.places == (MapPoint("", "52.4", "4.6", "2022-07-13", facts=facts),)


def test_any_table_with_positions() -> None:
    frame = pd.DataFrame(
        {"cell": ["234-10-1-2", "x"], "latitude": [51.9, nan], "longitude": [4.5, 4.5], "azimuth": [120, 1]}
    )
    made = from_table(frame)
    assert made.places == (MapPoint("", "51.9", "4.5", facts=(("cell", "234-10-1-2"), ("azimuth", "120"))),)
    assert made.left_out == 1


def test_a_way_of_one_position_is_a_point() -> None:
    (feature,) = json.loads(to_geojson(Map(ways=(Track("a", (Point(51.9, 4.5, nan, "2024"),)),)), ABOUT))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [4.5, 51.9]}
