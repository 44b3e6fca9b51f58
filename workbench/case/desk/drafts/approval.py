"""Four eyes: what is RESTRICTED or above goes out only with the signature of a second officer, over the very message.

A second officer is of the bureau that sends, and vouched for as its sender is. Both sides ask that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from workbench import identity
from workbench.case.access import controller
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import addressee_check
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.errors import IdentityError
from workbench.identity import Card, signed_by
from workbench.identity.core.canonical_json import decode_b64, encode_b64
from workbench.identity.core.display import escape_invisible
from workbench.identity.trust_status import NOT_TRUSTED, VALID
from workbench.ledger import Object
from workbench.messages import to_json
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Correspondence
from workbench.model.catalogue import Sentence, join_sentences

if TYPE_CHECKING:
    from workbench.identity import Officer, TrustList

FROM = "RESTRICTED"
"""Level from which on a second officer signs; so does what is of no known level."""
SIGNED = b"caseledger/approval/1\n"


def is_approval_needed(message: Correspondence) -> bool:
    """Whether a second officer must sign."""
    codes = get_codes("confidentiality")
    return message.confidentiality not in codes or codes.index(message.confidentiality) >= codes.index(FROM)


def approve_draft(
    context: CaseContext, draft: DraftRecord, officer: Officer | None, trust: TrustList | None
) -> DraftRecord:
    """Sign a draft as a second officer.

    Raises
    ------
    CaseError
        Without a key, for who has written of it, is of another bureau or not vouched for, and while something of the draft is open:
        it is logged. If the text is not what it was when the draft was opened.
    """
    who = officer or context.ledger.identity
    if who is None:
        raise context.ledger.refuse(
            "alteration",
            Object("draft", draft.id),
            Sentence("The second signature was not added, because no key is unlocked. Open the case with your key."),
        )
    if why := find_objection(
        context, draft.current(), who.card, identity.load_trust_list() if trust is None else trust
    ):
        raise context.ledger.refuse("alteration", Object("draft", draft.id), why)
    message = _to_signable(draft, who.card)
    signed = replace(message, signature=encode_b64(who.sign(_encode_message(message))))
    return draft.sign(signed, who.card.to_json(), f"approved by {who.card.label}")


def find_objection(context: CaseContext, draft: DraftRecord, card: Card, trust: TrustList) -> str | None:
    """Why the holder of a card may not sign a draft as it stands, in words; nothing if they may."""
    if _has_written(draft, card):
        return Sentence(
            "The second signature was not added. {name} wrote part of the message. Officers are not allowed "
            "to sign their own text as second officer.",
            name=card.name,
        )
    sender = context.ledger.identity
    if why := find_doubt(card, sender.card if sender else card, trust):
        return why
    if draft.open_faults(_to_signable(draft, card)):
        return Sentence(
            "The second signature cannot be added yet. First, the author must fix each error in the list. "
            "For a warning, the author must fix it or give a reason to keep it."
        )
    return addressee_check.find_objection(context, draft, addressee_check.list_named_readers(context, draft))


def find_doubt(card: Card, sender: Card, trust: TrustList, *, unknown: bool = False) -> Sentence | None:
    """Why an approval by the holder of a card does not count for what a sender signs, in words; None if it does.

    `unknown`: one for whom nobody vouches counts too.
    """
    if (card.bureau, card.country) != (sender.bureau, sender.country):
        return Sentence(
            "The second signature by {who} does not count. The second officer must be from the bureau that "
            "sends the message: {bureau}.",
            who=card.label,
            bureau=escape_invisible(sender.bureau),
        )
    found = trust.assess_card(card)
    if found.state == VALID or (unknown and found.state == NOT_TRUSTED):
        return None
    return Sentence(
        "The second signature by {who} does not count. {said} A trusted bureau must confirm the second "
        "officer, in the same way as the sender. Add that bureau to your trust list (`workbench identity "
        "trust add FILE`).",
        who=card.label,
        said=join_sentences("{one} {more}", found.said),
    )


def find_lapse(context: CaseContext, draft: DraftRecord, trust: TrustList) -> Sentence | None:
    """Why the approval of a draft does not let who works send it, in words; None if it does, or if there is none."""
    card, who = find_approver(draft), context.ledger.identity
    if card is None:
        return None
    if who is not None and _is_same_officer(who.card, card):
        return Sentence(
            "The message was not sent. {who} signed it as second officer, so another officer of the bureau "
            "must send it.",
            who=card.label,
        )
    return find_doubt(card, who.card if who else card, trust)


def _to_signable(draft: DraftRecord, card: Card) -> Correspondence:
    return replace(draft.message, approver=card.name, signature="")


def find_approver(draft: DraftRecord) -> Card | None:
    """The card of who approved a draft as it stands; None while nobody has."""
    text = draft.get_entry("approval")
    if not isinstance(text, str):
        return None
    card = Card.from_json(text)
    return card if has_signed(draft.message, card) and not _has_written(draft, card) else None


def has_signed(message: Correspondence, card: Card) -> bool:
    """Whether the holder of a card has signed a message as it stands."""
    try:
        return message.approver == card.name and signed_by(
            card, _encode_message(message), decode_b64(message.signature)
        )
    except IdentityError:
        return False


def is_own_signature(message: Correspondence, card: Card, sender: Card) -> bool:
    """Whether who holds a card has also sent or written the message that it approves, by key or by name: nobody is their own second."""
    return _is_same_officer(card, sender) or controller.is_same_name(message.author, card.name)


def _is_same_officer(one: Card, other: Card) -> bool:
    """Whether two cards are of one officer: by key, or by name, as an officer has a second card after a renewal."""
    return one.fingerprint == other.fingerprint or controller.is_same_name(one.name, other.name)


def _encode_message(message: Correspondence) -> bytes:
    """All but the moment, which is that of sending."""
    return SIGNED + to_json(replace(message, signature="", date_time="")).encode()


def _has_written(draft: DraftRecord, card: Card) -> bool:
    """Whether somebody has written of a draft, by name or by key."""
    hands = cast("list[list[str]]", draft.get_entry("hands"))
    names = {draft.message.author, *(name for name, _ in hands)}
    keys = {key for _, key in hands if key}
    return card.fingerprint in keys or any(controller.is_same_name(name, card.name) for name in names if name)
