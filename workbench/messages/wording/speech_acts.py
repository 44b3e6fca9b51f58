"""Acts: what each sentence of a text speaks for and against, such as asking, answering or telling that a letter came.

A sentence is read by its vector, its cues, its words and its place. What its sentences say is pooled: neither the loudest alone nor the
average tells what a text is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.messages.wording.cue_words import Token

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

SENTENCE = re.compile(r"[^.!?؟;\n]+[.!?؟;]*")
ENDS = 2
"""Sentences at either end that are read as vectors, which cost most; of those between, words and cues are read."""
HARD = 0.5
"""How far the loudest sentence counts for more than the others: 0 is the mean, much more is the loudest alone."""


def split_sentences(text: str) -> list[str]:
    """The sentences of a text that have more than a word; all of it where there is none."""
    return [match[0].strip() for match in SENTENCE.finditer(text) if len(match[0].split()) > 1] or [text]


def list_outer_sentences(count: int) -> list[int]:
    """Numbers of the sentences at either end of a text of so many."""
    return [at for at in range(count) if at < ENDS or at >= count - ENDS]


def encode_place(at: int, count: int) -> list[float]:
    """Whether a sentence stands first, last or alone."""
    return [float(at == 0 < count - 1), float(at == count - 1 > 0), float(count == 1)]


def list_sentence_terms(read: Sequence[Token]) -> set[str]:
    """Words of a sentence, its pairs of words, and with what it begins and ends; figures are one word."""
    plain = ["0" if token.forms[-1].isdigit() else token.forms[-1] for token in read]
    ends = {f"^ {plain[0]}", f"{plain[-1]} $"} if plain else set()
    return {*plain, *(f"{one} {other}" for one, other in pairwise(plain)), *ends}


@dataclass(frozen=True)
class Sentences:
    """What is seen of the sentences of texts.

    Attributes
    ----------
    counts : array of texts
        Sentences of each.
    seen : array of sentences x features
        Vector, cues and place.
    words : list of arrays
        Numbers of the known terms in each sentence.
    """

    counts: npt.NDArray[np.int64]
    seen: Array
    words: Sequence[npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Reader:
    """Weights of what sentences are told by.

    Attributes
    ----------
    terms : tuple of str
        The words and pairs of words that are weighed.
    seen : array of (2 x labels) x features
        Weights for each label, then those against it, of vector, cues and place.
    words : array of (2 x labels) x terms
    """

    terms: tuple[str, ...]
    seen: Array
    words: Array

    @cached_property
    def term_numbers(self) -> dict[str, int]:
        """Number of each term."""
        return {one: number for number, one in enumerate(self.terms)}

    def score_texts(self, read: Sentences) -> Array:
        """How much the sentences of each text speak for each label, then how much against it."""
        import numpy as np

        worded = np.array([self.words[:, found].sum(axis=1) for found in read.words])
        return compute_soft_maximum(read.seen @ self.seen.T + worded, read.counts)[0]


def compute_soft_maximum(scores: Array, counts: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Soft maximum over the sentences of each text, and the share that each sentence has in it."""
    import numpy as np

    starts, owner = np.cumsum(counts) - counts, np.repeat(np.arange(len(counts)), counts)
    most = np.maximum.reduceat(scores, starts, axis=0)
    parts = np.exp(HARD * (scores - most[owner]))
    total = np.add.reduceat(parts, starts, axis=0)
    return most + np.log(total / counts[:, None]) / HARD, parts / total[owner]


def list_term_numbers(found: Iterable[str], known: dict[str, int]) -> npt.NDArray[np.int64]:
    """Numbers of the terms that are known."""
    import numpy as np

    return np.array(sorted(known[one] for one in found if one in known), np.int64)
