"""Two bureaux and their officers, made once; keys are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from workbench import identity
from workbench.identity import Bureau, Card, Officer, TrustList
from workbench.identity.core.timestamps import now


@dataclass(frozen=True)
class World:
    """Ada of Valdora sends to Bo of Nordreich, who trusts Valdora. Eve is in nobody's list."""

    ada: Officer
    bo: Officer
    eve: Officer
    cas: Officer
    trust: TrustList

    @property
    def to(self) -> list[Card]:
        return [self.bo.card]


def officer(name: str, bureau: Officer) -> Officer:
    made = identity.create_temporary(name, bureau=bureau.card.bureau, country=bureau.card.country)
    return made.replace_card(identity.issue(made.card, bureau, until="2099-12-31T23:59:59Z"))


@pytest.fixture(scope="session")
def world() -> World:
    valdora = identity.create_temporary("Valdora", bureau="NCB Valdora", country="QM", role="bureau")
    nordreich = identity.create_temporary("Nordreich", bureau="NCB Nordreich", country="QN", role="bureau")
    trust = TrustList((Bureau.from_card(valdora.card), Bureau.from_card(nordreich.card)), now())
    eve = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
    return World(
        officer("Ada Lind", valdora), officer("Bo Falk", nordreich), eve, officer("Cas Roth", nordreich), trust
    )
