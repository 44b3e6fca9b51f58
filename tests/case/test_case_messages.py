"""The messages of a case as one table: who wrote what to whom, when, on which device, in which conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.phones import writer
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.identity import TrustList
from workbench.model.table_schemas import MESSAGES

LETTER = (
    "From: Ada Brook <ada@brook.example>\nTo: ben@carver.example\nSubject: The van\nDate: Fri, 1 Mar 2024 08:05:33 +0000\n"
    "Message-ID: <1@brook.example>\n\nThe grey van waits at the quay.\n\nRing me.\n"
)


@pytest.mark.slow
def test_messages_and_mails_are_one_table_in_order_of_time(case: Case, tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_text(LETTER, "utf-8")
    case.add(tmp_path / "letter.eml")
    rows = case.messages()
    assert list(rows.columns) == [*MESSAGES, "mark"] and rows["at"].is_monotonic_increasing
    assert set(rows["kind"]) == {"Message", "Email"} and len(rows) == 6
    mail = rows[rows["kind"] == "Email"].iloc[0]
    assert (mail["title"], mail["sender"]) == ("The van", "Ada Brook")
    assert mail["text"].split("\n\n") == ["The grey van waits at the quay.", "Ring me."]
    said = rows[rows["text"].str.startswith("The container")].iloc[0]
    assert "Ada Brook" in said["sender"] and said["recipients"] and said["conversation"]
    assert {"01 Phone A", "02 Phone B"} & {one for devices in rows["device"] for one in devices.split(", ")}


def test_an_exclusion_that_takes_nothing_says_so(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.sources.exclude(term="nothing of the kind", because="letters to counsel")
    assert "No material in the case matches this rule" in capsys.readouterr().out
    case.sources.exclude(term="container", because="letters to counsel")
    assert "No material in the case matches this rule" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_sealed_package_is_told_apart_from_a_file(tmp_path: Path, files: Path) -> None:
    bo = identity.create_temporary("bo", bureau="NCB Nordreich", country="QN")
    ada = identity.create_temporary("ada", bureau="NCB Valdora", country="QM")
    case = open_case(tmp_path / "case", officer=ada, purpose="training")
    case.add(files)
    path = case.packages.pack(to=[bo], reason="joint case", trust=TrustList(), unknown_addressee="known")
    assert "workbench.open_package" in case.add(path)["why"].iloc[0]
    with pytest.raises(CaseError, match="open_package"):
        case.packages.acknowledge(path)  # type: ignore[arg-type]
    case.close()


def test_the_words_of_a_short_message_with_a_note_stay_in_its_text(case: Case, tmp_path: Path) -> None:
    told = {"Source": "Phone", "Folder": "Inbox", "Body": "burn the ledger", "TimeStamp": "2022-07-14T08:00:00+00:00"}
    sms = writer.Model(
        "SMS", told, {"Parties": [writer.party("+447700900123", "Rosa Blum", "From")]}, deleted="Deleted"
    )
    (tmp_path / "report.xml").write_text(writer.xml([sms]), "utf-8")
    case.add(tmp_path / "report.xml")
    rows = case.messages()
    (text,) = rows[rows["title"] == "burn the ledger"]["text"]
    assert text.startswith("burn the ledger\n\n") and "Deleted state: Deleted" in text
