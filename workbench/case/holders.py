"""Who can open an encrypted case: by its passphrase, by a recovery key, by officers' own keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from workbench.case.book import Book
from workbench.case.progress import tell
from workbench.case.unlocking import chosen, settle_key
from workbench.errors import CaseError
from workbench.ledger import casekey as keys
from workbench.ledger import keychange, now
from workbench.ledger.casekey import CaseKey
from workbench.ledger.changeover import entrance
from workbench.ledger.keychange import Files
from workbench.ledger.vault import SealedVault
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.identity import Card

COLUMNS = ("holder", "by", "fingerprint", "since")
LIST = f"{keys.FOLDER}/holders.json.age"


def table(book: Book) -> pd.DataFrame:
    """Who can open the case (COLUMNS), in order of time."""
    import pandas as pd

    _key(book)
    rows = [("everyone who knows it", "passphrase", "", ""), *_listed(book).values()]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def share(book: Book, card: Card) -> None:
    """Let an officer open the case with the officer's own key."""
    if not card.recipient:
        raise CaseError(Sentence("refused.holder.no_recipient", name=card.name))
    data = keys.seal_to(_key(book), card.recipient)
    _change(book, card.fingerprint, (card.name, "own key", card.fingerprint, now()), data)


def recovery(book: Book) -> str:
    """Make a recovery key; the one before no longer opens the case."""
    made, data = keys.recovery(_key(book))
    _change(book, keys.RECOVERY, ("whoever holds it", "recovery key", "", now()), data)
    return made


def withdraw(book: Book, who: str) -> None:
    """Take the key back from an officer, or the recovery key, by name or fingerprint."""
    _key(book)
    found = [holder for holder, row in _listed(book).items() if who in (row[0], row[1], row[2])]
    if len(found) != 1:
        known = tuple(f"{row[0]} ({row[1]})" for row in _listed(book).values()) or Sentence("refused.holder.nobody")
        raise CaseError(Sentence("refused.holder.names", who=who, count=len(found), known=known))
    _change(book, found[0], None, None)


def rephrase(book: Book, passphrase: str) -> None:
    """Set another passphrase."""
    data = keys.wrap(_key(book), passphrase or chosen(book.folder.path))
    with _turn(book):
        _make(book, {keys.FILE: data}, {"holder": "passphrase", "change": "set"})


def settle(book: Book) -> None:
    """Finish or drop a change that was interrupted in another program, if the case is encrypted."""
    if book.folder.vault.key and keychange.find(book.folder.path):
        with _turn(book):
            pass


def _key(book: Book) -> CaseKey:
    if book.folder.vault.key is None:
        raise CaseError(Sentence("refused.crypt.no_key"))
    return book.folder.vault.key


def _listed(book: Book) -> dict[str, tuple[str, ...]]:
    sealed = keychange.read(book.folder.path, LIST, keychange.find_counting(book.folder.path, book.ledger.connection))
    if sealed is None:
        return {}
    return {holder: tuple(row) for holder, row in json.loads(_vault(book).unseal(sealed, LIST)).items()}


def _change(book: Book, holder: str, row: tuple[str, ...] | None, data: bytes | None) -> None:
    """Give the key to a holder, or take it back, with the list of holders, which is encrypted."""
    with _turn(book):
        listed = {name: one for name, one in _listed(book).items() if name != holder} | ({holder: row} if row else {})
        files = {keys.share_of(holder): data, LIST: _vault(book).seal(json.dumps(listed).encode())}
        _make(book, files, {"holder": holder, "change": "given" if row else "withdrawn"})


@contextmanager
def _turn(book: Book) -> Iterator[None]:
    """Be the only one who enters the case or changes who can open it; what was interrupted before is settled."""
    with entrance(book.folder.path):
        settle_key(book.folder.path, _key(book), book.say)
        yield


def _make(book: Book, files: Files, told: dict[str, object]) -> None:
    """Make a change, or leave everything as it was: it is made once the log has it."""
    folder, key = book.folder.path, _key(book)
    try:
        keychange.make(folder, book.ledger, files, told)
    except BaseException:
        with suppress(Exception):  # where even this fails, the next opening settles it
            if keychange.settle(folder, key) == "made":  # an interrupt came after the log had it
                tell(Sentence("kept.key.made"), book.say)
        raise
    try:
        keychange.settle(folder, key)
    except (OSError, CaseError) as error:
        tell(Sentence("kept.key.waits", error=error), book.say)


def _vault(book: Book) -> SealedVault:
    return SealedVault(_key(book))
