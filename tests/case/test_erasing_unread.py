"""Erasing where no reading has found the person: documents that only name her, and short numbers of things."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.case.case import Case

Opens = Callable[..., Case]
PERSON = "name,birth date,phone\nMarta Vexwright,1971-05-14,+447911123321\n"


def texts(case: Case) -> str:
    files = "".join(path.read_text("utf-8") for path in case.context.folder.sources.iterdir())
    return "\n".join(case.context.passages["text"]) + files


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("named.md", "Marta Vexwright, born DAY, lives here.\n", 0),
        ("further.md", "Marta Vexwright came.\n\nThe birthday is DAY.\n", 0),
        ("numbered.txt", "Her telephone is 07911 123321, her birthday DAY.\n", 0),
        ("rows.csv", "no,remark\n1,met Marta Vexwright born DAY\n2,somebody else born DAY\n", 1),
        ("other.md", "Somebody else, born DAY, lives here.\n", 1),
    ],
    ids=["named", "further", "numbered", "row", "other"],
)
@pytest.mark.parametrize("day", ["14 May 1971", "1971-05-14"])
def test_the_day_of_birth_goes_from_what_names_the_person_although_nothing_was_extracted(
    opened: Opens, tmp_path: Path, name: str, text: str, kept: int, day: str
) -> None:
    (tmp_path / "persons.csv").write_text(PERSON, "utf-8")
    (tmp_path / name).write_text(text.replace("DAY", day), "utf-8")
    case = opened()
    case.add(tmp_path / "persons.csv")
    case.add(tmp_path / name)
    case.privacy.erase("Marta Vexwright", because="request", sure=True)
    assert texts(case).count(day) == 2 * kept  # in the ledger and in the file


def test_a_short_plate_goes_wherever_it_is_written_so(opened: Opens, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("M-A 12 came, <M-A 12>, MA12, not AM-A 12 nor M-A 123 nor 7712.\n", "utf-8")
    (tmp_path / "far.md").write_text("MA12 came.\n", "utf-8")
    case = opened()
    case.add(tmp_path / "note.md")
    case.add(tmp_path / "far.md")
    case.evidence.add("Vehicle", source="officer's knowledge", registrationNumber="M-A 12")
    case.privacy.erase("M-A 12", because="request", sure=True)
    assert "[erased] came, <[erased]>, [erased], not AM-A 12 nor M-A 123 nor 7712." in texts(case)
    assert "MA12 came." in texts(case)
