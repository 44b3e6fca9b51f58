"""Several rankings into one.

References
----------
G. V. Cormack, C. L. A. Clarke, S. Büttcher, Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods, SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

EMPTY: dict[int, list[str]] = {}
K = 60
"""Rank at which a place counts half as much as the first would with K = 0; 60 as in the paper."""


def reciprocal(rankings: Iterable[Sequence[str]], *, weights: Sequence[float] = (), k: int = K) -> dict[str, float]:
    """Score of every id that stands in a ranking, best first: sum of weight / (k + rank), rank from 1.

    Scores tell the order within one answer. They say nothing across answers, and are no probability. Equal scores keep the
    order of the id, so that the same rankings always give the same answer.
    """
    scores: dict[str, float] = {}
    for number, ranking in enumerate(rankings):
        weight = weights[number] if number < len(weights) else 1.0
        for rank, key in enumerate(dict.fromkeys(ranking), 1):
            scores[key] = scores.get(key, 0.0) + weight / (k + rank)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def merge(answers: Sequence[pd.DataFrame], n: int, *, by: str = "document_id") -> pd.DataFrame:
    """Hits of several queries in one table of at most `n` rows, without a document twice.

    The answers are taken in turn, best hit first, so that each query has its say. `rank` is numbered anew from 1.

    Parameters
    ----------
    answers : sequence of DataFrame
        Best first each; they have the column `by`, and may have `copies`: lists of the same ids that count as the same hit.
    """
    rows = [(rank, number) for number, answer in enumerate(answers) for rank in range(len(answer))]
    seen: set[str] = set()
    chosen: list[tuple[int, int]] = []
    for rank, number in sorted(rows):
        key = str(answers[number][by].iloc[rank])
        if key not in seen and len(chosen) < n:
            seen |= {key, *answers[number].get("copies", EMPTY).get(rank, ())}
            chosen.append((rank, number))
    if not chosen:
        return answers[0].head(0) if answers else pd.DataFrame({by: pd.Series(dtype=str)})
    table = pd.concat([answers[number].iloc[[rank]] for rank, number in chosen], ignore_index=True)
    return table.assign(rank=range(1, len(table) + 1)) if "rank" in table else table
