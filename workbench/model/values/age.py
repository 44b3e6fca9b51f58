"""Ages out of dates that may be known to the year only: whether somebody is a minor on a day, may be one, or is of age.

Dates are ISO 8601, whole or cut ('2011', '2011-05', '2011-05-03T10:00'); what is no date is ''.
"""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date

ADULT = 18
"""Years from which a person is of age (Convention on the Rights of the Child, article 1)."""
MINOR, PERHAPS, OF_AGE, UNKNOWN = "minor", "perhaps", "of age", ""
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
OLDEST = 120


def assess_age_by_birth(birth: str, on: str) -> str:
    """'minor', 'perhaps' or 'of age' of who was born then, on a day; '' where a date is missing, or the day lies before the birth.

    >>> assess_age_by_birth("2005", "2020-06-01"), assess_age_by_birth("2002", "2020"), assess_age_by_birth("1999-05-03", "2020-06-01")
    ('minor', 'perhaps', 'of age')
    """
    born, day = parse_day_bounds(birth), parse_day_bounds(on)
    return _assess_age_range(_compute_age(born[1], day[0]), _compute_age(born[0], day[1])) if born and day else UNKNOWN


def assess_stated_age(age: int, told: str, on: str) -> str:
    """The same of who was so old when it was told; '' where one of the days is not known.

    >>> assess_stated_age(15, "2020-06-01", "2021-06-01"), assess_stated_age(15, "2020-06-01", "2023-01-01")
    ('minor', 'perhaps')
    """
    then, day = parse_day_bounds(told), parse_day_bounds(on)
    if not (then and day):
        return UNKNOWN
    return _assess_age_range(
        _compute_age(_subtract_years(then[1], age), day[0]), _compute_age(_subtract_years(then[0], age + 1), day[1])
    )


def parse_day_bounds(day: str) -> tuple[date, date] | None:
    """First and last day that a date may mean; None where it is none."""
    found = DAY.match(day)
    with suppress(ValueError):
        if found and found[3]:
            exact = date(int(found[1]), int(found[2]), int(found[3]))
            return exact, exact
        if found and found[2]:
            year, month = int(found[1]), int(found[2])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if found:
            return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    return None


def _compute_age(born: date, on: date) -> int:
    """Whole years; who was born on 29 February has the birthday on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _subtract_years(day: date, years: int) -> date:
    """The same day so many years before; 29 February becomes 1 March."""
    year = max(1, day.year - years)
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and not _is_leap_year(year) else day.replace(year=year)


def _is_leap_year(year: int) -> bool:
    return monthrange(year, 2)[1] == 29


def _assess_age_range(youngest: int, oldest: int) -> str:
    if oldest < 0 or oldest > OLDEST:
        return UNKNOWN
    if oldest < ADULT:
        return MINOR
    return PERHAPS if youngest < ADULT else OF_AGE
