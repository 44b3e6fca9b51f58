"""Days in running text, as people of the four languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from workbench.messages.model.code_lists import find_first_word

MONTHS = (
    "january janvier enero يناير جانفي كانون", "february février fevrier febrero فبراير شباط فيفري", "march mars marzo مارس آذار اذار",
    "april avril abril أبريل ابريل إبريل نيسان أفريل", "may mai mayo مايو أيار ايار ماي", "june juin junio يونيو يونيه حزيران جوان",
    "july juillet julio يوليو يوليه يوليوز تموز جويلية", "august août aout agosto أغسطس اغسطس آب غشت أوت",
    "september septembre septiembre setiembre سبتمبر أيلول ايلول شتنبر", "october octobre octubre أكتوبر اكتوبر تشرين",
    "november novembre noviembre نوفمبر نونبر", "december décembre decembre diciembre ديسمبر دجنبر",
)  # fmt: skip
NUMBER = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
NUMBER |= {name[:3]: number for name, number in NUMBER.items() if name.isascii()}
NUMBER |= {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}
NUMBER |= {name: number for number, name in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)}
WORDED = r"[^\W\d_]{3,10}"
MONTH = rf"{WORDED}(?: الثاني| الأول)?"
DAYS = re.compile(
    r"(?<![\w/.-])(?:(?P<y1>(?:19|20)\d{2})[-/](?P<m1>\d{1,2})[-/](?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2}|[IVX]{1,4})[/.-](?P<y2>(?:19|20)?\d{2})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|°)?(?: de| of| من)?(?: شهر)?[ -](?P<m3>{MONTH})(?: ?/ ?{MONTH})?\.?,?"
    r"(?: de| del| من)?(?: año| presente año| سنة| عام)?[ -](?P<y3>(?:19|20)\d{2})"
    rf"|(?P<m4>{WORDED})\.? (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>(?:19|20)\d{{2}}))م?(?![\w/-]|\.\d)"
)
YEAR = re.compile(rf"(?<![\w/.-])(?:{WORDED}(?: de)? )?(?P<year>(?:19|20)\d{{2}})م?(?![\w/-]|\.\d)")
HIJRI = re.compile(r"(?<![\w/.-])1[34]\d{2} ?(?:هـ|ه|هجرية?|للهجرة)(?!\w)")
"""A year of the Islamic calendar."""
BORN = re.compile(
    r"(?:\bborn|\bDOB|\bnée?|\bnacid[oa]|مواليد|المولودة?|مولودة?)\W{1,3}(?:\w{1,4} ){0,2}$", re.IGNORECASE
)
NEAR = 20
"""Characters before a date in which it may be said that it is one of birth."""
REACH = 40
"""More than the words have that say it."""


def find_days(text: str) -> Iterator[tuple[int, int, date | None]]:
    """Span and day of each full date in a text; None for a day that no calendar has. Where day and month can be exchanged, day first."""
    for match in DAYS.finditer(text):
        part = {name[0]: value for name, value in match.groupdict().items() if value}
        month = int(part["m"]) if part["m"].isdigit() else _get_month(part["m"].lower())
        if not month:
            continue
        number, year = int(part["d"]), int(part["y"])
        if month > 12 >= number and part["m"].isdigit() and match["d2"]:
            number, month = month, number
        yield *match.span(), _build_day(year + 2000 * (year < 100), month, number)


def _get_month(name: str) -> int:
    """Number of a month by its name, or by the first word of it; 0 where there is none."""
    return NUMBER.get(name, NUMBER.get(name.split(maxsplit=1)[0], 0))


def _build_day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def find_fact_days(text: str) -> list[date]:
    """Days of a text that are not said to be days of birth."""
    return [day for start, _, day in find_days(text) if day and not BORN.search(text[max(0, start - NEAR) : start])]


def is_birth_said(text: str, at: int) -> bool:
    """Whether words before a place of a text say that what follows is a day of birth."""
    return bool(BORN.search(text[max(0, at - REACH) : at]))


def has_date(text: str) -> bool:
    """Whether a text says when: a day, a month or a year that is not one of birth."""
    bare = "".join(
        " " * (end - start) if is_birth_said(text, start) else text[start:end] for start, end in _split_pieces(text)
    )
    return bool(YEAR.search(bare) or HIJRI.search(bare) or find_fact_days(text) or any(True for _ in _find_month(bare)))


def _split_pieces(text: str) -> Iterator[tuple[int, int]]:
    """The text in spans, each date one of them."""
    done = 0
    for start, end, _ in find_days(text):
        yield from ((done, start), (start, end))
        done = end
    yield done, len(text)


def _find_month(text: str) -> Iterator[tuple[int, int]]:
    found = find_first_word(text, "months")
    if found:
        yield found
