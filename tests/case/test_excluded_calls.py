"""Exclusions in lists of calls: one that is kept as records loses what a small one loses, counts it, tells of it and sends none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.altered import alter
from tests.case.packages.conftest import send_case
from workbench.case.case import Case, open_case

HEAD = "Calling Number,Called Number,Start Time,Duration,IMEI,IMSI,First Cell\n"
ADA, BEN, LAWYER = "+447700900101", "+447700900102", "+447700900777"
PHONES = ("490154203237518", "352099001761481")
CARDS = ("234101000000001", "234101000000002")
BEGIN = datetime(2024, 3, 1, 8)
RULES = {
    "number": {"number": LAWYER},
    "handset": {"number": PHONES[1]},
    "card": {"number": CARDS[1]},
    "words": {"term": "quay house"},
    "accents": {"term": "QUAY HÔUSE"},
    "period": {"since": "2024-03-02"},
}


def write_list(folder: Path, count: int = 60) -> Path:
    """Calls of one telephone: each tenth with the lawyer, each sixth from another handset, each fourth at a named place."""
    rows = []
    for number in range(count):
        other = LAWYER if number % 10 == 3 else BEN
        phone = number % 6 == 1
        cell = "Quay House 7" if number % 4 == 2 else f"234-10-1001-{20000 + number % 5}"
        at = (BEGIN + timedelta(minutes=30 * number)).isoformat()
        rows.append(f"{ADA},{other},{at},{number % 60 + 1},{PHONES[phone]},{CARDS[phone]},{cell}\n")
    path = folder / "calls.csv"
    path.write_text(HEAD + "".join(rows))
    return path


@pytest.fixture(params=[1_000, 10], ids=["row by row", "records"])
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A case with the list, read row by row and as records."""
    alter(monkeypatch, ingest__calls__table_reading__LARGE=request.param)
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(write_list(tmp_path), zone="UTC")
    yield made
    made.close()


def count_records(case: Case) -> int:
    return len(case.calls.contacts(ADA).records())


FITS: dict[str, Callable[[int], bool]] = {
    "number": lambda number: number % 10 == 3,
    "words": lambda number: number % 4 == 2,
    "accents": lambda number: number % 4 == 2,
    "period": lambda number: number >= 32,
}


@pytest.mark.parametrize("name", FITS)
def test_an_exclusion_takes_the_rows_that_fit_counts_them_and_tells_of_them(
    case: Case, tmp_path: Path, name: str
) -> None:
    expected = sum(map(FITS[name], range(60)))
    made = case.sources.exclude(because="counsel", **RULES[name])
    assert made[["documents", "rows"]].to_numpy().tolist() == [[0, expected]]
    assert case.sources.exclusions()["rows"].tolist() == [expected]
    told = "\n".join(case.sources.issues()["message"])
    assert f": {expected}. Files that contain them: 1 ('calls.csv')" in told
    assert count_records(case) == 60 - expected
    case.report(tmp_path / "report.html", to="prosecutor")
    assert f"table rows: {expected}." in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize("name", ["handset", "card"])
def test_a_handset_or_card_that_is_excluded_takes_its_records_at_least(case: Case, name: str) -> None:
    made = case.sources.exclude(because="counsel", **RULES[name])
    assert made["rows"].item() >= 10
    shown = case.calls.contacts(ADA).records().to_csv() if count_records(case) else ""
    assert PHONES[1][:14] not in shown and CARDS[1] not in shown


def test_two_exclusions_of_one_ground_count_a_row_once_in_the_report(case: Case, tmp_path: Path) -> None:
    case.sources.exclude(because="counsel", **RULES["words"])
    case.sources.exclude(because="counsel", **RULES["number"])
    expected = sum(FITS["words"](number) or FITS["number"](number) for number in range(60))
    assert count_records(case) == 60 - expected
    case.report(tmp_path / "report.html", to="prosecutor")
    assert f"table rows: {expected}." in (tmp_path / "report.html").read_text()


def test_what_is_reopened_comes_back(case: Case) -> None:
    key = case.sources.exclude(because="counsel", **RULES["words"])["set_aside_id"].item()
    case.sources.reopen(key, role=case.context.settings.reopened_by[0], because="order of the court")
    assert count_records(case) == 60 and case.sources.issues()["code"].tolist().count("excluded") == 0


SPELT = {
    "sharp s": ("Hauptstraße 7", "HAUPTSTRASSE"),
    "wide": ("Ａｃｍｅ", "acme"),
    "joined": ("ﬁsch", "fisch"),
    "vowels": ("محـمد", "محمد"),
    "shapes": ("ﻣﺤﻤﺪ", "محمد"),
    "marks": ("हिन्दी", "हिन्दी"),
    "no width": ("Quay\u200b House 7", "quay house"),
}
"""How a place is written, and the words of an exclusion."""


@pytest.mark.parametrize("large", [1_000, 10], ids=["row by row", "records"])
@pytest.mark.parametrize("name", SPELT)
def test_words_are_found_however_they_are_spelt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, large: int
) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=large)
    place, term = SPELT[name]
    path = write_list(tmp_path)
    path.write_text(path.read_text().replace("Quay House 7", place), "utf-8")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(path, zone="UTC")
    case.sources.exclude(term=term, because="counsel")
    assert count_records(case) == 45 and case.sources.exclusions()["rows"].tolist() == [15]
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize("large", [1_000, 10])
def test_a_package_names_no_number_that_is_excluded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=large)

    def fill(case: Case) -> None:
        case.add(write_list(tmp_path), zone="UTC")
        case.sources.exclude(because="counsel", **RULES["number"])

    sent = send_case(tmp_path, fill)
    assert any(BEN.encode() in content for content in sent.values())
    assert not [name for name, content in sent.items() if LAWYER[1:].encode() in content]
