"""The verbs of a case about what officers say: judge, accept, state, correct, note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

from workbench.case.access import consultation_log, marks
from workbench.case.context.entity_index import find_entity, find_named
from workbench.case.evidence import flag_review
from workbench.case.kept import Kept
from workbench.case.review import adoption, decisions, statement_import
from workbench.case.verbs.error_translation import verbs
from workbench.ledger.access.flag_records import CONFIRMED, DISMISSED
from workbench.ledger.records import row_tables
from workbench.model import schema as vocabulary

if TYPE_CHECKING:
    import pandas as pd


@verbs
class Said(Kept):
    """Verbs of `Case`."""

    def duplicates(self, schema: str = "", *, about: str = "", judged: bool = False) -> pd.DataFrame:
        """Pairs that may be one thing (PAIRS) with the reasons for and against, best first.

        Notes
        -----
        What more than 60 things share (a number, a name) is too common to be a hint and makes no pair: `.attrs['left_out']` says what and
        how many share it, '' if nothing is left out.
        """
        vocabulary.known(schema)
        found = self.book.pairs
        left_out = "\n".join(str(self.book.say.told(one)) for one in found.attrs["left_out"])
        found = found[found["schema"] == schema] if schema else found
        found = found if judged else found[found["judgement"] == ""]
        if about:
            ids = set(find_named(self.book, about)["canonical_id"]) or {find_entity(self.book, about)}
            found = found[found["left_id"].isin(ids) | found["right_id"].isin(ids)]
        found = marks.stamped(self.book, found.reset_index(drop=True))
        found.attrs["left_out"] = left_out
        return consultation_log.told(self.book, "pairs", found, schema, about)

    def judge(self, pairs: pd.DataFrame | Sequence[str], *, same: bool | None, because: str) -> None:
        """Judge pairs: same=True, False (not the same) or None (unsure). Judging again replaces the earlier judgement."""
        decisions.judge(self.book, decisions.pair_ids(self.book, pairs), same=same, because=because)

    def split(self, entity: str, *, because: str) -> int:
        """Take back all judgements that join an entity to others; number of pairs reopened."""
        return decisions.split(self.book, entity, because)

    def accept(self, *targets: str, because: str = "") -> None:
        """Confirm suggestions by evidence_id, statement_id or entity_id; they are drawn solid from then on."""
        decisions.review(self.book, targets, "accepted", because)

    def reject(self, *targets: str, because: str = "") -> None:
        """Reject suggestions, or an attribution, by evidence_id, statement_id or entity_id. `accept` takes it back."""
        decisions.review(self.book, targets, "rejected", because)

    def flags(self, state: str = "") -> pd.DataFrame:
        """Passages and birth dates that may tell of a special category of data or of a minor (FLAGS); docs/special.md.

        Parameters
        ----------
        state : {'', 'suggested', 'confirmed', 'dismissed'}
            Only those in that state; all if not given.

        Notes
        -----
        Words are looked for, by lists in four languages: what is not flagged may tell of it all the same. A flag is a suggestion on a
        passage and hides nothing; whom it is about is for an officer to say.
        """
        found = flag_review.flags(self.book)
        chosen = found[found["state"] == state] if state else found
        return consultation_log.told(self.book, "flags", marks.stamped(self.book, chosen.reset_index(drop=True)), state)

    def confirm(self, flags: str | Sequence[str] | pd.DataFrame, *, because: str) -> pd.DataFrame:
        """Confirm flags, by id or rows of `flags`: the passage, or the person whose birth date it is, is marked with the category.

        What is marked is hidden until it is revealed (`reveal`). Whom a passage is about is said apart:
        case.mark("Ana Ek", special=["minors"], because='…').

        Returns
        -------
        DataFrame
            The flags as they are now (FLAGS).
        """
        return flag_review.decide(self.book, flags, CONFIRMED, because)

    def dismiss(self, flags: str | Sequence[str] | pd.DataFrame, *, because: str) -> pd.DataFrame:
        """Dismiss flags or remarks, by id or rows of `flags` or `remarks`.

        A flag does not come back for the same passage, however often it is read or added; `restore` with its id takes it back. A mark
        that `confirm` has set stays until the controller takes it (`unmark`). A remark stays on record, and nothing follows from it: a
        claim or note that was adopted of it is taken back; where another word was adopted, it is refused.

        Returns
        -------
        DataFrame
            The flags (FLAGS) or remarks (REMARKS) as they are now.
        """
        from workbench.case.evidence import remarks

        if (ids := remarks.named(flags)) is not None:
            return adoption.dismiss(self.book, ids, because)
        return flag_review.decide(self.book, flags, DISMISSED, because)

    def remarks(self, about: str = "") -> pd.DataFrame:
        """What other bureaux say in packages of things that they did not send (REMARKS), warnings first; docs/packages.md.

        Nothing in the case follows from a remark before an officer adopts it.

        Parameters
        ----------
        about : str
            Name or id of an entity; all remarks if not given.
        """
        from workbench.case.evidence import remarks

        return consultation_log.told(self.book, "remarks", remarks.table(self.book, about), about)

    def adopt(self, chosen: str | Sequence[str] | pd.DataFrame, *, because: str) -> pd.DataFrame:
        """Say what remarks say, by id or rows of `remarks`: from then on it is your word, and is taken back like any other.

        What you have adopted already is not said again.

        Returns
        -------
        DataFrame
            The remarks as they are now (REMARKS).

        Raises
        ------
        CaseError
            Without a reason; where a remark is not known, or is a copy, which nobody can adopt. Then nothing is adopted.
        """
        from workbench.case.evidence import remarks

        return adoption.adopt(self.book, remarks.named(chosen) or [], because)

    @overload
    def state(self, what: str, /, *, source: str, because: str = "", entity: str = "", **properties: str) -> str: ...

    @overload
    def state(self, what: pd.DataFrame, /, *, source: str = "", because: str = "") -> pd.DataFrame: ...

    def state(
        self, what: str | pd.DataFrame, /, *, source: str = "", because: str = "", entity: str = "", **properties: str
    ) -> str | pd.DataFrame:
        """Add a person, event, link, ... by hand, and give its id; or a table of statements, and tell what became of each row.

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
        if it has none): only what is decided is your word. A place that is not of this case is left out. Its mark is reckoned
        anew from the ids in it: what has none that the case knows gets the highest mark of the case.
        """
        ground = decisions.Ground(source, because)
        if not isinstance(what, str):
            return marks.stamped(self.book, statement_import.put(self.book, what, ground))
        if not entity:
            decisions.check_properties(what, properties)
        return decisions.state(self.book, what, entity, properties, ground)

    def correct(self, entity: str, prop: str, value: str, *, source: str, old: str = "", because: str = "") -> None:
        """Supersede a value by the right one. The old statement stays in the ledger and can be restored by its id."""
        decisions.correct(self.book, entity, prop, value, old, decisions.Ground(source, because))

    def note(self, text: str, *, kind: str = "note", passages: Iterable[str] = (), **detail: object) -> str:
        """Keep a note, question, hypothesis, conclusion or summary, tied to passages; returns its id.

        For a conclusion, `detail` may hold nature (fact, assessment, hypothesis), probability, confidence (low, moderate,
        high), basis, supporting and opposing (lists of passage ids), alternatives and gaps (lists of text). For any kind it
        may hold terms: searches whose words a report marks in the passages.
        """
        return decisions.note(self.book, text, kind, list(passages), detail)

    def notes(self) -> pd.DataFrame:
        """Notes, questions, hypotheses, conclusions, summary that count."""
        return consultation_log.told(self.book, "notes", marks.stamped(self.book, row_tables.notes(self.book.ledger)))

    def decisions(self) -> pd.DataFrame:
        """All that officers decided on rows, in order; `seq` counts those that you see."""
        found = row_tables.decisions(self.book.ledger)
        counted = found.assign(seq=range(1, len(found) + 1))
        return consultation_log.told(self.book, "decisions", marks.stamped_whole(self.book, counted))

    def news(self, since: str = "") -> pd.DataFrame:
        """What has come into the case, or others have said, since a moment (NEWS), kind by kind, oldest first.

        Parameters
        ----------
        since : str
            Date or time in UTC, ISO 8601: '2025-09-14' or '2025-09-14T22:30'. If it is not given, when you opened the case last before
            this session; where you never did, all is new. A time at which you opened the case means that opening in the log,
            whatever the clock said then.

        Returns
        -------
        DataFrame
            `.attrs['since']` is that moment, '' for the beginning. Issues that come of looking at the whole case have no time and are
            not among them; see `issues`.
        """
        from workbench.case.review import updates

        found = updates.news(self.book, since)
        return consultation_log.told(self.book, "news", marks.stamped_whole(self.book, found), found.attrs["since"])
