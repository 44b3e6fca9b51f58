"""What was erased comes back in no file that holds it and by no way in: containers x ways."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path

import pytest

from tests.case.desk import test_erased_messages as traffic
from tests.case.everywhere import Needles, texts
from tests.case.packages.conftest import Side, packed
from tests.scale import select_first
from workbench.case.case import Case, open_case
from workbench.case.storage.backup import restore
from workbench.errors import CaseError

pytestmark = pytest.mark.slow
FILES: dict[str, bytes] = {
    "note.txt": b"The marzipan crates travel under tarpaulin to Halven on Monday.\n",
    "register.csv": b"name,phone,note\nZora Melnik,+447700900123,marzipan crates travel under tarpaulin to Halven\n",
    "calls.csv": b"caller,called,start,duration\n+447700900123,+447700900777,2026-03-02 09:30:00,60\n",
    "notice.json": b'[{"id": "r-1", "schema": "Person", "properties": {"name": ["Zora Melnik"], "notes": ["marzipan crates"]}}]',
}  # fmt: skip
"""Files that are erased: a text, a register, a profile of calls, a list of persons."""
PLAIN = ("note.txt",)
"""Of these, those of which the desk makes no message: a message that it makes of a table is another thing (docs/erasure.md)."""
NEEDLES = Needles(("marzipan", "Zora Melnik", "+447700900123"))


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def archive(name: str, data: bytes) -> bytes:
    return zipped({"deep.zip": zipped({name: data, "k1.txt": b"Kept one."}), "k2.txt": b"Kept two."})


def unlisted(name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive before which the entry of another one stands, which it does not list."""
    full = zipped({name: data}, method)
    return full[: full.index(b"PK\x01\x02")] + zipped({"kept.txt": b"Kept text."})


def mail(name: str, data: bytes) -> bytes:
    head = (
        "From: eve@x.example\nTo: ada@b.example\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nMessage-ID: <m@x>\nSubject: fw\n"
    )
    part = (
        f'--B\nContent-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n{base64.encodebytes(data).decode()}\n--B--\n'
    )
    kind = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nsee it.\n"
    return f"{head}{kind}{part}".encode()


CONTAINERS: dict[str, tuple[str, Callable[[str, bytes], bytes]]] = {
    "archive": ("any.zip", archive), "archive that does not list it": ("any.zip", unlisted),
    "the same, packed": ("any.zip", lambda name, data: unlisted(name, data, zipfile.ZIP_DEFLATED)),
    "mail": ("any.eml", mail), "mbox": ("any.mbox", lambda *file: b"From x Mon Mar  2 09:00:00 2026\n" + mail(*file) + b"\n"),
    "alone": ("again.bin", lambda _, data: data),
}  # fmt: skip


def add(case: Case, path: Path, ada: Side, bo: Side) -> Case:
    with suppress(CaseError):  # refused, where it is the erased file itself
        case.add(path)
    return case


def take_in(case: Case, path: Path, ada: Side, bo: Side) -> Case:
    case.desk.imports.add(path)
    return case


def take_package(case: Case, path: Path, ada: Side, bo: Side) -> Case:
    with closing(ada.case(title="Tip")) as theirs:
        theirs.add(path)
        made = packed(theirs, ada, bo)
    with bo.open(made) as opened:
        opened.add_to(case)
    return case


def read_again(case: Case, path: Path, ada: Side, bo: Side) -> Case:
    add(case, path, ada, bo)
    listed = case.sources.list()
    for source in listed.loc[listed["name"].str.fullmatch(r"any\.\w+"), "source"]:  # one name may have two contents
        case.sources.remap(source, because="read again", region="GB")
    return case


WAYS = {"add": add, "desk": take_in, "package": take_package, "remap": read_again}


def found(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if any(NEEDLES.found(text) for text in texts(path.read_bytes()))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.validation
@pytest.mark.parametrize("container", select_first(CONTAINERS, 2))
def test_an_erased_file_comes_back_in_nothing(ada: Side, bo: Side, tmp_path: Path, container: str, way: str) -> None:
    name, write = CONTAINERS[container]
    with closing(bo.case()) as case:
        for one, data in FILES.items():
            (tmp_path / one).write_bytes(data)
            case.add(tmp_path / one)
        for one in FILES:
            case.privacy.erase(one, because="request 7", sure=True)
        assert found(case.context.folder.path) == []
        back = {one: data for one, data in FILES.items() if way != "desk" or one in PLAIN}
        for number, (one, data) in enumerate(back.items()):
            (tmp_path / str(number)).mkdir()
            (path := tmp_path / str(number) / name).write_bytes(write(one, data))
            WAYS[way](case, path, ada, bo)
            assert (one, found(case.context.folder.path)) == (one, [])
        assert case.log.verify().query("state == 'bad'").empty


def test_an_erased_file_comes_back_with_no_backup(tmp_path: Path) -> None:
    with closing(open_case(tmp_path / "case", officer="ada", purpose="training")) as case:
        for one, data in FILES.items():
            (path := tmp_path / f"{one}.zip").write_bytes(archive(one, data))
            case.add(path)
        kept = case.storage.backup(tmp_path / "b.backup")
        for one in FILES:
            case.privacy.erase(f"{one}.zip", because="request 7", sure=True)
    restore(kept, tmp_path / "again")
    open_case(tmp_path / "again", officer="ada", purpose="training").close()
    assert found(tmp_path / "again") == []


@pytest.mark.parametrize("form", traffic.FORMS)
def test_an_erased_message_comes_back_in_no_file_that_is_added(tmp_path: Path, form: str) -> None:
    name, write, more = traffic.FORMS[form]
    with closing(open_case(tmp_path / "case", officer="ada", purpose="training")) as case:
        (tmp_path / name).write_bytes(write(traffic.GONE, traffic.OTHER))
        case.desk.imports.add(tmp_path / name)
        passages = case.context.passages
        row = passages[passages["text"].str.contains("Melnik")].iloc[0]
        case.privacy.erase(str(row["document_id"]), because="request 7", sure=True)
        before = traffic.passages_of(case, "K-12")
        alone = write in traffic.ALONE
        both = write(traffic.GONE) + more if alone else write(traffic.OTHER, traffic.GONE)
        (tmp_path / f"both-{name}").write_bytes(both + more)
        case.add(tmp_path / f"both-{name}")
        assert traffic.is_kept(case) == [] and not len(case.search("Melnik"))
        assert traffic.passages_of(case, "K-12") == before
        assert alone or case.context.passages["text"].str.contains("Pia Roth found a van").sum() > len(before)
        assert case.log.verify().query("state == 'bad'").empty and set(case.storage.check()["state"]) == {"well"}
