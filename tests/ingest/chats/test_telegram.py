from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.claimed import attributions, of, person, values
from tests.ingest.test_faults import mutated, survives
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.chats import json_stream, telegram
from workbench.ingest.chats.json_stream import Stream
from workbench.model import schema
from workbench.model.identifiers import build_account_key, build_telephone_key
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace

Make = Callable[[str, str | bytes], SourceFile]

ADA, ROSA = "user4100000001", "user4100000002"


def message(number: int, sender: str, name: str, text: object, **more: object) -> dict[str, object]:
    at = datetime(2022, 7, 13, 12, 0, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "id": number, "type": "message", "date": at.astimezone(timezone(timedelta(hours=2))).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(int(at.timestamp())), "from": name, "from_id": sender, "text": text, **more,
    }  # fmt: skip


MESSAGES: list[dict[str, object]] = [
    {
        "id": 1, "type": "service", "date": "2022-07-13T14:00:00", "date_unixtime": "1657713600", "actor": "Rosa (work)",
        "actor_id": ROSA, "action": "phone_call", "duration_seconds": 62, "discard_reason": "hangup", "text": "",
    },
    message(2, ROSA, "Rosa (work)", ["See ", {"type": "link", "text": "https://example.org"}, " tonight"]),
    message(3, ADA, "Ada Winter", "ok", reply_to_message_id=2, edited="2022-07-13T14:30:00", edited_unixtime="1657715400"),
    message(4, ROSA, "Rosa (work)", "", file="files/contract.pdf", mime_type="application/pdf", forwarded_from="Bee"),
    message(5, ROSA, "Rosa (work)", "", photo="(File not included. Change data exporting settings to download.)"),
    message(6, ADA, "Ada Winter", "half \ud800 emoji", location_information={"latitude": 52.5, "longitude": 4.5}),
]  # fmt: skip
CHAT = {"name": "Rosa (work)", "type": "personal_chat", "id": 4100000002, "messages": MESSAGES}
GROUP = {
    "name": "Harbour", "type": "private_supergroup", "id": 99,
    "messages": [message(n, f"user{n}00000000", f"Member {n}", f"text {n}") for n in range(1, 31)],
}  # fmt: skip
FULL = {
    "about": "Here is the data you requested. Remember: Telegram is ad free.",
    "personal_information": {
        "user_id": 4100000001, "first_name": "Ada", "last_name": "Winter", "phone_number": "+31 6 44891202", "username": "@ada",
    },
    "contacts": {"about": "x", "list": [
        {"user_id": 0, "first_name": "Bee", "last_name": "Stone", "phone_number": "0044 7700 900123", "date": "2022-01-01"},
        {"user_id": 4100000002, "first_name": "Rosie", "last_name": "", "phone_number": "+447700900456"},
    ]},
    "sessions": {"about": "y", "list": [{"device_model": "Phone X", "last_ip": "192.0.2.7"}]},
    "chats": {"about": "z", "list": [CHAT, GROUP]},
}  # fmt: skip


def export(value: object, name: str = "result.json") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, json.dumps(value, indent=1).encode())


def test_half_a_character_is_told() -> None:
    rows = list(read(export({**CHAT, "messages": [message(6, ADA, "Ada Winter", "half \ud800 emoji \U0001f600")]})))
    assert ["incomplete character" in row.message for row in of(Issue, rows) if row.code == "bad-encoding"] == [True]


def test_two_times_that_no_zone_explains_are_told() -> None:
    first = CHAT["messages"][1]
    for day, told in (("2022-07-13", []), ("2022-07-16", ["bad-date"])):
        one = {**first, "date": f"{day}T14:00:00", "date_unixtime": "1657713600"}
        rows = list(read(export({**CHAT, "messages": [one]})))
        assert [row.code for row in of(Issue, rows) if row.code == "bad-date"] == told


def test_a_message_twice_is_one_and_two_messages_alike_are_two() -> None:
    first = CHAT["messages"][1]
    rows = list(read(export({**CHAT, "messages": [first, first, {**first, "id": 99}]})))
    assert len(of(Document, rows)) == 2 and len(of(Trace, rows)) == 3


@pytest.mark.parametrize("names", [("Rosa (work)", "Ada Winter"), ("Ada Winter", "Ada Winter")])
def test_what_two_say_in_one_moment_are_two_messages(names: tuple[str, str]) -> None:
    said = [message(2, sender, name, "ok") for sender, name in zip((ROSA, ADA), names, strict=True)]
    rows = list(read(export({**CHAT, "messages": [said[0], {**said[1], "id": 3}]})))
    assert len(of(Document, rows)) == len({c.value for c in of(Claim, rows) if c.prop == "senderAccount"}) == 2
    assert not [one for one in of(Issue, rows) if one.code == "sender-conflict"]


def test_one_chat() -> None:
    file = export(CHAT)
    assert detect(file).reader == "telegram"
    rows = list(read(file))
    documents = of(Document, rows)
    assert [d.at for d in documents][:3] == [
        "2022-07-13T14:00:00+02:00", "2022-07-13T14:02:00+02:00", "2022-07-13T14:03:00+02:00",
    ]  # fmt: skip
    assert [d.service for d in documents] == ["system", "", "", "", "", ""]
    texts = [p.text for p in of(Passage, rows)]
    assert texts[:4] == [
        "Rosa (work): phone call (duration_seconds: 62; discard_reason: hangup)",
        "See https://example.org tonight",
        "ok",
        "Attachment: contract.pdf",
    ]
    assert texts[5] == "half \ufffd emoji\nlocation_information latitude: 52.5\nlocation_information longitude: 4.5"
    assert {t.trace for t in of(Trace, rows)} == {"1", "2", "3", "4", "5", "6"}
    assert values(rows, "Message", "inReplyTo") == {"4100000002/2"}
    said = values(rows, "Message", "description")
    assert {"forwarded from: Bee", "attachment: contract.pdf", "edited: 2022-07-13T14:30:00+02:00"} <= said
    rosa = build_account_key("4100000002").entity_id
    assert (person(rows, "Rosa (work)"), rosa, "contact name") in attributions(rows)
    assert rosa in values(rows, "Message", "senderAccount") & values(rows, "Message", "recipientAccount")
    assert [i.code for i in of(Issue, rows)] == ["bad-encoding"]
    for claim in of(Claim, rows):
        schema.check_schema(claim.schema, claim.prop)


def test_what_a_message_holds_beside_its_text_is_searched_beside_it() -> None:
    link = {"type": "text_link", "text": "here", "href": "http://a.example/x"}
    who = {"type": "mention_name", "text": "Boss", "user_id": 77123456}
    reaction = {"type": "emoji", "count": 1, "emoji": "X", "recent": [{"from": "Bee", "from_id": "user7"}]}
    odd = message(
        1, ROSA, "Rosa", ["see ", link, who], file="files/other.pdf", file_name="a.pdf", reactions=[reaction],
        inline_bot_buttons=[[{"type": "url", "text": "Pay now"}]], text_entities=[{"type": "plain", "text": "unlike"}],
    )  # fmt: skip
    rows = list(read(export({**CHAT, "messages": [odd]})))
    first, beside = [p.text for p in of(Passage, rows)]
    assert first == "see hereBoss"
    for line in (
        "text_link here href: http://a.example/x", "mention_name Boss user_id: 77123456", "reactions X recent from: Bee",
        "inline_bot_buttons text: Pay now", "file: files/other.pdf", "text_entities: unlike", "Attachment: a.pdf",
    ):  # fmt: skip
        assert line in beside.split("\n")


def test_same_message_in_another_zone_is_the_same_document() -> None:
    other = json.loads(json.dumps(CHAT))
    for one in other["messages"]:
        one["date"] = one["date"].replace("T14", "T12")
    assert [d.id for d in of(Document, read(export(CHAT)))] == [d.id for d in of(Document, read(export(other)))]


def test_the_officer_says_whose_account_it_was() -> None:
    rows = list(read(export(CHAT), {"custodian": "Ada Winter"}))
    assert (person(rows, "Ada Winter"), build_account_key("4100000001").entity_id, "custodian") in attributions(rows)
    assert not any(
        basis == "custodian"
        for _, held, basis in attributions(rows)
        if held == build_account_key("4100000002").entity_id
    )


def test_all_data_of_an_account() -> None:
    file = export(FULL)
    assert detect(file).reader == "telegram"
    rows = list(read(file))
    ada, claimed = build_account_key("4100000001").entity_id, attributions(rows)
    number = build_telephone_key("+31644891202").entity_id
    holders = {holder for holder, held, basis in claimed if held == ada and basis == "custodian"}
    assert len(holders) == 1
    assert (ada, number, "account identifier") in claimed
    assert (
        build_account_key("4100000002").entity_id,
        build_telephone_key("+447700900456").entity_id,
        "contact number",
    ) in claimed
    assert any(
        held == build_telephone_key("+447700900123").entity_id and basis == "contact name" for _, held, basis in claimed
    )
    titles = {d.title for d in of(Document, rows)}
    assert {"result.json: personal information", "result.json: contacts", "result.json: section sessions"} <= titles
    assert any("192.0.2.7" in p.text for p in of(Passage, rows))
    group = build_account_key("channel99").entity_id
    assert "group" in values(rows, "UserAccount", "description")
    assert sum(c.prop == "recipientAccount" and c.value == group for c in of(Claim, rows)) == 30
    assert {t.conversation for t in of(Trace, rows)} >= {
        "Telegram conversation about Harbour", "Telegram conversation about Rosa (work)",
    }  # fmt: skip


def test_old_exports_have_no_zone() -> None:
    old = json.loads(json.dumps(CHAT))
    for one in old["messages"]:
        del one["date_unixtime"]
    rows = list(read(export(old)))
    assert next(d.at for d in of(Document, rows)) == "2022-07-13T14:00:00"
    assert [i.code for i in of(Issue, rows)] == ["zone-unknown", "bad-encoding"]


def test_what_stands_before_the_damage_is_kept() -> None:
    data = json.dumps(CHAT).encode()
    rows = list(read(SourceFile(Path("/x"), "0" * 64, "result.json", data[:-400])))
    assert len(of(Document, rows)) == 4
    assert "truncated" in {i.code for i in of(Issue, rows)}


def test_strangers_are_left_to_others(made: Make) -> None:
    assert detect(made("x.json", '{"type": "FeatureCollection", "features": []}')).reader != "telegram"
    assert detect(made("x.txt", "Telegram")).reader == "text"


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title><script>bad()</script></head>
<body><div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">
Harbour &amp; Co
</div></div></div><div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">13 July 2022</div></div>
<div class="message default clearfix" id="message10"><div class="pull_left userpic_wrap"><div class="initials">RB</div></div>
<div class="body"><div class="pull_right date details" title="13.07.2022 14:02:00 UTC+02:00">14:02</div>
<div class="from_name">Rosa Blum </div>
<div class="text">Where are you?<br>I &lt;wait&gt; at <a href="https://example.org/photos/x.jpg">the
port</a></div></div></div>
<div class="message default clearfix joined" id="message11"><div class="body">
<div class="pull_right date details" title="13.07.2022 14:03:00 UTC+02:00">14:03</div>
<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/photo_1.jpg"><img class="photo" src="x"></a></div>
</div></div>
<div class="message default clearfix" id="message12"><div class="body">
<div class="pull_right date details" title="13.07.2022 14:04:00 UTC+02:00">14:04</div><div class="from_name">Ada Winter</div>
<div class="reply_to details">In reply to <a href="#go_to_message10" onclick="return GoToMessage(10)">this message</a></div>
<div class="forwarded body"><div class="from_name">Bee <span class="date details" title="12.07.2022 10:00:00"> 12.07.2022</span></div>
<div class="text">At home</div></div></div></div>
</div></div></div></body></html>"""


@pytest.mark.parametrize("said", ['<meta charset="utf-8"/>', ""])
def test_a_page_that_is_not_in_the_set_it_names_is_told(made: Make, said: str) -> None:
    page = PAGE.replace('<meta charset="utf-8"/>', said).replace("Where are you?", "Où es-tu ?")
    found = [
        i.message for i in of(Issue, read(made("messages.html", page.encode("cp1252")))) if i.code == "bad-encoding"
    ]
    assert len(found) == 1 and ("utf-8" if said else "does not state its character set") in found[0]
    assert "bad-encoding" not in {i.code for i in of(Issue, read(made("messages.html", page)))}


def test_pages(made: Make) -> None:
    file = made("messages.html", PAGE)
    assert detect(file).reader == "telegram-page"
    rows = list(read(file))
    documents = of(Document, rows)
    assert [(d.at, d.service) for d in documents] == [
        ("", "system"), ("2022-07-13T14:02:00+02:00", ""), ("2022-07-13T14:03:00+02:00", ""),
        ("2022-07-13T14:04:00+02:00", ""), ("", ""),
    ]  # fmt: skip
    assert [p.text for p in of(Passage, rows)] == [
        "13 July 2022", "Where are you?\nI <wait> at the port", "Attachment: photo_1.jpg", "At home",
        "href: https://example.org/photos/x.jpg",
    ]  # fmt: skip
    assert values(rows, "Message", "inReplyTo") == {"10"}
    assert "forwarded from: Bee" in values(rows, "Message", "description")
    assert values(rows, "Person", "name") == {"Rosa Blum", "Ada Winter"}
    assert {t.conversation for t in of(Trace, rows)} == {"Telegram conversation about Harbour & Co", ""}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.lists(st.tuples(st.integers(1, 9), TEXT), max_size=8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_text_survives(messages: list[tuple[int, str]], parted: bool) -> None:
    made = [
        message(
            n, f"user{who}0000000", f"Name {who}", [text[:3], {"type": "bold", "text": text[3:]}] if parted else text
        )
        for n, (who, text) in enumerate(messages, 1)
    ]
    file = export({"name": "G", "type": "private_group", "id": 5, "messages": made})
    rows = list(read(file))
    passages = {p.document_id: p.text for p in of(Passage, rows) if p.number == 0}
    traces = sorted((trace for trace in of(Trace, rows) if trace.trace), key=lambda t: int(t.trace))
    assert [passages.get(t.document_id, "") for t in traces] == [text.rstrip() for _, text in messages]
    senders = {c.trace_id: c.value for c in of(Claim, rows) if c.prop == "senderAccount"}
    assert [senders[t.id] for t in traces] == [build_account_key(f"{who}0000000").entity_id for who, _ in messages]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1]), st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_json_in_pieces_is_json(value: object, indent: int | None, size: int) -> None:
    source = export(value)
    source = SourceFile(source.path, source.sha256, source.name, json.dumps(value, indent=indent).encode())
    whole = Stream(source, lambda path: False)
    before = json_stream.CHUNK
    try:
        json_stream.CHUNK = size
        assert list(whole) == [((), value)]
        assert whole.problem == ""
    finally:
        json_stream.CHUNK = before


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[" * 100_000, b'{"messages": [' + b"[" * 50_000, b'{"type": "personal_chat", "id": 1, "messages": 7}',
        b'{"type": "personal_chat", "id": 1, "messages": [1, null, "x", [], {}, {"id": {}, "date": [], "text": {}}]}',
        b'{"type": "personal_chat", "id": 1, "messages": [{"id": ' + b"9" * 5000 + b"}]}",
        b'{"personal_information": {"a": 1}, "personal_information": {"b": 2}, "contacts": {"x": "y", "list": [{"a": "b"}]}}',
        b'{"messages": ["' + b"x" * 3_000_000, json.dumps(FULL).encode("utf-16"),
    ],
)  # fmt: skip
def test_hostile(data: bytes) -> None:
    survives("result.json", data, "telegram")
    survives("messages.html", data, "telegram-page")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data"), [("result.json", json.dumps(FULL).encode()), ("messages.html", PAGE.encode())]
)
def test_mutations(name: str, data: bytes) -> None:
    dice = random.Random(7)
    for _ in range(150):
        survives(name, mutated(data, dice), "telegram" if name.endswith("json") else "telegram-page")


@pytest.mark.slow
def test_pages_are_read_in_linear_time() -> None:
    survives("messages.html", PAGE.encode() + b'<div class="' * 100_000, "telegram-page")
    survives("messages.html", PAGE.encode() + b"<div>" * 200_000, "telegram-page")
    survives("messages.html", PAGE.encode() + b"<!--" * 200_000, "telegram-page")


def test_moments() -> None:
    assert (
        telegram.read_moment({"date": "2022-07-13T14:00:00", "date_unixtime": "1657713600"})
        == "2022-07-13T14:00:00+02:00"
    )
    assert telegram.read_moment({"date": "x", "date_unixtime": "1657713600"}) == "2022-07-13T12:00:00+00:00"
    assert telegram.read_moment({"date": "2022-07-13T14:00:00"}) == "2022-07-13T14:00:00"
    assert (
        telegram.read_moment({"date_unixtime": "9" * 30})
        == telegram.read_moment({"date_unixtime": "1\xb2"})
        == telegram.read_moment({})
        == ""
    )


def test_two_reads_are_equal() -> None:
    def rows() -> list[Row]:
        return list(read(export(FULL)))

    assert rows() == rows()


def _told(chat: dict, code: str) -> list[str]:
    return [one.message for one in of(Issue, read(export(chat))) if one.code == code]


@pytest.mark.parametrize(
    ("hours", "is_told"), [(0, False), (1, False), (-1, False), (8, True), (0.1, True), (30, True)]
)
def test_two_times_that_no_one_zone_explains_are_told(hours: float, is_told: bool) -> None:
    some = [message(number, ROSA, "Rosa", "x") for number in range(1, 6)]
    day = datetime.fromisoformat(some[2]["date"]) + timedelta(hours=hours)
    some[2]["date"] = day.isoformat()
    told = _told({**CHAT, "messages": some}, "bad-date")
    assert bool(told) is is_told
    assert all("message 3" in one for one in told)


def test_an_account_with_two_names_is_told() -> None:
    some = [message(1, ROSA, "Rosa (work)", "a"), message(2, ROSA, "Ada", "b"), message(3, ADA, "Ada", "c")]
    number = ROSA
    assert _told({**CHAT, "messages": some}, "conflict") == [
        f"The file contains several names for the account '{number}': 'Rosa (work)', 'Ada'. All names were saved (message 1, message 2)."
    ]
    assert _told({**CHAT, "name": "Bob", "messages": some[:1]}, "conflict")
    assert not _told({**CHAT, "messages": [some[0], some[2], {**some[2], "id": 4, "from": None}]}, "conflict")


def test_a_third_account_in_the_chat_of_two_is_told() -> None:
    some = [message(1, ROSA, "Rosa (work)", "a"), message(2, ADA, "Ada", "b"), message(3, "user77", "Eve", "c")]
    assert "more than two accounts" in _told({**CHAT, "messages": some}, "conflict")[0]
    assert not _told({**CHAT, "messages": some[:2]}, "conflict")


def _replace_in_message(old: str, new: str) -> list[Row]:
    made = export({**CHAT, "messages": [message(2, ROSA, "Rosa (work)", "hi"), message(3, ADA, "Ada Winter", "ok")]})
    return list(read(SourceFile(made.path, made.sha256, made.name, made.data.replace(old.encode(), new.encode(), 1))))


@pytest.mark.parametrize(
    ("old", "new", "senders", "is_told"),
    [
        ('"text": "hi"', '"text": "hi", "from": "Dana", "from_id": "user99", "text": "I did it"', 1, True),
        ('"text": "hi"', '"text": "hi", "text": "hi"', 2, False),
        ('"text": "hi"', '"text": "hi", "date_unixtime": "1577836800"', 2, True),
    ],
)
def test_a_field_that_a_message_has_twice_is_text_only_and_told(
    old: str, new: str, senders: int, is_told: bool
) -> None:
    rows = _replace_in_message(old, new)
    assert sum(c.prop == "senderAccount" for c in of(Claim, rows)) == senders
    assert [i.code for i in of(Issue, rows) if "several different values" in i.message] == ["conflict"] * is_told
    words = "\n".join(p.text for p in of(Passage, rows))
    assert all(word in words for word in ("hi", *(("I did it", "Dana", "Rosa (work)") if senders < 2 else ())))


@pytest.mark.parametrize(
    ("more", "text", "told"),
    [
        ({}, "hi", ""),
        ({}, "I did it", "have the same number: '2'"),
        ({"edited": "2020-07-13T14:30:00", "edited_unixtime": "1594643400"}, "hi", "The edit time of a message"),
        ({"edited": "1970-01-01T01:00:00", "edited_unixtime": "0"}, "hi", ""),
    ],
)
def test_a_number_that_two_messages_have_and_an_edit_before_the_message_are_told(
    more: dict[str, object], text: str, told: str
) -> None:
    first = message(2, ROSA, "Rosa (work)", "hi", **more)
    rows = list(read(export({**CHAT, "messages": [first, {**first, "text": text}]})))
    assert [told in i.message for i in of(Issue, rows) if i.code in ("conflict", "bad-date")] == [True] * bool(told)
