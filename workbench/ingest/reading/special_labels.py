"""Names of fields that tell of a special category of data: what stands in such a field is claimed, whatever the form, and so hidden.

One rule for columns of tables, members of JSON, lines 'label: value' of records and tables within documents. Nobody can tell of whom it is
said there: it is said of a person without a name.

References
----------
Directive (EU) 2016/680, article 10.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from workbench.ingest.reading.source import Evidence
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Passage, Row
from workbench.model.schema import SPECIAL
from workbench.model.text.normalise import normalise_name

ALIASES = Path(__file__).parents[1] / "tables/columns/aliases.yml"
PERSONS = "persons"
PARTED = re.compile(r"[./\\|:;,()\[\]{}<>#]+")
"""What parts a header, or the path of a member of a record."""
CAPITAL = re.compile(r"(?<=[^\W\d_])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")
"""Where a word begins in 'sexualOrientation'."""
COUNTED = re.compile(
    r"(?:^(?:\d+|no|nr|x|code|self declared|primary|secondary|main|principal)\s+)|(?:\s+(?:\d+|no|nr|code|type|id|text|name|value))$"
)
"""What stands before or behind the word that tells: 'diagnosis 2', 'primary diagnosis', 'religion code', 'X-RELIGION'."""
CELL = " | "
"""Between cells of a table in the text of a document."""
LONGEST = 80
"""Characters of a cell that may be the name of a column, at most."""
MEMBER = re.compile(r'"((?:[^"\\]|\\.){1,80})"\s*:\s*')
CLOSED = re.compile(r'(?<!\\)"\s*[,}\]]')
"""Where a text in JSON ends."""
JSON = json.JSONDecoder()


@lru_cache(maxsize=1)
def _load_special_labels() -> Mapping[str, str]:
    """Labels in the compared form that name a special category of data, and the property for it."""
    import yaml

    persons = yaml.safe_load(ALIASES.read_text(encoding="utf-8"))["kinds"][PERSONS]
    props = persons["entities"]["person"]["props"]
    fields = {str(field): str(prop) for prop, field in props.items() if prop in SPECIAL}
    named = ((fields[field], names[1:]) for field, names in persons["columns"].items() if field in fields)
    return {alias: prop for prop, names in named for alias in map(normalise_label, names)}


def normalise_label(label: str) -> str:
    """A label in the form in which it is compared: words in lower case, no accents, no punctuation."""
    words = normalise_name(label.replace("/", " ").replace("-", " ").replace(".", " ").replace("'", " "))
    return " ".join(words.split())


@lru_cache(maxsize=4096)
def find_special_label(label: str) -> str:
    """The property of a special category that a label names, or a part of it ('details.religion'); '' if none."""
    known = _load_special_labels()
    for part in (label, *PARTED.split(label)):
        for written in (part, CAPITAL.sub(" ", part)):
            plain = normalise_label(written)
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
            if found := next(filter(None, map(find_special_label, names)), ""):
                return found
    return ""


def _list_members(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from map(str, value)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _list_members(one)


def claim_value(evidence: Evidence, prop: str, value: str, *scope: str) -> Claim:
    """What a field of a special category holds, as it is written, of a person without a name."""
    return evidence.build_claim("Person", build_entity_id("Person", evidence.document_id, *scope, prop), prop, value)


def claim_special_fields(rows: Iterable[Row], evidence: Evidence, *, is_json: bool = False) -> Iterator[Row]:
    """The rows of a document of running text, behind each passage what fields in it hold of special categories.

    Fields are the cells of a table, as lines of cells with a bar between them; of a text in JSON its members.
    """
    tables, members = _Tables(), _Members() if is_json else None
    for row in rows:
        yield row
        if isinstance(row, Passage):
            found = [*tables.find_values(row.text), *(members.find_values(row.text) if members else ())]
            there = replace(evidence, document_id=row.document_id, passage_id=row.id)
            for number, (prop, value) in enumerate(dict.fromkeys(found)):
                yield claim_value(there, prop, value, str(row.number), str(number))


class _Tables:
    """Follows the tables in the passages of a document."""

    def __init__(self) -> None:
        self._width = 0
        self._columns: dict[int, str] = {}

    def find_values(self, text: str) -> Iterator[tuple[str, str]]:
        """Properties and values of the cells of a passage that are in a special column, or beside a special label."""
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.split(CELL)]
            if len(cells) < 2:
                self._width, self._columns = (self._width, self._columns) if not line.strip() else (0, {})
                continue
            found = {at: prop for at, cell in enumerate(cells) if (prop := _find_label(cell))}
            if 0 in found and len(cells) == 2 and cells[1] and not self._columns.get(1):
                yield found[0], cells[1]
            if found:
                self._width, self._columns = len(cells), found
            elif len(cells) != self._width:
                self._width, self._columns = 0, {}
            for at, prop in self._columns.items() if not found else ():
                if cells[at]:
                    yield prop, cells[at]


class _Members:
    """Follows the members of a text in JSON through its passages; a value that goes on in the next ones is of all of them."""

    def __init__(self) -> None:
        self._open = self._tail = ""

    def find_values(self, text: str) -> Iterator[tuple[str, str]]:
        """Properties and values of the members of a passage that name a special category."""
        if self._open:
            yield self._open, text
            self._open = "" if CLOSED.search(text) else self._open
        whole, before = self._tail + text, len(self._tail)
        for match in MEMBER.finditer(whole):
            if match.end() > before and (prop := find_special_label(match[1])):
                try:
                    value, _ = JSON.raw_decode(whole, match.end())
                except (ValueError, RecursionError):
                    value, self._open = whole[match.end() :], prop
                if value not in (None, "", [], {}):
                    yield prop, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self._tail = whole[-LONGEST:]


def _find_label(cell: str) -> str:
    return find_special_label(cell) if 0 < len(cell) <= LONGEST else ""
