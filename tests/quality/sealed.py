"""The sealed messages as messages of the desk, and what the rules tell of them.

What the desk has no field for is left out: the text of a requested action (its code stays); of persons minor_handling and
identity_location; diffusion_purpose; of notices wanted_for, person_status and investigation (blue), aim, imminent, country and the
police's own date and place where the event has them. A diffusion has the fields of a message and none of a notice's, so it is read as
a message. `UNKNOWN` is no name. The mark MINOR stands at the head of the subject, where the desk wants it. Values stay as they are:
"all members", from which extradition will be sought, is a country code to nobody. Its crime areas and kinds of objects and documents
are words of its author, who had no list: those that mean one of ours stand as its code, as an officer who files the message would write
it, and an object of any other kind ("watches") as `other`.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from workbench.case.desk import find_mentions
from workbench.messages import Fault, LetterOfRequest, Mention, Message, Notice, Surroundings, check
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import (
    Assessment,
    Asset,
    Attachment,
    Charge,
    Correspondence,
    Decision,
    Event,
    Identity,
    Item,
    Person,
    Source,
)
from workbench.messages.wording import crime_areas
from workbench.model.text.normalise import normalise_name

FIRST, SECOND = (Path(__file__).parent / name for name in ("sealed_messages", "sealed_messages_2"))
"""The two sets: their messages, the defects planted in them, how they were made."""
JOINED = tomllib.loads((FIRST.parent / "sealed.toml").read_text("utf-8"))
Sealed = Mapping[str, Any]
SAME = (
    "message_id", "thread_id", "our_ref", "from_bureau", "date_time", "urgency", "urgency_reason", "reply_by", "purpose", "legal_basis",
    "language", "confidentiality", "handling", "handling_text", "tlp", "summary_of_facts", "author", "approver", "signature",
    "last_verified", "review_due",
)  # fmt: skip
ACTIONS = {"subscriber/CDR data": "subscriber_data"}
OBJECTS = {"bank_account": "account", "imei": "handset"}
NUMBERED = re.compile(r"[+\dA-Z][\dA-Z ]{6,}")
"""A number that identifies an object; anything else describes it."""
ASSETS = {"accounts": "account", "businesses": "business", "vehicles": "vehicle", "vessels": "other"}
BODY = ("height", "weight", "eyes_colors_id", "hairs_id", "distinguishing_marks")
NEAR = 80
"""Likeness, of 100, from which a word that a rule shows is one that the truth quotes."""


def lines(place: Path, name: str) -> list[Sealed]:
    return [json.loads(line) for line in (place / name).read_text("utf-8").splitlines()]


def message(sealed: Sealed) -> Correspondence:
    """A sealed message as the desk has it."""
    if sealed["kind"] == "notice":
        return _notice(sealed, sealed["notice"])
    if sealed["kind"] == "letter_of_request":
        return _letter(sealed, sealed["mla"])
    actions = [ACTIONS.get(one["code"], one["code"].replace(" ", "_")) for one in sealed["requested_action"]]
    return Message(
        **_envelope(sealed),
        type=sealed["type"],
        your_ref=sealed["your_ref"],
        other_refs=tuple(sealed["other_refs"]),
        requested_action=tuple(JOINED["actions"].get(sealed["message_id"], actions)),
    )


def _envelope(sealed: Sealed) -> dict[str, Any]:
    minor = any("MINOR" in one.get("marks", ()) for one in sealed["persons"])
    limit = sealed.get("mla", {}).get("use_limitation", "")
    return {
        **{name: sealed[name] for name in SAME},
        **{name: tuple(sealed[name]) for name in ("to", "cc")},
        "crime_area": tuple(crime_areas.find_code(one) or one for one in sealed["crime_area"]),
        "subject": f"MINOR / {sealed['subject']}" if minor else sealed["subject"],
        "persons": tuple(_person(one, sealed) for one in sealed["persons"]),
        "objects": tuple(map(_item, sealed["objects"])),
        "sources": tuple(map(_source, sealed["sources"])),
        "attachments": tuple(
            Attachment(**{key: value for key, value in one.items() if key != "content"}) for one in sealed["attachments"]
        ),
        "conditions_of_use": " ".join(filter(None, (sealed["conditions_of_use"], limit))),
        "sensitive_reason": " ".join(one["reason"] for one in sealed.get("sensitive_data", ())),
    }  # fmt: skip


def _person(sealed: Sealed, letter: Sealed) -> Person:
    name = sealed["family_name"]
    prints = "fingerprints" in letter.get("notice", {}).get("identifiers", ())
    return Person(
        family_name="" if name == "UNKNOWN" else name,
        forename=sealed["forename"],
        name_in_original_script=sealed.get("name_in_original_script", ""),
        aliases=tuple(sealed.get("aliases", ())),
        sex=sealed["sex_id"],
        date_of_birth=sealed["date_of_birth"],
        nationalities=tuple(sealed["nationalities"]),
        status=sealed["status"],
        documents=tuple(
            Identity(kind=_code(one["type"], "document_kinds"), number=one["number"], country=one["country"])
            for one in sealed.get("identity_documents", ())
        ),
        description=", ".join(_plain(sealed[part]) for part in BODY if sealed.get(part)),
        photo=_attached(letter, "image/") if letter["kind"] == "notice" else "",
        fingerprints=_attached(letter, "application/") if prints else "",
        asylum_from=tuple(filter(None, [sealed.get("refugee_from", "")])),
        **_grades(sealed),
    )


def _plain(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _code(word: str, name: str) -> str:
    """A word of the author as the code that says the same, else `other`; nothing stays nothing."""
    code = word.replace(" ", "_")
    return code if not word or code in get_codes(name) else "other"


def _attached(sealed: Sealed, kind: str) -> str:
    return next((one["name"] for one in sealed["attachments"] if one["media_type"].startswith(kind)), "")


def _grades(sealed: Sealed) -> dict[str, str]:
    grading = sealed.get("grading") or {}
    names = {"scale": "scale", "source_grade": "source", "information_grade": "information"}
    return {ours: str(grading.get(theirs, "")) for ours, theirs in names.items()}


def _item(sealed: Sealed) -> Item:
    place = "number" if NUMBERED.fullmatch(sealed["value"]) else "description"
    kind = _code(OBJECTS.get(sealed["kind"], sealed["kind"]), "item_kinds")
    return Item(kind=kind, status=sealed["status"], **{place: sealed["value"]}, **_grades(sealed))


def _source(sealed: Sealed) -> Source:
    return Source(
        name=sealed["source"],
        document=sealed["document"],
        locator=sealed["locator"],
        received=sealed["date_received"],
        confidentiality=sealed.get("confidentiality", ""),
    )


def _notice(sealed: Sealed, notice: Sealed) -> Notice:
    assured, found = notice.get("extradition", {}), notice.get("threat_assessment", {})
    return Notice(
        **_envelope(sealed),
        color=notice["notice_type"],
        serious_crime_reason=notice.get("serious_crime_statement", ""),
        charges=tuple(_charge(one, notice) for one in notice.get("charges", ())),
        decisions=_decisions(sealed, notice.get("warrant", {})),
        extradition_assured=bool(assured["extradition_will_be_sought"] and assured["agreed_with"]) if assured else None,
        extradition_from=tuple(assured.get("countries", ())),
        in_absentia=notice.get("in_absentia"),
        retrial=notice.get("retrial_right", ""),
        special_check=notice.get("special_check") or "",
        sought=tuple(notice.get("information_sought", ())),
        assessment=Assessment(
            authority=found.get("authority", ""),
            date=found.get("date", ""),
            basis=found.get("grounds", ""),
            facts=found.get("facts", ""),
        ),
        event=_event(notice, notice.get("police_record", {})),
        body_identified=notice.get("body_identified"),
        disclosure_allowed=notice.get("privacy_law", ""),
        modus_operandi=notice.get("modus_operandi", ""),
        threat=notice.get("threat", ""),
        on_contact=notice.get("action_on_contact", ""),
        assets=tuple(_assets(notice)),
        offence=notice.get("offence", ""),
        pilot=notice.get("pilot", False),
        un_reference=notice.get("un_reference", ""),
        un_resolution=notice.get("un_resolution", ""),
        measures=tuple(one.replace(" ", "_") for one in notice.get("measures", ())),
    )


def _charge(sealed: Sealed, notice: Sealed) -> Charge:
    years = sealed.get("max_penalty_years")
    return Charge(
        text=sealed["charge"],
        law=sealed["law_reference"],
        provision=sealed.get("penal_provision_text", ""),
        maximum_years=None if years is None else float(years),
        imposed_months=notice.get("sentence_imposed_months"),
        remaining_months=notice.get("sentence_remaining_months"),
        limitation_date=notice["statute_limitation_date"],
    )


def _decisions(sealed: Sealed, warrant: Sealed) -> tuple[Decision, ...]:
    if not any(warrant.values()):
        return ()
    given = {"authority" if name == "issuing_authority" else name: value for name, value in warrant.items()}
    return (Decision(**given, attachment=_attached(sealed, "application/pdf")),)


def _event(notice: Sealed, record: Sealed) -> Event:
    return Event(
        reference=record.get("reference", ""),
        date=notice.get("date_of_event", "") or record.get("date", ""),
        place=notice.get("place", "") or record.get("place", ""),
        circumstances=notice.get("circumstances", ""),
    )


def _assets(notice: Sealed) -> Iterable[Asset]:
    """Each class of assets in each country of interest, tied to the person by all the links that are told."""
    kinds, lands = notice.get("asset_classes", ()), notice.get("countries_of_interest", ())
    link = "; ".join(notice.get("person_asset_links", ()))
    if kinds or lands or link:
        for kind, land in product(kinds or [""], lands or [""]):
            yield Asset(kind=ASSETS.get(kind, kind), country=land, link=link)


def _letter(sealed: Sealed, mla: Sealed) -> LetterOfRequest:
    special, bank = mla.get("special_procedure") or {}, mla.get("bank") or {}
    return LetterOfRequest(
        **_envelope(sealed),
        requesting_authority=mla["requesting_authority"]["name"],
        requesting_contact=mla["requesting_authority"]["contact"],
        conducting_authority=mla["conducting_authority"]["name"],
        conducting_functions=mla["conducting_authority"]["functions"],
        proceeding=mla["nature"],
        subject_matter=mla["subject_matter"],
        requested_state=sealed["to"][0][:2],
        central_authority=mla["central_authority"],
        accepted_languages=tuple(mla["accepted_languages"]),
        assistance=tuple(JOINED["assistance"][sealed["message_id"]]),
        assistance_detail="; ".join(mla["assistance_sought"]),
        special_procedure=special.get("procedure", ""),
        special_procedure_reason=special.get("why", ""),
        evidence_purpose=mla["purpose_of_evidence"],
        provisions=mla["legal_provisions"],
        dual_criminality="; ".join(
            f"{one['offence']}: {one['requested_state_law']}" for one in mla["dual_criminality"]
        ),
        nexus=mla["nexus"],
        confidentiality_wish=mla["confidentiality"]["wish"],
        confidentiality_reason=mla["confidentiality"]["reason"],
        deadline=mla["deadline"]["date"],
        deadline_reason=mla["deadline"]["reason"],
        account=bank.get("account", ""),
        account_period=bank.get("period", ""),
        account_holder=bank.get("holder", ""),
        search_grounds=mla.get("basis_for_belief") or "",
        certification=mla["certification"],
    )


@cache
def places() -> frozenset[str]:
    """Countries, bureaux and towns of the invented world, in every spelling that the README has."""
    world = (FIRST / "README.md").read_text("utf-8").partition("## The invented world")[2].partition("## Counts")[0]
    names = (re.sub(r"^(?:[XQ][A-Z]|in French) ", "", one.strip()) for one in re.split(r"[|,.:()\n]|, ", world))
    return frozenset(filter(None, map(normalise_name, names)))


@cache
def reader(text: str) -> Sequence[Mention]:
    """What the desk reads in a text; places of the invented world are known to it."""
    return [
        one for one in find_mentions(text) if one.kind != "unknown place" or normalise_name(one.text) not in places()
    ]


def surroundings(sealed: Sealed, others: Sequence[Sealed]) -> Surroundings:
    """What is known when the message is written: what its bureau sent before, all references, its files, who has no access."""
    now = moment(sealed)
    return Surroundings(
        now=now,
        sent=[message(one) for one in others if one["from_bureau"] == sealed["from_bureau"] and moment(one) < now],
        references=frozenset(one["our_ref"] for one in others if one is not sealed),
        restricted=frozenset(land for one in sealed["persons"] for land in one.get("access_restriction", ())),
        hashes={one["name"]: _digest(one["content"]) for one in sealed["attachments"] if "content" in one},
        reader=reader,
    )


def moment(sealed: Sealed) -> datetime:
    found = datetime.fromisoformat(sealed["date_time"])
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def meant(fault: Fault, defect: Sealed) -> bool:
    """Whether a fault tells of a defect: a rule that says the same and, in a running text, at the words that are quoted."""
    if fault.rule.id not in JOINED["rules"][defect["rule"]]:
        return False
    if fault.start is None or "'" not in defect["where"]:
        return True
    shown, quoted = (re.findall(r"\w{2,}", text.casefold()) for text in (fault.quote, defect["where"]))
    return any(fuzz.ratio(one, other) >= NEAR for one, other in product(shown, quoted))


def measured(place: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Defects that were planted in a set, and faults that were told.

    Columns of the first: message_id, kind, language, defect, section, found; of the second: message_id, kind, language, rule,
    severity, field, quote, right (a planted defect is meant), unsaid (the set has no words for what is asked).
    """
    sealed = lines(place, "messages.jsonl")
    truth = {one["message_id"]: one["defects"] for one in lines(place, "truth.jsonl")}
    planted, told = [], []
    for one in sealed:
        faults, defects = check(message(one), surroundings(one, sealed)), truth[one["message_id"]]
        head = {name: one[name] for name in ("message_id", "kind", "language")}
        planted += [
            {**head, "defect": defect["rule"], "section": defect["section"], "found": any(meant(fault, defect) for fault in faults)}
            for defect in defects
        ]  # fmt: skip
        told += [
            {**head, "rule": fault.rule.id, "severity": fault.rule.severity, "field": fault.field, "quote": fault.quote,
             "right": any(meant(fault, defect) for defect in defects),
             "unsaid": JOINED["unsaid"].get(fault.rule.id) == fault.quote}
            for fault in faults
        ]  # fmt: skip
    return pd.DataFrame(planted), pd.DataFrame(told)
