"""Fit the classifier of the message desk: ``python datasets/make/categories.py``.

It learns from the sentences of the lists (workbench/messages/cues), generated traffic (seeds 7 and 11) and texts of our own
(datasets/make/categories/practice_*.txt), and writes workbench/messages/weights/category.safetensors. The same input gives the same bytes
on one machine; on another processor vectors differ in their last digits, and so may weights.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1]))

from workbench.messages import category  # noqa: E402
from workbench.messages.category import AREAS, SECTIONS, WEIGHTS, Head, Text  # noqa: E402
from workbench.messages.cues import lists  # noqa: E402
from workbench.messages.linear import fit  # noqa: E402

if TYPE_CHECKING:
    from workbench.messages.category import Encode

SEEDS = ((7, 900), (11, 500))
TOLD = ("request", "information", "letter")
"""Kinds whose facts tell what crime it is about; replies and the like do not repeat it."""
UNTOLD = ("black", "orange", "purple")
"""Colours of notices whose texts are the same for every crime."""
SHARES = {"lists": 140.0, "traffic": 90.0, "practice": 120.0}
"""What each group of texts counts for in all."""
PRIORS = {
    "areas": {"meaning": 3.0, "cue": 1.0, "other": 0.0, "near": 0.0},
    "types": {"meaning": 3.0, "cue": 2.0, "other": -0.4, "near": 1.5},
}
"""Weights before any example: of the likeness to a label's sentences, of its cues, of other labels' cues, of the nearest sentences."""
FIRM = {"areas": {"meaning": 2.0, "cue": 10.0}, "types": {"meaning": 2.0, "cue": 3.0}}
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
    return {name: [one for one in each if one.of(section)] for name, each in found.items()}


def head(section: str, encode: Encode) -> Head:
    """A classifier that knows the lists, before any example."""
    said = list(listed(section))
    labels = tuple(lists()["en"][section])
    vectors = encode([one.text.words for one in said]).astype(np.float64)
    codes = np.array([one.text.language for one in said])
    means = np.stack([vectors[codes == code].mean(axis=0) for code in lists()])
    near = vectors - np.stack([means[list(lists()).index(code)] for code in codes])
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    owner = np.array([labels.index(one.of(section)[0]) for one in said])
    middle = np.stack([near[owner == number].mean(axis=0) for number in range(len(labels))])
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    prior, count = PRIORS[section], len(labels)
    cue = np.full((count, count), prior["other"]) + np.eye(count) * (prior["cue"] - prior["other"])
    nearest = [np.eye(count) * prior["near"]] if section != AREAS else []
    bias = np.full((count, 1), BIAS[section])
    full = np.concatenate([prior["meaning"] * middle, cue, *nearest, bias], axis=1)
    return Head(section, labels, np.concatenate([cue, bias], axis=1), full, means, near, owner)


def fitted(start: Head, found: dict[str, list[Example]], encode: Encode) -> Head:
    """The classifier fitted to examples."""
    texts = [one.text for each in found.values() for one in each]
    labels = np.array(
        [[label in one.of(start.section) for label in start.labels] for each in found.values() for one in each], float
    )
    share = np.concatenate([np.full(len(each), SHARES[name] / max(len(each), 1)) for name, each in found.items()])
    firm = FIRM[start.section]
    made: dict[str, Any] = {}
    for name, prior, with_vectors in (("words", start.words, False), ("full", start.full, True)):
        features = start.features(texts, encode if with_vectors else None)
        ridge = np.full(prior.shape[1], firm["cue"])
        ridge[: start.means.shape[1] if with_vectors else 0] = firm["meaning"]
        ridge[-1] = 0.01
        made[name] = fit(features, labels, prior, ridge, share=share, single=start.single)
    return Head(start.section, start.labels, made["words"], made["full"], start.means, start.near, start.owner)


def save(heads: Sequence[Head], version: str) -> str:
    """Write the weights; SHA-256 of the file."""
    from safetensors.numpy import save as packed

    held: dict[str, npt.NDArray[Any]] = {}
    for one in heads:
        held |= {f"{one.section}.{name}": getattr(one, name).astype(np.float16) for name in ("words", "full", "means")}
        single = one.near if one.single else one.near[:0]
        held |= {
            f"{one.section}.near": single.astype(np.float16),
            f"{one.section}.owner": one.owner[: len(single)].astype(np.int16),
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
    heads = [fitted(head(section, encode), groups(section), encode) for section in SECTIONS]
    sha256 = save(heads, used.version)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes, SHA-256 {sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
