"""Rows of mass tables gathered into batches: what lies in the case as Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.model.rows import Batch
from workbench.model.table_schemas import MASS, build_arrow_schema

SIZE = 50_000
EMPTY: dict[str, object] = {"string": "", "float64": float("nan"), "bool": False}


class Batches:
    """Gathers rows of one mass table; columns that a row leaves out are empty (''), NaN, or null for whole numbers."""

    def __init__(self, table: str, size: int = SIZE) -> None:
        self.table, self.size = table, size
        self.blank = {name: EMPTY.get(kind) for name, kind in MASS[table].items()}
        self.rows: list[dict[str, object]] = []

    def add(self, row: Mapping[str, object]) -> Iterator[Batch]:
        """Take one row; a batch where enough have come together."""
        self.rows.append({**self.blank, **{name: _replace_surrogates(value) for name, value in row.items()}})
        if len(self.rows) >= self.size:
            yield from self.finish()

    def finish(self) -> Iterator[Batch]:
        """Batch of the rows that are left, if any."""
        if not self.rows:
            return
        import pyarrow as pa

        rows, self.rows = self.rows, []
        yield Batch(self.table, pa.RecordBatch.from_pylist(rows, schema=build_arrow_schema(self.table)))


def _replace_surrogates(value: object) -> object:
    """The value; of a text with half characters (lone surrogates), which Arrow cannot hold, one with marks in their place."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value
