"""Files within files: each is a source of its own and follows the file in which it came."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.ingest import budgets
from workbench.ingest.inner_files import DEEP
from workbench.model.ids import compute_sha256

NOTE = "The crate with the lamps leaves from berth nine."


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Case]:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    yield case
    case.close()


@pytest.fixture
def box(tmp_path: Path) -> Path:
    inner = packed(note__txt=NOTE.encode(), broken__bin=b"\x00\x01\x02\xff" * 50)
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "box.zip").write_bytes(packed(inner__zip=inner, list__csv=b"plate;owner\nAB-12-CD;Marta\n"))
    return folder


def test_members_are_sources_of_their_own_with_the_way_they_came(empty: Case, box: Path) -> None:
    table = empty.add(box).set_index("name")
    assert table["state"].to_dict() == {
        "box.zip": "read", "box.zip/inner.zip": "read", "box.zip/list.csv": "read",
        "box.zip/inner.zip/note.txt": "read", "box.zip/inner.zip/broken.bin": "quarantined",
    }  # fmt: skip
    sources = empty.sources.list().set_index("name")
    assert sources.loc["box.zip/inner.zip/note.txt", "within"] == "box.zip/inner.zip"
    assert sources.loc["box.zip", "within"] == ""
    for sha256 in sources["source"]:
        assert compute_sha256(empty.context.folder.get_source_path(sha256)) == sha256
    assert NOTE in set(empty.context.passages["text"])


def test_a_second_add_adds_nothing(empty: Case, box: Path) -> None:
    empty.add(box)
    before = len(empty.documents()), len(empty.evidence.list()), len(empty.sources.list())
    assert set(empty.add(box)["state"]) == {"known", "quarantined"}
    assert (len(empty.documents()), len(empty.evidence.list()), len(empty.sources.list())) == before


def test_what_is_withdrawn_takes_what_came_in_it(empty: Case, box: Path) -> None:
    empty.add(box)
    empty.sources.withdraw("box.zip", because="wrong exhibit")
    assert empty.documents().empty and set(empty.sources.list()["state"]) == {"withdrawn"}
    empty.sources.restore("box.zip", because="right after all")
    assert NOTE in set(empty.context.passages["text"])


def test_what_was_received_by_itself_too_stays(empty: Case, box: Path) -> None:
    (box / "note.txt").write_text(NOTE)
    empty.add(box)
    empty.sources.withdraw("box.zip", because="wrong exhibit")
    assert list(empty.context.passages["text"]) == [NOTE]


def test_files_within_files_are_read_to_a_depth(empty: Case, tmp_path: Path) -> None:
    data, names = b"the middle", "note.txt"
    for number in range(50):
        data, names = packed(**{names.replace(".", "__"): data}), f"{number}.zip"
    path = tmp_path / "outer.zip"
    path.write_bytes(data)
    table = empty.add(path)
    assert list(table["state"]) == ["read"] * (DEEP + 1) + ["quarantined"]
    assert "is inside more than 6 files" in table["why"].iloc[-1]


def test_a_letter_deep_in_archives_is_kept_and_its_attachment_told_of(empty: Case, tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@harbour.example", "b@harbour.example", "Papers"
    message.set_content("Enclosed.")
    message.add_attachment(NOTE.encode(), maintype="text", subtype="plain", filename="note.txt")
    data, name = message.as_bytes(), "letter__eml"
    for number in range(DEEP):
        data, name = packed(**{name: data}), f"{number}__zip"
    path = tmp_path / "outer.zip"
    path.write_bytes(data)
    table = empty.add(path)
    assert list(table["state"]) == ["read"] * (DEEP + 1) + ["quarantined"]
    assert table["name"].iloc[-1].endswith("letter.eml/note.txt") and (empty.documents()["schema"] == "Email").any()


def test_all_files_within_a_file_share_one_budget(empty: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What many files give together is bounded by the file that was handed over; what was read before counts, nothing is half read."""
    for name, value in {"WHOLE_ROWS": 100, "WHOLE_ROWS_A_BYTE": 0.0}.items():
        monkeypatch.setattr(budgets, name, value)
    lines = ["".join(["plate;owner\n", *(f"{letter}{row};Marta\n" for row in range(12))]).encode() for letter in "ABCD"]
    inner = packed(b__csv=lines[1], c__csv=lines[2], d__csv=lines[3])
    (tmp_path / "box.zip").write_bytes(packed(a__csv=lines[0], inner__zip=inner, z__csv=b"plate;owner\nZ1;Marta\n"))
    table = empty.add(tmp_path / "box.zip").set_index("name")
    stopped = "box.zip/inner.zip/b.csv"
    assert table["state"].to_dict() == {
        "box.zip": "read", "box.zip/a.csv": "read", "box.zip/inner.zip": "read", stopped: "quarantined",
    }  # fmt: skip
    assert "produced more than 100 rows" in table.loc[stopped, "why"]
    assert "stay in the case: 3." in table.loc[stopped, "why"]
    assert sorted(empty.documents()["title"]) == ["box.zip", "box.zip/a.csv", "box.zip/inner.zip"]
    before = empty.context.ledger.connection.execute("SELECT count(*) FROM passages").fetchone()
    again = empty.add(tmp_path / "box.zip")
    assert list(again["state"]) == ["known", "known", "known", "quarantined"]
    assert empty.context.ledger.connection.execute("SELECT count(*) FROM passages").fetchone() == before
    (tmp_path / "b.csv").write_bytes(lines[1])
    assert list(empty.add(tmp_path / "b.csv")["state"]) == ["read"]


@pytest.mark.parametrize("what", ["FILES", "OUTPUT", "SECONDS"])
def test_the_budget_of_the_whole_holds_files_bytes_and_time(
    empty: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    limits = {"FILES": 5, "OUTPUT": 1_500, "SECONDS": -1e9}
    monkeypatch.setattr(budgets, f"WHOLE_{what}", limits[what])
    if what != "SECONDS":
        monkeypatch.setattr(budgets, f"WHOLE_{what}_A_BYTE", 0)
    inner = packed(**{f"n{number}__txt": f"{NOTE} {number}".encode() for number in range(4)})
    (tmp_path / "box.zip").write_bytes(packed(a__zip=inner, b__txt=NOTE.encode()))
    table = empty.add(tmp_path / "box.zip")
    assert table["state"].iloc[-1] == "quarantined"
    assert len(table) < 7
    assert len(empty.documents()) < 4


def test_an_archive_that_came_before_in_the_same_file_is_not_unpacked_again(empty: Case, tmp_path: Path) -> None:
    data = NOTE.encode()
    for _ in range(DEEP):
        data = packed(**{f"{number}__{'zip' if data[:2] == b'PK' else 'txt'}": data for number in range(4)})
    (tmp_path / "box.zip").write_bytes(data)
    assert empty.add(tmp_path / "box.zip")["state"].value_counts().to_dict() == {"read": DEEP + 1, "known": 3 * DEEP}
    assert empty.add(tmp_path / "box.zip")["state"].value_counts().to_dict() == {"known": 4 * DEEP + 1}


def test_a_name_with_a_zero_byte_is_shown_whole(empty: Case, tmp_path: Path) -> None:
    (tmp_path / "box.zip").write_bytes(packed(aXb__txt=NOTE.encode()).replace(b"aXb.txt", b"a\0b.txt"))
    assert list(empty.add(tmp_path / "box.zip")["name"]) == ["box.zip", "box.zip/a\ufffdb.txt"]


def nest(levels: int, kind: str) -> bytes:
    """Letters within letters, or parts within parts, as deep as that."""
    made = "Content-Type: text/plain\n\nthe deepest letter\n"
    for number in range(levels):
        head = f"From: a{number}@x.example\nTo: b@x.example\nSubject: s{number}\nMIME-Version: 1.0\n"
        inner = f"Content-Type: message/rfc822\n\n{made}" if kind == "letters" else made
        said = f"--B{number:05d}x\nContent-Type: text/plain\n\ncover {number}\n--B{number:05d}x\n{inner}\n--B{number:05d}x--\n"
        made = f'{head}Content-Type: multipart/mixed; boundary="B{number:05d}x"\n\n{said}'
    return made.encode()


@pytest.mark.slow
@pytest.mark.parametrize("levels", [8, 60, 150, 2_000])
def test_letters_within_letters_are_read_six_deep_and_the_limit_is_told(
    empty: Case, tmp_path: Path, levels: int
) -> None:
    (tmp_path / "n.eml").write_bytes(nest(levels, "letters"))
    table = empty.add(tmp_path / "n.eml")
    assert list(table["state"]) == ["read"] * (DEEP + 1) + ["quarantined"]
    assert empty.sources.issues()["message"].str.contains(f"inside more than {DEEP} files").sum() == 1
    texts = "\n".join(empty.context.passages["text"])
    assert all(f"cover {levels - 1 - depth}" in texts for depth in range(DEEP + 1))


@pytest.mark.slow
@pytest.mark.parametrize("levels", [60, 250])
def test_parts_within_parts_are_read_or_kept_as_a_file(empty: Case, tmp_path: Path, levels: int) -> None:
    (tmp_path / "n.eml").write_bytes(nest(levels, "parts"))
    empty.add(tmp_path / "n.eml")
    assert "the deepest letter" in "\n".join(empty.context.passages["text"])
    issues = empty.sources.issues()
    is_told = len(issues) > 0 and issues["message"].str.contains("nested more than 100 deep").any()
    assert is_told == (levels > 100)
