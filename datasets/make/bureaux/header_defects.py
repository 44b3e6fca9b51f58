"""Defects of heads, lists and marks: a field that is empty, that holds no code of its list, or that does not fit another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bureaux import world
from bureaux.defect import Change, Defect, Fits, build_emptying_change, defect, put
from bureaux.story_language import Tongue
from workbench.messages.model.message import Correspondence, Person
from workbench.messages.model.message_fields import replace_field

ALL = "message notice letter"
LISTED = "message letter"
NAMED = "message letter red green"


def build_field_test(path: str) -> Fits:
    """Fits messages in which a field or list is not empty."""
    return lambda message: bool(getattr(message, path, None))


def level(*levels: str) -> Fits:
    """Fits messages of some levels whose files are no higher."""
    return lambda message: message.confidentiality in levels


def calm(message: Correspondence) -> bool:
    """Fits messages of normal urgency that ask for no day."""
    return message.urgency == "normal" and not message.reply_by


def loose(message: Correspondence) -> bool:
    """Fits messages with a file that nothing else in them names."""
    return bool(message.attachments) and message.form == "message"


def adult(message: Correspondence) -> bool:
    """Fits messages whose subject marks nobody as a minor."""
    return bool(message.persons) and message.subject.count(" / ") < 3


def has_documents(message: Correspondence) -> bool:
    """Fits messages whose first person has an identity document."""
    return bool(message.persons and message.persons[0].documents)


def _add_own_bureau(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    path = tongue.dice.pick(("to", "cc"))
    return replace_field(message, path, (*getattr(message, path), message.from_bureau)), path


def _many(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    bureaux = [f"{country}-{office}" for country in world.LANGUAGE for office in ("NCB", "SUB")]
    return replace_field(message, "to", tuple(one for one in bureaux if one[:2] != message.from_bureau[:2])), "to"


def _add_closed_bureau(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    path = tongue.dice.pick(("to", "cc"))
    return replace_field(message, path, (*getattr(message, path), world.bureau(tongue.dice.pick(world.CLOSED)))), path


def _add_withdrawn_number(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    path, number = "persons[0].phones", tongue.dice.pick(world.WITHDRAWN)
    return replace_field(message, path, (*message.persons[0].phones, number)), path


def _no_danger(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace(message, urgency="immediate", urgency_reason=tongue.pick_sentence("urgent")), "urgency_reason"


def _wrong_reference(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    known = str(getattr(message, "your_ref", ""))
    wrong = tongue.dice.pick((f"{known[:-1]}X", message.our_ref, f"{message.to[0][:2]}/{tongue.dice.digits(5)}"))
    return replace_field(message, "your_ref", wrong), "your_ref"


def _local_time(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    bare = message.date_time[:19]
    return replace_field(
        message,
        "date_time",
        tongue.dice.pick((bare, bare[:10], f"{bare[8:10]}/{bare[5:7]}/{bare[:4]} {bare[11:16]}", "")),
    ), "date_time"


def _set_past_deadline(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    past = tongue.today - timedelta(days=tongue.dice.random_between(2, 400))
    return replace_field(message, "reply_by", past.isoformat()), "reply_by"


def _long_subject(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(
        message, "subject", " / ".join([message.subject] * (121 // len(message.subject) + 1))
    ), "subject"


def _add_data_to_subject(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    born = date.fromisoformat(message.persons[0].date_of_birth)
    clear = born.replace(day=born.day % 16 + 13)  # so that day and month cannot be mistaken for each other
    told = tongue.dice.pick((born.isoformat(), tongue.day(born), f"{clear:%d/%m/%Y}", f"XV{tongue.dice.digits(7)}"))
    return replace_field(message, "subject", f"{message.subject} {told}"), "subject"


def _high_file(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    path = f"attachments[{tongue.dice.random_below(len(message.attachments))}].confidentiality"
    higher = {"FOUO": ("RESTRICTED", "CONFIDENTIAL"), "RESTRICTED": ("CONFIDENTIAL",)}[message.confidentiality]
    return replace_field(message, path, tongue.dice.pick(higher)), path


def _program(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    ending = tongue.dice.pick((".xlsm", ".exe", ".jpg.js", ".docm"))
    return replace_field(
        message, "attachments[0].name", message.attachments[0].name[:-4] + ending
    ), "attachments[0].name"


def _changed_file(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    old = message.attachments[0].sha256
    return replace_field(
        message, "attachments[0].sha256", ("0" if old[0] != "0" else "1") + old[1:]
    ), "attachments[0].sha256"


def _same_officer(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    return replace_field(message, "approver", tongue.dice.pick(("", message.author))), "approver"


def _unmarked_minor(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    path = "persons[0].date_of_birth"
    return replace_field(message, path, world.make_birth_date(tongue.dice, tongue.today, minor=True)), path


def _late_birth(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    path, day = "persons[0].date_of_birth", tongue.today + timedelta(days=tongue.dice.random_between(30, 900))
    wrong = ("1988-02-30", "31/12/1980", "1840-01-01", "1979-13-01", day.isoformat())
    return replace_field(message, path, tongue.dice.pick(wrong)), path


def _in_one_field(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    one = message.persons[0]
    both = replace(one, family_name=f"{one.forename} {one.family_name.title()}", forename="")
    return replace_field(message, "persons", (both, *message.persons[1:])), "persons[0].family_name"


def _nameless(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    other = Person(sex="U", status="witness", scale="4x4", source_grade="B", information_grade="2")
    return replace_field(message, "persons", (*message.persons, other)), f"persons[{len(message.persons)}]"


def _bare_object(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    number = tongue.dice.random_below(len(getattr(message, "objects", ())))
    path = f"objects[{number}].{tongue.dice.pick(('kind', 'number'))}"
    return replace_field(message, path, ""), path


def _witness_arrested(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
    """A measure against somebody protected, of whom no more is given than the facts need."""
    spoiled = replace_field(message, "requested_action", (tongue.dice.pick(("arrest", "surveillance")),))
    protected = replace(spoiled.persons[0], status=tongue.dice.pick(("witness", "victim")), documents=())
    return replace_field(spoiled, "persons", (protected, *spoiled.persons[1:])), "requested_action"


def _thing(kind: str, *numbers: str) -> Change:
    """A change that adds a thing with one of some numbers that its kind does not have."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        wrong = replace(message.objects[0], kind=kind, number=tongue.dice.pick(numbers))
        return replace_field(message, "objects", (*message.objects, wrong)), f"objects[{len(message.objects)}].number"

    return change


COERCIVE = (("bank_records",), ("identify", "search"), ("seizure",), ("call_content",), ("interview_on_record",))
HEADERS: tuple[Defect, ...] = (
    defect("MSG-01", "message", build_emptying_change("type")),
    defect("MSG-02", "message", put("type", "wish", "query", "flash", "order")),
    defect("MSG-03", ALL, build_emptying_change("to")),
    defect("MSG-04", ALL, _add_own_bureau),
    defect("MSG-05", ALL, build_emptying_change("from_bureau")),
    defect("MSG-06", "request", _many, build_field_test("persons")),
    defect("MSG-07", ALL, build_emptying_change("our_ref")),
    defect("MSG-08", "reply reminder", build_emptying_change("your_ref")),
    defect("MSG-09", "reply reminder", _wrong_reference),
    defect("MSG-10", ALL, _local_time),
    defect("MSG-11", ALL, put("urgency", "flash", "routine", "high", "Urgent!"), calm),
    defect("MSG-12", ALL, put("urgency", "immediate"), calm),
    defect("MSG-47", ALL, _no_danger, calm),
    defect("MSG-48", "reply", build_emptying_change("summary_of_facts"), build_field_test("persons")),
    defect("MSG-13", ALL, _set_past_deadline, calm),
    defect("MSG-14", ALL, put("reply_by", "soon", "31/03/2026", "2026-02-30", "next week"), calm),
    defect("MSG-15", "request", put("urgency", "urgent"), calm),
    defect("MSG-16", ALL, _long_subject),
    defect("MSG-16", ALL, build_emptying_change("subject"), adult),
    defect("MSG-17", LISTED, _add_data_to_subject, build_field_test("persons")),
    defect("MSG-18", ALL, build_emptying_change("crime_area")),
    defect("MSG-44", ALL, put("crime_area", ("Frauds",), ("drugs",), ("money laundring",))),
    defect("MSG-19", ALL, build_emptying_change("legal_basis")),
    defect("MSG-20", ALL, build_emptying_change("purpose")),
    defect("MSG-21", ALL, put("purpose", "curiosity", "general", "any", "press")),
    defect("MSG-22", "message notice", put("language", "", "de", "it", "EN")),
    defect("MSG-24", ALL, build_emptying_change("confidentiality"), level("FOUO")),
    defect("MSG-25", ALL, put("confidentiality", "SECRETISH", "TOP SECRET", "INTERNAL", "fouo"), level("FOUO")),
    defect("MSG-26", ALL, put("handling", "H3")),
    defect("MSG-27", ALL, put("handling", "H7", "H", "H4", "none")),
    defect("MSG-28", ALL, put("tlp", "TLP:CLEAR"), build_field_test("persons")),
    defect("MSG-29", ALL, put("tlp", "TLP:WHITE", "AMBER", "TLP:BLUE", "tlp:red")),
    defect("MSG-31", "request", build_emptying_change("requested_action")),
    defect("MSG-32", "request", put("requested_action", ("help",), ("identify", "advise"), ("arrest him",))),
    defect("MSG-33", "request", put("requested_action", *COERCIVE)),
    defect("MSG-34", ALL, put("attachments[0].sha256", "", "1234", "not known", "g" * 64), build_field_test("attachments")),
    defect("MSG-34", "message", build_emptying_change("attachments[0].name"), loose),
    defect("MSG-35", ALL, _high_file, lambda message: bool(message.attachments) and message.confidentiality != "CONFIDENTIAL"),
    defect("MSG-36", "message", _program, loose),
    defect("MSG-36", ALL, put("attachments[0].media_type", "application/x-msdownload", "application/java-archive"),
           build_field_test("attachments")),
    defect("MSG-37", ALL, _same_officer, level("RESTRICTED", "CONFIDENTIAL")),
    defect("MSG-38", ALL, build_emptying_change("author")),
    defect("MSG-39", "message", build_emptying_change("conditions_of_use"), build_field_test("persons")),
    defect("MSG-40", NAMED, put("persons[0].photo", "face.jpg", "portrait-2.png"), build_field_test("persons")),
    defect("TXT-19", ALL, _add_closed_bureau),
    defect("TXT-29", LISTED, _add_withdrawn_number, build_field_test("persons")),
    defect("TXT-20", ALL, _changed_file, build_field_test("attachments")),
    defect("REC-01", NAMED, build_emptying_change("persons[0].status"), build_field_test("persons")),
    defect("REC-02", NAMED, put("persons[0].status", "criminal", "accused", "villain", "Suspect"), build_field_test("persons")),
    defect("REC-03", NAMED, put("persons[0].status", "unknown_role"), build_field_test("persons")),
    defect("REC-04", NAMED, build_emptying_change("persons[0].source_grade", "persons[0].information_grade"), build_field_test("persons")),
    defect("REC-04", "message", build_emptying_change("objects[0].source_grade", "objects[0].information_grade"),
           build_field_test("objects")),
    defect("REC-05", LISTED, _late_birth, build_field_test("persons")),
    defect("REC-06", NAMED, put("persons[0].nationalities", ("UK",), ("XA", "Valdorra"), ("fra",)), build_field_test("persons")),
    defect("REC-06", "message", put("objects[0].country", "England", "UK", "xa"), build_field_test("objects")),
    defect("REC-07", LISTED, _unmarked_minor, adult),
    defect("REC-08", LISTED, _in_one_field, build_field_test("persons")),
    defect("REC-09", NAMED, put("persons[0].phones", ("07700 900123",), ("447700900123",), ("+999123456",), ("ext. 12",)),
           build_field_test("persons")),
    defect("REC-09", "message", _thing("phone", "07700 900123", "0612345678", "447700900123"), build_field_test("objects")),
    defect("REC-10", NAMED, put("persons[0].sex", "X", "male", "f", "W"), build_field_test("persons")),
    defect("REC-11", LISTED, _nameless, build_field_test("persons")),
    defect("REC-12", "message", _bare_object, build_field_test("objects")),
    defect("REC-13", "request", _witness_arrested, build_field_test("persons")),
    defect("REC-14", NAMED, build_emptying_change("persons[0].scale"), build_field_test("persons")),
    defect("REC-24", "message", put("objects[0].kind", "spaceship", "Vehicle", "tool", "mobile"), build_field_test("objects")),
    defect("REC-24", NAMED, put("persons[0].documents[0].kind", "library ticket", "Passport", "pass"), has_documents),
    defect("REC-25", NAMED, put("persons[0].scale", "6x6", "NATO", "4X4", "stars"), build_field_test("persons")),
    defect("REC-26", NAMED, put("persons[0].source_grade", "Z", "D", "5", "b"), build_field_test("persons")),
    defect("REC-26", NAMED, put("persons[0].information_grade", "9", "5", "0", "B"), build_field_test("persons")),
    defect("REC-27", "message", _thing("sim", "0612345678", "SIM-12", "8944"), build_field_test("objects")),
    defect("REC-28", "message", _thing("email", "marta at valdorra", "marta@", "@valdorra.example"), build_field_test("objects")),
)  # fmt: skip
