"""Sentences of our own by what they do, and messages composed of them: what types of messages are told by.

`categories/acts_*.txt` has sentences under the name of a type, under `story` (they only tell what happened) and under `tail` (courtesies
and questions with which a message of any type may end).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent / "categories"
STORY, TAIL = "story", "tail"
COPIES = 60
"""Messages of a type in a language."""
TAILED, ASKING, TELLING = 0.35, 0.25, 0.15
"""How often a message has a tail, a reminder asks again, and a request tells something first."""

Sentences = Mapping[str, Sequence[str]]


def sentences(code: str) -> dict[str, list[str]]:
    """What a sentence does -> sentences of a language."""
    found: dict[str, list[str]] = {}
    for line in (HERE / f"acts_{code}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = []
        else:
            found[next(reversed(found))].append(line)
    return found


def compose_messages(held: Sentences, seed: str) -> Iterator[tuple[str, str]]:
    """Text and type of messages that are put together from sentences."""
    draw = Random(seed)
    for name in held:
        if name not in (STORY, TAIL):
            for _ in range(COPIES):
                yield " ".join(dict.fromkeys(_message(held, name, draw))), name


def _message(held: Sentences, name: str, draw: Random) -> list[str]:
    story = [draw.choice(held[STORY]) for _ in range(draw.choice((0, 0, 1, 1, 2, 3, 4)))]
    acts = draw.sample(held[name], draw.choice((1, 1, 1, 2, 3)))
    at = draw.choice((0, len(story) // 2, len(story), len(story)))
    before = [draw.choice(held["information"])] if name == "request" and draw.random() < TELLING else []
    again = [draw.choice(held["request"])] if name == "reminder" and draw.random() < ASKING else []
    tail = [draw.choice(held[TAIL])] if draw.random() < TAILED else []
    return [*before, *story[:at], *acts, *story[at:], *again, *tail]
