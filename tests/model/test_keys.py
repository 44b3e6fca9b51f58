from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import identifiers
from workbench.model.ids import entity_id


@pytest.mark.parametrize(
    ("raw", "region", "value"),
    [
        ("+31 (0)6 44 89 12 02", None, "+31644891202"),
        ("\u202a+31 6 44 89 12 02\u202c", None, "+31644891202"),
        ("0031644891202", None, "+31644891202"),
        ("0644891202", "NL", "+31644891202"),
        ("0644891202", None, "0644891202"),
        ("07700 900123", "GB", "+447700900123"),  # a number kept for fiction: possible, not in use
        ("447700900123", "GB", "+447700900123"),
        ("447700900123", None, "+447700900123"),  # as call records write it
        ("4917604069017", "DE", "+4917604069017"),  # and no number of Leer, 04917…
        ("04917604069", "DE", "+494917604069"),
        ("436730144207", "AT", "+436730144207"),
        ("393055501142", "IT", "+393055501142"),
        ("999123456789", None, "999123456789"),
        ("112", "FR", "112"),
        ("8800", "NL", "8800"),
        ("+999 123 4567", None, "9991234567"),
        ("Lebara", None, "lebara"),
        ("", None, ""),
    ],
)
def test_telephone(raw: str, region: str | None, value: str) -> None:
    assert identifiers.telephone(raw, region) == (entity_id("TelephoneNumber", value), value)


def test_a_value_is_its_own_key() -> None:
    for raw in ("+31 6 44 89 12 02", "0644891202", "112", "netcom"):
        assert identifiers.telephone(identifiers.telephone(raw).value) == identifiers.telephone(raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada@Example.org", "ada@example.org"), ("@Rosa_B", "rosa_b"), ("0016264673738", "+1 626 467 3738")],
)
def test_one_account(one: str, other: str) -> None:
    assert identifiers.account(one) == identifiers.account(other)


def test_accounts_that_differ() -> None:
    assert identifiers.account("+9991234567") != identifiers.account("9991234567")
    assert identifiers.email_account("mailto:Ada@Example.org") == identifiers.account("ada@example.org")
    assert identifiers.named_account("Mama", "phone 1") != identifiers.named_account("Mama", "phone 2")


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("31647996139@s.whatsapp.net", "+31647996139"),
        ("2482466400121@s.whatsapp.net", ""),
        ("111-222@g.us", ""),
        ("+31685197340", "+31685197340"),
        ("5564586549", ""),
    ],
)
def test_number_of_an_account(identifier: str, number: str) -> None:
    assert identifiers.account_number(identifier) == number


def test_things_are_keyed_by_what_is_printed_on_them() -> None:
    assert identifiers.bank_account("iban nl40 abna 0665 5997 74") == identifiers.bank_account("NL40ABNA0665599774")
    assert identifiers.vehicle("ab-12-cd").value == "AB12CD"
    assert (
        identifiers.handset("490154203237518")
        == identifiers.handset("49015420323751")
        == identifiers.handset("49-015420-323751-0")
    )
    assert identifiers.sim_card("8931 4404 1234 5678 901F") == identifiers.sim_card("8931440412345678901")
    assert identifiers.wallet("0xABCDEF") == identifiers.wallet("0xabcdef")
    assert identifiers.wallet("1BoatSLRHtKNngkdXEeobR76b53LETtpyT").value.startswith("1Boat")
    assert identifiers.passport("12 ab 345", "GB") == identifiers.passport("12AB345", "gb")
    assert identifiers.chassis("WVWZZZ") != identifiers.vehicle("WVWZZZ")


def test_links_are_keyed_by_their_ends_and_basis() -> None:
    assert identifiers.attribution("a", "b", "custodian") == identifiers.attribution("a", "b", "custodian")
    assert identifiers.attribution("a", "b", "custodian") != identifiers.attribution("b", "a", "custodian")
    assert identifiers.attribution("a", "b", "custodian") != identifiers.attribution("a", "b", "contact name")


@given(st.text(max_size=200), st.sampled_from([None, "NL", "US"]))
def test_no_text_breaks_a_key(text: str, region: str | None) -> None:
    for make in (
        identifiers.account,
        identifiers.bank_account,
        identifiers.vehicle,
        identifiers.handset,
        identifiers.sim,
        identifiers.wallet,
        identifiers.person,
    ):
        assert make(text) == make(text)
    assert identifiers.telephone(text, region).entity_id.startswith("telephonenumber-")
