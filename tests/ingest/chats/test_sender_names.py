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
