"""What is deleted and written below a case folder never goes through a link, and nothing that lies there stops it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import CaseError
from workbench.ledger import Folder
from workbench.ledger.storage.file_vault import PLAIN
from workbench.ledger.storage.safe_deletion import delete_below, delete_file, refuse_links

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
HASH = "ab" * 32


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case folder with three folders, and the folder of somebody else beside it."""
    for name in ("case/derived/vectors", "case/sources", "case/rows", "away/vectors"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "case" / "case.toml").write_text("")
    for name in ("x", "vectors/x", HASH):
        (tmp_path / "away" / name).write_text("somebody else's")
    return tmp_path / "case"


ACTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "delete": ("derived", lambda case: delete_file(case / "derived" / "x")),
    "delete below": ("derived", lambda case: delete_below(case / "derived")),
    "delete deep": ("derived", lambda case: delete_below(case / "derived" / "vectors")),
    "write": ("derived", lambda case: PLAIN.write(case / "derived" / "vectors" / "x", b"mine")),
    "keep": ("sources", lambda case: Folder(case).store_source(io.BytesIO(b"received"))),
}


@pytest.mark.parametrize("is_case", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_nothing_goes_through_a_link(case: Path, act: str, is_case: bool) -> None:
    away = case.with_name("away")
    if is_case:
        (away / "case.toml").write_text("")
    before = {path: path.read_bytes() for path in away.rglob("*") if path.is_file()}
    name, does = ACTS[act]
    delete_below(case / name)
    (case / name).rmdir()
    (case / name).symlink_to(away)
    with pytest.raises(CaseError, match=f"These items in .* are links: {name}"):
        does(case)
    assert {path: path.read_bytes() for path in away.rglob("*") if path.is_file()} == before


def test_a_case_that_is_a_link_as_a_whole_is_written_to(case: Path) -> None:
    case.with_name("link").symlink_to(case)
    PLAIN.write(case.with_name("link") / "derived" / "x", b"mine")
    assert delete_file(case.with_name("link") / "derived" / "x") and not (case / "derived" / "x").exists()


def test_everything_below_goes_but_what_is_kept_and_no_link_is_followed(case: Path) -> None:
    derived = case / "derived"
    (derived / "a" / "b").mkdir(parents=True)
    for path in (derived / "a" / "b" / "x", derived / "vectors" / "kept", derived / "vectors" / "x"):
        path.write_text("x")
    (derived / "a" / "link").symlink_to(case.with_name("away"))
    (derived / "vectors" / "link").symlink_to(case.with_name("away") / "x")
    os.mkfifo(derived / "pipe")
    assert delete_below(derived, {derived / "vectors" / "kept"}) == []
    assert [path.relative_to(derived).as_posix() for path in derived.rglob("*")] == ["vectors", "vectors/kept"]
    assert len([path for path in case.with_name("away").rglob("*") if path.is_file()]) == 3


def test_a_folder_is_no_file(case: Path) -> None:
    assert not delete_file(case / "derived") and (case / "derived").is_dir()
    assert delete_file(case / "gone" / "x")
    refuse_links(case)


def test_a_file_with_another_name_is_not_overwritten(case: Path) -> None:
    os.link(case.with_name("away") / "x", case / "derived" / "x")
    assert delete_file(case / "derived" / "x")
    assert (case.with_name("away") / "x").read_text() == "somebody else's"
