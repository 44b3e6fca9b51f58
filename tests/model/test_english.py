"""English that people see is written as docs/style.md says: none of its sentences has a phrase of the table of words."""

from __future__ import annotations

import re

import pytest
import strings

PHRASES = {
    "stands": r"\bstands?\b|\bstood\b",
    "told": r"\btold (?:as|of)\b|\btells? of\b",
    "is no": r"(?<!there )\b(?:is|are|was|were) no (?!longer\b|more\b)",
    "names no": r"\b(?:names|says) no\b",
    "made one": r"\bmade one\b",
    "parted": r"\bparted\b",
    "mend": r"\bmend(?:s|ed|ing)?\b",
    "machines": r"\b(?:of|by) (?:a )?machines?\b|\ba machine read\b",
    "by hand": r"\bby hand\b",
    "the chosen one": r"\bchosen one\b|\bwhat is chosen\b",
    "whose telephone": r"\bwhose (?:tele)?phone was read\b",
    "custodian": r"\bcustodians?\b",
    "thing": r"\bthings?\b(?!`)",
    "not said": r"\bnot said\b",
    "taken in": r"\b(?:taken|take|took|takes) in\b",
    "kept": r"\bkept (?:apart|as|back|beside)\b",
    "anew": r"\banew\b",
    "whoever": r"\bwhoever\b",
    "below": r": below\b",
    "row(s)": r"\w\(e?s\)",
    "space before an ellipsis": r"(?<!because)(?<!,) …$",
    "please": r"\bplease\b",
    "we": r"\bwe\b",
}


@pytest.fixture(scope="module")
def english() -> list[tuple[str, str]]:
    found = {**strings.collect_sentences().found, **strings.collect_widgets(strings.ROOT).found}
    """Where each text is, and the text; what a bureau writes to another says we and please, and is left out."""
    told = [(one.context or places[0], one) for one, places in found.items()]
    return [
        (place, text)
        for place, one in told
        for text in (one.text, one.other)
        if text and not place.startswith("draft.")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", PHRASES)
def test_no_sentence_has_a_phrase_that_the_style_sheet_replaces(name: str, english: list[tuple[str, str]]) -> None:
    pattern = re.compile(PHRASES[name], re.IGNORECASE)
    assert [one for one in english if pattern.search(one[1])] == []
