"""Officers who identify themselves by an SD-JWT credential: signed by a bureau, of which the holder discloses what is needed.

It needs the library sd_jwt (extra `credentials`). Read are the claims name, bureau, country, role, clearance, training, recipient,
exercise, valid_until, nbf, exp and the holder's key (cnf.jwk, Ed25519); others are ignored. The bureau signs with EdDSA.

References
----------
RFC 9901, Selective Disclosure for JWTs (SD-JWT); RFC 7800 (cnf); RFC 8037 (Ed25519 in JWK and JWS).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.errors import IdentityError
from workbench.identity.core import canonical_json, field_checks
from workbench.identity.core.bureau import Bureau
from workbench.identity.core.card import Card, check_card, signed_by
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.timestamps import FORM, parse_moment
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from jwcrypto.jwk import JWK

DEPTH = 8
"""Objects and lists within each other in a credential."""
KIND = "sd-jwt"
CLAIMS = ("bureau", "country", "role", "clearance", "training", "recipient")
"""Claims that stand on a card under the same name."""


def read_credential(presented: str, bureaux: Sequence[Bureau], *, nonce: str = "", audience: str = "") -> Card:
    """The card that a presented credential amounts to.

    Parameters
    ----------
    presented : str
        The SD-JWT with its disclosures, and the key binding where asked for: 'JWT~disclosure~…~[binding]'.
    bureaux : sequence of Bureau
        Of a trust list; one of them must have signed.
    nonce, audience : str
        What the holder was asked to sign along; then the key binding must be there and name them. '' not asked.

    Returns
    -------
    Card
        Of kind 'sd-jwt'; its signature is the credential with its disclosures, so that others can check it too. Clearance,
        place and time are for `TrustList.standing`.

    Raises
    ------
    IdentityError
        If the library is missing, the credential is not of its form, no bureau of the list signed it, it was changed, or the
        key binding is missing or wrong.
    """
    presented = presented.strip()
    credential, binding = _split_credential(presented)
    issuer = _find_issuer(credential, bureaux)
    claims = _read_claims(credential, issuer)
    card = _build_card(claims, credential, issuer)
    if binding or nonce or audience:
        _check_key_binding(binding, credential, card, {"nonce": nonce, "aud": audience})
    return card


def check_library() -> Sentence | None:
    """What to do where the library is not installed; None where it is."""
    try:
        import sd_jwt.verifier  # noqa: F401
    except ImportError:
        return Sentence(
            "SD-JWT credentials need the library `sd_jwt`, which is not installed. To install it: `pip "
            "install 'caseledger[credentials]'`."
        )
    return None


def to_jwk(card: Card) -> dict[str, str]:
    """The card's public key as a JWK, for a bureau that issues credentials to it.

    Raises
    ------
    IdentityError
        If it is the key of a certificate.
    """
    field_checks.require(
        card.kind != "x509",
        "The card of {who} contains a certificate. A bureau can issue a credential only for a card with "
        "an Ed25519 key. Use a card with an Ed25519 key.",
        who=card.label,
    )
    return {"kty": "OKP", "crv": "Ed25519", "x": _encode_b64url(canonical_json.decode_b64(card.key))}


def _split_credential(presented: str) -> tuple[str, str]:
    """The credential with its disclosures (ends in '~'), and the key binding or ''; each part in its one spelling."""
    field_checks.require(
        len(presented) <= field_checks.LONGEST["signature"],
        "A credential is too large and was not accepted. Ask the bureau for a new credential.",
    )
    credential, mark, binding = presented.rpartition("~")
    signed, *disclosed = credential.split("~")
    parts = [*signed.split("."), *disclosed, *(binding.split(".") if binding else [])]
    whole = mark and signed.count(".") == 2 and binding.count(".") in {0, 2} and bool(binding) == ("." in binding)
    if not whole or not all(map(_is_b64url, parts)):
        raise IdentityError(
            Sentence(
                "This is not an SD-JWT credential in its original form (`JWT~disclosure~…~`). Ask the holder for "
                "the credential again."
            )
        )
    return f"{credential}~", binding


def _find_issuer(credential: str, bureaux: Sequence[Bureau]) -> Bureau:
    """The bureau of the list whose key signed the credential."""
    signed, _, signature = credential.split("~", maxsplit=1)[0].rpartition(".")
    header, claims = map(_decode_object, signed.split("."))
    algorithm = escape_invisible(str(header.get("alg")))[:40]
    field_checks.require(
        header.get("alg") == "EdDSA",
        "A credential is signed with {algorithm}. Only EdDSA is accepted. Ask the bureau for "
        "a credential signed with EdDSA.",
        algorithm=algorithm,
    )
    for bureau in bureaux:
        if bureau.kind == "key" and signed_by(bureau.card, signed.encode(), _decode_b64url(signature)):
            return bureau
    who = escape_invisible(str(claims.get("iss")))[:80]
    raise IdentityError(
        Sentence(
            "The credential was not accepted (issuer {who}). It was changed, or the bureau that "
            "signed it is not on your trust list. Ask the holder for the credential again, or "
            "add the bureau to the list.",
            who=who,
        )
    )


def _read_claims(credential: str, issuer: Bureau) -> Mapping[str, object]:
    """What the credential discloses, by the library."""
    if told := check_library():
        raise IdentityError(told)
    from jwcrypto.jwk import JWK
    from sd_jwt.verifier import SDJWTVerifier

    _check_disclosures(credential)

    def key(_: object, __: object) -> JWK:
        return JWK(**to_jwk(issuer.card))

    try:
        claims = SDJWTVerifier(credential, key).get_verified_payload()
    except Exception as error:
        why = escape_invisible(str(error))[:100]
        raise IdentityError(
            Sentence(
                "The credential of {who} was changed or is damaged ({error}). Ask the holder for the credential again.",
                who=issuer.card.label,
                error=why,
            )
        ) from error
    return dict(claims)


def _check_disclosures(credential: str) -> None:
    """Refuse a disclosure to which the bureau's signature does not commit."""
    signed, *disclosed = credential.removesuffix("~").split("~")
    known = b"".join(_decode_b64url(part) for part in (signed.split(".")[1], *disclosed))
    read = all(isinstance(_decode_json(part), list) for part in disclosed)
    if not read or not all(
        _encode_b64url(hashlib.sha256(part.encode()).digest()).encode() in known for part in disclosed
    ):
        raise IdentityError(
            Sentence(
                "The credential was not accepted. It contains data that the bureau did not sign. Ask the holder "
                "for the credential again."
            )
        )


def _build_card(claims: Mapping[str, object], credential: str, issuer: Bureau) -> Card:
    texts = {name: str(claims.get(name, "")) for name in CLAIMS}
    for name, value in texts.items():
        field_checks.require(
            len(value) <= field_checks.SHORT,
            "The field {name} of a credential is longer than {most} characters. Ask the bureau for a new credential.",
            name=name,
            most=field_checks.SHORT,
        )
    key = _read_holder_key(claims)
    until = str(claims.get("valid_until", ""))
    ends = [text for text in (parse_moment(until) if until else "", _to_moment(claims.get("exp"))) if text]
    return check_card(
        Card(
            **texts, name=str(claims.get("name", ""))[: field_checks.SHORT] or f"holder of the key {key[:8]}", key=key,
            valid_from=_to_moment(claims.get("nbf")), valid_until=min(ends, default=""), kind=KIND,
            exercise=claims.get("exercise", True) is not False, issuer=issuer.fingerprint, signature=credential,
        )
    )  # fmt: skip


def _read_holder_key(claims: Mapping[str, object]) -> str:
    """The holder's public key, base64."""
    confirmed = claims.get("cnf")
    key = confirmed.get("jwk") if isinstance(confirmed, dict) else None
    if (
        not isinstance(key, dict)
        or (key.get("kty"), key.get("crv")) != ("OKP", "Ed25519")
        or not _is_b64url(str(key.get("x")))
    ):
        raise IdentityError(
            Sentence(
                "A credential is not bound to an Ed25519 key (`cnf.jwk`), so anybody could present it. Ask for a "
                "credential that is bound to a key."
            )
        )
    return canonical_json.encode_b64(_decode_b64url(str(key["x"])))


def _check_key_binding(binding: str, credential: str, card: Card, wanted: Mapping[str, str]) -> None:
    """Refuse a key binding that is not the holder's, for this credential and for what was asked."""
    if not binding:
        raise IdentityError(
            Sentence(
                "The credential has no key binding, so its holder cannot be verified. Send the holder your value "
                "for `nonce`, and ask for the credential again with a key binding."
            )
        )
    signed, _, signature = binding.rpartition(".")
    header, said = map(_decode_object, signed.split("."))
    field_checks.require(
        header.get("alg") == "EdDSA"
        and header.get("typ") == "kb+jwt"
        and signed_by(card, signed.encode(), _decode_b64url(signature))
        and said.get("sd_hash") == _encode_b64url(hashlib.sha256(credential.encode()).digest())
        and all(said.get(name) == value for name, value in wanted.items() if value),
        "The key binding of the credential is not from its holder, or does not answer this request. Send "
        "the holder a new value for `nonce`, and ask for the credential again.",
    )


def _to_moment(value: object) -> str:
    """Seconds since 1970 as a moment, '' for none."""
    if value is None:
        return ""
    try:
        return datetime.fromtimestamp(float(str(value)), UTC).strftime(FORM)
    except (ValueError, OverflowError, OSError) as error:
        raise IdentityError(
            Sentence(
                "A credential has a time that is not valid: {value}. Ask the bureau for a new credential.",
                value=escape_invisible(str(value))[:40],
            )
        ) from error


def _decode_object(part: str) -> dict[str, object]:
    value = _decode_json(part)
    if not isinstance(value, dict):
        raise IdentityError(
            Sentence("A part of the credential cannot be read. Ask the holder for the credential again.")
        )
    return value


def _decode_json(part: str) -> object:
    """JSON out of base64url, not deeper than DEPTH; None where it is none."""
    try:
        text = _decode_b64url(part).decode()
        return json.loads(text) if canonical_json.count_depth(text) <= DEPTH else None
    except (ValueError, RecursionError):
        return None


def _encode_b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _decode_b64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_b64url(text: str) -> bool:
    """Whether it is base64url without padding, in the one spelling that its bytes have."""
    try:
        return bool(text) and text.isascii() and _encode_b64url(_decode_b64url(text)) == text
    except ValueError:
        return False
