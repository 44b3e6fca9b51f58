"""Call records of a small invented case, read as a case reads them and asked as a case asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from workbench import ingest
from workbench.ledger import Run
from workbench.ledger.duckdb import Analytics
from workbench.ledger.parquet_rows import RowsWriter
from workbench.model.rows import Batch
from workbench.patterns import telephony

Open = Callable[..., Analytics]


def kept(folder: Path, name: str, text: str, options: dict[str, str]) -> list[tuple[str, Path]]:
    """Parquet files of a table, as the ledger would list them."""
    data = text.encode()
    source = ingest.SourceFile(folder / name, sha256(data).hexdigest(), name, data)
    with RowsWriter(folder / "rows", Run("add", "table", "2", source.sha256)) as writer:
        for row in ingest.read(source, options):
            if isinstance(row, Batch):
                writer.add(row)
        return [(file.kind, folder / "rows" / file.path) for file in writer.close()]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Engine over tables given as text: name=text; options by `region` and `zone`."""
    made: list[Analytics] = []

    def open_(zone: str = "", **tables: str) -> Analytics:
        options = {"region": "GB"} | ({"zone": zone} if zone else {})
        files = [file for name, text in tables.items() for file in kept(tmp_path, f"{name}.csv", text, options)]
        made.append(telephony.build_engine(files))
        return made[-1]

    yield open_
    for one in made:
        one.close()
