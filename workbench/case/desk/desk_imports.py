"""What the message desk takes from elsewhere: existing traffic, notices to screen the case against, and rules of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.context.tables import Book
from workbench.case.desk.imports import notice_screening, traffic_formats, traffic_import
from workbench.case.desk.imports.message_transfer import Said
from workbench.case.desk.inbox import processing
from workbench.case.desk.messages import message_rules
from workbench.case.verbs.error_translation import verbs

if TYPE_CHECKING:
    import pandas as pd


@verbs
@dataclass(frozen=True, slots=True)
class Taking:
    """The verbs of a desk for what other systems wrote."""

    book: Book

    def plan(self, path: str | Path, *, columns: pd.DataFrame | None = None, color: str = "") -> pd.DataFrame:
        """What `take_in` would make of a file or a folder; nothing is written.

        Returns
        -------
        DataFrame
            file, place (of the message in the file), state ('new', 'known', 'quarantined'), form, from_bureau, to, our_ref, subject,
            fields (int, how many are filled), unmapped (what went into no field, each with its place), why (it is quarantined),
            document_id, mark (of the message).
        """
        return traffic_import.plan(self.book, Path(path), _said(columns, color))

    def take_in(self, path: str | Path, *, columns: pd.DataFrame | None = None, color: str = "") -> pd.DataFrame:
        """File existing traffic: EML and MBOX, CSV and workbooks, JSON, notices, text forms in four languages (docs/messages.md).

        Each message becomes a document as one that was received does; what is none stands among the issues with its reason. Each
        file is kept as it came. A second call adds nothing. Then what came in is read and sorted; whoever interrupts that loses nothing.

        Parameters
        ----------
        path : str or Path
            A file, or a folder with all that is in it.
        columns : DataFrame, optional
            What `columns` answered, edited.
        color : str, optional
            Colour of notices whose file does not show it: 'blue', 'green', …

        Returns
        -------
        DataFrame
            As `plan`; state is 'filed', 'known', 'withdrawn', 'refused' (it was erased here) or 'quarantined'. Each message stands under
            its own mark, and one that is closed to you is told by its place and mark alone.
        """
        made = traffic_import.take_in(self.book, Path(path), _said(columns, color))
        processing.take(self.book, list(made.loc[made["state"] == "filed", "document_id"]))
        return made

    def columns(self, path: str | Path) -> pd.DataFrame:
        """How the columns of a table of messages are taken: sheet, column, field ('' for none), example, why. It may be edited."""
        return traffic_import.columns(Path(path))

    def keep_columns(self, name: str, columns: pd.DataFrame) -> Path:
        """Keep what columns mean under a name, for each later table with these headers; the file in which it is kept.

        Raises
        ------
        SourceError
            If a field is none that a message has.
        """
        return traffic_formats.keep(name, columns)

    def screen(self, path: str | Path, *, retrieved: str, expires: str, color: str = "") -> pd.DataFrame:
        """Compare persons and organisations of the case with a file of notices that you lawfully hold. The file is not kept.

        Parameters
        ----------
        path : str or Path
            JSON of notices as the public service shapes it, or messages of ours.
        retrieved, expires : str
            Day on which you had the copy from its source, and the last day on which it may be used, at most a year later:
            '2026-11-27'. After it hits are shown to nobody, and purged.
        color : str, optional
            As in `take_in`.

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
        return notice_screening.run(self.book, Path(path), retrieved, expires, color)

    def screened(self) -> pd.DataFrame:
        """Hits of screenings that have not expired, as `screen` answers them."""
        notice_screening.purge(self.book)
        return notice_screening.shown(self.book)

    def rules(self, *, language: str = "") -> pd.DataFrame:
        """Rules that messages are checked by here: the shipped ones, and those of the case.

        Columns: rule, for (message, notice, letter), severity, kind, basis, message, source, pack, version, own (bool).
        """
        return message_rules.listed(self.book, language or self.book.settings.language)

    def adopt(self, path: str | Path, *, because: str) -> Path:
        """Check messages of this case by rules of your own as well, or tell the desk which treaties are in force; where it now lies.

        Parameters
        ----------
        path : str or Path
            A rule pack as docs/messages.md describes it; or YAML with `treaties` (a list of {between: [XA, XB], name: …}) and
            `languages` (country -> those in which it accepts letters of request).

        Raises
        ------
        CaseError
            Without a reason, or where an example of a rule does otherwise than the rule says.
        SchemaError
            If it is written wrong; it says where.

        Notes
        -----
        The file is copied to `rules/` in the case folder, where it may be edited, and taken away again. It adds to the shipped rules
        and takes none of them away.
        """
        return message_rules.adopt(self.book, Path(path), because)

    def purge(self) -> int:
        """Take out the hits of copies that have expired, and log it; how many."""
        return notice_screening.purge(self.book)


def _said(columns: pd.DataFrame | None, color: str) -> Said:
    return Said({} if columns is None else traffic_formats.given(columns), color)
