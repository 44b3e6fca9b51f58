"""One part of the tests: those that belong to it by a digest of their names, so that all parts together are all tests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TypeVar

import pytest

T = TypeVar("T", bound=pytest.Item)


def parse_part(text: str) -> tuple[int, int]:
    """`2/4` as 2 and 4.

    Raises
    ------
    pytest.UsageError
        It is not a part of a whole.
    """
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
    part, parts = (int(number) for number in found.groups()) if found else (1, 0)
    if part > parts:
        raise pytest.UsageError(f"--part {text}: give the part and how many there are, for example --part 2/4")
    return part, parts


def compute_part(name: str, parts: int) -> int:
    """The part, from 1, to which the test of this name belongs."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % parts + 1


def split_tests(tests: Iterable[T], part: int, parts: int) -> tuple[list[T], list[T]]:
    """The tests of this part, and the others; each in the order in which they came."""
    chosen, others = list[T](), list[T]()
    for test in tests:
        (chosen if compute_part(test.nodeid, parts) == part else others).append(test)
    return chosen, others
