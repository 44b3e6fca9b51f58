"""Four eyes: what is RESTRICTED or above goes out only with the signature of a second officer, over the very message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from workbench.case import authority
from workbench.case.book import Book
from workbench.case.desk.draft import Draft
from workbench.errors import IdentityError
from workbench.ledger import Object
from workbench.messages import to_json
from workbench.messages.lists import code_list
from workbench.messages.message import Correspondence
from workbench.model.catalogue import Sentence
from workbench.model.identity import Card, signed_by
from workbench.model.identity.canonical import b64, unb64

if TYPE_CHECKING:
    from workbench.model.identity import Officer

FROM = "RESTRICTED"
"""Level from which on a second officer signs; so does what is of no known level."""
SIGNED = b"caseledger/approval/1\n"


def needed(message: Correspondence) -> bool:
    """Whether a second officer must sign."""
    codes = code_list("confidentiality")
    return message.confidentiality not in codes or codes.index(message.confidentiality) >= codes.index(FROM)


def approve(book: Book, draft: Draft, officer: Officer | None) -> Draft:
    """Sign a draft as a second officer.

    Raises
    ------
    CaseError
        Without a key, for who has written of it, and while something of the draft is open. It is logged.
    """
    who = officer or book.ledger.identity
    if who is None or (why := objection(draft, who.card)):
        said = Sentence("refused.draft.approval_key") if who is None else why
        raise book.ledger.refuse("alteration", Object("draft", draft.id), said)
    message = _for_signing(draft, who.card)
    signed = replace(message, signature=b64(who.sign(_signed(message))))
    return draft.sign(signed, who.card.to_json(), f"approved by {who.card.label}")


def objection(draft: Draft, card: Card) -> str:
    """Why the holder of a card may not sign a draft as it stands, in words; '' if they may."""
    if _same(draft, card):
        return Sentence("refused.draft.own", name=card.name)
    return Sentence("refused.draft.open") if draft.open_faults(_for_signing(draft, card)) else ""


def _for_signing(draft: Draft, card: Card) -> Correspondence:
    return replace(draft.message, approver=card.name, signature="")


def approver(draft: Draft) -> Card | None:
    """The card of who approved a draft as it stands; None while nobody has."""
    text = draft.told("approval")
    if not isinstance(text, str):
        return None
    card = Card.from_json(text)
    return card if holds(draft.message, card) and not _same(draft, card) else None


def holds(message: Correspondence, card: Card) -> bool:
    """Whether the holder of a card has signed a message as it stands."""
    try:
        return message.approver == card.name and signed_by(card, _signed(message), unb64(message.signature))
    except IdentityError:
        return False


def _signed(message: Correspondence) -> bytes:
    return SIGNED + to_json(replace(message, signature="")).encode()


def _same(draft: Draft, card: Card) -> bool:
    """Whether somebody has written of a draft, by name or by key."""
    hands = cast("list[list[str]]", draft.told("hands"))
    names = {draft.message.author, *(name for name, _ in hands)}
    keys = {key for _, key in hands if key}
    return card.fingerprint in keys or any(authority.same(name, card.name) for name in names if name)
