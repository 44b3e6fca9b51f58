"""Marks around the messages of a file count for each of its messages and for the file; other text there is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from workbench.case.case import Case, open_case
from workbench.case.desk.imports import traffic_import
from workbench.case.files.traffic.message_transfer import NOTHING

HEADER = ["Our ref", "From", "To", "Date", "Facts"]
ROW = ["XB-2026-1", "IP XB", "IP XA", "2026-02-01", "Milo Tarn lives in Halven"]
SHEET = f"{','.join(HEADER)}\n{','.join(ROW)}\n"
LIST = [
    {
        "our_ref": "XB-2026-1",
        "from": "XB-NCB",
        "to": ["XA-NCB"],
        "type": "request",
        "facts": "Milo Tarn lives in Halven",
    }
]
FORM = "OUR REF: {}\nFROM: IP XB\nTO: IP XA\nSUBJECT: Van\n"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    yield made
    made.close()


def workbook(change: Callable[[Workbook], object]) -> bytes:
    book, held = Workbook(), BytesIO()
    for row in (HEADER, ROW):
        book["Sheet"].append(row)
    change(book)
    book.save(held)
    return held.getvalue()


def noted(book: Workbook) -> None:
    book["Sheet"]["E2"].comment = Comment("TLP:RED", "x")


def headed(book: Workbook) -> None:
    book["Sheet"].insert_rows(1)
    book["Sheet"].cell(1, 1, "TLP:RED")


def margined(book: Workbook) -> None:
    margin = book["Sheet"].oddHeader
    assert margin is not None
    margin.center.text = "TLP:RED"


def zipped(comment: bytes) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("r.csv", SHEET)
        archive.comment = comment
    return held.getvalue()


def mail(kind: str, text: str) -> str:
    head = "From: IP XB <xb@x.invalid>\nTo: IP XA <xa@x.invalid>\nSubject: Van\nMessage-ID: <1@x.invalid>\nMIME-Version: 1.0\n"
    parts = [
        "Content-Type: text/plain\n\nOur ref: XB-2026-1\n\nPlease identify Milo Tarn.\n",
        f"Content-Type: {kind}\n\n{text}\n",
    ]
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"{head}Content-Type: multipart/mixed; boundary=b\n\n{body}--b--\n"


RED: dict[str, str | bytes] = {
    "above.csv": f"TLP:RED\n{SHEET}", "beside.csv": f"Register,,\nTLP,RED,\n,,\n{SHEET}", "below.csv": f"{SHEET}TLP:RED,,,,\n",
    "above.xlsx": workbook(headed),
    "note.xlsx": workbook(noted), "name.xlsx": workbook(lambda book: book.create_sheet("TLP RED")),
    "cover.xlsx": workbook(lambda book: book.create_sheet("Cover", 0).append(["TLP:RED"])),
    "back.xlsx": workbook(lambda book: book.create_sheet("Back").append(["TLP", "RED"])),
    "margin.xlsx": workbook(margined),
    "subject.xlsx": workbook(lambda book: setattr(book.properties, "subject", "TLP:RED")),
    "member.json": json.dumps({"tlp": "RED", "messages": LIST}), "behind.json": json.dumps({"items": LIST, "head": {"x": ["TLP:RED"]}}),
    "item.json": json.dumps([*LIST, {"tlp": "RED"}]), "text.json": json.dumps(["TLP:RED", *LIST]),
    "line.jsonl": f"{json.dumps(LIST[0])}\nTLP:RED\n", "comment.zip": zipped(b"TLP:RED"),
    "above.txt": f"TLP:RED\n==========\n{FORM.format(1)}==========\n{FORM.format(2)}",
    "below.txt": f"ZCZC 1\n{FORM.format(1)}NNNN\nZCZC 2\n{FORM.format(2)}NNNN\nTLP:RED\n",
    "telex.txt": f"TLP:RED\nZCZC 1\n{FORM.format(1)}NNNN\nZCZC 2\n{FORM.format(2)}NNNN\n",
    "enriched.eml": mail("text/enriched", "<bold>TLP:RED</bold>"), "markdown.eml": mail("text/markdown", "**TLP:RED**"),
    "rich.eml": mail("text/rtf", r"{\rtf1 Hello\par TLP:RED\par}"), "calendar.eml": mail("text/calendar", "SUMMARY:TLP:RED\nTLP:RED"),
    "mbox.mbox": f"From TLP:RED\n{mail('text/plain', 'Thanks.')}",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", RED)
def test_a_mark_around_messages_counts_for_each_of_them(case: Case, tmp_path: Path, name: str) -> None:
    made = RED[name]
    (tmp_path / name).write_bytes(made if isinstance(made, bytes) else made.encode())
    planned = traffic_import.plan_import(case.context, tmp_path / name, NOTHING)
    taken = traffic_import.take_in(case.context, tmp_path / name, NOTHING)
    for table in (planned, taken):
        filed = table[table["state"].isin(["new", "filed"])]
        assert len(filed) == 1 + name.endswith(".txt") and filed["mark"].str.contains("TLP:RED").all()
    sources = case.sources.list()
    assert sources.loc[sources["name"] == name, "mark"].str.contains("TLP:RED").all()


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.csv", f"Kept by Ada\n{SHEET}", ["above the header"]), ("b.csv", f"{SHEET}end of list,,,,\n", ["row 3"]),
        ("c.json", json.dumps({"remarks": "for Ada", "messages": LIST, "count": 1}), ["remarks", "count"]),
    ],
)  # fmt: skip
def test_other_text_around_messages_is_told_by_its_place(
    case: Case, tmp_path: Path, name: str, text: str, places: list[str]
) -> None:
    (tmp_path / name).write_text(text)
    traffic_import.take_in(case.context, tmp_path / name, NOTHING)
    (told,) = case.sources.issues().query("code == 'other-words'")["message"]
    assert all(place in told for place in places) and "Ada" not in told


def test_a_word_for_a_mark_around_messages_is_told_once(case: Case, tmp_path: Path) -> None:
    (tmp_path / "SECRET r.csv").write_text(f"{SHEET}{SHEET.splitlines()[1].replace('-1', '-2')}\n")
    taken = traffic_import.take_in(case.context, tmp_path / "SECRET r.csv", NOTHING)
    assert not taken["mark"].str.contains("SECRET").any()
    assert case.sources.issues()["message"].str.contains("may carry a mark: SECRET").sum() == 1


def test_a_plain_file_has_nothing_around_its_messages(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(lambda book: None))
    (tmp_path / "b.csv").write_text(SHEET)
    (tmp_path / "c.json").write_text(json.dumps({"messages": LIST}))
    traffic_import.take_in(case.context, tmp_path, NOTHING)
    assert case.sources.issues().query("code == 'other-words'").empty
