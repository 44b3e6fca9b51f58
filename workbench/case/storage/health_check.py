"""Is a case well? One line a part, what was found, and what to do. Nothing is changed."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.case.access import controller
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.storage import key_holders
from workbench.case.verbs import unlock
from workbench.errors import CaseError
from workbench.ledger import Folder, Object
from workbench.ledger.erasure import machine_tombstones
from workbench.ledger.parquet_rows import DAY, delete_unregistered_files
from workbench.ledger.records import products
from workbench.ledger.storage import case_key
from workbench.ledger.storage.encryption_conversion import find_objection
from workbench.ledger.storage.safe_deletion import delete_below, delete_file, is_left, is_temporary, remove_empty_folder
from workbench.ledger.verification import health_check
from workbench.model.catalogue import Sentence, Translator, join_sentences
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    import pandas as pd

MATERIAL = frozenset({"sources", "rows", "products", "index of words", "index of meaning"})
"""Parts of which the numbers tell how much there is in the case."""
WELL, LOOK, FIX = "well", "look", "fix"
SHOWN = 3
SENTENCES = (("part", "checkup.part"), ("state", "checkup"), ("found", "checkup"), ("advice", "checkup"))
"""Columns of the table, and the groups of the catalogue that their sentences are of."""


class PartHealth(NamedTuple):
    """What was found of one part: a row of what the doctor answers."""

    part: str
    state: str
    found: str
    advice: str = ""


def build_health_table(context: CaseContext) -> pd.DataFrame:
    """What was found of a case that is open here (columns: `PartHealth`)."""
    import pandas as pd

    from workbench.views.table_display import set_table_language

    secret = context.ledger.list_secret_ids()
    hidden = products.list_restricted(context.ledger, context.folder) | secret
    found = list_findings(context.folder, context.say, mine=True, hidden=hidden)
    rows = [_redact_finding(one, whole=not secret) for one in found]
    return set_table_language(pd.DataFrame(rows, columns=pd.Index(PartHealth._fields)), context.say.language, SENTENCES)


def _redact_finding(one: PartHealth, *, whole: bool) -> PartHealth:
    """Without numbers and names of material: they would tell an officer of what is not for that officer.

    `whole`: nothing is hidden from the officer, who may be told how many rows of the ledger are damaged.
    """
    if one.part not in MATERIAL and (whole or one.part != "ledger" or one.state == WELL):
        return one
    if one.state == WELL:
        return one._replace(found=Sentence("checkup.whole"), advice="")
    return one._replace(
        found=Sentence("checkup.not_whole"), advice=Sentence("checkup.names", checkup=one.advice).strip()
    )


def print_findings(path: Path, say: Translator) -> int:
    """Print what was found in a case folder, also one that does not open; 0 if nothing is to fix, 1 otherwise."""
    bad = 0
    for one in list_findings(unlock_folder(path), say):
        bad += one.state == FIX
        state, part = say.term("checkup", one.state), say.term("checkup.part", one.part)
        found = " – ".join(str(say.translate_value(text)) for text in (one.found, one.advice) if text)
        sys.stdout.write(f"{state:<8} {part}: {found}\n")
    sys.stdout.write(f"{say.count('doctor.to_mend', bad) if bad else say('checkup.is_well')}\n")
    return int(bool(bad))


def unlock_folder(path: Path) -> Folder:
    """A case folder with its key where it is encrypted; nothing of it is changed.

    Raises
    ------
    CaseError
        If it is no case, or the passphrase does not open it.
    """
    if not (path / "case.toml").is_file():
        raise CaseError(
            Sentence("{folder} is not a case: it has no `case.toml`. Enter the path of a case folder.", folder=path)
        )
    return unlock.inspect_folder(path)


def delete_leftovers(context: CaseContext, older: float = DAY) -> list[str]:
    """Delete what interrupted work has left and nobody has written to for `older` seconds; gives where it lay, which the log tells as well.

    What has not exactly the name that the workbench gives for a moment, and what is registered as a product, stays.
    """
    folder = context.folder
    folder.keep_within()
    gone: list[Path] = []
    try:
        gone += [
            folder.rows / name
            for name in delete_unregistered_files(context.ledger, folder.rows, older, vault=folder.vault)
        ]
        gone += (
            path for path in health_check.find_plain_copies(context.ledger.connection, folder) if delete_file(path)
        )
        gone += (path for path in _find_leftovers(context, older) if _is_deleted(path))
    finally:  # what is gone is told, whatever stopped the rest
        names = sorted(path.relative_to(folder.path).as_posix() for path in gone if not _is_secret(context, path))
        if gone:
            context.ledger.record("alteration", Object("left over", count=len(gone)), {"deleted": names})
    return names


def _find_leftovers(context: CaseContext, older: float) -> Iterator[Path]:
    """What has the name of something that is being written, is no product, and nobody has written to for so many seconds."""
    folder, known = context.folder, products.load_products(context.ledger.connection).sums
    for path in health_check.find_leftovers(folder):
        place = path.relative_to(folder.path).as_posix()
        registered = any(one == place or one.startswith(f"{place}/") for one in known)
        if is_temporary(path.name) and not registered and is_left(path, older):
            yield path


def _is_deleted(path: Path) -> bool:
    """Delete a file, or a folder with all that is in it; whether nothing of it is left."""
    if not path.is_dir():
        return delete_file(path)
    return not delete_below(path) and remove_empty_folder(path)


def _is_secret(context: CaseContext, path: Path) -> bool:
    """Whether the name of a file tells of a source that is hidden from the officer."""
    secret = context.ledger.list_secret_ids()
    rows = context.ledger.connection.execute("SELECT source FROM row_files WHERE path = ?", (path.name,)).fetchall()
    return path.name in secret or any(source in secret for (source,) in rows)


def list_findings(
    folder: Folder, say: Translator, *, mine: bool = False, hidden: Collection[str] = ()
) -> Iterator[PartHealth]:
    """What was found, part by part; one that cannot be looked at does not stop the others. `mine`: it is open here.

    `hidden`: names of products, and ids of what else is not for the officer who asks.

    `say` tells how far it has come; the findings themselves are sentences.
    """
    yield _check_settings(folder)
    yield _check_encryption(folder)
    try:
        sql = health_check.open_ledger(folder)
    except CaseError as error:
        yield PartHealth("ledger", FIX, Sentence("checkup.closed"), _get_error_text(error))
    else:
        try:
            yield from _check_ledger(sql)
            yield _check_controller(sql, folder)
            yield from _check_named_files(sql, folder, say)
            yield from _check_readings(sql)
            yield from _check_products(sql, folder, hidden)
            yield from _check_erasures(sql)
            yield from _check_key_files(sql, folder)
        finally:
            sql.close()
    yield _check_open_log(folder, mine=mine)
    yield _check_leftovers(folder, hidden, mine=mine)
    yield _check_meaning_index(folder)
    yield _check_space(folder, mine=mine)


def _check_settings(folder: Folder) -> PartHealth:
    try:
        title, strange = folder.load_settings().title, folder.list_unknown_settings()
        if strange:
            names = ", ".join(map(repr, strange))
            return PartHealth(
                "case.toml", LOOK, Sentence("checkup.says_nothing", names=names), Sentence("checkup.spelt")
            )
        return PartHealth("case.toml", WELL, Sentence("checkup.case", title=repr(title)))
    except CaseError as error:
        return PartHealth("case.toml", FIX, Sentence("checkup.unreadable"), _get_error_text(error))


def _check_encryption(folder: Folder) -> PartHealth:
    if folder.vault.key is None:
        return PartHealth("encryption", WELL, Sentence("checkup.plain"), Sentence("checkup.encrypt"))
    others = len(list((folder.path / case_key.FOLDER).glob("*.key.age")))
    advice = "" if others else Sentence("checkup.recovery")
    return PartHealth("encryption", WELL if others else LOOK, Sentence("checkup.encrypted", count=others), advice)


def _check_ledger(sql: sqlite3.Connection) -> Iterator[PartHealth]:
    found = health_check.inspect_ledger(sql)
    bad = [*found.faults, *([Sentence("checkup.orphans", count=found.orphans)] if found.orphans else [])]
    if found.put_in:
        bad.append(Sentence("checkup.put_in", count=found.put_in))
    restore = Sentence("checkup.restore")
    if bad:
        yield PartHealth("ledger", FIX, join_sentences("checkup.both", bad[:SHOWN]), restore)
    else:
        yield PartHealth("ledger", WELL, Sentence("checkup.whole"), Sentence("checkup.verify"))
    state, advice = WELL, ""
    if bad and not found.schema:  # nothing can be asked of it
        yield PartHealth("schema", FIX, Sentence("checkup.unreadable"), restore)
        return
    if found.schema < found.newest:
        state, advice = LOOK, Sentence("checkup.older")
    elif found.schema > found.newest:
        state, advice = FIX, Sentence("checkup.newer")
    yield PartHealth("schema", state, Sentence("checkup.of", count=found.schema, whole=found.newest), advice)
    if found.differing:
        said = Sentence("checkup.differing", count=len(found.differing), names=_format_parts(found.differing))
        yield PartHealth("schema", FIX, said, Sentence("checkup.not_ours"))
    yield from _check_word_index(found)


def _check_word_index(found: health_check.Ledger) -> Iterator[PartHealth]:
    """The index of words: complete, and with the words of the passages."""
    said = Sentence("checkup.passages", count=found.indexed, whole=found.passages)
    if found.passages == found.indexed and not found.words:
        yield PartHealth("index of words", WELL, said)
        return
    wrong = [Sentence(f"verified.words.{name}", n=number) for name, number in found.words.items()]
    yield PartHealth("index of words", FIX, join_sentences("checkup.both", [said, *wrong]), Sentence("checkup.restore"))


def _check_controller(sql: sqlite3.Connection, folder: Folder) -> PartHealth:
    """Who grants, and how that is known; bureaux that case.toml names do not count."""
    with suppress(CaseError):
        found = controller.parse_controller(
            health_check.list_current_terms(sql, *controller.CONTROLLER), folder.load_settings().controller
        )
        if found.name and not found.key:
            by_name = Sentence("checkup.by_name", name=found.name)
            return PartHealth("controller", WELL, by_name, Sentence("checkup.once"))
        if found.name:
            return PartHealth("controller", WELL, Sentence("checkup.by_key", name=found.name, key=found.key))
        return PartHealth("controller", LOOK, Sentence("checkup.no_controller"), Sentence("checkup.name_one"))
    return PartHealth("controller", LOOK, Sentence("checkup.not_known"), Sentence("checkup.mend_it"))


def _check_named_files(sql: sqlite3.Connection, folder: Folder, say: Translator) -> Iterator[PartHealth]:
    """The files that the ledger names."""
    for part, look in (("sources", health_check.inspect_sources), ("rows", health_check.inspect_row_files)):
        try:
            found = look(sql, folder, partial(build_progress_bar, say, f"comparing.{part}", "files"))
        except CaseError as error:
            yield PartHealth(part, FIX, Sentence("checkup.not_compared"), _get_error_text(error))
            continue
        for what, names in (("gone", found.missing), ("damaged", found.damaged)):
            if names:
                said = Sentence(f"checkup.{what}", count=len(names), names=_format_names(names))
                yield PartHealth(part, FIX, said, Sentence("checkup.again"))
        if not found.missing and not found.damaged:
            yield PartHealth(part, WELL, Sentence("checkup.files", count=found.count))
        if found.unknown:
            said = Sentence(
                "checkup.unknown", count=len(found.unknown), names=_format_names([path.name for path in found.unknown])
            )
            yield PartHealth(part, LOOK, said, Sentence("checkup.no_count"))


def _check_readings(sql: sqlite3.Connection) -> Iterator[PartHealth]:
    """Files of which the reading broke off; no line where there is none."""
    with suppress(sqlite3.DatabaseError):  # told where the files are compared
        if names := health_check.list_unread(sql):
            said = Sentence("checkup.unread", count=len(names), names=_format_parts(names))
            yield PartHealth("sources", LOOK, said, Sentence("checkup.read_on"))


def _check_products(sql: sqlite3.Connection, folder: Folder, hidden: Collection[str]) -> Iterator[PartHealth]:
    """Reports, charts and exports in the case."""
    try:
        found = products.compare_products(sql, folder, folder.vault.hash, hidden)
    except sqlite3.DatabaseError as error:
        yield PartHealth("products", FIX, Sentence("checkup.not_compared"), str(error))
        return
    if bad := [*found.changed, *found.back]:
        yield PartHealth(
            "products", FIX, Sentence("checkup.changed", names=_format_parts(bad)), Sentence("checkup.anew")
        )
    if found.gone:
        yield PartHealth(
            "products", LOOK, Sentence("checkup.removed", names=_format_parts(found.gone)), Sentence("checkup.missed")
        )
    if unsure := [*found.older, *found.unknown, *found.large]:
        yield PartHealth(
            "products", LOOK, Sentence("checkup.no_sum", names=_format_parts(unsure)), Sentence("checkup.anew")
        )
    if not bad and not found.gone and not unsure:
        yield PartHealth("products", WELL, Sentence("checkup.files", count=found.whole))


def _check_erasures(sql: sqlite3.Connection) -> Iterator[PartHealth]:
    """What was erased, has come back, and met with a legal hold; no line where there is none."""
    for what in health_check.list_erasure_returns(sql):
        yield PartHealth("erased before", LOOK, Sentence(f"checkup.{what}"), Sentence(f"checkup.{what}_advice"))
    if damaged := machine_tombstones.find_damaged():
        said = Sentence("checkup.tombstones", names=_format_parts([str(path) for path in damaged]))
        yield PartHealth("erased before", FIX, said, Sentence("checkup.tombstones_advice"))


def _check_key_files(sql: sqlite3.Connection, folder: Folder) -> Iterator[PartHealth]:
    """Key files that are not those that the log holds; no line where they are."""
    try:
        if not key_holders.is_bound(folder, sql):
            yield PartHealth("key files", LOOK, Sentence("checkup.keys.unbound"), Sentence("checkup.keys.bind"))
        for _, found, advice in key_holders.find_differences(folder, sql):
            yield PartHealth("key files", FIX, found, advice)
    except (sqlite3.DatabaseError, CaseError) as error:
        yield PartHealth("key files", FIX, Sentence("checkup.not_compared"), str(error))


def _check_open_log(folder: Folder, *, mine: bool) -> PartHealth:
    log = folder.ledger.with_name(f"{folder.ledger.name}-wal")
    if not log.is_file() or not log.stat().st_size:
        return PartHealth("open log", WELL, Sentence("checkup.none"))
    size = log.stat().st_size >> 10
    if mine:
        return PartHealth("open log", WELL, Sentence("checkup.log_mine", size=size))
    return PartHealth("open log", LOOK, Sentence("checkup.log", size=size), Sentence("checkup.log_open"))


def _check_leftovers(folder: Folder, hidden: Collection[str], *, mine: bool) -> PartHealth:
    if said := find_objection(folder.path, is_open=mine):
        return PartHealth("left over", FIX, said)
    found = [
        path
        for path in health_check.find_leftovers(folder)
        if not hidden or path.parent not in (folder.sources, folder.rows)
    ]
    if not found:
        return PartHealth("left over", WELL, Sentence("checkup.nothing"))
    used, names = sum(map(health_check.compute_size, found)) >> 10, _format_names([path.name for path in found])
    said = Sentence("checkup.left", count=len(found), size=used, names=names)
    return PartHealth("left over", LOOK, said, Sentence("checkup.tidy"))


def _check_meaning_index(folder: Folder) -> PartHealth:
    files = folder.vault.list_names(folder.derived / "vectors")
    if not files:
        return PartHealth("index of meaning", WELL, Sentence("checkup.not_made"), Sentence("checkup.first_search"))
    size = health_check.compute_size(folder.derived) >> 10
    return PartHealth(
        "index of meaning", WELL, Sentence("checkup.index", count=len(files), size=size), Sentence("checkup.remake")
    )


def _check_space(folder: Folder, *, mine: bool) -> PartHealth:
    free, used = shutil.disk_usage(folder.path).free, health_check.compute_size(folder.path)
    told, short = {} if mine else {"used": used >> 20}, free < 2 * used
    said = Sentence("checkup.free" if mine else "checkup.space", free=free >> 20, **told)
    return PartHealth("space", LOOK if short else WELL, said, Sentence("checkup.short") if short else "")


def _get_error_text(error: CaseError) -> str:
    """What an error says, as a sentence where it is one."""
    return next((part for part in error.args[:1] if isinstance(part, Sentence)), str(error))


def _format_parts(names: Sequence[str]) -> str:
    """Kinds and names of parts of a ledger, made visible whatever stands in them."""
    shown = ", ".join(escape_unprintable(f"{name:.60}") for name in names[:SHOWN])
    return shown + (", …" if len(names) > SHOWN else "")


def _format_names(names: Sequence[str]) -> str:
    shown = ", ".join(name if len(name) <= 20 else f"{name[:12]}…" for name in names[:SHOWN])
    return shown + (", …" if len(names) > SHOWN else "")
