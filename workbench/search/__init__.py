"""Query to ranked passages, by words and by meaning. Floor 3."""

from workbench.search.language_neutral import Neutral
from workbench.search.model_recipes import ENGLISH, MULTILINGUAL
from workbench.search.query_words import all_words, expression, mark, terms
from workbench.search.rank_fusion import merge, rank, reciprocal
from workbench.search.text_vectors import STEPS, Engine, PreparedModel, engine
from workbench.search.vector_store import VectorIndex, find_neighbours

__all__ = [
    "ENGLISH",
    "MULTILINGUAL",
    "STEPS",
    "Engine",
    "Neutral",
    "PreparedModel",
    "VectorIndex",
    "all_words",
    "engine",
    "expression",
    "find_neighbours",
    "mark",
    "merge",
    "rank",
    "reciprocal",
    "terms",
]
