"""Defects of notices and of letters of request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bureaux.defect import Change, Defect, build_emptying_change, defect, put
from bureaux.story_language import Tongue, faults, story
from bureaux.world import person
from workbench.messages.model.message import Charge, Correspondence, Notice
from workbench.messages.model.message_fields import list_values, replace_field
from workbench.messages.rules.treaty_scope import OWN


def _build_entry_change(path: str, kind: type, **more: Any) -> Change:  # noqa: ANN401
    """A change that adds a poor entry to a list."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        (_, entries), *_ = list_values(message, path)
        return replace_field(message, path, (*entries, kind(**more))), f"{path}[{len(entries)}]"

    return change


def _build_charge_change(name: str) -> Change:
    """A change of the first charge: its text is a sentence that breaks a rule."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        return replace_field(message, "charges[0].text", tongue.pick_fault(name)), "charges[0].text"

    return change


def _foreign_charge(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(message, "charges[0].language", tongue.dice.pick(("de", "pt", "ru"))), "charges[0].text"


def _weak_identity(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    one = message.persons[0]
    weak = tongue.dice.pick(
        ({"description": "", "documents": ()}, {"sex": ""}, {"forename": ""}, {"date_of_birth": ""})
    )
    return replace_field(message, "persons", (replace(one, **weak),)), "persons[0].family_name"


def _asylum(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    (_, country), *_ = list_values(message, "decisions.country")
    return replace_field(message, "persons[0].asylum_from", (country,)), "persons[0].asylum_from"


def _set_minor_birth_date(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """Seventeen on the day of the facts, and of age today."""
    (_, when), *_ = list_values(message, "date_of_facts")
    day = date.fromisoformat(when) - timedelta(days=int(18 * 365.25) - 40)
    return replace_field(message, "persons[0].date_of_birth", day.isoformat()), "persons[0].date_of_birth"


def _old_warrant(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    day = tongue.today - timedelta(days=tongue.dice.random_between(3700, 7000))
    return replace_field(message, "decisions[0].date", day.isoformat()), "decisions[0].date"


def _named_body(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(message, "persons[0].family_name", tongue.who.family_name), "persons[0].family_name"


def _person_added(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(message, "persons", (person(tongue.dice, "XA", tongue.today),)), "persons"


def _short_facts(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    text = tongue.fill(story(tongue.code)["areas"][message.crime_area[0]]["facts"][0])
    return replace_field(message, "summary_of_facts", text[:150].rpartition(" ")[0]), "summary_of_facts"


def _undated_facts(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    lines = [tongue.fill(one) for one in (faults(tongue.code)["undated"] + story(tongue.code)["enquiries"])]
    return replace_field(message, "summary_of_facts", " ".join(lines)), "summary_of_facts"


def _impersonal_facts(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(
        message, "summary_of_facts", " ".join(tongue.fill(one) for one in faults(tongue.code)["impersonal"])
    ), "summary_of_facts"


def _is_published_notice(message: Correspondence) -> bool:
    """Whether it is a notice that the General Secretariat publishes."""
    return isinstance(message, Notice) and not message.diffusion and message.color != "un"


def _is_diffusion(message: Correspondence) -> bool:
    return isinstance(message, Notice) and message.diffusion


def _of_untoc(message: Correspondence) -> bool:
    """Whether the offence is one that UNTOC itself describes."""
    return not OWN.isdisjoint(message.crime_area)


def _is_not_untoc(message: Correspondence) -> bool:
    return not _of_untoc(message)


YES, NO = (True,), (False,)
EVENT = ("event.reference", "event.date", "event.place")
NOTICED: tuple[Defect, ...] = (
    defect("NOT-01", "red blue green", put("color", "", "pink", "violet", "grey")),
    defect("NOT-03", "notice", put("to", ("XB-NCB",), ("IPSG", "XC-NCB")), _is_published_notice),
    defect("NOT-04", "notice", put("to", ("IPSG",)), _is_diffusion),
    defect("BLU-01A", "blue", put("persons[0].status", "missing", "deceased", "associate_contact")),
    defect("BLU-01B", "blue", put("sought", (), ("help",), ("location", "money"))),
    defect("GRN-01", "green", build_emptying_change("assessment.authority", "assessment.date", "assessment.basis", "assessment.facts")),
    defect("YEL-01A", "yellow", build_emptying_change(*EVENT, "event.circumstances")),
    defect("YEL-01B", "yellow", build_emptying_change("persons[0].description")),
    defect("YEL-01C", "yellow", build_emptying_change("disclosure_allowed"), lambda message: message.subject.count(" / ") < 3),
    defect("BLK-01A", "black", build_emptying_change("persons[0].fingerprints")),
    defect("BLK-01B", "black", build_emptying_change(*EVENT)),
    defect("BLK-01C", "black", _named_body),
    defect("PUR-01A", "purple", put("modus_operandi", "", "In boxes.", "Hidden in tiles, under a blue tape.")),
    defect("PUR-01B", "purple", _person_added),
    defect("ORA-01", "orange", build_emptying_change("threat", "on_contact")),
    defect("ORA-02", "orange", build_emptying_change("assessment.basis"), lambda message: bool(message.persons)),
    defect("ORA-03", "orange", put("threat", "A parcel with a detonator.", "Un paquete con un detonador.", "Un colis piégé.")),
    defect("SIL-01A", "silver", build_emptying_change("offence", "assets", "assets[0].kind", "assets[0].link")),
    defect("SIL-01B", "silver", put("pilot", *NO)),
    defect("UN-01A", "un", put("un_reference", "", "432", "QDx.12", "QDi 432")),
    defect("UN-01A", "un", build_emptying_change("un_resolution")),
    defect("UN-01B", "un", put("measures", (), ("prison",), ("freeze", "watch"))),
    defect("ALL-01", "red", _build_charge_change("neutrality")),
    defect("ALL-02", "red", _foreign_charge),
    defect("RED-01", "red", build_emptying_change("serious_crime_reason")),
    defect("RED-02", "red", put("charges[0].maximum_years", 1.0, 0.5, 1.75)),
    defect("RED-03", "red", _build_charge_change("private")),
    defect("RED-04", "red", _weak_identity),
    defect("RED-05", "red", _short_facts),
    defect("RED-05", "red", _undated_facts),
    defect("RED-05", "red", _impersonal_facts),
    defect("RED-05", "red", build_emptying_change("summary_of_facts")),
    defect("RED-06A", "red", build_emptying_change("charges")),
    defect("RED-06B", "red", build_emptying_change("charges[0].law")),
    defect("RED-06C", "red", _build_entry_change("charges", Charge, text="2", law="2", provision="2", limitation_date="2049-01-01")),
    defect("RED-06D", "red", build_emptying_change("decisions")),
    defect("RED-06E", "red", build_emptying_change("decisions[0].reference", "decisions[0].date",
           "decisions[0].authority", "decisions[0].country")),
    defect("RED-06F", "red", put("decisions[0].date", "2025-13-01", "1 June", "2031-05-05", "01/06/2025")),
    defect("RED-07", "red", build_emptying_change("decisions[0].attachment")),
    defect("RED-08", "red", put("extradition_assured", *NO, None)),
    defect("RED-09A", "red", _asylum),
    defect("RED-09B", "red", _set_minor_birth_date),
    defect("RED-10A", "red", put("charges[0].limitation_date", "", "2020-01-01", "2024-06-30")),
    defect("RED-10B", "red", _old_warrant),
    defect("RED-11", "red", put("in_absentia", *YES)),
    defect("MLA-01", "letter", build_emptying_change("requesting_authority", "requesting_contact")),
    defect("MLA-02", "letter", build_emptying_change("subject_matter", "proceeding")),
    defect("MLA-03", "letter", build_emptying_change("conducting_authority", "conducting_functions")),
    defect("MLA-04", "letter", build_emptying_change("summary_of_facts")),
    defect("MLA-05", "letter", build_emptying_change("assistance", "assistance_detail")),
    defect("MLA-06", "letter", put("assistance", ("favours",), ("bank_records", "advice"))),
    defect("MLA-07", "letter", put("special_procedure", "Under oath", "In the presence of a judge")),
    defect("MLA-08", "letter", build_emptying_change("persons"), also=("TXT-01",)),
    defect("MLA-09", "letter", build_emptying_change("evidence_purpose")),
    defect("MLA-10", "letter", build_emptying_change("central_authority", "requested_state")),
    defect("MLA-11", "letter", build_emptying_change("treaty")),
    defect("MLA-12", "letter", build_emptying_change("provisions")),
    defect("MLA-13", "letter", build_emptying_change("dual_criminality")),
    defect("MLA-14", "letter", build_emptying_change("nexus")),
    defect("MLA-15", "letter", put("confidentiality_wish", "Tell nobody.", "Not to be told to the holder.")),
    defect("MLA-16", "letter", put("deadline", "2026-12-01", "2027-03-31")),
    defect("MLA-17", "letter", build_emptying_change("account", "account_period", "account_holder")),
    defect("MLA-18", "letter", put("assistance", ("search_seizure_freezing",), ("bank_records", "search_seizure_freezing"))),
    defect("MLA-19", "letter", build_emptying_change("certification")),
    defect("MLA-20", "letter", lambda message, tongue: (replace_field(message, "to", (f"{message.to[0][:2]}-NCB",)), "to")),
    defect("MLA-21", "letter", put("requested_state", "England", "UK", "xb")),
    defect("MLA-31", "letter", put("maximum_years", 1.0, 2.0, 3.5), _is_not_untoc),
    defect("MLA-32", "letter", build_emptying_change("scope")),
    defect("MLA-33", "letter", put("maximum_years", None), _is_not_untoc),
    defect("MLA-34", "letter", put("maximum_years", 0.25, 0.5), _of_untoc),
)  # fmt: skip
