"""Screening: who of a case may be whom in a list, with reasons for and against; quick, and nobody for a common name alone."""

from __future__ import annotations

import random

import pytest

from workbench.resolve import screening
from workbench.resolve.name_variants import Common
from workbench.resolve.screening import Candidate, Subject, screen_subjects

ADA = Subject("n1", ("ADA MARIA WINTERFELD",), ("1980-02-01",), ("nl", "pt"), ("female",), ("P4471902",))
KARIM = Subject("n2", ("KARIM AL-FASSI",), ("1988-06-21",), ("xd",))
BODY = Subject("n3", ("GREY HARBOUR FOUNDATION", "GHF"), body=True)
LIST = [ADA, KARIM, BODY]


def hits(*known: Subject) -> list[Candidate]:
    return list(screen_subjects(known, LIST))


def test_a_name_in_another_order_with_its_date_is_a_hit() -> None:
    (hit,) = hits(Subject("c1", ("Winterfeld Ada Maria",), ("1980-02-01",), ("nl",)))
    assert (hit.known, hit.listed) == ("c1", "n1")
    assert hit.reasons == ("same name: ADA MARIA WINTERFELD", "born 1980-02-01", "nationality: nl") and not hit.against


def test_names_are_known_across_scripts() -> None:
    (hit,) = hits(Subject("c1", ("كريم الفاسي",), ("1988",)))
    assert "have similar spellings in different scripts" in hit.reasons[0] and hit.reasons[1] == "born in 1988"


@pytest.mark.parametrize("written", ["SALEM ALFASI", "SALEM AL FASI", "Salem El-Fassi", "Elfasi, Salem"])
def test_an_article_may_be_joined_to_its_name(written: str) -> None:
    (hit,) = screen_subjects([Subject("c1", ("سالم الفاسي",))], [Subject("n9", (written,))])
    assert written in hit.reasons[0]


def test_what_stands_against_is_told() -> None:
    (hit,) = hits(Subject("c1", ("Ada Maria Winterfeld",), ("1971-05-05",), ("es",), ("male",)))
    assert hit.reasons == ("same name: ADA MARIA WINTERFELD",)
    assert hit.against == (
        "born 1971-05-05, but the notice states 1980-02-01",
        "nationality es, but the notice states nl, pt",
        "sex male, but the notice states female",
    )


@pytest.mark.parametrize(
    ("name", "births", "found"),
    [
        ("Ada Maria Wintersfeld", (), True),
        ("Ada Winterfeld", ("1980",), True),
        ("Ada Winterfeld", ("1981-02-01",), False),
        ("Winterfeld", ("1980-02-01",), True),
        ("Winterfeld", (), False),
        ("Ada Maria Sommerfeld", ("1980-02-01",), False),
        ("Ada Maria Winterfeld", ("1980-01-02",), True),
        ("Somebody Else", ("1980-02-01",), False),
    ],
)
def test_a_weak_reason_needs_a_date(name: str, births: tuple[str, ...], found: bool) -> None:
    assert bool(hits(Subject("c1", (name,), births))) is found


def test_a_number_of_a_document_is_a_hit_without_a_name() -> None:
    (hit,) = hits(Subject("c1", ("Anna Winter",), numbers=("P 4471902",)))
    assert hit.reasons == ("same number: p4471902",)


def test_bodies_are_compared_with_bodies() -> None:
    assert [hit.listed for hit in hits(Subject("c1", ("Grey Harbour Foundation",), body=True))] == ["n3"]
    assert hits(Subject("c1", ("Grey Harbour Foundation",))) == []


def test_the_order_of_the_list_changes_nothing() -> None:
    people = [Subject(f"c{n}", one.names, one.births, body=one.body) for n, one in enumerate(LIST)]
    dice = random.Random(1)
    for _ in range(5):
        listed = dice.sample(LIST, len(LIST))
        assert list(screen_subjects(people, listed)) == hits(*people)


def test_two_thousand_common_names_are_few_comparisons() -> None:
    listed = [Subject(f"n{n}", (f"MOHAMED {n} ALI",), (f"19{n % 90 + 10}-01-01",)) for n in range(2_000)]
    assert len(list(screen_subjects([Subject("c1", ("Mohamed Salem",), ("1950-01-01",))], listed))) <= 60


def test_who_has_very_many_hits_is_told_and_the_nearest_are_given() -> None:
    listed = [Subject(f"n{n}", ("ANNA BERGAA",), (f"19{n % 90 + 10}-01-01",)) for n in range(2_000)]
    known = [Subject(f"c{n}", ("Anna Bergaa",), (f"19{n % 90 + 10}-01-01",)) for n in range(40)]
    common: list[Common] = []
    found = list(screen_subjects(known, [*listed, Subject("n", ("Anna Bergaa",), numbers=("P 4471902",))], common))
    assert len(found) == 40 * screening.HITS and [one.value for one in common] == ["Anna Bergaa"] * 40
    assert all(one.count == 2_001 for one in common)
    assert not found[0].against and "born 1910-01-01" in found[0].reasons


def test_what_is_compared_grows_with_persons_not_with_their_product(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    monkeypatch.setattr(screening, "_compare_subjects", lambda one, other: compared.append(1))
    listed = [Subject(f"n{n}", ("ANNA BERGAA",), ("1980-01-01",)) for n in range(2_000)]
    list(screen_subjects([Subject(f"c{n}", ("Anna Bergaa",)) for n in range(40)], listed))
    assert len(compared) == 40 * screening.COMPARED


def test_a_number_is_found_among_very_many_of_one_name() -> None:
    listed = [Subject(f"n{n}", ("ANNA BERGAA",), numbers=(f"P{n}",)) for n in range(6_000)]
    hits = list(screen_subjects([Subject("c1", ("Anna Bergaa",), numbers=("P5999",))], listed))
    assert hits[0].listed == "n5999" and len(hits) == screening.HITS
