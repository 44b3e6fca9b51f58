"""Tables of cases of which the quick run takes a few, and the slow run all the rest."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def first_quick(count: int, *columns: Iterable[Any]) -> list[Any]:
    """Every combination of the columns; all but `count` of them, spread evenly, are slow."""
    rows = list(product(*columns))
    quick = {at * len(rows) // count for at in range(count)}
    return [pytest.param(*row, marks=[] if at in quick else [pytest.mark.slow]) for at, row in enumerate(rows)]
