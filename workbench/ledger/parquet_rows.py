"""Mass rows (calls, transfers, positions): one Parquet file per run and table in the case's folder `rows/`.

A file is written under a temporary name, fsynced, renamed to a name out of its hash, and counts only once the ledger has
registered it in the transaction that finishes the run. What is not registered is ignored, and swept away later.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workbench.ledger.storage.file_vault import PLAIN, Vault, sync_folder
from workbench.ledger.storage.runs import RowFile, Run
from workbench.ledger.storage.safe_deletion import delete_file, is_left, is_rows, is_temporary, refuse_links
from workbench.model.rows import Batch
from workbench.model.table_schemas import build_arrow_schema

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    from workbench.ledger.ledger import Ledger

GROUP = 122_880
"""Rows that are written together, at least: DuckDB reads groups of this size well, and several at a time."""
DAY = 86_400.0
HIDDEN = ".writing-"


class RowsWriter:
    """Takes the batches of one run and writes one Parquet file per table.

    Parameters
    ----------
    folder : Path
        The case's folder `rows/`; made if missing.
    run : Run
        Whose rows they are; its source becomes the column `source`.
    vault : Vault
        By which the case's files are written.

    Examples
    --------
    >>> with RowsWriter(folder, run) as writer:  # doctest: +SKIP
    ...     writer.add(batch)
    ...     files = writer.close()
    >>> ledger.finish(run, rows, counts, files=files)  # doctest: +SKIP
    """

    def __init__(self, folder: Path, run: Run, vault: Vault = PLAIN) -> None:
        self.folder, self.run, self.vault = folder, run, vault
        self.open: dict[str, _Table] = {}

    def add(self, batch: Batch) -> None:
        """Take rows of one table.

        Raises
        ------
        KeyError
            If MASS has no table of that name.
        ValueError
            If the columns are not those that MASS fixes.
        """
        if batch.table not in self.open:
            self.open[batch.table] = _Table(self.folder, batch.table, self.run.source, self.vault)
        self.open[batch.table].add(batch.rows)

    def close(self) -> tuple[RowFile, ...]:
        """Finish the files and give what the ledger has to register. Tables without rows have none."""
        made = tuple(found for name in sorted(self.open) if (found := self.open[name].close()))
        self.open = {}
        if made:
            sync_folder(self.folder)
        return made

    def __enter__(self) -> RowsWriter:
        """Give the writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove what was not closed."""
        for table in self.open.values():
            table.drop()
        self.open = {}


class _Sink:
    """The file that is written, and the hash of what was."""

    def __init__(self, path: Path, descriptor: int, vault: Vault) -> None:
        self.path, self.descriptor = path, descriptor
        self.hash = hashlib.sha256()
        self.size = 0
        self.closed = False
        self.through = vault.open_writer(self._write_all)
        self.take = self.through.__enter__()

    def write(self, data: bytes) -> int:
        """Write all of it."""
        self.hash.update(data)
        self.take(data)
        self.size += len(data)
        return len(data)

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self.descriptor, view) :]

    def tell(self) -> int:
        """Bytes written so far."""
        return self.size

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Bring the bytes to the disk."""
        if not self.closed:
            self.through.__exit__(None, None, None)
            os.fsync(self.descriptor)
            self.drop()

    def drop(self) -> None:
        """Let go of the file, whole or not."""
        if not self.closed:
            self.closed = True
            os.close(self.descriptor)


class _Table:
    """The file of one table."""

    def __init__(self, folder: Path, name: str, source: str, vault: Vault) -> None:
        self.schema, self.vault = build_arrow_schema(name), vault
        refuse_links(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name, self.source = folder, name, source
        descriptor, path = tempfile.mkstemp(dir=folder, prefix=HIDDEN, suffix=".parquet")
        self.sink = _Sink(Path(path), descriptor, vault)
        self.writer: pq.ParquetWriter | None = None
        self.written = self.schema
        self.held: list[pa.RecordBatch] = []
        self.waiting = self.rows = 0

    def add(self, rows: pa.RecordBatch) -> None:
        """Hold rows until there are enough for a group."""
        if rows.schema.names != self.schema.names:
            raise ValueError(f"A batch of {self.name!r} has columns {rows.schema.names}, not {self.schema.names}.")
        self.held.append(rows)
        self.waiting += rows.num_rows
        if self.waiting >= GROUP:
            self._write()

    def close(self) -> RowFile | None:
        """Rename the file to its name for good; None where it has no rows."""
        if self.waiting:
            self._write()
        if self.writer is None:
            self.drop()
            return None
        self.writer.close()
        self.sink.close()
        sha256 = self.sink.hash.hexdigest()
        name = f"{self.name}-{sha256[:24]}.parquet"
        self.sink.path.chmod(0o444)
        refuse_links(self.folder)
        self.sink.path.replace(self.vault.place(self.folder / name))
        return RowFile(name, self.name, sha256, self.sink.size, self.rows)

    def drop(self) -> None:
        """Leave nothing behind."""
        self.sink.drop()
        delete_file(self.sink.path)

    def _write(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = self.schema.names
        columns = [self._build_column(index) for index in range(len(names))]
        origin = pa.DictionaryArray.from_arrays(pa.nulls(self.waiting, pa.int8()).fill_null(0), [self.source])
        table = pa.table([*columns, origin], names=[*names, "source"])
        if self.writer is None:
            self.written = table.schema
            self.writer = pq.ParquetWriter(
                self.sink, table.schema, compression="zstd", store_schema=False, **build_encoding(table.schema)
            )
        self.writer.write_table(table.cast(self.written), row_group_size=len(table))
        self.rows += len(table)
        self.held, self.waiting = [], 0

    def _build_column(self, index: int) -> pa.ChunkedArray:
        """One column of the rows that wait; texts that came dictionary-encoded stay so."""
        import pyarrow as pa

        chunks = [rows.column(index) for rows in self.held]
        kind = self.written.field(index).type if self.writer else chunks[0].type
        wanted = self.schema.field(index).type
        if not (pa.types.is_dictionary(kind) and kind.value_type == wanted):
            kind = wanted
        return pa.chunked_array([chunk.cast(kind) for chunk in chunks], kind).unify_dictionaries()


def build_encoding(schema: pa.Schema) -> dict[str, Any]:
    """Whole numbers and times as their differences; everything else by its different values."""
    import pyarrow as pa

    whole = [field.name for field in schema if pa.types.is_integer(field.type) or pa.types.is_timestamp(field.type)]
    others = [field.name for field in schema if field.name not in whole]
    kept = [field.name for field in schema if not pa.types.is_dictionary(field.type)]
    encoding = dict.fromkeys(whole, "DELTA_BINARY_PACKED")
    return {"use_dictionary": others, "column_encoding": encoding, "write_statistics": kept}


def list_live_files(ledger: Ledger) -> pd.DataFrame:
    """Files of live runs, in a fixed order: run_id, path (name in the folder), kind (table), source, sha256, size, rows."""
    import pandas as pd

    cursor = ledger.reader_connection.execute("SELECT * FROM live_row_files ORDER BY kind, source, run_id")
    return pd.DataFrame(cursor.fetchall(), columns=pd.Index([str(column[0]) for column in cursor.description]))


def list_registered(ledger: Ledger) -> frozenset[str]:
    """Names of all files that a run has registered, withdrawn ones too: they may be restored."""
    return frozenset(str(row[0]) for row in ledger.connection.execute("SELECT path FROM row_files"))


def list_damaged(ledger: Ledger, folder: Path, vault: Vault = PLAIN) -> list[str]:
    """Names of registered files that are missing or are not what was registered."""
    rows = ledger.connection.execute("SELECT DISTINCT path, sha256, size FROM row_files ORDER BY path").fetchall()
    return [name for name, sha256, size in rows if not vault.has_content(folder / name, sha256, size)]


def delete_unregistered_files(ledger: Ledger, folder: Path, older: float = DAY, *, vault: Vault = PLAIN) -> list[str]:
    """Delete files of mass rows that no run has registered and nobody has written to for `older` seconds; gives the names on the disk.

    Another notebook may be writing a file, or about to register one: a fresh file stays. So does what has another name than ours.
    """
    known, gone = {vault.place(folder / name).name for name in list_registered(ledger)}, []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_ours = is_temporary(path.name) or is_rows(path.name, sealed=vault.key is not None)
        if is_ours and path.name not in known and path.is_file() and is_left(path, older) and delete_file(path):
            gone.append(path.name)
    return gone
