"""Who writes, and about whom: bureaux of countries that do not exist, and people who do not live there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from greyheron import identifiers

from bureaux.message_sources import arabic
from workbench.messages.model.message import Item, Person

if TYPE_CHECKING:
    from greyheron.random_choices import Dice

LANGUAGE = {
    "XA": "en", "XB": "fr", "XC": "es", "XD": "ar", "XE": "en", "XF": "fr",
    "XG": "es", "XH": "ar", "QM": "en", "QN": "fr", "QO": "es", "QP": "ar",
}  # fmt: skip
"""Country -> the language of its bureau. The codes are those that ISO 3166 leaves to users."""
CLOSED = ("XR", "QZ")
"""Countries that sources have closed their reports to."""
WITHDRAWN = ("+447700900871", "+447700900872", "+447700900873")
"""Numbers that only a file states which its bureau has withdrawn."""
SURNAMES = (
    "Oliveira", "Wieczorek", "Haddou", "Halvorsen", "Brandt", "Pritchard", "Mensah", "Novak", "Menon", "Calloway", "Okafor", "Ferrand",
    "Benali", "Sandoval", "Quintero", "Lindqvist", "Tavernier", "Mbeki", "Castellan", "Dragomir", "Fitzgibbon", "Garrido", "Hosseini",
    "Ivarsen", "Jelinek", "Kowalczyk", "Larbaoui", "Montclair", "Nakamura", "Ostrowski", "Pelletier", "Rasheed", "Szymanski", "Thornbury",
    "Urquiza", "Vandermeer", "Westergaard", "Yilmazer", "Zubiri", "Abernathy", "Belkacem", "Cifuentes", "Delacourt", "Echeverri",
)  # fmt: skip
FORENAMES = {
    "F": ("Marta", "Katarzyna", "Joana", "Nadia", "Efua", "Petra", "Ruth", "Lucia", "Salma", "Ingrid", "Camille", "Beatriz", "Leila"),
    "M": ("Tomasz", "Idris", "Rurik", "Owen", "Ravi", "Samuel", "Henrik", "Karim", "Mateo", "Julien", "Viktor", "Adil", "Piet", "Jonas"),
}  # fmt: skip
LINKS = ("phone", "account", "vehicle", "handset")


def treaties() -> list[list[str]]:
    """Pairs of countries between which there is a treaty on mutual assistance: all that send."""
    return [[one, other] for one in LANGUAGE for other in LANGUAGE if one < other]


def bureau(country: str) -> str:
    """The code of a country's bureau."""
    return f"{country}-NCB"


def make_birth_date(dice: Dice, today: date, *, minor: bool = False) -> str:
    """A date of birth, of somebody from 20 to 64 years of age or, if `minor`, from 8 to 16."""
    years = dice.random_between(8, 16) if minor else dice.random_between(20, 64)
    return (today - timedelta(days=int(years * 365.25) + dice.random_between(5, 300))).isoformat()


def person(dice: Dice, country: str, today: date, *, status: str = "suspect", minor: bool = False) -> Person:
    """Somebody with name, sex, date of birth, status and grade."""
    sex = dice.pick("FM")
    surname, forename = dice.pick(SURNAMES), dice.pick(FORENAMES[sex])
    return Person(
        family_name=surname.upper(),
        forename=forename,
        name_in_original_script=f"{arabic(forename)} {arabic(surname)}" if LANGUAGE[country] == "ar" else "",
        sex=sex,
        date_of_birth=make_birth_date(dice, today, minor=minor),
        nationalities=(country,),
        status=status,
        scale="4x4",
        source_grade=dice.pick("ABX"),
        information_grade=str(dice.random_between(1, 4)),
    )


def number(dice: Dice, kind: str) -> str:
    """A number that belongs to nobody: telephone, account, plate of a vehicle or IMEI."""
    if kind == "phone":
        return "+" + identifiers.phone(dice, dice.pick(("uk", "fr", "ie", "us")), set())
    return {"account": identifiers.iban, "vehicle": identifiers.plate, "handset": identifiers.imei}[kind](dice)


def item(dice: Dice, kind: str, value: str, country: str) -> Item:
    """An object of the list that the number identifies."""
    grade = str(dice.random_between(1, 3))
    return Item(
        kind=kind, number=value, country=country, status="used", scale="4x4", source_grade="B", information_grade=grade
    )
