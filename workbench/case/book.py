"""What the verbs of a case share: its folder, its ledger, and the tables derived from the rows.

Derived tables are computed when first asked for and kept until a row is added, by whichever notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from workbench.case import telling
from workbench.errors import CaseError
from workbench.ledger import Folder, Ledger, Settings, frames
from workbench.model.names import normalise
from workbench.model.schema import NAMES
from workbench.model.times import to_utc
from workbench.resolve import canonical, entities, pairs, with_canonical

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
NAMING = frozenset({*NAMES, "username", "email", "number", "iban", "registrationNumber", "full", "imei"})
"""Properties by whose values an entity is found and marked in a text."""
LONGEST = 6
"""Words of a name that is looked for in a text."""


@dataclass
class Book:
    """An open case: where it lies, its ledger, its settings and its derived tables."""

    folder: Folder
    ledger: Ledger
    settings: Settings
    _derived: dict[str, object] = field(default_factory=dict)
    _version: int = -1

    def derived(self, name: str, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept until a row is added to the ledger."""
        version = self.ledger.version()
        if version != self._version:
            self._derived, self._version = {}, version
        if name not in self._derived:
            self._derived[name] = compute()
        return cast(T, self._derived[name])

    @property
    def canonical(self) -> dict[str, str]:
        """Entity id -> canonical id, where judgements join entities."""
        return self.derived("canonical", lambda: canonical(frames.judgements(self.ledger)))

    @property
    def evidence(self) -> pd.DataFrame:
        """Live evidence (EVIDENCE)."""
        return self.derived("evidence", lambda: with_canonical(frames.evidence(self.ledger), self.canonical))

    @property
    def entities(self) -> pd.DataFrame:
        """Entities (ENTITIES), one row per entity id."""
        return self.derived("entities", lambda: entities(self.evidence))

    @property
    def things(self) -> pd.DataFrame:
        """Entities (ENTITIES), one row per canonical id, indexed by it."""
        return self.derived(
            "things",
            lambda: (
                self.entities.drop_duplicates("canonical_id").set_index("canonical_id", drop=False).rename_axis(None)
            ),
        )

    @property
    def documents(self) -> pd.DataFrame:
        """Live documents (DOCUMENTS), `at_utc` where the zone is known."""
        return self.derived("documents", self._documents)

    @property
    def passages(self) -> pd.DataFrame:
        """Live passages (PASSAGES)."""
        return self.derived("passages", lambda: frames.passages(self.ledger))

    @property
    def traces(self) -> pd.DataFrame:
        """Live traces (TRACES)."""
        return self.derived("traces", lambda: frames.traces(self.ledger))

    @property
    def pairs(self) -> pd.DataFrame:
        """Candidate pairs (PAIRS)."""
        return self.derived("pairs", self._pairs)

    def _pairs(self) -> pd.DataFrame:
        """Names that are read only in messages of services (advertising, bots) are nobody's business and not compared."""
        service = set(self.documents.loc[self.documents["service"] != "", "document_id"])
        evidence = self.evidence[(self.evidence["kind"] != "suggested") | ~self.evidence["document_id"].isin(service)]
        known = self.entities[self.entities["canonical_id"].isin(evidence["canonical_id"])]
        return pairs(evidence, known, frames.judgements(self.ledger))

    def _documents(self) -> pd.DataFrame:
        frame = frames.documents(self.ledger)
        frame["at_utc"] = [to_utc(at, zone) for at, zone in zip(frame["at"], frame["zone"], strict=True)]
        return frame

    def caption(self, canonical_id: str) -> str:
        """Name shown for an entity; the id itself if it is not known."""
        things = self.things
        return str(things.at[canonical_id, "caption"]) if canonical_id in things.index else canonical_id

    def find(self, name: str, *, schema: str = "") -> str:
        """Canonical id of the entity that a person means: by id, by caption, by any of its names or values.

        A confirmed entity is preferred to a suggested one, a person to an account.

        Raises
        ------
        CaseError
            If nothing or more than one thing has that name; it lists what is near, or the choices with a fact of each.
        """
        if name in self.things.index:
            return name
        known = self.entities.loc[self.entities["entity_id"] == name, "canonical_id"]
        if len(known):
            return str(known.iloc[0])
        found = self.named(name)
        chosen = found[found["schema"] == schema] if schema else found
        if len(chosen) > 1:
            best = chosen[chosen["rank"] == chosen["rank"].min()]
            if len(best) == 1:
                return str(best["canonical_id"].iloc[0])
            raise CaseError(telling.ambiguous(self, name, best))
        if chosen.empty:
            near = ", ".join(self.near(name))
            raise CaseError(
                f"nothing in this case is called {name!r}.{f' Near: {near}.' if near else ' See case.entities().'}"
            )
        return str(chosen["canonical_id"].iloc[0])

    def named(self, name: str) -> pd.DataFrame:
        """Entities one of whose names or values is `name` (normalised), with `rank` (0 best): caption, schema, canonical_id."""
        ids = self._index().get(normalise(name), set())
        found = self.things[self.things["canonical_id"].isin(ids)].copy()
        layers = {"decided": 0, "received": 0, "suggested": 2}
        people = found["schema"].map({"Person": 0, "Company": 0, "Organization": 0, "LegalEntity": 0}).fillna(1)
        found["rank"] = found["layer"].map(layers).astype(int) + people.astype(int)
        return found.sort_values(["rank", "canonical_id"])

    def near(self, name: str, limit: int = 5) -> list[str]:
        """Captions most like a name."""
        from rapidfuzz import process

        captions = sorted(set(self.things["caption"]))
        return [
            str(match[0])
            for match in process.extract(name, captions, limit=limit, score_cutoff=60, processor=normalise)
        ]

    def named_in(self, text: str) -> set[str]:
        """Entities one of whose names or values stands in a text, as whole words; names of one or two letters do not count."""
        index, words = self._index(), normalise(text).split()
        spans = [(at, to) for at in range(len(words)) for to in range(at + 1, min(at + LONGEST, len(words)) + 1)]
        names = (" ".join(words[at:to]) for at, to in spans)
        return {key for name in names if len(name) > 2 for key in index.get(name, ())}

    def _index(self) -> dict[str, set[str]]:
        """Normalised name or value -> canonical ids."""
        return self.derived("names", self._names)

    def _names(self) -> dict[str, set[str]]:
        index: dict[str, set[str]] = {}
        naming = self.evidence[self.evidence["prop"].isin(NAMING)]
        for value, key in naming[["value", "canonical_id"]].drop_duplicates().itertuples(index=False):
            index.setdefault(normalise(value), set()).add(key)
        for caption, key in self.things[["caption", "canonical_id"]].itertuples(index=False):
            index.setdefault(normalise(caption), set()).add(key)
        return index
