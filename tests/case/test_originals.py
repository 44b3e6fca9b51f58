"""A file of which a part is hidden shows that part by no verb that opens the original; one that is hidden whole is not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.walking import flat
from workbench.case.case import Case
from workbench.errors import CaseError

RESTRICTED = "EXERCISE RESTRICTED"
MEMO, TABLE = "Informant Rodolfo Quagga.txt", "quagga.csv"
MARKS: dict[str, dict[str, object]] = {"level": {"level": RESTRICTED}, "special": {"special": ["health"]}}
CHANGES: dict[str, Callable[[Case], object]] = {
    "mapping": lambda case: case.sources.mapping(TABLE),
    "remap": lambda case: case.sources.remap(TABLE, because="x"),
    "describe": lambda case: case.sources.describe(MEMO, exhibit="X/1"),
    "mark": lambda case: case.handling.mark(MEMO, tlp="green", because="x"),
    "withdraw": lambda case: case.sources.withdraw(MEMO, because="x"),
    "restore": lambda case: case.sources.restore(MEMO, because="x"),
    "attach": lambda case: _attach(case, MEMO),
}
"""Verbs that a file takes by its name."""
SHOWN: dict[str, Callable[[Case, Path], object]] = {
    "mapping of the register": lambda case, _: case.sources.mapping("reg.csv"),
    "mapping of the list": lambda case, _: case.sources.mapping("kids.csv"),
    "issues": lambda case, _: case.sources.issues(),
    "list": lambda case, _: case.sources.list(),
    "documents": lambda case, _: case.documents(),
    "describe": lambda case, _: case.sources.describe("kids.csv", exhibit="X/1"),
    "remap": lambda case, _: case.sources.remap("reg.csv", case.sources.mapping("reg.csv"), because="x"),
    "report": lambda case, place: case.report(place / "r.html", to="public prosecutor").read_text("utf-8"),
    "log": lambda case, _: case.log.entries(),
}
"""Verbs that open an original, or tell of how it was read; the ones after `remap` print the options of a reading."""
WORDS = ("Quellwasser", "Zebulon", "Kindlich", "2015-02-03", "900555")


def _attach(case: Case, name: str) -> None:
    case.desk.draft("request", to="XB-NCB", about="Bo Ek").attach(name)


def _refuses(case: Case, verb: Callable[[Case], object]) -> bool:
    try:
        verb(case)
    except CaseError:
        return True
    return False


def _write(place: Path, **texts: str) -> Path:
    place.mkdir()
    for name, text in texts.items():
        (place / name.replace("_csv", ".csv").replace("_txt", ".txt")).write_text(text, "utf-8")
    return place


@pytest.mark.slow
@pytest.mark.parametrize("how", sorted(MARKS))
def test_marks_on_every_passage_close_the_file(opened: Callable[[str], Case], tmp_path: Path, how: str) -> None:
    files = _write(
        tmp_path / "in",
        open_txt="The van waits at the quay.\n",
        quagga_csv="name,phone\nRodolfo Quagga,+447700900555\n",
    )
    (files / MEMO).write_text("Rodolfo Quagga wrote a memo about the boat.\n")
    ada = opened("ada")
    ada.add(files)
    ada.handling.mark(ada.search("memo")[["passage_id"]], because="x", **MARKS[how])  # type: ignore[arg-type]
    ada.handling.mark(ada.search("900555")[["passage_id"]], because="x", **MARKS[how])  # type: ignore[arg-type]
    bob = opened("bob")
    assert bob.sources.list()["name"].tolist() == ["open.txt"]
    assert [name for name, verb in CHANGES.items() if not _refuses(bob, verb)] == []
    assert "Quagga" not in bob.report(tmp_path / "r.html", to="public prosecutor").read_text("utf-8")
    planned = bob.sources.plan(files / TABLE).add()
    assert planned["state"].tolist() == ["known" if how == "special" else "read"]
    assert (TABLE in flat(bob.documents())) == (
        how == "level"
    )  # a copy of what is secret is the own one of the officer
    if how == "special":
        bob.handling.reveal("health", because="needed")
    else:
        ada.access.grant("bob", RESTRICTED, because="vetted")
    assert len(bob.sources.list()) == 3 and len(bob.documents()) == 3


def test_a_file_opens_again_with_what_comes_into_it(opened: Callable[[str], Case], tmp_path: Path) -> None:
    files = _write(tmp_path / "in", kids_csv="name,birthDate\nPim Kindlich,2015-02-03\n")
    case = opened("ada")
    case.add(files)
    assert case.sources.list().empty
    case.add(_write(tmp_path / "more", reg_csv="name,birthDate\nPim Kindlich,2015-02-03\nBo Ek,1970-01-01\n"))
    assert case.sources.list()["name"].tolist() == ["reg.csv"] and "Bo Ek" in flat(case.entities())


@pytest.fixture
def registers(opened: Callable[[str], Case], tmp_path: Path) -> Case:
    files = _write(
        tmp_path / "in",
        reg_csv="name,birthDate,religion\nZebulon Quagga,1981-02-03,Quellwasser\nMarta Oliveira,1980-02-01,\n",
        kids_csv="name,birthDate,phone\nPim Kindlich,2015-02-03,+447700900555\nBo Ek,1970-01-01,\nX,31-31-2015 Kindlich,\n",
    )
    case = opened("ada")
    case.add(files)
    return case


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_no_verb_shows_a_hidden_row(registers: Case, tmp_path: Path, name: str) -> None:
    if name in ("report", "log"):
        registers.sources.remap("reg.csv", registers.sources.mapping("reg.csv"), because="x")
    answer = flat(SHOWN[name](registers, tmp_path))
    assert [word for word in WORDS if word in answer] == []


@pytest.mark.slow
def test_examples_come_back_with_the_rows_but_none_of_a_special_category(registers: Case) -> None:
    registers.handling.reveal("minors", because="x")
    registers.handling.reveal("special categories", because="x")
    kids, register = (
        registers.sources.mapping(name).set_index("column")["example"] for name in ("kids.csv", "reg.csv")
    )
    assert kids["name"] == "Pim Kindlich" and register["name"] == "Zebulon Quagga" and register["religion"] == ""


def test_a_file_with_an_excluded_part_has_no_examples(opened: Callable[[str], Case], tmp_path: Path) -> None:
    case = opened("ada")
    case.add(_write(tmp_path / "in", list_csv="name,phone\nRosa Blum,+447700900555\nBo Ek,+447700900556\n"))
    assert "Rosa Blum" in flat(case.sources.mapping("list.csv"))
    case.sources.exclude(term="Rosa", ground="out of scope", because="counsel")
    assert "Rosa" not in flat(case.sources.mapping("list.csv"))


@pytest.mark.slow
def test_an_original_with_a_hidden_part_goes_with_no_message(registers: Case, opened: Callable[[str], Case]) -> None:
    with pytest.raises(CaseError, match="A part of this file is hidden"):
        _attach(registers, "kids.csv")
    registers.handling.reveal("minors", because="x")
    _attach(registers, "kids.csv")
    registers.handling.mark(registers.search("Kindlich")[["passage_id"]].head(1), level=RESTRICTED, because="x")
    with pytest.raises(CaseError, match="matches 0 sources"):
        _attach(registers, "kids.csv")
