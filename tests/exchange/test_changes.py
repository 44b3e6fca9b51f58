"""What was changed in a package after it was signed: it is named, file by file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import World
from tests.exchange.made import opened, plain, zipped
from workbench.exchange import package_header
from workbench.exchange.file_digests import compute_digests

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
    files[f"{base}header.sig"] = package_header.sign_header(files[f"{base}header.json"], world.eve)


def other_sender(files: dict[str, bytes], base: str, world: World) -> None:
    """Eve signs as Ada: the header still names Ada's card."""
    told = package_header.parse_header(files[f"{base}header.json"])
    files[f"{base}header.json"] = replace(told, cover=replace(told.cover, mark="TLP:CLEAR")).to_bytes()
    other_signature(files, base, world)


def own_header(files: dict[str, bytes], base: str, world: World) -> None:
    """Eve puts herself in as the sender of Ada's files and signs: the name of the package is not of that."""
    told = package_header.parse_header(files[f"{base}header.json"])
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
    told = package_header.parse_header(files[f"{base}header.json"])
    files[f"{base}header.json"] = replace(told, sender=replace(told.sender, clearance="SECRET")).to_bytes()


def manifest(files: dict[str, bytes], base: str, _: World) -> None:
    """The file and its manifests are changed alike."""
    before = compute_digests(files[f"{base}data/report.html"])
    grow(files, base, _)
    after = compute_digests(files[f"{base}data/report.html"])
    for kind in ("sha256", "sha512"):
        name = f"{base}manifest-{kind}.txt"
        files[name] = files[name].replace(before.get_sum(kind).encode(), after.get_sum(kind).encode())


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
    assert named in found.reasons[0]


def test_a_header_of_ones_own_is_ones_own_word(world: World, tmp_path: Path) -> None:
    """Eve can pack Ada's files again: then it is Eve's package, and nobody vouches for her."""
    files = plain(world, by=world.eve)
    found = opened(zipped(files), world, tmp_path)
    assert found.state == "VALID, ISSUER NOT TRUSTED"
    assert found.header.sender.fingerprint == world.eve.card.fingerprint


@pytest.mark.slow
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
