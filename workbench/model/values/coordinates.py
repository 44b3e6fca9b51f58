"""Positions as sources write them: which latitude belongs to which longitude, and which pair can be one at all."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,3})(?:\.\d{1,20})?")
WHERE = ["document_id", "passage_id", "officer"]


def list_coordinates(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Pairs of latitude and longitude of one entity, as written.

    They belong together where one place in a source, or one officer, gives both, or where there is one of each.

    Parameters
    ----------
    rows : DataFrame
        Rows of EVIDENCE about one entity.
    """
    lat, lon = (rows.loc[rows["prop"] == prop, [*WHERE, "value"]] for prop in ("latitude", "longitude"))
    lats, lons = (dict.fromkeys(found["value"].sort_values()) for found in (lat, lon))
    if len(lats) == len(lons) == 1:
        yield next(iter(lats)), next(iter(lons))
        return
    both = lat.merge(lon, on=WHERE)[["value_x", "value_y"]].drop_duplicates().sort_values(["value_x", "value_y"])
    yield from both.itertuples(index=False, name=None)


def normalise_coordinates(spot: tuple[str, str]) -> tuple[str, str]:
    """Latitude and longitude as numbers are written in maps (WGS 84); ('', '') where they can be none."""
    try:
        lat, lon = (float(text) for text in spot)
    except ValueError:
        return "", ""
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return "", ""
    written = [text if NUMBER.fullmatch(text) else repr(value) for text, value in zip(spot, (lat, lon), strict=True)]
    return written[0], written[1]
