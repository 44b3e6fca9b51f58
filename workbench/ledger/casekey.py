"""The key of an encrypted case, and who can take it up: by passphrase, by recovery key, by an officer's own key.

The key is an age identity. It lies in the case folder only encrypted: `case.key.age` under the passphrase (scrypt), in `keys/`
once more for each other holder. The key of the ledger and the names of files are derived from it, so that whoever holds it
opens everything, with any age program and SQLite3 Multiple Ciphers, also without this workbench.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.age import derived, secret
from workbench.ledger.deletion import refuse_links
from workbench.model.catalogue import Sentence
from workbench.model.files import write_atomic
from workbench.model.identity import phrases
from workbench.visible import spelt

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
        return derived(secret(self.identity), b"caseledger", b"ledger").hex()

    def name(self, logical: str) -> str:
        """Name under which a file lies, so that a hash in a name does not tell who knows the file that the case has it."""
        key = derived(secret(self.identity), b"caseledger", b"names")
        return hmac.digest(key, logical.encode(), "sha256").hex()[:40]


def new() -> CaseKey:
    """A new key."""
    import pyrage

    return CaseKey(str(pyrage.x25519.Identity.generate()))


def is_encrypted(folder: Path) -> bool:
    """Whether a case folder is one of an encrypted case."""
    return (folder / FILE).is_file()


def protect(folder: Path, key: CaseKey, passphrase: str) -> None:
    """Write the key under a passphrase, in place of an earlier one.

    Raises
    ------
    IdentityError
        If the passphrase is too short.
    """
    refuse_links(folder)
    write_atomic(folder / FILE, phrases.encrypt(key.identity.encode(), passphrase), mode=0o600)


def share(folder: Path, key: CaseKey, holder: str, recipient: str) -> Path:
    """Write the key for another holder, to whom belongs a recipient 'age1…'; gives the file.

    Raises
    ------
    CaseError
        If the recipient is none.
    """
    import pyrage

    try:
        to = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise CaseError(Sentence("refused.kept.no_recipient", recipient=spelt(recipient))) from error
    path = share_of(folder, holder)
    refuse_links(path.parent)
    write_atomic(path, pyrage.encrypt(key.identity.encode(), [to]), mode=0o600)
    return path


def share_of(folder: Path, holder: str) -> Path:
    """Where the key lies for another holder; the name of the file does not tell who that is."""
    return folder / FOLDER / f"{hashlib.sha256(holder.encode()).hexdigest()[:24]}.key.age"


def recovery(folder: Path, key: CaseKey) -> str:
    """Make a recovery key, in place of an earlier one; it is given once and lies nowhere."""
    import pyrage

    made = pyrage.x25519.Identity.generate()
    share(folder, key, RECOVERY, str(made.to_public()))
    return str(made)


def by_passphrase(folder: Path, passphrase: str) -> CaseKey | None:
    """The key by its passphrase or its recovery key; None if neither opens it."""
    import pyrage

    if not passphrase.strip().upper().startswith(IDENTITY):
        found = phrases.decrypt((folder / FILE).read_bytes(), passphrase)
        return CaseKey(found.decode()) if found else None
    try:
        identity = pyrage.x25519.Identity.from_str(passphrase.strip().upper())
        return CaseKey(pyrage.decrypt(share_of(folder, RECOVERY).read_bytes(), [identity]).decode())
    except (pyrage.DecryptError, pyrage.IdentityError, FileNotFoundError):
        return None
