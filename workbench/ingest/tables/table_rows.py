"""From the rows of a sheet to rows of the workbench, by a mapping."""

from __future__ import annotations

from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from workbench.ingest.calls import trailing_rows
from workbench.ingest.calls.values import column_times
from workbench.ingest.reading.passages import SIZE
from workbench.ingest.reading.source import NOWHERE, Evidence, SourceFile
from workbench.ingest.reading.text_lines import format_numbers
from workbench.ingest.tables import call_direction, payment_direction, payment_states
from workbench.ingest.tables.columns import cell_alignment, multiple_identifiers
from workbench.ingest.tables.columns.cell_values import (
    IDENTIFIERS,
    PARSED,
    ROUNDED,
    SEVERAL,
    Value,
    is_impossible,
    is_odd_year,
    parse_cell,
)
from workbench.ingest.tables.columns.column_mapping import (
    DOUBT,
    LEFT_OUT,
    MASS_KINDS,
    STATEMENTS,
    Column,
    EntityMap,
    Mapping,
    SheetMap,
)
from workbench.ingest.tables.columns.named_rows import NamedRows
from workbench.ingest.tables.columns.table_kinds import normalise_header
from workbench.ingest.tables.guess.header_row import is_other_header, is_reordered_header, is_same_header, name_columns
from workbench.ingest.tables.sheets.sheet import Several, Sheet, select_single_values
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.catalogue import encode_word as named
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace
from workbench.model.schema import SPECIAL
from workbench.model.text.normalise import normalise_name

VERSION = "19"
METHOD = "table"

ENDS = frozenset({"Attribution", "Ownership", "Directorship", "Employment", "Membership", "Family", "Associate"})
"""Links that are identified by their two ends; a Call or a Payment is identified by its row."""

SWAPPED = {
    "Call": (("caller", "receiver"),),
    "Payment": (("payer", "beneficiary"), ("payerAccount", "beneficiaryAccount")),
}
"""Ends that change places where the direction column says that the other party called or paid."""

BY_ROLE: dict[str, Callable[[str], identifiers.Key]] = {
    "telephone": identifiers.build_telephone_key, "account": identifiers.build_bank_account_key,
    "imei": identifiers.build_handset_key, "imsi": identifiers.build_sim_key,
    "plate": identifiers.build_vehicle_key, "email": identifiers.build_email_account_key,
}  # fmt: skip
BY_SCHEMA: dict[str, Callable[[str], identifiers.Key]] = {
    "Vehicle": identifiers.build_chassis_key, "Company": identifiers.build_company_key, "Passport": identifiers.build_passport_key,
}  # fmt: skip
QUOTED = 160
APART = 1_000
"""Rows without claims of a sheet that have a passage each; of later ones short rows share one, as lines of a text do."""
EMPTY = ("[]", "{}")
"""Cells of records in which nothing is listed."""
BRIEF = 32
"""Characters of a short row."""
FIX = {"bad-date": "fix.say.day_month", "damaged-number": "fix.ask.original", "bad-row": "fix.say.decimal"}
"""What to do about cells under an issue code."""


@dataclass(slots=True)
class RowFaults:
    """Rows with the same fault, told once at the end of the sheet."""

    rows: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, code: str, column: str, row: int, example: str) -> None:
        """Count one cell."""
        self.rows.setdefault((code, column), []).append(row)
        self.examples.setdefault((code, column), example)

    def list_issues(
        self, document: str, place: str, *, without: abc.Set[str] = frozenset(), compared: abc.Set[str] = frozenset()
    ) -> Iterator[Issue]:
        """One issue per fault and column; columns whose faults are told elsewhere are passed over.

        `compared`: columns of identifiers, whose cells nothing that an officer says makes readable.
        """
        for (code, column), found in self.rows.items():
            if column in without:
                continue
            told = {"count": len(found), "column": repr(column), "listed": format_numbers(found)}
            message = Sentence(f"row.table.{named(code)}", **told, example=repr(self.examples[code, column][:QUOTED]))
            known = "fix.compare.rows" if code == "bad-row" and column in compared else FIX.get(code, "")
            fix = Sentence(known) if known else ""
            yield build_issue(code, message, fix=fix, document_id=document, place=f"{place}column {column}")


class SheetReader:
    """Reads one sheet."""

    def __init__(
        self, source: SourceFile, sheet: Sheet, mapping: Mapping, told: abc.Mapping[str, str] | None = None
    ) -> None:
        self.source, self.sheet, self.told = source, sheet, told or {}
        self.map = mapping.get_sheet(sheet.name) or SheetMap(sheet.name, 0)
        self.region = mapping.region or None
        self.columns: dict[str, tuple[int, Column]] = {c.name: (i, c) for i, c in enumerate(self.map.columns)}
        self.left_out = frozenset(column.name for column in self.map.columns if column.role == LEFT_OUT)
        self.document = compute_digest("Table", source.sha256, sheet.name)
        self.prefix = f"sheet {sheet.name} " if sheet.name else ""
        self.tally = RowFaults()
        self.seen: set[int] = set()
        self.twice: list[int] = []
        self.short: list[int] = []
        self.rounded: dict[int, list[int]] = {}
        self.several: dict[str, list[int]] = {}
        self.above: list[str] = []
        self.other: list[str] = []
        self.below: list[int] = []
        self.heading: list[str] = []
        self.records: list[tuple[int, list[str]]] = []
        self.mass = self.map.kind in MASS_KINDS
        self.trailers = trailing_rows.create_trailers(sheet, self.map)
        self.alignment = cell_alignment.build_alignment(sheet, self.map)
        self.divisible = multiple_identifiers.find_divisible(self.map)
        self.states = payment_states.create_states(self.map)
        self.directions = payment_direction.build_directions(self.map, sheet)
        self.call_directions = call_direction.build_directions(self.map, sheet)
        self.named = NamedRows(self.map, sheet)
        self.way: payment_direction.PaymentWay | None = None
        self.number = self.silent = self.length = 0
        self.held: list[tuple[int, Passage]] = []
        self.traced = self.zoneless = False

    def read(self) -> Iterator[Row]:
        """Document, rows, and what was wrong."""
        title = f"{self.source.name}, sheet {self.sheet.name}" if self.sheet.name else self.source.name
        yield Document(self.document, "Table", title)
        header: list[str] = []
        for number, cells in self.sheet.rows():
            if number < self.map.header and any(cells):
                self.above.append(" ".join(filter(None, cells)))
            elif number == self.map.header:
                header = cells
                yield from self._build_heading_rows()
            elif number > self.map.header and any(cells) and not is_same_header(cells, header):
                self._note_other_header(number, cells)
                yield from self._read_row(number, cells)
        yield from self._give()
        yield from self._build_heading_rows()
        if not self.number:
            yield from self._report_empty(title)
        if self.mass:
            yield from self._read_mass_rows()
        yield from self._list_issues()

    def _note_other_header(self, number: int, cells: list[str]) -> None:
        """Note where another table begins: the columns of this one say nothing of the rows from there on."""
        is_header = is_other_header if self.map.entities else is_reordered_header
        if (self.map.entities or not self.mass) and is_header(cells, [*self.columns]):
            self.other = name_columns(cells, len(cells))
        if self.other:
            self.below.append(number)

    def _read_mass_rows(self) -> Iterator[Row]:
        """The rows of a table of calls or cells as a batch, and the quality of its records."""
        from workbench.ingest.calls import table_reading

        plan = table_reading.build_plan(self.map, self.document, self.region or "", self.told, self.heading)
        yield from table_reading.read_small_table(plan, self.map.kind, self.records, self.prefix)

    def _build_heading_rows(self) -> Iterator[Row]:
        """What stands above the header: who was asked, for what period."""
        if self.above:
            self.traced = True
            self.heading += self.above
            yield self._build_trace(f"{self.prefix}above the header")
            yield Passage(compute_digest("Passage", self.document, "0"), self.document, 0, "\n".join(self.above))
        self.above = []

    def _report_empty(self, title: str) -> Iterator[Row]:
        place = self.prefix.strip()
        if not self.traced:
            yield self._build_trace(place)
        yield build_issue(
            "empty", Sentence("row.table.empty", name=repr(title)), document_id=self.document, place=place
        )

    def _build_trace(self, place: str) -> Trace:
        return Trace(
            compute_digest(self.source.sha256, place, self.document), self.document, self.source.sha256, place=place,
            conversation=self.sheet.name,
        )  # fmt: skip

    def _read_row(self, number: int, cells: list[str]) -> Iterator[Row]:
        self.number += 1
        trace = self._build_trace(f"{self.prefix}row {number}")
        aligned = not self.other and self._is_aligned(number, cells)
        bare = self._format_other_row(cells) if self.other else "" if aligned else self._format_bare_row(cells)
        text, spans = self._format_row(cells, [*self.columns]) if aligned else (bare, {})
        passage = Passage(compute_digest("Passage", self.document, str(self.number)), self.document, self.number, text)
        evidence = Evidence(METHOD, VERSION, self.document, passage.id, trace.id)
        claims = list(
            self._list_claims(number, cells, evidence, spans) if aligned else self._list_special(cells, evidence)
        )
        claims += self._list_named(cells, evidence)
        self.silent += not claims
        self._find_rounded(number, cells)
        if not claims and self._is_brief(cells):
            yield from self._hold(number, passage)
            return
        yield from self._give()
        yield trace
        yield passage
        yield from claims

    def _is_aligned(self, number: int, cells: list[str]) -> bool:
        """Whether the cells of a row stand in their columns; a single one is told as such."""
        if self.alignment is None or len(cells) == self.alignment.width or sum(map(bool, cells)) == 1:
            return True
        if self.trailers and self.trailers.is_total(cells):
            return True
        return not self.alignment.note_if_shifted(number, cells)

    def _format_bare_row(self, cells: list[str]) -> str:
        """A row whose cells may stand in wrong columns, without their names, and without what may be of a column that is left out."""
        moved = abs(len(cells) - len(self.columns))
        hidden = {
            at + by for name in self.left_out for at in [self.columns[name][0]] for by in range(-moved, moved + 1)
        }
        return "; ".join(cell for at, cell in enumerate(cells) if cell and at not in hidden)

    def _format_other_row(self, cells: list[str]) -> str:
        """A row below another header, by that one; a column that is left out is so however its name is written there."""
        left = set(map(normalise_header, self.left_out))
        names = [*self.other, *(f"column {at + 1}" for at in range(len(self.other), len(cells)))]
        said = zip(names, cells, strict=False)
        return "; ".join(f"{name}: {cell}" for name, cell in said if cell and normalise_header(name) not in left)

    def _list_claims(
        self, number: int, cells: list[str], evidence: Evidence, spans: dict[str, tuple[int, int]]
    ) -> Iterator[Claim]:
        name = int(compute_digest(*cells)[:16], 16)
        if name in self.seen:
            self.twice.append(number)
        self.seen.add(name)
        if len(self.columns) > 2 and sum(map(bool, cells)) == 1:
            self.short.append(number)
            yield from self._list_special(cells, evidence)
            return
        if self.trailers and self.trailers.note_if_trailer(number, cells):
            yield from self._list_special(cells, evidence)
            return
        self.states.note_row(number, cells)
        self.way = self.directions.judge_row(number, cells) if self.directions else None
        if self.mass:
            self.records.append((number, select_single_values(cells)))
        yield from self._read_claims(number, cells, evidence, spans)

    def _list_special(self, cells: list[str], evidence: Evidence) -> Iterator[Claim]:
        """What a row of which nothing else is claimed may say of special categories, as it is written: so it is hidden too."""
        for entity in self.map.entities:
            for prop, names in entity.props.items():
                for name in names if prop in SPECIAL else ():
                    for cell in filter(None, self._list_possible_cells(name, cells)):
                        key = build_entity_id(entity.schema, self.source.sha256, self.sheet.name, str(self.number))
                        yield evidence.build_claim(entity.schema, key, prop, cell)

    def _list_named(self, cells: list[str], evidence: Evidence) -> Iterator[Claim]:
        """What another cell of the row says to be of a special category, of a person without a name."""
        for place, prop, cell in self.named.list_cells(cells):
            key = build_entity_id("Person", self.source.sha256, self.sheet.name, str(self.number), str(place))
            yield evidence.build_claim("Person", key, prop, cell)

    def _list_possible_cells(self, name: str, cells: list[str]) -> list[str]:
        """Cells of a row that may be of a column: by the header above the row, and by how many cells it has too many or too few."""
        others = [normalise_header(other) for other in self.other]
        if normalise_header(name) in others:
            return [cell for other, cell in zip(others, cells, strict=False) if other == normalise_header(name)]
        moved, at = abs(len(cells) - len(self.columns)), self.columns[name][0] if name in self.columns else len(cells)
        return cells[max(0, at - moved) : at + moved + 1]

    def _read_claims(
        self, number: int, cells: list[str], evidence: Evidence, spans: dict[str, tuple[int, int]]
    ) -> Iterator[Claim]:
        """Claims of a row, read once with each identifier of a cell that holds several."""
        first: dict[str, Value] = {}
        said: dict[Claim, None] = {}
        for chosen, places, parted in multiple_identifiers.list_readings(cells, spans, self.divisible):
            reader = _RowReader(self, evidence, number, chosen, places)
            reader.values = {name: value for name, value in first.items() if name not in parted}  # its faults are told
            said |= dict.fromkeys(reader.list_claims())
            first = reader.values
        yield from said

    def _find_rounded(self, number: int, cells: list[str]) -> None:
        """Note numbers that a spreadsheet has rounded, in columns of which no number is made."""
        for at, cell in enumerate(cells):
            if "+" in cell and ROUNDED.fullmatch(cell) and self._is_plain(at):
                self.rounded.setdefault(at, []).append(number)

    def _is_plain(self, at: int) -> bool:
        """Whether nothing else looks at the cells of a column."""
        column = self.map.columns[at] if at < len(self.map.columns) else None
        return column is None or not (column.field or column.role in IDENTIFIERS | PARSED.keys() | {LEFT_OUT}) or (
            column.name in self.map.unmapped_columns
        )  # fmt: skip

    def _tell_rounded(self) -> Iterator[Issue]:
        """One issue for each column with numbers that a spreadsheet has rounded."""
        for at, found in self.rounded.items():
            name = self.map.columns[at].name if at < len(self.map.columns) else f"column {at + 1}"
            said = Sentence("row.table.rounded", count=len(found), column=repr(name), listed=format_numbers(found))
            fix = Sentence(FIX["damaged-number"])
            yield build_issue(
                "damaged-number", said, fix=fix, document_id=self.document, place=f"{self.prefix}column {name}"
            )

    def _tell_several(self) -> Iterator[Issue]:
        """One issue for each column with lists of several values, of which none was claimed."""
        for name, found in self.several.items():
            said = Sentence("row.table.several", count=len(found), column=repr(name), listed=format_numbers(found))
            fix = Sentence("fix.compare.rows")
            yield build_issue("bad-row", said, fix=fix, document_id=self.document, place=f"{self.prefix}column {name}")

    def _is_brief(self, cells: list[str]) -> bool:
        """Whether a row without claims stands in one passage with those around it: a short one, after many of them."""
        return self.silent > APART and not self.mass and sum(map(len, cells)) <= BRIEF

    def _hold(self, number: int, passage: Passage) -> Iterator[Row]:
        """Keep a short row until those around it fill a passage."""
        if self.length + len(passage.text) > SIZE:
            yield from self._give()
        self.held.append((number, passage))
        self.length += len(passage.text) + 1

    def _give(self) -> Iterator[Row]:
        """The short rows that were kept, as one passage with one place."""
        if not self.held:
            return
        (first, passage), (last, _) = self.held[0], self.held[-1]
        yield self._build_trace(f"{self.prefix}rows {first}-{last}")
        yield replace(passage, text="\n".join(one.text for _, one in self.held))
        self.held, self.length = [], 0

    def _format_row(self, cells: list[str], columns: list[str]) -> tuple[str, dict[str, tuple[int, int]]]:
        """The row as it is read and quoted, 'Column: value; …', and where in it each column's value is."""
        names = [*columns, *(f"column {i + 1}" for i in range(len(columns), len(cells)))]
        text = ""
        spans: dict[str, tuple[int, int]] = {}
        for name, cell in zip(names, cells, strict=False):
            if cell and name not in self.left_out:
                text += f"{'; ' if text else ''}{name}: "
                spans[name] = (len(text), len(text) + len(cell))
                text += cell
        return text, spans

    def _list_issues(self) -> Iterator[Issue]:
        place = self.prefix
        yield from (issue_ for issue_ in self.sheet.issues)
        fields = {column.name for column in self.map.columns if column.field} if self.map.kind == "calls" else set()
        numbered = {column.name for column in self.map.columns if column.role in IDENTIFIERS}
        yield from self.tally.list_issues(self.document, place, without=fields, compared=numbered)
        yield from self._tell_rounded()
        yield from self._tell_several()
        if self.below:
            listed = {"row": self.below[0], "count": len(self.below) - 1}
            message, fix = Sentence("row.table.other_header", **listed), Sentence("fix.split_tables")
            yield build_issue(
                "bad-row", message, fix=fix, document_id=self.document, place=f"{place}row {self.below[0]}"
            )
        if self.short:
            message = Sentence("row.table.single", count=len(self.short), listed=format_numbers(self.short))
            yield build_issue("bad-row", message, document_id=self.document, place=f"{place}row {self.short[0]}")
        if self.alignment and (shifted := self.alignment.shifted):
            message, fix = (
                Sentence("row.table.shifted", count=len(shifted), listed=format_numbers(shifted)),
                Sentence("fix.compare.rows"),
            )
            yield build_issue("bad-row", message, fix=fix, document_id=self.document, place=f"{place}row {shifted[0]}")
        if self.trailers:
            yield from self.trailers.list_issues(self.document, place, "text")
        yield from self.states.list_issues(self.document, place)
        yield from self.directions.list_issues(self.document, place) if self.directions else ()
        if self.twice and self.map.kind != "calls":
            message = Sentence("row.table.twice", count=len(self.twice), listed=format_numbers(self.twice))
            fix = Sentence("fix.say.repeats")
            yield build_issue(
                "duplicate-row", message, fix=fix, document_id=self.document, place=f"{place}row {self.twice[0]}"
            )
        if self.zoneless and self.map.kind != "calls":
            fix = Sentence("fix.say.table_zone")
            yield build_issue(
                "zone-unknown", Sentence("row.zone.table"), fix=fix, document_id=self.document, place=place
            )
        yield from self._list_side_issues()
        yield from self._report_unmapped()

    def _list_side_issues(self) -> Iterator[Issue]:
        """A statement, or a list of payments, that does not tell who paid."""
        if payment_direction.is_without_direction(self.map):
            message, fix = Sentence("row.table.direction"), Sentence("fix.say.money")
            yield build_issue(
                "direction-unknown", message, fix=fix, document_id=self.document, place=self.prefix.strip()
            )

    def _report_unmapped(self) -> Iterator[Issue]:
        """One issue per column, or one for a table of which nothing is mapped."""
        for name in sorted(self.left_out):
            message = Sentence("row.table.minimised", column=repr(name))
            yield build_issue("minimised", message, document_id=self.document, place=f"{self.prefix}column {name}")
        names = self.map.unmapped_columns
        if names and not self.map.entities and self.map.kind not in MASS_KINDS:
            doubts = {repr(name): why.removeprefix(DOUBT) for name in names if (why := self._describe_doubt(name))}
            doubt = "; ".join(Sentence("doubt.could", column=name, could=why) for name, why in doubts.items())
            key = f"row.table.none_mapped{'_calls' if doubt else ''}"
            message = Sentence(key, listed=", ".join(names), **({"doubt": doubt} if doubt else {}))
            fix = Sentence("fix.say.columns")
            yield build_issue("unmapped-column", message, fix=fix, document_id=self.document, place=self.prefix.strip())
            return
        for name in names:
            could = self._describe_doubt(name).removeprefix(DOUBT)
            key = f"row.table.unmapped{'_doubt' if could else ''}"
            message = Sentence(key, column=repr(name), **({"could": could} if could else {}))
            yield build_issue(
                "unmapped-column", message, document_id=self.document, place=f"{self.prefix}column {name}"
            )

    def _describe_doubt(self, name: str) -> str:
        """What a column that is not mapped could be, '' where nothing speaks for anything."""
        column = self.columns[name][1] if name in self.columns else None
        return column.why if column and column.why.startswith(DOUBT) else ""


class _RowReader:
    """Makes the claims of one row."""

    def __init__(
        self, sheet: SheetReader, evidence: Evidence, number: int, cells: list[str], spans: multiple_identifiers.Spans
    ) -> None:
        self.sheet, self.evidence, self.number, self.cells, self.spans = sheet, evidence, number, cells, spans
        self.values: dict[str, Value] = {}
        self.ids: dict[str, str] = {}

    def list_claims(self) -> Iterator[Claim]:
        """Claims of the row's entities, then of the links between them."""
        is_payment = self.sheet.way is None or self.sheet.way.is_payment
        named = [entity for entity in self.sheet.map.entities if is_payment or entity.schema != "Payment"]
        made = [(entity, self._read_properties(entity)) for entity in named]
        for entity, props in made:
            is_said = props or self._has_special_list(entity)
            if is_said and entity.schema not in ENDS and (name := self._identify(entity)):
                self.ids[entity.name] = name
        for entity, props in made:
            yield from self._claim_entity(entity, props)

    def _claim_entity(self, entity: EntityMap, props: dict[str, tuple[str, str]]) -> Iterator[Claim]:
        links = self._get_end_ids(entity)
        if entity.schema in ENDS:
            if len(links) < 2:
                return
            name = identifiers.build_link_id(entity.schema, *links.values(), *filter(None, [entity.basis]))
        elif entity.name in self.ids:
            name = self.ids[entity.name]
        else:
            return
        for prop, (value, original) in props.items():
            span = self._get_span(entity.props[prop])
            yield self.evidence.build_claim(entity.schema, name, prop, value, original, span=span)
        for prop, value, original in self._list_values(entity):
            span = self._get_span(entity.props[prop])
            yield self.evidence.build_claim(entity.schema, name, prop, value, original, span=span)
        for prop, end in links.items():
            yield self.evidence.build_claim(entity.schema, name, prop, end)
        if entity.basis:
            yield self.evidence.build_claim(entity.schema, name, "basis", entity.basis)

    def _has_special_list(self, entity: EntityMap) -> bool:
        """Whether a list of several values says something of special categories, which is claimed value by value."""
        names = [names[0] for prop, names in entity.props.items() if prop in SPECIAL and len(names) == 1]
        return any(isinstance(cell := self._get_cell(name), Several) and len(cell.entries) > 1 for name in names)

    def _is_special(self, name: str) -> bool:
        uses = self.sheet.map.list_uses(name)
        return any(prop in SPECIAL for _, prop in uses)

    def _list_values(self, entity: EntityMap) -> Iterator[tuple[str, str, str]]:
        """Property, value and what is written of each entry of a list, where the property may have several values."""
        for prop, names in entity.props.items() if self.sheet.sheet.known else ():
            cell = self._get_cell(names[0])
            if len(names) == 1 and isinstance(cell, Several) and self._may_have_several(names[0]):
                for entry in cell.entries if len(cell.entries) > 1 else ():
                    value = parse_cell(self._get_role(names[0]), entry, "", self.sheet.region)
                    yield from [(prop, value.text, entry)] if value.text else []

    def _may_have_several(self, name: str) -> bool:
        """Whether each value of a list in a column is one more of the same thing: nothing that is computed with, or names a thing."""
        if self._get_role(name) in PARSED or self._get_role(name) == "direction":
            return False
        return not any(name in entity.key or (len(names) > 1 and name in names)
                       for entity in self.sheet.map.entities for names in entity.props.values())  # fmt: skip

    def _get_end_ids(self, entity: EntityMap) -> dict[str, str]:
        """Ids of the entities at the ends; of a call that came in, with its ends changed."""
        way = self.sheet.way
        known = {name: key for name, key in self.ids.items() if way is None or name not in way.left}
        found = {prop: next((known[end] for end in ends if end in known), "") for prop, ends in entity.links.items()}
        turned = self._is_incoming(entity)
        if turned is None:
            return {}
        for one, other in SWAPPED[entity.schema] if turned else ():
            found[one], found[other] = found.get(other, ""), found.get(one, "")
        return {prop: end for prop, end in found.items() if end}

    def _is_incoming(self, entity: EntityMap) -> bool | None:
        """Whether the other party called or paid; None of a payment of which that is not known."""
        if entity.schema == "Payment" and self.sheet.way:
            return self.sheet.way.way == "in" if self.sheet.way.way else None
        if entity.schema == "Call" and self.sheet.call_directions:
            way = self.sheet.call_directions.find_way(self.cells)
            return way == "in" if way else None
        return False

    def _read_properties(self, entity: EntityMap) -> dict[str, tuple[str, str]]:
        """From property to value and what is written."""
        found: dict[str, tuple[str, str]] = {}
        for prop, names in entity.props.items():
            known = [name for name in names if name in self.sheet.columns]
            values = [self._get_value(name).text for name in known]
            written = " ".join(filter(None, (self._get_cell(name) for name in known)))
            dated = entity.schema in SWAPPED and known and self._get_role(known[0]) == "date"
            value = self._join_day_and_time(entity.schema, known) if dated else " ".join(filter(None, values))
            if entity.schema == "Payment" and prop == "amount" and self._is_amount_by_way():
                value = next((one.removeprefix("-") for one in values if one.strip("-0.")), value)
            if value:
                found[prop] = (value, written)
                self.sheet.zoneless |= "T" in value and self._get_role(known[0]) == "date" and not _has_zone(value)
        return found

    def _is_amount_by_way(self) -> bool:
        """Whether the way of the money is told by who paid, so that its amount needs no sign."""
        return self.sheet.map.kind == STATEMENTS and (self.sheet.way is None or bool(self.sheet.way.way))

    def _get_span(self, names: tuple[str, ...]) -> tuple[int, int]:
        """Place of a value in the passage; of one that was put together from several cells there is none."""
        there = [self.spans[name] for name in names if name in self.spans]
        return there[0] if len(there) == 1 else NOWHERE

    def _join_day_and_time(self, schema: str, names: list[str]) -> str:
        """Day and time of a call or payment in one; nothing of a day that no calendar has: it stands in the row's text.

        A call has it where its row of `calls` has it; of a payment a day whose order is open is kept as written.
        """
        written = [self._get_cell(name) for name in names]
        found = column_times.format_iso(*written[:2], form=self.sheet.columns[names[0]][1].form)
        if not found and is_odd_year(written[0], self.sheet.columns[names[0]][1].form):
            if not self._get_value(names[0]).problem:
                self.sheet.tally.add("bad-date", names[0], self.number, written[0])
            return ""
        return found if found or schema == "Call" or is_impossible(written[0]) else " ".join(filter(None, written))

    def _identify(self, entity: EntityMap) -> str:
        """Id by the key columns, else by the row; '' for a thing that is nothing but its missing identifier."""
        scope = self.sheet.source.sha256
        known = [name for name in entity.key if name in self.sheet.columns]
        values = [self._get_value(name).text for name in known]
        if not (values and values[0]):
            only = known and all(set(names) <= set(known) for names in entity.props.values())
            return "" if only else build_entity_id(entity.schema, scope, self.sheet.sheet.name, str(self.number))
        return compute_entity_id(entity.schema, self._get_role(known[0]), values, scope)

    def _get_value(self, name: str) -> Value:
        if name not in self.values:
            column = self.sheet.columns[name][1]
            cell = self._get_cell(name)
            if isinstance(cell, Several) and not cell.entries and cell not in EMPTY and self._is_special(name):
                cell = str(cell)  # as it is written: what is claimed is hidden
            elif isinstance(cell, Several):
                self._note_several(name, cell)
                cell = select_single_values([cell])[0]
            value = parse_cell(column.role, cell, column.form, self.sheet.region)
            if value.problem == SEVERAL:
                self._tell_several(name)
            elif value.problem:
                self.sheet.tally.add(value.problem, name, self.number, self._get_cell(name))
            self.values[name] = value
        return self.values[name]

    def _note_several(self, name: str, cell: Several) -> None:
        if len(cell.entries) > 1 and self._may_have_several(name):
            return
        if len(cell.entries) > 1 or (not cell.entries and cell not in EMPTY):
            self._tell_several(name)

    def _tell_several(self, name: str) -> None:
        """Note that no value of a cell was claimed; a table of calls tells it as a broken rule."""
        if not (self.sheet.map.kind == "calls" and self.sheet.columns[name][1].field):
            self.sheet.several.setdefault(name, []).append(self.number)

    def _get_role(self, name: str) -> str:
        return self.sheet.columns[name][1].role

    def _get_cell(self, name: str) -> str:
        index = self.sheet.columns[name][0] if name in self.sheet.columns else len(self.cells)
        return self.cells[index] if index < len(self.cells) else ""


def compute_entity_id(schema: str, role: str, values: list[str], scope: str) -> str:
    """Id of an entity by the values of its key columns.

    Numbers, accounts, vehicles, handsets and companies with a register number have the ids that every room gives them;
    what is known by a name, or a number that only one country knows, is one within the file.
    """
    first, rest = values[0], [value for value in values[1:] if value]
    known = BY_ROLE.get(role) or (BY_SCHEMA.get(schema) if role == "plain" else None)
    if known:
        return known(first).entity_id
    if schema == "Person" and role == "name":
        return identifiers.build_person_key(first, *rest, scope).entity_id
    if schema == "Company" and role == "name":
        return identifiers.build_named_company_key(first, scope).entity_id
    return build_entity_id(schema, normalise_name(first), *rest, scope)


def _has_zone(value: str) -> bool:
    return value.endswith("Z") or "+" in value or value.count("-") > 2
