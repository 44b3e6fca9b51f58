"""Positions in texts of a pseudonymised copy: moved however they are written, and still on the globe."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.case.privacy.pseudonyms.replacement_vocabulary import Vocabulary
from workbench.extract.identifiers.coded_identifiers import find_coordinates
from workbench.model.pseudonyms.name_matching import Phrases, replace_places
from workbench.model.pseudonyms.place_matching import find_places
from workbench.model.pseudonyms.text_rewriter import POSITION, Disguise, FixedSpan
from workbench.model.pseudonyms.tokens import Tokens

KNOWN = {("51.5", "3.6")}
WRITTEN = {
    "extent: latitude 50.7511 to 50.7521, longitude 4.25133 to 4.25233": (
        "extent: latitude 52.2511 to 52.2521, longitude 24.50133 to 24.50233"
    ),
    "position: 51.52, 3.61": "position: 53.02, 23.86",
    "position: 51, 7 (height 3 m)": "position: 52, 27 (height 3 m)",
    "N 48° 51.4 E 2° 21.1": "N 50° 21.4 E 22° 36.1",
    "48°51'24\"N 2°21'07\"E": "50°21'24\"N 22°36'07\"E",
    "0° 30' S, 1° 10' W": "1° 00' N, 19° 05' E",
    "48.8566° N, 2.3522° E": "50.3566° N, 22.6022° E",
    "S 1.25 W 3.5": "N 0.25 E 16.8",
    "Lat 51.52 lon 3.61": "Lat 53.02 lon 23.86",
    '"lat": 51, "lng": 3': '"lat": 52, "lng": 23',
    "Met at 51.5, 3.6.": "Met at 53.0, 23.9.",
    "geo:48.8566,2.3522": "geo:50.3566,22.6022",
    "-12.12345, -170.12345": "-10.62345, -149.87345",
    "POINT (3.61 51.52)": "POINT (23.86 53.02)",
    '"coordinates":[[4.25,50.75,3],[4.26,50.76]]': '"coordinates":[[24.50,52.25,3],[24.51,52.26]]',
    "2024-01-01,48.8566,2.3522,home": "2024-01-01,50.3566,22.6022,home",
    "7,48.8566,2.3522": "7,50.3566,22.6022",
    "7,113.2644,23.1291": "7,133.5144,24.6291",
    '"48.8566","2.3522"': '"50.3566","22.6022"',
    "@48.8566,2.3522,17z": "@50.3566,22.6022,17z",
    "48.8566   2.3522": "50.3566   22.6022",
    "48,8566°N, 2,3522°E": "50,3566°N, 22,6022°E",
    "48,8566N 2,3522E": "50,3566N 22,6022E",
    "N 48° 51,4 E 2° 21,1": "N 50° 21,4 E 22° 36,1",
    "lat 48,8566 lon 2,3522": "lat 50,3566 lon 22,6022",
    "48.85N,2.35E": "50.35N,22.60E",
    "48.8566N2.3522E": "50.3566N22.6022E",
    "48,8566;2,3522": "50,3566;22,6022",
    "48,8566, 2,3522": "50,3566, 22,6022",
    "+48.8566+002.3522/": "+50.3566+22.6022/",
    "٤٨٫٨٥٦٦, ٢٫٣٥٢٢": "50.3566, 22.6022",
    "<coordinates>7,51 8,52,10</coordinates>": "<coordinates>27,52 28,54,10</coordinates>",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_position_is_moved_as_it_is_written(text: str) -> None:
    made = replace_places(text, find_places(text, lambda degrees, axis: degrees + (1.5, 20.25)[axis], KNOWN))
    assert made == WRITTEN[text]


@pytest.mark.parametrize(
    "text",
    [
        "a long 5 minutes at 20° C",
        "1,234.50, 2.345",
        "1,234; 2,345",
        "1,2345,3456",
        "v1.2.3, 3.14",
        "12.50, 13.75",
        "2,020.75, 1,030.50",
        "01.03.2024, 02.03.2024",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert find_places(text, lambda degrees, _: degrees + 1, KNOWN) == []


@pytest.mark.parametrize("form", ["{}° N, {}° E", "{}, {}", "position: {} {}", "lat={} lon={}", "{}N {}E"])
def test_a_position_of_any_number_of_decimals_is_moved(form: str) -> None:
    north, east = "48." + "8566" * 10, "2." + "3522" * 10
    made = Disguise(Tokens(b"secret"), Phrases({})).rewrite_text(form.format(north, east))
    assert "48.8566" not in made and not re.search(r"(?<!\d)2\.3522", made)


@pytest.mark.slow
@given(
    st.floats(-90, 90), st.floats(-180, 180), st.integers(3, 10), st.sampled_from([",", ", ", ";", " / ", "° ", " N, ", "°S "]),
    st.sampled_from(["", "2024-01-01,", "@", "(", "7,", "x:", "'", "7-", "a/"]), st.sampled_from(["", ",17z", "°E", "E", "m", ".", ",9"]),
)  # fmt: skip
@settings(max_examples=500)
def test_what_a_reading_finds_as_a_position_never_stays(
    lat: float, lon: float, decimals: int, between: str, before: str, after: str
) -> None:
    text = f"{before}{lat:.{decimals}f}{between}{lon:.{decimals}f}{after}"
    disguise = Vocabulary(Tokens(b"secret")).build_disguise()
    for found in find_coordinates(text):
        left = re.findall(r"\d+\.\d+", text[found.start : found.end])
        made = disguise.rewrite_text(text)
        assert not [one for one in left if re.search(rf"(?<![\d.]){re.escape(one)}(?!\d)", made)], made


def test_what_is_moved_is_no_code_of_a_square_as_well() -> None:
    tokens = Tokens(b"secret")
    made, places = Disguise(tokens, Phrases({})).replace_text("+48.8566-002.3522+35.000/")
    assert len(places) == 2
    assert made == f"+{tokens.move(48.8566, 0):.4f}{tokens.move(-2.3522, 1):+.4f}+35.000/"


def test_a_position_that_is_known_is_moved_whatever_stands_around_it() -> None:
    text = "x48.8566;y2.3522"
    made = Disguise(Tokens(b"secret"), Phrases({})).rewrite_text(text, [FixedSpan(1, len(text), POSITION)])
    assert "8566" not in made and "3522" not in made and made[0] == "x"


@given(st.binary(min_size=4, max_size=8), st.floats(-90, 90), st.floats(-180, 180))
@settings(max_examples=200)
def test_what_is_moved_stays_on_the_globe_and_what_is_near_stays_near(secret: bytes, lat: float, lon: float) -> None:
    tokens = Tokens(secret)
    north, east = tokens.move(lat, 0), tokens.move(lon, 1)
    assert abs(north) <= 90 and abs(east) <= 180
    assert abs(tokens.move(lat / 2 + 0.001, 0) - tokens.move(lat / 2, 0) - 0.001) < 1e-9
    assert 0.6 <= abs(tokens.moves[0]) <= 2 and 5 <= abs(tokens.moves[1]) <= 165
    made = tokens.move_places(f"{lat:.5f},{lon:.5f}")
    assert re.fullmatch(r"-?\d+\.\d{5},-?\d+\.\d{5}", made), made


@pytest.mark.parametrize(
    "code", ["31UDQ4825111932", "31U DQ 48251 11932", "8FVC9G8F+6X", "///ab.cd.ef", "31U 448251 5411932"]
)
def test_a_code_of_a_square_becomes_another(code: str) -> None:
    made = Disguise(Tokens(b"secret"), Phrases({})).rewrite_text(f"Seen in {code} twice.")
    assert made.startswith("Seen in ") and made.endswith(" twice.") and code not in made
