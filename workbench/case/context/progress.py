"""Progress bars: only for what takes more than two seconds, in a notebook as a widget, in a terminal as a line, else none. And notices."""

from __future__ import annotations

import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TypeVar, cast

from tqdm.auto import tqdm

from workbench.model.catalogue import Translator

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds before a bar appears."""
WHOLE, OPEN = "{l_bar}{bar}| {counted} [{elapsed}<{remaining}]", "{desc}: {counted} [{elapsed}]"
"""What a bar looks like where the number of items is known, and where it is not."""


class Bar(tqdm):  # type: ignore[type-arg]
    """A bar that counts in words of a language: `say` counts, `unit` is a group of plurals in `progress.unit`."""

    def __init__(self, items: Iterable[object], say: Translator, *, unit: str, **options: Any) -> None:  # noqa: ANN401 - as tqdm has them
        self.say, self.counting = say, f"progress.unit.{unit}"
        super().__init__(items, **options)

    @property
    def format_dict(self) -> MutableMapping[str, Any]:
        """What stands in the bar."""
        said = super().format_dict
        done, whole = said["n"], said["total"]
        shown = f"{self.say.figure(done)}/{self.say.figure(whole)}" if whole else self.say.figure(done)
        counted = self.say.count(self.counting, whole or done, n=shown)
        return {**said, "counted": counted, "bar_format": WHOLE if whole else OPEN}


def build_progress_bar(say: Translator, what: str, unit: str, items: Iterable[T], **values: object) -> tqdm[T]:
    """A bar over items, or to be moved by hand with `update`.

    `what` is done is a string of `progress.doing` with its values, `unit` the plurals of what it counts in `progress.unit`.
    """
    hidden = False if "notebook" in tqdm.__module__ else None  # None: hidden where the output is no terminal
    label = say(f"progress.doing.{what}", **values)
    return cast("tqdm[T]", Bar(items, say, unit=unit, desc=label, delay=PATIENCE, leave=False, disable=hidden))


def print_message(text: object, say: Translator) -> None:
    """Say something to who works, under the cell or in the terminal, in their language; nothing where there is nothing to say."""
    if text:
        sys.stdout.write(f"{say.translate_value(text)}\n")
