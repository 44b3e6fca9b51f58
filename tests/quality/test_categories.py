"""How well crime areas and types are told: macro F1 in each language, on traffic of unseen seeds and on paraphrases by others.

A label counts in a language where at least one text of that language has it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.messages.model.message_json import from_dict
from workbench.messages.triage.category import AREAS, SECTIONS, TYPES, Text, build_text, suggest_categories
from workbench.search import MULTILINGUAL, get_engine

HERE = Path(__file__).parent
PARAPHRASES = HERE / "sealed_paraphrases"
LANGUAGES = ("ar", "en", "es", "fr")
UNSEEN = (901, 31337)
SIZE = 400
FLOOR = 0.85
REACHED = {
    AREAS: {"ar": 0.85, "en": 0.89, "es": 0.86, "fr": 0.89},
    TYPES: {"ar": 0.90, "en": 0.86, "es": 0.91, "fr": 0.94},
}
"""Macro F1 on the paraphrases, a hundredth or two below what was reached: weights differ a little between processors."""


@dataclass(frozen=True)
class Case:
    """A text, its language, and the labels that are right; () where a text does not tell."""

    text: Text
    language: str
    areas: tuple[str, ...]
    types: tuple[str, ...]


def generated(seed: int, read: Callable[[dict[str, object]], Text]) -> list[Case]:
    sys.path.insert(0, str(HERE.parents[1] / "datasets" / "make"))
    from categories import TOLD, UNTOLD
    from traffic import files

    made = files(seed, SIZE)
    found = []
    for line, row in zip(made["messages.jsonl"].splitlines(), made["truth.jsonl"].splitlines(), strict=True):
        truth = json.loads(row)
        kind = (truth["kind"] or [""])[0]
        told = kind not in UNTOLD and (truth["form"] != "message" or kind in TOLD)
        if not truth["broken"]:
            types = (kind,) if truth["form"] == "message" else ()
            found.append(Case(read(json.loads(line)), truth["language"], (truth["crime_area"],) if told else (), types))
    return found


def paraphrases(folder: Path = PARAPHRASES) -> list[Case]:
    lines = [
        line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if line.strip()
    ]
    rows = [json.loads(line) for line in lines]
    return [
        Case(Text(row["text"], row["language"]), row["language"], tuple(row["crime_area"]), (row["type"],))
        for row in rows
    ]


def scores(cases: Sequence[Case], *, vectors: bool = True) -> dict[str, dict[str, float]]:
    """Section -> language -> macro F1."""
    found = suggest_categories([one.text for one in cases], get_engine(MULTILINGUAL).encode if vectors else None)
    made: dict[str, dict[str, float]] = {section: {} for section in SECTIONS}
    for code in LANGUAGES:
        mine = [(one, said) for one, said in zip(cases, found, strict=True) if one.language == code]
        areas = [(set(one.areas), {each.label for each in said.areas}) for one, said in mine if one.areas]
        types = [(set(one.types), {said.type.label}) for one, said in mine if one.types]
        made[AREAS][code], made[TYPES][code] = macro(areas), macro(types)
    return made


def macro(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    """Mean F1 of the labels that are right somewhere."""
    known = list(pairs)
    labels = sorted(set().union(*(right for right, _ in known)))
    return sum(f1(known, label) for label in labels) / max(len(labels), 1)


def f1(pairs: Iterable[tuple[set[str], set[str]]], label: str) -> float:
    marks = [(label in right, label in said) for right, said in pairs]
    both, either = sum(right and said for right, said in marks), sum(right + said for right, said in marks)
    return 2 * both / either if either else 0.0


def report(name: str, got: dict[str, dict[str, float]]) -> None:
    for section, each in got.items():
        sys.stdout.write(
            f"{name}, {section}: " + ", ".join(f"{code} {value:.3f}" for code, value in each.items()) + "\n"
        )


@pytest.mark.quality
@pytest.mark.slow
@pytest.mark.parametrize("seed", UNSEEN)
def test_messages_of_unseen_seeds_are_told(seed: int) -> None:
    got = scores(generated(seed, lambda row: build_text(from_dict(row))))
    report(f"seed {seed}", got)
    assert min(value for each in got.values() for value in each.values()) >= FLOOR


@pytest.mark.quality
@pytest.mark.slow
def test_facts_alone_tell_the_crime() -> None:
    """Without the subject, which names it."""
    got = scores(generated(UNSEEN[0], lambda row: Text(str(row["summary_of_facts"]), str(row["language"]))))
    report("facts alone", got)
    assert min(got[AREAS].values()) >= 0.75


@pytest.mark.quality
@pytest.mark.slow
def test_paraphrases_by_others_are_told() -> None:
    """The target is 0.85 for each."""
    got = scores(paraphrases())
    report("paraphrases by others", got)
    for section, floors in REACHED.items():
        assert all(got[section][code] >= floor for code, floor in floors.items()), section


@pytest.mark.quality
def test_the_paraphrases_are_as_they_were_sealed() -> None:
    for line in (PARAPHRASES / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((PARAPHRASES / name).read_bytes()).hexdigest() == digest
