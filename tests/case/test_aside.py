"""What is set aside is counted and found nowhere: a walk through every public verb looks for it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.report.exports import ENDINGS

from .walking import ASKED, SAYING, TABLES, exported, flat, verbs, walk

SECRET = "quillfeather"
"""Stands in what the lawyer writes and receives, and nowhere else."""
LAWYER = "+31 97 014 0001"
CALLS = (
    "Calling Number,Called Number,Start Time,Duration\n"
    "+31970140002,+31970140003,2024-03-01T09:00:00,60\n"
    "+31970140002,+31970140001,2024-03-01T10:07:13,60\n"
)


def letter(sender: str, text: str, attached: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = sender, "marta@example.org", "Fri, 01 Mar 2024 09:00:00 +0100"
    message["Subject"], message["Message-ID"] = "About the matter", f"<{abs(hash((sender, text)))}@example.org>"
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="zip", filename="papers.zip")
    return message.as_bytes()


def papers() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("plea.txt"), f"The {SECRET} plea says that Rodolfo Quillfeather was in Lisbon."
        )
    return buffer.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "counsel").mkdir(parents=True)
    (folder / "a.eml").write_bytes(letter("Ilse Raadsman <ilse@law.example>", f"My {SECRET} advice, Marta.", papers()))
    (folder / "b.eml").write_bytes(
        letter("Bob Stevedore <bob@example.org>", "The boat leaves at nine, says Marta Oliveira.")
    )
    (folder / "calls.csv").write_text(CALLS)
    (folder / "counsel" / "memo.txt").write_text(f"Memo on the {SECRET} file for Rodolfo Quillfeather.")
    (folder / "report.txt").write_text("Bob Stevedore was seen at the quay.")
    return folder


@pytest.fixture
def case(tmp_path: Path, files: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(files)
    yield made
    made.close()


WORDS, NAMES = ("plea", "advice", "Lisbon", "Marta", "boat"), ("Bob Stevedore", "Marta")


def test_the_walk_knows_every_verb() -> None:
    assert verbs() - set(TABLES) - ASKED - SAYING == set()


@pytest.mark.slow
def test_before_reading_it_is_found_and_afterwards_nowhere(case: Case, tmp_path: Path) -> None:
    case.extract()
    assert len(case.search(SECRET)) and SECRET in flat(case.evidence.list()).casefold()
    assert case.sources.exclude(sender="ilse@law.example", because="counsel")["documents"].item() == 3
    case.sources.exclude(folder="counsel", because="counsel")
    assert case.sources.exclude(number=LAWYER, because="counsel")["rows"].item() == 1
    case.extract()
    for name, text in walk(case, tmp_path, SECRET, words=WORDS, names=NAMES, number="+31970140002"):
        shown = text.casefold().replace("'quillfeather'", "")
        if name != "log.entries":
            assert SECRET not in shown, name
            assert "t10:07:13" not in shown, name
    assert set(case.sources.exclusions()["state"]) == {"set aside"}


@pytest.mark.slow
def test_what_was_asked_before_is_not_exported_afterwards(case: Case, tmp_path: Path) -> None:
    case.extract()
    asked = [case.evidence.list(), case.entities(), case.documents(), case.search(SECRET)]
    net = case.graph(accounts="apart", services=True)
    assert any("raadsman" in text.casefold() for _, text in exported(case, tmp_path / "before"))
    case.sources.exclude(term=SECRET, because="counsel")
    for table in asked:
        with pytest.raises(CaseError, match="were rejected, withdrawn or excluded after the query"):
            case.export(tmp_path / "x.csv", table)
    for end in (end for ends in list(ENDINGS.values())[1:] for end in ends):
        with pytest.raises(CaseError, match="were rejected, withdrawn or excluded after the query"):
            case.export(tmp_path / f"x{end}", net)
    assert not list(tmp_path.glob("x.*"))


def test_it_is_taken_before_anybody_reads_it(case: Case, files: Path, tmp_path: Path) -> None:
    case.sources.exclude(sender="ilse@law.example", because="counsel")
    (files / "later.eml").write_bytes(letter("Ilse <ilse@law.example>", f"One more {SECRET} word.", papers()))
    case.add(files)
    case.sources.exclude(folder="counsel", because="counsel")
    case.extract()
    assert case.search(SECRET).empty or not case.search(SECRET)["text"].str.contains(SECRET, case=False).any()
    assert case.sources.exclusions()["documents"].tolist() == [4, 1]


def test_only_a_named_role_reopens_with_a_reason(case: Case) -> None:
    before = len(case.documents())
    key = case.sources.exclude(term=SECRET, because="counsel")["set_aside_id"].item()
    assert len(case.documents()) == before - 4
    with pytest.raises(CaseError, match="is not allowed to reopen"):
        case.sources.reopen(key, role="analyst", because="curious")
    with pytest.raises(CaseError, match="reason"):
        case.sources.reopen(key, role="independent counsel", because="")
    case.sources.reopen(key, role="independent counsel", because="order of the court")
    assert len(case.documents()) == before
    case.extract()
    assert case.search(SECRET)["text"].str.contains(SECRET, case=False).any()
    assert case.sources.exclusions()["reopened_by"].item() == "independent counsel: order of the court"
    log = case.log.entries()
    assert "order of the court" in set(log["reason"])
    assert log["detail"].str.contains('"set aside"').any()
    refused = log[log["result"] == "refused"]
    assert refused["object"].tolist() == [key, key]
    assert (
        "is not allowed to reopen" in refused["detail"].iloc[0]
        and "You need a reason to reopen material" in refused["detail"].iloc[1]
    )


def test_a_period_takes_messages_and_rows_of_tables(case: Case) -> None:
    row = case.sources.exclude(since="2024-03-01T09:30", until="2024-03-01", ground="out of period", because="order")
    assert row["rows"].item() == 1


def test_what_says_nothing_is_refused(case: Case) -> None:
    with pytest.raises(CaseError, match=r"Nothing was excluded\. State what to exclude"):
        case.sources.exclude(because="counsel")
    with pytest.raises(CaseError, match="reason"):
        case.sources.exclude(term="x", because="")
    with pytest.raises(CaseError, match="Nobody in this case has the name"):
        case.sources.exclude(sender="Nobody Known", because="counsel")
    with pytest.raises(CaseError, match="The type of reason 'dislike' is not known"):
        case.sources.exclude(term="x", ground="dislike", because="counsel")


LATER = {
    "another chat": ("WhatsApp Chat with Dana Lee 2.txt", "Dana Lee"),
    "another way to write it": ("WhatsApp Chat with Omar.txt", "DANA  LÉE"),
    "a number of hers": ("WhatsApp Chat with Ploeg.txt", "+31 97 014 0009"),
}


@pytest.mark.parametrize("name", LATER)
def test_a_name_takes_what_she_sends_in_later_files(tmp_path: Path, name: str) -> None:
    file, sender = LATER[name]
    first = tmp_path / "WhatsApp Chat with Dana Lee.txt"
    first.write_text("14/07/2022, 12:20 - Omar Haddad: hello\n14/07/2022, 12:29 - Dana Lee: see you\n")
    card = tmp_path / "card.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Dana Lee\nTEL:+31970140009\nEND:VCARD\n")
    later = tmp_path / file
    later.write_text(f"15/07/2022, 12:20 - Omar Haddad: hi\n15/07/2022, 12:29 - {sender}: my advice\n")
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(first)
    key = made.sources.exclude(sender="Dana Lee", because="counsel")["set_aside_id"].item()
    made.add(card)
    made.add(later)
    assert made.messages()["text"].tolist() == ["hello", "hi"]
    assert made.sources.exclusions()["documents"].tolist() == [2]
    made.sources.reopen(key, role="independent counsel", because="order of the court")
    assert len(made.messages()) == 4
    made.close()
