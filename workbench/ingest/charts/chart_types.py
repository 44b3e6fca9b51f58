"""What the types of a chart stand for in the vocabulary: looked up in a table that an analyst can read and extend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from workbench.model.text.normalise import normalise_name

TABLE = Path(__file__).parent / "aliases.yml"
HOLDERS = frozenset({"Person", "Company", "Organization", "LegalEntity"})
HELD = frozenset(
    {"TelephoneNumber", "Handset", "Sim", "BankAccount", "CryptoWallet", "Vehicle", "Vessel", "UserAccount"}
)
ASSETS = HELD | {"Company", "Airplane", "Organization"}
CALLERS = HOLDERS | {"TelephoneNumber"}
PAYERS = HOLDERS | {"BankAccount", "CryptoWallet"}
BODIES = frozenset({"Company", "Organization", "LegalEntity"})
PERSON = frozenset({"Person"})

ENDS: dict[str, tuple[frozenset[str], frozenset[str], str, str]] = {
    "Call": (CALLERS, CALLERS, "caller", "receiver"),
    "Payment": (PAYERS, PAYERS, "payer", "beneficiary"),
    "Ownership": (HOLDERS, ASSETS, "owner", "asset"),
    "Directorship": (HOLDERS, BODIES, "director", "organization"),
    "Employment": (PERSON, BODIES, "employee", "employer"),
    "Membership": (HOLDERS, BODIES, "member", "organization"),
    "Family": (PERSON, PERSON, "person", "relative"),
    "Associate": (PERSON, PERSON, "person", "associate"),
    "Attribution": (HOLDERS, HELD, "holder", "held"),
}
"""What may stand at the two ends of a link, and the properties that point there."""


@lru_cache(maxsize=1)
def load_type_table() -> Mapping[str, Mapping[str, str]]:
    """From a part of the table ('entities', 'links', 'attributes') and a word to what it stands for."""
    import yaml

    data = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    whole = {"whole": {normalise_type(word): word for word in data.pop("whole")}}
    return whole | {
        part: {normalise_type(word): name for name, words in known.items() for word in words}
        for part, known in data.items()
    }


def normalise_type(text: str) -> str:
    """A type in the form in which it is compared."""
    return " ".join(normalise_name(text.replace("-", " ").replace("/", " ").replace("'", " ")).split())


@lru_cache(maxsize=10_000)
def find_meaning(part: str, text: str) -> str:
    """What a type stands for, '' if the table does not say: as it is written, else by the first of its words that is known."""
    known, name = load_type_table()[part], normalise_type(text)[:100]
    if name in known:
        return known[name]
    if part == "attributes":
        return ""
    padded = f" {name} "
    whole = load_type_table()["whole"]
    return next((meant for word, meant in known.items() if word not in whole and f" {word} " in padded), "")


def find_edge(meant: str, left: str, right: str, arrow: str) -> tuple[str, bool]:
    """Schema of a link between entities of two schemata, and whether the right one is its source.

    The direction is that of the arrow; without one, that in which the ends fit. What does not fit is an UnknownLink: a chart
    says 'owner' between two telephones too.
    """
    backwards = arrow == "ArrowOnTail"
    if meant not in ENDS:
        return "UnknownLink", backwards
    sources, targets, _, _ = ENDS[meant]
    fits, fits_back = left in sources and right in targets, right in sources and left in targets
    wanted, other = (fits_back, fits) if backwards else (fits, fits_back)
    if wanted:
        return meant, backwards
    pointed = arrow in ("ArrowOnHead", "ArrowOnTail")
    return (meant, not backwards) if other and not pointed else ("UnknownLink", backwards)


def get_end_properties(schema: str) -> tuple[str, str]:
    """Properties of a link that point to its source and its target."""
    return ENDS[schema][2:] if schema in ENDS else ("subject", "object")
