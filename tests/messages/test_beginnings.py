"""A list is looked for only where one of its phrases may begin, and found wherever its pattern finds it."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from workbench.messages.model.code_lists import (
    FOLDERS,
    HERE,
    LANGUAGES,
    PARTS,
    VARIANTS,
    Words,
    get_words,
    list_names,
    load_first_words,
)
from workbench.messages.model.phrase_starts import ALIKE, Beginnings
from workbench.messages.model.safe_yaml import parse_yaml

sys.path.insert(0, str(Path(__file__).parents[2] / "datasets" / "make"))
SEED = 27182
FEW = 400
"""Words of a list whose pattern is made quickly."""
SEAMS = (" ", "\n", "'", "ʼ", "’", "-", ".", "َ", "ًّ", "ـ", "و", "وبال", "لل", "x", "1", "_", "%", "&", "")
OTHERS = str.maketrans("iskاةيé", "İſKأهىÉ")
"""Letters that mean the same to a pattern."""


@cache
def lists() -> tuple[Words, ...]:
    return tuple(one for name in list_names() for one in get_words(name))


def same(one: Words, text: str) -> bool:
    return [match.span() for match in one.find_matches(text)] == [match.span() for match in one.pattern.finditer(text)]


@cache
def texts(size: int) -> tuple[str, ...]:
    from bureaux.flow import traffic

    sent = [one.message for one in traffic(SEED, size)]
    return tuple(dict.fromkeys(each for one in sent for each in (one.subject, one.summary_of_facts) if each))


@pytest.mark.slow
def test_lists_are_found_as_their_patterns_find_them() -> None:
    short = [one for one in lists() if len(one.instead) < FEW]
    assert {one.language for one in short} >= set(LANGUAGES)
    assert all(same(one, text) for one in short for text in texts(8))


@pytest.mark.slow
def test_all_lists_are_found_in_traffic_as_their_patterns_find_them() -> None:
    assert all(same(one, text) for one in lists() for text in texts(80))


@pytest.mark.slow
@given(st.data())
@settings(max_examples=300, deadline=None)
def test_phrases_are_found_however_they_are_joined_and_spelled(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([one for one in lists() if len(one.instead) < FEW]))
    phrases = st.sampled_from(sorted(one.instead)).map(lambda phrase: phrase.replace("*", ""))
    spelled = phrases.flatmap(lambda said: st.sampled_from([said, said.upper(), said.translate(OTHERS), "َ".join(said)]))
    parts = data.draw(st.lists(st.tuples(st.sampled_from(SEAMS), spelled | st.sampled_from(SEAMS)), max_size=6))
    assert same(one, "".join(part for pair in parts for part in pair))


@pytest.mark.slow
def test_letters_that_a_pattern_takes_for_one_are_one_here() -> None:
    written = "".join(map(chr, range(0x20000)))
    letters = {letter for one in lists() for word in one.instead for letter in PARTS.findall(word)[0]} - {"*"}
    for letter in letters:
        found = set(re.findall(VARIANTS.get(letter, re.escape(letter)), written, re.IGNORECASE))
        assert {one.translate(ALIKE).lower() for one in found} == {letter.translate(ALIKE).lower()}


def test_lists_are_told_by_a_word_of_theirs() -> None:
    known = Beginnings([["red car", "blue"], ["red*"], ["& co"]])
    assert [known.starts(text).lists for text in ("A redhead", "RED cars", "green")] == [0b110, 0b111, 0b100]


@pytest.mark.parametrize("word", ["lorem ", "كَتَبَ", "كَ", "ـ", "a'"])
def test_a_long_text_costs_what_its_length_does(word: str) -> None:
    linear(lambda size: load_first_words().starts(word * size), 3_000, 30_000)


def test_lists_of_arabic_say_nothing_of_a_text_without_it() -> None:
    (arabic,) = [one for one in get_words("untoc") if one.language == "ar"]
    assert [len(list(arabic.find(text))) for text in ("UNTOC", "اتفاقية UNTOC")] == [0, 1]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_list_stands_in_one_file_of_its_language(folder: str) -> None:
    files = [parse_yaml(path.read_text("utf-8"), path.name) for path in (HERE / "words" / folder).glob("*.yaml")]
    names = [name for data in files for name in data]
    assert names and len(names) == len(set(names))
