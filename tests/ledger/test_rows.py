from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.ledger import Ledger, Run
from workbench.ledger.parquet_rows import RowsWriter, delete_unregistered_files, list_damaged, list_live_files
from workbench.model.rows import Batch
from workbench.model.table_schemas import MASS, build_arrow_schema

RUN = Run("add", "table", "1", "ab" * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    made.connection.execute("INSERT INTO sources VALUES (?, 'x', 1, '', 'ada')", (RUN.source,))
    return made


def positions(first: int, count: int = 3, *, coded: bool = False) -> Batch:
    schema = build_arrow_schema("positions")
    rows = {name: [None] * count for name in schema.names} | {
        "document_id": ["d"] * count, "row": list(range(first, first + count)), "holder": ["Zoë"] * count,
    }  # fmt: skip
    batch = pa.RecordBatch.from_pydict(rows, schema=schema)
    if not coded:
        return Batch("positions", batch)
    columns = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in batch.columns]
    return Batch("positions", pa.RecordBatch.from_arrays(columns, names=schema.names))


def test_every_mass_table_has_a_schema() -> None:
    for table, columns in MASS.items():
        assert build_arrow_schema(table).names == list(columns)


@pytest.mark.parametrize("coded", [[False, False], [True, True], [True, False], [False, True]])
def test_rows_are_kept_with_their_source(
    tmp_path: Path, ledger: Ledger, coded: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.ledger.parquet_rows.GROUP", 2)
    folder = tmp_path / "rows"
    with RowsWriter(folder, RUN) as writer:
        writer.add(positions(1, coded=coded[0]))
        writer.add(positions(4, coded=coded[1]))
        files = writer.close()
    ledger.finish(RUN, [], {}, files=files)
    [file] = list_live_files(ledger).itertuples()
    assert (file.kind, file.rows, file.source) == ("positions", 6, RUN.source)
    table = pq.read_table(folder / file.path)
    assert table.column_names == [*MASS["positions"], "source"]
    assert table["row"].to_pylist() == [1, 2, 3, 4, 5, 6]
    assert set(table["holder"].to_pylist()) == {"Zoë"}
    assert set(table["source"].to_pylist()) == {RUN.source}
    assert table.schema.field("holder").type == pa.string()
    assert [p.name for p in folder.iterdir()] == [file.path]
    assert (folder / file.path).stat().st_mode & 0o222 == 0


def test_the_same_rows_are_the_same_file(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        with RowsWriter(tmp_path, RUN) as writer:
            writer.add(positions(1))
            made.append(writer.close())
    assert made[0] == made[1]


def test_what_is_not_registered_does_not_count_and_is_swept(tmp_path: Path, ledger: Ledger) -> None:
    with RowsWriter(tmp_path, RUN) as writer:
        writer.add(positions(1))
        files = writer.close()
    (tmp_path / ".writing-ab12cd3_.parquet").write_bytes(b"torn")
    assert list_live_files(ledger).empty
    assert delete_unregistered_files(ledger, tmp_path) == []
    assert delete_unregistered_files(ledger, tmp_path, older=0) == [".writing-ab12cd3_.parquet", files[0].path]
    assert not list(tmp_path.glob("*.parquet"))


def test_withdrawn_runs_do_not_show_and_come_back(tmp_path: Path, ledger: Ledger) -> None:
    with RowsWriter(tmp_path, RUN) as writer:
        writer.add(positions(1))
        ledger.finish(RUN, [], {}, files=writer.close())
    ledger.decide("run", [RUN.id], "withdrawn", "wrong file")
    assert list_live_files(ledger).empty
    assert delete_unregistered_files(ledger, tmp_path, older=0) == []
    ledger.decide("run", [RUN.id], "restored", "it was right")
    assert len(list_live_files(ledger)) == 1


def test_work_done_twice_counts_once(tmp_path: Path, ledger: Ledger) -> None:
    for first in (1, 2):
        with RowsWriter(tmp_path, RUN) as writer:
            writer.add(positions(first))
            ledger.finish(RUN, [], {}, files=writer.close())
    assert len(list_live_files(ledger)) == 1


def test_an_interrupted_writer_leaves_nothing(tmp_path: Path) -> None:
    wrong = Batch("positions", pa.record_batch({"x": [1]}))
    with RowsWriter(tmp_path, RUN) as writer:
        writer.add(positions(1))
        with pytest.raises(ValueError, match="A batch of 'positions' has columns"):
            writer.add(wrong)
    assert not list(tmp_path.iterdir())


def test_without_rows_there_is_no_file(tmp_path: Path) -> None:
    with RowsWriter(tmp_path, RUN) as writer:
        writer.add(positions(1, 0))
        assert writer.close() == ()
    assert not list(tmp_path.iterdir())


def test_a_changed_file_is_found(tmp_path: Path, ledger: Ledger) -> None:
    with RowsWriter(tmp_path, RUN) as writer:
        writer.add(positions(1))
        files = writer.close()
    ledger.finish(RUN, [], {}, files=files)
    assert list_damaged(ledger, tmp_path) == []
    path = tmp_path / files[0].path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert list_damaged(ledger, tmp_path) == [files[0].path]
    path.unlink()
    assert list_damaged(ledger, tmp_path) == [files[0].path]
