"""Given names and family names that are common where Arabic or Spanish is spoken, out of `given.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from workbench.model.text.normalise import normalise_name

TABLE = Path(__file__).with_name("given.toml")


@lru_cache(maxsize=1)
def load_arabic_names() -> Mapping[str, str]:
    """Name in its compared form (`names.normalise`) -> its most usual spelling in Latin letters; given and family names."""
    groups = _load_table()["arabic"].values()
    pairs = [entry.split("=") for group in groups for entry in group.split()]
    return MappingProxyType({normalise_name(name.replace("_", " ")): latin for name, latin in reversed(pairs)})


@lru_cache(maxsize=8)
def load_names(language: str, *kinds: str) -> frozenset[str]:
    """Names of some kinds in their compared form: 'men', 'women', 'families' of 'arabic'; 'given', 'family' of 'spanish'."""
    table = _load_table()[language]
    entries = [entry.split("=")[0] for kind in kinds for entry in table[kind].split()]
    return frozenset(normalise_name(name.replace("_", " ")) for name in entries)


@lru_cache(maxsize=1)
def _load_table() -> Mapping[str, Mapping[str, str]]:
    with TABLE.open("rb") as file:
        table: dict[str, dict[str, str]] = tomllib.load(file)
    return table
