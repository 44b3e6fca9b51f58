"""What an identity for exercises makes bears EXERCISE, whatever the levels of the case are called; a real one's does not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.packages.preview import open_package
from workbench.identity import Bureau, Officer, TrustList
from workbench.report.exports import ENDINGS

from .walking import flat, read

EVERY = [end for ends in ENDINGS.values() for end in ends]
MARK = "EXERCISE – CLOSED"


def settled(place: Path, **said: str) -> None:
    """Change lines of case.toml."""
    text = (place / "case.toml").read_text("utf-8")
    for name, value in said.items():
        text, times = re.subn(rf"^{name} = .*?(?=  +#|$)", f"{name} = {value}", text, flags=re.MULTILINE)
        assert times == 1, name
    (place / "case.toml").write_text(text, "utf-8")


def officers() -> tuple[Officer, Officer, TrustList]:
    """One with an identity for exercises, one for whom a bureau vouches, and who trusts that bureau."""
    bureau = identity.create_temporary("NCB Paris", bureau="NCB Paris", country="FR", role="bureau", exercise=False)
    real = identity.create_temporary("ada", bureau="NCB Paris", country="FR", exercise=False)
    card = identity.issue(real.card, bureau, until="2098-01-01T00:00:00Z")
    return (
        identity.create_temporary("ada", bureau="NCB Valdora", country="QM"),
        real.replace_card(card),
        TrustList((Bureau.from_card(bureau.card),)),
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Officer], Case]]:
    """The same material in a case whose scheme has no such level, for any officer."""
    made: list[Case] = []

    def by(officer: Officer) -> Case:
        place = tmp_path_factory.mktemp("case") / "case"
        open_case(place, officer=officer, purpose="test").close()
        settled(place, scheme='"OWN"', levels='["CLOSED", "MORE CLOSED"]', mark='""', status='"asked"')
        (place.parent / "r.csv").write_text(
            "name,phone,latitude,longitude\nMarta Oliveira,+31970140002,51.9,4.4\nBo Ek,+31970140003,,\n"
        )
        (place.parent / "m.txt").write_text("Marta Oliveira met Bo Ek at the quay and called +31970140003.")
        case = open_case(place, officer=officer, purpose="test", reason="request 7")
        for name in ("r.csv", "m.txt"):
            case.add(place.parent / name)
        case.extract()
        made.append(case)
        return case

    yield by
    for case in made:
        case.close()


@pytest.fixture(scope="module")
def people() -> tuple[Officer, Officer, TrustList]:
    return officers()


@pytest.fixture(scope="module")
def both(opened: Callable[[Officer], Case], people: tuple[Officer, Officer, TrustList]) -> tuple[Case, Case]:
    return opened(people[0]), opened(people[1])


@pytest.mark.slow
@pytest.mark.parametrize("end", EVERY)
def test_every_export_and_what_lies_beside_it(both: tuple[Case, Case], tmp_path: Path, end: str) -> None:
    for number, (case, marked) in enumerate(zip(both, (True, False), strict=True)):
        path = case.export(tmp_path / f"{number}{end}", to="prosecutor", reason="request 7")
        beside = read(path.with_name(f"{path.name}.about.json"))
        assert ("EXERCISE" in beside, f'"marking": "{MARK}"' in beside) == (marked, marked)
        inside = read(path)
        if end not in (".ftm.json", ".statements.csv", ".statements.json"):  # these formats have no place for it
            assert ("EXERCISE" in inside) is marked, inside[:500]


@pytest.mark.slow
def test_the_report_on_each_page_and_its_chart(both: tuple[Case, Case], tmp_path: Path) -> None:
    for number, (case, marked) in enumerate(zip(both, (True, False), strict=True)):
        path = case.report(tmp_path / f"{number}.html", to="prosecutor")
        assert (f'class="mark top" role="note" aria-label="Marking">{MARK}<' in read(path)) is marked
        pages = PdfReader(io.BytesIO(path.with_suffix(".pdf").read_bytes())).pages
        assert {"EXERCISE" in page.extract_text() for page in pages} == {marked}
        assert ("EXERCISE" in read(path)) is marked


@pytest.mark.slow
def test_charts_tables_graphs_panel_and_forms(both: tuple[Case, Case], tmp_path: Path) -> None:
    for number, (case, marked) in enumerate(zip(both, (True, False), strict=True)):
        chart = case.chart(case.graph())
        made = [
            chart.html,
            chart.svg,
            flat(case.entities()),
            flat(case.graph()),
            repr(case),
            flat(case.charts.panel().overview.value),
        ]
        made += [read(path) for path in case.privacy.forms(tmp_path / str(number))]
        assert ["EXERCISE" in one for one in made] == [marked] * len(made)


@pytest.mark.slow
def test_the_log_and_its_checkpoints(both: tuple[Case, Case]) -> None:
    for case, marked in zip(both, (True, False), strict=True):
        case.report("r.html", to="prosecutor")
        last = case.log.entries().loc[lambda log: log["operation"] == "disclosure", "mark"].iloc[-1]
        assert last == (MARK if marked else "CLOSED")
        assert ("\nEXERCISE\n\n" in case.log.checkpoint()) is marked
        assert "bad" not in set(case.log.verify()["state"])


def test_packages_and_receipts(both: tuple[Case, Case], people: tuple[Officer, Officer, TrustList]) -> None:
    *who, trust = people
    for case, officer, marked in zip(both, who, (True, False), strict=True):
        path = case.packages.pack(to=[officer.card], reason="joint", trust=trust, unknown_addressee="card handed over")
        with open_package(path, officer=officer, trust=trust) as package:
            assert package.header.cover.mark == (MARK if marked else "CLOSED")
            receipt = case.packages.acknowledge(package, note="thank you")
        assert f'"note":"{"EXERCISE – " if marked else ""}thank you"' in receipt.read_text("utf-8")


def test_an_exercise_case_marks_what_a_real_identity_makes(tmp_path: Path) -> None:
    _, real, _ = officers()
    place = tmp_path / "case"
    open_case(place, officer=real, purpose="test").close()
    settled(place, mark='"RESTRICTED"')
    case = open_case(place, officer=real, purpose="test")
    (tmp_path / "m.txt").write_text("Marta Oliveira met Bo Ek at the quay.")
    case.add(tmp_path / "m.txt")
    assert case.documents().attrs["mark"] == "EXERCISE – RESTRICTED"
    assert "\nEXERCISE\n" in case.log.checkpoint()
    case.close()
