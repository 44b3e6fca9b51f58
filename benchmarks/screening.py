"""Screening of a case of 1,000 persons against 10,000 notices: CPU time, planted persons that are found, hits beside them.

``python -m benchmarks.screening`` makes both (all invented, one seed), plants 200 persons of the notices in the case, each in another
spelling, script, order or with a date turned round, and counts. Names are put together from few surnames and forenames, so that many are
shared, as they are in life. What the figures say is how planted changes fare, not how people who hide their names do.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workbench.case.case import open_case
from workbench.case.desk.messages import filing
from workbench.messages import Message
from workbench.messages.model.message import Person

sys.path.insert(0, str(Path(__file__).parents[1] / "datasets" / "make"))

ARABIC = {
    "KARIM": "كريم", "IDRIS": "إدريس", "NADIA": "نادية", "LEILA": "ليلى", "SALMA": "سلمى", "HADDOU": "حدو", "BENALI": "بن علي",
    "HOSSEINI": "الحسيني", "RASHEED": "الرشيد", "BELKACEM": "بلقاسم", "MANSOURI": "المنصوري", "FASSI": "الفاسي", "TAZI": "التازي",
}  # fmt: skip
Notice = dict[str, Any]
Change = Callable[[random.Random, Notice], Person | None]


def format_birth_date(iso: str) -> str:
    """A date as the model has it."""
    return iso.replace("/", "-")


def swap_day_and_month(dice: random.Random, one: Notice) -> Person | None:
    """With day and month the other way round."""
    year, month, day = one["date_of_birth"].split("/")
    return (
        Person(family_name=one["name"], forename=one["forename"], date_of_birth=f"{year}-{day}-{month}")
        if int(day) <= 12
        else None
    )


def change_letter(dice: random.Random, one: Notice) -> Person | None:
    """With a letter of the surname doubled or one vowel for another."""
    name, at = one["name"], dice.randrange(1, len(one["name"]) - 1)
    other = dice.choice([c for c in "AEIOU" if c != name[at]]) if name[at] in "AEIOU" else name[at] * 2
    return Person(
        family_name=name[:at] + other + name[at + 1 :],
        forename=one["forename"],
        date_of_birth=format_birth_date(one["date_of_birth"]),
    )


def change_script(dice: random.Random, one: Notice) -> Person | None:
    """In Arabic letters, with the year of birth alone."""
    parts = [ARABIC.get(one[name]) for name in ("name", "forename")]
    return (
        Person(family_name=parts[0], forename=parts[1], date_of_birth=one["date_of_birth"][:4])
        if parts[0] and parts[1]
        else None
    )


def change_order(dice: random.Random, one: Notice) -> Person | None:
    """All of the name in one field, forename first."""
    return Person(
        family_name=f"{one['forename'].title()} {one['name'].title()}",
        date_of_birth=format_birth_date(one["date_of_birth"]),
    )


def drop_birth_date(dice: random.Random, one: Notice) -> Person | None:
    """Without a date of birth."""
    return Person(family_name=one["name"], forename=one["forename"])


CHANGES: tuple[Change, ...] = (swap_day_and_month, change_letter, change_script, change_order, drop_birth_date)


def build_notices(dice: random.Random, size: int) -> list[Notice]:
    """Invented notices."""
    from bureaux.world import FORENAMES, SURNAMES

    surnames = [
        *map(str.upper, SURNAMES),
        *[name for name in ARABIC if name not in ("KARIM", "IDRIS", "NADIA", "LEILA", "SALMA")],
    ]
    forenames = sorted({name.upper() for names in FORENAMES.values() for name in names})
    made = []
    for number in range(size):
        day = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
        surname = dice.choice(surnames) + dice.choice(["", "", " " + dice.choice(surnames)])
        made.append({
            "entity_id": f"2031/{number}", "name": surname, "forename": dice.choice(forenames), "date_of_birth": f"{day:%Y/%m/%d}",
            "sex_id": "U", "nationalities": [dice.choice(["FR", "ES", "PT", "MA"])], "arrest_warrants": [],
        })  # fmt: skip
    return made


def plant_persons(dice: random.Random, listed: list[Notice], size: int) -> list[tuple[str, str, Person]]:
    """Change, notice and person of each who is planted."""
    made: list[tuple[str, str, Person]] = []
    for one in dice.sample(listed, len(listed)):
        change = CHANGES[len(made) % len(CHANGES)]
        if len(made) < size and (person := change(dice, one)):
            made.append((change.__name__, one["entity_id"], person))
    return made


def build_others(dice: random.Random, size: int) -> list[Person]:
    """Persons of the case who are in no notice: names from the same lists, other dates."""
    return [
        Person(family_name=one["name"], forename=one["forename"], date_of_birth=format_birth_date(one["date_of_birth"]))
        for one in build_notices(dice, size)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Screen, count and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--persons", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=20261127)
    given = parser.parse_args(arguments)
    dice = random.Random(given.seed)
    listed = build_notices(dice, given.notices)
    known = plant_persons(dice, listed, given.persons // 5)
    persons = [person for _, _, person in known] + build_others(dice, given.persons - len(known))
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure_screening(Path(folder), listed, known, persons), ensure_ascii=False, indent=1))
    return 0


def measure_screening(
    folder: Path, listed: list[Notice], known: list[tuple[str, str, Person]], persons: list[Person]
) -> dict[str, Any]:
    """Make the case and the file, screen, and count."""
    file = folder / "notices.json"
    file.write_text(json.dumps({"total": len(listed), "_embedded": {"notices": listed}}), encoding="utf-8")
    case = open_case(folder / "case", officer="ada", purpose="training")
    for at in range(0, len(persons), 20):
        message = Message(our_ref=f"A-{at}", from_bureau="XA-NCB", subject="LIST", persons=tuple(persons[at : at + 20]))
        filing.file_message(case.context, message, direction="incoming")
    days = {"retrieved": str(date.today()), "expires": str(date.today() + timedelta(days=1))}
    small = folder / "one.json"
    small.write_text(json.dumps(listed[:1]), encoding="utf-8")
    case.desk.screening.run(small, **days)  # the lists of names are loaded once a process, the tables of the case once
    cpu, wall = time.process_time(), time.perf_counter()
    hits = case.desk.screening.run(file, **days)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    pairs = set(zip(hits["name"], hits["notice"], strict=True))
    found = {name: [0, 0] for name in (change.__name__ for change in CHANGES)}
    for change, notice, person in known:
        found[change][1] += 1
        words = set(f"{person.forename} {person.family_name}".split())
        found[change][0] += any(key == notice and set(called.split()) == words for called, key in pairs)
    case.close()
    right = sum(one for one, _ in found.values())
    return {
        "notices": len(listed), "persons": len(persons), "cpu_seconds": round(cpu, 2), "seconds": round(wall, 2),
        "planted": len(known), "found": right, "of": {name: f"{one}/{all_}" for name, (one, all_) in found.items()},
        "hits": len(hits), "with nothing against": int((hits["against"] == "").sum()),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
