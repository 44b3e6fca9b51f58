"""Sealing to recipients: age with X25519; whoever is not among them, or holds a changed copy, opens nothing.

References
----------
The age file format, age-encryption.org/v1 (C2SP): file key wrapped to each recipient, content in authenticated pieces.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from workbench.errors import IdentityError
from workbench.identity.core.card import Card
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient


def seal(data: bytes, to: Sequence[Card]) -> bytes:
    """The data, readable by the holders of these cards only.

    Whose cards they are is not asked here: see `TrustList.standing`.

    Raises
    ------
    IdentityError
        If there is no recipient, or a card has no address.
    """
    import pyrage

    sealed: bytes = pyrage.encrypt(data, list_recipients(to))
    return sealed


def seal_file(source: Path, target: Path, to: Sequence[Card]) -> None:
    """The same of a file of any size; the target appears when it is whole, readable by its owner only."""
    import pyrage

    addresses = list_recipients(to)
    write_atomically(source, target, lambda plain, sealed: pyrage.encrypt_io(plain, sealed, addresses))


def list_recipients(cards: Sequence[Card]) -> list[Recipient]:
    """The addresses of the cards, each once.

    Raises
    ------
    IdentityError
        If there is none, or one cannot be used.
    """
    import pyrage

    for card in cards:
        if not card.recipient:
            raise IdentityError(
                Sentence(
                    "Nothing can be encrypted for {who}: the card has no encryption address. Ask for a card "
                    "with an encryption address.",
                    who=card.label,
                )
            )
    try:
        made = [
            pyrage.x25519.Recipient.from_str(address) for address in dict.fromkeys(card.recipient for card in cards)
        ]
    except pyrage.RecipientError as error:
        raise IdentityError(
            Sentence(
                "The encryption address on a card is damaged: {error}. Ask the owner for the card again.", error=error
            )
        ) from error
    if not made:
        raise IdentityError(Sentence("Nothing was encrypted: there is nobody to encrypt for. Give at least one card."))
    return made


def write_atomically(source: Path, target: Path, make: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Make a file beside the target and put it there when it is whole; of a failure nothing stays.

    Raises
    ------
    IdentityError
        If source or target cannot be used.
    """
    import pyrage

    made = None
    try:
        with source.open("rb") as read, _create_temporary(target) as written:
            made = Path(written.name)
            make(read, written)
            written.flush()
            os.fsync(written.fileno())
        made.replace(target)
    except (OSError, pyrage.EncryptError) as error:
        raise IdentityError(
            Sentence(
                "{source} cannot be read, or {target} cannot be written: {error}. Free some space on "
                "the disk, or use other folders.",
                source=source,
                target=target,
                error=error,
            )
        ) from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


def _create_temporary(target: Path) -> IO[bytes]:
    target.parent.mkdir(parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=target.parent, prefix=".sealing-", delete=False)
