"""Tiles out of a local file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from workbench_widgets.map.tiles import LARGEST, Tiles

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def made(path: Path, tiles: list[tuple[int, int, int, object]], **facts: str) -> Path:
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE metadata (name text, value text)")
    base.execute("CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)")
    base.executemany("INSERT INTO metadata VALUES (?, ?)", facts.items())
    base.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", tiles)
    base.commit()
    base.close()
    return path


def test_rows_are_counted_from_the_north(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a b#1.mbtiles", [(2, 1, 3, PNG + b"north"), (2, 1, 0, PNG + b"south")], attribution="Map office"
    )
    tiles = Tiles(path)
    assert tiles.get(2, 1, 0) == ("image/png", PNG + b"north")
    assert tiles.get(2, 1, 3) == ("image/png", PNG + b"south")
    assert (tiles.least, tiles.most, tiles.attribution) == (2, 2, "Map office")
    assert tiles.get(2, 0, 0) is None
    tiles.close()


@pytest.mark.parametrize("where", [(-1, 0, 0), (2, 4, 0), (2, 0, -1), (99, 0, 0)])
def test_what_is_no_tile_is_none(tmp_path: Path, where: tuple[int, int, int]) -> None:
    tiles = Tiles(made(tmp_path / "m.mbtiles", [(2, 1, 3, PNG)]))
    assert tiles.get(*where) is None
    tiles.close()


def test_only_pictures_are_given(tmp_path: Path) -> None:
    hostile = [
        (3, 0, 7, b"<svg onload=alert(1)>"),
        (3, 1, 7, "text"),
        (3, 2, 7, PNG + bytes(LARGEST)),
        (3, 3, 7, b"RIFF0000WAVE"),
    ]
    tiles = Tiles(made(tmp_path / "m.mbtiles", [(3, 7, 7, PNG), *hostile]))
    assert [tiles.get(3, column, 0) for column in range(4)] == [None] * 4
    tiles.close()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path, "no file"),
        (lambda path: path.write_bytes(b"no base at all") and path, "not an MBTiles"),
        (lambda path: made(path, []), "no picture tiles"),
        (lambda path: made(path, [(0, 0, 0, b"\x1f\x8bpbf")], format="pbf"), "'pbf'"),
    ],
)
def test_what_is_no_tile_file_is_refused_with_its_reason(tmp_path: Path, make: object, says: str) -> None:
    path = make(tmp_path / "m.mbtiles")  # type: ignore[operator]
    with pytest.raises(ValueError, match=says):
        Tiles(path)


def test_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    Tiles(made(tmp_path / "m.mbtiles", [(0, 0, 0, PNG)])).close()
    assert [one.name for one in tmp_path.iterdir()] == ["m.mbtiles"]
