"""Contact cards: what our reader and another library read from them is what the case knows."""

from __future__ import annotations

import pandas as pd
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.exports.rows import evidence, file
from tests.report.payloads import PAYLOADS
from workbench.graph import list_attributions
from workbench.ingest import detect, read
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.source import Evidence
from workbench.model import identifiers
from workbench.model.rows import Claim, Issue
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.values import limits
from workbench.report.exports import About, escape_unseen
from workbench.report.exports.contact_cards import to_vcf

ABOUT = About(mark="EXERCISE – FOR TRAINING ONLY")
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60)
TEXTS = TEXTS.map(clean_text).filter(bool)
NAMES = TEXTS.filter(lambda name: any(map(str.isalpha, name)) and not is_identifier(name))
PEOPLE = st.lists(
    st.fixed_dictionaries({
        "name": NAMES, "alias": st.lists(TEXTS, max_size=2, unique=True), "notes": st.lists(TEXTS, max_size=2, unique=True),
        "phone": st.lists(st.integers(1200, 1999).map(lambda number: f"+3164489{number}"), max_size=2, unique=True),
        "email": st.lists(st.sampled_from(["ada@example.org", "b.c@example.org"]), max_size=2, unique=True),
        "address": st.lists(TEXTS, max_size=2, unique=True), "day": st.sampled_from(["", "1980-02-01"]),
    }), min_size=1, max_size=4,
)  # fmt: skip
MADE = Evidence("test", "1", "d")


def said(people: list[dict]) -> list[Claim]:
    """Claims on persons; every other number is held and not stated."""
    made: list[Claim] = []
    for number, one in enumerate(people):
        key = f"person-{number:024x}"
        values = [("name", one["name"]), *(("alias", alias) for alias in one["alias"] if alias != one["name"])]
        values += [(prop, value) for prop in ("notes", "email", "address") for value in one[prop]]
        values += [("birthDate", one["day"])] if one["day"] else []
        for place, phone in enumerate(one["phone"]):
            if place % 2:
                values.append(("phone", phone))
                continue
            held = identifiers.build_telephone_key(phone)
            made.append(MADE.build_claim("TelephoneNumber", held.entity_id, "number", held.value))
            made += MADE.claim_attribution(key, held.entity_id, "custodian")
        made += [MADE.build_claim("Person", key, prop, value) for prop, value in values]
    return made


def cards(people: list[dict]) -> bytes:
    rows = evidence(said(people))
    return to_vcf(rows, list_attributions(rows), ABOUT)


def persons(data: bytes) -> list[dict[str, set[str]]]:
    rows = list(read(file(data, "x.vcf"), reader="contact-cards"))
    assert {row.code for row in rows if isinstance(row, Issue)} <= {
        "truncated"
    }  # a name of thousands of characters is cut
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        if isinstance(row, Claim) and row.schema == "Person" and row.prop != "addressEntity":
            found.setdefault(f"{row.entity_id} {row.trace_id}", {}).setdefault(row.prop, set()).add(row.value)
    return list(found.values())


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(PEOPLE)
def test_persons_come_back(people: list[dict]) -> None:
    data = cards(people)
    assert max(map(len, data.split(b"\r\n"))) <= 75
    back = persons(data)
    for one, found in zip(people, back, strict=True):
        assert found.get("name") == {one["name"]}
        assert found.get("alias", set()) == {alias for alias in one["alias"] if alias != one["name"]}
        assert found.get("phone", set()) == set(one["phone"])
        for prop in ("email", "notes", "address"):
            assert found.get(prop, set()) == set(one[prop])
        assert found.get("birthDate", set()) == ({one["day"]} if one["day"] else set())
        assert set(found) <= {"name", "alias", "phone", "email", "notes", "address", "birthDate"}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_another_library_reads_the_same(people: list[dict]) -> None:
    found = list(vobject.readComponents(cards(people).decode()))
    assert [card.fn.value for card in found] == [one["name"] for one in people]
    assert [{tel.value for tel in card.contents.get("tel", [])} for card in found] == [
        set(one["phone"]) for one in people
    ]
    assert [{one.value for one in card.contents["x-mark"]} for card in found] == [{ABOUT.mark}] * len(people)


@pytest.mark.slow
def test_parts_of_names_and_addresses() -> None:
    card = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Winter;Ada;Maria;Dr.;\r\nFN:Dr. Ada Winter\r\n"
        b"ADR;TYPE=HOME:;;1 Quay\\; east;Zandhaven;;1234 AB;Netherlands\r\nTEL:+31644891203\r\nEND:VCARD\r\n"
    )
    rows = evidence(read(file(card, "a.vcf")))
    made = to_vcf(rows, list_attributions(rows), ABOUT)
    assert detect(file(made, "b.vcf")).reader == "contact-cards"
    assert b"N:Winter;Ada;Maria;Dr.;" in made and b"ADR:;;1 Quay\\; east;Zandhaven;;1234 AB;nl" in made
    again = evidence(read(file(made, "b.vcf", "1")))
    for prop in ("city", "street", "postalCode", "country", "firstName", "lastName", "name", "phone"):
        assert set(again.loc[again["prop"] == prop, "value"]) == set(rows.loc[rows["prop"] == prop, "value"])


def test_a_text_that_would_begin_another_card_stays_in_its_line() -> None:
    payloads = [*PAYLOADS, "x\nEND:VCARD\nBEGIN:VCARD\nFN:Mallory", "x\r\nTEL:+31644891202", "a;b,c\\d", "\\n", "\\"]
    texts = [text for text in payloads if clean_text(text) and "\ud800" not in text]
    rows = evidence(
        [MADE.build_claim("Person", f"person-{number:024x}", "name", text) for number, text in enumerate(texts)]
    )
    data = to_vcf(rows, pd.DataFrame({"holder": [], "held": []}), ABOUT)
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VCARD") == lines.count("END:VCARD") == len(texts)
    assert not [line for line in lines if line.startswith("TEL")]
    assert {normalise_name(one["name"].copy().pop()) for one in persons(data) if "name" in one} <= {
        normalise_name(limits.cut_text(escape_unseen(text), limits.LABEL)) for text in texts
    }


def test_who_has_no_name_has_no_card() -> None:
    rows = evidence([MADE.build_claim("Person", "person-1", "birthDate", "1980")])
    assert to_vcf(rows, list_attributions(rows), ABOUT) == b""


def test_accounts_of_accounts_are_followed_once_round() -> None:
    claims = [MADE.build_claim("Person", "person-1", "name", "Ada"), MADE.build_claim("UserAccount", "a", "email", "ada@example.org"),
              MADE.build_claim("TelephoneNumber", "n", "number", "+31644891202")]  # fmt: skip
    held = pd.DataFrame({"holder": ["person-1", "a", "n"], "held": ["a", "n", "a"]})
    data = to_vcf(evidence(claims), held, ABOUT).decode()
    assert data.count("TEL:+31644891202") == data.count("EMAIL:ada@example.org") == 1
