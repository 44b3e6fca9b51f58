"""Files that were read in several ways and out of which words were erased: whichever reading counts later, the other texts are there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.matrices import first_quick
from workbench.case.case import Case
from workbench.errors import CaseError

NAME, KEPT = "Bartolo Quexwright", "The van was white"
ROWS = [
    {"Name": "Dora Finch", "Phone": "07700900111", "Remark": f"friend of {NAME}"},
    {"Name": "Ed Bowes", "Phone": "07700900112", "Remark": KEPT},
    {"Name": "", "Phone": "", "Remark": f"{NAME} alone"},
]
LETTER = (
    "From: Dora <dora@x.example>\nTo: ed@x.example\nDate: Fri, 1 Mar 2024 09:00:00 +0000\nMessage-ID: <{number}@x.example>\n"
    "Subject: hi\n\n{text}\n"
)
LINES = [f"01/03/2024, 09:0{at} - Dora: {text}" for at, text in enumerate((f"met {NAME} at the quay", KEPT, "ok"))]


def write_workbook(path: Path) -> None:
    pd.DataFrame(ROWS).to_excel(path, index=False)


FORMS: dict[str, tuple[str, Callable[[Path], object], dict[str, str]]] = {
    "csv": ("calls.csv", lambda path: pd.DataFrame(ROWS).to_csv(path, index=False), {"region": "GB"}),
    "mail": (
        "m.eml",
        lambda path: path.write_text(LETTER.format(number=1, text=f"met {NAME}. {KEPT}.")),
        {"region": "GB"},
    ),
    "chat": (
        "WhatsApp Chat with Dora.txt",
        lambda path: path.write_text("\n".join(LINES) + "\n"),
        {"dates": "month first"},
    ),
    "json": ("calls.json", lambda path: path.write_text(json.dumps(ROWS)), {"region": "GB"}),
    "mbox": (
        "box.mbox",
        lambda path: path.write_text(
            "".join(
                f"From a@x Mon Mar  2 10:00:00 2026\n{LETTER.format(number=n, text=text)}\n"
                for n, text in enumerate((NAME, KEPT))
            )
        ),
        {"region": "GB"},
    ),
    "text": ("memo.txt", lambda path: path.write_text(f"{NAME} lives at the quay.\n\n{KEPT}.\n"), {"region": "GB"}),
    "xlsx": ("calls.xlsx", write_workbook, {"region": "GB"}),
}
BACK: dict[str, Callable[[Case, str], object]] = {
    "restore": lambda case, name: (
        case.sources.withdraw(name, because="x"),
        case.sources.restore(name, because="y"),
    ),
    "remap": lambda case, name: case.sources.remap(name, because="as before"),
}


@pytest.fixture
def case(opened: Callable[..., Case]) -> Case:
    return opened()


def texts(case: Case) -> dict[str, str]:
    """Texts of the passages that count."""
    return dict(zip(case.context.passages["passage_id"], case.context.passages["text"], strict=True))


def name_person(case: Case) -> None:
    case.evidence.add(
        "Person", source=case.context.passages["passage_id"].iloc[0], because="said", name=NAME
    )  # so that it can be named


@pytest.mark.slow
@pytest.mark.parametrize(("form", "back"), first_quick(6, FORMS, BACK))
def test_an_erasure_takes_what_was_erased_whichever_reading_counts_later(
    case: Case, tmp_path: Path, form: str, back: str
) -> None:
    name, write, options = FORMS[form]
    write(tmp_path / name)
    case.add(tmp_path / name)
    name_person(case)
    case.sources.remap(name, because="read otherwise", **options)
    kept = next(key for key, text in texts(case).items() if KEPT in text)
    case.review.note("the van matters", passages=[kept])
    case.privacy.erase(NAME, because="request 1", sure=True)
    before = texts(case)
    assert KEPT in before[kept] and "Quexwright" not in str(before)
    called = str(case.sources.list()["name"].item())
    if (form, back) == ("xlsx", "remap"):
        with pytest.raises(CaseError, match=r"was not restored. An erasure has changed the file"):
            BACK[back](case, called)
    else:
        BACK[back](case, called)
    after = texts(case)
    assert KEPT in after[kept] and before.keys() == after.keys() and "Quexwright" not in str(after)
    assert all(after.values()) and not case.search('"van"').empty and case.sources.list()["state"].item() == "read"
    assert "bad" not in set(case.log.verify()["state"]) and set(case.storage.check()["state"]) == {"well"}


def leave_out(case: Case, name: str) -> None:
    table = case.sources.mapping(name)
    table.loc[table["column"] == "Remark", ["entity", "prop", "role"]] = ["", "", "left out"]
    case.sources.remap(name, table, because="not needed")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_column_is_left_out_and_comes_back_after_an_erasure(case: Case, tmp_path: Path, form: str) -> None:
    name, write, _ = FORMS[form]
    write(tmp_path / name)
    case.add(tmp_path / name)
    name_person(case)
    whole = texts(case)
    leave_out(case, name)
    case.privacy.erase(NAME, because="request 1", sure=True)
    case.sources.remap(name, because="as before")
    again = texts(case)
    assert list(again.values()) == [text.replace(NAME, "[erased]") for text in whole.values()]
    assert again.keys() == whole.keys()
    leave_out(case, name)
    assert not any(word in str(texts(case)) for word in ("Remark", KEPT, "alone")) and "Dora" in str(texts(case))


def test_a_column_is_not_readable_where_an_erasure_has_kept_the_text_alone(case: Case, tmp_path: Path) -> None:
    name, write, _ = FORMS["xlsx"]
    write(tmp_path / name)
    case.add(tmp_path / name)
    name_person(case)
    table = case.sources.mapping(name)
    table.loc[table["column"] == "Remark", ["entity", "prop", "role"]] = ["", "", "left out"]
    case.sources.remap(name, table, because="not needed")
    less = texts(case)
    case.privacy.erase(NAME, because="request 1", sure=True)
    called = str(case.sources.list()["name"].item())
    BACK["restore"](case, called)
    assert texts(case) == less and KEPT not in str(less)


def test_rows_that_went_move_no_text_to_another_row(case: Case, tmp_path: Path) -> None:
    name, write, options = FORMS["chat"]
    write(tmp_path / name)
    case.add(tmp_path / name)
    case.sources.remap(name, because="read otherwise", **options)
    found = case.documents()
    case.privacy.erase(str(found["document_id"].iloc[0]), because="request 1", sure=True)
    before = texts(case)
    for back in BACK.values():
        back(case, name)
        assert texts(case) == before and [*before.values()] == [KEPT, "ok"]
