"""Defects of what stands behind a message: sources, their marks, verification, review, names in their own script, disclosure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bureaux.defect import Change, Defect, build_emptying_change, build_sentence_change, defect, put
from bureaux.header_defects import adult, build_field_test, level
from bureaux.story_language import Tongue
from bureaux.text_defects import instead
from workbench.messages.model.message import Correspondence, Person
from workbench.messages.model.message_fields import replace_field

YES = (True,)
SHAPELESS = ("Request", "Information on a person", "Demande urgente", "Solicitud", "طلب")
ALL = "message notice letter"
LISTED = "message letter"


def _grade_single_source(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """One source, and the best grade."""
    best = replace(message.persons[0], source_grade="A", information_grade="1")
    spoiled = replace_field(message, "persons", (best, *message.persons[1:]))
    return replace_field(spoiled, "sources", message.sources[:1]), "persons[0].source_grade"


def _one_source(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """One source, and a grade that says that others support it."""
    third = replace(message.persons[0], scale="4x4", information_grade="3")
    spoiled = replace_field(message, "persons", (third, *message.persons[1:]))
    return replace_field(spoiled, "sources", message.sources[:1]), "persons[0].information_grade"


def _of_the_dead(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    spoiled = replace_field(message, "persons[0].status", "deceased")
    return replace_field(spoiled, "purpose", tongue.dice.pick(("wanted", "warn"))), "persons"


def _witness_bared(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    bared = replace(message.persons[0], status="witness", parents="NN Ana, NN Luis")
    return replace_field(message, "persons", (bared, *message.persons[1:])), "persons[0].documents"


def _to_come(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """Facts in which each year is one to come."""
    return replace_field(
        message, "summary_of_facts", re.sub(r"\b20[0-9]{2}\b", "2093", message.summary_of_facts)
    ), "summary_of_facts"


def _follows_nothing(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(replace_field(message, "your_ref", ""), "other_refs", ()), "other_refs"


def _says_nothing(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    for path in ("summary_of_facts", "persons", "objects", "attachments"):
        message = replace_field(message, path, type(getattr(message, path))())
    return message, "summary_of_facts"


def _days_off(path: str, *days: int) -> Change:
    """A change that puts a day so many days from today into a field."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        day = tongue.today + timedelta(days=tongue.dice.pick(days))
        return replace_field(message, path, day.isoformat()), path

    return change


def _latin_only(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    one = replace(message.persons[0], nationalities=(tongue.dice.pick(("GR", "RU", "EG")),), name_in_original_script="")
    return replace_field(message, "persons", (one, *message.persons[1:])), "persons[0].name_in_original_script"


def _nobody(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """A person whom nothing tells from others."""
    one = Person(sex="U", status="unidentified", scale="4x4", source_grade="B", information_grade="2")
    return replace_field(message, "persons", (one,)), "persons"


def _set_short_summary(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(message, "summary_of_facts", tongue.fill("{who}, {place}, {day}.")), "summary_of_facts"


def _set_unknown_state(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """A State with which no treaty is known."""
    return replace_field(replace_field(message, "treaty", ""), "requested_state", "XZ"), "treaty"


SOURCED: tuple[Defect, ...] = (
    defect("MSG-41", ALL, put("sources[1].confidentiality", "RESTRICTED", "CONFIDENTIAL", wrong="confidentiality"), level("FOUO")),
    defect("MSG-42", ALL, put("sources[0].handling", "H2", "H3", wrong="handling"), lambda message: message.handling in ("H0", "H1")),
    defect("MSG-43", LISTED, put("subject", *SHAPELESS), adult),
    defect("REC-15", LISTED, put("sources", ()), build_field_test("persons")),
    defect("REC-16", ALL, _days_off("last_verified", -32, -90, -700)),
    defect("REC-17", ALL, _days_off("review_due", -1, -200, 2000)),
    defect("REC-18", LISTED, _grade_single_source, build_field_test("persons")),
    defect("REC-21", LISTED, _one_source, build_field_test("persons")),
    defect("REC-22", "message", _of_the_dead, build_field_test("persons")),
    defect("REC-23", "request", _witness_bared, build_field_test("persons")),
    defect("TXT-26", "request", _to_come),
    defect("MSG-45", "cancellation correction acknowledgement", _follows_nothing),
    defect("MSG-46", "information", _says_nothing),
    defect("REC-19", LISTED, _latin_only, build_field_test("persons")),
    defect("REC-20", "yellow black", put("event.date", "2026-02-30", "31/01/2026", "2099-01-01")),
    defect("NOT-02", "notice", put("public", *YES)),
    defect("BLU-01C", "blue", _set_short_summary),
    defect("BLU-01D", "blue", _nobody, also=("TXT-01", "BLU-01A")),
    defect("PUR-01C", "purple", put("purpose", "wanted", "missing")),
    defect("SIL-01C", "silver", put("assets[0].country", "")),
    defect("RED-07B", "red", build_emptying_change("charges[0].provision")),
    defect("RED-08B", "red", build_emptying_change("extradition_from")),
    defect("MLA-22", "letter", put("accepted_languages", ("de",), ("pt", "it"))),
    defect("MLA-23", "letter", build_emptying_change("conditions_of_use")),
    defect("MLA-24", "letter", _set_unknown_state),
    defect("TXT-22", "request", instead("placeless")),
    defect("TXT-23", "request", instead("actless")),
    defect("TXT-24", "request", instead("wayless"), lambda message: message.persons[0].status != "missing"),
    defect("TXT-25", ALL, build_sentence_change("impossible")),
)  # fmt: skip
