"""The desk behind the gate: of a message, and of a draft made from it, nobody sees anything who may not see the message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.walking import walk
from workbench.case.case import open_case
from workbench.case.desk.messages import filing
from workbench.messages.model.message import Person
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples

SECRET = "quillfeather"
CALLS = "Calling Number,Called Number,Start Time,Duration\n+31970140002,+31970140003,2024-03-01T09:00:00,60\n"


@pytest.mark.slow
def test_no_verb_tells_of_a_message_that_its_reader_may_not_see(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    (tmp_path / "calls.csv").write_text(CALLS)
    (tmp_path / "note.txt").write_text("The boat leaves at nine, says Marta Stevedore.")
    (tmp_path / "register.csv").write_text("name,birthDate,phone\nMarta Stevedore,1980-02-01,+31970140002\n")
    for name in ("calls.csv", "note.txt", "register.csv"):
        case.add(tmp_path / name)
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    person = Person(family_name=SECRET.upper(), forename="Rodolfo", date_of_birth="1971-01-05", status="suspect")
    message = replace(
        from_dict(load_samples()["message"]), confidentiality="RESTRICTED", persons=(person,), our_ref=f"{SECRET}-1",
        summary_of_facts=f"The {SECRET} advice of counsel was found on the boat.",
    )  # fmt: skip
    filing.file_message(rita.context, message, direction="incoming")
    rita.desk.draft(
        "request",
        to="XB-NCB",
        about=f"Rodolfo {SECRET}",
        clearance="EXERCISE RESTRICTED",
        subject=f"THE {SECRET} MATTER",
    )
    seen = dict(
        walk(rita, tmp_path / "rita", SECRET, words=("boat",), names=("Marta Stevedore",), number="+31970140002")
    )
    assert sum(SECRET in text.lower() for text in seen.values()) > 5, "who may see it does"
    rita.close()
    told = walk(case, tmp_path / "ada", SECRET, words=("boat",), names=("Marta Stevedore",), number="+31970140002")
    assert [name for name, text in told if SECRET in text.lower()] == []
    case.close()
