"""Crime areas and type of a message, suggested from its text. An officer decides; what was decided teaches the next suggestion.

A text is read twice: for cues (`cues/*.yaml`), and as a vector of its meaning, if an encoder is given. One linear classifier weighs both;
for the type it weighs what each sentence speaks for and against as well (`acts`), for a type is often said in one sentence of many.
The weights are fitted to the lists, generated traffic and texts of our own (`python datasets/make/categories.py`).
The words that decided are found by taking them away: what lowers the score decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import list_values
from workbench.messages.triage.linear_classifier import compute_probabilities, fit_weights
from workbench.messages.wording.cue_words import (
    STRONG,
    Cue,
    Token,
    find_cue_language,
    load_lexicon,
    load_lists,
    split_tokens,
)
from workbench.messages.wording.speech_acts import (
    ENDS,
    SENTENCE,
    Reader,
    Sentences,
    encode_place,
    list_outer_sentences,
    list_sentence_terms,
    list_term_numbers,
    split_sentences,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]

WEIGHTS = Path(__file__).parents[1] / "weights" / "category.safetensors"
AREAS, TYPES = SECTIONS = ("areas", "types")
SURE = {AREAS: 0.5, TYPES: 0.65}
"""Confidence from which a suggestion is made; below it stands as 'unsure'. Of types from there on, 91 of 100 are right in texts of a voice
that was left out of the fit."""
SECOND = 0.35
"""Confidence from which a further crime area is suggested beside the best: two share what one alone would have."""
SCALE = 5.0
"""What a vector is multiplied by, so that its columns and those of the cues are of one size."""
LONGEST = 16_000
"""Characters of the facts that are read; what a message is about stands at its beginning."""
TRIED = 32
"""Sentences that are taken out one by one to see which of them decided: the first ones, and the last."""
ENOUGH = 20
"""Words from which a type is as sure as the classifier says, as in the texts that it learnt from; fewer count for less, but for cues."""
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
    least: float
    """Confidence from which it is made."""

    @property
    def unsure(self) -> bool:
        """Whether it is too uncertain to be made."""
        return self.confidence < self.least


@dataclass(frozen=True, slots=True)
class Category:
    """What a message is about, the likeliest first, and what kind it is, as a machine suggests."""

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
    def core_text(self) -> str:
        """The part whose meaning counts."""
        return self.meant or self.words


def build_text(message: Correspondence) -> Text:
    """What is read of a message: subject and facts, as far as LONGEST; the vector is of the facts."""
    facts = message.summary_of_facts[:LONGEST]
    filled = tuple(name for name in FIELDS if any(found for _, found in list_values(message, name)))
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
        Weights of the vector, of the cues ('areas') or what the sentences say and the filled fields ('types'), and of a constant.
    means : array of languages x numbers
        Mean of the sentences of each language, which is taken away from every vector.
    reader : Reader
        Of sentences; it knows nothing for 'areas'.
    """

    section: str
    labels: tuple[str, ...]
    words: Array
    full: Array
    means: Array
    reader: Reader

    @property
    def is_single(self) -> bool:
        """Whether a message has exactly one of the labels."""
        return self.section == TYPES

    def compute_chances(self, texts: Sequence[Text], encode: Encode | None = None) -> Array:
        """Probability of each label for each text."""
        weights = self.words if encode is None else self.full
        return compute_probabilities(self.compute_features(texts, encode), weights, single=self.is_single)

    def compute_confidences(self, texts: Sequence[Text], encode: Encode | None = None) -> Array:
        """Probabilities; of types nearer to each other where few words are read and neither a cue nor a field speaks for the likeliest."""
        import numpy as np

        chances = self.compute_chances(texts, encode)
        if not self.is_single:
            return chances
        share = np.array([min(1.0, len(one.core_text.split()) / ENOUGH) for one in texts])
        for at in np.flatnonzero(share < 1).tolist():
            if self.compute_cue_scores([texts[at]])[0, chances[at].argmax()] > 0:
                share[at] = 1.0
        found: Array = share[:, None] * chances + (1 - share[:, None]) / len(self.labels)
        return found

    def compute_features(self, texts: Sequence[Text], encode: Encode | None = None) -> Array:
        """What the classifier sees of texts, one row each."""
        import numpy as np

        constant = np.ones((len(texts), 1))
        if encode is None:
            return np.concatenate([self.compute_cue_scores(texts), constant], axis=1)
        meant = self.centre_vectors(
            encode([one.core_text for one in texts]), [find_text_language(one) for one in texts]
        )
        told = (
            [self.reader.score_texts(self.read(texts, encode)), self.count_fields(texts)]
            if self.is_single
            else [self.compute_cue_scores(texts)]
        )
        return np.concatenate([SCALE * meant, *told, constant], axis=1)

    def compute_cue_scores(self, texts: Sequence[Text]) -> Array:
        """Weight of the cues of each label, and of the fields that speak for it, as logarithm."""
        import numpy as np

        found = [self.compute_cue_weights(split_tokens(one.words), find_text_language(one)) for one in texts]
        return np.log1p(
            np.array(found).reshape(len(texts), -1) + (STRONG * self.count_fields(texts) if self.is_single else 0)
        )

    def compute_cue_weights(self, words: Sequence[Token], code: str) -> list[float]:
        """Weight of the cues of each label in words of a language."""
        found = {(cue.label, cue.written, cue.weight) for cue in load_lexicon(self.section, code).find_in_tokens(words)}
        return [float(sum(weight for label, _, weight in found if label == wanted)) for wanted in self.labels]

    def count_fields(self, texts: Sequence[Text]) -> Array:
        """Filled fields that speak for each label."""
        import numpy as np

        rows = [[label for name in one.fields for label in FIELDS[name]] for one in texts]
        return np.array([[float(row.count(label)) for label in self.labels] for row in rows])

    def centre_vectors(self, vectors: npt.NDArray[np.float32], codes: Sequence[str]) -> Array:
        """Vectors without what texts of their language have in common."""
        import numpy as np

        known = list(load_lists())
        rows = [self.means[known.index(code)] if code in known else self.means.mean(axis=0) for code in codes]
        found: Array = vectors.astype(np.float64) - np.stack(rows)
        return found

    def read(self, texts: Sequence[Text], encode: Encode) -> Sentences:
        """What is seen of the sentences of texts."""
        import numpy as np

        parts = [(part, find_text_language(one)) for one in texts for part in [split_sentences(one.core_text)]]
        counts = np.array([len(part) for part, _ in parts])
        codes = np.repeat([code for _, code in parts], counts).tolist()
        words = [split_tokens(each) for part, _ in parts for each in part]
        cues = np.log1p(
            np.array([self.compute_cue_weights(each, code) for each, code in zip(words, codes, strict=True)])
        )
        places = np.array([encode_place(at, count) for count in counts for at in range(count)])
        found = [list_term_numbers(list_sentence_terms(each), self.reader.term_numbers) for each in words]
        return Sentences(
            counts, np.concatenate([self._compute_outer_vectors(parts, encode), cues, places], axis=1), found
        )

    def _compute_outer_vectors(self, parts: Sequence[tuple[list[str], str]], encode: Encode) -> Array:
        """Vectors of the outer sentences of each text, nothing for those between."""
        import numpy as np

        starts = np.cumsum([0, *(len(part) for part, _ in parts)])
        chosen = [
            (start + at, part[at], code)
            for start, (part, code) in zip(starts, parts, strict=False)
            for at in list_outer_sentences(len(part))
        ]
        rows, read, codes = zip(*chosen, strict=True)
        made = np.zeros((starts[-1], self.means.shape[1]))
        made[list(rows)] = SCALE * self.centre_vectors(encode(read), codes)
        return made


def find_text_language(one: Text) -> str:
    """Language in which a text is read."""
    return find_cue_language(one.words, one.language)


def list_texts_to_encode(one: Text) -> list[str]:
    """What of a text is read as vectors: the whole, and its outer sentences."""
    parts = split_sentences(one.core_text)
    return [one.core_text, *(parts[at] for at in list_outer_sentences(len(parts)))]


def find_cues(section: str, one: Text) -> list[Cue]:
    """Cues of a section in a text."""
    return load_lexicon(section, find_text_language(one)).find(one.words)


@cache
def load_classifier(section: str) -> Head:
    """The classifier that comes with the workbench."""
    from safetensors.numpy import load_file

    held = load_file(WEIGHTS)
    labels = tuple(load_lists()["en"][section])
    part = {name: held[f"{section}.{name}"].astype("float64") for name in ("words", "full", "means")}
    seen, words = (held[f"{section}.{name}"].astype("float64") for name in ("sentences", "sentence words"))
    known = held[f"{section}.terms"].tobytes().decode("utf-8").splitlines()
    return Head(section, labels, **part, reader=Reader(tuple(known), seen, words))


def suggest_categories(
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
    encode = encode and cache_encoder(encode)
    chosen = heads or {section: load_classifier(section) for section in SECTIONS}
    areas, types = (
        [_rank_labels(chosen[one], row) for row in chosen[one].compute_confidences(texts, encode)] for one in SECTIONS
    )
    return [Category(select_areas(ranked), other[0]) for ranked, other in zip(areas, types, strict=True)]


def select_areas(ranked: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The best of the areas and those that stand beside it; they are as sure as the best is."""
    best, *others = ranked
    least = best.least if best.unsure else SECOND
    return (best, *(replace(one, least=least) for one in others if one.confidence >= SECOND))


def _rank_labels(head: Head, chances: Array) -> list[Suggestion]:
    pairs = sorted(zip(head.labels, chances, strict=True), key=lambda pair: -pair[1])
    return [Suggestion(label, round(float(chance), 4), SURE[head.section]) for label, chance in pairs]


def cache_encoder(encode: Encode) -> Encode:
    """An encoder that reads each text once."""
    import numpy as np

    known: dict[str, npt.NDArray[np.float32]] = {}

    def read(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        new = [one for one in dict.fromkeys(texts) if one not in known]
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[one] for one in texts])

    return read


def explain_label(
    one: Text, label: str, section: str, encode: Encode | None = None, head: Head | None = None
) -> pd.DataFrame:
    """The words without which a label would be less likely, those that count most first.

    Columns: words, start, end (characters of `Text.words`), kind ('cue', 'sentence'), weight (by how much the confidence falls when all
    places of the cue, or the sentence, are taken out of the text).
    """
    head, encode = head or load_classifier(section), encode and cache_encoder(encode)
    spans = [*_find_cue_spans(one, label, section), *(_list_sentence_spans(one) if encode else ())]
    texts = [one, *(remove_spans(one, [part[:2] for part in group]) for group in spans)]
    chances = head.compute_chances(texts, encode)[:, head.labels.index(label)]
    rows = [
        (one.words[start:end], start, end, kind, round(float(chances[0] - chance), 4))
        for group, chance in zip(spans, chances[1:], strict=True)
        for start, end, kind in group
        if chances[0] - chance > 0
    ]
    found = pd.DataFrame(rows, columns=["words", "start", "end", "kind", "weight"])
    return found.sort_values(["weight", "start"], ascending=[False, True], ignore_index=True)


Span = tuple[int, int, str]


def _find_cue_spans(one: Text, label: str, section: str) -> list[list[Span]]:
    groups: dict[str, list[Span]] = {}
    for cue in find_cues(section, one):
        if cue.label == label:
            groups.setdefault(cue.written, []).append((cue.start, cue.end, "cue"))
    return list(groups.values())


def _list_sentence_spans(one: Text) -> list[list[Span]]:
    found = [[(*match.span(), "sentence")] for match in SENTENCE.finditer(one.words) if match[0].strip()]
    return found if len(found) <= TRIED else [*found[: TRIED - ENDS], *found[-ENDS:]]


def remove_spans(one: Text, spans: Sequence[tuple[int, int]]) -> Text:
    """A text without some of its words."""
    from_facts = len(one.words) - len(one.meant) if one.meant else 0
    kept = _blank_spans(one.words, spans)
    meant = _blank_spans(one.meant, [(max(0, a - from_facts), b - from_facts) for a, b in spans if b > from_facts])
    return replace(one, words=kept, meant=meant or ("" if not one.meant else " "))


def _blank_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def train_corrections(
    head: Head, texts: Sequence[Text], labels: Sequence[Sequence[str]], encode: Encode | None = None
) -> Head:
    """The classifier after corrections: as near to what it was as they let it be. The same corrections give the same one."""
    import numpy as np

    if not texts:
        return head
    prior = head.words if encode is None else head.full
    wanted = np.array([[label in chosen for label in head.labels] for chosen in labels], float)
    made = fit_weights(
        head.compute_features(texts, encode), wanted, prior, np.full(prior.shape[1], FIRMNESS),
        share=np.full(len(texts), LESSON), single=head.is_single,
    )  # fmt: skip
    return replace(head, words=made) if encode is None else replace(head, full=made)
