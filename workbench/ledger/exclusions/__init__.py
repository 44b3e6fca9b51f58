"""Exclusions: which documents, files and rows an officer has excluded, and what of the words of a rule outlasts an erasure."""
