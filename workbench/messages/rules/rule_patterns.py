"""Patterns that a rule brings: regular expressions without the parts that can make a search run for hours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.errors import SchemaError
from workbench.model.catalogue import Sentence

LONGEST = 300
WORK = 20_000
"""Ways in which one pattern may be read at one place: by its repeats, its optional parts, and choices that begin alike."""
STEPS = 100_000
"""Signs that may be looked at for that, all ways together."""
MOST_STEPS = 100_000_000
"""Signs that the patterns of one pack may look at in one message: about a second."""
WIDEST = 1_000
"""Signs of a class that are listed one by one; a wider one begins like anything."""
PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""An escaped sign, or a class of signs."""
Node = tuple[Any, Any]
"""Part of a parsed pattern: what it is, and of what it is made."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a part of a pattern can be read.

    Attributes
    ----------
    ways : int
        In how many ways at one place.
    steps : int
        How many signs are looked at for all of them.
    first : frozenset of str or None
        Signs with which it can begin, case not counted; None for any.
    is_empty : bool
        Whether it can be read without a sign.
    """

    ways: int = 1
    steps: int = 1
    first: frozenset[str] | None = None
    is_empty: bool = False


@dataclass(slots=True)
class SearchBudget:
    """How many signs the patterns of a pack may still look at in one message.

    A pattern is tried at every place of a text: what it may cost is known before it is tried, and is the same on every
    machine. `is_spent`: whether a pattern was left out since this was last set to False.
    """

    left: int = MOST_STEPS
    is_spent: bool = False

    def spend(self, steps: int) -> bool:
        """Take so many steps from what is left; whether there were enough. What costs too much takes nothing."""
        if steps > self.left:
            self.is_spent = True
            return False
        self.left -= steps
        return True


NOTHING = Reading(first=frozenset(), is_empty=True)


def compile_pattern(written: str) -> re.Pattern[str]:
    """A pattern, case not counted. Repeats have an upper bound, and stand behind a sign or a class, not behind a group.

    Raises
    ------
    SchemaError
        If it is broken, or has `*`, `+`, a reference back, a look around or a repeated group, or can be read in too many ways; it
        says what to write instead.
    """
    try:
        if reason := _find_fault(written):
            raise SchemaError(
                Sentence("The pattern '{pattern}' is not accepted: {reason}", pattern=written[:80], reason=reason)
            )
        return re.compile(written, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise SchemaError(
            Sentence("The pattern '{pattern}' is not correct: {error}.", pattern=written[:80], error=error)
        ) from None


def count_steps(written: str) -> int:
    """How many signs a pattern may look at for one place of a text, at most."""
    return _compute_sequence(_parse_pattern(written)).steps


def _find_fault(written: str) -> Sentence | None:
    bare = PART.sub("x", written)
    if len(written) > LONGEST:
        return Sentence("it has {count} characters, and at most {most} are allowed.", count=len(written), most=LONGEST)
    if re.search(r"\\[1-9gk]", written) or re.search(r"\(\?(?!:)", bare):
        return Sentence(
            "it uses a back reference, a lookahead or a lookbehind. Write (?:…) for a group, and "
            "list each possible text."
        )
    if re.search(r"[*+]", bare):
        return Sentence("write {{0,50}} instead of * and {{1,50}} instead of +, so that a search always ends.")
    if re.search(r"\)\s*\{", bare):
        return Sentence("a group is repeated. Write the group as often as you need it.")
    found = _compute_sequence(_parse_pattern(written))
    return (
        None
        if found.ways <= WORK and found.steps <= STEPS
        else Sentence(
            "its repetitions and choices can be combined in too many ways. Use smaller limits, and "
            "write choices that begin with different letters."
        )
    )


def _parse_pattern(written: str) -> Iterable[Node]:
    """The parts of a pattern, as Python's own parser has them; `re` has no public name for it."""
    parser = re._parser  # noqa: SLF001
    return list(parser.parse(written, re.IGNORECASE))


def _compute_sequence(nodes: Iterable[Node]) -> Reading:
    """Parts one behind the other: the ways of each multiply those of all before it."""
    made = NOTHING
    for node in nodes:
        part = _compute_part(node)
        first = _join_signs([made.first, part.first]) if made.is_empty else made.first
        steps = made.steps + made.ways * part.steps
        made = Reading(made.ways * part.ways, steps, first, made.is_empty and part.is_empty)
    return made


def _compute_part(node: Node) -> Reading:
    name, of = str(node[0]), node[1]
    if name == "BRANCH":
        return _compute_choice([_compute_sequence(one) for one in of[1]])
    if name == "SUBPATTERN":
        return _compute_sequence(of[-1])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _compute_repeat(_compute_sequence(of[2]), int(of[0]), int(of[1]))
    if name == "AT":
        return NOTHING
    return Reading(first=_list_signs([node] if name != "IN" else of))


def _compute_repeat(part: Reading, least: int, most: int) -> Reading:
    """A part so many times: the ways of each number of times together."""
    ways = sum(min(part.ways**times, WORK + 1) for times in range(least, min(most, least + WORK) + 1))
    return Reading(ways, ways + most * part.steps * part.ways, part.first, part.is_empty or not least)


def _compute_choice(branches: Sequence[Reading]) -> Reading:
    """One of several: at one place only those are read on that can begin with the sign there."""
    ways = max(sum(other.ways for other in branches if _can_begin_alike(one, other)) for one in branches)
    first = _join_signs([one.first for one in branches])
    return Reading(ways, sum(one.steps for one in branches), first, any(one.is_empty for one in branches))


def _can_begin_alike(one: Reading, other: Reading) -> bool:
    if one is other or one.is_empty or other.is_empty or one.first is None or other.first is None:
        return True
    return bool(one.first & other.first)


def _join_signs(signs: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    known = list(signs)
    return None if None in known else frozenset().union(*filter(None, known))


def _list_signs(nodes: Iterable[Node]) -> frozenset[str] | None:
    """Signs of a class, each in one form for all its cases; None where they are many, or said by what they are not."""
    found: set[str] = set()
    for what, of in nodes:
        name = str(what)
        if name == "LITERAL":
            found.add(_normalise_sign(of))
        elif name == "RANGE" and of[1] - of[0] < WIDEST:
            found.update(_normalise_sign(number) for number in range(of[0], of[1] + 1))
        else:
            return None
    return frozenset(found)


def _normalise_sign(number: int) -> str:
    """A form that a sign has in common with all that are read alike where case does not count."""
    return chr(number).upper().casefold()[0]
