"""Fixtures: one Spark of two cores on this machine for all tests of a file, and cases to compare."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import workbench as wb
from workbench.cluster.cluster import find_java

if TYPE_CHECKING:
    from workbench.cluster.cluster import Cluster


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Spark where it is not installed; every test that starts it carries the marker."""
    if find_spec("pyspark") is None or not find_java():
        for item in items:
            if item.get_closest_marker("spark"):
                item.add_marker(pytest.mark.skip(reason="needs pyspark and Java: python tools/bootstrap.py spark"))


@pytest.fixture(scope="module", autouse=True)
def home_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An identity home of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Spark may write."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def cluster(scratch: Path) -> Iterator[Cluster]:
    """Spark on two cores of this machine."""
    with wb.spark("local[2]", scratch=scratch) as made:
        yield made
    assert list(scratch.iterdir()) == []
