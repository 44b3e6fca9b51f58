"""Crime areas and type of a message, suggested from its text. An officer decides; what was decided teaches the next suggestion.

A text is read twice: for cues (`cues/*.yaml`), and as a vector of its meaning, if an encoder is given. One linear classifier weighs both.
Its weights start from the lists and from the sentences in them, and are then fitted to generated traffic and texts of our own
(`python datasets/make/categories.py`). The words that decided are found by taking them away: what lowers the score decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.messages.cues import STRONG, Cue, lexicon, lists, spoken
from workbench.messages.fields import values
from workbench.messages.linear import fit, probabilities
from workbench.messages.message import Correspondence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]

WEIGHTS = Path(__file__).parent / "weights" / "category.safetensors"
AREAS, TYPES = SECTIONS = ("areas", "types")
SURE = 0.5
"""Confidence from which a suggestion is made; below it stands as 'unsure'."""
SCALE = 5.0
"""What a vector is multiplied by, so that its columns and those of the cues are of one size."""
NEAREST = 3
SENTENCE = re.compile(r"[^.!?؟;\n]+[.!?؟;]*")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "your_ref": ("reply", "reminder", "acknowledgement", "cancellation", "correction"),
    "requested_action": ("request",),
}
"""Fields that are filled, and the types that they speak for."""
FIRMNESS = 2.0
LESSON = 8.0
"""What one correction counts for beside the prior."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label with its confidence in [0, 1]: of a hundred that stand at 0.8 some eighty are right, on texts like those it learnt from."""

    label: str
    confidence: float

    @property
    def unsure(self) -> bool:
        """Whether it is too uncertain to be made."""
        return self.confidence < SURE


@dataclass(frozen=True, slots=True)
class Category:
    """What a message is about and what kind it is, as a machine suggests. The best guess stands alone where all are unsure."""

    areas: tuple[Suggestion, ...]
    type: Suggestion


@dataclass(frozen=True, slots=True)
class Text:
    """What is read of a message: its words, their language, which telling fields are filled, and the part that a vector is made of."""

    words: str
    language: str = ""
    fields: tuple[str, ...] = ()
    meant: str = ""

    @property
    def meaning(self) -> str:
        """The part whose meaning counts."""
        return self.meant or self.words


def text(message: Correspondence) -> Text:
    """What is read of a message: subject and facts; the vector is of the facts."""
    facts = message.summary_of_facts
    filled = tuple(name for name in FIELDS if any(found for _, found in values(message, name)))
    return Text(". ".join(part for part in (message.subject, facts) if part), message.language, filled, facts)


@dataclass(frozen=True)
class Head:
    """The classifier of one section ('areas' or 'types').

    Attributes
    ----------
    section : str
    labels : tuple of str
    words : array of labels x (labels + 1)
        Weights without vectors.
    full : array of labels x features
        Weights of the vector, the cues, the nearest sentences ('types' only) and a constant.
    means : array of languages x numbers
        Mean of the sentences of each language, which is taken away from every vector.
    near : array of sentences x numbers
        Vectors of the sentences of the lists.
    owner : array of sentences
        Number of the label of each.
    """

    section: str
    labels: tuple[str, ...]
    words: Array
    full: Array
    means: Array
    near: Array
    owner: npt.NDArray[np.int64]

    @property
    def single(self) -> bool:
        """Whether a message has exactly one of the labels."""
        return self.section == TYPES

    def chances(self, texts: Sequence[Text], encode: Encode | None = None) -> Array:
        """Probability of each label for each text."""
        weights = self.words if encode is None else self.full
        return probabilities(self.features(texts, encode), weights, single=self.single)

    def features(self, texts: Sequence[Text], encode: Encode | None = None) -> Array:
        """What the classifier sees of texts, one row each."""
        import numpy as np

        cues = np.array([self.cued(one) for one in texts]).reshape(len(texts), len(self.labels))
        parts = [cues, np.ones((len(texts), 1))]
        if encode is not None:
            meant = self.centred(encode([one.meaning for one in texts]), texts)
            parts = [SCALE * meant, cues, *self._nearest(texts, encode), parts[-1]]
        return np.concatenate(parts, axis=1)

    def cued(self, one: Text) -> list[float]:
        """Weight of the cues of each label, as logarithm."""
        import numpy as np

        found = {(cue.label, cue.written, cue.weight) for cue in cues(self.section, one)}
        weighed = [sum(weight for label, _, weight in found if label == wanted) for wanted in self.labels]
        if self.section == TYPES:
            told = [label for name in one.fields for label in FIELDS[name]]
            weighed = [weight + STRONG * told.count(label) for label, weight in zip(self.labels, weighed, strict=True)]
        return list(np.log1p(np.array(weighed, float)))

    def centred(self, vectors: npt.NDArray[np.float32], texts: Sequence[Text]) -> Array:
        """Vectors without what texts of their language have in common."""
        import numpy as np

        codes = list(lists())
        rows = [
            self.means[codes.index(code)] if code in codes else self.means.mean(axis=0) for code in map(said, texts)
        ]
        found: Array = vectors.astype(np.float64) - np.stack(rows)
        return found

    def _nearest(self, texts: Sequence[Text], encode: Encode) -> list[Array]:
        """Likeness of the first and last sentences of each text to those of each label; areas are told by the whole text."""
        import numpy as np

        if not self.single:
            return []
        parts = [replace(one, meant=part) for one in texts for part in edges(one.meaning)]
        counts = [len(edges(one.meaning)) for one in texts]
        vectors = self.centred(encode([part.meant for part in parts]), parts)
        alike = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)) @ self.near.T
        best = [np.sort(alike[:, self.owner == number], axis=1)[:, -NEAREST:] for number in range(len(self.labels))]
        means = np.stack([each.mean(axis=1) for each in best], axis=1)
        means -= means.mean(axis=1, keepdims=True)
        return [SCALE * np.stack([part.max(axis=0) for part in np.split(means, np.cumsum(counts)[:-1])])]


def said(one: Text) -> str:
    """Language in which a text is read."""
    return spoken(one.words, one.language)


def cues(section: str, one: Text) -> list[Cue]:
    """Cues of a section in a text."""
    return lexicon(section, said(one)).find(one.words)


def edges(text: str) -> list[str]:
    """The first and the last two sentences: there a message says what it wants."""
    found = [match[0].strip() for match in SENTENCE.finditer(text) if len(match[0].split()) > 2] or [text]
    return list(dict.fromkeys([found[0], *found[-2:]]))


@cache
def shipped(section: str) -> Head:
    """The classifier that comes with the workbench."""
    from safetensors.numpy import load_file

    held = load_file(WEIGHTS)
    labels = tuple(lists()["en"][section])
    part = {name: held[f"{section}.{name}"].astype("float64") for name in ("words", "full", "means", "near")}
    return Head(section, labels, owner=held[f"{section}.owner"].astype("int64"), **part)


def suggest(
    texts: Sequence[Text], encode: Encode | None = None, heads: Mapping[str, Head] | None = None
) -> list[Category]:
    """Crime areas and type of each text. Many at once cost less than one by one.

    Parameters
    ----------
    texts : sequence of Text
    encode : callable, optional
        Texts to vectors of unit length (multilingual E5). Without it, words alone are weighed, which finds less.
    heads : mapping, optional
        Section -> classifier, such as those that corrections have taught.
    """
    if not texts:
        return []
    encode = encode and once(encode)
    chosen = heads or {section: shipped(section) for section in SECTIONS}
    areas, types = (chosen[section].chances(texts, encode) for section in SECTIONS)
    return [
        Category(_areas(chosen[AREAS].labels, row), _best(chosen[TYPES].labels, other)[0])
        for row, other in zip(areas, types, strict=True)
    ]


def _areas(labels: Sequence[str], chances: Array) -> tuple[Suggestion, ...]:
    ranked = _best(labels, chances)
    return tuple(one for one in ranked if not one.unsure) or (ranked[0],)


def _best(labels: Sequence[str], chances: Array) -> list[Suggestion]:
    pairs = zip(labels, chances, strict=True)
    return [Suggestion(label, round(float(chance), 4)) for label, chance in sorted(pairs, key=lambda pair: -pair[1])]


def once(encode: Encode) -> Encode:
    """An encoder that reads each text once."""
    import numpy as np

    known: dict[str, npt.NDArray[np.float32]] = {}

    def read(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        new = [one for one in dict.fromkeys(texts) if one not in known]
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[one] for one in texts])

    return read


def decided(
    one: Text, label: str, section: str, encode: Encode | None = None, head: Head | None = None
) -> pd.DataFrame:
    """The words without which a label would be less likely, those that count most first.

    Columns: words, start, end (characters of `Text.words`), kind ('cue', 'sentence'), weight (by how much the confidence falls when all
    places of the cue, or the sentence, are taken out of the text).
    """
    head, encode = head or shipped(section), encode and once(encode)
    spans = [*_cued(one, label, section), *(_sentences(one) if encode else ())]
    texts = [one, *(without(one, [part[:2] for part in group]) for group in spans)]
    chances = head.chances(texts, encode)[:, head.labels.index(label)]
    rows = [
        (one.words[start:end], start, end, kind, round(float(chances[0] - chance), 4))
        for group, chance in zip(spans, chances[1:], strict=True)
        for start, end, kind in group
        if chances[0] - chance > 0
    ]
    found = pd.DataFrame(rows, columns=["words", "start", "end", "kind", "weight"])
    return found.sort_values(["weight", "start"], ascending=[False, True], ignore_index=True)


Span = tuple[int, int, str]


def _cued(one: Text, label: str, section: str) -> list[list[Span]]:
    groups: dict[str, list[Span]] = {}
    for cue in cues(section, one):
        if cue.label == label:
            groups.setdefault(cue.written, []).append((cue.start, cue.end, "cue"))
    return list(groups.values())


def _sentences(one: Text) -> list[list[Span]]:
    return [[(*match.span(), "sentence")] for match in SENTENCE.finditer(one.words) if match[0].strip()]


def without(one: Text, spans: Sequence[tuple[int, int]]) -> Text:
    """A text without some of its words."""
    from_facts = len(one.words) - len(one.meant) if one.meant else 0
    kept = _cut(one.words, spans)
    meant = _cut(one.meant, [(max(0, a - from_facts), b - from_facts) for a, b in spans if b > from_facts])
    return replace(one, words=kept, meant=meant or ("" if not one.meant else " "))


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def taught(head: Head, texts: Sequence[Text], labels: Sequence[Sequence[str]], encode: Encode | None = None) -> Head:
    """The classifier after corrections: as near to what it was as they let it be. The same corrections give the same one."""
    import numpy as np

    if not texts:
        return head
    prior = head.words if encode is None else head.full
    wanted = np.array([[label in chosen for label in head.labels] for chosen in labels], float)
    made = fit(
        head.features(texts, encode), wanted, prior, np.full(prior.shape[1], FIRMNESS),
        share=np.full(len(texts), LESSON), single=head.single,
    )  # fmt: skip
    return replace(head, words=made) if encode is None else replace(head, full=made)
