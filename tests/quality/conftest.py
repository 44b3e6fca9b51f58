"""The real case, opened once for all accuracy tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case


@pytest.fixture(scope="session")
def crystal(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """*Crystal Clear*, added and read."""
    case = open_case(tmp_path_factory.mktemp("crystal") / "case", officer="ada", purpose="test")
    case.add(data_dir / "cases" / "crystal-clear" / "sources")
    case.extract()
    yield case
    case.close()
