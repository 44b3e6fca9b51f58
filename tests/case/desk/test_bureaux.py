"""Whom an addressee means, by a code, a country or a city in four languages; and whom it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case.packages.conftest import Side
from workbench import identity
from workbench.case.case import Case
from workbench.case.desk.messages import bureau_names
from workbench.identity import Bureau
from workbench.identity.core import key_store as homes

FRENCH = identity.create_temporary("Ada", bureau="BCN France", country="FR").card
OTHER = identity.create_temporary("Ida", bureau="NCB Valdorra", country="XB").card


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bureau", "code"),
    [
        ("FR-NCB", "FR"), ("NCB France", "FR"), ("BCN Paris", "FR"), ("IP Paris", "FR"), ("IP PARIS", "FR"), ("OCN París", "FR"),
        ("OCN Madrid", "ES"), ("Oficina Central Nacional de España", "ES"), ("OCN Londres", "GB"), ("BCN Royaume-Uni", "GB"),
        ("Bureau central national d'Alger", "DZ"), ("إنتربول الرياض", "SA"), ("المكتب المركزي الوطني في الرباط", "MA"),
        ("المكتب المركزي الوطني للمملكة المتحدة", "GB"), ("IP Washington", "US"), ("IP Bogotá", "CO"), ("IPSG", ""), ("NCB", ""),
        ("Gendarmerie de Lyon", ""), (" FR-NCB", "FR"), ("fr-ncb", "FR"), ("ＦＲ-NCB", "FR"), ("fr ncb", "FR"),
        ("IP-Lyon", ""), ("IP-LYON", ""), ("IP-Madrid", "ES"), ("Al-Qahira", ""), ("al-qahira", ""), ("Ar-Ramadi", ""), ("St-Denis", "RE"),
        ("El-Salvador", "SV"), ("Av-Leon", ""), ("xx-leon", ""), ("IP", ""), ("ＦＲ-LYON", "FR"), ("fr-lyon", "FR"), ("Al-NCB", "AL"),
        ("IP La Rochelle", ""), ("IP VALDORRA", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_bureau_is_known_by_code_country_or_capital(bureau: str, code: str) -> None:
    assert bureau_names.find_country(bureau) == code


def test_a_name_of_two_countries_tells_of_none() -> None:
    assert bureau_names.find_country("المكتب المركزي الوطني في عمان") == "", "Amman and Oman are written alike"
    assert bureau_names.find_country("IP Amman") == "JO" and bureau_names.find_country("NCB Oman") == "OM"


@pytest.mark.parametrize("bureau", ["FR-NCB", "IP Paris", "OCN Francia", "إنتربول باريس", "BCN France"])
def test_a_card_is_found_by_country_and_city(bureau: str) -> None:
    assert bureau_names.select_cards([FRENCH, OTHER], [bureau]) == [FRENCH]


@pytest.mark.parametrize("bureau", ["XB-NCB", "NCB Valdorra", "IP VALDORRA", "BCN de Valdorra", "OCN Valdorra"])
def test_a_card_is_found_by_the_name_of_its_bureau(bureau: str) -> None:
    assert bureau_names.select_cards([FRENCH, OTHER], [bureau]) == [OTHER]


def test_a_word_before_a_name_is_no_code_of_a_country() -> None:
    tirana, madrid = (
        identity.create_temporary("x", bureau=name, country=code).card
        for name, code in (("NCB Tirana", "AL"), ("OCN Madrid", "ES"))
    )
    assert not bureau_names.is_of("Al-Qahira", tirana) and bureau_names.is_of("IP-Madrid", madrid)
    assert bureau_names.is_same_bureau("La-Paz", "OCN La Paz") and not bureau_names.is_same_bureau(
        "De-Europol", "Europol"
    )


def test_names_of_strangers_fill_no_memory() -> None:
    for number in range(bureau_names.KEPT + 10):
        bureau_names.is_same_bureau(f"NCB {number}", "NCB")
    for kept in (bureau_names.find_country, bureau_names._get_comparison_key):
        assert kept.cache_info().currsize <= bureau_names.KEPT


def test_nobody_else_is_meant() -> None:
    for bureau in ("IP Madrid", "XC-NCB", "NCB", "IP", "Interpol", "Police of Valdorra", ""):
        assert bureau_names.select_cards([FRENCH, OTHER], [bureau]) == [], bureau


def test_an_invented_country_is_known_by_the_bureaux_that_one_trusts() -> None:
    trusted = [
        Bureau.from_card(identity.create_temporary(name, bureau=name, country=code, role="bureau").card)
        for name, code in NAMED
    ]
    nation = bureau_names.build_country_lookup(trusted)
    for name in ("IP VALDORRA", "BCN de Valdorra", "OCN Valdorra", "NCB Valdorra"):
        assert (bureau_names.find_country(name), nation(name)) == ("", "XB")
    assert nation("IP PARIS") == "FR" and nation("IP OLAND") == "", "two are called so"


NAMED = (("NCB Valdorra", "XB"), ("NCB Oland", "QO"), ("IP Oland", "XO"))


@pytest.mark.slow
def test_a_source_is_closed_to_an_invented_country_by_its_name(case: Case, tmp_path: Path) -> None:
    ada = identity.create_temporary("ada", bureau="NCB Valdora", country="QM")
    homes.write_identity("ada", {"card.json": ada.card.to_json().encode()})
    nordreich = identity.create_temporary("NCB Nordreich", bureau="NCB Nordreich", country="QN", role="bureau")
    identity.save_trust_list(identity.load_trust_list().add_bureau(Bureau.from_card(nordreich.card)), ada)
    (tmp_path / "register.csv").write_text("name,phone\nMarta Oliveira,+447700900124\n")
    case.add(tmp_path / "register.csv")
    case.handling.mark("register.csv", barred=["QN"], because="of a partner")
    draft = case.desk.draft("request", to=["IP NORDREICH", "XB-NCB"], summary_of_facts="Who uses +447700900124?")
    assert draft.check().query("rule == 'TXT-19'")["quote"].tolist() == ["IP NORDREICH"]


SEATED = identity.create_temporary("Eva", bureau="INTERPOL General Secretariat", country="FR").card


def test_what_is_for_the_general_secretariat_is_for_no_bureau_beside_it() -> None:
    for bureau in (
        "IPSG",
        "Secrétariat général d'INTERPOL",
        "Secretaría General de INTERPOL",
        "الأمانة العامة للإنتربول",
    ):
        assert bureau_names.select_cards([FRENCH, OTHER, SEATED], [bureau]) == [SEATED], bureau
    assert bureau_names.select_cards([FRENCH, OTHER, SEATED], ["IPSG", "XB-NCB"]) == [OTHER, SEATED]
    assert bureau_names.select_cards([FRENCH, OTHER, SEATED], ["FR-NCB"]) == [FRENCH], (
        "its seat is of no country's bureau"
    )
    assert not bureau_names.is_secretariat("General Secretariat for Public Security")


@pytest.mark.parametrize("name", ["QM-NCB", "NCB Valdora", "IP VALDORA", "Bureau of Port Quay"])
def test_ones_own_bureau_is_known_by_its_names(name: str) -> None:
    card = identity.create_temporary("ada", bureau="NCB Valdora", country="QM").card
    assert bureau_names.is_own_bureau(name, "Bureau of Port Quay", card)
    assert (
        not bureau_names.is_own_bureau("QM-PORT", "", card)
        and not bureau_names.is_own_bureau("QN-NCB", "", card)
        and not bureau_names.is_own_bureau(name, "", None)
    )


@pytest.mark.slow
def test_ones_own_traffic_went_out_whatever_the_case_is_called(ada: Side, tmp_path: Path) -> None:
    case = ada.case()
    rows = (
        "QM-NCB,QN-NCB,V-1,request,Please identify the holder.\nQN-NCB,QM-NCB,N-1,request,Please identify the holder.\n"
    )
    (tmp_path / "own.csv").write_text(f"From,To,Our ref,Type,Text\n{rows}")
    case.desk.imports.add(tmp_path / "own.csv")
    assert case.desk.messages()["direction"].tolist() == ["outgoing", "incoming"]
    assert sorted(case.desk.waiting()["waits"]) == ["for the other bureau", "for this bureau"]
    case.close()
