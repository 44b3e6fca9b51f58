"""A message that is filled in value by value, each by the path of its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from workbench.messages.model.message import FORMS, Correspondence, Person
from workbench.messages.model.message_json import from_dict, get_field_types
from workbench.messages.traffic import field_labels, person_lines
from workbench.messages.traffic.marks.markings import MARKS, read_code
from workbench.messages.traffic.message_times import normalise_time
from workbench.messages.wording.alarm_words import has_danger
from workbench.model.text.normalise import clean_text, normalise_digits

Step = tuple[str, str]
"""A field, and which entry of a list: its number or its kind; '' for the one that is being filled."""
MAIN = {
    "persons": "name", "objects": "description", "attachments": "name", "documents": "number", "charges": "text",
    "decisions": "reference", "assets": "description", "sources": "name",
}  # fmt: skip
"""Field that a value goes into which stands behind the name of a list: 'CHARGE: fraud'. Of other lists it is the first."""
DATES = frozenset(
    "date_time reply_by date_of_birth date date_of_facts limitation_date confirmed_on deadline received last_verified review_due".split()
)  # fmt: skip
PLAIN = frozenset("our_ref your_ref other_refs message_id thread_id number phones un_reference sha256".split())
"""Fields that are compared sign by sign: digits as in English, no direction marks, no breaks."""
ENUMERATED = frozenset(
    "to cc other_refs nationalities crime_area requested_action phones extradition_from asylum_from sought measures assistance "
    "accepted_languages".split()
)  # fmt: skip
"""Lists whose entries a comma parts too."""
RUNNING = frozenset(
    "summary_of_facts conditions_of_use modus_operandi threat on_contact assistance_detail nexus description circumstances facts"
    .split()
)  # fmt: skip
"""Fields that take a second value as a further paragraph."""
ONE_LINE = DATES | PLAIN | ENUMERATED - {"requested_action", "measures", "assistance"} | frozenset(
    "form type from_bureau subject urgency language confidentiality handling tlp color diffusion sex status scale source_grade "
    "information_grade family_name forename name name_in_original_script aliases place_of_birth country kind media_type".split()
)  # fmt: skip
"""Fields whose value ends with its line."""
PARTED = re.compile(r"[;؛\n]| / ")
PARTED_MORE = re.compile(r"[;؛\n,،]| / ")
URGENCY, REASON = "urgency", "urgency_reason"
REASONED = re.compile(r"([^\W\d_][^-–—:,;(]{2,40}?) ?[-–—:,;(] ?([^()\n]{3,500}?)\)?")
ENTRIES = re.compile(r"[;؛\n]")
"""Between the parts of a list of parts."""
MOST = 1_000
"""Entries of a list that are filled in."""


class Filling:
    """A message in the making."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.kind: type = FORMS[form]
        self.data: dict[str, Any] = {}
        self.danger = ""
        """A degree of urgency that is its own reason: 'danger to life'."""

    def put(self, path: str, written: str, status: str = "") -> str:
        """Put what is written into a field; the path where it is now. '' where it does not fit or another value stands there.

        Of a list of parts each line is one; `status` is that of the persons in it. Of several references of theirs the first is answered.
        """
        if path == URGENCY:
            written, reason = split_urgency(written)
            self.add_value(REASON, reason)
            self.danger = self.danger or (written if has_danger(written) else "")
        if path == "your_ref" and "other_refs" in get_field_types(self.kind):
            written, *more = ENTRIES.split(written)
            self.add_value("other_refs", ";".join(more))
        entries = (
            [one.strip() for one in ENTRIES.split(written) if one.strip()]
            if field_labels.is_list_of_parts(path)
            else []
        )
        places = []
        for entry in entries or [written]:
            places.append(self.add_value(path, entry))
            if status and places[-1]:
                self.add_value("persons.status", status)
        return next(filter(None, places), "")

    def add_value(self, path: str, written: str) -> str:
        """Put what is written into a field, of a list of parts into one of them."""
        if path == field_labels.FORM:
            return path
        sound = written.encode("utf-8", "replace").decode()
        return self._put(self.data, get_field_types(self.kind), _parse_path(path), sound, "")

    def build_message(self) -> Correspondence:
        """The message, as far as it is filled in."""
        reason = {REASON: self.data.get(REASON) or self.danger} if self.danger else {}
        return from_dict({"form": self.form, **self.data, **reason})

    def _put(self, into: dict[str, Any], known: Mapping[str, Any], steps: list[Step], written: str, place: str) -> str:
        (name, which), rest = steps[0], steps[1:]
        under = f"{place}.{name}" if place else name
        if name not in known:
            return ""
        kind = field_labels.get_part_class(known[name])
        if kind is None:
            return "" if rest else _put_plain_value(into, name, known[name], written, under)
        if get_origin(known[name]) is not tuple:
            return self._put(into.setdefault(name, {}), get_field_types(kind), rest, written, under) if rest else ""
        return self._put_entry(into.setdefault(name, []), kind, (name, which), rest, written, under)

    def _put_entry(
        self, entries: list[dict[str, Any]], kind: type, step: Step, rest: list[Step], written: str, under: str
    ) -> str:
        """Put a value into the entry that is being filled, or into a new one."""
        name, which = step
        if which and not which.isdecimal() and "kind" not in get_field_types(kind):
            return ""
        fresh = not rest or _is_further_entry(entries, which, rest, kind)
        number = int(which) if which.isdecimal() and int(which) < len(entries) else len(entries) - (not fresh)
        if number >= MOST:
            return ""
        entry = entries[number] if number < len(entries) else {}
        place = f"{under}[{number}]"
        if which and not which.isdecimal():
            entry["kind"] = which
        steps = rest or [(MAIN.get(name, next(iter(get_field_types(kind)))), "")]
        put = self._put_part(entry, kind, steps, written, place) if rest or written else place
        if put and number == len(entries):
            entries.append(entry)
        return put

    def _put_part(self, entry: dict[str, Any], kind: type, steps: list[Step], written: str, place: str) -> str:
        if kind is not Person or steps[0][0] != field_labels.NAME:
            return self._put(entry, get_field_types(kind), steps, written, place)
        if entry.get("family_name"):
            return ""
        (_, name), *more = person_lines.parse_person(written)
        entry["family_name"], forename = person_lines.split_name(name)
        if forename:
            entry.setdefault("forename", forename)
        for path, value in more:
            if not self._put(entry, get_field_types(kind), _parse_path(path), value, place):
                self._put(
                    entry, get_field_types(kind), _parse_path(person_lines.DESCRIPTION), f"{path}: {value}", place
                )
        return f"{place}.family_name"


def _parse_path(path: str) -> list[Step]:
    return [(step[1], step[2] or "") for part in path.split(".") if (step := field_labels.STEP.fullmatch(part))]


def _is_further_entry(entries: list[dict[str, Any]], which: str, rest: list[Step], kind: type) -> bool:
    """Whether a value is of a further entry: the last one has such a value already, or is of another kind."""
    if not entries or which.isdecimal():
        return not entries or int(which) >= len(entries)
    last = entries[-1]
    name = "family_name" if kind is Person and rest[0][0] == field_labels.NAME else rest[0][0]
    single = len(rest) == 1 and get_origin(get_field_types(kind).get(name)) is not tuple and name not in RUNNING
    return bool((single and last.get(name)) or (which and last.get("kind", which) != which))


def _put_plain_value(into: dict[str, Any], name: str, kind: Any, written: str, under: str) -> str:  # noqa: ANN401
    """Put a value into a plain field."""
    if not written.strip():
        return ""
    if get_origin(kind) is tuple:
        entries = into.setdefault(name, [])
        entries += split_entries(name, written)[: max(0, MOST - len(entries))]
        return under
    if into.get(name) not in (None, ""):
        if name not in RUNNING:
            return ""
        into[name] = f"{into[name]}\n\n{written}"
        return under
    value = _parse_figure(kind, written) if kind is not str else normalise_value(name, written)
    if value is None:
        return ""
    into[name] = value
    return under


def normalise_value(name: str, written: str) -> str:
    """Value of a field as it goes into the message: its code, its ISO date, or what is written."""
    if name in DATES:
        return normalise_time(written)
    if name in MARKS:
        return read_code(name, written) or written
    return clean_text(normalise_digits(written)) if name in PLAIN else field_labels.find_code(name, written)


def split_urgency(written: str) -> tuple[str, str]:
    """An urgency and the reason that stands behind it: 'URGENT - child in danger'."""
    match = REASONED.fullmatch(written.strip())
    return (match[1], match[2]) if match and field_labels.find_code(URGENCY, match[1]) != match[1] else (written, "")


def split_entries(name: str, written: str) -> list[str]:
    """Entries of a list that stands in one value."""
    parts = (PARTED_MORE if name in ENUMERATED else PARTED).split(written)
    return [normalise_value(name, part.strip()) for part in parts if part.strip()]


def _parse_figure(kind: Any, written: str) -> float | bool | None:  # noqa: ANN401
    """A number, or yes or no; None where it is neither."""
    plain = clean_text(normalise_digits(written))
    if kind is bool or bool in get_args(kind):
        return {"yes": True, "no": False}.get(field_labels.find_code("answer", plain))
    match = re.fullmatch(r"(\d{1,15}(?:[.,]\d{1,15})?)(?: [^\W\d]{1,12})?", plain)
    return float(match[1].replace(",", ".")) if match else None
