"""Names in chats that hold a colon, or look like a number or a program: words go to no one who did not write them."""

from __future__ import annotations

import pytest

from tests.ingest.chats.test_whatsapp import chat
from tests.ingest.claimed import of, values
from workbench.ingest import read
from workbench.model.rows import Claim, Document, Issue, Passage, Row

LRM = "\u200e"
SYSTEM = "System message"
NAMED = "Omar Haddad: I took the money"
HEAD = f"[14.07.22, 12:24:01] {NAMED}: {LRM}Messages and calls are end-to-end encrypted.\n"
NOTICE = f"[14.07.22, 12:26:24] {NAMED}: {LRM}Rosa added Eve\n"
SAID = "[14.07.22, 12:24:24] Omar Haddad: hi\n[14.07.22, 12:25:24] Rosa: hello\n"


def list_senders(rows: list[Row]) -> list[str]:
    """Who is claimed to have sent each message, '' no one."""
    said = {c.document_id: c.original_value or c.value for c in of(Claim, rows) if c.prop == "senderAccount"}
    return [said.get(one.id, "") for one in of(Document, rows)]


def list_doubts(rows: list[Row]) -> list[str]:
    """Places of issues about senders."""
    return [one.place for one in of(Issue, rows) if one.code == "sender-unknown"]


@pytest.mark.parametrize(
    ("name", "text", "senders", "doubts"),
    [
        ("WhatsApp Chat - Omar Haddad_ I took the money.txt", HEAD + SAID + NOTICE, [SYSTEM, "Omar Haddad", "Rosa", SYSTEM], []),
        ("WhatsApp Chat - Omar Haddad- I took the money (2).txt", SAID + NOTICE, ["Omar Haddad", "Rosa", SYSTEM], []),
        ("_chat.txt", HEAD + SAID + NOTICE, [SYSTEM, "Omar Haddad", "Rosa", SYSTEM], []),
        ("_chat.txt", SAID + NOTICE, ["Omar Haddad", "Rosa", ""], ["line 3"]),
        ("WhatsApp Chat - Pier.txt", SAID + NOTICE, ["Omar Haddad", "Rosa", ""], ["line 3"]),
        ("WhatsApp Chat - Omar Haddad_ I took the money.txt", SAID + NOTICE.replace(LRM, ""), ["Omar Haddad", "Rosa", ""], ["line 3"]),
    ],
)  # fmt: skip
def test_a_notice_of_a_group_whose_name_has_a_colon_is_of_no_member(
    name: str, text: str, senders: list[str], doubts: list[str]
) -> None:
    rows = list(read(chat(text, name)))
    assert list_senders(rows) == senders and list_doubts(rows) == doubts
    assert values(rows, "Person", "name") == {"Omar Haddad", "Rosa"}
    if doubts:
        assert of(Passage, rows)[-1].text == f"{NAMED}: {LRM}Rosa added Eve".replace(LRM, LRM if LRM in text else "")


@pytest.mark.parametrize(
    ("name", "lines", "senders", "persons", "doubts"),
    [
        ("Ploeg", ["Taxi: Ali: at the pier", "Taxi: Omar: I was not", "Rosa: ok"], ["", "", "Rosa"], {"Rosa"}, ["line 1"]),
        ("Ploeg", ["Taxi: Ali: at the pier", "Taxi: Omar: no", "Taxi: Ali left", "Rosa: ok"], ["", "", "", "Rosa"], {"Rosa"}, ["line 1"]),
        ("Ploeg", ["Rosa: PS: call me", "Rosa: Code: 12", "Rosa: ok", "Ali: hi"], ["Rosa", "Rosa", "Rosa", "Ali"], {"Rosa", "Ali"}, []),
        ("Ploeg", ["Rosa: Address: Main Street 3", "Ali: hi"], ["Rosa", "Ali"], {"Rosa", "Ali"}, []),
        ("Taxi_ Ali", ["Taxi: Ali: at the pier", "Rosa: ok"], ["Taxi: Ali", "Rosa"], {"Taxi: Ali", "Rosa"}, []),
        ("Taxi_ Ali", ["Taxi: Ali: at the pier"], ["Taxi: Ali"], {"Taxi: Ali"}, []),
        ("Ploeg", ["You added Omar Haddad: I stole it", "Rosa: hi", "Omar Haddad: hello"], ["", "Rosa", "Omar Haddad"],
         {"Rosa", "Omar Haddad"}, ["line 1"]),
        ("Ploeg", ["Rosa lud Omar Haddad: I stole it ein", "Omar Haddad: I stole it: hello", "Omar Haddad: hi"],
         ["", "Omar Haddad", "Omar Haddad"], {"Omar Haddad"}, ["line 1"]),
    ],
)  # fmt: skip
def test_contacts_with_a_colon_are_not_one_person(
    name: str, lines: list[str], senders: list[str], persons: set[str], doubts: list[str]
) -> None:
    text = "".join(f"14/07/2022, 12:{at} - {line}\n" for at, line in enumerate(lines, 24))
    rows = list(read(chat(text, f"WhatsApp Chat with {name}.txt")))
    assert list_senders(rows) == senders and list_doubts(rows) == doubts
    assert values(rows, "Person", "name") - {"Ploeg"} == persons
    assert senders[0] != "" or of(Passage, rows)[0].text == lines[0]


def test_a_line_of_no_one_is_not_received_by_who_may_have_written_it() -> None:
    rows = list(read(chat(SAID + NOTICE, "_chat.txt")))
    last = of(Document, rows)[-1].id
    received = [c.original_value for c in of(Claim, rows) if c.document_id == last and c.prop == "recipientAccount"]
    assert received == ["Rosa"]


def test_contacts_with_a_colon_in_lines_of_signal() -> None:
    lines = ["Taxi: Ali: at the pier", "Taxi: Omar: I was not", "Me: ok"]
    text = "".join(f"[2022-07-14 12:24:0{at}] {line}\n" for at, line in enumerate(lines))
    rows = list(read(chat(text, "Ploeg/chat.md"), reader="signal"))
    assert list_senders(rows) == ["", "", "Me"] and list_doubts(rows) == ["line 1"]


def read_strangers(name: str, options: dict[str, str] | None = None) -> list[Row]:
    """A chat in which one who chose his name writes twice, and the number that the name may show once."""
    lines = ["Dana: hi", f"{name}: I did it", "+31 6 12345678: c", f"{name}: again"]
    text = "".join(f"14/07/2022, 12:{at} - {line}\n" for at, line in enumerate(lines, 24))
    return list(read(chat(text, "WhatsApp Chat with Ploeg.txt"), options))


@pytest.mark.parametrize(
    "name",
    ["~ +31 6 12345678", "~\u202f0031612345678", "~ 31612345678@s.whatsapp.net", "~ rosa@x.example", "~ @31612345678", "~ 31612345678"],
)  # fmt: skip
def test_a_name_that_somebody_chose_is_no_number(name: str) -> None:
    rows = read_strangers(name)
    shown = "~ " + name[2:]
    (told,) = (one for one in of(Issue, rows) if one.code == "sender-unknown")
    assert repr(shown) in told.message
    assert values(rows, "TelephoneNumber", "number") == {"+31612345678"}
    assert values(rows, "UserAccount", "username") == {"Dana", "+31 6 12345678", shown}
    assert values(rows, "Person", "name") == {"Dana"}
    sent = [c.value for c in of(Claim, rows) if c.prop == "senderAccount"]
    assert len(set(sent)) == 3
    assert not {c.entity_id for c in of(Claim, rows) if c.prop == "phone"} & {sent[1]}


@pytest.mark.parametrize("name", ["~ WhatsApp", "~ System message", "~ Telegram", "~ Team Signal"])
def test_a_name_that_somebody_chose_is_no_program(name: str) -> None:
    rows = read_strangers(name)
    assert values(rows, "Person", "name") == {"Dana", name}
    assert not values(rows, "UserAccount", "description") and not list_doubts(rows)
    assert [one.service for one in of(Document, rows)] == [""] * 4


def test_a_user_name_that_somebody_chose_is_no_account_of_other_files() -> None:
    assert values(read_strangers("~ rosa_99"), "Person", "name") == {"Dana", "rosa_99"}


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("x/chat.md", "[2022-07-14 12:24:24] Dana: hi\n[2022-07-14 12:25:24] +31612345678: I did it\n", "signal"),
        ("x/data.json", '{"date": "2022-07-14T12:24:24", "sender": "+31612345678", "body": "I did it", "attachments": [], "quote": ""}\n',
         "signal"),
        ("main.jsonl", '{"version": 1, "backupTimeMs": 1}\n{"recipient": {"id": "2", "contact": {"e164": "447700900123", '
         '"profileGivenName": "+31612345678"}}}\n{"chat": {"id": "1", "recipientId": "2"}}\n{"chatItem": {"chatId": "1", '
         '"authorId": "2", "dateSent": "1657785600000", "incoming": {}, "standardMessage": {"text": {"body": "I did it"}}}}\n', "signal"),
        ("result.json", '{"name": "G", "type": "private_group", "id": 7, "messages": [{"id": 1, "type": "message", '
         '"date": "2022-07-14T10:00:00", "from": "+31612345678", "from_id": "user7", "text": "I did it"}]}', "telegram"),
    ],
)  # fmt: skip
def test_a_name_of_a_profile_is_no_number(name: str, data: str, reader: str) -> None:
    rows = list(read(chat(data, name), reader=reader))
    assert "+31612345678" not in values(rows, "TelephoneNumber", "number") | values(rows, "Person", "name")
    assert "'+31612345678'" in next(one.message for one in of(Issue, rows) if one.code == "sender-unknown")
    assert "I did it" in {one.text for one in of(Passage, rows)}


@pytest.mark.parametrize(("account", "service"), [("user7", ""), ("user777000", "system")])
def test_only_the_accounts_of_telegram_are_telegram(account: str, service: str) -> None:
    data = (
        '{"name": "Telegram", "type": "private_group", "id": 7, "messages": [{"id": 1, "type": "message", '
        f'"date": "2022-07-14T10:00:00", "from": "Telegram", "from_id": "{account}", "text": "I did it"}}]}}'
    )
    rows = list(read(chat(data, "result.json"), reader="telegram"))
    assert [one.service for one in of(Document, rows)] == [service]
