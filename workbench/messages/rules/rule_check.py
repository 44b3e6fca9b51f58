"""The check: rules put to a message. What they find is told with place, reason and remedy; what can be mended is, at a click."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import pandas as pd

from workbench.errors import SchemaError
from workbench.messages.model.check_context import Mention, Surroundings
from workbench.messages.model.defect import catch_defect
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import list_values, normalise_figures, replace_field
from workbench.messages.model.message_json import from_dict, to_dict
from workbench.messages.model.safe_yaml import parse_yaml
from workbench.messages.rules.condition import Scope
from workbench.messages.rules.rule_packs import HERE, Pack, Rule, RuleText, check_unique_ids, load_shipped
from workbench.messages.rules.rule_patterns import SearchBudget
from workbench.messages.templates.opening_texts import blank_out_list
from workbench.messages.wording.alarm_words import is_life_at_stake
from workbench.messages.wording.invisible_characters import clean_message, find_span, remove_invisible
from workbench.model.catalogue import LANGUAGES, RIGHT_TO_LEFT, Sentence, has_key, translate
from workbench.model.text.bidi import isolate_figures, isolate_words

COLUMNS = (
    "rule", "severity", "blocks", "overridden", "field", "start", "end", "quote", "message", "fix", "mendable", "reason",
    "source", "basis", "pack",
)  # fmt: skip
RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a message breaks a rule.

    Attributes
    ----------
    rule, pack : Rule, Pack
    field : str
        Such as 'persons[0].status'.
    start, end : int or None
        Span in the text of the field, None where it is about the whole of it.
    quote, detail : str
        What stands there, and what completes the sentence of the rule.
    overridden : bool
        Whether danger to life lets the message pass all the same. Only what is about content is ever overridden.
    better : str or None
        What a click puts in the place of the quote, where one is known.
    """

    rule: Rule
    pack: Pack
    field: str
    start: int | None
    end: int | None
    quote: str
    overridden: bool
    better: str | None
    detail: str = ""

    def __str__(self) -> str:
        """What is wrong, in English."""
        return self.message

    def translate_to(self, language: str) -> str:
        """What is wrong, in a language."""
        return self.translate_message_and_fix(language)[0]

    @property
    def blocks(self) -> bool:
        """Whether the message is not ready because of it."""
        return self.rule.blocks

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.translate_message_and_fix("en")[0]

    @property
    def fix(self) -> str:
        """What to do, in English."""
        return self.translate_message_and_fix("en")[1]

    def translate_message_and_fix(self, language: str) -> tuple[str, str]:
        """What is wrong and what to do, in a language."""
        said = self.rule.get_wording(language)
        return self._put(said.message, language), self._put(said.fix, language)

    def _put(self, text: str, language: str) -> str:
        """A sentence of the rule with what was found: {quote}, {better}, {detail} and {field}."""
        key = f"special_category.{self.detail}"
        detail = translate(key, language) if has_key(key) else self.detail
        known = {
            "quote": self._format_quote(language),
            "better": self.better or "",
            "detail": detail,
            "field": self.field,
        }
        if language in RIGHT_TO_LEFT:
            text, known = isolate_figures(text), {name: isolate_words(words) for name, words in known.items()}
        return re.sub(r"\{(quote|better|detail|field)\}", lambda match: known[match[1]], text)

    def _format_quote(self, language: str) -> str:
        """What is quoted, as one sees it; a code that is the whole of a field by its word in a language."""
        key = f"code.{self.quote}"
        return translate(key, language) if self.start is None and has_key(key) else remove_invisible(self.quote)

    @property
    def mendable(self) -> bool:
        """Whether `apply_fix` can put it right."""
        said = self.rule.mend.get("replace")
        return bool(self.rule.mend) and (said != "better" or self.better is not None)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a fault, as a value of a sentence; '' where nothing is advised."""

    fault: Fault

    def __str__(self) -> str:
        """In English."""
        return self.translate_to("en")

    def translate_to(self, language: str) -> str:
        """In a language."""
        return self.fault.translate_message_and_fix(language)[1]


def check(
    message: Correspondence, around: Surroundings | None = None, packs: Iterable[Pack] | None = None
) -> list[Fault]:
    """Faults of a message, what blocks first, then in the order of the packs.

    Where the sender says that life is in danger (`alarm_words.is_life_at_stake`), faults of content are told, and nobody must answer first.

    Parameters
    ----------
    message : Correspondence
    around : Surroundings, optional
        What the message is checked against; by default the clock alone.
    packs : iterable of Pack, optional
        By default those that come with the workbench. A rule whose patterns would cost more than is left to its pack is not
        put to the message; a fault of this rule says so.
    """
    written = blank_out_list(message)
    around, read = replace(around or Surroundings(), written=written), normalise_figures(clean_message(written))
    found: list[Fault] = []
    answers: dict[object, Any] = {}
    for pack in check_unique_ids(load_shipped() if packs is None else packs):
        budget = SearchBudget(answers=answers)
        for rule in pack.rules:
            if message.form in rule.forms:
                found += catch_defect(
                    partial(_find_faults, read, rule, pack, around, budget),
                    partial(_build_defect_faults, read, rule, pack),
                )
    told = found if read is message else [_as_written(fault, message) for fault in found]
    return sorted(told, key=lambda fault: RANK[fault.rule.severity])


def _as_written(fault: Fault, message: Correspondence) -> Fault:
    """A fault that quotes the text as the message has it."""
    text = next((value for _, value in list_values(message, fault.field)), "")
    if fault.start is None or fault.end is None or not text:
        return fault
    start, end = find_span(text, fault.start, fault.end)
    return replace(fault, start=start, end=end, quote=text[start:end])


def table(faults: Iterable[Fault], language: str = "en") -> pd.DataFrame:
    """Faults as a table, a row each; message, fix and basis in a language.

    Columns: rule, severity ('error', 'warning', 'info'), blocks, overridden, field, start, end (characters, missing where the
    whole field is meant), quote, message, fix, mendable (a click puts it right), reason (who lets it stand says why), source,
    basis (what the rule rests on), pack (name and version).
    """
    rows = [[
        one.rule.id, one.rule.severity, one.blocks, one.overridden, one.field, one.start, one.end, one.quote,
        *one.translate_message_and_fix(language),
        one.mendable, one.rule.reason and not one.overridden, one.rule.source, _translate_basis(one.rule, language),
        f"{one.pack.name} {one.pack.version}",
    ] for one in faults]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"start": "Int64", "end": "Int64"})


def _translate_basis(rule: Rule, language: str) -> str:
    return "" if rule.basis == "seen" else translate(f"basis.{rule.basis}", language)


def ready(faults: Iterable[Fault]) -> bool:
    """Whether nothing blocks the message."""
    return not any(fault.blocks for fault in faults)


def apply_fix(message: Correspondence, fault: Fault) -> Correspondence:
    """The message with one fault put right, in its language. Check it again afterwards: spans of other faults may have moved.

    Raises
    ------
    SchemaError
        If the fault cannot be mended by a click, or the text has changed since the check.
    """
    if not fault.mendable:
        raise SchemaError(
            Sentence(
                "{rule} cannot be fixed automatically: {advice}",
                rule=fault.rule.id,
                advice=Advice(fault) if fault.fix else fault,
            )
        )
    for name, value in fault.rule.get_wording(message.language).mend.items():
        said = (fault.better or "") if value == "better" else value
        message = _replace_quote(message, fault, said) if name == "replace" else _set_field(message, fault, name, said)
    return message


def _replace_quote(message: Correspondence, fault: Fault, better: str) -> Correspondence:
    if fault.start is None or fault.end is None:
        return _set_field(message, fault, fault.field, better)
    text = next((value for _, value in list_values(message, fault.field)), "")
    if text[fault.start : fault.end] != fault.quote:
        raise SchemaError(
            Sentence("The text of {field} has changed since the check. Check the message again.", field=fault.field)
        )
    made: Correspondence = replace_field(
        message, fault.field, _join_text(text[: fault.start], better, text[fault.end :])
    )
    return made


def _join_text(left: str, better: str, right: str) -> str:
    """A text with better words in a place; where there are none, without the blanks and strokes that then part nothing."""
    if better:
        return left + better + right
    left, right = left.rstrip(" "), right.lstrip(" ")
    if not right or right.startswith("/"):
        left = left.rstrip(" /")
    gap = "" if not left or right[:1] in ("", *".,;:") else " "
    return left + gap + (right if left else right.lstrip(" /"))


def _set_field(message: Correspondence, fault: Fault, name: str, value: Any) -> Correspondence:  # noqa: ANN401
    """A field of the message, or with `each` of the part that the fault is in; the outcome is a whole message or none."""
    parts = re.match(r".*?\]", fault.field)
    path = f"{parts[0]}.{name}" if fault.rule.each and parts else name
    return from_dict(to_dict(replace_field(message, path, value)))


def _find_faults(
    message: Correspondence, rule: Rule, pack: Pack, around: Surroundings, budget: SearchBudget
) -> list[Fault]:
    """Faults of one rule; of words that lie in one another the longest are told."""
    budget.is_spent = False
    life = rule.kind == "content" and is_life_at_stake(message)
    seen: set[tuple[str, ...]] = set()
    found: list[Fault] = []
    for scope in _list_scopes(message, rule, around, budget):
        for hit in rule.when(scope):
            field = scope.build_field_path(rule.field) if rule.field else hit.field
            fault = Fault(rule, pack, field, hit.start, hit.end, hit.quote, life, hit.better, hit.detail)
            if (matter := _build_fault_key(fault)) not in seen:
                seen.add(matter)
                found.append(fault)
        if budget.is_spent:
            return [_build_unchecked_fault(_build_unchecked(rule), pack, is_overridden=life)]
    return [one for one in found if not any(_is_within(one, other) for other in found)]


def _build_defect_faults(message: Correspondence, rule: Rule, pack: Pack, defect: str) -> list[Fault]:
    """That a rule could not be put to a message, since the program failed on it."""
    unchecked = _build_unchecked(rule, "unchecked.defect", error=defect)
    life = rule.kind == "content" and catch_defect(lambda: is_life_at_stake(message), lambda _: False)
    return [_build_unchecked_fault(unchecked, pack, is_overridden=life)]


def _build_unchecked_fault(rule: Rule, pack: Pack, *, is_overridden: bool) -> Fault:
    return Fault(rule, pack, "" if rule.each else rule.field, None, None, "", is_overridden, None)


def _build_unchecked(rule: Rule, said: str = "unchecked", **values: str) -> Rule:
    """A rule that was not put to a message, as it is told: with its id and its severity."""
    words = {
        one: RuleText(translate(f"{said}.message", one, **values), translate(f"{said}.fix", one), {})
        for one in LANGUAGES
    }
    english = words["en"]
    return replace(rule, message=english.message, fix=english.fix, words=words, mend={})


def _is_within(fault: Fault, other: Fault) -> bool:
    """Whether a fault lies in another one of the same rule, which has its words and more."""
    if (
        fault.field != other.field
        or fault.start is None
        or fault.end is None
        or other.start is None
        or other.end is None
    ):
        return False
    return other.start <= fault.start and fault.end <= other.end and other.end - other.start > fault.end - fault.start


def _build_fault_key(fault: Fault) -> tuple[str, ...]:
    """What a rule tells once: of words their place; of fields the person, thing or message that has them, and the sentence."""
    if fault.start is not None:
        return fault.field, str(fault.start), str(fault.end)
    return fault.field.rpartition("]")[0], fault.message


def _list_scopes(message: Correspondence, rule: Rule, around: Surroundings, budget: SearchBudget) -> Iterator[Scope]:
    if not rule.each:
        yield Scope(message, message, "", around, budget)
        return
    for place, value in list_values(message, rule.each):
        parts = value if isinstance(value, tuple) else (value,)
        for number, one in enumerate(parts):
            inner = f"{place}[{number}]" if isinstance(value, tuple) else place
            yield Scope(message, one, inner, around, budget)


def build_example(rule: Rule, said: str) -> Correspondence:
    """The example of a rule that 'fails' or 'passes': its sample with the changes that the rule names.

    Raises
    ------
    SchemaError
        If there is no such sample, or a change does not fit a message.
    """
    data = load_samples()
    if rule.sample not in data:
        known = ", ".join(data)
        raise SchemaError(
            Sentence(
                "{rule}: '{sample}' is not a sample message. Known samples: {known}.",
                rule=rule.id,
                sample=rule.sample,
                known=known,
            )
        )
    changes = rule.fails if said == "fails" else rule.passes
    message = from_dict(data[rule.sample])
    for path, value in changes.items():
        message = from_dict(to_dict(replace_field(message, path, value)))
    return message


@cache
def load_samples() -> dict[str, Any]:
    """Sound messages that examples start from: name -> message as `from_dict` reads it."""
    return {name: one for name, one in _load_examples().items() if name != "around"}


def build_example_surroundings(now: datetime | None = None) -> Surroundings:
    """What examples are checked against: the samples were sent, one country is closed, a few words are mentions of a kind."""
    said = _load_examples()["around"]

    def reader(text: str) -> list[Mention]:
        found = ((kind, word, text.find(word)) for kind, words in said["mentions"].items() for word in words)
        return [Mention(kind, at, at + len(word), word) for kind, word, at in found if at >= 0]

    return Surroundings(
        now=now or datetime.now(UTC),
        sent=tuple(map(from_dict, load_samples().values())),
        restricted=frozenset(said["restricted"]),
        withdrawn=tuple((field, value, file) for field, value, file in said["withdrawn"]),
        hashes=said["hashes"],
        reader=reader,
        treaties=frozenset(map(frozenset, said["treaties"])),
    )


def _load_examples() -> dict[str, Any]:
    return parse_yaml((HERE / "samples.yaml").read_text(encoding="utf-8"), "samples.yaml")


def check_examples(packs: Iterable[Pack], around: Surroundings | None = None) -> pd.DataFrame:
    """Rules whose examples come out otherwise than the pack says; empty where all is well.

    Columns: pack, rule, example ('fails' that no fault was found in, 'passes' that one was found in), message.
    """
    around = around or build_example_surroundings()
    rows = []
    for pack in packs:
        for rule in pack.rules:
            for said in ("fails", "passes"):
                found = _find_faults(build_example(rule, said), rule, pack, around, SearchBudget())
                if bool(found) != (said == "fails"):
                    rows.append([pack.name, rule.id, said, rule.message])
    return pd.DataFrame(rows, columns=["pack", "rule", "example", "message"])
