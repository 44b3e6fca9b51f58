"""Many rows of a package that cite one thing: what they cost grows with their number, not with its square."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cost import steps
from tests.ledger.bureaux import A, B, Rows, parcel, read, take
from workbench.ledger import Ledger
from workbench.ledger.exclusions.exclusion_rules import Rule
from workbench.ledger.records.package_tables import Row
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim

SMALL, LARGE = 40, 320
IN_PROPORTION = 1.3


def copies(rows: Rows, table: str, count: int) -> list[Row]:
    return [{**rows[table][0], "id": compute_digest(table, str(number))} for number in range(count)]


def claims(rows: Rows, count: int, *, of_one: bool) -> Rows:
    """Claims at one place: of one person, or each of another one."""
    statements = []
    for number in range(count):
        row = rows["statements"][0]
        row = {**row, "value": f"n{number}"} if of_one else {**row, "entity_id": compute_digest("entity", str(number))}
        made = Claim(str(row["entity_id"]), str(row["schema"]), str(row["prop"]), str(row["value"]))
        statements.append({**row, "id": made.statement_id})
    evidence = copies(rows, "evidence", count)
    cited = [{**row, "statement_id": one["id"]} for row, one in zip(evidence, statements, strict=True)]
    return {"statements": statements, "evidence": cited}


def readings(rows: Rows, count: int) -> Rows:
    runs = copies(rows, "runs", count)
    traces = copies(rows, "traces", count)
    return {"runs": runs, "traces": [{**row, "run_id": run["id"]} for row, run in zip(traces, runs, strict=True)]}


def marks(rows: Rows, count: int) -> Rows:
    said: Row = {"facet": "handling", "value": '["H1"]', "officer": "ada", "because": "", "at": ""}
    entity = rows["statements"][0]["entity_id"]
    one: Row = {"target_kind": "entity", "target_id": entity, **said}
    return {
        **claims(rows, count, of_one=True),
        "terms": [{**one, "id": compute_digest("term", str(number))} for number in range(count)],
    }


MADE: dict[str, Callable[[Rows, int], Rows]] = {
    "claims": lambda rows, count: claims(rows, count, of_one=False),
    "of one person": lambda rows, count: claims(rows, count, of_one=True),
    "marks": marks,
    "places of one claim": lambda rows, count: {"evidence": copies(rows, "evidence", count)},
    "copies of one document": lambda rows, count: {"traces": copies(rows, "traces", count)},
    "readings of one file": readings,
    "facts": lambda rows, count: {"source_facts": [{**rows["source_facts"][0], "value": str(n)} for n in range(count)]},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", MADE)
def test_many_rows_that_cite_one_thing_cost_in_proportion(tmp_path: Path, what: str) -> None:
    ada = Ledger(tmp_path / "ada.db", officer="ada", purpose="test")
    read(ada, "one")
    rows = parcel(ada, A)
    ada.close()
    taken = [cost(tmp_path / f"{count}.db", rows, MADE[what](rows, count)) for count in (SMALL, LARGE)]
    assert taken[1] <= IN_PROPORTION * LARGE / SMALL * taken[0], taken


def cost(path: Path, rows: Rows, more: Rows) -> int:
    """Steps of taking in the rows, where something is set aside already."""
    bo = Ledger(path, officer="bo", purpose="test")
    read(bo, "own")
    bo.exclude_material(Rule(folder="own", words="own"), "privileged", "letters to counsel")
    whole = {table: [*held, *more.get(table, [])] for table, held in rows.items()}
    try:
        return steps(bo.connection, lambda: take(bo, whole, A, B))
    finally:
        bo.close()
