"""What stands in a cell: plain values. How texts are written there says `workbench.model.text.spreadsheet_escape`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | float | bool | None


def add_index_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with an index that says something as columns in front."""
    kinds = [level.dtype.kind in "iu" for level in map(frame.index.get_level_values, range(frame.index.nlevels))]
    named = any(name is not None for name in frame.index.names)
    return frame.reset_index(allow_duplicates=True) if named or not all(kinds) else frame


def to_cell_value(value: object) -> Value:
    """A cell's value: text, number or nothing. Lists and mappings are JSON, everything else is its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return None if value != value else value  # noqa: PLR0124 - NaN is the one value unlike itself
    if isinstance(value, Decimal):
        return _to_number(value)
    if isinstance(value, list | tuple | set | frozenset | dict):
        return json.dumps(to_json(value), ensure_ascii=False)
    if callable(whole := getattr(value, "tolist", None)):
        return to_cell_value(whole())
    return None if str(value) in ("NaT", "<NA>") else str(value)


def to_json(value: object) -> object:
    """A value as JSON knows it; sets in order."""
    if isinstance(value, dict):
        return {str(name): to_json(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((to_json(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    made = to_cell_value(value)
    return str(made) if made in (float("inf"), float("-inf")) else made


def _to_number(value: Decimal) -> Value:
    """The number where it is the same as a float, its text otherwise."""
    if not value.is_finite():
        return None if value.is_nan() else str(value)
    return float(value) if Decimal(str(float(value))) == value else str(value)
