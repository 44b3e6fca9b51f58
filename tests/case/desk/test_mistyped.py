"""Files that officers write or are sent, with each value in turn of another type: read, or refused in words, never a raw error."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from workbench import identity
from workbench.case.desk.messages.message_rules import _is_state_file, _read_states
from workbench.errors import SchemaError, WorkbenchError
from workbench.identity import Bureau, TrustList
from workbench.identity.trust_list import _parse_list
from workbench.ingest.calls.operators import find_operator
from workbench.ingest.profile_folder import FOLDER
from workbench.ingest.tables.columns.table_profiles import find_header_fields, find_profile
from workbench.messages import notices
from workbench.messages.rules.rule_check import apply_fix, build_example, check, check_examples, table
from workbench.messages.rules.rule_packs import add_translation, read_pack
from workbench.model.notice_json import is_notice

WRONG = (
    None,
    True,
    -1,
    1.5,
    "",
    "x",
    [],
    ["a"],
    [1],
    [["a"]],
    [{"a": []}],
    {},
    {"a": 1},
    {"en": 1},
    {"1": [2]},
    "9" * 700,
)
RULE = {
    "id": "OUR-01", "for": ["message", "notice"], "severity": "warning", "kind": "content", "basis": "own", "source": "order 12",
    "each": "persons", "field": "family_name", "message": {"en": "m", "fr": "n"}, "fix": "f", "reason": True, "sample": "message",
    "mend": {"replace": "better", "forename": "x"}, "fails": {"persons": [{"family_name": "Moss"}]}, "passes": {"subject": "y"},
    "when": {"any": [
        {"family_name": {"longer": 3, "matches": "a", "unlike": "b"}}, {"not": {"forename": "empty"}}, {"check": "duplicate"},
        {"aliases": {"in": ["a"], "not in": "purposes", "more than": 2}}, {"forename": ["a"], "sex": "given"},
        {"date_of_birth": {"before": "today", "valid": "date", "below": 2}},
        {"all": [{"text": {"words": "guilt", "own words": "guilt", "same as": "subject"}}]},
    ]},
}  # fmt: skip
PACK = {"pack": "ours", "version": "1", "title": "Ours", "rules": [RULE]}
STATES = {"treaties": [{"between": ["XA", "XB"], "name": "Treaty"}], "languages": {"XB": ["fr"]}}
NOTICE = {
    "entity_id": "2024/1", "name": "MOSS", "forename": "DARA", "date_of_birth": "1980/05/06", "sex_id": "F", "nationalities": ["XA"],
    "place_of_birth": "Ter", "distinguishing_marks": "scar", "height": 1.7, "eyes_colors_id": ["BRO"], "un_reference": "QDe.1",
    "arrest_warrants": [{"issuing_country_id": "XA", "charge": "c"}], "identity_documents": [{"a": "b"}], "_links": {"self": {"href": "x"}},
}  # fmt: skip
HEADERS = ["Nr A", "Nr B", "Start", "Dauer", "Zelle", "Art"]
FIELDS = dict(zip(HEADERS, ("caller", "receiver", "start", "duration", "cell", "type"), strict=True))
OPERATOR = {
    "name": "Op", "kind": "calls", "headers": FIELDS, "dates": "dmy", "duration": "s", "operator": "Op", "zone": "UTC",
    "values": {"sms": "sms out"},
}  # fmt: skip
PROFILE = {"format": 1, "name": "Op", "kind": "calls", "fields": FIELDS, "forms": {"date": "dmy"}, "left_out": ["x"]}


def vary(data: Any) -> Iterator[Any]:
    """The data with each of its values in turn of another type, and each name in turn another one."""
    for path in list_paths(data):
        *way, last = path
        for wrong in WRONG:
            made = copy.deepcopy(data)
            get_part(made, way)[last] = copy.deepcopy(wrong)
            yield made
        if isinstance(last, str):
            made = copy.deepcopy(data)
            get_part(made, way)["other"] = get_part(made, way).pop(last)
            yield made


def list_paths(data: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield from list_paths(value, (*path, key))


def get_part(data: Any, path: list[Any]) -> Any:
    for key in path:
        data = data[key]
    return data


def read_rules(data: object) -> None:
    pack = read_pack(json.dumps(data), "ours.yaml")
    check_examples([pack])
    for rule in pack.rules:
        message = build_example(rule, "fails")
        faults = check(message, packs=[pack])
        table(faults, "fr")
        for fault in [one for one in faults if one.mendable][:1]:
            apply_fix(message, fault)


@pytest.mark.slow
def test_a_rule_pack() -> None:
    read_rules(PACK)
    refused = 0
    for data in vary(PACK):
        try:
            read_rules(data)
        except WorkbenchError:
            refused += 1
    assert refused > 500


def test_a_translation_of_a_rule_pack() -> None:
    pack = read_pack(json.dumps(PACK))
    for data in vary({"OUR-01": {"message": "x", "fix": "y", "mend": {"forename": "z", "replace": "w"}}}):
        try:
            add_translation(pack, "fr", data)
        except SchemaError:
            continue


@pytest.mark.parametrize(
    "languages", [["a"], "fr", 3, {"XB": "fr"}, {"XB": [1]}, {"XB": {"fr": 1}}, {"no": ["fr"]}, None, []]
)
def test_languages_of_states_of_another_type_are_refused_and_the_refusal_names_the_file(
    languages: object, tmp_path: Path
) -> None:
    (tmp_path / "ours.yaml").write_text(json.dumps({"languages": languages}))
    with pytest.raises(SchemaError, match=r"ours\.yaml"):
        _read_states(tmp_path / "ours.yaml", (0, 0))


def test_what_is_known_of_states(tmp_path: Path) -> None:
    for number, data in enumerate(vary(STATES)):
        path = tmp_path / f"{number}.yaml"
        path.write_text(json.dumps(data))
        try:
            _is_state_file(path)
            states = _read_states(path, (0, number))
        except SchemaError:
            continue
        assert all(isinstance(one, str) for some in states.languages.values() for one in some)
        assert all(isinstance(one, str) for one in states.treaties.values())


def test_a_trust_list() -> None:
    chief = identity.create_temporary("NCB France", bureau="NCB France", country="FR", role="bureau")
    signed = TrustList((Bureau.from_card(chief.card),)).sign_list(chief)
    assert _parse_list(signed.to_json()) == signed
    for data in vary(json.loads(signed.to_json())):
        try:
            _parse_list(json.dumps(data))
        except WorkbenchError:
            continue


def test_a_notice() -> None:
    for data in vary(NOTICE):
        if not is_notice(data):
            continue
        message = notices.from_public(data).message
        if isinstance(message, notices.Notice):
            list(notices.list_subjects(message))
            with suppress(SchemaError):
                notices.to_notice_json(message)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "profile"), [("o.yml", OPERATOR), ("o.json", PROFILE)])
def test_a_profile_of_a_table(name: str, profile: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    for data in vary(profile):
        (tmp_path / name).write_text(json.dumps(data))
        find_operator(HEADERS)
        find_profile([*HEADERS, "x"])
        find_header_fields(HEADERS, "calls")
