"""Text to suggestions: identifiers by rule, names by a language model or by rule, names that the sources give. Floor 3.

Every method yields suggested claims whose place in the text can be shown; none of them confirms anything.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.extract.extraction_method import Method
from workbench.extract.identifiers.identifier_types import KINDS
from workbench.extract.identifiers.identifiers import doubtful, identifiers
from workbench.extract.names.known_names import known_names
from workbench.extract.names.name_rules import name_rules
from workbench.extract.names.names import NOTHING, spacy_ner
from workbench.extract.names.self_naming import self_naming
from workbench.extract.special_categories import special_words

if TYPE_CHECKING:
    from collections.abc import Mapping


def methods(spoken: Mapping[str, str] = NOTHING) -> Mapping[str, Method]:
    """The methods that need nothing but the text, by name. `known_names(names)` and `self_naming(senders)` make more.

    Parameters
    ----------
    spoken : mapping
        Passage id -> language (`languages.languages`), where more is known than the text alone tells.
    """
    made = (identifiers(spoken=spoken), spacy_ner(spoken), name_rules(spoken), special_words())
    return MappingProxyType({method.name: method for method in made})


METHODS = methods()
"""The same for texts of which nothing else is known."""

__all__ = [
    "KINDS",
    "METHODS",
    "Method",
    "doubtful",
    "identifiers",
    "known_names",
    "methods",
    "self_naming",
    "spacy_ner",
    "special_words",
]
