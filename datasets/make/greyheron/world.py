"""The cast of the case and every number that belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import yaml

from greyheron import identifiers as ids
from greyheron.random_choices import Dice

STORY = Path(__file__).resolve().parent.parent / "story"
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)+)\}")


@dataclass(frozen=True)
class Person:
    """A fictional person, as the register of persons would know them."""

    key: str
    surname: str
    forenames: str
    born: str
    country: str
    place: str
    work: str

    @property
    def name(self) -> str:
        """Forenames and surname."""
        return f"{self.forenames} {self.surname}"


@dataclass
class World:
    """All persons and identifiers of one variant of the case.

    Attributes
    ----------
    seed : int
        Seed of the variant.
    people : dict of str to Person
        The cast.
    values : dict of str to str
        What a placeholder such as ``{tel.marta}`` stands for.
    """

    seed: int
    people: dict[str, Person] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Return the text with its placeholders filled; an unknown one raises ``KeyError``."""
        return PLACEHOLDER.sub(lambda match: self.values[match.group(1)], text)

    def dice(self, stream: str) -> Dice:
        """Return a stream of random choices of its own."""
        return Dice(self.seed, stream)

    @cached_property
    def used_numbers(self) -> set[str]:
        """The telephone numbers (digits) that already belong to somebody."""
        return {value for key, value in self.values.items() if key.startswith("dig.")}


@cache
def read_story(name: str) -> dict[str, object]:
    """Return one hand-written YAML file of the story; it is read once, so change nothing in it."""
    loaded = yaml.safe_load((STORY / name).read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise TypeError(f"story/{name} must hold a mapping")
    return loaded


def texts(value: object) -> dict[str, str]:
    """Return a mapping with every key and value as text."""
    if not isinstance(value, dict):
        raise TypeError(f"expected a mapping, got {type(value).__name__}")
    return {str(k): str(v) for k, v in value.items()}


def make_world(seed: int) -> World:
    """Return the cast with numbers drawn from ``seed``."""
    cast = read_story("cast.yml")
    world = World(seed)
    for key, row in texts(cast["people"]).items():
        fields = [part.strip() for part in row.split("|")]
        world.people[key] = Person(key, *fields)
        world.values[f"name.{key}"] = world.people[key].name
    _phones(world, texts(cast["phones"]))
    _handsets(world, str(cast["handsets"]).split(), str(cast["sims"]).split())
    _accounts(world, str(cast["accounts"]).split())
    _vehicles_and_papers(world, cast)
    _cargo(world)
    return world


def _phones(world: World, wanted: dict[str, str]) -> None:
    dice, taken = world.dice("phones"), set[str]()
    for key, kind in wanted.items():
        digits = ids.phone(dice, kind, taken)
        world.values[f"dig.{key}"] = digits
        world.values[f"tel.{key}"] = ids.spaced_phone(digits)
        world.values[f"telc.{key}"] = f"+{digits}"
        world.values[f"jid.{key}"] = f"{digits}@s.whatsapp.net"


def _handsets(world: World, handsets: list[str], sims: list[str]) -> None:
    dice = world.dice("handsets")
    for key in handsets:
        world.values[f"imei.{key}"] = ids.imei(dice)
    for key in sims:
        world.values[f"imsi.{key}"] = ids.imsi(dice)
    for number in ("01", "02", "03"):
        world.values[f"uuid.{number}"] = dice.uuid()


def _accounts(world: World, keys: list[str]) -> None:
    dice = world.dice("accounts")
    for key in keys:
        number = ids.iban(dice)
        world.values[f"iban.{key}"] = ids.group_characters(number)
        world.values[f"ibanc.{key}"] = number
        world.values[f"ibanbad.{key}"] = ids.group_characters(ids.spoiled_iban(number))


def _vehicles_and_papers(world: World, cast: dict[str, object]) -> None:
    dice = world.dice("papers")
    for key in str(cast["plates"]).split():
        world.values[f"plate.{key}"] = ids.plate(dice)
    for key in str(cast["passports"]).split():
        world.values[f"pass.{key}"] = ids.passport(dice, world.people[key].country)
    world.values["card.novak"] = f"EQ-{dice.digits(5)}"
    world.values["card.tomasz"] = f"EQ-{dice.digits(5)}"
    world.values["licence.idris"] = f"D{dice.digits(8)}"


def _cargo(world: World) -> None:
    dice = world.dice("cargo")
    for key in ("1", "2"):
        number = ids.container_number(dice)
        world.values[f"box.{key}"] = ids.spaced_container(number)
        world.values[f"boxc.{key}"] = number
        stem, low = dice.digits(4), dice.random_between(0, 7)
        high = dice.random_between(low + 1, 9)
        world.values[f"seal.old{key}"] = f"VD-{stem}{low}{high}"
        world.values[f"seal.new{key}"] = f"VD-{stem}{high}{low}"
        world.values[f"bl.{key}"] = f"ALM-{dice.digits(6)}"
    world.values["lease.no"] = f"TLE-{dice.digits(4)}"
    world.values["hire.no"] = f"CVH-{dice.digits(5)}"
    world.values["job.tyre"] = f"QT-{dice.digits(5)}"
    world.values["invoice.nordkai"] = f"NK-{dice.digits(5)}"
