"""Several rankings into one.

References
----------
G. V. Cormack, C. L. A. Clarke, S. Büttcher, Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods, SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import fsum

import pandas as pd

EMPTY: dict[int, list[str]] = {}
K = 60
"""Rank at which a place counts half as much as the first would with K = 0; 60 as in the paper."""
SHARE = 0.6
"""Measured (benchmarks/search.py; questions to the chats of a training case): 0 gives nDCG@10 0.556 on Cranfield and 0.51 on
the chats, 0.6 gives 0.548 and 0.56, 0.8 gives 0.534 and 0.58. Words alone give 0.510 and 0.42."""


def compute_reciprocal_scores(
    rankings: Iterable[Sequence[str]], *, weights: Sequence[float] = (), k: int = K
) -> dict[str, float]:
    """Score of every id that stands in a ranking, best first: sum of weight / (k + rank), rank from 1.

    Scores tell the order within one answer. They say nothing across answers, and are no probability. Equal scores keep the
    order of the id, so that the same rankings always give the same answer.
    """
    shares: dict[str, list[float]] = {}
    for number, ranking in enumerate(rankings):
        weight = weights[number] if number < len(weights) else 1.0
        for rank, key in enumerate(dict.fromkeys(ranking), 1):
            shares.setdefault(key, []).append(weight / (k + rank))
    # exact sums: the order of the rankings changes no last digit
    scores = {key: fsum(given) for key, given in shares.items()}
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def rank_passages(words: pd.DataFrame, meaning: pd.DataFrame, n: int, whole: Collection[str] = ()) -> pd.DataFrame:
    """Passages found by words and by meaning in one ranking of at most `n`.

    Parameters
    ----------
    words, meaning : DataFrame
        passage_id, score (higher is better), best first; either may be empty.
    whole : collection of str
        Passages that hold every word of the question.

    Returns
    -------
    DataFrame
        passage_id, score (reciprocal rank fusion, comparable within one answer only), matched ('words', 'meaning', 'both').

    Notes
    -----
    Of the words' ranking only passages count that hold every word, or match at least SHARE as well as its best: an analyst's
    question is long and a message short, so most of what shares one common word with it is chance.
    """
    best = float(words["score"].max()) if len(words) else 0.0
    counts = (words["score"] >= SHARE * best) | words["passage_id"].isin(list(whole))
    by_words = list(words.loc[counts, "passage_id"])
    by_meaning = list(meaning["passage_id"])
    scores = compute_reciprocal_scores([by_words, by_meaning])
    also = {"words": set(words["passage_id"]), "meaning": set(by_meaning)}
    chosen = list(scores)[:n]
    names = [[name for name, ids in also.items() if key in ids] for key in chosen]
    matched = ["both" if len(name) > 1 else name[0] for name in names]
    return pd.DataFrame({"passage_id": chosen, "score": [scores[key] for key in chosen], "matched": matched})


def merge_answers(answers: Sequence[pd.DataFrame], n: int, *, by: str = "document_id") -> pd.DataFrame:
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
