"""Rule packs: YAML files that people of the trade can read, change and add to. A pack is read whole or refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from workbench.errors import SchemaError
from workbench.messages.model.message import FORMS
from workbench.messages.model.safe_yaml import parse_yaml, read_text
from workbench.messages.rules.condition import KNOWN, Condition, count_tests, parse_condition
from workbench.model.catalogue import LANGUAGES, Sentence

HERE = Path(__file__).parents[1] / "packs"
SEVERITIES = ("error", "warning", "info")
KINDS = ("structure", "integrity", "handling", "content")
BLOCKING = frozenset(KINDS[:3])
BASES = ("seen", "own", "unverified")
"""What a rule rests on: seen in a source that is named, our own form of a message, or a text that nobody here could open."""
MOST = 2_000
MOST_TESTS = 10_000
"""Tests of all rules of a pack."""
LONGEST = 600
"""Characters of a text of a rule."""
NEEDED = ("id", "for", "severity", "kind", "basis", "source", "when", "message", "fails", "passes")
OPTIONAL = ("each", "field", "fix", "mend", "reason", "sample")


class RuleText(NamedTuple):
    """What people read of a rule, in one language: what is wrong, what to do, and the words that a click puts in (as `Rule.mend`)."""

    message: str
    fix: str = ""
    mend: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    id : str
        Such as 'MSG-01'.
    forms : tuple of str
        Which kinds of correspondence it looks at: message, notice, letter.
    severity : str
        'error' (blocks), 'warning' or 'info'.
    kind : str
        'structure', 'integrity', 'handling' or 'content'. Content never blocks.
    basis : str
        'seen', 'own' or 'unverified'. What is unverified at most warns.
    source : str
        Where the rule comes from.
    when : callable
        Gives the places where the rule is broken.
    each : str
        The list (persons, attachments, ...) whose entries are looked at one by one, '' for the whole message.
    field : str
        The field that is shown, '' for the first one of the condition.
    message, fix : str
        What is wrong, and what to do, in English.
    words : mapping
        Language -> both in that language, and `mend` where it puts in words; where somebody has translated them.
    mend : mapping
        What one click does: fields and their new values; {'replace': 'text'} puts other words in the place. 'better' stands
        for what the check has found.
    reason : bool
        Whether who lets the warning stand must say why.
    sample, fails, passes
        The example: a sample of `packs/samples.yaml`, and changes to it that break the rule, and that do not.
    """

    id: str
    forms: tuple[str, ...]
    severity: str
    kind: str
    basis: str
    source: str
    when: Condition
    each: str
    field: str
    message: str
    fix: str
    words: Mapping[str, RuleText]
    mend: Mapping[str, Any]
    reason: bool
    sample: str
    fails: Mapping[str, Any]
    passes: Mapping[str, Any]

    @property
    def blocks(self) -> bool:
        """Whether a message that breaks it is not ready to be sent."""
        return self.severity == "error"

    def get_wording(self, language: str) -> RuleText:
        """What people read of it in a language; in English where nobody has translated it."""
        return self.words.get(language) or RuleText(self.message, self.fix, self.mend)


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules that are kept, versioned and switched on together."""

    name: str
    version: str
    title: str
    rules: tuple[Rule, ...] = field(default=())


@cache
def load_shipped() -> tuple[Pack, ...]:
    """The packs that come with the workbench."""
    files = sorted(path for path in HERE.glob("*.yaml") if path.name != "samples.yaml")
    return tuple(map(load, files))


def check_unique_ids(packs: Iterable[Pack]) -> tuple[Pack, ...]:
    """The packs, if each rule has an id of its own.

    Raises
    ------
    SchemaError
        If two rules have one id.
    """
    seen: dict[str, str] = {}
    packs = tuple(packs)
    for pack in packs:
        for rule in pack.rules:
            if rule.id in seen:
                where = {"one": seen[rule.id], "other": pack.name}
                raise SchemaError(
                    Sentence(
                        "Two rules have the id {rule}: one in {one} and one in {other}. Give one of them another id.",
                        rule=rule.id,
                        **where,
                    )
                )
            seen[rule.id] = pack.name
    return packs


def load(path: str | Path) -> Pack:
    """The pack in a file, with its translations beside it: those of `ours.yaml` in French are in `fr/ours.yaml`.

    Raises
    ------
    SchemaError
        If the file cannot be read, or a rule in it is written wrong; it says which rule, what, and how it is written.
    """
    path = Path(path)
    pack = read_pack(_read_text(path), path.name)
    for language in LANGUAGES:
        beside = path.parent / language / path.name
        if beside.exists():
            pack = add_translation(pack, language, parse_yaml(_read_text(beside), f"{language}/{path.name}"))
    return pack


def _read_text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(Sentence("The rule pack {path} cannot be read: {error}.", path=path, error=error)) from None


def add_translation(pack: Pack, language: str, said: Mapping[Any, Any]) -> Pack:
    """The pack with what its rules say in one more language.

    Parameters
    ----------
    said : mapping
        Id of a rule -> {message, fix, mend}; a part that is left out stays in English.

    Raises
    ------
    SchemaError
        If the pack has no such rule, or something else is said of it.
    """
    if unknown := set(said) - {rule.id for rule in pack.rules}:
        rule = min(map(str, unknown))
        raise SchemaError(
            Sentence(
                "The '{spoken}' translation of {pack} contains {rule}, but the rule pack has no such rule.",
                pack=pack.name,
                spoken=language,
                rule=rule,
            )
        )
    return replace(pack, rules=tuple(_add_wording(rule, language, said.get(rule.id, {})) for rule in pack.rules))


def _add_wording(rule: Rule, language: str, said: object) -> Rule:
    if not isinstance(said, Mapping) or set(said) - {*RuleText._fields}:
        value = f"{said!r:.60}"
        raise SchemaError(
            Sentence(
                "The '{spoken}' translation of {rule} must have the form `{{message: …, fix: …}}`. Found: {value}.",
                rule=rule.id,
                spoken=language,
                value=value,
            )
        )
    here, mend = rule.get_wording(language), _parse_mend(said)
    if more := set(mend) - set(rule.mend):
        raise SchemaError(
            Sentence(
                "The '{spoken}' translation of {rule} contains an automatic fix for the field '{field}', but the rule "
                "itself does not.",
                rule=rule.id,
                spoken=language,
                field=min(more),
            )
        )
    made = RuleText(
        _parse_text(said, "message") or here.message, _parse_text(said, "fix") or here.fix, {**here.mend, **mend}
    )
    return replace(rule, words={**rule.words, language: made}) if said else rule


def read_pack(text: str, name: str = "rule pack") -> Pack:
    """The pack in a YAML text; refuses what `load` refuses."""
    data = parse_yaml(text, name)
    rules = data.get("rules")
    if unknown := set(data) - {"pack", "version", "title", "rules"}:
        raise SchemaError(
            Sentence("{name} contains '{part}'. A rule pack has no such part.", name=name, part=min(map(str, unknown)))
        )
    if not isinstance(rules, list) or not all(isinstance(data.get(key), str) for key in ("pack", "version", "title")):
        raise SchemaError(
            Sentence("{name} needs `pack`, `version` and `title` as text (in quotes), and a list `rules`.", name=name)
        )
    if len(rules) > MOST:
        raise SchemaError(
            Sentence("{name} has {count} rules. At most {most} are allowed.", name=name, count=len(rules), most=MOST)
        )
    count = sum(count_tests(one.get("when")) for one in rules if isinstance(one, dict))
    if count > MOST_TESTS:
        raise SchemaError(
            Sentence("{name} has {count} tests. At most {most} are allowed.", name=name, count=count, most=MOST_TESTS)
        )
    pack = Pack(data["pack"], data["version"], data["title"], tuple(_parse_rule(one, name) for one in rules))
    check_unique_ids([pack])
    return pack


def _parse_rule(data: object, name: str) -> Rule:
    if not isinstance(data, dict):
        raise SchemaError(
            Sentence("{name}: a rule must have named parts. Found: {value}.", name=name, value=f"{data!r:.60}")
        )
    try:
        return _build_rule(data)
    except SchemaError as error:
        rule = str(data["id"])[:40] if "id" in data else Sentence("without an id")
        raise SchemaError(Sentence("{name}, rule {rule}: {error}", name=name, rule=rule, error=error)) from None


def _build_rule(data: dict[str, Any]) -> Rule:
    if unknown := [key for key in data if key not in (*NEEDED, *OPTIONAL)]:
        raise SchemaError(
            Sentence(
                "'{part}' is not a part of a rule. Known parts: {known}.",
                part=unknown[0],
                known=", ".join((*NEEDED, *OPTIONAL)),
            )
        )
    if missing := [key for key in NEEDED if key not in data]:
        raise SchemaError(Sentence("'{part}' is missing.", part=missing[0]))
    if not re.fullmatch(r"[A-Z][A-Z0-9-]{1,30}", str(data["id"])):
        raise SchemaError(
            Sentence(
                "an id must have the form `OUR-01`: 2 to 31 uppercase letters, digits and hyphens. The first "
                "character must be a letter."
            )
        )
    forms = tuple(data["for"]) if isinstance(data["for"], list) else (data["for"],)
    _check_choice("for", forms, tuple(FORMS))
    for part, known in (("severity", SEVERITIES), ("kind", KINDS), ("basis", BASES)):
        _check_choice(part, (data[part],), known)
    _may_block(data)
    said = {part: _parse_translations(data, part) for part in ("message", "fix")}
    made = Rule(
        id=data["id"],
        forms=forms,
        when=parse_condition(data["when"]),
        reason=data.get("reason") is True,
        sample=_parse_text(data, "sample") or forms[0],
        each=_parse_field_name(data, "each"),
        field=_parse_field_name(data, "field"),
        mend=_parse_mend(data),
        fails=_parse_mapping(data, "fails"),
        passes=_parse_mapping(data, "passes"),
        words={},
        **{part: texts["en"] for part, texts in said.items()},
        **{part: _parse_text(data, part) for part in ("severity", "kind", "basis", "source")},
    )
    for language in sorted({language for texts in said.values() for language in texts} - {"en"}):
        made = _add_wording(
            made, language, {part: texts[language] for part, texts in said.items() if language in texts}
        )
    return made


def _parse_translations(data: Mapping[str, Any], part: str) -> dict[str, str]:
    """Language -> text of a part: one text is English, and several are written {en: …, fr: …}."""
    said = data.get(part, "")
    if not isinstance(said, Mapping):
        return {"en": _parse_text(data, part)}
    if "en" not in said or set(said) - set(LANGUAGES):
        raise SchemaError(
            Sentence(
                "'{part}' needs a text in English (`en`). Possible languages: {languages}.",
                part=part,
                languages=", ".join(LANGUAGES),
            )
        )
    return {language: _parse_text(said, language) for language in said}


def _may_block(data: Mapping[str, Any]) -> None:
    if data["severity"] != "error":
        return
    if data["kind"] not in BLOCKING:
        raise SchemaError(
            Sentence(
                "only rules about structure, integrity and handling can be errors. A rule about the "
                "words of a text can be a warning at most."
            )
        )
    if data["basis"] == "unverified":
        raise SchemaError(
            Sentence(
                "an unverified rule can be a warning at most. Enter the source that you checked, and write "
                "`basis: seen`."
            )
        )


def _check_choice(part: str, said: Iterable[object], known: tuple[str, ...]) -> None:
    for one in said:
        if one not in known:
            raise SchemaError(
                Sentence(
                    "'{part}' is '{value}'. It must be one of these: {known}.",
                    part=part,
                    value=one,
                    known=", ".join(known),
                )
            )


def _parse_text(data: Mapping[str, Any], part: str) -> str:
    value = data.get(part, "")
    if not isinstance(value, str) or len(value) > LONGEST:
        raise SchemaError(
            Sentence(
                "'{part}' must be a text of at most {most} characters. Found: {value}.",
                part=part,
                most=LONGEST,
                value=f"{value!r:.60}",
            )
        )
    return value


def _parse_field_name(data: Mapping[str, Any], part: str) -> str:
    value = _parse_text(data, part)
    if value and value.split(".")[0] not in KNOWN:
        raise SchemaError(Sentence("'{field}' is not a field of a message.", field=value))
    return value


def _parse_mapping(data: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    value = data.get(part) or {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise SchemaError(
            Sentence(
                "'{part}' must have the form `{{field: value}}`. Found: {value}.", part=part, value=f"{value!r:.60}"
            )
        )
    return value


def _parse_mend(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a click does. The words that it puts in are text."""
    value = _parse_mapping(data, "mend")
    _parse_text(value, "replace")
    return value
