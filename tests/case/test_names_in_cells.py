"""A name in a cell that is meant for something else (a mast, a number, a code that was dialled) is erased and replaced like any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.copies import make_copy
from workbench.case.case import Case

NUMBER, NAME = "+447700900777", "Fetherstone Quillon"
SHORT_LIST, LARGE_LIST = 20, 520
HEADER = "Calling number,Called number,Start time,Duration,Cell"
CELLS = {
    "mast": ("cell", "Quillon mast"),
    "house": ("cell", f"{NAME} House"),
    "name before a number": ("caller", f"{NAME} {NUMBER}"),
    "name behind a number": ("caller", f"{NUMBER} {NAME}"),
    "own number hidden": ("called", "#31#+447700900777"),
    "own number hidden, as an address": ("called", "tel:#31#00447700900777"),
    "own number hidden, no mark behind the code": ("called", "141 07700900777"),
    "dialled from Australia": ("called", "0011 44 7700 900777"),
    "calls sent on": ("called", "**21*07700900777#"),
}


def write_calls(place: Path, count: int, column: str, text: str) -> Path:
    """A list of calls in which one cell holds the text, and two name the number."""
    rows = []
    for number in range(count):
        cells = {
            "caller": f"+4477009002{number % 90:02}",
            "called": f"+4477009003{number % 80:02}",
            "cell": f"234-10-101-{number % 9}",
        }
        if number == 7:
            cells[column] = text
        if number == 8:
            cells["caller"] = NUMBER
        moment = f"2024-03-{1 + number % 28:02}T10:{number % 60:02}:00"
        rows.append(f"{cells['caller']},{cells['called']},{moment},{number},{cells['cell']}")
    file = place / "calls.csv"
    file.write_text("\n".join([HEADER, *rows, ""]))
    (place / "people.csv").write_text(f"Surname,First name,Telephone\nQuillon,Fetherstone,{NUMBER}\n")
    return file


def list_left(folder: Path, *words: str) -> list[str]:
    """Files of a folder in which a word still stands, the cells of Parquet files read."""
    import pyarrow.parquet as pq

    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes().decode("utf-8", "ignore")
        text += str(pq.read_table(path).to_pydict()) if path.suffix == ".parquet" else ""
        found += [f"{word}: {path.name}" for word in words if word in text]
    return found


@pytest.fixture(params=[SHORT_LIST, LARGE_LIST], ids=["short list", "large list"])
def add_calls(request: pytest.FixtureRequest, opened: Callable[..., Case], tmp_path: Path) -> Callable[[str], Case]:
    """A case with the list and the owner of the number."""

    def add(kind: str) -> Case:
        file = write_calls(tmp_path, request.param, *CELLS[kind])
        case = opened()
        case.add(file, zone="Europe/London")
        case.add(tmp_path / "people.csv")
        return case

    return add


@pytest.mark.parametrize("kind", CELLS)
def test_an_erased_person_is_in_no_cell(add_calls: Callable[[str], Case], kind: str) -> None:
    case = add_calls(kind)
    case.privacy.erase(NAME, because="request 7", sure=True)
    case.close()
    assert list_left(case.context.folder.path, "Quillon", "Fetherstone", "7700900777") == []


@pytest.mark.parametrize("kind", CELLS)
def test_a_copy_without_names_has_none_in_a_cell(add_calls: Callable[[str], Case], tmp_path: Path, kind: str) -> None:
    case = add_calls(kind)
    case.extract()
    made = make_copy(case, tmp_path)
    assert list_left(made.folder, "Quillon", "Fetherstone", "7700900777") == []


def test_a_number_dialled_with_a_code_is_that_number(add_calls: Callable[[str], Case]) -> None:
    case = add_calls("own number hidden")
    assert NUMBER in set(case.calls.contacts("+447700900207").table["contact"])
