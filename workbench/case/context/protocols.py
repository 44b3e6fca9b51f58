"""What pages and packages ask of a case, so that they need not know the class that has all its verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.tables import Book


class HasBook(Protocol):
    """An open case."""

    @property
    def book(self) -> Book:
        """Its folder, ledger, settings and tables."""


class PanelCase(HasBook, Protocol):
    """The verbs of a case that its panel calls."""

    def sources(self) -> pd.DataFrame:
        """As `Case.sources`."""

    def documents(self) -> pd.DataFrame:
        """As `Case.documents`."""

    def issues(self) -> pd.DataFrame:
        """As `Case.issues`."""

    def search(self, text: str = ...) -> pd.DataFrame:
        """As `Case.search`."""

    def ranking(self) -> pd.DataFrame:
        """As `Case.ranking`."""

    def duplicates(self) -> pd.DataFrame:
        """As `Case.duplicates`."""

    def extract(self) -> pd.DataFrame:
        """As `Case.extract`."""

    def judge(self, pairs: Sequence[str], *, same: bool | None, because: str) -> None:
        """As `Case.judge`."""

    def accept(self, *targets: str, because: str = ...) -> None:
        """As `Case.accept`."""

    def reject(self, *targets: str, because: str = ...) -> None:
        """As `Case.reject`."""

    def confirm(self, flags: str, *, because: str) -> pd.DataFrame:
        """As `Case.confirm`."""

    def dismiss(self, flags: str, *, because: str) -> pd.DataFrame:
        """As `Case.dismiss`."""

    def withdraw(self, what: str, *, because: str) -> None:
        """As `Case.withdraw`."""
