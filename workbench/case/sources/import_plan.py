"""How a file would be read, before it is: what it is taken for, its first rows, its columns, a trial that leaves no trace.

A plan is changed by its methods, each of which gives a new plan. Nothing is written until `add`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pandas as pd

from workbench import ingest
from workbench.case.context import folder_walk, source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.files import reader_process as reader
from workbench.case.privacy import erasure_replay
from workbench.case.sources import file_receipt, importing, plan_choices
from workbench.errors import CaseError, SourceError
from workbench.ingest.tables.columns import column_mapping as maps
from workbench.ingest.tables.columns import table_profiles
from workbench.ingest.tables.columns.table_kinds import load_kinds as kinds_of_tables
from workbench.ingest.tables.guess import sheet_parts
from workbench.ingest.tables.sheets.sheet import AS_FOUND, Form
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import check_country
from workbench.model.ids import compute_sha256
from workbench.model.rows import Batch, Claim, Document, Enclosure, Issue, Passage, Row
from workbench.model.schema import translate_schema
from workbench.model.time_zones import get_zone as known_zone

TABLE = "table"
DATES, DECIMALS, UNITS = ("dmy", "mdy"), (".", ","), ("s", "min", "ms")
"""What can be said of dates, numbers and durations."""
SHOWN = 12
"""Rows of a preview."""
TRIAL = 200_000
"""Rows of the workbench that a trial reads at most."""
REJECTED = frozenset({"bad-row", "bad-date", "damaged-number", "bad-identifier", "bad-cell"})
"""Codes of issues that say that something in a row was not taken as a value."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a reading would give.

    Attributes
    ----------
    counts : DataFrame
        what, number: documents, passages, claims, mass rows, files within.
    things : DataFrame
        kind, number, example: the entities that it would name.
    rejected : DataFrame
        What would not be taken as a value, and why: message, place, fix.
    issues : DataFrame
        Everything else that is doubtful: severity, code, message, fix.
    whole : bool
        Whether all of the file was tried; of a very large one only the beginning is.
    """

    counts: pd.DataFrame
    things: pd.DataFrame
    rejected: pd.DataFrame
    issues: pd.DataFrame
    whole: bool = True


@dataclass(frozen=True)
class Plan:
    """How one file would be read. Made by `Case.plan`.

    Attributes
    ----------
    file : SourceFile
        The file, where it lies now.
    reader, why : str
        Who would read it, and the reason in words; '' and the reason of the refusal where nobody takes it.
    options : mapping
        What the analyst said: 'region', 'ocr', ...
    zone : str
        IANA zone of its times; '' keeps them as written.
    said : mapping
        Of each sheet of a table: what the analyst said (`OfficerChoice`); the rest is guessed.
    form : Form
        Separator and encoding of a text table, '' as found.
    assigned : tuple
        Columns that were given to properties one by one, after everything else.
    """

    context: CaseContext = field(repr=False)
    file: ingest.SourceFile
    reader: str
    why: str
    options: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    said: Mapping[str, maps.OfficerChoice] = field(default_factory=dict)
    form: Form = AS_FOUND
    assigned: tuple[tuple[str, str, str, str, str], ...] = ()

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.file.name

    @property
    def is_table(self) -> bool:
        """Whether it has columns to map."""
        return self.reader == TABLE

    @cached_property
    def table(self) -> maps.Mapping:
        """What the columns are: guessed from headers and cells, and as the analyst said."""
        if not self.reader:
            raise CaseError(Sentence("No reader can read '{name}', so it has no columns to map.", name=self.name))
        if not self.is_table:
            raise CaseError(
                Sentence(
                    "'{name}' is not read as a table (reader: {reader}), so it has no columns. Only tables have "
                    "columns, for example CSV or XLSX files.",
                    name=self.name,
                    reader=self.reader,
                )
            )
        made = reader.guess_mapping(self.file, self.options.get("region", ""), form=self.form, said=self.said)
        for sheet, column, entity, prop, role in self.assigned:
            made = made.assign(column, entity, prop, role=role, sheet=sheet)
        return made

    @property
    def sheets(self) -> list[str]:
        """Names of the tables that are read: of its sheets ('' for a file that is one), and 'S table 2' for the second in sheet S."""
        return [one.sheet for one in self.table.sheets] if self.is_table else []

    @property
    def tables(self) -> pd.DataFrame:
        """The tables, one row each: name (as in `sheets`), sheet, number (within it), begin and header (rows), kind, columns."""
        rows: list[tuple[str, str, int, int, int, str, int]] = []
        for one in self.table.sheets if self.is_table else ():
            sheet, begin = sheet_parts.get_place(one)
            number = 1 + sum(row[1] == sheet for row in rows)
            rows.append((one.sheet, sheet, number, begin, one.header, one.kind, len(one.columns)))
        names = ["name", "sheet", "number", "begin", "header", "kind", "columns"]
        return pd.DataFrame(rows, columns=pd.Index(names))

    @property
    def choices(self) -> pd.DataFrame:
        """Every reader that would take the file, the chosen one first: reader, why."""
        rows = reader.list_readers(self.file)
        rows.sort(key=lambda row: row[0] != self.reader)
        return pd.DataFrame(rows, columns=pd.Index(["reader", "why"]))

    @property
    def columns(self) -> pd.DataFrame:
        """Of a table: sheet, column, example, entity, schema, prop, role, form, why; one row per use of a column."""
        return self.table.build_table()

    def header(self, sheet: str = "") -> int:
        """Number of the header row of a sheet, 0 for none."""
        return self._get_sheet(sheet).header

    def kind(self, sheet: str = "") -> str:
        """What the rows of a sheet are: 'calls', 'payments', ...; '' for none of those that are known."""
        return self._get_sheet(sheet).kind

    def kinds(self) -> Mapping[str, Mapping[str, str]]:
        """Kinds of tables that are known, and the fields of each with a header by which it is known."""
        found: dict[str, dict[str, str]] = {}
        for one in kinds_of_tables():
            fields = found.setdefault(one.name, {})
            for header, (name, _) in one.columns.items():
                fields.setdefault(name, header)
        return found

    def fields(self, sheet: str = "") -> pd.DataFrame:
        """Columns of a sheet: column, example, field ('' text only, 'left out'), role, form, why."""
        rows = [
            (one.name, one.example, maps.LEFT_OUT if one.role == maps.LEFT_OUT else one.field, one.role, one.form, one.why)
            for one in self._get_sheet(sheet).columns
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=pd.Index(["column", "example", "field", "role", "form", "why"]))

    def preview(self, rows: int = SHOWN, *, sheet: str = "") -> pd.DataFrame:
        """The first rows of a table as they stand in the file, or the first passages (anything else).

        Of several tables in one sheet each is shown by itself, with the rows above its header.
        """
        if not self.is_table:
            with closing(self._read()) as read:
                found = (row for row in read if isinstance(row, Passage))
                texts = [(one.number, one.text) for one in islice(found, rows)]
            return pd.DataFrame(texts, columns=pd.Index(["number", "text"]))
        lines = reader.read_first_rows(self.file, self.table, sheet, rows)
        width = max((len(cells) for _, cells in lines), default=0)
        names = ["row", *(str(number + 1) for number in range(width))]
        return pd.DataFrame([[number, *cells, *[""] * (width - len(cells))] for number, cells in lines], columns=names)

    def read_as(self, reader: str) -> Plan:
        """A plan by which another reader takes the file."""
        if reader not in set(self.choices["reader"]):
            known = ", ".join(self.choices["reader"]) or "none"
            raise CaseError(
                Sentence(
                    "The reader '{reader}' cannot read '{name}'. Readers that can read this file: {known}.",
                    reader=reader,
                    name=self.file.name,
                    known=known,
                )
            )
        made = _build_plan(self.context, self.file, {**self.options, "reader": reader}, self.zone)
        return replace(made, said=self.said, form=self.form, assigned=self.assigned)

    def say(  # noqa: PLR0913 - what can be said of a table
        self, *, header: int | None = None, delimiter: str = "", encoding: str = "", dates: str = "", decimal: str = "",
        unit: str = "", region: str = "", zone: str = "", sheet: str = "",
    ) -> Plan:  # fmt: skip
        """A plan with what the analyst knows of the file.

        Parameters
        ----------
        header : int
            Number of the row with the names of the columns, 0 if there is none; the columns are guessed anew.
        delimiter, encoding : str
            Of a text table: ',', ';', a tab; 'utf-8', 'cp1252', 'utf-16', ...; the columns are guessed anew.
        dates : str
            Order of day and month where the cells do not show it: 'dmy' or 'mdy'.
        decimal : str
            Decimal mark of numbers: '.' or ','.
        unit : str
            Of durations: 's', 'min' or 'ms'.
        region : str
            Country (ISO code) in which national telephone numbers are read.
        zone : str
            IANA zone of the times: 'Europe/Paris'.
        sheet : str
            For which sheet or table of a sheet (`sheets`) `header`, `dates`, `decimal` and `unit` are said. If it is not given,
            for all, and `header` for all sheets that have such a row.

        Raises
        ------
        CaseError
            If there is no such sheet or row, or if the file is not read as a table.
        """
        if zone:
            known_zone(zone)
        for name, value, words in (("dates", dates, DATES), ("decimal", decimal, DECIMALS), ("unit", unit, UNITS)):
            if value:
                _check_word(name, value, words)
        options = {**self.options, **({"region": check_country(region)} if region else {})}
        form = Form(delimiter or self.form.delimiter, encoding or self.form.encoding)
        forms = {"date": dates, "birth": dates, "number": decimal, "duration": unit}
        if sheet or header is not None or form != self.form or any(forms.values()):
            self._get_sheet(sheet)
        plan = replace(self, options=options, zone=zone or self.zone, form=form)
        for name in [sheet] if sheet else plan.sheets:
            known = plan.said.get(name, maps.OfficerChoice())
            more = {**known.forms, **{role: value for role, value in forms.items() if value}}
            plan = replace(plan, said={**plan.said, name: replace(known, forms=more)})
        return plan if header is None else _set_header(plan, header, sheet)

    def mean(self, fields: Mapping[str, str], *, kind: str | None = None, sheet: str = "") -> Plan:
        """A plan in which columns are these fields of the kind of table (`fields`, `kinds`); '' makes one text only.

        Without `sheet` it is said of the only sheet, or of the only one that has the columns.

        Raises
        ------
        CaseError
            If there is no such sheet, column, kind or field, or if several sheets have the columns and none is named.
        """
        sheet = plan_choices.find_table(self.name, self.table, fields, sheet)
        known = self.said.get(sheet, maps.OfficerChoice())
        said = known.fields if kind in (None, self.kind(sheet)) else {}
        one = replace(
            known, kind=known.kind if kind is None else kind, fields={**said, **fields}, left_out=known.left_out - set(fields)
        )  # fmt: skip
        unknown = set(fields.values()) - {"", *self.kinds().get(self.kind(sheet) if kind is None else kind, {})}
        if unknown:
            meant, kinds = kind or self.kind(sheet) or "a table of no known kind", ", ".join(self.kinds())
            raise CaseError(
                Sentence(
                    "'{field}' is not a field of {kind}. Kinds of tables: {kinds}. `plan.kinds()` lists the fields "
                    "of each kind.",
                    field=sorted(unknown)[0],
                    kind=meant,
                    kinds=kinds,
                )
            )
        if kind:
            _check_word("kind", kind, self.kinds())
        return replace(self, said={**self.said, sheet: one})

    def assign(self, column: str, entity: str, prop: str, *, role: str = "", sheet: str = "") -> Plan:
        """A plan in which a column is a property (FollowTheMoney) of an entity of the row, beyond what its field says.

        `sheet` as in `mean`; a role that leaves the column out is said of all sheets that have it, as in `leave_out`.
        """
        if role == maps.LEFT_OUT:
            return self.leave_out(column, sheet=sheet)
        sheet = plan_choices.find_table(self.name, self.table, [column], sheet)
        return replace(self, assigned=(*self.assigned, (sheet, column, entity, prop, role)))

    def leave_out(self, *columns: str, sheet: str = "") -> Plan:
        """A plan that does not take these columns at all: they are in no passage, index or claim (minimisation).

        Without `sheet` they are left out of every sheet that has them, in whatever case they are written there.

        Raises
        ------
        CaseError
            If there is no such sheet or column.
        """
        said = dict(self.said)
        for name, found in plan_choices.find_all_tables(self.name, self.table, columns, sheet).items():
            known = said.get(name, maps.OfficerChoice())
            fields = {column: field for column, field in known.fields.items() if column not in found}
            said[name] = replace(known, fields=fields, left_out=known.left_out | found)
        assigned = tuple(one for one in self.assigned if one[1] not in said.get(one[0], maps.NOTHING).left_out)
        return replace(self, said=said, assigned=assigned)

    def trial(self) -> Trial:
        """Read without keeping anything: what would come, and what would not."""
        counts: Counter[str] = Counter()
        things: dict[str, dict[str, str]] = {}
        issues: list[Issue] = []
        number = 0
        with closing(self._read()) as read:
            for row in build_progress_bar(self.context.say, "trying", "rows", islice(read, TRIAL)):
                number += 1
                counts[_get_row_kind(row)] += row.rows.num_rows if isinstance(row, Batch) else 1
                if isinstance(row, Claim):
                    named = things.setdefault(row.schema, {})
                    named[row.entity_id] = named.get(row.entity_id) or (row.original_value or row.value)
                if isinstance(row, Issue):
                    issues.append(row)
        return _build_trial(counts, things, issues, whole=number < TRIAL)

    def save(self, name: str, *, sheet: str = "") -> Path:
        """Keep the columns as a profile: the next table with these headers is read so. Returns the profile's file.

        Of several sheets one has to be named.
        """
        return table_profiles.save_profile(
            name, self._get_sheet(plan_choices.find_table(self.name, self.table, (), sheet))
        )

    def add(self, **facts: str) -> pd.DataFrame:
        """Receive the file and read it so; `facts`: exhibit=, authority=, examiner=, tool=. Answers as `Case.add`.

        Raises
        ------
        CaseError
            If nothing reads the file, if it has changed since it was planned (the columns of the plan are those of another file), or
            if no table takes up what was said of a column.
        """
        if not self.reader:
            raise CaseError(Sentence("No reader can read '{name}': {why}", name=self.file.name, why=self.why))
        told = importing.check_facts({**facts, **({"zone": self.zone} if self.zone else {})})
        content = self.file.path if self.file.data is None else self.file.data
        options = self._build_options() if self._is_unchanged() else {}
        found = list(
            file_receipt.receive_file(self.context, content, self.name, told, options, planned=self.file.sha256)
        )
        erasure_replay.reapply_to_sources(self.context, [receipt.source for receipt in found])
        if (
            found
            and found[0].state in ("known", "withdrawn")
            and source_lookup.is_whole(self.context, self.file.sha256)
        ):
            return importing.remap_source(self.context, self.file.sha256, options, "read again by another plan")
        return pd.DataFrame(found, columns=pd.Index(file_receipt.Receipt._fields))

    def _is_unchanged(self) -> bool:
        """Whether the file is the one that was planned; only of that can columns be guessed."""
        return self.file.data is not None or folder_walk.hash_file(self.file.path, self.name) == self.file.sha256

    def _read(self) -> Generator[Row, None, None]:
        if self.reader:
            yield from reader.read_rows(self.file, self._build_options(), self.reader)

    def _build_options(self) -> dict[str, str]:
        """What the reader is told. A table that nobody said anything of is guessed anew when it is read."""
        self._check_choices()
        spoken = self.is_table and (self.said or self.assigned or self.form != AS_FOUND)
        zone = {"zone": self.zone} if self.zone else {}
        return {**self.options, **zone, **({"mapping": self.table.to_json()} if spoken else {})}

    def _check_choices(self) -> None:
        """Refuse what was said of columns and headers that no table takes up."""
        if self.assigned or any(map(plan_choices.has_choice, self.said.values())):
            plan_choices.check_choices(self.name, self.table, self.said)

    def _get_sheet(self, name: str) -> maps.SheetMap:
        """A table by its name, the first if none is given."""
        return plan_choices.get_table(self.name, self.table, name or next(iter(self.sheets), ""))


def plan_import(context: CaseContext, path: Path, options: Mapping[str, str], zone: str = "", name: str = "") -> Plan:
    """Plan of a file.

    Raises
    ------
    CaseError
        If the path is no file.
    """
    if not path.is_file():
        raise CaseError(
            Sentence("{path} is not a file. Enter the path of one file. To add a folder, use `add`.", path=path)
        )
    return _build_plan(context, ingest.SourceFile(path, compute_sha256(path), name or path.name), options, zone)


def plan_of(context: CaseContext, name: str, content: bytes) -> Plan:
    """Plan of a file that came through the browser."""
    return _build_plan(context, ingest.SourceFile(Path(name), sha256(content).hexdigest(), name, content), {}, "")


def _build_plan(context: CaseContext, file: ingest.SourceFile, options: Mapping[str, str], zone: str) -> Plan:
    told = {key: value for key, value in options.items() if key != "reader"}
    try:
        found = reader.detect_reader(file)
        chosen = options.get("reader", found.reader)
        why = found.reason if chosen == found.reader else Sentence("selected by the officer")
    except SourceError as error:
        return Plan(context, file, "", error.args[0], told, zone)
    return Plan(context, file, chosen, why, told, zone)


def _set_header(plan: Plan, header: int, sheet: str) -> Plan:
    """A plan with the header of a sheet in this row; of all first tables of sheets that have it, if none is named."""
    names = [sheet] if sheet else [one.sheet for one in plan.table.sheets if maps.OF not in one.told]
    tried = {name: replace(plan.said.get(name, maps.OfficerChoice()), header=header) for name in names}
    made = replace(plan, said={**plan.said, **tried}).table
    has_row = {one.sheet for one in made.sheets if one.header == header}
    kept = {name: one for name, one in tried.items() if name in has_row}
    if not kept:
        raise plan_choices.build_header_error(plan.name, header)
    return replace(plan, said={**plan.said, **kept})


def _check_word(field: str, value: str, words: Iterable[str]) -> None:
    """Whether what was said is one of the words that are known. Raises CaseError."""
    if value not in words:
        known = ", ".join(map(repr, words))
        raise CaseError(
            Sentence(
                "{field}: '{value}' is not known. Use one of these: {known}.", field=field, value=value, known=known
            )
        )


def _get_row_kind(row: Row) -> str:
    if isinstance(row, Batch):
        return f"rows of {row.table}"
    names = {Document: "documents", Passage: "passages", Claim: "claims", Enclosure: "files within", Issue: "doubts"}
    return names.get(type(row), "places")


def _build_trial(
    counts: Mapping[str, int], things: Mapping[str, Mapping[str, str]], issues: list[Issue], *, whole: bool
) -> Trial:
    named = [
        (translate_schema(schema), len(found), next(iter(found.values()), ""))
        for schema, found in sorted(things.items())
    ]
    rejected = [(one.message, one.place, one.fix) for one in issues if one.code in REJECTED]
    others = [(one.severity, one.code, one.message, one.fix) for one in issues if one.code not in REJECTED]
    return Trial(
        pd.DataFrame(sorted(counts.items()), columns=pd.Index(["what", "number"])),
        pd.DataFrame(named, columns=pd.Index(["kind", "number", "example"])),
        pd.DataFrame(rejected, columns=pd.Index(["message", "place", "fix"])),
        pd.DataFrame(others, columns=pd.Index(["severity", "code", "message", "fix"])),
        whole,
    )
