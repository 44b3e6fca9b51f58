"""An empty case, and two bureaux on one machine: officers for whom their bureaux vouch, whom they trust, and where their cases lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, vouched
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.identity import Bureau, Officer, TrustList

UNTIL = "2099-12-31T23:59:59Z"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """An empty case for exercises."""
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    yield made
    made.close()


@pytest.fixture(scope="session")
def officers() -> dict[str, tuple[Officer, Officer]]:
    return vouched(identity.create_temporary)


@pytest.fixture
def sides(officers: dict[str, tuple[Officer, Officer]], tmp_path: Path) -> dict[str, Side]:
    trust = TrustList(tuple(Bureau.from_card(chief.card) for chief, _ in officers.values()))
    return {name: Side(officer, trust, tmp_path / f"case-{name}") for name, (_, officer) in officers.items()}


@pytest.fixture
def ada(sides: dict[str, Side]) -> Side:
    return sides["ada"]


@pytest.fixture
def bo(sides: dict[str, Side]) -> Side:
    return sides["bo"]


def of_bureau(name: str, chief: Officer) -> Officer:
    """An officer for whom a bureau vouches."""
    made = identity.create_temporary(name, bureau=chief.card.bureau, country=chief.card.country)
    return made.replace_card(identity.issue(made.card, chief, until=UNTIL))


def clear(*sides: Side, level: str = "EXERCISE RESTRICTED") -> None:
    """Have the controller of each side's case, who is somebody else, clear its officer."""
    for side in sides:
        with closing(open_case(side.folder, officer="carla", purpose="training")) as case:
            case.access.grant(side.card.name, level, because="vetted")


@pytest.fixture(scope="session")
def second(officers: dict[str, tuple[Officer, Officer]]) -> Officer:
    """A second officer of Ada's bureau."""
    return of_bureau("eve", officers["ada"][0])
