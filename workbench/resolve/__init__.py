"""Statements to entities, candidate pairs with reasons, judgements to canonical ids. Suggests; an officer judges."""

from workbench.resolve.candidate_pairs import find_candidate_pairs
from workbench.resolve.canonical_ids import (
    compute_canonical_ids,
    find_contradictions,
    find_disagreements,
    list_all_pairs,
)
from workbench.resolve.entity_table import add_canonical_ids, list_captions, list_entities

__all__ = [
    "add_canonical_ids",
    "compute_canonical_ids",
    "find_candidate_pairs",
    "find_contradictions",
    "find_disagreements",
    "list_all_pairs",
    "list_captions",
    "list_entities",
]
