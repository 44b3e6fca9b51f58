"""Progress bars: only for what takes more than two seconds, in a notebook as a widget, in a terminal as a line, else none. And notices."""

from __future__ import annotations

import sys
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


def tell(text: object) -> None:
    """Say something to who works, under the cell or in the terminal; nothing where there is nothing to say."""
    if text:
        sys.stdout.write(f"{text}\n")
