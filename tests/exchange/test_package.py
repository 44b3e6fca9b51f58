from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import World
from tests.exchange.wicked import Part, archive
from workbench.errors import IdentityError, PackageError
from workbench.exchange import contents, header, sealed, verdict
from workbench.exchange.archive import Limits, members
from workbench.exchange.header import Cover
from workbench.exchange.opening import Opened, look
from workbench.exchange.package import Packed, bagged, pack
from workbench.exchange.sums import Content, measure
from workbench.model.archives import first_wrong
from workbench.model.identity import Card, Officer, TrustList, seal_file

PAYLOAD: dict[str, Content] = {
    "report.html": b"<h1>Harbour</h1>",
    "rows/calls.parquet": os.urandom(5_000),
    "empty": b"",
}
COVER = Cover(
    "Harbour", "2026/114", "EXERCISE", ("H1", "TLP:AMBER"), ("Not to be used as evidence",), "training", "joint case",
    "2026-11-20T10:00:00Z", "2099-01-01T00:00:00Z", {"documents": 3}, {"above the reader's clearance": 2}, "caseledger/1\n",
)  # fmt: skip
AT = "2026-11-26T12:00:00Z"
LATER = "2090-01-01T00:00:00Z"
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=15)
FILES = st.dictionaries(NAMES, st.binary(max_size=200), max_size=5).filter(
    lambda files: not first_wrong(files, 10)[1] and not any(name.endswith("/") for name in files)
)


@pytest.fixture
def sent(world: World, tmp_path: Path) -> Packed:
    return pack(PAYLOAD, COVER, world.ada, world.to, tmp_path / "outbox")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive as packages are, of any files."""
    buffer = io.BytesIO()
    sealed.write(buffer, files, {name: measure(data) for name, data in files.items()})
    return buffer.getvalue()


def plain(
    world: World, cover: Cover = COVER, payload: Mapping[str, Content] = PAYLOAD, by: Officer | None = None
) -> dict[str, bytes]:
    """Files of a signed package before it is sealed."""
    made = bagged(payload, cover, by or world.ada, world.to)
    return {
        name: content if isinstance(content, bytes) else content.read_bytes() for name, content in made.files.items()
    }


def resealed(data: bytes, to: list[Card], folder: Path) -> Path:
    """Anybody can seal anything to a card."""
    folder.mkdir(exist_ok=True)
    (folder / "plain").write_bytes(data)
    seal_file(folder / "plain", folder / "p.case.age", to)
    return folder / "p.case.age"


def opened(data: bytes | Path, world: World, tmp_path: Path, at: str = LATER) -> Opened:
    path = data if isinstance(data, Path) else resealed(data, world.to, tmp_path / "room")
    return look(path, world.bo, world.trust, at)


# The way there ----------------------------------------------------------------------------------------------------------


def test_what_is_packed_is_what_is_opened(world: World, sent: Packed) -> None:
    with look(sent.path, world.bo, world.trust) as found:
        assert found.state == "VALID"
        assert {name: found.content(name) for name in found.names} == PAYLOAD
        assert found.header == sent.header
        assert found.header.cover == COVER
        assert (found.sha256, found.header_sha256) == (sent.sha256, sent.header_sha256)
        assert "EXERCISE – Ada Lind, NCB Valdora (QM) signed it on 2026-11-20" in found.said[0]
        assert any("revocation" in line for line in found.not_checked)
        place = found.file("report.html")
    assert not place.exists()
    with pytest.raises(PackageError, match="Open it again"):
        found.content("report.html")


def test_the_sender_opens_it_only_if_addressed(world: World, sent: Packed, tmp_path: Path) -> None:
    assert look(sent.path, world.ada, world.trust).state == verdict.CLOSED
    both = pack(PAYLOAD, COVER, world.ada, [*world.to, world.ada.card], tmp_path / "both.case.age")
    assert look(both.path, world.ada, world.trust).state == "VALID"


def test_the_name_comes_of_the_content(world: World, sent: Packed, tmp_path: Path) -> None:
    again = pack(PAYLOAD, COVER, world.ada, world.to, tmp_path / "again")
    other = pack({**PAYLOAD, "empty": b"x"}, COVER, world.ada, world.to, tmp_path / "again")
    assert sent.path.name == f"{sent.header.package}.case.age" == again.path.name != other.path.name
    assert again.sha256 != sent.sha256


def test_the_archive_within_is_the_same_each_time(world: World, tmp_path: Path) -> None:
    data = []
    for payload in (PAYLOAD, dict(reversed(PAYLOAD.items()))):
        made = bagged(payload, COVER, world.ada, world.to)
        buffer = io.BytesIO()
        sealed.write(buffer, made.files, made.sums)
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
        monkeypatch.setattr(sealed, name, value)
        monkeypatch.setattr(contents, name, value)
    files: dict[str, Content] = {"a/b": b"x" * 5_000, "a/c": b"y", "a/d": b""}
    with (tmp_path / "a.zip").open("w+b") as file:
        sealed.write(file, files, {name: measure(content) for name, content in files.items()})
        found = members(file)
    assert [(member.name, member.size) for member in found] == [("a/b", 5_000), ("a/c", 1), ("a/d", 0)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_any_files_come_back(world: World, tmp_path: Path, files: dict[str, bytes]) -> None:
    made = pack(files, COVER, world.ada, world.to, tmp_path)
    with look(made.path, world.bo, world.trust) as found:
        assert {name: found.content(name) for name in found.names} == files


def test_what_was_looked_at_can_stay(world: World, sent: Packed, tmp_path: Path) -> None:
    with look(sent.path, world.bo, world.trust, folder=tmp_path / "kept") as found:
        pass
    assert found.content("report.html") == b"<h1>Harbour</h1>"
    assert os.name == "nt" or (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    found.file("report.html").write_bytes(b"other")
    with pytest.raises(PackageError, match="not as it was"):
        found.content("report.html")
    with pytest.raises(PackageError, match="holds something already"):
        look(sent.path, world.bo, world.trust, folder=tmp_path / "kept")
    with pytest.raises(PackageError, match="holds no file 'none'"):
        found.content("none")


def test_a_forgotten_package_leaves_nothing(
    world: World, sent: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    found = look(sent.path, world.bo, world.trust)
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    del found
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("payload", [{"../x": b""}, {"a": b"", "A": b""}, {"nul.txt": b""}])
def test_names_that_harm_receivers_are_not_packed(world: World, tmp_path: Path, payload: dict[str, Content]) -> None:
    with pytest.raises(PackageError, match="cannot go into a package"):
        pack(payload, COVER, world.ada, world.to, tmp_path / "outbox")
    assert not (tmp_path / "outbox").exists()


def test_what_cannot_be_packed_leaves_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot be read"):
        pack({"a": tmp_path / "none"}, COVER, world.ada, world.to, tmp_path / "outbox")
    with pytest.raises(IdentityError, match="nobody is named"):
        pack(PAYLOAD, COVER, world.ada, [], tmp_path / "outbox")
    with pytest.raises(PackageError, match="cannot be read: a part is no text"):
        pack(PAYLOAD, replace(COVER, reason="x" * 30_000), world.ada, world.to, tmp_path / "outbox")
    (tmp_path / "file").write_bytes(b"x")
    made = bagged({"a": tmp_path / "file"}, COVER, world.ada, world.to)
    (tmp_path / "file").write_bytes(b"y")
    with pytest.raises(PackageError, match="was changed while"):
        sealed.seal(made.files, made.sums, world.to, tmp_path / "outbox/p.case.age")
    assert list((tmp_path / "outbox").iterdir()) == []


# Each state -------------------------------------------------------------------------------------------------------------


def test_an_issuer_who_is_not_trusted(world: World, sent: Packed) -> None:
    found = look(sent.path, world.bo, TrustList(), LATER)
    assert found.state == "VALID, ISSUER NOT TRUSTED"
    assert found.content("report.html") == b"<h1>Harbour</h1>"
    assert any("not in your trust list" in line for line in found.said)


def test_an_unknown_signer_of_the_same_name(world: World, tmp_path: Path) -> None:
    made = pack(PAYLOAD, COVER, world.eve, world.to, tmp_path)
    found = look(made.path, world.bo, world.trust, LATER)
    assert found.state == "VALID, ISSUER NOT TRUSTED"
    assert any("no bureau of your trust list vouches" in line for line in found.said)


@pytest.mark.parametrize(
    ("cover", "at", "why"),
    [
        (replace(COVER, valid_until="2026-12-01T00:00:00Z"), "2026-12-01T00:00:01Z", "It was valid until 2026-12-01"),
        (replace(COVER, created="2098-01-01T00:00:00Z"), "2097-12-30T00:00:00Z", "It says that it was made on 2098"),
        (replace(COVER, valid_until=""), "2100-01-01T00:00:00Z", "The card of who signed it is not valid"),
        (COVER, "2020-01-01T00:00:00Z", "It says that it was made on 2026-11-20"),
    ],
)
def test_a_package_has_its_time(world: World, tmp_path: Path, cover: Cover, at: str, why: str) -> None:
    made = pack(PAYLOAD, cover, world.ada, world.to, tmp_path)
    found = look(made.path, world.bo, world.trust, at)
    assert (found.state, found.header.cover, found.names) == ("EXPIRED", cover, ())
    assert any(line.startswith(why) for line in found.said)
    with pytest.raises(PackageError, match="The package is EXPIRED; nothing in it is to be read"):
        found.content("report.html")


def test_a_clock_may_be_wrong_by_hours(world: World, tmp_path: Path) -> None:
    made = pack(PAYLOAD, replace(COVER, created="2090-01-01T20:00:00Z"), world.ada, world.to, tmp_path)
    assert look(made.path, world.bo, world.trust, LATER).state == "VALID"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"", lambda data: data[:100], lambda data: data[:-1], lambda data: data + b"x", lambda data: data * 2,
        lambda data: b"PK" + data, lambda data: os.urandom(len(data)), lambda data: data.replace(b"X25519", b"X25518", 1),
    ],
)  # fmt: skip
def test_what_does_not_open(world: World, sent: Packed, damage: Callable[[bytes], bytes]) -> None:
    sent.path.write_bytes(damage(sent.path.read_bytes()))
    found = look(sent.path, world.bo, world.trust, LATER)
    assert (found.state, found.verdict.header, found.verdict.faults) == ("DAMAGED OR NOT FOR YOU", None, ())
    assert found.not_checked == ("nothing in it was looked at: it did not open",)
    with pytest.raises(PackageError, match="nobody's word stands"):
        _ = found.header


def test_what_is_sealed_to_another(world: World, sent: Packed) -> None:
    assert look(sent.path, world.cas, world.trust, LATER).state == "DAMAGED OR NOT FOR YOU"


def test_what_somebody_else_sealed_on(world: World, tmp_path: Path) -> None:
    path = resealed(zipped(plain(world)), [world.cas.card], tmp_path / "room")
    found = look(path, world.cas, world.trust, LATER)
    assert found.state == "DAMAGED OR NOT FOR YOU"
    assert found.said[0].startswith("It is addressed to Bo Falk, NCB Nordreich, not to")
    assert found.names == ()


def test_a_missing_file_is_the_callers_mistake(world: World, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="There is no file"):
        look(tmp_path / "none.case.age", world.bo, world.trust)


@pytest.mark.parametrize("gone", [["header.sig"], ["header.json"], ["header.json", "header.sig"]])
def test_without_signature(world: World, tmp_path: Path, gone: list[str]) -> None:
    files = {name: data for name, data in plain(world).items() if name.partition("/")[2] not in gone}
    found = opened(zipped(files), world, tmp_path)
    assert (found.state, found.names) == ("UNSIGNED", ())
    assert all(name in found.said[0] for name in gone)


def test_nothing_at_all(world: World, tmp_path: Path) -> None:
    assert opened(zipped({}), world, tmp_path).state == "UNSIGNED"


# Tampered ---------------------------------------------------------------------------------------------------------------

Change = Callable[[dict[str, bytes], str, World], None]


def grow(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}data/report.html"] += b"x"


def remove(files: dict[str, bytes], base: str, _: World) -> None:
    del files[f"{base}data/empty"]


def add(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}data/more"] = b"x"


def add_beside(files: dict[str, bytes], base: str, _: World) -> None:
    files["more/x"] = b"x"


def add_tag(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}more.txt"] = b"x"


def rename(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}data/renamed"] = files.pop(f"{base}data/empty")


def swap(files: dict[str, bytes], base: str, _: World) -> None:
    one, other = f"{base}data/report.html", f"{base}data/rows/calls.parquet"
    files[one], files[other] = files[other], files[one]


def other_header(files: dict[str, bytes], base: str, world: World) -> None:
    theirs = plain(world, payload={"a": b"other"})
    for name in ("header.json", "header.sig"):
        files[base + name] = next(data for path, data in theirs.items() if path.endswith(name))


def other_signature(files: dict[str, bytes], base: str, world: World) -> None:
    files[f"{base}header.sig"] = header.signature(files[f"{base}header.json"], world.eve)


def other_sender(files: dict[str, bytes], base: str, world: World) -> None:
    """Eve signs as Ada: the header still names Ada's card."""
    told = header.read(files[f"{base}header.json"])
    files[f"{base}header.json"] = replace(told, cover=replace(told.cover, mark="TLP:CLEAR")).to_bytes()
    other_signature(files, base, world)


def own_header(files: dict[str, bytes], base: str, world: World) -> None:
    """Eve puts herself in as the sender of Ada's files and signs: the name of the package is not of that."""
    told = header.read(files[f"{base}header.json"])
    files[f"{base}header.json"] = replace(told, sender=world.eve.card).to_bytes()
    other_signature(files, base, world)


def no_json(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}header.json"] = b"{"


def spaces(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}header.json"] += b"\n"


def newer(files: dict[str, bytes], base: str, world: World) -> None:
    files[f"{base}header.json"] = files[f"{base}header.json"].replace(b"package/1", b"package/2")


def second_spelling(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}header.sig"] = files[f"{base}header.sig"].strip() + b"\n\n"


def forged_card(files: dict[str, bytes], base: str, world: World) -> None:
    told = header.read(files[f"{base}header.json"])
    files[f"{base}header.json"] = replace(told, sender=replace(told.sender, clearance="SECRET")).to_bytes()


def manifest(files: dict[str, bytes], base: str, _: World) -> None:
    """The file and its manifests are changed alike."""
    before = measure(files[f"{base}data/report.html"])
    grow(files, base, _)
    after = measure(files[f"{base}data/report.html"])
    for kind in ("sha256", "sha512"):
        name = f"{base}manifest-{kind}.txt"
        files[name] = files[name].replace(before.of(kind).encode(), after.of(kind).encode())


def emptied(files: dict[str, bytes], base: str, _: World) -> None:
    files[f"{base}tagmanifest-sha512.txt"] = b""


def moved(files: dict[str, bytes], base: str, _: World) -> None:
    for name in list(files):
        files[f"package-{'0' * 24}/{name.removeprefix(base)}"] = files.pop(name)


CHANGES: list[tuple[Change, str]] = [
    (grow, "data/report.html"), (remove, "data/empty"), (add, "data/more"), (add_beside, "more/x"), (add_tag, "more.txt"),
    (rename, "data/renamed"), (rename, "data/empty"), (swap, "data/report.html"), (swap, "data/rows/calls.parquet"),
    (other_header, "header.json"), (other_signature, "header.sig"), (other_sender, "header.json"), (own_header, "header.json"),
    (no_json, "header.json"), (spaces, "header.json"), (newer, "header.json"), (second_spelling, "header.sig"),
    (forged_card, "header.json"), (manifest, "manifest-sha256.txt"), (emptied, "tagmanifest-sha512.txt"), (moved, "the archive"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "named"), CHANGES, ids=lambda value: getattr(value, "__name__", value))
def test_what_was_changed_inside_is_named(world: World, tmp_path: Path, change: Change, named: str) -> None:
    files = plain(world)
    change(files, f"{next(iter(files)).partition('/')[0]}/", world)
    found = opened(zipped(files), world, tmp_path)
    assert (found.state, found.names, found.verdict.header) == ("TAMPERED", (), None)
    assert named in found.verdict.faults
    assert named in found.said[0]


def test_a_header_of_ones_own_is_ones_own_word(world: World, tmp_path: Path) -> None:
    """Eve can pack Ada's files again: then it is Eve's package, and nobody vouches for her."""
    files = plain(world, by=world.eve)
    found = opened(zipped(files), world, tmp_path)
    assert found.state == "VALID, ISSUER NOT TRUSTED"
    assert found.header.sender.fingerprint == world.eve.card.fingerprint


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_any_file_is_named(world: World, tmp_path: Path, data: st.DataObject) -> None:
    files = plain(world)
    name = data.draw(st.sampled_from(sorted(files)))
    before = files[name]
    cut = data.draw(st.integers(0, len(before)))
    put = data.draw(st.binary(max_size=10))
    dropped = data.draw(st.integers(0, 10))
    files[name] = before[:cut] + put + before[cut + dropped :]
    found = opened(zipped(files), world, tmp_path)
    if files[name] == before:
        assert found.state == "VALID"
    else:
        assert found.state == "TAMPERED"
        assert name.partition("/")[2] in found.verdict.faults
    shutil.rmtree(tmp_path / "room")


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


def test_what_is_larger_than_is_taken(world: World, sent: Packed) -> None:
    found = look(sent.path, world.bo, world.trust, LATER, limits=Limits(total=1_000))
    assert found.state == "TAMPERED" and "unpacks to" in found.said[0]


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


def test_a_full_disk_says_so_and_nothing_is_left(world: World, sent: Packed, tmp_path: Path) -> None:
    with small_disk(), pytest.raises(PackageError, match="cannot be opened"):
        look(sent.path, world.bo, world.trust, folder=tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
    with small_disk(), pytest.raises(PackageError, match="cannot be written"):
        pack(PAYLOAD, COVER, world.ada, world.to, tmp_path / "more")
    assert list((tmp_path / "more").iterdir()) == []
    assert look(sent.path, world.bo, world.trust).state == "VALID"
