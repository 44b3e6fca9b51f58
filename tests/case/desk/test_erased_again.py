"""What was erased comes back with no message, mail, draft or package, and what is attached to a message is read with all that is in it."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from tests.case.desk.test_attached import mail, sealed
from tests.case.packages.conftest import Side, packed
from tests.matrices import first_quick
from workbench.case.case import Case
from workbench.case.desk.messages import attachments
from workbench.case.files import reader_process
from workbench.case.privacy import enclosed_files
from workbench.errors import CaseError
from workbench.ingest.budgets import FileBudget
from workbench.ledger.erasure import entity_footprint, tombstones

GONE = b"name,phone\nZora Melnik,+447700900123\n"
OTHER = b"The boat left Halven at noon with Pia Roth.\n"


def zipped(name: str, data: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data)
        archive.writestr(zipfile.ZipInfo("other.txt"), OTHER)
    return made.getvalue()


FORMS: dict[str, tuple[str, bytes]] = {
    "plain": ("any.csv", GONE), "in an archive": ("any.zip", zipped("guests.csv", GONE)),
    "in an archive in an archive": ("any.zip", zipped("inner.zip", zipped("guests.csv", GONE))),
}  # fmt: skip
Way = Callable[[Case, Side, Side, Path, str, bytes], object]


def receive(case: Case, ada: Side, bo: Side, folder: Path, name: str, data: bytes) -> object:
    return case.desk.receive(sealed(ada.officer, bo, folder, {name: data}), trust=bo.trust)


def take_traffic(case: Case, ada: Side, bo: Side, folder: Path, name: str, data: bytes) -> object:
    return case.desk.imports.add(mail(folder, {name: data}, mark="FOUO", tlp="TLP:GREEN"))


def take_package(case: Case, ada: Side, bo: Side, folder: Path, name: str, data: bytes) -> object:
    (folder / name).write_bytes(data)
    with closing(ada.case(title="Tip")) as theirs:
        theirs.add(folder / name)
        path = packed(theirs, ada, bo)
    with bo.open(path) as opened:
        return opened.add_to(case)


def attach_to_draft(case: Case, ada: Side, bo: Side, folder: Path, name: str, data: bytes) -> object:
    try:
        return attachments.import_file(case.context, name, "FOUO", data)
    except CaseError as error:  # it is refused
        return error


WAYS: dict[str, Way] = {
    "a message": receive, "a mail": take_traffic, "a package": take_package, "a draft": attach_to_draft,
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "guests.csv").write_bytes(GONE)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(("way", "form"), first_quick(3, WAYS, FORMS))
def test_an_erased_file_does_not_come_back(ada: Side, bo: Side, place: Path, way: str, form: str) -> None:
    with closing(bo.case()) as case:
        case.add(place / "guests.csv")
        case.privacy.erase("guests.csv", because="request 7", sure=True)
        for number in range(2 if form == "in an archive" else 1):
            WAYS[way](case, ada, bo, place / "in", *FORMS[form])
            assert sha256(GONE).hexdigest() not in set(case.sources.list()["source"])
            assert not case.entities()["caption"].str.contains("Melnik").any() and not len(case.search("Melnik"))
            assert number or len(case.search("Halven")) == (form != "plain")
            assert case.log.verify().query("state == 'bad'").empty
    signs = (b"Zora Melnik", base64.b64encode(GONE)[:30])
    kept = (path for path in bo.folder.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in signs))
    assert [path.name for path in kept] == []


INSIDE = {
    "archive": ("any.zip", zipped("inner.zip", zipped("guests.csv", GONE))),
    "mail": (
        "any.eml",
        b"From: a@x.example\nTo: b@x.example\nSubject: s\nDate: Mon, 2 Mar 2026 09:30:00 +0100\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nhello Halven\n--B\n"
        b"Content-Type: text/csv; name=g.csv\n"
        b"Content-Disposition: attachment; filename=g.csv\n\n" + GONE + b"--B--\n",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a message", "a mail"])
@pytest.mark.parametrize("form", INSIDE)
def test_files_within_what_is_attached_are_read(ada: Side, bo: Side, place: Path, way: str, form: str) -> None:
    with closing(bo.case()) as case:
        WAYS[way](case, ada, bo, place / "in", *INSIDE[form])
        assert set(case.sources.list()["state"]) == {"read"}
        assert case.search("Melnik")["text"].str.contains("Melnik").any()
        assert case.search("Halven")["text"].str.contains("Halven").any()


@pytest.mark.slow
def test_what_was_erased_is_listed_once_for_all_files_within_a_file(
    ada: Side, bo: Side, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, looked = BytesIO(), list[object]()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("guests.csv", GONE)
        for number in range(30):
            archive.writestr(f"{number}.txt", f"Note {number}.")
    found = tombstones.list_marks
    with closing(bo.case()) as case:
        case.add(place / "guests.csv")
        case.privacy.erase("guests.csv", because="request 7", sure=True)
        monkeypatch.setattr(tombstones, "list_marks", lambda *asked: looked.append(asked) or found(*asked))
        key = case.context.folder.store_source(BytesIO(made.getvalue()))
        file = reader_process.build_source_file(case.context, key, "any.zip")
        is_erased = tombstones.build_recogniser(case.context.ledger, "source")
        assert is_erased is not None
        inner = enclosed_files._find_erased_files(file, FileBudget(len(made.getvalue()), {}), is_erased, 1)
        assert [one.data for one in inner] == [GONE] and len(looked) == 1


def test_sources_within_others_are_found_however_deep(ada: Side, bo: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        receive(case, ada, bo, place / "in", *INSIDE["archive"])
        listed = case.sources.list().set_index("name")["source"]
        key = next(key for name, key in listed.items() if name.endswith("any.zip"))
        within = {key for name, key in listed.items() if "any.zip/" in name}
        assert entity_footprint.list_sources_within(case.context.ledger, [key]) == within and len(within) == 3
