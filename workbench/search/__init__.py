"""Query to ranked passages, by words and by meaning. Floor 3."""

from workbench.search.language_neutral import Neutral
from workbench.search.model_recipes import ENGLISH, MULTILINGUAL
from workbench.search.query_words import build_all_words_expression, build_expression, find_highlights, list_terms
from workbench.search.rank_fusion import compute_reciprocal_scores, merge_answers, rank_passages
from workbench.search.text_vectors import STEPS, Engine, PreparedModel, get_engine
from workbench.search.vector_store import VectorIndex, find_neighbours, order_turns

__all__ = [
    "ENGLISH",
    "MULTILINGUAL",
    "STEPS",
    "Engine",
    "Neutral",
    "PreparedModel",
    "VectorIndex",
    "build_all_words_expression",
    "build_expression",
    "compute_reciprocal_scores",
    "find_highlights",
    "find_neighbours",
    "get_engine",
    "list_terms",
    "merge_answers",
    "order_turns",
    "rank_passages",
]
