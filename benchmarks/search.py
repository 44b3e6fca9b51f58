"""Search: Cranfield (1,400 abstracts, 225 questions), words against meaning against both, in one run.

A document is relevant if the corrected judgements list it. Run: python -m benchmarks.search. Figures are printed and kept in
benchmarks/results/search.json. With --languages: search across four languages instead (benchmarks/languages.py).
"""

from __future__ import annotations

import math
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.keeping import keep
from benchmarks.re3d import data
from workbench import search

DEPTH = 200
TOKENIZER = "porter unicode61 remove_diacritics 2"


@dataclass(frozen=True)
class Collection:
    """Documents, questions, and for each question the ids of the relevant documents."""

    documents: Mapping[str, str]
    questions: Sequence[str]
    relevant: Sequence[frozenset[str]]


def cranfield() -> Collection:
    """The collection as it was published."""
    folder = data() / "cranfield"
    documents = dict(_documents((folder / "cran.all.1400").read_text(encoding="utf-8")))
    asked = [piece.split(".W\n")[1] for piece in (folder / "cran.qry").read_text(encoding="utf-8").split("\n.I ")]
    relevant: list[set[str]] = [set() for _ in asked]
    for line in (folder / "QRelsCorrectedforTRECeval").read_text(encoding="utf-8").splitlines():
        question, _, document, grade = line.split()
        if int(grade) > 0:
            relevant[int(question) - 1].add(document)
    return Collection(documents, [" ".join(text.split()) for text in asked], [frozenset(ids) for ids in relevant])


def _documents(raw: str) -> Iterator[tuple[str, str]]:
    for piece in re.split(r"^\.I ", raw, flags=re.MULTILINE)[1:]:
        yield piece.split("\n", 1)[0].strip(), piece.split("\n.W\n", 1)[1].strip()


def ndcg(ranking: Sequence[str], relevant: frozenset[str], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of a ranking, in [0, 1]."""
    gain = sum(1 / math.log2(rank + 1) for rank, key in enumerate(ranking[:depth], 1) if key in relevant)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(depth, len(relevant)) + 1))


def rankings(collection: Collection) -> dict[str, list[list[str]]]:
    """Rankings of every question by words, by meaning and by both, made as a case makes them."""
    engine = search.get_engine()
    made: dict[str, list[list[str]]] = {"words": [], "meaning": [], "both": []}
    with closing(_full_text(collection.documents)) as connection, tempfile.TemporaryDirectory() as folder:
        index = search.VectorIndex(Path(folder), engine.version)
        index.add(list(collection.documents), engine.encode(collection.documents.values()))
        for question, vector in zip(collection.questions, engine.encode(collection.questions), strict=True):
            words, meaning = _match(connection, question), index.search(vector, DEPTH)
            both = search.rank_passages(words, meaning, DEPTH)
            for name, table in (("words", words), ("meaning", meaning), ("both", both)):
                made[name].append(list(table["passage_id"]))
    return made


def _full_text(documents: Mapping[str, str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = '{TOKENIZER}')")
    connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", [(int(k), t) for k, t in documents.items()])
    return connection


def _match(connection: sqlite3.Connection, question: str) -> pd.DataFrame:
    query = (
        "SELECT CAST(rowid AS TEXT), -bm25(words) FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?"
    )
    rows = connection.execute(query, (search.build_expression(question), DEPTH)).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(["passage_id", "score"]))


def measure() -> dict[str, float]:
    """Mean nDCG@10 of each way."""
    collection = cranfield()
    return {
        name: sum(map(ndcg, made, collection.relevant)) / len(made) for name, made in rankings(collection).items()
    }  # fmt: skip


def main() -> None:
    """Measure and keep."""
    prepared = search.get_engine().prepare()
    start = time.process_time()
    result = measure()
    spent = time.process_time() - start
    for name, score in result.items():
        print(f"{name:8} nDCG@10 {score:.4f}  {score / result['words']:.3f} of words")
    keep(
        "search",
        {"ndcg@10": result, "cpu seconds": round(spent, 1), "engine": prepared.version, "cosine": prepared.cosine},
    )


if __name__ == "__main__":
    if "--languages" in sys.argv:
        from benchmarks import languages

        languages.main()
    else:
        main()
