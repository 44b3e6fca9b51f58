"""How often a test repeats what it tries: some times on each change, as often as it takes in `make validate`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

VALIDATION = "WORKBENCH_VALIDATION"
"""Set by `make validate`."""
T = TypeVar("T")


def times(full: int, quick: int) -> int:
    """`full` in a validation, else `quick`."""
    return full if os.environ.get(VALIDATION) else quick


def select_first(values: Iterable[T], count: int = 1) -> list[T]:
    """All values in a validation, else the first ones: for long tests that are repeated with each way of hiding, or each column."""
    found = list(values)
    return found[: times(len(found), count)]
