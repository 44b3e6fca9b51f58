"""Whether a package may be sealed to those it is for: only to cards that are valid now, and to unknown ones only when it is said why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.identity.core.timestamps import now
from workbench.identity.trust_status import BAD, NOT_TRUSTED, VALID
from workbench.ledger import Object
from workbench.model.catalogue import Sentence, join_sentences

if TYPE_CHECKING:
    from workbench.identity import Card, Standing, TrustList


def list_unvouched(context: CaseContext, to: Sequence[Card], trust: TrustList, consent: str) -> list[str]:
    """Labels and fingerprints of addressees for whom no trusted bureau vouches; the officer's own card is known.

    Raises
    ------
    CaseError
        If a card is expired, not valid yet, changed, or unknown without a consent. The refusal is logged.
    """
    own, found = context.ledger.identity, []
    for card in to:
        if own is not None and card.fingerprint == own.card.fingerprint:
            continue
        standing = trust.assess_card(card)
        if not _is_current(card) or standing.state not in (VALID, NOT_TRUSTED):
            key = "refused.card.bad" if standing.state == BAD else "refused.card.not_valid"
            raise _refuse_card(context, card, key, standing)
        if standing.state == NOT_TRUSTED:
            if not consent.strip():
                raise _refuse_card(
                    context,
                    card,
                    "{said} Ask the holder for the fingerprint of their key and compare it with the card. Then add "
                    "the bureau to your trust list (`workbench identity trust add FILE`). Or give the reason why you "
                    "encrypt for this card anyway: `unknown_addressee='card handed over on …'`.",
                    standing,
                )
            found.append(f"{card.label} {card.fingerprint}")
    return found


def _is_current(card: Card) -> bool:
    moment = now()
    return card.valid_from <= moment and (not card.valid_until or moment <= card.valid_until)


def _refuse_card(context: CaseContext, card: Card, key: str, standing: Standing) -> Exception:
    why = Sentence(key, said=join_sentences("{one} {more}", standing.said))
    said = Sentence("Nothing was encrypted for {who} ({key}). {why}", who=card.label, key=card.fingerprint, why=why)
    return context.ledger.refuse("disclosure", Object("package"), said)
