"""Backups: the ledger as it was at one moment and every file that it knows, in one archive with the SHA-256 of each.

The archive is a ZIP whose members are stored as they are. Of an encrypted case they are the encrypted files, so the archive
is as safe as the case. Nothing of an archive counts before every hash in it has been compared.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from workbench.errors import CaseError
from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.maintenance import key_change
from workbench.ledger.storage import case_key
from workbench.ledger.storage.case_folder import PART, SHORTEST, Folder
from workbench.ledger.storage.encryption_conversion import LEDGER, NAMED, PLAINLY, list_files
from workbench.ledger.storage.file_vault import LARGEST, sync_folder
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.sqlite_cipher import begin_write_ahead, connect_ledger, format_vacuum_target
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import read_settings
from workbench.visible import escape_path, escape_unprintable

if TYPE_CHECKING:
    import pandas as pd

MANIFEST, MARKER = "manifest.json", "restored.json"
FORMAT = 1
MEMBERS, LONGEST = 1_000_000, 64 << 20
"""Members of an archive, and bytes of its manifest, at most."""
COLUMNS = ("at", "path", "sha256", "size", "files", "entry", "officer")
SIZES = ("size", "files", "entry")
"""Columns that tell how much there is in the case."""
PLACE = re.compile(
    rf"case\.toml|{LEDGER}|{case_key.FILE}|(sources|rows|rules|{case_key.FOLDER}|{'|'.join(NAMED)})/.+", re.DOTALL
)
PIECE = re.compile(r"(?!\.)[^\\/:*?\"<>|\x00-\x1f\x7f]{1,200}(?<![. ])")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
SEALED = r"[0-9a-f]{40}\.age"
NAMES = {
    "sources": re.compile(rf"[0-9a-f]{{64}}|{SEALED}"), "rows": re.compile(rf"[a-z]+-[0-9a-f]{{24}}\.parquet|{SEALED}"),
    case_key.FOLDER: re.compile(r"[0-9a-z.]+\.age"), "rules": re.compile(r"(.+/)?[^/]+\.yaml"),
}  # fmt: skip
"""Folder whose files the case names itself -> their names there."""
TURNS = 3
"""How often a snapshot is taken again because somebody has changed meanwhile who can open the case."""
Watch = Callable[[Sequence[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made.

    Attributes
    ----------
    path : Path
        The archive.
    sha256 : str
        Of the archive.
    size, files : int
        Bytes of the archive, and files of the case in it.
    damaged : tuple of str
        Sources and files of rows that are not what the ledger says; they are in the backup as they are, but for one that is
        larger than the ledger says and than what is compared without a size (`file_vault.LARGEST`).
    """

    path: Path
    sha256: str
    size: int
    files: int
    damaged: tuple[str, ...] = ()


def write_backup(folder: Folder, ledger: Ledger, path: Path, watch: Watch = iter, *, counted: bool = True) -> Backup:
    """Write a backup while others work on the case; the archive has its name once it is whole, and is then listed.

    The log tells of how many files there are in it where it is `counted`: whoever makes it is told how many there are.

    Raises
    ------
    CaseError
        If there is something at the path, it lies in the case, or a file of the case went away meanwhile.
    """
    if path.exists():
        raise CaseError(
            Sentence("{path} already exists. Enter a new file name: a backup never replaces another file.", path=path)
        )
    if folder.is_inside(path):
        raise CaseError(
            Sentence(
                "{path} is inside the case folder and would be lost with the case. Enter a path on another disk.",
                path=path,
            )
        )
    if not path.parent.is_dir():
        raise CaseError(
            Sentence(
                "The folder {folder} does not exist. Create it, or check that the disk is connected.",
                folder=path.parent,
            )
        )
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as name:
        copy, archive = Path(name) / LEDGER, Path(name) / "backup"
        keys = _write_snapshot_with_keys(folder, copy)
        members, facts = _list_members(folder, copy, keys)
        damaged, files = _write_archive(archive, members, facts, watch)
        _compare_members(archive)
        sha256 = _hash_file(archive)
        archive.replace(path)
        sync_folder(path.parent)
    found = Backup(path, sha256, path.stat().st_size, files, damaged)
    _record_backup(ledger, found, int(str(facts["entry"])), counted=counted)
    return found


def list_backups(ledger: Ledger) -> pd.DataFrame:
    """Backups that were made, oldest first: at, path, sha256, size [bytes], files, entry (the last of the log in it), officer."""
    import pandas as pd

    query = f"SELECT {', '.join(COLUMNS)} FROM backups ORDER BY at, path"
    return pd.DataFrame(ledger.connection.execute(query).fetchall(), columns=pd.Index(COLUMNS))


def restore(archive: Path, folder: Path, *, sha256: str = "", watch: Watch = iter) -> Path:
    """Unpack a backup as a new case folder; nothing counts before every hash has been compared.

    Parameters
    ----------
    sha256 : str
        Of the archive, as `listed` gave it; '' compares only what is in it.

    Raises
    ------
    CaseError
        If the folder holds something, or the archive is not a whole backup; nothing is left then.
    """
    place, folder = folder, folder.resolve()  # a case that is a link as a whole is one as well
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(
            Sentence("{folder} is not an empty folder. Enter the path of an empty or new folder.", folder=place)
        )
    if not archive.is_file():
        raise CaseError(Sentence("{path} is not a file. Enter the path of a backup.", path=archive))
    found = _hash_file(archive)
    if sha256 and found != sha256.lower():
        raise CaseError(
            Sentence(
                "{path} is not the expected backup: its SHA-256 is {hash}. Use the backup that "
                "`case.storage.backups()` lists.",
                path=archive,
                hash=found,
            )
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    outer = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restoring-"))
    work = outer / "case"
    try:
        work.mkdir()
        facts = _compare_members(archive, work, watch)
        _check_ledger(work)
        (work / MARKER).write_text(
            json.dumps({"sha256": found, "made": facts["made"], "entry": facts["entry"]}), "utf-8"
        )
        sync_folder(work)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    finally:
        shutil.rmtree(outer, ignore_errors=True)
    sync_folder(folder.parent)
    return place


def read_restore_marker(folder: Path) -> dict[str, object]:
    """What the folder was restored from, until it was opened once: sha256, made, entry; empty for any other case."""
    path = folder / MARKER
    if not path.is_file():
        return {}
    try:
        found = dict(read_settings(path, json.loads))
        return {name: str(found[name]) for name in ("sha256", "made", "entry")}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CaseError(
            Sentence(
                "{path} cannot be read: {error}. Restore the backup again, into a new folder.", path=path, error=error
            )
        ) from error


def record_opening(folder: Path) -> None:
    """Note that a restored case was opened: it is a case like others from now on."""
    (folder / MARKER).unlink(missing_ok=True)


def _write_snapshot(folder: Folder, copy: Path) -> None:
    """The ledger as it is at one moment, over a connection of its own."""
    key = folder.vault.ledger_key
    sql = connect_ledger(folder.ledger, key, wait=30.0, readonly=True)
    try:
        sql.execute("VACUUM INTO ?", (format_vacuum_target(copy, key) if key else str(copy),))
    except sqlite3.OperationalError as error:
        raise CaseError(
            Sentence(
                "The case database cannot be copied: {error}. Check the free space on the backup disk.",
                error=error,
            )
        ) from error
    finally:
        sql.close()
    made = connect_ledger(copy, key, wait=1.0)
    try:
        begin_write_ahead(made)
    finally:
        made.close()


@dataclass(frozen=True, slots=True)
class _Member:
    """A file that goes into a backup: where it lies, how its content is to be checked, whether it is far larger than it may be."""

    path: Path
    sound: Callable[[], bool]
    is_swollen: bool = False


def _is_not_in_ledger() -> bool:
    """Of this the ledger says nothing."""
    return True


def _write_snapshot_with_keys(folder: Folder, copy: Path) -> dict[str, _Member]:
    """A snapshot, and the key files that count for it; taken again where somebody changes them meanwhile."""
    for turn in range(1, TURNS + 1):
        _write_snapshot(folder, copy)
        keys = _copy_keys(folder, copy) if folder.vault.key else {}
        if turn == TURNS or all(one.sound() for one in keys.values()):
            break
        copy.unlink()
    return keys


def _copy_keys(folder: Folder, copy: Path) -> dict[str, _Member]:
    """Key files as they count for a snapshot, copied beside it."""
    sql = connect_ledger(copy, folder.vault.ledger_key, wait=1.0)
    try:
        change, said = key_change.find_counting(folder.path, sql), key_change.read_digests(sql)
    finally:
        sql.close()
    found: dict[str, _Member] = {}
    for name in sorted({*key_change.list_digests(folder.path), *(change.files if change else ())}):
        data, path = key_change.read_key_file(folder.path, name, change), copy.parent / name
        if data is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            is_ours = said is None or said.get(name) == key_change.compute_digest(data)
            found[name] = _Member(path, partial(bool, is_ours))
    return found


def _list_members(
    folder: Folder, copy: Path, keys: Mapping[str, _Member]
) -> tuple[dict[str, _Member], dict[str, object]]:
    """What goes into a backup, by name, and what its manifest says of it all."""
    vault, base = folder.vault, folder.path
    sql = connect_ledger(copy, vault.ledger_key, wait=1.0)
    try:
        query = "SELECT path, sha256, size FROM row_files UNION SELECT sha256, sha256, size FROM sources"
        registered = {str(name): (sha256, size) for name, sha256, size in sql.execute(query).fetchall()}
        counted = list_files(sql, base, vault)
        entry = sql.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0]
        schema = sql.execute("PRAGMA user_version").fetchone()[0]
    finally:
        sql.close()
    kept = [base / "case.toml", *sorted((base / "rules").rglob("*.yaml"))]
    found = {path.relative_to(base).as_posix(): _Member(path, _is_not_in_ledger) for path in kept if path.is_file()}
    for path in counted:
        place, known = vault.place(path), registered.get(path.name)
        if known is None or path.parent not in (folder.sources, folder.rows):
            member = _Member(place, _is_not_in_ledger)
        else:
            member = _Member(
                place, partial(vault.has_content, path, *known), _is_swollen(vault.get_size(path), known[1])
            )
        found[place.relative_to(base).as_posix()] = member
    facts = {"backup": FORMAT, "made": now(), "schema": schema, "entry": entry, "encrypted": vault.key is not None}
    return {LEDGER: _Member(copy, _is_not_in_ledger), **keys, **found}, facts


def _is_swollen(size: int, told: object) -> bool:
    """Whether a file is larger than the ledger says and than what is compared without a size."""
    return size > max(told if isinstance(told, int) else 0, LARGEST)


def _write_archive(
    archive: Path, members: Mapping[str, _Member], facts: Mapping[str, object], watch: Watch
) -> tuple[tuple[str, ...], int]:
    """Write the archive; names of what is damaged in the case itself, and how many files are in it."""
    damaged: list[str] = []
    files: dict[str, list[object]] = {}
    with ZipFile(archive, "w", ZIP_STORED) as made:
        for name in watch(list(members)):
            if members[name].is_swollen:
                damaged.append(name)
                continue
            try:
                files[name] = _write_member(made, name, members[name].path)
            except FileNotFoundError as error:
                if not name.startswith("derived/"):  # what is derived may go at any time
                    raise CaseError(
                        Sentence(
                            "{name} was removed while the backup was being created. Create the backup again.", name=name
                        )
                    ) from error
            if not members[name].sound():
                damaged.append(name)
        made.writestr(ZipInfo(MANIFEST), json.dumps({**facts, "files": files}, sort_keys=True))
    return tuple(damaged), len(files)


def _write_member(archive: ZipFile, name: str, path: Path) -> list[object]:
    """Store a file; its size and SHA-256."""
    state, size = hashlib.sha256(), 0
    with path.open("rb") as file, archive.open(ZipInfo(name), "w", force_zip64=True) as member:
        while data := file.read(PART):
            state.update(data)
            size += len(data)
            member.write(data)
    return [size, state.hexdigest()]


def _record_backup(ledger: Ledger, made: Backup, entry: int, *, counted: bool) -> None:
    """Keep in the ledger that the backup was made."""
    with ledger.open_transaction() as sql:
        row = (made.sha256, escape_path(made.path.resolve()), made.size, made.files, entry, ledger.officer, now())
        sql.execute("INSERT OR IGNORE INTO backups VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        what = Object("backup", escape_path(made.path.name), count=made.files if counted else 1, outputs=[made.sha256])
        ledger.log(sql, "consultation", what, {"entry": entry} if counted else {})


def _compare_members(archive: Path, work: Path | None = None, watch: Watch = iter) -> Mapping[str, object]:
    """Compare every member of an archive with its manifest, and with `work` unpack it there; what the manifest says."""
    try:
        with ZipFile(archive) as packed:
            members = _check_members(packed, archive)
            facts = _read_manifest(packed, members)
            files: Mapping[str, list[object]] = facts["files"]  # type: ignore[assignment] # compared just before
            if work:
                _check_space(work, members.values())
            for name in watch(sorted(files)):
                with packed.open(members[name]) as member:
                    found = _unpack_member(member, work / name if work else None)
                if found != files[name][1]:
                    raise CaseError(
                        Sentence("{name} in {path} is damaged. Use another backup.", name=name, path=archive)
                    )
            return facts
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise CaseError(
            Sentence("{path} is damaged or is not a backup: {error}. Use another backup.", path=archive, error=error)
        ) from error


def _check_members(packed: ZipFile, archive: Path) -> dict[str, ZipInfo]:
    """Members by name; an archive that `make` cannot have written is refused before anything is read."""
    infos = packed.infolist()
    if len(infos) > MEMBERS or sum(info.compress_size for info in infos) > archive.stat().st_size:
        raise CaseError(
            Sentence(
                "{path} is not a backup of a case. Its table of contents lists too many files, or more data than "
                "the archive contains. Nothing was unpacked. Use another backup.",
                path=archive,
            )
        )
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        kind = stat.S_IFMT(info.external_attr >> 16)
        stored = info.compress_type == ZIP_STORED and info.compress_size == info.file_size and not info.flag_bits & 1
        if kind not in (0, stat.S_IFREG) or not stored or not (name == MANIFEST or _is_allowed_name(name)):
            raise CaseError(
                Sentence(
                    "{path} is not a backup of a case. It contains an item that a backup does not contain, or "
                    "contains only in another form: '{name}'. Nothing was unpacked. Use another backup.",
                    path=archive,
                    name=escape_unprintable(name[:80]),
                )
            )
        if name.casefold() in seen or info.orig_filename != name:
            raise CaseError(
                Sentence(
                    "{path} is not a backup of a case. The name '{name}' in it is not valid, or another item has the "
                    "same name. Nothing was unpacked. Use another backup.",
                    path=archive,
                    name=escape_unprintable(name[:80]),
                )
            )
        seen.add(name.casefold())
    return {info.filename: info for info in infos}


def _is_allowed_name(name: str) -> bool:
    """Whether a case can have a file of that name."""
    pieces = name.split("/")
    if pieces[0] in NAMES and not NAMES[pieces[0]].fullmatch("/".join(pieces[1:])):
        return False
    return bool(PLACE.fullmatch(name)) and all(PIECE.fullmatch(one) and not RESERVED.fullmatch(one) for one in pieces)


def _read_manifest(packed: ZipFile, members: Mapping[str, ZipInfo]) -> dict[str, object]:
    """What the manifest says; it names each member with its size, and no other."""
    wrong = CaseError(
        Sentence(
            "{path} is not a backup of a case: its list of files (`manifest.json`) is missing, is damaged or "
            "does not match the content. Use another backup.",
            path=packed.filename,
        )
    )
    if MANIFEST not in members or members[MANIFEST].file_size > LONGEST:
        raise wrong
    try:
        facts = json.loads(packed.read(MANIFEST))
        named = {name: (int(size), str(sha256)) for name, (size, sha256) in facts["files"].items()}
        known = facts["backup"], str(facts["made"]), int(facts["entry"])
        is_encrypted = bool(facts["encrypted"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise wrong from error
    if known[0] != FORMAT:
        raise CaseError(
            Sentence("A newer version of the program wrote {path}. Update the program first.", path=packed.filename)
        )
    if {name: info.file_size for name, info in members.items() if name != MANIFEST} != {
        n: size for n, (size, _) in named.items()
    }:
        raise wrong
    keys = {name for name in named if name == case_key.FILE or name.startswith(f"{case_key.FOLDER}/")}
    if (
        not {LEDGER, "case.toml"} <= named.keys()
        or is_encrypted != (case_key.FILE in keys)
        or (keys and not is_encrypted)
    ):
        raise wrong
    return dict(facts)


def _unpack_member(member: IO[bytes], path: Path | None) -> str:
    """SHA-256 of a member, which is written to a path if there is one."""
    state = hashlib.sha256()
    if path is None:
        while data := member.read(PART):
            state.update(data)
        return state.hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        while data := member.read(PART):
            state.update(data)
            file.write(data)
    path.chmod(0o444 if path.parent.name in ("sources", "rows") else 0o600 if path.suffix == ".age" else 0o644)
    return state.hexdigest()


def _check_ledger(work: Path) -> None:
    """Refuse a ledger that is none; that of an encrypted case is looked at when it is opened."""
    if (work / LEDGER).stat().st_size < SHORTEST:
        raise CaseError(Sentence("The case database in the backup is damaged. Use another backup."))
    if case_key.is_encrypted(work):
        with (work / LEDGER).open("rb") as file:
            if file.read(len(PLAINLY)) == PLAINLY:
                raise CaseError(Sentence("The case database in the backup is damaged. Use another backup."))
        return
    sql = connect_ledger(work / LEDGER, wait=1.0)
    try:
        sql.execute("SELECT count(*) FROM sources").fetchall()
        good = sql.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        good = False
    finally:
        sql.close()
    if not good:
        raise CaseError(Sentence("The case database in the backup is damaged. Use another backup."))


def _check_space(work: Path, members: Iterable[ZipInfo]) -> None:
    wanted, free = sum(info.file_size for info in members), shutil.disk_usage(work).free
    if wanted > free:
        raise CaseError(
            Sentence(
                "The disk has {free} MiB free. The backup needs {needed} MiB. Free some disk space.",
                free=free >> 20,
                needed=wanted >> 20,
            )
        )


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
