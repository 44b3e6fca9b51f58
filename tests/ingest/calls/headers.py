"""Tables of call records with headers that no profile knows, made by a seeded generator: header -> what it is."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

Maker = Callable[[random.Random, datetime], str]
TARGET = "447700900100"


def imei(dice: random.Random) -> str:
    digits = "35" + "".join(str(dice.randrange(10)) for _ in range(12))
    total = 0
    for place, character in enumerate(reversed(digits)):
        figure = int(character) * (2 - place % 2)
        total += figure - 9 if figure > 9 else figure
    return digits + str(-total % 10)


def other(dice: random.Random, _: datetime) -> str:
    return f"44770090{dice.randrange(200, 260):04}"


VALUES: dict[str, Maker] = {
    "own": lambda dice, at: TARGET,
    "other": other,
    "any": lambda dice, at: other(dice, at) if dice.random() < 0.5 else TARGET,
    "plus": lambda dice, at: "+" + other(dice, at),
    "start": lambda dice, at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "start t": lambda dice, at: at.strftime("%Y-%m-%dT%H:%M:%S"),
    "start dmy": lambda dice, at: at.strftime("%d/%m/%Y %H:%M"),
    "end": lambda dice, at: (at + timedelta(seconds=dice.randrange(600))).strftime("%Y-%m-%d %H:%M:%S"),
    "epoch": lambda dice, at: str(int(at.timestamp())),
    "date": lambda dice, at: at.strftime("%d/%m/%Y"),
    "date iso": lambda dice, at: at.strftime("%Y-%m-%d"),
    "date month": lambda dice, at: at.strftime("%d-%b-%Y").upper(),
    "time": lambda dice, at: at.strftime("%H:%M:%S"),
    "seconds": lambda dice, at: str(int(dice.expovariate(0.01))),
    "clock": lambda dice, at: f"00:{dice.randrange(20):02}:{dice.randrange(60):02}",
    "imei": lambda dice, at: imei(random.Random(dice.randrange(3))),
    "imsi": lambda dice, at: f"23410{dice.randrange(3) + 1234567890}",
    "cgi": lambda dice, at: f"234-10-{dice.randrange(100, 120)}-{dice.randrange(1000, 1300)}",
    "lac": lambda dice, at: str(dice.randrange(100, 120)),
    "ci": lambda dice, at: str(dice.randrange(10_000, 60_000)),
    "site": lambda dice, at: dice.choice(["Harbour North", "Market Square", "Station Road", "Old Mill"]),
    "way": lambda dice, at: dice.choice(["IN", "OUT"]),
    "way fr": lambda dice, at: dice.choice(["Entrant", "Sortant"]),
    "way es": lambda dice, at: dice.choice(["Entrante", "Saliente"]),
    "way letters": lambda dice, at: dice.choice(["I", "O"]),
    "kind": lambda dice, at: dice.choice(["Voice", "SMS", "Data"]),
    "kind way": lambda dice, at: dice.choice(["VOICE-MO", "VOICE-MT", "SMS-MO", "SMS-MT"]),
    "lat": lambda dice, at: f"{51 + dice.random():.5f}",
    "lon": lambda dice, at: f"{4 + dice.random():.5f}",
    "azimuth": lambda dice, at: str(dice.choice([0, 120, 240])),
    "id": lambda dice, at: str(dice.randrange(10**8, 10**9)),
    "money": lambda dice, at: f"{dice.random():.2f}",
    "text": lambda dice, at: dice.choice(["postpaid", "prepaid"]),
}


def table(columns: Mapping[str, tuple[str, str]], *, rows: int = 120, mark: str = ",", above: str = "") -> str:
    """CSV of a table. `columns`: header -> (what it is, kind of values)."""
    dice = random.Random(5)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    writer.writerow(columns)
    for number in range(rows):
        at = datetime(2022, 7, 1) + timedelta(minutes=37 * number)
        writer.writerow([VALUES[kind](dice, at) for _, kind in columns.values()])
    return above + out.getvalue()


INVENTED: dict[str, dict[str, tuple[str, str]]] = {
    "camel case": {
        "recordSequenceNumber": ("record", "id"),
        "servedMSISDN": ("target", "own"),
        "otherPartyNumber": ("b", "other"),
        "recordOpeningTime": ("start", "start t"),
        "callDuration": ("duration", "seconds"),
        "servedIMEI": ("imei", "imei"),
        "servedIMSI": ("imsi", "imsi"),
        "trafficDirection": ("direction", "way"),
        "startCGI": ("first_cell", "cgi"),
    },
    "short codes": {
        "ANUM": ("a", "own"),
        "BNUM": ("b", "other"),
        "EVT_TS": ("start", "start"),
        "SECS": ("duration", "seconds"),
        "EQUIP_ID": ("imei", "imei"),
        "SUBSCR_ID": ("imsi", "imsi"),
        "ORIG_CELL": ("first_cell", "cgi"),
        "TERM_CELL": ("last_cell", "cgi"),
    },
    "french": {
        "Abonné appelant": ("a", "own"),
        "Abonné appelé": ("b", "other"),
        "Jour": ("date", "date"),
        "Heure de début": ("time", "time"),
        "Durée (sec.)": ("duration", "seconds"),
        "Sens de l'appel": ("direction", "way fr"),
        "N° de boîtier": ("imei", "imei"),
        "N° carte": ("imsi", "imsi"),
        "Cellule de début": ("first_cell", "cgi"),
        "Cellule de fin": ("last_cell", "cgi"),
    },
    "spanish": {
        "Abonado": ("target", "own"),
        "Interlocutor": ("b", "other"),
        "Fecha y hora de inicio": ("start", "start dmy"),
        "Segundos": ("duration", "seconds"),
        "Sentido": ("direction", "way es"),
        "Terminal": ("imei", "imei"),
        "Antena inicial": ("first_cell", "cgi"),
    },
    "arabic": {
        "الرقم المتصل": ("a", "own"),
        "الرقم المتصل به": ("b", "other"),
        "تاريخ المكالمة": ("date", "date iso"),
        "وقت المكالمة": ("time", "time"),
        "مدة المكالمة": ("duration", "seconds"),
        "رقم الجهاز": ("imei", "imei"),
    },
    "german": {
        "Rufnummer Anrufer": ("a", "any"),
        "Rufnummer Angerufener": ("b", "other"),
        "Beginn": ("start", "start"),
        "Ende": ("end", "end"),
        "Gesprächsdauer": ("duration", "clock"),
        "Funkzelle Beginn": ("first_cell", "cgi"),
        "Art": ("connection", "kind"),
    },
    "dutch": {
        "Nummer beller": ("a", "own"),
        "Gebelde nummer": ("b", "other"),
        "Tijdstip": ("start", "start"),
        "Duur in sec": ("duration", "seconds"),
        "Toestel": ("imei", "imei"),
        "SIM": ("imsi", "imsi"),
        "Mast": ("first_cell", "cgi"),
    },
    "from and to": {
        "From": ("a", "own"),
        "To": ("b", "plus"),
        "When": ("start", "start"),
        "Length": ("duration", "seconds"),
        "Tower": ("first_cell", "site"),
        "Device": ("imei", "imei"),
        "Cost": ("", "money"),
    },
    "start and end": {
        "Subscriber": ("target", "own"),
        "Correspondent": ("b", "other"),
        "Began": ("start", "start"),
        "Ended": ("end", "end"),
        "Kind": ("connection", "kind"),
        "Way": ("direction", "way letters"),
        "Hardware": ("imei", "imei"),
    },
    "by elimination": {
        "Line": ("target", "own"),
        "Number dialled or received": ("b", "other"),
        "Date": ("date", "date month"),
        "Clock": ("time", "time"),
        "Talk secs": ("duration", "seconds"),
        "Lat": ("lat", "lat"),
        "Lng": ("lon", "lon"),
        "Az": ("", "azimuth"),
        "Plan": ("", "text"),
    },
    "served": {
        "Served No": ("target", "own"),
        "Peer No": ("b", "other"),
        "Event": ("direction", "kind way"),
        "Begin": ("start", "start"),
        "Chargeable Duration": ("duration", "seconds"),
        "TAC": ("lac", "lac"),
        "ECI": ("ci", "ci"),
        "Site Address": ("cell_name", "site"),
    },
    "parts of cells": {
        "Calling no": ("a", "own"),
        "Called no": ("b", "other"),
        "Start": ("start", "start"),
        "Seconds": ("duration", "seconds"),
        "LAC": ("lac", "lac"),
        "Cell": ("ci", "ci"),
        "End LAC": ("last_lac", "lac"),
        "End Cell": ("last_cell", "ci"),
    },
    "parts of cells in french": {
        "Appelant": ("a", "own"),
        "Appelé": ("b", "other"),
        "Date et heure": ("start", "start dmy"),
        "Durée (s)": ("duration", "seconds"),
        "LAC début": ("lac", "lac"),
        "CI début": ("ci", "ci"),
        "LAC fin": ("last_lac", "lac"),
        "CI fin": ("last_ci", "ci"),
    },
    "parts of cells in german": {
        "Anrufer": ("a", "own"),
        "Angerufener": ("b", "other"),
        "Beginn": ("start", "start"),
        "Dauer": ("duration", "seconds"),
        "TAC": ("lac", "lac"),
        "ECI": ("ci", "ci"),
        "TAC Ende": ("last_lac", "lac"),
        "ECI Ende": ("last_ci", "ci"),
        "Funkzelle Ende Standort": ("", "site"),
    },
    "epoch": {
        "src_msisdn": ("a", "own"),
        "dst_msisdn": ("b", "other"),
        "start_epoch": ("start", "epoch"),
        "billsec": ("duration", "seconds"),
        "src_imei": ("imei", "imei"),
        "src_imsi": ("imsi", "imsi"),
    },
}
"""Headers of tables, invented; the last word on a column is what it is ('' nothing that a call table has)."""

DOUBTFUL: dict[str, dict[str, tuple[str, str]]] = {
    "two numbers": {
        "Number 1": ("", "any"),
        "Number 2": ("", "other"),
        "Stamp": ("start", "start"),
        "Value": ("", "seconds"),
    },
    "wrong words": {
        "Caller": ("", "money"),
        "Called": ("b", "other"),
        "Duration": ("", "start"),
        "Start": ("start", "start t"),
    },
}
"""Headers that leave it open, or say what the cells contradict."""
