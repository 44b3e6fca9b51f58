"""Search across languages: 40 questions to 400 made-up passages in four languages, whose answers lie in the other three.

The texts (tests/quality/cross_language.json) were written before anything was measured and have not been changed since. How
much the passages lend to a question was chosen on every second matter; both halves are shown, but the three steps themselves
(workbench/search/language_neutral.py) were found while working on this set, so that other texts may give less. 'alone' leaves out the
answer in the question's own language, so that nothing in that language can lend to it.

Run: python -m benchmarks.search --languages. Figures are printed and kept in benchmarks/results/languages.json.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.keeping import keep
from workbench import search
from workbench.extract.languages import detect_language

TEXTS = Path(__file__).parents[1] / "tests" / "quality" / "cross_language.json"
LANGUAGES = ("en", "fr", "es", "ar")
DEPTH = 10
BARE = "bare cosine"
Finder = Callable[[str, "Collection[str] | None"], Sequence[str]]


@dataclass(frozen=True)
class Question:
    """What is asked, in which language, and the passage that answers it in each language."""

    text: str
    language: str
    answers: Mapping[str, str]


def collection() -> tuple[dict[str, str], list[Question]]:
    """Passages by id ('12-fr'), and the questions."""
    made = json.loads(TEXTS.read_text("utf-8"))
    texts: dict[str, str] = {}
    questions = []
    for number, matter in enumerate(made["matters"]):
        answers = {code: f"{number}-{code}" for code in LANGUAGES}
        texts |= {answers[code]: matter["passages"][code] for code in LANGUAGES}
        questions.append(Question(matter["query"]["text"], matter["query"]["language"], answers))
    for code, others in made["others"].items():
        texts |= {f"other-{number}-{code}": text for number, text in enumerate(others)}
    return texts, questions


def recall(
    questions: Sequence[Question], find: Finder, *, alone: bool = False, ids: Collection[str] = ()
) -> list[list[int]]:
    """For each question and each other language, 1 if its answer is among the first ten: [question, language, found]."""
    rows = []
    for number, question in enumerate(questions):
        own = question.answers[question.language]
        found = set(find(question.text, [key for key in ids if key != own] if alone else None))
        rows += [
            [number, LANGUAGES.index(code), int(question.answers[code] in found)]
            for code in LANGUAGES
            if code != question.language
        ]
    return rows


def by_pair(questions: Sequence[Question], rows: Sequence[Sequence[int]]) -> dict[str, float]:
    """Recall by language of question and answer: 'en>fr'."""
    table: dict[str, list[int]] = {}
    for number, code, found in rows:
        table.setdefault(f"{questions[number].language}>{LANGUAGES[code]}", []).append(found)
    return {pair: sum(found) / len(found) for pair, found in sorted(table.items())}


def mean(rows: Sequence[Sequence[int]]) -> float:
    """Share of answers that were found."""
    return sum(found for _, _, found in rows) / len(rows)


@dataclass(frozen=True)
class Result:
    """Which engine, recall@10 by way of searching, by languages of question and answer, and passages per CPU-second."""

    engine: str
    recall: Mapping[str, float]
    pairs: Mapping[str, float]
    rate: float


def measure(mode: str = search.MULTILINGUAL) -> Result:
    """Recall@10 as a case searches ('all', both halves, 'alone') and by the bare cosine."""
    texts, questions = collection()
    engine = search.Engine(mode, threads=1)
    engine.encode(["warm"])
    start = time.process_time()
    vectors = engine.encode(texts.values())
    rate = len(texts) / (time.process_time() - start)
    with tempfile.TemporaryDirectory() as folder:
        index = search.VectorIndex(Path(folder), engine.version)
        index.add(list(texts), vectors)
        neutral = search.Neutral(*index.get_all(), {key: detect_language(text) for key, text in texts.items()})

        def bare(text: str, among: Collection[str] | None) -> list[str]:
            return list(index.search(engine.encode([text], query=True)[0], DEPTH, among=among)["passage_id"])

        def found(text: str, among: Collection[str] | None) -> list[str]:
            if not engine.recipe.neutral:
                return bare(text, among)
            return list(neutral.search(engine.encode_question(text), DEPTH, among=among)["passage_id"])

        rows, plain = recall(questions, found), recall(questions, bare)
        strict = recall(questions, found, alone=True, ids=list(texts))
    halves = {
        "every second matter, chosen on": mean([row for row in rows if row[0] % 2 == 0]),
        "the other matters": mean([row for row in rows if row[0] % 2]),
    }
    scores = {"all": mean(rows), **halves, "alone": mean(strict), BARE: mean(plain)}
    return Result(engine.version, scores, by_pair(questions, rows), round(rate, 1))


def main() -> None:
    """Measure both engines and keep."""
    kept = {}
    for mode in (search.MULTILINGUAL, search.ENGLISH):
        print(search.get_engine(mode).prepare())
        result = measure(mode)
        kept[mode] = asdict(result)
        for name, value in result.recall.items():
            print(f"  recall@10, {name:32} {value:.3f}")
        print(f"  {result.rate:.0f} passages per CPU-second")
        print("  question \\ answer   " + "  ".join(f"{code:>5}" for code in LANGUAGES))
        for code in LANGUAGES:
            cells = [f"{result.pairs[f'{code}>{other}']:5.2f}" if other != code else "    –" for other in LANGUAGES]
            print(f"  {code:18}   " + "  ".join(cells))
    keep("languages", kept)


if __name__ == "__main__":
    main()
