"""case.privacy: review, restriction, erasure, and what went out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.access.handling_codes import What
from workbench.case.guide.namespace import Namespace
from workbench.case.privacy import erasure, retention
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.ledger.records import disclosures

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Privacy(Namespace):
    """Duties of data protection: review dates, legal holds, restriction, erasure, and what went out."""

    PATH = "privacy"
    GROUPS = (
        ("See", "reviews disclosures erasures"),
        ("Change", "retain hold restrict release erase"),
        ("Write", "forms"),
    )

    def reviews(self, within: int = 180) -> pd.DataFrame:
        """List sources whose review is due soon, the most urgent first, and those on hold or restricted.

        Material is reviewed `[retention] years` after it came, or on the date that `retain` sets. Once the day is past it shows
        to nobody but the controller, who retains it with a reason or erases it.

        Returns
        -------
        DataFrame
            name, source, received_at, due, days (int, negative once past), state (due, past, on hold, restricted), because.
        """
        return consultation_log.log_answer(
            self._book, "reviews", marks.add_mark_column(self._book, retention.review_list(self._book, within))
        )

    def retain(self, what: What, *, until: str, because: str) -> pd.DataFrame:
        """Set the date of the next review ('2027-05-03'), at most five years ahead; only the controller may."""
        return retention.set_review_date(self._book, what, until, because)

    def hold(self, what: What, *, because: str) -> pd.DataFrame:
        """Put a legal hold on material: nothing of it can be erased until the controller releases it."""
        return retention.add_hold(self._book, what, because)

    def restrict(self, what: What, *, because: str) -> pd.DataFrame:
        """Restrict the processing of material: it stays in the case as evidence, and only the controller sees it."""
        return retention.add_restriction(self._book, what, because)

    def release(self, what: What, *, because: str) -> pd.DataFrame:
        """Lift a hold or a restriction; only the controller may."""
        return retention.release_material(self._book, what, because)

    def erase(self, what: What, *, because: str, sure: bool = False) -> pd.DataFrame:
        """Erase a source, document, passage, entity or note for good; only the controller may, with a reason.

        Without `sure=True` nothing is erased and the table tells what would go. It goes from the ledger, the index of words, the
        vectors, mass rows and products in the case; a file that holds other things too is written again without it. What stays is
        a tombstone: that something was erased, by whom, when and why. What was sent out is listed and cannot be called back.

        Parameters
        ----------
        what : str, sequence of str, or DataFrame
            A source or an entity by name, an id, or rows that a verb gave. An entity goes with its names and numbers in all texts.
        because : str
            Reason; it must not name what is erased.
        sure : bool
            Erase it; there is no way back.

        Returns
        -------
        DataFrame
            what, number, note: rows by kind, files, products, what was sent. `.attrs['tombstone']` is the id of the tombstone;
            `.attrs['open']` says what is left to do, '' if nothing is.
        """
        return erasure.erase_material(self._book, what, because, sure=sure)

    def erasures(self) -> pd.DataFrame:
        """List erasures, never what was erased.

        Columns: tombstone_id, kind, officer, reason, at, rows, counts, sent, state.
        """
        return marks.add_case_mark(self._book, erasure.list_tombstones(self._book))

    def forms(self, folder: str | Path, *, language: str = "") -> list[Path]:
        """Write the impact assessment and the record of processing, filled in from the case.

        An officer completes them.

        `language` is 'en', 'fr', 'es' or 'ar'; that of the case if not given.
        """
        return retention.write_forms(self._book, Path(folder), language)

    def disclosures(self) -> pd.DataFrame:
        """List everything that went out, and to whom.

        Columns: disclosure_id, kind, recipient, name, sha256, mark (its own), officer, because, at, told (number of entities and
        documents).
        """
        found = disclosures.list_disclosures(self._book.ledger)
        found.attrs["mark"] = marks.format_mark(self._book)
        return consultation_log.log_answer(self._book, "disclosures", found)
