"""Search across languages: what is said counts, not the language in which it is said."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.search.language_neutral import Neutral, remove_language_mark
from workbench.search.question_bank import QUESTIONS

SIZE, MATTERS, STRENGTH = 48, 30, 2.5
LANGUAGES = ("en", "fr", "ar")


def unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


Made = tuple[list[str], npt.NDArray[np.float32], dict[str, str], npt.NDArray[np.float32], npt.NDArray[np.float32]]


@pytest.fixture(scope="module")
def made() -> Made:
    """Passages that are a matter, a strong mark of their language, and a little noise; the matters; the marks."""
    random = np.random.default_rng(7)
    matters, marks = (
        unit(random.normal(size=(MATTERS, SIZE))),
        STRENGTH * unit(random.normal(size=(len(LANGUAGES), SIZE))),
    )
    ids, rows, spoken = [], [], {}
    for number in range(MATTERS):
        for code, mark in zip(LANGUAGES, marks, strict=True):
            key = f"{number}-{code}"
            ids.append(key)
            rows.append(matters[number] + mark + 0.05 * random.normal(size=SIZE))
            spoken[key] = code
    return ids, unit(np.array(rows)), spoken, matters, marks


def test_the_same_matter_comes_first_in_every_language(made: Made) -> None:
    ids, rows, spoken, matters, marks = made
    neutral = Neutral(ids, rows.astype(np.float16), spoken)
    bare = found = 0
    for number in range(MATTERS):
        asked = unit(matters[number] + marks[0])
        wanted = {f"{number}-fr", f"{number}-ar"}
        bare += len(wanted & {ids[row] for row in np.argsort(-(rows @ asked))[:5]})
        made_neutral = remove_language_mark(
            np.stack([asked, asked]), np.stack([marks, marks]).astype(np.float32) / np.hypot(1, STRENGTH)
        )
        found += len(wanted & set(neutral.search(made_neutral, 5)["passage_id"]))
    assert found == 2 * MATTERS
    assert bare < MATTERS / 2


def test_filters_hold_and_nothing_outside_lends(made: Made) -> None:
    ids, rows, spoken, matters, _ = made
    neutral = Neutral(ids, rows.astype(np.float16), spoken)
    among = {"1-en", "2-fr", "3-ar", "unknown"}
    found = neutral.search(unit(matters[5]), 10, among=among)
    assert set(found["passage_id"]) == among - {"unknown"}
    assert found["score"].is_monotonic_decreasing
    only = Neutral(
        [key for key in ids if key != "5-en"], np.delete(rows, ids.index("5-en"), 0).astype(np.float16), spoken
    )
    assert list(only.search(unit(matters[5]), 3, among=among)["passage_id"]) == list(found["passage_id"])
    assert len(neutral.search(unit(matters[5]), 10, among=set())) == 0


def test_a_neighbour_lifts(made: Made) -> None:
    ids, rows, spoken, matters, _ = made
    neutral = Neutral(ids, rows.astype(np.float16), spoken)
    beside = {"1-en": ("9-ar",), "9-ar": ("1-en",)}
    plain = neutral.search(unit(matters[1]), 90).set_index("passage_id")["score"]
    lifted = neutral.search(unit(matters[1]), 90, beside=beside).set_index("passage_id")["score"]
    assert lifted["9-ar"] > plain["9-ar"]
    assert lifted["1-en"] == pytest.approx(plain["1-en"], abs=1e-5)


def test_a_passage_can_be_the_question(made: Made) -> None:
    ids, rows, spoken, _, _ = made
    neutral = Neutral(ids, rows.astype(np.float16), spoken)
    vector = neutral.get_vector("4-ar")
    assert vector is not None
    assert set(neutral.search(vector, 3)["passage_id"]) == {"4-en", "4-fr", "4-ar"}
    assert neutral.get_vector("unknown") is None


def test_an_empty_case_has_no_answer() -> None:
    empty = Neutral([], np.zeros((0, 0), np.float16), {})
    assert len(empty) == 0
    assert list(empty.search(np.ones(4, np.float32), 5).columns) == ["passage_id", "score"]


@given(st.integers(1, 12), st.integers(0, 50), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_few_passages_have_finite_scores(number: int, seed: int, same: bool) -> None:
    random = np.random.default_rng(seed)
    rows = np.ones((number, 8)) if same else random.normal(size=(number, 8))
    ids = [str(row) for row in range(number)]
    found = Neutral(ids, unit(rows).astype(np.float16), {"0": "en", "1": "fr"}).search(
        unit(random.normal(size=8)), number
    )
    assert sorted(found["passage_id"]) == sorted(ids)
    assert np.isfinite(found["score"]).all()


def test_the_same_questions_stand_in_each_language() -> None:
    assert {len(texts) for texts in QUESTIONS.values()} == {30}
    assert all(len(set(texts)) == 30 for texts in QUESTIONS.values())
