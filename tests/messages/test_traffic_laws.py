"""Out and in again: a message that is written in one of the formats of existing traffic is read as the same message."""

from __future__ import annotations

import csv

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.messages import Message
from workbench.messages.form import to_json
from workbench.messages.lists import codes
from workbench.messages.message import Attachment, Identity, Item, Person
from workbench.messages.traffic import forms, records, tables

LINE = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).map(lambda text: f"x{text}x")
TEXT = st.lists(LINE, min_size=1, max_size=3)
CODES = codes()
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
    (found,) = forms.read(forms.written(message, language))
    assert found.message == message


@LAW
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_out_and_in_as_a_table_is_the_same_messages(messages: list[Message]) -> None:
    header, *rows = csv.reader(tables.written(messages).splitlines(keepends=True))
    found = tables.read(header, enumerate(rows, 2), tables.columns(header))
    assert [one.message for one in found] == messages


@LAW
@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_out_and_in_as_json_is_the_same_messages(messages: list[Message]) -> None:
    lines = "\n".join(" ".join(to_json(one).split("\n")) for one in messages)
    listed = f"[{','.join(map(to_json, messages))}]"
    for text in (lines, listed):
        assert [one.message for one in records.read(text)] == messages
