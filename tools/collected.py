"""Sentences that were collected, and what a call has to be so that its sentence can be."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.model.catalogue import PLACE, list_names

TOGETHER = "a sentence is one literal: no name, no f-string, no conditional, no sum, no .format within the call"


class Id(NamedTuple):
    """What tells a sentence from another in a PO file."""

    context: str
    text: str
    other: str = ""


@dataclass
class Collected:
    """Sentences in their order, with the files that have them, and calls of which none can be collected."""

    found: dict[Id, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def add(self, one: Id, place: str) -> None:
        """Add a sentence that stands in a file."""
        places = self.found.setdefault(one, [])
        if place not in places:
            places.append(place)


def check_call(text: str, other: str, context: str, names: Collection[str | None]) -> None:
    """Raise ValueError where a sentence has a name that its call has not, or is one word without a context."""
    lacking = list_names(text + other).difference(one for one in names if one)
    if lacking and None not in names:
        raise ValueError(f"{text!r} has {{{', '.join(sorted(lacking))}}}, which the call does not give")
    if "{" in PLACE.sub("", text + other):
        raise ValueError(f"{text!r}: only {{name}} stands for a value")
    if re.fullmatch(r"\w+\W*", text) and not (context or other):
        raise ValueError(f"{text!r} is one word: give it a context, as other languages have several words for it")
