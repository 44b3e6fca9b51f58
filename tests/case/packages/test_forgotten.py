"""Whatever column of a package a person's name comes in: erasing the person leaves it nowhere, or the package is refused."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from tests.case.packages.test_ownership import Rows, honest, take
from workbench import identity
from workbench.case.case import open_case
from workbench.errors import PackageError
from workbench.exchange.package import write_package as make_package
from workbench.ledger.log import checkpoints
from workbench.ledger.records.package_tables import TABLES, Row
from workbench.ledger.transfer.row_validation import check_row
from workbench.model.ids import compute_digest

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
        made["id"] = compute_digest(table, column)
    if table == "statements":
        made["id"] = compute_digest(
            "statement", *(str(made[name]) for name in ("entity_id", "schema", "prop", "value"))
        )
    return made


def fits(table: str, row: Row) -> bool:
    try:
        check_row(table, row)
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
                    claim = {"id": compute_digest("for", column), "statement_id": row["id"]}
                    made["evidence"].append({**honest["evidence"][0], **claim})
    return made, taken


@pytest.mark.slow
def test_erasing_a_person_strikes_the_name_out_of_every_column(
    rows: tuple[Rows, set[tuple[str, str]]], tmp_path: Path
) -> None:
    made, taken = rows
    assert {(t, c) for t, columns in STRUCK.items() for c in columns} <= taken
    (tmp_path / "persons.csv").write_text(f"name,birthDate\n{NAME},1980-02-03\n", "utf-8")
    with closing(open_case(tmp_path / "case", officer="bo", purpose="training", title="Harbour")) as case:
        case.add(tmp_path / "persons.csv")
        take(case.context.ledger, made)
        assert NAME in "".join(places(case.context.ledger.connection))
        entity = case.entities().loc[lambda e: e["caption"] == NAME, "canonical_id"].iloc[0]
        case.privacy.erase(entity, because="request", sure=True)
        assert not places(case.context.ledger.connection)
        take(case.context.ledger, made, "package-2")
        assert places(case.context.ledger.connection) == []


HEAD = f"caseledger/{'a' * 32}\n9\n{base64.b64encode(bytes(32)).decode()}\ntime 2026-01-01T00:00:00Z\nEXERCISE\n"
TOLD = {
    "no head": f"About {NAME}, born 1980.",
    "a head of a log that is called so": HEAD.replace("a" * 32, NAME),
    "words under a head": checkpoints.build_note(HEAD, f"about {NAME}\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("checkpoint", TOLD)
def test_what_the_cover_of_a_package_says_is_erased_and_comes_back_with_no_other(
    ada: Side, bo: Side, tmp_path: Path, checkpoint: str
) -> None:
    """A name in each text of the cover, in the names of an addressee and of the sender."""
    (tmp_path / "persons.csv").write_text(f"name,birthDate\n{NAME},1980-02-03\n", "utf-8")
    (tmp_path / "note.txt").write_text("The crane stands at quay 7.", "utf-8")
    with closing(ada.case(title="Tip")) as theirs:
        theirs.add(tmp_path / "note.txt")
        path = packed(theirs, ada, bo)
    with bo.open(path) as opened:
        payload, cover = {name: opened.opened.read_content(name) for name in opened.opened.names}, opened.header.cover
    cover = replace(
        cover, title=NAME, mark=f"EXERCISE {NAME} · H1 · for {NAME}", reason=NAME, reference=NAME, conditions=(NAME,), handling=(NAME,),
        purpose=NAME, checkpoint=TOLD[checkpoint], inside={NAME: 1}, withheld={NAME: 1},
    )  # fmt: skip
    named = identity.create_temporary(NAME, bureau=f"Bureau {NAME}", country="QX")
    with closing(bo.case(title="Q")) as mine:
        mine.add(tmp_path / "persons.csv")
        entity = mine.entities().loc[lambda e: e["caption"] == NAME, "canonical_id"].iloc[0]
        for number in (1, 2):
            made = make_package(
                payload,
                replace(cover, created=f"2026-11-0{number}T00:00:00Z"),
                named,
                [bo.card, named.card],
                tmp_path / "s",
            )
            with bo.open(made.path) as opened:
                opened.add_to(mine, unknown_sender=True)
            if number == 1:
                mine.privacy.erase(entity, because="request", sure=True)
            assert not places(mine.context.ledger.connection)
        assert "EXERCISE CONFIDENTIAL · H1" in str(
            mine.context.ledger.connection.execute("SELECT entry FROM audit").fetchall()
        )
        assert (
            not (mine.log.verify()["state"] == "bad").any()
            and mine.packages.list()["state"].str.startswith("VALID").all()
        )


@pytest.mark.slow
def test_the_note_of_a_receipt_is_erased_and_comes_back_with_no_other(ada: Side, bo: Side, tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text(f"name,birthDate\n{NAME},1980-02-03\nIvo Rask,1981-01-02\n", "utf-8")
    with closing(ada.case(title="Tip")) as theirs, closing(bo.case(title="Q")) as mine:
        theirs.add(tmp_path / "persons.csv")
        entity = theirs.entities().loc[lambda e: e["caption"] == NAME, "canonical_id"].iloc[0]
        with bo.open(packed(theirs, ada, bo)) as opened:
            receipt = mine.packages.acknowledge(opened, note=f"{NAME} is our informant.")
        assert theirs.packages.check_receipt(receipt, trust=ada.trust).arrived
        assert places(theirs.context.ledger.connection)
        theirs.privacy.erase(entity, because="request", sure=True)
        assert not places(theirs.context.ledger.connection)
        assert theirs.packages.list()["receipts"].tolist() == [1]
        theirs.packages.check_receipt(receipt, trust=ada.trust)
        assert not places(theirs.context.ledger.connection) and not (theirs.log.verify()["state"] == "bad").any()
        count = theirs.context.ledger.connection.execute("SELECT count(*) FROM receipts").fetchone()
        assert count == (1,), "it is known"


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
