"""Years in which what a source dates can have been: a time in another calendar, or of a broken clock, is not one of ours.

A Thai telephone writes 2565 (or 65), an Arabic or Persian one 1443 or 1400, for 2022. Such a year is a valid year of our calendar,
so nothing else shows that it is not meant. The bounds are fixed: what is read of a file does not depend on the day of reading.
"""

from __future__ import annotations

import re

EVENTS = range(1900, 2051)
"""Calls, messages, payments, positions: what a program or a bank has recorded."""

TWO_FIGURES = range(1980, 2036)
"""The same, written with two figures. '69' is rather 2569 (2026) than 1969, and '43' rather 1443 (2022) than 2043: beyond these
years, two figures may be of either calendar."""

BIRTHS = range(1800, 2051)
"""Births and deaths of persons."""

OTHERS = range(1600, 2200)
"""Other dates of a register: a company may be old, a permit may last long."""

ENDLESS = (1, 9999)
"""Years that stand for no date at all: '9999-12-31', '0001-01-01'."""

ISO_YEAR = re.compile(r"(\d{4})(?=-\d\d|$)")


def is_plausible(at: str, years: range = EVENTS) -> bool:
    """Whether the year of a day or time in ISO form is one of these; other text is not judged.

    >>> is_plausible("2022-07-14"), is_plausible("2565-07-14T10:00"), is_plausible("1443-07-14"), is_plausible("14/7/65")
    (True, False, False, True)
    >>> is_plausible("1921-05-06", BIRTHS), is_plausible("2523-05-06", BIRTHS), is_plausible("9999-12-31", OTHERS)
    (True, False, True)
    """
    found = ISO_YEAR.match(at)
    if found is None:
        return True
    year = int(found[1])
    return year in years or (years is OTHERS and year in ENDLESS)
