"""Fit the classifier of the message desk: ``python datasets/make/categories.py``.

It learns from the sentences of the lists (workbench/messages/cues), generated traffic (seeds 7 and 11), texts of our own
(datasets/make/categories/practice_*.txt) and messages composed of sentences of our own (acts.py), and writes
workbench/messages/weights/category.safetensors. How sure a type is comes from texts that were held out. The same input gives the same
bytes on one machine; on another processor vectors differ in their last digits, and so may weights.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1]))

import acts  # noqa: E402

from workbench.messages import category  # noqa: E402
from workbench.messages.category import AREAS, TYPES, WEIGHTS, Head, Text  # noqa: E402
from workbench.messages.cues import lists  # noqa: E402
from workbench.messages.linear import fit, probabilities  # noqa: E402

if TYPE_CHECKING:
    from workbench.messages.category import Array, Encode

SEEDS = ((7, 900), (11, 500))
TOLD = ("request", "information", "letter")
"""Kinds whose facts tell what crime it is about; replies and the like do not repeat it."""
UNTOLD = ("black", "orange", "purple")
"""Colours of notices whose texts are the same for every crime."""
SHARES = {
    "areas": {"lists": 140.0, "traffic": 90.0, "practice": 120.0},
    "types": {"composed": 340.0, "traffic": 60.0, "practice": 180.0},
}
"""What each group of texts counts for in all."""
PRIORS = {
    "areas": {"meaning": 3.0, "cue": 1.0, "other": 0.0},
    "types": {"meaning": 0.0, "cue": 1.0, "other": -0.2},
}
"""Weights before any example: of the likeness to a label's sentences, of its cues, of other labels' cues."""
DONE = 3.0
"""Weight before any example of what a deciding sentence does."""
FIRM = {
    "areas": {"meaning": 2.0, "cue": 10.0, "done": 0.0},
    "types": {"meaning": 1.0, "cue": 1.0, "done": 0.2},
}
"""How firmly each column holds to what it was before."""
ACTS = {"cue": 0.7, "firm": 0.25, "firm cue": 2.0}
"""Of the reader of sentences: weight of a cue before any example, and how firmly vectors and cues hold to theirs."""
BIAS = {"areas": -2.5, "types": 0.0}


@dataclass(frozen=True)
class Example:
    """A text with its crime areas and its type; () and '' where it does not tell."""

    text: Text
    areas: tuple[str, ...]
    type: str

    def of(self, section: str) -> tuple[str, ...]:
        """Labels of a section."""
        return self.areas if section == AREAS else (self.type,) if self.type else ()


def listed(section: str) -> Iterator[Example]:
    """The sentences of the lists."""
    for code, held in lists().items():
        for label, group in held[section].items():
            for one in group["said"]:
                yield Example(Text(one, code), (label,) if section == AREAS else (), "" if section == AREAS else label)


def traffic(seed: int, size: int) -> Iterator[Example]:
    """Sound messages of the generator: their facts without the subject, which names the crime."""
    from traffic import files

    made = files(seed, size)
    for line, row in zip(made["messages.jsonl"].splitlines(), made["truth.jsonl"].splitlines(), strict=True):
        message, truth = json.loads(line), json.loads(row)
        kind = (truth["kind"] or [""])[0]
        if truth["broken"] or not message["summary_of_facts"]:
            continue
        told = kind not in UNTOLD and (truth["form"] != "message" or kind in TOLD)
        areas = (truth["crime_area"],) if told else ()
        yield Example(
            Text(message["summary_of_facts"], truth["language"]), areas, kind if truth["form"] == "message" else ""
        )


def practice() -> Iterator[Example]:
    """Texts of our own: a line with areas and type, then the text."""
    for code in lists():
        lines = (HERE / "categories" / f"practice_{code}.txt").read_text(encoding="utf-8").splitlines()
        for head, one in zip(lines[::2], lines[1::2], strict=True):
            areas, kind = head.split("|")
            yield Example(Text(one, code), tuple(areas.strip().split(",")), kind.strip())


def groups(section: str) -> dict[str, list[Example]]:
    """Examples of a section by where they come from."""
    found = {
        "lists": list(listed(section)),
        "traffic": [one for seed, size in SEEDS for one in traffic(seed, size)],
        "practice": list(practice()),
    }
    return {name: [one for one in found.get(name, ()) if one.of(section)] for name in SHARES[section]}


def head(section: str, said: Sequence[Example], encode: Encode) -> Head:
    """A classifier that knows sentences, before any example."""
    labels = tuple(lists()["en"][section])
    vectors = encode([one.text.words for one in said]).astype(np.float64)
    codes = np.array([one.text.language for one in said])
    means = np.stack([vectors[codes == code].mean(axis=0) for code in lists()])
    near = vectors - np.stack([means[list(lists()).index(code)] for code in codes])
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    middle = np.stack([near[[label in one.of(section) for one in said]].mean(axis=0) for label in labels])
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    prior, count = PRIORS[section], len(labels)
    cue = np.full((count, count), prior["other"]) + np.eye(count) * (prior["cue"] - prior["other"])
    done = [DONE * np.eye(count), np.zeros((count, 2 * count))] if section == TYPES else []
    bias = np.full((count, 1), BIAS[section])
    full = np.concatenate([prior["meaning"] * middle, cue, *done, bias], axis=1)
    return Head(section, labels, np.concatenate([cue, bias], axis=1), full, means, np.zeros((0, 0)))


def areas(encode: Encode) -> Head:
    """The classifier of crime areas."""
    start = head(AREAS, list(listed(AREAS)), encode)
    return fitted(start, [(start, name, each) for name, each in groups(AREAS).items()], encode)


def types(encode: Encode) -> Head:
    """The classifier of types: first the reader of sentences, then what weighs them in a message."""
    held = {code: acts.sentences(code) for code in lists()}
    said = [*listed(TYPES), *_acts(held)]
    start = head(TYPES, said, encode)
    start = replace(start, acts=read(start, said, encode))
    found = [(start, name, each) for name, each in groups(TYPES).items() if each]
    for number in range(acts.FOLDS):
        others = [*listed(TYPES), *_acts({code: acts.rest(each, number) for code, each in held.items()})]
        found.append((replace(start, acts=read(start, others, encode)), "composed", list(_composed(held, number))))
    return fitted(start, found, encode)


def _acts(held: dict[str, dict[str, list[str]]]) -> Iterator[Example]:
    for code, each in held.items():
        for name, said in each.items():
            for one in said:
                yield Example(Text(one, code), (), "" if name in (acts.STORY, acts.TAIL) else name)


def _composed(held: dict[str, dict[str, list[str]]], number: int) -> Iterator[Example]:
    for code, each in held.items():
        for words, name in acts.composed(acts.part(each, number), f"{code} {number}"):
            yield Example(Text(words, code), (), name)


def read(start: Head, said: Sequence[Example], encode: Encode) -> Array:
    """Weights that tell what a sentence does."""
    seen = start.sentences([one.text for one in said], encode)
    kinds = (*start.labels, "")
    wanted = np.array([[one.type == kind for kind in kinds] for one in said], float)
    size, count = start.means.shape[1], len(start.labels)
    prior = np.zeros((len(kinds), seen.shape[1]))
    prior[:count, size : size + count] = ACTS["cue"] * np.eye(count)
    ridge = np.concatenate([np.full(size, ACTS["firm"]), np.full(count, ACTS["firm cue"]), [0.01]])
    return fit(seen, wanted, prior, ridge, share=np.ones(len(said)), single=True)


def fitted(start: Head, found: Sequence[tuple[Head, str, list[Example]]], encode: Encode) -> Head:
    """The classifier fitted to examples, each group of them seen as a head of its own sees it."""
    examples = [one for _, _, each in found for one in each]
    wanted = np.array([[label in one.of(start.section) for label in start.labels] for one in examples], float)
    names = np.array([name for _, name, each in found for _ in each])
    shares = SHARES[start.section]
    share = np.array([shares[name] / (names == name).sum() for name in names])
    firm = FIRM[start.section]
    made: dict[str, Any] = {}
    for name, prior, known in (("words", start.words, None), ("full", start.full, encode)):
        seen = np.concatenate([one.features([each.text for each in part], known) for one, _, part in found])
        ridge = _ridge(start, firm, full=known is not None)

        weighed = partial(_weighed, seen, wanted, share, (prior, ridge), single=start.single)
        made[name] = weighed(np.ones(len(seen), bool))
        if start.single:
            made[name] /= heat(seen, wanted, folds(examples, names), weighed)
    return replace(start, **made)


def _weighed(
    seen: Array, wanted: Array, share: Array, before: tuple[Array, Array], kept: npt.NDArray[np.bool_], *, single: bool
) -> Array:
    return fit(seen[kept], wanted[kept], *before, share=share[kept], single=single)


def _ridge(start: Head, firm: dict[str, float], *, full: bool) -> Array:
    count = len(start.labels)
    cue = np.full(count, firm["cue"])
    if not full:
        return np.append(cue, 0.01)
    done = np.full(start.full.shape[1] - start.means.shape[1] - count - 1, firm["done"])
    return np.concatenate([np.full(start.means.shape[1], firm["meaning"]), cue, done, [0.01]])


def folds(examples: Sequence[Example], names: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Number of the fold of each practice text, -1 for all else. The same place in the file of each language is in the same fold."""
    seen: Counter[str] = Counter()
    found = []
    for one, name in zip(examples, names, strict=True):
        found.append(seen[one.text.language] % acts.FOLDS if name == "practice" else -1)
        seen[one.text.language] += name == "practice"
    return np.array(found)


def heat(
    seen: Array, wanted: Array, fold: npt.NDArray[np.int64], weighed: Callable[[npt.NDArray[np.bool_]], Array]
) -> float:
    """What scores are divided by so that texts which were held out are told no more surely than they are right.

    References
    ----------
    C. Guo and others, On Calibration of Modern Neural Networks, ICML 2017 (temperature scaling).
    """
    from scipy.optimize import minimize_scalar

    held = [fold == number for number in range(acts.FOLDS)]
    weights = [weighed(~one) for one in held]

    def cost(degrees: float) -> float:
        chances = [
            probabilities(seen[one], each / degrees, single=True) for one, each in zip(held, weights, strict=True)
        ]
        return -sum(float(np.log(part[wanted[one] > 0]).sum()) for one, part in zip(held, chances, strict=True))

    return float(minimize_scalar(cost, bounds=(0.3, 5.0), method="bounded").x)


def save(heads: Sequence[Head], version: str) -> str:
    """Write the weights; SHA-256 of the file."""
    from safetensors.numpy import save as packed

    held = {
        f"{one.section}.{name}": getattr(one, name).astype(np.float16)
        for one in heads
        for name in ("words", "full", "means", "acts")
    }
    about = {"made by": "python datasets/make/categories.py", "encoder": version, "lists": _hash_of_lists()}
    raw = packed(held, metadata={"about": json.dumps(about, sort_keys=True)})
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()


def _hash_of_lists() -> str:
    folder = WEIGHTS.parents[1] / "cues"
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.yaml")))).hexdigest()


def main() -> int:
    """Fit both classifiers and write them."""
    from workbench.search import MULTILINGUAL, engine

    used = engine(MULTILINGUAL)
    encode = category.once(used.encode)
    sha256 = save([areas(encode), types(encode)], used.version)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes, SHA-256 {sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
