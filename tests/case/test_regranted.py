"""What was hidden from an officer stays out of what that officer still holds, whatever is granted to anybody meanwhile, in any thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from workbench.case.case import Case
from workbench.errors import CaseError

RESTRICTED = "EXERCISE RESTRICTED"
NAME = "Zyrkovian"
SECRET = f"12/03/2026, 10:11 - Orla {NAME}: pay the crew\n12/03/2026, 10:12 - Pera Lund: ok\n12/03/2026, 10:13 - Orla {NAME}: boat 8\n"
OPEN = "BEGIN:VCARD\nVERSION:3.0\nFN:Pera Lund\nTEL:+447700900178\nEND:VCARD\n"


@pytest.fixture
def pair(opened: Callable[[str], Case], tmp_path: Path) -> tuple[Case, Case]:
    """The controller's case, and the same case as bob has it open, who was cleared for nothing."""
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "open.vcf").write_text(OPEN)
    ada = opened("ada")
    ada.add(tmp_path / "secret.txt")
    ada.add(tmp_path / "open.vcf")
    return ada, opened("bob")


def grant_another(ada: Case) -> None:
    ada.access.grant("cyd", RESTRICTED, because="vetted")


def lower(ada: Case) -> None:
    ada.access.grant("bob", "EXERCISE", because="moved")


def hide_by_level(ada: Case) -> None:
    ada.handling.mark("secret.txt", level=RESTRICTED, because="x")


def save(drawn: Any, path: Path) -> str:
    """What is written, '' where it is refused."""
    try:
        drawn.save(str(path))
    except CaseError:
        return ""
    return path.read_text(errors="replace")


DRAWN: dict[str, Callable[[Case], Any]] = {
    "chart": lambda case: case.chart(case.graph()),
    "workspace": lambda case: case.charts.workspace(case.graph()),
}


@pytest.mark.parametrize("what", DRAWN)
@pytest.mark.parametrize("regrant", [grant_another, lower])
def test_a_chart_that_is_open_loses_what_was_hidden_whoever_is_granted_something(
    pair: tuple[Case, Case], tmp_path: Path, what: str, regrant: Callable[[Case], None]
) -> None:
    ada, bob = pair
    drawn = DRAWN[what](bob)
    assert NAME in save(drawn, tmp_path / "before.html")
    hide_by_level(ada)
    regrant(ada)
    assert NAME not in str(bob.entities()["caption"].tolist())
    assert NAME not in save(drawn, tmp_path / "after.html")


def test_a_grant_between_two_marks_lets_a_chart_keep_nothing(pair: tuple[Case, Case], tmp_path: Path) -> None:
    ada, bob = pair
    drawn = bob.chart(bob.graph())
    grant_another(ada)
    bob.entities()
    hide_by_level(ada)
    grant_another(ada)
    assert NAME not in save(drawn, tmp_path / "after.html")


def test_another_thread_saves_nothing_that_was_hidden_meanwhile(pair: tuple[Case, Case], tmp_path: Path) -> None:
    """As a click on a widget comes in a thread of its own, which has looked at nothing before."""
    ada, bob = pair
    drawn = bob.chart(bob.graph())
    hide_by_level(ada)
    with ThreadPoolExecutor(1) as clicks:
        assert NAME not in clicks.submit(save, drawn, tmp_path / "after.html").result()


@pytest.mark.parametrize("regrant", [grant_another, lower])
def test_a_table_that_is_held_is_not_exported(
    pair: tuple[Case, Case], tmp_path: Path, regrant: Callable[[Case], None]
) -> None:
    ada, bob = pair
    held = bob.entities()
    hide_by_level(ada)
    regrant(ada)
    with pytest.raises(CaseError, match="out of date"):
        bob.export(tmp_path / "held.csv", held)


def test_a_chart_of_open_material_stays_as_it_was(pair: tuple[Case, Case], tmp_path: Path) -> None:
    ada, bob = pair
    drawn = bob.chart(bob.graph())
    before = save(drawn, tmp_path / "before.html")
    grant_another(ada)
    after = save(drawn, tmp_path / "after.html")
    assert NAME in before and NAME in after


@pytest.mark.parametrize("way", ["erased", "hidden"])
@pytest.mark.parametrize("name", ["", "Around Orla"])
def test_the_title_of_a_chart_goes_where_it_may_name_what_went(
    pair: tuple[Case, Case], tmp_path: Path, way: str, name: str
) -> None:
    ada, bob = pair
    drawn = bob.chart(bob.graph(), name=name, title=f"Around Orla {NAME}")
    assert NAME in save(drawn, tmp_path / "before.html")
    if way == "erased":
        ada.privacy.erase(f"Orla {NAME}", because="request 9", sure=True)
    else:
        hide_by_level(ada)
    assert NAME not in save(drawn, tmp_path / "after.html")
