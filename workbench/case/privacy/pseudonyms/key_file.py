"""The key of a pseudonymised copy: a file apart that gives each token its original back. It lies encrypted, and never in the copy.

Anybody can seal something to a known recipient, so who may read a key is said within what is sealed, and who sealed it is proven: by
the passphrase, under which the hash of the key's secret lies, or by the signature of an officer.
"""

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
from typing import TYPE_CHECKING, Any

from workbench.case.verbs import unlock
from workbench.errors import CaseError, IdentityError
from workbench.identity import Card
from workbench.identity.core import age_encryption, passphrases
from workbench.identity.core.card import signed_by
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import read_bounded, write_atomic
from workbench.model.pseudonyms.tokens import compact_text

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Officer

FORMAT, VERSION = "caseledger pseudonyms", 2
READ = (1, VERSION)
"""Versions that are read. In the first nothing proves who sealed a key, nor for whom."""
LARGEST = 1 << 28
"""Bytes of a key, packed or not; a larger one is none."""
COLUMNS = ("token", "original", "kind")
TOLD = {
    "value": "name", "spelling": "word", "telephone": "telephone number", "shape": "number", "email": "e-mail", "handle": "account",
    "imei": "handset", "day": "day of birth", "month": "month of birth", "officer": "officer", "iban": "bank account", "cell": "cell",
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
    """A key on the disk: under a passphrase (`wrapped`, the age identity of `recipient`), for the holders of cards, or both.

    `proven`: whether somebody whom the reader trusts has sealed it, for these readers.
    """

    path: Path
    key: Key
    recipient: str = ""
    wrapped: str = ""
    cards: tuple[Card, ...] = ()
    new: bool = True
    proven: bool = True

    def write(self, officer: Officer | None = None) -> None:
        """Write the key, whole or not at all, for its owner only; signed, if an officer writes it."""
        import pyrage

        to = age_encryption.list_recipients(self.cards) if self.cards else []
        if self.recipient:
            to.append(pyrage.x25519.Recipient.from_str(self.recipient))
        readers = {"recipient": self.recipient, "cards": [card.to_json() for card in self.cards]}
        said = {
            "secret": self.key.secret.hex(), "salt": self.key.salt.hex(), "cases": self.key.cases, "given": self.key.given, **readers,
        }  # fmt: skip
        plain = json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        sealed = pyrage.encrypt(zlib.compress(plain), to)
        signature = officer.sign(_build_signed_bytes(sealed)) if officer else b""
        whole = {
            "format": FORMAT, "version": VERSION, **readers, "wrapped": self.wrapped, "sealed": base64.b64encode(sealed).decode(),
            "signature": base64.b64encode(signature).decode(),
        }  # fmt: skip
        write_atomic(self.path, json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n", mode=0o600)

    def add_readers(self, to: Sequence[Card]) -> None:
        """Let the holders of some cards open the key too."""
        if to:
            age_encryption.list_recipients(to)
        self.cards = tuple({card.fingerprint: card for card in (*self.cards, *to)}.values())


def prepare_key(path: Path, passphrase: str, to: Sequence[Card], officer: Officer | None) -> KeyFile:
    """The key in a file, for the holders of the cards `to` as well, or a new one for a file that is not there yet.

    Nothing is written.

    Raises
    ------
    CaseError
        If the file is no key, does not open, or nothing proves who sealed it and for whom.
    """
    import pyrage

    if path.exists():
        held = open_key(path, passphrase, officer, to)
        if not held.proven:
            holders = ", ".join(card.label for card in held.cards) or "–"
            raise CaseError(
                Sentence(
                    "It is not certain who wrote {name}, so the program does not use this file for another "
                    "copy. Give the passphrase of the file. Or use `to` to give the cards of the people who "
                    "can open the file: {holders}. If you cannot do either, use a new key file.",
                    name=path.name,
                    holders=holders,
                )
            )
        held.add_readers(to)
        return held
    held = KeyFile(path, Key(secrets.token_bytes(32), secrets.token_bytes(16)))
    held.add_readers(to)
    if passphrase or not held.cards:
        identity = pyrage.x25519.Identity.generate()
        held.recipient = str(identity.to_public())
        held.wrapped = _encrypt_identity(held.key, str(identity), passphrase or unlock.ask_new_passphrase(path))
    return held


def open_key(path: Path, passphrase: str = "", officer: Officer | None = None, trusted: Sequence[Card] = ()) -> KeyFile:
    """The key in a file, by its passphrase (asked for, unseen, if not given) or by an officer to whom it was sealed.

    trusted : cards besides the officer's own whose signature proves that the key is what it says

    Raises
    ------
    CaseError
        If it is no key, does not open, or is not as it was sealed.
    """
    whole = _read_key_file(path)
    cards, sealed, wrapped = (
        _parse_cards(path, whole),
        _decode_bytes(path, whole.get("sealed")),
        str(whole.get("wrapped", "")),
    )
    said, opened_by_officer = None, False
    if officer is not None and not passphrase and officer.card.fingerprint in [card.fingerprint for card in cards]:
        said = _open_by_officer(path, officer, sealed)
        opened_by_officer = said is not None
    phrase, identity, promised = passphrase, "", ""
    if said is None and wrapped:
        phrase = passphrase or unlock.ask_secret(Sentence("Passphrase of {name}", name=path.name))
        identity, promised = _decrypt_identity(path, wrapped, phrase)
        said = _open_by_identity(path, identity, sealed)
    if said is None:
        wrong = Sentence(
            "{name} cannot be opened: the passphrase is wrong, or the file is damaged. Enter the "
            "passphrase again, or use another copy of the key file.",
            name=path.name,
        )
        holders = tuple(card.label for card in cards)
        raise CaseError(
            Sentence(
                "{said} These officers can also open the key file when their own key is unlocked: {holders}.",
                said=wrong,
                holders=holders,
            )
            if holders
            else wrong
        )
    held = KeyFile(path, _parse_key(path, said), str(whole.get("recipient", "")), wrapped, cards, new=False)
    _check_readers(held, said, promised)
    if opened_by_officer and officer is not None:
        signature = _decode_bytes(path, whole.get("signature", ""))
        signers = (officer.card, *trusted)
        held.proven = "cards" in said and any(signed_by(one, _build_signed_bytes(sealed), signature) for one in signers)
    elif not promised:  # of the first version
        held.recipient, held.wrapped = _to_recipient(identity), _encrypt_identity(held.key, identity, phrase)
        held.proven = {card.fingerprint for card in cards} == {card.fingerprint for card in trusted}
    return held


def _parse_cards(path: Path, whole: dict[str, object]) -> tuple[Card, ...]:
    try:
        return tuple(Card.from_json(str(text)) for text in _get_list(whole, "cards"))
    except IdentityError as error:
        raise CaseError(Sentence("{name} is damaged. Use another copy of the key file.", name=path.name)) from error


def _check_readers(held: KeyFile, said: dict[str, object], promised: str) -> None:
    """Compare what the file says openly with what is sealed in it and what the passphrase protects.

    Raises
    ------
    CaseError
        If they differ: somebody has changed the file who cannot open it.
    """
    inside = {name: said.get(name) for name in ("recipient", "cards")}
    outside = {"recipient": held.recipient, "cards": [card.to_json() for card in held.cards]}
    changed = inside != outside if promised or "cards" in said else False
    if changed or (promised and promised != _hash_secret(held.key)):
        raise CaseError(
            Sentence(
                "Somebody changed {name}. It no longer contains the key that its owner encrypted, or its list of "
                "the people who can open it is different. Do not use this file. Get the key back from a backup, "
                "or use a new key file.",
                name=held.path.name,
            )
        )


def _build_signed_bytes(sealed: bytes) -> bytes:
    return f"{FORMAT} {VERSION}\n{hashlib.sha256(sealed).hexdigest()}".encode()


def _hash_secret(key: Key) -> str:
    return hashlib.sha256(b"key of a copy\x00" + key.secret).hexdigest()


def _encrypt_identity(key: Key, identity: str, passphrase: str) -> str:
    """The age identity and the hash of the key's secret under a passphrase."""
    return base64.b64encode(passphrases.encrypt_data(f"{identity}\n{_hash_secret(key)}".encode(), passphrase)).decode()


def _decrypt_identity(path: Path, wrapped: str, passphrase: str) -> tuple[str, str]:
    """The age identity and the hash of the key's secret, which the first version lacks; both '' if it does not open."""
    plain = passphrases.decrypt_data(_decode_bytes(path, wrapped), passphrase) or b""
    identity, _, promised = plain.decode("utf-8", "replace").partition("\n")
    return identity, promised


def _to_recipient(identity: str) -> str:
    import pyrage

    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def _parse_content(path: Path, data: bytes) -> dict[str, object]:
    """What was sealed. Whoever has its recipient may have sealed another thing, of any size.

    Raises
    ------
    CaseError
        If it is no key.
    """
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, LARGEST)
        said = json.loads(text.decode("utf-8", "surrogatepass")) if stream.eof and not stream.unconsumed_tail else None
    except (zlib.error, ValueError, RecursionError) as error:
        raise CaseError(Sentence("{name} is damaged. Use another copy of the key file.", name=path.name)) from error
    if not isinstance(said, dict):
        raise CaseError(Sentence("{name} is damaged. Use another copy of the key file.", name=path.name))
    return said


def _parse_key(path: Path, said: dict[str, Any]) -> Key:
    """The key in what was sealed.

    Raises
    ------
    CaseError
        If it is none.
    """
    try:
        given = {str(kind): _parse_tokens(made) for kind, made in dict(said["given"]).items()}
        return Key(bytes.fromhex(said["secret"]), bytes.fromhex(said["salt"]), list(map(str, said["cases"])), given)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CaseError(Sentence("{name} is damaged. Use another copy of the key file.", name=path.name)) from error


def _parse_tokens(made: object) -> dict[str, str]:
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
    return find_originals(open_key(Path(path), passphrase, officer).key, token)


def find_originals(key: Key, token: str) -> pd.DataFrame:
    """Originals of a token and of its words (COLUMNS)."""
    import pandas as pd

    wanted, words = compact_text(token), {compact_text(word) for word in token.split()}
    rows = [
        (made, original, TOLD.get(kind, kind))
        for kind, given in key.given.items()
        if kind not in INNER
        for original, made in given.items()
        if compact_text(made) == wanted or (kind == "spelling" and compact_text(made) in words)
    ]
    rows.sort(key=lambda row: (compact_text(row[0]) != wanted, row[2], row[1]))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def _read_key_file(path: Path) -> dict[str, object]:
    try:
        text = read_bounded(path, LARGEST + 1)
        whole = json.loads(text.decode("utf-8")) if len(text) <= LARGEST else None
    except (OSError, ValueError, RecursionError) as error:
        raise CaseError(
            Sentence(
                "{name} cannot be read as a key file ({error}). Enter the path of the key file that "
                "was written when the copy was made.",
                name=path.name,
                error=error,
            )
        ) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or whole.get("version") not in READ:
        raise CaseError(
            Sentence(
                "{name} is not the key file of a pseudonymised copy, or it is from a newer version "
                "of the program. Use another file, or update the program.",
                name=path.name,
            )
        )
    return whole


def _get_list(whole: dict[str, object], name: str) -> list[object]:
    found_ = whole.get(name)
    return found_ if isinstance(found_, list) else []


def _decode_bytes(path: Path, text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise CaseError(Sentence("{name} is damaged. Use another copy of the key file.", name=path.name)) from error


def _open_by_officer(path: Path, officer: Officer, sealed: bytes) -> dict[str, object] | None:
    try:
        return _parse_content(path, officer.open(sealed))
    except IdentityError:
        return None


def _open_by_identity(path: Path, identity: str, sealed: bytes) -> dict[str, object] | None:
    import pyrage

    try:
        data: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        return None
    return _parse_content(path, data)
