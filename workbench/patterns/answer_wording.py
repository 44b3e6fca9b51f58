"""Sentences that stand under telephone answers: how each was made, and what it does not say."""

from __future__ import annotations

from workbench.model.catalogue import Sentence, join_sentences

CELL, COUNTED, SERVICES = "calls.said.cell", "calls.said.counted", "calls.said.services"
UNKNOWN_ZONE, MIXED_ZONE = "calls.said.unknown_zone", "calls.said.mixed_zone"
MISSING, PERSON = "calls.said.missing", "calls.said.person"
"""Keys of what stands under several answers."""


def join_limits(*more: str) -> str:
    """Limits of an answer: its own first, then those of every answer about telephones."""
    return combine_sentences(*more, Sentence(MISSING), Sentence(PERSON))


def combine_sentences(*sentences: str) -> str:
    """Sentences one after another, those that are not empty."""
    return join_sentences("{one} {more}", filter(None, sentences))
