"""Where Spark writes, and how it ends: folders with odd names, a Java process that has died."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

import workbench as wb
from workbench.cluster import spark_calls
from workbench.cluster.cluster import Cluster
from workbench.cluster.scratch_folder import ScratchFolder
from workbench.cluster.spark_calls import open_calls
from workbench.errors import CaseError
from workbench.ledger.duckdb import open_engine

pytestmark = pytest.mark.spark


def test_java_writes_into_a_scratch_folder_whose_name_has_blanks_and_quotes(tmp_path: Path) -> None:
    scratch = tmp_path / 'a folder\'s "name" é' / "back\\slash"
    with wb.spark("local[1]", scratch=scratch) as cluster:
        told = cluster.session.sparkContext._jvm.java.lang.System.getProperty("java.io.tmpdir")
        assert told == str(cluster.scratch.path)
        assert [row.id for row in cluster.session.range(2).collect()] == [0, 1]
    assert list(scratch.iterdir()) == []


class DeadSession:
    """A session whose Java process has died: whatever it is asked fails."""

    sparkContext = SimpleNamespace(defaultParallelism=1)  # noqa: N815 - its name in Spark

    @property
    def read(self) -> None:
        """Fails."""
        self._fail()

    @property
    def catalog(self) -> SimpleNamespace:
        """Its tables."""
        return SimpleNamespace(dropTempView=self._fail)

    def sql(self, query: str, args: Mapping[str, object]) -> None:
        """Fails."""
        self._fail(query, args)

    def _fail(self, *given: object) -> None:
        from py4j.protocol import Py4JNetworkError

        del given
        raise Py4JNetworkError("Answer from Java side is empty")


def test_where_java_has_died_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letting go of the tables fails too then, and must not hide it."""
    monkeypatch.setattr(spark_calls, "_write_table", lambda engine, table, folder: folder.mkdir())
    cluster = Cluster(DeadSession(), ScratchFolder(tmp_path / "scratch"))  # type: ignore[arg-type]
    with open_engine([]) as engine, pytest.raises(CaseError, match="Java side"), open_calls(cluster, engine):
        pass
    assert list(cluster.scratch.path.iterdir()) == []
