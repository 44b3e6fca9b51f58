"""Reader `ftm-statements`: statements of FollowTheMoney as its own writers make them: CSV, JSON lines and packed CSV.

One statement is one value of one entity. A value that the file marks as external (not verified by its source) becomes a
suggestion. That the file takes two entities for one (canonical_id) is shown in the passage and not acted on: an officer decides.

References
----------
FollowTheMoney 4.11, `followthemoney.statement.serialize`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from workbench.ingest.reading.json_objects import Objects, format_value, parse_first_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text, unify_line_ends
from workbench.ingest.registers.register_record import Record, Value
from workbench.ingest.tables.sheets.sheet import Form, Sheet
from workbench.ingest.tables.sheets.sheet_readers import read_sheets
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue, Row
from workbench.model.text.spreadsheet_escape import unescape_formula

METHOD = "ftm-statements"
VERSION = "2"
NEEDED = frozenset({"entity_id", "prop", "value"})
MARKS = ("canonical_id", "dataset", "schema", "id")
EXTRA = ("canonical_id", "dataset", "origin", "first_seen", "last_seen")
ENTITY_ROW = "id"
"""Property of the statement that says only that there is such an entity; its value is a checksum."""
GUARDED = "guarded"
"""Column of the workbench's own files: 't' where texts of the row are written so that a spreadsheet makes no formula of them."""

Statement = tuple[str, Mapping[str, str]]
"""Place and columns."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the columns of statements in its header, or in its first object."""
    del source
    found = parse_first_value(head)
    if isinstance(found, dict):
        return Sentence("detected.statement") if _is_statement_table(found) else ""
    if not is_text(head):
        return ""
    line = unify_line_ends(head.decode(detect_encoding(head), "replace")).partition("\n")[0]
    columns = {cell.strip().strip('"') for cell in line.split(",")}
    return Sentence("detected.statements") if _is_statement_table(columns) else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for the file with a passage per entity (statements of one entity that follow each other)."""
    from workbench.ingest.registers.record_claims import list_rows

    del options
    reading = _Reading(source)
    yield from list_rows(source, reading.read_records, METHOD, VERSION)
    yield from reading.list_issues()


class _Reading:
    """Reads the statements of a file, as often as asked."""

    def __init__(self, source: SourceFile) -> None:
        self.objects = Objects(source) if isinstance(parse_first_value(source.read_head()), dict) else None
        self.sheet = next(read_sheets(source, Form(delimiter=","))) if self.objects is None else None
        self.wrong: list[str] = []

    def read_records(self) -> Iterator[Record]:
        """Entities, each out of the statements about it that follow each other."""
        self.wrong = []
        made = _from_objects(self.objects) if self.objects is not None else _from_sheet(self.sheet)
        for _, group in groupby(self._select_valid_statements(made), lambda statement: statement[1]["entity_id"]):
            yield build_record(list(group))

    def list_issues(self) -> Iterator[Issue]:
        """What the last pass found wrong."""
        yield from self.objects.issues if self.objects is not None else self.sheet.issues if self.sheet else ()
        if self.wrong:
            message = Sentence("row.register.statements", count=len(self.wrong), places=", ".join(self.wrong[:8]))
            yield build_issue("bad-row", message, fix=Sentence("fix.look.places"), place=self.wrong[0])

    def _select_valid_statements(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        for place, row in statements:
            schema, _, prop = row.get("prop", "").rpartition(":")
            full = {**row, "prop": prop, "schema": row.get("schema", "") or schema}
            if full.get("entity_id") and prop and full["schema"]:
                yield place, full
            else:
                self.wrong.append(place)


def build_record(statements: list[Statement]) -> Record:
    """Record of the statements about one entity; its schema is the most particular that they give."""
    place, head = statements[0]
    schemata = [row["schema"] for _, row in statements]
    made = Record(head["entity_id"], _find_schema(schemata), place)
    made.others = [name for name in dict.fromkeys(schemata) if name != made.schema]
    said: dict[str, dict[str, None]] = {name: {} for name in EXTRA}
    for _, row in statements:
        if row["prop"] != ENTITY_ROW and row.get("value"):
            external = row.get("external", "").casefold() in ("t", "true", "1")
            made.values.append(
                Value(row["prop"], row["value"], row.get("original_value", ""), row.get("lang", ""), external)
            )
        for name in EXTRA:
            if row.get(name) and row[name] != made.id:
                said[name][row[name]] = None
    made.extra = [(name, ", ".join(values)) for name, values in said.items() if values]
    return made


def _find_schema(names: list[str]) -> str:
    """The most particular of the schemata that statements about one entity give."""
    different = list(dict.fromkeys(names))
    if len(different) == 1:
        return different[0]
    from workbench.model.schema import load_vocabulary

    known = [schema for name in different if (schema := load_vocabulary().get(name))]
    return max(known, key=lambda schema: len(schema.schemata)).name if known else different[0]


def _is_statement_table(columns: Iterable[str]) -> bool:
    found = set(columns)
    return found >= NEEDED and any(mark in found for mark in MARKS)


def _from_objects(objects: Objects) -> Iterator[Statement]:
    for item in objects:
        yield item.place, {k: format_value(v) for k, v in item.value.items()} if isinstance(item.value, dict) else {}


def _from_sheet(sheet: Sheet | None) -> Iterator[Statement]:
    header: list[str] = []
    for number, cells in sheet.rows() if sheet else ():
        if header:
            row = dict(zip(header, cells, strict=False))
            guarded = row.pop(GUARDED, "") == "t"
            yield (
                f"row {number}",
                {name: unescape_formula(cell).replace("\0", "") for name, cell in row.items()} if guarded else row,
            )
        else:
            header = cells
