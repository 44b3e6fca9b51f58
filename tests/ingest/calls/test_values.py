"""Values of call records: numbers, handsets, cells, moments; each read as it is or left as written."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest.calls.values import cell_ids, column_times, event_words, phone_numbers
from workbench.ingest.calls.values.column_codes import Pool, Texts, find_distinct, order_of
from workbench.ingest.calls.values.column_times import NEVER
from workbench.model import identifiers

COUNTRIES = st.sampled_from(
    "1 7 20 27 31 33 34 39 44 49 52 54 55 86 91 212 213 216 351 353 380 420 961 966 971".split()
)
DIGITS = st.text("0123456789", min_size=3, max_size=12)


@given(COUNTRIES, DIGITS, st.sampled_from(["", "+"]))
def test_the_quick_way_says_what_the_key_says(country: str, rest: str, plus: str) -> None:
    raw = plus + country + rest
    found = phone_numbers.parse_bare_number(raw, None)
    assert found is None or found == identifiers.build_telephone_key(raw).value


@given(st.text("0123456789", min_size=7, max_size=15))
def test_the_quick_way_is_silent_where_a_country_is_told(digits: str) -> None:
    assert phone_numbers.parse_bare_number(digits, "GB") is None


@pytest.mark.parametrize(
    ("raw", "value", "kind"),
    [
        ("'07700900123'", "+447700900123", "number"),
        ("tel:+447700900123", "+447700900123", "number"),
        ("447700900123@ims.example", "+447700900123", "number"),
        ("112", "112", "emergency"),
        ("84500", "84500", "short code"),
        ("AX-BANK", "ax-bank", "sender name"),
        ("Withheld", "", "withheld"),
        ("Número oculto", "", "withheld"),
        ("*100#", "*100#", "service"),
        ("Voicemail", "voicemail", "service"),
        ("9.17E+11", "", "unreadable"),
        ("-", "", ""),
        ("", "", ""),
    ],
)
def test_parties(raw: str, value: str, kind: str) -> None:
    found = phone_numbers.parse_party(raw, "GB")
    assert (found.value, found.kind) == (value, kind)


@pytest.mark.parametrize(
    ("raw", "value", "check"),
    [
        ("490154203237518", "49015420323751", "ok"),
        ("490154203237510", "49015420323751", "zero"),
        ("490154203237511", "49015420323751", "bad"),
        ("4901542032375101", "49015420323751", "version"),
        ("49015420323751", "49015420323751", "none"),
        ("49-015420-323751-8", "49015420323751", "ok"),
        ("490154203237000", "", "bad"),
        ("4.90154E+14", "", "bad"),
        ("12345", "", "short"),
        ("000000000000000", "", ""),
    ],
)
def test_handsets(raw: str, value: str, check: str) -> None:
    found = phone_numbers.parse_handset(raw)
    assert (found.value, found.check) == (value, check)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("404-96-290-128686112", "404-96-290-128686112"), ("234/10/0001/0002", "234-10-1-2"), ("234-010-1-2", "234-010-1-2"),
        ("Harbour 7", "Harbour7"), ("Quillon  mast 3 B", "Quillon mast3B"),
        (f"{'Mill Road ' * 6}Fetherstone", "Mill Road " * 5 + "Mill Road"),
        ("0-0-0-0", ""), ("", ""),
    ],
)  # fmt: skip
def test_cells(raw: str, value: str) -> None:
    assert cell_ids.normalise_cell(raw) == value


def test_cells_of_parts_and_points() -> None:
    assert cell_ids.build_identifier("234", "10", "0290", "7") == "234-10-290-7"
    assert cell_ids.build_identifier("", "", "290", "7") == "290-7"
    assert cell_ids.build_identifier("234", "10", "", "") == ""
    assert cell_ids.parse_point("Lat: 22.5726 Long: 88.3639") == (22.5726, 88.3639)
    assert cell_ids.parse_point("48,85; 2,35") == (48.85, 2.35)
    assert cell_ids.parse_point("nowhere") is None
    assert not cell_ids.is_point(0.0, 0.0)
    assert not cell_ids.is_point(91, 5)


@pytest.mark.parametrize(
    ("texts", "form", "iso"),
    [
        (["2022-07-04 10:11:12", ""], "", ["2022-07-04T10:11:12", None]),
        (["2022-07-04T10:11:12", "04/07/2022 10:11"], "dmy", ["2022-07-04T10:11:12", "2022-07-04T10:11:00"]),
        (["30-APR-2022 10:11:12 PM"], "", ["2022-04-30T22:11:12"]),
        (["04/07/2022 10:11"], "", [None]),
        (["04/07/2022 10:11"], "mdy", ["2022-04-07T10:11:00"]),
        (["20220704101112", "1656929472", "1656929472123"], "", ["2022-07-04T10:11:12"] * 3),
        (["04/07/2022", "soon", "31/02/2022 10:00"], "dmy", [None, None, None]),
    ],
)
def test_moments(texts: list[str], form: str, iso: list[str | None]) -> None:
    found = column_times.read(pa.array(texts), form).seconds
    assert [None if one == NEVER else str(np.datetime64(int(one), "s")) for one in found] == iso


def test_offsets_and_changes_of_the_clock() -> None:
    stated = column_times.read(pa.array(["2022-07-04T10:00:00+02:00", "2022-07-04T10:00:00Z"]), "")
    assert list(column_times.to_utc(stated, "")[0] - stated.seconds) == [-7200, 0]
    local = column_times.read(pa.array(["2022-03-27 02:30:00", "2022-10-30 02:30:00", "2022-07-01 02:30:00"]), "")
    seconds, doubtful = column_times.to_utc(local, "Europe/Paris")
    assert list(doubtful) == [True, True, False]
    assert list(local.seconds - seconds) == [3600, 7200, 7200]
    assert column_times.to_utc(local, "")[0].tolist() == [NEVER] * 3


@given(st.datetimes(datetime(1900, 1, 1), datetime(2050, 12, 31)))
def test_iso_moments_survive(moment: object) -> None:
    text = moment.replace(microsecond=0).isoformat(sep=" ")  # type: ignore[attr-defined]
    [found] = column_times.read(pa.array([text]), "").seconds
    assert str(np.datetime64(int(found), "s")) == text.replace(" ", "T")


@pytest.mark.parametrize(
    ("raw", "event", "way"),
    [
        ("SMT", "sms", "in"), ("SMO", "sms", "out"), ("CALL-IN", "voice", "in"), ("a_out", "", "out"), ("Voix sortant", "voice", "out"),
        ("Llamada entrante", "voice", "in"), ("مكالمة صادرة", "voice", "out"), ("GPRS", "data", ""), ("CFW", "forward", "fwd"),
        ("in/out", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_events_and_directions(raw: str, event: str, way: str) -> None:
    assert (event_words.find_event(raw), event_words.find_direction(raw)) == (event, way)


def test_single_letters_are_read_together() -> None:
    assert event_words.find_directions(frozenset("ES")) == {"E": "in", "S": "out"}
    assert event_words.find_directions(frozenset("OI")) == {"O": "out", "I": "in"}
    assert event_words.find_directions(frozenset("XY")) == {"X": "", "Y": ""}


CELLS = st.lists(st.text(max_size=6), max_size=40)


@given(CELLS, CELLS)
def test_a_pool_gives_every_row_its_text(one: list[str], two: list[str]) -> None:
    from workbench.ingest.calls.values.column_codes import CodeMeaning

    pool = Pool(Texts(), lambda raw: CodeMeaning(raw.upper(), len(raw), 0, raw != raw.upper()))
    for texts in (one, two):
        for array in (pa.array(texts, pa.string()), pa.array(texts, pa.string()).dictionary_encode()):
            codes = pool.encode_texts(array)
            assert [pool.get_text(int(code)) for code in codes] == texts
            assert pool.texts.decode_column(pool.values[codes]).to_pylist() == [text.upper() for text in texts]
            assert pool.as_written(codes).to_pylist() == [text if text != text.upper() else "" for text in texts]


@given(st.lists(st.integers(-(10**9), 10**9), max_size=50))
def test_order_and_different_numbers(values: list[int]) -> None:
    array = np.array(values, dtype=np.int64)
    found, places = find_distinct(array)
    assert list(found[places] if len(found) else []) == values
    assert list(order_of(array.astype(np.int32))) == sorted(range(len(values)), key=values.__getitem__)
