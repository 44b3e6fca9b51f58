"""The file of call records: rows, planted defects, and the operator's way of writing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from greyheron import identifiers as ids
from greyheron.callplan import TARGETS, Record, cell_ids, everyday_of, last_call, number_of, story_records
from greyheron.random_choices import Dice
from greyheron.world import World, read_story, texts

TOTAL = 2000
COLUMNS = (
    "Target No;Call Type;Service Type;B Party No;Call Date;Call Time;Duration (s);First CGI;Last CGI;"
    "IMEI;IMSI;Call Forwarding Number;SMSC No"
).split(";")
SMSC = "353209120001"


@dataclass(frozen=True)
class Defect:
    """A defect that was planted on purpose: its rule, its data rows (from 1), and what is wrong."""

    rule: str
    rows: list[int]
    what: str


def make_rows(world: World) -> list[Record]:
    """Return the true rows in the order of the file, before defects are planted."""
    rows = story_records(world) + forwarded_pairs(world)
    wanted = TOTAL - 12  # twelve duplicates follow
    everyday, shares = everyday_of(world), cast(dict[str, float], read_story("calls.yml")["shares"])
    for target in TARGETS[1:] + TARGETS[:1]:
        goal = round(wanted * shares[target]) if target != "marta" else wanted
        have = len(rows) if target == "marta" else sum(row.target == target for row in rows)
        while have < goal:
            new = [row for row in everyday[target].rows() if row.start < last_call(row.target)]
            if have + len(new) > goal or not new:
                continue
            rows += new
            have += len(new) if target == "marta" else sum(row.target == target for row in new)
    order = {target: place for place, target in enumerate(TARGETS)}
    return sorted(rows, key=lambda row: (order[row.target], row.start, row.kind, row.other))


def forwarded_pairs(world: World) -> list[Record]:
    """Return six calls to the agent which the network passed on to her office."""
    dice, out = world.dice("forwarded"), []
    for caller in ("lena", "zhao", "terminal", "lena", "joana", "terminal"):
        at = datetime(2025, 9, 2, 9) + timedelta(
            days=dice.random_below(24), minutes=dice.random_below(420), seconds=dice.random_below(60)
        )
        seconds, agency = dice.random_between(20, 200), number_of(world, "agency")
        caller_number = number_of(world, caller)
        out.append(Record("marta", "IN", "voice", caller_number, at, seconds, "pilot_steps", "pilot_steps", agency))
        out.append(Record("marta", "CFW", "voice", agency, at, seconds, "pilot_steps", "pilot_steps", agency))
    return out


def _handset(world: World, row: Record) -> tuple[str, str]:
    """Return IMEI and IMSI: SIM 1 of the courier leaves handset K1 for K2 on 17 September."""
    swap = datetime.fromisoformat(str(read_story("calls.yml")["swap_at"]))
    key = row.target
    if row.target == "idris":
        key = "k1" if row.start < swap else "k2"
    if row.target == "kestrel":
        key = "k2"
    return world.values[f"imei.{key}"], world.values[f"imsi.{row.target}"]


def as_cells(world: World, row: Record, cells: dict[str, str]) -> list[str]:
    """Return a row as the operator writes it."""
    imei, imsi = _handset(world, row)
    return [
        number_of(world, row.target),
        row.kind,
        row.service.capitalize() if row.service == "voice" else "SMS",
        row.other,
        row.start.strftime("%d/%m/%Y"),
        row.start.strftime("%H:%M:%S"),
        str(row.seconds),
        cells[row.first_cell],
        cells[row.last_cell],
        imei,
        imsi,
        row.forwarded_to,
        SMSC if row.service == "sms" else "",
    ]


def plant_defects(table: list[list[str]], plain: list[int], dice: Dice) -> list[Defect]:
    """Spoil some rows in place, add duplicates, and return what was done.

    Parameters
    ----------
    table : list of list of str
        The rows of the file.
    plain : list of int
        Places (from 0) of ordinary rows, which may be spoiled without harm to the story.
    dice : Dice
        Choices of this file.
    """
    places = dice.shuffle(plain)
    voice = [p for p in places if table[p][2] == "Voice" and int(table[p][6]) > 62 and table[p][3].startswith("4477")]
    texts_ = [p for p in places if table[p][2] == "SMS"]
    defects = []

    def spoil(place: int, column: str, value: str, rule: str, what: str) -> None:
        table[place][COLUMNS.index(column)] = value
        defects.append(Defect(rule, [place + 1], what))

    number, bad, zeros, clock, sms = voice[0], voice[1], voice[2], voice[3], texts_[0]
    spoil(number, "B Party No", f"{float(table[number][3]):.5E}", "C-15", "number damaged by a spreadsheet")
    spoil(bad, "IMEI", ids.spoiled_imei(table[bad][9]), "C-08", "IMEI with a wrong check digit")
    spoil(zeros, "IMEI", table[zeros][9].lstrip("0"), "C-15", "IMEI that lost its leading zeros")
    seconds = int(table[clock][6])
    spoil(clock, "Duration (s)", f"{seconds // 60}:{seconds % 60:02d}", "C-13", "duration as minutes:seconds")
    spoil(sms, "Duration (s)", "31", "C-14", "short message with a duration")
    used = {number, bad, zeros, clock, sms}
    doubles = sorted([place for place in places[-60:] if place not in used][:12])
    for added, place in enumerate(doubles):
        at = place + added
        table.insert(at + 1, list(table[at]))
        for i, old in enumerate(defects):
            defects[i] = replace(old, rows=[row + 1 if row - 1 > at else row for row in old.rows])
        defects.append(Defect("C-06", [at + 1, at + 2], "the same row twice"))
    return defects


def make_calls(world: World) -> tuple[bytes, list[list[str]], list[Defect]]:
    """Return the file of calls, its rows, and the planted defects."""
    rows, cells = make_rows(world), cell_ids(world)
    table = [as_cells(world, row, cells) for row in rows]
    plain = [place for place, row in enumerate(rows) if not row.story and not row.forwarded_to]
    defects = plant_defects(table, plain, world.dice("defects"))
    head = [
        "MERIDEL MOBILE - DISCLOSURE DESK",
        "Request;HCU/2025/0412/CD-3;Targets;4;Format;CDR-V2",
        "Period;25/08/2025 00:00;29/09/2025 23:59;All times local (UTC+02:00)",
        "",
    ]
    lines = [*head, ";".join(COLUMNS), *(";".join(row) for row in table)]
    text = "\r\n".join([*lines, f"*** end of report: {len(table)} records ***"]) + "\r\n"
    return text.encode("utf-8"), table, defects


def make_cells(world: World) -> tuple[bytes, int]:
    """Return the operator's table of cells, and its number of rows."""
    story, cells = read_story("calls.yml"), cell_ids(world)
    lines = ["CGI;Cell name;Latitude;Longitude;Azimuth deg;Beam deg;Range m;Valid from"]
    for key, row in texts(story["cells"]).items():
        name, lat, lon, azimuth, beam, reach = (part.strip() for part in row.split("|"))
        if key == story["swapped_coordinates"]:
            lat, lon = lon, lat
        lines.append(";".join([cells[key], name, lat, lon, azimuth, beam, reach, "01/03/2025"]))
    return ("\r\n".join(lines) + "\r\n").encode("utf-8"), len(lines) - 1
