"""A table that was made before an erasure brings back nothing of what was erased, and all else as ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from workbench.case.case import Case
from workbench.model.ids import compute_sha256

NAME, OTHER = "Cleo Dunn", "Dora Finch"


@pytest.fixture
def case(opened: Callable[..., Case], tmp_path: Path) -> Case:
    made = opened()
    (tmp_path / "memo.txt").write_text(f"{OTHER} met {NAME}, call +447700900555.\n")
    (tmp_path / "o.txt").write_text(f"{OTHER} again.\n")
    made.add(tmp_path)
    made.extract()
    made.evidence.classify([NAME], "suspect", because="seen")
    return made


@pytest.mark.parametrize("how", ["as it is", "without ids", "as decided"])
def test_a_statement_that_was_erased_comes_in_with_no_table(case: Case, how: str) -> None:
    rows = case.evidence.list()
    whose = set(rows.loc[rows["value"].str.contains("Dunn", na=False), "entity_id"])
    mine = rows[rows["entity_id"].isin(whose)]
    kept = rows[rows["value"] == OTHER].head(1)
    case.privacy.erase(NAME, because="request 1", sure=True)
    table = pd.concat([mine, kept])
    if how == "without ids":
        table = table[["entity_id", "schema", "prop", "value"]].assign(kind="suggested")
    elif how == "as decided":
        table = table.assign(kind="decided")
    answer = case.evidence.add(table, because="table of an old notebook")
    assert list(answer["state"].head(len(mine))) == ["rejected"] * len(mine) and answer["state"].iloc[-1] != "rejected"
    assert all("request 1" in why for why in answer["why"].head(len(mine)))
    again = case.evidence.list()
    assert not again["value"].str.contains("Dunn", na=False).any() and not set(again["entity_id"]) & whose
    assert "bad" not in set(case.log.verify()["state"])


def test_what_an_officer_states_in_own_words_after_an_erasure_is_new(case: Case) -> None:
    case.privacy.erase(NAME, because="request 1", sure=True)
    passage = case.context.passages["passage_id"].iloc[0]
    case.evidence.add("Person", source=passage, because="a new lawful ground", name=NAME)
    assert case.evidence.list()["value"].eq(NAME).any()


def test_the_records_behind_an_older_answer_write_nothing_erased_into_the_log(
    opened: Callable[..., Case], tmp_path: Path
) -> None:
    number = "+447700900177"
    rows = "".join(f"+447700900177;+44770090020{day};2024-03-0{day}T10:00:00;{day}\n" for day in range(1, 6))
    (tmp_path / "calls.csv").write_text(f"calling number;called number;start time;duration\n{rows}")
    (tmp_path / "people.csv").write_text(f"name,phone\nQuillon Fetherstone,{number}\nBo Marsh,+447700900201\n")
    ada, bob = opened(), opened(officer="bob")
    for name in ("calls.csv", "people.csv"):
        ada.add(tmp_path / name)
    answer = bob.calls.contacts(number)
    assert len(answer.table)
    ada.privacy.erase("Quillon Fetherstone", because="request 7", sure=True)
    answer.records()
    assert not bob.log.entries().astype(str).apply(lambda column: column.str.contains("7700900177")).any(axis=None)
    bob.close()
    ada.close()
    folder = ada.context.folder.path
    assert not [path for path in folder.rglob("*") if path.is_file() and b"7700900177" in path.read_bytes()]


@pytest.mark.parametrize("document", [None, "", "f" * 24])
def test_mass_rows_of_no_document_go_with_the_file_from_which_they_were_read(
    opened: Callable[..., Case], tmp_path: Path, document: str | None
) -> None:
    """Cases may hold such rows of older packages: their file once stayed on the disk with all numbers, registered nowhere."""
    rows = "".join(f"+447700900177;+44770090020{day};2024-03-0{day}T10:00:00;{day}\n" for day in range(1, 6))
    (tmp_path / "calls.csv").write_text(f"calling number;called number;start time;duration\n{rows}")
    case = opened()
    case.add(tmp_path / "calls.csv")
    put_under(case, document)
    shown = case.privacy.erase("calls.csv", because="request 8").set_index("what")["number"]
    assert shown["rows of calls, transfers, positions"] == 5
    case.privacy.erase("calls.csv", because="request 8", sure=True)
    assert not list(case.context.folder.rows.glob("*.parquet"))
    assert "bad" not in set(case.log.verify()["state"])


def put_under(case: Case, document: str | None) -> None:
    """Put every second mass row of a case under another document."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    [old] = case.context.folder.rows.glob("*.parquet")
    table = pq.read_table(old)
    at = table.schema.get_field_index("document_id")
    named = [document if number % 2 else one for number, one in enumerate(table.column(at).to_pylist())]
    new = old.with_suffix(".new")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(named, table.schema.field(at).type)), new)
    key = compute_sha256(new)
    new.rename(made := old.with_name(f"calls-{key[:24]}.parquet"))
    old.unlink()
    with case.context.ledger.open_transaction() as sql:
        sql.execute("UPDATE row_files SET path = ?, sha256 = ?, size = ?", (made.name, key, made.stat().st_size))


def test_the_title_of_a_case_is_erased_in_the_session_too(opened: Callable[..., Case], tmp_path: Path) -> None:
    case = opened()
    path = case.context.folder.path / "case.toml"
    text = path.read_text("utf-8")
    case.close()
    old = next(line for line in text.splitlines() if line.startswith("title"))
    path.write_text(text.replace(old, f'title = "Operation {NAME}"'), "utf-8")
    case = opened()
    (tmp_path / "memo.txt").write_text(f"{OTHER} met {NAME}.\n")
    case.add(tmp_path / "memo.txt")
    case.extract()
    assert NAME in repr(case)
    case.privacy.erase(NAME, because="request 1", sure=True)
    assert NAME not in repr(case) and NAME not in case.report(tmp_path / "report.html").read_text("utf-8")
