from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tests.ingest.claimed import attributions, of, person, values
from tests.ingest.test_faults import mutated, survives
from workbench.ingest import SourceFile, detect, read
from workbench.model import schema
from workbench.model.identifiers import build_account_key, build_telephone_key
from workbench.model.rows import Claim, Document, Issue, Passage, Trace

Make = Callable[[str, str | bytes], SourceFile]

ACCOUNT_ID = "aci"  # codespell:ignore aci
ROSA = UUID("00000000-0000-4000-8000-000000000002")
BEE = UUID("00000000-0000-4000-8000-000000000003")
T = 1_657_713_600_000


def encoded(one: UUID) -> str:
    return base64.b64encode(one.bytes).decode()


def item(chat: str, author: str, minute: int, **more: object) -> dict[str, object]:
    return {"chatItem": {"chatId": chat, "authorId": author, "dateSent": str(T + minute * 60_000), **more}}


def words(body: str, **more: object) -> dict[str, object]:
    return {"standardMessage": {"text": {"body": body}, **more}}


FRAMES: list[dict[str, object]] = [
    {"version": "1", "backupTimeMs": str(T), "mediaRootBackupKey": "c2VjcmV0LXJvb3Q="},
    {"account": {"givenName": "Ada", "familyName": "Winter", "username": "ada.42", "profileKey": "c2VjcmV0LXByb2ZpbGU="}},
    {"recipient": {"id": "1", "self": {}}},
    {"recipient": {"id": "2", "contact": {
        ACCOUNT_ID: encoded(ROSA), "e164": "447700900123", "profileGivenName": "Rosa", "systemGivenName": "Rosa",
        "systemFamilyName": "(work)",
        "profileKey": "c2VjcmV0LXByb2ZpbGU=",
    }}},
    {"recipient": {"id": "3", "contact": {ACCOUNT_ID: encoded(BEE), "profileGivenName": "Bee"}}},
    {"recipient": {"id": "4", "group": {"masterKey": "c2VjcmV0LW1hc3Rlcg==", "snapshot": {
        "title": {"title": "Harbour"}, "members": [{"userId": encoded(ROSA)}, {"userId": encoded(BEE)}],
    }}}},
    {"recipient": {"id": "5", "releaseNotes": {}}},
    {"chat": {"id": "10", "recipientId": "2"}},
    {"chat": {"id": "11", "recipientId": "4"}},
    item("10", "2", 0, incoming={"dateReceived": str(T)}, **words("Where are you?")),
    item("10", "1", 1, outgoing={"sendStatus": []}, **words("ok", quote={
        "targetSentTimestamp": str(T), "authorId": "2", "text": {"body": "Where are you?"},
    })),
    item("10", "2", 2, incoming={}, **words("", attachments=[{"pointer": {"fileName": "contract.pdf", "contentType": "application/pdf"}}])),
    item("11", "3", 3, incoming={}, **words("To all")),
    item("10", "2", 4, incoming={}, remoteDeletedMessage={}),
    item("10", "2", 5, directionless={}, updateMessage={"individualCall": {"type": "AUDIO_CALL", "state": "MISSED"}}),
    item("10", "1", 7, outgoing={}, revisions=[item("10", "1", 6, outgoing={}, **words("old"))["chatItem"]], **words("new")),
]  # fmt: skip


def lines(frames: list[dict[str, object]]) -> bytes:
    return "\n".join(json.dumps(frame) for frame in frames).encode()


def export(data: bytes, name: str = "main.jsonl") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, data)


def test_signals_own_export() -> None:
    file = export(lines(FRAMES))
    assert detect(file).reader == "signal"
    rows = list(read(file))
    texts = [
        p.text
        for p in of(Passage, rows)
        if p.document_id in {d.id for d in of(Document, rows) if d.schema == "Message"}
    ]
    assert texts == [
        "Where are you?", "ok", "Attachment: contract.pdf", "To all", "individualCall type: AUDIO_CALL\nindividualCall state: MISSED",
        "old", "new",
    ]  # fmt: skip
    documents = [d for d in of(Document, rows) if d.schema == "Message"]
    assert documents[0].at == "2022-07-13T12:00:00.000+00:00"
    assert [d.service for d in documents] == ["", "", "", "", "", "system", "", ""]
    rosa, ada = build_account_key("+447700900123").entity_id, build_account_key("ada.42").entity_id
    claimed = attributions(rows)
    assert (person(rows, "Rosa (work)"), rosa, "contact name") in claimed
    assert (rosa, build_telephone_key("+447700900123").entity_id, "account identifier") in claimed
    assert any(held == ada and basis == "custodian" for _, held, basis in claimed)
    first = {c.prop: c.value for c in of(Claim, rows) if c.document_id == documents[0].id and c.schema == "Message"}
    assert (first["senderAccount"], first["recipientAccount"]) == (rosa, ada)
    group = {c.value for c in of(Claim, rows) if c.document_id == documents[3].id and c.prop == "recipientAccount"}
    assert group == {rosa}, "the members but the sender; the account itself is not among the listed ones"
    said = values(rows, "Message", "description")
    assert {"deleted by its sender", "edited", "an earlier version of a message that was edited"} <= said
    assert values(rows, "Message", "inReplyTo") == {str(T)}
    assert {t.place for t in of(Trace, rows)} >= {"line 10", "line 16, version 1"}
    for claim in of(Claim, rows):
        schema.check_schema(claim.schema, claim.prop)


def test_secrets_stay_in_the_file() -> None:
    rows = list(read(export(lines(FRAMES))))
    said = " ".join([p.text for p in of(Passage, rows)] + [c.value for c in of(Claim, rows)])
    assert "c2Vjcm" not in said
    assert str(ROSA) not in said
    assert "447700900123" in said


EXPORTED = lines([
    {"date": "2022-07-13T12:00:00", "sender": "Rosa Blum", "body": "Where are you?  ", "quote": "", "sticker": "",
     "reactions": [], "attachments": []},
    {"date": "2022-07-13T12:01:00", "sender": "Me", "body": "ok", "quote": "\n\n> Where are you?\n\n", "sticker": "",
     "reactions": [], "attachments": [{"name": "plan.pdf", "path": "media/plan.pdf"}]},
])  # fmt: skip


def test_signal_export_json() -> None:
    file = export(EXPORTED, "Rosa Blum/data.json")
    assert detect(file).reader == "signal"
    rows = list(read(file, {"custodian": "Ada Winter"}))
    assert [p.text for p in of(Passage, rows)] == ["Where are you?", "ok", "Attachment: plan.pdf"]
    assert {t.conversation for t in of(Trace, rows)} == {"Signal conversation about Rosa Blum"}
    assert (person(rows, "Ada Winter"), "custodian") in {(h, b) for h, _, b in attributions(rows)}
    assert "answers: Where are you?" in values(rows, "Message", "description")


def test_signal_export_markdown() -> None:
    text = "[2022-07-13 12:00:00] Rosa Blum: Where are you?  \nI wait  \n\n[2022-07-13 12:01:00] Me: ok  \n"
    file = export(text.encode(), "Rosa Blum/chat.md")
    assert detect(file).reader == "signal"
    rows = list(read(file))
    assert [p.text for p in of(Passage, rows)] == ["Where are you?  \nI wait", "ok"]
    assert [d.at for d in of(Document, rows)] == ["2022-07-13T12:00:00", "2022-07-13T12:01:00"]
    assert {t.conversation for t in of(Trace, rows)} == {"Signal conversation about Rosa Blum"}


def test_wrong_lines_are_reported_and_the_rest_is_read() -> None:
    data = lines(FRAMES).replace(b'"To all"', b'"To all')
    rows = list(read(export(data)))
    assert {i.code for i in of(Issue, rows)} == {"bad-row"}
    assert len([d for d in of(Document, rows) if d.schema == "Message"]) == 7


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b'{"version": 1, "backupTimeMs": 2}', b'{"version": 1, "backupTimeMs": 2}\n{"chatItem": 5}\n{"recipient": []}',
        b'{"version": 1, "backupTimeMs": 2}\n{"chatItem": {"dateSent": "x", "revisions": [1, {}], "standardMessage": []}}',
        b'{"version": 1, "backupTimeMs": 2}\n{"chatItem": {"chatId": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        lines(FRAMES).replace(b"Rosa", b"<script>alert(1)</script>"),
    ],
)  # fmt: skip
def test_hostile(data: bytes) -> None:
    survives("main.jsonl", data, "signal")


def test_mutations() -> None:
    dice = random.Random(3)
    for _ in range(150):
        survives("main.jsonl", mutated(lines(FRAMES), dice), "signal")
        survives("data.json", mutated(EXPORTED, dice), "signal")


def find_faults(*more: dict[str, object]) -> list[str]:
    return [i.message for i in of(Issue, read(export(lines([*FRAMES, *more])))) if i.code == "contradiction"]


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ({"recipient": {"id": "2", "contact": {"e164": "447700900303", "profileGivenName": "Mallory"}}}, "recipient '2' more than once"),
        ({"chat": {"id": "10", "recipientId": "1"}}, "chat '10' to more than one recipient"),
        (item("10", "7", 9, incoming={}, **words("who?")), "author '7' of a message"),
        (item("77", "2", 9, incoming={}, **words("where?")), "in the chat '77'"),
        (item("10", "2", 9, outgoing={}, **words("not mine")), "marked as sent"),
        (item("10", "1", 9, incoming={}, **words("not theirs")), "marked as received"),
    ],
)  # fmt: skip
def test_an_export_that_contradicts_itself_says_so(frame: dict[str, object], told: str) -> None:
    assert not find_faults()
    (found,) = find_faults(frame)
    assert told in found


def test_a_recipient_that_is_described_again_keeps_its_first_name() -> None:
    again = {"recipient": {"id": "2", "contact": {"e164": "447700900303", "profileGivenName": "Mallory"}}}
    rows = list(read(export(lines([*FRAMES, again]))))
    assert "Mallory" not in values(rows, "Person", "name")
    assert any("Mallory" in p.text for p in of(Passage, rows)), "what it says is kept as text"


@pytest.mark.parametrize("at", ["2022-02-30 12:25:00", "04/07/2022 12:25", "2022-13-14T08:00:00"])
def test_times_of_signal_export_that_are_none_are_told(at: str) -> None:
    message = {
        "date": at,
        "sender": "Rosa",
        "body": "b",
        "quote": "",
        "sticker": "",
        "reactions": [],
        "attachments": [],
    }
    (told,) = [i for i in of(Issue, read(export(lines([message]), "Rosa/data.json"))) if i.code == "bad-date"]
    assert repr(at) in told.message


@pytest.mark.parametrize("name", ["Rosa", 'Rosa "Ro"', "Rosa \u201eRo"])
def test_lines_of_signal_are_of_the_sender_that_they_show(name: str) -> None:
    text = f"[2022-07-04 12:24:24] Ada: hi\n[2022-07-04 12:26:24] {name}: \u200ebring \u201cit\u201d\n"
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, "Rosa/chat.md", text.encode())))
    assert [c.original_value for c in of(Claim, rows) if c.prop == "senderAccount"] == ["Ada", name]


def test_a_field_that_a_message_of_signal_has_twice_is_text_only_and_told() -> None:
    fields = '"date": "2022-07-04 12:24:24", "sender": "Rosa", "body": "hi", "quote": "", "sticker": "", "reactions": [], "attachments": []'
    text = f'{{{fields}, "sender": "Dana", "body": "I did it"}}\n{{{fields}}}\n'
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, "Rosa/data.json", text.encode()), reader="signal"))
    assert [c.original_value for c in of(Claim, rows) if c.prop == "senderAccount"] == ["Rosa"]
    (told,) = (i for i in of(Issue, rows) if i.code == "conflict")
    assert "sender, body" in told.message
    words = "\n".join(p.text for p in of(Passage, rows))
    assert all(word in words for word in ("Dana", "I did it", "hi"))


def test_a_frame_of_signal_with_a_field_twice_is_told() -> None:
    lines = [json.dumps(frame) for frame in FRAMES]
    at = next(n for n, line in enumerate(lines) if '"body": ' in line)
    lines[at] = lines[at].replace('"body": ', '"body": "I did it", "body": ', 1)
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, "main.jsonl", "\n".join(lines).encode())))
    assert ["(body) have several different values" in i.message for i in of(Issue, rows) if i.code == "conflict"] == [
        True
    ]
    clean = list(
        read(SourceFile(Path("/nowhere"), "0" * 64, "main.jsonl", "\n".join(map(json.dumps, FRAMES)).encode()))
    )
    assert not [i for i in of(Issue, clean) if i.code == "conflict"]
