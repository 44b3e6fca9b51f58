"""Where the fields of a draft come from, as its addressee may know it: exhibit, place, day and marks, never who told it here."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.case.access import claim_metadata, marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.messages import validation
from workbench.ledger.records import row_tables
from workbench.messages.model.addressee import get_country
from workbench.messages.model.message import Source
from workbench.model.table_schemas import iterate_rows

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.access.marks import Marks

NUMBERED = re.compile(r"\b(?:row|line|page|message) \d+\b")
"""A place in a file that tells nothing but where it is."""
SHORT = 12
"""Figures of its SHA-256 by which a file without an exhibit number is found again."""


@dataclass(frozen=True, slots=True)
class DraftSources:
    """The sources of a draft, and the day on which the oldest of them was last compared with who gave it ('' unknown)."""

    sources: tuple[Source, ...] = ()
    verified: str = ""


def build_sources(context: CaseContext, evidence: Collection[str], bureau: str) -> DraftSources:
    """What stands behind some evidence: an entry a file, and one for what officers of the bureau have stated themselves."""
    rows = claim_metadata.add_claim_metadata(
        context, context.evidence[context.evidence["evidence_id"].isin(set(evidence))]
    )
    traces = context.traces[context.traces["document_id"].isin(rows["document_id"])]
    files = row_tables.list_sources(context.ledger)
    chosen = files[files["source"].isin(traces["source"])]
    known = marks.get_document_marks(context, rows["document_id"])
    told = [
        _build_file_source(known, file, traces[traces["source"] == file.source], rows, bureau)
        for file in iterate_rows(chosen)
    ]
    days = [max(file.received_at[:10], file.verified) for file in iterate_rows(chosen)]
    if day := max(rows.loc[rows["document_id"] == "", "last_seen"], default="")[:10]:  # officers' own statements
        told.append(Source(name=bureau, country=get_country(bureau), received=day))
        days.append(day)
    return DraftSources(tuple(told), min(days, default=""))


def _build_file_source(known: Marks, file: object, traces: pd.DataFrame, rows: pd.DataFrame, bureau: str) -> Source:
    key, exhibit, received = (str(getattr(file, name)) for name in ("source", "exhibit", "received_at"))
    mark = known.mark_of("sources", key)
    places = traces.loc[traces["trace_id"].isin(rows["trace_id"]), "place"]
    return Source(
        name=bureau, country=get_country(bureau), document=exhibit or f"SHA-256 {key[:SHORT]}", locator=_format_places(places),
        received=received[:10], confidentiality=validation.to_confidentiality(mark, known.scheme),
        handling=max(mark.handling, default=""),
    )  # fmt: skip


def _format_places(places: Collection[str]) -> str:
    """Numbers of rows, lines, pages and messages, in the order in which they stand."""
    found = {number for place in places for number in NUMBERED.findall(place)}
    return ", ".join(sorted(found, key=lambda place: (place.split()[0], int(place.split()[1]))))
