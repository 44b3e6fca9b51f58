"""Kinds of tables that are known by their headers: what each column is, and what a row claims."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbench.ingest.tables.columns.cell_values import unquote_cell
from workbench.model.schema import SPECIAL
from workbench.model.text.normalise import normalise_name

ALIASES = Path(__file__).parent / "aliases.yml"
PERSONS = "persons"
PARTED = re.compile(r"[./\\|:;,()\[\]{}<>#]+")
"""What parts a header, or the path of a member of a record."""
CAPITAL = re.compile(r"(?<=[^\W\d_])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")
"""Where a word begins in 'sexualOrientation'."""
COUNTED = re.compile(
    r"(?:^(?:\d+|no|nr|code|self declared|primary|secondary|main|principal)\s+)|(?:\s+(?:\d+|no|nr|code|type|id|text|name|value))$"
)
"""What stands before or behind the word that tells: 'diagnosis 2', 'primary diagnosis', 'religion code'."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table out of the alias file. `columns`: from a normalised header to (field, role)."""

    name: str
    needs: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, str]]
    entities: Mapping[str, Mapping[str, object]]
    swap: str


@dataclass(frozen=True, slots=True)
class Table:
    """What is looked at of a table: cells by column, country of the numbers, the file's name and the lines above the table."""

    samples: Mapping[str, list[str]]
    region: str
    clues: tuple[str, ...]


@lru_cache(maxsize=1)
def load_kinds() -> tuple[Kind, ...]:
    """Kinds of tables that the alias file describes."""
    import yaml

    data = yaml.safe_load(ALIASES.read_text(encoding="utf-8"))["kinds"]
    return tuple(
        Kind(
            name,
            tuple(frozenset(fields) for fields in kind["needs"]),
            {
                alias: (field, names[0])
                for field, names in kind["columns"].items()
                for alias in map(normalise_header, names[1:])
            },
            kind["entities"],
            kind.get("swap", ""),
        )
        for name, kind in data.items()
    )


@lru_cache(maxsize=1)
def _load_special_headers() -> Mapping[str, str]:
    """Headers in the compared form that name a special category of data, and the property for it."""
    persons = next(kind for kind in load_kinds() if kind.name == PERSONS)
    props = persons.entities["person"]["props"]
    fields = {
        str(field): str(prop) for prop, field in (props.items() if isinstance(props, dict) else ()) if prop in SPECIAL
    }
    return {alias: fields[field] for alias, (field, _) in persons.columns.items() if field in fields}


@lru_cache(maxsize=4096)
def find_special_header(header: str) -> str:
    """The property of a special category that a header names, or a part of it ('details.religion'); '' if none."""
    known = _load_special_headers()
    for part in (header, *PARTED.split(header)):
        for written in (part, CAPITAL.sub(" ", part)):
            plain = normalise_header(written)
            while plain not in known and (shorter := COUNTED.sub("", plain)) != plain:
                plain = shorter
            if plain in known:
                return known[plain]
    return ""


def find_special_members(cells: Iterable[str]) -> str:
    """The property of a special category that a member of records in JSON names, which stand in cells of a column; '' if none does."""
    for cell in cells:
        if cell[:1] in ("[", "{"):
            try:
                names = list(_list_members(json.loads(cell)))
            except (ValueError, RecursionError):
                continue
            if found := next(filter(None, map(find_special_header, names)), ""):
                return found
    return ""


def _list_members(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from map(str, value)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _list_members(one)


def normalise_header(header: str) -> str:
    """Header in the form in which it is compared: words in lower case, no accents, no punctuation."""
    words = normalise_name(unquote_cell(header).replace("/", " ").replace("-", " ").replace(".", " ").replace("'", " "))
    return " ".join(words.split())
