"""Map tiles out of a local file, so that a map has streets without a network.

References
----------
MBTiles 1.3 (a SQLite file with tables `metadata` and `tiles`; rows of tiles are counted from the south).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

LARGEST = 2 * 1024**2
"""Bytes of one tile."""
DEEPEST = 22
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
"""Beginnings of the pictures that a browser draws; vector tiles are not drawn."""


class Tiles:
    """Tiles of an MBTiles file, read only; nothing in the file is run.

    Parameters
    ----------
    path : str or Path
        An .mbtiles file with PNG, JPEG or WebP tiles.

    Attributes
    ----------
    least, most : int
        The zooms that it has.
    attribution : str
        Whom it asks to name.

    Raises
    ------
    ValueError
        If the file is missing, is no MBTiles file, or holds vector tiles.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise ValueError(f"There is no file {str(path)!r}. Give the path of an .mbtiles file.")
        self._base = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            facts, zooms = self._read()
        except ValueError:
            self.close()
            raise
        self.least, self.most = (min(DEEPEST, max(0, int(zoom))) for zoom in zooms)
        self.attribution = facts.get("attribution", "")[:200]

    def _read(self) -> tuple[dict[str, str], tuple[int, int]]:
        """What the file says of itself, and its zooms."""
        base, name = self._base, self.path.name
        try:
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA query_only = ON")
            facts = {str(key): str(value) for key, value in base.execute("SELECT name, value FROM metadata LIMIT 200")}
            zooms = base.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
            first = base.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise ValueError(
                f"{name!r} is not an MBTiles file ({error}). Create it again with your map program."
            ) from error
        if first is None or not _find_image_type(first[0]):
            told = facts.get("format", "not stated")[:40]
            raise ValueError(
                f"{name!r} has no picture tiles (format: {told!r}). Export raster tiles: PNG, JPEG or WebP."
            )
        return facts, zooms

    def get(self, zoom: int, column: int, row: int) -> tuple[str, bytes] | None:
        """Type and bytes of a tile as web maps count it (rows from the north); None where there is none or it is no picture."""
        if not (0 <= zoom <= DEEPEST and 0 <= column < 2**zoom and 0 <= row < 2**zoom):
            return None
        wanted = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1"
        try:
            found = self._base.execute(wanted, (zoom, column, 2**zoom - 1 - row)).fetchone()
        except sqlite3.Error:
            return None
        kind = _find_image_type(found[0]) if found else ""
        return (kind, bytes(found[0])) if kind else None

    def close(self) -> None:
        """Close the file."""
        self._base.close()


def _find_image_type(data: object) -> str:
    """Type of a picture by how it begins; '' for anything else, and for what is too large."""
    if not isinstance(data, bytes) or len(data) > LARGEST:
        return ""
    kind = next((kind for begin, kind in KINDS.items() if data.startswith(begin)), "")
    return kind if kind != "image/webp" or data[8:12] == b"WEBP" else ""
