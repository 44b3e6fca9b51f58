"""case.storage: how the case lies on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.context.progress import print_message
from workbench.case.context.protocols import HasContext
from workbench.case.files import products
from workbench.case.guide.namespace import Namespace
from workbench.case.storage import backup, encryption, health_check, key_holders
from workbench.case.verbs import unlock
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Card


@wrap_verbs
class Storage(Namespace):
    """The case on the disk: encryption and its keys, backups, health check."""

    PATH = "storage"
    GROUPS = (
        ("Encrypt", "encrypt decrypt lock"),
        ("Keys", "key_holders change_passphrase recovery_key share_key withdraw_key"),
        ("Keep safe", "backup backups check take_out"),
    )

    def __init__(self, case: HasContext, reopener: Callable[[], Callable[[], None]]) -> None:
        super().__init__(case)
        self._reopener = reopener

    def encrypt(self, passphrase: str = "") -> None:
        """Encrypt the case and everything in it.

        Nobody else may have it open; it stays open for you. Create a recovery key afterwards.

        A copy is made beside, compared, and put in its place; the plain files are overwritten once (docs/at-rest.md).

        Parameters
        ----------
        passphrase : str
            At least twelve characters; asked for, unseen, if not given.
        """
        self._reopen_after(encryption.prepare_encryption(self._book, passphrase))
        print_message(
            Sentence(
                "Create a recovery key now, in case the passphrase is lost: `case.storage.recovery_key()` shows "
                "the key once. Write the key on paper. Lock the paper away, far from this computer and from the "
                "case. Then clear the output of the notebook cell."
            ),
            self._book.say,
        )

    def decrypt(self) -> None:
        """Remove the encryption of the case.

        Nobody else may have it open; it stays open for you.
        """
        self._reopen_after(encryption.prepare_decryption(self._book))

    def lock(self) -> None:
        """Close an encrypted case and forget its key; the passphrase is asked for again."""
        self._book.let_go()
        self._book.ledger.close()
        unlock.forget_key(self._book.folder.path)

    def change_passphrase(self, passphrase: str = "") -> None:
        """Set a new passphrase.

        Earlier backups keep the passphrase that they were made with; whoever has the key itself keeps it.
        """
        key_holders.set_passphrase(self._book, passphrase)

    def recovery_key(self) -> str:
        """Create a recovery key, which opens the case like the passphrase; it is shown once.

        An earlier recovery key no longer works.
        """
        return key_holders.create_recovery_key(self._book)

    def share_key(self, card: Card) -> None:
        """Let an officer open this case with the officer's own passphrase.

        They open it by open_case(folder, officer=…, passphrase=…).
        """
        key_holders.add_holder(self._book, card)

    def withdraw_key(self, who: str) -> None:
        """Withdraw the key from an officer, by name or fingerprint, or withdraw the 'recovery key'.

        Who has opened the case may have copied its key: if this matters, encrypt the case again (decrypt, encrypt).
        """
        key_holders.remove_holder(self._book, who)

    def key_holders(self) -> pd.DataFrame:
        """List who can open the encrypted case: holder, by (passphrase, recovery key, own key), fingerprint, since."""
        return key_holders.list_key_holders(self._book)

    def take_out(self, name: str, path: str | Path) -> Path:
        """Save a report or chart of the case outside it, decrypted; it is logged as a disclosure.

        Returns the path.
        """
        return products.take_out(self._book, name, Path(path))

    def backup(self, path: str | Path) -> Path:
        """Write a backup; others can go on working.

        `wb.restore` makes a case of it. Returns the path of the archive.

        Parameters
        ----------
        path : str or Path
            A file that does not exist, on another disk; or a folder, in which the file is named by case and time.
        """
        return backup.write_backup(self._book, Path(path))

    def backups(self) -> pd.DataFrame:
        """List the backups that were made, because they still hold what is erased later.

        Columns: at, path, sha256, size, files, entry, officer.

        Only the controller is told size, files and entry, and only where nothing is hidden from the controller.
        """
        return backup.list_backups(self._book)

    def check(self, *, tidy: bool = False) -> pd.DataFrame:
        """Check the health of the case: part, state (well, look, mend), found, advice.

        Nothing is changed.

        Parameters
        ----------
        tidy : bool
            Before that, delete what interrupted work has left and nobody has written to for a day; `.attrs["deleted"]` names it, and
            so does the log.
        """
        deleted = health_check.delete_leftovers(self._book) if tidy else []
        found = health_check.build_health_table(self._book)
        found.attrs["deleted"] = deleted
        return found

    def _reopen_after(self, work: Callable[[], None]) -> None:
        """Do what closes the case, and open it again from its folder, also where it failed."""
        reopen = self._reopener()
        try:
            work()
        finally:
            reopen()
