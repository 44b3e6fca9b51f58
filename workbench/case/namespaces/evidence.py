"""case.evidence: what is claimed, where, by whom, and how good it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, overload

from workbench.case.access import claim_metadata, consultation_log, grade_tables, handling_codes, marks
from workbench.case.access.handling_codes import What
from workbench.case.context.entity_index import find_entity
from workbench.case.guide.namespace import Namespace
from workbench.case.review import decisions, statement_import
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Evidence(Namespace):
    """Claims of sources and officers, with the place of each, their grades and the status of persons."""

    PATH = "evidence"
    GROUPS = (
        ("See", "list statements grades"),
        ("Add or change", "add correct grade classify"),
    )

    def list(self, about: str = "") -> pd.DataFrame:
        """List claims and where each is made, for the whole case or one entity (EVIDENCE).

        Beside the columns of EVIDENCE, always: grade, nature, purpose, review, language, level, tlp, handling, conditions, barred,
        status, first_seen, last_seen, mark (docs/statements.md).
        """
        rows = self._book.evidence
        chosen = rows[rows["canonical_id"] == find_entity(self._book, about)].reset_index(drop=True) if about else rows
        return consultation_log.log_answer(
            self._book,
            "evidence",
            marks.add_mark_column(self._book, claim_metadata.add_claim_metadata(self._book, chosen)),
            about,
        )

    def statements(self, about: str = "") -> pd.DataFrame:
        """List statements, each once, for the whole case or one entity (STATEMENTS).

        Where each is claimed is in `list`.

        `case.evidence.add(…)` takes such a table, of this case or of another one.
        """
        rows = self._book.evidence
        chosen = rows[rows["canonical_id"] == find_entity(self._book, about)] if about else rows
        return consultation_log.log_answer(
            self._book,
            "statements",
            marks.add_mark_column(self._book, claim_metadata.list_statements(self._book, chosen)),
            about,
        )

    @overload
    def add(self, what: str, /, *, source: str, because: str = "", entity: str = "", **properties: str) -> str: ...

    @overload
    def add(self, what: pd.DataFrame, /, *, source: str = "", because: str = "") -> pd.DataFrame: ...

    def add(
        self, what: str | pd.DataFrame, /, *, source: str = "", because: str = "", entity: str = "", **properties: str
    ) -> str | pd.DataFrame:
        """Add a person, event, link, ... yourself, or a table of statements.

        Parameters
        ----------
        what : str or DataFrame
            FollowTheMoney schema (Person, Event, Ownership, Associate, ...), or a table as `statements` and `evidence` give it:
            entity_id, schema, prop, value, and what else of their columns there is.
        source : str
            passage_id or document_id that says so, or "officer's knowledge". Of a table: for rows that name no place.
        because : str
            Of a table that has no source: where it comes from and why it is put in.
        entity : str
            Name or id of an entity to add to; a new one if not given.
        properties
            FollowTheMoney properties; a property that points to an entity takes its name or id.

        Returns
        -------
        str or DataFrame
            The entity's id. Of a table: row (its label), state (stated, known, rejected), why, statement_id, entity_id, mark.

        Notes
        -----
        Rows that are right go in together, in one entry of the log; a rejected one stops no other. A row keeps its kind (decided
        if it has none): only what is decided is your word. A place that is not of this case is left out. Its mark is
        calculated again from its ids. A row without an id that the case knows gets the highest mark of the case.
        """
        ground = decisions.Ground(source, because)
        if not isinstance(what, str):
            return marks.add_mark_column(self._book, statement_import.import_statements(self._book, what, ground))
        if not entity:
            decisions.check_properties(what, properties)
        return decisions.add_entity(self._book, what, entity, properties, ground)

    def correct(self, entity: str, prop: str, value: str, *, source: str, old: str = "", because: str = "") -> None:
        """Replace a wrong value with the right one.

        The old statement stays in the ledger and can be restored by its id.
        """
        decisions.correct_value(self._book, entity, prop, value, old, decisions.Ground(source, because))

    def grade(
        self, what: What, code: str = "", *, scale: str = "4x4", nature: str = "", because: str = ""
    ) -> pd.DataFrame:
        """Grade a source or a claim, on the scale of whoever graded it ('4x4', '5x5x5', '3x5x2', 'admiralty').

        `nature`: fact or assessment.

        An entity's grade does not exist: sources and what they say are graded, never a person.
        """
        return handling_codes.grade_material(self._book, what, code, scale, nature, because)

    def grades(self, scale: str = "") -> pd.DataFrame:
        """List the grades of sources and claims, on their own scale and on another one (GRADES).

        A conversion loses something: it stands behind '≈', and `lossy` says so. `case.report(…, scale=…)` shows both as well;
        what is exported and packed keeps the grade as it came.

        Returns
        -------
        DataFrame
            kind, id, what, grade, words, shown, lossy (bool), officer, because, at, mark.
        """
        return consultation_log.log_answer(
            self._book, "grades", grade_tables.build_grade_table(self._book, scale), scale=scale
        )

    def classify(self, persons: str | Iterable[str], status: str, *, because: str) -> int:
        """Set the status of persons: suspect, victim, witness, ...

        Returns the number of persons.

        Needed for persons who go into a product, not for everybody in the material.
        """
        return handling_codes.record_person_status(
            self._book, [persons] if isinstance(persons, str) else persons, status, because
        )
