"""Whatever column of a package a person's name comes in: erasing the person leaves it nowhere, or the package is refused."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.test_ownership import Rows, honest, take
from workbench.case.case import open_case
from workbench.errors import PackageError
from workbench.ledger.records.package_tables import TABLES, Row
from workbench.ledger.transfer.row_validation import checked
from workbench.model.ids import digest

__all__ = ["honest"]
NAME = "Zarina Qoph"
STRUCK = {
    "documents": {"title", "at", "service"}, "traces": {"trace", "place", "device", "custodian", "conversation"},
    "passages": {"text"}, "statements": {"value"}, "evidence": {"original_value", "because", "officer"},
    "judgements": {"because", "officer"}, "decisions": {"because", "officer"}, "terms": {"because", "officer", "value"},
    "notes": {"text", "detail", "officer"}, "issues": {"message", "fix", "place"}, "sources": {"name", "officer"},
    "source_facts": {"value", "officer"}, "runs": {"parameters", "counts", "officer"}, "arrivals": {"name"},
}  # fmt: skip
"""Columns of free text, which are taken in and struck; messages have many more."""


def named(table: str, column: str, row: Row) -> Row:
    """The row with the name in a column, under an id of its own."""
    packed = {
        "detail": {"gaps": [NAME]}, "parameters": {NAME: NAME}, "counts": {"reason": NAME}, "passages": [NAME], "other_refs": [NAME],
        "to_bureaux": [NAME],
    }  # fmt: skip
    if table == "terms":
        packed["value"] = [NAME]
        row = {**row, "facet": "conditions"}
    whole = f"{NAME} (NCB Valdora)" if column == "officer" else NAME
    value = json.dumps(packed[column]) if column in packed else whole
    made: Row = {**row, column: value}
    if table == "statements" and column == "value":  # no other person of that name
        made |= {"prop": "notes", "value": f"Seen with {NAME}."}
    if "id" in row and column != "id":
        made["id"] = digest(table, column)
    if table == "statements":
        made["id"] = digest("statement", *(str(made[name]) for name in ("entity_id", "schema", "prop", "value")))
    return made


def fits(table: str, row: Row) -> bool:
    try:
        checked(table, row)
    except PackageError:
        return False
    return True


@pytest.fixture
def rows(honest: Rows) -> tuple[Rows, set[tuple[str, str]]]:
    """The rows of a sender with the name in every column that takes it, and which columns do."""
    made = {table: list(some) for table, some in honest.items() if table != "row_files"}
    taken = set()
    for table, some in made.items():
        for column, kind in TABLES[table].columns.items():
            by_hand = column in ("officer", "because")
            base = next((one for one in honest[table] if by_hand and one.get("kind") == "decided"), honest[table][0])
            row = named(table, column, base)
            if kind is str and fits(table, row):
                some.append(row)
                taken.add((table, column))
                if table == "statements":
                    claim = {"id": digest("for", column), "statement_id": row["id"]}
                    made["evidence"].append({**honest["evidence"][0], **claim})
    return made, taken


def test_erasing_a_person_strikes_the_name_out_of_every_column(
    rows: tuple[Rows, set[tuple[str, str]]], tmp_path: Path
) -> None:
    made, taken = rows
    assert {(t, c) for t, columns in STRUCK.items() for c in columns} <= taken
    (tmp_path / "persons.csv").write_text(f"name,birthDate\n{NAME},1980-02-03\n", "utf-8")
    with closing(open_case(tmp_path / "case", officer="bo", purpose="training", title="Harbour")) as case:
        case.add(tmp_path / "persons.csv")
        take(case.book.ledger, made)
        assert NAME in "".join(places(case.book.ledger.connection))
        entity = case.entities().loc[lambda e: e["caption"] == NAME, "canonical_id"].iloc[0]
        case.privacy.erase(entity, because="request", sure=True)
        assert not places(case.book.ledger.connection)
        take(case.book.ledger, made, "package-2")
        assert places(case.book.ledger.connection) == []


def places(sql: object) -> list[str]:
    """Where the name stands in a ledger, and how."""
    run = sql.execute  # type: ignore[attr-defined]
    tables = [
        name for (name,) in run("SELECT name FROM main.sqlite_master WHERE type = 'table'") if "words" not in name
    ]
    return [
        f"{table}.{column}: {value}"
        for table in tables
        for column in [row[1] for row in run(f'PRAGMA main.table_info("{table}")').fetchall()]
        for (value,) in run(
            f"""SELECT "{column}" FROM main."{table}" WHERE CAST("{column}" AS TEXT) LIKE '%Qoph%'"""
        ).fetchall()
    ]
