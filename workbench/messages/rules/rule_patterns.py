"""Patterns that a rule brings: regular expressions without the parts that can make a search run for hours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeVar

from workbench.errors import SchemaError
from workbench.model.catalogue import Sentence

Answer = TypeVar("Answer")
PARSER = import_module("re._parser")
"""What `re` itself reads a pattern with; it has no public name."""
LONGEST = 300
WORK = 20_000
"""Ways in which one pattern may be read at one place: by its repeats, its optional parts, and choices that begin alike."""
STEPS = 100_000
"""Signs that may be looked at for that, all ways together."""
MOST_STEPS = 100_000_000
"""Signs that the patterns of one pack may look at in one message: about a second."""
WIDEST = 1_000
"""Signs of a class that are listed one by one; a wider one begins like anything."""
Node = tuple[Any, Any]
"""Part of a parsed pattern: what it is, and of what it is made."""
SIGNS = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})
"""Parts that are read as one sign."""
PLACES = frozenset({"AT"})
"""Parts that are read as no sign: the begin or end of a text or word."""
REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})
BROKEN = re.compile(r"\\[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
"""A line break behind a backslash: who reads the rule cannot see what it stands for."""


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
    """How many signs the tests of a pack may still look at in one message.

    A pattern is tried at every place of a text: what it may cost is known before it is tried, and is the same on every
    machine. `is_spent`: whether a test was left out since this was last set to False. `answers`: what was found out about
    the message already; packs may share it.
    """

    left: int = MOST_STEPS
    is_spent: bool = False
    answers: dict[object, Any] = field(default_factory=dict)

    def spend(self, steps: int) -> bool:
        """Take so many steps from what is left; whether there were enough. What costs too much takes nothing."""
        if steps > self.left:
            self.is_spent = True
            return False
        self.left -= steps
        return True

    def find_answer(self, question: object, find: Callable[[], Answer]) -> Answer:
        """The answer to a question about the message, found out once."""
        if question not in self.answers:
            self.answers[question] = find()
        answer: Answer = self.answers[question]
        return answer


ENDLESS = int(PARSER.MAXREPEAT)
"""The upper bound of a repeat that has none."""
UNKNOWN_PART = Sentence(
    "it uses a backreference, a lookahead, a lookbehind, a flag or another part that is not "
    "accepted. Write `(?:…)` for a group, and list each possible text."
)
NOTHING = Reading(first=frozenset(), is_empty=True)


def compile_pattern(written: str) -> re.Pattern[str]:
    """A pattern, case not counted. Repeats have an upper bound, and stand behind a sign or a class, not behind a group.

    Raises
    ------
    SchemaError
        If it is broken, or has `*`, `+`, a repeated group or a part that is not on the list of those that are taken (a reference
        back, a look around, a flag, ...), or can be read in too many ways; it says what to write instead.
    """
    try:
        if reason := _find_fault(written):
            raise SchemaError(
                Sentence("The pattern '{pattern}' is not accepted: {reason}", pattern=written[:80], reason=reason)
            )
        return re.compile(written, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise SchemaError(
            Sentence("The pattern '{pattern}' is not valid: {error}.", pattern=written[:80], error=error)
        ) from None


def count_steps(written: str) -> int:
    """How many signs a pattern may look at for one place of a text, at most."""
    return _compute_sequence(_parse_pattern(written)).steps


def _find_fault(written: str) -> Sentence | None:
    """Why a pattern is not taken: what Python's own parser reads in it is the only judge."""
    if len(written) > LONGEST:
        return Sentence("it has {count} characters, and at most {most} are allowed.", count=len(written), most=LONGEST)
    if BROKEN.search(written):
        return Sentence(
            "it has a line break after a backslash. Write the pattern on one line. For a line break, write a "
            "backslash and then `n`."
        )
    nodes = _parse_pattern(written)
    if nodes.state.flags != re.UNICODE:
        return UNKNOWN_PART
    if reason := next(filter(None, map(_find_node_fault, nodes)), None):
        return reason
    found = _compute_sequence(nodes)
    return (
        None
        if found.ways <= WORK and found.steps <= STEPS
        else Sentence(
            "its repetitions and choices can be combined in too many ways. Use smaller limits, and "
            "write choices that begin with different letters."
        )
    )


def _find_node_fault(node: Node) -> Sentence | None:
    """Why a part of a pattern is not taken. What is not named here is not taken."""
    name, of = str(node[0]), node[1]
    if name in SIGNS or name in PLACES:
        return None
    inner: Iterable[Node]
    if name == "BRANCH":
        inner = [one for branch in of[1] for one in branch]
    elif name == "SUBPATTERN" and not of[1] and not of[2]:
        inner = of[3]
    elif name in REPEATS:
        return _find_repeat_fault(int(of[1]), list(of[2]))
    else:
        return UNKNOWN_PART
    return next(filter(None, map(_find_node_fault, inner)), None)


def _find_repeat_fault(most: int, inner: Sequence[Node]) -> Sentence | None:
    """Why a repeat is not taken: it has no upper bound, or repeats more than one sign. What may be left out may be a group."""
    if most >= ENDLESS:
        return Sentence("write `{{0,50}}` instead of `*` and `{{1,50}}` instead of `+`, so that a search always ends.")
    if most > 1 and [str(name) in SIGNS for name, _ in inner] != [True]:
        return Sentence("a group is repeated. Write the group as many times as you need it.")
    return next(filter(None, map(_find_node_fault, inner)), None)


def _parse_pattern(written: str) -> Any:  # noqa: ANN401
    """The parts of a pattern, as Python's own parser has them."""
    return PARSER.parse(written)


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
    if name in REPEATS:
        return _compute_repeat(_compute_sequence(of[2]), int(of[0]), int(of[1]))
    if name in PLACES:
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
