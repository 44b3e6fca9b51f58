"""Query to ranked passages, by words and by meaning. Floor 3."""

from workbench.search.engine import STEPS, Engine, Prepared, engine
from workbench.search.fuse import merge, rank, reciprocal
from workbench.search.neutral import Neutral
from workbench.search.recipes import ENGLISH, MULTILINGUAL
from workbench.search.vectors import VectorIndex, find_neighbours
from workbench.search.words import all_words, expression, mark, terms

__all__ = [
    "ENGLISH",
    "MULTILINGUAL",
    "STEPS",
    "Engine",
    "Neutral",
    "Prepared",
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
