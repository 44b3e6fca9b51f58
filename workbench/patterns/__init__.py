"""Patterns: what the mass rows of a case show when they are counted. Answers describe records; they judge nobody."""

from workbench.patterns.answers import Answer
from workbench.patterns.telephony import Period

__all__ = ["Answer", "Period"]
