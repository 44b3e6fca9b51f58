"""A folder in which something is wrong with a file: it is told of by its name, and everything after it is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.context import folder_walk
from workbench.errors import WorkbenchError
from workbench.visible import escape_name, unescape_name

pytestmark = pytest.mark.faults
POSIX = pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good file before and behind whatever is put into it."""
    made = tmp_path / "files"
    made.mkdir()
    (made / "a.txt").write_text("Marta met Velin at the crane.")
    (made / "z.txt").write_text("The last file is read as well.")
    return made


def states(case: Case, folder: Path) -> dict[str, str]:
    """Name -> state of a folder that is added; the good files were read whatever else is in it."""
    table = case.add(folder).set_index("name")
    assert {"a.txt", "z.txt"} <= set(case.documents()["title"])
    return {str(name): str(state) for name, state in table["state"].items() if name not in ("a.txt", "z.txt")}


@POSIX
def test_names_that_are_no_text_are_written_out_and_found_again(case: Case, folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9\xff.txt"))).write_text("A note by Marta.")
    inner = Path(os.fsdecode(os.fsencode(folder) + b"/m\xe9"))
    inner.mkdir()
    (inner / "x.txt").write_text("Another note.")
    (folder / "caf⟨0xE9⟩⟨0xFF⟩.txt").write_text("A name that only looks so.")
    found = states(case, folder)
    assert found == {
        "caf⟨0xE9⟩⟨0xFF⟩.txt": "read", "m⟨0xE9⟩/x.txt": "read", "caf⟨0u27E8⟩0xE9⟩⟨0u27E8⟩0xFF⟩.txt": "read",
    }  # fmt: skip
    assert {os.fsencode(unescape_name(name)) for name in found} == {
        b"caf\xe9\xff.txt", b"m\xe9/x.txt", "caf⟨0xE9⟩⟨0xFF⟩.txt".encode(),
    }  # fmt: skip
    assert set(found) <= set(case.sources.list()["name"])
    assert case.sources.list().to_csv()
    case.sources.withdraw("m⟨0xE9⟩/x.txt", because="test")


@POSIX
def test_one_such_file_is_added_by_itself(case: Case, folder: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt"))
    path.write_text("A note by Marta.")
    assert list(case.add(path)["name"]) == ["⟨0xFF⟩.txt"]


@POSIX
def test_a_path_that_is_too_long(case: Case, folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("m" * 100, dir_fd=here)
        inner = os.open("m" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("deep.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    table = case.add(folder)
    assert set(case.documents()["title"]) == {"a.txt", "z.txt"}
    (why,) = table.loc[table["state"] == "passed over", "why"]
    assert "longer than this computer allows" in why
    assert "mmm" in why


def test_files_that_vanish_meanwhile(case: Case, folder: Path) -> None:
    """They go from the end while the first ones are read: each has a row, and those that were there in time were read."""
    names = [f"m{number:03d}.txt" for number in range(60)]
    for name in names:
        (folder / name).write_text(f"note {name}")
    done = threading.Event()

    def remove() -> None:
        while not done.is_set() and not any((folder.parent / "case" / "sources").iterdir()):
            done.wait(0.005)
        for name in reversed(names[30:]):
            (folder / name).unlink()

    remover = threading.Thread(target=remove)
    remover.start()
    found = states(case, folder)
    done.set()
    remover.join()
    assert set(found) == set(names)
    assert {found[name] for name in names[:5]} == {"read"}
    assert found[names[-1]] == "passed over"
    assert set(found.values()) == {"read", "passed over"}


WITHOUT_RIGHTS = """
import json, os, sys
import ctypes
if ctypes.CDLL(None, use_errno=True).capset(ctypes.byref((ctypes.c_uint32 * 2)(0x20080522, 0)), ctypes.byref((ctypes.c_uint32 * 6)())):
    sys.exit(77)
import workbench as wb
case = wb.open_case(sys.argv[1], officer="ada", purpose="test")
table = case.add(sys.argv[2])
told = {name: [state, why] for name, state, why in zip(table["name"], table["state"], table["why"])}
alone = {}
for name in sys.argv[3:]:
    try:
        case.add(os.path.join(sys.argv[2], name))
    except wb.WorkbenchError as error:
        alone[name] = str(error)
print(json.dumps([told, sorted(case.documents()["title"]), alone]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="takes the rights of root away as Linux has them")
def test_files_and_folders_that_may_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "closed").mkdir(parents=True)
    (folder / "inner").mkdir()
    for name in ("a.txt", "m.txt", "z.txt", "closed/x.txt", "inner/y.txt"):
        (folder / name).write_text(f"The note {name}.")
    (folder / "m.txt").chmod(0)
    (folder / "closed").chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_RIGHTS, str(tmp_path / "case"), str(folder), "m.txt", "closed"],
        env={**os.environ, "WORKBENCH_HOME": str(tmp_path / "home")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (folder / "closed").chmod(0o700)
    assert done.returncode == 0, done.stderr[-2000:]
    told, titles, alone = json.loads(done.stdout)
    assert {name: state for name, (state, _) in told.items()} == {
        "a.txt": "read", "z.txt": "read", "inner/y.txt": "read", "m.txt": "passed over", "closed": "passed over",
    }  # fmt: skip
    assert titles == ["a.txt", "inner/y.txt", "z.txt"]
    assert "You do not have permission to read 'm.txt'" in told["m.txt"][1]
    assert "The folder 'closed' cannot be opened" in told["closed"][1]
    assert "You do not have permission to read 'm.txt': Permission denied. Ask the owner" in alone["m.txt"]
    assert "closed" in alone["closed"]


def test_one_file_that_is_not_there_is_named(case: Case, folder: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"nothing\.txt does not exist"):
        case.add(folder / "nothing.txt")


@POSIX
def test_a_pipe_by_itself_is_refused_at_once(case: Case, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(WorkbenchError, match=r"pipe cannot be added\. This is a pipe or a device"):
        case.add(folder / "pipe")


@pytest.mark.parametrize("name", ["plain.txt", "a⟨0xFF⟩", "\udcff", "⟨0u0041⟩", "⟨", "a\\xff", "\udced\udca0\udc80"])
def test_no_two_names_are_written_alike(name: str) -> None:
    assert unescape_name(escape_name(name)) == name
    escape_name(name).encode()


SECRET = "The word of another place."


def put(way: str, file: Path, secret: Path) -> None:
    """Let something else take the place of a file of a folder, or of the folder that it lies in."""
    if way == "link above":
        file.parent.rename(file.parent.with_name("before"))
        file.parent.symlink_to(secret.parent)
        return
    file.unlink()
    if way == "link":
        file.symlink_to(secret)
    elif way == "folder":
        file.mkdir()
    elif way == "pipe":
        os.mkfifo(file)


@POSIX
@pytest.mark.parametrize("is_able", [True, False], ids=["by descriptor", "judged"])
@pytest.mark.parametrize("way", ["link", "link above", "folder", "pipe", "gone", "unreadable"])
def test_what_takes_the_place_of_a_file_after_the_folder_was_listed(
    case: Case, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, *, is_able: bool
) -> None:
    secret = tmp_path / "elsewhere" / "m.txt"
    secret.parent.mkdir()
    secret.write_text(SECRET)
    file = folder / "sub" / "m.txt"
    file.parent.mkdir()
    file.write_text("A note by Marta.")
    walk, opened = folder_walk.walk_folder, os.open

    def walk_then_put(path: Path) -> Iterator[folder_walk.Entry]:
        found = list(walk(path))
        put(way, file, secret) if way != "unreadable" else None
        yield from found

    def refuse(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if way == "unreadable" and Path(path).name == "m.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(folder_walk, "walk_folder", walk_then_put)
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "supports_dir_fd", {refuse} if is_able else set())
    table = case.add(folder).set_index("name")
    assert table.loc["sub/m.txt", "state"] == "passed over" and table.loc["sub/m.txt", "why"]
    assert {"a.txt", "z.txt"} <= set(case.documents()["title"])
    assert not any(SECRET in text for text in case.search("word another place")["text"])


@POSIX
def test_a_link_that_is_named_is_followed(case: Case, folder: Path, tmp_path: Path) -> None:
    link, way = tmp_path / "link.txt", tmp_path / "way"
    link.symlink_to(folder / "a.txt")
    way.symlink_to(folder)
    assert states(case, way) == {}
    link.unlink()
    (folder / "b.txt").write_text("Behind a link.")
    link.symlink_to(folder / "b.txt")
    assert list(case.add(link)["state"]) == ["read"]
