"""What every test has: no network, and the folder with public data sets."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import frontend
import hypothesis
import netguard
import pytest

from tests import part_selection

ROOT = Path(__file__).resolve().parent
OFFLINE = ROOT / "tests/offline"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one part of the tests be run, where all of them take too long."""
    parser.addoption("--part", metavar="K/N", help="run only part K of N of the tests, the same ones each time")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of other parts."""
    if config.option.part:
        items[:], others = part_selection.split_tests(items, *part_selection.parse_part(config.option.part))
        config.hook.pytest_deselected(items=others)


def pytest_configure() -> None:
    """Guard this process, and by `sitecustomize` each Python that a test starts; both speak English. No example fails by the clock."""
    hypothesis.settings.register_profile("workbench", deadline=None)
    hypothesis.settings.load_profile("workbench")
    netguard.install()
    os.environ["LC_ALL"] = "C.UTF-8"
    paths = [str(OFFLINE), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Build the browser half of the widgets where it is missing, before several processes ask for it.

    Without Node.js a test that needs it says what to do.
    """
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        with contextlib.suppress(frontend.FrontendError):
            frontend.build_bundles()


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fail a test that tried to leave this machine, even where the library swallowed the error."""
    before = len(netguard.ATTEMPTS)
    yield
    tried = netguard.ATTEMPTS[before:]
    del netguard.ATTEMPTS[before:]
    assert not tried, f"tried to leave this machine: {tried}"


@pytest.fixture(scope="session", autouse=True)
def work_of_passphrases() -> int:
    """The work that a passphrase costs; in this process it costs next to nothing, for it is tried hundreds of times."""
    from workbench.identity.core import passphrases

    shipped, passphrases.WORK = passphrases.WORK, 10
    return shipped


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder with public data sets: WORKBENCH_DATA, by default ../shared.

    Where it is missing, the test is skipped; under CI=true it fails.
    """
    folder = Path(os.environ.get("WORKBENCH_DATA") or ROOT.parent / "shared").resolve()
    if not (folder / "benchmarks").is_dir():
        reason = f"no data folder at {folder}: set WORKBENCH_DATA to a folder with cases/ and benchmarks/"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
