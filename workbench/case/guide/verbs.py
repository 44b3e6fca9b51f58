"""A verb as it is shown to people: how it is called, and what its docstring says first."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import Any

SENTENCE = re.compile(r".*?(?:[^.]\.(?= )|$)")
"""Up to the first full stop that ends a sentence; an ellipsis does not."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb by its path ('search', 'sources.remap') and what it calls."""

    path: str
    target: Callable[..., Any]

    @property
    def call(self) -> str:
        """Its name with what it must be given: `remap(source, …)`."""
        needed = [
            f"{one.name}=…" if one.kind is one.KEYWORD_ONLY else one.name
            for one in list(inspect.signature(self.target).parameters.values())[1:]
            if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        ]
        return f"{self.path}({', '.join(needed)})"

    @property
    def summary(self) -> str:
        """First sentence of its docstring."""
        return get_first_sentence(self.target)

    @property
    def text(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.target) or ""


def get_first_sentence(thing: object) -> str:
    """First sentence of a docstring."""
    line = (inspect.getdoc(thing) or "").partition("\n")[0]
    return SENTENCE.match(line)[0].rstrip(".;: ") + "." if line else ""  # type: ignore[index]  # it matches any text


def list_names(owner: type) -> list[str]:
    """Public verbs and subjects of a class, in the order in which they are written."""
    return [*list_verbs(owner), *list_subjects(owner)]


def list_verbs(owner: type) -> dict[str, FunctionType]:
    """Public methods by name."""
    found = vars(owner).items()
    return {name: value for name, value in found if isinstance(value, FunctionType) and not name.startswith("_")}


def list_subjects(owner: type) -> dict[str, str]:
    """Namespaces by name, and what each is about."""
    found = vars(owner).items()
    return {name: get_first_sentence(value.func) for name, value in found if isinstance(value, cached_property)}
