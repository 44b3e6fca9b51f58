"""Files read on Spark: the ledger holds the same rows as after a reading on the laptop."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.case import material
from tests.spark.comparing import list_files, list_rows
from workbench.case.case import open_case
from workbench.cluster.cluster import Cluster

pytestmark = pytest.mark.spark
HARBOUR = Path(__file__).parents[2] / "datasets/harbour/files"


def test_small_files_are_read_alike(tmp_path: Path, cluster: Cluster) -> None:
    files = material.write(tmp_path)
    with closing(open_case(tmp_path / "here", officer="ada", purpose="test")) as here:
        expected = here.add(files)
        with closing(open_case(tmp_path / "there", officer="ada", purpose="test")) as there:
            before = cluster.done.get("files", 0)
            found = there.add(files, on=cluster)
            assert found.equals(expected)
            assert list_rows(there) == list_rows(here)
            assert (
                cluster.done["files"] - before == 2 * 2 + 1
            )  # two are looked at and read, one is no file that anybody reads


def test_the_shipped_case_is_read_alike(tmp_path: Path, cluster: Cluster) -> None:
    """Chats, mail, tables, PDF, office files and archives, with the files within them."""
    with (
        closing(open_case(tmp_path / "here", officer="ada", purpose="test")) as here,
        closing(open_case(tmp_path / "there", officer="ada", purpose="test")) as there,
    ):
        expected = here.add(HARBOUR, zone="Europe/Amsterdam")
        found = there.add(HARBOUR, zone="Europe/Amsterdam", on=cluster)
        assert found.equals(expected)
        mine, theirs = list_rows(here), list_rows(there)
        assert {name for name in mine if mine[name] != theirs[name]} == set()
        assert list_files(there) == list_files(here)
        assert cluster.done["files"] >= 70
