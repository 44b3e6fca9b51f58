"""A file of several messages: each stands under its own mark, and the file as such under the highest of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.case.desk.test_gate import CALLS
from tests.case.desk.test_growing import anew, withheld
from tests.case.walking import walk
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.transfer.row_export import Parcel

SECRET = "quillfeather"
RESTRICTED = "EXERCISE RESTRICTED"
HEAD = "Our ref;From;To;Date;Subject;Classification;Facts"
ROWS = (
    f"MG/1;BCN PARIS;IP MADRID;2026-05-03;FRAUD / {SECRET.upper()};Restricted;The {SECRET} invoices were forged.",
    "MG/3;BCN PARIS;IP MADRID;2026-05-03;MISSING CHILD;;The girl left the harbour school at noon.",
)
ITEMS = [
    {"our_ref": "MG/1", "from": "BCN PARIS", "to": "IP MADRID", "subject": f"FRAUD {SECRET}", "classification": "RESTRICTED",
     "text": f"The {SECRET} invoices were forged."},
    {"our_ref": "MG/3", "from": "BCN PARIS", "to": "IP MADRID", "subject": "MISSING CHILD", "text": "The girl left the harbour school."},
]  # fmt: skip


def letter(number: int, mark: str, text: str, *files: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "paris@ip.example", "madrid@ip.example", f"Message {number}"
    made["Message-ID"], made["Date"] = f"<{number}@ip.example>", "Sun, 03 May 2026 10:00:00 +0000"
    told = f"From: BCN PARIS\nTo: IP MADRID\nOur ref: MG/{number}\n{f'Classification: {mark}' if mark else ''}\nFacts: {text}\n"
    made.set_content(told)
    for name in files:
        made.add_attachment(
            f"Paper {name} of the port.".encode(), maintype="text", subtype="plain", filename=f"{name}.txt"
        )
    return made


def box(path: Path, *letters: EmailMessage) -> Path:
    path.write_bytes(b"".join(b"From x Sun May  3 10:00:00 2026\n" + one.as_bytes() + b"\n\n" for one in letters))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "register.csv").write_text("\n".join((HEAD, *ROWS)), encoding="utf-8")
    (tmp_path / "list.json").write_text(json.dumps(ITEMS), encoding="utf-8")
    letters = letter(1, "Restricted", f"The {SECRET} invoices were forged."), letter(3, "", "The girl left the school.")
    box(tmp_path / "box.mbox", *letters)
    return tmp_path


@pytest.fixture
def case(folder: Path) -> Iterator[Case]:
    made = open_case(folder / "case", officer="ada", purpose="training")
    made.access.grant("rita", RESTRICTED, because="vetted")
    yield made
    made.close()


@pytest.fixture
def rita(case: Case) -> Iterator[Case]:
    """The same case, of an officer who is cleared for all of it."""
    made = open_case(case.context.folder.path, officer="rita", purpose="training")
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["register.csv", "list.json", "box.mbox"])
def test_each_message_of_a_file_stands_under_its_own_mark(case: Case, rita: Case, folder: Path, name: str) -> None:
    made = case.desk.imports.add(folder / name)
    assert list(made["state"]) == ["filed", "filed"]
    assert ["RESTRICTED" in mark for mark in made["mark"]] == [True, False]
    assert made["subject"].iloc[0] == "" and "RESTRICTED" in made["why"].iloc[0] and SECRET not in made.to_csv().lower()
    assert list(case.desk.inbox()["our_ref"]) == list(case.desk.messages()["our_ref"]) == ["MG/3"]
    assert "girl" in case.desk.message("MG/3").summary_of_facts and not case.search("girl").empty
    with pytest.raises(CaseError, match="There is no message 'MG/1' that you can see in this case"):
        case.desk.message("MG/1")
    assert case.search(SECRET).empty and case.handling.withheld().empty
    assert not rita.search(SECRET).empty and set(rita.desk.inbox()["our_ref"]) == {"MG/1", "MG/3"}
    again = case.desk.imports.add(folder / name)
    assert list(again["state"]) == ["known", "known"] and SECRET not in again.to_csv().lower()
    assert "" not in set(rita.desk.imports.add(folder / name)["subject"])


def test_the_file_as_such_has_the_highest_of_their_marks(case: Case, rita: Case, folder: Path) -> None:
    case.desk.imports.add(folder / "register.csv")
    assert "register.csv" not in set(case.sources.list()["name"]) and len(case.sources.list()) == 1
    known = rita.sources.list().set_index("name")["mark"]
    assert "RESTRICTED" in known["register.csv"] and sum("RESTRICTED" in mark for mark in known) == 2
    assert withheld(case.context.ledger) == anew(case)


def test_who_marks_the_file_by_hand_marks_all_its_messages(case: Case, rita: Case, folder: Path) -> None:
    case.desk.imports.add(folder / "register.csv")
    rita.handling.mark("register.csv", level=RESTRICTED, because="of a partner")
    assert case.desk.messages().empty and case.search("girl").empty and case.documents().empty
    assert withheld(case.context.ledger) == anew(case)


def test_what_is_attached_goes_with_its_message(case: Case, rita: Case, folder: Path) -> None:
    papers = (
        letter(1, "Restricted", "See the papers.", "both", "closed"),
        letter(3, "", "See the papers.", "both", "open"),
    )
    case.desk.imports.add(box(folder / "papers.mbox", *papers))
    assert {name.rpartition("/")[2] for name in case.documents()["title"]} & {"both.txt", "closed.txt", "open.txt"} == {
        "open.txt"
    }
    named = {name.rpartition("/")[2] for name in rita.documents()["title"]}
    assert {"both.txt", "closed.txt", "open.txt"} <= named
    message = rita.desk.messages().set_index("our_ref").at["MG/3", "document_id"]
    rita.handling.mark(message, level=RESTRICTED, because="of a partner")
    assert case.documents().empty and withheld(case.context.ledger) == anew(case)


def test_a_package_takes_the_open_message_and_not_the_file(case: Case, rita: Case, folder: Path) -> None:
    case.desk.imports.add(folder / "register.csv")
    for one, messages, originals in ((case, 1, 1), (rita, 2, 3)):
        with Parcel(one.context.ledger, "NCB Valdora") as parcel:
            told = {
                name: list(parcel.list_rows(name)) for name in ("messages", "sources", "arrivals", "terms", "passages")
            }
            assert (len(told["messages"]), len(parcel.list_originals())) == (messages, originals)
            assert (SECRET in str(told)) == (one is rita)


@pytest.mark.slow
def test_what_is_erased_of_a_file_leaves_its_other_message_and_its_mark(case: Case, rita: Case, folder: Path) -> None:
    made = case.desk.imports.add(folder / "register.csv")
    case.privacy.erase(made["document_id"].iloc[1], because="not needed", sure=True)
    assert case.desk.messages().empty and case.sources.list().empty and case.search("girl").empty
    assert list(rita.desk.messages()["our_ref"]) == ["MG/1"] and not rita.search(SECRET).empty
    assert all("RESTRICTED" in mark for mark in rita.sources.list()["mark"]) and "bad" not in set(
        rita.log.verify()["state"]
    )


@pytest.mark.slow
def test_no_verb_tells_of_the_closed_message_of_a_file(case: Case, rita: Case, folder: Path) -> None:
    for name, text in (("calls.csv", CALLS), ("persons.csv", "name,phone\nMarta Stevedore,+31970140002\n")):
        (folder / name).write_text(text)
        case.add(folder / name)
    case.desk.imports.add(folder / "register.csv")
    asked = {"words": ("girl",), "names": ("Marta Stevedore",), "number": "+31970140002"}
    seen = dict(walk(rita, folder / "rita", SECRET, **asked))  # type: ignore[arg-type]
    assert sum(SECRET in text.lower() for text in seen.values()) > 3, "who may see it does"
    told = walk(case, folder / "ada", SECRET, **asked)  # type: ignore[arg-type]
    assert [name for name, text in told if SECRET in text.lower()] == []
