"""Blank forms: which fields a message has, in sections, and what is written into each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("text", "long", "date", "number", "tick", "yes", "choice", "choices", "list", "part", "parts")
"""A line, sentences, a date, a number, yes or no, that or not given, one of some codes, several, lines, a part, several parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form.

    Attributes
    ----------
    name, label : str
        As Python calls it, and as people do.
    kind : str
        One of KINDS.
    choices : mapping
        Code -> words, of 'choice' and 'choices'.
    fields : sequence of Field
        Of 'part' and 'parts'.
    hint : str
        An example of what belongs there.
    """

    name: str
    label: str
    kind: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence[Field] = ()
    hint: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"field {self.name!r} is of the kind {self.kind!r}; it can be {', '.join(KINDS)}.")


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together, under a heading."""

    label: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank form: what it is called, and its sections."""

    label: str
    sections: Sequence[Section]

    def to_dict(self) -> dict[str, Any]:
        """The form as it travels to the browser."""
        return asdict(self)
