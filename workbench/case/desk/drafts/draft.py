"""A draft as an officer has it: what it is, what is wrong with it, and how it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from sqlite3 import ProgrammingError
from typing import TYPE_CHECKING, NoReturn

from workbench.case.desk.drafts import draft_list
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.guide import renames
from workbench.case.verbs.error_translation import is_closed, wrap_verbs
from workbench.errors import CaseError
from workbench.messages.model.message import Correspondence

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Draft:
    """A message that is being written. `case.desk.draft(…)` begins one, `case.desk.drafts.open(id)` opens it again."""

    PATH = "draft"

    def __init__(self, record: DraftRecord) -> None:
        self._held = record

    @property
    def _record(self) -> DraftRecord:
        """The draft as the officer may see it now; of a case that is closed as it was read."""
        try:
            return draft_list.renew_draft(self._held)
        except ProgrammingError as error:
            if is_closed(error):
                return self._held
            raise

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Say what was meant by an unknown name."""
            raise AttributeError(renames.suggest_path(f"draft.{name}"))

    @property
    def message(self) -> Correspondence:
        """The message as it stands now; it never changes itself, each change makes another one."""
        return self._record.message

    @property
    def id(self) -> str:
        """By which it is opened again."""
        return self._held.id

    @property
    def state(self) -> str:
        """'draft', 'partly sent' (not to all of its addressees yet), 'sent' or 'discarded'."""
        return self._held.state

    @property
    def mark(self) -> str:
        """Its mark: what it says of itself, joined with that of what its fields were filled from."""
        return self._record.mark

    @property
    def left(self) -> tuple[str, ...]:
        """Addressees to whom it has not gone."""
        return self._held.left

    @property
    def ready(self) -> bool:
        """Whether nothing blocks it and every warning was mended or let stand."""
        return self._record.ready

    def change(self, **fields: object) -> Draft:
        """Other values in fields: `subject='…'`, `to=['XB-NCB']`, `**{'persons[0].status': 'suspect'}`.

        What somebody else has changed in other fields meanwhile stays. With another language the fixed texts are said in that.

        Raises
        ------
        CaseError
            If somebody else has changed one of the same fields meanwhile.
        SourceError
            If a value does not fit its field.
        SchemaError
            If there is no such field.
        """
        self._record.change(**fields)
        return self

    def check(self, *, language: str = "") -> pd.DataFrame:
        """What is wrong with it, a row a fault, told in a language (that of the case); its number is what `fix` and `waive` take.

        Columns
        -------
        As `workbench.messages.table`, and stands (why it was let stand; '' if it was not), mark.
        """
        return self._record.check(language=language)

    def fix(self, number: int) -> Draft:
        """Apply the correction that a fault of `check` offers."""
        self._record.fix(number)
        return self

    def waive(self, rows: int | Sequence[int] | pd.DataFrame, because: str = "") -> Draft:
        """Let warnings of `check` stand: their numbers or rows. A reason is needed where the rule asks for one; one for several.

        Raises
        ------
        CaseError
            If one of them is an error, or a reason is missing.
        """
        self._record.waive(rows, because)
        return self

    def attach(self, file: str | Path, name: str = "") -> Draft:
        """Attach a file of the case, by its name, with the hash and the level that the case has of it.

        Where another file with the same name is attached already, both go: the second one as 'scan (2).pdf'. With `name` you say under
        which name it goes, and a file that is attached under that name is replaced.
        """
        self._record.attach(file, name)
        return self

    def sources(self) -> pd.DataFrame:
        """Which evidence each field was filled from, as far as it still has that value.

        Columns
        -------
        field, value, evidence_id, said_by (kind of evidence), title, document_id, passage_id, mark.
        """
        return self._record.sources()

    def __repr__(self) -> str:
        """What it is, from whom, to whom, and what is open; why it is not shown, where it was hidden meanwhile."""
        try:
            return repr(self._record)
        except CaseError as error:
            return str(error)

    def _repr_html_(self) -> str:
        """As its addressee will see it; why it is not shown, where it was hidden meanwhile."""
        try:
            return self._record.html()
        except CaseError as error:
            return escape(str(error))


def record_of(draft: Draft) -> DraftRecord:
    """The draft as the desk works on it."""
    return draft._record  # noqa: SLF001 - of this module
