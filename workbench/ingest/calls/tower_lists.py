"""Lists of cells (tower lists): where the cells of a network are, and which way their sectors look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.ingest.calls.quality_rules import BrokenRule
from workbench.ingest.calls.values import cell_ids
from workbench.ingest.reading.text_lines import SHOWN, format_numbers
from workbench.ingest.tables.columns.cell_values import parse_date, parse_number, unquote_cell
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Batch, Issue
from workbench.model.table_schemas import build_arrow_schema

if TYPE_CHECKING:
    from workbench.ingest.calls.call_plan import Plan

TEXTS = ("name", "address", "technology", "operator")
FIGURES = ("azimuth", "beam", "range")


class CellTable:
    """Takes the rows of one list of cells and says what was wrong with them."""

    def __init__(self, plan: Plan, place: str = "") -> None:
        self.plan, self.place = plan, place
        self.outside, self.swapped, self.nameless = BrokenRule(), BrokenRule(), BrokenRule()

    def take_rows(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Batch | None:
        """Batch of rows given as cells; None of none."""
        import pyarrow as pa

        made = [self._build_row(number, self._get_texts(row)) for number, row in rows]
        if not made:
            return None
        return Batch("cells", pa.RecordBatch.from_pylist(made, schema=build_arrow_schema("cells")))

    def finish(self) -> Iterator[Issue]:
        """What was wrong."""
        yield from self._list_rule_issues("C-11", self.outside, "outside")
        yield from self._list_rule_issues("C-11", self.swapped, "swapped")
        yield from self._list_rule_issues("bad-row", self.nameless, "nameless")

    def _list_rule_issues(self, code: str, found: BrokenRule, what: str) -> Iterator[Issue]:
        if found.count:
            shown = format_numbers(found.rows[:SHOWN])
            message = Sentence(f"row.cells.{what}", count=found.count, listed=shown, example=repr(found.example))
            fix = Sentence("fix.ask.period")
            place = f"{self.place}row {found.rows[0]}"
            yield build_issue(code, message, fix=fix, document_id=self.plan.document, place=place)

    def _get_texts(self, row: Sequence[str]) -> dict[str, str]:
        return {name: unquote_cell(row[at]) if at < len(row) else "" for name, at in self.plan.columns.items()}

    def _build_row(self, number: int, texts: Mapping[str, str]) -> dict[str, object]:
        raw = texts.get("cell", "")
        parts = tuple(texts.get(name, "") for name in ("mcc", "mnc", "lac", "ci"))
        cell = cell_ids.build_identifier(*parts) if parts[3] else cell_ids.normalise_cell(raw)
        if not cell:
            self.nameless.add(1, [number], raw)
        lat, lon = self._read_position(number, texts)
        made: dict[str, object] = {
            "document_id": self.plan.document, "row": number, "cell": cell, "cell_raw": raw, "lat": lat, "lon": lon
        }  # fmt: skip
        made |= {name: texts.get(name, "") for name in TEXTS}
        made |= {
            name: cell_ids.parse_degrees(parse_number(texts.get(name, ""), ".") or texts.get(name, ""))
            for name in FIGURES
        }
        form = self.plan.forms.get("valid_from", "") or self.plan.forms.get("valid_to", "")
        made |= {name: parse_date(texts.get(name, ""), form) for name in ("valid_from", "valid_to")}
        made["operator"] = made["operator"] or self.plan.operator
        return made

    def _read_position(self, number: int, texts: Mapping[str, str]) -> tuple[float, float]:
        nowhere = float("nan")
        written = texts.get("point", "")
        lat, lon = cell_ids.parse_degrees(texts.get("lat", "")), cell_ids.parse_degrees(texts.get("lon", ""))
        if written:
            lat, lon = cell_ids.parse_point(written) or (nowhere, nowhere)
        if lat != lat or lon != lon:  # noqa: PLR0124 - NaN is not itself
            return nowhere, nowhere
        if cell_ids.is_point(lat, lon):
            return lat, lon
        swapped = abs(lat) > 90 and cell_ids.is_point(lon, lat)
        (self.swapped if swapped else self.outside).add(1, [number], f"{lat}, {lon}")
        return nowhere, nowhere
