"""Call records asked on Spark: the questions and the functions of the room `patterns`, over what the engine of a case shows.

What travels are the views of that engine, to which the gate, exclusions and marks are applied already: a row that is withheld from
the officer is in no file of the scratch folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cluster.cluster import Cluster, ignore_warnings
from workbench.cluster.sql_translation import translate_query
from workbench.patterns.call_questions import VIEWS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from workbench.ledger.duckdb import Analytics

TABLES = ("calls", "call_marks", "cells", "crossing")
"""What is asked of: the mass tables of calls, and the records that repeat one of another file."""
PART = 1_000_000
"""Rows of a part, at most."""


class SparkCalls:
    """An engine over call records with the questions of `workbench.ledger.duckdb.Analytics`, for the functions of `patterns.telephony`."""

    def __init__(self, cluster: Cluster, names: Sequence[str]) -> None:
        self._cluster, self._names = cluster, [*names]

    def query_frame(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        """Answer of one SELECT in DuckDB's SQL as a table; the answer of a question is small.

        Raises
        ------
        CaseError
            If Spark cannot answer it.
        """
        given = dict(parameters) if isinstance(parameters, Mapping) else {}
        return _restore_types(self._cluster.run_action(lambda: self._ask(query, given).toArrow()))

    def hold(self, name: str, query: str, parameters: Mapping[str, object]) -> None:
        """Keep the answer of one SELECT under a name, for several questions to the same rows."""
        self._cluster.run_action(lambda: self._ask(query, dict(parameters)).createOrReplaceTempView(name))
        self._names.append(name)

    def close(self) -> None:
        """Drop the tables; where Java has died they are gone already."""
        from py4j.protocol import Py4JError

        if self._cluster.is_open:
            for name in self._names:
                with suppress(Py4JError, OSError):
                    self._cluster.session.catalog.dropTempView(name)

    def _ask(self, query: str, given: Mapping[str, object]) -> Any:  # noqa: ANN401 - a table of Spark, which has no types here
        with ignore_warnings():
            values = {name: _build_value(value) for name, value in given.items()}
            return self._cluster.session.sql(translate_query(query), args=values)


@contextmanager
def open_calls(cluster: Cluster, engine: Analytics) -> Iterator[SparkCalls]:
    """Call records on Spark, as the engine of a case shows them; afterwards nothing of them lies anywhere.

    Parameters
    ----------
    engine : Analytics
        Of the case (`workbench.case.context.call_engine.get_engine`), on which repeats were looked for.

    Raises
    ------
    CaseError
        If Spark cannot read them.
    """
    cluster.check_open()
    with cluster.scratch.open_stage("calls") as folder:
        for table in TABLES:
            _write_table(engine, table, folder / table)
        made = SparkCalls(cluster, [*TABLES, "counted"])
        try:
            cluster.run_action(lambda: _create_views(cluster, folder))
            yield made
        finally:
            made.close()


def _write_table(engine: Analytics, table: str, folder: Path) -> None:
    """The rows of a table as Parquet, in parts."""
    import pyarrow.parquet as pq

    folder.mkdir()
    rows = engine.query_table(f"SELECT * FROM {table}")  # noqa: S608 - a constant
    for part in range(0, max(rows.num_rows, 1), PART):
        pq.write_table(rows.slice(part, PART), folder / f"part-{part // PART:05}.parquet", coerce_timestamps="us")


def _create_views(cluster: Cluster, folder: Path) -> None:
    for table in TABLES:
        cluster.session.read.parquet(str(folder / table)).createOrReplaceTempView(table)
    cluster.session.sql(translate_query(VIEWS["counted"])).createOrReplaceTempView("counted")


def _build_value(value: object) -> Any:  # noqa: ANN401 - a column of Spark, which has no types here
    from pyspark.sql import functions

    if isinstance(value, list | tuple):
        return functions.array(*[functions.lit(one) for one in value]).cast("array<string>")
    return functions.lit(value)


def _restore_types(table: pa.Table) -> pd.DataFrame:
    """An answer with the types that DuckDB gives a table: sums of 38 digits are floats, days are times, times have no zone (UTC)."""
    import pyarrow as pa

    def choose(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_decimal(kind):
            return pa.float64()
        return pa.timestamp("us") if pa.types.is_timestamp(kind) or pa.types.is_date(kind) else kind

    made: pd.DataFrame = table.cast(pa.schema([(field.name, choose(field.type)) for field in table.schema])).to_pandas()
    return made
