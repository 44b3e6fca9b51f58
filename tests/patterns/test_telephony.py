from __future__ import annotations

import pandas as pd
import pytest

from tests.catalogued import left, plain
from tests.patterns.conftest import Open
from workbench.errors import CaseError
from workbench.model.catalogue import LANGUAGES, Sentence, Translator
from workbench.patterns import Period, answer_wording, telephony
from workbench.report.static_chart import rewrite_chart

ADA, BEN, CLEO, TAXI = "+447700900100", "+447700900200", "+447700900300", "+447700900999"
HEAD = "Target No,B Party No,Call Type,Date,Time,Dur(s),IMEI,IMSI,First CGI\n"
ONE, TWO = "490154203237518", "356938035643809"
ADAS = (
    HEAD
    + f"07700900100,07700900200,OUT,04/07/2022,09:00:00,60,{ONE},234101234567890,234-10-1-1\n"
    + f"07700900100,07700900200,IN,04/07/2022,21:30:00,30,{ONE},234101234567890,234-10-1-2\n"
    + f"07700900100,07700900300,OUT,05/07/2022,10:15:00,10,{ONE},234101234567890,234-10-1-1\n"
    + f"07700900100,07700900999,OUT,13/07/2022,23:59:59,5,{ONE},234101234567890,234-10-1-3\n"
    + f"07700900100,07700900200,SMO,14/07/2022,00:10:00,0,{TWO},234101234567890,234-10-1-3\n"
    + f"07700900100,07700900200,SMO,14/07/2022,00:10:01,0,{TWO},234101234567890,234-10-1-3\n"
    + f"07700900100,OPERATOR,SMT,14/07/2022,12:00:00,0,{TWO},234101234567890,234-10-1-3\n"
    + f"07700900100,,IN,15/07/2022,12:00:00,8,{TWO},234101234567890,234-10-1-3\n"
)
CLEOS = (
    HEAD
    + f"07700900300,07700900999,OUT,06/07/2022,08:00:00,50,{TWO},234109876543210,234-10-9-1\n"
    + f"07700900300,07700900200,OUT,06/07/2022,08:30:00,20,{TWO},234109876543210,234-10-9-1\n"
)


def test_contacts_are_ranked_with_direction_days_and_period(opened: Open) -> None:
    answer = telephony.list_contacts(opened(ada=ADAS), ADA)
    table = answer.table
    assert list(table["contact"]) == [BEN, CLEO, "", TAXI]
    ben = table.iloc[0]
    assert (ben["records"], ben["out"], ben["in"], ben["texts"], ben["seconds"], ben["days"]) == (3, 2, 1, 1, 90, 2)
    assert (ben["first"], ben["last"]) == (pd.Timestamp("2022-07-04 09:00"), pd.Timestamp("2022-07-14 00:10"))
    assert table["share"].sum() == pytest.approx(1)
    assert ben["first_row"] == 2
    assert "Services that were left out: 1. Their records: 1." in answer.method
    with_services = telephony.list_contacts(opened(ada=ADAS), ADA, services=True).table
    assert "operator" in set(with_services["contact"])


def test_a_long_text_in_parts_counts_once(opened: Open) -> None:
    engine = opened(ada=ADAS)
    assert len(engine.query_frame("SELECT * FROM calls")) == 8
    assert len(engine.query_frame("SELECT * FROM counted")) == 7
    assert Sentence(answer_wording.COUNTED) in telephony.build_summary(engine).method


def test_a_number_is_found_in_the_records_of_others(opened: Open) -> None:
    table = telephony.list_contacts(opened(ada=ADAS, cleo=CLEOS), BEN).table
    assert dict(zip(table["contact"], table["records"], strict=True)) == {ADA: 3, CLEO: 1}
    assert dict(zip(table["contact"], table["in"], strict=True)) == {ADA: 2, CLEO: 1}


def test_the_records_behind_an_answer_can_be_reached(opened: Open) -> None:
    answer = telephony.list_contacts(opened(ada=ADAS), ADA)
    records = answer.records(BEN)
    assert list(records["row"]) == [2, 3, 6]
    assert records["source"].str.len().eq(64).all()
    assert len(answer.records(limit=1)) == 1


def test_rhythm_says_when_the_zone_is_unknown(opened: Open) -> None:
    answer = telephony.count_by_hour(opened(ada=ADAS), [ADA])
    table = answer.table.set_index("weekday")
    assert table.loc["Mon", "09"] == table.loc["Mon", "21"] == 1
    assert table["total"].sum() == 7
    assert Sentence(answer_wording.UNKNOWN_ZONE) in answer.limits


def test_rhythm_in_another_zone(opened: Open) -> None:
    engine = opened(zone="Europe/London", ada=ADAS)
    written = telephony.count_by_hour(engine, [ADA])
    assert Sentence(answer_wording.UNKNOWN_ZONE) not in written.limits
    moved = telephony.count_by_hour(engine, [ADA], zone="Europe/Paris").table.set_index("weekday")
    assert moved.loc["Mon", "10"] == 1
    assert moved.loc["Thu", "00"] == 1  # 23:59:59 on Wednesday in London
    both = opened(zone="", ada=ADAS, cleo=CLEOS.replace("Time", "Time (UTC)"))
    assert (
        "Records with an unknown time zone: 7. Their times are shown as written, not in Europe/Paris"
        in telephony.count_by_hour(both, zone="Europe/Paris").limits
    )


def test_first_and_last_use_by_day(opened: Open) -> None:
    answer = telephony.list_days(opened(ada=ADAS), ADA)
    first = answer.table.iloc[0]
    assert (first["first"], first["last"]) == (pd.Timestamp("2022-07-04 09:00"), pd.Timestamp("2022-07-04 21:30"))
    assert (first["first_cell"], first["last_cell"], first["first_row"], first["last_row"]) == (
        "234-10-1-1",
        "234-10-1-2",
        2,
        3,
    )
    assert len(answer.table) == 5
    assert Sentence(answer_wording.CELL) in answer.limits


def test_common_contacts_pairwise_and_of_several(opened: Open) -> None:
    answer = telephony.find_common_contacts(opened(ada=ADAS, cleo=CLEOS), [ADA, CLEO])
    table = answer.table.set_index("contact")
    assert list(table.index) == [BEN, TAXI]
    assert (table.loc[BEN, ADA], table.loc[BEN, CLEO], table.loc[BEN, "numbers"]) == (3, 1, 2)
    assert telephony.find_common_contacts(
        opened(ada=ADAS, cleo=CLEOS), [ADA, CLEO, "+447700900777"], least=3
    ).table.empty
    with pytest.raises(CaseError, match="Enter two or more phone numbers to find their common contacts"):
        telephony.find_common_contacts(opened(ada=ADAS), [ADA])


def test_handsets_and_cards_with_periods(opened: Open) -> None:
    table = telephony.list_devices(opened(ada=ADAS, cleo=CLEOS)).table
    assert list(zip(table["number"], table["imei"], table["records"], strict=True)) == [
        (ADA, ONE[:14], 4), (ADA, TWO[:14], 3), (CLEO, TWO[:14], 2),
    ]  # fmt: skip
    assert list(table["cards_of_handset"]) == [1, 2, 2]
    assert list(table["handsets_of_card"]) == [2, 2, 1]
    assert list(telephony.list_devices(opened(ada=ADAS, cleo=CLEOS), [CLEO]).table["number"]) == [CLEO]


def test_summary(opened: Open) -> None:
    answer = telephony.build_summary(opened(ada=ADAS, cleo=CLEOS), [CLEO])
    assert answer.table["records"].sum() == 3
    assert (answer.table["without_zone"] == answer.table["records"]).all()


def test_periods_include_their_last_day(opened: Open) -> None:
    engine = opened(ada=ADAS)
    assert telephony.list_contacts(engine, ADA, period=Period("2022-07-05", "2022-07-13")).table["records"].sum() == 2
    assert telephony.list_contacts(engine, ADA, period=Period(until="2022-07-04T12:00")).table["records"].sum() == 1
    with pytest.raises(CaseError, match="'soon' is not a date or time") as refused:
        telephony.list_contacts(engine, ADA, period=Period("soon"))
    assert (
        refused.value.translate_to("es") == "«soon» no es una fecha ni una hora. Escriba 2022-07-01 o 2022-07-01T14:30."
    )


def test_without_records_there_is_an_empty_answer(opened: Open) -> None:
    engine = opened()
    for answer in (
        telephony.list_contacts(engine, ADA), telephony.count_by_hour(engine), telephony.list_days(engine, ADA),
        telephony.list_devices(engine),
        telephony.find_common_contacts(engine, [ADA, BEN]), telephony.build_summary(engine),
    ):  # fmt: skip
        assert answer.picture == ""
        assert answer.method
        assert answer.records().empty


def test_pictures_are_plain_and_text_is_escaped(opened: Open) -> None:
    evil = ADAS + f'07700900100,"<img src=x onerror=alert(1)>",OUT,16/07/2022,09:00:00,60,{ONE},234101234567890,"<b>"\n'
    engine = opened(ada=evil, cleo=CLEOS)
    answers = [
        telephony.list_contacts(engine, ADA, services=True), telephony.count_by_hour(engine), telephony.list_days(engine, ADA),
        telephony.list_devices(engine), telephony.find_common_contacts(engine, [ADA, CLEO]), telephony.build_summary(engine),
    ]  # fmt: skip
    for answer in answers:
        assert rewrite_chart(answer.picture)
        assert "<img" not in answer._repr_html_()
        assert Sentence(answer_wording.PERSON) in answer.limits


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_answers_are_shown_in_the_language_and_read_english(opened: Open, language: str) -> None:
    engine, say = opened(ada=ADAS), Translator(language)
    for answer in (
        telephony.list_contacts(engine, ADA, say=say), telephony.count_by_hour(engine, [ADA], say=say),
        telephony.list_days(engine, ADA, say=say),
        telephony.list_devices(engine, say=say), telephony.find_common_contacts(engine, [ADA, BEN], say=say),
        telephony.build_summary(engine, say=say),
    ):  # fmt: skip
        page = answer._repr_html_()
        assert str(say("calls.head.method")) in page and say.direction in page
        assert left(plain(page), language, [*answer.table.columns, *answer.table.astype(str).to_numpy().flat]) == []
        assert Sentence(answer_wording.PERSON) in answer.limits
