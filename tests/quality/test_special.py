"""Words of special categories and minors on sentences of our own: what is found, and what is flagged wrongly.

`first.txt` was written before the lists. `second.txt` was written after them and before they were tried on it. By its misses the lists
were then mended, so both files now hold what must not be lost again. `practice.txt` and `unseen.txt`, for beliefs and origins, were both
written before their lists, which were made and mended with the first in view and never with the second: its figures are told
(docs/special.md), its misses are not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.extract.wordlist import load_finder

PLACE = Path(__file__).parent / "special"
KINDS = ("health", "sexLife", "biometrics", "genetics", "minors")
BELIEFS = ("religion", "ethnicity", "political", "tradeUnion")
UNSEEN = {"religion": 20, "ethnicity": 19, "political": 17, "tradeUnion": 19}
"""Kind -> found at the first try of the lists on the unseen sentences, of 20."""
LANGUAGES = ("ar", "en", "es", "fr")
pytestmark = pytest.mark.quality


def sentences(*names: str) -> Iterator[tuple[str, str, str, str]]:
    """Kind, sign, language, sentence."""
    for name in names:
        for line in (PLACE / f"{name}.txt").read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                kind, sign, language, text = line.split("\t")
                yield kind, sign, language, text


def kinds(text: str) -> set[str]:
    return {found.kind for found in load_finder().find(text)}


@pytest.mark.parametrize(
    ("names", "said", "number"),
    [(("first", "second"), KINDS, 10), (("practice",), BELIEFS, 5), (("unseen",), BELIEFS, 5)],
)
def test_there_are_as_many_of_each(names: tuple[str, ...], said: tuple[str, ...], number: int) -> None:
    counts = Counter((kind, sign, language) for kind, sign, language, _ in sentences(*names))
    assert set(counts) == {(kind, sign, language) for kind in said for sign in "+-" for language in LANGUAGES}
    assert set(counts.values()) == {number}


def test_no_sentence_is_in_two_files() -> None:
    texts = [text for *_, text in sentences("first", "second", "practice", "unseen")]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_found_and_what_is_flagged_wrongly(kind: str) -> None:
    right: Counter[str] = Counter()
    wrong = []
    for said, sign, _, text in sentences("first", "second"):
        if said == kind:
            hit = kind in kinds(text)
            right[sign] += hit == (sign == "+")
            wrong += [text] * (hit != (sign == "+"))
    assert right["+"] >= (38 if kind == "sexLife" else 40), wrong
    assert right["-"] == 40, wrong


@pytest.mark.parametrize("kind", BELIEFS)
def test_beliefs_and_origins_of_the_sentences_for_practice_are_found(kind: str) -> None:
    missed = [
        text for said, sign, _, text in sentences("practice") if (said, sign) == (kind, "+") and kind not in kinds(text)
    ]
    assert missed == []


@pytest.mark.parametrize("kind", BELIEFS)
def test_as_many_beliefs_and_origins_are_found_in_unseen_sentences_as_at_the_first_try(kind: str) -> None:
    found = sum(kind in kinds(text) for said, sign, _, text in sentences("unseen") if (said, sign) == (kind, "+"))
    assert found >= UNSEEN[kind]


@pytest.mark.parametrize("name", ["practice", "unseen"])
def test_no_belief_or_origin_is_read_into_a_harmless_sentence(name: str) -> None:
    wrong = sum(bool(kinds(text) & set(BELIEFS)) for _, sign, _, text in sentences(name) if sign == "-")
    assert wrong == 0


def test_no_belief_or_origin_is_read_into_sentences_of_other_kinds() -> None:
    assert [text for *_, text in sentences("first", "second") if kinds(text) & set(BELIEFS)] == []


def test_no_kind_is_taken_for_another() -> None:
    """A sentence of one kind may tell of another as well ('she lost the baby', 'the Yazidi minority'); few do."""
    other = [text for kind, _, _, text in sentences("first", "second", "practice") if kinds(text) - {kind}]
    assert len(other) <= 8, other
