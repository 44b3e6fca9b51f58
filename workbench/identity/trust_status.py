"""What a list of trusted bureaux says of a card: a state, the reasons in words, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.errors import IdentityError
from workbench.identity.core import signatures
from workbench.identity.core.bureau import Bureau
from workbench.identity.core.canonical_json import decode_b64
from workbench.identity.core.card import Card, signed_by
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.timestamps import now, parse_moment
from workbench.identity.credentials import certificates, sd_jwt
from workbench.model.catalogue import Sentence

VALID, EXPIRED, NOT_TRUSTED, BAD = "valid", "expired", "not trusted", "bad"
WORSE = (VALID, EXPIRED, NOT_TRUSTED, BAD)
UNCHECKED = ("revocation", "time", "person")
"""What is checked of no card."""
Finding = tuple[str, str]
"""State and sentence."""


@dataclass(frozen=True)
class Standing:
    """What a trust list says of a card.

    Attributes
    ----------
    state : str
        'valid'; 'expired' (the moment lies outside its time); 'not trusted' (no bureau of the list vouches for it); 'bad' (it
        was changed or contradicts itself). Of several the worst, which is the later in this list.
    said : tuple of str
        Sentences for the reader: why.
    not_checked : tuple of str
        Sentences for the reader: what nobody looked at.
    clearance : str
        The clearance that counts: of a valid card, granted by a trusted bureau that may grant it; else ''.
    """

    state: str
    said: tuple[str, ...]
    not_checked: tuple[str, ...]
    clearance: str = ""

    def __str__(self) -> str:
        return "\n".join([self.state.upper(), *self.said, *(f"Note: {what}." for what in self.not_checked)])


def assess_card(card: Card, bureaux: Sequence[Bureau], at: str = "") -> Standing:
    """What these bureaux make of a card at a moment.

    Parameters
    ----------
    card : Card
        A stranger's.
    bureaux : sequence of Bureau
        Of a trust list.
    at : str
        UTC, '2027-12-31T12:00:00Z', or a day, which counts as its end; '' now.

    Raises
    ------
    IdentityError
        If `at` is no moment. Whatever is wrong with the card is no error but its state.
    """
    asked = parse_moment(at) if at else now()
    try:
        found = [*_list_time_findings(card, asked), *_list_findings(card, bureaux, asked)]
        clearance, more = _resolve_clearance(card, bureaux, valid=all(state == VALID for state, _ in found))
    except IdentityError as error:
        found, clearance, more = [(BAD, Sentence("The card cannot be read: {error}", error=error))], "", ()
    state = max((state for state, _ in found), key=WORSE.index)
    names = (*UNCHECKED, *(("purposes",) if card.kind == "x509" else ()))
    unseen = tuple(Sentence(f"refused.card.unchecked.{name}") for name in names)
    return Standing(state, (*(sentence for _, sentence in found), *more), unseen, clearance)


def _list_time_findings(card: Card, at: str) -> Iterator[Finding]:
    if card.valid_from and at < card.valid_from:
        yield (
            EXPIRED,
            Sentence(
                "The card of {who} is valid only from {day}. The program checked the card for the date {at}.",
                who=card.label,
                day=card.valid_from,
                at=at,
            ),
        )
    if card.valid_until and at > card.valid_until:
        yield (
            EXPIRED,
            Sentence(
                "The card of {who} was valid until {day}. The program checked the card for the date {at}.",
                who=card.label,
                day=card.valid_until,
                at=at,
            ),
        )


def _list_findings(card: Card, bureaux: Sequence[Bureau], at: str) -> Iterator[Finding]:
    """What speaks for a card and against it, whatever its kind."""
    issuer = _find_issuer(card, bureaux)
    if card.kind == "sd-jwt":
        yield from _list_credential_findings(card, bureaux, issuer, at)
    elif issuer is not None:
        yield from _list_signature_findings(card, issuer, at)
    elif not card.self_signed:
        yield (
            NOT_TRUSTED,
            Sentence(
                "According to the card of {who}, it was signed with the key {key}. This key is not on your trust list.",
                who=card.label,
                key=escape_invisible(card.issuer),
            ),
        )
    elif not signed_by(card, card.signed_bytes, decode_b64(card.signature)):
        yield (
            BAD,
            Sentence(
                "The signature on the card of {who} does not match. The card was changed, or somebody else made it.",
                who=card.label,
            ),
        )
    elif card.kind == "x509":
        yield from _list_certificate_findings(card, bureaux, at)
    else:
        yield (
            NOT_TRUSTED,
            Sentence(
                "Only the holder signed the card of {who}. No bureau on your trust list confirms it.", who=card.label
            ),
        )


def _list_signature_findings(card: Card, issuer: Bureau, at: str) -> Iterator[Finding]:
    """A card that a bureau of the list signed."""
    if signed_by(issuer.card, card.signed_bytes, decode_b64(card.signature)):
        yield from _check_issuer_rights(card, issuer, at)
    else:
        yield (
            BAD,
            Sentence(
                "The signature of {bureau} on the card of {who} does not match. The card was changed, or "
                "{bureau} did not sign it.",
                who=card.label,
                bureau=issuer.card.label,
            ),
        )


def _list_credential_findings(
    card: Card, bureaux: Sequence[Bureau], issuer: Bureau | None, at: str
) -> Iterator[Finding]:
    """A card that stands for an SD-JWT credential."""
    if issuer is None:
        yield (
            NOT_TRUSTED,
            Sentence(
                "According to the card of {who}, its credential was signed with the key {key}. This key is not "
                "on your trust list.",
                who=card.label,
                key=escape_invisible(card.issuer),
            ),
        )
    elif why := sd_jwt.check_library():
        yield NOT_TRUSTED, Sentence("The credential of {who} could not be read: {why}", who=card.label, why=why)
    elif sd_jwt.read_credential(card.signature, bureaux) == card:
        yield from _check_issuer_rights(card, issuer, at)
    else:
        yield (
            BAD,
            Sentence(
                "The data on the card of {who} is not the same as the data in the credential of the card.",
                who=card.label,
            ),
        )


def _list_certificate_findings(card: Card, bureaux: Sequence[Bureau], at: str) -> Iterator[Finding]:
    """A card signed by the key of a certificate."""
    found = certificates.find_trust_path(card, bureaux)
    own = certificates.get_subject_part(signatures.parse_certificate(decode_b64(card.key)), "CN")
    if own != card.name:
        yield (
            BAD,
            Sentence(
                "The card of {who} contains a certificate with another name: {name}.",
                who=card.label,
                name=escape_invisible(own),
            ),
        )
    if found is None:
        yield (
            NOT_TRUSTED,
            Sentence("The certificate of {who} cannot be traced to an authority on your trust list.", who=card.label),
        )
        return
    yield from _check_issuer_rights(card, found[0], at)
    for only_time, why in certificates.list_doubts(found[1], at):
        yield (
            (EXPIRED if only_time else NOT_TRUSTED),
            Sentence("A certificate in the chain from the card to the authority is not valid. {why}.", why=why),
        )


def _check_issuer_rights(card: Card, issuer: Bureau, at: str) -> Iterator[Finding]:
    """What a bureau that signed may vouch for."""
    name = issuer.card.label
    yield VALID, Sentence("{bureau} confirms {who}.", bureau=name, who=card.label)
    if (card.bureau, card.country) != (issuer.name, issuer.country):
        yield (
            NOT_TRUSTED,
            Sentence(
                "{bureau} is not allowed to confirm officers of {name} ({country}).",
                bureau=name,
                name=escape_invisible(card.bureau),
                country=escape_invisible(card.country),
            ),
        )
    if not issuer.is_valid_at(at) or (card.kind == "key" and not issuer.is_valid_at(card.valid_from)):
        first = issuer.valid_from or Sentence("not limited")
        last = issuer.valid_until or Sentence("not limited")
        yield (
            NOT_TRUSTED,
            Sentence(
                "According to your trust list, {bureau} is allowed to confirm cards only in this period. "
                "Start: {first}. End: {last}.",
                bureau=name,
                first=first,
                last=last,
            ),
        )
    if issuer.exercise and not card.exercise:
        yield (
            NOT_TRUSTED,
            Sentence(
                "{bureau} is a bureau for exercises only. It is not allowed to confirm a card for real work.",
                bureau=name,
            ),
        )


def _find_issuer(card: Card, bureaux: Sequence[Bureau]) -> Bureau | None:
    return next((bureau for bureau in bureaux if bureau.fingerprint == card.issuer), None)


def _resolve_clearance(card: Card, bureaux: Sequence[Bureau], *, valid: bool) -> tuple[str, tuple[str, ...]]:
    """The clearance that counts, and why one does not."""
    issuer, what = _find_issuer(card, bureaux), escape_invisible(card.clearance)
    if not card.clearance:
        return "", ()
    if card.self_signed:
        return "", (
            Sentence("The clearance {level} is not accepted: only the holder of the card states it.", level=what),
        )
    if not valid or issuer is None:
        return "", (Sentence("The clearance {level} is not accepted, because the card is not accepted.", level=what),)
    if not issuer.may_grant(card.clearance):
        return "", (
            Sentence(
                "The clearance {level} is not accepted: {bureau} is not allowed to grant it.",
                bureau=issuer.card.label,
                level=what,
            ),
        )
    return card.clearance, (Sentence("{bureau} grants the clearance {level}.", bureau=issuer.card.label, level=what),)
