"""Names of persons, organisations and places, found by the spaCy model of each language. Suggestions only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.extract.extraction_method import Method, Span, suggest_claim
from workbench.extract.languages import UNKNOWN, detect_language, detect_script
from workbench.extract.names.lexicon import is_name, trim_span
from workbench.extract.names.spacy_import import import_spacy
from workbench.model.identifiers import Key
from workbench.model.ids import build_entity_id
from workbench.model.machine.lru_cache import Recent
from workbench.model.machine.model_registry import check_model, get_model, is_installed
from workbench.model.machine.pipeline_config import check_config
from workbench.model.machine.user_models import list_user_models
from workbench.model.rows import Claim, Passage
from workbench.model.text.normalise import clean_text, normalise_name

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import EntityRecognizer
    from spacy.tokens import Doc
    from threadpoolctl import ThreadpoolController

NAME = "spacy-ner"
RULES = "4"
ENGLISH = ("spacy-en", "spacy-en-small")
"""Models of English names, the first that is installed counts."""
SHIPPED = {"fr": "spacy-fr"}
"""Models of other languages."""
RULED = frozenset({"es", "ar"})
"""Languages whose names are read by rule (`rules`), as long as the user has added no model for them."""
LABELS = {
    "PERSON": ("Person", "name"), "PER": ("Person", "name"), "ORG": ("Organization", "name"), "GPE": ("Address", "full"),
    "LOC": ("Address", "full"), "FAC": ("Address", "full"),
}  # fmt: skip
"""Label of OntoNotes or of WikiNER -> schema, property."""
CONFIDENCE: Mapping[str, Mapping[str, float]] = MappingProxyType({
    "spacy-en": {"Person": 0.6, "Organization": 0.6, "Address": 0.8},
    "spacy-en-small": {"Person": 0.6, "Organization": 0.6, "Address": 0.75},
    "spacy-fr": {"Person": 0.85, "Organization": 0.65, "Address": 0.8},
})  # fmt: skip
"""Model -> schema -> confidence.

It is the share of such mentions that were exactly right, rounded: English on the marked reports of re3d (persons 0.60 of 140,
organisations 0.61 of 314, places 0.81 of 371), French on forty sentences of our own (benchmarks/extract.py). The texts of a
case are others: in short chats organisations came out at 0.4. It is no probability that what is said of the name is true.
"""
ELSEWHERE = 0.4
"""Confidence of the English model in other languages, and of models that a user added: measured nowhere."""
UNUSED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
"""Parts of the pipeline that names do not need. Without them, in batches, it reads 3 to 4 times as fast and finds the same
(benchmarks/extract.py)."""
BATCH = 16_000
"""Characters that are read together: so many as the caches of a processor hold what is computed of them."""
PIECE = 100_000
"""Characters that are read as one; longer text is cut at a line end."""
UNBROKEN = re.compile(r"(\S{200})(?=\S)")
"""As many signs without a blank as are read as one; no name is so long, and the tokeniser takes the square of their number."""
NOTHING: Mapping[str, str] = MappingProxyType({})
Entity = tuple[int, int, str]
"""Where a name begins and ends, and its label."""
_alone = RLock()
"""A pipeline is loaded, and reads a batch of texts, in one thread at a time: spaCy's words and thinc's ways belong to the process."""
_known = Recent[tuple[str, str], tuple[Entity, ...]](4096)
"""Model and text -> names: the fields of a message are checked and then read as passages."""


def build_spacy_method(spoken: Mapping[str, str] = NOTHING) -> Method:
    """Method that reads names with the model of each passage's language.

    Parameters
    ----------
    spoken : mapping
        Passage id -> language (`languages.detect_languages`); of others the text alone tells it.

    Returns
    -------
    Method
        Its version names the models. Spanish and Arabic are left to the rules unless the user has added a model for them;
        what is in no language that has a model is read with the English one.
    """
    chosen = list_name_models()
    version = "+".join([RULES, *dict.fromkeys(get_model(name).label for name in chosen.values())])

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for name, group in _group_by_model(passages, spoken, chosen).items():
            yield from _read_claims(name, group, version)

    return Method(NAME, version, extract)


def list_name_models() -> dict[str, str]:
    """Language -> name of the model that reads it; 'en' reads also what has none. What a user has added comes first."""
    english = next((name for name in ENGLISH if is_installed(name)), ENGLISH[0])
    return {
        "en": english,
        **{code: name for code, name in SHIPPED.items() if is_installed(name)},
        **list_user_models("ner"),
    }


@lru_cache(maxsize=6)
def load_pipeline(name: str = ENGLISH[0]) -> Language:
    """The pipeline of a model, reduced to its tokeniser and names; its files are checked first.

    Matrices are multiplied by numpy, which takes two thirds of the time that thinc's own way takes.

    Raises
    ------
    ModelError
        If the model is missing or changed.
    """
    spacy = import_spacy()
    from thinc.api import use_ops

    place, card = check_model(name), get_model(name)
    if card.is_user_added:  # by an earlier version perhaps, which looked at less
        check_config(place / "config.cfg", card.languages)
    with _alone, use_ops("numpy", use_blis=False):
        loaded: Language = spacy.load(place, exclude=list(UNUSED))
        return loaded


@cache
def _get_thread_controller() -> ThreadpoolController:
    """Holds the threads of numpy's algebra: its matrices are too small here to be shared out."""
    import numpy as np
    from threadpoolctl import ThreadpoolController

    np.ones((1, 1)) @ np.ones((1, 1))  # loaded before it is looked for
    return ThreadpoolController()


def _group_by_model(
    passages: Sequence[Passage], spoken: Mapping[str, str], chosen: Mapping[str, str]
) -> dict[str, list[tuple[Passage, str]]]:
    """Model -> the passages that it reads, each with its language."""
    groups: dict[str, list[tuple[Passage, str]]] = {}
    for passage in passages:
        code = resolve_language(passage, spoken)
        if code in chosen or code not in RULED:
            groups.setdefault(chosen.get(code, chosen["en"]), []).append((passage, code))
    return groups


def resolve_language(passage: Passage, spoken: Mapping[str, str]) -> str:
    """Language of a passage; what is undetermined and in Arabic letters is taken for Arabic."""
    code = spoken.get(passage.id) or detect_language(passage.text)
    return "ar" if code == UNKNOWN and detect_script(passage.text) == "ARABIC" else code


def _read_claims(name: str, group: Sequence[tuple[Passage, str]], version: str) -> Iterator[Claim]:
    pieces = [(passage, code, start, text) for passage, code in group for start, text in _split_pieces(passage.text)]
    found = find_names(name, [text for _, _, _, text in pieces])
    for (passage, code, offset, _), names in zip(pieces, found, strict=True):
        for start, end, label in names:
            if label in LABELS:
                yield from _build_claims(passage, Span(offset + start, offset + end), label, (name, code, version))


def find_names(name: str, texts: Sequence[str]) -> list[tuple[Entity, ...]]:
    """Names that a model finds in each text; a text that comes again is read once."""
    found = {text: names for text in texts if (names := _known.get((name, text))) is not None}
    new = [text for text in dict.fromkeys(texts) if text not in found]
    for text, doc in read_docs(load_pipeline(name), new):
        names = tuple((one.start_char, one.end_char, one.label_) for one in doc.ents)
        found[text] = _known[name, text] = names
    return [found[text] for text in texts]


def read_docs(pipeline: Language, texts: Iterable[str]) -> Iterator[tuple[str, Doc]]:
    """Each text and what a pipeline reads in it, short texts first."""
    for batch in _split_batches(sorted(texts, key=len)):
        with _alone, _get_thread_controller().limit(limits=1, user_api="blas"):
            made = _read_batch(pipeline, batch)
        yield from zip(batch, made, strict=True)


def _split_batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts by batches of about so many characters."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _read_batch(pipeline: Language, texts: Sequence[str]) -> Sequence[Doc]:
    """Texts with their names, as `pipeline.pipe` gives them.

    A recogniser that reads them alone takes its steps here. In spaCy's own loop it gives the interpreter up, and takes it again several
    times for each label of each word, which costs more than all the rest.
    """
    from spacy.pipeline import EntityRecognizer

    made = [_split_tokens(pipeline, text) for text in texts]
    alone = pipeline.pipeline[0][1] if len(pipeline.pipeline) == 1 else None
    if not isinstance(alone, EntityRecognizer) or alone.cfg["beam_width"] > 1:
        return list(pipeline.pipe(made))
    _recognise_names(alone, made)
    return made


def _split_tokens(pipeline: Language, text: str) -> Doc:
    """A text in tokens, every sign in its place. What no blank breaks is cut, and so many marks without a letter are one token."""
    from spacy.tokens import Doc

    pieces = [one for one in UNBROKEN.split(text) if one]
    if len(pieces) < 2:
        return pipeline.make_doc(text)
    marks = partial(Doc, pipeline.vocab, spaces=[False])
    made = (pipeline.make_doc(one) if any(map(str.isalnum, one)) else marks(words=[one]) for one in pieces)
    return Doc.from_docs(list(made), ensure_whitespace=False)


def _recognise_names(ner: EntityRecognizer, docs: Sequence[Doc]) -> None:
    """Give docs their names, a word of each at a time."""
    states = ner.moves.init_batch(docs)
    going = [state for state in states if not state.is_final()]
    if going:
        model = ner.model.predict(docs)
        while going:
            going = ner.transition_states(going, model.predict(going))
    ner.set_annotations(docs, states)


def build_mention_key(schema: str, name: str) -> Key:
    """Key of a name in text: one spelling, accents and case aside, is one suggested entity in the case.

    It is a name and not a person: two persons of one name share it until an officer judges.
    """
    return Key(build_entity_id(schema, "mention", normalise_name(name) or clean_text(name)), clean_text(name))


def _build_claims(passage: Passage, place: Span, label: str, by: tuple[str, str, str]) -> Iterator[Claim]:
    name, code, version = by
    span = trim_span(passage.text, place, code)
    if not is_name(passage.text, span, code):
        return
    schema, prop = LABELS[label]
    key = build_mention_key(schema, passage.text[span.start : span.end])
    foreign = name in ENGLISH and code not in ("en", UNKNOWN)
    confidence = ELSEWHERE if foreign else CONFIDENCE.get(name, {}).get(schema, ELSEWHERE)
    yield suggest_claim(passage, span, schema, prop, key, by=(NAME, version, confidence))


def _split_pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > PIECE:
        cut = text.rfind("\n", start, start + PIECE) + 1 or start + PIECE
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]
