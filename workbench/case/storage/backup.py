"""Backups of a case, made and listed; a case folder out of a backup; what is settled when that is first opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import clearances
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar, print_message
from workbench.case.storage import key_holders
from workbench.case.verbs.error_translation import translate_errors
from workbench.errors import CaseError
from workbench.ledger import Object, now
from workbench.ledger.erasure import machine_tombstones, tombstones
from workbench.ledger.maintenance import backup
from workbench.model.catalogue import Sentence, Translator
from workbench.model.machine import platform

if TYPE_CHECKING:
    import pandas as pd


SHOWN = 8


def write_backup(context: CaseContext, path: Path) -> Path:
    """Write a backup and list it; returns the archive."""
    key_holders.finish_key_change(context)
    named = f"{context.folder.path.resolve().name}-{now().replace(':', '')}.backup"
    place = path / named if path.is_dir() else path
    counted = clearances.can_know_totals(context)
    watch: backup.Watch = (
        (lambda names: build_progress_bar(context.say, "backing_up", "files", names)) if counted else iter
    )
    made = backup.write_backup(context.folder, context.ledger, place, watch, counted=counted)
    hidden = context.ledger.encode_secret_ids()
    if known := [name for name in made.damaged if Path(name).name not in hidden]:
        print_message(
            Sentence(
                "These files are damaged in the case: {names}. The backup contains the damaged "
                "files. Run `workbench doctor` on the case.",
                names=tuple(known[:SHOWN]),
            ),
            context.say,
        )
    return made.path


def list_backups(context: CaseContext) -> pd.DataFrame:
    """Backups that were made of the case, oldest first; how large the case was, only for its controller (`access`)."""
    found = backup.list_backups(context.ledger)
    if not clearances.can_know_totals(context):
        found = found.astype(dict.fromkeys(backup.SIZES, "Int64"))
        found[list(backup.SIZES)] = None
    return found


@translate_errors
def restore(archive: str | Path, folder: str | Path, *, sha256: str = "") -> Path:
    """Unpack a backup as a case folder of its own; every hash is compared before anything counts.

    Parameters
    ----------
    archive : str or Path
        The backup.
    folder : str or Path
        Empty, or not there yet.
    sha256 : str
        Of the backup, as `case.storage.backups()` lists it: then it is that one and no other.

    Returns
    -------
    Path
        The folder. `open_case` opens it; an encrypted case with the passphrase that it had then.

    Raises
    ------
    CaseError
        If the folder holds something, or the archive is damaged or no backup. Nothing is left then.
    """
    return backup.restore(
        Path(archive),
        Path(folder),
        sha256=sha256,
        watch=lambda names: build_progress_bar(Translator(platform.get_system_language()), "restoring", "files", names),
    )


def reapply_erasures(context: CaseContext) -> None:
    """When a case is opened: let what was erased stay erased; when it is a restored one for the first time, log that.

    What was erased after a backup was made is in it again, also where the backup was first opened on a machine that does not know
    of it. Tombstones that this machine knows are replayed before anybody sees what they erased.
    """
    from workbench.case.privacy import erasure_replay

    known = backup.read_restore_marker(context.folder.path)
    try:
        stones = machine_tombstones.list_stones(tombstones.get_case_id(context.ledger))
    except CaseError as error:
        refused = context.ledger.refuse("consultation", Object("case"), error.sentence)
        context.ledger.close()
        raise refused from error
    if known:
        context.ledger.record("alteration", Object("backup", id=str(known["sha256"])), {"restored": str(known["made"])})
    if stones := stones if known else tombstones.list_missing(context.ledger, stones):
        erasure_replay.reapply_tombstones(context, stones)
    erasure_replay.drop_remarks(context)
    erasure_replay.drop_stale_ways(context)
    if known:
        backup.record_opening(context.folder.path)
