"""case.desk.screening: the persons and organisations of a case against notices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.desk.imports import notice_screening
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Screening(Namespace):
    """Persons and organisations of the case against notices that you lawfully hold."""

    PATH = "desk.screening"
    GROUPS = (
        ("Compare", "run"),
        ("See", "list"),
        ("Delete", "purge"),
    )

    def run(self, path: str | Path, *, retrieved: str, expires: str, color: str = "") -> pd.DataFrame:
        """Compare persons and organisations of the case with a file of notices that you lawfully hold.

        The file is not kept.

        Parameters
        ----------
        path : str or Path
            JSON of notices as the public service shapes it, or messages of ours.
        retrieved, expires : str
            Day on which you had the copy from its source, and the last day on which it may be used, at most a year later:
            '2026-11-27'. After it hits are shown to nobody, and purged.
        color : str, optional
            As in `case.desk.imports.add`.

        Returns
        -------
        DataFrame
            name, canonical_id, notice (its number), color, listed_as (what the notice says), reasons, against (a line each), verify
            (what to do), retrieved, expires, file, document_ids (behind what was compared), mark.

        Raises
        ------
        CaseError
            If a day is none, the copy has expired or would be used for more than a year, or there is no notice in it.

        Notes
        -----
        A hit is a candidate: names and dates that agree. It says nothing of the person, nobody is joined with anybody, and the order
        is none of likelihood. Names in other spellings and scripts are found where two parts agree, or one and the date of birth; a
        notice under another name is not found.
        """
        return notice_screening.screen_case(self._book, Path(path), retrieved, expires, color)

    def list(self) -> pd.DataFrame:
        """List hits of screenings that have not expired, as `run` returns them."""
        notice_screening.remove_expired_hits(self._book)
        return notice_screening.list_hits(self._book)

    def purge(self) -> int:
        """Delete the hits of notice files that have expired, and log it.

        Returns how many.
        """
        return notice_screening.remove_expired_hits(self._book)
