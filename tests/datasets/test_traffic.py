"""Generated traffic: it can be made again, it is varied, and its truth is of its messages."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from workbench.messages import from_json
from workbench.messages.model.message_fields import list_values
from workbench.messages.model.value_formats import is_telephone
from workbench.messages.traffic import text_forms
from workbench.messages.traffic.field_labels import find_code
from workbench.messages.traffic.message_builder import DATES

MAKE = Path(__file__).resolve().parents[2] / "datasets" / "make"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    sys.path.insert(0, str(MAKE))
    spec = importlib.util.spec_from_file_location("make_traffic", MAKE / "traffic.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    files: dict[str, str] = module.files(5, 600)
    assert files == module.files(5, 600) != module.files(6, 600)
    return files


def test_each_line_is_a_message_with_its_truth(made: dict[str, str]) -> None:
    messages = [from_json(line) for line in made["messages.jsonl"].splitlines()]
    truth = [json.loads(line) for line in made["truth.jsonl"].splitlines()]
    assert [one.message_id for one in messages] == [row["message_id"] for row in truth]
    assert len({row["message_id"] for row in truth}) == len(truth) >= 600
    assert {row["language"] for row in truth} == {"en", "fr", "es", "ar"}
    assert {row["form"] for row in truth} == {"message", "notice", "letter"}
    assert {kind for row in truth for kind in row["kind"]} >= {
        "request",
        "reminder",
        "reply",
        "correction",
        "cancellation",
    }
    assert len({row["crime_area"] for row in truth}) == 23
    assert any(row["near_duplicate_of"] for row in truth) and any(row["in_two_countries"] for row in truth)
    assert 0.2 < sum(bool(row["broken"]) for row in truth) / len(truth) < 0.6


def test_texts_are_varied_and_whole(made: dict[str, str]) -> None:
    texts = [from_json(line).summary_of_facts for line in made["messages.jsonl"].splitlines()]
    assert len(set(texts)) > 0.85 * len(texts)
    assert not any(re.search(r"[{}|]|\[", text) for text in texts)
    assert Counter(texts).most_common(1)[0][1] < 30


def test_numbers_are_of_nobody(made: dict[str, str]) -> None:
    fiction = re.compile(r"\+(?:447700900\d{3}|3363998\d{4}|35320912\d{4}|120255501\d\d)")
    for row in map(json.loads, made["truth.jsonl"].splitlines()):
        phones = [number for number in row["numbers"] if number.startswith("+")]
        assert all(fiction.fullmatch(number) and is_telephone(number) for number in phones)


@pytest.mark.slow
def test_messages_come_back_from_forms_in_four_languages_but_for_codes_and_dates(made: dict[str, str]) -> None:
    """What differs was written otherwise than our codes and dates are: 'male' is read as M, 31/12/1980 as 1980-12-31."""
    messages = [from_json(line) for line in made["messages.jsonl"].splitlines()]
    same = 0
    for number, message in enumerate(messages):
        (found,) = text_forms.read_messages(text_forms.format_message(message, ("en", "fr", "es", "ar")[number % 4]))
        assert found.message and not found.unmapped_values
        same += found.message == message
        for path, value in text_forms.flatten_fields(message):
            name, read = path.rpartition(".")[2], [one for _, one in list_values(found.message, path)]
            assert (
                name in DATES
                or value == ""
                or not isinstance(read[0], str)
                or read[0] in (value, find_code(name, value))
            )
    assert same > 0.95 * len(messages)
