"""Passages read and encoded on Spark: the same claims, doubts and vectors as on the laptop."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.spark.comparing import list_rows
from workbench.case.case import Case, open_case
from workbench.case.network import search
from workbench.case.sources import extraction
from workbench.cluster.cluster import Cluster

pytestmark = pytest.mark.spark
HARBOUR = Path(__file__).parents[2] / "datasets/harbour/files"


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with the shipped material, of which nothing is extracted yet."""
    place = tmp_path_factory.mktemp("added") / "case"
    with closing(open_case(place, officer="ada", purpose="test")) as case:
        case.add(HARBOUR, zone="Europe/Amsterdam")
    return place


@pytest.fixture
def pair(added: Path, tmp_path: Path) -> Iterator[tuple[Case, Case]]:
    """Two copies of it."""
    places = [Path(shutil.copytree(added, tmp_path / name)) for name in ("here", "there")]
    made = [open_case(place, officer="ada", purpose="test") for place in places]
    yield made[0], made[1]
    for case in made:
        case.close()


def test_texts_give_the_same_rows_and_vectors(pair: tuple[Case, Case], cluster: Cluster) -> None:
    here, there = pair
    expected = here.extract()
    found = there.extract(on=cluster)
    assert found.equals(expected)
    assert int(found["suggestions"].sum()) > 1_000
    mine, theirs = list_rows(here), list_rows(there)
    assert {name for name in mine if mine[name] != theirs[name]} == set()
    sizes = zip(
        expected["passages"],
        [extraction.BATCHES.get(name, extraction.BATCH) for name in expected["method"]],
        strict=True,
    )
    assert cluster.done["passages"] == sum(-(-read // size) for read, size in sizes), (
        "every batch was read by an executor"
    )
    assert cluster.done["vectors"] >= 3
    vectors = [search._open_index(case.context).get_all() for case in pair]
    assert vectors[0][0] == vectors[1][0]
    assert np.array_equal(vectors[0][1], vectors[1][1])
    assert there.extract(on=cluster)["passages"].sum() == 0
    assert (
        there.search("container at the harbour")
        .drop(columns="score")
        .equals(here.search("container at the harbour").drop(columns="score"))
    )
