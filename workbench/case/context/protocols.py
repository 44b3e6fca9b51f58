"""What pages and packages ask of a case, so that they need not know the class that has all its verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext


class HasContext(Protocol):
    """An open case."""

    @property
    def context(self) -> CaseContext:
        """Its folder, ledger, settings and tables."""


class PanelSources(Protocol):
    """What the panel asks of the files of a case."""

    def list(self) -> pd.DataFrame:
        """As `case.sources.list`."""

    def issues(self) -> pd.DataFrame:
        """As `case.sources.issues`."""

    def withdraw(self, source: str, *, because: str) -> None:
        """As `case.sources.withdraw`."""


class PanelNetwork(Protocol):
    """What the panel asks of the network."""

    def ranking(self) -> pd.DataFrame:
        """As `case.network.ranking`."""


class PanelJudgements(Protocol):
    """What the panel asks of and says about pairs."""

    def duplicates(self) -> pd.DataFrame:
        """As `case.judgements.duplicates`."""

    def judge(self, pairs: Sequence[str], *, same: bool | None, because: str) -> None:
        """As `case.judgements.judge`."""


class PanelReview(Protocol):
    """What the panel decides on."""

    def accept(self, *chosen: str, because: str = ...) -> pd.DataFrame:
        """As `case.review.accept`."""

    def reject(self, *chosen: str, because: str = ...) -> pd.DataFrame:
        """As `case.review.reject`."""


class PanelCase(HasContext, Protocol):
    """What the panel asks of a case."""

    @property
    def sources(self) -> PanelSources:
        """As `case.sources`."""

    @property
    def network(self) -> PanelNetwork:
        """As `case.network`."""

    @property
    def judgements(self) -> PanelJudgements:
        """As `case.judgements`."""

    @property
    def review(self) -> PanelReview:
        """As `case.review`."""

    def documents(self) -> pd.DataFrame:
        """As `case.documents`."""

    def search(self, text: str = ...) -> pd.DataFrame:
        """As `case.search`."""

    def extract(self) -> pd.DataFrame:
        """As `case.extract`."""
