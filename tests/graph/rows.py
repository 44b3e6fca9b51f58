"""Rows for the tests of the graph room, written by hand in few words."""

from __future__ import annotations

import pandas as pd

from workbench.model.ids import compute_digest
from workbench.model.rows import Claim
from workbench.model.schema import RELATIONS
from workbench.model.table_schemas import DOCUMENTS, EVIDENCE


def evidence(
    claims: list[Claim], verdicts: dict[str, str] | None = None, same: dict[str, str] | None = None
) -> pd.DataFrame:
    """EVIDENCE from claims; `verdicts` by statement id, `same` maps entity ids to canonical ids."""
    said, one = verdicts or {}, same or {}
    rows = []
    for c in claims:
        place = compute_digest(c.statement_id, c.document_id, c.passage_id, c.trace_id, str(c.start), c.kind, c.method)
        one_id, verdict = one.get(c.entity_id, c.entity_id), said.get(c.statement_id, "")
        what = (c.schema, c.prop, c.value, c.original_value, c.document_id, c.passage_id, c.trace_id, c.start, c.end)
        how = (c.method, c.version, c.confidence, c.kind, "", "", "run", verdict)
        rows.append((place, c.statement_id, c.entity_id, one_id, *what, *how))
    return pd.DataFrame(rows, columns=[*EVIDENCE]).drop_duplicates("evidence_id", ignore_index=True)


def documents(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """DOCUMENTS from (id, schema, at, service)."""
    return pd.DataFrame([(i, s, i, at, "", service, 1) for i, s, at, service in rows], columns=[*DOCUMENTS])


def relation(schema: str, name: str, source: str, target: str, document: str, **more: object) -> list[Claim]:
    """The two claims of a link entity."""
    ends = RELATIONS[schema]
    pairs = ((ends.source, source), (ends.target, target))
    return [Claim(name, schema, prop, value, document_id=document, **more) for prop, value in pairs]


def thing(schema: str, *names: str, kind: str = "received") -> list[Claim]:
    """Entities that have a name and nothing else."""
    return [Claim(name, schema, "name", name, kind=kind) for name in names]


def mark(name: str, document: str, start: int, kind: str = "suggested", schema: str = "Person") -> Claim:
    """A name marked in the passage of a document."""
    return Claim(
        name,
        schema,
        "name",
        name,
        document_id=document,
        passage_id=f"p-{document}",
        start=start,
        end=start + 3,
        kind=kind,
    )


def holds(name: str, holder: str, held: str, basis: str, kind: str = "received") -> list[Claim]:
    """An attribution."""
    pairs = (("holder", holder), ("held", held), ("basis", basis))
    return [Claim(name, "Attribution", prop, value, document_id="d-contacts", kind=kind) for prop, value in pairs]
