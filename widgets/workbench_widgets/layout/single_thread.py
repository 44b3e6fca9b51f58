"""Linear algebra on one thread: the matrices of a chart are so small that threads mostly wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
T = TypeVar("T")


def limit_threads(function: Callable[P, T]) -> Callable[P, T]:
    """The function, with linear algebra on one thread while it runs: it costs the same whatever else the machine does."""

    @wraps(function)
    def run_limited(*args: P.args, **options: P.kwargs) -> T:
        with _find_libraries().limit(limits=1, user_api="blas"):
            return function(*args, **options)

    return run_limited


@lru_cache(maxsize=1)
def _find_libraries() -> ThreadpoolController:
    """Those that numpy and scipy have loaded; found once, it takes some milliseconds."""
    return ThreadpoolController()
