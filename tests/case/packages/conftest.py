"""Two bureaux on one machine, each with an officer and a case; Ada's holds something of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.case import material
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.packages.preview import PackagePreview, open_package
from workbench.identity import Bureau, Card, Officer, TrustList

if TYPE_CHECKING:
    import pandas as pd


PHRASE = "four words and a comma"
UNTIL = "2099-12-31T23:59:59Z"
CALLS = "calling number;called number;start time;duration\n" + "".join(
    f"0770090010{n};0770090020{n};2024-03-0{day}T10:00:00;{n * 7}\n" for day, n in enumerate((2, 5, 1, 4, 3), 1)
)


@dataclass
class Side:
    """One bureau: its officer, whom it trusts, and where its case lies."""

    officer: Officer
    trust: TrustList
    folder: Path

    @property
    def card(self) -> Card:
        return self.officer.card

    def case(self, **options: str) -> Case:
        return open_case(self.folder, officer=self.officer, purpose="training", **options)

    def open(self, path: Path) -> PackagePreview:
        return open_package(path, officer=self.officer, trust=self.trust)


def vouched(make: Callable[..., Officer]) -> dict[str, tuple[Officer, Officer]]:
    """Name of an officer -> the bureau, and the officer for whom it vouches."""
    made = {}
    for name, bureau, country in (("ada", "NCB Valdora", "QM"), ("bo", "NCB Nordreich", "QN")):
        chief = make(bureau, bureau=bureau, country=country, role="bureau")
        officer = make(name, bureau=bureau, country=country)
        made[name] = (chief, officer.replace_card(identity.issue(officer.card, chief, until=UNTIL)))
    return made


@pytest.fixture(scope="module")
def officers() -> dict[str, tuple[Officer, Officer]]:
    return vouched(identity.create_temporary)


@pytest.fixture
def sides(officers: dict[str, tuple[Officer, Officer]], tmp_path: Path) -> dict[str, Side]:
    trust = TrustList(tuple(Bureau.from_card(chief.card) for chief, _ in officers.values()))
    return {name: Side(officer, trust, tmp_path / f"case-{name}") for name, (_, officer) in officers.items()}


@pytest.fixture
def ada(sides: dict[str, Side]) -> Side:
    return sides["ada"]


@pytest.fixture
def bo(sides: dict[str, Side]) -> Side:
    return sides["bo"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    place = material.write(tmp_path)
    (place / "calls.csv").write_text(CALLS, "utf-8")
    return place


@pytest.fixture
def sent(ada: Side, files: Path) -> Iterator[Case]:
    """Ada's case, with something of everything."""
    case = ada.case(title="Harbour")
    case.add(files, options={"region": "GB"}, exhibit="AB/1")
    case.extract()
    case.judgements.judge(
        [find_entity(case.context, "Ada Brook"), find_entity(case.context, "Cleo Dunn")],
        same=False,
        because="seen together",
    )
    first = case.context.passages["passage_id"].iloc[0]
    case.review.note("The van matters.", passages=[first])
    case.evidence.add("Person", source=first, because="said so", name="Dara Finch", nationality="gb")
    case.handling.mark("note.md", handling=["H1"], because="of the source")
    case.evidence.grade("chats.txt", "B2", because="two phones")
    yield case
    case.close()


@contextmanager
def cleared(side: Side, level: str) -> Iterator[None]:
    """A case in which the officer is cleared for a level by its controller, and within the block alone."""
    for granted in (level, "EXERCISE"):
        with closing(open_case(side.folder, officer="chief", purpose="training")) as chief:
            chief.access.grant(side.card.name, granted, because="for the package")
        if granted == level:
            yield


def table(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    kept = [name for name in frame.columns if name not in ("officer", "received_at", "mark", "parameters")]
    return sorted(frame[kept].astype(str).itertuples(index=False, name=None))


def packed(case: Case, ada: Side, bo: Side, **options: object) -> Path:
    return case.packages.pack(to=[bo.card], reason="joint case", trust=ada.trust, **options)  # type: ignore[arg-type]


def send_case(folder: Path, fill: Callable[[Case], None]) -> dict[str, bytes]:
    """What a package to another bureau holds, by name, of a case that is filled so."""
    known = vouched(identity.create_temporary)
    trust = TrustList(tuple(Bureau.from_card(chief.card) for chief, _ in known.values()))
    ada, bo = (Side(officer, trust, folder / name) for name, (_, officer) in known.items())
    with closing(ada.case()) as case:
        fill(case)
        path = packed(case, ada, bo)
    with bo.open(path) as sent:
        return {name: sent.opened.read_content(name) for name in sent.opened.names}


def source(case: Case, name: str) -> str:
    return str(case.sources.list().set_index("name").loc[name, "source"])


def everything(package: PackagePreview) -> bytes:
    return b"\n".join(package.opened.read_content(name) for name in package.opened.names)
