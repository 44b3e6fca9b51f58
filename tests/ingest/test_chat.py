from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear, within
from tests.ingest.claimed import attributions, of, person, values
from tests.ingest.conftest import source
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.chats.chat_export import TIME, parse_conversation_header, parse_device_header, parse_lines
from workbench.ingest.chats.conversation import Device as ChatDevice
from workbench.ingest.chats.conversation import Record
from workbench.ingest.reading.text_lines import TextLines, unify_line_ends
from workbench.model.identifiers import build_account_key, build_telephone_key
from workbench.model.ids import build_entity_id, compute_sha256
from workbench.model.rows import Claim, Document, Issue, Passage, Trace

Make = Callable[[str, str | bytes], SourceFile]

WHATSAPP = "31647996139@s.whatsapp.net"
EXPORT = f"""
Conversations found on device 01 Phone (EN) (evidence trace d1) used by custodian Ada Winter (evidence trace d1:9)
WhatsApp conversation about {WHATSAPP} containing 3 messages between 3 participants (evidence trace d1:1)
2022-07-04T12:24:24 | From: Ada Winter | To: Rosa Blum (Rosie) | Message: Where are you?
I wait.

At the port.
2022-07-04T12:30:00 | From: {WHATSAPP} (Mama) | To: Ada Winter | Message: Call me | From: home
2022-07-04T12:30:00 | From: {WHATSAPP} (Mama) | To: Ada Winter | Message: Call me | From: home
Native Messages conversation about Unknown containing 5 messages between 1 participants (evidence trace d1:2)
2022-07-04T11:00:00 | From: netcom | To: Ada Winter | Message: Your login code is 482911
2022-07-04T11:01:00 | From: netcom | To: Ada Winter | Message: Your login code is 482912

Conversations found on device 02 Phone (EN) (evidence trace d2) used by custodian Rosa Blum (evidence trace d2:9)
WhatsApp conversation about Unknown containing 2 messages between 3 participants (evidence trace d2:1)
2022-07-04T12:24:24 | From: 4915112345678@s.whatsapp.net (Bee) | To: Rosa Blum | Message: Where are you?
I wait.

At the port.
2022-07-05T08:00:00 | From: Rosa Blum | To: 111-222@g.us, Ada Winter (\u202a+31 6 44 89 12 02\u202c) | Message: Hi
"""


def test_detection_says_why(made: Make) -> None:
    found = detect(made("anything", EXPORT))
    assert (found.reader, found.reason) == (
        "chat-export",
        "Line 2 is the header of a device in a forensic chat export.",
    )
    without = "\n".join(EXPORT.splitlines()[2:])
    assert detect(made("x.txt", without)).reason == "Line 1 is the header of a conversation in a forensic chat export."


def test_no_reader_for_binary(made: Make) -> None:
    with pytest.raises(SourceError, match=r"The program cannot read the file 'x\.bin': its type is not supported"):
        detect(made("x.bin", bytes(range(256)) * 10))


def test_copies_are_one_document_with_a_trace_each(made: Make) -> None:
    rows = list(read(made("chats.txt", EXPORT)))
    assert len(of(Document, rows)) == 5
    traces = of(Trace, rows)
    assert len(traces) == len({t.id for t in traces}) == 7
    assert Counter(Counter(t.document_id for t in traces).values()) == {1: 3, 2: 2}
    first = traces[0]
    assert (first.trace, first.place, first.device, first.custodian) == (
        "d1:1",
        "line 4",
        "01 Phone (EN)",
        "Ada Winter",
    )
    assert first.conversation == "WhatsApp conversation about 31647996139@s.whatsapp.net"
    assert of(Passage, rows)[0].text == "Where are you?\nI wait.\n\nAt the port."


def test_documents_come_before_what_refers_to_them(made: Make) -> None:
    seen: set[str] = {""}
    for row in read(made("chats.txt", EXPORT)):
        if isinstance(row, Document):
            seen.add(row.id)
        else:
            assert row.document_id in seen
            seen.update({row.id} if isinstance(row, Trace | Passage) else set())
            if isinstance(row, Claim):
                assert {row.trace_id, row.passage_id} <= seen


def test_accounts_persons_and_numbers_are_apart(made: Make) -> None:
    rows = list(read(made("chats.txt", EXPORT)))
    mama, number = (
        build_account_key("31647996139@s.whatsapp.net").entity_id,
        build_telephone_key("+31647996139").entity_id,
    )
    claimed = attributions(rows)
    assert (person(rows, "Mama"), mama, "contact name") in claimed
    assert (mama, number, "account identifier") in claimed
    ada = person(rows, "Ada Winter")
    accounts = [held for holder, held, _ in claimed if holder == ada and held.startswith("useraccount-")]
    assert len(set(accounts)) == 1
    assert (accounts[0], build_telephone_key("+31644891202").entity_id, "contact number") in claimed
    assert values(rows, "Attribution", "basis") == {
        "custodian", "label of the export", "contact name", "account identifier", "contact number",
    }  # fmt: skip
    assert values(rows, "Attribution", "description") == {
        "address book of device 01 Phone (EN)", "address book of device 02 Phone (EN)",
    }  # fmt: skip
    assert values(rows, "Handset", "name") == {"01 Phone (EN)", "02 Phone (EN)"}


def test_a_service_is_set_apart_and_is_no_person(made: Make) -> None:
    rows = list(read(made("chats.txt", EXPORT)))
    assert Counter(d.service for d in of(Document, rows)) == {"": 3, "short code": 2}
    assert "service: short code" in values(rows, "UserAccount", "description")
    assert "netcom" not in values(rows, "Person", "name")
    assert "group" in values(rows, "UserAccount", "description")
    assert "111-222@g.us" not in values(rows, "Person", "name")


def test_whoever_gets_a_personal_answer_is_no_service(made: Make) -> None:
    answer = "2022-07-04T11:02:00 | From: Ada Winter | To: netcom | Message: Thanks"
    answered = EXPORT.replace("is 482912", f"is 482912\n{answer}")
    rows = list(read(made("chats.txt", answered)))
    assert not any(d.service for d in of(Document, rows))


def test_sender_conflict_says_which_trace_says_what(made: Make) -> None:
    issues = [i for i in read(made("chats.txt", EXPORT)) if isinstance(i, Issue) and i.code == "sender-conflict"]
    assert len(issues) == 1
    assert "'Ada Winter': trace d1:1 (device 01 Phone (EN), line 4)" in issues[0].message
    assert "'4915112345678@s.whatsapp.net (Bee)': trace d2:1" in issues[0].message


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        ("Liss", "Liss (Lizzard)", False),
        ("Antonio Gotta", "35499603375 (antonio  GOTTA)", False),
        ("0016264673738", "+1 626 467 3738", False),
        ("NB", "Nerijus Bos", True),
        ("5564586549 (NB)", "NB", False),
    ],
)
def test_what_counts_as_another_sender(made: Make, one: str, other: str, conflict: bool) -> None:
    text = EXPORT + "".join(f"2022-07-06T09:00:00 | From: {who} | To: Q | Message: Same\n" for who in (one, other))
    codes = [i.code for i in read(made("c.txt", text)) if isinstance(i, Issue)]
    assert codes.count("sender-conflict") == 1 + conflict


def test_counts_and_zones_are_checked(made: Make) -> None:
    issues = of(Issue, read(made("chats.txt", EXPORT)))
    assert [i.place for i in issues if i.code == "count-mismatch"] == ["line 10"]
    assert sum(i.code == "zone-unknown" for i in issues) == 1
    zoned = EXPORT.replace(" | From", "+02:00 | From")
    assert not any(i.code == "zone-unknown" for i in of(Issue, read(made("z.txt", zoned))))


def test_short_names_are_kept_apart_per_device(made: Make) -> None:
    text = EXPORT.replace(f"{WHATSAPP} (Mama)", "Mama").replace("4915112345678@s.whatsapp.net (Bee)", "Mama")
    rows = list(read(made("chats.txt", text)))
    mamas = {r.entity_id for r in of(Claim, rows) if (r.schema, r.value) == ("Person", "Mama")}
    assert len(mamas) == 2
    assert [i.code for i in of(Issue, rows)].count("name-only") == 2


def test_damage_becomes_issues(made: Make) -> None:
    text = "stray\n" + EXPORT.replace("2022-07-05T08", "2022-13-05T08") + "2022-07-05T09:00:00 | From: Ros"
    issues = {i.code: i for i in of(Issue, read(made("c.txt", text), reader="chat-export"))}
    assert issues["bad-row"].place == "line 1"
    assert "2022-13-05T08:00:00" in issues["bad-date"].message
    assert issues["truncated"].message.endswith("'2022-07-05T09:00:00 | From: Ros'")


def test_wrong_bytes_and_long_lines_are_reported(made: Make) -> None:
    file = made("c.txt", EXPORT.encode().replace(b"port", b"p\xf6rt"))
    assert "bad-encoding" in {i.code for i in of(Issue, read(file))}
    lines = TextLines(made("l.txt", b"short\n" + b"x" * 5000 + b"\nlast\n"), limit=1000)
    assert list(lines) == [(1, "short"), (3, "last")]
    assert lines.issues[0].place == "line 2"


def test_utf16_and_windows_lines_read_the_same(made: Make) -> None:
    plain = list(read(made("c.txt", EXPORT)))
    for data in (EXPORT.encode("utf-16"), EXPORT.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + EXPORT.encode()):
        assert of(Document, read(made("c.txt", data))) == of(Document, plain)


def test_two_reads_are_equal(made: Make) -> None:
    file = made("c.txt", EXPORT)
    assert list(read(file)) == list(read(file))


def _may_be_a_line(line: str) -> bool:
    """Lines that the form cannot tell from a header or the start of a message."""
    message = TIME.match(line) is not None and " | From: " in line
    return not (message or parse_device_header(line) or parse_conversation_header(line, ChatDevice(), 1))


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="(),|"))
PIECES = st.sampled_from(
    [" | From: ", " | To: ", " | Message: ", "\n", "\n\n", "2022-07-04T12:00:00", " (evidence trace x)"]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(st.characters(codec="utf-8", exclude_characters="\x00")))).map("".join)


@given(st.lists(st.tuples(NAMES.map(str.strip).filter(bool), TEXTS), max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_text_survives(messages: list[tuple[str, str]]) -> None:
    messages = [
        (who, text) for who, text in messages if all(map(_may_be_a_line, unify_line_ends("x" + text).split("\n")))
    ]
    lines = ["Signal conversation about Unknown containing 1 messages between 2 participants (evidence trace t)"]
    lines += [
        f"2022-07-04T12:00:0{n} | From: {who} | To: B | Message: {text}" for n, (who, text) in enumerate(messages)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = source(Path(folder), "c.txt", ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
        found = [event for event in parse_lines(TextLines(file)) if isinstance(event, Record)]
    assert [(r.sender, r.text) for r in found] == [(who, unify_line_ends(text).rstrip()) for who, text in messages]


def test_reading_time_grows_with_the_size(made: Make) -> None:
    small, large = (
        made(f"{times}.txt", EXPORT * times + "2022-07-04T12:00:00 | From: " + "a (b) | To: " * 1000 * times)
        for times in (20, 200)
    )
    linear(lambda file: list(read(file)), small, large)


@pytest.mark.slow
def test_crystal_clear(data_dir: Path) -> None:
    path = data_dir / "cases/crystal-clear/sources/crystalclear_chats_10.v3.txt"
    file = SourceFile(path, compute_sha256(path), path.name)
    rows = list(read(file))
    within(2, lambda: list(read(file)))
    documents, traces = of(Document, rows), of(Trace, rows)
    assert len({t.id for t in traces}) == len(traces) == 2897
    assert len({d.id for d in documents}) == len(documents) == 917
    assert len({t.device for t in traces}) == 7
    assert len(values(rows, "Handset", "name")) == 7
    services = {a for a in of(Claim, rows) if a.prop == "description" and a.value.startswith("service: ")}
    custodians = {t.custodian for t in traces}
    held = {c.entity_id for c in of(Claim, rows) if c.prop == "username" and c.value in custodians}
    assert not held & {claim.entity_id for claim in services}
    senders = {(c.document_id, c.value) for c in of(Claim, rows) if c.prop == "senderAccount"}
    assert len({d for d, _ in senders}) == 917
    assert build_entity_id("Message", documents[0].id) in {c.entity_id for c in of(Claim, rows)}


@pytest.mark.parametrize("text", ["", EXPORT[: EXPORT.index("2022-07-04")], "\n"])
def test_an_export_without_a_message_says_so(made: Make, text: str) -> None:
    assert "empty" in [issue.code for issue in of(Issue, read(made("chats.txt", text), reader="chat-export"))]


@pytest.mark.parametrize(("label", "is_other"), [("+31 6 12345678", True), ("+31 6 47996139", False), ("Mama", False)])
def test_a_label_that_is_another_number_is_told(made: Make, label: str, *, is_other: bool) -> None:
    text = EXPORT.replace(f"{WHATSAPP} (Mama)", f"{WHATSAPP} ({label})")
    told = [
        row
        for row in read(made("chats.txt", text))
        if isinstance(row, Issue) and "not the number of the account" in row.message
    ]
    assert [label in row.message for row in told] == [True] * is_other
