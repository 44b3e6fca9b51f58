"""What the verbs of a case share: its folder, its ledger, and the tables derived from the rows.

Derived tables are computed when first asked for and kept until a row is added, by whichever notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from workbench.case import telling
from workbench.case.tables import Tables
from workbench.errors import CaseError
from workbench.ledger import Folder, Ledger, Settings, frames
from workbench.model.catalogue import Sentence, Voice
from workbench.model.latin import beside, transliterated, typed
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
    training: bool = False
    """Whether the officer who works has an identity for exercises only."""
    unlisted: dict[str, str] = field(default_factory=dict)
    """Numbers and parties that only mass rows name, as far as somebody asked for them: entity id -> number or name."""
    consulted: set[object] = field(default_factory=set)
    """Questions of this session that are in the log already (`consulting.told`)."""
    grown: dict[str, tuple[object, object]] = field(default_factory=dict)
    """What is not made anew but grows with the rows that come: name -> the gate for whose readers it is, and what was made."""
    granted: int = 0
    """Number of the last thing granted to officers or taken back that the gate knows of (`access.follow`)."""
    _tables: Tables = field(default_factory=Tables)

    @property
    def say(self) -> Voice:
        """Strings that people see, in the language of the case."""
        return Voice(self.settings.language)

    def speaking(self, language: str) -> Book:
        """The same case in another language, where one is asked for; its tables are shared. Raises as `bounds.check`."""
        from workbench.case import bounds

        made = copy(self)
        made.settings = bounds.spoken(self.settings, language)
        return made

    def derived(self, name: str, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept until a row is added to the ledger."""
        version, is_final = self.ledger.version(), not self.ledger.is_writing
        return self._tables.at(version, is_final=is_final, changed=self._changed).get(name, version, compute)

    def _changed(self) -> None:
        """Let go of what was made for whoever may see all, where something is withheld."""
        if (gate := self.ledger.current_gate) and gate.closed:
            self._tables.kept.clear()
            self.unlisted = {}

    def forget(self) -> None:
        """Let go of all derived tables, where it is not a row that changed but the reader."""
        self._tables.forget()
        self.grown.clear()

    def kept(self, name: str, rests_on: object, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept until what it rests on is another: for what most rows of the ledger do not change."""
        return self._tables.kept.get(name, rests_on, compute, waits=not self.ledger.is_writing)

    def files(self, name: str, rests_on: object, compute: Callable[[], T]) -> T:
        """What reads derived files, kept whatever rows come and whoever reads: it is asked by documents that the reader may see."""
        return self._tables.files.get(name, rests_on, compute, waits=not self.ledger.is_writing)

    def let_go(self) -> None:
        """Close what holds files of the case open; it is made again when it is asked for."""
        for made in self._tables.let_go():
            close = getattr(made, "close", None)
            if callable(close):
                close()

    @property
    def canonical(self) -> dict[str, str]:
        """Entity id -> canonical id, where judgements join entities."""
        return self.derived("canonical", lambda: canonical(frames.judgements(self.ledger)))

    @property
    def evidence(self) -> pd.DataFrame:
        """Live evidence (EVIDENCE)."""
        from workbench.case import seen

        return self.derived(
            "evidence", lambda: with_canonical(seen.seen(self, frames.evidence(self.ledger)), self.canonical)
        )

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

    def listed(self, schema: str = "") -> pd.DataFrame:
        """Entities as they are listed for people: one row per thing (ENTITIES without entity_id), most often evidenced first."""
        things = self.things.reset_index(drop=True).drop(columns="entity_id")
        chosen = things[things["schema"] == schema] if schema else things
        return chosen.sort_values(["mentions", "canonical_id"], ascending=[False, True], ignore_index=True)

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
        if canonical_id in things.index:
            return str(things.at[canonical_id, "caption"])
        return self.unlisted.get(canonical_id, canonical_id)

    def shown(self, canonical_id: str) -> str:
        """Name shown for an entity, with how it reads in Latin letters in brackets: for a sentence."""
        return beside(self.caption(canonical_id))

    def find(self, name: str, *, schema: str = "") -> str:
        """Canonical id of the entity that a person means: by id, by caption, by any of its names or values.

        A confirmed entity is preferred to a suggested one, a person to an account. Where nothing is called so, a name in
        another script that reads so in Latin letters (`latin` in ENTITIES) is meant, if it is the only one.

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
            if len(read := self._rows(set().union(*self._readings(name)))) > 1:
                raise CaseError(telling.ambiguous(self, name, read))
            near = "; ".join(self.near(name))
            raise CaseError(Sentence("refused.find.near" if near else "refused.find.nothing", name=name, near=near))
        return str(chosen["canonical_id"].iloc[0])

    def named(self, name: str) -> pd.DataFrame:
        """Entities one of whose names or values is `name` (normalised), with `rank` (0 best): caption, schema, canonical_id.

        Where there is none: those with the one name of another script that reads so in Latin letters.
        """
        readings = self._readings(name)
        alone = readings[0] if readings and all(ids == readings[0] for ids in readings) else set()
        return self._rows(self._index().get(normalise(name)) or alone)

    def _rows(self, ids: set[str]) -> pd.DataFrame:
        found = self.things[self.things["canonical_id"].isin(ids)].copy()
        layers = {"decided": 0, "received": 0, "suggested": 2}
        people = found["schema"].map({"Person": 0, "Company": 0, "Organization": 0, "LegalEntity": 0}).fillna(1)
        found["rank"] = found["layer"].map(layers).astype(int) + people.astype(int)
        return found.sort_values(["rank", "canonical_id"])

    def near(self, name: str, limit: int = 5) -> list[str]:
        """Captions most like a name, as they are written or as they read in Latin letters (in brackets)."""
        from rapidfuzz import process

        captions = sorted(set(self.things["caption"]))
        forms = [(form, beside(caption)) for caption in captions for form in (caption, transliterated(caption)) if form]
        found = process.extract(
            name, [form for form, _ in forms], limit=2 * limit, score_cutoff=60, processor=normalise
        )
        return list(dict.fromkeys(forms[at][1] for _, _, at in found))[:limit]

    def named_in(self, text: str) -> set[str]:
        """Entities one of whose names or values stands in a text, as whole words; names of one or two letters do not count."""
        index, words = self._index(), normalise(text).split()
        spans = [(at, to) for at in range(len(words)) for to in range(at + 1, min(at + LONGEST, len(words)) + 1)]
        names = (" ".join(words[at:to]) for at, to in spans)
        return {key for name in names if len(name) > 2 for key in index.get(name, ())}

    def _index(self) -> dict[str, set[str]]:
        """Normalised name or value -> canonical ids."""
        return self.derived("names", self._names)

    def _readings(self, name: str) -> list[set[str]]:
        """For each name of another script that reads so in Latin letters: the canonical ids of what is called so."""
        return [self._index()[key] for key in sorted(self.derived("latin", self._latin).get(typed(name), ()))]

    def _latin(self) -> dict[str, set[str]]:
        """How names read in Latin letters, as they are typed -> the names in their normalised form."""
        read: dict[str, set[str]] = {}
        for value, _ in self._called():
            if latin := typed(transliterated(value)):
                read.setdefault(latin, set()).add(normalise(value))
        return read

    def _names(self) -> dict[str, set[str]]:
        index: dict[str, set[str]] = {}
        for value, key in self._called():
            index.setdefault(normalise(value), set()).add(key)
        return index

    def _called(self) -> Iterator[tuple[str, str]]:
        """Names, values and captions, each with the canonical id of what is called so."""
        naming = self.evidence[self.evidence["prop"].isin(NAMING)]
        yield from naming[["value", "canonical_id"]].drop_duplicates().itertuples(index=False, name=None)
        yield from self.things[["caption", "canonical_id"]].itertuples(index=False, name=None)
