from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import identifiers
from workbench.model.ids import build_entity_id


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
        ("1-800-FLOWERS", "US", "1-800-FLOWERS"),  # the digits in it are not its number
        ("0800 FLOWERS", None, "0800 FLOWERS"),
        ("+1 800 555 CASH", None, "+1 800 555 CASH"),
        ("+31O612345678", None, "+31o612345678"),
        ("O612345678", "NL", "o612345678"),
        ("\u202e87654321613+", None, "\\u202e87654321613+"),
        ("\u202d+31 6 44 89 12 02\u202c", None, "+31644891202"),
        ("0644891202-home", None, "0644891202"),
        ("0644891202 CASA", None, "0644891202"),
        ("112 POLICE", None, "112"),
        ("+31 20 1234567 x12", None, "+31201234567"),
        ("", None, ""),
    ],
)
def test_telephone(raw: str, region: str | None, value: str) -> None:
    assert identifiers.build_telephone_key(raw, region) == (build_entity_id("TelephoneNumber", value), value)


def test_a_value_is_its_own_key() -> None:
    for raw in ("+31 6 44 89 12 02", "0644891202", "112", "netcom", "0800 FLOWERS", "+31O612345678", "\u202e76543216"):
        assert identifiers.build_telephone_key(
            identifiers.build_telephone_key(raw).value
        ) == identifiers.build_telephone_key(raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada@Example.org", "ada@example.org"), ("@Rosa_B", "rosa_b"), ("0016264673738", "+1 626 467 3738")],
)
def test_one_account(one: str, other: str) -> None:
    assert identifiers.build_account_key(one) == identifiers.build_account_key(other)


def test_accounts_that_differ() -> None:
    assert identifiers.build_account_key("+9991234567") != identifiers.build_account_key("9991234567")
    assert identifiers.build_email_account_key("mailto:Ada@Example.org") == identifiers.build_account_key(
        "ada@example.org"
    )
    assert identifiers.build_named_account_key("Mama", "phone 1") != identifiers.build_named_account_key(
        "Mama", "phone 2"
    )


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
    assert identifiers.find_account_number(identifier) == number


def test_things_are_keyed_by_what_is_printed_on_them() -> None:
    assert identifiers.build_bank_account_key("iban nl40 abna 0665 5997 74") == identifiers.build_bank_account_key(
        "NL40ABNA0665599774"
    )
    assert identifiers.build_vehicle_key("ab-12-cd").value == "AB12CD"
    assert (
        identifiers.build_handset_key("490154203237518")
        == identifiers.build_handset_key("49015420323751")
        == identifiers.build_handset_key("49-015420-323751-0")
    )
    assert identifiers.build_sim_card_key("8931 4404 1234 5678 901F") == identifiers.build_sim_card_key(
        "8931440412345678901"
    )
    assert identifiers.build_wallet_key("0xABCDEF") == identifiers.build_wallet_key("0xabcdef")
    assert identifiers.build_wallet_key("1BoatSLRHtKNngkdXEeobR76b53LETtpyT").value.startswith("1Boat")
    assert identifiers.build_passport_key("12 ab 345", "GB") == identifiers.build_passport_key("12AB345", "gb")
    assert identifiers.build_chassis_key("WVWZZZ") != identifiers.build_vehicle_key("WVWZZZ")


def test_links_are_keyed_by_their_ends_and_basis() -> None:
    assert identifiers.build_attribution_id("a", "b", "custodian") == identifiers.build_attribution_id(
        "a", "b", "custodian"
    )
    assert identifiers.build_attribution_id("a", "b", "custodian") != identifiers.build_attribution_id(
        "b", "a", "custodian"
    )
    assert identifiers.build_attribution_id("a", "b", "custodian") != identifiers.build_attribution_id(
        "a", "b", "contact name"
    )


@given(st.text(max_size=200), st.sampled_from([None, "NL", "US"]))
def test_no_text_breaks_a_key(text: str, region: str | None) -> None:
    for make in (
        identifiers.build_account_key,
        identifiers.build_bank_account_key,
        identifiers.build_vehicle_key,
        identifiers.build_handset_key,
        identifiers.build_sim_key,
        identifiers.build_wallet_key,
        identifiers.build_person_key,
    ):
        assert make(text) == make(text)
    assert identifiers.build_telephone_key(text, region).entity_id.startswith("telephonenumber-")
