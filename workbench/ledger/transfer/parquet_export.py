"""Files of mass rows for another bureau: as they are where nothing in them is withheld, else written anew without it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import PackageError
from workbench.ledger.duckdb import Analytics, open_engine
from workbench.ledger.exclusions.exclusion_rules import Hidden
from workbench.ledger.parquet_rows import RowsWriter
from workbench.ledger.records.package_tables import Row
from workbench.ledger.storage.file_vault import PLAIN, Vault
from workbench.ledger.storage.runs import Run
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_sha256
from workbench.model.rows import Batch
from workbench.model.table_schemas import MASS, build_arrow_schema
from workbench.model.values.columns import is_within

if TYPE_CHECKING:
    import pyarrow as pa

NAMED = {"document_id": "document", "holder": "entity"}
"""Columns of mass rows that name a thing, and its kind."""
PIECE = 100_000
"""Rows that are looked at together."""
TEXT, TEXT_A_ROW = 16 << 20, 1 << 10
"""Bytes that a file of mass rows may unpack to at most, and so many more for each row: a few packed bytes can stand for any text."""


def export_files(
    files: Sequence[Row], folder: Path, aside: Hidden, target: Path, vault: Vault = PLAIN
) -> Iterator[tuple[Row, Path]]:
    """What may go of files of mass rows: their rows of the table `row_files`, and where each lies.

    Parameters
    ----------
    files : sequence of Row
        Rows of `row_files`.
    folder : Path
        The case's `rows/`.
    aside : Hidden
        What is withheld, as `hidden_bulk_rows.load_hidden` gives it.
    target : Path
        Folder for files that are written anew; such a row has another hash, size and number of rows than the one given.
    vault : Vault
        Of the case; what an encrypted one holds comes decrypted into the target.
    """
    for row in files:
        path, table = folder / str(row["path"]), str(row["kind"])
        if aside == Hidden():
            yield row, _get_plain_path(vault, path, target)
            continue
        with open_engine([(table, path)], aside=aside, vault=vault) as engine:
            kept = _count_rows(engine, table)
            if kept == row["rows"]:
                yield row, _get_plain_path(vault, path, target)
            elif kept:
                columns = ", ".join(f'"{name}"' for name in MASS[table])
                yield _write_rows(row, engine.query_table(f"SELECT {columns} FROM {table}"), target)


def has_hidden_rows(row: Mapping[Hashable, Any], folder: Path, aside: Hidden, vault: Vault = PLAIN) -> bool:
    """Whether a file of mass rows (its row of `row_files`) has rows that are withheld; all else as in `export_files`."""
    table = str(row["kind"])
    with open_engine([(table, folder / str(row["path"]))], aside=aside, vault=vault) as engine:
        return _count_rows(engine, table) != int(row["rows"])


def _count_rows(engine: Analytics, table: str) -> int:
    return int(engine.query_table(f"SELECT count(*) AS n FROM {table}")["n"][0].as_py())


def _get_plain_path(vault: Vault, path: Path, target: Path) -> Path:
    """The file as it is; of an encrypted case a decrypted copy."""
    if not vault.key:
        return path
    target.mkdir(parents=True, exist_ok=True)
    with vault.open(path) as content, (target / path.name).open("wb") as copy:
        shutil.copyfileobj(content, copy, 1 << 20)
    return target / path.name


def _write_rows(row: Row, kept: pa.Table, target: Path) -> tuple[Row, Path]:
    table = str(row["kind"])
    with RowsWriter(target, Run("package", "package", "1", str(row["source"]))) as writer:
        for piece in kept.cast(build_arrow_schema(table)).to_batches(PIECE):
            writer.add(Batch(table, piece))
        [made] = writer.close()
    new: Row = {"path": made.path, "sha256": made.sha256, "size": made.size, "rows": made.rows}
    return {**row, **new}, target / made.path


def check_file(path: Path, row: Row) -> None:
    """See that a file of a stranger is the one that its row states, and holds mass rows of its table and source, and no others.

    Raises
    ------
    PackageError
        If it does not.
    """
    import pyarrow as pa

    name = f"rows/{row['path']}"
    try:
        _check_columns(path, row, name)
        _check_rows(path, row, name)
        _check_bytes(path, row, name)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise PackageError(
            Sentence(
                "{name} in the package is not a file of mass rows ({error}). Nothing was imported. Tell the sender.",
                name=name,
                error=str(error).splitlines()[0][:120],
            ),
            name,
        ) from error


def _check_columns(path: Path, row: Row, name: str) -> None:
    """See that a file has the columns and rows of its table, and unpacks to no more than such rows have."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        wanted = {field.name: _get_value_type(field.type) for field in build_arrow_schema(str(row["kind"]))} | {
            "source": pa.string()
        }
        found = {field.name: _get_value_type(field.type) for field in file.schema_arrow}
        if found != wanted or file.metadata.num_rows != row["rows"]:
            raise PackageError(
                Sentence(
                    "{name} in the package does not have the expected columns or the expected number of rows. "
                    "Nothing was imported. Tell the sender.",
                    name=name,
                ),
                name,
            )
        groups = (file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups))
        if sum(map(abs, groups)) > _compute_max_text(row):
            raise PackageError(
                Sentence(
                    "{name} in the package contains more text than is normal for this number of rows. Nothing was "
                    "imported. Tell the sender.",
                    name=name,
                ),
                name,
            )


def _check_rows(path: Path, row: Row, name: str) -> None:
    """See that rows are of their source, within the calendar, and hold no more text than such rows have."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts, left = _list_text_columns(row), _compute_max_text(row)
    times = [field.name for field in build_arrow_schema(str(row["kind"])) if pa.types.is_timestamp(field.type)]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        for piece in file.iter_batches(PIECE, columns=[*texts, *times]):
            left -= sum(_compute_length(piece.column(column)) for column in texts)
            if left < 0:
                raise PackageError(
                    Sentence(
                        "{name} in the package contains more text than is normal for this number of rows. Nothing was "
                        "imported. Tell the sender.",
                        name=name,
                    ),
                    name,
                )
            if set(piece.column("source").unique().to_pylist()) != {row["source"]}:
                raise PackageError(
                    Sentence(
                        "{name} in the package contains rows from a source other than the one that the package states. "
                        "Nothing was imported. Tell the sender.",
                        name=name,
                    ),
                    name,
                )
            if far := [column for column in times if not is_within(piece.column(column))]:
                raise PackageError(
                    Sentence(
                        "{name} in the package contains a time that is not valid (column {column}). Nothing was "
                        "imported. Tell the sender.",
                        name=name,
                        column=far[0],
                    ),
                    name,
                )


def _check_bytes(path: Path, row: Row, name: str) -> None:
    """See that a file has the size and the SHA-256 under which it is registered: another one would count as damaged from then on."""
    if path.stat().st_size != row["size"] or compute_sha256(path) != row["sha256"]:
        raise PackageError(
            Sentence(
                "{name} does not match the package: its SHA-256 hash or size differs. Nothing was imported. Tell the "
                "sender.",
                name=name,
            ),
            name,
        )


def check_documents(row: Row, targets: Iterable[tuple[str, str]], brought: Collection[str]) -> None:
    """See that mass rows lie under documents that their reading brings: rows of no document are hidden and erased with none.

    Raises
    ------
    PackageError
        If one of them does not.
    """
    if all(key in brought for kind, key in targets if kind == "document"):
        return
    name = f"rows/{row['path']}"
    raise PackageError(
        Sentence(
            "{name} in the package contains rows without a document, or rows of a document that the package does not "
            "contain for that file. Nothing was imported. Tell the sender.",
            name=name,
        ),
        name,
    )


def list_targets(path: Path) -> list[tuple[str, str]]:
    """Kind and id of each document and entity that mass rows name; a document '' where a row names none."""
    import pyarrow.parquet as pq

    found: dict[tuple[str, str], None] = {}
    columns = {name: kind for name, kind in NAMED.items() if name in pq.read_schema(path).names}
    with pq.ParquetFile(path, read_dictionary=list(columns)) as file:
        for piece in file.iter_batches(PIECE, columns=list(columns)):
            for name, values in zip(piece.schema.names, piece.columns, strict=True):
                keys = values.unique().to_pylist()
                kept = keys if columns[name] == "document" else filter(None, keys)
                found.update(((columns[name], str(key or "")), None) for key in kept)
    return list(found)


def _compute_max_text(row: Row) -> int:
    """Bytes that a file of mass rows may unpack to."""
    return TEXT + TEXT_A_ROW * int(row["rows"])


def _list_text_columns(row: Row) -> list[str]:
    """Columns of texts of a file of mass rows. Read by their dictionary, a text that stands in all rows is held once."""
    import pyarrow as pa

    return [
        "source",
        *(
            field.name
            for field in build_arrow_schema(str(row["kind"]))
            if pa.types.is_string(_get_value_type(field.type))
        ),
    ]


def _compute_length(column: pa.DictionaryArray) -> int:
    """Bytes of all texts in a column, each as often as it stands there."""
    import pyarrow.compute as pc

    return pc.sum(pc.binary_length(column.dictionary).take(column.indices).cast("int64")).as_py() or 0


def _get_value_type(kind: pa.DataType) -> pa.DataType:
    """The type of values: without their encoding; times of one unit, as Parquet knows no seconds."""
    import pyarrow as pa

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.timestamp("ms") if pa.types.is_timestamp(kind) else kind
