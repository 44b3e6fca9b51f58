"""case.desk.imports: messages that other systems wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.desk.imports import traffic_import
from workbench.case.desk.inbox import processing
from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import FileSettings
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Imports(Namespace):
    """Existing messages out of mail, tables and other systems."""

    PATH = "desk.imports"
    GROUPS = (
        ("Before adding", "plan columns save_columns"),
        ("Add", "add"),
    )

    def plan(self, path: str | Path, *, columns: pd.DataFrame | None = None, color: str = "") -> pd.DataFrame:
        """Preview what `add` would make of a file or a folder; nothing is saved.

        Returns
        -------
        DataFrame
            file, place (of the message in the file), state ('new', 'known', 'quarantined'), form, from_bureau, to, our_ref, subject,
            fields (int, how many are filled), unmapped (what went into no field, each with its place), why (it is quarantined),
            document_id, mark (of the message).
        """
        return traffic_import.plan_import(self._book, Path(path), _import_options(columns, color))

    def add(self, path: str | Path, *, columns: pd.DataFrame | None = None, color: str = "") -> pd.DataFrame:
        """Import existing messages: EML and MBOX, CSV and workbooks, JSON, notices, text forms in four languages.

        See docs/messages.md.

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
        made = traffic_import.take_in(self._book, Path(path), _import_options(columns, color))
        processing.read_messages(self._book, list(made.loc[made["state"] == "filed", "document_id"]))
        return made

    def columns(self, path: str | Path) -> pd.DataFrame:
        """Show what each column of a table of messages is taken for: sheet, column, field ('' for none), example, why.

        You may edit the answer and pass it to `add`.
        """
        return traffic_import.list_columns(Path(path))

    def save_columns(self, name: str, columns: pd.DataFrame) -> Path:
        """Save what columns mean under a name, for every later table with the same headers.

        Returns the file in which it is saved.

        Raises
        ------
        SourceError
            If a field is not a field of a message.
        """
        return traffic_formats.save_columns(name, columns)


def _import_options(columns: pd.DataFrame | None, color: str) -> FileSettings:
    return FileSettings({} if columns is None else traffic_formats.parse_columns(columns), color)
