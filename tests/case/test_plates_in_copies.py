"""Plates of cars and names of messengers in a pseudonymised copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import Case, open_case

PHRASE = "correct horse battery staple"
TOLD = "The car of Ada Brook has the plate ZG 1234-AB."
UNTOLD = "He left in HH-KM 77 and came back in BG 871-KT."


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = open_case(tmp_path / "case", officer="zed", purpose="test")
    made.evidence.add("Person", source="officer's knowledge", name="Ada Brook")
    for name in ("WhatsApp", "System message"):
        made.evidence.add("Organization", source="officer's knowledge", name=name)
    (tmp_path / "n.txt").write_text(
        f"{TOLD}\n\n{UNTOLD}\n\nAda Brook wrote by WhatsApp. System message: call.\n", "utf-8"
    )
    made.add(tmp_path / "n.txt")
    return made


def copied(case: Case, place: Path, *also: str) -> tuple[str, set[str]]:
    """The text of the copy, and what is left in it."""
    made = case.subjects.pseudonymise(
        place, because="course", key=place.with_suffix(".key"), passphrase=PHRASE, also=also
    )
    copy = open_case(made.folder, officer="zed", purpose="training")
    text = " ".join(copy.context.passages["text"])
    copy.close()
    return text, set(made.left["word"])


def test_a_plate_is_replaced_whole_or_told_whole(case: Case, tmp_path: Path) -> None:
    text, left = copied(case, tmp_path / "copy")
    assert "ZG" not in text and "1234-AB" not in text
    assert "HH-KM 77" in text and {"HH-KM 77", "BG 871-KT"} <= left
    text, left = copied(case, tmp_path / "second", "HH-KM 77", "BG 871-KT")
    assert "KM 77" not in text and "871-KT" not in text and not {"HH-KM 77", "BG 871-KT"} & left
    case.close()


def test_what_is_nobodys_name_stays(case: Case, tmp_path: Path) -> None:
    text, _ = copied(case, tmp_path / "copy")
    assert "by WhatsApp. System message: call." in text and "Ada Brook" not in text
    case.close()


def test_a_plate_that_a_reading_took_for_a_name_is_a_plate(case: Case, tmp_path: Path) -> None:
    case.evidence.add("Vehicle", source="officer's knowledge", registrationNumber="AB12 CDE")
    for name in ("AB-12-CDE", "CDE"):
        case.evidence.add("Organization", source="officer's knowledge", name=name)
    (tmp_path / "cars.txt").write_text("The cars: AB12CDE, AB12 CDE, AB-12-CDE, ab12cde, ab 12 cde.\n", "utf-8")
    case.add(tmp_path / "cars.txt")
    text, _ = copied(case, tmp_path / "copy")
    plates = [one.strip() for one in text[text.index("The cars: ") + 10 :].split(".")[0].split(",")]
    made = {plate.replace(" ", "").replace("-", "").upper() for plate in plates}
    assert len(plates) == 5 and len(made) == 1, "all of them are one token"
    assert "AB12" not in made.pop()
    case.close()
