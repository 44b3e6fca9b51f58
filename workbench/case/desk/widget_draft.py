"""A draft as the widget shows it: its issues, and what it waits for beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench import identity
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import approval, sending
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.messages import bureau_names, deliveries
from workbench.case.packages.package_export import PackageRequest
from workbench.ledger.records.drafts import DRAFT, PARTLY
from workbench.messages import LetterOfRequest, table
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_json import to_dict
from workbench.model.catalogue import Translator
from workbench.views import desk as view

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Card, TrustList


@dataclass(frozen=True, slots=True)
class Sealing:
    """To whose cards messages are sealed, whom the desk trusts (None: as the officer does), and how high addressees are cleared."""

    cards: Sequence[Card]
    trust: TrustList | None
    wish: PackageRequest

    @property
    def trust_list(self) -> TrustList:
        """Whom the desk trusts."""
        return identity.load_trust_list() if self.trust is None else self.trust

    def list_addressee_cards(self, message: Correspondence) -> list[Card]:
        """Cards of those whom a message names."""
        return bureau_names.select_cards(self.cards, (*message.to, *message.cc))


def build_draft_view(context: CaseContext, draft: DraftRecord, sealing: Sealing, voice: Translator) -> view.Draft:
    """A draft with its issues, and what it waits for beside them."""
    found = view.list_issues(_list_faults(draft, voice.language))
    waits = [*_list_missing_steps(draft, found, sealing, voice), *_list_objections(context, draft, sealing, voice)]
    approver = approval.find_approver(draft)
    return view.Draft(
        id=draft.id, form=draft.message.form, values=to_dict(draft.message), issues=found, waits=waits,
        ready=not waits and not any(one.blocks for one in found), approvable=_may_approve(context, draft, sealing.trust_list),
        approver=approver.label if approver else "", left=draft.left, closed=draft.state == PARTLY,
        letter=_is_letter(draft),
    )  # fmt: skip


def _list_faults(draft: DraftRecord, language: str) -> pd.DataFrame:
    """Faults of a draft in a language, with why each was let stand. They are of the officer's own writing: opening it is what is logged."""
    found = draft.faults() if draft.state == DRAFT else []
    stands = {tuple(said[:3]): said[3] for said in draft.get_entry("let_stand")}  # type: ignore[attr-defined]
    return table(found, language).assign(stands=[stands.get((one.rule.id, one.field, one.quote), "") for one in found])


def _list_missing_steps(
    draft: DraftRecord, found: Sequence[view.Issue], sealing: Sealing, voice: Translator
) -> Iterator[str]:
    """What a draft waits for before it can go out, in words."""
    message = draft.message
    if any(one.severity == "warning" and not (one.acknowledged or one.overridden or one.blocks) for one in found):
        yield voice("Fix each warning, or give a reason to keep it.")
    if approval.is_approval_needed(message) and approval.find_approver(draft) is None:
        yield voice(
            "The message is {level}. A second officer must sign it at their own message desk.",
            level=message.confidentiality or voice("not marked with a level"),
        )
    if message.to and not _is_letter(draft) and not _is_reachable(draft, sealing):
        yield voice("The card of an addressee is missing. Open the desk with the cards of all addressees.")


def _is_letter(draft: DraftRecord) -> bool:
    """Whether it goes to an authority as a file, and is sealed to nobody."""
    return isinstance(draft.message, LetterOfRequest)


def _is_reachable(draft: DraftRecord, sealing: Sealing) -> bool:
    """Whether the card of an addressee is at hand to whom it has not gone."""
    return any(
        each in draft.left
        for each in deliveries.list_reached(draft.message, sealing.list_addressee_cards(draft.message))
    )


def _list_objections(context: CaseContext, draft: DraftRecord, sealing: Sealing, voice: Translator) -> Iterator[str]:
    """Why a signature does not count, and whose clearance the draft is above, in words."""
    if lapsed := approval.find_lapse(context, draft, sealing.trust_list):
        yield lapsed.translate_to(voice.language)
    if not _is_letter(draft):
        cards = sealing.list_addressee_cards(draft.message)
        above = sending.list_clearance_objections(context, draft, cards, sealing.trust_list, sealing.wish)
        yield from (one.translate_to(voice.language) for one in above)


def _may_approve(context: CaseContext, draft: DraftRecord, trusted: TrustList) -> bool:
    """Whether a second signature is missing, and who sits here may give it."""
    who = context.ledger.identity
    asked = approval.is_approval_needed(draft.message) and approval.find_approver(draft) is None
    return asked and who is not None and not approval.find_objection(context, draft, who.card, trusted)
