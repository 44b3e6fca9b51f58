"""Offsets that no zone has: what bears one is kept, and it has no time, as where a time cannot be read at all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.claimed import of
from tests.ingest.phones.writer import WORKBOOK, Model, message, party, workbook, xml
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Batch, Claim, Document, Issue, Passage, Row
from workbench.model.time_zones import parse_moment, to_utc

Written = tuple[str, str | bytes]
DAY, CLOCK = "2022-07-13", "12:00:00"
POSSIBLE = ["+02:00", "-12:00", "+14:00", "+05:45", "-09:30"]
IMPOSSIBLE = ["+99:99", "-24:00", "+14:30", "+05:75", "-12:30", "+23:59"]
MESSAGE = "message.json"
"""A file that the message desk says is a message."""
UNREADABLE = "+0x:00"
"""What is no offset at all: its time cannot be read."""
WORDS = "Come to the port"
FEW, MANY = 60, 501
"""Calls of a list that is read row by row, and of one that is read by columns only."""


def read_file(name: str, content: str | bytes) -> list[Row]:
    data = content.encode() if isinstance(content, str) else content
    file = SourceFile(Path("/nowhere"), "0" * 64, name, data)
    return list(read(file, {}, "police-message" if name == MESSAGE else detect(file).reader))


def write_letter(offset: str) -> Written:
    at = f"Wed, 13 Jul 2022 {CLOCK} {offset.replace(':', '')}"
    return "a.eml", f"From: rosa@x.example\nTo: dana@x.example\nSubject: s\nDate: {at}\n\n{WORDS}\n"


def write_chat_export(offset: str) -> Written:
    lines = (
        "Conversations found on device 01 Phone (EN) (evidence trace d1) used by custodian Ada (evidence trace d1:9)",
        "WhatsApp conversation about Rosa containing 2 messages between 2 participants (evidence trace d1:1)",
        f"{DAY}T{CLOCK}{offset} | From: Ada | To: Rosa | Message: {WORDS}",
        f"{DAY}T12:30:00+02:00 | From: Rosa | To: Ada | Message: Yes",
    )
    return "chats.txt", "\n".join(lines) + "\n"


def write_telegram(offset: str) -> Written:
    one = {
        "id": 1,
        "type": "message",
        "date": f"{DAY}T{CLOCK}{offset}",
        "from": "Rosa",
        "from_id": "user7",
        "text": WORDS,
    }
    return "result.json", json.dumps({"name": "Rosa", "type": "personal_chat", "id": 7, "messages": [one]})


def write_telegram_page(offset: str) -> Written:
    return "messages.html", (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body><div class="page_wrap">'
        '<div class="page_header"><div class="content"><div class="text bold">Harbour</div></div></div>'
        '<div class="page_body chat_page"><div class="history"><div class="message default clearfix" id="message10">'
        f'<div class="body"><div class="pull_right date details" title="13.07.2022 {CLOCK} UTC{offset}">14:02</div>'
        f'<div class="from_name">Rosa Blum</div><div class="text">{WORDS}</div></div></div></div></div></div></body></html>'
    )


def write_report(offset: str) -> Written:
    chat = {"Messages": [message(party("Rosa"), WORDS, f"{DAY}T{CLOCK}.000{offset}", "m1")]}
    return "report.xml", xml([Model("Chat", {"Source": "WhatsApp", "Id": "r"}, chat, id="k1")])


def write_report_of_calls(offset: str) -> Written:
    fields = {"Direction": "Outgoing", "TimeStamp": f"{DAY}T{CLOCK}.000{offset}", "Duration": "00:01:02", "Note": WORDS}
    return "report.xml", xml([Model("Call", fields, {"Parties": [party("+447700900123", "", "To")]}, id="c1")])


def write_report_of_places(offset: str) -> Written:
    point = Model("Coordinate", {"Latitude": "52.4", "Longitude": "4.6"})
    fields = {"TimeStamp": f"{DAY}T{CLOCK}{offset}", "Category": "GPS", "Name": WORDS}
    return "report.xml", xml([Model("Location", fields, {"Position": [point]}, id="l1")])


def write_report_workbook(offset: str) -> Written:
    calls = [
        ["#", "Parties", "Date", "Time", "Duration", "Direction", "Source", "Deleted"],
        [1, f"To: +447700900123 {WORDS}", "", f"13/07/2022 {CLOCK}(UTC{offset})", "00:01:02", "Outgoing", "Phone", ""],
    ]
    return "report.xlsx", workbook(
        {"Summary": WORKBOOK["Summary"], "Device Info": WORKBOOK["Device Info"], "Call Log (2)": calls}
    )


def write_gpx(offset: str) -> Written:
    return "a.gpx", (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f'<wpt lat="51.9" lon="4.5"><time>{DAY}T{CLOCK}{offset}</time><name>{WORDS}</name></wpt></gpx>'
    )


def write_gpx_track(offset: str) -> Written:
    return "a.gpx", (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f'<trk><name>{WORDS}</name><trkseg><trkpt lat="51.9" lon="4.5"><time>{DAY}T{CLOCK}{offset}</time></trkpt>'
        "</trkseg></trk></gpx>"
    )


def write_kml(offset: str) -> Written:
    return "a.kml", (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>{WORDS}</name><TimeStamp><when>{DAY}T{CLOCK}{offset}'
        "</when></TimeStamp><Point><coordinates>4.5,51.9</coordinates></Point></Placemark></kml>"
    )


def write_features(offset: str) -> Written:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [4.5, 51.9]},
        "properties": {"name": WORDS, "time": f"{DAY}T{CLOCK}{offset}"},
    }
    return "a.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]})


def write_entity(offset: str) -> Written:
    props = {"name": [WORDS], "date": [f"{DAY}T{CLOCK}{offset}"]}
    return "f.ftm.json", json.dumps({"id": "a", "schema": "Message", "properties": props})


def write_statement(offset: str) -> Written:
    from decimal import Decimal

    from tests.ingest.banking.writer import Account, Line, camt

    text = camt(Account([Line(Decimal(1), WORDS)]))
    return "statement.xml", text.replace(f"<Dt>{DAY}</Dt>", f"<DtTm>{DAY}T{CLOCK}{offset}</DtTm>")


def write_statement_by_day(offset: str) -> Written:
    from decimal import Decimal

    from tests.ingest.banking.writer import Account, Line, camt

    return "statement.xml", camt(Account([Line(Decimal(1), WORDS, day=f"{DAY}{offset}")]))


def write_web_page(offset: str) -> Written:
    head = f"<meta property='article:published_time' content='{DAY}T{CLOCK}{offset}'>"
    return (
        "a.html",
        f'<html><head><meta charset="utf-8"><title>T</title>{head}</head><body><p>{WORDS}</p></body></html>',
    )


def write_web_page_by_mail_date(offset: str) -> Written:
    head = f'<meta http-equiv="Last-Modified" content="Wed, 13 Jul 2022 {CLOCK} {offset.replace(":", "")}">'
    return (
        "a.html",
        f'<html><head><meta charset="utf-8"><title>T</title>{head}</head><body><p>{WORDS}</p></body></html>',
    )


def write_pdf(offset: str) -> Written:
    from pypdf import PdfWriter

    made, out = PdfWriter(), io.BytesIO()
    made.add_blank_page(100, 100)
    made.add_metadata({"/Title": WORDS, "/CreationDate": f"D:20220713120000{offset.replace(':', chr(39))}'"})
    made.write(out)
    return "a.pdf", out.getvalue()


def write_police_message(offset: str) -> Written:
    return MESSAGE, json.dumps({
        "type": "request", "from_bureau": "NCB Paris", "to": ["NCB Rome"], "date_time": f"{DAY}T{CLOCK}{offset}",
        "subject": "Harbour", "request": WORDS, "reference": "1/22",
    })  # fmt: skip


def write_register(offset: str) -> Written:
    head = f"Company;Registration number;Incorporated\n{WORDS};123;{DAY}T{CLOCK}{offset}\n"
    lines = (f"Blue {number};{number};{DAY}T12:30:00+02:00\n" for number in range(200, 203))
    return "r.csv", head + "".join(lines)


def write_payments(offset: str) -> Written:
    return "paid.csv", (
        f"Payer;Beneficiary;Amount;Date;Purpose\nRosa;Dana;100.00;{DAY}T{CLOCK}{offset};{WORDS}\n"
        f"Rosa;Dana;110.00;{DAY}T13:00:00+02:00;rent\nRosa;Dana;120.00;{DAY}T13:00:00+02:00;rent\n"
    )


def write_calls(offset: str, count: int = FEW, form: str = DAY) -> Written:
    """A list of calls, of which the first has a time with this offset."""
    head = f"A number;B number;Start;Duration;Direction\n31612345678;31687654329;{form} {CLOCK}{offset};60;OUT\n"
    lines = (f"31612345678;31687{at:06};2022-08-13 12:{at % 60:02}:00;60;OUT\n" for at in range(count - 1))
    return "calls.csv", head + "".join(lines)


def write_calls_by_clock(offset: str, count: int = FEW) -> Written:
    """A list of calls with the offset in a column of the times of day."""
    head = f"A number;B number;Date;Time;Duration;Direction\n31612345678;31687654329;{DAY};{CLOCK}{offset};60;OUT\n"
    lines = (f"31612345678;31687{at:06};2022-08-13;12:{at % 60:02}:00;60;OUT\n" for at in range(count - 1))
    return "calls.csv", head + "".join(lines)


def write_dated_calls(offset: str) -> Written:
    return write_calls(offset, form="13.07.2022")


def write_many_calls(offset: str) -> Written:
    return write_calls(offset, MANY)


def write_many_dated_calls(offset: str) -> Written:
    return write_calls(offset, MANY, "13.07.2022")


def write_many_calls_by_clock(offset: str) -> Written:
    return write_calls_by_clock(offset, MANY)


TOLD = [
    write_letter, write_chat_export, write_telegram, write_telegram_page, write_report, write_report_of_calls, write_report_of_places,
    write_report_workbook, write_gpx, write_gpx_track, write_kml, write_features, write_entity, write_statement,
    write_statement_by_day, write_register, write_payments, write_calls, write_dated_calls, write_calls_by_clock,
    write_many_calls, write_many_dated_calls, write_many_calls_by_clock,
]  # fmt: skip
"""Files of which a time that cannot be read is an issue."""
SILENT = [write_web_page, write_web_page_by_mail_date, write_pdf, write_police_message]
CALLS = [one for one in TOLD if "calls" in one.__name__ and "report" not in one.__name__]
Write = Callable[[str], Written]


def list_codes(rows: list[Row]) -> list[str]:
    return sorted(issue.code for issue in of(Issue, rows))


def list_texts(rows: list[Row]) -> list[str]:
    return [*(one.text for one in of(Passage, rows)), *(one.value for one in of(Claim, rows))]


def list_moments(rows: list[Row]) -> set[str]:
    """What is said of the time of the one thing under test, in UTC: of documents, claims and rows of large tables."""
    found = {to_utc(one.at, "") for one in of(Document, rows)} | {to_utc(one.value, "") for one in of(Claim, rows)}
    for line in (line for batch in of(Batch, rows) for line in batch.rows.to_pylist()):
        if at := line.get("start_utc"):
            found.add(f"{at.isoformat()}Z")
        found.add(to_utc(str(line.get("at") or ""), ""))
    return {at for at in found if at[11:] not in ("10:30:00Z", "10:40:00Z", "10:50:00Z", "11:00:00Z")} - {""}


def count_rows(rows: list[Row]) -> dict[str, int]:
    """Rows by table."""
    found: dict[str, int] = {}
    for batch in of(Batch, rows):
        found[batch.table] = found.get(batch.table, 0) + batch.rows.num_rows
    return found


@pytest.mark.parametrize("offset", POSSIBLE)
@pytest.mark.parametrize("write", [*TOLD, *SILENT])
def test_an_offset_of_a_zone_is_read(write: Write, offset: str) -> None:
    rows = read_file(*write(offset))
    assert "bad-date" not in list_codes(rows)
    if write is not write_statement_by_day and write is not write_pdf:
        assert to_utc(f"{DAY}T{CLOCK}{offset}", "") in list_moments(rows)


@pytest.mark.parametrize("offset", IMPOSSIBLE)
@pytest.mark.parametrize("write", [*TOLD, *SILENT])
def test_a_time_with_an_impossible_offset_is_none(write: Write, offset: str) -> None:
    rows, others = read_file(*write(offset)), read_file(*write("+02:00"))
    assert any(WORDS in text for text in list_texts(rows)) == any(WORDS in text for text in list_texts(others))
    assert len(of(Document, rows)) == len(of(Document, others)) and count_rows(rows) == count_rows(others)
    assert not {at for at in list_moments(rows) if at.startswith("2022-07")}
    if write in TOLD:
        assert ("bad-row" if write is write_telegram else "bad-date") in list_codes(rows)
    for line in (line for batch in of(Batch, rows) for line in batch.rows.to_pylist() if batch.table == "calls"):
        assert line["start"] is None or line["start"].month == 8


@pytest.mark.parametrize("offset", IMPOSSIBLE)
@pytest.mark.parametrize("write", [one for one in TOLD if one not in (write_chat_export, write_telegram_page)])
def test_it_is_told_as_a_time_that_cannot_be_read(write: Write, offset: str) -> None:
    assert list_codes(read_file(*write(offset))) == list_codes(read_file(*write(UNREADABLE)))


@pytest.mark.parametrize("offset", IMPOSSIBLE)
@pytest.mark.parametrize("write", CALLS)
def test_calls_keep_what_is_written(write: Write, offset: str) -> None:
    rows = read_file(*write(offset))
    calls = [line for batch in of(Batch, rows) if batch.table == "calls" for line in batch.rows.to_pylist()]
    assert len(calls) in (FEW, MANY)
    first = min(calls, key=lambda line: line["row"])
    assert (first["start"], first["start_utc"], first["zone"]) == (None, None, "")
    assert first["start_raw"].endswith(f"{CLOCK}{offset}")


def test_a_header_with_an_impossible_offset_states_no_zone() -> None:
    for count in (FEW, MANY):
        name, text = write_calls("", count)
        rows = read_file(name, text.replace("Start", "Start (UTC+99)"))
        calls = [line for batch in of(Batch, rows) if batch.table == "calls" for line in batch.rows.to_pylist()]
        assert len(calls) == count
        assert {(line["zone"], line["start_utc"]) for line in calls} == {("", None)}
        assert all(line["start"] for line in calls)


@pytest.mark.parametrize("offset", IMPOSSIBLE)
def test_no_moment_is_reckoned_with_an_impossible_offset(offset: str) -> None:
    at = f"{DAY}T{CLOCK}{offset}"
    assert to_utc(at, "Europe/Paris") == ""
    assert parse_moment(at, "")[0] != parse_moment(at, "")[0]
