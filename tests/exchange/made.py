"""A package of little, and what anybody can make of it."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

from tests.exchange.conftest import World
from workbench.exchange import sealed_file
from workbench.exchange.file_digests import Content, compute_digests
from workbench.exchange.package import build_bag
from workbench.exchange.package_header import Cover
from workbench.exchange.package_inspection import OpenPackage, inspect_package
from workbench.identity import Card, Officer, seal_file

PAYLOAD: dict[str, Content] = {
    "report.html": b"<h1>Harbour</h1>",
    "rows/calls.parquet": os.urandom(5_000),
    "empty": b"",
}
COVER = Cover(
    "Harbour", "2026/114", "EXERCISE", ("H1", "TLP:AMBER"), ("Not to be used as evidence",), "training", "joint case",
    "2026-11-20T10:00:00Z", "2099-01-01T00:00:00Z", {"documents": 3}, {"above the reader's clearance": 2}, "caseledger/1\n",
)  # fmt: skip
AT = "2026-11-26T12:00:00Z"
LATER = "2090-01-01T00:00:00Z"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive as packages are, of any files."""
    buffer = io.BytesIO()
    sealed_file.write_archive(buffer, files, {name: compute_digests(data) for name, data in files.items()})
    return buffer.getvalue()


def plain(
    world: World, cover: Cover = COVER, payload: Mapping[str, Content] = PAYLOAD, by: Officer | None = None
) -> dict[str, bytes]:
    """Files of a signed package before it is sealed."""
    made = build_bag(payload, cover, by or world.ada, world.to)
    return {
        name: content if isinstance(content, bytes) else content.read_bytes() for name, content in made.files.items()
    }


def resealed(data: bytes, to: list[Card], folder: Path) -> Path:
    """Anybody can seal anything to a card."""
    folder.mkdir(exist_ok=True)
    (folder / "plain").write_bytes(data)
    seal_file(folder / "plain", folder / "p.case.age", to)
    return folder / "p.case.age"


def opened(data: bytes | Path, world: World, tmp_path: Path, at: str = LATER) -> OpenPackage:
    path = data if isinstance(data, Path) else resealed(data, world.to, tmp_path / "room")
    return inspect_package(path, world.bo, world.trust, at)
