"""Fixtures: a case on disk with a little material."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.case import material
from workbench.case.case import Case, open_case
from workbench.identity import Officer

Opens = Callable[..., Case]


@pytest.fixture(autouse=True)
def home_apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An identity home of the test's own."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Folder with the material."""
    return material.write(tmp_path)


@pytest.fixture
def case(tmp_path: Path, files: Path) -> Iterator[Case]:
    """An open case with the material added."""
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(files)
    yield made
    made.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opens]:
    """Opens one case for any officer; afterwards each is closed."""
    made: list[Case] = []

    def by(officer: str | Officer = "ada", folder: str = "case", purpose: str = "test") -> Case:
        made.append(open_case(tmp_path / folder, officer=officer, purpose=purpose))
        return made[-1]

    yield by
    for case in made:
        case.close()
