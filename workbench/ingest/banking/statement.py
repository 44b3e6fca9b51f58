"""What bank statements of every format say: an account, its balances, and entries with the other side of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from workbench.model.time_zones import parse_iso_time
from workbench.model.values.plausible_years import is_plausible

DAY = re.compile(r"(\d{4}-\d\d-\d\d)(T\S{1,40})?(Z|[+-]\d\d:\d\d)?")
AMOUNT = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a payment as the statement names it; '' where it does not."""

    name: str = ""
    account: str = ""
    bank: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything is said of it."""
        return bool(self.name or self.account)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one account. `own`: the account and its holder; `place`: where it begins; `others`: what else its head says."""

    number: str
    own: Side
    currency: str = ""
    period: str = ""
    place: str = ""
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a statement says besides, after its first entry: labels and values."""

    place: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of the statement. `opens`: whether the entries come after it, otherwise before it."""

    opens: bool
    amount: Decimal
    currency: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry.

    Attributes
    ----------
    amount : Decimal or None
        What the account gains by it (negative: loses); None if it could not be read.
    has_direction : bool
        Whether the statement tells if the amount came in or went out; otherwise the amount has no sign, and nobody is its payer.
    booked : bool
        False for what is announced only; it is not in the balances.
    status : str
        What the statement says of one that is not booked, '' where it is announced.
    others : tuple of (str, str)
        Whatever else the statement says, label and value.
    """

    place: str
    amount: Decimal | None
    currency: str
    date: str
    other: Side
    value_date: str = ""
    purpose: str = ""
    reference: str = ""
    has_direction: bool = True
    booked: bool = True
    status: str = ""
    others: tuple[tuple[str, str], ...] = field(default=())


def parse_amount(text: str) -> Decimal | None:
    """Amount with a point for decimals; None of what is none."""
    return Decimal(text) if AMOUNT.fullmatch(text) else None


def is_day(text: str) -> bool:
    """Whether a text is a day that a calendar has, or a time of one, as XML writes them, and of a year in which one can pay.

    >>> is_day("2026-03-02+01:00"), is_day("2026-03-02T24:00:00Z"), is_day("2026-02-30"), is_day("02.03.2026")
    (True, True, False, False)
    """
    found = DAY.fullmatch(text)
    if not found or not is_plausible(text):
        return False
    try:
        parse_iso_time(found[1] + (found[2] or "T00:00").replace("T24:00", "T00:00") + (found[3] or ""))
    except ValueError:
        return False
    return True


def format_amount(amount: Decimal) -> str:
    """Amount in digits, without exponent."""
    return f"{amount:f}"
