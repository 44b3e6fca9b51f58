"""Signatures: Ed25519; RSA with PSS and SHA-256; ECDSA on P-256 with SHA-256 and on P-384 with SHA-384.

References
----------
RFC 8032 (Ed25519), RFC 8017 (RSASSA-PSS; salt as long as the hash), FIPS 186-5 (ECDSA; the signature is DER).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

from workbench.errors import IdentityError
from workbench.identity.core.canonical_json import decode_b64
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PSS
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    PrivateKey: TypeAlias = Ed25519PrivateKey | RSAPrivateKey | EllipticCurvePrivateKey
    PublicKey: TypeAlias = Ed25519PublicKey | RSAPublicKey | EllipticCurvePublicKey

SMALLEST_RSA = 2048
LARGEST_RSA = 8192
"""Bits; with a longer key a stranger's card would cost seconds."""
CURVES = frozenset({"secp256r1", "secp384r1"})
RAW = 32
"""Bytes of a raw Ed25519 public key."""


def parse_public_key(kind: str, key: str) -> PublicKey:
    """The public key that a card or a bureau carries.

    Parameters
    ----------
    kind : str
        'x509' for a certificate, otherwise a raw Ed25519 key.
    key : str
        The card's field.

    Raises
    ------
    IdentityError
        If it is none, or of a kind or size that is not taken.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if kind == "x509":
        return check_public_key(parse_certificate(decode_b64(key)).public_key())
    data = decode_b64(key)
    if len(data) != RAW:
        raise IdentityError(
            Sentence(
                "A public key has {count} bytes. An Ed25519 key must have {wanted} bytes. Ask the sender for the "
                "card again.",
                count=len(data),
                wanted=RAW,
            )
        )
    return Ed25519PublicKey.from_public_bytes(data)


def parse_certificate(data: bytes) -> x509.Certificate:
    """An X.509 certificate out of its DER.

    Raises
    ------
    IdentityError
        If it is none.
    """
    from cryptography import x509

    try:
        made = x509.load_der_x509_certificate(data)
        _ = made.public_key(), made.subject, made.issuer, made.not_valid_before_utc, made.not_valid_after_utc
    except Exception as error:
        raise IdentityError(
            Sentence(
                "A certificate cannot be read: {error}. Ask the owner for the certificate again, in DER format.",
                error=error,
            )
        ) from error
    return made


def is_self_issued(own: x509.Certificate) -> bool:
    """Whether a certificate names itself as its issuer: nobody but its holder vouches for it."""
    return own.subject == own.issuer


def check_public_key(key: object) -> PublicKey:
    """The same public key, if it is of a kind and a size that is taken.

    Raises
    ------
    IdentityError
        If it is not.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, rsa.RSAPublicKey) and SMALLEST_RSA <= key.key_size <= LARGEST_RSA:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return key
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    size = getattr(key, "key_size", "")
    bounds = {"least": str(SMALLEST_RSA), "most": str(LARGEST_RSA)}
    raise IdentityError(
        Sentence(
            "A certificate has a key ({kind} {size}) that is not accepted. Accepted keys are Ed25519, RSA of "
            "{least} to {most} bits and ECDSA on P-256 or P-384. Ask the owner for a certificate with one of "
            "these keys.",
            kind=type(key).__name__,
            size=str(size),
            **bounds,
        )
    )


def compute_fingerprint(key: PublicKey) -> str:
    """'SHA256:' and the unpadded base64 of the hash of the key as SubjectPublicKeyInfo in DER, as OpenSSL writes it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return f"SHA256:{compute_digest(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))}"


def compute_digest(data: bytes) -> str:
    """Unpadded base64 of the SHA-256."""
    import base64

    return base64.b64encode(hashlib.sha256(data).digest()).decode("ascii").rstrip("=")


def sign_data(key: PrivateKey, data: bytes) -> bytes:
    """Signature over the data, by the way that belongs to the key."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, *_build_pss())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, _build_ecdsa(key.curve.name))
    return key.sign(data)


def is_valid_signature(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether the signature over the data is this key's; never raises."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, *_build_pss())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, _build_ecdsa(key.curve.name))
        else:
            key.verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _build_pss() -> tuple[PSS, SHA256]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    sha256 = hashes.SHA256()
    return padding.PSS(mgf=padding.MGF1(sha256), salt_length=padding.PSS.DIGEST_LENGTH), sha256


def _build_ecdsa(curve: str) -> ECDSA:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.ECDSA(hashes.SHA256() if curve == "secp256r1" else hashes.SHA384())
