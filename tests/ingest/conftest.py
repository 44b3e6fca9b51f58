"""Files for readers: written by the tests, or real ones out of the data folder."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from workbench.ingest import SourceFile


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str, str | bytes], SourceFile]:
    """Maker of source files: kept under their hash, as a case keeps them, known by their name."""

    def make(name: str, content: str | bytes) -> SourceFile:
        return source(tmp_path, name, content)

    return make


def source(folder: Path, name: str, content: str | bytes) -> SourceFile:
    data = content.encode() if isinstance(content, str) else content
    digest = sha256(data).hexdigest()
    path = folder / digest
    path.write_bytes(data)
    return SourceFile(path, digest, name)
