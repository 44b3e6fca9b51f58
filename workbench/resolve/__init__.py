"""Statements to entities, candidate pairs with reasons, judgements to canonical ids. Suggests; an officer judges."""

from workbench.resolve.candidate_pairs import pairs
from workbench.resolve.canonical_ids import all_pairs, canonical, contradictions, disagreements
from workbench.resolve.entity_table import entities, with_canonical

__all__ = ["all_pairs", "canonical", "contradictions", "disagreements", "entities", "pairs", "with_canonical"]
