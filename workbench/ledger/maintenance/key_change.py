"""A change of who can open an encrypted case. The log decides: what it does not tell of counts for nothing.

What comes is written beside, in one file; the log names that file by its hash; then it is put in place. Whatever interrupts it, the
files of before count until the entry is in the log, and those that come from then on. The entry holds the SHA-256 of every key file
that stands after it: a file of before that somebody puts back opens the case no more.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage import case_key
from workbench.ledger.storage.case_key import CaseKey
from workbench.ledger.storage.file_vault import open_case_file
from workbench.ledger.storage.safe_deletion import delete_file, refuse_links
from workbench.ledger.storage.sqlite_cipher import build_open_error, open_read_only
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import read_bounded, write_atomic

if TYPE_CHECKING:
    from sqlite3 import Connection

    from workbench.ledger.ledger import Ledger

FILE = "coming.json"
KIND = "case key"
LARGEST = 4 << 20
"""Bytes of a file of the key that are read at most."""
"""What entries of the log call a change of who can open the case."""
DETAIL = "key files"
"""Name of the detail of an entry that holds which key files stand after it."""
NAMES = re.compile(rf"{re.escape(case_key.FILE)}|{case_key.FOLDER}/[0-9a-z.]+\.age")
Files = Mapping[str, bytes | None]
"""Name in the case folder -> content; None for one that goes."""
Digests = Mapping[str, str]
"""Name in the case folder -> SHA-256 of the key file that stands there."""
LAST = """SELECT json_extract(a.entry, '$.object.id'), t.text
    FROM audit AS a LEFT JOIN audit_texts AS t ON t.seq = a.seq AND t.field = 'tool.params'
    WHERE instr(a.entry, '"kind":"case') AND a.result = 'ok'
    AND (json_extract(a.entry, '$.object.kind') = ? OR instr(t.text, ?)) ORDER BY a.seq DESC LIMIT 1"""
"""The last entry that tells which key files count."""
GIVEN = """SELECT t.text, json_extract(a.entry, '$.ts_utc') FROM audit AS a JOIN audit_texts AS t ON t.seq = a.seq
    WHERE t.field = 'tool.params' AND a.result = 'ok' AND instr(a.entry, '"kind":"case key"') ORDER BY a.seq"""
"""Entries that tell to whom the key was given."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A change that lies beside.

    Attributes
    ----------
    id : str
        SHA-256 of its file, by which the log names it.
    files : mapping
        What comes and goes.
    """

    id: str
    files: Files


@dataclass(slots=True)
class Reader:
    """Gives key files as they are after a change, and keeps which it has given.

    Attributes
    ----------
    given : dict
        Name -> SHA-256.
    """

    folder: Path
    change: KeyChange | None = None
    given: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> bytes | None:
        """A file of the key; None where there is none."""
        data = read_key_file(self.folder, name, self.change)
        self.given[name] = compute_digest(data)
        return data


def record_key_change(folder: Path, ledger: Ledger, files: Files, told: Mapping[str, object]) -> None:
    """Log a change; from then on it counts. The caller holds the entrance, and puts it in place by `settle`."""
    packed = {name: None if data is None else base64.b64encode(data).decode() for name, data in files.items()}
    whole = json.dumps(packed, sort_keys=True).encode()
    refuse_links(_build_path(folder).parent)
    write_atomic(_build_path(folder), whole, mode=0o600)
    stand = _compute_digests_after(folder, ledger.connection, files)
    ledger.record("alteration", Object(KIND, id=hashlib.sha256(whole).hexdigest()), {**told, DETAIL: stand})


def find_change(folder: Path) -> KeyChange | None:
    """The change that lies beside; None where none does, or what lies there is none."""
    try:
        with open_case_file(_build_path(folder)) as file:
            whole = file.read(LARGEST)
        packed = json.loads(whole)
        files = {name: None if data is None else base64.b64decode(data) for name, data in packed.items()}
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    is_ours = all(NAMES.fullmatch(name) for name in files)
    return KeyChange(hashlib.sha256(whole).hexdigest(), files) if is_ours else None


def resolve_pending(folder: Path, key: CaseKey) -> str:
    """Put a change in place that the log tells of, and drop one that it does not; the caller holds the entrance.

    Gives 'made' or 'dropped', '' where no change lies there.
    """
    change = find_change(folder)
    if change is None:
        delete_file(_build_path(folder))
        return ""
    is_logged = _is_logged(folder, key, change)
    if is_logged:
        _put_in_place(folder, change)
    delete_file(_build_path(folder))
    return "made" if is_logged else "dropped"


def take_up(folder: Path, by: Callable[[Reader], CaseKey | None], *, looks: bool = False) -> CaseKey | None:
    """The key of a case by files that count; `by` finds it by those of before, or by those that a change brings.

    Parameters
    ----------
    looks : bool
        The case is only looked at, also where its log cannot be read.

    Raises
    ------
    CaseError
        If a file opens the case that is not the one of the log.
    """
    change = find_change(folder)
    used = Reader(folder)
    key = by(used)
    if change:
        brought = Reader(folder, change)
        other = by(brought)
        found = key or other
        if found and _is_logged(folder, found, change):
            key, used = other, brought
    if key:
        _refuse_others(folder, key, used.given, looks=looks)
    return key


def find_counting(folder: Path, sql: Connection) -> KeyChange | None:
    """The change that counts already and is not in place yet."""
    change = find_change(folder)
    return change if change and is_last_logged(sql, change.id) else None


def is_last_logged(sql: Connection, change: str) -> bool:
    """Whether the log tells of a change as the last one: an earlier one that somebody lays there again counts for nothing."""
    return _find_last_logged(sql)[0] == change


def read_digests(sql: Connection) -> Digests | None:
    """The key files that stand as the log has it; None where it does not say, as in cases of earlier releases."""
    try:
        said = json.loads(_find_last_logged(sql)[1] or "{}").get(DETAIL)
    except (ValueError, AttributeError, RecursionError):
        return None
    return {str(name): str(sha256) for name, sha256 in said.items()} if isinstance(said, dict) else None


def find_holders(sql: Connection) -> dict[str, str]:
    """Who has the key as the log tells: holder -> since when."""
    found: dict[str, str] = {}
    for text, moment in sql.execute(GIVEN).fetchall():
        said = json.loads(text)
        found.pop(said["holder"], None)
        if said["change"] == "given":
            found[said["holder"]] = str(moment)
    return found


def find_differences(folder: Path, sql: Connection) -> dict[str, str] | None:
    """How key files differ from those of the log: name -> 'changed', 'gone' or 'strange'; None where it does not say which they are."""
    said = read_digests(sql)
    if said is None:
        return None
    change = find_counting(folder, sql)
    names = sorted({*said, *_list_names(folder), *(change.files if change else ())})
    lie = {name: _compute_file_digest(folder, name, change) for name in names}
    found = {name: _describe_difference(said.get(name, ""), lie[name]) for name in names}
    return {name: how for name, how in found.items() if how}


def list_digests(folder: Path) -> Digests:
    """The key files that lie in a case folder."""
    return {name: compute_digest(_read_file(folder / name)) for name in _list_names(folder) if NAMES.fullmatch(name)}


def compute_digest(data: bytes | None) -> str:
    """SHA-256 of a file of the key; '' where there is none."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def read_key_file(folder: Path, name: str, change: KeyChange | None) -> bytes | None:
    """A file of the key as it is after a change; None where there is none."""
    if change and name in change.files:
        return change.files[name]
    try:
        return _read_file(folder / name)
    except FileNotFoundError:
        return None


def _read_file(path: Path) -> bytes:
    """A file of the key; the beginning of one that is far too large, which no log has told of."""
    return read_bounded(path, LARGEST)


def _find_last_logged(sql: Connection) -> tuple[str, str | None]:
    """Change that the log told of last, and what it says of it; '' and None where there is none."""
    columns = {row[1] for row in sql.execute("PRAGMA main.table_info(audit)").fetchall()}
    found = sql.execute(LAST, (KIND, f'"{DETAIL}"')).fetchone() if "entry" in columns else None
    return (str(found[0]), found[1]) if found else ("", None)


def _compute_digests_after(folder: Path, sql: Connection, files: Files) -> Digests:
    """What stands after a change: what the log says, or what lies there where it does not say; no other file comes in by it."""
    said = read_digests(sql)
    stand = {
        **(list_digests(folder) if said is None else said),
        **{name: compute_digest(data) for name, data in files.items()},
    }
    return {name: sha256 for name, sha256 in stand.items() if sha256}


def _list_names(folder: Path) -> list[str]:
    """Names of all that lies where files of the key do."""
    place = folder / case_key.FOLDER
    found = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    within = [f"{case_key.FOLDER}/{name}" for name in found if name != FILE and not name.startswith(".")]
    return [*([case_key.FILE] if case_key.is_encrypted(folder) else []), *within]


def _compute_file_digest(folder: Path, name: str, change: KeyChange | None) -> str:
    try:
        return compute_digest(read_key_file(folder, name, change))
    except OSError:
        return "unreadable"


def _describe_difference(said: str, lies: str) -> str:
    if said == lies:
        return ""
    return "gone" if not lies else "changed" if said else "strange"


def _refuse_others(folder: Path, key: CaseKey, given: Digests, *, looks: bool) -> None:
    """Refuse files by which a case was opened where the log says that others stand."""
    said = _look_up(folder, key, looks=looks)
    for name, sha256 in given.items():
        if said is not None and said.get(name) != sha256:
            raise CaseError(
                Sentence(
                    "{name} in {folder} is not the key file recorded in the log. The key file was "
                    "withdrawn, replaced or added later. The case was not opened. Open the case with the "
                    "passphrase, recovery key or officer that is valid now. If that is not possible, "
                    "restore the case from a backup.",
                    folder=folder,
                    name=name,
                )
            )


def _look_up(folder: Path, key: CaseKey, *, looks: bool) -> Digests | None:
    """What the log says of key files; None also where there is no ledger that this key opens: who opens it is told."""
    ledger = folder / "ledger.db"
    if not ledger.is_file():
        return None
    with _open_to_look(ledger, key) as sql:
        try:
            sql.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.DatabaseError:
            return None
        try:
            return read_digests(sql)
        except sqlite3.DatabaseError as error:
            if looks:
                return None
            raise build_open_error(ledger, error) from error


def _is_logged(folder: Path, key: CaseKey, change: KeyChange) -> bool:
    ledger = folder / "ledger.db"
    if not ledger.is_file():
        return False
    with _open_to_look(ledger, key) as sql:
        return is_last_logged(sql, change.id)


@contextmanager
def _open_to_look(ledger: Path, key: CaseKey) -> Iterator[Connection]:
    """A ledger that is only read: where it cannot be closed in order, nothing is lost."""
    sql = open_read_only(ledger, key.ledger)
    try:
        yield sql
    finally:
        with suppress(sqlite3.Error):
            sql.close()


def _put_in_place(folder: Path, change: KeyChange) -> None:
    for name, data in change.files.items():
        path = folder / name
        refuse_links(path.parent)
        if data is None:
            delete_file(path)
        else:
            write_atomic(path, data, mode=0o600)


def _build_path(folder: Path) -> Path:
    return folder / case_key.FOLDER / FILE
