"""A verb as it is shown to people: how it is called, and what its docstring says first."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


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
        return first_line(self.target)

    @property
    def text(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.target) or ""


def first_line(thing: object) -> str:
    """First sentence of a docstring."""
    line = (inspect.getdoc(thing) or "").partition("\n")[0]
    return line.partition(". ")[0].rstrip(".") + "."
