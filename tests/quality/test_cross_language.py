"""Search across English, French, Spanish and Arabic, held on each change.

400 passages and 40 questions of made-up police matters, written by the authors of the workbench before anything was measured;
every answer counted here lies in another language than its question (benchmarks/languages.py).
"""

import pytest

from benchmarks import languages as benchmark
from workbench import search

pytestmark = [pytest.mark.quality, pytest.mark.slow]


def test_answers_are_found_in_other_languages() -> None:
    texts, questions = benchmark.collection()
    assert (len(texts), len(questions)) == (400, 40)
    result = benchmark.measure()
    assert result.recall["all"] >= 0.9
    assert result.recall["alone"] >= 0.88
    assert min(result.pairs.values()) >= 0.7
    assert result.recall["all"] >= result.recall[benchmark.BARE] + 0.3


def test_the_english_engine_does_not_see_across_languages() -> None:
    assert benchmark.measure(search.ENGLISH).recall["all"] <= 0.2
