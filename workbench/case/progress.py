"""Progress bars: only for what takes more than two seconds, in a notebook as a widget, in a terminal as a line, else none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

from tqdm.auto import tqdm

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds before a bar appears."""


def bar(what: str, unit: str, items: Iterable[T]) -> tqdm[T]:
    """A bar over items, or to be moved by hand with `update`."""
    hidden = False if "notebook" in tqdm.__module__ else None  # None: hidden where the output is no terminal
    return cast("tqdm[T]", tqdm(items, desc=what, unit=f" {unit}", delay=PATIENCE, leave=False, disable=hidden))
