"""The public side of an officer or a bureau: who, for whom, until when, by which key; signed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from workbench.identity.core import canonical_json, field_checks, signatures
from workbench.identity.core.display import escape_invisible
from workbench.model.handling_marks import EXERCISE

TYPE = "caseledger/card/1"
"""Stands in every signed card, so that a signature over one can be taken for nothing else."""
LARGEST = 1 << 16
"""Bytes of a card; a larger one is none."""
BUREAU = "bureau"
"""Role of a card whose key vouches for officers."""


@dataclass(frozen=True, slots=True)
class Card:
    """What an officer gives away of themselves. It is data of a stranger until a trust list has been asked.

    Attributes
    ----------
    name, bureau : str
        As they call themselves. Show them by `label`, which cannot be deceived by unseen characters.
    country : str
        ISO 3166-1 alpha-2; AA, QM to QZ, XA to XZ and ZZ only in exercises.
    role : str
        'bureau' where the key vouches for officers; otherwise free, '' unknown.
    clearance, training : str
        As the issuer grants them. Self-signed they are no clearance: ask `TrustList.standing(card).clearance`.
    key : str
        Base64 of the raw Ed25519 public key; of kind 'x509' of the certificate in DER.
    recipient : str
        'age1…', to whom is sealed; '' where nothing can be sealed to the holder.
    valid_from, valid_until : str
        UTC, '2027-12-31T23:59:59Z'; '' open.
    exercise : bool
        Whether it is for exercises only. Then whatever it signs is shown as EXERCISE.
    kind : str
        'key', 'x509' or 'sd-jwt'.
    issuer : str
        Fingerprint of the key that signed the card; the card's own where self-signed.
    signature : str
        Base64, by the issuer's key over `signed_bytes`; of kind 'sd-jwt' the credential with what it discloses.
    chain : str
        Kind 'x509': further certificates on the way to a trusted one, base64 of DER, with a space between; else ''.
    """

    name: str
    bureau: str
    country: str
    role: str = ""
    clearance: str = ""
    training: str = ""
    key: str = ""
    recipient: str = ""
    valid_from: str = ""
    valid_until: str = ""
    exercise: bool = True
    kind: str = "key"
    issuer: str = ""
    signature: str = ""
    chain: str = ""

    @property
    def fingerprint(self) -> str:
        """'SHA256:' and base64 of the hash of the public key (SubjectPublicKeyInfo, DER).

        Raises
        ------
        IdentityError
            If the key is none.
        """
        return signatures.compute_fingerprint(signatures.parse_public_key(self.kind, self.key))

    @property
    def self_signed(self) -> bool:
        """Whether nobody but its holder says what is on it."""
        return self.issuer == self.fingerprint

    @property
    def is_watermarked(self) -> bool:
        """Whether it counts as an exercise's: it says so, or it is no bureau and nobody but itself says that it is not one."""
        alone = self.kind != "x509" or signatures.is_self_issued(
            signatures.parse_certificate(canonical_json.decode_b64(self.key))
        )
        return self.exercise or (alone and self.role != BUREAU and self.self_signed)

    @property
    def label(self) -> str:
        """Who it is, safe to show: 'EXERCISE – Ada Lind, NCB Valdora (QM)'."""
        mark = f"{EXERCISE} – " if self.is_watermarked else ""
        return (
            f"{mark}{escape_invisible(self.name)}, {escape_invisible(self.bureau)} ({escape_invisible(self.country)})"
        )

    @property
    def signed_bytes(self) -> bytes:
        """What the issuer signs: the canonical JSON of all fields but the signature."""
        fields = {name: value for name, value in asdict(self).items() if name != "signature"}
        return canonical_json.encode_object({"type": TYPE, **fields}).encode()

    def to_json(self) -> str:
        """Canonical JSON: names sorted, no spaces, UTF-8."""
        return canonical_json.encode_object({"type": TYPE, **asdict(self)})

    def add_signature(self, signature: bytes) -> Card:
        """The card with its signature."""
        return replace(self, signature=canonical_json.encode_b64(signature))

    @staticmethod
    def from_json(text: str) -> Card:
        """A card out of what a stranger sent.

        Its form is checked, and its signature where it is self-signed. Whether its issuer may be trusted, and then the
        issuer's signature, is for `TrustList.standing`.

        Raises
        ------
        IdentityError
            If it is too large or not canonical, a field is missing, unknown or of a wrong form, or its own signature does
            not fit.
        """
        return from_fields(canonical_json.decode_object(text, "card", largest=LARGEST))


def from_fields(fields: dict[str, object]) -> Card:
    """A card out of decoded JSON, checked as `Card.from_json` says."""
    field_checks.names(fields, {"type", *Card.__dataclass_fields__}, "card")
    field_checks.check_type(fields, TYPE, "card")
    texts = {
        name: field_checks.get_text(fields, name, "card") for name in Card.__dataclass_fields__ if name != "exercise"
    }
    card = check_card(Card(**texts, exercise=field_checks.get_bool(fields, "exercise", "card")))
    field_checks.require(
        card.kind == "sd-jwt"
        or not card.self_signed
        or signed_by(card, card.signed_bytes, canonical_json.decode_b64(card.signature)),
        "The signature on the card of {who} does not match. The card was changed, or somebody else made "
        "it. Ask the owner for the card again.",
        who=card.label,
    )
    return card


def check_card(card: Card) -> Card:
    """The same card, once its form is right.

    Raises
    ------
    IdentityError
        If it is not, with the field and what is wanted.
    """
    field_checks.require(
        card.kind in field_checks.KINDS,
        "A card has the unknown type '{kind}'. Known types: {known}. Update the program, or ask the "
        "owner for another card.",
        kind=escape_invisible(card.kind),
        known=", ".join(field_checks.KINDS),
    )
    field_checks.require(
        bool(card.name.strip() and card.bureau.strip()), "A card has no name or no bureau. Ask for a card with both."
    )
    field_checks.check_country(card.country, exercise=card.exercise)
    field_checks.check_period(card.valid_from, card.valid_until)
    field_checks.check_recipient(card.recipient)
    field_checks.require(
        card.kind == "x509" or not card.chain,
        "A card has a certificate chain but no certificate. Ask for a valid card.",
    )
    signatures.parse_public_key(card.kind, card.key)
    return card


def signed_by(card: Card, data: bytes, signature: bytes) -> bool:
    """Whether the holder of the card signed these bytes.

    It says nothing of who the holder is: ask `TrustList.standing` for that. False where the card's key cannot be read.
    """
    from workbench.errors import IdentityError

    try:
        return signatures.is_valid_signature(signatures.parse_public_key(card.kind, card.key), data, signature)
    except IdentityError:
        return False
