"""Text to suggestions: identifiers by rule, names by a language model, names that the sources give. Floor 3.

Every method yields suggested claims whose place in the text can be shown; none of them confirms anything.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.extract.identifiers import doubtful, identifiers
from workbench.extract.kinds import KINDS
from workbench.extract.known import known_names
from workbench.extract.method import Method
from workbench.extract.names import spacy_ner
from workbench.extract.naming import self_naming

if TYPE_CHECKING:
    from collections.abc import Mapping

METHODS: Mapping[str, Method] = MappingProxyType({method.name: method for method in (identifiers(), spacy_ner())})
"""The methods that need nothing but the text, by name. `known_names(names)` and `self_naming(senders)` make more."""

__all__ = ["KINDS", "METHODS", "Method", "doubtful", "identifiers", "known_names", "self_naming", "spacy_ner"]
