"""Positions of entities for a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.graph.rows import evidence, thing
from workbench.graph import list_places
from workbench.model.rows import Claim
from workbench.model.table_schemas import PLACES

if TYPE_CHECKING:
    import pandas as pd


def address(name: str, lat: str, lon: str, document: str = "d1", kind: str = "received") -> list[Claim]:
    said = (("latitude", lat), ("longitude", lon), ("full", f"{name} street"))
    return [Claim(name, "Address", prop, value, document_id=document, kind=kind) for prop, value in said]


def found(*claims: Claim, nodes: str = "abcde") -> pd.DataFrame:
    return list_places(evidence([*claims]), set(nodes))


def test_an_address_stands_where_it_says_and_who_has_it_stands_there_too() -> None:
    lives = Claim("a", "Person", "addressEntity", "b", document_id="d2", kind="suggested")
    frame = found(*thing("Person", "a"), *address("b", "38.7", "-9.1"), lives)
    assert list(frame.columns) == list(PLACES)
    assert frame[["node", "lat", "lon", "label", "layer"]].to_numpy().tolist() == [
        ["a", 38.7, -9.1, "b street", "suggested"],
        ["b", 38.7, -9.1, "b street", "received"],
    ]


def test_an_event_is_dated() -> None:
    said = [
        Claim("e", "Event", prop, value, document_id="d3")
        for prop, value in (("addressEntity", "b"), ("startDate", "2024-06-01"))
    ]
    frame = found(*thing("Event", "e"), *address("b", "1", "2"), *said, nodes="e")
    assert frame[["node", "at"]].to_numpy().tolist() == [["e", "2024-06-01"]]


def test_what_cannot_be_a_position_is_counted_and_left_out() -> None:
    frame = found(*address("b", "95", "2"), *address("c", "NaN", "2"), *address("d", "-33.9", "151.2"))
    assert frame["node"].to_list() == ["d"]
    assert frame.attrs["left_out"] == 2


def test_two_positions_of_one_place_are_both_shown() -> None:
    frame = found(*address("b", "10", "20"), *address("b", "11", "21", document="d2"))
    assert frame[["lat", "lon"]].to_numpy().tolist() == [[10, 20], [11, 21]]


def test_nothing_located_is_a_table_without_rows() -> None:
    assert list(found(*thing("Person", "a")).columns) == list(PLACES)
