"""Names across scripts: what may be one name, and what only looks like it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.model.pseudonyms import fake_names
from workbench.resolve import script_variants
from workbench.resolve.name_variants import Name, name_reasons
from workbench.resolve.script_variants import compute_agreement, detect_script, find_pairs, is_known_name

ONE = [
    ("Karim al-Fassi", "كريم الفاسي"), ("Salem Al Harbi", "سالم الحربي"), ("Fatima Zahra Bennani", "فاطمة الزهراء بناني"),
    ("Abdul Rahman Al-Otaibi", "عبد الرحمن العتيبي"), ("Hossam Kabbani", "حسام قباني"), ("Youssef El Khoury", "يوسف الخوري"),
    ("Walid Chami", "وليد الشامي"), ("Layla Haddad", "ليلى حداد"), ("Oleg Barinov", "Олег Баринов"), ("Nikos Papadakis", "Νίκος Παπαδάκης"),
    ("Nuria Belkacem", "نورية بلقاسم"), ("Omar Qahtani", "عمر القحطاني"),
]  # fmt: skip
TWO = [
    ("Karim al-Fassi", "كريم الحربي"), ("Hassan Ali", "حسين علي"), ("Omar Said", "عمر سعد"), ("Youssef Mansour", "يوسف ناصر"),
    ("Ivan Petrov", "Петр Иванов"), ("Maria Ivanova", "Марина Иванова"), ("Fadi Nader", "شادي نادر"), ("Rashid Omar", "راشد عامر"),
    ("Samir Amin", "سمير أمير"), ("Ahmed Hassan", "محمد حسين"), ("Karim", "كريم"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(fake_names.LETTERS))
def test_invented_names_are_known_again_in_every_script(name: str) -> None:
    draw = fake_names.Draw(b"secret", "test", name)
    words = [
        word for word in (fake_names.build_root(draw, length) for length in [4, 8] * 250) if not is_known_name(word)
    ][:400]
    for latin in zip(words[::2], words[1::2], strict=True):
        other = " ".join(fake_names.convert_root(word, name, word, draw) for word in latin)
        assert compute_agreement(" ".join(latin).title(), other.title() if name in ("CYRILLIC", "GREEK") else other), (
            latin,
            other,
        )


@pytest.mark.slow
@pytest.mark.parametrize(("latin", "other"), ONE)
def test_one_name_in_two_scripts(latin: str, other: str) -> None:
    assert compute_agreement(latin, other) >= 0.8
    assert compute_agreement(other, latin) == compute_agreement(latin, other)


@pytest.mark.parametrize(("latin", "other"), TWO)
def test_two_names_that_look_alike(latin: str, other: str) -> None:
    assert compute_agreement(latin, other) == 0


def test_pairs_are_found_among_many_and_only_across_scripts() -> None:
    names = [name for pair in ONE for name in pair] + ["Karim Fassi", "Ada Brook"]
    found = {frozenset((one, other)) for one, other, _ in find_pairs(names)}
    assert {frozenset(pair) for pair in ONE} <= found
    assert all(detect_script(one) != detect_script(other) for one, other in map(tuple, found))
    assert list(find_pairs(["Karim Fassi", "Karim al-Fassi"])) == []


def test_the_reason_is_said_with_how_it_sounds() -> None:
    reasons = [text for _, _, text, _ in name_reasons([Name("Karim al-Fassi"), Name("كريم الفاسي")])]
    assert reasons == ["Karim al-Fassi and كريم الفاسي have similar spellings in different scripts (Karim al-Fasi)"]


def test_public_pairs_across_scripts(data_dir: Path) -> None:
    text = (data_dir / "benchmarks" / "name_pairs" / "pairs.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    chosen = [row for row in rows if detect_script(row["name1"]) != detect_script(row["name2"])]
    right = [(compute_agreement(row["name1"], row["name2"]) > 0) == (row["is_match"] == "true") for row in chosen]
    assert len(chosen) == 5
    assert sum(right) >= 4


@given(st.lists(st.text(max_size=24), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_a_name(names: list[str]) -> None:
    for one, other, score in find_pairs(names):
        assert one != other
        assert 0 < score <= 1


def test_the_list_of_names_is_not_loaded_for_single_words_of_another_script(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> dict[str, frozenset[str]]:
        raise AssertionError(name)

    monkeypatch.setattr(script_variants, "_list_known_forms", refuse)
    script_variants.split_name.cache_clear()
    assert list(find_pairs(["Папа", "الحارس", "Marta Oliveira", "Bob Stevedore", "Papa"])) == []
    with pytest.raises(AssertionError, match=r"Марта|Marta"):
        list(find_pairs(["Марта Оливейра", "Marta Oliveira"]))
    script_variants.split_name.cache_clear()
