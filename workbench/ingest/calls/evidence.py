"""What columns show when they are laid beside each other: the same cells, an order of times, lengths that add up, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from workbench.ingest.calls import moments
from workbench.ingest.calls.codes import Ints
from workbench.ingest.tables.values import a_duration, order, unquoted

ENOUGH = 3
"""Rows below which columns show nothing."""
NEARLY = 0.9
SLACK = 1
"""Seconds by which clocks that cut off parts of a second may differ."""
HOUR = 3600
RINGING = 180
"""Seconds that may lie between a start that is the first ring and the answer."""
ROUND = 6
"""Seconds of the shortest unit that is billed."""
TAIL = 7
UNKNOWN = -1


def same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two columns hold the same in every row, numbers with or without their country's prefix."""
    pairs = [(_plain(left), _plain(right)) for left, right in zip(one, other, strict=True)]
    return any(left for left, _ in pairs) and all(left == right for left, right in pairs)


def _plain(raw: str) -> str:
    text = unquoted(raw)
    digits = "".join(c for c in text if c.isdecimal())
    return digits[-TAIL:] if len(digits) >= TAIL and not any(c in text for c in ":/-") else text


def seconds(column: Sequence[str]) -> Ints:
    """Moments of a column as seconds, `moments.NEVER` where there is none."""
    import pyarrow as pa

    return moments.read(pa.array(list(column), pa.string()), order(column) or "dmy").seconds


def earlier(one: Sequence[str], other: Sequence[str]) -> bool | None:
    """Whether the first column is never later (True) or never earlier (False); None if neither, or both.

    Two columns that are whole hours apart in every row are one time in two zones: neither is the start.
    """
    left, right = seconds(one), seconds(other)
    both = (left != moments.NEVER) & (right != moments.NEVER)
    apart = right[both] - left[both]
    if not len(apart) or (apart[0] and apart[0] % (HOUR // 4) == 0 and bool((apart == apart[0]).all())):
        return None
    before, after = bool((apart >= 0).all()), bool((apart <= 0).all())
    return None if before == after else before


def lengths(column: Sequence[str]) -> list[int]:
    """Seconds of a column of durations, UNKNOWN where a cell is none."""
    found = (a_duration(unquoted(text)) for text in column)
    return [int(text) if text.isdecimal() else UNKNOWN for text in found]


def add_up(start: Sequence[str], end: Sequence[str], column: Sequence[str], slack: int = SLACK) -> bool:
    """Whether a column is as long as between start and end in nearly all rows where something passed."""
    first, last = seconds(start), seconds(end)
    rows = zip(first.tolist(), last.tolist(), lengths(column), strict=True)
    told = [
        (until - since, length)
        for since, until, length in rows
        if moments.NEVER not in (since, until) and length != UNKNOWN and (length or until != since)
    ]
    fitting = sum(abs(passed - length) <= slack for passed, length in told)
    return len(told) >= ENOUGH and fitting >= NEARLY * len(told)


def is_rounded(column: Sequence[str]) -> bool | None:
    """Whether all durations are multiples of a billed unit (6 s, a minute, …); None where too few differ to tell."""
    figures = {length for length in lengths(column) if length > 0}
    return gcd(*figures) >= ROUND if len(figures) >= ENOUGH else None
