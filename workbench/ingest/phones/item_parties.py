"""Who takes part in calls and messages of a telephone, out of the parties that an item names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.ingest.chats.participant_names import SYSTEM, Names
from workbench.ingest.chats.service_senders import SYSTEM as SYSTEM_NAMES
from workbench.ingest.phones.phone_record import Item, is_yes
from workbench.ingest.reading.participants import GROUP_HOSTS
from workbench.model.text.normalise import normalise_name


class Parties:
    """Strings of participants; remembers under which account the owner goes in each program."""

    def __init__(self, names: Names, number: str, custodian: str, device: str) -> None:
        self.names = names
        self.own: dict[str, str] = {}
        self.seen: dict[tuple[str, ...], str] = {}
        self.number, self.custodian, self.device = number, custodian, device

    def get_raw_name(self, party: Item, app: str = "") -> str:
        """String of a party, '' of one that names nobody."""
        identifier, name = party.get("Identifier", "Value"), party.get("Name", "Title")
        key = (identifier, name, party.get("IsPhoneOwner"), app)
        if key not in self.seen:
            self.seen[key] = self._build_raw_name(identifier, name, app, owner=is_yes(key[2]))
        return self.seen[key]

    def _build_raw_name(self, identifier: str, name: str, app: str, *, owner: bool) -> str:
        if normalise_name(identifier or name) in SYSTEM_NAMES:
            return SYSTEM
        kind = "group" if identifier.casefold().endswith(GROUP_HOSTS) else ""
        raw = self.names.add(identifier, name, kind=kind, owner=owner)
        if owner and raw and identifier:
            self.own.setdefault(app.casefold(), raw)
        return raw

    def get_owner(self, app: str = "") -> str:
        """String of whoever used the device in a program: the account it shows, the number, or the custodian."""
        known = self.own.get(app.casefold(), "")
        return known or self.names.add(self.number, self.custodian or f"Owner of {self.device}", owner=True)

    def list_raw_names(self, parties: Iterable[Item], app: str) -> Iterator[str]:
        """Strings of parties, each once."""
        yield from dict.fromkeys(filter(None, (self.get_raw_name(party, app) for party in parties)))


def find_role(party: Item) -> str:
    """'from', 'to' or '' of a party."""
    found = party.get("Role").casefold()
    return found if found in ("from", "to") else ""
