"""Passages read by a method that is named: what a case and an executor of Spark do alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.extract import build_known_names_method, build_methods, build_self_naming_method, find_issues
from workbench.extract.extraction_method import Method
from workbench.model.rows import Claim, Issue, Passage

IDENTIFIERS = "identifiers"


def build_all_methods(spoken: Mapping[str, str], known: Iterable[str], senders: Mapping[str, str]) -> dict[str, Method]:
    """Every method, by name, in the order in which they read.

    Parameters
    ----------
    spoken : mapping
        Passage id -> language, where more is known than the text alone tells.
    known : iterable of str
        Names that the sources give.
    senders : mapping
        Document id -> account that sent it.
    """
    of_case = (build_known_names_method(known), build_self_naming_method(senders))
    return {**build_methods(spoken), **{method.name: method for method in of_case}}


def read_passages(method: Method, passages: Sequence[Passage], spoken: Mapping[str, str]) -> list[Claim | Issue]:
    """What a method suggests of passages, and with identifiers what is doubtful of them."""
    doubts = find_issues(passages, spoken=spoken) if method.name == IDENTIFIERS else ()
    return [*method.read(passages), *doubts]
