"""What was worked out last, kept at hand: the same words come again and again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(OrderedDict[K, V]):
    """A dictionary of so many entries at most; the oldest go first.

    >>> known = Recent[str, int](2)
    >>> known.update(one=1, two=2, three=3)
    >>> list(known)
    ['two', 'three']
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: K, value: V) -> None:
        """Keep an entry."""
        super().__setitem__(key, value)
        while len(self) > self.most:
            self.popitem(last=False)
