"""A call table from its columns to everything that is said of it: batches, marks, issues, and the things it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.call_entities import choose_limit, list_claims, report_omitted
from workbench.ingest.calls.call_plan import Plan
from workbench.ingest.calls.call_rows import Recorder
from workbench.ingest.calls.table_rules import Marks, OrderedRecords, TableFacts, find_device_changes
from workbench.ingest.reading.source import Evidence
from workbench.ingest.reading.text_lines import SHOWN, format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Batch, Issue, Row
from workbench.model.table_schemas import build_arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.ingest.calls.values.column_codes import Ints


class CallTable:
    """Takes the rows of one call table, in pieces, and says at the end what was found.

    Parameters
    ----------
    plan : Plan
        How it is read.
    place : str
        What stands before 'row 7' in the places of issues: 'sheet Calls ', ''.
    """

    def __init__(self, plan: Plan, place: str = "") -> None:
        self.plan, self.place = plan, place
        self.recorder = Recorder(plan)
        self.whole = TableFacts(self.recorder.texts)

    def take_rows(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Batch | None:
        """Batch of rows given as cells; None of none."""
        import pyarrow as pa

        if not rows:
            return None
        columns = {
            name: pa.array([cells[at] if at < len(cells) else "" for _, cells in rows], pa.string())
            for name, at in self.plan.columns.items()
        }
        return self.build_batch(columns, np.array([number for number, _ in rows], dtype=np.int64))

    def build_batch(self, columns: Mapping[str, pa.Array], rows: Ints) -> Batch:
        """Batch of rows given as columns by their field."""
        batch, facts = self.recorder.build_batch(columns, rows)
        self.whole.add(facts)
        return Batch("calls", batch)

    def finish(self, evidence: Evidence | None = None) -> Iterator[Row]:
        """Marks, issues and, where evidence is given for them, claims of the things that the table names."""
        ordered, tally = self.whole.sort_records(), self.recorder.tally
        marks = ordered.list_marks(tally)
        uses = ordered.build_uses()
        if changed := find_device_changes(uses, ordered.names, tally):
            marks.append(changed)
        ordered.count_silences(tally)
        for mark in marks:
            yield self._build_marks_batch(mark)
        if evidence:
            limit = choose_limit(ordered)
            yield from list_claims(ordered, uses, evidence, limit)
            yield from report_omitted(ordered, self.plan.document, limit)
        yield from self._list_issues(ordered)

    def _build_marks_batch(self, marks: Marks) -> Batch:
        import pyarrow as pa

        count = len(marks.rows)
        columns = [[self.plan.document] * count, marks.rows, [marks.rule] * count, marks.groups, [marks.counts] * count]
        schema = build_arrow_schema("call_marks")
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        return Batch("call_marks", pa.RecordBatch.from_arrays(arrays, schema=schema))

    def _list_issues(self, ordered: OrderedRecords) -> Iterator[Issue]:
        document, tally = self.plan.document, self.recorder.tally
        if self.recorder.zoneless:
            text, fix = Sentence("row.zone.records", count=self.recorder.zoneless), Sentence("fix.ask.zone")
            yield build_issue("C-01", text, fix=fix, document_id=document, place=self.place.strip())
        yield from self._list_direction_issues()
        forms = self.recorder.forms
        if len(forms) == 2:
            text = Sentence("row.calls.durations", count=forms["figure"], clock=forms["clock"])
            fix = Sentence("fix.ask.figures")
            yield build_issue("C-13", text, fix=fix, document_id=document, place=self.place.strip())
        if found := tally.found.get("bad-date"):
            shown = format_numbers(found.rows[:SHOWN])
            message = Sentence("row.date.records", count=found.count, listed=shown, example=repr(found.example))
            fix = Sentence("fix.say.day_month")
            yield build_issue(
                "bad-date", message, fix=fix, document_id=document, place=f"{self.place}row {found.rows[0]}"
            )
        if found := tally.found.get("zero"):
            message = Sentence("row.calls.imei_zero", count=found.count, example=repr(found.example))
            fix = Sentence("fix.compare.fourteen")
            yield build_issue(
                "bad-identifier", message, fix=fix, document_id=document, place=f"{self.place}row {found.rows[0]}"
            )
        yield from tally.list_issues(document, self.place)

    def _list_direction_issues(self) -> Iterator[Issue]:
        """A table that shows no direction at all, or some records of which it shows none."""
        document, recorder = self.plan.document, self.recorder
        if count := recorder.undirected_count:
            listed = format_list([str(row) for row in recorder.undirected], count=count)
            text, fix = Sentence("row.calls.some_directions", count=count, listed=listed), Sentence("fix.compare.rows")
            place = f"{self.place}row {recorder.undirected[0]}"
            yield build_issue("direction-unknown", text, fix=fix, document_id=document, place=place)
        elif not recorder.directed and "b" in self.plan.columns and "a" not in self.plan.columns:
            text, fix = Sentence("row.calls.direction"), Sentence("fix.say.direction")
            yield build_issue("direction-unknown", text, fix=fix, document_id=document, place=self.place.strip())
