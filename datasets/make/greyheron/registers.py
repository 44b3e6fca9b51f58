"""The registers of persons, companies and vehicles, with the habits of several clerks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from greyheron.identifiers import passport, phone, plate, spaced_phone
from greyheron.random_choices import Dice
from greyheron.world import World, read_story, texts
from greyheron.xlsx import make_xlsx


@dataclass(frozen=True)
class Register:
    """A register: its columns, its rows, and who each row of a person belongs to."""

    columns: list[str]
    rows: list[list[str]]
    keys: list[str]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]


def _written_date(dice: Dice, day: date) -> str:
    """Return a date in one of the forms the clerks use."""
    return day.strftime(dice.pick(("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")))


def _birthday(dice: Dice) -> date:
    return date(dice.random_between(1950, 2004), dice.random_between(1, 12), dice.random_between(1, 28))


def persons(world: World) -> Register:
    """Return the register of persons; some persons are in it twice."""
    story, dice = texts(read_story("registers.yml")), world.dice("register of persons")
    rows = [_split(line) for line in world.fill(story["persons"]).splitlines()]
    surnames, used = story["surnames"].split(), set[str]()
    while len(rows) < int(story["persons_total"]):
        name = (dice.pick(surnames), dice.pick(story["forenames"].split()))
        if " ".join(name) in used:
            continue
        used.add(" ".join(name))
        row = ["", *name, _written_date(dice, _birthday(dice)), "XV"]
        row.append(f"{dice.random_between(1, 90)} {dice.pick(_split(story['streets']))}, Port Calder")
        row.append(spaced_phone(phone(dice, "uk", world.used_numbers)) if dice.chance(0.7) else "")
        row.append(passport(dice, "XV") if dice.chance(0.5) else "")
        row.append(dice.pick(_split(story["occupations"])))
        row.append(f"{dice.random_between(2016, 2025)}-0{dice.random_between(1, 8)}-{dice.random_between(10, 28)}")
        rows.append(row)
    rows = dice.shuffle(rows)
    keys = [row[0] for row in rows]
    numbered = [[f"PR-{10230 + 7 * place}", *row[1:]] for place, row in enumerate(rows)]
    return Register(_split(story["persons_columns"]), numbered, keys)


def companies(world: World) -> Register:
    """Return the register of companies: one row for each director."""
    story, dice = texts(read_story("registers.yml")), world.dice("register of companies")
    rows = [_split(line) for line in world.fill(story["companies"]).splitlines()]
    kinds = dice.shuffle(_split(story["company_kinds"]))
    for stem, kind in zip(_split(story["company_stems"]), kinds, strict=True):
        form = "Ltd" if kind.endswith("Ltd") else "sole trader"
        name = f"{dice.pick(story['forenames'].split())} {dice.pick(story['surnames'].split())}"
        since = _written_date(
            dice, date(dice.random_between(1995, 2023), dice.random_between(1, 12), dice.random_between(1, 28))
        )
        office = f"{dice.pick(_split(story['streets']))} {dice.random_between(1, 60)}, Port Calder"
        born = _written_date(dice, _birthday(dice))
        row = [f"{stem} {kind}", form, since, "active", office, name, born, "director", since, ""]
        rows.append([*row, spaced_phone(phone(dice, "ie", world.used_numbers)), kind.removesuffix(" Ltd").lower()])
    if len(rows) != int(story["companies_total"]):
        raise ValueError(f"story/registers.yml: {len(rows)} rows of companies, wanted {story['companies_total']}")
    numbers: dict[str, str] = {}
    for row in rows:
        numbers.setdefault(row[0], f"XV-{40118 + 13 * len(numbers)}")
    rows = dice.shuffle(rows)
    return Register(_split(story["companies_columns"]), [[numbers[row[0]], *row] for row in rows], [])


def vehicles(world: World) -> Register:
    """Return the register of vehicles."""
    story, dice = texts(read_story("registers.yml")), world.dice("register of vehicles")
    rows = [_split(line) for line in world.fill(story["vehicles"]).splitlines()]
    makes = _split(story["makes"])
    while len(rows) < int(story["vehicles_total"]):
        make = 2 * dice.random_below(len(makes) // 2)
        keeper = f"{dice.pick(story['forenames'].split())} {dice.pick(story['surnames'].split())}"
        since = date(dice.random_between(2010, 2025), dice.random_between(1, 8), dice.random_between(1, 28)).isoformat()
        street = f"{dice.random_between(1, 90)} {dice.pick(_split(story['streets']))}, Port Calder"
        row = [plate(dice), makes[make], makes[make + 1], dice.pick(_split(story["colours"])), keeper]
        rows.append([*row, _birthday(dice).isoformat(), street, since, since])
    return Register(_split(story["vehicles_columns"]), dice.shuffle(rows), [])


def as_csv(register: Register) -> bytes:
    """Return the register as a CSV file in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(register.columns)
    writer.writerows(register.rows)
    return out.getvalue().encode("utf-8")


def as_xlsx(register: Register) -> bytes:
    """Return the register as a workbook, with real dates in the columns of dates."""
    dated = [place for place, name in enumerate(register.columns) if name in {"first_registered", "keeper_since"}]
    table: list[list[str | date]] = [list(register.columns)]
    table += [[date.fromisoformat(v) if place in dated else v for place, v in enumerate(row)] for row in register.rows]
    return make_xlsx(table, "vehicles")
