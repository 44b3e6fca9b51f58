"""Who may grant: the controller of the case, known by a key where there is one, and the bureaux that the controller trusts.

Nobody grants to himself: not under another spelling of the own name, not by a bureau whose key the holder keeps as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.errors import CaseError, IdentityError
from workbench.ledger import Object
from workbench.ledger.access import terms
from workbench.model import handling_marks
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import EXERCISE, Scheme, build_scheme
from workbench.model.text.normalise import normalise_name
from workbench.model.text.transliteration import transliterate_name

if TYPE_CHECKING:
    from workbench.identity import Card, Standing

CONTROLLER = ("controller", "case")
WORD = re.compile(r"[^\W_]+")
BY_NAME = "controller known by name only; not verified"
NOBODY = "nobody vouches for himself"


@dataclass(frozen=True, slots=True)
class Controller:
    """The controller of a case: by name, and by the fingerprint of the key that was recorded; '' where there is none."""

    name: str
    key: str = ""

    def __str__(self) -> str:
        return self.statement

    @property
    def statement(self) -> Sentence:
        """Who it is and how that is known."""
        if not self.name:
            return Sentence("no controller is recorded")
        key = {"key": self.key} if self.key else {}
        return Sentence(f"refused.controller.{'by_key' if key else 'by_name'}", name=self.name, **key)


def get_controller(context: CaseContext) -> Controller:
    """Who is recorded in the ledger; where nobody is, whom case.toml names."""
    return parse_controller(terms.list_current_terms(context.ledger).get(CONTROLLER, {}), context.settings.controller)


def parse_controller(facets: Mapping[str, list[str]], named: str) -> Controller:
    """The controller out of what the ledger records, or as case.toml names them."""
    name, key = ("".join(facets.get(facet, [])) for facet in ("name", "key"))
    return Controller(name, key) if name else Controller(named)


def is_controller(context: CaseContext) -> bool:
    """Whether the officer who works is the controller: by the key that was recorded, else by name."""
    known, who = get_controller(context), context.ledger.identity
    if known.key:
        return who is not None and who.card.fingerprint == known.key
    return bool(known.name) and known.name == context.ledger.officer


def record_controller(context: CaseContext) -> None:
    """At opening: record the first key under the controller's name; log whoever is called so without it, and vain claims of a card."""
    _log_unheeded_card(context)
    known, who = get_controller(context), context.ledger.identity
    if not known.name or not is_same_name(known.name, context.ledger.officer):
        return
    if known.key and not is_controller(context):
        why = (
            f"{context.ledger.officer} has the name of the controller but not the key {known.key}. "
            "This officer is not the controller here."
        )
        context.ledger.refuse("consultation", Object("controller", context.ledger.officer), why)
    elif who is not None and not known.key and known.name == context.ledger.officer:
        said = {"name": [known.name], "key": [who.card.fingerprint]}
        terms.add_facets(context.ledger, [CONTROLLER], said, "the first key under the controller's name")


def check_controller(context: CaseContext, operation: str, what: Object, does: str) -> None:
    """Refuse whoever is not the controller; `does` names what the controller does: a string of `refused.controller.does`.

    Raises
    ------
    CaseError
        Naming the controller; it is logged.
    """
    if not is_controller(context):
        who, deed = get_controller(context).statement, Sentence(f"refused.controller.does.{does}")
        raise context.ledger.refuse(
            operation,
            what,
            Sentence(
                "You cannot {does}. Only the controller of the case ({controller}) can do this.",
                controller=who,
                does=deed,
            ),
        )


def describe_controller(context: CaseContext) -> str:
    """What must be said of how the controller is known; '' where a key proves it."""
    known = get_controller(context)
    return BY_NAME if known.name and not known.key else ""


def hand_over(context: CaseContext, to: str | Card, because: str) -> None:
    """Name another controller, by card or by name: the controller does."""
    name, key = (to, "") if isinstance(to, str) else (to.name, to.fingerprint)
    check_controller(context, "alteration", Object("controller", name), "hands_over")
    if not name.strip() or not because.strip():
        raise context.ledger.refuse(
            "alteration",
            Object("controller", name),
            Sentence(
                "The case was not handed over. Give the officer and the reason, for example: "
                "`case.access.hand_over('eve', because='order of 3 May')`. You can give the officer's card "
                "instead of the name."
            ),
        )
    terms.add_facets(context.ledger, [CONTROLLER], {"name": [name.strip()], "key": [key] if key else []}, because)


# Nobody for himself -----------------------------------------------------------------------------------------------------


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings are of one name: capitals, accents, order, signs between and script aside.

    >>> is_same_name("Ada Lind", "LIND,  Áda"), is_same_name("ada", "аda"), is_same_name("Ada", "Ida")
    (True, True, False)
    """
    left, right = (WORD.findall(normalise_name(transliterate_name(name) or name)) for name in (one, other))
    return bool(left) and (sorted(left) == sorted(right) or "".join(left) == "".join(right))


def is_self(context: CaseContext, officer: str) -> bool:
    """Whether a name, label or fingerprint means the officer who works."""
    own = [card for card in _list_own_cards(context) if is_same_name(card.name, context.ledger.officer)]
    names = [context.ledger.officer, *(card.label for card in own)]
    return officer.strip() in {card.fingerprint for card in own} or any(is_same_name(officer, name) for name in names)


def list_held_keys(context: CaseContext) -> frozenset[str]:
    """Fingerprints of the keys that the officer who works holds: the one at work, and those of the home."""
    return frozenset(card.fingerprint for card in _list_own_cards(context))


def _list_own_cards(context: CaseContext) -> list[Card]:
    from workbench import identity

    who = context.ledger.identity
    return [*identity.cards(), *([who.card] if who else [])]


# Bureaux ----------------------------------------------------------------------------------------------------------------


def list_bureaux(context: CaseContext) -> dict[str, str]:
    """Bureaux that the case trusts: fingerprint -> level up to which they may grant, '' none."""
    held = terms.list_current_terms(context.ledger)
    return {key: "".join(facets.get("clearance", [])) for (kind, key), facets in held.items() if kind == "bureau"}


def get_scheme(context: CaseContext) -> Scheme:
    """The scheme of the case. One whose levels nobody has written down has a single level."""
    said = context.settings
    try:
        known = build_scheme(said.scheme, said.levels, said.mark)
    except CaseError:
        known = Scheme(said.scheme, (said.scheme,), said.mark)
    return replace(known, exercise=is_exercise(context))


def is_exercise(context: CaseContext) -> bool:
    """Whether all that is made of the case bears EXERCISE: the case is one, or the officer's identity is for exercises only."""
    return context.training or context.settings.scheme == EXERCISE


def trust_bureau(context: CaseContext, bureau: str | Card, level: str, because: str) -> None:
    """Trust a bureau (its card or its fingerprint) to vouch for officers, and to clear them up to a level."""
    key = bureau.strip() if isinstance(bureau, str) else bureau.fingerprint
    what = Object("bureau", key)
    check_controller(context, "alteration", what, "trusts")
    if key in list_held_keys(context):
        raise context.ledger.refuse(
            "alteration",
            what,
            Sentence("The bureau was not added. {key} is your own key, and you cannot confirm yourself.", key=key),
        )
    if not key.startswith("SHA256:"):
        raise CaseError(
            Sentence(
                "'{key}' is not the fingerprint of a key. Give the card of the bureau, or the key fingerprint "
                "that the bureau gave you: 'SHA256:…'.",
                key=key,
            )
        )
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            what,
            Sentence(
                "The bureau was not added. Give the reason, for example: `because='fingerprint of its key read "
                "to us by phone, 3 May'`."
            ),
        )
    granted = [handling_marks.check_facet("level", level, get_scheme(context))] if level else []
    terms.add_facets(context.ledger, [("bureau", key)], {"vouches": ["yes"], "clearance": granted}, because)


def distrust_bureau(context: CaseContext, bureau: str | Card, because: str) -> None:
    """Take the trust in a bureau back."""
    key = bureau.strip() if isinstance(bureau, str) else bureau.fingerprint
    check_controller(context, "alteration", Object("bureau", key), "trusts")
    if key not in list_bureaux(context):
        known = tuple(list_bureaux(context)) or Sentence("none", context="refused")
        raise CaseError(
            Sentence(
                "The case does not trust the bureau '{key}'. Bureaux that the case trusts: {bureaux}.",
                key=key,
                bureaux=known,
            )
        )
    terms.add_facets(
        context.ledger, [("bureau", key)], {"vouches": [], "clearance": []}, because or "no longer trusted"
    )


def find_vouched_card(context: CaseContext) -> tuple[Card | None, str]:
    """The card of the officer who works as far as its word counts here, its clearance cut to what may be granted; and why not."""
    who = context.ledger.identity
    if who is None:
        return None, ""
    card, named = who.card, list_bureaux(context)
    if card.issuer in list_held_keys(context):
        return None, f"{NOBODY}: the card of {card.label} was signed by a key of its holder"
    if card.issuer not in named:
        return (
            None,
            f"the case trusts no bureau of the key {card.issuer}; its controller names one: case.access.trust('{card.issuer}', …)",
        )
    found = _trust_status(card)
    if found.state != "valid":
        return None, " ".join(found.said)
    known = get_scheme(context)
    limit = known.rank(named[card.issuer]) if named[card.issuer] else -1
    counts = found.clearance in known.levels and known.rank(found.clearance) <= limit
    why = "" if counts or not card.clearance else f"the bureau may not grant {card.clearance} in this case"
    return replace(card, clearance=found.clearance if counts else ""), why


def _trust_status(card: Card) -> Standing:
    from workbench import identity
    from workbench.identity.trust_status import BAD

    try:
        return identity.load_trust_list().assess_card(card)
    except IdentityError as error:
        return identity.Standing(BAD, (str(error),), ())


def _log_unheeded_card(context: CaseContext) -> None:
    """Log that the card of the officer who works claims a clearance which does not count here, and why."""
    who = context.ledger.identity
    card, why = find_vouched_card(context)
    if who is not None and who.card.clearance and why and not (card and card.clearance):
        what = Object("clearance", who.card.fingerprint)
        context.ledger.refuse("alteration", what, f"the clearance {who.card.clearance!r} does not count: {why}.")
