"""Statements to entities, candidate pairs with reasons, judgements to canonical ids. Suggests; an officer judges."""

from workbench.resolve.canonical import all_pairs, canonical, contradictions, disagreements
from workbench.resolve.entities import entities, with_canonical
from workbench.resolve.pairs import pairs

__all__ = ["all_pairs", "canonical", "contradictions", "disagreements", "entities", "pairs", "with_canonical"]
