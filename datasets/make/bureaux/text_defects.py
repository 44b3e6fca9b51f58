"""Defects of texts: sentences that are added to a summary of facts, or that take its place."""

from __future__ import annotations

import re

from greyheron import identifiers

from bureaux import world
from bureaux.defect import Change, Defect, append_sentence, build_emptying_change, build_sentence_change, defect, put
from bureaux.header_defects import adult, build_field_test
from bureaux.story_language import Tongue, faults, story
from workbench.messages.model import value_formats
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import replace_field

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


def build_slot_change(name: str, slot: str, *choices: str) -> Change:
    """A change that adds a sentence with one of some values in its slot."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        sentence = tongue.dice.pick(faults(tongue.code)[name])
        return append_sentence(message, tongue.fill(sentence, **{slot: tongue.dice.pick(choices)}))

    return change


def instead(*names: str) -> Change:
    """A change that puts other sentences in the place of the summary."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        text = " ".join([tongue.pick_fault(name) for name in names] + [tongue.pick_sentence("close")])
        return replace_field(message, "summary_of_facts", text), "summary_of_facts"

    return change


def _name_unlisted_person(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    known = {one.family_name for one in message.persons}
    name = tongue.dice.pick([one.upper() for one in world.SURNAMES if one.upper() not in known])
    other = f"{name} {tongue.dice.pick(world.FORENAMES[tongue.dice.pick('FM')])}"
    return append_sentence(message, tongue.fill(tongue.dice.pick(faults(tongue.code)["unlisted"]), other=other))


def _misspell_family_name(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    name = message.persons[0].family_name
    at = tongue.dice.random_between(2, len(name) - 2)
    wrong = tongue.dice.pick((name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]))
    return replace_field(message, "persons[0].family_name", wrong), "summary_of_facts"


def _change_digit(value: str, at: int) -> str:
    return f"{value[:at]}{(int(value[at]) + 1) % 10}{value[at + 1 :]}"


def _wrong_digit(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    kind = tongue.dice.pick(("account", "handset", "vin", "mrz"))
    if kind == "vin":
        value = tongue.dice.pick(VINS)
        return append_sentence(
            message, tongue.fill(tongue.dice.pick(faults(tongue.code)["vin"]), vin=_change_digit(value, 16))
        )
    if kind == "mrz":
        return append_sentence(
            message, tongue.fill(tongue.dice.pick(faults(tongue.code)["mrz"]), mrz=_change_digit(MRZ, 9))
        )
    good = world.number(tongue.dice, kind)
    bad = identifiers.spoiled_iban(good) if kind == "account" else identifiers.spoiled_imei(good)
    sentence = tongue.dice.pick(story(tongue.code)["links"][kind])
    return append_sentence(message, tongue.fill(sentence, account=identifiers.group_characters(bad), imei=bad))


def _wrong_object(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    good = world.number(tongue.dice, "handset")
    poor = world.item(tongue.dice, "handset", identifiers.spoiled_imei(good), "XA")
    return replace_field(message, "objects", (*message.objects, poor)), f"objects[{len(message.objects)}].number"


def _odd_vehicle(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """The number of a European vehicle whose ninth sign is a figure, and not the check digit that other makers put there."""
    dice = tongue.dice
    maker, serial = dice.pick(("WBA3K5H2", "VF1BM0A4", "ZFA1990E")), f"8A{dice.random_between(100_000, 899_999)}"
    made = [f"{maker}{sign}{serial}" for sign in dice.shuffle(tuple("0123456789"))]
    odd = world.item(
        dice, "vehicle", next(number for number in made if not value_formats.has_vin_check_digit(number)), "XA"
    )
    return replace_field(message, "objects", (*message.objects, odd)), f"objects[{len(message.objects)}].number"


def _other_language(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(
        message, "language", tongue.dice.pick([code for code in ("en", "fr", "es", "ar") if code != tongue.code])
    ), "language"


def _too_short(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    area = story(tongue.code)["areas"][message.crime_area[0]]["title"].lower()
    return replace_field(
        message, "summary_of_facts", tongue.fill("{who}: ") + f"{area}, {tongue.today.year}."
    ), "summary_of_facts"


def _insert_hidden_sign(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """A word that is turned round, or parted by a sign without width."""
    text, dice = message.summary_of_facts, tongue.dice
    start, end = dice.pick([found.span() for found in LONG_WORD.finditer(text)])
    sign = dice.pick(HIDDEN)
    word = (
        text[start : start + 3] + sign + text[start + 3 : end]
        if dice.random_below(2)
        else f"\u202e{text[start:end]}\u202c"
    )
    return replace_field(message, "summary_of_facts", text[:start] + word + text[end:]), "summary_of_facts"


WORDING: tuple[Defect, ...] = (
    defect("MSG-23", "request information letter", _other_language),
    defect("MSG-30", "request", build_emptying_change("summary_of_facts")),
    defect("ALL-01", "message red blue", build_sentence_change("neutrality")),
    defect("ALL-01", "message red blue", build_sentence_change("political"), also=("TXT-12",)),
    defect(
        "ALL-01",
        "message",
        put("subject", *(f"{crime} / REQUEST / NN" for crime in ("SEDITION", "Espionage", "ESPIONNAGE", "SEDICIÓN"))),
        adult,
    ),
    defect("RED-03", "red", build_sentence_change("private")),
    defect("TXT-01", TEXTS, _name_unlisted_person),
    defect("TXT-02", "message letter", _misspell_family_name, build_field_test("persons")),
    defect("TXT-03", ALL, build_slot_change("ambiguous", "date", *DATES)),
    defect("TXT-04", ALL, build_slot_change("local", "local", *LOCAL)),
    defect("TXT-05", ALL, _wrong_digit),
    defect("TXT-05", "message letter", _wrong_object),
    defect("TXT-27", "message letter", _odd_vehicle),
    defect("TXT-06", ALL, build_sentence_change("guilt")),
    defect("TXT-07", ALL, build_sentence_change("overclaim")),
    defect("TXT-08", ALL, build_sentence_change("vague")),
    defect("TXT-09", ALL, build_sentence_change("mixed")),
    defect("TXT-10", ALL, build_sentence_change("confidence")),
    defect("TXT-11", ALL, build_sentence_change("opinion")),
    defect("TXT-12", ALL, build_sentence_change("sensitive")),
    defect("TXT-14", ALL, build_sentence_change("several")),
    defect("TXT-15", "request", instead("undated")),
    defect("TXT-16", "request", instead("impersonal"), build_field_test("persons")),
    defect("TXT-17", "request", _too_short),
    defect("TXT-18", ALL, build_slot_change("unplaced", "lost", *LOST)),
    defect("TXT-21", ALL, build_slot_change("short", "short", *SHORT)),
    defect("TXT-28", ALL, _insert_hidden_sign, lambda message: LONG_WORD.search(message.summary_of_facts) is not None),
)
