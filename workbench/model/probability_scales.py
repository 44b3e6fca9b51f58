"""Words for how likely something is. An agency picks one scale; words of two scales are never mixed.

References
----------
Professional Head of Intelligence Assessment (UK), Explaining Uncertainty in UK Intelligence Assessment, 2025. The gaps
between its ranges are meant: a judgement should not rest on a border.
"""

from __future__ import annotations

PHIA: tuple[tuple[str, str], ...] = (
    ("remote chance", "up to 5 %"),
    ("highly unlikely", "10 to 20 %"),
    ("unlikely", "25 to 35 %"),
    ("realistic possibility", "40 to 50 %"),
    ("likely, probable", "55 to 75 %"),
    ("highly likely", "80 to 90 %"),
    ("almost certain", "95 % and more"),
)
"""Word and range, from the least likely."""
WORDS: tuple[str, ...] = tuple(dict.fromkeys(word for words, _ in PHIA for word in (words, *words.split(", "))))
"""All that an officer may write: of a step that has two words, either of them or both."""
