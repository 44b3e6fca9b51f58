from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import keys
from workbench.model.ident import entity_id


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
    assert keys.telephone(raw, region) == (entity_id("TelephoneNumber", value), value)


def test_a_value_is_its_own_key() -> None:
    for raw in ("+31 6 44 89 12 02", "0644891202", "112", "netcom"):
        assert keys.telephone(keys.telephone(raw).value) == keys.telephone(raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada@Example.org", "ada@example.org"), ("@Rosa_B", "rosa_b"), ("0016264673738", "+1 626 467 3738")],
)
def test_one_account(one: str, other: str) -> None:
    assert keys.account(one) == keys.account(other)


def test_accounts_that_differ() -> None:
    assert keys.account("+9991234567") != keys.account("9991234567")
    assert keys.email_account("mailto:Ada@Example.org") == keys.account("ada@example.org")
    assert keys.named_account("Mama", "phone 1") != keys.named_account("Mama", "phone 2")


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
    assert keys.account_number(identifier) == number


def test_things_are_keyed_by_what_is_printed_on_them() -> None:
    assert keys.bank_account("iban nl40 abna 0665 5997 74") == keys.bank_account("NL40ABNA0665599774")
    assert keys.vehicle("ab-12-cd").value == "AB12CD"
    assert keys.handset("490154203237518") == keys.handset("49015420323751") == keys.handset("49-015420-323751-0")
    assert keys.sim_card("8931 4404 1234 5678 901F") == keys.sim_card("8931440412345678901")
    assert keys.wallet("0xABCDEF") == keys.wallet("0xabcdef")
    assert keys.wallet("1BoatSLRHtKNngkdXEeobR76b53LETtpyT").value.startswith("1Boat")
    assert keys.passport("12 ab 345", "GB") == keys.passport("12AB345", "gb")
    assert keys.chassis("WVWZZZ") != keys.vehicle("WVWZZZ")


def test_links_are_keyed_by_their_ends_and_basis() -> None:
    assert keys.attribution("a", "b", "custodian") == keys.attribution("a", "b", "custodian")
    assert keys.attribution("a", "b", "custodian") != keys.attribution("b", "a", "custodian")
    assert keys.attribution("a", "b", "custodian") != keys.attribution("a", "b", "contact name")


@given(st.text(max_size=200), st.sampled_from([None, "NL", "US"]))
def test_no_text_breaks_a_key(text: str, region: str | None) -> None:
    for make in (keys.account, keys.bank_account, keys.vehicle, keys.handset, keys.sim, keys.wallet, keys.person):
        assert make(text) == make(text)
    assert keys.telephone(text, region).entity_id.startswith("telephonenumber-")
