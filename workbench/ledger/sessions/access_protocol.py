"""What the ledger asks of whatever stands between its rows and their reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import sqlite3

    from workbench.ledger.log.row_commitments import Binding


class ConnectedLedger(Protocol):
    """An open ledger, as what stands between its rows and their reader needs it."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread, over which all rows can be read."""

    @property
    def reader_connection(self) -> sqlite3.Connection:
        """The connection as its reader may see the rows."""

    @property
    def binding(self) -> Binding:
        """What this thread has changed."""

    @property
    def gate(self) -> RowFilter | None:
        """What stands between the rows and their reader."""

    @property
    def current_filter(self) -> RowFilter | None:
        """The same as it stands with the rows that are there now."""

    def get_version(self) -> int:
        """Number of the last change of rows."""


class RowFilter(Protocol):
    """What stands between rows and their reader (`ledger.access.access_filter.AccessFilter`)."""

    @property
    def controls(self) -> bool:
        """Whether the reader is the controller."""

    @property
    def has_withheld(self) -> bool:
        """Whether anything is withheld."""

    @property
    def day(self) -> str:
        """The day on which it looked last (ISO 8601), '' before."""

    @property
    def is_new(self) -> bool:
        """Whether it has looked at nothing yet."""

    def clone(self) -> RowFilter:
        """The same for another connection, which has not been looked at yet."""

    @property
    def own(self) -> frozenset[str]:
        """Files (SHA-256) of which the reader brought a copy while they were secret to the reader."""

    @property
    def partial(self) -> frozenset[str]:
        """Files (SHA-256) of which some documents are secret to the reader, as it was looked last."""

    def __call__(self, ledger: ConnectedLedger) -> None:
        """Bring the connection in line with what holds now."""

    def list_targets(self, ledger: ConnectedLedger) -> tuple[str, ...]:
        """What is withheld, in order: kind and id."""

    def list_values(self, ledger: ConnectedLedger, *, known: bool = False) -> tuple[str, ...]:
        """Numbers and accounts that no mass row may name; `known`: of whom the reader may know that."""

    def list_secret_ids(self, ledger: ConnectedLedger, readers: int | None = None) -> frozenset[str]:
        """Ids of all of which readers may not even know that it is there."""

    def list_passages(self, ledger: ConnectedLedger) -> list[str]:
        """Passages that are withheld by themselves."""

    def describe_refusal(self, facets: Mapping[str, Sequence[str]]) -> str:
        """Why what these facets are said of is withheld, in words; '' if it is not."""

    def find_level_above_clearance(self, facets: Mapping[str, Sequence[str]]) -> str:
        """The level of what these facets are said of, where it is above the reader's clearance; '' where it is not."""

    def is_closed(self, mark: str) -> bool:
        """Whether what was printed with this mark is above the reader's clearance, or closed to the reader's country."""

    def list_lost(self, ledger: ConnectedLedger) -> tuple[str, ...]:
        """What became secret after the reader could see it, in order: kind and id."""

    def is_uncleared(self, ledger: ConnectedLedger) -> bool:
        """Whether anything is above the reader's clearance, or closed to the reader's country."""
