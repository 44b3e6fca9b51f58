"""How readings of a call table are weighed: what columns have to do with each other, what codes mean, and what is asked."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from workbench.ingest import SourceFile, read
from workbench.ingest.calls.guess.duration_columns import Durations
from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.party_columns import Parties
from workbench.ingest.calls.guess.reading_choice import Ground, Reading, choose_columns, combine_candidates
from workbench.ingest.calls.guess.sample_grid import Grid
from workbench.ingest.calls.guess.table_recognition import RecognisedTable, recognise_table
from workbench.ingest.calls.guess.time_columns import Times
from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
from workbench.model.rows import Batch, Issue

LINE = "447700900100"
OTHERS = ("447700900201", "447700900202", "447700900203", "447700900204", "447700900205")
DAY = datetime(2025, 3, 14, 8)
CELLS = ("234-10-100-2011", "234-10-100-2012", "234-10-117-3300", "234-10-120-4521")
Columns = dict[str, list[str]]


def rows(count: int = 40) -> list[dict[str, str]]:
    """Records of one line: calls out and in, every fifth a message, some not answered."""
    made = []
    for n in range(count):
        out, text, answered = n % 3 != 1, n % 5 == 4, n % 7 != 3
        talk = 0 if text or not answered else 17 + 37 * n % 400
        begun, ring = DAY + timedelta(hours=5 * n, seconds=n), 4 + n % 9
        ended = begun + timedelta(seconds=ring + talk)
        made.append({
            "a": LINE if out else OTHERS[n % 5], "b": OTHERS[n % 5] if out else LINE, "line": LINE, "other": OTHERS[n % 5],
            "way": "1" if out else "2", "word": "OUT" if out else "IN", "kind": "22" if text else "11",
            "begun": f"{begun:%Y-%m-%d %H:%M:%S}", "answered": f"{begun + timedelta(seconds=ring):%Y-%m-%d %H:%M:%S}" if talk else "",
            "ended": "" if text else f"{ended:%Y-%m-%d %H:%M:%S}", "utc": f"{begun - timedelta(hours=2):%Y-%m-%d %H:%M:%S}",
            "talk": str(talk), "ring": "" if text else str(ring), "billed": str(-(-talk // 60) * 60 if out else 0),
            "first": CELLS[n % 4], "last": "" if text else CELLS[(n + n % 3) % 4], "site": ("Mill", "Quay", "Hill", "Park")[n % 4],
            "imei": "490154203237518" if n < 25 else "354077182205617", "imsi": "234101234567890", "account": "447700900999",
        })  # fmt: skip
    return made


def columns(**names: str) -> Columns:
    """Columns of the records by their header; the keyword is the column."""
    return {header: [row[name] for row in rows()] for name, header in names.items()}


def taken(table: Columns, *clues: str, region: str = "GB") -> RecognisedTable:
    return recognise_table(list(table), list(table.values()), {}, {}, region=region, clues=clues)


def source(table: Columns, above: str = "") -> SourceFile:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    data = (above + out.getvalue()).encode()
    return SourceFile(Path(), sha256(data).hexdigest(), "export.csv", data)


def calls(file: SourceFile) -> list[dict[str, object]]:
    found = list(read(file, {"region": "GB", "zone": "Europe/London"}))
    batches = [row.rows.to_pylist() for row in found if isinstance(row, Batch) and row.table == "calls"]
    return sorted((line for batch in batches for line in batch), key=lambda line: line["row"])


# Choosing ---------------------------------------------------------------------------------------------------------------


def test_what_is_far_ahead_is_taken_and_what_is_not_is_asked() -> None:
    clear, near = Ground(4.0, "a", "it is"), Ground(3.8, "a", "it may be")
    made = choose_columns([Reading({}, []), Reading({"a": "X"}, [clear])])
    assert (made.taken, made.why, made.doubts) == ({"a": "X"}, {"a": "it is"}, {})
    made = choose_columns([Reading({}, []), Reading({"a": "X"}, [clear]), Reading({"a": "Y"}, [near])])
    assert not made.taken
    assert made.doubts == {"X": ["a"], "Y": ["a"]}


def test_no_column_has_two_fields() -> None:
    ways = list(combine_candidates({"a": ["", "X", "Y"], "b": ["", "X"]}))
    assert {} in ways
    assert {"a": "X", "b": "X"} not in ways
    assert {"a": "Y", "b": "X"} in ways
    assert len(ways) == 5


# Columns beside each other ---------------------------------------------------------------------------------------------


def test_times_in_their_order() -> None:
    table = columns(answered="T1", begun="T2", ended="T3")
    times = Times(Grid(list(table), list(table.values())), Heads(list(table), {}), list(table), {})
    assert times.choose().taken == {"start": "T2"}
    start = times.find_start_time({"start": "T2"})
    assert start is not None
    assert [one.name for one in times.list_later_times(start)] == ["T1", "T3"]


def test_one_time_in_two_zones_is_asked_for_unless_a_header_says_which() -> None:
    table = columns(a="Caller", b="Called", begun="T1", utc="T2", talk="Secs")
    assert not {"T1", "T2"} & taken(table).fields.keys()
    table = columns(a="Caller", b="Called", begun="T1", utc="T2 (UTC)", talk="Secs")
    assert taken(table).fields["T1"] == "start"


def test_the_length_between_answer_and_end_is_the_duration() -> None:
    table = columns(ring="V1", talk="V2", billed="V3", begun="T1", answered="T2", ended="T3")
    grid, heads = Grid(list(table), list(table.values())), Heads(list(table), {})
    times = Times(grid, heads, list(table), {})
    start = times.find_start_time({"start": "T1"})
    assert start is not None
    found = Durations(grid, heads, ["V1", "V2", "V3"], start=start, later=times.list_later_times(start)).choose()
    assert found.taken == {"duration": "V2"}
    assert "'T2' and 'T3'" in found.why["duration"]


def test_a_length_that_another_one_rounds_up_is_measured() -> None:
    table = columns(billed="V1", talk="V2")
    found = Durations(Grid(list(table), list(table.values())), Heads(list(table), {}), list(table)).choose()
    assert found.taken == {"duration": "V2"}
    assert "'V1' has the same value, rounded up" in found.why["duration"]


def test_the_cell_at_the_start_decides_the_site() -> None:
    table = columns(a="Caller", b="Called", begun="Start", talk="Secs", last="L1", first="L2", site="S")
    found = taken(table)
    assert (found.fields["L2"], found.fields["L1"]) == ("first_cell", "last_cell")
    assert "it decides what stands in 'S'" in found.why["L2"]


def test_fifteen_digits_are_told_apart() -> None:
    table = columns(a="Caller", b="Called", begun="Start", imsi="N1", imei="N2")
    found = taken(table).fields
    assert (found["N1"], found["N2"]) == ("imsi", "imei")


# Who called whom -------------------------------------------------------------------------------------------------------


def test_numbered_headers_leave_caller_and_called_open() -> None:
    table = columns(a="F1", b="F2", begun="F3", talk="F4", kind="F5")
    found = taken(table)
    assert not {"F1", "F2"} & found.fields.keys()
    assert "the calling number" in found.doubts["F1"]
    assert not found.is_calls


def test_words_for_the_directions_tell_the_caller() -> None:
    found = taken(columns(b="F1", a="F2", word="F3", begun="F4"))
    assert (found.fields["F2"], found.fields["F1"]) == ("a", "b")
    assert "when 'F3' states that the record is outgoing" in found.why["F2"]


def test_withheld_numbers_and_charges_tell_the_caller() -> None:
    table = columns(b="N1", a="N2", begun="Start", talk="Secs", billed="Billed")
    table["N2"] = ["anonymous" if n in (1, 7) else text for n, text in enumerate(table["N2"])]
    found = taken(table)
    assert (found.fields["N2"], found.fields["N1"]) == ("a", "b")
    assert "this column contains withheld numbers" in found.why["N2"]
    assert "'Billed' is above zero only when this column contains the number of the phone line" in found.why["N2"]


def test_the_line_is_the_number_that_is_named_above() -> None:
    table = columns(account="N1", line="N2", other="N3", word="Way", begun="Start")
    assert "N2" not in taken(table).fields
    found = taken(table, "Number asked for: 07700 900100")
    assert found.fields["N2"] == "target"
    assert "this is the number written above the table or in the file" in found.why["N2"]


def test_the_number_on_either_side_is_known() -> None:
    table = columns(a="X", b="Y")
    grid = Grid(list(table), list(table.values()))
    sides = Parties(grid, Heads(list(table), {}), list(table), {}).get_sides("X", "Y")
    assert sides.is_pair
    assert sides.first.sum() + sides.second.sum() == len(rows())


def test_without_a_direction_the_side_of_the_line_tells_it() -> None:
    found = calls(source(columns(a="Calling number", b="Called number", begun="Start", talk="Duration")))
    assert {row["target"] for row in found} == {f"+{LINE}"}
    assert [row["direction"] for row in found[:3]] == ["out", "in", "out"]


# Codes -----------------------------------------------------------------------------------------------------------------


def test_what_codes_mean_is_kept_in_the_mapping() -> None:
    file = source(
        columns(a="Calling number", b="Called number", way="Direction", kind="Service", begun="Start", talk="Duration")
    )
    told = guess_file_mapping(file, "GB").sheets[0].told
    assert {name: told[name] for name in told if name.startswith("cell")} == {
        "cell direction 1": "- out", "cell direction 2": "- in", "cell connection 11": "voice", "cell connection 22": "sms",
    }  # fmt: skip
    found = calls(file)
    assert [(row["direction"], row["event"]) for row in found[:5]] == [
        ("out", "voice"), ("in", "voice"), ("out", "voice"), ("out", "voice"), ("in", "sms"),
    ]  # fmt: skip


def test_codes_of_a_line_of_its_own_are_asked_for() -> None:
    table = columns(line="Subscriber number", other="Other number", way="Direction", begun="Start", talk="Duration")
    assert "Direction" not in taken(table).fields
    found = list(read(source(table), {"region": "GB", "zone": "Europe/London"}))
    told = {row.code: row.message for row in found if isinstance(row, Issue)}
    assert "'Direction'" in told["unmapped-column"]
    assert "The table does not show the direction of its records" in told["direction-unknown"]


def test_one_of_two_words_tells_the_other() -> None:
    table = columns(line="Subscriber number", other="Other number", word="Direction", begun="Start")
    table["Direction"] = ["Outgoing" if cell == "OUT" else "Zabrak" for cell in table["Direction"]]
    found = calls(source(table))
    assert [row["direction"] for row in found[:3]] == ["out", "in", "out"]
    assert found[1]["a"] == f"+{found[1]['b'] and OTHERS[1]}"


# The whole ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [["F1", "F2"], ["Campo_01", "Campo_02"], ["X9", "X2"]])
def test_a_header_of_another_make_than_its_columns_is_found(header: list[str]) -> None:
    names = [f"{header[0].rstrip('0123456789')}{n:02}" for n in (4, 9, 1, 7)]
    table = dict(zip(names, columns(a="1", b="2", begun="3", talk="4").values(), strict=True))
    assert guess_file_mapping(source(table, "Report,2025-03-01\nLine,447700900100\n"), "GB").sheets[0].header == 3


def test_every_column_says_why_it_is_taken() -> None:
    found = taken(
        columns(
            a="Caller", b="Called", word="Way", begun="Began", ended="Ended", talk="Talk", first="Cell", imei="Handset"
        )
    )
    assert len(found.fields) == 8
    assert all(found.why[name] for name in found.fields)
