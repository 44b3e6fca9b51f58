from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest.reading.json_objects import Item, Number, Objects, format_value, parse_first_value
from workbench.ingest.reading.source import SourceFile
from workbench.model.text.doubled_names import number_doubled_names

FEATURES = frozenset({"features"})
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def objects(data: str | bytes, members: frozenset[str] = frozenset()) -> Objects:
    content = data.encode() if isinstance(data, str) else data
    return Objects(SourceFile(Path("/nowhere"), "0" * 64, "x.json", content), members)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('[1, {"a": 1.50}]', [("item 1", "1"), ("item 2", {"a": "1.50"})]),
        ('{"a": 1}\n\n{"b": null}\n', [("line 1", {"a": "1"}), ("line 3", {"b": None})]),
        ('{\n"a": 1}\n{\n"a": 2}', [("item 1", {"a": "1"}), ("item 2", {"a": "2"})]),
        ('{"features": [1, 2], "x": 3}', [("line 1 item 1", "1"), ("line 1 item 2", "2")]),
        ('{\n"x": 3, "features": [1, 2]}', [("item 1", "1"), ("item 2", "2")]),
        ('{"a": 1, "a": 2}', [("line 1", {"a": "1", "a (2)": "2"})]),
        (
            '{"a": 1, "a": 2, "a (2)": 3, "a": 4}',
            [("line 1", {"a": "1", "a (2)": "2", "a (2) (2)": "3", "a (3)": "4"})],
        ),
        ("\ufeff[]", []),
        ("[ ]", []),
    ],
)
def test_values_with_their_places(text: str, items: list[tuple[str, object]]) -> None:
    found = objects(text, FEATURES)
    assert list(found) == [Item(*item) for item in items]
    assert not found.issues
    assert list(found) == [Item(*item) for item in items]


def test_a_name_that_stands_often_is_numbered_at_once() -> None:
    begun = time.process_time()
    made = number_doubled_names(("a", number) for number in range(100_000))
    assert len(made) == 100_000 and made["a (100000)"] == 99_999
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "values", "places"),
    [
        ('["\\ud800", "\\u0000x"]', ["\ud800", "\x00x"], "item 1, item 2"), ('{"a": ["\\uDE00"]}', [{"a": ["\ude00"]}], "line 1"),
        ('[\n"\\ud83d\\ude00", "\\\\ud83d"]', ["\U0001f600", "\\ud83d"], ""), ('[1, "x\\ud83d\\u0041"]', ["1", "x\ud83dA"], "item 2"),
    ],
)  # fmt: skip
def test_half_characters_are_told(text: str, values: list[object], places: str) -> None:
    found = objects(text)
    assert [item.value for item in found] == values
    assert [row.code for row in found.issues] == ["bad-encoding"] * bool(places)
    assert all(f"({places})" in row.message for row in found.issues)


def test_other_members_are_kept() -> None:
    for text in ('{"crs": 1, "features": []}', '{\n"crs": 1,\n"features": [2]}'):
        found = objects(text, FEATURES)
        list(found)
        assert found.outer["crs"] == "1"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "truncated", "after item 0"),
        ("[1, 2", "truncated", "after item 2 (the file ends in the middle of a value)"),
        ("[1,]", "truncated", "after item 1"),
        ("[1] x", "truncated", "'x' follows the end"),
        ("[" * 200_000, "truncated", "has too many nested levels"),
        ('{"a": 1}\n{"b": \n{"c": 2}', "bad-row", "Lines that are not JSON and were left out: 1 (lines 2)"),
        (b'[\n"Andr\xe9"]', "bad-encoding", "was read as Windows-1252"),
        (
            b'["' + b"a" * 70_000 + b'", "Andr\xe9"]',
            "bad-encoding",
            "The file is not in the encoding that JSON requires",
        ),
    ],
)
def test_what_is_wrong_is_said(text: str | bytes, code: str, message: str) -> None:
    found = objects(text)
    list(found)
    assert [(issue.code, message in issue.message) for issue in found.issues] == [(code, True)]


def test_a_value_that_never_ends_is_given_up() -> None:
    found = objects('["' + "x" * 25_000_000)
    assert list(found) == []
    assert found.issues[0].code == "truncated"


@given(st.lists(VALUES, max_size=5))
def test_values_of_an_array_come_back(values: list[object]) -> None:
    found = objects(json.dumps(values, indent=1))
    assert [json.loads(format_value(item.value) or "null") if not isinstance(item.value, str) or isinstance(item.value, Number)
            else item.value for item in found] == values  # fmt: skip
    assert not found.issues


def test_first_value() -> None:
    assert parse_first_value(b'  {"a": 1} x') == {"a": "1"}
    assert parse_first_value(b'[{"a": 1}, ') == {"a": "1"}
    assert parse_first_value(b'{"a": ') is None
    assert parse_first_value(b"\x00\x01") is None
