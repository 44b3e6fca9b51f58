"""What practice exports are about: a line of some country, its handsets and cells, the calls and messages of some weeks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

COUNTRIES: dict[str, tuple[str, str, str, str, str, str]] = {
    # region: language, country code, trunk prefix, beginning of mobile numbers, '#' digits that follow, MCC-MNC
    "GB": ("en", "44", "0", "7700", "######", "234-98"), "US": ("en", "1", "", "316555", "####", "311-98"),
    "KE": ("en", "254", "0", "716", "######", "639-84"), "NG": ("en", "234", "0", "803", "#######", "621-84"),
    "IN": ("en", "91", "0", "98555", "#####", "404-88"), "FR": ("fr", "33", "0", "63998", "####", "208-97"),
    "CM": ("fr", "237", "", "69955", "####", "624-84"), "ES": ("es", "34", "", "60055", "####", "214-97"),
    "PE": ("es", "51", "", "91234", "####", "716-84"), "AR": ("es", "54", "0", "11555", "#####", "722-84"),
    "PT": ("pt", "351", "", "91555", "####", "268-84"), "BR": ("pt", "55", "0", "1199555", "####", "724-84"),
    "IT": ("it", "39", "", "34755", "#####", "222-99"), "DE": ("de", "49", "0", "17604069", "###", "262-98"),
    "CH": ("de", "41", "0", "79555", "####", "228-84"), "NL": ("nl", "31", "0", "61234", "####", "204-97"),
    "SE": ("sv", "46", "0", "701740", "###", "240-84"), "FI": ("fi", "358", "0", "4055", "#####", "244-84"),
    "DK": ("da", "45", "", "2055", "####", "238-84"), "PL": ("pl", "48", "", "60155", "####", "260-84"),
    "CZ": ("cs", "420", "", "60155", "####", "230-84"), "HU": ("hu", "36", "06", "20555", "####", "216-84"),
    "RO": ("ro", "40", "0", "72255", "####", "226-84"), "TR": ("tr", "90", "0", "53255", "#####", "286-84"),
    "RU": ("ru", "7", "8", "91655", "#####", "250-84"), "GR": ("el", "30", "", "69755", "#####", "202-84"),
    "HR": ("hr", "385", "0", "9155", "#####", "219-84"), "ID": ("id", "62", "0", "81255", "######", "510-84"),
    "EG": ("ar", "20", "0", "10055", "#####", "602-84"), "JO": ("ar", "962", "0", "7835", "#####", "416-88"),
}  # fmt: skip
FOREIGN = ("447700900471", "33639980912", "12025550178", "4915735998123")
NAMES = ("AX-BANK", "POSTINFO", "PIZZA24", "Loterie", "TAXI-NOW")
WORDS = ("Harbour", "Mill", "Station", "Market", "North", "Quarry", "Bridge", "Castle", "Garden", "Tower")
PLACES = ("Lower", "Old", "Upper", "West", "Sankt", "Villa", "Monte")


@dataclass(slots=True)
class Site:
    """A cell with where it stands."""

    lac: int
    ci: int
    name: str
    address: str
    azimuth: int
    lat: float
    lon: float


@dataclass(slots=True)
class Event:
    """A record: other party, kind, way, times in seconds, sites."""

    other: str
    kind: str
    out: bool
    start: datetime
    ring: int
    talk: int
    answered: bool
    first: Site
    last: Site | None
    imei: str
    forwarded: str = ""


class Line:
    """A line and what happened on it.

    Parameters
    ----------
    dice : random.Random
        Everything follows from it.
    region : str
        One of COUNTRIES.
    """

    def __init__(self, dice: random.Random, region: str) -> None:
        self.dice, self.region = dice, region
        self.language, self.code, self.trunk, self.begin, self.digits, self.network = COUNTRIES[region]
        self.own = self.number()
        self.sites = [self.site() for _ in range(dice.randrange(5, 12))]
        self.imsi = (self.network.replace("-", "") + "".join(str(dice.randrange(10)) for _ in range(10)))[:15]
        self.events = self.record()

    def number(self) -> str:
        """A number with its country code."""
        return self.code + self.begin + "".join(str(self.dice.randrange(10)) for c in self.digits if c == "#")

    def site(self) -> Site:
        dice = self.dice
        name = f"{dice.choice(PLACES)} {dice.choice(WORDS)}" + (
            f" {dice.randrange(1, 5)}" if dice.random() < 0.4 else ""
        )
        address = f"{dice.choice(WORDS)} {dice.choice(('Road', 'Street', 'Lane'))} {dice.randrange(1, 90)}"
        return Site(dice.randrange(1000, 9999), dice.randrange(10_000, 65_000), name, address, dice.randrange(36) * 10,
                    round(40 + dice.random() * 10, 5), round(2 + dice.random() * 9, 5))  # fmt: skip

    def imei(self) -> str:
        dice = self.dice
        body = dice.choice(("35", "86", "35")) + "".join(str(dice.randrange(10)) for _ in range(12))
        total = sum(sum(divmod(int(c) * (2 if i % 2 else 1), 10)) for i, c in enumerate(body))
        check = str(-total % 10)
        return body + (dice.choice((check, check, "0")) if dice.random() < 0.9 else check)

    def record(self) -> list[Event]:
        """The calls and messages of some weeks, in order."""
        dice = self.dice
        others = [self.number() for _ in range(dice.randrange(6, 14))] + list(dice.sample(FOREIGN, 2))
        weights = [1 / (1 + i) for i in range(len(others))]
        handsets = [self.imei(), self.imei()]
        count, at = dice.randrange(28, 75), datetime(2025, dice.randrange(1, 12), dice.randrange(11, 28), 7)
        swap = dice.randrange(count // 2, 2 * count)
        made = []
        for place in range(count):
            at += timedelta(seconds=int(dice.expovariate(1 / 20_000)) + 400)
            if not 6 <= at.hour <= 23:
                at += timedelta(hours=7)
            made.append(self.event(dice.choices(others, weights)[0], at, handsets[place >= swap]))
        return made

    def event(self, other: str, at: datetime, handset: str) -> Event:
        dice = self.dice
        kind = "sms" if dice.random() < 0.3 else "voice"
        out, answered = dice.random() < 0.55, dice.random() < 0.85
        here = dice.choice(self.sites)
        there = here if dice.random() < 0.7 else dice.choice(self.sites)
        forwarded = self.number() if kind == "voice" and not out and dice.random() < 0.12 else ""
        if not out and dice.random() < 0.08:
            other = "" if kind == "voice" else dice.choice(NAMES)
        if kind == "sms":
            return Event(other, kind, out, at, 0, 0, answered=False, first=here, last=None, imei=handset)
        talk = int(dice.expovariate(1 / 130)) + 3 if answered else 0
        return Event(other, kind, out, at, dice.randrange(2, 28), talk, answered, here, there, handset, forwarded)


def span(seconds: int, form: str) -> str:
    """A length in one of the manners of writing."""
    if form == "hms":
        return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    if form == "ms":
        return f"{seconds // 60:02}:{seconds % 60:02}"
    return f"{seconds:05}" if form == "pad" else str(seconds)
