"""One text of SQL, written for DuckDB, as Spark reads it: SQLGlot translates, and what the two mean differently is set right here.

A translation proves nothing. The tests run both engines over the same hostile tables; a question whose text does not mean the same on
both is not in `workbench.patterns.call_questions.COMMON_SQL`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=256)
def translate_query(query: str) -> str:
    """A SELECT of DuckDB as Spark reads it; parameters `$name` become `:name`.

    Notes
    -----
    A sum of whole numbers has 38 digits, as DuckDB's has: Spark's own would overflow at 64 bits. `MATERIALIZED` is left out: Spark
    decides for itself.
    """
    import sqlglot
    from sqlglot import exp

    def correct(node: Any) -> Any:  # noqa: ANN401 - a node of SQLGlot, which has no types here
        if isinstance(node, exp.CTE):
            node.set("materialized", None)
        if isinstance(node, exp.Sum):
            node.set("this", exp.cast(node.this, "DECIMAL(38, 0)"))
        return node

    (parsed,) = sqlglot.parse(query, read="duckdb")
    if parsed is None:
        raise ValueError("there is no question")
    translated: str = parsed.transform(correct).sql(dialect="spark")
    return translated
