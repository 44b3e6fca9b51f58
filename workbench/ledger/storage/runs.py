"""What is told to the ledger of a piece of work: the run, how a source arrived, the files of mass rows it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.model.ids import compute_digest


def now() -> str:
    """The present in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of work done completely: a source read by a reader, or passages read by an extraction method.

    `parameters` are part of the identity: the same source read with another mapping is another run.
    """

    kind: str
    method: str
    version: str
    source: str = ""
    parameters: str = "{}"

    @property
    def id(self) -> str:
        """Name of the run: the same work has the same name, so that it is not done twice."""
        return compute_digest("run", self.kind, self.source, self.method, self.version, self.parameters)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a source came: under which name, and within which other source, read by which run; '' if by itself."""

    name: str
    outer: str = ""
    document_id: str = ""
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class RowFile:
    """A Parquet file of mass rows: its name in `rows/`, its table (`table_schemas.MASS`), hash, size [bytes] and rows."""

    path: str
    kind: str
    sha256: str
    size: int
    rows: int
