"""The vocabulary: FollowTheMoney's schemata and the few that policing needs beside them.

`RELATIONS` says which schemata are drawn as links and between which of their properties. FollowTheMoney itself takes a
second to import, so it is loaded only when a name is checked or a value cleaned (`model`, `check`, `clean_value`).

References
----------
FollowTheMoney 4.11; POLE (person, object, location, event) as used by police services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import SchemaError
from workbench.model.catalogue import Sentence, Translator

if TYPE_CHECKING:
    from followthemoney.model import Model

SCHEMATA = Path(__file__).parent / "schemata"


@dataclass(frozen=True, slots=True)
class Relation:
    """How a schema is drawn as a link: from the entity in `source` to the entity in `target`."""

    source: str
    target: str
    label: str
    directed: bool = True


RELATIONS: dict[str, Relation] = {
    "Message": Relation("senderAccount", "recipientAccount", "contacted"),
    "Email": Relation("emitters", "recipients", "contacted"),
    "Call": Relation("caller", "receiver", "called"),
    "Attribution": Relation("holder", "held", "uses"),
    "Payment": Relation("payer", "beneficiary", "paid"),
    "Ownership": Relation("owner", "asset", "owns"),
    "Directorship": Relation("director", "organization", "directs"),
    "Membership": Relation("member", "organization", "belongs to"),
    "Employment": Relation("employee", "employer", "works for"),
    "Representation": Relation("agent", "client", "represents"),
    "Family": Relation("person", "relative", "related to", directed=False),
    "Associate": Relation("person", "associate", "associated with", directed=False),
    "UnknownLink": Relation("subject", "object", "linked to", directed=False),
}

VALUE_LINKS: dict[str, str] = {"owner": "owns", "holder": "holds", "involved": "involved in", "organizer": "organised"}
"""Properties of an entity that point to the entity on the other side: the link runs from the value to the entity."""

HAPPENINGS = frozenset({"Call", "Payment", "EconomicActivity", "Event", "Trip"})
"""Schemata of what happens between several: it is still something without one of them."""
PACKAGE = "Package"
"""Schema of the document of an archive: it has nothing of its own but the files in it, and a comment."""
REMARKS = frozenset({"Note"})
"""Schemata of things that are nothing without what they are about."""

POLE: dict[str, str] = {
    "Person": "person", "LegalEntity": "person", "Organization": "person", "Company": "person", "PublicBody": "person",
    "Address": "location", "Event": "event", "Call": "event", "Message": "event", "Email": "event", "Trip": "event",
}  # fmt: skip
"""Person, location or event; every other schema is an object."""


def translate_schema(schema: str, language: str = "en") -> str:
    """Name of a schema as an analyst reads it."""
    return Translator(language).term("schema", schema)


@lru_cache(maxsize=1)
def load_vocabulary() -> Model:
    """FollowTheMoney's model with our schemata added (one second, once)."""
    from followthemoney import model as ftm

    for path in sorted(SCHEMATA.glob("*.yaml")):
        ftm._load(str(path))  # noqa: SLF001 - no public door; followthemoney is pinned and a test holds this
    ftm.schemata["Person"]._extends.append("Protected")  # noqa: SLF001 - the same
    ftm.generate()
    return ftm


def check_schema(schema: str, prop: str = "") -> None:
    """Raise unless the vocabulary knows the schema and, where given, its property.

    Raises
    ------
    SchemaError
        With the nearest known name.
    """
    known = load_vocabulary().get(schema)
    if known is None:
        advice = _suggest_names(schema, list(load_vocabulary().schemata))
        raise SchemaError(Sentence("'{schema}' is not a type of entity. {advice}", schema=schema, advice=advice))
    if prop and prop not in known.properties:
        advice = _suggest_names(prop, list(known.properties))
        raise SchemaError(
            Sentence("{schema} has no property '{prop}'. {advice}", schema=schema, prop=prop, advice=advice)
        )


def check_optional(schema: str) -> None:
    """Raise, as `check`, unless the vocabulary knows the schema, or none is given."""
    if schema:
        check_schema(schema)


@lru_cache(maxsize=1)
def list_party_properties() -> Mapping[str, frozenset[str]]:
    """Schema of what is about others (a link, a passport, a sanction, a payment) -> its properties that name these."""
    known = load_vocabulary().schemata
    common = {name for base in ("Thing", "Interval") for name in known[base].properties}
    told = {
        name: frozenset(
            prop.name
            for prop in schema.properties.values()
            if prop.type.name == "entity" and not prop.stub and prop.name not in common
        )
        for name, schema in known.items()
        if not schema.is_a("Thing") or name in HAPPENINGS | REMARKS
    }
    return {name: props for name, props in told.items() if props}


@lru_cache(maxsize=1)
def list_owner_properties(things: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Schemata that are among some, or kinds of them, each with a property that names whose the thing is."""
    kinds = [schema for schema in load_vocabulary().schemata.values() if any(schema.is_a(name) for name in things)]
    return tuple(
        (schema.name, prop.name)
        for schema in sorted(kinds, key=lambda one: one.name)
        for prop in schema.properties.values()
        if prop.type.name == "entity" and not prop.stub and prop.range and prop.range.name in ("LegalEntity", "Person")
    )


def may_be_one(one: str, other: str) -> bool:
    """Whether things of two schemata can be one and the same: an account, a number or a vehicle is never a person.

    Persons and organisations can: a program may have taken one for the other.
    """
    a, b = (load_vocabulary().get(name) for name in (one, other))
    if a is None or b is None or one == other:
        return True
    return a.is_a(b) or b.is_a(a) or a.can_match(b) or (a.is_a("LegalEntity") and b.is_a("LegalEntity"))


def clean_value(schema: str, prop: str, value: str) -> str:
    """Value in FollowTheMoney's form for the property, or the value itself where its cleaner would refuse it."""
    check_schema(schema, prop)
    return load_vocabulary().schemata[schema].properties[prop].type.clean(value) or value


def normalise_value(schema: str, prop: str, value: str) -> str:
    """What a person states, in FollowTheMoney's form; unlike what a source says, a date must be one.

    Raises
    ------
    SchemaError
        If it is none, or can be read in two ways.
    """
    check_schema(schema, prop)
    kind = load_vocabulary().schemata[schema].properties[prop].type
    if kind.name == "date" and not kind.clean(value):
        raise SchemaError(
            Sentence(
                "`{prop}`: '{value}' is not a date. Write it in the form 1984-03-01, 1984-03 or 1984.",
                prop=prop,
                value=value,
            )
        )
    return clean_value(schema, prop, value)


def is_edge(schema: str) -> bool:
    """Whether entities of the schema are drawn as links instead of as nodes."""
    return schema in RELATIONS


def _suggest_names(name: str, known: list[str]) -> Sentence:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    return (
        Sentence("Did you mean {names}?", names=", ".join(near))
        if near
        else Sentence(
            "The valid names are in the FollowTheMoney documentation. The types that this program adds are "
            "in `workbench/model/schemata`."
        )
    )


CAPTIONS: dict[str, tuple[str, ...]] = {
    "UserAccount": ("username", "email", "name", "phone"),
    "TelephoneNumber": ("number", "name"),
    "Handset": ("name", "imei"),
    "Sim": ("imsi", "iccid", "name"),
    "BankAccount": ("iban", "accountNumber", "name"),
    "CryptoWallet": ("publicKey", "name"),
    "Vehicle": ("registrationNumber", "name", "vin"),
    "Address": ("full", "name", "city"),
    "Passport": ("number", "passportNumber", "name"),
    "Identification": ("number", "name"),
    "Payment": ("purpose", "amount"),
    "Message": ("subject", "threadTopic"),
    "Email": ("subject",),
}
"""Properties that can name an entity of the schema, the best first; ('name', 'alias', 'weakAlias') elsewhere."""

NAMES = ("name", "alias", "weakAlias", "previousName", "abbreviation")
"""Properties whose values are names of a person or organisation."""

SPECIAL = ("ethnicity", "religion", "political", "tradeUnion", "health", "sexLife", "biometrics", "genetics")
"""Properties that state what article 10 of Directive (EU) 2016/680 protects."""
FLAG = "Flag"
"""Schema of what a program takes for a mention of a special category or a child in a text."""

IDENTIFYING: frozenset[str] = frozenset(
    {"phone", "email", "idNumber", "passportNumber", "taxNumber", "registrationNumber", "iban", "imei", "imsi", "number",
     "publicKey", "accountNumber", "vin", "innCode", "vatCode", "socialSecurityNumber"}
)  # fmt: skip
"""Properties of which one value belongs to one thing, so that two entities with the same value may be the same."""

SORTING = frozenset("bic coatoCode cpvCode fipsCode nutsCode okvedCode programId territoryCode vedCode zipCode".split())
"""Codes that many things have: of what kind a thing is, where it is, of which bank."""
OWN = frozenset(
    {"documentNumber", "fssCode", "icijId", "password", "privateKey", "website", "wikipediaUrl", "opencorporatesUrl"}
)
"""What the vocabulary takes for a text or an address on the web, and one thing alone has."""
BELONGING = frozenset({"identifier", "phone", "email", "ip"})
"""Types of the vocabulary whose values one thing has."""


@lru_cache(maxsize=1)
def list_property_types() -> Mapping[str, str]:
    """Property -> the name of its type in the vocabulary."""
    schemata = sorted(load_vocabulary().schemata.values(), key=lambda one: one.name)
    return {name: prop.type.name for one in schemata for name, prop in one.properties.items()}


@lru_cache(maxsize=1)
def list_identifiers() -> frozenset[str]:
    """Properties whose values are numbers, codes and addresses of one thing: by their type, whatever the vocabulary calls them."""
    return (
        frozenset(name for name, kind in list_property_types().items() if kind in BELONGING) - SORTING
        | OWN
        | IDENTIFYING
    )


KIN: tuple[frozenset[str], ...] = (
    frozenset({"Person", "LegalEntity"}),
    frozenset({"Organization", "Company", "PublicBody", "LegalEntity"}),
)  # fmt: skip
"""Schemata whose entities can be the same thing although the schemata differ."""


def is_comparable(left: str, right: str) -> bool:
    """Whether entities of the two schemata can be the same thing."""
    return left == right or any(left in kin and right in kin for kin in KIN)
