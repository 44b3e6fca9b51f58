"""Identities of this user: made, unlocked once a session, recovered; their private keys leave the home only encrypted.

References
----------
age-encryption.org/v1: the file `keys.age` opens with the passphrase (scrypt), the file `recovery.age` with the recovery key; any
program for age opens them too.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import IdentityError
from workbench.identity.core import canonical_json, passphrases
from workbench.identity.core import key_store as homes
from workbench.identity.core.card import Card, check_card
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.officer import Officer, PrivateKeys
from workbench.identity.core.timestamps import now
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

_UNLOCKED: dict[Path, Officer] = {}
"""Officers of this session by the folder of their identity."""


def create_identity(  # noqa: PLR0913
    name: str,
    *,
    bureau: str,
    country: str,
    role: str = "",
    passphrase: str,
    exercise: bool = True,
    home: Path | None = None,
) -> tuple[Officer, str]:
    """Make an identity, keep it in the home, and unlock it for the session.

    Parameters
    ----------
    name, bureau, country, role : str
        Who; country as ISO 3166-1 alpha-2. With the role 'bureau' the identity vouches for officers.
    passphrase : str
        At least 12 characters. It opens the keys; nobody can read it back.
    exercise : bool
        Whether it is for exercises only. An officer's own word that it is not counts once a bureau has issued the card.
    home : Path, optional
        Another home than the user's.

    Returns
    -------
    Officer
        The unlocked identity; its card is self-signed and has no clearance.
    str
        The recovery key. It is shown once and kept nowhere: who has it opens the identity without the passphrase.

    Raises
    ------
    IdentityError
        If the name is taken, the passphrase is short, or bureau or country are no such thing.
    """
    homes.refuse_existing(name, home)
    passphrases.check_passphrase(passphrase)
    officer, keys = generate_keys(Card(name, bureau, country, role, exercise=exercise))
    return officer, store_identity(officer, keys, passphrase, home)


def create_temporary(name: str, *, bureau: str, country: str, role: str = "", exercise: bool = True) -> Officer:
    """An officer whose keys are kept nowhere: for a trial, a demonstration, a test. Gone with the session.

    Raises
    ------
    IdentityError
        If bureau or country are no such thing.
    """
    return generate_keys(Card(name, bureau, country, role, exercise=exercise))[0]


def generate_keys(card: Card) -> tuple[Officer, PrivateKeys]:
    """New keys for a card, which they sign; from now on valid, without an end."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyrage import x25519

    key, receiving = Ed25519PrivateKey.generate(), x25519.Identity.generate()
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    keys = PrivateKeys(secret, str(receiving))
    public = canonical_json.encode_b64(key.public_key().public_bytes_raw())
    return build_self_signed(replace(card, key=public, recipient=str(receiving.to_public())), keys), keys


def build_self_signed(card: Card, keys: PrivateKeys) -> Officer:
    """An officer under a card that its own key signs.

    Raises
    ------
    IdentityError
        If a field of the card is not of its form, or not of the length that a reader takes.
    """
    card = replace(
        card, name=_normalise_text(card.name), bureau=_normalise_text(card.bureau), role=_normalise_text(card.role)
    )
    card = check_card(replace(card, valid_from=card.valid_from or now()))
    officer = Officer(replace(card, issuer=card.fingerprint), keys)
    officer.card = Card.from_json(officer.card.add_signature(officer.sign(officer.card.signed_bytes)).to_json())
    return officer


def _normalise_text(text: str) -> str:
    """Text of one's own card: composed letters, and none that is not seen."""
    plain = unicodedata.normalize("NFC", text.strip())
    if escape_invisible(plain) != plain:
        raise IdentityError(
            Sentence(
                "'{text}' contains characters that are not visible. Enter the text again without these characters.",
                text=escape_invisible(plain),
            )
        )
    return plain


def store_identity(officer: Officer, keys: PrivateKeys, passphrase: str, home: Path | None) -> str:
    """Keep an identity in the home and unlock it; returns its recovery key."""
    import pyrage

    recovery = pyrage.x25519.Identity.generate()
    files = {
        homes.CARD: officer.card.to_json().encode() + b"\n",
        homes.KEYS: _encrypt_keys(keys, passphrase),
        homes.RECOVERY: pyrage.encrypt(keys.to_bytes(), [recovery.to_public()]),
    }
    homes.write_identity(officer.card.name, files, home)
    _UNLOCKED[homes.place(officer.card.name, home)] = officer
    return str(recovery)


def unlock(name: str, passphrase: str = "", *, home: Path | None = None) -> Officer:
    """The officer of that name, with unlocked keys; remembered until `lock` or the end of the session.

    Parameters
    ----------
    name : str
        As in `names`; capitals make no difference.
    passphrase : str
        Not needed once the identity is unlocked.
    home : Path, optional
        Another home than the user's.

    Raises
    ------
    IdentityError
        If there is none of that name (near names are offered), the passphrase is missing or wrong, or a file is damaged.
    """
    path, card = homes.get_identity_folder(name, home), homes.card(name, home)
    known = _UNLOCKED.get(path)
    if known is None:
        if not passphrase:
            raise IdentityError(
                Sentence(
                    "The key of {who} is locked. Give the passphrase: `{call}`.",
                    who=card.label,
                    call=f"unlock({card.name!r}, passphrase)",
                )
            )
        known = _build_officer(card, _decrypt_keys(path / homes.KEYS, passphrase))
    _UNLOCKED[path] = known if known.card == card else known.replace_card(card)
    return _UNLOCKED[path]


def lock(name: str = "", *, home: Path | None = None) -> None:
    """Forget the unlocked keys of an identity; without a name those of all."""
    if name:
        _UNLOCKED.pop(homes.place(name, home), None)
    else:
        _UNLOCKED.clear()


def is_unlocked(name: str, *, home: Path | None = None) -> bool:
    """Whether the session still knows the identity's keys."""
    return homes.place(name, home) in _UNLOCKED


def change(name: str, passphrase: str, new_passphrase: str, *, home: Path | None = None) -> None:
    """Set a new passphrase; the recovery key stays the same.

    Raises
    ------
    IdentityError
        If the old one is wrong or the new one is short.
    """
    path = homes.get_identity_folder(name, home)
    passphrases.check_passphrase(new_passphrase)
    homes.replace_file(path / homes.KEYS, _encrypt_keys(_decrypt_keys(path / homes.KEYS, passphrase), new_passphrase))


def recover(name: str, recovery: str, new_passphrase: str, *, home: Path | None = None) -> Officer:
    """Set a new passphrase by the recovery key, and unlock; the recovery key stays the same.

    Raises
    ------
    IdentityError
        If the recovery key is not this identity's, or the new passphrase is short.
    """
    from pyrage import IdentityError as Malformed
    from pyrage import x25519

    path, card = homes.get_identity_folder(name, home), homes.card(name, home)
    passphrases.check_passphrase(new_passphrase)
    try:
        key = x25519.Identity.from_str(recovery.strip())
    except Malformed:
        raise IdentityError(
            Sentence(
                "This is not a recovery key. A recovery key begins with `AGE-SECRET-KEY-1` and has 74 "
                "characters. Check the key and enter it again."
            )
        ) from None
    keys = _decrypt_keys(path / homes.RECOVERY, key)
    officer = _build_officer(card, keys)
    homes.replace_file(path / homes.KEYS, _encrypt_keys(keys, new_passphrase))
    _UNLOCKED[path] = officer
    return officer


def _build_officer(card: Card, keys: PrivateKeys) -> Officer:
    """The officer, if keys and card belong together."""
    from pyrage import x25519

    from workbench.identity.core.card import signed_by

    officer = Officer(card, keys)
    address = str(x25519.Identity.from_str(keys.receiving).to_public())
    if not signed_by(card, b"proof", officer.sign(b"proof")) or card.recipient not in {address, ""}:
        raise IdentityError(
            Sentence(
                "The card of {who} in the identity folder does not match the private keys there. Restore the "
                "card and the keys from a backup.",
                who=card.label,
            )
        )
    return officer


def _encrypt_keys(keys: PrivateKeys, passphrase: str) -> bytes:
    return passphrases.encrypt_data(keys.to_bytes(), passphrase)


def _decrypt_keys(path: Path, secret: str | Identity) -> PrivateKeys:
    """Private keys out of a file, by passphrase or recovery key."""
    sealed = homes.read_keys(path)
    data = passphrases.decrypt_data(sealed, secret) if isinstance(secret, str) else _decrypt_with_key(sealed, secret)
    if data is None:
        key = "refused.identity.passphrase" if isinstance(secret, str) else "refused.identity.recovery"
        raise IdentityError(Sentence(key, path=path))
    return PrivateKeys.from_bytes(data)


def _decrypt_with_key(sealed: bytes, key: Identity) -> bytes | None:
    import pyrage

    try:
        data: bytes = pyrage.decrypt(sealed, [key])
    except pyrage.DecryptError:
        return None
    return data
