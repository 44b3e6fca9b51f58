"""Practice exports of call records: lay-outs composed at random out of the same kinds of calls, with what each column truly is.

A lay-out draws its country and language, which columns there are and in which order, how numbers, times, lengths and cells are
written, in words or codes, and columns that look like others and are not. Every export follows from its seed.
"""

from __future__ import annotations

import csv
import io
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.quality.happenings import COUNTRIES, FOREIGN, Event, Line, Site, span

HERE = Path(__file__).parent
STRANGE = ("Zug", "vok", "Qra", "jil", "Xem", "wot", "Kyp", "huv", "Gza", "rix")
"""Syllables of headers of no language."""


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """Headers and cell words by language."""
    data = tomllib.loads((HERE / "vocabulary.toml").read_text("utf-8"))
    return {language: {name: text.split("|") for name, text in one.items()} for language, one in data.items()}


@dataclass(slots=True)
class Layout:
    """An export: its text, what its columns are (field -> headers), and the first rows as they truly are."""

    name: str
    region: str
    language: str
    text: str
    columns: dict[str, list[str]]
    first_row: dict[str, str]
    first_incoming: dict[str, str]
    row: int
    opaque: bool


class Maker:
    """Draws one export."""

    def __init__(self, seed: int, *, opaque: bool = False, language: str = "", strange: float = 0.0) -> None:
        self.dice = random.Random(seed)
        self.seed, self.opaque, self.strange = seed, opaque, strange
        regions = [one for one, told in COUNTRIES.items() if not language or told[0] == language]
        self.line = Line(self.dice, self.dice.choice(regions))
        self.words = vocabulary()[self.line.language]
        self.events = self.line.events
        self.used: set[str] = set()
        self.columns: list[tuple[str, list[str]]] = []
        self.truth: dict[str, list[str]] = {}

    # --- how it is written ---------------------------------------------------------------------------------------------

    def header(self, key: str, fallback: str = "") -> str:
        """A header that is not used yet, in one of the manners of writing."""
        if self.opaque:
            name = f"{self.style}{len(self.columns) + 1:02}"
        elif self.strange and self.dice.random() < self.strange:
            name = "".join(self.dice.choice(STRANGE) for _ in range(self.dice.randrange(2, 4)))
        else:
            name = self.dice.choice(self.words.get(key) or [fallback or key])
            name = self.dressed(name)
        while name in self.used:
            name += "_"
        self.used.add(name)
        return name

    def dressed(self, name: str) -> str:
        if self.style == "upper":
            return name.upper()
        if self.style == "snake":
            return "_".join(
                part.strip(".,()") for part in name.replace("/", " ").replace("-", " ").split() if part.strip(".,()")
            ).upper()
        return name

    def add(self, what: str, key: str, cells: Callable[[Event], str], fallback: str = "") -> str:
        """A column; `what`: the field that it truly is, '' for none."""
        name = self.header(key, fallback)
        self.columns.append((name, [cells(one) for one in self.events]))
        if what:
            self.truth.setdefault(what, []).append(name)
        return name

    def written(self, number: str, manner: str) -> str:
        """A number in one of the manners of writing; names and nothing as they are."""
        if not number.isdecimal():
            return number or self.hidden
        home = number.startswith(self.line.code) and number not in FOREIGN
        if manner == "plus":
            return f"+{number}"
        if manner == "plain" and home:
            return number
        return (self.line.trunk + number[len(self.line.code) :]) if home else f"00{number}"

    def make(self) -> Layout:
        dice = self.dice
        self.style = (
            dice.choice(("F", "COL", "X")) if self.opaque else dice.choice(("plain", "plain", "upper", "snake"))
        )
        self.hidden = dice.choice(self.words["withheld"])
        self.voice, self.text_ = dice.choice(self.words["voice"]), dice.choice(self.words["sms"])
        groups = [self.parties, self.times, self.lengths, self.devices, self.cells, self.decoys]
        if dice.random() < 0.6:
            dice.shuffle(groups)
        for group in groups:
            group()
        if dice.random() < 0.35:
            dice.shuffle(self.columns)
        return self.layout()

    def parties(self) -> None:
        dice = self.dice
        served = dice.random() < 0.5
        mine = dice.choice(("plain", "plain", "plus", "national"))
        theirs = dice.choice(("national", "mixed", "plain", mine))
        if served:
            self.add("target", "target", lambda e: self.written(self.line.own, mine))
            self.add(
                "b", "other", lambda e: self.written(e.other, "plain" if not e.out and dice.random() < 0.1 else theirs)
            )
        else:
            first = [
                lambda: self.add(
                    "a", "a", lambda e: self.written(self.line.own, mine) if e.out else self.written(e.other, theirs)
                ),
                lambda: self.add(
                    "b", "b", lambda e: self.written(e.other, theirs) if e.out else self.written(self.line.own, mine)
                ),
            ]
            for one in first if dice.random() < 0.9 else first[::-1]:
                one()
        if dice.random() < 0.6:
            self.add("forwarded", "third", lambda e: self.written(e.forwarded, theirs) if e.forwarded else "")
        self.ways(served=served)
        if not served and dice.random() < 0.2:
            self.add(
                "",
                "dialled",
                lambda e: self.written(e.other, "national") if e.out and e.kind == "voice" else "",
                "Dialled Digits",
            )

    def ways(self, *, served: bool) -> None:
        """Direction and kind, in columns of their own, in one, or the direction not at all."""
        dice = self.dice
        out, came = dice.choice(list(zip(self.words["out"], self.words["in"], strict=False)))
        form = dice.random()
        if form < 0.25:
            words = {(True, "voice"): "MOC", (False, "voice"): "MTC", (True, "sms"): "SMS-MO", (False, "sms"): "SMS-MT"}
            if dice.random() < 0.5:
                words = {(o, k): f"{self.voice if k == 'voice' else self.text_} {out if o else came}" for o, k in words}
            name = self.add("direction", "event", lambda e: words[e.out, e.kind])
            self.truth.setdefault("service?", []).append(name)
            return
        if served or form < 0.85:
            letters = dice.random() < 0.12 and not served
            self.add("direction", "dir", lambda e: ("1" if e.out else "2") if letters else (out if e.out else came))
        if dice.random() < 0.85:
            codes = dice.random() < 0.1
            self.add(
                "service",
                "service",
                lambda e: (
                    ("11" if e.kind == "voice" else "22")
                    if codes
                    else (self.voice if e.kind == "voice" else self.text_)
                ),
            )

    def times(self) -> None:
        dice = self.dice
        day = dice.choice(("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d-%m-%Y", "%d-%b-%Y"))
        clock = dice.choice(("%H:%M:%S", "%H:%M:%S", "%H.%M.%S", "%H%M%S", "%I:%M:%S %p"))
        if day == "%Y%m%d" and clock in ("%H%M%S",):
            whole = "%Y%m%d%H%M%S"
        else:
            whole = f"{day} {'%H:%M:%S' if clock == '%H%M%S' else clock}" if day != "%Y%m%d" else "%Y-%m-%d %H:%M:%S"
        answer = dice.random() < 0.4
        end = dice.random() < 0.4
        parted = dice.random() < 0.5
        form = clock if parted else whole
        lead = [lambda: self.add("date", "date", lambda e: e.start.strftime(day)),
                lambda: self.add("time", "time", lambda e: e.start.strftime(clock))] if parted else [
                lambda: self.add("start", "start", lambda e: e.start.strftime(whole))]  # fmt: skip
        more = []
        if answer:
            more.append(
                lambda: self.add(
                    "", "answer", lambda e: (e.start + timedelta(seconds=e.ring)).strftime(form) if e.answered else ""
                )
            )
        if end:
            more.append(
                lambda: self.add(
                    "end?",
                    "end",
                    lambda e: (
                        (e.start + timedelta(seconds=e.ring + e.talk)).strftime(form) if e.kind == "voice" else ""
                    ),
                )
            )
        if dice.random() < 0.1:
            more.append(
                lambda: self.add(
                    "", "load", lambda e: (e.start + timedelta(hours=9, minutes=e.talk % 50)).strftime(whole)
                )
            )
        if dice.random() < 0.08 and not self.opaque:
            more.append(lambda: self.add("", "utc", lambda e: (e.start - timedelta(hours=2)).strftime(form)))
        steps = [*lead, *more]
        if dice.random() < 0.15:
            dice.shuffle(steps)
        for one in steps:
            one()

    def lengths(self) -> None:
        dice = self.dice
        form = dice.choice(("s", "s", "hms", "ms", "pad"))
        empty = dice.random() < 0.5
        steps = [
            lambda: self.add("duration", "duration", lambda e: "" if e.kind == "sms" and empty else span(e.talk, form))
        ]
        if dice.random() < 0.45:
            unit, both = dice.choice((60, 60, 30, 6)), dice.random() < 0.4
            kind = form if dice.random() < 0.8 else "s"
            if dice.random() < 0.2:
                steps.append(lambda: self.add("", "billed", lambda e: str(-(-e.talk // 60)) if e.out or both else "0"))
            else:
                steps.append(
                    lambda: self.add(
                        "", "billed", lambda e: span(-(-e.talk // unit) * unit if e.out or both else 0, kind)
                    )
                )
        if dice.random() < 0.25:
            steps.append(lambda: self.add("", "ring", lambda e: "" if e.kind == "sms" else span(e.ring, form)))
        if dice.random() < 0.3:
            dice.shuffle(steps)
        for one in steps:
            one()

    def devices(self) -> None:
        dice = self.dice
        quote = "'" if dice.random() < 0.1 else ""
        steps = [
            lambda: self.add("imei", "imei", lambda e: quote + e.imei),
            lambda: self.add("imsi", "imsi", lambda e: quote + self.line.imsi),
        ]
        if dice.random() < 0.5:
            steps.reverse()
        for one in steps:
            if dice.random() < 0.9:
                one()

    def cells(self) -> None:
        dice = self.dice
        form, both = (
            dice.choice(("cgi", "cgi", "cgi", "hex", "pair", "long", "parts", "parts", "ecgi", "code")),
            dice.random() < 0.75,
        )
        steps: list[Callable[[], Any]] = []
        if form == "parts":
            for key, get in (("lac", lambda s: s.lac), ("ci", lambda s: s.ci)):
                begin, stop = dice.choice(self.words["start"]).split()[0], dice.choice(self.words["end"]).split()[0]
                steps.append(self.part("first_cell", key, begin, lambda e, get=get: str(get(e.first))))
                if both:
                    steps.append(
                        self.part("last_cell", key, stop, lambda e, get=get: str(get(e.last)) if e.last else "")
                    )
        elif both:
            steps = [lambda: self.add("first_cell", "cell1", lambda e: self.cell(e.first, form)),
                     lambda: self.add("last_cell", "cell2", lambda e: self.cell(e.last, form) if e.last else "")]  # fmt: skip
            if dice.random() < 0.12:
                steps.reverse()
        else:
            steps = [lambda: self.add("first_cell", "cell", lambda e: self.cell(e.first, form))]
        for key, get in (
            ("site", lambda e: e.first.name),
            ("address", lambda e: e.first.address),
            ("azimuth", lambda e: str(e.first.azimuth)),
        ):
            if dice.random() < 0.35:
                steps.append(lambda key=key, get=get: self.add("", key, get))
        for one in steps:
            one()

    def part(self, what: str, key: str, word: str, cells: Callable[[Event], str]) -> Callable[[], str]:
        def add() -> str:
            if self.opaque:
                return self.add(what, key, cells)
            name = self.dressed(f"{key.upper()} {word}")
            while name in self.used:
                name += "_"
            self.used.add(name)
            self.columns.append((name, [cells(one) for one in self.events]))
            self.truth.setdefault(what, []).append(name)
            return name

        return add

    def cell(self, site: Site, form: str) -> str:
        country, network = self.line.network.split("-")
        return {
            "cgi": f"{country}-{network}-{site.lac}-{site.ci}", "hex": f"{country}-{network}-{site.lac:04X}-{site.ci:04X}",
            "pair": f"{site.lac}-{site.ci}", "long": f"{country}{network}{site.lac:05}{site.ci:05}",
            "ecgi": f"{country}-{network}-{site.lac * 256 + site.ci % 256}",
            "code": f"{site.name[:3].upper()}{site.lac}_{site.azimuth // 120 + 1}",
        }[form]  # fmt: skip

    def decoys(self) -> None:
        dice = self.dice
        begin = dice.randrange(1, 9) * 10 ** dice.choice((0, 5, 8))
        order = {id(event): place for place, event in enumerate(self.events)}
        account = next(number for _ in range(99) if (number := self.line.number()) != self.line.own)
        identity = "".join(str(dice.randrange(10)) for _ in range(dice.choice((8, 10, 11))))
        exchanges = [self.line.number()[:-4] + f"90{i:02}" for i in range(3)]
        names = [f"MSC{i}" for i in range(4)]
        choices: list[Callable[[], Any]] = [
            lambda: self.add("", "seq", lambda e: str(begin + 3 * order[id(e)])),
            lambda: self.add("", "account", lambda e: account if dice else ""),
            lambda: self.add("", "person", lambda e: identity),
            lambda: self.add("", "exchange", lambda e: exchanges[e.first.lac % 3]),
            lambda: self.add("", "exchange", lambda e: names[e.first.lac % 4]),
            lambda: self.add("", "cause", lambda e: "16" if e.answered or e.kind == "sms" else "19"),
            lambda: self.add("", "price", lambda e: f"{(e.talk // 60 + 1) * 0.123 if e.out else 0:.3f}"),
        ]
        for one in dice.sample(choices, dice.randrange(0, 5)):
            one()

    # --- the export ----------------------------------------------------------------------------------------------------

    def layout(self) -> Layout:
        dice = self.dice
        mark = dice.choice((",", ";", "\t", "|"))
        rows = list(zip(*(cells for _, cells in self.columns), strict=True))
        events = list(self.events)
        if dice.random() < 0.15:
            rows.reverse()
            events.reverse()
        out = io.StringIO()
        above = (
            []
            if dice.random() < 0.25
            else [["Operator Ltd"], ["Ref", f"R-{self.seed}/2025"], ["MSISDN", self.line.own]]
        )
        told = dice.random() < 0.6 or not self.truth.get("target")
        for line in above if told else above[:2]:
            out.write(mark.join(line) + "\n")
        writer = csv.writer(out, delimiter=mark, lineterminator="\n")
        writer.writerow([name for name, _ in self.columns])
        writer.writerows(rows)
        place = next(
            (
                i
                for i, one in enumerate(events)
                if one.kind == "voice" and not one.out and one.answered and one.other and not one.forwarded
            ),
            0,
        )
        return Layout(f"export_{self.seed}.csv", self.line.region, self.line.language, out.getvalue(), self.truth,
                      self.true(events[0]), self.true(events[place]), place, self.opaque)  # fmt: skip

    def true(self, one: Event) -> dict[str, str]:
        """Values of a record as they truly are."""
        a, b = (self.line.own, one.other) if one.out else (one.other, self.line.own)
        return {
            "a": a if a.isdecimal() else "",
            "b": b if b.isdecimal() else "",
            "start": one.start.isoformat(),
            "duration": str(one.talk) if one.kind == "voice" else "",
        }


def export(seed: int, *, opaque: bool = False, language: str = "", strange: float = 0.0) -> Layout:
    """The export of a seed.

    Parameters
    ----------
    opaque : bool
        With numbered headers that say nothing.
    language : str
        Of a country with this language.
    strange : float
        Share of the headers that are words of no language.
    """
    return Maker(seed, opaque=opaque, language=language, strange=strange).make()
