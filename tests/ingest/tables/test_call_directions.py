"""Who called whom in the claims of a table of calls, by the words of its column of directions."""

from __future__ import annotations

import pytest

from tests.ingest.claimed import of
from tests.ingest.tables.sheets import Make, codes, entities
from workbench.ingest import read
from workbench.ingest.calls import table_reading
from workbench.model import identifiers
from workbench.model.rows import Batch

OWN, OTHER = "+31612345678", "+3168765432{}"


def read_calls(made: Make, words: list[str]) -> tuple[list[str], list[str], str]:
    """Caller of each call as it is claimed, and in the row of `calls` ('own', 'other', '' nobody); what is told of directions."""
    text = "Target;B number;Direction;Start date;Duration\n"
    text += "".join(
        f"{OWN};{OTHER.format(n % 10)};{word};2024-02-03 1{n % 10}:0{n // 10}:00;6{n}\n" for n, word in enumerate(words)
    )
    rows = list(read(made("c.csv", text)))
    own = identifiers.build_telephone_key(OWN).entity_id
    claimed = [next(iter(one.get("caller", {""}))) for one in entities(rows, "Call").values()]
    (batch,) = (one.rows.to_pylist() for one in of(Batch, rows) if one.table == "calls")
    told = codes(rows).get("direction-unknown")
    return (
        ["own" if one == own else "other" if one else "" for one in claimed],
        ["own" if row["a"] == OWN else "other" for row in sorted(batch, key=lambda row: row["row"])],
        told.message if told else "",
    )


@pytest.mark.parametrize(
    ("out", "into"),
    [
        ("Outgoing", "Incoming"), ("MO", "MT"), ("Ausgehend", "Eingehend"), ("sortant", "entrant"), ("saliente", "entrante"),
        ("صادرة", "واردة"),
    ],
)  # fmt: skip
def test_claims_and_rows_name_the_same_caller(made: Make, out: str, into: str) -> None:
    claimed, rows, told = read_calls(made, [out, into] * 5)
    assert claimed == rows == ["own", "other"] * 5 and not told


@pytest.mark.parametrize("word", ["", "Sideways", "in/out", "not known"])
def test_a_record_whose_direction_is_not_known_claims_no_caller(made: Make, word: str) -> None:
    claimed, rows, told = read_calls(made, ["Outgoing", "Incoming"] * 5 + [word])
    assert claimed == ["own", "other"] * 5 + [""] and rows == ["own", "other"] * 5 + ["own"]
    assert told.startswith("Records for which the table does not show the direction: 1 (rows 12).")


@pytest.mark.parametrize(
    ("header", "cells", "ways"),
    [
        ("Service", "TT", ["", ""]), ("Type", "PP", ["", ""]), ("Service type", "II", ["", ""]), ("Event", "LL", ["", ""]),
        ("Service", ["T", "T", "SMS"], ["", "", ""]), ("Direction", "BB", ["", ""]), ("Direction", "TT", ["", ""]),
        ("Direction", "II", ["in", "in"]), ("Direction", "OO", ["out", "out"]), ("Direction", "OT", ["out", "in"]),
        ("Type", "OI", ["out", "in"]), ("Type", "SE", ["out", "in"]),
    ],
)  # fmt: skip
def test_a_letter_alone_is_no_direction(made: Make, header: str, cells: list[str], ways: list[str]) -> None:
    text = f"Target;Other number;Date;Duration;{header}\n"
    text += "".join(f"{OWN};{OTHER.format(n)};2024-01-01 1{n}:00:00;60;{cell}\n" for n, cell in enumerate(cells))
    rows = list(read(made("c.csv", text)))
    (batch,) = (one.rows.to_pylist() for one in of(Batch, rows) if one.table == "calls")
    assert [row["direction"] for row in batch] == ways
    assert ("direction-unknown" in codes(rows)) == ("" in ways)


def test_letters_of_a_large_table_are_read_as_those_of_a_small_one(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reading, "LARGE", 5)
    monkeypatch.setattr(table_reading, "CHUNK", 4, raising=False)
    text = "Target;Other number;Date;Duration;Direction\n"
    text += "".join(
        f"{OWN};{OTHER.format(n)};2024-01-01 1{n}:00:00;60;{cell}\n" for n, cell in enumerate(["O", "T", "O", "T", "T"])
    )
    rows = list(read(made("c.csv", text)))
    made_rows = [row for one in of(Batch, rows) if one.table == "calls" for row in one.rows.to_pylist()]
    assert [row["direction"] for row in made_rows] == ["out", "in", "out", "in", "in"]
