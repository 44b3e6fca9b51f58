"""Four eyes: what is RESTRICTED or above goes out only with the signature of a second officer, over the very message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.case import authority
from workbench.case.book import Book
from workbench.case.desk.draft import Draft
from workbench.errors import IdentityError
from workbench.ledger import Object
from workbench.messages import to_json
from workbench.messages.lists import code_list
from workbench.messages.message import Correspondence
from workbench.model.identity import Card, signed_by
from workbench.model.identity.canonical import b64, unb64

if TYPE_CHECKING:
    from workbench.model.identity import Officer

FROM = "RESTRICTED"
"""Level from which on a second officer signs; so does what is of no known level."""
SIGNED = b"caseledger/approval/1\n"
NO_KEY = "an approval is signed, and no key is unlocked. Open the case with officer=wb.unlock('name')."


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
    what = Object("draft", draft.id)
    if who is None:
        raise book.ledger.refuse("alteration", what, NO_KEY)
    if why := _same(draft, who.card):
        raise book.ledger.refuse("alteration", what, f"refused: {why}, and nobody approves what is their own.")
    if draft.open_faults():
        raise book.ledger.refuse("alteration", what, "the draft is not ready: draft.check() tells what is open.")
    signature = b64(who.sign(_signed(draft.message, who.card)))
    return draft.tell("approvals", [[who.card.to_json(), signature]], f"approved by {who.card.label}")


def approved(draft: Draft) -> tuple[Correspondence, Card] | None:
    """The draft's message with the signature of who approved it, and their card; None while nobody has."""
    for text, signature in draft.told("approvals"):
        card = Card.from_json(text)
        if holds(draft.message, card, signature) and not _same(draft, card):
            return replace(draft.message, approver=card.name, signature=signature), card
    return None


def holds(message: Correspondence, card: Card, signature: str) -> bool:
    """Whether the holder of a card signed a message as it stands."""
    try:
        return signed_by(card, _signed(message, card), unb64(signature))
    except IdentityError:
        return False


def _signed(message: Correspondence, card: Card) -> bytes:
    return SIGNED + to_json(replace(message, approver=card.name, signature="")).encode()


def _same(draft: Draft, card: Card) -> str:
    """Whether somebody has written of a draft, by name or by key: in words, '' if not."""
    names = {draft.message.author, *(name for name, _ in draft.told("hands"))}
    keys = {key for _, key in draft.told("hands") if key}
    mine = card.fingerprint in keys or any(authority.same(name, card.name) for name in names if name)
    return f"{card.name} has written of this message" if mine else ""
