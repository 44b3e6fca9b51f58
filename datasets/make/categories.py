"""Fit the classifier of the message desk: ``python datasets/make/categories.py``.

It learns from the sentences of the lists (workbench/messages/cues), generated traffic (seeds 7 and 11) and texts of our own
(datasets/make/categories: practice and voices, and for types messages composed of sentences, acts.py), and writes
workbench/messages/weights/category.safetensors. What a stranger's texts will give is seen where all texts of one voice are left out: it is
printed, and tells how sure a type is. The same input gives the same bytes on one machine; on another processor vectors differ in their last
digits, and so may weights.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1]))

import acts  # noqa: E402
import pooling  # noqa: E402

from workbench.messages.triage import category  # noqa: E402
from workbench.messages.triage.category import AREAS, TYPES, WEIGHTS, Head, Text  # noqa: E402
from workbench.messages.triage.linear_classifier import fit_weights as fit_rows  # noqa: E402
from workbench.messages.wording.cue_words import load_lists, split_tokens  # noqa: E402
from workbench.messages.wording.speech_acts import Reader, list_sentence_terms, split_sentences  # noqa: E402

if TYPE_CHECKING:
    from workbench.messages.triage.category import Array, Encode

SEEDS = ((7, 900), (11, 500))
TOLD = ("request", "information", "letter")
"""Kinds whose facts tell what crime it is about; replies and the like do not repeat it."""
UNTOLD = ("black", "orange", "purple")
"""Colours of notices whose texts are the same for every crime."""
VOICES = tuple(f"voice{number}" for number in range(1, 6))
"""Texts by five writers who saw nothing of this."""
ENGLISH = "english"
"""Texts by two more, of whom each wrote English only."""
SHARES: Mapping[str, Mapping[str, float]] = {
    AREAS: {"lists": 140, "traffic": 90, "practice": 120, ENGLISH: 185, **dict.fromkeys(VOICES, 240)},
    TYPES: {
        "lists": 60,
        "traffic": 60,
        "practice": 150,
        "acts": 100,
        "composed": 150,
        ENGLISH: 115,
        **dict.fromkeys(VOICES, 150),
    },
}
"""What each group of texts counts for in all."""
PRIORS = {AREAS: {"meaning": 3.0, "cue": 1.0, "other": 0.0}, TYPES: {"meaning": 0.0, "cue": 2.0, "other": -0.4}}
"""Weights before any example: of the likeness to a label's sentences, of its cues, of other labels' cues."""
FIRM = {AREAS: {"meaning": 1.0, "cue": 10.0}, TYPES: {"meaning": 2.0, "cue": 3.0}}
BIAS = {AREAS: -2.5, TYPES: 0.0}
FILLED = 2.0
"""Weight of a filled field, which no example shows."""
OFTEN = 4
"""Texts in which a word stands that is weighed."""


@dataclass(frozen=True)
class Example:
    """A text with its crime areas and its type; () and '' where it does not tell."""

    text: Text
    areas: tuple[str, ...]
    type: str

    def labels_of(self, section: str) -> tuple[str, ...]:
        """Labels of a section."""
        return self.areas if section == AREAS else (self.type,) if self.type else ()


def list_examples(section: str) -> Iterator[Example]:
    """The sentences of the lists."""
    for code, held in load_lists().items():
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


def read_examples(name: str) -> Iterator[Example]:
    """Texts of our own: a line with areas and type, then the text."""
    for code in load_lists():
        path = HERE / "categories" / f"{name}_{code}.txt"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for head, one in zip(lines[::2], lines[1::2], strict=True):
            areas, kind = head.split("|")
            yield Example(Text(one, code), tuple(areas.strip().split(",")), kind.strip())


def list_act_examples() -> Iterator[Example]:
    """Sentences of our own by what they do."""
    for code in load_lists():
        for name, each in acts.sentences(code).items():
            for one in each if name not in (acts.STORY, acts.TAIL) else ():
                yield Example(Text(one, code), (), name)


def compose_examples() -> Iterator[Example]:
    """Messages that are put together from these sentences."""
    for code in load_lists():
        for one, kind in acts.compose_messages(acts.sentences(code), code):
            yield Example(Text(one, code), (), kind)


def groups(section: str) -> dict[str, list[Example]]:
    """Examples of a section by where they come from."""
    found = {
        "lists": list(list_examples(section)),
        "traffic": [one for seed, size in SEEDS for one in traffic(seed, size)],
        "acts": list(list_act_examples()),
        "composed": list(compose_examples()),
        **{name: list(read_examples(name)) for name in ("practice", ENGLISH, *VOICES)},
    }
    return {name: [one for one in found[name] if one.labels_of(section)] for name in SHARES[section]}


def head(section: str, encode: Encode) -> Head:
    """A classifier that knows the lists, before any example."""
    said = list(list_examples(section))
    labels = tuple(load_lists()["en"][section])
    vectors = encode([one.text.words for one in said]).astype(np.float64)
    codes = np.array([one.text.language for one in said])
    means = np.stack([vectors[codes == code].mean(axis=0) for code in load_lists()])
    near = vectors - np.stack([means[list(load_lists()).index(code)] for code in codes])
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    middle = np.stack([near[[label in one.labels_of(section) for one in said]].mean(axis=0) for label in labels])
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    prior, count = PRIORS[section], len(labels)
    cue = np.full((count, count), prior["other"]) + np.eye(count) * (prior["cue"] - prior["other"])
    bias = np.full((count, 1), BIAS[section])
    full = np.concatenate([prior["meaning"] * middle, cue, bias], axis=1)
    nothing = np.zeros((2 * count, 0))
    return Head(section, labels, np.concatenate([cue, bias], axis=1), full, means, Reader((), nothing, nothing))


def areas(encode: Encode) -> Head:
    """The classifier of crime areas."""
    start, found = head(AREAS, encode), groups(AREAS)
    return replace(start, words=fit_weights(start, found), full=fit_weights(start, found, encode))


def types(encode: Encode) -> Head:
    """The classifier of types, in which texts and their sentences are weighed together."""
    start, found = head(TYPES, encode), groups(TYPES)
    start = replace(start, words=fit_weights(start, found), reader=replace(start.reader, terms=frequent(found)))
    examples, names, wanted, share = join_groups(start, found)
    seen = encode_texts(start, [one.text for one in examples], encode)
    degrees = left_out(seen, names, wanted, share, [one.text.language for one in examples])
    return set_weights(start, pooling.fit(seen, wanted, share, start.means.shape[1]), degrees)


def join_groups(
    start: Head, found: Mapping[str, Sequence[Example]]
) -> tuple[list[Example], npt.NDArray[np.str_], Array, Array]:
    """Examples of all groups, the group of each, their labels, and what each counts for."""
    examples = [one for each in found.values() for one in each]
    names = np.array([name for name, each in found.items() for _ in each])
    wanted = np.array([[label in one.labels_of(start.section) for label in start.labels] for one in examples], float)
    share = np.array([SHARES[start.section][name] / len(found[name]) for name in names])
    return examples, names, wanted, share


def fit_weights(start: Head, found: Mapping[str, Sequence[Example]], encode: Encode | None = None) -> Array:
    """Weights fitted to examples, with vectors if an encoder is given."""
    examples, _, wanted, share = join_groups(start, found)
    prior = start.words if encode is None else start.full
    ridge = np.full(prior.shape[1], FIRM[start.section]["cue"])
    ridge[: 0 if encode is None else start.means.shape[1]] = FIRM[start.section]["meaning"]
    ridge[-1] = 0.01
    seen = start.compute_features([one.text for one in examples], encode)
    return fit_rows(seen, wanted, prior, ridge, share=share, single=start.is_single)


def frequent(found: Mapping[str, Sequence[Example]]) -> tuple[str, ...]:
    """Words and pairs of words that stand in several texts which a person wrote."""
    texts = [one.text.words for name, each in found.items() if name not in ("traffic", "composed") for one in each]
    counted = Counter(
        term
        for one in texts
        for term in set().union(*map(list_sentence_terms, map(split_tokens, split_sentences(one))))
    )
    return tuple(sorted(term for term, count in counted.items() if count >= OFTEN))


def encode_texts(start: Head, texts: Sequence[Text], encode: Encode) -> pooling.Seen:
    """What is seen of texts and of their sentences."""
    meant = start.centre_vectors(
        encode([one.core_text for one in texts]), [category.find_text_language(one) for one in texts]
    )
    whole = np.concatenate([category.SCALE * meant, np.ones((len(texts), 1))], axis=1)
    return pooling.Seen(whole, start.read(texts, encode), len(start.reader.terms))


def set_weights(start: Head, made: pooling.Weights, degrees: float) -> Head:
    """The classifier with its weights; scores are divided by `degrees`."""
    one = np.eye(len(start.labels))
    full = np.concatenate([made.text[:, :-1], one, -one, degrees * FILLED * one, made.text[:, -1:]], axis=1)
    return replace(start, full=full / degrees, reader=replace(start.reader, seen=made.sentence, words=made.words))


def left_out(
    seen: pooling.Seen, names: npt.NDArray[np.str_], wanted: Array, share: Array, codes: Sequence[str]
) -> float:
    """What scores are to be divided by, from texts of voices that were left out one by one; how well these are told is printed."""
    scores = np.zeros(wanted.shape)
    for name in VOICES:
        held = names == name
        made = pooling.fit(seen.select_texts(~held), wanted[~held], share[~held], seen.texts.shape[1] - 1)
        scores[held] = made.scores(seen.select_texts(held))
        each = [(code, held & (np.array(codes) == code)) for code in load_lists()]
        told = ", ".join(f"{code} {macro(wanted[rows], scores[rows]):.3f}" for code, rows in each)
        print(f"macro F1 of types where {name} is left out: {told}")
    held = np.isin(names, VOICES)
    return pooling.heat(scores[held], wanted[held])


def macro(wanted: Array, scores: Array) -> float:
    """Macro F1 of the best labels."""
    said = np.eye(wanted.shape[1])[scores.argmax(axis=1)]
    return float((2 * (wanted * said).sum(axis=0) / np.maximum((wanted + said).sum(axis=0), 1)).mean())


def save(heads: Sequence[Head], version: str) -> str:
    """Write the weights; SHA-256 of the file."""
    from safetensors.numpy import save as packed

    held: dict[str, npt.NDArray[Any]] = {}
    for one in heads:
        held |= {f"{one.section}.{name}": getattr(one, name).astype(np.float16) for name in ("words", "full", "means")}
        held |= {
            f"{one.section}.sentences": one.reader.seen.astype(np.float16),
            f"{one.section}.sentence words": one.reader.words.astype(np.float16),
            f"{one.section}.terms": np.frombuffer("\n".join(one.reader.terms).encode(), np.uint8),
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
    from workbench.search import MULTILINGUAL, get_engine

    used = get_engine(MULTILINGUAL)
    encode = category.cache_encoder(used.encode)
    sha256 = save([areas(encode), types(encode)], used.version)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes, SHA-256 {sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
