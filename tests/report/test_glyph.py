"""What stands for a character that no font has: names of symbols, code points of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.report.missing_glyphs import is_named_symbol, replace_missing_glyphs

DRAWN = frozenset("😉🚀👍👩👨👧🏽🏴🇳🇱❤⃣中\ue123")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see you 😉", "see you [winking face]"),
        ("😉😉", "[winking face][winking face]"),
        ("👍🏽 ok", "[thumbs up sign, medium skin tone] ok"),
        ("👨\u200d👩\u200d👧", "[man + woman + girl]"),
        ("❤\ufe0f", "[heavy black heart]"),
        ("1\ufe0f\u20e3", "1[keycap]"),
        ("🇳🇱", "[flag NL]"),
        ("🇳", "[regional indicator symbol letter n]"),
        ("🏴\U000e0067\U000e0062\U000e007f", "[waving black flag]"),
        ("✓🏽", "✓[medium skin tone]"),
        ("中文", "⟨U+4E2D⟩文"),
        ("\ue123", "⟨U+E123⟩"),
    ],
)
def test_symbols_are_named_and_the_rest_are_code_points(text: str, shown: str) -> None:
    assert replace_missing_glyphs(text, DRAWN) == shown


def test_what_has_a_font_stays() -> None:
    assert replace_missing_glyphs("a 😉 中", frozenset("🚀")) == "a 😉 中"


@given(st.text(), st.sets(st.characters(min_codepoint=0x7F, exclude_categories=["Cs"]), min_size=1))
def test_nothing_absent_is_left_and_nothing_present_is_lost(text: str, absent: set[str]) -> None:
    shown = replace_missing_glyphs(text, frozenset(absent))
    assert not absent & set(shown) or absent & set("⟨⟩")
    if not any(map(is_named_symbol, absent)):
        kept = "".join(character for character in text if character not in absent)
        assert set(kept) <= set(shown)
