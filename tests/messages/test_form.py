"""Messages as JSON: nothing is lost, and what is no message is refused in words."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import SchemaError, SourceError
from workbench.messages import LetterOfRequest, Message, Notice, from_json, to_json
from workbench.messages.model.message_fields import list_values, replace_field
from workbench.messages.model.message_json import from_dict, get_field_types, to_dict
from workbench.messages.rules.rule_check import load_samples

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = {
    str: TEXTS,
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(),
    type(None): st.none(),
}


def strategy(wanted: Any) -> st.SearchStrategy[Any]:
    if get_origin(wanted) is tuple:
        return st.lists(strategy(get_args(wanted)[0]), max_size=2).map(tuple)
    if is_dataclass(wanted):
        return st.builds(wanted, **{name: strategy(kind) for name, kind in get_field_types(wanted).items()})
    return st.one_of([PLAIN[kind] for kind in get_args(wanted) or (wanted,)])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.one_of([strategy(one) for one in (Message, Notice, LetterOfRequest)]))
def test_out_and_in_again_is_the_same_message(message: Message) -> None:
    again = from_json(to_json(message))
    assert again == message and type(again) is type(message)
    assert to_json(again) == to_json(message)


@pytest.mark.parametrize("name", load_samples())
def test_samples_come_back_from_json(name: str) -> None:
    message = from_dict(load_samples()[name])
    assert from_json(to_json(message)) == message
    assert set(to_dict(message)) == {"form", *(field.name for field in fields(message))}


HOSTILE = {
    "": "The message is not valid JSON",
    "[]": "does not have named fields",
    "{}": "`form` is missing",
    '{"form": ["message"]}': "must be one of",
    '{"form": "message", "type": 3}': "'type' is 3. It must be text",
    '{"form": "message", "type": null}': "'type' is missing. It must be text",
    '{"form": "message", "to": "XB"}': "It must be a list",
    '{"form": "message", "to": [["XB"]]}': r"'to\[0\]' is \['XB'\]",
    '{"form": "message", "persons": ["X"]}': "It must be a group of named fields",
    '{"form": "message", "persons": [{"guilt": 5}]}': r"persons\[0\]\.guilt",
    '{"form": "message", "__class__": "x"}': "is not a field",
    '{"form": "message", "type": "a", "type": "b"}': "the field 'type' appears twice",
    '{"form": "message", "type": "\\ud800"}': "an incomplete Unicode character",
    '{"form": "notice", "charges": [{"maximum_years": NaN}]}': "NaN is not a number",
    '{"form": "notice", "charges": [{"maximum_years": 1e999}]}': "It must be a number",
    '{"form": "notice", "charges": [{"maximum_years": true}]}': "a number or `null`",
    '{"form": "notice", "charges": [{"maximum_years": 1' + "0" * 400 + "}]}": "too large",
    '{"form": "notice", "pilot": 1}': "`true` or `false`",
    '{"form": "message", "to": [' + ",".join(['""'] * 10_001) + "]}": "has 10,001 entries. The limit is 10,000",
    "[" * 100_000: "too many nested levels|not valid JSON",
    " " * 4_000_001: "has 4,000,001 characters, and the limit is 4,000,000",
}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_refused_in_words(text: str) -> None:
    with pytest.raises(SourceError, match=HOSTILE[text]):
        from_json(text)


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    )
)
def test_any_other_json_is_refused(data: Any) -> None:
    with pytest.raises(SourceError):
        from_json(json.dumps(data))


def test_fields_are_found_and_changed_by_name() -> None:
    message = from_dict(load_samples()["message"])
    assert list(list_values(message, "persons.status")) == [("persons[0].status", "suspect")]
    assert list(list_values(message, "persons[0].phones")) == [("persons[0].phones", ("+447700900123",))]
    assert list(list_values(message, "persons[7].status")) == list(list_values(message, "charges.text")) == []
    assert replace_field(message, "persons[0].status", "witness").persons[0].status == "witness"
    with pytest.raises(SchemaError, match="Entries in the list: 1"):
        replace_field(message, "persons[1].status", "witness")
    with pytest.raises(SchemaError, match="is not a field"):
        replace_field(message, "colour", "red")
