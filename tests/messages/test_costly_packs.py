"""What a rule pack may cost: Python's own parser judges its patterns, and a budget bounds the time and memory of its tests."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import within
from tests.messages.test_packs import HEAD, RULE
from workbench.errors import SchemaError
from workbench.messages import Message, Surroundings, check
from workbench.messages.model.message import Correspondence, Person
from workbench.messages.model.message_fields import FieldSpan
from workbench.messages.rules import computed_checks
from workbench.messages.rules.rule_check import Fault
from workbench.messages.rules.rule_packs import Pack, read_pack
from workbench.messages.rules.rule_patterns import compile_pattern

FACTS = "The van was found in Lyon on Monday by the officer. " * 1_000
LETTER = Message(type="information", our_ref="V", from_bureau="QM-NCB", to=("QN-NCB",), summary_of_facts=FACTS)
TEST = 'objects.kind: vehicle, summary_of_facts: {matches: "white van"}'


def build_pack(*tests: str) -> Pack:
    return read_pack(HEAD + RULE.replace(TEST, f"any: [{', '.join(f'{{{one}}}' for one in tests)}]"))


HIDDEN = [
    "[a-z \\\n[](?=(?:\\w|\\w)+#)]?", "[a-z \\\r[](?=(?:\\w|\\w)+#)]?", "a\\\nb", "[a-z \n[](?=(?:\\w|\\w){1,9}#)]?", "(?i)a",
    "(?x)a b", "(?i:a)", "(?-i:a)", "(?!)", "(?<!a)b", "(?>a)b", "a?+b", "(a)?(?(1)b|c)", "(?P<n>a)(?P=n)", "(?:ab?){0,9}",
    "(?:a{0,9}){0,9}", "(?:(?=a)b|c)?",
]  # fmt: skip


@pytest.mark.parametrize("written", HIDDEN)
def test_what_pythons_parser_reads_as_another_part_is_not_taken(written: str) -> None:
    with pytest.raises(SchemaError):
        compile_pattern(written)


PIECES = st.sampled_from(
    ["a", "\\", "\n", "[", "]", "(", ")", "(?:", "(?=", "|", "?", "{0,40}", "{1,9}", "\\w", "^", "-", "#", "+"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=16).map("".join), st.sampled_from([" " + "a" * 400, "a\n" * 200, "]" + "a[" * 200]))
@pytest.mark.filterwarnings("ignore:Possible :FutureWarning")
def test_no_pieces_that_are_taken_hang_a_search(written: str, text: str) -> None:
    try:
        sought = compile_pattern(written)
    except SchemaError:
        return
    within(5.0, lambda: sum(1 for _ in sought.finditer(text)))


def test_many_tests_that_hold_everywhere_are_cheap_in_time_and_memory() -> None:
    pack = build_pack(*['summary_of_facts: {matches: "[a-z]"}'] * 60)
    check(LETTER, packs=[pack])
    tracemalloc.start()
    try:
        within(2.0, lambda: check(LETTER, packs=[pack]))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("test", ["check: slow_check", "text: {words: guilt}", "text: {own words: guilt}"])
def test_what_was_asked_of_a_message_before_is_not_reckoned_again(test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def slow_check(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
        asked.append(message)
        yield FieldSpan("summary_of_facts")

    monkeypatch.setattr(computed_checks, "CHECKS", {"slow_check": slow_check})
    packs = [build_pack(*[test] * 300), read_pack((HEAD + RULE).replace("OUR-01", "OUR-02").replace(TEST, test))]
    check(LETTER, packs=packs)
    asked.clear()
    within(1.0, lambda: check(LETTER, packs=packs))
    assert len(asked) == (test == "check: slow_check")


@pytest.mark.slow
def test_tests_of_many_persons_count_against_the_budget() -> None:
    message = replace(LETTER, persons=(Person(family_name="Moss"),) * 3_000)
    pack = build_pack(*["persons.family_name: {longer: 500}"] * 3_000)
    found: list[Fault] = []
    within(20.0, lambda: found.extend(check(message, packs=[pack])))
    assert {fault.message for fault in found} == {
        "This rule was not checked. Its patterns need too many steps for a text of this length."
    }


@pytest.mark.slow
def test_a_pack_has_a_bounded_number_of_tests() -> None:
    assert build_pack(*["our_ref: empty"] * 3_000)
    with pytest.raises(SchemaError, match="At most 10,000 are allowed"):
        build_pack(*["our_ref: empty"] * 6_000)
    with pytest.raises(SchemaError, match="At most 10,000 are allowed"):
        build_pack(f"our_ref: [{', '.join(['a'] * 10_000)}]")
