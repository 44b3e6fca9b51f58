"""What bank statements of every format say: an account, its balances, and entries with the other side of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

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
    booked : bool
        False for what is announced only; it is not in the balances.
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
    booked: bool = True
    others: tuple[tuple[str, str], ...] = field(default=())


def decimal(text: str) -> Decimal | None:
    """Amount with a point for decimals; None of what is none."""
    return Decimal(text) if AMOUNT.fullmatch(text) else None


def plain(amount: Decimal) -> str:
    """Amount in digits, without exponent."""
    return f"{amount:f}"
