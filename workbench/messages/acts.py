"""Deciding sentences: those few in which a message says what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable

SENTENCE = re.compile(r"[^.!?؟;\n]+[.!?؟;]*")
MOST = 3
"""Sentences that are read of a message: each costs a vector."""


def sentences(text: str) -> list[str]:
    """The sentences of a text that have more than a word; all of it where there is none."""
    return [match[0].strip() for match in SENTENCE.finditer(text) if len(match[0].split()) > 1] or [text]


def deciding(text: str, weigh: Callable[[str], float]) -> list[str]:
    """The first sentence, the last, and those between that weigh most, in their order."""
    first, *others = sentences(text)
    between, last = others[:-1], others[-1:]
    ranked = sorted(range(len(between)), key=lambda at: (-weigh(between[at]), -at))
    chosen = [between[at] for at in sorted(ranked[: MOST - 2])]
    return list(dict.fromkeys([first, *chosen, *last]))
