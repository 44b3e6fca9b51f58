"""What rules say in Arabic, French and Spanish: each rule of ours has all three, and a pack of the user's own may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench.errors import SchemaError
from workbench.messages import apply_fix, check, load, load_shipped, table
from workbench.messages.model.code_lists import load_codes
from workbench.messages.model.message import Message
from workbench.messages.rules.rule_check import build_example, build_example_surroundings
from workbench.messages.rules.rule_packs import Pack, Rule, read_pack
from workbench.model.catalogue import LANGUAGES

OTHERS = LANGUAGES[1:]
RULES = [rule for pack in load_shipped() for rule in pack.rules]
NAMED = re.compile(r"\{(\w+)\}")
ODD = re.compile(
    r"\b(?<!there )(is|are) no (?!longer\b)|\brests\b|\bsomebody\b|\bnone is named\b|\bwithout another word\b|\bnothing of\b"
    r"|\bfor leave\b|\btake (it|them|the \w+) out\b|\bstands there\b|\bfinds? its way\b|\bsigns that\b|\blacks\b|\bis not said\b",
    re.IGNORECASE,
)
"""Phrases that a reader of plain English (level B1) does not know."""
PACK = """pack: ours
version: "1"
title: Ours
rules:
  - id: OUR-01
    for: message
    severity: warning
    kind: content
    basis: own
    source: standing order 12
    when: {summary_of_facts: {matches: "white van"}}
    message: "“{quote}” is no description."
    fix: Give maker and plate.
    mend: {conditions_of_use: For us alone.}
    fails: {summary_of_facts: The white van left.}
    passes: {}
"""
FRENCH = "OUR-01: {message: '« {quote} » ne décrit rien.', mend: {conditions_of_use: Pour nous seuls.}}"


@pytest.mark.parametrize("language", OTHERS)
def test_each_rule_is_said_in_each_language_with_the_same_names(language: str) -> None:
    for rule in RULES:
        here, there = rule.get_wording("en"), rule.get_wording(language)
        assert language in rule.words, rule.id
        for english, other in zip(here[:2], there[:2], strict=True):
            assert other != english and sorted(NAMED.findall(other)) == sorted(NAMED.findall(english)), rule.id


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_that_a_click_puts_in_are_in_each_language_too(language: str) -> None:
    told = [rule for rule in RULES if any(" " in str(text) for text in rule.mend.values())]
    assert told
    for rule in told:
        assert (
            rule.get_wording(language).mend.keys() == rule.mend.keys() and rule.get_wording(language).mend != rule.mend
        ), rule.id


def test_arabic_has_no_english_but_codes() -> None:
    known = {
        word.lower() for entries in load_codes().values() for code in entries for word in re.findall("[A-Za-z]+", code)
    }
    for rule in RULES:
        for text in rule.get_wording("ar")[:2]:
            latin = re.findall(r"[A-Za-z]+", NAMED.sub("", text))
            assert not [word for word in latin if word.islower() and word not in known], (rule.id, text)


def test_rules_are_told_in_plain_english() -> None:
    for rule in RULES:
        for text in rule.get_wording("en")[:2]:
            assert not ODD.search(text), (rule.id, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_rules_are_short_and_in_words(language: str) -> None:
    for rule in RULES:
        for text in rule.get_wording(language)[:2]:
            assert len(re.findall(r"[.?!](?=\s|$)", text)) <= 2, (rule.id, text)
            assert "_" not in NAMED.sub("", text), (rule.id, "a code, not a word", text)


def test_an_issue_is_told_in_the_language_of_its_reader() -> None:
    rule = next(rule for rule in RULES if rule.id == "TXT-03")
    faults = [
        one for one in check(build_example(rule, "fails"), build_example_surroundings()) if one.rule.id == "TXT-03"
    ]
    told = {language: table(faults, language).iloc[0] for language in (*LANGUAGES, "xx")}
    assert len({row["message"] for row in told.values()}) == 4 and told["xx"]["message"] == told["en"]["message"]
    assert {row["quote"] in row["message"] for row in told.values()} == {True}
    assert "\u2068" in told["ar"]["message"], "words of the message stand apart"
    assert {(row["rule"], row["start"], row["end"]) for row in told.values()} == {
        ("TXT-03", faults[0].start, faults[0].end)
    }


def test_dates_and_names_keep_their_order_in_arabic() -> None:
    rule = next(rule for rule in RULES if rule.id == "TXT-03")
    fault = next(
        one for one in check(build_example(rule, "fails"), build_example_surroundings()) if one.rule.id == "TXT-03"
    )
    assert "\u206803/04/2026\u2069" in fault.translate_message_and_fix("ar")[0] and "\u2068" not in "".join(
        fault.translate_message_and_fix("fr")
    )
    named = Message(type="x\u2069 y", language="en")
    told = next(one.translate_message_and_fix("ar")[0] for one in check(named) if one.rule.id == "MSG-02")
    assert told.count("\u2069") == 1, "words cannot end what sets them apart"


def test_a_code_is_told_by_its_word() -> None:
    rule = next(rule for rule in RULES if rule.id == "MSG-33")
    fault = next(
        one for one in check(build_example(rule, "fails"), build_example_surroundings()) if one.rule.id == "MSG-33"
    )
    assert (
        "“bank records”" in fault.translate_message_and_fix("en")[0]
        and "«registros bancarios»" in fault.translate_message_and_fix("es")[0]
    )


def test_a_click_puts_in_words_of_the_language_of_the_message() -> None:
    rule = next(rule for rule in RULES if rule.id == "MSG-39")
    message = build_example(rule, "fails")
    texts = set()
    for language in LANGUAGES:
        one = Message(**{name: getattr(message, name) for name in ("persons", "to")}, language=language)
        fault = next(fault for fault in check(one) if fault.rule.id == "MSG-39")
        texts.add(apply_fix(one, fault).conditions_of_use)
    assert len(texts) == 4


def _ours(tmp_path: Path, said: str) -> Pack:
    (tmp_path / "fr").mkdir(exist_ok=True)
    (tmp_path / "ours.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "fr" / "ours.yaml").write_text(said, encoding="utf-8")
    return load(tmp_path / "ours.yaml")


def _only(pack: Pack) -> Rule:
    (rule,) = pack.rules
    return rule


def test_the_users_own_pack_is_translated_beside_it(tmp_path: Path) -> None:
    pack = _ours(tmp_path, FRENCH)
    (fault,) = check(build_example(_only(pack), "fails"), build_example_surroundings(), [pack])
    assert fault.translate_message_and_fix("fr") == ("« white van » ne décrit rien.", "Give maker and plate.")
    assert fault.translate_message_and_fix("es") == (fault.message, fault.fix), (
        "what nobody has translated is in English"
    )
    assert _only(pack).get_wording("fr").mend == {"conditions_of_use": "Pour nous seuls."}


def test_the_users_own_rule_may_hold_its_languages_itself() -> None:
    both = PACK.replace(
        "fix: Give maker and plate.", "fix: {en: Give maker and plate., es: Indique marca y matrícula.}"
    )
    rule = _only(read_pack(both))
    assert rule.fix == "Give maker and plate."
    assert rule.get_wording("es") == ("“{quote}” is no description.", "Indique marca y matrícula.", rule.mend)
    with pytest.raises(SchemaError, match=r"needs a text in English \(`en`\)"):
        read_pack(PACK.replace("fix: Give maker and plate.", "fix: {es: Indique marca.}"))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("OUR-02: {message: Non.}", "contains OUR-02, but the rule pack has no such rule"),
        ("OUR-01: Non.", "must have the form"),
        ("OUR-01: {text: Non.}", "must have the form"),
        ("OUR-01: {mend: {subject: Non.}}", ", but the rule itself does not"),
    ],
)
def test_a_translation_that_is_written_wrong_is_refused(tmp_path: Path, said: str, why: str) -> None:
    with pytest.raises(SchemaError, match=why):
        _ours(tmp_path, said)
