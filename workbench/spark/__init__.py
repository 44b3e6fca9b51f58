"""The functions of the rooms on Apache Spark: many machines read, extract, encode and count; the ledger alone writes.

>>> import workbench as wb
>>> with wb.spark("local[2]") as cluster:  # doctest: +SKIP
...     case.add("material", on=cluster)
...     case.extract(on=cluster)

The package is its own door: `wb.spark(...)` is `workbench.spark.cluster.start_cluster(...)`. Python sets a package's name to the
module once that is loaded, so the module itself is what is called.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.spark.cluster import Cluster


class _Door(ModuleType):
    """The package, which is called to start a cluster."""

    def __call__(
        self, master: str = "local[*]", *, scratch: str | Path = "", settings: Mapping[str, str] | None = None
    ) -> Cluster:
        """Start Spark (`start_cluster`)."""
        from workbench.spark.cluster import start_cluster

        return start_cluster(master, scratch=scratch, settings=settings)


spark = sys.modules[__name__]
spark.__class__ = _Door
