"""Packages: what is packed is what is opened; everything else has its name."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import World
from tests.exchange.made import COVER, LATER, PAYLOAD, opened, plain, resealed, zipped
from tests.exchange.wicked import Part, archive
from workbench.errors import IdentityError, PackageError
from workbench.exchange import bag_verdict, sealed_file, zip_contents
from workbench.exchange.archive import Limits, list_members
from workbench.exchange.file_digests import Content, compute_digests
from workbench.exchange.package import PackedFile, build_bag, write_package
from workbench.exchange.package_header import Cover
from workbench.exchange.package_inspection import inspect_package
from workbench.identity import TrustList
from workbench.model.machine.archive_safety import find_path_fault

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=15)
FILES = st.dictionaries(NAMES, st.binary(max_size=200), max_size=5).filter(
    lambda files: not find_path_fault(files, 10)[1] and not any(name.endswith("/") for name in files)
)


@pytest.fixture
def sent(world: World, tmp_path: Path) -> PackedFile:
    return write_package(PAYLOAD, COVER, world.ada, world.to, tmp_path / "outbox")


def test_what_is_packed_is_what_is_opened(world: World, sent: PackedFile) -> None:
    with inspect_package(sent.path, world.bo, world.trust) as found:
        assert found.state == "VALID"
        assert {name: found.read_content(name) for name in found.names} == PAYLOAD
        assert found.header == sent.header
        assert found.header.cover == COVER
        assert (found.sha256, found.header_sha256) == (sent.sha256, sent.header_sha256)
        assert "EXERCISE – Ada Lind, NCB Valdora (QM) signed the package on 2026-11-20" in found.reasons[0]
        assert any("revocation" in line for line in found.not_checked)
        place = found.get_path("report.html")
    assert not place.exists()
    with pytest.raises(PackageError, match="Open it again"):
        found.read_content("report.html")


def test_the_sender_opens_it_only_if_addressed(world: World, sent: PackedFile, tmp_path: Path) -> None:
    assert inspect_package(sent.path, world.ada, world.trust).state == bag_verdict.CLOSED
    both = write_package(PAYLOAD, COVER, world.ada, [*world.to, world.ada.card], tmp_path / "both.case.age")
    assert inspect_package(both.path, world.ada, world.trust).state == "VALID"


def test_the_name_comes_of_the_content(world: World, sent: PackedFile, tmp_path: Path) -> None:
    again = write_package(PAYLOAD, COVER, world.ada, world.to, tmp_path / "again")
    other = write_package({**PAYLOAD, "empty": b"x"}, COVER, world.ada, world.to, tmp_path / "again")
    assert sent.path.name == f"{sent.header.package}.case.age" == again.path.name != other.path.name
    assert again.sha256 != sent.sha256


def test_the_archive_within_is_the_same_each_time(world: World, tmp_path: Path) -> None:
    data = []
    for payload in (PAYLOAD, dict(reversed(PAYLOAD.items()))):
        made = build_bag(payload, COVER, world.ada, world.to)
        buffer = io.BytesIO()
        sealed_file.write_archive(buffer, made.files, made.sums)
        data.append(buffer.getvalue())
    assert data[0] == data[1]
    with zipfile.ZipFile(io.BytesIO(data[0])) as read:
        assert read.testzip() is None
        read.extractall(tmp_path / "bag")
    [bag] = (tmp_path / "bag").iterdir()
    for kind in ("sha256", "sha512"):
        for name in ("manifest", "tagmanifest"):
            subprocess.run([f"{kind}sum", "--strict", "--quiet", "-c", f"{name}-{kind}.txt"], cwd=bag, check=True)


def test_large_archives_are_written_with_64_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("WIDE", 1_000), ("WIDE_COUNT", 2)):
        monkeypatch.setattr(sealed_file, name, value)
        monkeypatch.setattr(zip_contents, name, value)
    files: dict[str, Content] = {"a/b": b"x" * 5_000, "a/c": b"y", "a/d": b""}
    with (tmp_path / "a.zip").open("w+b") as file:
        sealed_file.write_archive(file, files, {name: compute_digests(content) for name, content in files.items()})
        found = list_members(file)
    assert [(member.name, member.size) for member in found] == [("a/b", 5_000), ("a/c", 1), ("a/d", 0)]


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_any_files_come_back(world: World, tmp_path: Path, files: dict[str, bytes]) -> None:
    made = write_package(files, COVER, world.ada, world.to, tmp_path)
    with inspect_package(made.path, world.bo, world.trust) as found:
        assert {name: found.read_content(name) for name in found.names} == files


def test_what_was_looked_at_can_stay(world: World, sent: PackedFile, tmp_path: Path) -> None:
    with inspect_package(sent.path, world.bo, world.trust, folder=tmp_path / "kept") as found:
        pass
    assert found.read_content("report.html") == b"<h1>Harbour</h1>"
    assert os.name == "nt" or (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    found.get_path("report.html").write_bytes(b"other")
    with pytest.raises(PackageError, match="has changed since the package was checked"):
        found.read_content("report.html")
    with pytest.raises(PackageError, match="kept already contains files"):
        inspect_package(sent.path, world.bo, world.trust, folder=tmp_path / "kept")
    with pytest.raises(PackageError, match="does not contain a file 'none'"):
        found.read_content("none")


def test_a_forgotten_package_leaves_nothing(
    world: World, sent: PackedFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    found = inspect_package(sent.path, world.bo, world.trust)
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    del found
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("payload", [{"../x": b""}, {"a": b"", "A": b""}, {"nul.txt": b""}])
def test_names_that_harm_receivers_are_not_packed(world: World, tmp_path: Path, payload: dict[str, Content]) -> None:
    with pytest.raises(PackageError, match="cannot be put into a package"):
        write_package(payload, COVER, world.ada, world.to, tmp_path / "outbox")
    assert not (tmp_path / "outbox").exists()


def test_what_cannot_be_packed_leaves_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot be read"):
        write_package({"a": tmp_path / "none"}, COVER, world.ada, world.to, tmp_path / "outbox")
    with pytest.raises(IdentityError, match="there is nobody to encrypt for"):
        write_package(PAYLOAD, COVER, world.ada, [], tmp_path / "outbox")
    with pytest.raises(PackageError, match="cannot be read: one of its parts is not text of at most"):
        write_package(PAYLOAD, replace(COVER, reason="x" * 30_000), world.ada, world.to, tmp_path / "outbox")
    (tmp_path / "file").write_bytes(b"x")
    made = build_bag({"a": tmp_path / "file"}, COVER, world.ada, world.to)
    (tmp_path / "file").write_bytes(b"y")
    with pytest.raises(PackageError, match="changed while the package was being created"):
        sealed_file.seal_files(made.files, made.sums, world.to, tmp_path / "outbox/p.case.age")
    assert list((tmp_path / "outbox").iterdir()) == []


def test_an_issuer_who_is_not_trusted(world: World, sent: PackedFile) -> None:
    found = inspect_package(sent.path, world.bo, TrustList(), LATER)
    assert found.state == "VALID, ISSUER NOT TRUSTED"
    assert found.read_content("report.html") == b"<h1>Harbour</h1>"
    assert any("not on your trust list" in line for line in found.reasons)


def test_an_unknown_signer_of_the_same_name(world: World, tmp_path: Path) -> None:
    made = write_package(PAYLOAD, COVER, world.eve, world.to, tmp_path)
    found = inspect_package(made.path, world.bo, world.trust, LATER)
    assert found.state == "VALID, ISSUER NOT TRUSTED"
    assert any("No bureau on your trust list confirms it" in line for line in found.reasons)


@pytest.mark.parametrize(
    ("cover", "at", "why"),
    [
        (
            replace(COVER, valid_until="2026-12-01T00:00:00Z"),
            "2026-12-01T00:00:01Z",
            "The package was valid until 2026-12-01",
        ),
        (
            replace(COVER, created="2098-01-01T00:00:00Z"),
            "2097-12-30T00:00:00Z",
            "The package states that it was created on 2098",
        ),
        (
            replace(COVER, valid_until=""),
            "2100-01-01T00:00:00Z",
            "The card of the signer is not valid at the time of this check",
        ),
        (COVER, "2020-01-01T00:00:00Z", "The package states that it was created on 2026-11-20"),
    ],
)
def test_a_package_has_its_time(world: World, tmp_path: Path, cover: Cover, at: str, why: str) -> None:
    made = write_package(PAYLOAD, cover, world.ada, world.to, tmp_path)
    found = inspect_package(made.path, world.bo, world.trust, at)
    assert (found.state, found.header.cover, found.names) == ("EXPIRED", cover, ())
    assert any(line.startswith(why) for line in found.reasons)
    with pytest.raises(PackageError, match=r"The package is EXPIRED\. Its content was not shown"):
        found.read_content("report.html")


def test_a_clock_may_be_wrong_by_hours(world: World, tmp_path: Path) -> None:
    made = write_package(PAYLOAD, replace(COVER, created="2090-01-01T20:00:00Z"), world.ada, world.to, tmp_path)
    assert inspect_package(made.path, world.bo, world.trust, LATER).state == "VALID"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"", lambda data: data[:100], lambda data: data[:-1], lambda data: data + b"x", lambda data: data * 2,
        lambda data: b"PK" + data, lambda data: os.urandom(len(data)), lambda data: data.replace(b"X25519", b"X25518", 1),
    ],
)  # fmt: skip
def test_what_does_not_open(world: World, sent: PackedFile, damage: Callable[[bytes], bytes]) -> None:
    sent.path.write_bytes(damage(sent.path.read_bytes()))
    found = inspect_package(sent.path, world.bo, world.trust, LATER)
    assert (found.state, found.verdict.header, found.verdict.faults) == ("DAMAGED OR NOT FOR YOU", None, ())
    assert found.not_checked == ("none of the content was checked: the package did not open",)
    with pytest.raises(PackageError, match="No valid signature covers the content of the package"):
        _ = found.header


def test_what_is_sealed_to_another(world: World, sent: PackedFile) -> None:
    assert inspect_package(sent.path, world.cas, world.trust, LATER).state == "DAMAGED OR NOT FOR YOU"


def test_what_somebody_else_sealed_on(world: World, tmp_path: Path) -> None:
    path = resealed(zipped(plain(world)), [world.cas.card], tmp_path / "room")
    found = inspect_package(path, world.cas, world.trust, LATER)
    assert found.state == "DAMAGED OR NOT FOR YOU"
    assert found.reasons[0].startswith("The package is addressed to Bo Falk, NCB Nordreich, not to")
    assert found.names == ()


def test_a_missing_file_is_the_callers_mistake(world: World, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="There is no file"):
        inspect_package(tmp_path / "none.case.age", world.bo, world.trust)


@pytest.mark.parametrize("gone", [["header.sig"], ["header.json"], ["header.json", "header.sig"]])
def test_without_signature(world: World, tmp_path: Path, gone: list[str]) -> None:
    files = {name: data for name, data in plain(world).items() if name.partition("/")[2] not in gone}
    found = opened(zipped(files), world, tmp_path)
    assert (found.state, found.names) == ("UNSIGNED", ())
    assert all(name in found.reasons[0] for name in gone)


def test_nothing_at_all(world: World, tmp_path: Path) -> None:
    assert opened(zipped({}), world, tmp_path).state == "UNSIGNED"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"no archive at all", "the archive"), (archive([Part("../x")]), "../x"),
        (archive([Part("a/header.json"), Part("A/header.json")]), "A/header.json"),
        (archive([Part("a/header.json")]), "the archive"),
    ],
)  # fmt: skip
def test_what_is_sealed_and_no_package(world: World, tmp_path: Path, data: bytes, fault: str) -> None:
    found = opened(data, world, tmp_path)
    assert (found.state, found.verdict.faults) == ("TAMPERED", (fault,))


def test_what_is_larger_than_is_taken(world: World, sent: PackedFile) -> None:
    found = inspect_package(sent.path, world.bo, world.trust, LATER, limits=Limits(total=1_000))
    assert found.state == "TAMPERED" and "bytes when it is unpacked. At most 1,000 bytes" in found.reasons[0]


@pytest.mark.slow
@pytest.mark.parametrize("size", [17 * 1024**2])
@pytest.mark.parametrize("name", ["header.json", "header.sig", "manifest-sha256.txt", "bag-info.txt", "bagit.txt"])
def test_tag_files_without_end_are_not_read(world: World, tmp_path: Path, size: int, name: str) -> None:
    files = plain(world)
    path = next(path for path in files if path.endswith(f"/{name}"))
    files[path] = b"\n" * size
    found = opened(zipped(files), world, tmp_path)
    assert found.state == "TAMPERED" and name in found.verdict.faults


@contextmanager
def small_disk() -> Iterator[None]:
    """No file may grow beyond 2,000 bytes."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_says_so_and_nothing_is_left(world: World, sent: PackedFile, tmp_path: Path) -> None:
    with small_disk(), pytest.raises(PackageError, match="cannot be opened"):
        inspect_package(sent.path, world.bo, world.trust, folder=tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
    with small_disk(), pytest.raises(PackageError, match="cannot be written"):
        write_package(PAYLOAD, COVER, world.ada, world.to, tmp_path / "more")
    assert list((tmp_path / "more").iterdir()) == []
    assert inspect_package(sent.path, world.bo, world.trust).state == "VALID"
