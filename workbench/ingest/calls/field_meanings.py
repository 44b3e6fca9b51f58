"""What each field of a call table is called where it is spoken of: words of the catalogue (`could`)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, reduce

from workbench.model.catalogue import Sentence, has_key


@cache
def describe_field(field: str) -> Sentence:
    """What a field is called."""
    return Sentence(f"could.{field}")


@cache
def describe_header_ground(field: str) -> Sentence:
    """That a header says a field."""
    return Sentence("ground.header", could=describe_field(field))


def has_meaning(field: str) -> bool:
    """Whether a field is one that is spoken of."""
    return has_key(f"could.{field}")


def join_fields(fields: Iterable[str]) -> str:
    """What one of several fields is called: 'the latitude or the longitude'."""
    return reduce(_join_alternatives, map(describe_field, fields))


def _join_alternatives(one: Sentence, other: Sentence) -> Sentence:
    return Sentence("could.either", could=one, could2=other)
