"""Who takes a package in: an officer who may know of all that the case holds, for what is new would tell what is here already."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from tests.case.packages.test_remarks import HIGH, Made, term
from workbench.case.case import Case, open_case
from workbench.errors import CaseError, PackageError
from workbench.exchange.package import write_package as make_package


@pytest.fixture
def place(bo: Side, files: Path) -> Path:
    """Bo's case; a controller has put one of the files in it."""
    case = open_case(bo.folder, officer="chief", purpose="training", title="Quay")
    case.add(files / "note.md")
    case.close()
    return bo.folder


def hide(place: Path, **how: object) -> None:
    with closing(open_case(place, officer="chief", purpose="training")) as case:
        case.handling.mark("note.md", because="of a partner", **how)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("how", [{"level": "EXERCISE CONFIDENTIAL"}, {"barred": ["QN"]}])
def test_an_officer_from_whom_something_is_hidden_takes_no_package_in(
    sent: Case, ada: Side, bo: Side, place: Path, how: dict[str, object]
) -> None:
    hide(place, **how)
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine, bo.open(path) as package:
        before, files = mine.sources.list(), set(mine.context.folder.sources.rglob("*"))
        with pytest.raises(CaseError, match=r"cleared for everything in the case.*chief"):
            package.add_to(mine)
        assert mine.sources.list().equals(before)
        assert set(mine.context.folder.sources.rglob("*")) == files


@pytest.mark.slow
def test_where_nothing_is_above_the_clearance_the_package_is_taken_in(
    sent: Case, ada: Side, bo: Side, place: Path
) -> None:
    hide(place, purpose="another inquiry")
    with closing(bo.case()) as mine, bo.open(packed(sent, ada, bo)) as package:
        assert not package.add_to(mine).empty


@pytest.mark.slow
def test_a_controller_from_whom_something_is_hidden_is_told_a_way_out(
    sent: Case, ada: Side, bo: Side, files: Path
) -> None:
    path = packed(sent, ada, bo)
    with closing(bo.case(title="Quay")) as mine, bo.open(path) as package:
        mine.add(files / "note.md")
        mine.handling.mark("note.md", level=HIGH, because="by a slip")
        with pytest.raises(CaseError, match=r"You are the controller.*case\.access\.hand_over.*case\.access\.grant"):
            package.add_to(mine)
        mine.access.hand_over("chief", because="to be cleared")
    with closing(open_case(bo.folder, officer="chief", purpose="training")) as chief:
        chief.access.grant(bo.card.name, HIGH, because="vetted")
        chief.access.hand_over(bo.card, because="cleared")
    with closing(bo.case()) as mine, bo.open(path) as package:
        assert not package.add_to(mine).empty


def marked(sent: Case, ada: Side, bo: Side, made: Made) -> Path:
    """Ada's package with a mark more."""
    path = packed(sent, ada, bo)
    with bo.open(path) as package:
        payload = {name: package.opened.read_content(name) for name in package.opened.names}
        cover = package.header.cover
    payload["ledger/terms.jsonl"] += json.dumps(made).encode() + b"\n"
    return make_package(payload, cover, ada.officer, [bo.card], path.with_name("marked")).path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("facet", "value", "said"),
    [("level", HIGH, HIGH), ("barred", "QN", "material that your country is not allowed to see")],
)
def test_a_package_that_its_officer_could_not_see_is_refused(
    sent: Case, ada: Side, bo: Side, facet: str, value: str, said: str
) -> None:
    source = str(sent.sources.list()["source"].iloc[0])
    path = marked(sent, ada, bo, term("source", source, facet, value))
    with closing(open_case(bo.folder, officer="chief", purpose="training", title="Quay")):
        pass
    with closing(bo.case()) as mine:
        with bo.open(path) as package, pytest.raises(PackageError, match=said):
            package.add_to(mine)
        assert mine.sources.list().empty and mine.documents().empty and mine.packages.list().empty
        with bo.open(packed(sent, ada, bo)) as package:
            assert not package.add_to(mine).empty
