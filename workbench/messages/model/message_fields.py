"""Fields of a message by name: `persons[0].status` is one, `persons.status` is that of every person, `text` all running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any

from workbench.errors import SchemaError
from workbench.model.catalogue import Sentence
from workbench.model.text.normalise import normalise_digits

TEXT = ("subject", "summary_of_facts", "modus_operandi", "threat", "on_contact", "assistance_detail", "nexus")
"""Fields that people write in sentences, in the order in which they are read."""
STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class FieldSpan:
    """A place in a message: a field, and where something is found in its text, the span and the words.

    `better` is what could stand there instead, None where that is not known; `detail` completes the sentence of a rule.
    """

    field: str
    start: int | None = None
    end: int | None = None
    quote: str = ""
    better: str | None = None
    detail: str = ""


def list_values(thing: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Place and value of each field that a path names. Lists on the way are gone through; one at its end comes whole.

    What a kind of message lacks is left out.
    """
    if path == "text":
        for name in TEXT:
            yield from list_values(thing, name)
        return
    yield from _walk_steps(thing, _parse_path(path), "")


Step = tuple[str, int | None]
"""Name of a field, and the number of the entry of its list that is meant."""


@cache
def _parse_path(path: str) -> tuple[Step, ...]:
    """What a path names, one part after the other; '' stands for what can be no name."""
    found = (STEP.fullmatch(part) for part in path.split("."))
    return tuple((match[1], int(match[2]) if match[2] else None) if match else ("", None) for match in found)


@cache
def _list_field_names(kind: type) -> frozenset[str]:
    """Fields of a kind of thing; none of what has no fields."""
    return frozenset(field.name for field in fields(kind)) if is_dataclass(kind) else frozenset()


def _walk_steps(thing: Any, steps: tuple[Step, ...], place: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if not steps:
        yield place, thing
    elif isinstance(thing, tuple):
        for number, one in enumerate(thing):
            yield from _walk_steps(one, steps, f"{place}[{number}]")
    else:
        yield from _walk_step(thing, steps, place)


def _walk_step(thing: Any, steps: tuple[Step, ...], place: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    name, number = steps[0]
    if name not in _list_field_names(thing.__class__):
        return
    value, under = getattr(thing, name), f"{place}.{name}" if place else name
    if number is None:
        yield from _walk_steps(value, steps[1:], under)
    elif number < len(value):
        yield from _walk_steps(value[number], steps[1:], f"{under}[{number}]")


def list_texts(thing: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Name and text of each field that is written in sentences and not empty."""
    return ((place, value) for place, value in list_values(thing, "text") if value)


def list_strings(thing: Any, place: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Place and text of each field that holds a text, in its lists and parts as well."""
    if isinstance(thing, str):
        yield place, thing
    elif isinstance(thing, tuple):
        for number, one in enumerate(thing):
            yield from list_strings(one, f"{place}[{number}]")
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from list_strings(getattr(thing, field.name), f"{place}.{field.name}" if place else field.name)


def normalise_figures(thing: Any) -> Any:  # noqa: ANN401
    """A message whose running texts write figures as English does, each where it stood; itself where they do already."""
    said = {place: normalise_digits(text) for place, text in list_texts(thing)}
    return thing if said == dict(list_texts(thing)) else replace(thing, **said)


def replace_field(thing: Any, path: str, value: Any) -> Any:  # noqa: ANN401
    """A copy of a message with another value in one field.

    Raises
    ------
    SchemaError
        If there is no such field.
    """
    step, _, rest = path.partition(".")
    name, number = _parse_path(step)[0]
    if name not in _list_field_names(thing.__class__):
        raise SchemaError(Sentence("'{path}' is not a field of {kind}.", path=path, kind=type(thing).__name__))
    old = getattr(thing, name)
    if number is not None:
        if not isinstance(old, tuple) or number >= len(old):
            raise SchemaError(
                Sentence("'{path}' does not exist. Entries in the list: {count}.", path=path, count=len(old))
            )
        one = replace_field(old[number], rest, value) if rest else value
        value = (*old[:number], one, *old[number + 1 :])
    elif rest:
        value = replace_field(old, rest, value)
    return replace(thing, **{name: value})
