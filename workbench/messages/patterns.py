"""Patterns that a rule brings: regular expressions without the parts that can make a search run for hours."""

from __future__ import annotations

import re
from math import prod

from workbench.errors import SchemaError
from workbench.model.catalogue import Sentence

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
    if reason := _refused(written):
        raise SchemaError(Sentence("refused.pattern.not_taken", pattern=written[:80], reason=reason))
    try:
        return re.compile(written, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise SchemaError(Sentence("refused.pattern.broken", pattern=written[:80], error=error)) from None


def _refused(written: str) -> Sentence | None:
    bare = PART.sub("x", written)
    if len(written) > LONGEST:
        return Sentence("refused.pattern.long", count=len(written), most=LONGEST)
    if re.search(r"\\[1-9gk]", written) or re.search(r"\(\?(?!:)", bare):
        return Sentence("refused.pattern.back")
    if re.search(r"[*+]", bare):
        return Sentence("refused.pattern.endless")
    if re.search(r"\)\s*\{", bare):
        return Sentence("refused.pattern.group")
    ways = prod(int(high or low) - int(low) + 1 for low, high in BOUND.findall(bare)) * 2 ** bare.count("?")
    return None if 0 < ways <= WORK else Sentence("refused.pattern.ways")
