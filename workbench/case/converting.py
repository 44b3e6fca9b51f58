"""A case made encrypted, or no longer so, with everything in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from workbench.case import unlocking
from workbench.case.book import Book
from workbench.case.progress import bar
from workbench.errors import CaseError
from workbench.ledger import Object
from workbench.ledger import casekey as keys
from workbench.ledger.changeover import MEMBERS, entrance, make_over
from workbench.ledger.cipher import engine
from workbench.ledger.folder import LOCK
from workbench.ledger.vault import PLAIN, SealedVault, Vault
from workbench.model.identity import phrases

ENCRYPTED = """{name} is encrypted. Without the passphrase, a recovery key or an officer to whom the key is given
(case.share_key(card)) nobody can open it. What was plain was overwritten once; a disk may keep older copies: docs/at-rest.md.
"""
BESIDE = "Not encrypted, for they are no part of the case: {names}.\n"
DECRYPTED = "{name} is no longer encrypted: whoever has the folder can read it.\n"


def encrypt(book: Book, passphrase: str) -> Callable[[], None]:
    """What encrypts a case, after a first look whether it can be. It closes the ledger."""
    folder = book.folder.path
    if book.folder.vault.key:
        raise CaseError(f"{folder} is encrypted already.")
    engine()
    phrase = phrases.strong(passphrase or unlocking.chosen(folder))
    key = keys.new()

    def work() -> None:
        _over(book, SealedVault(key), "encrypting", lambda place: keys.protect(place, key, phrase))
        unlocking.remember(folder, key)
        sys.stdout.write(ENCRYPTED.format(name=folder.name))
        others = sorted({path.name for path in folder.iterdir()} - {*MEMBERS, "case.toml", LOCK})
        sys.stdout.write(BESIDE.format(names=", ".join(others)) if others else "")

    return work


def decrypt(book: Book) -> Callable[[], None]:
    """What decrypts a case, if it is encrypted. It closes the ledger."""
    folder = book.folder.path
    if book.folder.vault.key is None:
        raise CaseError(f"{folder} is not encrypted.")

    def work() -> None:
        _over(book, PLAIN, "decrypting", lambda place: None)
        unlocking.forget(folder)
        sys.stdout.write(DECRYPTED.format(name=folder.name))

    return work


def _over(book: Book, new: Vault, what: str, seal: Callable[[Path], None]) -> None:
    book.ledger.record("alteration", Object("case"), {"at rest": what})
    book.let_go()
    book.ledger.close()
    with entrance(book.folder.path):
        make_over(book.folder.path, book.folder.vault, new, seal, lambda paths: bar(book.say, what, "files", paths))
