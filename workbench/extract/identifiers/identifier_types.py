"""Kinds of identifiers: as what each is claimed, how it is keyed, and how sure its reading is.

The confidence is fixed by how a kind is recognised and says how often such a reading is a right *reading*. It is no
probability that the thing exists, that it is in use, or that what the text says of it is true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from workbench.model import identifiers
from workbench.model.identifiers import Key
from workbench.model.ids import build_entity_id

CHECKED = 0.99
"""A check digit or a checksum holds."""
FORMED = 0.9
"""The form leaves little else it could be."""
TOLD = 0.8
"""The form is common, and words nearby say what it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of identifier.

    Attributes
    ----------
    schema, prop : str
        FollowTheMoney schema and property of the claim.
    key : callable
        Value -> key of the entity.
    confidence : float
        in [0, 1].
    """

    schema: str
    prop: str
    key: Callable[[str], Key]
    confidence: float


@dataclass(frozen=True, slots=True)
class IdentifierMatch:
    """A place that is, or looks like, an identifier.

    `value` is what identifies it; `wrong` says why it is none after all ('' if it is one); `note` what an analyst should
    know of a right one.
    """

    kind: str
    start: int
    end: int
    value: str
    wrong: str = ""
    note: str = ""


def create_key_builder(kind: str) -> Callable[[str], Key]:
    """Key of what is marked in a text without being a thing of the case: a date, an amount, an address of the network."""
    return lambda value: Key(build_entity_id("Mention", kind, value), value)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "url": Kind("Mention", "name", create_key_builder("url"), FORMED),
        "email": Kind("UserAccount", "email", identifiers.build_email_account_key, FORMED),
        "iban": Kind("BankAccount", "iban", identifiers.build_bank_account_key, CHECKED),
        "wallet": Kind("CryptoWallet", "publicKey", identifiers.build_wallet_key, CHECKED),
        "imei": Kind("Handset", "imei", identifiers.build_handset_key, CHECKED),
        "imsi": Kind("Sim", "imsi", identifiers.build_sim_key, TOLD),
        "iccid": Kind("Sim", "iccid", identifiers.build_sim_card_key, CHECKED),
        "vin": Kind("Vehicle", "name", identifiers.build_chassis_key, TOLD),
        "passport": Kind("Passport", "number", identifiers.build_passport_key, TOLD),
        "identity": Kind(
            "Identification", "number", partial(identifiers.build_identity_document_key, "identity"), TOLD
        ),
        "licence": Kind("Identification", "number", partial(identifiers.build_identity_document_key, "licence"), TOLD),
        "account": Kind("BankAccount", "accountNumber", identifiers.build_bank_account_key, TOLD),
        "plate": Kind("Vehicle", "registrationNumber", identifiers.build_vehicle_key, TOLD),
        "bic": Kind("Mention", "name", create_key_builder("bic"), FORMED),
        "coordinates": Kind("Mention", "name", create_key_builder("coordinates"), FORMED),
        "ip": Kind("Mention", "name", create_key_builder("ip"), FORMED),
        "date": Kind("Mention", "name", create_key_builder("date"), FORMED),
        "amount": Kind("Mention", "name", create_key_builder("amount"), FORMED),
        "card": Kind("Mention", "name", create_key_builder("card"), CHECKED),
        "telephone": Kind("TelephoneNumber", "number", identifiers.build_telephone_key, FORMED),
    }
)
"""All kinds; where two of equal length overlap the earlier one wins."""
