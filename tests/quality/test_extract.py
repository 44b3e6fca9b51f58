"""Accuracy of extraction, held on each change: names on re3d, identifiers on hand-written examples."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import extract as benchmark
from benchmarks import languages, marked, re3d
from workbench.extract.identifiers.identifier_types import KINDS
from workbench.extract.identifiers.identifiers import find_identifiers
from workbench.extract.names.name_rules import name_rules
from workbench.model.rows import Passage

pytestmark = pytest.mark.quality
EXAMPLES = Path(__file__).with_name("identifiers.txt")
AS_READ = ("imei", "imsi")
"""Kinds whose key is shorter than what is written."""


def examples() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, marked = line.partition("||")
            wanted = [tuple(one.split("=", 1)) for one in marked.strip().split(", ") if one]
            yield text.rstrip().replace("\\n", "\n"), wanted


def read(text: str) -> list[tuple[str, str]]:
    return [
        (f.kind, f.value if f.kind in AS_READ else KINDS[f.kind].key(f.value).value)
        for f in find_identifiers(text)
        if not f.wrong
    ]


def test_identifiers() -> None:
    right = suggested = marked = 0
    for text, wanted in examples():
        got = read(text)
        right += len(set(got) & set(wanted))
        suggested, marked = suggested + len(got), marked + len(wanted)
    assert len(list(examples())) >= 200
    assert right / suggested >= 0.98
    assert right / marked >= 0.98


@pytest.mark.skipif(
    not (re3d.data() / "re3d").is_dir(), reason="the public set re3d is not there; name its folder in WORKBENCH_DATA"
)
def test_names_on_re3d() -> None:
    scores = benchmark.accuracy()
    assert scores["named, innermost, strict"]["f1"] >= 0.55
    assert scores["named, innermost, overlap"]["f1"] >= 0.63
    assert scores["all, nested, strict"]["f1"] >= 0.44


@pytest.mark.parametrize(
    ("sentences", "precision", "f1"),
    [("es", 0.93, 0.92), ("ar", 0.93, 0.92), ("es, fresh", 0.8, 0.72), ("ar, fresh", 0.8, 0.72), ("fr", 0.75, 0.75)],
)
def test_names_in_other_languages(sentences: str, precision: float, f1: float) -> None:
    """On sentences that we have written ourselves: they compare methods, and say little of a seized telephone."""
    score = marked.score(sentences)
    assert score["marks"] >= 30
    assert score["precision"] >= precision
    assert score["f1"] >= f1


@pytest.mark.parametrize("code", ["es", "ar"])
def test_little_is_taken_for_a_name_that_is_none(code: str) -> None:
    made = json.loads(languages.TEXTS.read_text("utf-8"))
    texts = [matter["passages"][code] for matter in made["matters"]] + made["others"][code]
    found = list(name_rules().extract([Passage(str(n), str(n), 0, text) for n, text in enumerate(texts)]))
    assert len(texts) == 100
    assert len(found) <= 10
