"""What a list of trusted bureaux says of a card: a state, the reasons in words, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.errors import IdentityError
from workbench.model.identity import certificates, credentials, signing
from workbench.model.identity.bureau import Bureau
from workbench.model.identity.canonical import unb64
from workbench.model.identity.card import Card, signed_by
from workbench.model.identity.display import shown
from workbench.model.identity.moments import moment, now

VALID, EXPIRED, NOT_TRUSTED, BAD = "valid", "expired", "not trusted", "bad"
WORSE = (VALID, EXPIRED, NOT_TRUSTED, BAD)
REVOCATION = "revocation was not checked: offline no list of withdrawn keys is asked for"
TIME = "time stamps were not checked: when something was signed is the signer's own word"
PERSON = "the person was not checked: who held the key is for the bureau to answer"
PURPOSES = "purposes and policies of the certificates were not checked"
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


def standing(card: Card, bureaux: Sequence[Bureau], at: str = "") -> Standing:
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
    asked = moment(at) if at else now()
    try:
        found = [*_in_time(card, asked), *_vouched(card, bureaux, asked)]
        clearance, more = _clearance(card, bureaux, valid=all(state == VALID for state, _ in found))
    except IdentityError as error:
        found, clearance, more = [(BAD, f"The card cannot be read: {error}")], "", ()
    state = max((state for state, _ in found), key=WORSE.index)
    unseen = (REVOCATION, TIME, PERSON, *((PURPOSES,) if card.kind == "x509" else ()))
    return Standing(state, (*(sentence for _, sentence in found), *more), unseen, clearance)


def _in_time(card: Card, at: str) -> Iterator[Finding]:
    if card.valid_from and at < card.valid_from:
        yield EXPIRED, f"The card of {card.label} is valid from {card.valid_from} only; asked was {at}."
    if card.valid_until and at > card.valid_until:
        yield EXPIRED, f"The card of {card.label} was valid until {card.valid_until}; asked was {at}."


def _vouched(card: Card, bureaux: Sequence[Bureau], at: str) -> Iterator[Finding]:
    """What speaks for a card and against it, whatever its kind."""
    issuer = _issuer(card, bureaux)
    if card.kind == "sd-jwt":
        yield from _by_credential(card, bureaux, issuer, at)
    elif issuer is not None:
        yield from _by_signature(card, issuer, at)
    elif not card.self_signed:
        yield (
            NOT_TRUSTED,
            f"The card of {card.label} was signed by {shown(card.issuer)}, which is not in your trust list.",
        )
    elif not signed_by(card, card.signed_bytes, unb64(card.signature)):
        yield BAD, f"The card of {card.label} was changed: its signature does not fit."
    elif card.kind == "x509":
        yield from _by_certificate(card, bureaux, at)
    else:
        yield (
            NOT_TRUSTED,
            f"The card of {card.label} is signed by its holder only; no bureau of your trust list vouches for it.",
        )


def _by_signature(card: Card, issuer: Bureau, at: str) -> Iterator[Finding]:
    """A card that a bureau of the list signed."""
    if signed_by(issuer.card, card.signed_bytes, unb64(card.signature)):
        yield from _allowed(card, issuer, at)
    else:
        yield (
            BAD,
            f"The card of {card.label} was changed after {issuer.card.label} signed it: the signature does not fit.",
        )


def _by_credential(card: Card, bureaux: Sequence[Bureau], issuer: Bureau | None, at: str) -> Iterator[Finding]:
    """A card that stands for an SD-JWT credential."""
    if issuer is None:
        yield (
            NOT_TRUSTED,
            f"The credential of {card.label} was signed by {shown(card.issuer)}, which is not in your trust list.",
        )
    elif (why := credentials.missing()) != "":
        yield NOT_TRUSTED, f"The credential of {card.label} was not read: {why}"
    elif credentials.read(card.signature, bureaux) == card:
        yield from _allowed(card, issuer, at)
    else:
        yield BAD, f"The card of {card.label} says other things than the credential that it stands for."


def _by_certificate(card: Card, bureaux: Sequence[Bureau], at: str) -> Iterator[Finding]:
    """A card signed by the key of a certificate."""
    found = certificates.way(card, bureaux)
    own = certificates.named(signing.certificate(unb64(card.key)), "CN")
    if own != card.name:
        yield BAD, f"The card of {card.label} bears the certificate of {shown(own)}."
    if found is None:
        yield NOT_TRUSTED, f"No way leads from the certificate of {card.label} to an authority of your trust list."
        return
    yield from _allowed(card, found[0], at)
    for only_time, why in certificates.doubts(found[1], at):
        yield (
            (EXPIRED if only_time else NOT_TRUSTED),
            f"On the way from the certificate to the authority, {shown(why)}.",
        )


def _allowed(card: Card, issuer: Bureau, at: str) -> Iterator[Finding]:
    """What a bureau that signed may vouch for."""
    name = issuer.card.label
    yield VALID, f"{name} vouches for {card.label}."
    if (card.bureau, card.country) != (issuer.name, issuer.country):
        yield NOT_TRUSTED, f"{name} may not vouch for officers of {shown(card.bureau)} ({shown(card.country)})."
    if not issuer.vouches(at) or (card.kind == "key" and not issuer.vouches(card.valid_from)):
        time = f"{issuer.valid_from or 'its beginning'} to {issuer.valid_until or 'no end'}"
        yield NOT_TRUSTED, f"Your trust list lets {name} vouch from {time} only."
    if issuer.exercise and not card.exercise:
        yield NOT_TRUSTED, f"{name} is a bureau for exercises and may not vouch for a card that is for more."


def _issuer(card: Card, bureaux: Sequence[Bureau]) -> Bureau | None:
    return next((bureau for bureau in bureaux if bureau.fingerprint == card.issuer), None)


def _clearance(card: Card, bureaux: Sequence[Bureau], *, valid: bool) -> tuple[str, tuple[str, ...]]:
    """The clearance that counts, and why one does not."""
    issuer, what = _issuer(card, bureaux), shown(card.clearance)
    if not card.clearance:
        return "", ()
    if card.self_signed:
        return "", (f"Its clearance {what} is its holder's own word and counts as none.",)
    if not valid or issuer is None:
        return "", (f"Its clearance {what} does not count.",)
    if not issuer.may_grant(card.clearance):
        return "", (f"{issuer.card.label} may not grant the clearance {what}: it counts as none.",)
    return card.clearance, (f"{issuer.card.label} grants the clearance {what}.",)
