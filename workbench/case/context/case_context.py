"""The tables of a case, derived from the rows of its ledger: evidence, entities, documents, passages, traces, pairs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbench.case.context import call_engine, visible_rows
from workbench.case.context.base_context import BaseContext
from workbench.ledger.records import appended_rows, row_tables
from workbench.model.table_schemas import is_among
from workbench.model.text.transliteration import add_transliteration
from workbench.model.time_zones import to_utc
from workbench.resolve import (
    add_canonical_ids,
    compute_canonical_ids,
    find_candidate_pairs,
    list_captions,
    list_entities,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from workbench.ledger import Folder, Ledger, Settings


class CaseContext(BaseContext):
    """An open case with its tables."""

    def __init__(self, folder: Folder, ledger: Ledger, settings: Settings, training: bool = False) -> None:  # noqa: FBT001, FBT002 - a field
        super().__init__(folder, ledger, settings, training)
        ledger.select_rules_with_rows = partial(
            call_engine.select_rules_with_rows, self
        )  # it cannot read mass rows itself

    @property
    def canonical(self) -> dict[str, str]:
        """Entity id -> canonical id, where judgements join entities."""
        return self.cache_by_material(
            "canonical", lambda: compute_canonical_ids(row_tables.list_judgements(self.ledger))
        )

    @property
    def evidence(self) -> pd.DataFrame:
        """Live evidence (EVIDENCE)."""
        return self.cache_by_material(
            "evidence",
            lambda: add_canonical_ids(self.stated_evidence, self.canonical),
        )

    @property
    def stated_evidence(self) -> pd.DataFrame:
        """Live evidence, whichever entities are judged to be the same."""
        return self.follow_sources(
            "stated evidence",
            lambda: visible_rows.filter_evidence(self, row_tables.list_evidence(self.ledger)),
            self._add_new_evidence,
        )

    def _add_new_evidence(self, before: pd.DataFrame, since: appended_rows.Since) -> pd.DataFrame | None:
        """Which claims of a large table of calls show follows from all its rows: such are read anew."""
        if call_engine.list_call_tables(self):
            return None
        return appended_rows.add_new_evidence(self.ledger, before, since)

    @property
    def entities(self) -> pd.DataFrame:
        """Entities (ENTITIES), one row per entity id."""
        return self.cache_by_material("entities", lambda: list_entities(self.evidence))

    @property
    def canonical_entities(self) -> pd.DataFrame:
        """Entities (ENTITIES), one row per canonical id, indexed by it."""
        return self.cache_by_material(
            "things",
            lambda: (
                self.entities.drop_duplicates("canonical_id").set_index("canonical_id", drop=False).rename_axis(None)
            ),
        )

    def list_entities(self, schema: str = "") -> pd.DataFrame:
        """Entities as they are listed for people: one row per thing (ENTITIES without entity_id), most often evidenced first."""
        things = self.canonical_entities.reset_index(drop=True).drop(columns="entity_id")
        chosen = things[things["schema"] == schema] if schema else things
        return chosen.sort_values(["mentions", "canonical_id"], ascending=[False, True], ignore_index=True)

    @property
    def documents(self) -> pd.DataFrame:
        """Live documents (DOCUMENTS), `at_utc` where the zone is known."""
        return self.follow_sources(
            "documents",
            self._read_documents,
            lambda before, since: appended_rows.add_new_documents(self.ledger, before, since, self._read_documents),
        )

    @property
    def documents_by_id(self) -> pd.DataFrame:
        """The same, indexed by their ids."""
        return self.cache_by_sources("documents by id", lambda: self.documents.set_index("document_id"))

    @property
    def passages(self) -> pd.DataFrame:
        """Live passages (PASSAGES)."""
        return self.follow_sources(
            "passages",
            lambda: row_tables.list_passages(self.ledger),
            lambda before, since: appended_rows.add_new_passages(self.ledger, before, since),
        )

    @property
    def passage_places(self) -> pd.DataFrame:
        """Live passages by id: document_id, text, and the time of the document as it is written (`at`)."""
        return self.cache_by_sources("passage places", self._build_passage_places)

    def _build_passage_places(self) -> pd.DataFrame:
        rows = self.passages[["passage_id", "document_id", "text"]].set_index("passage_id")
        return rows.join(self.documents.set_index("document_id")["at"], on="document_id")

    @property
    def traces(self) -> pd.DataFrame:
        """Live traces (TRACES)."""
        return self.follow_sources(
            "traces",
            lambda: row_tables.list_traces(self.ledger),
            lambda before, since: appended_rows.add_new_traces(self.ledger, before, since),
        )

    @property
    def pairs(self) -> pd.DataFrame:
        """Candidate pairs (PAIRS)."""
        return self.cache_by_material("pairs", self._list_pairs)

    def _list_pairs(self) -> pd.DataFrame:
        """Names that are read only in messages of services (advertising, bots) are nobody's business and not compared."""
        service = set(self.documents.loc[self.documents["service"] != "", "document_id"])
        evidence = self.evidence[
            (self.evidence["kind"] != "suggested") | ~is_among(self.evidence["document_id"], service)
        ]
        known = self.entities[is_among(self.entities["canonical_id"], evidence["canonical_id"].unique().tolist())]
        return find_candidate_pairs(evidence, known, row_tables.list_judgements(self.ledger))

    def _read_documents(self, documents: Sequence[str] | None = None) -> pd.DataFrame:
        """Live documents (DOCUMENTS) as they are in the ledger now, all or the given ones."""
        frame = row_tables.list_documents(self.ledger, documents)
        frame["at_utc"] = [to_utc(at, zone) for at, zone in zip(frame["at"], frame["zone"], strict=True)]
        return frame

    @property
    def captions(self) -> Mapping[str, str]:
        """Canonical id -> name shown for the entity, of those that the material names."""
        return self.cache_by_material(
            "captions",
            lambda: dict(zip(self.canonical_entities["canonical_id"], self.canonical_entities["caption"], strict=True)),
        )

    def list_captions(self, canonical_ids: Collection[str]) -> dict[str, str]:
        """Names shown for some entities; those that no material names are not in it."""
        known = set(canonical_ids)
        rows = self.evidence[is_among(self.evidence["canonical_id"], known)]
        found = list_captions(rows[rows["verdict"] != "rejected"])
        return dict(zip(found.index.tolist(), found.tolist(), strict=True))

    def get_caption(self, canonical_id: str) -> str:
        """Name shown for an entity; the id itself if it is not known."""
        return self.captions.get(canonical_id) or self.unlisted.get(canonical_id, canonical_id)

    def display_name(self, canonical_id: str) -> str:
        """Name shown for an entity, with how it reads in Latin letters in brackets: for a sentence."""
        return add_transliteration(self.get_caption(canonical_id))
