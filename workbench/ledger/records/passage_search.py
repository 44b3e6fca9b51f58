"""Passages that match words, ranked by BM25 over what the reader may see: what is hidden moves no score, no order and no limit.

The index of words holds the passages of all readers. Where all of them are this reader's, SQLite's own score is taken. Else the score
is reckoned as FTS5 does, from the number of passages, their mean length and the number with each word, of this reader's alone. How
often a word stands in a passage is had from SQLite's score of that word by itself.

References
----------
S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, Found. Trends Inf. Retr. 3 (2009).
"""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import pandas as pd

from workbench.ledger.ledger import Ledger

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]

K1, B = 1.2, 0.75
"""Constants of FTS5's `bm25`."""
LEAST = 1e-6
"""Weight of a word that stands in more than half of the passages, as FTS5 has it."""
DIGITS = 12
"""Decimal places of a score: what is reckoned in two ways differs behind them."""
PHRASE = re.compile(r'"[^"]*"(?: \*)?')
"""A phrase of an expression."""
BEST = f"""SELECT p.id AS passage_id, round(-bm25(words), {DIGITS}) AS score FROM words JOIN live_passages AS p ON p.n = words.rowid
    WHERE words MATCH ? ORDER BY 2 DESC, p.n LIMIT ?"""
SIZES = "SELECT d.id, d.sz, EXISTS (SELECT 1 FROM live_passages AS p WHERE p.n = d.id) FROM words_docsize AS d ORDER BY d.id"


@dataclass(frozen=True, slots=True)
class Collection:
    """What BM25 knows of a collection of passages.

    Attributes
    ----------
    numbers, sizes : array
        Numbers of all passages in the index, in order, and how many words each has.
    visible : array of bool
        Which of them the reader may see.
    """

    numbers: Numbers
    sizes: Numbers
    visible: npt.NDArray[np.bool_]

    def find_places(self, numbers: Numbers) -> Numbers:
        """Where passages stand in the arrays."""
        found: Numbers = self.numbers.searchsorted(numbers)
        return found

    def compute_mean_length(self, *, visible: bool) -> float:
        """Mean number of words of a passage."""
        sizes = self.sizes[self.visible] if visible else self.sizes
        return float(sizes.sum()) / float(len(sizes))


def build_collection(ledger: Ledger, live: int) -> Collection | None:
    """What the reader's passages are in the index; None where they are all that it holds. `live`: how many the reader may see."""
    indexed = int(ledger.reader_connection.execute("SELECT count(*) FROM words_docsize").fetchone()[0])
    if indexed == live:
        return None
    import numpy as np

    rows = ledger.reader_connection.execute(SIZES).fetchall()
    numbers = np.array([n for n, _, _ in rows], dtype=np.int64)
    sizes = np.array([_decode_size(size) for _, size, _ in rows], dtype=np.int64)
    return Collection(numbers, sizes, np.array([bool(seen) for _, _, seen in rows], dtype=np.bool_))


def find_passages(ledger: Ledger, expression: str, limit: int, known: Collection | None = None) -> pd.DataFrame:
    """Live passages that match, best first: passage_id, score (BM25, higher is better, unbounded).

    Parameters
    ----------
    ledger : Ledger
    expression : str
        Of FTS5; its words stand in quotation marks.
    limit : int
        Passages at most.
    known : Collection, optional
        What `collection` gave: without it, passages of other readers count in the scores.
    """
    try:
        if known is None:
            rows = ledger.reader_connection.execute(BEST, (expression, limit)).fetchall()
        else:
            rows = _rank_passages(ledger.reader_connection, expression, limit, known)
    except sqlite3.OperationalError:
        rows = []
    ids, scores = ([row[at] for row in rows] for at in (0, 1))
    return pd.DataFrame({"passage_id": pd.Series(ids, dtype=str), "score": pd.Series(scores, dtype=float)})


def find_holding(ledger: Ledger, expression: str) -> set[str]:
    """Live passages that match an FTS5 expression, unranked."""
    query = "SELECT p.id FROM words JOIN live_passages AS p ON p.n = words.rowid WHERE words MATCH ?"
    try:
        return {str(key) for (key,) in ledger.reader_connection.execute(query, (expression,)).fetchall()}
    except sqlite3.OperationalError:
        return set()


def _rank_passages(sql: sqlite3.Connection, expression: str, limit: int, known: Collection) -> list[tuple[str, float]]:
    """Ids and scores of the reader's passages that match, best first."""
    import numpy as np

    found = np.array(
        [n for (n,) in sql.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression,))], np.int64
    )
    places = known.find_places(np.sort(found))
    places = places[known.visible[places]]
    if not len(places):
        return []
    scores = np.zeros(len(known.numbers))
    for phrase in PHRASE.findall(expression):
        _add_scores(scores, sql, phrase, known)
    scores = scores[places].round(DIGITS)
    best = np.lexsort((places, -scores))[:limit]
    numbers = known.numbers[places[best]].tolist()
    query = "SELECT a.value, p.id FROM json_each(?) AS a CROSS JOIN passages AS p ON p.n = a.value"
    ids = dict(sql.execute(query, (json.dumps(numbers),)).fetchall())
    return [(ids[n], score) for n, score in zip(numbers, scores[best].tolist(), strict=True)]


def _add_scores(scores: Scores, sql: sqlite3.Connection, phrase: str, known: Collection) -> None:
    """Add what a phrase gives each passage in which it stands, weighed by how rare it is among the reader's."""
    import numpy as np

    rows = sql.execute("SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?", (phrase,)).fetchall()
    if not rows:
        return
    places = known.find_places(np.array([n for n, _ in rows], dtype=np.int64))
    often = _count_occurrences(np.array([score for _, score in rows]), places, known)
    among = known.visible[places]
    places, often = places[among], often[among]
    if len(places):
        scores[places] += _compute_weight(int(known.visible.sum()), len(places)) * (
            (often * (K1 + 1.0)) / (often + K1 * _compute_length_factor(known, places, visible=True))
        )


def _count_occurrences(scores: Scores, places: Numbers, known: Collection) -> Scores:
    """How often a phrase stands in each passage, out of the scores that SQLite gives it over the whole index."""
    weighed = _compute_weight(len(known.numbers), len(places)) * (K1 + 1.0)
    often: Scores = (scores * K1 * _compute_length_factor(known, places, visible=False) / (weighed - scores)).round()
    return often


def _compute_length_factor(known: Collection, places: Numbers, *, visible: bool) -> Scores:
    """How the length of passages counts against them."""
    made: Scores = 1 - B + B * known.sizes[places].astype(float) / known.compute_mean_length(visible=visible)
    return made


def _compute_weight(passages: int, having: int) -> float:
    """How much a phrase weighs that so many of the passages have."""
    found = log((passages - having + 0.5) / (having + 0.5))
    return found if found > 0 else LEAST


def _decode_size(blob: bytes) -> int:
    """Number of words, as SQLite writes it (a variable number of bytes, seven bits in each, the highest first)."""
    value = 0
    for byte in blob:
        value = value << 7 | byte & 0x7F
    return value
