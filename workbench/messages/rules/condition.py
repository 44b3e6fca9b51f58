"""The language of conditions: which field, and what must be so for a rule to speak up. docs/messages.md tells it to people.

when: {urgency: immediate, urgency_reason: empty}     both hold; the first field is the place that is shown
when: {any: [{our_ref: empty}, {subject: {longer: 120}}]}
when: {persons.status: {not in: person_status}}       of any person
when: {summary_of_facts: {words: guilt}}
when: {check: ambiguous_date}                         a check in Python (`workbench.messages.rules.computed_checks`)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from operator import itemgetter
from typing import Any

from workbench.errors import SchemaError
from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import get_codes, get_words
from workbench.messages.model.message import PARTS
from workbench.messages.model.message_fields import FieldSpan, list_values
from workbench.messages.model.message_json import get_field_types
from workbench.messages.model.value_formats import FORMS, parse_day, parse_start_moment
from workbench.messages.rules import computed_checks
from workbench.messages.rules.rule_patterns import SearchBudget, compile_pattern, count_steps
from workbench.messages.wording.empty_phrases import is_empty_phrase
from workbench.messages.wording.quoted_speech import find_own_words
from workbench.model.catalogue import Sentence

DEEPEST = 8
MANY = 200
"""Places that one condition gives at most; what is beyond is not looked for."""
TEST_STEPS = 200
"""What a test of one value, and each place that it gives, costs of the budget, beside the length of the value."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The message, the part of it that is looked at (a person, an attachment; by default all of it), and what is around it.

    `budget`: what the tests of the pack may still cost in this message.
    """

    message: Any
    part: Any
    place: str
    around: Surroundings
    budget: SearchBudget = field(default_factory=SearchBudget)

    def build_field_path(self, path: str) -> str:
        """A field of the part as a field of the message."""
        return f"{self.place}.{path}" if self.place else path


FoundWord = tuple[int, int, str | None]
"""Start and end of a word in a text, and what could stand there instead."""
Hits = tuple[FieldSpan, ...]
Condition = Callable[[Scope], Hits]
Test = Callable[[Scope, str, Any], Hits]
EMPTY = (None, "", ())
SHIFT = re.compile(r"-?\d{1,4} (?:days|years)")
KNOWN = frozenset({"text"}.union(*map(get_field_types, PARTS)))
"""Names of all fields, of all kinds of messages and of their parts."""


def count_tests(said: object) -> int:
    """How many names, tests and listed values a condition has."""
    if isinstance(said, Mapping):
        return len(said) + sum(map(count_tests, said.values()))
    return len(said) + sum(map(count_tests, said)) if isinstance(said, list) else 0


def parse_condition(said: object, depth: int = 0) -> Condition:
    """The condition in what a pack says: a function that gives the places where it holds, none where it does not.

    Raises
    ------
    SchemaError
        If it is written wrong; it says how it is written.
    """
    if depth > DEEPEST:
        raise SchemaError(
            Sentence("A condition is nested more than {most} levels deep. Write two rules instead.", most=DEEPEST)
        )
    if not isinstance(said, Mapping) or not said:
        raise SchemaError(
            Sentence("A condition must have the form `{{field: test}}`. Found: {value}.", value=f"{said!r:.60}")
        )
    return _build_all_condition([_parse_entry(key, value, depth) for key, value in said.items()])


def _parse_entry(key: object, value: object, depth: int) -> Condition:
    if key in ("any", "all"):
        if not isinstance(value, list) or not value:
            raise SchemaError(
                Sentence("'{key}' needs a list of conditions. Found: {value}.", key=key, value=f"{value!r:.60}")
            )
        parts = [parse_condition(one, depth + 1) for one in value]
        return _build_any_condition(parts) if key == "any" else _build_all_condition(parts)
    if key == "not":
        return _build_not_condition(parse_condition(value, depth + 1))
    if key == "check":
        return _build_check_condition(value)
    if not isinstance(key, str):
        raise SchemaError(Sentence("{key} is not the name of a field. Write the name in quotes.", key=repr(key)))
    return _build_field_condition(key, parse_test(value))


def _build_all_condition(parts: list[Condition]) -> Condition:
    def match_all(scope: Scope) -> Hits:
        found: list[Hits] = []
        for part in parts:
            found.append(part(scope))
            if not found[-1]:
                return ()
        return next((hits for hits in found if hits[0].start is not None), found[0])

    return match_all


def _build_any_condition(parts: list[Condition]) -> Condition:
    return lambda scope: tuple(islice((hit for part in parts for hit in part(scope)), MANY))


def _build_not_condition(part: Condition) -> Condition:
    return lambda scope: () if part(scope) else (FieldSpan(scope.place),)


def _build_check_condition(name: object) -> Condition:
    if not isinstance(name, str) or name not in computed_checks.CHECKS:
        raise SchemaError(
            Sentence(
                "'{name}' is not a check. Known checks: {known}.", name=name, known=", ".join(computed_checks.CHECKS)
            )
        )
    check = computed_checks.CHECKS[name]

    def match_check(scope: Scope) -> Hits:
        question = ("check", name)
        found = scope.budget.find_answer(question, lambda: tuple(islice(check(scope.message, scope.around), MANY)))
        scope.budget.spend(TEST_STEPS * (1 + len(found)))
        return found

    return match_check


def _build_field_condition(path: str, tested: Test) -> Condition:
    """Holds where the field passes or, of a list, one of its entries. A field that this kind of message lacks never does."""
    unknown = [step for step in path.split(".") if step.split("[")[0] not in KNOWN]
    if unknown:
        raise SchemaError(Sentence("'{field}' in '{path}' is not a field of a message.", field=unknown[0], path=path))

    return lambda scope: tuple(islice(_list_hits(tested, scope, path), MANY))


def _list_hits(tested: Test, scope: Scope, path: str) -> Iterator[FieldSpan]:
    """Where a field passes or, of a list that does not as a whole, its entries; until the budget is spent."""
    for place, value in list_values(scope.part, path):
        found = _run_test(tested, scope, scope.build_field_path(place), value)
        yield from found
        if not found and isinstance(value, tuple):
            for number, one in enumerate(value):
                yield from _run_test(tested, scope, scope.build_field_path(f"{place}[{number}]"), one)
                if scope.budget.is_spent:
                    return
        if scope.budget.is_spent:
            return


def _run_test(tested: Test, scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
    found = tested(scope, place, value)
    scope.budget.spend(TEST_STEPS * (1 + len(found)) + (len(value) if isinstance(value, str) else 0))
    return found


def parse_test(said: object) -> Test:
    """The test in what a pack says of one field: a value, a list of values, empty, given, or named tests that must all hold."""
    if said == "empty":
        return _test_empty
    if said == "given":
        return _test_given
    if isinstance(said, list):
        return _build_value_test(lambda value: value in said)
    if isinstance(said, Mapping):
        return _join_tests([_parse_operation(str(name), operand) for name, operand in said.items()])
    return _build_value_test(lambda value: type(value) is type(said) and value == said)


def _test_empty(_: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
    """Nothing stands there, or what stands there says nothing."""
    return (FieldSpan(place, quote=value if isinstance(value, str) else ""),) if _is_empty(place, value) else ()


def _test_given(_: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
    return () if _is_empty(place, value) else (FieldSpan(place, quote=str(value)[:120]),)


def _is_empty(place: str, value: Any) -> bool:  # noqa: ANN401
    return value in EMPTY or (isinstance(value, str) and is_empty_phrase(value, place))


def _build_value_test(held: Callable[[Any], bool]) -> Test:
    return lambda _, place, value: (
        (FieldSpan(place, quote="" if value in EMPTY else str(value)[:120]),) if held(value) else ()
    )


def _join_tests(tests: list[Test]) -> Test:
    if not tests:
        raise SchemaError(Sentence("A test is empty. Write, for example, `{{longer: 120}}`."))

    def match_both(scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
        found = [one(scope, place, value) for one in tests]
        return max(found, key=lambda hits: hits[0].start is not None) if all(found) else ()

    return match_both


def _parse_operation(name: str, operand: object) -> Test:
    if name not in OPERATIONS:
        raise SchemaError(
            Sentence("'{name}' is not a test. Known tests: {known}.", name=name, known=", ".join(OPERATIONS))
        )
    try:
        return OPERATIONS[name](operand)
    except (TypeError, ValueError, KeyError) as error:
        why = error.args[0] if isinstance(error, ValueError) else error
        raise SchemaError(
            Sentence(
                "The test {name} cannot be used with {value} ({error}).", name=name, value=f"{operand!r:.60}", error=why
            )
        ) from None


def _get_operand_codes(operand: object) -> Iterable[Any]:
    return operand if isinstance(operand, list) else get_codes(str(operand))


def _build_in_test(operand: object) -> Test:
    known = frozenset(_get_operand_codes(operand))
    return _build_value_test(lambda value: value not in EMPTY and value in known)


def _build_not_in_test(operand: object) -> Test:
    known = frozenset(_get_operand_codes(operand))
    return _build_value_test(lambda value: value not in EMPTY and not isinstance(value, tuple) and value not in known)


def _create_number_operation(held: Callable[[float, float], bool]) -> Callable[[object], Test]:
    def build_test(operand: object) -> Test:
        bound = float(operand)  # type: ignore[arg-type]
        return _build_value_test(lambda value: type(value) in (int, float) and held(value, bound))

    return build_test


def _create_size_operation(
    kind: type[str] | type[tuple[Any, ...]], held: Callable[[int, int], bool]
) -> Callable[[object], Test]:
    def build_test(operand: object) -> Test:
        bound = int(operand)  # type: ignore[call-overload]
        return _build_value_test(lambda value: isinstance(value, kind) and held(len(value), bound))

    return build_test


def _compare_dates(held: Callable[[datetime, datetime], bool]) -> Callable[[object], Test]:
    """A date against another field, `today`, or so many days or years before it: '-10 years'. A day without time counts as a whole."""

    def build_test(operand: object) -> Test:
        if operand != "today" and not SHIFT.fullmatch(str(operand)) and str(operand).split(".")[0] not in KNOWN:
            raise ValueError(
                Sentence("write `today`, a field, or a time before or after now, such as `-10 years` or `30 days`")
            )

        def match_date(scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
            mine, other = (
                parse_start_moment(value) if isinstance(value, str) else None,
                _resolve_moment(str(operand), scope),
            )
            if other and isinstance(value, str) and parse_day(value):
                other = other.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            return (FieldSpan(place, quote=value),) if mine and other and held(mine, other) else ()

        return match_date

    return build_test


def _resolve_moment(said: str, scope: Scope) -> datetime | None:
    now = scope.around.now
    if said == "today":
        return now
    amount, _, unit = said.partition(" ")
    if unit in ("days", "years"):
        return computed_checks.shift_date(now, int(amount), unit)
    other = next((value for _, value in list_values(scope.message, said)), "")
    return parse_start_moment(other) if isinstance(other, str) else None


def _create_form_operation(*, right: bool) -> Callable[[object], Test]:
    def build_test(operand: object) -> Test:
        valid = FORMS[str(operand)]
        return _build_value_test(lambda value: isinstance(value, str) and value != "" and valid(value) is right)

    return build_test


def _compile_operand(operand: object) -> tuple[re.Pattern[str], int]:
    """A pattern, and how many signs it may look at for one place. A figure is one too; a list is not."""
    if isinstance(operand, bool) or not isinstance(operand, str | int | float):
        raise TypeError(type(operand).__name__)
    return compile_pattern(str(operand)), count_steps(str(operand))


def _build_pattern_test(operand: object) -> Test:
    sought, steps = _compile_operand(operand)

    def match_pattern(scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
        is_read = isinstance(value, str) and scope.budget.spend(steps * (len(value) + 1))
        found = filter(itemgetter(0), sought.finditer(value) if is_read else ())
        return tuple(FieldSpan(place, *match.span(), match[0]) for match in islice(found, MANY))

    return match_pattern


def _build_unlike_test(operand: object) -> Test:
    sought, steps = _compile_operand(operand)

    def match_unlike(scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
        is_read = isinstance(value, str) and value != "" and scope.budget.spend(steps)
        return (FieldSpan(place, quote=value[:120]),) if is_read and not sought.fullmatch(value) else ()

    return match_unlike


def _build_own_words_test(operand: object) -> Test:
    """Words of a list outside quotation marks."""
    name = str(operand)
    get_words(name)
    return _build_found_words_test(("own words", name), lambda text: find_own_words(text, name))


def _build_words_test(operand: object) -> Test:
    name = str(operand)
    lists = get_words(name)
    return _build_found_words_test(("words", name), lambda text: (hit for one in lists for hit in one.find(text)))


def _build_found_words_test(question: tuple[str, str], find: Callable[[str], Iterable[FoundWord]]) -> Test:
    """Words of a list: what a text has of them is looked for once."""

    def find_words(text: str) -> list[tuple[tuple[int, int], str | None]]:
        found = {(start, end): better for start, end, better in find(text)}
        return sorted(found.items())[:MANY]

    def match_words(scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
        text = value if isinstance(value, str) else ""
        found = scope.budget.find_answer((*question, text), lambda: find_words(text))
        return tuple(FieldSpan(place, *span, text[slice(*span)], better) for span, better in found)

    return match_words


def _build_equal_field_test(operand: object) -> Test:
    """Whether the value is one of the values of another field of the message."""

    def match_field_value(scope: Scope, place: str, value: Any) -> Hits:  # noqa: ANN401
        others = [other for _, other in list_values(scope.message, str(operand))]
        return (FieldSpan(place, quote=str(value)),) if value not in EMPTY and value in others else ()

    return match_field_value


OPERATIONS: Mapping[str, Callable[[object], Test]] = {
    "in": _build_in_test,
    "not in": _build_not_in_test,
    "below": _create_number_operation(lambda value, bound: value < bound),
    "above": _create_number_operation(lambda value, bound: value > bound),
    "longer": _create_size_operation(str, lambda size, bound: size > bound),
    "shorter": _create_size_operation(str, lambda size, bound: size < bound),
    "more than": _create_size_operation(tuple, lambda size, bound: size > bound),
    "fewer than": _create_size_operation(tuple, lambda size, bound: size < bound),
    "before": _compare_dates(lambda mine, other: mine < other),
    "after": _compare_dates(lambda mine, other: mine > other),
    "valid": _create_form_operation(right=True),
    "invalid": _create_form_operation(right=False),
    "matches": _build_pattern_test,
    "unlike": _build_unlike_test,
    "words": _build_words_test,
    "own words": _build_own_words_test,
    "same as": _build_equal_field_test,
}
