"""The shipped case: it can be made again, it is whole, and it belongs to nobody."""

from __future__ import annotations

import csv
import email
import email.policy
import hashlib
import io
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import phonenumbers
import pypdf
import pytest
import stdnum.iban
import stdnum.imei
import yaml

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "datasets" / "harbour"
BY_HAND = (".gitattributes", "demo.toml")
HEADER = re.compile(
    r"^(?P<app>.+) conversation about (?P<about>.+) containing (?P<count>\d+) messages between (?P<people>\d+) "
    r"participants \(evidence trace (?P<trace>[0-9a-f-]{36}:[0-9a-f-]+)\)$"
)
MESSAGE = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) \| From: (.+?) \| To: (.+?) \| Message: (.*)$")
DEVICE = re.compile(r"^Conversations found on device \d\d .+ \(evidence trace [0-9a-f-]{36}\) used by custodian .+$")
FICTION = {  # ranges that regulators keep for films and books
    44: (447700900000, 447700900999),
    1: (12025550100, 12025550199),
    46: (46701740605, 46701740699),
    33: (33639980000, 33639989999),
    353: (353209120000, 353209129999),
    61: (61491570156, 61491570159),
}


@cache
def generated(seed: int | None = None) -> dict[str, bytes]:
    """Return what the generator writes, made by a process of its own."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        more = [] if seed is None else ["--seed", str(seed)]
        command = [sys.executable, str(ROOT / "datasets/make/harbour.py"), "--out", folder, *more]
        subprocess.run(command, check=True, capture_output=True)
        paths = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def committed() -> dict[str, bytes]:
    paths = [path for path in CASE.rglob("*") if path.is_file() and path.name not in BY_HAND]
    return {path.relative_to(CASE).as_posix(): path.read_bytes() for path in paths}


def text_of(name: str, content: bytes) -> str:
    """Return all text of a file, without line breaks and attachments included."""
    if name.endswith(".pdf"):
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    elif name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        text = "\n".join(";".join(str(cell or "") for cell in row) for row in sheet.iter_rows(values_only=True))
    elif name.endswith(".eml"):
        mail: Any = email.message_from_bytes(content, policy=email.policy.default)
        heads = "\n".join(str(mail[key]) for key in ("From", "To", "Cc", "Subject") if mail[key])
        text = heads + "\n" + mail.get_body(("plain",)).get_content()
        text += "".join(text_of(part.get_filename(), part.get_content()) for part in mail.iter_attachments())
    else:
        text = content.decode("utf-8")
    return " ".join(text.split())


def call_rows(files: dict[str, bytes]) -> list[dict[str, str]]:
    lines = files["files/calls.csv"].decode("utf-8").splitlines()
    return list(csv.DictReader(lines[4:-1], delimiter=";"))


@pytest.fixture(scope="module", params=[None, 7], ids=["shipped", "seed 7"])
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return committed() if request.param is None else generated(request.param)


@pytest.fixture(scope="module")
def texts(files: dict[str, bytes]) -> dict[str, str]:
    return {name: text_of(name, content) for name, content in files.items() if name.startswith("files/")}


@pytest.fixture(scope="module")
def truth(files: dict[str, bytes]) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(files["truth/truth.yml"])
    return loaded


def test_the_generator_gives_the_committed_bytes() -> None:
    assert generated().keys() == committed().keys()
    assert [name for name, content in generated().items() if committed()[name] != content] == []


def test_the_whole_is_small() -> None:
    assert sum(map(len, committed().values())) < 2_000_000


def test_another_seed_gives_other_numbers_and_the_same_story() -> None:
    one, other = committed(), generated(7)
    assert one.keys() == other.keys()
    assert one["files/calls.csv"] != other["files/calls.csv"]
    first, second = (yaml.safe_load(made["truth/truth.yml"]) for made in (one, other))
    assert [event["id"] for event in first["events"]] == [event["id"] for event in second["events"]]
    assert first["entities"]["marta"]["phone"] != second["entities"]["marta"]["phone"]


def test_the_manifest_names_every_file_with_its_hash(files: dict[str, bytes]) -> None:
    manifest = yaml.safe_load(files["dataset.yml"])
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert listed.keys() == {name for name in files if name.startswith("files/")}
    for name, entry in listed.items():
        assert entry["sha256"] == hashlib.sha256(files[name]).hexdigest()
        assert entry["bytes"] == len(files[name])
    assert manifest["fictional"] is True
    assert manifest["licence"] == "CC-BY-4.0"


def test_the_export_has_the_form_and_counts_it_names(files: dict[str, bytes], truth: dict[str, Any]) -> None:
    lines = files["files/chats.txt"].decode("utf-8").splitlines()
    assert sum(bool(DEVICE.match(line)) for line in lines) == 3
    headers = [match for line in lines if (match := HEADER.match(line))]
    messages = [match for line in lines if (match := MESSAGE.match(line))]
    assert len(headers) == truth["counts"]["conversations"] == len({head["trace"] for head in headers})
    assert sum(int(head["count"]) for head in headers) == len(messages) == truth["counts"]["message_copies"]
    assert any(not MESSAGE.match(line) and not HEADER.match(line) and line for line in lines[2:]), "multi-line texts"
    rows = list(csv.DictReader(io.StringIO(files["truth/messages.csv"].decode("utf-8"))))
    assert len(rows) == len(messages)
    assert len({row["message"] for row in rows}) == truth["counts"]["messages"]
    assert [row["at_utc"] for row in rows] == [match[1] + "Z" for match in messages]
    assert [row["shown_sender"] for row in rows] == [match[2] for match in messages]
    assert sum(row["shown_is"] == "wrong" for row in rows) == 3


def test_the_mails_are_valid_and_threaded(files: dict[str, bytes]) -> None:
    mails = [content for name, content in files.items() if name.endswith(".eml")]
    parsed: list[Any] = [email.message_from_bytes(content, policy=email.policy.default) for content in mails]
    assert len(parsed) == 20
    ids = [mail["Message-ID"] for mail in parsed]
    assert len(set(ids)) == 20
    for content, mail in zip(mails, parsed, strict=True):
        assert not mail.defects
        assert content.count(b"\n") == content.count(b"\r\n")
        assert max(map(len, content.split(b"\r\n"))) <= 998
        assert mail["Date"].datetime.tzinfo is not None
        assert not mail["In-Reply-To"] or mail["In-Reply-To"] in ids
        assert all(address.addr_spec.endswith(".example") for address in mail["From"].addresses)
    assert sum(len(list(mail.iter_attachments())) for mail in parsed) == 1
    assert any(not mail["Subject"].isascii() for mail in parsed)


def test_the_reports_have_their_length(texts: dict[str, str]) -> None:
    reports = {name: text for name, text in texts.items() if name.startswith("files/reports/")}
    assert Counter(name.rpartition(".")[2] for name in reports) == {"md": 3, "txt": 4, "pdf": 3}
    assert all(200 <= len(text.split()) <= 500 for text in reports.values())
    assert all("officer" in text.lower() or "Author" in text for text in reports.values())


def test_the_call_records_hold_the_planted_defects(files: dict[str, bytes], truth: dict[str, Any]) -> None:
    rows = call_rows(files)
    assert len(rows) == 2000
    planted = [defect for defect in truth["defects"] if "data_rows" in defect]
    bad = {row for defect in planted for row in defect["data_rows"]}
    for number, row in enumerate(rows, start=1):
        if number not in bad:
            assert stdnum.imei.is_valid(row["IMEI"])
            assert row["Duration (s)"].isdigit()
            assert row["Service Type"] == "Voice" or row["Duration (s)"] == "0"
    by_rule = Counter(defect["rule"] for defect in planted)
    assert by_rule == {"C-06": 12, "C-15": 2, "C-08": 1, "C-13": 1, "C-14": 1}
    for defect in planted:
        if defect["rule"] == "C-06":
            first, second = defect["data_rows"]
            assert rows[first - 1] == rows[second - 1]
        if defect["rule"] == "C-08":
            assert not stdnum.imei.is_valid(rows[defect["data_rows"][0] - 1]["IMEI"])
    assert len(rows) - len({tuple(row.values()) for row in rows}) == 12


def test_one_handset_connects_the_two_sims_of_the_courier(files: dict[str, bytes], truth: dict[str, Any]) -> None:
    courier = truth["entities"]["idris"]
    first_sim, second_sim = courier["imsi"]
    samsung, small = courier["imei"]
    when = {"first": first_sim, "second": second_sim}
    used = {(key, row["IMEI"]) for row in call_rows(files) for key, imsi in when.items() if row["IMSI"] == imsi}
    used = {pair for pair in used if pair[1] in {samsung, small}}
    assert used == {("first", samsung), ("first", small), ("second", small)}
    direct = [row for row in call_rows(files) if row["B Party No"] == truth["entities"]["rurik"]["phone"].strip("+")]
    assert sum(row["IMSI"] == first_sim for row in direct) == 1


def test_forwarded_calls_stand_twice(files: dict[str, bytes]) -> None:
    rows = call_rows(files)
    forwarded = [row for row in rows if row["Call Type"] == "CFW"]
    moments = Counter(
        (row["Call Date"], row["Call Time"], row["Duration (s)"]) for row in rows if row["Call Type"] == "IN"
    )
    assert len(forwarded) == 6
    assert all(moments[(row["Call Date"], row["Call Time"], row["Duration (s)"])] >= 1 for row in forwarded)


def test_registers_have_their_size_and_duplicates(files: dict[str, bytes], truth: dict[str, Any]) -> None:
    people = list(csv.DictReader(io.StringIO(files["files/registers/persons.csv"].decode("utf-8"))))
    firms = list(csv.DictReader(io.StringIO(files["files/registers/companies.csv"].decode("utf-8"))))
    assert (len(people), len(firms)) == (60, 25)
    assert text_of("vehicles.xlsx", files["files/registers/vehicles.xlsx"]).count("Port Calder") >= 35
    known = list(csv.DictReader(io.StringIO(files["truth/persons.csv"].decode("utf-8"))))
    assert [row["reg_no"] for row in known] == [row["reg_no"] for row in people]
    assert sum(count > 1 for count in Counter(row["entity"] for row in known).values()) == 7
    assert truth["entities"]["marta"]["birth_date"] != truth["entities"]["marta_n"]["birth_date"]


def test_every_passage_of_the_truth_is_in_its_file(texts: dict[str, str], truth: dict[str, Any]) -> None:
    sources = [source for event in truth["events"] for source in event["sources"]]
    assert len(sources) >= 40
    for source in sources:
        assert " ".join(source["passage"].split()) in texts[source["file"]], source


def test_every_event_and_entity_named_by_the_truth_exists(truth: dict[str, Any]) -> None:
    events = {event["id"] for event in truth["events"]}
    assert len(truth["questions"]) == 6
    assert all(set(question["events"]) <= events for question in truth["questions"])
    assert all(set(event["who"]) <= truth["entities"].keys() for event in truth["events"])
    ends = {link[key] for link in truth["links"] for key in ("from", "to")}
    assert ends <= truth["entities"].keys() | events


def test_no_word_of_the_truth_reaches_a_learner(texts: dict[str, str], files: dict[str, bytes]) -> None:
    shown = [*texts.values(), files["README.md"].decode("utf-8"), files["dataset.yml"].decode("utf-8")]
    for text in shown:
        assert not re.search(r"red herring|namesake|front company|planted|marta_n|only-PR|M0001", text)
    assert not any("Halvorsen" in text or "Kestrel" in text for text in shown[-2:])
    assert not any(re.search(r"\{[a-z0-9_]+[.}]", text) for text in shown), "a placeholder was left"


@pytest.mark.slow
def test_telephone_numbers_lie_in_ranges_for_fiction(texts: dict[str, str], files: dict[str, bytes]) -> None:
    numbers = {row["B Party No"] for row in call_rows(files)} | {row["Target No"] for row in call_rows(files)}
    digits = {number for number in numbers if number.isdigit() and len(number) > 5}
    for text in texts.values():
        found = phonenumbers.PhoneNumberMatcher(text, None, leniency=phonenumbers.Leniency.POSSIBLE)
        digits |= {f"{match.number.country_code}{match.number.national_number}" for match in found}
        digits |= set(re.findall(r"(\d{10,13})@s\.", text))
    assert len(digits) > 80
    for number in digits:
        assert any(low <= int(number) <= high for low, high in FICTION.values()), number


def test_accounts_are_valid_and_of_no_bank(texts: dict[str, str], truth: dict[str, Any]) -> None:
    found = {match.replace(" ", "") for t in texts.values() for match in re.findall(r"GB\d\d(?: ?\w{4}){4} ?\d\d\b", t)}
    broken = {number for number in found if not stdnum.iban.is_valid(number)}
    assert len(found) >= 6
    assert len(broken) == 1
    assert all(number[4:8] == "QQHB" for number in found)
    assert truth["entities"]["kw"]["iban"] in found - broken


def test_addresses_and_web_pages_are_examples(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        for domain in re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text):
            assert domain.endswith(".example") or domain == "s.whatsapp.net", (name, domain)
        for host in re.findall(r"https?://([^/\s]+)", text):
            assert host.endswith(".example"), (name, host)
