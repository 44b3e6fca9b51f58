"""Words of exclusions in mass rows: which texts of a file have them.

A word is looked for in each text column by itself, with the tests that passages have (`struck_words.has_term`, `has_marked_term`). So a
list that is kept as mass rows loses what the same list loses that was read row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from workbench.ledger.exclusions import struck_words
from workbench.ledger.exclusions.exclusion_rules import Rule, quote_sql
from workbench.model.table_schemas import MASS
from workbench.model.text.normalise import normalise_name

PROGRAM = frozenset({
    "document_id", "source", "holder", "event", "direction", "b_kind", "zone", "zone_basis", "imei_check", "dq", "rule",
})  # fmt: skip
"""Columns of mass tables whose texts are the program's own, and not of the source."""
CELLS = frozenset({"first_cell", "last_cell", "cell"})
"""Columns of identifiers of radio cells, from which the readers take blanks."""
Matches = Mapping[str, Sequence[str]]
"""From a column to those of its texts that have the words of a rule."""
Query = Callable[[str], Iterable[tuple[str, str]]]
"""Runs a SELECT of columns' names and texts on a file."""


def list_terms(rules: Iterable[Rule]) -> list[str]:
    """Words of rules, or their hashes, each once; none of which nothing is left."""
    terms = dict.fromkeys(rule.term for rule in rules if not rule.is_whole_document)
    return [term for term in terms if term and not struck_words.is_lost(term)]


def list_text_columns(table: str) -> list[str]:
    """Columns of a mass table that hold texts of the source."""
    return [name for name, kind in MASS[table].items() if kind == "string" and name not in PROGRAM]


def find_matches(table: str, file: str, terms: Collection[str], secret: str, query: Query) -> dict[str, Matches]:
    """Texts of a file of mass rows that have the words of rules: words or hash -> column -> texts.

    Parameters
    ----------
    table : str
        Name in MASS.
    file : str
        What DuckDB reads: a table function with its path.
    terms : collection of str
        As `list_terms` gives them.
    secret : str
        Of the case; '' where no hash is among the terms.
    query : callable
        Runs a SELECT.
    """
    found: dict[str, dict[str, list[str]]] = {term: {} for term in terms}
    for column, text in query(_build_query(table, file, terms)) if list_text_columns(table) and terms else ():
        for term in terms:
            if _has_term(column, text, term, secret):
                found[term].setdefault(column, []).append(text)
    return dict(found)


def _build_query(table: str, file: str, terms: Iterable[str]) -> str:
    """SELECT of each text column and each of its different texts in which the words may be.

    A text of ASCII alone differs from its normalised form in case and in the signs between words: each word of the normalised term
    stands in its lower case. Any other text is a candidate.
    """
    selects = []
    for name in list_text_columns(table):
        conditions = dict.fromkeys(_build_candidate_condition(f'"{name}"', term) for term in terms)
        selects.append(f'SELECT DISTINCT {quote_sql(name)}, "{name}" FROM {file} WHERE {" OR ".join(conditions)}')
    return " UNION ALL ".join(selects)


def _build_candidate_condition(column: str, term: str) -> str:
    if struck_words.is_mark(term):
        return f"{column} <> ''"
    words = normalise_name(term).split()
    if not words:
        return "false"
    return f"strlen({column}) > length({column}) OR contains(lower({column}), {quote_sql(max(words, key=len))})"


def _has_term(column: str, text: str, term: str, secret: str) -> bool:
    """Whether a text of a column has the words of a rule; an identifier of a cell also without the blanks between them."""
    if struck_words.is_mark(term):
        return struck_words.has_marked_term(text, term, secret)
    if struck_words.has_term(text, term):
        return True
    wanted = normalise_name(term)
    return column in CELLS and " " in wanted and wanted.replace(" ", "") in normalise_name(text).replace(" ", "")


class MatchCache:
    """Texts that have the words of rules, by file, for as long as the file is one of the case: files of mass rows never change.

    An erasure writes a file anew under another name; what was kept of the old one goes with `drop_files`.
    """

    def __init__(self) -> None:
        self._found: dict[Path, dict[str, Matches]] = {}
        self._mutex = Lock()

    def drop_files(self, live: Collection[Path]) -> None:
        """Let go of what was found in files that are not among these."""
        with self._mutex:
            self._found = {path: found for path, found in self._found.items() if path in live}

    def find(
        self, path: Path, terms: Sequence[str], search: Callable[[Sequence[str]], dict[str, Matches]]
    ) -> Iterator[tuple[str, Matches]]:
        """Each term with its texts in a file; `search` finds those of terms that were not looked for yet."""
        known = self._found.get(path, {})
        if missing := [term for term in terms if term not in known]:
            known = known | search(missing)
            with self._mutex:
                self._found[path] = {**self._found.get(path, {}), **known}
        return ((term, known[term]) for term in terms)
