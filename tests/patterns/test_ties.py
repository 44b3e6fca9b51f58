"""Links out of call records: which pairs, how many, and the records behind them."""

from __future__ import annotations

import pytest

from tests.patterns.conftest import Open
from tests.patterns.test_telephony import ADA, ADAS, BEN, CLEO, CLEOS, TAXI
from workbench.ledger.duckdb import Analytics
from workbench.model import identifiers
from workbench.model.table_schemas import LINKS
from workbench.patterns import call_network, call_quality


def documents(engine: Analytics) -> list[str]:
    return engine.query_frame("SELECT DISTINCT document_id FROM calls ORDER BY 1")["document_id"].tolist()


def counted(engine: Analytics, documents: list[str] | None = None) -> Analytics:
    call_network.count_pairs(engine, documents)
    return engine


@pytest.mark.slow
def test_links_join_the_numbers_of_the_ledger(opened: Open) -> None:
    found = call_network.list_links(counted(opened(ada=ADAS, cleo=CLEOS)))
    table = found.table
    assert list(table.columns) == [*LINKS, *call_network.MORE]
    ada, ben = (identifiers.build_telephone_key(number).entity_id for number in (ADA, BEN))
    link = table[(table["source"] == ada) & (table["target"] == ben)].iloc[0]
    assert (link["count"], link["at"], link["until"], link["relation"]) == (
        2, "2022-07-04T09:00:00", "2022-07-14T00:10:00", "called",
    )  # fmt: skip
    service = table[table["service"]]
    assert list(service["a"]) == ["operator"] and list(service["a_service"]) == [True]
    assert not service["b_service"].any()
    assert (found.pairs, found.records, found.pair_count) == (6, 7, 6)
    assert len(call_network.list_links(counted(opened(ada=ADAS, cleo=CLEOS)), [CLEO]).table) == 3


def test_few_pairs_are_the_named_ones_first_and_the_rest_is_counted(opened: Open) -> None:
    engine = counted(opened(ada=ADAS, cleo=CLEOS))
    most = call_network.list_links(engine, limit=1)
    assert most.table[["a", "b"]].to_numpy().tolist() == [[ADA, BEN]]
    assert (most.pairs, most.records, most.pair_count) == (6, 7, 1)
    named = call_network.list_links(engine, first=[CLEO, TAXI], limit=3).table
    assert set(named["a"] + named["b"]) == {CLEO + TAXI, ADA + CLEO, ADA + TAXI}
    assert call_network.list_links(opened()).pairs == call_network.list_links(counted(opened())).pairs == 0


def test_only_the_documents_asked_for_and_one_row_for_each(opened: Open) -> None:
    other = ADAS.replace("04/07/2022", "05/08/2022")
    engine = counted(opened(ada=ADAS, other=other))
    one, two = documents(engine)
    table = call_network.list_links(engine).table
    assert len(table[(table["a"] == ADA) & (table["b"] == BEN)]) == 2
    assert set(call_network.list_links(counted(engine, [one])).table["document_id"]) == {one}
    assert call_network.list_links(counted(engine, [])).table.empty
    assert set(call_network.list_links(counted(engine, [two]), [ADA]).table["document_id"]) == {two}


def test_the_records_behind_a_link_in_order_of_time(opened: Open) -> None:
    engine = opened(ada=ADAS, cleo=CLEOS)
    rows = call_network.list_records(engine, [(ADA, BEN), (BEN, ADA)])
    assert rows["row"].tolist() == [2, 3, 6]
    assert dict(zip(rows["a"], rows["records"], strict=True)) == {ADA: 2, BEN: 1}
    assert call_network.list_records(engine, [(ADA, BEN)], each=1)["row"].tolist() == [2]
    assert call_network.list_records(engine, []).empty
    assert call_network.list_records(engine, [(ADA, BEN)], documents=[]).empty


def test_numbers_are_found_by_the_id_that_they_would_have(opened: Open) -> None:
    engine = counted(opened(ada=ADAS))
    assert call_network.number_of(engine, identifiers.build_telephone_key(TAXI).entity_id) == TAXI
    assert call_network.number_of(engine, identifiers.build_telephone_key("+447700900555").entity_id) == ""
    assert call_network.number_of(engine, "person-1") == ""
    assert call_network.has_number(engine, TAXI) and not call_network.has_number(engine, CLEO + "0")


@pytest.mark.slow
def test_a_call_of_two_files_counts_in_the_one_whose_calls_are_claimed(opened: Open) -> None:
    engine = opened(ada=ADAS, again=ADAS.replace("Dur(s)", "Duration"))
    assert len(documents(engine)) == 2
    for kept in documents(engine):
        call_quality.find_repeats(engine, [kept])
        assert set(engine.query_frame("SELECT document_id FROM counted WHERE a <> '' AND b <> ''")["document_id"]) == {
            kept
        }
        assert (
            call_network.list_links(counted(engine)).records
            == call_network.list_links(counted(opened(ada=ADAS))).records
            == 5
        )
