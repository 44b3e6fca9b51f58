"""Accuracy of extraction, held on each change: names on re3d, identifiers on hand-written examples."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import extract as benchmark
from benchmarks import re3d
from workbench.extract.identifiers import find
from workbench.extract.kinds import KINDS

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
        (f.kind, f.value if f.kind in AS_READ else KINDS[f.kind].key(f.value).value) for f in find(text) if not f.wrong
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
    assert scores["named, innermost, strict"]["f1"] >= 0.45
    assert scores["named, innermost, overlap"]["f1"] >= 0.55
    assert scores["all, nested, strict"]["f1"] >= 0.38
