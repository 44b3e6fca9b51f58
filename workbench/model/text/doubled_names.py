"""Members of an object that has a name twice: none is lost, the second one is called 'name (2)'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Value = TypeVar("Value")


def number_doubled_names(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Members by name, each name once.

    >>> number_doubled_names([("a", 1), ("a", 2), ("a (2)", 3), ("a", 4)])
    {'a': 1, 'a (2)': 2, 'a (2) (2)': 3, 'a (3)': 4}
    """
    found: dict[str, Value] = {}
    following: dict[str, int] = {}
    for name, value in pairs:
        key, number = name, following.get(name, 2)
        while key in found:
            key, number = f"{name} ({number})", number + 1
        found[key] = value
        following[name] = number
    return found
