"""Dates and amounts of money as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from workbench.extract.kinds import Found

MONTHS = (
    ("january", "jan", "janvier", "janv", "enero", "ene", "januari"),
    ("february", "feb", "février", "fevrier", "févr", "febrero", "februari"),
    ("march", "mar", "mars", "marzo", "maart", "mrt"),
    ("april", "apr", "avril", "avr", "abril", "abr"),
    ("may", "mai", "mayo", "mei"),
    ("june", "jun", "juin", "junio", "juni"),
    ("july", "jul", "juillet", "juil", "julio", "juli"),
    ("august", "aug", "août", "aout", "agosto", "ago", "augustus"),
    ("september", "sept", "sep", "septembre", "septiembre"),
    ("october", "oct", "octobre", "octubre", "okt", "oktober"),
    ("november", "nov", "novembre", "noviembre"),
    ("december", "dec", "décembre", "diciembre", "dic", "déc"),
)
"""Names of the months in English, French, Spanish and Dutch."""
NUMBER = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
NAMES = "|".join(sorted(NUMBER, key=len, reverse=True))
DAYS = r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?"

ISO = re.compile(r"(?<![\w./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)")
NUMERIC = re.compile(r"(?<![\w./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\w/-]|\.\d)")
DAY_MONTH = re.compile(
    rf"(?i)(?<![\w./:-])(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ -]{{1,2}}(?:(?:of|de|{DAYS})[ ,]{{1,2}})?"
    rf"({NAMES})\b\.?(?:,?[ -](?:(?:de|of)[ ])?(\d{{4}})(?!\d))?"
)
MONTH_DAY = re.compile(
    rf"(?i)(?<![\w.-])({NAMES})\b\.?[ ](\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%/]|[.,]\d)(?:,?[ ](\d{{4}})(?![\d:]))?"
)
MONTH_YEAR = re.compile(rf"(?i)(?<![\w.-])(?<!\d )({NAMES})\b[ ]((?:19|20)\d{{2}})(?!\d)")
VERBS = ("may", "march", "mar")
"""Written small and without a year these are words: 'we may 5 of us'."""
LEAP_YEAR = 2000
CENTURY_TURN = 70

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD",
    "dollars": "USD", "£": "GBP", "gbp": "GBP", "quid": "GBP", "¥": "JPY", "jpy": "JPY", "yen": "JPY", "₹": "INR",
    "rs": "INR", "rs.": "INR", "inr": "INR", "rupees": "INR", "chf": "CHF", "btc": "BTC", "bitcoin": "BTC",
    "bitcoins": "BTC", "eth": "ETH", "usdt": "USDT", "usdc": "USDC", "xmr": "XMR", "monero": "XMR", "aed": "AED",
    "dirham": "AED", "dirhams": "AED", "try": "TRY", "₺": "TRY", "cny": "CNY", "rmb": "CNY", "₽": "RUB", "rub": "RUB",
    "roubles": "RUB", "ngn": "NGN", "₦": "NGN", "naira": "NGN", "zar": "ZAR", "mxn": "MXN", "cad": "CAD", "aud": "AUD",
    "pesos": "PESO", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "zloty": "PLN",
}  # fmt: skip
"""As written, in lower case -> ISO 4217 code (or the ticker; 'Rs' can also be another rupee, 'dollar' another dollar)."""
SCALES = {
    "k": 1e3, "thousand": 1e3, "mille": 1e3, "mil": 1e3, "duizend": 1e3, "m": 1e6, "mln": 1e6, "mio": 1e6, "million": 1e6,
    "millions": 1e6, "miljoen": 1e6, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
FIGURE = r"(\d{1,3}(?:[ \u00a0,.']\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,8})?)"
SCALE = r"(?:[ ]?(k|thousand|mille|mil|duizend|mln|mio|millions?|miljoen|bn|billion|m)(?![a-z]))?"
BEFORE = re.compile(
    rf"(?i)(?<!\w)(€|us\$|\$|£|¥|₹|₺|₽|₦|(?:eur|usd|gbp|chf|inr|rs\.?|aed|ngn|btc|usdt)(?=[ \d]))[ \u00a0]?{FIGURE}{SCALE}(?!\w)"
)
BEHIND = re.compile(
    rf"(?i)(?<![\w.,$€£¥-]){FIGURE}{SCALE}[ \u00a0]?(€|\$|£|₹|₺|₽|"
    + "|".join(
        sorted(
            (re.escape(name) for name in CURRENCIES if name[0].isalpha() and name not in ("rs.", "try")),
            key=len,
            reverse=True,
        )
    )
    + r")(?!\w)"
)


def dates(text: str) -> Iterator[Found]:
    """Dates. The value is ISO 8601 where it can be read in one way: '2022-07-21', '--07-21' without a year, '2022-07'.

    A numeric date that could be day-month or month-day is kept as written: guessing would put an event on a wrong day.
    """
    for match in ISO.finditer(text):
        yield from _date(match, match[1], int(match[3]), int(match[4]))
    for match in NUMERIC.finditer(text):
        yield from _numeric(match)
    for match in DAY_MONTH.finditer(text):
        yield from _date(match, match[3], NUMBER[match[2].lower()], int(match[1]))
    for match in MONTH_DAY.finditer(text):
        if match[1] in VERBS and not match[3]:
            continue
        yield from _date(match, match[3], NUMBER[match[1].lower()], int(match[2]))
    for match in MONTH_YEAR.finditer(text):
        yield Found("date", match.start(), match.end(), f"{match[2]}-{NUMBER[match[1].lower()]:02}")


def _numeric(match: re.Match[str]) -> Iterator[Found]:
    first, second, year = int(match[1]), int(match[3]), match[4]
    if len(year) == len("22"):
        if match[2] == ".":
            return
        year = f"{19 if int(year) >= CENTURY_TURN else 20}{year}"
    day, month = (second, first) if second > 12 else (first, second)
    if min(first, second) < 1 or month > 12 or day > 31:
        return
    if first <= 12 and second <= 12 and first != second:
        yield Found("date", match.start(), match.end(), match[0])
    else:
        yield from _date(match, year, month, day)


def _date(match: re.Match[str], year: str | None, month: int, day: int) -> Iterator[Found]:
    try:
        value = date(int(year or LEAP_YEAR), month, day).isoformat()
    except ValueError:
        return
    yield Found("date", match.start(), match.end(), value if year else f"-{value[4:]}")


def amounts(text: str) -> Iterator[Found]:
    """Amounts of money; the value is currency and number: 'EUR 2500', 'BTC 0.35'."""
    for match in BEFORE.finditer(text):
        yield Found("amount", match.start(), match.end(), _amount(match[1], match[2], match[3]))
    for match in BEHIND.finditer(text):
        yield Found("amount", match.start(), match.end(), _amount(match[3], match[1], match[2]))


def _amount(currency: str, figure: str, scale: str | None) -> str:
    number = float(_plain(figure)) * SCALES.get((scale or "").lower(), 1)
    written = f"{number:.8f}".rstrip("0").rstrip(".")
    return f"{CURRENCIES[currency.lower()]} {written}"


def _plain(figure: str) -> str:
    """Number with a point for decimals: the last mark is a decimal mark unless three digits follow it."""
    figure = re.sub(r"[ \u00a0']", "", figure)
    head, mark, tail = re.fullmatch(r"(.*?)(?:([.,])(\d+))?", figure).groups()  # type: ignore[union-attr]
    whole = re.sub(r"[.,]", "", head)
    if not mark:
        return whole
    thousands = len(tail) == 3 and whole != "0"
    return whole + tail if thousands else f"{whole}.{tail}"
