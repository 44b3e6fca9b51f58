"""Words and numbers are found however they are written, and nothing else is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.pseudonyms.name_matching import (
    ERASED,
    Phrases,
    list_day_forms,
    list_handset_forms,
    list_initials,
    list_name_orders,
    list_runs,
    list_telephone_forms,
    replace_places,
    shift_span,
)
from workbench.model.text.month_names import MONTHS

SHAPELESS = "\u200b\u2068\u2060\u00ad\u200e\u061c\ufe0f"
PERSON = Phrases(
    dict.fromkeys(
        [
            *list_name_orders("Marta Oliveira"), *list_telephone_forms("+447700900967"),
            *list_handset_forms("001018175857995"), "GB63QQHB00993394889065",
            "marta@calderbay.example", "QZ-2420-A", "محمد علي", "王小明", *list_day_forms("1984-03-14"),
        ],
        ERASED,
    ),
    {"Marta": ERASED, "علي": ERASED},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("OLIVEIRA, Marta; MÁRTA  oliveira; MartaOliveira", "[erased]; [erased]; [erased]"),
        ("Mar\u200bta\nOli\u00advei\u0301ra", "[erased]"),
        ("Marta's van, the marta", "[erased]'s van, the marta"),
        ("+44 (0)7700 900967 or 0044-7700-900967, 07700900967", "[erased] or [erased], [erased]"),
        ("tel07700900967, 447700900967@s.whatsapp.net", "tel[erased], [erased]@s.whatsapp.net"),
        ("٠٧٧٠٠٩٠٠٩٦٧", "[erased]"),
        ("GB63 QQHB 0099 3394 8890 65", "[erased]"),
        ("001018-17-585799-5 and 00101817585799", "[erased] and [erased]"),
        ("qz 2420 a", "[erased]"),
        ("Marta@CalderBay.example", "[erased]"),
        ("ومحمد عليّ قال", "[erased] قال"),
        ("王小明说", "[erased]说"),
        ("on 14 March 1984 or 14/03/1984", "on [erased] or [erased]"),
        ("the 14th March, 1984 or March 14th, 1984 or 14TH OF MARCH 1984", "the [erased] or [erased] or [erased]"),
        ("14 مارس 1984 or ١٤ آذار ١٩٨٤ or 3/14/1984", "[erased] or [erased] or [erased]"),
        *((f"07700 900{sign}967 or \u206807700 900\u2069{sign}967", "[erased] or \u2068[erased]") for sign in SHAPELESS),
    ],
)  # fmt: skip
def test_every_way_of_writing_is_found(text: str, left: str) -> None:
    assert PERSON.strike(text) == left
    assert PERSON.has_match(text)


@pytest.mark.parametrize(
    "text",
    ["Oliveira", "Martha Oliveira", "07700 900968", "1447700900967", "GB63QQHB0099339488906", "", "14 March 1985"],
)  # fmt: skip
def test_what_is_only_alike_stays(text: str) -> None:
    assert PERSON.strike(text) == text
    assert not PERSON.has_match(text)


def test_every_name_of_a_month_is_known() -> None:
    for month, names in enumerate(MONTHS, 1):
        found = Phrases(dict.fromkeys(list_day_forms(f"1984-{month:02}-14"), ERASED))
        assert [name for name in names if found.strike(f"14 {name} 1984") != ERASED] == []


def test_days_with_a_time_are_written_as_days_and_ways_come_in_one_order() -> None:
    forms = set(list_day_forms("1984-03-04"))
    assert {"1984年3月4日", "1984年03月04日", "4 марта 1984", "1984-3-4"} <= forms
    assert "14 march 1984" in list_day_forms("1984-03-14T00:00:00Z") and "march 1984" in list_day_forms("1984-03")
    dates = [f"1984-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 2, 3, 11, 22)]
    assert len({len(list(list_day_forms(date))) for date in dates}) == 1


def test_signs_without_word_boundaries_are_found_wherever_they_stand_and_kept_in_order() -> None:
    found = Phrases(
        dict.fromkeys([*list_name_orders("李明"), *list_name_orders("田中 夏樹"), *list_name_orders("ສົມສັກ")], ERASED)
    )
    assert found.strike("我和李明去。夏樹田中、田中\u3000夏樹") == f"我和{ERASED}去。{ERASED}、{ERASED}"
    assert found.strike("ກັບສົມສັກມາ") == f"ກັບ{ERASED}ມາ"
    assert found.strike("明李、姓李。明天、樹夏田中") == "明李、姓李。明天、樹夏田中"


def test_the_longest_phrase_counts() -> None:
    phrases = Phrases({"Port Calder": "A", "Port Calder Boat Club": "B"}, {"Port": "C"})
    assert phrases.strike("Port Calder Boat Club at Port Calder, Port") == "B at A, C"
    assert Phrases.merge_phrases(phrases, Phrases({"Quay": "D"})).strike("Port Calder Quay") == "A D"
    assert list(list_initials("Marta Teresa Oliveira")) == ["m oliveira", "oliveira m"]


def test_a_quotation_is_struck_as_far_as_it_goes() -> None:
    text = "Tell Ben that the marzipan crates travel under tarpaulin tonight"
    quoting = Phrases({}, runs=frozenset(list_runs(text)))
    said = "He wrote:\n> the MARZIPAN crates\n> travel under tarpaulin, and more"
    assert quoting.strike(said) == "He wrote:\n> [erased], and more"
    assert quoting.strike("the marzipan crates travel") == "the marzipan crates travel"
    assert not list(list_runs("so be it or a b c d e"))


WORD = st.text(alphabet=st.characters(categories=["L", "N", "Mn", "P", "Zs"]), max_size=30)


@pytest.mark.slow
@given(WORD, WORD, st.sampled_from(["Marta Oliveira", "oliveira marta", "+44 7700 900967", "QZ2420A"]))
def test_what_is_struck_is_not_found_again(before: str, after: str, name: str) -> None:
    text = f"{before} {name} {after}"
    made = PERSON.strike(text)
    assert "liveira" not in made.lower() or "liveira" in (before + after).lower()
    assert not PERSON.has_match(made.replace(ERASED, " | "))


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_span_that_is_moved_still_holds_its_words(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    whole = f"Marta Oliveira {text} 07700900967 {text}"
    places = list(PERSON.find(whole))
    span = (len("Marta Oliveira ") + start, len("Marta Oliveira ") + end)
    there = shift_span(*span, places)
    if there is not None:
        assert replace_places(whole, places)[slice(*there)] == whole[slice(*span)]
    else:
        assert any(place.start < span[1] and place.end > span[0] for place in places)


FORM = st.sampled_from(
    ["Velin Tarsano", "Tarsano", "Velin", "V. Tarsano", "TARSANO, Velin", "velin.tarsano", "tarsano_velin", "velin-tarsano-2",
     "velin", "tarsano", "velintarsano", "velin.tarsano@x.example", "+44 7700 900967", "07700900967", "tarsano77", "@gull77"]
)  # fmt: skip
SEPARATOR = st.sampled_from([" ", ", ", " <", " (", ". ", "; ", ": ", " / ", "\n", "_", "-", ">, ", " or ", " met "])


@given(st.lists(st.tuples(FORM, SEPARATOR), min_size=2, max_size=5), st.sampled_from(["Orla ", "someone (", ""]))
def test_what_is_struck_alone_is_struck_beside_another(pieces: list[tuple[str, str]], other: str) -> None:
    name = "Velin Tarsano"
    own = {
        **dict.fromkeys([*list_name_orders(name), *list_initials(name), "gull77", "velin.tarsano@x.example"], ERASED)
    }
    one = Phrases(
        {**own, **dict.fromkeys(list_telephone_forms("+447700900967"), "[number]")},
        {"Velin": ERASED, "Tarsano": ERASED},
    )
    text, alone = other, []
    for form, separator in pieces:
        alone += [(place, len(text)) for place in one.find(form)]
        text += form + separator
    found = list(one.find(text))
    for place, start in alone:
        places = range(place.start + start, place.end + start)
        assert all(any(at in range(each.start, each.end) for each in found) for at in places if text[at].isalnum())
    assert all(before.end <= after.start for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("To: V. Tarsano <velin.tarsano@x.example>", "To: [erased]@x.example>"),
        ("Mrs Tarsano (velin_tarsano)", "Mrs [erased])"),
        ("Velin, tarsano.velin@x", "[erased]@x"),
        ("Orla Tarsano Velin", "[other] [erased]"),
    ],
)
def test_places_that_overlap_are_one(text: str, left: str) -> None:
    whole = dict.fromkeys([*list_name_orders("Velin Tarsano"), *list_initials("Velin Tarsano")], ERASED)
    assert Phrases({**whole, "Orla Tarsano": "[other]"}, {"Tarsano": ERASED}).strike(text) == left
