"""How often a test repeats what it tries: some times on each change, as often as it takes in `make validate`."""

from __future__ import annotations

import os

VALIDATION = "WORKBENCH_VALIDATION"
"""Set by `make validate`."""


def times(full: int, quick: int) -> int:
    """`full` in a validation, else `quick`."""
    return full if os.environ.get(VALIDATION) else quick
