"""The key of a pseudonymised copy: a file apart that gives each token its original back. It lies encrypted, and never in the copy."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.verbs import unlock
from workbench.errors import CaseError, IdentityError
from workbench.identity import Card
from workbench.identity.core import encryption, passphrases
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import read_bounded, write_atomic
from workbench.model.pseudonyms.tokens import compact

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Officer

FORMAT, VERSION = "caseledger pseudonyms", 1
LARGEST = 1 << 28
"""Bytes of a key, packed or not; a larger one is none."""
COLUMNS = ("token", "original", "kind")
TOLD = {
    "value": "name", "spelling": "word", "telephone": "telephone number", "shape": "number", "email": "e-mail", "handle": "account",
    "imei": "handset", "day": "day of birth", "officer": "officer", "iban": "bank account", "cell": "cell",
}  # fmt: skip
"""Kind of token -> what it is called; others by themselves."""
INNER = frozenset({"root", "form", "initial"})
"""Kinds that only serve to make tokens."""


@dataclass
class Key:
    """What makes tokens, and what was made.

    Attributes
    ----------
    secret, salt : bytes
        Out of which tokens are drawn; with which the case is named in the copy.
    cases : list of str
        Salted hashes of the cases of which copies were made.
    given : dict
        Kind -> original -> token.
    """

    secret: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    cases: list[str] = field(default_factory=list)
    given: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def hash_case_id(self, case_id: str) -> str:
        """Salted hash by which a copy says of which case it is made."""
        return hashlib.sha256(self.salt + case_id.encode()).hexdigest()


@dataclass
class KeyFile:
    """A key on the disk: under a passphrase (`wrapped`, the age identity of `recipient`), for the holders of cards, or both."""

    path: Path
    key: Key
    recipient: str = ""
    wrapped: str = ""
    cards: tuple[Card, ...] = ()
    new: bool = True

    def write(self) -> None:
        """Write the key, whole or not at all, for its owner only."""
        import pyrage

        to = encryption.recipients(self.cards) if self.cards else []
        if self.recipient:
            to.append(pyrage.x25519.Recipient.from_str(self.recipient))
        said = {
            "secret": self.key.secret.hex(),
            "salt": self.key.salt.hex(),
            "cases": self.key.cases,
            "given": self.key.given,
        }
        plain = json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        whole = {
            "format": FORMAT, "version": VERSION, "recipient": self.recipient, "wrapped": self.wrapped,
            "cards": [card.to_json() for card in self.cards],
            "sealed": base64.b64encode(pyrage.encrypt(zlib.compress(plain), to)).decode(),
        }  # fmt: skip
        write_atomic(self.path, json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n", mode=0o600)


def prepare_key(path: Path, passphrase: str, to: Sequence[Card], officer: Officer | None) -> KeyFile:
    """The key in a file, or a new one for a file that is not there yet; nothing is written.

    Raises
    ------
    CaseError
        If the file is no key or does not open.
    """
    import pyrage

    if path.exists():
        return open_key(path, passphrase, officer)
    key, cards = Key(secrets.token_bytes(32), secrets.token_bytes(16)), tuple(to)
    if cards:
        encryption.recipients(cards)
    if cards and not passphrase:
        return KeyFile(path, key, cards=cards)
    identity = pyrage.x25519.Identity.generate()
    wrapped = passphrases.encrypt(str(identity).encode(), passphrase or unlock.ask_new_passphrase(path))
    return KeyFile(path, key, str(identity.to_public()), base64.b64encode(wrapped).decode(), cards)


def open_key(path: Path, passphrase: str = "", officer: Officer | None = None) -> KeyFile:
    """The key in a file, by its passphrase (asked for, unseen, if not given) or by an officer to whom it was sealed.

    Raises
    ------
    CaseError
        If it is no key, or does not open.
    """
    whole = _read(path)
    try:
        cards = tuple(Card.from_json(str(text)) for text in _list(whole, "cards"))
    except IdentityError as error:
        raise CaseError(Sentence("refused.copy.damaged", name=path.name)) from error
    sealed, wrapped, data = _bytes(path, whole.get("sealed")), str(whole.get("wrapped", "")), None
    if officer is not None and not passphrase and officer.card.fingerprint in [card.fingerprint for card in cards]:
        data = _by_officer(officer, sealed)
    if data is None and wrapped:
        identity = passphrases.decrypt(
            _bytes(path, wrapped), passphrase or unlock.ask_secret(Sentence("secret.of", name=path.name))
        )
        data = _by_identity(identity, sealed) if identity else None
    if data is None:
        wrong = Sentence("refused.copy.not_opened", name=path.name)
        holders = tuple(card.label for card in cards)
        raise CaseError(Sentence("refused.copy.opens_to", said=wrong, holders=holders) if holders else wrong)
    return KeyFile(path, _key(path, data), str(whole.get("recipient", "")), wrapped, cards, new=False)


def _key(path: Path, data: bytes) -> Key:
    """The key that was sealed. Whoever has its recipient may have sealed another thing, of any size.

    Raises
    ------
    CaseError
        If it is none.
    """
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, LARGEST)
        if stream.unconsumed_tail or not stream.eof:
            raise CaseError(Sentence("refused.copy.damaged", name=path.name))
        said = json.loads(text.decode("utf-8", "surrogatepass"))
        given = {str(kind): _texts(made) for kind, made in dict(said["given"]).items()}
        key = Key(bytes.fromhex(said["secret"]), bytes.fromhex(said["salt"]), list(map(str, said["cases"])), given)
    except (zlib.error, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(Sentence("refused.copy.damaged", name=path.name)) from error
    return key


def _texts(made: object) -> dict[str, str]:
    if not isinstance(made, dict):
        raise TypeError("no tokens")
    return {str(original): str(token) for original, token in made.items()}


def reidentify(path: str | Path, token: str, *, passphrase: str = "", officer: Officer | None = None) -> pd.DataFrame:
    """What a token of a pseudonymised copy stands for: a name, a word of one, a number, as it is written in the copy.

    `case.subjects.reidentify` does the same and writes it to the log of the case.

    Parameters
    ----------
    path : str or Path
        The key.
    token : str
        As it stands in the copy; capitals, accents and grouping do not count.
    passphrase : str
        Of the key; asked for, unseen, if not given and no officer opens it.
    officer : Officer
        Unlocked, one to whose card the key was sealed.

    Returns
    -------
    DataFrame
        token, original, kind: the whole first, then its words.

    Raises
    ------
    CaseError
        If the file is no key or does not open.
    """
    return found(open_key(Path(path), passphrase, officer).key, token)


def found(key: Key, token: str) -> pd.DataFrame:
    """Originals of a token and of its words (COLUMNS)."""
    import pandas as pd

    wanted, words = compact(token), {compact(word) for word in token.split()}
    rows = [
        (made, original, TOLD.get(kind, kind))
        for kind, given in key.given.items()
        if kind not in INNER
        for original, made in given.items()
        if compact(made) == wanted or (kind == "spelling" and compact(made) in words)
    ]
    rows.sort(key=lambda row: (compact(row[0]) != wanted, row[2], row[1]))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def _read(path: Path) -> dict[str, object]:
    try:
        text = read_bounded(path, LARGEST + 1)
        whole = json.loads(text.decode("utf-8")) if len(text) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as error:
        raise CaseError(Sentence("refused.copy.unreadable", name=path.name, error=error)) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or whole.get("version") != VERSION:
        raise CaseError(Sentence("refused.copy.no_key", name=path.name))
    return whole


def _list(whole: dict[str, object], name: str) -> list[object]:
    found_ = whole.get(name)
    return found_ if isinstance(found_, list) else []


def _bytes(path: Path, text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise CaseError(Sentence("refused.copy.damaged", name=path.name)) from error


def _by_officer(officer: Officer, sealed: bytes) -> bytes | None:
    try:
        return officer.open(sealed)
    except IdentityError:
        return None


def _by_identity(identity: bytes, sealed: bytes) -> bytes | None:
    import pyrage

    try:
        data: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity.decode())])
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        return None
    return data
