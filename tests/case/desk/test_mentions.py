"""The desk reads drafts with the case's own methods."""

from __future__ import annotations

import pytest

from workbench.case.desk import find_mentions, is_known_place
from workbench.messages import Message, Surroundings, check


@pytest.mark.slow
def test_a_draft_is_read_for_names_places_and_special_categories() -> None:
    text = "On 3 May 2025 Erik Halvorsen, who is HIV positive, was seen in Lyon."
    found = {(one.kind, one.text) for one in find_mentions(text)}
    assert ("person", "Erik Halvorsen") in found
    assert any(kind == "health" for kind, _ in found)
    assert all(text[one.start : one.end] == one.text for one in find_mentions(text))
    rules = {fault.rule.id for fault in check(Message(summary_of_facts=text), Surroundings(reader=find_mentions))}
    assert {"TXT-01", "TXT-12"} <= rules


def test_places_are_looked_up() -> None:
    assert is_known_place("Lyon") and is_known_place("France")
    assert not is_known_place("Qwxzville")
