"""A table of places as columns of numbers, as they travel to the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.timeline.event_columns import STRENGTH
from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    import pandas as pd


def build_columns(places: pd.DataFrame) -> dict[str, object]:
    """Columns of a table of places.

    Parameters
    ----------
    places : DataFrame
        One row per place. `node`: id of what is there; `lat`, `lon`: degrees (WGS 84). Optional: `radius` (metres: how exact, or what
        a cell is said to cover), `azimuth` and `beam` (degrees), `start` (milliseconds since 1970 in UTC), `label`, `layer` (as in
        a timeline), `place_id`.

    Returns
    -------
    dict
        lon, lat, at (float64), radius, azimuth, beam (float32), strength (uint8), node (uint32) as bytes (little-endian); who, labels,
        ids as lists of texts.

    Raises
    ------
    ValueError
        If a column is missing, or a position cannot be one.
    """
    if missing := {"node", "lat", "lon"} - set(places.columns):
        raise ValueError(f"places lack the column{'s' * (len(missing) > 1)} {', '.join(sorted(missing))}.")
    lat, lon = places["lat"].to_numpy(np.float64), places["lon"].to_numpy(np.float64)
    wrong = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"place {row} has the position {lat[row]}, {lon[row]}, which is not on the Earth. Leave it out or fix it."
        )
    nodes = [str(node) for node in places["node"]]
    who = list(dict.fromkeys(nodes))
    at = {name: number for number, name in enumerate(who)}
    layers = places["layer"] if "layer" in places else [""] * len(places)
    numbers = {
        "lat": lat,
        "lon": lon,
        "at": _list_numbers(places, "start", np.float64),
        **{name: _list_numbers(places, name, np.float32) for name in ("radius", "azimuth", "beam")},
        "strength": np.array([STRENGTH.get(str(layer), 0) for layer in layers], np.uint8),
        "node": np.array([at[node] for node in nodes], np.uint32),
    }
    labels = [escape_hidden(str(text)) for text in places["label"]] if "label" in places else [""] * len(places)
    ids = (
        [str(name) for name in places["place_id"]]
        if "place_id" in places
        else [str(number) for number in range(len(places))]
    )
    packed = {name: column.astype(column.dtype.newbyteorder("<")).tobytes() for name, column in numbers.items()}
    return {**packed, "who": who, "labels": labels, "ids": ids}


def _list_numbers(places: pd.DataFrame, name: str, kind: type[np.floating]) -> np.ndarray:
    return places[name].to_numpy(kind) if name in places else np.full(len(places), np.nan, kind)
