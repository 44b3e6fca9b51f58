"""Participants of chats: who a string like '31647996139@s.whatsapp.net (Rosie)' names, and what is claimed of them.

The account and the person are apart: an account is what the device shows, a person is who is said to use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from workbench.ingest.reading.source import Evidence
from workbench.model.identifiers import (
    build_account_key,
    build_named_account_key,
    build_person_key,
    build_telephone_key,
    find_account_number,
    is_telephone,
)
from workbench.model.rows import Claim
from workbench.model.text.normalise import clean_text, normalise_name

UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
USER_NAME = re.compile(r"@?(?=[^\s]{0,63}[0-9_])[A-Za-z0-9_.\-]{3,64}")
GROUP_HOSTS = ("@g.us", "@broadcast", "@newsletter")
LONGEST_LABEL = 300


@dataclass(frozen=True, slots=True)
class Participant:
    """A participant as written: 'X (Y)'.

    Attributes
    ----------
    raw : str
        As in the source.
    name : str
        X without direction marks: an identifier, or the label of the export.
    label : str
        Y, the label stored on that phone; '' if there is none or it says the same as X.
    kind : str
        What X is: 'group', 'identifier' or 'name'.
    key : str
        X normalised; `names`: X and Y normalised, as far as anything is left of them.
    mark : str
        What tells X from the same name of somebody else in the file; ''.
    is_chosen : bool
        Whether its bearer chose the name (Y, or X where nothing else is known): no number and no account follows from it.
    """

    raw: str
    name: str
    label: str
    kind: str
    key: str
    names: frozenset[str]
    mark: str = ""
    is_chosen: bool = False

    @property
    def is_short(self) -> bool:
        """Whether X is a name of a single word: it may mean several people."""
        return self.kind == "name" and " " not in self.key and not self.is_posing

    @property
    def is_posing(self) -> bool:
        """Whether a name that its bearer chose looks like a number or an address: it is no name of a person either."""
        return self.is_chosen and is_address(self.label or self.name.removeprefix(self.mark))

    @property
    def identity(self) -> str:
        """Form of X."""
        return self.mark + (
            build_account_key(self.name).value if self.kind != "name" else build_comparison_key(self.name)
        )

    @property
    def forms(self) -> frozenset[str]:
        """Forms of X and Y; two participants that share one are not told apart."""
        return frozenset({self.identity, "" if self.is_posing else build_comparison_key(self.label)} - {""})


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a name means one person: the file for full names and custodians, the device for single words."""

    source: str
    device: str
    custodians: frozenset[str]

    def build_key(self, who: Participant) -> tuple[str, ...]:
        """Scope in which the participant's name is one account and one person."""
        wide = not who.is_short or who.key in self.custodians
        own = (who.mark,) if who.mark else ()
        return (self.source, *own) if wide else (self.source, self.device, *own)

    def compute_account_id(self, who: Participant, service: str = "") -> str:
        """Id of the participant's account; that of a service sender is one in the whole file."""
        if who.kind != "name":
            return build_account_key(who.name).entity_id
        return build_named_account_key(who.name, *((self.source,) if service else self.build_key(who))).entity_id


@lru_cache(maxsize=50_000)
def parse_participant(raw: str) -> Participant:
    """Participant of one string 'X' or 'X (Y)'; Y may itself hold brackets."""
    text = clean_text(raw)
    name, bracket, label = text.partition(" (")
    if not (bracket and label.endswith(")")):
        name, label = text, ""
    name, label = name[:LONGEST_LABEL], label[:-1].strip()[:LONGEST_LABEL]
    label = "" if build_comparison_key(label) == build_comparison_key(name) else label
    key, names = normalise_name(name), frozenset({normalise_name(name), normalise_name(label)} - {""})
    return Participant(raw, name, label, find_name_kind(name), key, names)


def has_other_number(who: Participant) -> bool:
    """Whether the label of an identifier that has a number is another number: a stranger may have chosen it."""
    number, label = find_account_number(who.name), who.label
    return bool(number and is_telephone(label) and number != build_telephone_key(label).value)


def split_participants(raw: str) -> list[str]:
    """Participants of a list 'A (B), C': split at ', ' outside brackets; brackets that do not close count as text."""
    if raw.count("(") != raw.count(")"):
        return [part for part in raw.split(", ") if part.strip()]
    parts, depth = [""], 0
    for piece in raw.split(", "):
        parts[-1] += (", " if depth else "") + piece
        depth += piece.count("(") - piece.count(")")
        if not depth:
            parts.append("")
    return [part for part in parts if part.strip()]


def is_identifier(text: str) -> bool:
    """Whether a text has the form of an identifier instead of a name: number, messenger id, uuid, user name."""
    return is_address(text) or USER_NAME.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether a text has the form of a number or an address that is somebody's anywhere; a user name is none.

    >>> is_address("+31 6 12345678"), is_address("31612345678@s.whatsapp.net"), is_address("rosa_99")
    (True, True, False)
    """
    return (
        "@" in text[1:]
        or text.startswith("@")
        or text.isdigit()
        or is_telephone(text)
        or UUID.fullmatch(text) is not None
    )


def list_claims(
    evidence: Evidence, who: Participant, scope: Scope, *, custodian: str = "", app: str = "", service: str = ""
) -> Iterator[Claim]:
    """What one appearance of a participant on one device says of accounts, numbers and persons.

    Parameters
    ----------
    custodian : str
        Custodian of the device, normalised.
    app : str
        The messenger, as the conversation names it.
    service : str
        Why the account counts as a service; no person is made of one.
    """
    held = scope.compute_account_id(who, service)
    group = "group" if who.kind == "group" else ""
    note = f"service: {service}" if service else group
    yield from evidence.claim_entity("UserAccount", held, {"username": who.name, "service": app, "description": note})
    if who.kind == "identifier":
        yield from _claim_own_number(evidence, who, held)
    if who.kind == "name" and not service and (not who.is_posing or who.key == custodian):
        holder = build_person_key(who.name, *scope.build_key(who)).entity_id
        basis = "custodian" if who.key == custodian else "label of the export"
        yield evidence.build_claim("Person", holder, "name", who.name, who.raw if who.raw != who.name else "")
        yield from evidence.claim_attribution(holder, held, basis)
    book = f"address book of device {scope.device}" if scope.device else "name in the export"
    yield from _claim_label(evidence, who, held, book if not (service or group) else "")


def _claim_own_number(evidence: Evidence, who: Participant, held: str) -> Iterator[Claim]:
    """Number that the identifier is made of."""
    number = find_account_number(who.name)
    if number:
        yield evidence.build_claim("UserAccount", held, "phone", number, who.name)
        key = build_telephone_key(number)
        yield evidence.build_claim("TelephoneNumber", key.entity_id, "number", key.value, who.name)
        yield from evidence.claim_attribution(held, key.entity_id, "account identifier")


def _claim_label(evidence: Evidence, who: Participant, held: str, book: str) -> Iterator[Claim]:
    """What the label stored on the phone says: a number, another user name, or the name of the holder."""
    if not who.label:
        return
    if who.is_posing:
        yield evidence.build_claim("UserAccount", held, "alias", who.label)
    elif is_telephone(who.label):
        key = build_telephone_key(who.label)
        yield evidence.build_claim("TelephoneNumber", key.entity_id, "number", key.value, who.label)
        yield from evidence.claim_attribution(held, key.entity_id, "contact number")
    elif is_identifier(who.label) or not book:
        yield evidence.build_claim("UserAccount", held, "alias", who.label)
    else:
        holder = build_person_key(who.label, held).entity_id
        yield evidence.build_claim("Person", holder, "name", who.label)
        yield from evidence.claim_attribution(holder, held, "contact name", description=book)


def find_name_kind(name: str) -> str:
    """What a string is by its form: 'group', 'identifier' or 'name'."""
    if name.casefold().endswith(GROUP_HOSTS):
        return "group"
    return "identifier" if is_identifier(name) else "name"


def build_comparison_key(text: str) -> str:
    """Form in which two strings for one participant are compared: letters and digits only."""
    return normalise_name(text).replace(" ", "") or clean_text(text)
