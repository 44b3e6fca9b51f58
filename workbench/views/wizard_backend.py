"""What the wizard needs of a case, of a plan by which a file is read, and of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.catalogue import Translator


class WizardPlan(Protocol):
    """What the wizard needs of a plan (`workbench.case.sources.import_plan.Plan`)."""

    @property
    def reader(self) -> str:
        """Who would read it, '' if nobody."""

    @property
    def why(self) -> str:
        """The reason, in words."""

    @property
    def zone(self) -> str:
        """Zone of its times."""

    @property
    def name(self) -> str:
        """Name of the file."""

    @property
    def is_table(self) -> bool:
        """Whether it has columns to map."""

    @property
    def sheets(self) -> list[str]:
        """Names of its tables."""

    @property
    def tables(self) -> pd.DataFrame:
        """Its tables: name, sheet, number, begin, header, kind, columns."""

    @property
    def choices(self) -> pd.DataFrame:
        """Readers that would take it: reader, why."""

    def preview(self, rows: int, *, sheet: str) -> pd.DataFrame:
        """Its first rows or passages."""

    def header(self, sheet: str) -> int:
        """Number of the header row."""

    def kind(self, sheet: str) -> str:
        """What its rows are."""

    def kinds(self) -> Mapping[str, Mapping[str, str]]:
        """Kinds of tables, and the fields of each with a header by which it is known."""

    def fields(self, sheet: str) -> pd.DataFrame:
        """Columns: column, example, field, why."""

    def read_as(self, reader: str) -> WizardPlan:
        """Another reader."""

    def say(  # noqa: PLR0913 - one keyword per thing that can be said
        self, *, header: int | None = None, delimiter: str = "", encoding: str = "", dates: str = "", decimal: str = "",
        unit: str = "", region: str = "", zone: str = "", sheet: str = "",
    ) -> WizardPlan:  # fmt: skip
        """What is known of the file."""

    def mean(self, fields: Mapping[str, str], *, kind: str | None, sheet: str) -> WizardPlan:
        """What the rows and columns are."""

    def leave_out(self, *columns: str, sheet: str) -> WizardPlan:
        """Columns that are not taken."""

    def trial(self) -> WizardTrial:
        """What would come of it."""

    def add(self) -> pd.DataFrame:
        """Receive the file and read it so (rows as `Case.add` gives them)."""

    def save(self, name: str, *, sheet: str) -> object:
        """Keep the columns of a table as a profile."""


class WizardTrial(Protocol):
    """What a trial gave (`workbench.case.sources.import_plan.Trial`)."""

    @property
    def counts(self) -> pd.DataFrame:
        """What, number."""

    @property
    def things(self) -> pd.DataFrame:
        """Kind, number, example."""

    @property
    def rejected(self) -> pd.DataFrame:
        """Message, place, fix."""

    @property
    def issues(self) -> pd.DataFrame:
        """Severity, code, message, fix."""

    @property
    def whole(self) -> bool:
        """Whether all of the file was tried."""


class Importer(Protocol):
    """What the wizard needs of a case."""

    @property
    def say(self) -> Translator:
        """Strings in the language of the case."""

    def plan(self, name: str, content: bytes) -> WizardPlan:
        """How a file that came through the browser would be read."""

    def read_added(self, table: pd.DataFrame) -> str:
        """Read the text of what was added; what became of it, in a sentence."""

    def withdraw(self, source: str, because: str) -> str:
        """Take back what was read from a source, by its hash; what was done, in a sentence."""
