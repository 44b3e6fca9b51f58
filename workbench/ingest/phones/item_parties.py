"""Who takes part in calls and messages of a telephone, out of the parties that an item names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workbench.ingest.chats.participant_names import SYSTEM, Names
from workbench.ingest.chats.service_senders import SYSTEM as SYSTEM_NAMES
from workbench.ingest.phones.phone_record import Item, is_yes
from workbench.ingest.reading.participants import GROUP_HOSTS, is_address
from workbench.model.identifiers import build_telephone_key, find_account_number
from workbench.model.text.normalise import clean_text, normalise_name


class Parties:
    """Strings of participants; remembers under which account the owner goes in each program."""

    def __init__(self, names: Names, numbers: Sequence[str], custodian: str, device: str) -> None:
        self.names = names
        self.own: dict[str, str] = {}
        self.seen: dict[tuple[str, ...], str] = {}
        self.numbers = frozenset(map(_build_number, numbers))
        self.number, self.custodian, self.device = numbers[0] if numbers else "", custodian, device
        self.single: set[str] = set()
        self.several: set[str] = set()
        self.doubtful: frozenset[str] = frozenset()

    def get_raw_name(self, party: Item, app: str = "") -> str:
        """String of a party, '' of one that names nobody."""
        identifier, name = party.get("Identifier", "Value"), party.get("Name", "Title")
        key = (identifier, name, party.get("IsPhoneOwner"), app)
        if key not in self.seen:
            owner = is_yes(key[2]) and clean_text(identifier) not in self.doubtful
            self.seen[key] = self._build_raw_name(identifier, name, app, owner=owner)
        return self.seen[key]

    def _build_raw_name(self, identifier: str, name: str, app: str, *, owner: bool) -> str:
        if normalise_name(identifier or name) in SYSTEM_NAMES:
            return SYSTEM
        kind = "group" if identifier.casefold().endswith(GROUP_HOSTS) else ""
        other = bool(identifier) and is_address(clean_text(name)) and _build_number(name) != _build_number(identifier)
        raw = self.names.add(identifier, name, kind=kind, owner=owner, is_chosen=other)
        if owner and raw and identifier:
            self.own.setdefault(app.casefold(), raw)
        return raw

    def get_owner(self, app: str = "") -> str:
        """String of whoever used the device in a program: the account it shows, the number, or the custodian."""
        known = self.own.get(app.casefold(), "")
        return known or self.names.add(self.number, self.custodian or f"Owner of {self.device}", owner=True)

    def note_owners(self, parties: Iterable[Item]) -> None:
        """Remember which accounts one list of participants marks as the owner's: one, or several of which one is wrong."""
        found = {clean_text(one.get("Identifier", "Value")) for one in parties if is_yes(one.get("IsPhoneOwner"))} - {
            ""
        }
        (self.single if len({_build_number(one) for one in found}) < 2 else self.several).update(found)

    def refuse_doubtful(self) -> None:
        """Take nobody for the owner who is marked so only beside another one, and has no number of the telephone."""
        alone = self.several - self.single
        self.doubtful = frozenset(one for one in alone if _build_number(one) not in self.numbers)
        refused = {raw for raw in self.names.owners if self.names(raw).name in self.doubtful}
        self.names.owners -= refused
        self.own = {app: raw for app, raw in self.own.items() if raw not in refused}

    def is_own(self, raw: str) -> bool:
        """Whether a participant is the owner: marked so, or a number of the telephone."""
        return raw in self.names.owners or _build_number(self.names(raw).name) in self.numbers

    def is_same(self, raw: str, other: str) -> bool:
        """Whether two strings are one participant: they share an identifier or a name, or both are the owner."""
        if self.names(raw).forms & self.names(other).forms or (self.is_own(raw) and self.is_own(other)):
            return True
        return _build_number(self.names(raw).name) == _build_number(self.names(other).name)

    def list_raw_names(self, parties: Iterable[Item], app: str) -> Iterator[str]:
        """Strings of parties, each once."""
        yield from dict.fromkeys(filter(None, (self.get_raw_name(party, app) for party in parties)))


def _build_number(identifier: str) -> str:
    """Number of an identifier in the form that is compared; of an account without one the identifier itself."""
    number = find_account_number(identifier)
    return number or build_telephone_key(identifier).value


def find_role(party: Item) -> str:
    """'from', 'to' or '' of a party."""
    found = party.get("Role").casefold()
    return found if found in ("from", "to") else ""
