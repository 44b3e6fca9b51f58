"""Kinds of tables that are known by their headers: what each column is, and what a row claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbench.ingest.reading.special_labels import ALIASES, normalise_label
from workbench.ingest.tables.columns.cell_values import unquote_cell
from workbench.model.catalogue import Sentence


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
def load_header_words() -> frozenset[str]:
    """Headers that tables of any kind are known to have."""
    return frozenset(header for kind in load_kinds() for header in kind.columns)


def find_known_fields(kind: Kind, names: list[str]) -> dict[str, tuple[str, str]]:
    """From a column whose header the kind of table knows to field and role. Each field is taken once."""
    fields: dict[str, tuple[str, str]] = {}
    for name in names:
        found = kind.columns.get(normalise_header(name))
        if found and found[0] not in {field for field, _ in fields.values()}:
            fields[name] = found
    return fields


def build_ground(field: str, kind: str) -> Sentence:
    """Why a column is taken for a field of a kind of tables: by its header."""
    return Sentence("ground.known", field=repr(field.replace("_", " ")), kind=kind)


def normalise_header(header: str) -> str:
    """Header in the form in which it is compared: words in lower case, no accents, no punctuation."""
    return normalise_label(unquote_cell(header))
