"""An example of each verb, and words by which somebody may look for it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Example:
    """What is known of a verb beside its docstring."""

    call: str
    words: frozenset[str]


@cache
def load_examples() -> dict[str, Example]:
    """Path of each verb -> its example (`examples.toml`)."""
    text = files("workbench.case.guide").joinpath("examples.toml").read_text(encoding="utf-8")
    return {path: Example(one["call"], frozenset(one["words"].split())) for path, one in tomllib.loads(text).items()}
