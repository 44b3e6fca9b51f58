from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.errors import CaseError
from workbench.ledger.duckdb import Analytics, open_engine
from workbench.model.table_schemas import MASS, build_arrow_schema


def calls(path: Path, count: int = 3) -> Path:
    schema = build_arrow_schema("calls").append(pa.field("source", pa.string()))
    rows = {name: [None] * count for name in schema.names} | {"row": list(range(count)), "a": ["+447700900123"] * count}
    pq.write_table(pa.Table.from_pydict(rows, schema=schema), path)
    path.chmod(stat.S_IREAD)
    return path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Analytics]:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "other.parquet")
    with open_engine([("calls", calls(tmp_path / "it's.parquet"))], spill=tmp_path / "spill") as made:
        yield made


def test_each_mass_table_can_be_asked(engine: Analytics) -> None:
    assert list(engine.query_frame("SELECT a, count(*) AS n FROM calls GROUP BY a").itertuples(index=False)) == [
        ("+447700900123", 3)
    ]
    for table, columns in MASS.items():
        assert list(engine.query_frame(f"SELECT * FROM {table}").columns) == [*columns, "source"]
    assert engine.query_table("SELECT row FROM calls WHERE row > $low", {"low": 0}).num_rows == 2


FORBIDDEN = {
    "other file": "SELECT * FROM '{folder}/other.parquet'",
    "other file by function": "SELECT * FROM read_csv('/etc/passwd')",
    "any file as text": "SELECT * FROM read_text('/etc/passwd')",
    "list of files": "SELECT * FROM glob('{folder}/*')",
    "network": "SELECT * FROM 'https://example.org/a.csv'",
    "attach": "ATTACH '{folder}/x.db'",
    "attach a ledger": "ATTACH '{folder}/ledger.db' (TYPE sqlite)",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "settings": "SET memory_limit = '100GB'",
    "settings back": "RESET lock_configuration",
    "external access": "SET enable_external_access = true",
    "write a file": "COPY (SELECT 1) TO '{folder}/out.csv'",
    "overwrite a source": "COPY (SELECT 1) TO '{folder}/it''s.parquet' (USE_TMP_FILE false)",
    "write to the spill folder": "COPY (SELECT 1) TO '{folder}/spill/x.csv'",
    "export": "EXPORT DATABASE '{folder}/all'",
    "pragma": "PRAGMA memory_limit='1GB'",
    "secret": "CREATE SECRET (TYPE s3)",
    "two statements": "SELECT 1; SELECT 2",
    "change": "DELETE FROM transfers",
    "drop": "DROP VIEW calls",
    "environment": "SELECT getenv('HOME')",
    "nothing": "",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_forbidden_is_refused(engine: Analytics, tmp_path: Path, name: str) -> None:
    before = sorted(p.name for p in tmp_path.rglob("*"))
    with pytest.raises(CaseError):
        engine.query_frame(FORBIDDEN[name].format(folder=tmp_path))
    assert sorted(p.name for p in tmp_path.rglob("*")) == before
    assert len(engine.query_frame("SELECT * FROM calls")) == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", ["other file", "other file by function", "network", "attach", "install", "load", "settings",
                                  "settings back", "external access", "write a file", "export", "list of files"])  # fmt: skip
def test_the_engine_itself_refuses_behind_the_door(engine: Analytics, tmp_path: Path, name: str) -> None:
    import duckdb

    with pytest.raises(duckdb.Error):
        engine._connection.execute(FORBIDDEN[name].format(folder=tmp_path))


def test_variables_of_python_are_not_seen(engine: Analytics) -> None:
    hidden = pd.DataFrame({"x": [1]})
    assert len(hidden) == 1
    with pytest.raises(CaseError, match="failed: "):
        engine.query_frame("SELECT * FROM hidden")


def test_small_tables_of_the_ledger_can_be_joined(tmp_path: Path) -> None:
    names = pd.DataFrame({"number": ["+447700900123"], "name": ["Ada"]})
    with open_engine([("calls", calls(tmp_path / "a.parquet"))], frames={"names": names}) as engine:
        assert set(engine.query_frame("SELECT name FROM calls JOIN names ON a = number")["name"]) == {"Ada"}
        engine.hold("held", "SELECT * FROM calls WHERE row = $row", {"row": 1})
        assert len(engine.query_frame("SELECT * FROM held")) == 1


@pytest.mark.slow
def test_a_question_that_needs_memory_spills_or_fails(tmp_path: Path) -> None:
    big = "SELECT max(x) AS m FROM (SELECT row_number() OVER (ORDER BY h) AS x FROM (SELECT hash(range) AS h FROM range(3000000)))"
    with open_engine([], memory="30MB") as engine, pytest.raises(CaseError, match="Out of Memory"):
        engine.query_frame(big)
    with open_engine([], memory="60MB", spill=tmp_path / "spill") as engine:
        assert engine.query_frame(big)["m"][0] == 3_000_000
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "x.parquet")
    (tmp_path / "y.parquet").write_bytes(b"torn")
    for name in ("x.parquet", "y.parquet", "missing.parquet"):
        with pytest.raises(CaseError, match="The mass rows cannot be opened"):
            open_engine([("calls", tmp_path / name)])
