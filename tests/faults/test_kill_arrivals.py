"""kill -9 while a file of messages is taken in: whole batches are filed or nothing of them, and a second call files the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.desk_work import _mortal, forked
from workbench.case.case import Case, open_case
from workbench.case.desk.imports import traffic_import
from workbench.case.desk.inbox import processing
from workbench.case.desk.messages import filing
from workbench.case.files.traffic.message_transfer import FileSettings
from workbench.ledger.records import messages
from workbench.messages import to_json
from workbench.messages.model.message import Message

MANY = traffic_import.BATCH * 2 + 50


def opened(path: Path) -> Case:
    return open_case(path, officer="ada", purpose="training")


def taken(path: Path, file: Path, dies: int) -> None:
    case = opened(path)
    if dies:
        _mortal(dies, case)
    traffic_import.take_in(case.context, file, FileSettings({}))
    case.close()


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize(
    "dies", [2, traffic_import.BATCH // 2, traffic_import.BATCH + 4, 2 * traffic_import.BATCH - 5, MANY]
)
def test_whole_batches_are_filed_wherever_the_process_dies(tmp_path: Path, dies: int) -> None:
    file, path = tmp_path / "traffic.json", tmp_path / "case"
    file.write_text(f"[{', '.join(to_json(Message(our_ref=f'A-{number}')) for number in range(MANY))}]", "utf-8")
    assert forked(lambda: taken(path, file, dies)) == -9
    case = opened(path)
    assert len(messages.list_messages(case.context.ledger)) in {0, traffic_import.BATCH, 2 * traffic_import.BATCH}
    case.close()
    assert forked(lambda: taken(path, file, 0)) == 0
    case = opened(path)
    assert sorted(one.our_ref for one in messages.list_messages(case.context.ledger)) == sorted(
        f"A-{one}" for one in range(MANY)
    )
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    case.close()


def read(path: Path, keys: list[str], dies: int) -> None:
    case = opened(path)
    if dies:
        _mortal(dies, case)
    processing.read_messages(case.context, keys)
    case.close()


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("dies", [1, 3, 4])  # first the languages are kept, then what each method reads
def test_what_was_being_read_when_the_process_died_is_read_later(tmp_path: Path, dies: int) -> None:
    case = opened(tmp_path / "case")
    facts = "On 3 May 2025 Erik Halvorsen called +44 1632 960123 from Lyon."
    key = filing.file_message(case.context, Message(our_ref="A-1", summary_of_facts=facts), direction="incoming")
    case.close()
    assert forked(lambda: read(tmp_path / "case", [key], dies)) == -9
    case = opened(tmp_path / "case")
    assert (case.extract()["passages"] == 0).any() == (dies > 2)
    assert {"Person", "TelephoneNumber"} <= set(case.entities()["schema"])
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    case.close()
