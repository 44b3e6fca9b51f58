"""Names in Latin letters beside the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import within
from workbench.model.text.bidi import is_right_to_left, isolate_name
from workbench.model.text.transliteration import add_transliteration, normalise_typed, transliterate_name


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("محمد بن سلمان", "Muhammad bin Salman"),
        ("عَبْدُ الرَّحْمٰن العتيبي", "Abd al-Rahman al-Atibi"),  # codespell:ignore abd
        ("أبو خالد", "Abu Khalid"),
        ("كريم الفاسي", "Karim al-Fasi"),
        ("Олег Баринов", "Oleg Barinov"),
        ("习近平", "Xi Jin Ping"),
        ("Юлия Щукина", "Yuliya Shchukina"),
        ("ООО «Нью-Йорк»", "OOO «Nyu-York»"),
        ("Володимир Ґудзь", "Volodimir Gudz"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ("Παύλος Ευτυχίδης, Μαΐου", "Pavlos Eftychidis, Maiou"),
        ("בנימין", "Bnymyn"),
        ("محمد uses +971 55", "Muhammad uses +971 55"),
        ("José Núñez", ""),
        ("ʿAbd al-Raḥmān", ""),  # codespell:ignore abd
        ("Calle Mayor 5, 3º, 2 µm", ""),  # codespell:ignore calle
        ("12", ""),
        ("", ""),
    ],
)
def test_names_are_written_so_that_they_can_be_read(name: str, latin: str) -> None:
    assert transliterate_name(name) == latin


@given(st.text(max_size=60))
def test_any_text_gives_latin_letters_or_nothing(name: str) -> None:
    made = transliterate_name(name)
    assert all(c.isascii() or not c.isalpha() for c in made)


@given(st.text(max_size=60))
def test_isolates_change_nothing_but_the_direction(text: str) -> None:
    assert isolate_name(text) in (text, f"\u2068{text}\u2069")
    assert not is_right_to_left(isolate_name("Ada"))


def test_a_name_in_a_sentence_keeps_its_direction_and_says_how_it_reads() -> None:
    assert add_transliteration("محمد بن سلمان") == "\u2068محمد بن سلمان\u2069 (Muhammad bin Salman)"
    assert add_transliteration("Олег Баринов") == "Олег Баринов (Oleg Barinov)"
    assert add_transliteration("José Núñez") == "José Núñez"
    assert (is_right_to_left("12 محمد Ada"), is_right_to_left("Ada محمد"), is_right_to_left("12")) == (
        True,
        False,
        False,
    )


def test_what_is_typed_is_compared_without_its_signs() -> None:
    assert normalise_typed("Karim Al Fasi") == normalise_typed(transliterate_name("كريم الفاسي"))


def test_names_in_latin_letters_cost_nothing() -> None:
    names = [f"Person {number}" for number in range(90_000)] + [f"Núñez {number}" for number in range(10_000)]
    assert not any(map(transliterate_name, names))
    within(1, lambda: list(map(transliterate_name, names)))
