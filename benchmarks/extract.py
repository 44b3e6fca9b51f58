"""Extraction: accuracy on re3d under two protocols and on sentences of three more languages, and speed.

Run: python -m benchmarks.extract. Figures are printed and kept in benchmarks/results/extract.json.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks import marked, re3d
from benchmarks.keeping import keep
from workbench import extract
from workbench.extract.names import names
from workbench.model.machine.model_registry import check_model
from workbench.model.rows import Passage

REPEAT = 3


def accuracy() -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of 'spacy-ner' for each protocol, exact and overlapping, over all schemata."""
    documents = re3d.documents()
    suggested = re3d.found(extract.load_methods()["spacy-ner"].extract([document.passage for document in documents]))
    rows: dict[str, dict[str, float]] = {}
    for protocol, marks in (("named, innermost", re3d.named_innermost), ("all, nested", re3d.nested)):
        gold = {document.passage.id: marks(document) for document in documents}
        for way, score in (("strict", re3d.strict), ("overlap", re3d.overlap)):
            precision, recall, f1 = score(gold, suggested)
            number = sum(map(len, gold.values()))
            rows[f"{protocol}, {way}"] = {"marks": number, "precision": precision, "recall": recall, "f1": f1}
    return rows


def by_label() -> dict[str, dict[str, float]]:
    """Share of exactly right suggestions (all marks count) by schema: where the confidences of 'spacy-ner' come from."""
    documents = re3d.documents()
    marks = {document.passage.id: document.marks for document in documents}
    found = re3d.found(extract.load_methods()["spacy-ner"].extract([document.passage for document in documents]))
    rows: dict[str, dict[str, float]] = {}
    for schema in re3d.TYPES.values():
        chosen = [(key, mark) for key, suggested in found.items() for mark in suggested if mark[2] == schema]
        rows[schema] = {
            "suggested": len(chosen),
            "precision": sum(mark in marks[key] for key, mark in chosen) / len(chosen),
        }
    return rows


def speed() -> dict[str, float]:
    """Messages per CPU-second: whole pipeline one by one, names only in batches, and identifiers; best of three."""
    import spacy

    sentences = [s.strip() for d in re3d.documents() for s in d.passage.text.split(". ") if 20 < len(s) < 400][:600]
    whole, lean = spacy.load(check_model("spacy-en")), names.load_pipeline()
    small, french = names.load_pipeline("spacy-en-small"), names.load_pipeline("spacy-fr")
    passages = [Passage(str(n), str(n), 0, text) for n, text in enumerate(sentences)]
    return {
        "texts": len(sentences),
        "naive, whole pipeline": len(sentences) / _best(lambda: [whole(text) for text in sentences]),
        "names only, in batches": len(sentences) / _best(lambda: list(names.read_docs(lean, sentences))),
        "the same, small model": len(sentences) / _best(lambda: list(names.read_docs(small, sentences))),
        "the same, French model": len(sentences) / _best(lambda: list(names.read_docs(french, sentences))),
        "special words": len(sentences)
        / _best(lambda: list(extract.load_methods()["special-words"].extract(passages))),
        "identifiers": len(sentences) / _best(lambda: list(extract.load_methods()["identifiers"].extract(passages))),
    }


def _best(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(REPEAT):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> None:
    """Measure and keep."""
    scores, rates = accuracy(), speed()
    for name, row in scores.items():
        print(f"{name:28} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}")
    naive, lean = rates["naive, whole pipeline"], rates["names only, in batches"]
    print(f"naive {naive:.0f}/s, lean {lean:.0f}/s, ratio {lean / naive:.1f}; identifiers {rates['identifiers']:.0f}/s")
    languages = marked.measure()
    for code, row in languages.items():
        print(f"{code:28} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}")
    version = "+".join(extract.load_methods()[name].version for name in ("spacy-ner", "name-rules"))
    kept = {"method": version, "accuracy": scores, "by schema": by_label(), "languages": languages, "speed": rates}
    keep("extract", kept)


if __name__ == "__main__":
    main()
