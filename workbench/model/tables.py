"""Columns of the tables through which rooms meet. The ledger reads and checks them at its door.

All columns are strings unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DOCUMENTS = ("document_id", "schema", "title", "at", "at_utc", "service", "traces")
"""Live documents. `at` as written; `at_utc` in UTC ('' while the zone is unknown); `traces`: int, number of places."""

TRACES = (
    "trace_id",
    "document_id",
    "source",
    "source_name",
    "exhibit",
    "trace",
    "place",
    "device",
    "custodian",
    "conversation",
)
"""Where documents lie. `source` is the SHA-256 of the file."""

PASSAGES = ("passage_id", "document_id", "number", "page", "text")
"""Text. `number` and `page`: int."""

STATEMENTS = ("statement_id", "entity_id", "canonical_id", "schema", "prop", "value", "original_value")
"""FollowTheMoney statements, each once; where each is claimed is in EVIDENCE."""

EVIDENCE = (
    "evidence_id",
    "statement_id",
    "entity_id",
    "canonical_id",
    "schema",
    "prop",
    "value",
    "original_value",
    "document_id",
    "passage_id",
    "trace_id",
    "start",
    "end",
    "method",
    "version",
    "confidence",
    "kind",
    "officer",
    "because",
    "run_id",
    "verdict",
)
"""One row per place where a statement is claimed. `start`, `end`: int (-1 none); `confidence`: float in [0, 1];
`kind` received / suggested / decided; `verdict` '' / accepted / rejected: what an officer said of a suggestion."""

ENTITIES = ("entity_id", "canonical_id", "schema", "caption", "custodian", "service", "layer", "mentions")
"""Entities that have a live statement. `caption`: the name shown (fixed rule); `custodian`, `service`: bool;
`layer`: 'received', 'suggested' or 'decided', the strongest of its claims; `mentions`: int, places of evidence."""

LINKS = (
    "source",
    "target",
    "relation",
    "directed",
    "document_id",
    "passage_id",
    "statement_id",
    "evidence_id",
    "at",
    "service",
    "layer",
    "count",
)
"""One row per occurrence of a link between two canonical entities. `relation`: 'contacted', 'named with', 'names', 'uses',
'owns', ...; `directed`, `service`: bool; `layer` as above; `count`: int, usually 1."""

PAIRS = ("left_id", "right_id", "schema", "left", "right", "score", "reasons", "judgement", "evidence")
"""Candidate pairs. `score`: float in [0, 1], order of review and no probability; `reasons`: str, one per line;
`judgement`: '' / same / not same / unsure; `evidence`: int, number of places behind the reasons."""

HITS = (
    "rank",
    "score",
    "text",
    "marked",
    "at",
    "sender",
    "title",
    "source_name",
    "exhibit",
    "traces",
    "kind",
    "document_id",
    "passage_id",
    "matched",
)
"""Search hits, best first, and `copies`: list of ids of documents with the same text at nearly the same time.
`marked`: list of (start, end) in `text`; `traces`: list of trace ids; `matched`: 'words',
'meaning' or 'both'; `score`: float, reciprocal-rank fusion, comparable within one answer only."""

ISSUES = ("issue_id", "code", "severity", "message", "fix", "document_id", "place", "source", "source_name")

RANKING = ("rank", "canonical_id", "caption", "schema", "custodian", "degree", "contacts", "betweenness", "community")
"""Positions in the data supplied. `custodian`: bool; `degree`, `contacts`, `community`: int; `betweenness`: float in [0, 1]."""


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table as named tuples. Their fields are what the column holds; no type checker can know it."""
    return iter(frame.itertuples())
