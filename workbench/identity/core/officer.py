"""An officer with unlocked keys: signs and opens. It is never printed, copied or pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from workbench.errors import IdentityError
from workbench.identity.core import signatures
from workbench.identity.core.age_encryption import write_atomically
from workbench.identity.core.canonical_json import decode_b64, encode_b64
from workbench.identity.core.card import Card
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import parse_nested

if TYPE_CHECKING:
    from workbench.identity.core.signatures import PrivateKey

TYPE = "caseledger/keys/1"


class PrivateKeys:
    """The private side of an identity; shows nothing of itself.

    Parameters
    ----------
    signing_key : bytes
        PKCS#8 in DER.
    receiving : str
        The age identity, 'AGE-SECRET-KEY-1…'.
    """

    __slots__ = ("receiving", "signing_key")

    def __init__(self, signing_key: bytes, receiving: str) -> None:
        self.signing_key = signing_key
        self.receiving = receiving

    def __repr__(self) -> str:
        return "<private keys>"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("private keys are neither copied nor pickled")

    def to_bytes(self) -> bytes:
        """What is encrypted and kept."""
        return json.dumps({"type": TYPE, "signing": encode_b64(self.signing_key), "receiving": self.receiving}).encode()

    @staticmethod
    def from_bytes(data: bytes) -> PrivateKeys:
        """Keys as they were kept.

        Raises
        ------
        IdentityError
            If it is something else.
        """
        try:
            read = parse_nested(data.decode("utf-8"), json.loads)
            if read["type"] == TYPE:
                return PrivateKeys(decode_b64(str(read["signing"])), str(read["receiving"]))
        except (ValueError, LookupError, TypeError, IdentityError):
            pass
        raise IdentityError(
            Sentence(
                "The file with the private keys was opened, but it does not contain the keys of an identity. "
                "Restore the file from a backup."
            )
        )


class Officer:
    """A card and its unlocked private keys.

    Attributes
    ----------
    card : Card
        The public side.
    """

    __slots__ = ("_key", "_receiving", "card")

    def __init__(self, card: Card, keys: PrivateKeys) -> None:
        self.card = card
        self._key = _load_private_key(keys)
        self._receiving = keys.receiving

    def __repr__(self) -> str:
        return f"<Officer {self.card.label}, {self.card.fingerprint}>"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("an officer holds private keys and is neither copied nor pickled; unlock it where it is needed")

    def sign(self, data: bytes) -> bytes:
        """The officer's signature over the data; `signed_by` checks it.

        What an exercise identity signs is to be shown with `card.label`, which says EXERCISE.
        """
        return signatures.sign_data(self._key, data)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed to this officer.

        Raises
        ------
        IdentityError
            If it was sealed to others, or one bit of it was changed.
        """
        import pyrage

        try:
            opened: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(self._receiving)])
        except pyrage.DecryptError:
            raise IdentityError(
                Sentence(
                    "{who} cannot open this content: it was encrypted for other officers, or it is damaged. "
                    "Ask the sender to encrypt the content for this officer.",
                    who=self.card.label,
                )
            ) from None
        return opened

    def open_file(self, source: Path, target: Path) -> None:
        """Open a sealed file of any size; the target appears only when all of it is proved, readable by its owner only.

        Raises
        ------
        IdentityError
            If it was sealed to others, was changed, or cannot be read or written.
        """
        import pyrage

        def make(sealed: IO[bytes], opened: IO[bytes]) -> None:
            try:
                pyrage.decrypt_io(sealed, opened, [pyrage.x25519.Identity.from_str(self._receiving)])
            except (pyrage.DecryptError, OSError) as error:
                if getattr(error, "errno", None) is not None:  # the disk's, not the seal's
                    raise
                raise IdentityError(
                    Sentence(
                        "{who} cannot open {path}: it was encrypted for other officers, or it is damaged. "
                        "Ask the sender to encrypt the file for this officer.",
                        path=source,
                        who=self.card.label,
                    )
                ) from None

        write_atomically(source, target, make)

    def replace_card(self, card: Card) -> Officer:
        """The same keys under another card.

        Raises
        ------
        IdentityError
            If the card is of another key.
        """
        if card.fingerprint != self.card.fingerprint:
            raise IdentityError(
                Sentence(
                    "The card of {who} was not used: its key is not the key of this identity ({own}). "
                    "Select a card of this identity.",
                    who=card.label,
                    own=self.card.label,
                )
            )
        made = Officer.__new__(Officer)
        made.card, made._key, made._receiving = card, self._key, self._receiving  # noqa: SLF001
        return made


def _load_private_key(keys: PrivateKeys) -> PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(keys.signing_key, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise IdentityError(
            Sentence("The saved signing key cannot be read. Restore the identity from a backup.")
        ) from None
    signatures.check_public_key(key.public_key())
    return key  # type: ignore[return-value]
