"""Cases from a terminal: one opened for the length of a block, a backup made, a backup restored."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.case.case import Case, open_case
from workbench.case.context.progress import print_message
from workbench.case.storage import backup
from workbench.case.verbs import unlock
from workbench.errors import CaseError
from workbench.ledger.storage import case_key
from workbench.model.catalogue import Sentence, Translator
from workbench.visible import escape_path


def write_backup(folder: Path, file: Path, officer: str, purpose: str) -> int:
    """Write a backup from a terminal; 0 when done."""
    with open_existing(folder, officer, purpose) as case:
        made = case.storage.backup(file)
        sys.stdout.write(f"{escape_path(made)}: SHA-256 {case.storage.backups()['sha256'].iloc[-1]}\n")
    return 0


def restore_backup(file: Path, folder: Path, sha256: str, say: Translator) -> int:
    """Restore a backup from a terminal, in a language; 0 when done. Of an encrypted case, the passphrase is tried on it."""
    made = backup.restore(file, folder, sha256=sha256)
    print_message(say("The case was restored to {folder}. All hashes are the same as in the backup.", folder=made), say)
    if case_key.is_encrypted(made) and not unlock.can_ask():
        print_message(
            say(
                "The passphrase was not tested, because the program cannot ask for it here. To test it, open the case."
            ),
            say,
        )
    elif case_key.is_encrypted(made):
        try:
            unlock.inspect_folder(made)
        except CaseError as error:
            raise CaseError(
                Sentence("The case was restored, but it could not be opened: {error}", error=error)
            ) from error
        print_message(say("The passphrase opens the case."), say)
    return 0


@contextmanager
def open_existing(folder: Path, officer: str, purpose: str) -> Iterator[Case]:
    """A case that exists, open for the length of a block.

    Raises
    ------
    CaseError
        If there is none.
    """
    if not (folder / "case.toml").is_file():
        raise CaseError(
            Sentence("{folder} is not a case: it has no `case.toml`. Enter the path of a case folder.", folder=folder)
        )
    case = open_case(folder, officer=officer, purpose=purpose)
    try:
        yield case
    finally:
        case.close()
