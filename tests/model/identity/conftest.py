"""Two bureaux: Valdora with its home on this machine, Norland far away; and officers of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench import identity
from workbench.identity import Bureau, Officer, TrustList

PHRASE = "four words of mine"
UNTIL = "2090-12-31T23:59:59Z"


@dataclass(frozen=True)
class Valdora:
    """A bureau of an exercise, kept in a home of its own, and what was shown of it once."""

    home: Path
    bureau: Officer
    recovery: str
    phrase: str = PHRASE


@pytest.fixture(scope="session")
def valdora(tmp_path_factory: pytest.TempPathFactory) -> Valdora:
    home = tmp_path_factory.mktemp("valdora") / "home"
    officer, recovery = identity.create_identity(
        "NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau", passphrase=PHRASE, home=home
    )
    return Valdora(home, officer, recovery)


@pytest.fixture(scope="session")
def bureau() -> Officer:
    return identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")


@pytest.fixture(scope="session")
def ada() -> Officer:
    return identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM", role="analyst")


@pytest.fixture(scope="session")
def trust(bureau: Officer) -> TrustList:
    listed = Bureau.from_card(bureau.card, grants=("EXERCISE", "EXERCISE RESTRICTED"))
    return TrustList().add_bureau(listed).sign_list(bureau)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, named by the variable."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    identity.lock()
