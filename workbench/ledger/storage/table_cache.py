"""Saves derived tables under `derived/tables`, so that reopening a case does not rebuild them.

Each is an Arrow file with the state of the ledger for which it was made. It is used only by the user who saved it: a code over all its
bytes, made with a key in that user's home, shows whether anybody else has written it. A file that cannot be read, or that another
program or ledger has made, is ignored. An erasure deletes the folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from workbench.errors import CaseError, IdentityError
from workbench.identity.core import key_store
from workbench.ledger.storage.safe_deletion import delete_file

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from workbench.ledger.storage.case_folder import Folder

CACHE_VERSION = 1
"""Raise it when the content of a saved table, or the layout of its file, changes."""
SMALLEST = 5_000
"""Rows of a table that is saved. Smaller tables are faster to rebuild than to load."""
MAC_SIZE = 32
"""Bytes of the message authentication code at the start of a file."""
STATE = b"caseledger"
"""Key of the state in the metadata of an Arrow file."""
BATCH_ROWS = 1 << 16
"""Rows of a batch in the file."""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The state of the ledger for which a table was made.

    Attributes
    ----------
    entry : int
        Number of an entry of the log: the table tells of the rows that were there with it.
    leaf : str
        What the log commits to with it (hexadecimal), which no other ledger has.
    runs : tuple of str
        Ids of the runs that counted.
    """

    entry: int
    leaf: str
    runs: tuple[str, ...]


def save_table(folder: Folder, name: str, table: pd.DataFrame, state: LedgerState) -> Path | None:
    """Save a table for the next session; its file, None if it was not saved: too small, no table for Arrow, or nothing can be written."""
    with suppress(*_list_errors()):
        key = key_store.load_table_key()
        path = _get_path(folder, name, key)
        if len(table) >= SMALLEST:
            body = _pack_table(table, state)
            folder.vault.write(path, _compute_mac(key, name, body) + body)
            return path
        remove_table(folder, path)
    return None


def load_table(folder: Folder, name: str) -> tuple[LedgerState, pd.DataFrame] | None:
    """A table that this user has saved, and the state for which it was made."""
    import pyarrow as pa

    try:
        key = key_store.load_table_key()
        content = memoryview(folder.vault.read(_get_path(folder, name, key)))
        code, body = content[:MAC_SIZE], content[MAC_SIZE:]
        if not hmac.compare_digest(code, _compute_mac(key, name, body)):
            return None
        rows = pa.ipc.open_file(pa.py_buffer(body)).read_all()
        told = json.loads((rows.schema.metadata or {})[STATE])
        if told.pop("made_by") != _get_cache_version():
            return None
        return LedgerState(int(told["entry"]), str(told["leaf"]), tuple(told["runs"])), rows.to_pandas()
    except _list_errors():
        return None


def _list_errors() -> tuple[type[Exception], ...]:
    """What may go wrong with a file that no answer depends on."""
    import pyarrow as pa

    return OSError, CaseError, IdentityError, pa.ArrowException, LookupError, TypeError, ValueError


def remove_table(folder: Folder, path: Path) -> None:
    """Delete the file of a table, where there is one."""
    with suppress(OSError):
        delete_file(folder.vault.place(path))


def _get_path(folder: Folder, name: str, key: bytes) -> Path:
    """The file of a table: each user of a case has one of their own."""
    user = hashlib.sha256(key).hexdigest()[:8]
    return folder.derived / "tables" / f"{name.replace(' ', '-')}.{user}.arrow"


def _compute_mac(key: bytes, name: str, body: bytes | memoryview) -> bytes:
    """The authentication code of a file (keyed BLAKE2b, RFC 7693)."""
    made = hashlib.blake2b(name.encode() + b"\0", key=key, digest_size=MAC_SIZE)
    made.update(body)
    return made.digest()


def _pack_table(table: pd.DataFrame, state: LedgerState) -> bytes:
    """A table as an Arrow file."""
    import pyarrow as pa

    rows = pa.Table.from_pandas(table, preserve_index=False)
    told: Mapping[str, object] = {**asdict(state), "made_by": _get_cache_version()}
    rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), STATE: json.dumps(told).encode()})
    packed = pa.BufferOutputStream()
    with pa.ipc.new_file(packed, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(rows, max_chunksize=BATCH_ROWS)
    return bytes(packed.getvalue())


@lru_cache(maxsize=1)
def _get_cache_version() -> str:
    """What must be equal for this program to use a saved table."""
    import pandas as pd

    return f"{version('caseledger')} {CACHE_VERSION} {pd.__version__}"
