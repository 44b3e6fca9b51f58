"""A bureau vouches for an officer: it signs their card, with clearance and training, for a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbench.errors import IdentityError
from workbench.identity.core import field_checks
from workbench.identity.core import key_store as homes
from workbench.identity.core.card import BUREAU, Card, check_card
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.officer import Officer
from workbench.identity.core.timestamps import now
from workbench.identity.trust_list import TrustList
from workbench.identity.trust_status import VALID
from workbench.model.catalogue import Sentence, join_sentences


def issue(card: Card, by: Officer, *, until: str, clearance: str = "", training: str = "", role: str = "") -> Card:
    """The officer's card, signed by the bureau.

    Parameters
    ----------
    card : Card
        As the officer sent it, self-signed: the proof that they hold its key.
    by : Officer
        The bureau, unlocked.
    until : str
        UTC, when it ends; a card without an end is not issued.
    clearance, training, role : str
        What the bureau grants or states; '' none (for the role: as on the card).

    Raises
    ------
    IdentityError
        If the signer is no bureau, the officer is another bureau's, or the card is not signed by its own key.
    """
    bureau = by.card
    field_checks.require(
        bureau.role == BUREAU,
        "{who} is not a bureau and cannot issue cards: the role on the card is '{role}'. "
        "Sign with the identity of a bureau.",
        who=bureau.label,
        role=escape_invisible(bureau.role),
    )
    field_checks.require(
        card.self_signed,
        "The card of {who} is not signed with the officer's own key. Ask the officer for a card "
        "that was made with `workbench identity card`.",
        who=card.label,
    )
    field_checks.require(
        card.role != BUREAU or role not in {"", BUREAU},
        "{who} is a bureau. A bureau does not get a card from another bureau. Add {who} to the trust list.",
        who=card.label,
    )
    field_checks.require(
        role != BUREAU, "A bureau does not issue cards for other bureaux. Add those bureaux to a trust list."
    )
    field_checks.require(
        (card.bureau, card.country) == (bureau.bureau, bureau.country),
        "{who} does not belong to {bureau}: the bureau and the country must be the same on "
        "both cards. Ask the officer's own bureau to issue the card.",
        who=card.label,
        bureau=bureau.label,
    )
    last = min(filter(None, (bureau.valid_until, card.valid_until)), default=until)
    field_checks.require(
        bool(until) and until <= last,
        "The end date of the card is missing or too late. It cannot be after the end date of the "
        "bureau's card or of the officer's certificate ({last}).",
        last=last or "…",
    )
    made = replace(
        Card.from_json(card.to_json()), clearance=clearance, training=training, role=role or card.role,
        valid_from=now(), valid_until=until, exercise=card.exercise or bureau.exercise, issuer=bureau.fingerprint,
    )  # fmt: skip
    return Card.from_json(made.add_signature(by.sign(check_card(made).signed_bytes)).to_json())


def install_card(card: Card, trust: TrustList, *, home: Path | None = None) -> Card:
    """Put a card that a bureau issued in the place of the self-signed one of an identity in this home.

    Raises
    ------
    IdentityError
        If no identity of the home has its key, a bureau of the trust list does not vouch for it, or it is older than the one there.
    """
    own = next((one for one in homes.cards(home) if one.fingerprint == card.fingerprint), None)
    if own is None:
        raise IdentityError(
            Sentence(
                "No identity in {folder} has the key of this card ({who}). If it is another officer’s card, give "
                "it to that officer. If it is your card, use the folder that contains your identity.",
                folder=homes.folder(home),
                who=card.label,
            )
        )
    same = (own.name, own.kind if card.kind != "sd-jwt" else card.kind) == (card.name, card.kind)
    field_checks.require(
        same and card.recipient in {own.recipient, ""},
        "The card of {who} was not saved. Its name, type or encryption address is not the same as on "
        "your card ({own}). Ask the bureau for a correct card.",
        who=card.label,
        own=own.label,
    )
    older = bool(own.issuer) and "" < card.valid_from < own.valid_from
    field_checks.require(
        not older,
        "The card of {who} was issued on {since}. Your card was issued later, on {own}. An "
        "older card cannot replace your card.",
        who=card.label,
        since=card.valid_from,
        own=own.valid_from,
    )
    found = trust.assess_card(card)
    if found.state != VALID:
        said = join_sentences("{one} {more}", found.said)
        raise IdentityError(
            Sentence(
                "The card was not accepted. {said} If the bureau is not on your trust list, add it: `workbench "
                "identity trust add BUREAU.json`. Otherwise, ask the bureau for a new card.",
                said=said,
            )
        )
    homes.replace_file(homes.place(own.name, home) / homes.CARD, card.to_json().encode() + b"\n")
    return card
