"""A table of events as columns of numbers, as they travel to the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

STRENGTH = {"confirmed": 0, "decided": 0, "received": 0, "unconfirmed": 1, "tentative": 2, "suggested": 2}


def build_columns(events: pd.DataFrame) -> dict[str, object]:
    """Columns of a table of events.

    Parameters
    ----------
    events : DataFrame
        One row per event. `start`: milliseconds since 1970 in UTC; `members`: ids of who takes part. Optional: `end` (NaN for an
        instant), `grain` (how exact: 0 second, 1 minute, 2 hour, 3 day, 4 month, 5 year), `relation` (what kind of event), `label`,
        `layer` (confirmed, received, decided; unconfirmed; suggested, tentative), `happening_id`.

    Returns
    -------
    dict
        start, end, grain, strength, kind, offsets, members as bytes (little-endian); who, kinds, labels, ids as lists of texts.

    Raises
    ------
    ValueError
        If a column is missing, or a start is no number.
    """
    if missing := {"start", "members"} - set(events.columns):
        raise ValueError(f"events lack the column{'s' * (len(missing) > 1)} {', '.join(sorted(missing))}.")
    members: list[Sequence[object]] = [list(one) for one in events["members"]]
    who = list(dict.fromkeys(str(one) for some in members for one in some))
    place = {name: at for at, name in enumerate(who)}
    relations = _list_texts(events, "relation")
    kinds = list(dict.fromkeys(relations))
    start = events["start"].to_numpy(np.float64)
    if np.isnan(start).any():
        raise ValueError("An event has no start. Leave out events without a date.")
    numbers = {
        "start": start,
        "end": events["end"].to_numpy(np.float64) if "end" in events else np.full(len(events), np.nan),
        "grain": events["grain"].to_numpy(np.uint8) if "grain" in events else np.zeros(len(events), np.uint8),
        "strength": np.array([STRENGTH.get(layer, 0) for layer in _list_texts(events, "layer")], np.uint8),
        "kind": np.array([kinds.index(name) for name in relations], np.uint16),
        "offsets": np.cumsum([0, *map(len, members)], dtype=np.uint32),
        "members": np.array([place[str(one)] for some in members for one in some], np.uint32),
    }
    ids = _list_texts(events, "happening_id") if "happening_id" in events else [str(at) for at in range(len(events))]
    texts = {"who": who, "kinds": kinds, "labels": _list_texts(events, "label"), "ids": ids}
    return {
        **{name: column.astype(column.dtype.newbyteorder("<")).tobytes() for name, column in numbers.items()},
        **texts,
    }


def _list_texts(events: pd.DataFrame, name: str) -> list[str]:
    return [escape_hidden(str(value)) for value in events[name]] if name in events else [""] * len(events)
