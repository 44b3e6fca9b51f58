"""Rules: each is tried on its own examples; what the user writes is read, or refused in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import within
from workbench.errors import SchemaError, SourceError
from workbench.messages import Message, Surroundings, apply_fix, check, check_examples, load, load_shipped, ready, table
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import build_example, build_example_surroundings, load_samples
from workbench.messages.rules.rule_packs import BLOCKING, check_unique_ids, read_pack
from workbench.messages.rules.rule_patterns import compile_pattern

RULES = [(pack, rule) for pack in load_shipped() for rule in pack.rules]
HEAD = 'pack: ours\nversion: "1"\ntitle: Ours\nrules:\n'
RULE = """  - id: OUR-01
    for: message
    severity: warning
    kind: content
    basis: own
    source: standing order 12
    when: {objects.kind: vehicle, summary_of_facts: {matches: "white van"}}
    message: "“{quote}” is no description of a vehicle."
    fix: Give maker, colour and plate.
    fails: {objects: [{kind: vehicle}], summary_of_facts: The white van left.}
    passes: {objects: [{kind: handset}], summary_of_facts: The white van left.}
"""


@pytest.mark.slow
@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_every_rule_finds_its_failing_example_and_lets_its_passing_one_be(pack: object, rule: object) -> None:
    around = build_example_surroundings()
    found = {said: check(build_example(rule, said), around, [pack]) for said in ("fails", "passes")}
    ids = {said: {fault.rule.id for fault in faults} for said, faults in found.items()}
    assert rule.id in ids["fails"] and rule.id not in ids["passes"]
    for fault in found["fails"]:
        assert "{" not in fault.message and fault.field


def test_there_are_more_than_sixty_rules_with_ids_of_their_own() -> None:
    assert len(RULES) >= 60
    assert len({rule.id for _, rule in RULES}) == len(RULES)
    assert check_examples(load_shipped()).empty


@pytest.mark.parametrize("name", load_samples())
def test_sound_messages_raise_nothing(name: str) -> None:
    assert check(from_dict(load_samples()[name])) == []


def test_only_structure_integrity_and_handling_block_and_nothing_unverified_does() -> None:
    for _, rule in RULES:
        assert not rule.blocks or (rule.kind in BLOCKING and rule.basis != "unverified"), rule.id
        assert rule.message and rule.fix and rule.source, rule.id


def test_what_can_be_mended_is_right_after_the_click() -> None:
    around, clicks = build_example_surroundings(), 0
    for pack, rule in RULES:
        message = build_example(rule, "fails")
        faults = [fault for fault in check(message, around, [pack]) if fault.rule.id == rule.id and fault.mendable]
        if faults:
            clicks += 1
            left = [one for one in check(apply_fix(message, faults[0]), around, [pack]) if one.rule.id == rule.id]
            assert len(left) < len([one for one in check(message, around, [pack]) if one.rule.id == rule.id]), rule.id
    assert clicks >= 10


def test_a_click_on_changed_text_is_refused() -> None:
    message = Message(summary_of_facts="On 3 May 2025 the thief ran away.")
    fault = next(one for one in check(message) if one.rule.id == "TXT-06")
    assert apply_fix(message, fault).summary_of_facts == "On 3 May 2025 the suspect ran away."
    with pytest.raises(SchemaError, match="changed since the check"):
        apply_fix(Message(summary_of_facts="Then the thief ran."), fault)
    other = next(one for one in check(message) if not one.mendable)
    with pytest.raises(SchemaError, match="cannot be fixed automatically"):
        apply_fix(message, other)


def test_danger_to_life_overrides_content_and_nothing_else() -> None:
    calm = build_example(next(rule for _, rule in RULES if rule.id == "TXT-06"), "fails")
    urgent = from_dict(
        {**load_samples()["message"], "urgency": "immediate", "summary_of_facts": "The killer holds a child.", "to": []}
    )
    assert not any(fault.overridden for fault in check(calm))
    faults = check(replace(urgent, urgency_reason="The hostage will be shot."))
    assert {fault.rule.kind for fault in faults if fault.overridden} == {"content"}
    assert not ready(faults)
    assert [fault.rule.id for fault in faults if fault.blocks] == ["MSG-03"]
    for reason, told in (("", "MSG-12"), ("The chief wants it quickly.", "MSG-47")):
        faults = check(replace(urgent, urgency_reason=reason))
        assert not any(fault.overridden for fault in faults)
        assert told in {fault.rule.id for fault in faults}


def test_the_table_shows_where_and_why() -> None:
    message = from_dict({**load_samples()["message"], "summary_of_facts": "On 03/04/2025 he left."})
    rows = table(check(message)).set_index("rule")
    row = rows.loc["TXT-03"]
    assert message.summary_of_facts[row["start"] : row["end"]] == row["quote"] == "03/04/2025"
    assert row["field"] == "summary_of_facts" and row["fix"] and not row["blocks"] and not row["mendable"]
    assert list(table([]).columns) == list(table(check(message)).columns)


def test_a_rule_of_the_users_own_needs_no_python(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(HEAD + RULE, encoding="utf-8")
    pack = load(path)
    assert check_examples([pack]).empty
    found = table(check(build_example(pack.rules[0], "fails"), packs=[*load_shipped(), pack]))
    said = found.loc[found["rule"] == "OUR-01", "message"]
    assert said.tolist() == ["“white van” is no description of a vehicle."]
    path.write_text(HEAD + RULE.replace("white van left.}", "car left.}", 1), encoding="utf-8")
    assert check_examples([load(path)])["example"].tolist() == ["fails"]


WRONG = {
    "a: &x [1]\nb: *x": "references",
    "pack: [": "cannot be read",
    "- one": "no named entries",
    "pack: a\npack: b": "'pack' appears twice",
    "!!python/object/apply:os.system ['true']": "cannot be read",
    "[" * 5000: "has too many nested levels|cannot be read",
    HEAD + RULE + "more: 1": "A rule pack has no such part",
    HEAD.replace('"1"', "1") + RULE: "as text",
    HEAD + RULE + RULE: "Two rules have the id OUR-01",
    HEAD + RULE.replace("OUR-01", "our 1"): "an id must have the form `OUR-01`:",
    HEAD + RULE.replace("kind: content", "kind: taste"): "must be one of",
    HEAD + RULE.replace("severity: warning", "severity: error"): "can be a warning at most",
    HEAD
    + RULE.replace("severity: warning", "severity: error")
    .replace("kind: content", "kind: handling")
    .replace("basis: own", "basis: unverified"): "an unverified rule can be a warning at most",
    HEAD + RULE.replace("objects.kind", "objects.colour"): "is not a field of a message",
    HEAD + RULE.replace('"white van"', '"(a+)+b"'): r"write `\{0,50\}`",
    HEAD + RULE.replace('"white van"', '"(?:a|a){40}b"'): "a group is repeated",
    HEAD + RULE.replace('"white van"', '".{0,99}.{0,99}.{0,99}x"'): "too many ways",
    HEAD + RULE.replace('"white van"', f'"{"(a|aa)" * 40}b"'): "too many ways",
    HEAD + RULE.replace('"white van"', f'"{"(a|)" * 20}b"'): "too many ways",
    HEAD + RULE.replace('"white van"', f'"{"(?:a?)" * 20}b"'): "too many ways",
    HEAD + RULE.replace('"white van"', f'"a{{0,140}}a{{0,140}}{"a" * 270}b"'): "too many ways",
    HEAD + RULE.replace('"white van"', r'"(a)\\1"'): "it uses a backreference, a lookahead, a lookbehind",
    HEAD + RULE.replace('"white van"', '"(?=a)"'): "it uses a backreference, a lookahead, a lookbehind",
    HEAD + RULE.replace('"white van"', '"[a"'): "is not valid: unterminated character set",
    HEAD + RULE.replace("{matches:", "{sounds like:"): "is not a test",
    HEAD + RULE.replace('{matches: "white van"}', "{words: swearing}"): "is not a list of words",
    HEAD + RULE.replace('{matches: "white van"}', "{in: moods}"): "is not a code list",
    HEAD + RULE.replace('{matches: "white van"}', "{before: later}"): "write `today`",
    HEAD + RULE.replace('{matches: "white van"}', "{longer: much}"): "cannot be used",
    HEAD + RULE.replace("objects.kind: vehicle", "check: guess"): "is not a check",
    HEAD + RULE.replace("    fix:", "    code: import os\n    fix:"): "is not a part of a rule",
    HEAD + RULE.replace("    source: standing order 12\n", ""): "'source' is missing",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_written_wrong_is_refused_and_says_why(text: str) -> None:
    with pytest.raises(SchemaError, match=WRONG[text]):
        read_pack(text)


def test_two_packs_with_one_id_are_refused() -> None:
    pack = read_pack(HEAD + RULE)
    with pytest.raises(SchemaError, match="Give one of them another id"):
        check_unique_ids([pack, pack])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="cannot be read"):
        load(tmp_path / "none.yaml")


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_pack_or_breaks_the_reader(text: str) -> None:
    with pytest.raises(SchemaError):
        read_pack(text)


WORDS = st.text(max_size=60) | st.sampled_from(
    ["03/04/2024", "{quote}", "-1", "9999-12-31", "IBAN XB77", "A" * 5000, "0" * 400]
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(sorted(load_samples()["message"].keys() - {"form"})), WORDS))
def test_the_check_survives_any_text_in_any_field(said: dict[str, str]) -> None:
    data = dict(load_samples()["message"])
    for name, value in said.items():
        data[name] = value if isinstance(data[name], str) else data[name]
    try:
        message = from_dict(data)
    except SourceError:
        return
    for fault in check(message, Surroundings(restricted=frozenset({"XR"}), references=frozenset())):
        assert fault.message


def test_a_pack_that_lies_in_the_folder_of_rules_is_refused_likewise(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(HEAD + RULE.replace('"white van"', f'"{"(a|aa)" * 40}b"'), "utf-8")
    with pytest.raises(SchemaError, match="too many ways"):
        load(tmp_path / "ours.yaml")


@pytest.mark.parametrize(
    "written", ["(?:ab|cd)" * 30 + "x", "(?:no|yes|éa)" * 20, "(?:19|20)[0-9]{2}", "(?:a|b|[c-f])" * 20]
)
def test_choices_that_begin_with_different_letters_are_taken(written: str) -> None:
    assert compile_pattern(written).pattern == written


SIGNS = st.sampled_from(["a", "b", "A", "[ab]", "[^b]", ".", "a?", "a{0,3}", "[ab]{1,40}", "a{0,99}"])
PATTERNS = st.recursive(
    SIGNS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=8).map("".join),
        st.lists(st.one_of(st.just(""), inner), min_size=1, max_size=3).map(lambda some: f"({'|'.join(some)})"),
        st.tuples(inner, st.integers(1, 40)).map(lambda one: f"({one[0]})" * one[1]),
        inner.map(lambda one: f"(?:{one})?"),
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(PATTERNS, st.sampled_from(["a" * 2_000, "ab" * 1_000, "a" * 1_999 + "b", "b" * 2_000]))
def test_what_is_taken_matches_in_bounded_time(written: str, text: str) -> None:
    try:
        sought = compile_pattern(f"{written}z")
    except SchemaError:
        return
    within(10.0, lambda: sum(1 for _ in sought.finditer(text)))


@pytest.mark.parametrize("written", ["[a-z ]{1,100}[a-z ]{1,100}#", "a{1,20000}b"])
def test_a_rule_that_would_cost_too_much_is_told_and_not_put_to_the_text(written: str) -> None:
    rule = RULE.replace('"white van"', f'"{written}"').replace("objects.kind: vehicle, ", "")
    rule = rule.replace("The white van left.}\n    passes", '"xaab #"}\n    passes').replace("The white van left.", "X")
    packs = [read_pack(HEAD + rule)]
    message = replace(build_example(packs[0].rules[0], "passes"), summary_of_facts="the van was found in lyon " * 2_000)
    within(2.0, lambda: check(message, packs=packs))
    (fault,) = check(message, packs=packs)
    assert fault.rule.id == "OUR-01" and fault.rule.severity == "warning" and not fault.mendable
    assert fault.message == "This rule was not checked. Its patterns need too many steps for a text of this length."
    assert "n’a pas été vérifiée" in fault.translate_message_and_fix("fr")[0]
    short = replace(message, summary_of_facts="the van")
    assert check(short, packs=packs) == []


def test_many_dear_rules_share_one_budget() -> None:
    rules = "".join(
        RULE.replace("OUR-01", f"OUR-{number}")
        .replace('"white van"', '".{0,150}#"')
        .replace("objects.kind: vehicle, ", "")
        for number in range(200)
    )
    packs = [read_pack(HEAD + rules)]
    message = replace(build_example(packs[0].rules[0], "passes"), summary_of_facts="the van was found in lyon " * 1_500)
    within(4.0, lambda: check(message, packs=packs))
    assert 0 < len(check(message, packs=packs)) < 200
