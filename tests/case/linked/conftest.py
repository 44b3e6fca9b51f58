"""A case that was read, of which each test gets a copy, and what its charts show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.case import material
from workbench.case.case import Case, open_case
from workbench.ledger.records import consultations
from workbench.views.linked_views import CaseChart

WHY = "seen at the quay"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that tests only read, with what a machine read in it."""
    place = tmp_path_factory.mktemp("linked")
    made = open_case(place / "case", officer="ada", purpose="training")
    made.add(material.write(place))
    made.extract()
    made.close()
    return place / "case"


@pytest.fixture
def case(folder: Path, tmp_path: Path) -> Iterator[Case]:
    """A copy of it that a test may change."""
    import shutil

    shutil.copytree(folder, tmp_path / "case")
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    yield made
    made.close()


def log(case: Case) -> list[tuple[str, str]]:
    return list(
        consultations.list_entries(case.context.ledger)[["operation", "kind"]].itertuples(index=False, name=None)
    )


def captions(chart: CaseChart) -> list[str]:
    return sorted(caption for _, caption in chart.graph.nodes(data="caption"))


def state(chart: CaseChart) -> object:
    """What the chart shows, as a value."""
    net = chart.graph
    nodes = {node: (data["caption"], data["layer"]) for node, data in net.nodes(data=True)}
    return nodes, {
        edge: (data["count"], data["strength"])
        for *edge, data in net.edges(keys=True, data=True)
        for edge in [tuple(edge)]
    }
