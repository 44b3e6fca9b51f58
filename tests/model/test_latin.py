"""Names in Latin letters beside the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.latin import transliterated


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("محمد بن سلمان", "Muhammad bin Salman"),
        ("عَبْدُ الرَّحْمٰن العتيبي", "Abd al-Rahman al-Atibi"),  # codespell:ignore abd
        ("أبو خالد", "Abu Khalid"),
        ("كريم الفاسي", "Karim al-Fasi"),
        ("Олег Баринов", "Oleg Barinov"),
        ("习近平", "Xi Jin Ping"),
        ("José Núñez", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_names_are_written_so_that_they_can_be_read(name: str, latin: str) -> None:
    assert transliterated(name) == latin


@given(st.text(max_size=60))
def test_any_text_gives_latin_letters_or_nothing(name: str) -> None:
    made = transliterated(name)
    assert all(c.isascii() or not c.isalpha() for c in made)
