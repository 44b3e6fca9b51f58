"""A person who is protected stays so through every entity that an officer has judged to be the same person, in any order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.walking import flat
from workbench.case.case import Case

REGISTER = "name,birthDate\nMarta Oliveira,1980-02-01\nPim Quagga,2015-02-03\n"
LISTS = [f"name,phone\nPim Quagga,+44770090055{number}\nBob Ek,+447700900566\n" for number in (5, 7)]


def _add(case: Case, place: Path, name: str, text: str) -> None:
    (place / name).write_text(text)
    case.add(place / name)


def _list_ids(case: Case) -> list[str]:
    rows = case.context.evidence
    return list(dict.fromkeys(rows.loc[(rows["prop"] == "name") & (rows["value"] == "Pim Quagga"), "entity_id"]))


def _judge(case: Case, ids: list[str]) -> None:
    case.judgements.judge(ids, same=True, because="one child")


def _assert_hidden(case: Case, place: Path) -> None:
    assert "Pim Quagga" not in flat(case.entities()) and case.search("Pim").empty
    assert "Pim Quagga" not in flat(case.evidence.list())
    assert "Pim Quagga" not in case.export(place / "x.csv", case.entities(), to="public prosecutor").read_text("utf-8")
    assert "Bob Ek" in flat(case.entities())


@pytest.mark.slow
@pytest.mark.parametrize("register_last", [False, True])
def test_the_protection_of_a_child_follows_judgements(
    opened: Callable[[str], Case], tmp_path: Path, register_last: bool
) -> None:
    ada, bob = opened("ada"), opened("bob")
    texts = {"reg.csv": REGISTER, "a.csv": LISTS[0], "b.csv": LISTS[1]}
    ada.handling.reveal("minors", because="x")
    for name in sorted(texts, reverse=not register_last):
        _add(ada, tmp_path, name, texts[name])
    ids = _list_ids(ada)
    assert len(ids) == 3 and "Pim Quagga" in flat(bob.entities())
    _judge(ada, [ids[0], ids[1]])
    _judge(ada, [ids[1], ids[2]])
    _assert_hidden(bob, tmp_path)
    bob.handling.reveal("minors", because="x")
    assert "Pim Quagga" in flat(bob.entities())


@pytest.mark.slow
def test_whoever_judges_sees_it_hidden_at_once_and_again_where_it_is_taken_back(
    opened: Callable[[str], Case], tmp_path: Path
) -> None:
    ada, bob = opened("ada"), opened("bob")
    _add(ada, tmp_path, "a.csv", LISTS[0])
    _add(ada, tmp_path, "b.csv", LISTS[1])
    first, second = _list_ids(ada)
    ada.handling.mark(first, special=["minors"], because="a child")
    assert "Pim Quagga" in flat(ada.entities())
    bob.handling.reveal("minors", because="x")
    _judge(bob, [first, second])
    _assert_hidden(ada, tmp_path)
    bob.judgements.split(first, because="two children")
    assert "Pim Quagga" in flat(ada.entities())


def test_a_level_stays_where_it_was_said(opened: Callable[[str], Case], tmp_path: Path) -> None:
    ada, bob = opened("ada"), opened("bob")
    _add(ada, tmp_path, "a.csv", LISTS[0])
    _add(ada, tmp_path, "b.csv", LISTS[1])
    first, second = _list_ids(ada)
    ada.handling.mark(first, level="EXERCISE RESTRICTED", because="x")
    assert "Pim Quagga" in flat(bob.entities())
    assert second in set(bob.context.evidence["entity_id"])
