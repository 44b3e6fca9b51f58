"""Words and signs that a number format puts beside a number, and that make another amount of it: a minus, 'Mio', 'k', '000'."""

from __future__ import annotations

import re
import unicodedata

MONEY = re.compile(
    r"[A-Z]{3}|euros?|kr\.?|k\u010d|z\u0142|fr\.?|sfr\.?|lei?|ft|rs\.?|dhs?|\u043b\u0432|\u0440\u0443\u0431\.?|\u0433\u0440\u043d\.?",
    re.IGNORECASE,
)
MINUS = "-\u2010\u2011\u2012\u2013\u2014\u207b\u2212\ufe63\uff0d"
WORD = re.compile(r"[^\W\d_]+")
FIGURE = re.compile(r"(?<![^\W\d_])\d")
"""A figure that is no part of a word, as that of 'm2' is."""
ZEROS = re.compile(r"\d$|00")
SCALES = {
    word: power
    for power, words in {
        3: """k t tsd tausend thousand thousands th thou mil mille miles milliers mila duizend tys tis tusen tkr eft ezer bin mii ribu rb
        \u0442\u044b\u0441 \u0442\u044b\u0441\u044f\u0447 \u0445\u0438\u043b \u03c7\u03b9\u03bb \u0623\u0644\u0641 \u0622\u0644\u0627\u0641
        \u05d0\u05dc\u05e3""",
        5: "lakh lakhs lac lacs",
        6: """m mm mn mio mill mln million millions millionen mill\u00f3n millones milh\u00e3o milh\u00f5es milioni miljoen
        miljoner milyon mkr mft
        \u043c\u043b\u043d \u043c\u0438\u043b\u043b\u0438\u043e\u043d\u043e\u0432 \u03b5\u03ba\u03b1\u03c4 \u0645\u0644\u064a\u0648\u0646
        \u0645\u0644\u0627\u064a\u064a\u0646""",
        7: "cr crore crores",
        9: """b bn bln mia mrd mld md mds mdr milliard milliards milliarde milliarden miliardi miljard milyar billion billions
        \u043c\u043b\u0440\u0434 \u0645\u0644\u064a\u0627\u0631""",
    }.items()
    for word in words.split()
}
"""Words for powers of ten, by which a number is multiplied that stands before them."""
SCALE_SIGNS = re.compile("[\u5341\u767e\u5343\u4e07\u842c\u5104\u4ebf\u5146]")
UNITS = ("m", "t", "b", "mm")
"""Letters that are units of measure too: a scale in capitals, or beside money."""
CODES = ("eur", "usd", "gbp", "chf", "gel", "rub", "pln", "try", "inr", "jpy")


def is_money(text: str) -> bool:
    """Whether what stands beside a number is a currency and nothing else."""
    words = "".join(sign for sign in text if not sign.isdecimal()).strip(" \u00a0\u202f+-().,'")
    return _has_money_sign(text) or MONEY.fullmatch(words) is not None


def has_minus(head: str, tail: str) -> bool:
    """Whether a minus, or brackets, stand around a number: a hyphen behind a word is none.

    >>> has_minus("-", ""), has_minus("EUR -", ""), has_minus("(", ")"), has_minus("AB-", ""), has_minus("", ".-")
    (True, True, True, False, False)
    """
    left, right = head.strip(), tail.strip()
    if any(map(str.isalpha, left)) and not is_money(left):
        left = ""
    return any(sign in MINUS for sign in left) or (right[:1] or " ") in MINUS or ("(" in left and ")" in right)


def has_figures(text: str) -> bool:
    """Whether texts of a form hold figures, which are read as figures of the number.

    >>> has_figures(".99"), has_figures("-12-31"), has_figures(" m2")
    (True, True, False)
    """
    return FIGURE.search(text) is not None


def has_scale(head: str, tail: str, thousands: int = 0) -> bool:
    """Whether a scale stands beside a number that was not divided by it. `thousands`: how often the format divides by a thousand.

    >>> has_scale("", " Mio"), has_scale("", " TEUR"), has_scale("", "M", 2), has_scale("", " kg"), has_scale("", "000")
    (True, True, False, False, True)

    A number that was divided and has no word for it is another one too.
    """
    powers = [power for word in WORD.findall(f"{head} {tail}") if (power := _get_power(word, f"{head}{tail}"))]
    if powers:
        return sum(powers) != 3 * thousands
    return thousands > 0 or bool(ZEROS.search(head) or ZEROS.search(tail[::-1]) or SCALE_SIGNS.search(head + tail))


def _get_power(word: str, beside: str) -> int:
    """The power of ten for which a word stands, 0 if for none."""
    plain = word.casefold()
    if (
        plain in UNITS
        and not word.isupper()
        and not _has_money_sign(beside)
        and not is_money(_remove_word(beside, word))
    ):
        return 0
    bare = next((left for code in CODES if (left := plain.removesuffix(code).removeprefix(code)) != plain), plain)
    return SCALES.get(plain) or SCALES.get(bare, 0)


def _remove_word(text: str, word: str) -> str:
    return text.replace(word, "", 1)


def _has_money_sign(text: str) -> bool:
    return any(unicodedata.category(sign) == "Sc" for sign in text)
