"""One Chromium for the tests of a file. The modules beside this file are importable, wherever pytest is started."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a Chromium where there is none; give the others the time of a machine that is very slow."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.timeout(1200))
            if chromium.PATH is None:
                item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser with WebGL by software."""
    with chromium.started() as made:
        yield made
