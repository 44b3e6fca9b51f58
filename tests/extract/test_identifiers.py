"""Identifiers: laws of the claims, doubtful ones, overlaps, and time that grows with the text and no faster."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from workbench import extract
from workbench.extract.identifiers.identifiers import find_identifiers
from workbench.model import schema
from workbench.model.rows import Claim, Passage

IDENTIFIERS = extract.load_methods()["identifiers"]
PIECES = st.sampled_from(
    "+31 6 12345678|NL91ABNA0417164300|NL91 ABNA 0417 1643 00|call|IMEI 490154203237518|4111 1111 1111 1111|a@b.org|1.2.3.4|"
    "https://x.org/a.|21 July|€ 5,000|passport X1234567|bc1q|0x5290|::|52.1234,4.5678|plate 12-ABC-3|😀|\n|é|0031|("
    .split("|")
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=12).map("".join)
)


def read(text: str, method: extract.Method = IDENTIFIERS) -> list[Claim]:
    return list(method.extract([Passage("p", "d", 0, text)]))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_claim_marks_what_it_says(text: str) -> None:
    ends = 0
    for claim in read(text):
        assert text[claim.start : claim.end] == (claim.original_value or claim.value)
        assert claim.start >= ends, "claims are in order and do not overlap"
        assert (claim.kind, claim.document_id, claim.passage_id, claim.method) == ("suggested", "d", "p", "identifiers")
        assert 0 < claim.confidence <= 1
        ends = claim.end


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gives_the_same_claims(text: str) -> None:
    assert read(text) == read(text)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_doubtful_and_claimed_places_are_apart(text: str) -> None:
    places = [(found.start, found.end) for found in find_identifiers(text)]
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(places))


def test_every_kind_has_a_place_in_the_vocabulary() -> None:
    for kind in extract.KINDS.values():
        schema.check_schema(kind.schema, kind.prop)


def test_a_number_is_one_entity_however_it_is_written() -> None:
    spellings = ["+31 6 12345678", "0031612345678", "(+31) 6-1234-5678", "31612345678@s.whatsapp.net"]
    assert len({read(text)[0].entity_id for text in spellings}) == 1
    assert {read(text)[0].value for text in spellings} == {"+31612345678"}


def test_a_national_number_needs_a_region_or_words() -> None:
    assert not read("see 0612345678 there")
    assert read("call 0612345678")[0].value == "0612345678"
    dutch = extract.build_identifier_method("NL")
    assert read("see 0612345678 there", dutch)[0].value == "+31612345678"
    assert dutch.version != IDENTIFIERS.version


def test_the_longest_reading_wins() -> None:
    assert [c.schema for c in read("DE89 3704 0044 0532 0130 00")] == ["BankAccount"]
    assert [c.prop for c in read("https://example.org/+31612345678/2022-07-08")] == ["name"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("transfer to NL40 ABNA 665599774 of the shop", "has 18 characters, but this one has 17"),
        ("IBAN DE89 3704 0044 0532 0130 01", "check digits"),
        ("IMEI 490154203237519", "check digit of this IMEI"),
        ("card 4111 1111 1111 1112", "card number"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "wallet"),
    ],
)
def test_what_fails_its_check_is_an_issue_and_no_claim(text: str, says: str) -> None:
    issues = list(extract.find_issues([Passage("p", "d", 3, text)]))
    assert not [claim for claim in read(text) if claim.schema != "Mention"]
    assert [issue.code for issue in issues] == ["bad-identifier"]
    assert says in issues[0].message
    assert (issues[0].document_id, issues[0].place.split(",")[0]) == ("d", "passage 3")


def test_ordinary_text_has_no_issue() -> None:
    assert not list(
        extract.find_issues([Passage("p", "d", 0, "DE89 is a road, GB29 a room. It cost 1234567812345678.")])
    )


HOSTILE = (
    "1 ",
    "a.",
    "a@",
    "+1(",
    "NL12 ",
    "A1-",
    "1.2.",
    "0x",
    "::",
    "€1,",
    "1°",
    "www.",
    "bc1",
    "(",
    "12-",
    "a-",
    "1/",
    "may 1 ",
)


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    linear(find_identifiers, *(piece * (size // len(piece)) for size in (4_000, 40_000)), least=0.004)
