"""What the cells of a column look like: the shares of telephone numbers, times, handsets, cells and so on among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.ingest.calls.values import cell_ids, event_words, phone_numbers
from workbench.ingest.calls.values.column_times import EPOCH
from workbench.ingest.tables.columns.cell_values import find_date_order, parse_date, parse_time, unquote_cell
from workbench.model.identifiers import is_rounded

ENOUGH = 300
"""Different cells that are looked at."""
ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}")
SPAN = re.compile(r"\d{1,4}(?::\d\d){1,2}")
TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ().\-/]{5,24}")
FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
SEVERAL = 4
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Shape:
    """Shares [0, 1] among the different cells of a column, and how many there are.

    `whole`: whole numbers; `low` and `high` of them; `way`, `event`: words that name a direction, a kind of record
    (of the different cells and of all cells, the lower);
    `spread`: not all times are within one hour of midnight, as spans of minutes and seconds are.
    """

    filled: int = 0
    different: int = 0
    phone: float = 0.0
    party: float = 0.0
    moment: float = 0.0
    date: float = 0.0
    time: float = 0.0
    clock: float = 0.0
    whole: float = 0.0
    decimal: float = 0.0
    imei: float = 0.0
    fifteen: float = 0.0
    imsi: float = 0.0
    cell: float = 0.0
    point: float = 0.0
    ip: float = 0.0
    way: float = 0.0
    event: float = 0.0
    word: float = 0.0
    low: float = 0.0
    high: float = 0.0
    longest: int = 0
    spread: bool = True


def compute_shape(samples: Sequence[str], form: str = "", *, field: str = "") -> Shape:
    """Shape of a column by its cells that hold anything; `field`: what its header says that it is, where that is certain."""
    times: Counter[str] = Counter()
    for raw, often in Counter(samples).items():
        if (text := unquote_cell(raw)).casefold() not in phone_numbers.NOTHING - {"0"}:
            times[text] += often
    kinds = sorted(times)[:: max(1, len(times) // ENOUGH)][:ENOUGH]
    if not kinds:
        return Shape()
    ways = event_words.find_directions(frozenset(kinds), field)
    figures = [int(text) for text in kinds if text.isascii() and text.isdecimal() and len(text) < 19]
    form = form or find_date_order(kinds) or "dmy"
    dates = [parse_date(text, form) for text in kinds]

    def share(test: Sequence[object]) -> float:
        return sum(map(bool, test)) / len(kinds)

    def rows(test: Callable[[str], object]) -> float:
        return sum(times[text] for text in kinds if test(text)) / sum(times[text] for text in kinds)

    clocks = [bool(parse_time(text)) and _has_time_marks(text) for text in kinds]
    if sum(map(bool, dates)) < HALF * sum(clocks):
        dates = [""] * len(kinds)  # 11.32.54 among them: the others are times with dots, and not dates
    else:
        clocks = [clock and ":" in text for clock, text in zip(clocks, kinds, strict=True)]
    moment = ["T" in iso or _is_epoch(text) for iso, text in zip(dates, kinds, strict=True)]
    return Shape(
        times.total(), len(times), share([is_phone(text) for text in kinds]),
        share([_may_be_party(text) for text in kinds]), share(moment),
        share([iso and "T" not in iso for iso in dates]), share(clocks),
        share([SPAN.fullmatch(text) for text in kinds]), len(figures) / len(kinds), share([_is_decimal(text) for text in kinds]),
        share([len(text) == 15 and text.isdecimal() and phone_numbers.has_check_digit(text) for text in map(_extract_digits, kinds)]),
        share([text.isdecimal() and len(text) in (14, 15, 16) for text in map(_extract_digits, kinds)]),
        share([text.isdecimal() and len(text) in (14, 15) and int(text[:3]) in cell_ids.COUNTRY for text in kinds]),
        share([cell_ids.is_cell(text) for text in kinds]), share([_is_coordinate_pair(text) for text in kinds]),
        share([ADDRESS.fullmatch(text[:64]) for text in kinds]), min(share([ways.get(text) for text in kinds]), rows(ways.get)),
        min(share([event_words.find_event(text) for text in kinds]), rows(event_words.find_event)),
        share([_has_words(text) for text in kinds]),
        min(figures, default=0), max(figures, default=0), max(map(len, kinds)),
        _is_spread(kinds),
    )  # fmt: skip


def _extract_digits(text: str) -> str:
    """Digits of a handset that is written with marks between them; any other text as it is."""
    return "".join(c for c in text if c.isdecimal()) if phone_numbers.DEVICE.fullmatch(text) else text


def is_phone(text: str) -> bool:
    """Whether a cell is written as a number of seven digits or more, or is one that a party can have."""
    text = phone_numbers.strip_uri(text)
    digits = sum(c.isdecimal() for c in text)
    if phone_numbers.DEVICE.fullmatch(text) or not (
        TELEPHONE.fullmatch(text[:32]) and phone_numbers.SHORT <= digits <= 15
    ):
        return False
    return not (parse_date(text, "dmy") or _is_epoch(text) or (cell_ids.is_cell(text) and text.count("-") > 1))


def _may_be_party(text: str) -> bool:
    """Whether a cell can be a party beside others that are numbers: also a short code, a name, a damaged number."""
    short = text.isascii() and text.isdecimal() and 3 <= len(text) < phone_numbers.SHORT
    return is_phone(text) or short or is_rounded(text) or (_has_words(text) and not parse_date(text, "dmy"))


def _is_epoch(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) in (10, 13) and text[0] != "0" and int(text[:10]) in EPOCH


def _has_time_marks(text: str) -> bool:
    """Whether a time has a colon, or dots between its three parts."""
    return ":" in text or text.count(".") > 1


def _is_spread(kinds: Sequence[str]) -> bool:
    """Whether times lie in more than the first hour of the day; of a few nothing can be said."""
    times = [iso for text in kinds if (iso := parse_time(text))]
    return len(times) < SEVERAL or any(not iso.startswith("00:") for iso in times)


def _is_coordinate_pair(text: str) -> bool:
    """Whether a cell is a place on earth and little else: figures before or after it would be read as one of the two."""
    found = cell_ids.parse_point(text)
    return found is not None and cell_ids.is_point(*found) and len(FIGURE.findall(text[:160])) == 2


def _is_decimal(text: str) -> bool:
    value = cell_ids.parse_degrees(text) if any(c in ".," for c in text) else float("nan")
    return value == value  # noqa: PLR0124 - NaN is not itself


def _has_words(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= SEVERAL
