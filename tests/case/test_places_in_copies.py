"""Places in a pseudonymised copy: every one is moved, wherever and however it is written."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.case.copies import make_copy
from tests.case.everywhere import Needles, anywhere
from workbench.case.case import open_case
from workbench.model.pseudonyms.tokens import Tokens

pytestmark = pytest.mark.slow

KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Placemark><name>Yard</name><Point><coordinates>3.61234,51.52345</coordinates></Point></Placemark>
<Placemark><name>Quay</name><Point><coordinates>3.71,51.62</coordinates></Point></Placemark>
<Placemark><name>Whole</name><Point><coordinates>7,53</coordinates></Point></Placemark>
<Placemark><name>Far</name><Point><coordinates>179.98765,-89.12345</coordinates></Point></Placemark></Document></kml>"""
GPX = """<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><trk><name>walk</name><trkseg>
<trkpt lat="50.75112" lon="4.25133"><time>2024-01-01T08:00:00Z</time></trkpt>
<trkpt lat="50.75212" lon="4.25233"><time>2024-01-01T08:01:00Z</time></trkpt></trkseg></trk></gpx>"""
NOTE = "Met at 51.6, 3.7 and N 51° 31.4 E 3° 36.7. Lat 51.52 lon 3.61. Grid 31UES4825111932. At 51.62, 3.71. From -33.86882, 151.2093.\n"
WRITTEN = (
    r"51\.5\d*", r"3\.6\d*", r"51\.62", r"3\.71", r"51\.6", "position: 53", r"50\.75\d*", r"4\.25\d*", "51° 31", "31UES4825",
    r"33\.86882", r"151\.2093", r"179\.98\d*", r"89\.12\d*",
)  # fmt: skip


MOVES = (-0.9, 20.25)
"""Degrees by which no place of these comes to have the figures of another, as by chance it may."""


def test_no_place_stays_where_it_was_and_none_leaves_the_globe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tokens, "moves", MOVES)
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    for name, text in (("p.kml", KML), ("t.gpx", GPX), ("n.md", NOTE)):
        (tmp_path / name).write_text(text, "utf-8")
        case.add(tmp_path / name, zone="UTC")
    case.extract()
    made = make_copy(case, tmp_path)
    sql = sqlite3.connect(made.folder / "ledger.db")
    texts = [text for (text,) in sql.execute("SELECT text FROM passages UNION SELECT value FROM statements").fetchall()]
    assert not [(one, text) for one in WRITTEN for text in texts if re.search(rf"(?<![\d.]){one}(?!\d)", text)]
    assert not [text for text in texts if "--" in text]
    stated = sql.execute("SELECT prop, value FROM statements WHERE prop IN ('latitude', 'longitude')").fetchall()
    assert len(stated) == 8 and ("latitude", "53") not in stated and ("longitude", "7") not in stated
    assert all(abs(float(value)) <= (90 if prop == "latitude" else 180) for prop, value in stated)
    rows = pq.read_table(next((made.folder / "rows").glob("*.parquet"))).to_pydict()
    assert all(abs(lat - old) > 0.5 for lat, old in zip(rows["lat"], (50.75112, 50.75212), strict=True))
    extent = next(re.search(r"latitude (\S+) to \S+, longitude (\S+) to", text) for text in texts if "extent" in text)
    assert extent and [float(one) for one in extent.groups()] == pytest.approx(
        [rows["lat"][0], rows["lon"][0]], abs=1e-4
    )
    assert anywhere(made.folder, Needles(["3.61234", "51.52345", "50.75112", "4.25133"])) == []
