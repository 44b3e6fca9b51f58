"""The key of an encrypted case, and who can take it up: by passphrase, by recovery key, by an officer's own key.

The key is an age identity. It lies in the case folder only encrypted: `case.key.age` under the passphrase (scrypt), in `keys/`
once more for each other holder. The key of the ledger and the names of files are derived from it, so that whoever holds it
opens everything, with any age program and SQLite3 Multiple Ciphers, also without this workbench.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import CaseError
from workbench.identity.core import passphrases
from workbench.ledger.storage.age_file import decode_identity, derive_key
from workbench.ledger.storage.safe_deletion import refuse_links
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import write_atomic
from workbench.visible import escape_unprintable

FILE, FOLDER = "case.key.age", "keys"
RECOVERY = "recovery"
IDENTITY = "AGE-SECRET-KEY-1"


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key of a case. It is never printed.

    Attributes
    ----------
    identity : str
        'AGE-SECRET-KEY-1…'.
    """

    identity: str = field(repr=False)

    @property
    def ledger(self) -> str:
        """Raw key of the ledger, 64 hexadecimal digits."""
        return derive_key(decode_identity(self.identity), b"caseledger", b"ledger").hex()

    def name(self, logical: str) -> str:
        """Name under which a file lies, so that a hash in a name does not tell who knows the file that the case has it."""
        key = derive_key(decode_identity(self.identity), b"caseledger", b"names")
        return hmac.digest(key, logical.encode(), "sha256").hex()[:40]


def create_key() -> CaseKey:
    """A new key."""
    import pyrage

    return CaseKey(str(pyrage.x25519.Identity.generate()))


def is_encrypted(folder: Path) -> bool:
    """Whether a case folder is one of an encrypted case."""
    return (folder / FILE).is_file()


def write_key(folder: Path, wrapped: bytes) -> None:
    """Write the key of a new case as `wrap` gives it."""
    refuse_links(folder)
    write_atomic(folder / FILE, wrapped, mode=0o600)


def encrypt_key(key: CaseKey, passphrase: str) -> bytes:
    """The key under a passphrase. Raises `IdentityError` if that is too short."""
    return passphrases.encrypt_data(key.identity.encode(), passphrase)


def seal_to(key: CaseKey, recipient: str) -> bytes:
    """The key for another holder, to whom belongs a recipient 'age1…'.

    Raises
    ------
    CaseError
        If the recipient is none.
    """
    import pyrage

    try:
        to = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise CaseError(
            Sentence(
                "'{recipient}' is not an encryption address (`age1…`). Use the officer's card.",
                recipient=escape_unprintable(recipient),
            )
        ) from error
    data: bytes = pyrage.encrypt(key.identity.encode(), [to])
    return data


def share_of(holder: str) -> str:
    """Where in the case folder the key lies for another holder; the name of the file does not tell who that is."""
    return f"{FOLDER}/{hashlib.sha256(holder.encode()).hexdigest()[:24]}.key.age"


def create_recovery_key(key: CaseKey) -> tuple[str, bytes]:
    """A new recovery key, which lies nowhere, and the key of the case under it."""
    import pyrage

    made = pyrage.x25519.Identity.generate()
    return str(made), seal_to(key, str(made.to_public()))


def open_by_passphrase(read: Callable[[str], bytes | None], passphrase: str) -> CaseKey | None:
    """The key by its passphrase or its recovery key; None if neither opens it. `read` gives a file of the case folder."""
    import pyrage

    is_recovery = passphrase.strip().upper().startswith(IDENTITY)
    data = read(share_of(RECOVERY) if is_recovery else FILE)
    if data is None:
        return None
    if not is_recovery:
        found = passphrases.decrypt_data(data, passphrase)
        return CaseKey(found.decode()) if found else None
    try:
        identity = pyrage.x25519.Identity.from_str(passphrase.strip().upper())
        return CaseKey(pyrage.decrypt(data, [identity]).decode())
    except (pyrage.DecryptError, pyrage.IdentityError):
        return None
