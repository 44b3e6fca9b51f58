"""Out and in again: a message that is written in one of the formats of existing traffic is read as the same message."""

from __future__ import annotations

import csv
import email.policy
import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import FileSettings
from workbench.ingest.reading.source import SourceFile
from workbench.messages import Message
from workbench.messages.model.code_lists import load_codes
from workbench.messages.model.message import Attachment, Identity, Item, Person
from workbench.messages.model.message_json import to_json
from workbench.messages.traffic import letter_export, message_objects, message_tables, text_forms

LINE = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).map(lambda text: f"x{text}x")
TEXT = st.lists(LINE, min_size=1, max_size=3)
CODES = load_codes()
PERSONS = st.builds(
    Person,
    family_name=LINE,
    forename=LINE,
    aliases=st.lists(LINE, max_size=2).map(tuple),
    status=st.sampled_from(CODES["person_status"]),
    date_of_birth=st.dates().map(str),
    phones=st.lists(st.integers(10**9, 10**11).map("+{}".format), max_size=2).map(tuple),
    documents=st.lists(st.builds(Identity, kind=LINE, number=st.integers(1, 10**9).map("P{}".format)), max_size=2).map(
        tuple
    ),
)
MESSAGES = st.builds(
    Message,
    type=st.sampled_from(CODES["message_types"]),
    our_ref=st.integers(0, 10**6).map("XA-2026-{}".format),
    from_bureau=LINE,
    to=st.lists(LINE, max_size=3).map(tuple),
    date_time=st.datetimes().map(lambda at: at.isoformat()),
    subject=LINE,
    urgency=st.sampled_from(CODES["urgency"]),
    summary_of_facts=TEXT.map("\n\n".join),
    conditions_of_use=TEXT.map("\n".join),
    persons=st.lists(PERSONS, max_size=3).map(tuple),
    objects=st.lists(
        st.builds(Item, kind=LINE, number=st.integers(1, 10**9).map(str), description=LINE), max_size=3
    ).map(tuple),
    attachments=st.lists(
        st.builds(Attachment, name=LINE, sha256=st.text("0123456789abcdef", min_size=1, max_size=8)), max_size=2
    ).map(tuple),
)
LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@LAW
@given(MESSAGES, st.sampled_from(["en", "fr", "es", "ar"]))
def test_out_and_in_as_a_form_is_the_same_message(message: Message, language: str) -> None:
    (found,) = text_forms.read_messages(text_forms.format_message(message, language))
    assert found.message == message


@pytest.mark.slow
@LAW
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_out_and_in_as_a_table_is_the_same_messages(messages: list[Message]) -> None:
    header, *rows = csv.reader(message_tables.format_csv(messages).splitlines(keepends=True))
    found = message_tables.read_messages(header, enumerate(rows, 2), message_tables.map_columns(header))
    assert [one.message for one in found] == messages


@pytest.mark.slow
@LAW
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_out_and_in_as_json_is_the_same_messages(messages: list[Message]) -> None:
    lines = "\n".join(" ".join(to_json(one).split("\n")) for one in messages)
    listed = f"[{','.join(map(to_json, messages))}]"
    for text in (lines, listed):
        assert [one.message for one in message_objects.read_messages(text)] == messages


@pytest.mark.slow
@LAW
@given(MESSAGES, LINE)
def test_out_and_in_as_a_letter_is_the_same_message(message: Message, mark: str) -> None:
    files = {one.name: one.name.encode() for one in message.attachments}
    data = letter_export.encode_letter(message, mark, files)
    source = SourceFile(Path("letter.eml"), hashlib.sha256(data).hexdigest(), "letter.eml", data)
    (piece,) = traffic_formats.read_messages(source, FileSettings({}, ""))
    assert piece.taken.message == message and dict(piece.files) == files
    assert letter_export.encode_letter(message, mark, files) == data


def test_a_letter_says_its_mark_and_to_whom_it_goes_and_no_header_is_forged() -> None:
    message = Message(
        type="request", our_ref="A-1", from_bureau="XA-NCB", to=("XB-NCB", "XC, NCB"), message_id="M-1", language="ar",
        subject="FRAUD\nBcc: x@example.org", date_time="2026-03-02T09:30:00+01:00", summary_of_facts="احتيال",
    )  # fmt: skip
    letter = email.message_from_bytes(
        letter_export.encode_letter(message, "EXERCISE RESTRICTED · H1"), policy=email.policy.default
    )
    assert letter["Subject"] == "[EXERCISE RESTRICTED · H1] FRAUD Bcc: x@example.org" and letter["Bcc"] is None
    assert [one.display_name for one in letter["To"].addresses] == ["XB-NCB", "XC, NCB"]
    assert {one.domain for one in letter["To"].addresses} == {"bureau.invalid"}, "it can be delivered to nobody"
    assert letter["Date"].datetime.isoformat() == "2026-03-02T09:30:00+01:00"
    assert "احتيال" in letter.get_body().get_content()


def test_a_file_keeps_the_name_that_its_form_gives() -> None:
    name = "re\u0301sume\u0301.pdf"  # letters and accents apart, as some systems write them
    message = Message(our_ref="XA-1", from_bureau="XA-NCB", attachments=(Attachment(name=name, sha256="ab"),))
    data = letter_export.encode_letter(message, "", {name: b"%PDF"})
    source = SourceFile(Path("letter.eml"), hashlib.sha256(data).hexdigest(), "letter.eml", data)
    (piece,) = traffic_formats.read_messages(source, FileSettings({}, ""))
    assert dict(piece.files) == {name: b"%PDF"}
