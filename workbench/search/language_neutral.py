"""Search across languages: the mark that its language leaves on a vector is taken out before anything is compared.

A multilingual model puts sentences of one language near each other whatever they say, and some short sentences near
everything. On 400 made-up passages in four languages the bare cosine finds fewer than half of the answers that lie in
another language than the question (benchmarks/search.py). Three steps mend it:

1. from a passage the mean of its language is taken, from a question the mean of everyday questions in its language (`bank`);
2. a passage is measured against the passages of its own language: by how many standard deviations it stands out;
3. the best passages lend a part of their meaning to the question, and all are measured once more.

References
----------
J. Libovický, R. Rosa, A. Fraser, On the Language Neutrality of Pre-trained Multilingual Representations, EMNLP Findings 2020.
S. Bogolin et al., Cross Modal Retrieval with Querybank Normalisation, CVPR 2022. J. J. Rocchio, Relevance feedback in
information retrieval, 1971; H. Li et al., Pseudo Relevance Feedback with Deep Language Models and Dense Retrievers, TOIS 2023.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.search.vector_store import build_ranking, lift_score

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

WITNESSES = 20
"""Weight of what is known of all languages against what the passages of one say: a language with few has no mean of its own."""
LENDERS, LOAN = 3, 0.5
"""Passages that lend to the question, and how much.

Chosen among 1 to 4 and 0.2 to 0.7 on half of the questions (tests/quality), confirmed on the other half."""
ROWS = 65_536
"""Rows that are multiplied at once."""
FULL = 131_072
"""Rows up to which vectors are kept in 32 bits, ready to be multiplied; of more, in 16."""


class Neutral:
    """Vectors of passages without the mark of their language, searched exactly.

    Parameters
    ----------
    ids : sequence of str
        Passages.
    vectors : array, one row per id
        As the engine made them.
    spoken : mapping
        Passage -> language, whatever names it; passages that are not in it are one group more.
    """

    def __init__(self, ids: Sequence[str], vectors: npt.NDArray[np.float16], spoken: Mapping[str, str]) -> None:
        import numpy as np

        self.ids = list(ids)
        self._rows = {key: row for row, key in enumerate(self.ids)}
        names = sorted({spoken.get(key, "") for key in self.ids})
        code = {name: number for number, name in enumerate(names)}
        self._groups = np.array([code[spoken.get(key, "")] for key in self.ids], dtype=np.int32)
        self._size = np.bincount(self._groups, minlength=len(names)).astype(np.float32)
        made = self._centre_vectors(vectors) if len(self.ids) else np.zeros((0, 0), np.float16)
        self._vectors: npt.NDArray[np.float16 | np.float32] = made.astype(np.float32) if len(made) <= FULL else made

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.ids)

    def get_vector(self, passage_id: str) -> npt.NDArray[np.float32] | None:
        """What a passage says beyond its language, of unit length; None if it is not there."""
        import numpy as np

        row = self._rows.get(passage_id)
        return None if row is None else self._vectors[row].astype(np.float32, copy=False)

    def search(
        self,
        asked: npt.NDArray[np.float32],
        n: int,
        *,
        among: Collection[str] | None = None,
        beside: Mapping[str, Sequence[str]] | None = None,
    ) -> pd.DataFrame:
        """The `n` passages that stand out most, best first: passage_id, score.

        Parameters
        ----------
        asked : array
            Question without the mark of its language (`Engine.encode_question`, or `vector` of a passage), unit length.
        among, beside
            As for `VectorIndex.search`. Only passages in `among` lend to the question.

        Returns
        -------
        DataFrame
            `score`: standard deviations above the mean of what the passages of the same language have for this question. It
            orders within one answer, and is no probability.
        """
        import numpy as np

        if not self.ids or n < 1:
            return build_ranking({}, n)
        chosen = np.arange(len(self.ids)) if among is None else np.array(sorted(self._find_rows(among)), dtype=np.int64)
        if not len(chosen):
            return build_ranking({}, n)
        first = self._compute_scores(asked)
        best = chosen[np.argsort(-first[chosen], kind="stable")[:LENDERS]]
        scores = self._compute_scores(
            _normalise_vector(asked + LOAN * self._vectors[best].astype(np.float32).mean(axis=0))
        )
        return self._rank_passages(scores, chosen, n, beside or {})

    def _rank_passages(
        self,
        scores: npt.NDArray[np.float32],
        chosen: npt.NDArray[np.int64],
        n: int,
        beside: Mapping[str, Sequence[str]],
    ) -> pd.DataFrame:
        import numpy as np

        near = {int(row) for row in chosen[np.argsort(-scores[chosen], kind="stable")[:n]]}
        if beside:
            around = {self._rows[key] for row in near for key in beside.get(self.ids[row], ()) if key in self._rows}
            near |= around if len(chosen) == len(self.ids) else around & set(chosen.tolist())
        mine = {self.ids[row]: float(scores[row]) for row in near}
        said = {key for one in mine for key in beside.get(one, ()) if key in self._rows}
        known = mine | {key: float(scores[self._rows[key]]) for key in said}
        return build_ranking({key: lift_score(score, beside.get(key, ()), known) for key, score in mine.items()}, n)

    def _find_rows(self, among: Collection[str]) -> set[int]:
        return {self._rows[key] for key in among if key in self._rows}

    def _centre_vectors(self, vectors: npt.NDArray[np.float16]) -> npt.NDArray[np.float16]:
        """Vectors less the mean of their language, of unit length; 16 bits."""
        import numpy as np

        sums = np.stack(
            [vectors[self._groups == group].sum(axis=0, dtype=np.float32) for group in range(len(self._size))]
        )
        whole = sums.sum(axis=0) / len(vectors)
        means = (sums + WITNESSES * whole) / (self._size[:, None] + WITNESSES)
        made = np.empty(vectors.shape, np.float16)
        for at in range(0, len(vectors), ROWS):
            rows = vectors[at : at + ROWS].astype(np.float32) - means[self._groups[at : at + ROWS]]
            made[at : at + ROWS] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return made

    def _compute_scores(self, asked: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """By how many standard deviations each passage stands out among those of its language."""
        import numpy as np

        starts = range(0, len(self.ids), ROWS)
        parts = [self._vectors[at : at + ROWS].astype(np.float32, copy=False) @ asked for at in starts]
        cosines = np.concatenate(parts)
        number = len(self._size)
        weight = self._size + WITNESSES
        means = np.bincount(self._groups, cosines, number) + WITNESSES * cosines.mean()
        means /= weight
        spread = np.bincount(self._groups, (cosines - means[self._groups]) ** 2, number) + WITNESSES * cosines.var()
        made: npt.NDArray[np.float32] = (
            (cosines - means[self._groups]) / np.sqrt(spread / weight + 1e-9)[self._groups]
        ).astype(np.float32)
        return made


def remove_language_mark(vectors: npt.NDArray[np.float32], marks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A question without the mark of its language, of unit length.

    Parameters
    ----------
    vectors : array of forms x size
        The question in each form in which the model takes texts (as question, as passage).
    marks : array of forms x languages x size
        Means of everyday questions. The language is the one whose mean is nearest.
    """
    import numpy as np

    near = int(np.einsum("fd,fld->l", vectors, marks / np.linalg.norm(marks, axis=2, keepdims=True)).argmax())
    made = np.stack([_normalise_vector(row - mark) for row, mark in zip(vectors, marks[:, near], strict=True)])
    return _normalise_vector(made.sum(axis=0))


def _normalise_vector(row: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    import numpy as np

    made: npt.NDArray[np.float32] = row / max(float(np.linalg.norm(row)), 1e-6)
    return made
