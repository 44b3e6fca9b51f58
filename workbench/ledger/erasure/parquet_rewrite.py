"""A file of mass rows again without what is erased, under a name of its own."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ledger.parquet_rows import build_encoding
from workbench.ledger.storage.file_vault import Vault
from workbench.ledger.storage.runs import RowFile
from workbench.model.pseudonyms.name_matching import ERASED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

NAMES = ("document_id", "source", "zone", "zone_basis")
"""Columns that name no person."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What passes.

    Attributes
    ----------
    documents : frozenset of str
        Documents whose rows go.
    rows : mapping
        Document -> numbers of rows that go.
    wide, near : callable
        From a text to the text without what is struck: in every row; and in rows in which `wide` struck something, all of it.
    sources : mapping
        Source -> the one that takes its place.
    """

    documents: frozenset[str]
    rows: Mapping[str, set[int]]
    wide: Callable[[str], str]
    near: Callable[[str], str]
    sources: Mapping[str, str]


def rewrite_file(path: Path, kind: str, sieve: Sieve, vault: Vault, *, keep: bool) -> tuple[RowFile | None, int] | None:
    """The file without what goes, and how many rows were left out or changed; None if it stays as it is.

    The file is written only with `keep`; without, the answer tells what would be written. No file: no row is left.
    """
    import pyarrow.parquet as pq

    with vault.open(path) as content, pq.ParquetFile(content) as file:
        groups = [_filter_table(file.read_row_group(number), sieve) for number in range(file.num_row_groups)]
    changed = sum(count for _, count, _ in groups)
    if not changed and not any(renamed for *_, renamed in groups):
        return None
    tables = [table for table, *_ in groups if len(table)]
    if not tables:
        return None, changed
    data = _encode_tables(tables)
    sha256 = hashlib.sha256(data).hexdigest()
    made = RowFile(f"{kind}-{sha256[:24]}.parquet", kind, sha256, len(data), sum(map(len, tables)))
    if keep:
        vault.write(path.parent / made.path, data).chmod(0o444)
    return made, changed


def _encode_tables(tables: list[pa.Table]) -> bytes:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    schema = tables[0].schema
    with pq.ParquetWriter(buffer, schema, compression="zstd", store_schema=False, **build_encoding(schema)) as writer:
        for table in tables:
            writer.write_table(table.cast(schema), row_group_size=len(table))
    return buffer.getvalue()


def _filter_table(table: pa.Table, sieve: Sieve) -> tuple[pa.Table, int, bool]:
    """Rows that stay, how many went or were changed, and whether their source has another name."""
    before = len(table)
    table = _drop_rows(table, sieve)
    _, hit = _redact_texts(table, sieve.wide, None)
    if hit is not None:
        table, _ = _redact_texts(table, sieve.near, hit)
    table, renamed = _rename_sources(table, sieve.sources)
    return table, before - len(table) + (int(hit.sum()) if hit is not None else 0), renamed


def _drop_rows(table: pa.Table, sieve: Sieve) -> pa.Table:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    documents = _to_texts(table["document_id"])
    keep = pc.invert(pc.is_in(documents, value_set=pa.array(sorted(sieve.documents), pa.string())))
    for document, numbers in sieve.rows.items():
        gone = pc.and_(
            pc.equal(documents, document), pc.is_in(table["row"], value_set=pa.array(sorted(numbers), pa.int64()))
        )
        keep = pc.and_(keep, pc.invert(gone))
    return table if np.all(keep.to_numpy(zero_copy_only=False)) else table.filter(keep)


def _redact_texts(
    table: pa.Table, strike: Callable[[str], str], among: npt.NDArray[np.bool_] | None
) -> tuple[pa.Table, npt.NDArray[np.bool_] | None]:
    """The table with texts struck (in the rows `among`, all if None), and in which rows; None if in none."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    hit = None
    for number, field in enumerate(table.schema):
        if field.name in NAMES or not (pa.types.is_string(field.type) or pa.types.is_dictionary(field.type)):
            continue
        coded = _to_texts(table[field.name]).combine_chunks().dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        words = coded.dictionary.to_pylist()
        made = [_clean_cell(strike(word)) if word else word for word in words]
        changed = [one != other for one, other in zip(made, words, strict=True)]
        if not any(changed):
            continue
        rows = np.take(
            np.array([*changed, False]), coded.indices.fill_null(len(changed)).to_numpy(zero_copy_only=False)
        )
        rows = rows if among is None else rows & among
        new = pa.array(made, pa.string()).take(coded.indices)
        column = pc.if_else(pa.array(rows), new, _to_texts(table[field.name]).combine_chunks())
        table = table.set_column(number, field, pa.chunked_array([column]).cast(field.type))
        hit = rows if hit is None else hit | rows
    return table, hit


def _clean_cell(text: str) -> str:
    """A cell that held nothing else is empty: an answer that counts numbers must not count it."""
    return "" if text.replace(ERASED, "").strip(" +") == "" else text


def _rename_sources(table: pa.Table, sources: Mapping[str, str]) -> tuple[pa.Table, bool]:
    import pyarrow as pa

    column = table["source"]
    names = column.unique().to_pylist()
    if not any(name in sources for name in names):
        return table, False
    coded = _to_texts(column).combine_chunks()
    values = (
        [sources.get(name, name) for name in coded.to_pylist()] if len(names) > 1 else [sources[names[0]]] * len(table)
    )
    number = table.schema.get_field_index("source")
    made = pa.array(values, pa.string()).dictionary_encode()
    return table.set_column(number, "source", made), True


def _to_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    return column.cast(pa.string())
