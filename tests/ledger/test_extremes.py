"""Mass rows and rows of a package with values beyond all limits: the file is refused, or the rest answers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.model.test_bounds import batch
from tests.scale import select_first
from workbench.errors import PackageError
from workbench.ledger import Run
from workbench.ledger.duckdb import open_engine
from workbench.ledger.parquet_rows import RowsWriter
from workbench.ledger.records.package_tables import REAL, TABLES, WHOLE
from workbench.ledger.transfer import parquet_export, row_validation

SOURCE = "ab" * 32


def written(folder: Path, **columns: list[object]) -> tuple[Path, dict[str, object]]:
    """A file of calls, and the row that names it in a package."""
    with RowsWriter(folder, Run("add", "table", "1", SOURCE)) as writer:
        writer.add(batch("calls", document_id=["d", "d"], row=[1, 2], a=["+1", "+1"], b=["+2", "+2"], **columns))
        [made] = writer.close()
    return folder / made.path, {
        "path": made.path,
        "kind": "calls",
        "source": SOURCE,
        "rows": made.rows,
        "sha256": made.sha256,
        "size": made.size,
    }


def test_what_lies_beyond_is_no_value_in_any_question(tmp_path: Path) -> None:
    path, _ = written(
        tmp_path, start=[1_700_000_000, 6_000_000_000_000], duration=[60, -(1 << 63)], lat=[51.9, 91.0], lon=[4.5, float("inf")],
    )  # fmt: skip
    with open_engine([("calls", path)]) as engine:
        rows = engine.query_frame('SELECT start, duration, lat, lon, epoch(start) AS s FROM calls ORDER BY "row"')
        assert rows["start"].notna().tolist() == [True, False]
        assert rows["duration"].tolist()[0] == 60 and rows["duration"].isna().tolist() == [False, True]
        assert rows["lat"].isna().tolist() == rows["lon"].isna().tolist() == [False, True]
        assert (
            engine.query_frame("SELECT max(start + to_seconds(duration)) AS m, sum(duration) AS d FROM calls")[
                "d"
            ].item()
            == 60
        )


@pytest.mark.parametrize("start", [1 << 52, -(1 << 52), 253402300800])
def test_a_file_of_a_package_with_a_time_that_no_engine_reads_is_refused(tmp_path: Path, start: int) -> None:
    path, row = written(tmp_path, start=[1_700_000_000, start])
    with pytest.raises(PackageError, match="column start"):
        parquet_export.check_file(path, row)  # type: ignore[arg-type]


def test_statistics_of_a_file_are_not_believed(tmp_path: Path) -> None:
    path, row = written(tmp_path, end=[None, 1 << 52])
    table = pq.read_table(path)
    pq.write_table(table, tmp_path / "bare.parquet", write_statistics=False)
    with pytest.raises(PackageError, match="column end"):
        parquet_export.check_file(tmp_path / "bare.parquet", row)  # type: ignore[arg-type]


def test_a_sound_file_is_taken(tmp_path: Path) -> None:
    path, row = written(tmp_path, start=[1_700_000_000, None], end=[253_000_000_000, -62_000_000_000])
    parquet_export.check_file(path, row)  # type: ignore[arg-type]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    assert pa.types.is_timestamp(pq.read_schema(path).field("start").type)


@pytest.mark.parametrize("stated", [{"sha256": "0" * 64}, {"size": 1}])
def test_a_file_that_is_not_the_one_that_its_row_states_is_refused(tmp_path: Path, stated: dict[str, object]) -> None:
    path, row = written(tmp_path)
    with pytest.raises(PackageError, match="SHA-256"):
        parquet_export.check_file(path, {**row, **stated})  # type: ignore[arg-type, dict-item]


def test_rows_without_a_document_are_told_and_refused(tmp_path: Path) -> None:
    path, row = written(tmp_path)
    table = pq.read_table(path)
    at = table.schema.get_field_index("document_id")
    pq.write_table(table.set_column(at, "document_id", pa.array(["d", None])), tmp_path / "bare.parquet")
    for name, targets in (
        (path, [("document", "d")]),
        (tmp_path / "bare.parquet", [("document", "d"), ("document", "")]),
    ):
        assert parquet_export.list_targets(name) == targets
        for brought in ((), ("e",), *([("d",)] if len(targets) > 1 else [])):
            with pytest.raises(PackageError, match="without a document"):
                parquet_export.check_documents(row, targets, brought)  # type: ignore[arg-type]
    parquet_export.check_documents(row, [("document", "d"), ("entity", "x")], {"d"})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300, 10**400])
def test_a_row_of_a_package_with_a_number_that_is_none_is_refused(value: float) -> None:
    tables = [(table, name) for table, made in TABLES.items() for name, kind in made.columns.items() if kind is REAL]
    assert tables
    empty = {WHOLE: 0, REAL: 0.5}
    for table, name in tables:
        row = {column: empty.get(kind, "") for column, kind in TABLES[table].columns.items()} | {name: value}
        with pytest.raises(PackageError):
            row_validation.check_row(table, row)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.validation
@pytest.mark.parametrize("column", select_first(["source", "document_id", "operator", "dq"]))
def test_a_text_that_stands_for_gigabytes_is_refused_before_it_is_unfolded(tmp_path: Path, column: str) -> None:
    path, row = written(tmp_path)
    table = pa.concat_tables([pq.read_table(path)] * 100_000)
    at, text = table.schema.get_field_index(column), pa.array(["x" * 20_000])
    folded = pa.DictionaryArray.from_arrays(pa.array([0] * table.num_rows, pa.int32()), text)
    pq.write_table(table.set_column(at, column, folded), tmp_path / "folded.parquet")
    began = pa.total_allocated_bytes()
    with pytest.raises(PackageError, match="more text"):
        parquet_export.check_file(tmp_path / "folded.parquet", {**row, "rows": table.num_rows})  # type: ignore[dict-item]
    assert pa.total_allocated_bytes() - began < 100 << 20
