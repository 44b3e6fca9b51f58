"""Text to suggestions: identifiers by rule, names by a language model or by rule, names that the sources give. Floor 3.

Every method yields suggested claims whose place in the text can be shown; none of them confirms anything.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.extract.extraction_method import Method
from workbench.extract.identifiers.identifier_types import KINDS
from workbench.extract.identifiers.identifiers import build_identifier_method, find_issues
from workbench.extract.names.known_names import build_known_names_method
from workbench.extract.names.name_rules import name_rules
from workbench.extract.names.names import NOTHING, build_spacy_method
from workbench.extract.names.self_naming import build_self_naming_method
from workbench.extract.special_categories import build_flag_method

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_methods(spoken: Mapping[str, str] = NOTHING) -> Mapping[str, Method]:
    """The methods that need nothing but the text, by name. `known_names(names)` and `self_naming(senders)` make more.

    Parameters
    ----------
    spoken : mapping
        Passage id -> language (`languages.detect_languages`), where more is known than the text alone tells.
    """
    made = (build_identifier_method(spoken=spoken), build_spacy_method(spoken), name_rules(spoken), build_flag_method())
    return MappingProxyType({method.name: method for method in made})


@lru_cache(maxsize=1)
def load_methods() -> Mapping[str, Method]:
    """The same for texts of which nothing else is known."""
    return build_methods()


__all__ = [
    "KINDS",
    "Method",
    "build_flag_method",
    "build_identifier_method",
    "build_known_names_method",
    "build_methods",
    "build_self_naming_method",
    "build_spacy_method",
    "find_issues",
    "load_methods",
]
