"""Certificates (X.509) that officers bring in PKCS#12, and the way from such a certificate to a trusted one.

What is checked offline: each signature on the way, each time of validity, that an issuer is a certification authority that may
sign certificates and as many below it as it allows, that the holder's key may sign, and that nothing critical on the way is
unknown. What is not is said.

References
----------
RFC 5280 (certificates and paths; section 6 in part, see above), RFC 7292 (PKCS#12).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import IdentityError
from workbench.identity.core import canonical_json, key_files, passphrases, signatures
from workbench.identity.core import key_store as homes
from workbench.identity.core.bureau import Bureau
from workbench.identity.core.canonical_json import decode_b64, encode_b64
from workbench.identity.core.card import Card, check_card
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.officer import Officer, PrivateKeys
from workbench.identity.core.timestamps import FORM
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

LARGEST = 1 << 20
"""Bytes of a file with a certificate or with keys."""
LONGEST = 8
"""Certificates on the way to a trusted one."""
PEM = b"-----BEGIN"
HASHES = frozenset({"sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"})
"""Under signatures of issuers; with a weaker one a certificate can be forged."""
KNOWN = frozenset({"basicConstraints", "keyUsage", "extendedKeyUsage"})
"""Extensions that may be critical; of the last the purposes are not compared, which is said."""


@dataclass(frozen=True, slots=True, repr=False)
class Pkcs12Content:
    """What a PKCS#12 file holds: the officer's certificate, others on the way up, and the keys."""

    certificate: bytes
    chain: tuple[bytes, ...]
    keys: PrivateKeys


def read_pkcs12(path: Path, passphrase: str) -> Pkcs12Content:
    """Keys and certificates of a PKCS#12 file (.p12, .pfx).

    Parameters
    ----------
    path : Path
        The file.
    passphrase : str
        The file's own; it is not kept.

    Raises
    ------
    IdentityError
        If it cannot be read, the passphrase does not open it, it lacks a key or a certificate, or the key is of a kind or
        size that is not taken.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
    from pyrage import x25519

    try:
        read = pkcs12.load_pkcs12(
            canonical_json.read_bytes(path, "certificate", largest=LARGEST), passphrase.encode() or None
        )
    except (ValueError, TypeError):
        raise IdentityError(
            Sentence(
                "{path} cannot be opened: it is not a PKCS#12 file, or the passphrase is wrong. "
                "Check the file and enter the passphrase again.",
                path=path,
            )
        ) from None
    if read.key is None or read.cert is None:
        raise IdentityError(
            Sentence(
                "{path} does not contain both a key and its certificate. Export both into one PKCS#12 file.", path=path
            )
        )
    own = read.cert.certificate
    signatures.check_public_key(own.public_key())
    if read.key.public_key() != own.public_key():
        raise IdentityError(
            Sentence(
                "The key in {path} does not belong to the certificate. Export the key and the "
                "certificate that belong together.",
                path=path,
            )
        )
    secret = read.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    others = tuple(one.certificate.public_bytes(Encoding.DER) for one in read.additional_certs)
    return Pkcs12Content(own.public_bytes(Encoding.DER), others, PrivateKeys(secret, str(x25519.Identity.generate())))


def import_certificate(
    brought: Pkcs12Content,
    *,
    passphrase: str,
    bureau: str = "",
    role: str = "",
    exercise: bool = True,
    home: Path | None = None,
) -> tuple[Officer, str]:
    """Make an identity of a certificate that the user brings; kept and unlocked as `key_files.create_identity` does.

    Parameters
    ----------
    brought : Brought
        Out of `read_pkcs12`.
    passphrase : str
        Under which the keys are kept here; at least 12 characters.
    bureau : str
        By default the organisation that the certificate names.
    role : str
        'bureau' where it vouches for officers; '' unknown.
    exercise : bool
        Whether it is for exercises only.
    home : Path, optional
        Another home than the user's.

    Returns
    -------
    Officer
        Name (CN), country (C) and time are the certificate's.
    str
        The recovery key, shown once.

    Raises
    ------
    IdentityError
        If the certificate names nobody or no country, the name is taken, or the passphrase is short.
    """
    made = card(brought, bureau=bureau, role=role, exercise=exercise)
    homes.refuse_existing(made.name, home)
    passphrases.check_passphrase(passphrase)
    officer = key_files.build_self_signed(made, brought.keys)
    return officer, key_files.store_identity(officer, brought.keys, passphrase, home)


def card(brought: Pkcs12Content, *, bureau: str = "", role: str = "", exercise: bool = True) -> Card:
    """The card of a certificate, not yet signed: name (CN), bureau (O), country (C) and time as the certificate says."""
    from pyrage import x25519

    own = signatures.parse_certificate(brought.certificate)
    return Card(
        get_subject_part(own, "CN"), bureau or get_subject_part(own, "O"), get_subject_part(own, "C"), role, exercise=exercise, kind="x509",
        key=encode_b64(brought.certificate), chain=" ".join(map(encode_b64, brought.chain)),
        recipient=str(x25519.Identity.from_str(brought.keys.receiving).to_public()),
        valid_from=own.not_valid_before_utc.strftime(FORM), valid_until=own.not_valid_after_utc.strftime(FORM),
    )  # fmt: skip


def read_authority(
    path: Path,
    *,
    name: str = "",
    country: str = "",
    grants: Sequence[str] = (),
    valid_until: str = "",
    exercise: bool = True,
) -> Bureau:
    """A certification authority out of its certificate (PEM or DER), as it is taken into a trust list.

    Parameters
    ----------
    path : Path
        The certificate.
    name, country : str
        The bureau that its officers are of; by default organisation and country of the certificate.
    grants : sequence of str
        Clearances that cards signed by its key may grant.
    valid_until : str
        UTC, where it is trusted for less than the certificate's time; '' for all of it.
    exercise : bool
        Whether it vouches in exercises only.

    Raises
    ------
    IdentityError
        If it cannot be read or is no authority's.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    data = canonical_json.read_bytes(path, "certificate", largest=LARGEST)
    try:
        read = (
            x509.load_pem_x509_certificate(data)
            if data.lstrip().startswith(PEM)
            else signatures.parse_certificate(data)
        )
    except ValueError as error:
        raise IdentityError(
            Sentence(
                "{path} is not a certificate: {error}. Use a certificate in PEM or DER format.", path=path, error=error
            )
        ) from error
    if why := _describe_authority_fault(read, below=0):
        raise IdentityError(
            Sentence(
                "{path}: {why}. Use the certificate of the authority that signs officers' certificates.",
                path=path,
                why=why,
            )
        )
    made = Bureau(
        name or get_subject_part(read, "O") or get_subject_part(read, "CN"), country or get_subject_part(read, "C"),
        encode_b64(read.public_bytes(Encoding.DER)), "x509",
        tuple(grants), read.not_valid_before_utc.strftime(FORM),
        min(filter(None, (read.not_valid_after_utc.strftime(FORM), valid_until))), exercise,
    )  # fmt: skip
    check_card(made.card)
    return made


def get_subject_part(certificate: Certificate, what: str) -> str:
    """A part of the subject's name: 'CN' (person), 'O' (organisation), 'C' (country); '' where it has none."""
    found = [part.value for part in certificate.subject if part.rfc4514_attribute_name == what]
    return unicodedata.normalize("NFC", str(found[0]).strip()) if len(found) == 1 else ""


def find_trust_path(card: Card, bureaux: Sequence[Bureau]) -> tuple[Bureau, list[Certificate]] | None:
    """The trusted authority above a card's certificate, and the certificates from the card's up to it.

    None where no way of right signatures leads to a bureau of the list.
    """
    own = signatures.parse_certificate(decode_b64(card.key))
    between = [signatures.parse_certificate(decode_b64(one)) for one in card.chain.split()[:LONGEST]]
    trusted = [
        (bureau, signatures.parse_certificate(decode_b64(bureau.key))) for bureau in bureaux if bureau.kind == "x509"
    ]
    steps = [own]
    while len(steps) <= LONGEST:
        for bureau, top in trusted:
            if _is_issued_by(steps[-1], top):
                return bureau, [*steps, top]
        above = next((one for one in between if one not in steps and _is_issued_by(steps[-1], one)), None)
        if above is None:
            return None
        steps.append(above)
    return None


def list_doubts(steps: Sequence[Certificate], at: str) -> Iterator[tuple[bool, str]]:
    """What speaks against the certificates on a way at a moment: whether it is only a matter of time, and the words."""
    for height, one in enumerate(steps):
        who = escape_invisible(get_subject_part(one, "CN") or get_subject_part(one, "O")) or Sentence(
            "certificate without a name"
        )
        start, end = one.not_valid_before_utc.strftime(FORM), one.not_valid_after_utc.strftime(FORM)
        if not start <= at <= end:
            yield True, Sentence("{who}: valid only from {start} to {end}", who=who, start=start, end=end)
        for why in filter(
            None,
            (
                _describe_unknown_extensions(one),
                _describe_authority_fault(one, below=height - 1) if height else _describe_signer_fault(one),
            ),
        ):
            yield False, Sentence("{who}: {why}", who=who, why=why)


def _is_issued_by(below: Certificate, above: Certificate) -> bool:
    """Whether the one signed the other, with a hash that holds."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        signatures.check_public_key(above.public_key())
        strength = below.signature_hash_algorithm
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, IdentityError):
        return False
    return strength is None or strength.name in HASHES


def _describe_unknown_extensions(one: Certificate) -> str:
    """Critical extensions that are not known here."""
    try:
        names = [ext.oid._name for ext in one.extensions if ext.critical and ext.oid._name not in KNOWN]  # noqa: SLF001
    except ValueError as error:
        return _describe_unread_extensions(error)
    return (
        Sentence(
            "the certificate requires something that this program does not check ({names})",
            names=escape_invisible(", ".join(names)),
        )
        if names
        else ""
    )


def _describe_authority_fault(one: Certificate, *, below: int) -> str:
    """Why a certificate may not stand above others, '' if it may; `below` counts authorities under it."""
    from cryptography.x509 import BasicConstraints, ExtensionNotFound, KeyUsage

    try:
        limits = one.extensions.get_extension_for_class(BasicConstraints).value
        if not limits.ca:
            return Sentence("the certificate does not belong to a certification authority")
        if limits.path_length is not None and below > limits.path_length:
            return Sentence(
                "the certificate allows fewer authorities below it ({allowed}) than there are ({below})",
                allowed=limits.path_length,
                below=below,
            )
        usage = one.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound as error:
        return (
            ""
            if error.oid == KeyUsage.oid
            else Sentence("the certificate does not belong to a certification authority")
        )
    except ValueError as error:
        return _describe_unread_extensions(error)
    return "" if usage.key_cert_sign else Sentence("the certificate cannot be used to sign certificates")


def _describe_signer_fault(one: Certificate) -> str:
    """Why the holder's key may not sign, '' if it may."""
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        usage = one.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return ""
    except ValueError as error:
        return _describe_unread_extensions(error)
    may = usage.digital_signature or usage.content_commitment
    return "" if may else Sentence("the certificate cannot be used for signatures")


def _describe_unread_extensions(error: ValueError) -> Sentence:
    return Sentence("the certificate has extensions that cannot be read ({error})", error=escape_invisible(str(error)))
