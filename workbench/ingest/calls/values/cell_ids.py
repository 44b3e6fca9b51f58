"""Identifiers of radio cells: CGI (MCC-MNC-LAC-CI), ECGI (MCC-MNC-ECI) and the numbers they are made of.

The parts keep their country and network code as text, for a network code of two digits is not one of three; area and cell
lose leading zeros, so that one cell has one name in call records and tower lists.

References
----------
3GPP TS 23.003: CGI, ECGI (ECI: 28 bits, eNodeB × 256 + cell), NCGI (NCI: 36 bits).
"""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.model.text.normalise import clean_text
from workbench.model.values.limits import keep_whole_words

LONGEST = 64
PARTS = re.compile(r"[-_/:.,; |]+")
BLANK = re.compile(r"(?<![^\W\d_]) | (?![^\W\d_])")
"""A blank that does not stand between two letters."""
COUNTRY = range(200, 800)
"""Mobile country codes of the world, 200 to 799 (ITU-T E.212)."""

PAIR = re.compile(r"(-?\d{1,3}[.,]\d{1,12})[^\d.,-]{1,20}(-?\d{1,3}[.,]\d{1,12})")


@lru_cache(maxsize=100_000)
def normalise_cell(raw: str) -> str:
    """Identifier in the form in which it is compared; where it has no known form, as written.

    Of its blanks only those between letters stay: a mast may carry the name of a person, which must be found by its words.

    >>> normalise_cell("234 10 0101 7"), normalise_cell("Mill House 3 B"), normalise_cell("1A 2 0F")
    ('234-10-101-7', 'Mill House3B', '1A20F')
    """
    text = keep_whole_words(clean_text(raw).strip("'\"` "), LONGEST)
    parts = [part for part in PARTS.split(text) if part]
    if len(parts) in (3, 4) and all(part.isascii() and part.isdecimal() for part in parts) and is_network(*parts[:2]):
        return "-".join([*parts[:2], *(part.lstrip("0") or "0" for part in parts[2:])])
    return "" if text.strip("0- ") == "" else BLANK.sub("", text)


def build_identifier(mcc: str, mnc: str, *parts: str) -> str:
    """Identifier out of its parts, '' where area and cell are missing; without a network only area and cell."""
    known = [part.lstrip("0") or "0" for part in parts if part and part.strip("0")]
    if not known:
        return ""
    return "-".join([mcc, mnc, *known]) if is_network(mcc, mnc) else "-".join(known)


def is_network(mcc: str, mnc: str) -> bool:
    """Whether the texts can be a mobile country code and a network code."""
    digits = mcc.isascii() and mcc.isdecimal() and mnc.isascii() and mnc.isdecimal()
    return digits and len(mcc) == 3 and int(mcc) in COUNTRY and len(mnc) in (1, 2, 3)


def is_cell(raw: str) -> bool:
    """Whether a text is written as CGI or ECGI with its network."""
    parts = [part for part in PARTS.split(clean_text(raw)[:LONGEST].strip("'\"` ")) if part]
    digits = all(part.isascii() and part.isdecimal() for part in parts)
    return digits and len(parts) in (3, 4) and len(parts[1]) in (2, 3) and is_network(parts[0], parts[1])


def parse_point(raw: str) -> tuple[float, float] | None:
    """Latitude and longitude written in one cell: '21.2930/72.8890', 'Lat: 22.5726 Long: 88.3639'."""
    match = PAIR.search(clean_text(raw)[:160])
    if not match:
        return None
    return parse_degrees(match[1]), parse_degrees(match[2])


def parse_degrees(raw: str) -> float:
    """Decimal degrees, NaN where it is no number."""
    text = clean_text(raw)[:LONGEST].strip("'\"` °").replace(",", ".")
    try:
        value = float(text) if text and not any(c.isalpha() for c in text) else float("nan")
    except ValueError:
        return float("nan")
    return value if abs(value) < 1_000_000 else float("nan")


def is_point(lat: float, lon: float) -> bool:
    """Whether the figures can be a place on earth: in range and not 0, 0."""
    return abs(lat) <= 90 and abs(lon) <= 180 and not (abs(lat) < 1e-6 and abs(lon) < 1e-6)
