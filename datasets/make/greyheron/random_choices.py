"""Random choices that are the same on every platform and Python version."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A named stream of random choices.

    Only ``random.Random.random()`` is used: Python promises its sequence for a given seed for all
    later versions, which it does not promise for ``choice``, ``shuffle`` or ``sample``.

    Parameters
    ----------
    seed : int
        The seed of the whole data set.
    stream : str
        The name of this stream. Streams are independent, so that a change in one part of the
        generator leaves the other parts as they are.
    """

    def __init__(self, seed: int, stream: str) -> None:
        self._random = random.Random(f"{seed}:{stream}")

    def random_below(self, n: int) -> int:
        """Return an integer from 0 to ``n - 1``."""
        return int(self._random.random() * n)

    def random_between(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        return low + self.random_below(high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.random_below(len(items))]

    def chance(self, share: float) -> bool:
        """Return True in about ``share`` (0 to 1) of the calls."""
        return self._random.random() < share

    def digits(self, n: int) -> str:
        """Return a text of ``n`` decimal digits, the first one not zero."""
        return str(self.random_between(1, 9)) + "".join(str(self.random_below(10)) for _ in range(n - 1))

    def hexa(self, n: int) -> str:
        """Return a text of ``n`` hexadecimal digits."""
        return "".join("0123456789abcdef"[self.random_below(16)] for _ in range(n))

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """Return the items in a random order (Fisher-Yates)."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.random_below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out

    def uuid(self) -> str:
        """Return a text in the form of a version 4 UUID."""
        h = self.hexa(32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"
