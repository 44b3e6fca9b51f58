"""Accuracy of search on Cranfield, held on each change."""

import pytest

from benchmarks import re3d
from benchmarks import search as benchmark

pytestmark = [pytest.mark.quality, pytest.mark.slow]


@pytest.mark.skipif(
    not (re3d.data() / "cranfield").is_dir(), reason="Cranfield is not there; name its folder in WORKBENCH_DATA"
)
def test_words_and_meaning_together_find_more_than_words() -> None:
    score = benchmark.measure()
    assert score["words"] >= 0.50
    assert score["both"] >= score["words"] + 0.02
    assert score["both"] >= score["meaning"] + 0.02
