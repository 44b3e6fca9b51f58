"""Bank movements of the accounts in the case."""

from __future__ import annotations

import csv
import io
from typing import cast

from greyheron.world import World, read_story, texts

COLUMNS = [
    "booking_no",
    "booking_date",
    "account",
    "account_holder",
    "direction",
    "amount",
    "currency",
    "counterparty_account",
    "counterparty_name",
    "reference",
]
MIRRORED = {"kw", "marta"}


def _story(world: World, holders: dict[str, str]) -> list[list[str]]:
    """Return the movements of the story, those between two known accounts once for each account."""
    rows = []
    for line in world.fill(str(read_story("transfers.yml")["story"])).splitlines():
        day, account, way, amount, other, words = (part.strip() for part in line.split("|"))
        rows.append([day, account, way, amount, other, words])
        if other in MIRRORED:
            rows.append([day, other, "in" if way == "out" else "out", amount, account, words])
    return [[d, a, w, m, world.values.get(f"ibanc.{o}", ""), holders.get(o, o), t] for d, a, w, m, o, t in rows]


def _everyday(world: World) -> list[list[str]]:
    """Return pay on the first working day and small payments by card."""
    story, dice = read_story("transfers.yml"), world.dice("transfers")
    shops, rows = str(story["everyday"]).split("|"), []
    for account, pay in texts(story["pay"]).items():
        name, _, amount = pay.rpartition(" ")
        rows.append(["2025-09-01", account, "in", amount, "", name, "PAY AUGUST"])
    for account, count in texts(story["everyday_of"]).items():
        for _ in range(int(count)):
            day = f"2025-09-{dice.random_between(1, 28):02d}"
            amount = f"{dice.random_between(3, 96)}.{dice.random_below(100):02d}"
            rows.append([day, account, "out", amount, "", dice.pick(shops), "CARD"])
    return rows


def make_transfers(world: World) -> tuple[bytes, list[list[str]]]:
    """Return the file of movements and its rows."""
    holders = cast(dict[str, str], read_story("transfers.yml")["holders"])
    rows = sorted(_story(world, holders) + _everyday(world), key=lambda row: (row[1], row[0]))
    table = []
    for number, (day, account, way, amount, other, name, words) in enumerate(rows, start=1):
        iban = world.values[f"ibanc.{account}"]
        table.append([f"B{number:05d}", day, iban, holders[account], way, amount, "EUR", other, name, words])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(table)
    return out.getvalue().encode("utf-8"), table
