"""Who can open an encrypted case: by its passphrase, by a recovery key, by officers' own keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.case.book import Book
from workbench.case.unlocking import chosen
from workbench.errors import CaseError
from workbench.ledger import Object, now
from workbench.ledger import casekey as keys
from workbench.ledger.casekey import CaseKey
from workbench.ledger.deletion import delete
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.identity import Card

COLUMNS = ("holder", "by", "fingerprint", "since")
LIST = "holders.json"


def table(book: Book) -> pd.DataFrame:
    """Who can open the case (COLUMNS), in order of time."""
    import pandas as pd

    _key(book)
    rows = [("everyone who knows it", "passphrase", "", ""), *_listed(book).values()]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def share(book: Book, card: Card) -> None:
    """Let an officer open the case with the officer's own key."""
    key = _key(book)
    if not card.recipient:
        raise CaseError(Sentence("refused.holder.no_recipient", name=card.name))
    keys.share(book.folder.path, key, card.fingerprint, card.recipient)
    _note(book, card.fingerprint, (card.name, "own key", card.fingerprint, now()))


def recovery(book: Book) -> str:
    """Make a recovery key; the one before no longer opens the case."""
    made = keys.recovery(book.folder.path, _key(book))
    _note(book, keys.RECOVERY, ("whoever holds it", "recovery key", "", now()))
    return made


def withdraw(book: Book, who: str) -> None:
    """Take the key back from an officer, or the recovery key, by name or fingerprint."""
    _key(book)
    found = [holder for holder, row in _listed(book).items() if who in (row[0], row[1], row[2])]
    if len(found) != 1:
        known = tuple(f"{row[0]} ({row[1]})" for row in _listed(book).values()) or Sentence("refused.holder.nobody")
        raise CaseError(Sentence("refused.holder.names", who=who, count=len(found), known=known))
    delete(keys.share_of(book.folder.path, found[0]))
    _note(book, found[0], None)


def rephrase(book: Book, passphrase: str) -> None:
    """Set another passphrase."""
    keys.protect(book.folder.path, _key(book), passphrase or chosen(book.folder.path))
    book.ledger.record("alteration", Object("case key"), {"holder": "passphrase", "change": "set"})


def _key(book: Book) -> CaseKey:
    if book.folder.vault.key is None:
        raise CaseError(Sentence("refused.crypt.no_key"))
    return book.folder.vault.key


def _listed(book: Book) -> dict[str, tuple[str, ...]]:
    path = book.folder.path / keys.FOLDER / LIST
    if not book.folder.vault.place(path).exists():
        return {}
    return {holder: tuple(row) for holder, row in json.loads(book.folder.vault.read(path)).items()}


def _note(book: Book, holder: str, row: tuple[str, ...] | None) -> None:
    """Keep the list of holders, encrypted, and log the change."""
    listed = {name: one for name, one in _listed(book).items() if name != holder} | ({holder: row} if row else {})
    book.folder.vault.write(book.folder.path / keys.FOLDER / LIST, json.dumps(listed).encode())
    change = {"holder": holder, "change": "given" if row else "withdrawn"}
    book.ledger.record("alteration", Object("case key"), change)
