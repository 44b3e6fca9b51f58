"""Names in other scripts: shown with how they read in Latin letters, and found by it where one thing alone reads so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.case import scripts
from workbench.case import case_panel
from workbench.case.case import Case, open_case
from workbench.case.context import entity_hints
from workbench.case.context.entity_index import find_entity, find_named
from workbench.errors import CaseError
from workbench.model.text.bidi import FIRST, POP

SALEM, HARABI = "سالم الفاسي", "محمد بن يوسف الحربي"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case with names in Arabic, Cyrillic, Greek and Latin letters."""
    folder = tmp_path_factory.mktemp("mixed")
    case = open_case(folder / "case", officer="ada", purpose="test")
    case.add(scripts.write(folder))
    case.extract()
    yield case
    case.close()


def test_tables_say_how_names_read(mixed: Case) -> None:
    latin = dict(mixed.entities("Person")[["caption", "latin"]].itertuples(index=False, name=None))
    assert (latin[SALEM], latin["Олег Баринов"], latin["José Núñez"]) == ("Salem al-Fasi", "Oleg Barinov", "")
    ranks = mixed.network.ranking().set_index("caption")["latin"]
    assert (ranks["Γιώργος Παπαδόπουλος"], ranks["Ada Brook"]) == ("Giorgos Papadopoulos", "")
    pairs = mixed.judgements.duplicates("Person", about=SALEM)
    assert set(zip(pairs["right"], pairs["right_latin"], strict=True)) | set(
        zip(pairs["left"], pairs["left_latin"], strict=True)
    ) == {(SALEM, "Salem al-Fasi"), ("Salim al-Fassi", "")}


@pytest.mark.parametrize("typed", ["Salem al-Fasi", "salem al fasi", "Muhammad bin Yusuf al-Harabi", "Hassan Ali"])
def test_a_name_is_found_by_how_it_reads(mixed: Case, typed: str) -> None:
    meant = {"Muhammad bin Yusuf al-Harabi": HARABI, "Hassan Ali": "حسن علي"}.get(typed, SALEM)
    assert set(find_named(mixed.context, typed)["caption"]) == {meant}
    if typed != "Hassan Ali":  # of whom there are two: a row of the table, and the name read in it
        assert find_entity(mixed.context, typed) == find_entity(mixed.context, meant)
        assert mixed.graph(typed).has_node(find_entity(mixed.context, meant))


def test_a_spelling_of_another_is_offered_and_not_taken(mixed: Case) -> None:
    with pytest.raises(CaseError, match=r"Similar names: .*Salem al-Fasi"):
        find_entity(mixed.context, "Salim el Fasi")
    with pytest.raises(CaseError, match=r"Similar names: .*Hassan Ali"):
        find_entity(mixed.context, "Hasan Aly")


def test_two_names_that_read_alike_are_both_offered(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    for name in ("Сергій Іванов", "Сергий Иванов"):
        case.evidence.add("Person", name=name, source="officer's knowledge", because="heard")
    assert set(case.entities()["latin"]) == {"Sergiy Ivanov"}
    with pytest.raises(CaseError, match="2 entities in this case have the name"):
        find_entity(case.context, "Sergiy Ivanov")
    assert find_named(case.context, "Sergiy Ivanov").empty
    case.close()


def test_a_latin_name_that_is_written_so_comes_first(mixed: Case) -> None:
    key = mixed.evidence.add("Person", name="Giorgos Papadopoulos", source="officer's knowledge", because="heard")
    assert find_entity(mixed.context, "Giorgos Papadopoulos") == key
    assert find_entity(mixed.context, "Γιώργος Παπαδόπουλος") != key


@pytest.mark.slow
def test_cards_and_the_overview_show_both(mixed: Case) -> None:
    html = case_panel.build_overview(mixed)
    assert f'<bdi>{SALEM}</bdi> <span class="latin">Salem al-Fasi</span>' in html
    facts = dict(entity_hints.list_facts(mixed.context, find_entity(mixed.context, SALEM)))
    assert facts["names"] == f"{FIRST}{SALEM}{POP} (Salem al-Fasi)"
    panel = case_panel.build_panel(mixed)
    seen = []
    for _ in range(len(panel.reviewer.pairs.rows())):
        seen.append(panel.reviewer.pairs.card.value)
        panel.reviewer.pairs.show_next()
    assert any(f"<bdi>{SALEM}</bdi>" in card and "Salem al-Fasi" in card for card in seen)


def test_the_chart_carries_both(mixed: Case) -> None:
    net = mixed.graph()
    chart = mixed.chart(net)
    assert net.nodes[find_entity(mixed.context, SALEM)]["latin"] == "Salem al-Fasi"
    assert "Salem al-Fasi" in chart.svg and "Oleg Barinov" in chart.svg and SALEM in chart.svg
    assert "Salem al-Fasi" in chart.html


@pytest.mark.slow
def test_the_report_names_both_in_its_lists_and_on_paper(mixed: Case, tmp_path: Path) -> None:
    path = mixed.report(tmp_path / "report.html", question="Who?")
    html = path.read_text("utf-8")
    both = f'<b class="line name" dir="auto">{SALEM}</b>\n  <span class="line latin" dir="auto">Salem al-Fasi</span>'
    persons, links, ranking = (html.split(f'<section id="{name}">')[1] for name in ("persons", "links", "ranking"))
    for section in (persons, links, ranking):
        assert " ".join(both.split()) in " ".join(section.split("</section>")[0].split())
    assert f"{FIRST}{SALEM}{POP} (Salem al-Fasi) → Ada Brook" in html
    text = "".join(page.extract_text() for page in PdfReader(path.with_suffix(".pdf")).pages)
    for name in ("Salem al-Fasi", "Muhammad bin Yusuf", "Олег Баринов", "Oleg Barinov", "Γιώργος", "Giorgos"):
        assert name in text
    assert "U+2068" not in text and "U+06" not in text
