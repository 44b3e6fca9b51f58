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
        "refused.issuing.no_bureau",
        who=bureau.label,
        role=escape_invisible(bureau.role),
    )
    field_checks.require(card.self_signed, "refused.issuing.not_self_signed", who=card.label)
    field_checks.require(card.role != BUREAU or role not in {"", BUREAU}, "refused.issuing.of_bureau", who=card.label)
    field_checks.require(role != BUREAU, "refused.issuing.as_bureau")
    field_checks.require(
        (card.bureau, card.country) == (bureau.bureau, bureau.country),
        "refused.issuing.other_bureau",
        who=card.label,
        bureau=bureau.label,
    )
    last = min(filter(None, (bureau.valid_until, card.valid_until)), default=until)
    field_checks.require(bool(until) and until <= last, "refused.issuing.no_end", last=last or "…")
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
        raise IdentityError(Sentence("refused.issuing.stranger", folder=homes.folder(home), who=card.label))
    same = (own.name, own.kind if card.kind != "sd-jwt" else card.kind) == (card.name, card.kind)
    field_checks.require(
        same and card.recipient in {own.recipient, ""},
        "refused.issuing.differs",
        who=card.label,
        own=own.label,
    )
    older = bool(own.issuer) and "" < card.valid_from < own.valid_from
    field_checks.require(not older, "refused.issuing.older", who=card.label, since=card.valid_from, own=own.valid_from)
    found = trust.assess_card(card)
    if found.state != VALID:
        said = join_sentences("refused.card.then", found.said)
        raise IdentityError(Sentence("refused.issuing.not_taken", said=said))
    homes.replace(homes.place(own.name, home) / homes.CARD, card.to_json().encode() + b"\n")
    return card
