"""Contact cards of three versions: who is stored under which number, and what damaged address books give."""

from __future__ import annotations

from pathlib import Path

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from tests.ingest.claimed import entities, of
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.contacts.vcard import parse_line, split_value
from workbench.model import identifiers, schema
from workbench.model.rows import Claim, Document, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text

OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;=C3=89va\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=89va=20M=C3=\r\n=BCller\r\nTEL;CELL;PREF:+31 6 4489 1202\r\n"
    "TEL;WORK:112\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo\r\n"
    "PHOTO;ENCODING=BASE64;JPEG:\r\n /9j/4AAQ\r\n SkZJRg==\r\n\r\nEND:VCARD\r\n"
)
THREE = """BEGIN:VCARD
VERSION:3.0
N:Winter;Ada;Maria;Dr.;
FN:Dr. Ada Winter
NICKNAME:Ace,The \\, Fox
item1.TEL;type=CELL;type=pref:+31644891203
item1.X-ABLabel:work
EMAIL;TYPE=INTERNET,HOME:Ada@Example.org
IMPP;X-SERVICE-TYPE=Skype:skype:ada.winter_1
X-TELEGRAM:@adaw1
ADR;TYPE=HOME:;;1 Quay\\; east;Zandhaven;;1234 AB;Netherlands
ORG:Blue Lagoon;Sales
TITLE:Driver
BDAY:19800201
NOTE:a long note that
  goes on
URL:https://example.org/ada
GENDER:F
END:VCARD
"""
FOUR = """BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Harbour Office
TEL;VALUE=uri;TYPE="voice,work":tel:+31644891204;ext=1
EMAIL:office@example.org
PHOTO:data:image/png;base64,iVBORw0KGgo=
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Ivo
BDAY:--0203
TEL:+31644891203
END:VCARD
"""


def file(data: str | bytes, name: str = "book.vcf") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize("name", ["BDAY", "DEATHDATE"])
@pytest.mark.parametrize(
    ("written", "days", "note"),
    [
        (";X-APPLE-OMIT-YEAR=1604:1604-05-06", set(), "--0506"),
        (";VALUE=date;X-APPLE-OMIT-YEAR=1604:16040506", set(), "--0506"),
        (";X-APPLE-OMIT-YEAR=1604:1604-05-06T00:00:00Z", set(), "--0506"),
        (";X-APPLE-OMIT-YEAR=1604:1984-05-06", {"1984-05-06"}, ""),
        (":--0506", set(), "--0506"),
        (":1984-05-06", {"1984-05-06"}, ""),
    ],
)
def test_a_day_whose_year_is_left_out_is_a_note(name: str, written: str, days: set[str], note: str) -> None:
    others = "ANNIVERSARY;X-APPLE-OMIT-YEAR=1604:1604-07-08\nitem1.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-09-10\n"
    rows = list(read(file(f"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\n{name}{written}\n{others}END:VCARD\n")))
    assert {c.value for c in of(Claim, rows) if c.prop in ("birthDate", "deathDate")} == days
    assert {c.value for c in of(Claim, rows) if c.prop == "notes"} == ({f"{name}: {note}"} if note else set())
    assert not of(Issue, rows)
    assert "anniversary x-apple-omit-year: 1604" in of(Passage, rows)[0].text


def test_version_two() -> None:
    source = file(OLD)
    assert detect(source).reader == "contact-cards"
    rows = list(read(source))
    number = identifiers.build_telephone_key("+31644891202")
    holder = identifiers.build_person_key("Éva Müller", number.entity_id).entity_id
    person = entities(rows, "Person")[holder]
    assert (person["name"], person["firstName"], person["lastName"]) == (["Éva Müller"], ["Éva"], ["Müller"])
    assert (person["phone"], person["notes"]) == (["+31644891202", "112"], ["one\ntwo"])
    held = {said["held"][0]: said for said in entities(rows, "Attribution").values()}
    assert held[number.entity_id]["holder"] == [holder]
    assert (held[number.entity_id]["basis"], held[number.entity_id]["role"]) == (["contact name"], ["cell"])
    assert [row.message for row in of(Issue, rows)] == [
        "Pictures or sounds on contact cards were not read: 1. They are still in the file."
    ]
    assert "photo: 10 bytes" in of(Passage, rows)[0].text


@pytest.mark.slow
def test_version_three() -> None:
    rows = list(read(file(THREE)))
    (person,) = entities(rows, "Person").values()
    assert {prop: person[prop] for prop in ("alias", "birthDate", "position", "website", "gender", "title", "notes")} == {
        "alias": ["Ace", "The , Fox"], "birthDate": ["1980-02-01"], "position": ["Driver"], "title": ["Dr."],
        "website": ["https://example.org/ada"], "gender": ["female"], "notes": ["a long note that goes on"],
    }  # fmt: skip
    assert person["address"] == ["1 Quay; east, 1234 AB, Zandhaven, Netherlands"]
    (place,) = entities(rows, "Address").values()
    assert (place["city"], place["country"], place["street"]) == (["Zandhaven"], ["nl"], ["1 Quay; east"])
    (work,) = entities(rows, "Employment").values()
    assert (work["role"], work["description"]) == (["Driver"], ["Sales"])
    accounts = entities(rows, "UserAccount")
    assert accounts[identifiers.build_email_account_key("ada@example.org").entity_id]["email"] == ["ada@example.org"]
    assert accounts[identifiers.build_account_key("ada.winter_1").entity_id]["service"] == ["Skype"]
    assert accounts[identifiers.build_account_key("@adaw1").entity_id]["username"] == ["@adaw1"]
    texts = {row.id: row.text for row in of(Passage, rows)}
    assert "tel (cell): +31644891203" in next(iter(texts.values()))
    marked = [claim for claim in of(Claim, rows) if claim.start >= 0]
    assert len(marked) > 15
    assert all(texts[c.passage_id][c.start : c.end] == (c.original_value or c.value) for c in marked)
    for claim in of(Claim, rows):
        schema.check_schema(claim.schema, claim.prop)


def test_version_four_and_several_cards() -> None:
    rows = list(read(file(FOUR)))
    (body,) = entities(rows, "Organization").values()
    assert (body["name"], body["phone"]) == (["Harbour Office"], ["+31644891204"])
    (ivo,) = entities(rows, "Person").values()
    assert ivo["notes"] == ["BDAY: --0203"]
    assert [row.place for row in of(Trace, rows)] == ["card 1 (line 1)", "card 2 (line 9)"]
    assert "photo: 8 bytes" in of(Passage, rows)[0].text


def test_labels_parameters_and_texts_in_base64_are_read() -> None:
    lines = "item1.TEL;X-LINE=second:+4722119900\nitem1.X-ABLabel:drop phone\nNOTE;ENCODING=b:bWVldCBhdCBuaW5l\n"
    text = of(Passage, read(file(f"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\n{lines}END:VCARD\n")))[0].text
    for line in ("label (tel): drop phone", "tel x-line: second", "note: meet at nine"):
        assert line in text.split("\n")


def test_the_same_name_at_the_same_number_is_one_person() -> None:
    one, two = (
        set(entities(read(file(text, name)), "Person")) for text, name in ((THREE, "a.vcf"), (THREE + FOUR, "b.vcf"))
    )
    assert one < two


def test_national_numbers_need_the_region() -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nTEL:07700900123\nEND:VCARD\n"
    assert entities(read(file(text), {"region": "GB"}), "TelephoneNumber").keys() == {
        identifiers.build_telephone_key("+447700900123").entity_id
    }
    assert not entities(read(file(text.replace("Ada", "+31644891202"))), "Person")


WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters='"\\'), min_size=1, max_size=8
)
NAMES = (
    st.lists(WORDS, min_size=1, max_size=3)
    .map(" ".join)
    .filter(lambda name: any(map(str.isalpha, name)) and clean_text(name) == name)
)
PEOPLE = st.lists(
    st.tuples(NAMES, st.integers(1200, 1999), st.lists(WORDS.map(clean_text).filter(bool), max_size=3)),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_cards_of_the_library_come_back(people: list[tuple[str, int, list[str]]]) -> None:
    from workbench.ingest.reading.participants import is_identifier

    people = [
        one
        for one in {(name, number): (name, number, notes) for name, number, notes in people}.values()
        if not is_identifier(one[0])
    ]
    text = ""
    for name, number, notes in people:
        card = vobject.vCard()
        card.add("fn").value = name
        card.add("n").value = vobject.vcard.Name(family=name)
        card.add("tel").value = f"+3164489{number}"
        for note in notes:
            card.add("note").value = note
        text += card.serialize()
    rows = list(read(file(text), reader="contact-cards"))
    back = [(said["name"][0], said["phone"][0], said.get("notes", [])) for said in entities(rows, "Person").values()]
    from workbench.model.text.normalise import normalise_name

    if len({(normalise_name(name) or name, number) for name, number, _ in people}) == len(people):
        assert back == [(name, f"+3164489{number}", notes) for name, number, notes in people]


# Hostile --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (
            "BEGIN:VCARD\nFN:Ada\nTEL:+31644891202\n",
            "truncated",
            "The end of a contact card is missing. The part that is in the file was read",
        ),
        (
            "BEGIN:VCARD\nFN:Ada\nno property\nEND:VCARD\n",
            "bad-row",
            "Lines that are not a property of a contact card and were left out: 1 (lines 3)",
        ),
        ("BEGIN:VCARD\nFN:Ada\nBDAY:last spring\nEND:VCARD\n", "bad-date", "'last spring' is not a valid date"),
        (b"BEGIN:VCARD\nFN:Andr\xe9\nEND:VCARD\n", "bad-encoding", "were read as Windows-1252"),
        (
            "BEGIN:VCARD\nFN;CHARSET=cp037;ENCODING=QUOTED-PRINTABLE:Jon=20Verlin\nEND:VCARD",
            "bad-encoding",
            "the character set 'cp037'. The program does not know",
        ),
        ("nothing", "empty", "No contact card was found in 'book.vcf'"),
        ("", "empty", "No contact card was found in 'book.vcf'"),
        ("BEGIN:VCARD\n" * 50 + "FN:Ada\nEND:VCARD", "bad-row", "were left out: 45 (lines 6, 7, "),
    ],
    ids=range(8),
)
def test_damaged_books(text: str | bytes, code: str, message: str) -> None:
    rows = list(read(file(text), reader="contact-cards"))
    assert any(row.code == code and message in row.message for row in of(Issue, rows))
    assert {trace.document_id for trace in of(Trace, rows)} == {row.id for row in of(Document, rows)}


def test_a_damaged_card_takes_no_other_with_it() -> None:
    rows = list(read(file("BEGIN:VCARD\nFN:One\nTEL:+31644891202\n" + FOUR)))
    assert {said["name"][0] for said in entities(rows, "Person").values()} == {"One", "Ivo"}


def test_only_character_sets_of_mail_are_taken_at_their_word() -> None:
    rows = list(read(file("BEGIN:VCARD\nFN;CHARSET=cp037;ENCODING=QUOTED-PRINTABLE:Jon=20Verlin\nEND:VCARD")))
    assert next(iter(entities(rows, "Person").values()))["name"] == ["Jon Verlin"]


def test_script_in_names_is_text() -> None:
    rows = list(read(file("BEGIN:VCARD\nFN:<script>alert(1)</script>\nTEL:+31644891202\nEND:VCARD")))
    assert next(iter(entities(rows, "Person").values()))["name"] == ["<script>alert(1)</script>"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["a", ";", ",", '"', ":", "\\", "=", "a=b;", '";:', " \n ", "=\n"])
def test_lines_take_time_in_proportion(seed: str) -> None:
    def card(size: int) -> str:
        long = seed * (size // len(seed))
        return f"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE;X={long}:x\nADR:{long}\nEND:VCARD"

    linear(lambda text: list(read(file(text))), card(20_000), card(200_000))


def test_properties() -> None:
    found = parse_line('item1.TEL;TYPE="cell,work";X=a;PREF:+1')
    assert found is not None
    assert (found.name, found.group, found.types, found.value) == ("TEL", "item1", ["cell", "work"], "+1")
    assert parse_line("no colon") is None and parse_line(":x") is None and parse_line("a b:x") is None
    assert split_value(r"a\;b;c", ";") == [r"a\;b", "c"]


def _read_card(*lines: str) -> list[Row]:
    return list(read(file("\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", "")))))


def _list_faults(rows: list[Row]) -> list[str]:
    return [i.message for i in of(Issue, rows)]


@pytest.mark.parametrize(
    ("lines", "told", "held"),
    [
        (("FN:Rosa Blum", "TEL:1-800-FLOWERS"), "letters in place of digits", False),
        (("FN:Rosa Blum", "TEL:+31O612345678"), "letters in place of digits", False),
        (("FN:Rosa Blum", "TEL:\u202e87654321613+"), "reverses the order of the digits", False),
        (("FN:Rosa Blum", "TEL:\u202d+31612345678\u202c"), "", True),
        (("FN:Rosa Blum", 'EMAIL:"dana@x.example" <rosa@x.example>'), "several numbers or addresses", False),
        (("FN:Rosa Blum", "EMAIL:dana@x.example <rosa@x.example>"), "several numbers or addresses", False),
        (("FN:Rosa Blum", 'EMAIL:"rosa@x.example" <rosa@x.example>'), "", True),
        (("FN:Rosa Blum", "FN:Dana Lee", "TEL:+31612345678"), "names of different people", False),
        (("FN:Rosa Blum", "FN:Blum\\, R.", "TEL:+31612345678"), "", True),
        (("FN:Rosa Blum", "FN;LANGUAGE=ar:\u0631\u0648\u0632\u0627", "TEL:+31612345678"), "", True),
        (("FN:Rosa Blum", "N:Lee;Dana", "TEL:+31612345678"), "name fields contain", True),
        (("FN:Blue Lagoon", "N:Lee;Dana", "ORG:Blue Lagoon", "TEL:+31612345678"), "", True),
        (("FN:Rosa Blum", "GENDER:F", "GENDER:M", "TEL:+31612345678"), "in the field GENDER", True),
        (("FN:Rosa Blum", "BDAY:1980-05-06", "BDAY:19900101", "TEL:+31612345678"), "in the field BDAY", True),
        (("FN:Rosa Blum", "TEL;waid=31698765432:+31 6 12345678"), "a different number for WhatsApp: '31698765432'", True),
        (("FN:Rosa Blum", "TEL;waid=31612345678:+31 6 12345678"), "", True),
        (("FN:Rosa Blum", "TEL;waid=31612345678:06 12345678"), "", True),
        (("FN:Rosa Blum", "TEL;waid=5215512345678:+52 55 1234 5678"), "", True),
        (("FN:Rosa Blum", "TEL;waid=551187654321:+55 11 98765-4321"), "", True),
        (("FN:Rosa Blum", "TEL;waid=551187654322:+55 11 98765-4321"), "a different number for WhatsApp: '551187654322'", True),
        (("FN:Rosa Blum", "NOTE:x", " END:VCARD", " BEGIN:VCARD", "TEL:+31612345678"), "(lines 5, 6)", True),
    ],
)  # fmt: skip
def test_what_a_card_states_in_two_ways_is_told(lines: tuple[str, ...], told: str, held: bool) -> None:
    rows = _read_card(*lines)
    assert [told in message for message in _list_faults(rows)] == [True] * bool(told)
    assert any(c.schema == "Attribution" for c in of(Claim, rows)) == held
    assert not told or not {c.value for c in of(Claim, rows) if c.prop in ("gender", "birthDate", "firstName")}


def test_another_number_for_whatsapp_can_be_found() -> None:
    rows = _read_card("FN:Rosa Blum", "TEL;type=CELL;waid=31698765432:+31 6 12345678")
    assert any("31698765432" in p.text for p in of(Passage, rows))
