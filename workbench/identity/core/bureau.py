"""A bureau that is trusted to vouch for its officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from workbench.errors import IdentityError
from workbench.identity.core import field_checks
from workbench.identity.core.card import BUREAU, Card, check_card
from workbench.identity.core.display import escape_invisible
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import SCHEMES

MOST = 100
"""Clearances that a bureau of a list may grant at most."""


def list_levels_to(level: str) -> tuple[str, ...]:
    """A level and those below it, of the scheme of marks that has it; a level that no scheme has stands alone.

    A service's own levels are granted one by one.
    """
    for levels in SCHEMES.values():
        known = [one.casefold() for one in levels]
        if level.casefold() in known:
            return levels[: known.index(level.casefold()) + 1]
    return (level,)


@dataclass(frozen=True, slots=True)
class Bureau:
    """An entry of a trust list.

    Attributes
    ----------
    name, country : str
        As on the cards that it issues; it vouches for no other bureau's.
    key : str
        Base64 of its raw Ed25519 key, or of kind 'x509' of its certificate in DER.
    kind : str
        'key' or 'x509'.
    grants : tuple of str
        Every clearance that it may grant, not only the highest; () none.
    valid_from, valid_until : str
        UTC; '' open. Outside it vouches for nobody.
    exercise : bool
        Whether it vouches in exercises only.
    """

    name: str
    country: str
    key: str
    kind: str = "key"
    grants: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""
    exercise: bool = True

    @property
    def card(self) -> Card:
        """The bureau as one who signs; the card itself carries no signature."""
        return Card(self.name, self.name, self.country, BUREAU, key=self.key, kind=self.kind, exercise=self.exercise)

    @property
    def fingerprint(self) -> str:
        """Of its key, as on a card."""
        return self.card.fingerprint

    def is_valid_at(self, at: str) -> bool:
        """Whether that moment is within its time."""
        return (not self.valid_from or self.valid_from <= at) and (not self.valid_until or at <= self.valid_until)

    def may_grant(self, clearance: str) -> bool:
        """Whether the list lets it grant this clearance."""
        return clearance.casefold() in {level.casefold() for level in self.grants}

    @staticmethod
    def from_card(card: Card, *, grants: Sequence[str] = (), valid_until: str = "") -> Bureau:
        """A bureau out of its own card, as it is taken into a list.

        Raises
        ------
        IdentityError
            If the card is not a bureau's, or not signed by the bureau itself.
        """
        field_checks.require(
            card.role == BUREAU,
            "{who} is not a bureau: the role on the card is '{role}'. Use the card of a bureau.",
            who=card.label,
            role=escape_invisible(card.role),
        )
        field_checks.require(
            card.self_signed,
            "The card of {who} is not signed with the bureau's own key. Ask the bureau for its own card.",
            who=card.label,
        )
        end = min(filter(None, (card.valid_until, valid_until)), default="")
        return Bureau(
            card.bureau, card.country, card.key, card.kind, tuple(grants), card.valid_from, end, card.exercise
        )

    @staticmethod
    def from_fields(fields: object) -> Bureau:
        """A bureau out of decoded JSON of a stranger.

        Raises
        ------
        IdentityError
            If a field is missing, unknown or of a wrong form.
        """
        what = "bureau"
        if not isinstance(fields, dict):
            raise IdentityError(
                Sentence(
                    "{what} does not have the right form. Ask the signer for the list again.",
                    what=field_checks.describe_file_type(what),
                )
            )
        field_checks.names(fields, Bureau.__dataclass_fields__, what)
        kept = {
            name: field_checks.get_text(fields, name, what)
            for name in Bureau.__dataclass_fields__
            if name not in {"grants", "exercise"}
        }
        grants = field_checks.get_texts(fields, "grants", what, most=MOST)
        made = Bureau(**kept, grants=grants, exercise=field_checks.get_bool(fields, "exercise", what))
        if made.kind not in {"key", "x509"}:
            raise IdentityError(
                Sentence(
                    "{what} has the type '{kind}'. The type must be `key` or `x509`. Ask the signer for a correct "
                    "list.",
                    what=field_checks.describe_file_type(what),
                    kind=escape_invisible(made.kind),
                )
            )
        check_card(made.card)
        field_checks.check_period(made.valid_from, made.valid_until)
        return made

    def to_fields(self) -> dict[str, object]:
        """What is written."""
        return {**asdict(self), "grants": list(self.grants)}
