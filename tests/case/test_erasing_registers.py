"""Rows of registers about an erased person go, whatever they tell of it; what others have in them stays without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from workbench.case.case import Case

Opens = Callable[..., Case]
PERSON, KEY = "Ottoline Vexwright", "Q48151623"
LINKS: Mapping[str, tuple[str, str]] = {
    "UnknownLink": ("subject", "object"), "Family": ("person", "relative"), "Representation": ("agent", "client"),
    "Debt": ("debtor", "creditor"), "Control": ("controller", "controlled"), "Documentation": ("document", "entity"),
}  # fmt: skip
ALONE: Mapping[str, str] = {
    "Passport": "holder", "Identification": "holder", "Sanction": "entity", "Occupancy": "holder", "Risk": "entity",
    "TaxRoll": "taxee", "Payment": "payer", "Note": "entity", "Event": "involved",
}  # fmt: skip


def row(key: str, schema: str, **props: str | list[str]) -> dict[str, object]:
    """An entity of a register."""
    values = {name: value if isinstance(value, list) else [value] for name, value in props.items()}
    return {"id": key, "schema": schema, "properties": values}


PEOPLE = [row(KEY, "Person", name=PERSON), row("ada-9", "Person", name="Ada Brook")]


def erase(opened: Opens, folder: Path, rows: list[dict[str, object]], name: str = PERSON) -> tuple[Case, str]:
    """Erase the person out of a register; the case, and all that its files and texts still say."""
    path = folder / "register.ftm.json"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    case = opened()
    case.add(path)
    case.privacy.erase(name, because="request 7", sure=True)
    sql = case.context.ledger.connection
    kept = [text for (text,) in sql.execute("SELECT text FROM passages UNION ALL SELECT value FROM statements")]
    kept += [text for (text,) in sql.execute("SELECT original_value FROM evidence")]
    return case, "\n".join([*kept, *(one.read_text("utf-8") for one in case.context.folder.sources.iterdir())])


def test_rows_of_a_register_about_the_erased_person_alone_go_whole(opened: Opens, tmp_path: Path) -> None:
    rows = [
        row(f"a{at}", schema, **{prop: KEY, "summary": "marzipan"}) for at, (schema, prop) in enumerate(ALONE.items())
    ]
    rows += [
        row(f"l{at}", schema, **{mine: KEY, other: "ada-9", "summary": "marzipan"})
        for at, (schema, (mine, other)) in enumerate(LINKS.items())
    ]
    case, left = erase(opened, tmp_path, [*PEOPLE, *rows])
    assert "marzipan" not in left and KEY not in left and "Vexwright" not in left
    assert "Ada Brook" in left and set(case.entities()["schema"]) == {"Person"}


def test_of_rows_of_a_register_that_concern_others_too_these_keep_their_part(opened: Opens, tmp_path: Path) -> None:
    rows = [
        row("p1", "Payment", payer=KEY, beneficiary="ada-9", purpose="rent of May"),
        row("s1", "Sanction", entity=[KEY, "ada-9"], reason="smuggling"),
        row("e1", "Event", involved=[KEY, "ada-9"], name="Fire at the pier"),
        row("i1", "Identification", holder="ada-9", number="XA100200"),
    ]
    case, left = erase(opened, tmp_path, [*PEOPLE, *rows])
    assert KEY not in left and "Vexwright" not in left
    assert all(word in left for word in ("rent of May", "smuggling", "Fire at the pier", "XA100200", "ada-9"))
    assert {"Payment", "Sanction", "Event", "Identification"} <= set(case.entities()["schema"])


def test_the_id_that_a_register_gives_is_struck_in_other_files(opened: Opens, tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text(f"entity_id,colour\n{KEY.lower()},red\n", "utf-8")
    case = opened()
    case.add(path)
    _, left = erase(opened, tmp_path, PEOPLE)
    assert KEY not in left.upper() and "red" in left


def test_a_notice_about_the_erased_person_goes_whole(opened: Opens, tmp_path: Path) -> None:
    charge = {"charge": "smuggled marzipan", "issuing_country_id": "FR"}
    first = {"entity_id": "2031/1", "name": "VEXWRIGHT", "forename": "OTTOLINE", "arrest_warrants": [charge]}
    other = {"entity_id": "2031/2", "name": "BROOK", "forename": "ADA", "date_of_event": "2020/01/01", "place": "Pier"}
    path = tmp_path / "notices.json"
    path.write_text(json.dumps({"total": 2, "_embedded": {"notices": [first, other]}}), "utf-8")
    case = opened()
    case.add(path)
    case.privacy.erase("OTTOLINE VEXWRIGHT", because="request 7", sure=True)
    left = "".join(one.read_text("utf-8") for one in case.context.folder.sources.iterdir())
    assert "marzipan" not in left and "2031/1" not in left and "BROOK" in left
    assert sorted(case.entities()["schema"]) == ["Event", "Person"]


@pytest.mark.parametrize("text", ["did you see vexwright today?", "vexwright-1 called", "ask ottoline"])
def test_a_name_alone_in_small_letters_is_struck(opened: Opens, tmp_path: Path, text: str) -> None:
    (tmp_path / "chat.txt").write_text(f"{text}\n\nYes, Ottoline Vexwright was here.\n", "utf-8")
    case = opened()
    case.add(tmp_path / "chat.txt")
    _, left = erase(opened, tmp_path, PEOPLE)
    assert "vexwright" not in left.lower() and "ottoline" not in left.lower()


def test_a_name_that_is_a_word_stays_a_word_in_small_letters(opened: Opens, tmp_path: Path) -> None:
    said = "A brook ran by, and may run; sobre la torre vieja"
    (tmp_path / "chat.txt").write_text(f"{said}.\n\nMay Brook Torre was here. Ask Torre.\n", "utf-8")
    case = opened()
    case.add(tmp_path / "chat.txt")
    _, left = erase(opened, tmp_path, [row("x-1", "Person", name="May Brook Torre")], "May Brook Torre")
    assert said in left and "Brook" not in left and "Torre" not in left
