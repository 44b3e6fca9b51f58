"""case.review: what waits for an officer's decision, and what officers noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.evidence import flag_review
from workbench.case.guide.namespace import Namespace
from workbench.case.review import adoption, decisions, queue
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.ledger.records import row_tables

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Review(Namespace):
    """What waits for an officer's decision, what is new, and notes."""

    PATH = "review"
    GROUPS = (
        ("See", "updates flags remarks notes"),
        ("Decide", "accept reject adopt"),
        ("Write", "note"),
        ("Undo", "withdraw restore"),
    )

    def accept(self, *chosen: str | Sequence[str] | pd.DataFrame, because: str = "") -> pd.DataFrame:
        """Confirm suggestions or flags, by id or rows of `flags`.

        A confirmed suggestion is drawn as a solid line.

        Parameters
        ----------
        chosen : str, sequence of str, or DataFrame
            Suggestions by evidence_id, statement_id or entity_id; or flags. Not both at once.
        because : str
            Reason; a flag needs one.

        Returns
        -------
        DataFrame
            Of suggestions: target_id, verdict. Of flags: as they are now (FLAGS).

        Notes
        -----
        The passage of a flag, or the person whose birth date it is, is marked with the category and hidden until it is revealed
        (`case.handling.reveal`). Whom a passage is about is said apart: case.handling.mark("Ana Ek", special=["minors"], because='…').
        """
        return queue.decide_suggestions(self._book, chosen, "accepted", because)

    def reject(self, *chosen: str | Sequence[str] | pd.DataFrame, because: str = "") -> pd.DataFrame:
        """Reject suggestions, attributions, flags or remarks, by id or rows of `flags` or `remarks`.

        Parameters
        ----------
        chosen : str, sequence of str, or DataFrame
            Suggestions or attributions by evidence_id, statement_id or entity_id; or flags; or remarks. Of one kind at once.
        because : str
            Reason; flags and remarks need one.

        Returns
        -------
        DataFrame
            Of suggestions: target_id, verdict. Of flags and remarks: as they are now (FLAGS, REMARKS).

        Notes
        -----
        `accept` takes the rejection of a suggestion back, `restore` that of a flag. A rejected flag does not come back for the same
        passage, however often it is read or added; a mark that `accept` has set stays until the controller takes it
        (`case.handling.unmark`). A rejected remark stays on record, and nothing follows from it: a claim or note that was adopted of it is
        taken back; where another word was adopted, it is refused.
        """
        return queue.decide_suggestions(self._book, chosen, "rejected", because)

    def note(self, text: str, *, kind: str = "note", passages: Iterable[str] = (), **detail: object) -> str:
        """Save a note, question, hypothesis, conclusion or summary, with the passages it rests on.

        Returns its id.

        For a conclusion, `detail` may hold nature (fact, assessment, hypothesis), probability, confidence (low, moderate,
        high), basis, supporting and opposing (lists of passage ids), alternatives and gaps (lists of text). For any kind it
        may hold terms: searches whose words a report marks in the passages.
        """
        return decisions.add_note(self._book, text, kind, list(passages), detail)

    def notes(self) -> pd.DataFrame:
        """List notes, questions, hypotheses, conclusions and the summary.

        Withdrawn ones are not listed, nor those that rest on an excluded passage. If `source_withdrawn` is true, the source of
        a passage was withdrawn: the note is in no report, export or package.
        """
        return consultation_log.log_answer(
            self._book, "notes", marks.add_mark_column(self._book, row_tables.list_notes(self._book.ledger))
        )

    def flags(self, state: str = "") -> pd.DataFrame:
        """List passages and birth dates that may concern a special category of data or a minor (FLAGS).

        See docs/special.md.

        Parameters
        ----------
        state : {'', 'suggested', 'confirmed', 'dismissed'}
            Only those in that state; all if not given.

        Notes
        -----
        Words are looked for, by lists in four languages: what is not flagged may tell of it all the same. A flag is a suggestion on a
        passage and hides nothing; whom it is about is for an officer to say.
        """
        found = flag_review.list_flags(self._book)
        chosen = found[found["state"] == state] if state else found
        return consultation_log.log_answer(
            self._book, "flags", marks.add_mark_column(self._book, chosen.reset_index(drop=True)), state
        )

    def remarks(self, about: str = "") -> pd.DataFrame:
        """List what other bureaux say about material that they did not send, warnings first (REMARKS).

        See docs/packages.md.

        Nothing in the case follows from a remark before an officer adopts it.

        Parameters
        ----------
        about : str
            Name or id of an entity; all remarks if not given.
        """
        from workbench.case.evidence import remarks

        return consultation_log.log_answer(self._book, "remarks", remarks.build_remark_table(self._book, about), about)

    def adopt(self, chosen: str | Sequence[str] | pd.DataFrame, *, because: str) -> pd.DataFrame:
        """Adopt remarks, by id or rows of `remarks`: each becomes your own statement.

        You can take it back like any other.

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

        return adoption.adopt_remarks(self._book, remarks.parse_remark_ids(chosen) or [], because)

    def updates(self, since: str = "") -> pd.DataFrame:
        """List what is new in the case since a moment, by kind, oldest first (NEWS).

        If no moment is given: since you last opened the case.

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
            not among them; see `case.sources.issues`.
        """
        from workbench.case.review import updates

        found = updates.list_news(self._book, since)
        return consultation_log.log_answer(
            self._book, "news", marks.add_case_mark(self._book, found), found.attrs["since"]
        )

    def withdraw(self, note: str, *, because: str) -> None:
        """Withdraw a note, by its id.

        Nothing is deleted; `restore` brings it back.

        Raises
        ------
        CaseError
            If there is no such note; the import of a file is taken back by `case.sources.withdraw`.
        """
        queue.withdraw_note(self._book, note, because)

    def restore(self, target: str, *, because: str) -> None:
        """Restore a note that was withdrawn, a statement that was corrected, or a flag that was rejected, by its id."""
        queue.restore(self._book, target, because)
