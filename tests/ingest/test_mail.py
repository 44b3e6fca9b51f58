from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from hashlib import sha256
from quopri import encodestring

import pytest

from tests.ingest.tables.sheets import codes
from tests.ingest.test_chat import EXPORT, attributions, of, values
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.mail.headers import MOST
from workbench.ingest.mail.parsing import get_header, parse_message
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.identifiers import build_email_account_key, build_person_key
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.schema import check_schema

Make = Callable[[str, str | bytes], SourceFile]

BODY = """Hello Bob,

The container is there.

On Mon, 4 Jul 2022 at 10:00, Bob <bob@x.org> wrote:
> where is it
> now?
"""


def letter(**fields: str) -> EmailMessage:
    message = EmailMessage()
    heads = {
        "From": '"Ada Winter" <Ada@Example.org>', "To": "Bob <bob@x.org>, c@x.org", "Subject": "Ünïcode",
        "Date": "Mon, 04 Jul 2022 12:24:24 +0200", "Message-ID": "<1@x>", "In-Reply-To": "<0@x>",
    }  # fmt: skip
    for name, value in (heads | {name.replace("_", "-"): value for name, value in fields.items()}).items():
        if value:
            message[name] = value
    message.set_content(BODY)
    return message


def texts(rows: Iterable[Row]) -> list[str]:
    return [row.text for row in rows if isinstance(row, Passage)]


def test_one_message(made: Make) -> None:
    file = made("a.eml", letter().as_bytes())
    assert detect(file).reason == "The file begins with header fields of an e-mail (From, To, Subject, Date)."
    rows = list(read(file))
    document = next(row for row in rows if isinstance(row, Document))
    assert (document.schema, document.title, document.at) == ("Email", "Ünïcode", "2022-07-04T12:24:24+02:00")
    assert texts(rows) == [
        "Ünïcode",
        "Hello Bob,\n\nThe container is there.",
        "On Mon, 4 Jul 2022 at 10:00, Bob <bob@x.org> wrote:\n> where is it\n> now?",
    ]
    ada = build_email_account_key("ada@example.org").entity_id
    assert values(rows, "Email", "emitters") == {ada}
    assert values(rows, "Email", "recipients") == {
        build_email_account_key(a).entity_id for a in ("bob@x.org", "c@x.org")
    }
    assert values(rows, "Email", "messageId") == {"<1@x>"}
    assert values(rows, "Email", "inReplyTo") == {"<0@x>"}
    assert values(rows, "Person", "name") == {"Ada Winter", "Bob"}
    assert (build_person_key("Ada Winter", "ada@example.org").entity_id, ada, "display name") in attributions(rows)
    raw = next(c for c in of(Claim, rows) if c.prop == "emitters")
    assert raw.original_value == "Ada Winter <Ada@Example.org>"


@pytest.mark.parametrize("first", ["a@x.test Mon Jan  1 00:00:00 2024", "- Mon Jan 1 00:00:00 2024", "a@x.test"])
@pytest.mark.parametrize("behind", ["on Mon 1 Jan 2024 at 10:00 bring cash", "Note: bring cash", "To: the mill", ""])
def test_words_that_begin_as_the_line_between_messages_belong_to_the_text(made: Make, first: str, behind: str) -> None:
    one = b"Subject: plan\nFrom: a@x.test\n\nDear Bert\n\nFrom now on at the mill\n" + behind.encode() + b"\n\nAnna\n"
    rows = list(
        read(
            made("m.mbox", f"From {first}\n".encode() + one + f"\nFrom {first}\n".encode() + one.replace(b"plan", b"B"))
        )
    )
    odd, doubtful = first == "a@x.test", behind.startswith("To")
    if not (odd and doubtful):
        assert len(of(Document, rows)) == 2
        assert sum("From now on at the mill" in text for text in texts(rows)) == 2
    assert ("bad-row" in codes(rows)) == (doubtful and not odd)


@pytest.mark.parametrize(
    "line",
    ["1234@xxx Thu Jan 01 10:00:00 +0000 2024", "MAILER-DAEMON Fri Jul  8 12:08:34 2011", "Jo Doe Mon Jan 1 00:00 UTC 2024",
     "a@x.test Mon, 1 Jan 2024 10:00:00 +0100", "a@x.test 2024-01-01T10:00:00Z"],
)  # fmt: skip
def test_lines_between_messages_have_many_forms(made: Make, line: str) -> None:
    box = f"From a@x.test Mon Jan  1 00:00:00 2024\nFrom: a@x.test\nSubject: p\n\none\n\nFrom {line}\nX-Odd: y\n\ntwo\n"
    assert len(of(Document, read(made("m.mbox", box)))) == 2


def test_a_mailbox_keeps_one_document_per_copy(made: Make) -> None:
    one, two = letter().as_bytes(), letter(Message_ID="<2@x>", Date="").as_bytes()
    box = b"From a Mon\n" + one + b"\nFrom b Tue\n" + two + b"\nFrom c Wed\nReceived: by y\n" + one
    rows = list(read(made("inbox", box)))
    assert detect(made("inbox", box)).reason.endswith("It is a mailbox.")
    assert len(of(Document, rows)) == 2
    assert [t.place for t in of(Trace, rows)] == ["message 1", "message 2", "message 3"]


@pytest.mark.parametrize(
    ("fields", "service"),
    [
        ({}, ""),
        ({"From": "Shop <no-reply@shop.com>"}, "automatic mail"),
        ({"Auto_Submitted": "auto-generated"}, "automatic mail"),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "automatic mail"),
        ({"List_Unsubscribe": "<mailto:x@y.z>"}, "automatic mail"),
    ],
)
def test_automatic_mail(made: Make, fields: dict[str, str], service: str) -> None:
    rows = list(read(made("a.eml", letter(**fields).as_bytes())))
    assert [d.service for d in of(Document, rows)] == [service]
    robots = {"service: automatic mail"} if "no-reply" in str(fields) else set()
    assert values(rows, "UserAccount", "description") == robots


def test_html_is_read_as_text(made: Make) -> None:
    message = letter()
    message.set_content("<p>Paid</p><script>steal()</script><p>Twice</p>", subtype="html")
    assert texts(read(made("a.eml", message.as_bytes())))[1:] == ["Paid\n\nTwice"]
    both = letter()
    both.add_alternative("<p>Other</p>", subtype="html")
    assert texts(read(made("b.eml", both.as_bytes())))[-2:] == ["HTML part", "Other"]


def test_attachments_are_files_within(made: Make) -> None:
    message = letter()
    message.add_attachment(EXPORT.encode(), maintype="text", subtype="plain", filename="chats.txt")
    message.add_attachment(b"\x89PNG\x00" * 20, maintype="image", subtype="png", filename="../../photo.png")
    message.add_attachment(letter(Subject="Inner", Message_ID="<9@x>"))
    file = made("a.eml", message.as_bytes())
    rows = list(read(file))
    document = of(Document, rows)[0].id
    assert [(e.name, e.document_id) for e in of(Enclosure, rows)] == [
        ("chats.txt", document),
        ("../../photo.png", document),
        ("part 4.eml", document),
    ]
    assert of(Enclosure, rows)[0].data == EXPORT.encode()
    inner = made("part 4.eml", of(Enclosure, rows)[2].data)
    assert [d.title for d in of(Document, read(inner))] == ["Inner"]


def test_a_letter_says_what_it_carries(made: Make) -> None:
    message = letter()
    message.add_attachment(b"Paid 10", maintype="text", subtype="plain", filename="note.txt")
    rows = list(read(made("a.eml", message.as_bytes())))
    digest = sha256(b"Paid 10").hexdigest()
    claims = [c for c in of(Claim, rows) if c.schema == "Document"]
    assert {c.entity_id for c in claims} == {document_key(digest).entity_id}
    assert {c.prop: c.value for c in claims} == {
        "fileName": "note.txt",
        "mimeType": "text/plain",
        "fileSize": "7",
        "contentHash": digest,
        "parent": build_entity_id("Email", of(Document, rows)[0].id),
    }
    assert {c.trace_id for c in claims} == {of(Trace, rows)[0].id}
    assert {c.document_id for c in claims} == {of(Document, rows)[0].id}
    for claim in claims:
        check_schema(claim.schema, claim.prop)


def test_an_attached_letter_keeps_its_bytes(made: Make) -> None:
    inner = letter(Subject="Inner " + "long " * 40, Message_ID="<9@x>")
    outer = letter()
    outer.add_attachment(inner)
    [found] = of(Enclosure, read(made("a.eml", outer.as_bytes())))
    assert found.data == inner.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_header_that_names_no_character_set_is_read_as_the_body_is(charset: str) -> None:
    data = "From: José <a@x>\nSubject: Vol à main armé\nTo: =?utf-8?q?Z=C3=B6e?= Bé <b@x>\n\nvol à Lyon\n".encode(
        charset
    )
    message = parse_message(data)
    assert message is not None
    told = [get_header(message, name) for name in ("from", "Subject", "To", "Cc")]
    assert told == ["José <a@x>", "Vol à main armé", "Zöe Bé <b@x>", ""]
    assert message.as_bytes() == data


@pytest.mark.parametrize(
    "name", ["cp037", "cp273", "cp424", "cp500", "cp875", "cp1140", "unicode_escape", "utf-16", "utf-32"]
)
def test_only_character_sets_of_mail_are_taken_at_their_word(made: Make, name: str) -> None:
    data = (
        f"From: =?{name}?Q?Jon_Verlin?= <a@x.org>\nTo: b@x.org\nSubject: =?{name}?B?UGF5IDUwMDA=?=\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/mixed; boundary=p\n\n--p\nContent-Type: text/plain; charset={name}\n\nMeeting at pier 70\n"
        f"--p\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*={name}''plan%20b.pdf\n\nx\n--p--\n"
    )
    rows = list(read(made("a.eml", data)))
    assert texts(rows) == ["Pay 5000", "Meeting at pier 70"]
    assert of(Enclosure, rows)[0].name == "plan b.pdf"
    assert "Jon Verlin" in {row.value for row in of(Claim, rows)}
    assert [i.code for i in of(Issue, rows)] == ["bad-encoding"]


NAMELESS = {
    "koi8-r": "Петров",
    "cp1251": "Петров",
    "cp1250": "Kołodziej",
    "cp1253": "Παύλος",
    "cp850": "Müller",
    "cp1256": "مرحبا يا صديقي",
}
"""A word in a character set before Unicode that its text does not name."""


@pytest.mark.parametrize("codec", NAMELESS)
@pytest.mark.parametrize(
    "form",
    [
        "",
        "Content-Type: text/plain\n",
        "Content-Type: text/html\n",
        "Content-Type: multipart/mixed; boundary=p\n\n--p\n\n%s\n--p--\n",
    ],
)
@pytest.mark.parametrize("field", ["Subject: %s\n", "From: %s <c@x.org>\n", "Subject: plain\n"])
def test_a_guessed_character_set_is_told(made: Make, codec: str, form: str, field: str) -> None:
    word = NAMELESS[codec]
    data = f"To: b@x.org\nDate: Fri, 1 Mar 2024 18:05:33 +0100\n{field}{form}\n%s pays 500\n".replace("%s", word)
    found = [i for i in of(Issue, read(made("a.eml", data.encode(codec)))) if i.code == "bad-encoding"]
    assert len(found) == 1 and "does not state its character set" in found[0].message
    in_utf8 = read(made("b.eml", data.encode()))
    assert not [i for i in of(Issue, in_utf8) if i.code == "bad-encoding"]


def test_a_page_in_a_mail_may_name_its_own_character_set(made: Make) -> None:
    page = "<html><meta charset=koi8-r><p>Петров платит 500</p></html>"
    data = b"From: a@x.org\nTo: b@x.org\nContent-Type: text/html\n\n" + page.encode("koi8-r")
    rows = list(read(made("a.eml", data)))
    assert (texts(rows), of(Issue, rows)) == (["Петров платит 500"], [])


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("iso-8859-1", b"Mr O\x92Brien paid \x80500", "Mr O’Brien paid €500"),
        ("iso-8859-9", b"\x80500 \xfe", "€500 ş"),
        ("gb2312", "镕 paid".encode("gbk"), "镕 paid"),
        ("iso-8859-1", b"na\xefve", "naïve"),
    ],
)
def test_a_set_is_read_as_the_wider_one_that_programs_take_for_it(
    made: Make, name: str, data: bytes, text: str
) -> None:
    word = "".join(f"={byte:02X}" for byte in data)
    head = f"From: a@x.org\nTo: b@x.org\nSubject: =?{name}?Q?{word}?=\nContent-Type: text/plain; charset={name}\n\n"
    rows = list(read(made("a.eml", head.encode() + data)))
    assert (texts(rows), of(Issue, rows)) == ([text, text], [])


def test_character_sets_of_mail_are_read(made: Make) -> None:
    data = "From: a@x.org\nTo: b@x.org\nSubject: =?x-sjis?B?jnia8Q==?= =?utf-7?Q?caf+AOk-?=\nContent-Type: text/plain; charset=%s\n\n"
    for name, codec in (("x-sjis", "cp932"), ("utf-16le", "utf-16-le"), ("windows-874", "cp874"), ("utf-7", "utf-7")):
        text = "ราคา 40" if codec == "cp874" else "支払 40"
        rows = list(read(made("a.eml", (data % name).encode() + text.encode(codec))))
        assert texts(rows)[1] == text
        assert "café" in texts(rows)[0]
        assert not of(Issue, rows)


@pytest.mark.parametrize(
    ("form", "body", "text"),
    [
        ("; format=flowed; delsp=yes", "Pay Jon Ver \r\nlin 50 \r\n00 euro.", "Pay Jon Verlin 5000 euro."),
        ("; Format=Flowed", "Pay Jon \r\nVerlin.\r\n\r\nSoon", "Pay Jon Verlin.\n\nSoon"),
        ("; format=flowed", " From Ada \n >40\nand 9", "From Ada >40\nand 9"),
        ("; format=flowed", "> one \n> two\n>> three \n> four \nfive", "> one two\n>> three\n> four\n\nfive"),
        ("; format=flowed", "See you \n-- \nAda \nHolm", "See you\n--\nAda Holm"),
        ("; format=fixed", "Pay Jon \nVerlin", "Pay Jon\nVerlin"),
        ("", "Pay Jon \nVerlin", "Pay Jon\nVerlin"),
    ],
)
def test_lines_that_flow_are_joined(made: Make, form: str, body: str, text: str) -> None:
    head = f"From: a@x.org\nTo: b@x.org\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8{form}\n\n"
    assert "\n\n".join(texts(list(read(made("a.eml", head + body))))) == text


def test_damage_becomes_issues(made: Make) -> None:
    data = letter().as_bytes().replace(b"utf-8", b"utf-9").replace(b"Mon, 04 Jul 2022 12:24:24 +0200", b"yesterday")
    codes = {i.code for i in of(Issue, read(made("a.eml", data)))}
    assert "bad-date" in codes
    wrong = b"From: a@x.org\nTo: b@x.org\nContent-Type: text/plain; charset=ascii\n\nna\xefve\n"
    rows = list(read(made("b.eml", wrong)))
    assert [i.code for i in of(Issue, rows)] == ["bad-encoding"]
    assert texts(rows) == ["naïve"]
    assert [
        i.code for i in of(Issue, read(made("c.eml", letter(Date="Mon, 4 Jul 2022 12:00:00 -0000").as_bytes())))
    ] == ["zone-unknown"]


def dated(written: str) -> bytes:
    return f"From: a@x.org\nTo: b@x.org\nSubject: hello\nDate: {written}\n\nlease\n".encode()


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("01 Jan 0024 00:00:00 +0000", "0024-01-01T00:00:00+00:00"),
        ("Mon, 01-Jan-0099 00:00:00 +0000", "0099-01-01T00:00:00+00:00"),
        ("01 Jan 99 00:00:00 +0000", "1999-01-01T00:00:00+00:00"),
        ("01 Jan 2024 00:00:00 -0030", "2024-01-01T00:00:00-00:30"),
        ("29 Feb 0024 00:00:00 +0000", "0024-02-29T00:00:00+00:00"),
    ],
)
def test_four_digits_of_a_year_are_that_year(made: Make, written: str, read_as: str) -> None:
    assert of(Document, read(made("a.eml", dated(written))))[0].at == read_as


@pytest.mark.parametrize(
    "written", ["01 Jan 0000 00:00:00 +0000", "29 Feb 0023 00:00:00 +0000", "01 Jan 0001 00:00:00 +0000"]
)
def test_a_year_out_of_the_calendar_is_kept_as_written_and_told(made: Make, written: str) -> None:
    rows = list(read(made("a.eml", dated(written))))
    assert "bad-date" in {one.code for one in of(Issue, rows)}
    assert not of(Document, rows)[0].at.startswith("20")


ALTERNATIVES = b"""From: a@x.org
Subject: lunch
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=ZZ

--ZZ
Content-Type: text/plain

See you at lunch. *Bring* the key <https://x.org>
--ZZ
Content-Type: text/html

<p>%b</p>
--ZZ
Content-Type: text/calendar

BEGIN:VCALENDAR
SUMMARY:Meet at unit seven
END:VCALENDAR
--ZZ--
"""


def test_an_alternative_that_says_something_else_is_read(made: Make) -> None:
    same = list(read(made("a.eml", ALTERNATIVES % b"See you at  lunch. Bring <b>the</b> key")))
    assert len(texts(same)) == 2 and not of(Issue, same)
    other = list(read(made("b.eml", ALTERNATIVES % b"Bring forty kilos to unit seven")))
    assert texts(other)[1:] == [texts(same)[1], "HTML part", "Bring forty kilos to unit seven"]
    assert [(i.code, i.place) for i in of(Issue, other)] == [("other-words", "message 1")]
    assert [e.name for e in of(Enclosure, other)] == ["part 3.ics"]
    assert of(Document, same)[0].id != of(Document, other)[0].id


def test_fields_that_stand_twice_are_all_read(made: Make) -> None:
    twice = b"From: A <a@x.org>\nFrom: C <c@x.org>\nTo: b@x.org\nTo: d@x.org\nSubject: one\nSubject: two\n"
    twice += b"Date: Mon, 04 Jul 2022 12:00:00 +0000\nDate: Tue, 05 Jul 2022 12:00:00 +0000\n\nbody\n"
    rows = list(read(made("a.eml", twice)))
    assert texts(rows) == ["one", "two", "body"]
    assert values(rows, "Email", "emitters") == {build_email_account_key(a).entity_id for a in ("a@x.org", "c@x.org")}
    assert values(rows, "Email", "recipients") == {build_email_account_key(a).entity_id for a in ("b@x.org", "d@x.org")}
    assert values(rows, "Email", "subject") == {"one", "two"}
    assert values(rows, "Email", "date") == {"2022-07-04T12:00:00+00:00", "2022-07-05T12:00:00+00:00"}
    assert [i.message.split()[2] for i in of(Issue, rows)] == ["From", "To", "Subject", "Date"]
    alike = b"Subject: one\nSubject: one\nFrom: a@x.org\n\nbody\n"
    assert not of(Issue, read(made("b.eml", alike)))


HEAD = (
    "From: Ana <ana@ex.test>\r\nTo: Bo <bo@ex.test>\r\nDate: Mon, 01 Jun 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n"
)


def test_addresses_beside_the_author_are_read(made: Make) -> None:
    fields = "Sender: ANA@ex.test\r\nReply-To: Carl Dahl <carl@ex.test>\r\nSubject: s\r\n"
    rows = list(read(made("a.eml", f"{HEAD}{fields}\r\nplease answer\r\n")))
    assert [p.text for p in of(Passage, rows)] == ["s", "please answer", "Reply-To: Carl Dahl <carl@ex.test>"]
    assert "carl@ex.test" in values(rows, "UserAccount", "email") and "Carl Dahl" in values(rows, "Person", "name")
    assert len(values(rows, "Email", "emitters") | values(rows, "Email", "recipients")) == 2


def test_a_field_of_content_that_stands_twice_is_told(made: Make) -> None:
    part = "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n"
    data = f"{HEAD}Content-Type: multipart/mixed; boundary=b\r\nContent-Type: text/plain\r\n\r\n{part}--b--\r\n"
    told = [i.message for i in of(Issue, read(made("a.eml", data))) if i.code == "other-words"]
    assert [message.split()[2] for message in told] == ["Content-Type", "Content-Transfer-Encoding"]


@pytest.mark.slow
def test_many_fields_of_one_name_are_bounded_as_one_is(made: Make) -> None:
    fields = "".join(f"To: p{number}@ex.test\r\n" for number in range(12_000))
    rows = list(read(made("a.eml", f"{HEAD}{fields}\r\nbody\r\n")))
    assert len(values(rows, "Email", "recipients")) <= MOST / len("p1@ex.test")
    assert "truncated" in {i.code for i in of(Issue, rows)}


def told(rows: Iterable[Row]) -> list[str]:
    return [row.message for row in rows if isinstance(row, Issue) and row.code == "other-words"]


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [("base64", encodebytes), ("quoted-printable", encodestring), ("Base64", lambda data: b"\n" + encodebytes(data))],
)
def test_an_attached_letter_in_an_encoding_is_a_letter(
    made: Make, encoding: str, encoded: Callable[[bytes], bytes]
) -> None:
    inner = "From: q@ex.test\r\nSubject: caf\u00e9\r\n\r\npay at quay\r\n".encode()
    part = f"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + encoded(
        inner
    )
    [within] = of(
        Enclosure,
        read(made("a.eml", f"{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n".encode() + part + b"--b--")),
    )
    assert (within.name, within.data.split()) == ("part 1.eml", inner.split())


def test_a_letter_that_only_says_that_it_is_encoded_is_kept(made: Make) -> None:
    inner = "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nFrom: q@ex.test\n\nplain\n--b--"
    data = f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{inner}".replace("\r\n", "\n")
    assert [e.data for e in of(Enclosure, read(made("a.eml", data)))] == [b"From: q@ex.test\n\nplain"]


def test_all_blocks_of_a_report_on_delivery_are_kept(made: Make) -> None:
    part = "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; to@ex.test\n\n--b--\n"
    data = f"{HEAD}Content-Type: multipart/report; boundary=b\n\n{part}".replace("\r\n", "\n")
    [report] = of(Enclosure, read(made("a.eml", data)))
    assert b"Reporting-MTA" in report.data and b"Final-Recipient" in report.data


def multipart(before: str, behind: str, head: str = "boundary=B") -> str:
    part = "--B\r\nContent-Type: text/plain\r\n\r\nVisible\r\n--B--\r\n"
    return f"{HEAD}Subject: s\r\nContent-Type: multipart/mixed; {head}\r\n\r\n{before}{part}{behind}"


def test_what_stands_around_the_parts_is_read_and_told(made: Make) -> None:
    behind = "words of agreement\r\n--B\r\nContent-Transfer-Encoding: base64\r\n\r\nYW5vdGhlciBwYXJ0\r\n--B--\r\n"
    rows = list(read(made("a.eml", multipart("pay first\r\n", behind))))
    assert texts(rows)[1:] == [
        "Visible",
        "Preamble",
        "pay first",
        "Epilogue",
        "words of agreement",
        "Epilogue",
        "another part",
    ]
    [message] = told(rows)
    assert "(Preamble (1), Epilogue (2))" in message


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\r\n",
        "This is a multi-part message in MIME format.\r\n",
        "This is a multi-part message in MIME format.\r\n\r\nSince your mail reader does not understand\r\nthis format, some or all of"
        " this message may not be legible.\r\n",
        "This is an OpenPGP/MIME signed message (RFC 4880 and 3156)\r\n",
    ],
)
def test_what_programs_put_around_the_parts_is_not_told(made: Make, before: str) -> None:
    rows = list(read(made("a.eml", multipart(before, "\r\n\r\n"))))
    assert texts(rows) == ["s", "Visible"] and not of(Issue, rows)


def test_a_notice_on_the_form_in_other_words_is_read_and_not_told(made: Make) -> None:
    rows = list(read(made("a.eml", multipart("> Denne meddelelse er i MIME-format.\r\n", ""))))
    assert texts(rows)[1:] == ["Visible", "Preamble", "> Denne meddelelse er i MIME-format."] and not of(Issue, rows)


def test_a_parameter_that_stands_twice_is_told_and_its_parts_are_read(made: Make) -> None:
    behind = "--C\r\n\r\nfor another program\r\n--C--\r\n"
    rows = list(read(made("a.eml", multipart("", behind, 'boundary=B; Boundary="C"'))))
    assert texts(rows)[1:] == ["Visible", "Epilogue", "for another program"]
    assert any(message.startswith("The field Content-Type; boundary has 2 different values") for message in told(rows))
    assert not told(read(made("b.eml", multipart("", "", "boundary=B; boundary=B"))))


@pytest.mark.parametrize(
    ("content", "behind"),
    [
        ("Zmlyc3Q=\r\nc2Vjb25k\r\n", "second"),
        ("Zmlyc3Q=c2Vjb25k\r\n", "second"),
        ("Zmlyc3Q=\r\n-- list, see https://ex.test\r\n", "-- list, see https://ex.test"),
        ("Zmlyc3Q=\r\n", ""),
        ("Zmly\r\nc3Q=\r\n\r\n", ""),
    ],
)
def test_what_follows_the_end_of_base64_is_read_and_told(made: Make, content: str, behind: str) -> None:
    head = f"{HEAD}Subject: s\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    rows = list(read(made("a.eml", head + content)))
    assert texts(rows) == ["s", "first", *(["Text behind an encoded part", behind] if behind else [])]
    assert len(told(rows)) == bool(behind)


def test_lines_among_the_fields_that_are_none_are_read_and_told(made: Make) -> None:
    rows = list(
        read(made("a.eml", f" first hidden\r\n{HEAD}: second hidden\r\nFrom third hidden\r\nSubject: s\r\n\r\nbody"))
    )
    assert texts(rows)[-2:] == ["Header lines", "first hidden\nFrom third hidden\nsecond hidden"]
    assert len(told(rows)) == 1


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Mon, 03 Mar 2025 10:00:00 PM +0100", "2025-03-03T22:00:00+01:00"),
        ("Mon, 03 Mar 2025 12:10 am", "2025-03-03T00:10:00"),
        ("Mon, 03 Mar 2025 10:00:00 +01:00 (CET)", "2025-03-03T10:00:00+01:00"),
        ("Mon, 03 Mar 2025 10:00:00 CET", "2025-03-03T10:00:00+01:00"),
        ("Mon, 03 Mar 2025 10:00:00 +0100 CET", "2025-03-03T10:00:00+01:00"),
        ("Mon Mar 03 2025 10:00:00 GMT+0100 (Central European Standard Time)", "2025-03-03T10:00:00+01:00"),
        ("Mon Mar  3 10:00:00 2025", "2025-03-03T10:00:00"),
        ("lun., 03 Mar 2025 10:00:00 -0500", "2025-03-03T10:00:00-05:00"),
        ("Monday, 03-Mar-25 10:00:00 GMT", "2025-03-03T10:00:00+00:00"),
    ],
)
def test_a_date_is_read_with_its_half_of_the_day_and_its_zone(made: Make, written: str, read_as: str) -> None:
    assert of(Document, read(made("a.eml", dated(written))))[0].at == read_as


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 03 Mar 2025 14:00:00 AM",
        "Mon, 03 Mar 2025 10:00:00 XYZ",
        "Mon, 03 Mar 2025 10:00:00 +0100 or the day after",
    ],
)
def test_a_date_with_a_word_that_is_not_understood_is_kept_as_written(made: Make, written: str) -> None:
    rows = list(read(made("a.eml", dated(written))))
    assert values(rows, "Email", "date") == {written} and [i.code for i in of(Issue, rows)] == ["bad-date"]


@pytest.mark.parametrize(
    ("written", "codes", "kept"),
    [
        ("From: <evil@x.test> <ceo@bank.test>", ["other-words"], True),
        ("From: Ada Winter <ada@x.test>, bob@x.test (Bob)", [], True),
        ("From: a@x.test\nTo: undisclosed-recipients:;", [], False),
        ("From: a@x.test\nTo: Team: a@x.test, b@x.test;", [], True),
        ("From: a@x.test\nTo: the whole crew", [], True),
    ],
)
def test_what_of_an_address_field_is_not_used_is_kept(made: Make, written: str, codes: list[str], kept: bool) -> None:
    rows = list(read(made("a.eml", f"{written}\nSubject: s\n\nbody\n")))
    assert [i.code for i in of(Issue, rows)] == codes
    assert texts(rows)[2:] == ([written.rpartition("\n")[2]] if kept else [])


@pytest.mark.parametrize("name", ["Comments", "Keywords", "Organization", "X-Note"])
def test_fields_with_words_are_read(made: Make, name: str) -> None:
    rows = list(read(made("a.eml", letter(**{name: "pay at nine"}).as_bytes())))
    assert f"{name}: pay at nine" in "\n".join(texts(rows))
    assert not [row for row in rows if isinstance(row, Issue)]


@pytest.mark.parametrize(
    "name",
    ["X-Mailer", "X-Spam-Status", "X-MS-Has-Attach", "List-Id", "Received", "DKIM-Signature", "ARC-Seal", "User-Agent"],
)
def test_fields_that_programs_write_are_not_read(made: Make, name: str) -> None:
    assert "as programs say" not in "\n".join(
        texts(read(made("a.eml", letter(**{name: "as programs say"}).as_bytes())))
    )


@pytest.mark.parametrize(
    "name",
    [
        "Resent-From", "Resent-To", "Resent-Cc", "Resent-Sender", "Resent-Date", "Delivered-To", "X-Original-To", "Return-Path",
        "Envelope-To", "X-Forwarded-To", "X-Authenticated-Sender", "Errors-To",
    ],
)  # fmt: skip
def test_who_passed_a_message_on_and_to_whom_is_read_as_text(made: Make, name: str) -> None:
    rows = list(read(made("a.eml", f"{name}: Wanda <w@b.invalid>\n".encode() + letter().as_bytes())))
    plain = list(read(made("b.eml", letter().as_bytes())))
    assert f"{name}: Wanda <w@b.invalid>" in texts(rows)
    assert {(c.schema, c.prop, c.value) for c in of(Claim, rows)} >= {
        (c.schema, c.prop, c.value) for c in of(Claim, plain) if c.schema != "Email"
    }
    assert "w@b.invalid" not in {c.value for c in of(Claim, rows)}


def test_what_servers_add_to_each_copy_is_kept_of_all_and_parts_no_message(made: Make) -> None:
    copies = [b"Delivered-To: %s@x.org\n" % name + letter().as_bytes() for name in (b"ada", b"bob", b"ada")]
    rows = list(
        read(made("a.mbox", b"".join(b"From a@x.org Fri Jan  2 10:00:00 2026\n" + one + b"\n" for one in copies)))
    )
    assert len({row.document_id for row in of(Trace, rows)}) == 1
    assert [text for text in texts(rows) if text.startswith("Delivered")] == [
        "Delivered-To: ada@x.org",
        "Delivered-To: bob@x.org",
    ]


def test_the_address_of_a_body_elsewhere_is_read(made: Make) -> None:
    part = b'Content-Type: message/external-body; access-type=URL; URL="http://x.example/a"\n\nContent-Type: text/plain\n\n'
    data = (
        b"From: a@x.org\nTo: b@x.org\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Description: nine\n\nhello\n--B\n"
        + part
        + b"\n--B--\n"
    )
    found = "\n".join(texts(read(made("a.eml", data))))
    assert "url: http://x.example/a" in found and "Content-Description: nine" in found


QUOTED = (
    "quoting the file:\n\nFrom mallory@x.org Fri Jul  1 11:00:00 2022\nFrom: mallory@x.org\nTo: bob@x.org\n"
    "Date: Fri, 1 Jul 2022 11:00:00 +0000\nSubject: in\n\nforged\n"
)


def _counted(length: int | str, body: str, hour: int = 10) -> str:
    return (
        f"From ada@x.org Fri Jul  1 {hour}:00:00 2022\nFrom: ada@x.org\nTo: bob@x.org\nSubject: s{hour}\n"
        f"Date: Fri, 1 Jul 2022 {hour}:00:00 +0000\nContent-Length: {length}\n\n{body}\n"
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", _counted(3, "ok\n", 12)])
def test_a_mail_goes_as_far_as_its_exact_length(made: Make, ending: str, last: str) -> None:
    quoted = QUOTED.replace("\n", ending)
    box = _counted("SIZE", QUOTED).replace("\n", ending).replace("SIZE", str(len(quoted))) + last.replace("\n", ending)
    rows = list(read(made("q.mbox", box)))
    assert len(of(Document, rows)) == 1 + bool(last)
    assert any("quoting" in text and "mallory@x.org" in text and "forged" in text for text in texts(rows))
    (told,) = [one for one in of(Issue, rows) if one.code == "bad-row"]
    assert "inside the stated length (`Content-Length`) of another message: 1 (message 1)" in told.message


@pytest.mark.parametrize("length", [len(QUOTED) + 40, len(QUOTED) - 2, 10**11])
def test_a_length_that_is_not_exact_is_told_and_not_used(made: Make, length: int) -> None:
    rows = list(read(made("q.mbox", _counted(length, QUOTED) + _counted(3, "ok\n", 12))))
    assert len(of(Document, rows)) == 3
    (told,) = [one for one in of(Issue, rows) if one.code == "bad-row"]
    assert "goes beyond the beginning of the next message: 1 (message 1)" in told.message


def test_lengths_that_change_nothing_are_not_told(made: Make) -> None:
    plain = _counted(3, "ok\n") + _counted(1, "ok\n", 11) + _counted("x", "ok\n", 12) + _counted(400, "ok\n", 13)
    rows = list(read(made("q.mbox", plain)))
    assert len(of(Document, rows)) == 4 and "bad-row" not in codes(rows)


@pytest.mark.parametrize(
    "field",
    [
        f"+{len(QUOTED)}",
        f"{len(QUOTED)} (bytes)",
        f"{len(QUOTED)}\nContent-Length: 3",
        f"3\nContent-Length: {len(QUOTED)}",
    ],
)
def test_a_length_that_cannot_be_used_is_told(made: Make, field: str) -> None:
    rows = list(read(made("q.mbox", _counted(field, QUOTED) + _counted(3, "ok\n", 12))))
    assert len(of(Document, rows)) == 3
    (told,) = [one for one in of(Issue, rows) if one.code == "bad-row"]
    assert "is not a number, or with several different lengths: 1 (message 1)" in told.message


@pytest.mark.parametrize("field", [f"\n {len(QUOTED)}", f"{len(QUOTED)}\nContent-Length: {len(QUOTED)}"])
def test_a_length_on_the_next_line_or_twice_the_same_counts(made: Make, field: str) -> None:
    rows = list(read(made("q.mbox", _counted(field, QUOTED) + _counted(3, "ok\n", 12))))
    assert len(of(Document, rows)) == 2


TO_DANA = "To: Dana <dana@y.example>\nDate: Wed, 13 Jul 2022 12:00:00 +0200\nSubject: s\nMessage-ID: <1@x>\n\nhi\n"


@pytest.mark.parametrize(
    ("sender", "told", "words"),
    [
        ("Rosa <rosa@x.example>", "", ""),
        ('"rosa@x.example" <Rosa@x.example>', "", ""),
        ('"boss@bank.example" <rosa@x.example>', "may show another address", "boss@bank.example"),
        ('"boss\uff20bank.example" <rosa@x.example>', "may show another address", "boss\uff20bank.example"),
        ("=?utf-8?q?boss=40bank=2Eexample=3E=2C?= <rosa@x.example>", "may show another address", "boss@bank.example"),
        ("=?utf-8?q?Boss_=3Cboss=40bank=2Eexample=3E?=", "that was not read as an address", "boss@bank.example"),
    ],
)
def test_an_address_that_is_shown_as_a_name_is_read_and_told(made: Make, sender: str, told: str, words: str) -> None:
    rows = list(read(made("a.eml", f"From: {sender}\n{TO_DANA}")))
    assert [told in i.message for i in of(Issue, rows)] == [True] * bool(told)
    assert any(words in text for text in texts(rows))
    assert not told or values(rows, "Person", "name") == {"Dana"}
    accounts = {"rosa@x.example", "dana@y.example"} if "rosa" in sender.lower() else {"dana@y.example"}
    assert values(rows, "UserAccount", "email") == accounts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("evil@z.example Wed Jul 13 12:00:00 2022", True),
        ("rosa@x.example Wed Jul 13 12:00:00 2022", False),
        ("- Wed Jul 13 12:00:00 2022", False),
        ("MAILER-DAEMON Wed Jul 13 12:00:00 2022", False),
        ("1234@xxx Wed Jul 13 12:00:00 +0000 2022", False),
        ("bring the money", True),
    ],
)
def test_a_sender_that_only_the_line_above_a_message_names_is_read_and_told(made: Make, line: str, told: bool) -> None:
    rows = list(read(made("a.mbox", f"From {line}\nFrom: Rosa <rosa@x.example>\n{TO_DANA}")))
    assert [i.code for i in of(Issue, rows)] == ["other-words"] * told
    assert any(line in text for text in texts(rows)) == told


@pytest.mark.parametrize(("day", "told"), [("Wed, ", False), ("", False), ("Mon, ", True), ("Wednesday, ", False)])
def test_a_date_with_another_day_of_the_week_is_told(made: Make, day: str, told: bool) -> None:
    rows = list(read(made("a.eml", f"From: Rosa <rosa@x.example>\n{TO_DANA.replace('Wed, ', day)}")))
    assert [d.at for d in of(Document, rows)] == ["2022-07-13T12:00:00+02:00"]
    assert [i.code for i in of(Issue, rows)] == ["bad-date"] * told


@pytest.mark.parametrize("name", ["X-From", "X-To", "X-Cc", "X-Bcc"])
def test_a_second_field_of_people_is_text_where_it_says_more_than_the_first(made: Make, name: str) -> None:
    """As exports of a company's mail have them: 'X-To: Carver, Bob'."""
    assert f"{name}: Falk, Erin <erin@x.org>" in texts(
        read(made("a.eml", letter(**{name: "Falk, Erin <erin@x.org>"}).as_bytes()))
    )
    same = {"X-From": "Winter, Ada", "X-To": "Bob", "X-Cc": "", "X-Bcc": ""}[name]
    assert not any(text.startswith("X-") for text in texts(read(made("b.eml", letter(**{name: same}).as_bytes()))))


def test_fields_beyond_those_that_are_read_are_told(made: Make) -> None:
    many = {f"Odd{number}": f"meet at pier {number}" for number in range(300)}
    rows = list(read(made("a.eml", letter(**many).as_bytes())))
    kept = [text for text in texts(rows) if text.startswith("Odd")]
    assert len(kept) == 200
    told = [row for row in rows if isinstance(row, Issue) and row.code == "truncated"]
    assert len(told) == 1 and "200" in str(told[0].message)
    few = list(read(made("b.eml", letter(**dict(list(many.items())[:200])).as_bytes())))
    assert "truncated" not in codes(few)
