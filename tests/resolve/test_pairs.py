"""Candidate pairs: reasons for and against."""

from __future__ import annotations

from itertools import combinations, product

import pandas as pd
import pytest

from workbench.model.table_schemas import EVIDENCE, PAIRS
from workbench.resolve import candidate_pairs, find_candidate_pairs, list_entities
from workbench.resolve.name_variants import MAX_BLOCK

NONE = pd.DataFrame(columns=pd.Index(["left_id", "right_id", "judgement"]))


def evidence(*rows: tuple[str, str, str, str], method: str = "chat-export") -> pd.DataFrame:
    """Evidence of claims: entity id, schema, property, value."""
    made = [
        {**dict.fromkeys(EVIDENCE, ""), "method": method, "evidence_id": f"e{number}", "statement_id": f"s{number}",
         "entity_id": key, "canonical_id": key,
         "schema": schema, "prop": prop, "value": value, "start": -1, "end": -1, "confidence": 1.0, "kind": "received", "document_id": "d"}
        for number, (key, schema, prop, value) in enumerate(rows)
    ]  # fmt: skip
    return pd.DataFrame(made, columns=pd.Index(EVIDENCE))


def offered(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = evidence(*rows)
    return find_candidate_pairs(table, list_entities(table), NONE)


def test_one_number_of_two_persons_is_a_reason() -> None:
    found = offered(
        ("p1", "Person", "name", "Ann"),
        ("p1", "Person", "phone", "+1202"),
        ("p2", "Person", "name", "Bo"),
        ("p2", "Person", "phone", "+1202"),
    )
    assert "same phone number: +1202" in found["reasons"].item() and list(found.columns) == list(PAIRS)


def test_a_namesake_with_another_birth_date_goes_down_and_says_why() -> None:
    rows = [
        ("p1", "Person", "name", "Marta Oliveira"),
        ("p2", "Person", "name", "MARTA OLIVEIRA"),
        ("p3", "Person", "name", "Marta Oliveira"),
    ]
    births = [
        ("p1", "Person", "birthDate", "1980-01-02"),
        ("p2", "Person", "birthDate", "1980-01-02"),
        ("p3", "Person", "birthDate", "1991-05-06"),
    ]
    found = offered(*rows, *births).set_index(["left_id", "right_id"])
    same, other = found.loc[("p1", "p2")], found.loc[("p1", "p3")]
    assert same["score"] > 0.85
    assert other["score"] < 0.3
    assert "AGAINST: different dates of birth, 1980-01-02 and 1991-05-06" in other["reasons"]


def test_a_company_is_not_compared_with_a_person() -> None:
    assert offered(("p", "Person", "name", "Blue Lagoon"), ("c", "Company", "name", "Blue Lagoon")).empty


def test_services_are_not_compared() -> None:
    rows = [
        ("a", "UserAccount", "phone", "+1202"),
        ("b", "UserAccount", "phone", "+1202"),
        ("a", "UserAccount", "description", "service: bot"),
    ]
    assert offered(*rows).empty


def test_who_is_a_service_is_not_for_a_file_to_say() -> None:
    rows = [("a", "UserAccount", "username", "ann"), ("a", "UserAccount", "description", "service: bot")]
    assert not list_entities(evidence(*rows, method="ftm-entities"))["service"].any()
    assert list_entities(evidence(*rows))["service"].all()


def test_readings_that_disagree_make_no_service() -> None:
    rows = [("a", "UserAccount", "username", "ann"), ("a", "UserAccount", "description", "service: bot")]
    shown = pd.concat([evidence(*rows), evidence(rows[0]).assign(run_id="another file")])
    assert not list_entities(shown)["service"].any()


def test_whose_device_was_read_is_not_for_a_file_to_say() -> None:
    rows = [
        ("u", "Attribution", "holder", "p"), ("u", "Attribution", "held", "h"), ("u", "Attribution", "basis", "custodian"),
        ("p", "Person", "name", "Ann"),
    ]  # fmt: skip
    assert set(list_entities(evidence(*rows)).loc[lambda all_: all_["custodian"], "entity_id"]) == {"p"}
    assert not list_entities(evidence(*rows, method="anx"))["custodian"].any()


def test_what_everybody_shares_says_nothing() -> None:
    rows = [(f"p{n:03}", "Person", "phone", "+1202") for n in range(80)]
    assert offered(*rows).empty


MANY = 4 * MAX_BLOCK


def _sharing(kind: str) -> list[tuple[str, str, str, str]]:
    """Claims of many things that have one value in common."""
    persons = [(f"p{number}", "Person", "name", f"Bob{number} Ox{number}") for number in range(MANY)]
    if kind == "value":
        return [*persons, *((key, "Person", "phone", "+1202") for key, *_ in persons)]
    if kind == "account":
        held = [("n", "TelephoneNumber", "number", "+1202")]
        for key, *_ in persons:
            held += [
                (f"a-{key}", "Attribution", "holder", key),
                (f"a-{key}", "Attribution", "held", "n"),
                (f"a-{key}", "Attribution", "basis", "x"),
            ]
        return [*persons, *held]
    if kind == "message":
        accounts = [(f"u{number}", "UserAccount", "username", f"u{number}") for number in range(MANY)]
        return [*accounts, *(("m", "Message", "senderAccount", key) for key, *_ in accounts)]
    called = {
        "name": ["Ann Miller"] * MANY,
        "initials": ["KL", *(f"Ka{number} Lo{number}" for number in range(MANY))],
        "part": ["Ann", *(f"Ann Ox{number}" for number in range(MANY))],
        "sound": ["".join(letters) for letters in combinations("aeiouaeiouaeiou", 4)][:MANY],
    }[kind]
    if kind == "sound":
        called = [f"T{letters}" for letters in dict.fromkeys(called)]
    return [(f"p{number}", "Person", "name", name) for number, name in enumerate(called)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["value", "account", "message", "name", "initials", "part", "sound"])
def test_what_too_many_share_is_no_hint_and_told(kind: str) -> None:
    """A register in which everybody has one number made a pair of every two: 719,400 of 1,200 rows."""
    found = offered(*_sharing(kind))
    assert len(found) <= MAX_BLOCK
    assert any(one.key == f"reason.common.{kind}" for one in found.attrs["left_out"]), found.attrs


def test_names_that_are_part_of_each_other_make_few_pairs_for_each() -> None:
    words = [f"{letter}ord" for letter in "abcdefghijkl"]
    names = [" ".join(chosen) for count in (2, 3, 4) for chosen in combinations(words, count)]
    found = offered(*((f"p{number}", "Person", "name", name) for number, name in enumerate(names)))
    assert len(found) <= MAX_BLOCK * len(names)


def test_many_names_that_are_nearly_the_same_make_no_more_pairs_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entity keeps its best pairs: those of a long register crowd out nobody else's."""
    monkeypatch.setattr(candidate_pairs, "MOST_PAIRS", 300)
    words = [" ".join(three) for three in product(["Mo", "Ali", "Ana", "Max"], repeat=3)]
    many = [(f"q{number}", "Person", "name", f"Al{number % 7} {words[number % 64]}") for number in range(4000)]
    own = [("p1", "Person", "name", "Marta Oliveira"), ("p2", "Person", "name", "Oliveira")]
    found = offered(*many, *own)
    assert len(found) <= 4002 and {"p1", "p2"} in [
        set(pair) for pair in found[["left_id", "right_id"]].itertuples(index=False, name=None)
    ]
    assert str(found.attrs["left_out"][0]).startswith("Too many possible pairs were found.")
    assert not any(str(one).startswith("Too many possible pairs") for one in offered(*own).attrs["left_out"])


def test_the_best_pairs_of_an_entity_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate_pairs, "MOST_PAIRS", 10)
    monkeypatch.setattr(candidate_pairs, "MOST_PARTNERS", 2)
    rows = [(f"p{number:02}", "Person", "name", "Ann Bo") for number in range(30)]
    rows += [("p28", "Person", "passportNumber", "X1"), ("p29", "Person", "passportNumber", "X1")]
    found = offered(*rows)
    assert found.iloc[0][["left_id", "right_id"]].tolist() == ["p28", "p29"] and len(found) <= 30
