from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import PackageError
from workbench.exchange import bag
from workbench.exchange.file_digests import compute_digests
from workbench.model.machine.archive_safety import find_path_fault

PAYLOAD: dict[str, Path | bytes] = {"a.txt": b"berth nine\n", "sources/b.bin": bytes(range(256)), "empty": b""}
INFO = {"Source-Organization": "NCB Valdora", "External-Description": "Harbour case " * 12}
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda name: find_path_fault([name], 15)[1] == "" and not name.endswith("/")
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    bag.write_bag(tmp_path / "bag", PAYLOAD, INFO, {"header.json": b"{}"})
    return tmp_path / "bag"


def test_a_bag_is_complete_and_valid(made: Path) -> None:
    assert sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()) == [
        "bag-info.txt", "bagit.txt", "data/a.txt", "data/empty", "data/sources/b.bin", "header.json",
        "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    ]  # fmt: skip
    assert (made / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    info = (made / "bag-info.txt").read_text()
    assert "Payload-Oxum: 267.3\n" in info and max(map(len, info.splitlines())) <= 79
    assert info.replace("\n ", " ").splitlines()[1] == f"External-Description: {('Harbour case ' * 12).strip()}"
    assert bag.find_folder_faults(made) == ()


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
@pytest.mark.parametrize("kind", ["manifest", "tagmanifest"])
def test_the_tools_of_every_system_check_it(made: Path, algorithm: str, kind: str) -> None:
    command = [f"{algorithm}sum", "--strict", "-c", f"{kind}-{algorithm}.txt"]
    assert subprocess.run(command, cwd=made, capture_output=True, check=False).returncode == 0
    victim = made / ("data/a.txt" if kind == "manifest" else "bag-info.txt")
    victim.write_bytes(victim.read_bytes() + b"x")
    assert subprocess.run(command, cwd=made, capture_output=True, check=False).returncode == 1


def test_the_same_content_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    for name, content in PAYLOAD.items():
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else b"")
    again = {name: tmp_path / "files" / name for name in reversed(PAYLOAD)}
    bag.write_bag(tmp_path / "again", again, INFO, {"header.json": b"{}"})
    for path in made.rglob("*"):
        other = tmp_path / "again" / path.relative_to(made)
        assert path.is_dir() or path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda f: (f / "data/a.txt").write_bytes(b"berth ten\n"), ["data/a.txt: changed", "bag-info.txt: damaged"]),
        (lambda f: (f / "data/a.txt").write_bytes(b"berth nino\n"), ["data/a.txt: changed"]),
        (lambda f: (f / "data/a.txt").unlink(), ["data/a.txt: missing", "bag-info.txt: damaged"]),
        (lambda f: (f / "data/c.txt").write_bytes(b""), ["data/c.txt: added", "bag-info.txt: damaged"]),
        (lambda f: (f / "more.txt").write_bytes(b""), ["more.txt: added"]),
        (lambda f: (f / "fetch.txt").write_bytes(b""), ["fetch.txt: added"]),
        (lambda f: (f / "data/link").symlink_to("/etc/passwd"), ["data/link: added"]),
        (lambda f: (f / "bagit.txt").write_bytes(b"BagIt-Version: 0.97\n"), ["bagit.txt: changed", "bagit.txt: damaged"]),
        (lambda f: (f / "bagit.txt").unlink(), ["bagit.txt: missing"]),
        (lambda f: (f / "header.json").write_bytes(b"[]"), ["header.json: changed"]),
        (lambda f: (f / "tagmanifest-sha256.txt").unlink(), ["tagmanifest-sha256.txt: missing"]),
        (lambda f: (f / "tagmanifest-sha512.txt").write_bytes(b"\xff"), ["tagmanifest-sha512.txt: damaged"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(made: Path, change: object, faults: list[str]) -> None:
    change(made)  # type: ignore[operator]
    assert sorted(map(str, bag.find_folder_faults(made))) == sorted(faults)


@pytest.mark.parametrize(
    "text",
    [
        "{sum}  data/a.txt\n{sum}  data/a.txt\n", "{sum}  ../a.txt\n", "{sum}\n", "nonsense\n", "{sum}  bagit.txt\n",
        "{short}  data/a.txt\n", "\n\n", "{sum}  data/a.txt\n\n",
    ],
)  # fmt: skip
def test_a_manifest_that_is_none_is_named(made: Path, text: str) -> None:
    sums = compute_digests(b"berth nine\n")
    (made / "manifest-sha256.txt").write_text(text.format(sum=sums.sha256, short=sums.sha256[:-2]))
    assert {"manifest-sha256.txt: changed", "manifest-sha256.txt: damaged"} <= set(
        map(str, bag.find_folder_faults(made))
    )


def test_paths_are_encoded_as_the_rfc_says(tmp_path: Path) -> None:
    name = "50%0A of it – Hafen.txt"
    assert bag.encode_path("a%\r\nb c") == "a%25%0D%0Ab c"
    assert bag.decode_path("a%25%0d%0Ab%20c") == "a%\r\nb%20c"
    bag.write_bag(tmp_path / "bag", {name: b"x"}, {}, {})
    assert f"  data/{name.replace('%', '%25')}\n" in (tmp_path / "bag/manifest-sha256.txt").read_text("utf-8")
    assert bag.find_folder_faults(tmp_path / "bag") == ()


@given(st.text())
def test_encoding_is_undone(path: str) -> None:
    assert bag.decode_path(bag.encode_path(path)) == path
    assert not {"\r", "\n"} & set(bag.encode_path(path))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=60), max_size=4), st.data())
def test_any_bag_is_valid_and_any_changed_byte_is_found(content: dict[str, bytes], data: st.DataObject) -> None:
    if find_path_fault(content, 15)[1]:
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bag"
        bag.write_bag(folder, content, INFO, {})
        assert bag.find_folder_faults(folder) == ()
        path = data.draw(st.sampled_from(sorted(p for p in folder.rglob("*") if p.is_file())))
        before = path.read_bytes()
        after = data.draw(st.one_of(st.binary(max_size=100), st.just(before + b"\n")).filter(lambda b: b != before))
        path.write_bytes(after)
        found = {fault.name for fault in bag.find_folder_faults(folder)}
        assert path.name.startswith("tagmanifest") or path.relative_to(folder).as_posix() in found


@pytest.mark.parametrize(
    "names",
    [
        ["../a"],
        ["a", "A"],
        ["stra\u00dfe", "STRASSE"],
        ["e\u0301", "\u00e9"],
        ["a", "a/b"],
        ["con.txt"],
        ["a\nb"],
        ["a/"],
        ["a."],
    ],
)
def test_names_that_some_system_cannot_write_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(PackageError, match="cannot be put into a package"):
        bag.write_bag(tmp_path / "bag", dict.fromkeys(names, b""), {}, {})
    assert not (tmp_path / "bag").exists()


def test_a_file_that_is_gone_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot be read"):
        bag.write_bag(tmp_path / "bag", {"a": tmp_path / "none"}, {}, {})
    bag.write_bag(tmp_path / "bag", {}, {}, {})
    with pytest.raises(PackageError, match="already exists"):
        bag.write_bag(tmp_path / "bag", {}, {}, {})
