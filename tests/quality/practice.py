"""Our own practice messages: written in another voice than the generator's, half of them to mend rules with, half to be checked once.

Each is a sound sample with another text, subject and persons; `set` changes more fields. They were written by who mended the rules, so
what they say is less than what the sealed messages say. The held half was checked once, then mended with as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from workbench.case.desk import find_mentions
from workbench.messages import Mention, Surroundings, check
from workbench.messages.model.check_context import find_no_mentions
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import replace_field
from workbench.messages.model.message_json import from_dict, to_dict
from workbench.messages.rules.rule_check import load_samples
from workbench.model.text.normalise import normalise_name

PLACE = Path(__file__).parent / "practice_messages"
READ = ("TXT-01", "TXT-12", "TXT-18", "TXT-22")
"""Rules that need what the reader finds; the others go without, which is quicker."""
NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
BARE: Mapping[str, Mapping[str, Any]] = {
    "message": {"objects": [], "attachments": []},
    "red": {"date_of_facts": "2025-05-03"},
    "letter": {},
}
"""Sample -> fields that no practice message takes over from it."""


def message(said: Mapping[str, Any]) -> Correspondence:
    """A practice message as the desk has it."""
    sample = load_samples()[said["form"]]
    data = {
        **sample,
        **BARE[said["form"]],
        "message_id": said["id"],
        "subject": said["subject"],
        "summary_of_facts": said["facts"],
        "language": said["language"],
        "persons": [_person(one, sample["persons"][0], said["form"]) for one in said["persons"]],
    }
    made = from_dict(data)
    for path, value in said.get("set", {}).items():
        made = from_dict(to_dict(replace_field(made, path, value)))
    return made


def _person(said: str, sample: Mapping[str, Any], form: str) -> dict[str, Any]:
    """A person of the sample with another name, sex, date of birth and status."""
    surname, forename, sex, born, status = said.split("|")
    kept = {} if form == "red" else {"phones": []}
    named = {"family_name": surname, "forename": forename, "sex": sex, "date_of_birth": born}
    return {
        **sample,
        **kept,
        **named,
        "status": status if status in ("suspect", "wanted", "victim", "witness", "missing") else "witness",
    }


def measured(half: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rules that are broken on purpose, and rules that spoke up; a rule counts once a message.

    Columns of the first: id, language, rule, found; of the second: id, language, rule, severity, quote, right.
    """
    planted, told = [], []
    for one in _read(half)["messages"]:
        around = Surroundings(now=NOW, reader=_reader(half), treaties=None)
        faults = {fault.rule.id: fault for fault in check(message(one), around)}
        head = {"id": one["id"], "language": one["language"]}
        planted += [{**head, "rule": rule, "found": rule in faults} for rule in one["breaks"]]
        told += [
            {
                **head,
                "rule": rule,
                "severity": fault.rule.severity,
                "quote": fault.quote,
                "right": rule in one["breaks"],
            }
            for rule, fault in faults.items()
        ]
    return pd.DataFrame(planted), pd.DataFrame(told)


def sentences() -> Iterator[dict[str, Any]]:
    """Sentences that break a rule and sentences near to them: rule, language, told (whether it should be), said, found."""
    for rule, languages in _read("sentences").items():
        for language, kinds in languages.items():
            for kind, rows in kinds.items():
                yield from (
                    {
                        "rule": rule,
                        "language": language,
                        "told": kind == "told",
                        "said": row,
                        "found": _told(rule, language, row),
                    }
                    for row in rows
                )


def _told(rule: str, language: str, said: str | dict[str, Any]) -> bool:
    """Whether a rule speaks up on a sound sample with another text, or with other fields."""
    fields = {"text": said} if isinstance(said, str) else dict(said)
    sample, text = load_samples()[fields.pop("form", "message")], fields.pop("text", None)
    facts = {} if text is None else {"summary_of_facts": text}
    made = from_dict({**sample, "language": language, "objects": [], "attachments": [], **facts})
    for path, value in fields.items():
        made = from_dict(to_dict(replace_field(made, path, value)))
    around = Surroundings(now=NOW, reader=find_mentions if rule in READ else find_no_mentions)
    return any(fault.rule.id == rule for fault in check(made, around))


@cache
def _read(half: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((PLACE / f"{half}.yaml").read_text(encoding="utf-8"))
    return data


def _reader(half: str) -> Any:
    """What the desk reads; the invented places are known to it."""
    places = set(map(normalise_name, _read(half)["places"]))

    @cache
    def read(text: str) -> list[Mention]:
        return list(_known(text, places))

    return read


def _known(text: str, places: set[str | None]) -> Iterator[Mention]:
    for one in find_mentions(text):
        if one.kind != "unknown place" or normalise_name(one.text) not in places:
            yield one
