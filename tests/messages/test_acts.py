"""What sentences speak for and against, and how that is fitted from texts of which only the type is known."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.messages.wording.cue_words import load_lists, split_tokens
from workbench.messages.wording.speech_acts import (
    ENDS,
    Sentences,
    compute_soft_maximum,
    encode_place,
    list_outer_sentences,
    list_sentence_terms,
    split_sentences,
)

sys.path.insert(0, str(Path(__file__).parents[2] / "datasets" / "make"))

import categories
import pooling


def test_a_text_falls_into_sentences() -> None:
    assert split_sentences("We were wrong. Sorry. The plate ends in 7?") == ["We were wrong.", "The plate ends in 7?"]
    assert split_sentences("Received.") == ["Received."] and split_sentences("") == [""]


@given(st.text(max_size=200))
def test_sentences_stand_in_the_text(words: str) -> None:
    found = split_sentences(words)
    assert found and all(each in words for each in found)


@given(st.integers(min_value=1, max_value=40))
def test_outer_sentences_are_the_first_and_the_last(count: int) -> None:
    found = list_outer_sentences(count)
    assert {0, count - 1} <= set(found) and len(found) == min(count, 2 * ENDS)
    assert sum(sum(encode_place(at, count)) for at in range(count)) == min(count, 2)


def test_figures_are_one_word_and_pairs_are_kept() -> None:
    assert list_sentence_terms(split_tokens("Plate 4711 seen")) == {
        "plate",
        "0",
        "seen",
        "plate 0",
        "0 seen",
        "^ plate",
        "seen $",
    }
    assert list_sentence_terms([]) == set()


@given(st.lists(st.floats(min_value=-50, max_value=50), min_size=1, max_size=8))
def test_what_is_pooled_lies_between_the_mean_and_the_most(scores: list[float]) -> None:
    found, part = compute_soft_maximum(np.array(scores)[:, None], np.array([len(scores)]))
    assert np.mean(scores) - 1e-6 <= found[0, 0] <= max(scores) + 1e-6
    assert part.sum() == pytest.approx(1)


def test_the_sentence_that_tells_is_found_without_being_pointed_out() -> None:
    draw = np.random.default_rng(7)
    counts, told = draw.integers(1, 6, 300), draw.integers(0, 2, 300)
    seen = draw.normal(size=(counts.sum(), 4))
    starts = np.cumsum(counts) - counts
    seen[starts + draw.integers(0, counts), 0] = np.where(told, 6.0, -6.0)
    shown = pooling.Seen(np.ones((300, 1)), Sentences(counts, seen, [np.zeros(0, np.int64)] * len(seen)), 0)
    wanted = np.eye(2)[told]
    train = np.arange(300) < 200
    made = pooling.fit(shown.select_texts(train), wanted[train], np.ones(200), 0)
    right = made.scores(shown.select_texts(~train)).argmax(axis=1) == told[~train]
    assert right.mean() > 0.95
    assert abs(made.sentence[0, 0]) > 3 * np.abs(made.sentence[0, 1:]).max()


def test_texts_that_are_learnt_from_have_known_labels_and_are_not_alike() -> None:
    known = load_lists()["en"]
    for name in ("practice", *categories.VOICES):
        found = list(categories.read_examples(name))
        assert all(one.areas and set(one.areas) <= set(known["areas"]) and one.type in known["types"] for one in found)
    everything = [one.text for name in ("practice", *categories.VOICES) for one in categories.read_examples(name)]
    pieces = [
        {tuple(words[at : at + 8]) for at in range(len(words) - 7)}
        for one in everything
        for words in [one.words.split()]
    ]
    owners = [(piece, at) for at, each in enumerate(pieces) for piece in each]
    assert len({piece for piece, _ in owners}) > 0.99 * len(owners)
    assert len({one.words for one in everything}) == len(everything)
