"""All rows of a case, to be compared with those of another: everything but times and what is salted."""

from __future__ import annotations

import hashlib
from pathlib import Path

from workbench.case.case import Case

APART = (
    "audit",
    "audit_v1",
    "audit_texts",
    "audit_bound",
    "checkpoints",
    "case_facts",
    "row_marks",
    "row_salts",
    "words",
    "sqlite",
)
"""Tables of the log, whose entries are salted and timed, and the pages of the index of words."""
TIMES = frozenset({"at", "received_at", "finished_at"})


def list_rows(case: Case) -> dict[str, list[tuple[object, ...]]]:
    """Rows of every table of the ledger as they lie there, in the order in which they lie there."""
    sql = case.context.ledger.connection
    tables = [name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in tables:
        if not table.startswith(APART):
            kept = [
                row[1]
                for row in sql.execute(f"PRAGMA table_info({table})")
                if row[1] not in TIMES or table == "documents"
            ]
            found[table] = sql.execute(f"SELECT {', '.join(kept)} FROM {table}").fetchall()
    return found


def list_files(case: Case) -> dict[str, str]:
    """Files of the case but its ledger, its settings and what is derived, by path: their digests."""
    top = case.context.folder.path
    return {
        path.relative_to(top).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ("sources", "rows") for path in sorted((top / name).rglob("*")) if path.is_file()
    }  # fmt: skip


def find_texts(folder: Path, texts: list[bytes]) -> list[Path]:
    """Files below a folder that hold one of some texts."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(text in path.read_bytes() for text in texts)
    ]
