"""Tokens: the same for the same, never for two, in the form of what they stand for; and texts in which everything else stays."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schwifty import IBAN
from stdnum import luhn

from workbench.extract.identifiers.check_digits import get_base58_version, is_bech32, is_card
from workbench.model.pseudonyms.fake_names import detect_script
from workbench.model.pseudonyms.name_matching import (
    Phrases,
    Replacement,
    list_initials,
    list_name_orders,
    list_telephone_forms,
    replace_places,
)
from workbench.model.pseudonyms.text_rewriter import (
    NAME,
    Disguise,
    FixedSpan,
    align_format,
    encode_entry,
    shift_covering_span,
)
from workbench.model.pseudonyms.tokens import Tokens, compact_text
from workbench.model.text.normalise import normalise_name

SECRET = bytes(range(32))
NAMES = st.text("abcdefghijklmnopqrstuvwxyzáéöñابتحسمабвгдαβγδ", min_size=2, max_size=12).filter(
    lambda word: len({detect_script(c) for c in word}) == 1
)
TEL = "+447700900967"


def disguise(secret: bytes = SECRET) -> Disguise:
    phrases = {
        way: encode_entry(NAME)
        for way in [*list_name_orders("Marta Oliveira"), *list_initials("Marta Oliveira"), "سالم الفاسي"]
    }
    phrases |= {way: encode_entry("telephone", TEL) for way in list_telephone_forms(TEL)}
    phrases |= {
        "a.vos@salt.example": encode_entry("email", "a.vos@salt.example"),
        "QZ-2420-A": encode_entry("shape", "QZ2420A"),
    }
    return Disguise(
        Tokens(secret), Phrases(phrases, {"Oliveira": encode_entry(NAME)}), short={("m", "oliveira"): "marta"}
    )


def test_all_ways_of_writing_a_name_become_ways_of_writing_one_token() -> None:
    made = disguise()
    first, last = made.name("Marta"), made.name("Oliveira")
    assert made.rewrite_text("Marta Oliveira") == f"{first} {last}" and first[0].isupper()
    assert made.rewrite_text("OLIVEIRA, Marta; M. Oliveira; oliveira, marta") == (
        f"{last.upper()}, {first}; {first[0]}. {last}; {last.lower()}, {first.lower()}"
    )
    assert made.rewrite_text("Oliveira's olive oil, said Bob") == f"{last}'s olive oil, said Bob"
    accented = made.name("Olivéira")
    assert accented != last and normalise_name(accented) == normalise_name(last)
    arabic = made.rewrite_text("قال وسالم الفاسي نعم")
    assert arabic.startswith("قال ") and arabic.endswith(" نعم") and "الفاسي" not in arabic and " ال" in arabic
    assert (
        detect_script(made.name("Олег")) == "CYRILLIC"
        and detect_script(made.name("Γιώργος")) == "GREEK"
        and detect_script(made.name("赵")) == "CJK"
    )


def test_numbers_keep_their_country_their_grouping_and_their_check_digits() -> None:
    made = disguise()
    token = made.number("telephone", TEL)
    assert token.startswith("+447700900") and token != TEL
    end = token[-3:]
    assert (
        made.rewrite_text("+44 (0)7700 900967, 07700900967, 0044-7700-900-967")
        == f"+44 (0)7700 900{end}, 07700900{end}, 0044-7700-900-{end}"
    )
    assert made.rewrite_text("A.VOS@SALT.EXAMPLE").isupper() and made.rewrite_text("a.vos@salt.example").endswith(
        ".example"
    )
    plate = made.rewrite_text("qz 2420 a")
    assert plate != "qz 2420 a" and [len(part) for part in plate.split()] == [2, 4, 1] and plate.islower()


@pytest.mark.parametrize(
    ("kind", "value", "holds"),
    [
        ("iban", "NL91ABNA0417164300", lambda text: IBAN(text, allow_invalid=True).is_valid and text[:2] == "NL"),
        ("iban", "GB82WEST12345698765432", lambda text: IBAN(text, allow_invalid=True).is_valid and text[:2] == "GB"),
        ("card", "4111111111111111", is_card),
        ("iccid", "8944110068283920948", lambda text: text[:5] == "89441"),
        ("imsi", "234159876543210", lambda text: text[:5] == "23415" and len(text) == 15),
        ("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", lambda text: get_base58_version(text) == 0),
        ("wallet", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", is_bech32),
        ("ip", "10.1.2.3", lambda text: text.startswith(("192.0.2.", "198.51.100.", "203.0.113."))),
        ("cell", "204-08-1234-56789", lambda text: text[:7] == "204-08-" and len(text) == 17),
        ("url", "https://salt.example/who?id=77", lambda text: text.startswith("https://") and ".example/" in text),
        ("coordinates", "51.924400, 4.477700", lambda text: len(text.split(",")) == 2 and "51.9244" not in text),
    ],
)
def test_a_token_is_valid_where_its_original_is(kind: str, value: str, holds: object) -> None:
    token = disguise().number(kind, value)
    assert token != value and holds(token)  # type: ignore[operator]


def test_the_number_of_a_handset_keeps_a_check_digit_that_holds() -> None:
    made = Disguise(
        Tokens(SECRET),
        Phrases({way: encode_entry("imei", "49015420323751") for way in ("490154203237518", "49015420323751")}),
    )
    token = made.rewrite_text("490154203237518")
    assert luhn.is_valid(token) and token[:14] == made.rewrite_text("49015420323751") and token[:14] != "49015420323751"


@pytest.mark.parametrize("number", ["+33639986464", "+12025550145", "+4915123456789", "+61491570156", "+353209123456"])
def test_numbers_of_countries_with_numbers_for_fiction_get_one_of_them(number: str) -> None:
    token = Tokens(SECRET).number("telephone", number)
    read = phonenumbers.parse(token)
    assert (
        len(token) == len(number) and read.country_code == phonenumbers.parse(number).country_code and token != number
    )


def test_numbers_for_fiction_may_run_out_and_no_two_are_the_same() -> None:
    tokens = Tokens(SECRET)
    made = [tokens.number("telephone", f"+3531{number:07d}") for number in range(300)]
    assert len(set(made)) == 300 and all(token.startswith("+353") and len(token) == 12 for token in made)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(NAMES, max_size=30), st.lists(NAMES, max_size=30))
def test_the_same_word_has_the_same_token_and_no_two_words_have_one(first: list[str], second: list[str]) -> None:
    tokens = Tokens(SECRET)
    made = {word.casefold(): tokens.replace_word(word.casefold()) for word in first}
    again = Tokens(SECRET, tokens.given)  # another copy with the same key
    made_again = {word.casefold(): again.replace_word(word.casefold()) for word in [*second, *first]}
    assert made.items() <= made_again.items()
    assert len(set(made_again.values())) == len(made_again)
    assert all(detect_script(token) == detect_script(word) for word, token in made_again.items())


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Z]{1,3}[0-9]{1,6}", fullmatch=True), unique=True, max_size=40))
def test_no_two_numbers_have_one_token_and_none_is_in_the_case(numbers: list[str]) -> None:
    tokens = Tokens(SECRET, barred={compact_text(number) for number in numbers})
    made = [tokens.number("shape", number) for number in numbers]
    assert len(set(made)) == len(numbers) and not set(made) & set(numbers)


@settings(deadline=None)
@given(st.text("abc MartaOliveira+4477009067 .,@", max_size=60))
def test_what_is_no_name_stays_where_it_was(text: str) -> None:
    made, places = disguise().replace_text(text)
    assert made == replace_places(text, places)
    rest, at = "", 0
    for place in places:
        rest, at = rest + text[at : place.start], place.end
    kept = rest + text[at:]
    assert sum(len(place.instead) for place in places) + len(kept) == len(made)


@settings(deadline=None)
@given(st.data())
def test_spans_move_with_what_stands_in_them(data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, 40), min_size=2, max_size=8)))
    text = "".join(chr(0x100 + number) for number in range(41))
    places = [
        Replacement(a, b, "x" * data.draw(st.integers(1, 5))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    made = replace_places(text, places)
    for place in places:
        start, stop = shift_covering_span(place.start, place.end, places)
        assert made[start:stop] == place.instead
    free = [at for at in range(41) if not any(place.start <= at < place.end for place in places)]
    for at in free:
        start, stop = shift_covering_span(at, at + 1, places)
        assert made[start:stop] == text[at]


def test_a_place_that_is_known_goes_before_what_is_looked_for() -> None:
    made = disguise()
    text, places = made.replace_text("Rose rose", (FixedSpan(0, 4, NAME),))
    assert text.endswith(" rose") and not text.startswith("Rose") and len(places) == 1


def test_another_secret_gives_other_tokens() -> None:
    assert disguise().rewrite_text("Marta Oliveira") != disguise(bytes(32)).rewrite_text("Marta Oliveira")
    assert align_format("QZ2420A", "XW1111B", "QZ-2420-A") == "XW-1111-B"


def test_figures_that_stand_near_each_other_are_no_number_and_a_date_is_none() -> None:
    made = Disguise(
        Tokens(SECRET),
        Phrases({"092025": encode_entry("shape", "092025"), "14092025": encode_entry("shape", "14092025")}),
    )
    assert made.rewrite_text("on 29/09/2025, 14.09.2025 and at 09:20:25") == "on 29/09/2025, 14.09.2025 and at 09:20:25"
    assert "092025" not in made.rewrite_text("card 092025") and "14092025" not in made.rewrite_text("account 1409 2025")


@pytest.mark.parametrize(
    "value", ["10453", "1234-5678", "Quay Yard", "234-10-1", "http://localhost", "1", "QM", "-", "🦊"]
)
@pytest.mark.parametrize(
    "kind",
    [
        "telephone",
        "imei",
        "imsi",
        "iccid",
        "card",
        "wallet",
        "ip",
        "email",
        "domain",
        "handle",
        "cell",
        "url",
        "message",
        "shape",
    ],
)
def test_every_value_has_a_token_whatever_its_form(kind: str, value: str) -> None:
    tokens = Tokens(b"secret")
    made = tokens.number(kind, value)
    assert made != value and tokens.number(kind, value) == made
