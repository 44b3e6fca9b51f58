"""Into a case: the entrance is held, what was interrupted is settled, and an encrypted case is unlocked, once a session."""

from __future__ import annotations

import getpass
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workbench.case.context.progress import print_message
from workbench.case.files import products
from workbench.errors import CaseError, IdentityError
from workbench.ledger import Folder, Settings
from workbench.ledger.maintenance import key_change
from workbench.ledger.storage import case_key as keys
from workbench.ledger.storage.case_key import CaseKey
from workbench.ledger.storage.encryption_conversion import hold_entrance, resolve_interrupted
from workbench.ledger.storage.file_vault import SealedVault
from workbench.ledger.storage.sqlite_cipher import load_engine
from workbench.model.catalogue import Sentence, Translator
from workbench.model.machine import platform

if TYPE_CHECKING:
    from workbench.identity import Officer

_UNLOCKED: dict[Path, CaseKey] = {}
_GIVEN: list[str] = []
"""The passphrase that a command was given on its standard input."""
LONGEST = 4096
"""Bytes of a passphrase that comes so."""


@contextmanager
def enter_folder(
    folder: Path, settings: Settings, officer: str | Officer, passphrase: str, *, encrypted: bool
) -> Iterator[Folder]:
    """The case folder, made if missing and unlocked if encrypted; nobody else opens it while the block runs.

    Raises
    ------
    CaseError
        If it is no case, is not as `encrypted` says, or the passphrase does not open it.
    """
    Folder(folder).check()
    with hold_entrance(folder):
        resolve_interrupted(folder)
        if keys.is_encrypted(folder):
            products.remove_leftovers()
            key = _get_key(folder, officer, passphrase)
            settle_key(folder, key, Translator(settings.language))
            place = Folder(folder, SealedVault(key))
            place.create(settings)
        else:
            place = _open_or_create(folder, settings, passphrase, encrypted=encrypted)
        yield place


def inspect_folder(folder: Path) -> Folder:
    """A case folder that is only looked at: unlocked where it is encrypted, nothing in it is changed."""
    return (
        Folder(folder, SealedVault(_get_key(folder, "", "", looks=True)))
        if keys.is_encrypted(folder)
        else Folder(folder)
    )


def _open_or_create(folder: Path, settings: Settings, passphrase: str, *, encrypted: bool) -> Folder:
    """A case that is not encrypted, or a new one; a key that is remembered for this folder was that of another."""
    forget_key(folder)
    exists = Folder(folder).ledger.exists()
    if exists and (passphrase or encrypted):
        raise CaseError(
            Sentence(
                "{folder} is not encrypted. Open the case without a passphrase and without `encrypted=True`. "
                "After that you can encrypt it: `case.storage.encrypt('a passphrase')`.",
                folder=folder,
            )
        )
    if passphrase and not encrypted:
        raise CaseError(
            Sentence(
                "The new case {folder} was not created, because you gave a passphrase without `encrypted=True`. "
                "To encrypt the case, add `encrypted=True`. Otherwise, leave out the passphrase.",
                folder=folder,
            )
        )
    Folder(folder).create(settings)
    if not encrypted:
        return Folder(folder)
    load_engine()
    key = keys.create_key()
    keys.write_key(folder, keys.encrypt_key(key, passphrase or ask_new_passphrase(folder)))
    remember_key(folder, key)
    print_message(
        Sentence(
            "Create a recovery key now, in case the passphrase is lost: `case.storage.recovery_key()` shows "
            "the key once. Write the key on paper. Lock the paper away, far from this computer and from the "
            "case. Then clear the output of the notebook cell."
        ),
        Translator(settings.language),
    )
    return Folder(folder, SealedVault(key))


def _get_key(folder: Path, officer: str | Officer, passphrase: str, *, looks: bool = False) -> CaseKey:
    """The key of an encrypted case: remembered, by the officer's own key, or by the passphrase, which is asked for."""
    load_engine()
    found = None if passphrase else _UNLOCKED.get(folder.resolve()) or _find_officer_key(folder, officer, "")
    if found is None:
        given_ = passphrase or ask_secret(Sentence("Passphrase of {name}", name=folder.name))
        found = key_change.take_up(folder, lambda read: keys.open_by_passphrase(read, given_), looks=looks)
        found = found or (_find_officer_key(folder, officer, passphrase) if passphrase else None)
    if found is None:
        raise CaseError(
            Sentence(
                "This passphrase does not open {folder}. Check uppercase and lowercase letters and the keyboard "
                "layout. You can enter a recovery key instead of the passphrase.",
                folder=folder,
            )
        )
    remember_key(folder, found)
    return found


def _find_officer_key(folder: Path, officer: str | Officer, passphrase: str) -> CaseKey | None:
    """The key by an officer to whom it was given: unlocked, or by the officer's own passphrase; None if neither is so."""
    if not officer or not (folder / keys.FOLDER).is_dir():
        return None
    from workbench import identity

    try:
        one = identity.unlock(officer, passphrase) if isinstance(officer, str) else officer
        return key_change.take_up(folder, lambda read: _decrypt_key(one, read))
    except IdentityError:
        return None


def _decrypt_key(officer: Officer, read: Callable[[str], bytes | None]) -> CaseKey | None:
    data = read(keys.share_of(officer.card.fingerprint))
    try:
        return CaseKey(officer.open(data).decode()) if data else None
    except IdentityError:
        return None


def settle_key(folder: Path, key: CaseKey, say: Translator) -> None:
    """Finish or drop a change of who can open the case that was interrupted, and tell which; the caller holds the entrance."""
    if what := key_change.resolve_pending(folder, key):
        print_message(Sentence(f"kept.key.{what}"), say)


def remember_key(folder: Path, key: CaseKey) -> None:
    """Keep the key of a case for this session: it is asked for once."""
    _UNLOCKED[folder.resolve()] = key


def is_unlocked(folder: Path) -> bool:
    """Whether the key of a case is known in this session."""
    return folder.resolve() in _UNLOCKED


def forget_key(folder: Path) -> None:
    """Ask for the passphrase again when the case is next opened."""
    _UNLOCKED.pop(folder.resolve(), None)


@contextmanager
def use_piped_passphrase(stream: BinaryIO) -> Iterator[None]:
    """Take the first line of a stream as the passphrase wherever one is asked for within the block.

    Raises
    ------
    CaseError
        If there is no such line.
    """
    line = stream.readline(LONGEST)
    try:
        word = line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise CaseError(Sentence("The passphrase on standard input is not UTF-8. Write it as UTF-8.")) from error
    if not word:
        raise CaseError(Sentence("There is no passphrase on standard input. Write it there, on the first line."))
    _GIVEN.append(word)
    try:
        yield
    finally:
        _GIVEN.clear()


def ask_new_passphrase(folder: Path) -> str:
    """A new passphrase, asked for twice."""
    first = ask_secret(Sentence("New passphrase for {name}", name=folder.name))
    if ask_secret(Sentence("Repeat the passphrase")) != first:
        raise CaseError(Sentence("The two passphrases are different. Try again."))
    return first


def can_ask() -> bool:
    """Whether a passphrase was given to the command, or somebody can be asked for it."""
    return bool(_GIVEN) or "ipykernel" in sys.modules or sys.stdin.isatty()


def ask_secret(question: Sentence) -> str:
    """What a person answers, unseen, in a notebook or a terminal.

    Raises
    ------
    CaseError
        If nobody can be asked.
    """
    if _GIVEN:
        return _GIVEN[0]
    nobody = CaseError(
        Sentence(
            "The passphrase is missing ({question}). Give `passphrase='…'` when you open the case. If a "
            "command cannot ask for the passphrase, use `--passphrase-stdin` and give the passphrase on "
            "standard input.",
            question=question,
        )
    )
    if not can_ask():
        raise nobody
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # rather not at all than in plain sight
            return getpass.getpass(Translator(platform.get_system_language())("{question}: ", question=question))
    except (NotImplementedError, EOFError, getpass.GetPassWarning) as error:  # a notebook that runs by itself
        raise nobody from error
