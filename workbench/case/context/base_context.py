"""What the verbs of a case share: its folder, its ledger, its settings, and the store of what is derived from the rows.

What is derived is computed when first asked for and kept until a row is added on which it rests, by whichever notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self, TypeVar

from workbench.case.context.derived_cache import Cache, Tables
from workbench.errors import CaseError
from workbench.ledger import Folder, Ledger, Settings
from workbench.ledger.records.appended_rows import APPENDED, Since, list_run_ids
from workbench.ledger.storage.table_cache import LedgerState, load_table, remove_table, save_table
from workbench.model.catalogue import LANGUAGES, Sentence, Translator

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
JUDGED = frozenset({"judgements"})
MARKED = frozenset({"terms"})
"""Tables of what is said of material: its mark, its grade, until when it is kept."""
BESIDE = frozenset({
    "notes", "drawings", "drafts", "disclosures", "disclosed", "backups", "screenings", "screening_hits",
})  # fmt: skip
"""Tables of what officers write beside the material: what is derived from the material rests on none of their rows."""

SAVE_SHARE = 0.2
"""Share of new rows in a table from which on it is saved again."""


def check_language(language: str) -> None:
    """Refuse a language that the catalogue of strings does not have; '' is none.

    Raises
    ------
    CaseError
        With those that it has.
    """
    if language and language not in LANGUAGES:
        raise CaseError(
            Sentence(
                "The program is not available in the language '{asked}'. Use one of these: {languages}.",
                asked=language,
                languages=LANGUAGES,
            )
        )


def to_language(settings: Settings, language: str) -> Settings:
    """The settings in another language, where one is asked for; raises as `check_language`."""
    check_language(language)
    return replace(settings, language=language) if language else settings


@dataclass
class BaseContext:
    """An open case: where it lies, its ledger, its settings, and what is derived from its rows and kept."""

    folder: Folder
    ledger: Ledger
    settings: Settings
    training: bool = False
    """Whether the officer who works has an identity for exercises only."""
    unlisted: dict[str, str] = field(default_factory=dict)
    """Numbers and parties that only mass rows name, as far as somebody asked for them: entity id -> number or name."""
    consulted: set[object] = field(default_factory=set)
    """Questions of this session that are in the log already (`consultation_log.log_answer`)."""
    grown: dict[str, tuple[object, object]] = field(default_factory=dict)
    """What is not made anew but grows with the rows that come: name -> the gate for whose readers it is, and what was made."""
    granted: int = 0
    """Number of the last thing granted to officers or taken back that the gate knows of (`clearances.refresh_access_filter`)."""
    vouched: tuple[str, object] = ("", None)
    """The minute in which it was looked last what vouches for the officer who works, and the reader that the gate has."""
    day: str = ""
    """The day for which the gate has withheld what is past its date."""
    _tables: Tables = field(default_factory=Tables)

    @property
    def say(self) -> Translator:
        """Strings that people see, in the language of the case."""
        return Translator(self.settings.language)

    def to_language(self, language: str) -> Self:
        """The same case in another language, where one is asked for; its tables are shared. Raises as `check_language`."""
        made = copy(self)
        made.settings = to_language(self.settings, language)
        return made

    def cache_by_version(self, name: str, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept until a row is added to the ledger."""
        self._get_material_cache()
        version, is_final = self.ledger.get_version(), not self.ledger.is_writing
        return self._tables.rows.cache_at(version, is_final=is_final)[0].get(name, version, compute)

    def cache_by_material(self, name: str, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept until a row is added that is not of what officers write beside the material (`BESIDE`).

        Marks are put on answers, and not on what is kept. Only where something is withheld does a mark count.
        """
        cache, state = self._get_material_cache()
        return cache.get(name, state, compute)

    def cache_by_sources(self, name: str, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept as by material, and when somebody judges whether two entities are the same.

        A judgement may hide a protected person: where anything is withheld, it counts.
        """
        _, (_, withholds) = self._get_material_cache()
        version = self.ledger.get_version_without(BESIDE if withholds else BESIDE | MARKED | JUDGED)
        cache, _ = self._tables.sources.cache_at(version, is_final=not self.ledger.is_writing)
        return cache.get(name, (version, withholds), compute)

    def follow_sources(
        self, name: str, compute: Callable[[], DataFrame], grow: Callable[[DataFrame, Since], DataFrame | None]
    ) -> DataFrame:
        """What `compute` gives, kept as by sources; where only files were read since, what `grow` makes of what was kept and of them.

        The table is saved for the next session too (`table_cache`), and again once a fifth of it is new.

        Parameters
        ----------
        grow : callable
            Gets what was kept and what came since; None where it cannot tell, and all is computed anew.
        """
        return self.cache_by_sources(name, lambda: self._follow_sources(name, compute, grow))

    def _follow_sources(
        self, name: str, compute: Callable[[], DataFrame], grow: Callable[[DataFrame, Since], DataFrame | None]
    ) -> DataFrame:
        _, (_, withholds) = self._get_material_cache()
        if withholds or self.ledger.is_writing:
            return compute()
        entry, runs = self.ledger.get_version_without(BESIDE | MARKED | JUDGED), self._list_run_ids()
        state = LedgerState(entry, self.ledger.get_leaf(entry), tuple(sorted(runs)))
        made = self._grow_table(name, grow)
        if made is None:
            made = compute()
            self._tables.saved[name] = 0
        if len(made) - self._tables.saved.get(name, 0) > SAVE_SHARE * len(made):
            self._save_table(name, made, state)
        self._tables.followed[name] = state, made
        return made

    def _grow_table(self, name: str, grow: Callable[[DataFrame, Since], DataFrame | None]) -> DataFrame | None:
        """What was kept of a name and what came since; None where nothing was kept or other things changed."""
        kept = self._tables.followed.get(name) or self._load_table(name)
        if kept is None:
            return None
        state, before = kept
        if self.ledger.get_leaf(state.entry) != state.leaf:  # of another ledger
            return None
        added = self.ledger.count_added_rows(state.entry, APPENDED, BESIDE | MARKED | JUDGED)
        if added is None:
            return None
        return grow(before, Since(frozenset(state.runs), added)) if added else before

    def _load_table(self, name: str) -> tuple[LedgerState, DataFrame] | None:
        """A table of an earlier session."""
        found = load_table(self.folder, name)
        if found:
            self._tables.saved[name] = len(found[1])
        return found

    def _save_table(self, name: str, table: DataFrame, state: LedgerState) -> None:
        """Save a table, unless something was erased or excluded meanwhile."""
        path = save_table(self.folder, name, table, state) if state.leaf else None
        self._tables.saved[name] = len(table)
        if path and self.ledger.has_lost_rows(state.entry):
            remove_table(self.folder, path)

    def _list_run_ids(self) -> frozenset[str]:
        return self.cache_by_sources("run ids", lambda: list_run_ids(self.ledger))

    def _get_material_cache(self) -> tuple[Cache, tuple[int, bool]]:
        """Where tables derived from the material are kept; its version, and whether anything of it is withheld."""
        gate = self.ledger.current_filter
        if gate and gate.day != self.day:
            if self.day:
                self.forget()
            self.day = gate.day
        withholds = bool(gate and gate.has_withheld)
        version = self.ledger.get_version_without(BESIDE if withholds else BESIDE | MARKED)
        cache, is_new = self._tables.material.cache_at(version, is_final=not self.ledger.is_writing)
        if is_new and withholds:
            self._drop_shared_tables()
        return cache, (version, withholds)

    def _drop_shared_tables(self) -> None:
        """Let go of what was made for whoever may see all."""
        self._tables.kept.clear()
        self._tables.followed.clear()
        self.unlisted = {}

    def forget(self) -> None:
        """Let go of all derived tables, where it is not a row that changed but the reader."""
        self._tables.forget()
        self.grown.clear()

    def cache_by_input(self, name: str, rests_on: object, compute: Callable[[], T]) -> T:
        """What `compute` gives, kept until what it rests on is another: for what most rows of the ledger do not change."""
        return self._tables.kept.get(name, rests_on, compute, waits=not self.ledger.is_writing)

    def cache_file_reader(self, name: str, rests_on: object, compute: Callable[[], T]) -> T:
        """What reads derived files, kept whatever rows come and whoever reads: it is asked by documents that the reader may see."""
        return self._tables.files.get(name, rests_on, compute, waits=not self.ledger.is_writing)

    def let_go(self) -> None:
        """Close what holds files of the case open; it is made again when it is asked for."""
        for made in self._tables.let_go():
            close = getattr(made, "close", None)
            if callable(close):
                close()
