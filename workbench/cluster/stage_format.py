"""What the files of a stage hold: their columns, named once for Arrow and for Spark, and their sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

TASK_COLUMNS: Mapping[str, str] = {"number": "int64", "work": "binary"}
"""A task: its number, and its arguments and content, encrypted."""
RESULT_COLUMNS: Mapping[str, str] = {
    "number": "int64",
    "step": "int64",
    "head": "binary",
    "tag": "binary",
    "amount": "int64",
    "payload": "binary",
}
"""A message of a job. `number`: of the task; `step`: place of the message in it; `head` and `payload` are encrypted."""
SPARK_TYPES = {"int64": "bigint", "binary": "binary"}
PART_BYTES = 16 << 20
"""Bytes of the tasks of one partition, about, and of a row group."""
MAX_PAYLOAD = 256 << 20
"""Bytes of one file or message that travels, and of the files within a file that an executor keeps; this computer reads larger ones."""


def build_schema(columns: Mapping[str, str]) -> pa.Schema:
    """The columns as Arrow has them."""
    import pyarrow as pa

    return pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])


def build_ddl(columns: Mapping[str, str]) -> str:
    """The columns as Spark reads them: 'number bigint, work binary'."""
    return ", ".join(f"{name} {SPARK_TYPES[kind]}" for name, kind in columns.items())
