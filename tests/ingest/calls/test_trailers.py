"""Rows that are no records: totals, sums, notes and ends of reports are told and left out, and no record is taken for one."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.calls.tables import batch, table
from tests.ingest.claimed import of
from workbench.ingest.calls import table_reading, text_table_stream
from workbench.ingest.calls.trailing_rows import Trailers
from workbench.ingest.calls.values.lexicon import BELOW, read_entries
from workbench.model.rows import Claim, Issue, Passage, Row

HEADERS = ["Seq", "Calling Number", "Called Number", "Start Time", "Duration", "IMEI", "First CGI"]
FIELDS = ("record", "a", "b", "start", "duration", "imei", "first_cell")


def record(number: int) -> list[str]:
    at = datetime(2024, 3, 1) + timedelta(minutes=37 * number)
    other = f"+4477009002{number:02}"
    return [
        str(number + 1),
        "+447700900100",
        other,
        at.isoformat(" "),
        str(number % 90),
        "490154203237518",
        "234-10-1-2",
    ]


def content(*last: list[str], count: int = 40, before: tuple[list[str], ...] = ()) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([*before, HEADERS, *map(record, range(count)), *last])
    return out.getvalue()


def told(rows: list[Row]) -> str:
    return " ".join(row.message for row in of(Issue, rows) if row.code == "bad-row")


TRAILERS = [
    ["Total records: 40", "", "", "", "", "", ""],
    ["Total records", "40", "", "", "", "", ""],
    ["TOTAL", "", "", "", "1560", "", ""],
    ["Total", "+447700900100", "", "", "1560", "", ""],
    ["", "", "", "", "1560", "", ""],
    ["", "", "Summe", "", "1560", "", ""],
    ["Gesamt:", "40", "Verbindungen", "", "0:26:00", "", ""],
    ["Nombre total d'enregistrements", "40", "", "Durée totale", "1560", "", ""],
    ["Total de registros", "112", "", "", "", "", ""],
    ["Aantal gesprekken", "40", "", "", "", "", ""],
    ["Totale", "", "", "40", "1560", "", ""],
    ["إجمالي السجلات", "40", "", "", "", "", ""],
    ["Toplam kayıt", "40", "", "", "", "", ""],
    ["End of report", "", "", "2024-03-05 10:00:00", "", "", ""],
    ["Printed by", "J. Smith", "", "05/03/2024 10:00", "", "", ""],
    ["*** FIN DU RAPPORT ***", "", "", "", "", "", ""],
    ["-----", "-----", "-----", "-----", "-----", "-----", "-----"],
    ["Note: times are those of the exchange", " durations in seconds", "", "", "", "", ""],
    ["Page 1 of 1", "", "", "", "", "Confidential", ""],
]


@pytest.mark.slow
@pytest.mark.parametrize("last", TRAILERS, ids=lambda row: " ".join(filter(None, row))[:40])
def test_a_trailer_is_told_and_is_no_record(monkeypatch: pytest.MonkeyPatch, last: list[str]) -> None:
    rows = table(content(last))
    assert len(batch(rows)) == 40
    first = next(filter(None, last))
    assert first in told(rows) or "(rows 42)" in told(rows)
    passage = of(Passage, rows)[-1]
    assert first in passage.text
    assert not [claim for claim in of(Claim, rows) if claim.passage_id == passage.id]
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    large = table(content(last))
    assert batch(large) == batch(rows)
    assert first in told(large) or "only one cell" in told(large)


def test_several_between_the_records_and_cut_to_fewer_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = content(count=30).splitlines()
    lines[10:10] = ["Subtotal,9", "-,-,-,-,-,-,-", "Total,,,,333,,"]
    text = "\n".join([*lines, "End,of,report", "Total records: 30"])
    small = table(text)
    assert len(batch(small)) == 30
    assert "Rows that look like totals or notes, not like records: 4 (" in told(small)
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    monkeypatch.setattr(text_table_stream, "PIECE", 512)
    large = table(text)
    assert batch(large) == batch(small)
    assert (
        "Rows that look like totals or notes, not like records: 4 (rows 11, 12, 13, 35: 'Subtotal 9', '- - -"
        in told(large)
    )


def test_a_large_workbook_leaves_them_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from tests.ingest.tables.sheets import workbook
    from workbench.ingest import SourceFile, read

    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    cells = [HEADERS, *map(record, range(30)), ["Total records: 30"], ["Sum", "", "", "", "435"]]
    rows = list(read(SourceFile(Path(), "0" * 64, "cdr.xlsx", workbook({"Calls": cells})), {"zone": "UTC"}))
    assert len(batch(rows)) == 30
    assert "(rows 32, 33: 'Total records: 30', 'Sum 435')" in told(rows)


def test_the_first_column_is_looked_at_though_nothing_is_known_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = content(["Total", "", "", "", "", "", ""], ["Sum", "48", "", "", "9", "", ""]).replace("Seq,", "Remark,", 1)
    small = table(text)
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    large = table(text)
    assert batch(small) == batch(large)
    assert len(batch(small)) == 40
    assert "'Total'" in told(large) and "Sum 48 9" in told(large)


def test_where_no_record_was_seen_every_row_is_one() -> None:
    made = Trailers(tuple((name, at) for at, name in enumerate(FIELDS)))
    assert not made.note_if_trailer(2, ["Total", "", "", "", "", "", ""])


@pytest.mark.slow
@pytest.mark.parametrize(
    "last",
    [
        ["41", "Withheld", "", "31/02/2024 10:00", "", "", ""],
        ["41", "Withheld", "", "", "60", "", ""],
        ["", "", "+447700900300", "", "", "", ""],
        ["", "", "", "2024-03-05 10:00:00", "", "", ""],
        ["", "TOTAL", "+447700900100", "2024-03-05 10:00:00", "", "", ""],
        ["Total", "TOTAL", "+447700900100", "2024-03-05 10:00:00", "0", "", ""],
        ["41", "End", "112", "2024-03-05 10:00:00", "0", "", ""],
        ["41", "", "", "", "", "490154203237518", ""],
        ["41", "+447700900100", "", "n/a", "", "", ""],
    ],
    ids=" ".join,
)
def test_a_record_that_lacks_much_stays_one(monkeypatch: pytest.MonkeyPatch, last: list[str]) -> None:
    rows = table(content([*last[:-1], "234-10-1-2"] if sum(map(bool, last)) == 1 else last))
    assert len(batch(rows)) == 41
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    assert batch(table(content([*last[:-1], "234-10-1-2"] if sum(map(bool, last)) == 1 else last))) == batch(rows)


WORDS = st.sampled_from(
    [
        *sorted({" ".join(one.words) for one in read_entries((BELOW,))}),
        "Total 48",
        "End of Road",
        "VODAFONE",
        "-",
        "0",
        "",
        "n/a",
        "112",
        "84500",
    ]
)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)).map(
    lambda at: random.Random(at.isoformat()).choice([
        at.strftime("%Y-%m-%d %H:%M:%S"), at.strftime("%d/%m/%Y %H:%M"), at.strftime("%d.%m.%y"), at.strftime("%Y%m%d%H%M%S"),
        str(int(at.timestamp()) % 800_000_000 + 1_000_000_000), at.strftime("%d-%b-%Y %H:%M"), at.strftime("'%Y-%m-%dT%H:%M:%SZ"),
        at.strftime("31/02/%Y %H:%M"),
    ])
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(10**6, 10**14).map(str), st.integers(10**9, 10**12).map("+{}".format), st.just("'0770 0900-123"),
    st.just("Withheld"), st.just("tel:+447700900100"),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    start=TIMES, number=NUMBERS, swap=st.booleans(), rest=st.lists(WORDS, min_size=4, max_size=4),
    usual=st.integers(1, 7), wordy=st.frozensets(st.sampled_from(FIELDS)),
)  # fmt: skip
def test_what_has_a_time_and_a_party_is_never_taken_for_a_trailer(
    start: str, number: str, swap: bool, rest: list[str], usual: int, wordy: frozenset[str]
) -> None:
    made = Trailers(tuple((name, at) for at, name in enumerate(FIELDS)), usual, wordy)
    ends = ["", number] if swap else [number, rest[0]]
    assert not made.note_if_trailer(2, [rest[3], *ends, start, *rest[:3]])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_last_record_of_a_table_stays(data: st.DataObject) -> None:
    """Of a whole table, however much its last record lacks besides its time and one party."""
    start, number = data.draw(TIMES), data.draw(NUMBERS)
    gaps = [data.draw(st.sampled_from(["", "x"])) for _ in range(3)]
    made = record(40)
    last = [made[0] if gaps[0] else "", number, "", start, made[4] if gaps[1] else "", "", made[6] if gaps[2] else ""]
    rows = table(content(last))
    assert len(batch(rows)) == 41
    assert "not records" not in told(rows)
