"""How a model's vectors are made: which card, how much of a text it reads, what stands before a text. One recipe a mode."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import ModelError
from workbench.model.catalogue import Sentence
from workbench.model.machine.model_registry import check_model, get_model, load_models

ENGLISH, MULTILINGUAL = "english", "multilingual"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an engine must know of a model.

    Attributes
    ----------
    mode : str
        As a case names it: 'english', 'multilingual', or the name of a model that the user has added.
    card : str
        Name of the model's card.
    tokenizer : str
        Name of the card of its word pieces; its own where they lie beside the weights.
    pieces : int
        Word pieces of a text that are read.
    query, passage : str
        Stand before what is asked for, and before what is searched.
    close : float
        Mean cosine to the original over the probes from which the 8-bit model is used.
    near : float
        Score below which a passage is not called alike: the cosine that two unrelated sentences have; across languages the
        standard deviations above the mean (`neutral.Neutral`).
    whole : tuple of str
        Matrices with one of these in their name keep 32 bits: where the numbers that go in differ most in size, 8 bits lose most.
    neutral : bool
        Whether the mark that a language leaves is taken out.
    """

    mode: str
    card: str
    tokenizer: str
    pieces: int = 256
    query: str = ""
    passage: str = ""
    close: float = 0.98
    near: float = 0.2
    whole: tuple[str, ...] = ()
    neutral: bool = False

    @property
    def label(self) -> str:
        """Package and version of the model."""
        return get_model(self.card).label

    @property
    def source(self) -> Path:
        """Folder of the weights, checked."""
        return check_model(self.card)

    @property
    def pieces_file(self) -> Path:
        """The tokenizer's file, checked."""
        return check_model(self.tokenizer) / "tokenizer.json"

    @property
    def sha256(self) -> str:
        """Of the weights."""
        return get_model(self.card).sha256


RECIPES = {
    ENGLISH: Recipe(ENGLISH, "minilm", "minilm"),
    MULTILINGUAL: Recipe(
        MULTILINGUAL, "e5", "e5-tokenizer", query="query: ", passage="passage: ", close=0.997, near=1.0,
        whole=("layer.0/output/dense", "layer.4/output/dense", "layer.5/output/dense"), neutral=True,
    ),
}  # fmt: skip
"""Measured, minilm: cosine to the original 0.989 with weights quantised by channel, 0.938 by tensor; in retrieval
(benchmarks/search.py) the first finds as well as the original, the second does not. The bound lies between, so that a
processor on which the 8-bit arithmetic saturates gets the 32-bit model instead. e5: 0.9986, and 0.997 with every matrix in 8
bits, which answers 2 of 120 questions across languages less. Of the twelve layers three lose all that is lost (the fifth most)."""


def get_recipe(mode: str) -> Recipe:
    """The recipe of a mode.

    Raises
    ------
    ModelError
        If there is none of that name.
    """
    if mode in RECIPES:
        return RECIPES[mode]
    card = load_models().get(mode)
    if card is None or not card.is_user_added or card.task != "embedding":
        own = [name for name, each in load_models().items() if each.is_user_added and each.task == "embedding"]
        raise ModelError(
            Sentence(
                "The value '{mode}' of `search` is not known. Known values: {known}.",
                mode=mode,
                known=", ".join([*RECIPES, *own]),
            )
        )
    prompts = _read_prompts(check_model(mode))
    several = len(card.languages) > 1
    return Recipe(
        mode, mode, mode, query=prompts.get("query", ""), passage=prompts.get("passage", ""), close=0.98,
        near=1.0 if several else -1.0, neutral=several,
    )  # fmt: skip


def _read_prompts(folder: Path) -> dict[str, str]:
    """What the maker says stands before texts."""
    with suppress(OSError, ValueError):
        said = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))
        prompts = said.get("prompts") if isinstance(said, dict) else None
        if isinstance(prompts, dict):
            return {str(name): str(text)[:200] for name, text in prompts.items() if isinstance(text, str)}
    return {}
