"""What the panel of a case asks of the case: one method a question or a click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workbench.views.wizard_backend import Importer

if TYPE_CHECKING:
    import pandas as pd


class PanelBackend(Importer, Protocol):
    """What the panel needs of a case."""

    def overview(self) -> str:
        """HTML of the overview, escaped."""

    def search(self, text: str, **options: str) -> pd.DataFrame:
        """Hits (HITS)."""

    def pairs(self) -> pd.DataFrame:
        """Unjudged candidate pairs (PAIRS)."""

    def facts(self, entity: str) -> list[tuple[str, str]]:
        """What is known of an entity: name and value."""

    def mentions(self) -> pd.DataFrame:
        """Suggested entities without a verdict: entity_id, caption, schema, mentions."""

    def example(self, entity: str) -> dict[str, object]:
        """A passage in which a suggested entity is named (keys of HITS)."""

    def flags(self) -> pd.DataFrame:
        """Flags that nobody has decided on (FLAGS), one row a flag."""

    def find_flagged_passage(self, row: dict[str, object]) -> dict[str, object]:
        """The passage of a flag with the words marked (keys of HITS), empty where it has none."""

    def decide(self, flag: str, *, confirm: bool, because: str) -> None:
        """Confirm or dismiss a flag."""

    def judge(self, pair: tuple[str, str], *, same: bool | None, because: str) -> None:
        """Judge a pair."""

    def review(self, entity: str, *, accept: bool, because: str) -> None:
        """Accept or reject a suggested entity."""
