"""Fit of texts and their sentences together: weights of what a text is seen by, and of what its sentences speak for and against.

Only the text has a label; which of its sentences it comes from is found by the fit (multiple instances).

References
----------
J. Ramon, L. De Raedt, Multi instance neural networks, ICML workshop on attribute-value and relational learning, 2000 (soft maximum).
C. Guo and others, On Calibration of Modern Neural Networks, ICML 2017 (temperature scaling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.messages.wording.speech_acts import Sentences, compute_soft_maximum

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    Array = npt.NDArray[np.float64]

STEPS = 100
FIRM = {"text": 1.0, "vector": 0.5, "other": 1.0, "terms": 0.5}
"""How firmly weights hold to nought: of the text, of sentences' vectors, of their cues and place, of their words."""


@dataclass(frozen=True)
class Seen:
    """What is seen of texts: of each as a whole (with a constant at the end), and of its sentences; words are of `known` terms."""

    texts: Array
    sentences: Sentences
    known: int

    @cached_property
    def words(self) -> csr_matrix:
        """Which terms stand in which sentence."""
        from scipy.sparse import csr_matrix

        found = self.sentences.words
        ends = np.cumsum([0, *(len(one) for one in found)])
        held = np.concatenate([*found, np.zeros(0, np.int64)])
        return csr_matrix((np.ones(len(held)), held, ends), (len(found), self.known))

    def select_texts(self, kept: npt.NDArray[np.bool_]) -> Seen:
        """The same of some of the texts."""
        rows = np.flatnonzero(np.repeat(kept, self.sentences.counts))
        words = [self.sentences.words[row] for row in rows]
        return Seen(
            self.texts[kept], Sentences(self.sentences.counts[kept], self.sentences.seen[rows], words), self.known
        )


@dataclass(frozen=True)
class Weights:
    """Of texts (labels x features), of sentences and of their words (for each label, then against it)."""

    text: Array
    sentence: Array
    words: Array

    def pool_scores(self, seen: Seen) -> tuple[Array, Array]:
        """What the sentences of each text speak for and against, and the share of each in it."""
        scores = seen.sentences.seen @ self.sentence.T + seen.words @ self.words.T
        return compute_soft_maximum(scores, seen.sentences.counts)

    def scores(self, seen: Seen, said: Array | None = None) -> Array:
        """Score of each label for each text; `said` is what its sentences say, if it is known."""
        favour, against = np.split(self.pool_scores(seen)[0] if said is None else said, 2, axis=1)
        found: Array = seen.texts @ self.text.T + favour - against
        return found


def fit(seen: Seen, labels: Array, share: Array, vector: int) -> Weights:
    """Weights of the highest posterior probability: cross-entropy, and a normal prior around nought.

    Parameters
    ----------
    seen : Seen
    labels : array of texts x labels
        1 where a text has the label, else 0; it has one.
    share : array of texts
        What each counts for.
    vector : int
        Numbers of the vector, with which texts and sentences begin.
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    count = labels.shape[1]
    shapes = [(count, seen.texts.shape[1]), (2 * count, seen.sentences.seen.shape[1]), (2 * count, seen.known)]
    firm = _firm(shapes, vector)
    owner = np.repeat(np.arange(len(labels)), seen.sentences.counts)
    turned = seen.words.T.tocsr()

    def cost(flat: Array) -> tuple[float, Array]:
        weights = Weights(*_parts(flat, shapes))
        said, part = weights.pool_scores(seen)
        chances = log_softmax(weights.scores(seen, said), axis=1)
        wrong = (np.exp(chances) - labels) * share[:, None]
        blame = part * np.concatenate([wrong, -wrong], axis=1)[owner]
        slopes = (wrong.T @ seen.texts, blame.T @ seen.sentences.seen, (turned @ blame).T)
        loss = -(share[:, None] * labels * chances).sum() + (firm * flat**2).sum() / 2
        return float(loss), np.concatenate([slope.ravel() for slope in slopes]) + firm * flat

    found = minimize(cost, np.zeros(len(firm)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return Weights(*_parts(found.x, shapes))


def _parts(flat: Array, shapes: Sequence[tuple[int, int]]) -> list[Array]:
    ends = np.cumsum([rows * columns for rows, columns in shapes])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes, strict=True)]


def _firm(shapes: Sequence[tuple[int, int]], vector: int) -> Array:
    (labels, texts), (acts, seen), (_, words) = shapes
    text = [*[FIRM["text"]] * (texts - 1), 0.01]
    sentence = [*[FIRM["vector"]] * vector, *[FIRM["other"]] * (seen - vector)]
    rows: list[Any] = [np.tile(text, labels), np.tile(sentence, acts), np.full(acts * words, FIRM["terms"])]
    return np.concatenate(rows)


def heat(scores: Array, labels: Array) -> float:
    """What scores are divided by so that texts which were held out are told no more and no less surely than they are right."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def cost(degrees: float) -> float:
        return -float((labels * log_softmax(scores / degrees, axis=1)).sum())

    return float(minimize_scalar(cost, bounds=(0.3, 5.0), method="bounded").x)
