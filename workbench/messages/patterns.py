"""Patterns that a rule brings: regular expressions without the parts that can make a search run for hours."""

from __future__ import annotations

import re
from math import prod

from workbench.errors import SchemaError

LONGEST = 300
WORK = 20_000
"""Ways in which the repeats of one pattern may be combined at one place."""
PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""An escaped sign, or a class of signs."""
BOUND = re.compile(r"\{(\d{1,3})(?:,(\d{1,3}))?\}")


def pattern(written: str) -> re.Pattern[str]:
    """A pattern, case not counted. Repeats have an upper bound, and stand behind a sign or a class, not behind a group.

    Raises
    ------
    SchemaError
        If it is broken, or has `*`, `+`, a reference back, a look around or a repeated group; it says what to write instead.
    """
    reason = _refused(written)
    if reason:
        raise SchemaError(f"The pattern {written[:80]!r} is not taken: {reason}")
    try:
        return re.compile(written, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise SchemaError(f"The pattern {written[:80]!r} is broken: {error}.") from None


def _refused(written: str) -> str:
    bare = PART.sub("x", written)
    if len(written) > LONGEST:
        return f"it has {len(written)} signs, at most {LONGEST} are read."
    if re.search(r"\\[1-9gk]", written) or re.search(r"\(\?(?!:)", bare):
        return "it refers back or looks around. Write (?:…) for a group and say each case."
    if re.search(r"[*+]", bare):
        return "write {0,50} for * and {1,50} for +, so that a search always ends."
    if re.search(r"\)\s*\{", bare):
        return "a group is repeated. Say how often by writing it out."
    ways = prod(int(high or low) - int(low) + 1 for low, high in BOUND.findall(bare)) * 2 ** bare.count("?")
    return "its repeats can be combined in too many ways. Give them smaller bounds." if not 0 < ways <= WORK else ""
