"""The desk reads drafts with the case's own methods."""

from __future__ import annotations

import pytest

from workbench.case.desk import known_place, mentions
from workbench.messages import Message, Surroundings, check


@pytest.mark.slow
def test_a_draft_is_read_for_names_places_and_special_categories() -> None:
    text = "On 3 May 2025 Erik Halvorsen, who is HIV positive, was seen in Lyon."
    found = {(one.kind, one.text) for one in mentions(text)}
    assert ("person", "Erik Halvorsen") in found
    assert any(kind == "health" for kind, _ in found)
    assert all(text[one.start : one.end] == one.text for one in mentions(text))
    rules = {fault.rule.id for fault in check(Message(summary_of_facts=text), Surroundings(reader=mentions))}
    assert {"TXT-01", "TXT-12"} <= rules


def test_places_are_looked_up() -> None:
    assert known_place("Lyon") and known_place("France")
    assert not known_place("Qwxzville")
