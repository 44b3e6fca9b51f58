"""Re3d: defence and security documents with marked entities, and how suggestions are scored against them.

Two protocols, always quoted together. 'named, innermost': mentions with a capital letter that hold no other mention, which is
what a flat finder of names can express. 'all, nested': every mark, also 'the rebels' and marks inside marks. Marks of
confidence 0 count: most of them are right.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.extract.extraction_method import Span
from workbench.extract.names.lexicon import trim_span
from workbench.model.rows import Claim, Passage

TYPES = {"Person": "Person", "Organisation": "Organization", "Location": "Address"}
Mark = tuple[int, int, str]


@dataclass(frozen=True)
class Marked:
    """A document with its marks (start, end, schema)."""

    passage: Passage
    marks: frozenset[Mark] = field(default_factory=frozenset)


def data() -> Path:
    """Folder of the public sets: WORKBENCH_DATA, else ../shared."""
    return Path(os.environ.get("WORKBENCH_DATA", Path(__file__).parents[2] / "shared")) / "benchmarks"


def documents() -> list[Marked]:
    """All documents, in order of folder and id."""
    found: list[Marked] = []
    for folder in sorted((data() / "re3d").iterdir()):
        texts = {row["_id"]: row["text"] for row in _lines(folder / "documents.json")}
        marks: dict[str, set[Mark]] = {key: set() for key in texts}
        for row in _lines(folder / "entities.json"):
            if row["type"] in TYPES and row["documentId"] in texts:
                text = texts[row["documentId"]]
                span = trim_span(text, Span(row["begin"], row["end"]))
                marks[row["documentId"]].add((span.start, span.end, TYPES[row["type"]]))
        found += [Marked(Passage(key, key, 0, texts[key]), frozenset(marks[key])) for key in sorted(texts)]
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def named_innermost(document: Marked) -> frozenset[Mark]:
    """Marks with a capital letter that hold no other such mark."""
    text = document.passage.text
    named = {mark for mark in document.marks if any(c.isupper() for c in text[mark[0] : mark[1]])}
    return frozenset(
        m
        for m in named
        if not any(o != m and m[0] <= o[0] and o[1] <= m[1] and (o[0], o[1]) != (m[0], m[1]) for o in named)
    )


def nested(document: Marked) -> frozenset[Mark]:
    """All marks."""
    return document.marks


def found(claims: Iterable[Claim]) -> dict[str, set[Mark]]:
    """Marks that a method suggests, by passage."""
    marks: dict[str, set[Mark]] = {}
    for claim in claims:
        marks.setdefault(claim.passage_id, set()).add((claim.start, claim.end, claim.schema))
    return marks


def strict(gold: Mapping[str, Iterable[Mark]], suggested: Mapping[str, Iterable[Mark]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of exact places with the right schema, over all documents."""
    right = sum(len(set(marks) & set(suggested.get(key, ()))) for key, marks in gold.items())
    return _prf(right, right, sum(len(set(m)) for m in suggested.values()), sum(len(set(m)) for m in gold.values()))


def overlap(gold: Mapping[str, Iterable[Mark]], suggested: Mapping[str, Iterable[Mark]]) -> tuple[float, float, float]:
    """The same where a place counts if it shares a character with a mark of its schema; each mark is matched once."""
    right = 0
    for key, marks in gold.items():
        free = set(marks)
        for start, end, schema in sorted(suggested.get(key, ())):
            hit = next((m for m in sorted(free) if m[2] == schema and start < m[1] and m[0] < end), None)
            right += hit is not None
            free.discard(hit)
    return _prf(right, right, sum(len(set(m)) for m in suggested.values()), sum(len(set(m)) for m in gold.values()))


def _prf(right: int, matched: int, suggested: int, marked: int) -> tuple[float, float, float]:
    precision, recall = right / suggested if suggested else 0.0, matched / marked if marked else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0
