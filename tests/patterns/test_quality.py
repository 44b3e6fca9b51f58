from __future__ import annotations

from tests.patterns.conftest import Open
from workbench.ledger.duckdb import Analytics
from workbench.patterns import call_quality, telephony

HEAD = "Target No,B Party No,Call Type,Date,Time,Dur(s),IMEI,IMSI,First CGI\n"
ONE = "490154203237518,234101234567890"
ADA = HEAD + f"07700900100,07700900200,OUT,13/07/2022,10:00:00,60,{ONE},234-10-1-1\n"
BEN = HEAD + f"07700900200,07700900100,IN,13/07/2022,10:00:03,58,{ONE},234-10-1-2\n"
TOWERS = "Cell Global ID,Site Name,Latitude,Longitude,Valid From,Valid To\n"


def codes(engine: Analytics) -> dict[str, str]:
    return {one.code: one.message for one in call_quality.list_issues(engine)}


def test_both_parties_records_of_two_files_count_once(opened: Open) -> None:
    engine = opened(ada=ADA, ben=BEN)
    assert "Records of the other party for a call that is also in" in codes(engine)["C-05"]
    assert len(engine.query_frame("SELECT * FROM counted")) == 1
    assert telephony.list_contacts(engine, "+447700900100").table["records"].sum() == 1


def test_calls_that_only_look_alike_count_twice(opened: Open) -> None:
    engine = opened(ada=ADA, ben=BEN.replace("10:00:03", "10:00:30"))
    assert "C-05" not in codes(engine)
    assert len(engine.query_frame("SELECT * FROM counted")) == 2


def test_overlapping_requests_count_once(opened: Open) -> None:
    again = ADA + f"07700900100,07700900200,OUT,14/07/2022,10:00:00,60,{ONE},234-10-1-1\n"
    engine = opened(ada=ADA, again=again)
    assert "requests may overlap" in codes(engine)["C-06"]
    assert len(engine.query_frame("SELECT * FROM counted")) == 2


def test_times_are_compared_in_utc_where_both_zones_are_known(opened: Open) -> None:
    abroad = BEN.replace("Time", "Time (UTC)").replace("10:00:03", "09:00:03")
    assert "C-05" in codes(opened(zone="", ada=ADA.replace("Time", "Time (UTC+1)"), ben=abroad))
    assert "C-05" not in codes(opened(ada=ADA, ben=abroad))


def test_one_file_alone_crosses_nothing(opened: Open) -> None:
    assert codes(opened(ada=ADA)) == {}
    assert codes(opened()) == {}


def test_cells_that_no_list_has_for_the_date(opened: Open) -> None:
    known = TOWERS + "234-10-1-1,Harbour,51.5,4.5,2022-01-01,2022-12-31\n"
    assert "C-11" not in codes(opened(ada=ADA, towers=known))
    assert "'234-10-1-1'" in codes(opened(ada=ADA, towers=known.replace("2022-12-31", "2022-06-30")))["C-11"]
    assert "C-11" in codes(opened(ada=ADA, towers=TOWERS + "234-10-9-9,Mill,51.5,4.5,,\n"))


def test_cells_that_are_too_far_apart_for_the_time(opened: Open) -> None:
    calls = ADA + f"07700900100,07700900200,OUT,13/07/2022,10:10:00,60,{ONE},234-10-1-2\n"
    near = TOWERS + "234-10-1-1,Harbour,51.5,4.5,,\n234-10-1-2,Mill,51.6,4.5,,\n"
    assert "C-10" not in codes(opened(ada=calls, towers=near))
    assert "445 km" in codes(opened(ada=calls, towers=near.replace("51.6", "55.5")))["C-10"]
