"""Ages out of dates, whole or cut."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.values.age import (
    MINOR,
    OF_AGE,
    PERHAPS,
    UNKNOWN,
    assess_age_by_birth,
    assess_stated_age,
    parse_day_bounds,
)

DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@pytest.mark.parametrize(
    ("birth", "on", "said"),
    [
        ("2007-05-03", "2025-05-02", MINOR), ("2007-05-03", "2025-05-03", OF_AGE), ("2007-05-03", "2025-05-03T10:00:00Z", OF_AGE),
        ("2008-02-29", "2026-02-28", MINOR), ("2008-02-29", "2026-03-01", OF_AGE), ("2007", "2025-06-01", PERHAPS),
        ("2007-05", "2025-05-20", PERHAPS), ("2007-05", "2025", PERHAPS), ("2011", "2024", MINOR), ("2004", "2024-01-01", OF_AGE),
        ("2011", "", UNKNOWN), ("", "2024", UNKNOWN), ("2024", "2011", UNKNOWN), ("2011-13-40", "2024", UNKNOWN), ("1850", "2024", UNKNOWN),
    ],
)  # fmt: skip
def test_a_birth_makes_a_minor_of_somebody_on_a_day(birth: str, on: str, said: str) -> None:
    assert assess_age_by_birth(birth, on) == said


@pytest.mark.parametrize(
    ("age", "told", "on", "said"),
    [
        (15, "2024-03-01", "2024-03-01", MINOR), (15, "2024-03-01", "2027-02-28", PERHAPS), (15, "2024-03-01", "2026-02-28", MINOR),
        (15, "2024-03-01", "2027-03-01", OF_AGE), (17, "2024-03-01", "2024-09-01", PERHAPS), (15, "2024", "2030", OF_AGE),
        (15, "", "2030", UNKNOWN), (15, "2024", "", UNKNOWN), (0, "2024-02-29", "2024-02-29", MINOR),
    ],
)  # fmt: skip
def test_an_age_that_was_told_says_what_holds_on_another_day(age: int, told: str, on: str, said: str) -> None:
    assert assess_stated_age(age, told, on) == said


@given(DAYS, DAYS)
def test_a_date_that_is_cut_never_says_more_than_the_whole_one(birth: date, on: date) -> None:
    exact = assess_age_by_birth(birth.isoformat(), on.isoformat())
    for length in (4, 7):
        cut = assess_age_by_birth(birth.isoformat()[:length], on.isoformat())
        if UNKNOWN not in (exact, cut):
            assert cut in (exact, PERHAPS)


@given(DAYS, st.integers(0, 17), st.integers(0, 12_000))
def test_nobody_grows_younger(told: date, age: int, later: int) -> None:
    order = [MINOR, PERHAPS, OF_AGE]
    days = [told + timedelta(days=days) for days in (0, later // 2, later)]
    said = [assess_stated_age(age, told.isoformat(), day.isoformat()) for day in days]
    assert said[0] in (MINOR, PERHAPS)
    ranks = [order.index(one) for one in said]
    assert ranks == sorted(ranks)


def test_bounds_of_a_date() -> None:
    assert parse_day_bounds("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert parse_day_bounds("2024-03-01T09:00") == (date(2024, 3, 1), date(2024, 3, 1))
    assert parse_day_bounds("20240301") is None and parse_day_bounds("yesterday") is None
