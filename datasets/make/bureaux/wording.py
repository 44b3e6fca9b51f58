"""Defects of texts: sentences that are added to a summary of facts, or that take its place."""

from __future__ import annotations

import re

from greyheron import identifiers

from bureaux import world
from bureaux.defect import Change, Defect, defect, emptied, put, said, told
from bureaux.headers import adult, has
from bureaux.tongue import Tongue, faults, story
from workbench.messages.model import forms
from workbench.messages.model.fields import changed
from workbench.messages.model.message import Correspondence

ALL = "message notice letter"
TEXTS = "message red blue green yellow orange silver un letter"
"""Kinds whose summary tells of a person."""
LOST = ("Qwxzville", "Brelbruck-am-Zorn", "Tolomarque", "Vizegrado del Sur")
SHORT = ("GKZ", "BLQ", "ZVK", "QPD", "KXA")
LOCAL = ("07700 900123", "01632 960 123", "01 99 00 12 34", "(01632) 960456", "0199 00 12 34")
DATES = ("03/04/2026", "3.4.26", "05-06-2025", "11/12/2025", "7/8/25")
VINS = ("1M8GDM9AXKP042788", "1G1YY22G965104378")
MRZ = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
LONG_WORD = re.compile(r"[^\W\d_]{5,}")
HIDDEN = ("\u00ad", "\u200b", "\u2060", "\ufeff", "\u202b", "\u2067")
"""Signs without width, and signs that begin a stretch from right to left."""


def filled(name: str, slot: str, *choices: str) -> Change:
    """A change that adds a sentence with one of some values in its slot."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        sentence = tongue.dice.pick(faults(tongue.code)[name])
        return told(message, tongue.fill(sentence, **{slot: tongue.dice.pick(choices)}))

    return change


def instead(*names: str) -> Change:
    """A change that puts other sentences in the place of the summary."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        text = " ".join([tongue.wrong(name) for name in names] + [tongue.say("close")])
        return changed(message, "summary_of_facts", text), "summary_of_facts"

    return change


def _unlisted(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    known = {one.family_name for one in message.persons}
    name = tongue.dice.pick([one.upper() for one in world.SURNAMES if one.upper() not in known])
    other = f"{name} {tongue.dice.pick(world.FORENAMES[tongue.dice.pick('FM')])}"
    return told(message, tongue.fill(tongue.dice.pick(faults(tongue.code)["unlisted"]), other=other))


def _misspelt(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    name = message.persons[0].family_name
    at = tongue.dice.between(2, len(name) - 2)
    wrong = tongue.dice.pick((name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]))
    return changed(message, "persons[0].family_name", wrong), "summary_of_facts"


def _spoiled(value: str, at: int) -> str:
    return f"{value[:at]}{(int(value[at]) + 1) % 10}{value[at + 1 :]}"


def _wrong_digit(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    kind = tongue.dice.pick(("account", "handset", "vin", "mrz"))
    if kind == "vin":
        value = tongue.dice.pick(VINS)
        return told(message, tongue.fill(tongue.dice.pick(faults(tongue.code)["vin"]), vin=_spoiled(value, 16)))
    if kind == "mrz":
        return told(message, tongue.fill(tongue.dice.pick(faults(tongue.code)["mrz"]), mrz=_spoiled(MRZ, 9)))
    good = world.number(tongue.dice, kind)
    bad = identifiers.spoiled_iban(good) if kind == "account" else identifiers.spoiled_imei(good)
    sentence = tongue.dice.pick(story(tongue.code)["links"][kind])
    return told(message, tongue.fill(sentence, account=identifiers.grouped(bad), imei=bad))


def _wrong_object(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    good = world.number(tongue.dice, "handset")
    poor = world.item(tongue.dice, "handset", identifiers.spoiled_imei(good), "XA")
    return changed(message, "objects", (*message.objects, poor)), f"objects[{len(message.objects)}].number"


def _odd_vehicle(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """The number of a European vehicle whose ninth sign is a figure, and not the check digit that other makers put there."""
    dice = tongue.dice
    maker, serial = dice.pick(("WBA3K5H2", "VF1BM0A4", "ZFA1990E")), f"8A{dice.between(100_000, 899_999)}"
    made = [f"{maker}{sign}{serial}" for sign in dice.shuffled(tuple("0123456789"))]
    odd = world.item(dice, "vehicle", next(number for number in made if not forms.vin(number)), "XA")
    return changed(message, "objects", (*message.objects, odd)), f"objects[{len(message.objects)}].number"


def _other_language(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return changed(
        message, "language", tongue.dice.pick([code for code in ("en", "fr", "es", "ar") if code != tongue.code])
    ), "language"


def _too_short(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    area = story(tongue.code)["areas"][message.crime_area[0]]["title"].lower()
    return changed(
        message, "summary_of_facts", tongue.fill("{who}: ") + f"{area}, {tongue.today.year}."
    ), "summary_of_facts"


def _unseen(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """A word that is turned round, or parted by a sign without width."""
    text, dice = message.summary_of_facts, tongue.dice
    start, end = dice.pick([found.span() for found in LONG_WORD.finditer(text)])
    sign = dice.pick(HIDDEN)
    word = text[start : start + 3] + sign + text[start + 3 : end] if dice.below(2) else f"\u202e{text[start:end]}\u202c"
    return changed(message, "summary_of_facts", text[:start] + word + text[end:]), "summary_of_facts"


WORDING: tuple[Defect, ...] = (
    defect("MSG-23", "request information letter", _other_language),
    defect("MSG-30", "request", emptied("summary_of_facts")),
    defect("ALL-01", "message red blue", said("neutrality")),
    defect("ALL-01", "message red blue", said("political"), also=("TXT-12",)),
    defect(
        "ALL-01",
        "message",
        put("subject", *(f"{crime} / REQUEST / NN" for crime in ("SEDITION", "Espionage", "ESPIONNAGE", "SEDICIÓN"))),
        adult,
    ),
    defect("RED-03", "red", said("private")),
    defect("TXT-01", TEXTS, _unlisted),
    defect("TXT-02", "message letter", _misspelt, has("persons")),
    defect("TXT-03", ALL, filled("ambiguous", "date", *DATES)),
    defect("TXT-04", ALL, filled("local", "local", *LOCAL)),
    defect("TXT-05", ALL, _wrong_digit),
    defect("TXT-05", "message letter", _wrong_object),
    defect("TXT-27", "message letter", _odd_vehicle),
    defect("TXT-06", ALL, said("guilt")),
    defect("TXT-07", ALL, said("overclaim")),
    defect("TXT-08", ALL, said("vague")),
    defect("TXT-09", ALL, said("mixed")),
    defect("TXT-10", ALL, said("confidence")),
    defect("TXT-11", ALL, said("opinion")),
    defect("TXT-12", ALL, said("sensitive")),
    defect("TXT-14", ALL, said("several")),
    defect("TXT-15", "request", instead("undated")),
    defect("TXT-16", "request", instead("impersonal"), has("persons")),
    defect("TXT-17", "request", _too_short),
    defect("TXT-18", ALL, filled("unplaced", "lost", *LOST)),
    defect("TXT-21", ALL, filled("short", "short", *SHORT)),
    defect("TXT-28", ALL, _unseen, lambda message: LONG_WORD.search(message.summary_of_facts) is not None),
)
