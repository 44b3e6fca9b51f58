"""The widgets' bundles, built once where they are missing or out of date."""

from __future__ import annotations

import frontend
import pytest


@pytest.fixture(scope="session", autouse=True)
def bundles() -> None:
    """Nothing happens where they were built from what lies here."""
    frontend.build_bundles()
