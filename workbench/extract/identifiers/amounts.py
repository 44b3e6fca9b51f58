"""Amounts of money as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.extract.identifiers.identifier_types import IdentifierMatch

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD",
    "dollars": "USD", "£": "GBP", "gbp": "GBP", "quid": "GBP", "¥": "JPY", "jpy": "JPY", "yen": "JPY", "₹": "INR",
    "rs": "INR", "rs.": "INR", "inr": "INR", "rupees": "INR", "chf": "CHF", "btc": "BTC", "bitcoin": "BTC",
    "bitcoins": "BTC", "eth": "ETH", "usdt": "USDT", "usdc": "USDC", "xmr": "XMR", "monero": "XMR", "aed": "AED",
    "dirham": "DIRHAM", "dirhams": "DIRHAM", "try": "TRY", "₺": "TRY", "cny": "CNY", "rmb": "CNY", "₽": "RUB", "rub": "RUB",
    "roubles": "RUB", "ngn": "NGN", "₦": "NGN", "naira": "NGN", "zar": "ZAR", "mxn": "MXN", "cad": "CAD", "aud": "AUD",
    "pesos": "PESO", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "zloty": "PLN",
    "dollars us": "USD", "dólar": "USD", "dólares": "USD", "livres": "POUND", "libras": "POUND", "dírhams": "DIRHAM",
    "riyals": "RIAL", "riyal": "RIAL", "riales": "RIAL", "dinars": "DINAR", "dinar": "DINAR", "dinares": "DINAR", "mad": "MAD",
    "sar": "SAR", "dzd": "DZD", "tnd": "TND", "egp": "EGP", "fcfa": "XOF", "cfa": "XOF",
    "يورو": "EUR", "دولار": "USD", "دولارا": "USD", "دولارات": "USD", "ريال": "RIAL", "ريالا": "RIAL", "ريالات": "RIAL", "درهم": "DIRHAM",
    "درهما": "DIRHAM", "دراهم": "DIRHAM", "دينار": "DINAR", "دينارا": "DINAR", "دنانير": "DINAR", "جنيه": "POUND", "جنيها": "POUND",
    "جنيهات": "POUND", "ليرة": "LIRA", "ليره": "LIRA", "ليرات": "LIRA",
}  # fmt: skip
"""As written, in lower case -> ISO 4217 code (or the ticker; 'Rs' can also be another rupee, 'dollar' another dollar).

Where several countries call their money so and the word does not say which, the value is that name: DINAR, DIRHAM, LIRA,
PESO, POUND, RIAL."""
SCALES = {
    "k": 1e3, "thousand": 1e3, "mille": 1e3, "mil": 1e3, "duizend": 1e3, "m": 1e6, "mln": 1e6, "mio": 1e6, "million": 1e6,
    "millions": 1e6, "miljoen": 1e6, "bn": 1e9, "billion": 1e9, "milliers de": 1e3, "millions de": 1e6, "million de": 1e6,
    "millions d'": 1e6, "million d'": 1e6, "milliard d'": 1e9, "milliards d'": 1e9, "milliards de": 1e9, "millón de": 1e6,
    "millones de": 1e6, "ألف": 1e3, "الف": 1e3, "آلاف": 1e3, "الاف": 1e3, "مليون": 1e6, "مليار": 1e9,
}  # fmt: skip
FIGURE = r"(\d{1,3}(?:[ \u00a0,.']\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,8})?)"
SCALE = (
    r"(?:[ ]?((?:millions?|milliards?) d(?:e\b|')|(?:k|thousand|milliers de|mille|mil|duizend|mln|mio|millones de|millón de|"
    r"millions?|miljoen|bn|billion|m|ألف|الف|آلاف|الاف|مليون|مليار)(?![a-z\u0621-\u064a])))?"
)
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


def find_amounts(text: str) -> Iterator[IdentifierMatch]:
    """Amounts of money; the value is currency and number: 'EUR 2500', 'BTC 0.35'."""
    for match in BEFORE.finditer(text):
        yield IdentifierMatch("amount", match.start(), match.end(), _normalise_amount(match[1], match[2], match[3]))
    for match in BEHIND.finditer(text):
        yield IdentifierMatch("amount", match.start(), match.end(), _normalise_amount(match[3], match[1], match[2]))


def _normalise_amount(currency: str, figure: str, scale: str | None) -> str:
    number = float(_normalise_number(figure)) * SCALES.get((scale or "").lower(), 1)
    written = f"{number:.8f}".rstrip("0").rstrip(".")
    return f"{CURRENCIES[currency.lower()]} {written}"


def _normalise_number(figure: str) -> str:
    """Number with a point for decimals: the last mark is a decimal mark unless three digits follow it."""
    figure = re.sub(r"[ \u00a0']", "", figure)
    head, mark, tail = re.fullmatch(r"(.*?)(?:([.,])(\d+))?", figure).groups()  # type: ignore[union-attr]
    whole = re.sub(r"[.,]", "", head)
    if not mark:
        return whole
    thousands = len(tail) == 3 and whole != "0"
    return whole + tail if thousands else f"{whole}.{tail}"
