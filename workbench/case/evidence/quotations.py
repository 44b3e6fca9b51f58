"""The passages that a report quotes: each once, numbered as first asked for, with what it is cited for marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.case.access import grade_tables
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import NAMING
from workbench.case.evidence import flag_review
from workbench.case.network import document_quotations
from workbench.model.catalogue import Translator
from workbench.model.source_grading import format_grade
from workbench.model.stored_sentences import translate_place
from workbench.model.table_schemas import iterate_rows
from workbench.report import content
from workbench.search import find_highlights

if TYPE_CHECKING:
    import pandas as pd

OFFSET = re.compile(r"\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$")
"""A time that says its zone itself."""
Span = tuple[int, int]


@dataclass
class _Use:
    """What a passage is quoted for: its stance, entities and search words to mark in it."""

    stance: content.Stance = "context"
    about: set[str] = field(default_factory=set)
    terms: list[str] = field(default_factory=list)


class Quotes:
    """The quotations of a report. Rows ask for passages by `cite`; `all` prints them, grades on a scale of choice as well."""

    def __init__(self, context: CaseContext, scale: str = "") -> None:
        self.context, self.scale = context, scale
        self.uses: dict[str, _Use] = {}
        self.calls: dict[str, content.Quotation] = {}

    def cite(
        self,
        passages: Iterable[str],
        stance: content.Stance = "context",
        *,
        about: Iterable[str] = (),
        terms: Iterable[str] = (),
    ) -> tuple[str, ...]:
        """Ask for passages; those that are in the case. Entities `about` and words of searches `terms` are marked in them."""
        known = tuple(dict.fromkeys(passage for passage in passages if passage in self._documents))
        for passage in known:
            use = self.uses.setdefault(passage, _Use())
            use.stance = stance if use.stance == "context" else use.stance
            use.about.update(about)
            use.terms += terms
        return known

    def cite_calls(self, records: pd.DataFrame) -> tuple[str, ...]:
        """Ask for call records of large tables (`workbench.case.network.row_evidence`): what each states, and its row in the file."""
        for row in iterate_rows(records):
            self.uses.setdefault(row.key, _Use())
            self.calls[row.key] = content.Quotation(
                row.key, row.text, at=row.at, zone=describe_zone(self.context.say, row.at, row.zone), sender=row.sender,
                recipients=tuple(row.recipients), source=row.source_name, exhibit=row.exhibit, sha256=row.sha256,
                place=translate_place(row.place, self.context.say.language), document_id=row.document_id,
            )  # fmt: skip
        return tuple(records["key"])

    @property
    def _documents(self) -> dict[str, str]:
        context = self.context
        return context.cache_by_version(
            "passage-documents",
            lambda: dict(zip(context.passages["passage_id"], context.passages["document_id"], strict=True)),
        )

    def list_quotations(self) -> tuple[content.Quotation, ...]:
        """The quotations, ready to print."""
        ids = [key for key in self.uses if key not in self.calls]
        table = document_quotations.quote_documents(self.context, [self._documents[key] for key in ids], ids)
        zones = self.context.documents.set_index("document_id")["zone"].to_dict()
        claims = _list_claims(self.context, ids)
        flags = flag_review.describe_passage_flags(self.context, ids)
        grades = grade_tables.list_passage_grades(
            self.context, zip(table["document_id"], table["passage_id"], strict=True)
        )
        made = {
            row.passage_id: content.Quotation(
                id=row.passage_id,
                text=row.text,
                spans=_list_spans(row.text, self.uses[row.passage_id], claims.get(row.passage_id)),
                at=row.at,
                zone=describe_zone(self.context.say, row.at, zones.get(row.document_id, "")),
                sender=row.sender,
                recipients=tuple(row.recipients),
                source=row.source_name,
                exhibit=row.exhibit,
                sha256=row.sha256,
                place=translate_place(row.place, self.context.say.language),
                traces=tuple(row.traces),
                document_id=row.document_id,
                stance=self.uses[row.passage_id].stance,
                grade=format_grade(grade, self.scale),
                flagged=flags.get(row.passage_id, ""),
            )
            for row, grade in zip(iterate_rows(table), grades, strict=True)
        } | self.calls
        return tuple(made[key] for key in self.uses)


def describe_zone(say: Translator, at: str, zone: str) -> str:
    """On what the zone of a time rests: the time itself, or what an officer told of the source; '' where there is no time."""
    if not at:
        return ""
    return say("UTC offset as in the source") if OFFSET.search(at) else zone or say("time zone unknown")


def _list_claims(context: CaseContext, passages: list[str]) -> dict[str, pd.DataFrame]:
    """Claims that count, by the passage they stand in."""
    rows = context.evidence
    rows = rows[rows["passage_id"].isin(passages) & (rows["verdict"] != "rejected")]
    return {str(passage): found for passage, found in rows.groupby("passage_id")}


def _list_spans(text: str, use: _Use, claims: pd.DataFrame | None) -> tuple[Span, ...]:
    """Places to mark: what names the entities that the passage is cited for, and the words by which it was found."""
    found = {span for query in use.terms for span in find_highlights(text, query)}
    if claims is not None:
        found.update(_find_names(text, claims[claims["canonical_id"].isin(use.about)]))
    return tuple(sorted(found))


def _find_names(text: str, claims: pd.DataFrame) -> Iterator[Span]:
    """Where claims stand in a text: at their own place, else wherever the name or number that they state is written."""
    for row in iterate_rows(claims):
        if row.start >= 0:
            yield int(row.start), int(row.end)
        elif row.prop in NAMING:
            for value in {row.original_value or row.value, row.value}:
                yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text))
