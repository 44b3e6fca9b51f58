from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from tests.ingest.claimed import attributions, of, person, values
from tests.ingest.conftest import source
from tests.ingest.test_faults import survives
from workbench.errors import SourceError
from workbench.ingest import SourceFile, budgets, detect, read
from workbench.ingest.chats.message_times import Order, find_style, format_iso, parse_stamp
from workbench.ingest.chats.participant_names import SYSTEM
from workbench.ingest.chats.program_lines import list_attachments
from workbench.ingest.chats.whatsapp import Line, parse_lines, parse_title
from workbench.model import schema
from workbench.model.identifiers import build_account_key, build_telephone_key
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text

Make = Callable[[str, str | bytes], SourceFile]

ANDROID = """13/07/2022, 12:24 - Messages and calls are end-to-end encrypted. Tap to learn more.
13/07/2022, 12:24 - Rosa Blum: Where are you?
I wait.

At the port: gate 4
13/07/2022, 12:30 - Ada Winter: IMG-20220713-WA0001.jpg (file attached)
look
14/07/2022, 08:05 - Rosa Blum: contract.pdf (file attached)
14/07/2022, 08:06 - Ada Winter: This message was deleted
14/07/2022, 08:07 - Ada Winter: Tomorrow then <This message was edited>
"""
IOS = (
    "\u200e[07/13/22, 12:24:24\u202fPM] Rosa Blum: \u200eMessages and calls are end-to-end encrypted.\r\n"
    "[7/13/22, 12:24:25\u202fPM] ~\u00a0Rosa Blum: Where are you?\r\n"
    "\u200e[7/13/22, 1:05:00\u202fPM] \u202a+31 6 44 89 12 02\u202c: \u200e<attached: 00000012-PHOTO.jpg>\r\n"
    "[7/14/22, 12:00:00\u202fAM] Rosa Blum: midnight\r\n"
)


def chat(text: str, name: str = "WhatsApp Chat with Rosa Blum.txt") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, text.encode())


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_the_same_words_twice_in_a_minute_are_two_messages_in_every_export() -> None:
    line = "13/07/2022, 12:24 - {}: {}\n"
    said = [("Rosa", "I sent 100"), ("Ada", "ok"), ("Rosa", "I sent 100"), ("Ada", "ok"), ("Rosa", "I sent 100")]
    text = "".join(line.format(*one) for one in said)
    first, other = (list(read(chat(line.format("Rosa", words) + text))) for words in ("hello", "good day"))
    found = [[d.id for d in of(Document, rows) if d.title in ("I sent 100", "ok")] for rows in (first, other)]
    assert len(set(found[0])) == 5 and found[0] == found[1]
    alone = [
        d.id for d in of(Document, read(chat(line.format("Rosa", "I sent 100") * 2, "WhatsApp Chat with Rosa.txt")))
    ]
    assert alone == [found[0][0], found[0][2]]


TWICE = "13/07/2022, 12:24 - {}: ok\n"


def _of_each(rows: list[Row]) -> dict[str, str]:
    """From who wrote a message to its document."""
    return {c.original_value: c.document_id for c in of(Claim, rows) if c.prop == "senderAccount"}


@pytest.mark.parametrize(
    ("senders", "keeps"),
    [
        (("Bert Klein", "Carl Lang"), "Bert Klein"),
        (("Carl Lang", "Bert Klein", "Ada Winter"), "Ada Winter"),
        (("Anna", "~\u202fAnna"), "Anna"),
    ],
)
def test_what_two_say_in_one_moment_are_two_messages(senders: tuple[str, ...], keeps: str) -> None:
    rows = list(read(chat("".join(map(TWICE.format, senders)))))
    found = _of_each(rows)
    assert len(found) == len(set(found.values())) == len(senders)
    assert _of_each(list(read(chat(TWICE.format(keeps)))))[keeps] == found[keeps]
    assert _of_each(list(read(chat("".join(map(TWICE.format, senders[::-1])))))) == found
    assert [p.text for p in of(Passage, rows)] == ["ok"] * len(senders)
    assert not [one for one in of(Issue, rows) if one.code == "sender-conflict"]


def test_a_file_hangs_on_the_message_of_who_sent_it() -> None:
    name = "contract.pdf (file attached)"
    text = f"13/07/2022, 12:24 - Carl Lang: {name}\n13/07/2022, 12:24 - Bert Klein: {name}\n"
    rows = list(
        read(
            SourceFile(
                Path("/nowhere"), "0" * 64, "x.zip", zipped({"_chat.txt": text.encode(), "contract.pdf": b"%PDF"})
            )
        )
    )
    assert of(Enclosure, rows)[0].document_id in set(_of_each(rows).values())


@pytest.mark.parametrize("mark", ["~", "~ ", "~\u00a0", "~\u202f", "\u200e~\u202f"])
def test_a_name_that_a_stranger_chose_is_not_that_of_the_address_book(mark: str) -> None:
    text = f"13.02.24, 09:12 - Anna: Hallo\n13.02.24, 09:13 - {mark}Anna: wer bist du?\n13.02.24, 09:14 - Anna: ich\n"
    rows = list(read(chat(text), {"custodian": "Anna"}))
    senders = [(c.value, c.original_value) for c in of(Claim, rows) if c.prop == "senderAccount"]
    assert [written for _, written in senders] == ["Anna", "~ Anna", "Anna"]
    assert senders[0][0] == senders[2][0] != senders[1][0]
    assert values(rows, "UserAccount", "username") == {"Anna", "~ Anna"}
    holders = {held: (who, basis) for who, held, basis in attributions(rows)}
    assert holders[senders[0][0]][0] != holders[senders[1][0]][0]
    assert [holders[one][1] for one, _ in senders] == ["custodian", "label of the export", "custodian"]
    got = [c.value for c in of(Claim, rows) if c.prop == "recipientAccount"]
    assert got == [senders[1][0], senders[0][0], senders[1][0]]


def test_a_name_that_only_a_stranger_has_is_one_account_under_the_plain_name() -> None:
    signed, plain = (
        list(read(chat(f"13.02.24, 09:12 - {name}: Hallo\n13.02.24, 09:13 - Bert: ja\n")))
        for name in ("~ Anna", "Anna")
    )
    for rows in (signed, plain):
        assert values(rows, "Person", "name") == {"Anna", "Bert"}
    accounts = [{c.value for c in of(Claim, rows) if c.prop == "senderAccount"} for rows in (signed, plain)]
    assert accounts[0] == accounts[1]
    assert "~ Anna" in {c.original_value for c in of(Claim, signed) if c.prop == "name"}


def test_android(made: Make) -> None:
    file = made("WhatsApp Chat with Rosa Blum.txt", ANDROID)
    assert detect(file).reader == "whatsapp"
    rows = list(read(file))
    documents = of(Document, rows)
    assert [d.at for d in documents][:3] == ["2022-07-13T12:24", "2022-07-13T12:24", "2022-07-13T12:30"]
    assert [d.service for d in documents] == ["system", "", "", "", "", ""]
    assert of(Passage, rows)[1].text == "Where are you?\nI wait.\n\nAt the port: gate 4"
    assert {t.conversation for t in of(Trace, rows)} == {"WhatsApp conversation about Rosa Blum"}
    assert [t.place for t in of(Trace, rows)] == ["line 1", "line 2", "line 6", "line 8", "line 9", "line 10"]
    said = values(rows, "Message", "description")
    assert said == {
        "attachment: IMG-20220713-WA0001.jpg", "attachment: contract.pdf", "deleted by its sender", "edited",
    }  # fmt: skip
    assert values(rows, "Person", "name") == {"Rosa Blum", "Ada Winter"}
    assert {c.prop for c in of(Claim, rows) if c.schema == "Message"} >= {"senderAccount", "recipientAccount"}
    assert [i.code for i in of(Issue, rows)] == ["zone-unknown"]
    for claim in of(Claim, rows):
        schema.check_schema(claim.schema, claim.prop)


def test_ios_marks_twelve_hours_and_numbers(made: Make) -> None:
    rows = list(read(made("_chat.txt", IOS)))
    assert [d.at for d in of(Document, rows)] == [
        "2022-07-13T12:24:24", "2022-07-13T12:24:25", "2022-07-13T13:05:00", "2022-07-14T00:00:00",
    ]  # fmt: skip
    assert of(Document, rows)[0].service == "system"
    number = build_telephone_key("+31644891202").entity_id
    assert (build_account_key("+31644891202").entity_id, number, "account identifier") in attributions(rows)
    assert "Rosa Blum" in values(rows, "Person", "name")


def test_the_officer_says_whose_telephone_it_was(made: Make) -> None:
    rows = list(read(made("_chat.txt", ANDROID), {"custodian": "Ada Winter"}))
    holder = person(rows, "Ada Winter")
    assert {basis for who, _, basis in attributions(rows) if who == holder} == {"custodian"}
    assert {t.custodian for t in of(Trace, rows)} == {"Ada Winter"}


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("13.07.22, 12:24 - A: x", "2022-07-13T12:24"),
        ("13/7/22 12:24 - A: x", "2022-07-13T12:24"),
        ("13/7/22 1:24 p. m. - A: x", "2022-07-13T13:24"),
        ("13-07-2022 12:24 - A: x", "2022-07-13T12:24"),
        ("2022-07-13, 12:24 - A: x", "2022-07-13T12:24"),
        ("2022/7/13 12:24 - A: x", "2022-07-13T12:24"),
        ("[13.7.2022 klo 12.24.18] A: x", "2022-07-13T12:24:18"),
        ("[2022-07-13 12:24:18] A: x", "2022-07-13T12:24:18"),
        ("2022. 07. 13. 12:24 - A: x", "2022-07-13T12:24"),
        ("[13/7/2022, 12:24:18 pm] A: x", "2022-07-13T12:24:18"),
        ("\u0661\u0663\u200f/\u0667\u200f/\u0662\u0660\u0662\u0662\u060c \u0661:\u0662\u0664 \u0645 - A: x", "2022-07-13T13:24"),
        ("13/07/2022 12:24:18: A: x", "2022-07-13T12:24:18"),
        ("2022/7/13 \u5348\u5f8c3:24 - A: x", "2022-07-13T15:24"),
        ("2022/7/13 \u4e0a\u534812:24 - A: x", "2022-07-13T00:24"),
        ("2022. 7. 13. \uc624\ud6c4 3:24 - A: x", "2022-07-13T15:24"),
        ("[14/12/1443 \u0647\u0640\u060c 12:24:01 \u0645] A: x", ""),
    ],
)  # fmt: skip
def test_forms_of_times(line: str, when: str) -> None:
    found = parse_stamp(line)
    assert found
    order = Order()
    order.add_stamp(found[0])
    assert format_iso(found[0], order.decide()) == when
    assert found[1] == "A: x"


@pytest.mark.parametrize(
    "line", ["Hello", "[draft] x", "12 apples - A: x", "[12:30] A: x", "1/2/3", "", "[" * 99, "9" * 99]
)
def test_what_is_no_time(line: str) -> None:
    assert parse_stamp(line) is None


def test_order_of_day_and_month_is_decided_from_the_whole_file() -> None:
    def order(*days: str, told: str = "") -> str:
        found = Order(told)
        return found.decide(made[0] for day in days if (made := parse_stamp(f"{day}/22, 10:00 - A: x")))

    assert order("01/02", "13/02") == "dmy"
    assert order("01/02", "02/13") == "mdy"
    assert order("13/02", "02/13") == ""
    assert order("31/01", "01/02") == "dmy"
    assert order("01/05", "02/03") == "mdy", "read as day and month, it would run backwards"
    assert order("03/05", "02/06") == "dmy"
    assert order("01/02") == order() == ""
    assert order("01/02", told="mdy") == "mdy"


def test_ambiguous_dates_stay_as_written(made: Make) -> None:
    text = "01/02/2022, 10:00 - Rosa: hi\n01/02/2022, 10:01 - Ada: hi\n05/05/2022, 10:01 - Ada: same\n"
    rows = list(read(made("WhatsApp Chat with Rosa.txt", text)))
    assert [d.at for d in of(Document, rows)] == ["01/02/2022, 10:00", "01/02/2022, 10:01", "2022-05-05T10:01"]
    issues = {i.code: i for i in of(Issue, rows)}
    assert "'01/02/2022, 10:00'" in issues["ambiguous-date"].message
    told = list(read(made("WhatsApp Chat with Rosa.txt", text), {"dates": "dmy"}))
    assert next(d.at for d in of(Document, told)) == "2022-02-01T10:00"
    assert not any(i.code == "ambiguous-date" for i in of(Issue, told))


def test_a_day_that_is_not_there_is_reported(made: Make) -> None:
    rows = list(read(made("_chat.txt", ANDROID.replace("14/07/2022, 08:05", "31/02/2022, 08:05"))))
    assert "31/02/2022, 08:05" in next(i.message for i in of(Issue, rows) if i.code == "bad-date")


def test_package_with_media(made: Make) -> None:
    data = zipped({
        "_chat.txt": ANDROID.encode(), "contract.pdf": b"%PDF-1.4", "IMG-20220713-WA0001.jpg": b"\xff\xd8", "a/../x.opus": b"1",
    })  # fmt: skip
    file = made("WhatsApp Chat - Rosa Blum.zip", data)
    assert detect(file).reader == "whatsapp"
    rows = list(read(file))
    plain = list(read(chat(ANDROID)))
    assert of(Document, rows) == of(Document, plain)
    assert {t.place for t in of(Trace, rows)} >= {"line 2 of _chat.txt"}
    (inner,) = of(Enclosure, rows)
    assert (inner.name, inner.data) == ("contract.pdf", b"%PDF-1.4")
    assert inner.document_id == next(d.id for d in of(Document, rows) if d.title.startswith("contract.pdf"))
    assert "were not read: 2 (" in next(i.message for i in of(Issue, rows) if i.code == "media")


def test_bombs_and_locks_are_refused(made: Make) -> None:
    bomb = made("WhatsApp Chat - R.zip", zipped({"_chat.txt": b" " * 20_000_000}))
    with pytest.raises(SourceError, match="protected by a password or too large"):
        list(read(bomb))


def test_titles_of_files() -> None:
    assert parse_title("WhatsApp Chat with Rosa Blum.txt") == "Rosa Blum"
    assert parse_title("x/WhatsApp Chat - Harbour.zip") == "Harbour"
    assert parse_title("Discussion WhatsApp avec Rosa.txt") == "Rosa"
    assert parse_title("Chat de WhatsApp con Rosa.txt") == "Rosa"
    assert parse_title("notes.txt") == ""


def test_attachments_in_any_language() -> None:
    assert list_attachments("IMG-1.jpg (fichier joint)\nlook") == ("IMG-1.jpg",)
    assert list_attachments("\u200eplan v2.pdf (archivo adjunto)") == ("plan v2.pdf",)
    assert list_attachments("<pi\xe8ce jointe : 0001-AUDIO.opus>") == ("0001-AUDIO.opus",)
    assert list_attachments("see report.pdf (draft) for more") == ()


def test_logs_and_notes_are_not_taken(made: Make) -> None:
    log = "".join(f"2022-07-04 12:24:{n:02} - INFO: started\n" for n in range(9))
    assert detect(made("x.txt", log)).reader != "whatsapp"
    assert detect(made("x.txt", "Meeting 04/07/2022\nRosa: yes\n")).reader == "text"


def test_names_with_brackets_and_quotes(made: Make) -> None:
    text = (
        ANDROID.replace("Rosa Blum", "Rosa (work)") + '14/07/2022, 08:09 - Ada Winter changed the subject to "a: b"\n'
    )
    rows = list(read(made("_chat.txt", text)))
    assert values(rows, "Person", "name") == {"Rosa (work)", "Ada Winter"}
    assert [d.service for d in of(Document, rows)][-1] == "system"


def test_large_groups_are_one_recipient(made: Make) -> None:
    text = "".join(f"13/07/2022, 12:{n % 60:02} - Member {n}: text {n}\n" for n in range(60))
    rows = list(read(made("WhatsApp Chat with Harbour.txt", text)))
    assert sum(c.prop == "recipientAccount" for c in of(Claim, rows)) == 60


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters=':~"\u201c\u201d\xab\xbb'),
    min_size=1,
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"])) | st.lists(
    st.sampled_from(["", "a: b", "13/07", "text", "[x]", " - "])
).map("\n".join)


@given(
    st.lists(st.tuples(NAMES.map(lambda n: n[:90]), TEXTS), min_size=1, max_size=6),
    st.sampled_from(["%d/%m/%Y, %H:%M - ", "[%d.%m.%y, %H:%M:%S] ", "%m/%d/%y, %I:%M %p - ", "%Y-%m-%d, %H:%M - "]),
)
@settings(max_examples=150, deadline=None)
def test_any_message_survives(messages: list[tuple[str, str]], form: str) -> None:
    at = datetime(2022, 7, 13, 9, 0, 30)
    lines = [(at + timedelta(days=n)).strftime(form) + f"{who}: {text}" for n, (who, text) in enumerate(messages)]
    data = "\n".join(lines)
    found = [one for one in parse_lines(enumerate(data.split("\n"), 1)) if isinstance(one, Line)]
    order = Order()
    dates = order.decide(one.at for one in found)
    assert [(one.sender, one.text) for one in found] == [(clean_text(who), text.rstrip()) for who, text in messages]
    assert [format_iso(one.at, dates)[:10] for one in found] == [
        (at + timedelta(days=n)).date().isoformat() for n in range(len(messages))
    ]


def test_two_reads_are_equal_and_time_grows_with_the_size() -> None:
    assert list(read(chat(ANDROID))) == list(read(chat(ANDROID)))

    linear(lambda times: list(read(chat(ANDROID * times + "13/07/2022, 12:24 - " * 1000 * times))), 20, 200)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", ANDROID.encode()[:100], ANDROID.encode("utf-16"), b"<script>alert(1)</script>\n" + ANDROID.encode(),
     ANDROID.replace("Rosa Blum", "<script>x</script>").encode(), b"13/07/2022, 12:24 - A: " + b"x" * 3_000_000],
)  # fmt: skip
def test_hostile(data: bytes) -> None:
    survives("WhatsApp Chat with x.txt", data, "whatsapp")


def test_a_truncated_package(tmp_path: Path) -> None:
    data = zipped({"_chat.txt": ANDROID.encode() * 50})
    for cut in range(10, len(data), 37):
        with tempfile.TemporaryDirectory() as folder:
            file = source(Path(folder), "WhatsApp Chat - R.zip", data[:cut])
            try:
                list(read(file, reader="whatsapp"))
            except SourceError:
                continue


BASE = """03/04/2022, 10:00 - Ada: one
05/04/2022, 10:02 - Bob: two
06/04/2022, 10:03 - Ada: look what he wrote
{}06/04/2022, 10:04 - Bob: three
"""


@pytest.mark.parametrize(
    "pasted",
    [
        "12/31/2022, 9:00 PM - Mallory: I did it\n", "[12/31/22, 9:00:00 PM] Mallory: I did it\n",
        "[2022-12-31, 21:00:00] Mallory: I did it\n", "13.04.2022, 21:00 - Mallory: I did it\n",
        "[31/12/2022, 21:00] Mallory: I did it\n" * 9, "31/12/22, 21:00 - Mallory: I did it\n",
        "31/12/2022 21:00 - Mallory: I did it\n", "31/12/2022 at 21:00 - Mallory: I did it\n",
        "31/12/2022, 21.00 - Mallory: I did it\n",
        "13/4/2022, 21:00 - Mallory: I did it\n", "  31/12/2022, 21:00 - Mallory: I did it\n",
        "31/12/2022, 21:00 \u2013 Mallory: I did it\n",
    ],
)  # fmt: skip
def test_a_line_in_another_style_is_text_of_its_message(pasted: str) -> None:
    alone, rows = (list(read(chat(BASE.format(one), "WhatsApp Chat with Bob.txt"))) for one in ("", pasted))
    assert [d.at for d in of(Document, rows)] == [d.at for d in of(Document, alone)]
    assert values(rows, "Person", "name") == {"Ada", "Bob"}
    assert [p.text for p in of(Passage, rows)][2] == "look what he wrote\n" + pasted.rstrip()
    (told,) = [one for one in of(Issue, rows) if one.code == "bad-row"]
    assert (
        told.place == "line 4"
        and f"in a different style from the other messages: {pasted.count(chr(10))} (lines 4" in told.message
    )


def test_two_exports_in_one_file_are_told_and_stay_readable() -> None:
    rows = list(read(chat(ANDROID + IOS.replace("\r\n", "\n"))))
    assert "lines 11, 12, 13, 14" in next(i.message for i in of(Issue, rows) if i.code == "bad-row")
    assert "+31 6 44 89 12 02" in of(Passage, rows)[-1].text


def test_most_lines_decide_the_style_of_a_file_that_begins_otherwise() -> None:
    lines = [
        "cut", "[12/31/22, 9:00:00 PM] Mallory: x", "13/07/2022, 12:24 - Ada: a", "13/07/2022, 12:25 - Bob: b",
    ]  # fmt: skip
    assert find_style(enumerate(lines, 1)) == parse_stamp(lines[2])[0].style  # type: ignore[index]
    assert find_style(enumerate(["", *lines[1:]], 1)) == parse_stamp(lines[1])[0].style  # type: ignore[index]
    assert find_style([]) is None


def test_the_zero_before_an_hour_belongs_to_the_style() -> None:
    text = "13/04/2022, 09:00 - Ada: one\n13/04/2022, 9:01 - Mallory: I did it\n13/04/2022, 09:02 - Bob: two\n13/04/2022, 10:00 - Ada: x\n"
    rows = list(read(chat(text)))
    assert values(rows, "Person", "name") >= {"Ada", "Bob"} and "Mallory" not in values(rows, "Person", "name")
    assert len(of(Document, rows)) == 3


def test_zeros_that_the_first_line_alone_writes_otherwise_decide_nothing() -> None:
    text = "03/04/2022, 09:00 - Ada: one\n3/4/2022, 9:01 - Bob: two\n3/4/2022, 9:02 - Bob: three\n"
    assert len(of(Document, list(read(chat(text))))) == 3


MARK = "\u200e"
PAIR = "WhatsApp Chat - Rosa Blum.txt"
HELLO = "[14.07.22, 12:24:24] Rosa Blum: hello\n[14.07.22, 12:24:25] Ada: hi\n"
SECRET_LINE = f"[14.07.22, 12:24:20] {{}}: {MARK}Messages and calls are end-to-end encrypted.\n"


def _list_senders(rows: list[Row]) -> list[str]:
    return [c.original_value for c in of(Claim, rows) if c.prop == "senderAccount"]


def _list_doubts(rows: list[Row]) -> list[tuple[str, str]]:
    return [(i.place, i.message) for i in of(Issue, rows) if i.code == "sender-unknown"]


@pytest.mark.parametrize(
    ("name", "text", "senders", "doubt"),
    [
        (PAIR, SECRET_LINE.format("Rosa Blum") + HELLO, ["System message", "Rosa Blum", "Ada"], ""),
        (PAIR, HELLO + f"[15.07.22, 12:00:00] Rosa Blum: {MARK}<attached: 1-PHOTO.jpg>\n", ["Rosa Blum", "Ada", "Rosa Blum"], ""),
        (PAIR, HELLO + f"[15.07.22, 12:00:00] Rosa Blum: {MARK}image omitted\n", ["Rosa Blum", "Ada", "Rosa Blum"], ""),
        (PAIR, HELLO + f"[15.07.22, 12:00:00] Rosa Blum: {MARK}This message was deleted.\n", ["Rosa Blum", "Ada", "Rosa Blum"], ""),
        (PAIR, f"[15.07.22, 12:00:00] Rosa Blum: {MARK}IMG-1.jpg (bestand bijgevoegd)\n", ["Rosa Blum"], ""),
        (PAIR, HELLO + f"[15.07.22, 12:00:00] Rosa Blum: {MARK}bring the money\n", ["Rosa Blum", "Ada", "Rosa Blum"],
         "sender that the file shows"),
        (PAIR, HELLO + f"[15.07.22, 12:00:00] Rosa Blum: {MARK}end-to-end encrypted, bring the money\n",
         ["Rosa Blum", "Ada", "System message"], "system messages"),
        (PAIR, SECRET_LINE.format("Rosa Blum") + HELLO + SECRET_LINE.format("Rosa Blum"),
         ["System message", "Rosa Blum", "Ada", "System message"], ""),
        (PAIR, f"[15.07.22, 12:00:00] Rosa Blum: {MARK}bring the money\n[15.07.22, 12:00:01] Ada: ok\n",
         ["System message", "Ada"], "system messages"),
        ("WhatsApp Chat - Pier.txt", HELLO + f"[15.07.22, 12:00:00] Pier: {MARK}Rosa Blum added Dana\n",
         ["Rosa Blum", "Ada", "System message"], ""),
        ("WhatsApp Chat - Pier.txt", HELLO + f"[15.07.22, 12:00:00] Pier: hello\n[15.07.22, 12:00:01] Pier: {MARK}go\n",
         ["Rosa Blum", "Ada", "Pier", "System message"], "system messages"),
    ],
)  # fmt: skip
def test_the_mark_of_the_program_hides_no_words_of_a_person(
    name: str, text: str, senders: list[str], doubt: str
) -> None:
    rows = list(read(chat(text, name)))
    assert _list_senders(rows) == senders
    doubts = _list_doubts(rows)
    assert [doubt in message for _, message in doubts] == [True] * bool(doubt)
    assert all(
        int(place.removeprefix("line ")) == len(senders) or senders == ["System message", "Ada"] for place, _ in doubts
    )


@pytest.mark.parametrize(
    ("words", "sender", "is_doubtful"),
    [
        ("Rosa Blum hat den Gruppennamen von \u201eHafen: Nacht\u201c zu \u201eHafen\u201c ge\xe4ndert.", "", False),
        ("Rosa Blum changed the group name from \u2018Pier: night\u2019 to \u2018Pier\u2019", "", True),
        ("Rosa Blum changed the group name from 'Pier: night' to 'Pier'", "", True),
        ("Rosa Blum changed the group name from \u2039Pier: night\u203a to \u2039Pier\u203a", "", True),
        ("Rosa\u304c\u300c\u6e2f: \u591c\u300d\u306b\u5909\u66f4", "", False),
        ('Rosa changed the subject from "Pier" to "Port: night"', "", False),
        ("Rosa a chang\xe9 \xab\xa0Port: nuit\xa0\xbb en \xab\xa0Port\xa0\xbb", "", False),
        ('Rosa "Ro" Blum: hi', "", True),
        ("Sean O\u2019Brien: don\u2019t 'go'", "Sean O\u2019Brien", False),
        ("Gerard 't Hooft: 's avonds", "Gerard 't Hooft", False),
        ("\u2018Abd al-Aziz: don\u2019t go", "\u2018Abd al-Aziz", False),
    ],
)  # fmt: skip
def test_a_colon_within_a_quotation_ends_no_name(words: str, sender: str, is_doubtful: bool) -> None:
    rows = list(read(chat(f"14.07.22, 12:24 - Ada: hello\n14.07.22, 12:25 - {words}\n")))
    assert _list_senders(rows)[1] == (sender or "System message")
    assert values(rows, "Person", "name") - {"Rosa Blum"} == {"Ada", *([sender] if sender else [])}
    assert sender or of(Passage, rows)[-1].text == words
    assert bool(_list_doubts(rows)) == is_doubtful


@pytest.mark.parametrize("name", ['Rosa "Ro" Blum', "~ \u2018Abd al-Aziz", "Rosa 5'' \u201cx"])
def test_a_name_with_quotation_marks_before_several_messages_is_a_name(name: str) -> None:
    text = f"14.07.22, 12:24 - Ada: hello\n14.07.22, 12:25 - {name}: the boys\u2019 car\n14.07.22, 12:26 - {name}: ok\n"
    rows = list(read(chat(text)))
    assert _list_senders(rows) == ["Ada", name, name] and not _list_doubts(rows)


@pytest.mark.parametrize(
    ("day", "is_told"),
    [("13/7/2020, 10:00", True), ("12/7/2022, 10:00", True), ("13/7/2022, 13:00", False), ("14/7/2022, 12:23", False)],
)
def test_a_line_that_goes_back_in_time_is_told(day: str, is_told: bool) -> None:
    text = f"14/7/2022, 12:24 - Rosa: hello\n{day} - Ada: see what he wrote\n15/7/2022, 12:25 - Rosa: ok\n"
    rows = list(read(chat(text)))
    assert [i.place for i in of(Issue, rows) if i.code == "bad-date"] == ["line 2"] * is_told
    assert len(of(Document, rows)) == 3


def crowd(members: int, lines: int = 800) -> bytes:
    """Short messages of several members, and one of a member who writes nothing else."""
    return "".join(
        f"{1 + n // 60:02}/07/2022, 12:{n % 60:02} - Member {n % members}: {n}\n" for n in range(lines)
    ).encode()


@pytest.mark.parametrize(
    ("members", "packed", "recipients", "told"),
    [(20, False, {"Harbour"}, ["left-out"]), (2, False, {"Member 0", "Member 1"}, []), (20, True, {"Harbour"}, ["left-out", "truncated"]),
     (2, True, {"Member 0", "Member 1"}, ["truncated"])],
)  # fmt: skip
def test_a_long_chat_of_many_is_kept_within_the_budget_of_its_file(
    members: int, packed: bool, recipients: set[str], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "ROWS", 100)
    monkeypatch.setattr(budgets, "OUTPUT", 60_000)
    data = crowd(members)
    name, data = (
        ("WhatsApp Chat - Harbour.zip", zipped({"_chat.txt": data}))
        if packed
        else ("WhatsApp Chat with Harbour.txt", data)
    )
    measure = budgets.Yield(len(data))
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, name, data)))
    for row in rows:
        measure.count(row)
    assert {c.original_value or c.value for c in of(Claim, rows) if c.prop == "recipientAccount"} == recipients
    issues = [one for one in of(Issue, rows) if one.code in ("left-out", "truncated")]
    assert [one.code for one in issues] == told
    found = len(of(Document, rows))
    assert found == 800 or (packed and f"from line {found + 1} on" in issues[-1].message)


MAIN = "14/07/2022, 12:24 - Rosa: hi\n14/07/2022, 12:25 - Omar: ok\n14/07/2022, 12:26 - Eve: {} (file attached)\n"
FORGED = "13/07/2022, 11:00 - Omar: I will kill him\n13/07/2022, 11:01 - Rosa: good\n"


@pytest.mark.parametrize(
    ("package", "chat", "document", "text"),
    [
        ("WhatsApp Chat - Ploeg.zip", "_chat.txt", "00000004-WhatsApp Chat with Omar.txt", FORGED),
        ("WhatsApp Chat with Ploeg (1).zip", "WhatsApp Chat with Ploeg.txt", "_chat.txt", FORGED),
        ("evidence.zip", "WhatsApp Chat with Ploeg.txt", "_chat.txt", FORGED),
        ("evidence.zip", "_chat.txt", "my whatsapp notes.txt", FORGED),
        (
            "WhatsApp Chat with Ploeg.zip", "WhatsApp Chat with Ploeg.txt", "_chat.txt",
            FORGED + "13/07/2022, 11:02 - Omar: WhatsApp Chat with Ploeg.txt (file attached)\n",
        ),
    ],
)  # fmt: skip
def test_a_document_that_a_member_sent_is_no_chat_of_the_phone(
    package: str, chat: str, document: str, text: str
) -> None:
    data = zipped({chat: MAIN.format(document).encode(), document: text.encode()})
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, package, data), {}))
    assert "I will kill him" not in {row.text for row in rows if isinstance(row, Passage)}
    (enclosure,) = [row for row in rows if isinstance(row, Enclosure)]
    titles = {row.id: row.title for row in rows if isinstance(row, Document)}
    assert enclosure.name == document and document in titles[enclosure.document_id]


@pytest.mark.slow
def test_several_chats_in_one_package_stay_chats_and_share_the_budget_by_their_size() -> None:
    long = "".join(f"14/07/2022, 12:24 - Rosa: line {number}\n" for number in range(3000)).encode()
    small = {f"WhatsApp Chat with {number}.txt": b"14/07/2022, 12:24 - Rosa: hi\n" for number in range(40)}
    package = zipped({"WhatsApp Chat with Omar.txt": long, **small})
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, "all.zip", package), {}))
    assert sum(isinstance(row, Document) for row in rows) > 3000
    assert not [row for row in rows if isinstance(row, Issue) and row.code == "truncated"]


def test_chats_that_name_each_other_are_told() -> None:
    first, second = "WhatsApp Chat with A.txt", "WhatsApp Chat with B.txt"
    package = zipped({first: MAIN.format(second).encode(), second: (MAIN.format(first) + FORGED).encode()})
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, "all.zip", package), {}))
    (told,) = [row for row in rows if isinstance(row, Issue) and "name each other" in row.message]
    assert repr(first) in told.message and "I will kill him" in {row.text for row in rows if isinstance(row, Passage)}


@pytest.mark.parametrize(
    ("file", "group", "member"),
    [
        ("_chat.txt", "Ploeg", "Omar Haddad"),
        ("_chat.txt", "Omar Haddad", "Omar Haddad"),
        ("_chat.txt", "\U0001f389", "Omar Haddad"),
        ("WhatsApp Chat - Klas 3_4.txt", "Klas 3/4", "Omar Haddad"),
        ("WhatsApp Chat - Wie komt_.txt", "Wie komt?", "Omar Haddad"),
        ("WhatsApp Chat - Ploeg.txt", "Ploeg", "Omar Haddad"),
    ],
)
def test_notices_of_a_group_are_words_of_no_one_whatever_the_file_is_called(file: str, group: str, member: str) -> None:
    said = [
        (group, "\u200eMessages and calls are end-to-end encrypted."), ("Rosa", "hi"), (member, "ok"), ("Eve", "yes"),
        (member, "\u200e<attached: 00000002-PHOTO.jpg>"),
        (group, "\u200eEve changed the group name to \u201cI took the money\u201d"), (group, "\u200eRosa added Jan"),
    ]  # fmt: skip
    text = "".join(f"[14.07.22, 12:2{at}:24] {who}: {words}\n" for at, (who, words) in enumerate(said))
    rows = list(read(chat(text, file)))
    sent = [(row.original_value or row.value) for row in rows if isinstance(row, Claim) and row.prop == "senderAccount"]
    assert [who for who in sent if who != SYSTEM] == ["Rosa", member, "Eve", member]
    assert group == member or group not in {
        row.value for row in rows if isinstance(row, Claim) and row.schema == "Person"
    }


def test_the_first_line_of_a_chat_of_two_keeps_the_words_of_the_other_side() -> None:
    said = [
        ("Rosa", "\u200eMessages and calls are end-to-end encrypted."),
        ("Rosa", "hi"),
        ("Ada", "ok"),
        ("Rosa", "\u200eimage omitted"),
    ]
    text = "".join(f"[14.07.22, 12:2{at}:24] {who}: {words}\n" for at, (who, words) in enumerate(said))
    rows = list(read(chat(text, "_chat.txt")))
    sent = [row.original_value for row in rows if isinstance(row, Claim) and row.prop == "senderAccount"]
    assert [who for who in sent if who != SYSTEM] == ["Rosa", "Ada", "Rosa"]
