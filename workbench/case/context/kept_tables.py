"""Derived tables on the disk, under `derived/tables`: a case that is opened again need not make them anew.

Each is a file of Arrow with the state of the ledger for which it was made. It counts only for who made it: a code over all its bytes, made
with a key in the home of the user, tells whether anybody else has written it. What cannot be read, or is of another program or another
ledger, is passed over. An erasure deletes the folder.
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

    from workbench.ledger import Folder

FORM = 1
"""Raised whenever a table that is kept says something else, or lies otherwise in its file."""
SMALLEST = 5_000
"""Rows of a table that is kept; a smaller one is made in no time."""
CODE = 32
"""Bytes of the code that a file begins with."""
STATE = b"caseledger"
"""Name of the state within a file of Arrow."""
PIECE = 1 << 16
"""Rows that are packed at once."""


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
    """Keep a table for the next session; its file, None where it was not kept: it is small, or nothing can be written there."""
    with suppress(OSError, CaseError, IdentityError):
        key = key_store.load_table_key()
        path = _get_path(folder, name, key)
        if len(table) >= SMALLEST:
            body = _pack_table(table, state)
            folder.vault.write(path, _compute_code(key, name, body) + body)
            return path
        remove_table(folder, path)
    return None


def load_table(folder: Folder, name: str) -> tuple[LedgerState, pd.DataFrame] | None:
    """A table that this user has kept, and the state for which it was made."""
    import pyarrow as pa

    try:
        key = key_store.load_table_key()
        content = memoryview(folder.vault.read(_get_path(folder, name, key)))
        code, body = content[:CODE], content[CODE:]
        if not hmac.compare_digest(code, _compute_code(key, name, body)):
            return None
        rows = pa.ipc.open_file(pa.py_buffer(body)).read_all()
        told = json.loads((rows.schema.metadata or {})[STATE])
        if told.pop("made_by") != _get_form():
            return None
        return LedgerState(int(told["entry"]), str(told["leaf"]), tuple(told["runs"])), rows.to_pandas()
    except (OSError, CaseError, IdentityError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None


def remove_table(folder: Folder, path: Path) -> None:
    """Delete the file of a table, where there is one."""
    with suppress(OSError):
        delete_file(folder.vault.place(path))


def _get_path(folder: Folder, name: str, key: bytes) -> Path:
    """Where a user keeps a table; each user of a case has a file of their own."""
    user = hashlib.sha256(key).hexdigest()[:8]
    return folder.derived / "tables" / f"{name.replace(' ', '-')}.{user}.arrow"


def _compute_code(key: bytes, name: str, body: bytes | memoryview) -> bytes:
    """The code of a file (BLAKE2b with a key, RFC 7693)."""
    made = hashlib.blake2b(name.encode() + b"\0", key=key, digest_size=CODE)
    made.update(body)
    return made.digest()


def _pack_table(table: pd.DataFrame, state: LedgerState) -> bytes:
    """A table as a file of Arrow."""
    import pyarrow as pa

    rows = pa.Table.from_pandas(table, preserve_index=False)
    told: Mapping[str, object] = {**asdict(state), "made_by": _get_form()}
    rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), STATE: json.dumps(told).encode()})
    packed = pa.BufferOutputStream()
    with pa.ipc.new_file(packed, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(rows, max_chunksize=PIECE)
    return bytes(packed.getvalue())


@lru_cache(maxsize=1)
def _get_form() -> str:
    """What tells whether this program would make the same table."""
    import pandas as pd

    return f"{version('caseledger')} {FORM} {pd.__version__}"
