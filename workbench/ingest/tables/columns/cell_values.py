"""Cells of tables cleaned by their role. What cannot be read with certainty stays as written, and the reason is told.

Roles: text, name, plain (letters and digits count), telephone, account, imei, imsi, plate, email, date, birth, time,
duration, number, direction; 'left out' for a column that an officer does not want in the case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from workbench.model import identifier_splitting
from workbench.model.identifiers import (
    build_bank_account_key,
    build_handset_key,
    build_sim_key,
    build_telephone_key,
    build_vehicle_key,
    is_rounded,
    remove_decimals,
)
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.time_zones import parse_iso_time, parse_offset
from workbench.model.values.plausible_years import BIRTHS, EVENTS, OTHERS, TWO_FIGURES, is_plausible

ROLES = (
    "text", "name", "plain", "telephone", "account", "imei", "imsi", "plate", "email", "date", "birth", "time",
    "duration", "number", "direction", "left out",
)  # fmt: skip
IDENTIFIERS = frozenset({"plain", "telephone", "account", "imei", "imsi", "plate"})
STORED = re.compile(r" \(stored: [-+\dE.]{1,40}\)$")
"""Behind a number that is shown as another one than is stored: neither is taken."""
PARSED = {"date": "bad-date", "birth": "bad-date", "time": "bad-date", "duration": "bad-row", "number": "bad-row"}
"""Roles whose cells are computed with, and the issue where one cannot be read."""
PARTS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "telephone": identifier_splitting.split_telephones, "email": identifier_splitting.split_email_addresses,
    "imei": identifier_splitting.split_long_numbers, "imsi": identifier_splitting.split_long_numbers,
    "plate": identifier_splitting.split_plates, "account": identifier_splitting.split_accounts,
}  # fmt: skip
"""Roles of identifiers of which a cell may hold several."""
SEVERAL = "several"
"""Problem of a cell that holds several values where one is meant."""

LONGEST = 64
PIVOT = 68
YEAR = 4

ROUNDED = re.compile(r"-?\d[.,]\d{1,20}[eE]\+\d{2,3}")
"""As spreadsheets write a number that has more digits than they keep, or than its column is wide."""
WRITTEN = re.compile(r"(\d{1,4})([-/. ])(\d{1,2}|[^\W\d_]{3,10}\.?)\2(\d{1,4})(?:[T ,]{1,3}(.{1,32}))?")
COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?")
CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d{1,9})?)?\s?([AaPp])?\.?(?:[Mm]\.?)?(Z|[+-]\d\d:?\d\d)?")
SPAN = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)(?:[.,]\d{1,6})?")
SPELT = re.compile(r"(?:(\d{1,4})\s?(?:h|hr|hrs|hours?)\s?)?(?:(\d{1,4})\s?(?:m|min|mins|minutes?|')\s?)?"
                   r"(?:(\d{1,6})\s?(?:s|sec|secs|seconds?|\"|''))?")  # fmt: skip
UNITS = {"min": 60.0, "ms": 0.001}
"""Units of durations that are not seconds. Milliseconds are rounded; parts of a minute must make whole seconds."""
NUMBERS = {
    ".": re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?:[, ']\d{3}){1,5})(?:\.\d{1,9})?"),
    ",": re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?:[. ']\d{3}){1,5})(?:,\d{1,9})?"),
}
"""Numbers by their decimal mark, alone or in groups of three."""
FIGURES = re.compile(r"[.,]?\d[\d.,' \u00a0\u202f]*")
CURRENCY = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,4}(?![^\W\d_])\.?")
"""A short word beside an amount: a currency, or DR and CR."""
AMOUNT = re.compile(r"(?:[-+]\s?)?\d[\d.,' \u00a0\u202f]*[-+]?|\(\s?\d[\d.,' \u00a0\u202f]*\)")
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d", "-"))
"""Dashes that stand for a minus."""
OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""A number whose only mark may part decimals or thousands."""
CENTS = 2

MONTHS = (
    ("jan", "ene"), ("feb", "fev"), ("mar", "maa", "mrt"), ("apr", "avr", "abr"), ("may", "mai", "mei"), ("jun",),
    ("jul", "juil"), ("aug", "aou", "ago"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dic"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A cleaned cell: '' claims nothing; `problem` is an issue code, SEVERAL or ''."""

    text: str
    problem: str = ""


def parse_cell(role: str, raw: str, form: str = "", region: str | None = None) -> Value:
    """Value of a cell.

    Parameters
    ----------
    form : str
        What was found for the column: the order of dates ('dmy', 'mdy', '' unknown) or the decimal mark ('.', ',').
    region : str, optional
        Country in which national telephone numbers are read.
    """
    text = unquote_cell(raw)
    if not text:
        return Value("")
    if problem := _find_problem(role, text):
        return Value("", problem)
    if role in IDENTIFIERS:
        return _parse_identifier(role, text, region)
    if role not in PARSED:
        return Value(text.casefold() if role == "email" else text)
    found = _parse_text(role, text, form)
    if (
        not found
        and role == "number"
        and (OPEN.fullmatch(text.translate(DASHES).strip("+-() ")) or STORED.search(text))
    ):
        return Value("", PARSED[role])
    return Value(found or text, "" if found else PARSED[role])


def _find_problem(role: str, text: str) -> str:
    """Why no identifier can be read of a cell: a spreadsheet has rounded it, or it holds several; ''."""
    if role in IDENTIFIERS and is_rounded(text):
        return "damaged-number"
    parts = find_parts(role, text)
    return "" if len(parts) == 1 else SEVERAL if parts else "bad-row"


def find_parts(role: str, text: str) -> tuple[str, ...]:
    """The identifiers of a cell, each as written; none where it holds more than one and they cannot be told apart."""
    return PARTS[role](text) if role in PARTS else (text,)


def _parse_text(role: str, text: str, form: str) -> str:
    """Date, time, duration or number; '' where it cannot be read for certain."""
    if role in ("date", "birth"):
        found = parse_date(text, form, birth=role == "birth")
        return found if is_plausible(found, BIRTHS if role == "birth" else OTHERS) else ""
    if role == "time":
        return parse_time(text)
    return parse_duration(text, form) if role == "duration" else parse_number(text, form)


def unquote_cell(raw: str) -> str:
    """Text of a cell without the marks that keep spreadsheets from damaging numbers: '0123, ="0123"."""
    text = clean_text(raw)
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    if len(text) > 1 and text.startswith(("'", "`")):
        text = text[1:].removesuffix("'")
    return text.strip()


def is_negative(raw: str) -> bool:
    """Whether an amount is written with a minus before or behind it, or in brackets, whatever currency stands beside them.

    >>> [is_negative(one) for one in ("-1", "€-1,00", "EUR -1", "\u20131", "$(1.00)", "1.00 -EUR", "EUR 1", "1 (see 2)", "-")]
    [True, True, True, True, True, True, False, False, False]
    """
    text = _remove_currency(raw)
    return any(c.isdecimal() for c in text) and (text.startswith(("-", "(")) or text.endswith("-"))


def is_sign_doubtful(raw: str) -> bool:
    """Whether more stands in a cell than an amount, one sign and a currency: it may tell another way of the money.

    >>> [is_sign_doubtful(one) for one in ("1,00", "-1", "kr. 1", "1.00 DR", "(1.00)", "--1", "1.00 (reversed)", "1 returned", "n/a")]
    [False, False, False, False, False, True, True, True, False]
    """
    text = _remove_currency(raw)
    return any(c.isdecimal() for c in text) and not AMOUNT.fullmatch(text)


def _remove_currency(raw: str) -> str:
    """A cell for an amount without signs and short words of a currency; every dash is a minus."""
    text = CURRENCY.sub("", unquote_cell(raw)[:LONGEST].translate(DASHES))
    return "".join(c for c in text if unicodedata.category(c) != "Sc").strip()


def find_date_order(samples: Iterable[str]) -> str:
    """Order of day and month in a column: 'dmy' or 'mdy' where some date shows it and none the other, else ''."""
    found: set[str] = set()
    for raw in samples:
        match = WRITTEN.match(unquote_cell(raw)[:LONGEST])
        if match and match[3].isdecimal() and len(match[1]) <= 2:
            first, second = int(match[1]), int(match[3])
            found |= {"dmy"} if first > 12 >= second or match[2] == "." else set()
            found |= {"mdy"} if second > 12 >= first else set()
    return found.pop() if len(found) == 1 else ""


def is_open(raw: str) -> bool:
    """Whether a date is written with figures whose order it does not show: '04/07/2022'."""
    match = WRITTEN.match(unquote_cell(raw)[:LONGEST])
    return match is not None and len(match[1]) <= 2 and match[3].isdecimal() and not find_date_order([raw])


def is_impossible(raw: str) -> bool:
    """Whether what stands for a date is none in either order of day and month: '31/02/2022', '2022-13-01', 'n/a'."""
    text = unquote_cell(raw)
    if any(map(str.isalpha, text)) and any(map(str.isdigit, text)):  # it may be a date in words that are not known
        return False
    return not any(parse_date(text, form) for form in ("dmy", "mdy"))


def is_odd_year(raw: str, form: str = "") -> bool:
    """Whether a date is of a year in which no call or payment can have been: of another calendar, or far away."""
    text = unquote_cell(raw)
    return not is_event_year(text, parse_date(text, form))


def is_event_year(text: str, at: str) -> bool:
    """Whether a call or payment can be of the year of a date, by how it is written: two figures of another calendar look like ours.

    >>> is_event_year("14/07/69", "1969-07-14"), is_event_year("14/07/1969", "1969-07-14"), is_event_year("14/07/26", "2026-07-14")
    (False, True, True)
    """
    match = WRITTEN.fullmatch(text[:LONGEST])
    return is_plausible(at, TWO_FIGURES if match and len(match[1]) < YEAR and len(match[4]) < YEAR else EVENTS)


def find_decimal_mark(samples: Iterable[str]) -> str:
    """Decimal mark of a column: ',' or '.' where some number shows it and none the other, else ''.

    Nor where all show two decimals and some have three figures behind this mark: '1,234' may be a thousand beside '5,00'.
    """
    found: set[str] = set()
    places: set[int] = set()
    unsure: set[str] = set()
    for raw in samples:
        match = FIGURES.search(unquote_cell(raw)[:LONGEST])
        text = match[0].rstrip("' ") if match else ""
        marks = [c for c in text if c in ".,"]
        if len(marks) > 1 and len(set(marks)) == 1:
            found.add("," if marks[0] == "." else ".")
        elif marks and OPEN.fullmatch(text):
            unsure.add(marks[0])
        elif marks:
            found.add(marks[-1])
            places.add(len(text) - text.rindex(marks[-1]) - 1)
    return found.pop() if len(found) == 1 and not (places == {CENTS} and found <= unsure) else ""


def parse_date(text: str, form: str = "", *, birth: bool = False) -> str:
    """ISO date or date and time, '' where it cannot be read for certain. Nothing is said about a zone."""
    text = text[:LONGEST]
    try:
        return _parse_iso(text)
    except ValueError:
        pass
    try:
        return _parse_written_date(text, form, birth=birth)
    except ValueError:
        return ""


def parse_time(text: str) -> str:
    """Time of day 'HH:MM:SS' with its offset where one is given, '' where it cannot be read or no zone has its offset."""
    match = CLOCK.fullmatch(text[:LONGEST])
    if not match:
        return ""
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4] in "Pp" else 0)
    try:
        parse_offset(match[5] or "Z")
        return time(hour, minute, second).isoformat() + (match[5] or "")
    except ValueError:
        return ""


def parse_number(text: str, form: str = "") -> str:
    """Number with a point for decimals and the minus in front; '' where it cannot be read for certain.

    '1.234' may be either a thousand or one and a bit: `form`, the decimal mark of its column, tells it. '12.50' tells its own.
    """
    text = text[:LONGEST].replace("\u00a0", " ").replace("\u202f", " ").translate(DASHES)
    if is_negative(text) and text[0] != "-":  # as accountants write it: '(10.00)', '10.00-'
        text = "-" + text.strip("()- ")
    mark = (find_decimal_mark([text]) or form) if "." in text or "," in text else "."
    if mark not in NUMBERS or not NUMBERS[mark].fullmatch(text):
        return ""
    group = "," if mark == "." else "."
    return text.replace(group, "").replace(" ", "").replace("'", "").replace(mark, ".").lstrip("+")


def parse_duration(text: str, unit: str = "") -> str:
    """Seconds. '3:05' counts as minutes and seconds, '1:03:05' as hours, minutes and seconds.

    Parameters
    ----------
    unit : {'', 's', 'min', 'ms'}
        Of a bare number, from the header or the mapping; seconds if not given.
    """
    text = text[:LONGEST].casefold()
    match = SPAN.fullmatch(text)
    if match:
        return str(int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]))
    match = SPELT.fullmatch(text)
    if match and any(match.groups()):
        return str(sum(int(part or 0) * size for part, size in zip(match.groups(), (3600, 60, 1), strict=True)))
    found = parse_number(text, ".")
    if unit not in UNITS or not found:
        return found
    seconds = float(found) * UNITS[unit]
    return str(round(seconds)) if unit == "ms" or abs(seconds - round(seconds)) < 1e-6 else ""


def _parse_identifier(role: str, text: str, region: str | None) -> Value:
    """Identifier in the form of its key."""
    text = remove_decimals(text)
    if role == "telephone":
        return Value(build_telephone_key(text, region).value)
    if role == "account":
        value = build_bank_account_key(text).value
        wrong = value[:2].isalpha() and value[2:4].isdigit() and not _is_iban(value)
        return Value(value, "bad-identifier" if wrong else "")
    if role == "imei":
        digits = "".join(c for c in text if c.isdigit())
        return Value(digits or text, "" if len(build_handset_key(text).value) == 14 else "bad-identifier")
    if role == "imsi":
        return Value(build_sim_key(text).value)
    return Value(build_vehicle_key(text).value if role == "plate" else text)


def _is_iban(value: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(value, check_country=False))


def _parse_iso(text: str) -> str:
    """ISO forms, and the compact YYYYMMDD[HHMMSS]."""
    compact = COMPACT.fullmatch(text)
    if compact:
        day = date(int(compact[1]), int(compact[2]), int(compact[3])).isoformat()
        return f"{day}T{time(int(compact[4]), int(compact[5]), int(compact[6] or 0))}" if compact[4] else day
    if len(text) == 10:
        return date.fromisoformat(text).isoformat()
    if len(text) < 16 or text[4] != "-":
        raise ValueError
    return parse_iso_time(text).isoformat()


def _parse_written_date(text: str, form: str, *, birth: bool) -> str:
    match = WRITTEN.fullmatch(text)
    if not match:
        raise ValueError
    year, month, day = _order_date_parts(
        match[1], match[3], match[4], form or ("dmy" if match[2] == "." else ""), birth=birth
    )
    found = date(year, month, day).isoformat()
    if not match[5]:
        return found
    clock = parse_time(match[5].strip())
    if not clock:
        raise ValueError
    return f"{found}T{clock}"


def _order_date_parts(first: str, middle: str, last: str, form: str, *, birth: bool) -> tuple[int, int, int]:
    """Year, month and day; ValueError where their order is not certain."""
    if len(first) == 4:
        return int(first), _parse_month(middle), int(last)
    year = int(last)
    if len(last) == 2 and not birth:
        year += 2000 if year <= PIVOT else 1900
    elif len(last) != 4:
        raise ValueError
    if not middle.isdecimal():
        return year, _parse_month(middle), int(first)
    one, two = int(first), int(middle)
    if one == two or form == "dmy" or (not form and one > 12):
        return year, two, one
    if form == "mdy" or two > 12:
        return year, one, two
    raise ValueError


def _parse_month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    name = normalise_name(text)
    for number, beginnings in enumerate(MONTHS, 1):
        if name.startswith(beginnings):
            return number
    raise ValueError
