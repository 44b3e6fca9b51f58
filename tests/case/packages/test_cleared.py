"""Who takes a package in: an officer who may know of all that the case holds, for what is new would tell what is here already."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from workbench.case.case import Case, open_case
from workbench.errors import CaseError


@pytest.fixture
def place(bo: Side, files: Path) -> Path:
    """Bo's case; a controller has put one of the files in it."""
    case = open_case(bo.folder, officer="chief", purpose="training", title="Quay")
    case.add(files / "note.md")
    case.close()
    return bo.folder


def hide(place: Path, **how: object) -> None:
    with closing(open_case(place, officer="chief", purpose="training")) as case:
        case.mark("note.md", because="of a partner", **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", [{"level": "EXERCISE CONFIDENTIAL"}, {"barred": ["QN"]}])
def test_an_officer_from_whom_something_is_hidden_takes_no_package_in(
    sent: Case, ada: Side, bo: Side, place: Path, how: dict[str, object]
) -> None:
    hide(place, **how)
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine, bo.open(path) as package:
        before, files = mine.sources(), set(mine.book.folder.sources.rglob("*"))
        with pytest.raises(CaseError, match=r"cleared for everything in the case.*chief"):
            package.add_to(mine)
        assert mine.sources().equals(before)
        assert set(mine.book.folder.sources.rglob("*")) == files


def test_where_nothing_is_above_the_clearance_the_package_is_taken_in(
    sent: Case, ada: Side, bo: Side, place: Path
) -> None:
    hide(place, purpose="another inquiry")
    with closing(bo.case()) as mine, bo.open(packed(sent, ada, bo)) as package:
        assert not package.add_to(mine).empty
