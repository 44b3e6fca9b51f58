"""Members of an object that has a name twice: none is lost, the second one is called 'name (2)'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

Value = TypeVar("Value")
NUMBERED = re.compile(r"(.+) \(\d+\)", re.DOTALL)


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


def list_doubled_names(value: object, depth: int = 20) -> list[str]:
    """Names that a value, or one within it, has several of with different values.

    >>> list_doubled_names({"a": [{"b": 1, "b (2)": 2}], "c": 3})
    ['b']
    """
    if isinstance(value, list) and depth:
        return [name for one in value for name in list_doubled_names(one, depth - 1)]
    if not isinstance(value, dict) or not depth:
        return []
    inner = [
        name for one in value.values() if isinstance(one, dict | list) for name in list_doubled_names(one, depth - 1)
    ]
    return separate_doubled_names(value)[1] + inner


def separate_doubled_names(members: Mapping[str, Value]) -> tuple[Mapping[str, Value], list[str]]:
    """Members without those that a name has several of with different values, and these names; the first is then 'name (1)'.

    >>> separate_doubled_names({"a": 1, "a (2)": 2, "b": 3, "b (2)": 3})
    ({'a (1)': 1, 'a (2)': 2, 'b': 3, 'b (2)': 3}, ['a'])
    """
    doubled = list(
        dict.fromkeys(
            found[1]
            for name, value in members.items()
            if name[-1:] == ")"
            and (found := NUMBERED.fullmatch(name))
            and found[1] in members
            and members[found[1]] != value
        )
    )
    if not doubled:
        return members, doubled
    return {f"{name} (1)" if name in doubled else name: value for name, value in members.items()}, doubled
