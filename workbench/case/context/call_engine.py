"""The call records of a case as a database engine reads them, without what is set aside."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.case.context.base_context import BaseContext
from workbench.ledger import parquet_rows
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.duckdb import name_counted_view, open_engine
from workbench.ledger.exclusions.row_terms import MatchCache
from workbench.ledger.records import row_tables
from workbench.model.ids import compute_digest
from workbench.patterns import call_quality
from workbench.patterns.call_questions import VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from workbench.ledger.duckdb import Analytics
    from workbench.ledger.exclusions.exclusion_rules import Hidden, Rule

WITHHELD = ("",)
"""Parties of the rule by which numbers are withheld from a reader, and that nobody made (`hidden_bulk_rows.load_hidden`)."""
COUNTED = 'SELECT source, {counts} FROM "{view}" GROUP BY source'
BESIDE_ROWS = frozenset({"call_marks"})
"""Tables of which each row is about a row of another one."""


def get_engine(context: BaseContext) -> Analytics:
    """The engine over the live mass rows of a case, without what is set aside; kept until one of these changes."""
    return context.cache_by_material("mass rows", lambda: _open_engine(context))


def _open_engine(context: BaseContext) -> Analytics:
    files, hidden, entities = _list_inputs(context)

    def connect_engine() -> Analytics:
        matches = _get_match_cache(context, files)
        engine = open_engine(files, views=VIEWS, aside=hidden, matches=matches, vault=context.folder.vault)
        call_quality.find_repeats(engine, entities)
        return engine

    return context.cache_by_input("mass rows", (files, hidden, entities), connect_engine)


def _list_inputs(context: BaseContext) -> tuple[list[tuple[str, Path]], Hidden, list[str]]:
    """On what answers from mass rows rest: files, what of them is not shown, and the tables that count by their claims."""
    live = parquet_rows.list_live_files(context.ledger)
    files = [
        (str(kind), context.folder.rows / str(path)) for kind, path in zip(live["kind"], live["path"], strict=True)
    ]
    return (
        files,
        hidden_bulk_rows.load_hidden(context.ledger),
        [document for document, claimed in list_call_tables(context).items() if claimed],
    )


def _get_match_cache(context: BaseContext, files: Sequence[tuple[str, Path]]) -> MatchCache:
    """Which texts of the live files have the words of exclusions, as far as somebody looked."""
    made = context.cache_file_reader("texts with the words of exclusions", None, MatchCache)
    made.drop_files({path for _, path in files})
    return made


def count_excluded_rows(context: BaseContext) -> dict[str, dict[str, int]]:
    """Of each standing exclusion of which the reader is told, and of each ground: how many mass rows it takes, by source.

    Of those that the reader may see.
    """

    def count_rows() -> dict[str, dict[str, int]]:
        files, hidden, _ = _list_inputs(context)
        groups = _group_rules(context) if files else {}
        return context.cache_by_input(
            "excluded mass rows", (files, hidden, groups), lambda: _count_rows(context, files, hidden, groups)
        )

    return context.cache_by_material("excluded mass rows", count_rows)


def select_rules_with_rows(context: BaseContext, ids: frozenset[str]) -> frozenset[str]:
    """Those of some exclusions, by id, standing or reopened, that take a mass row which the reader may see."""
    known = context.cache_by_material("exclusions with mass rows", dict[frozenset[str], frozenset[str]])
    if ids not in known:
        files, hidden, _ = _list_inputs(context)
        rules = hidden_bulk_rows.load_rules(context.ledger, ids)
        groups = {key: (rule,) for key, rule in rules.items() if not rule.is_whole_document}
        made = context.cache_by_input(
            "exclusions with mass rows", (files, hidden, groups), lambda: _count_rows(context, files, hidden, groups)
        )
        known[ids] = frozenset(made)
    return known[ids]


def _group_rules(context: BaseContext) -> dict[str, tuple[Rule, ...]]:
    """Standing rules that take rows one by one, each by its id, and all of a ground by that."""
    rules = hidden_bulk_rows.list_standing_rules(context.ledger)
    table = row_tables.set_asides(context.ledger)
    groups: dict[str, tuple[Rule, ...]] = {}
    for key, ground in zip(table["set_aside_id"].tolist(), table["ground"].tolist(), strict=True):
        if key in rules and not rules[key].is_whole_document:
            groups[key] = (rules[key],)
            groups[ground] = (*groups.get(ground, ()), rules[key])
    return groups


def _count_rows(
    context: BaseContext, files: Sequence[tuple[str, Path]], hidden: Hidden, groups: Mapping[str, Sequence[Rule]]
) -> dict[str, dict[str, int]]:
    """How many rows each group of rules takes of those that nothing else withholds from the reader: group -> source -> rows.

    Each file is read once.
    """
    rules = list(dict.fromkeys(rule for some in groups.values() for rule in some))
    if not rules or not files:
        return {}
    numbers = {rule: number for number, rule in enumerate(rules)}
    counts = ", ".join(
        f"count(*) FILTER ({' OR '.join(f'rule_{numbers[rule]}' for rule in some)}) AS taken_{at}"
        for at, some in enumerate(groups.values())
    )
    secret = hidden_bulk_rows.get_secret(context.ledger, rules)
    withheld = tuple(rule for rule in hidden.rules if rule.party == WITHHELD)
    made: dict[str, Counter[str]] = {key: Counter() for key in groups}
    with open_engine(
        files,
        aside=replace(hidden, rules=withheld, secret=secret),
        counted=rules,
        matches=_get_match_cache(context, files),
        vault=context.folder.vault,
    ) as engine:
        for table in sorted({kind for kind, _ in files} - BESIDE_ROWS):
            found = engine.query_frame(COUNTED.format(counts=counts, view=name_counted_view(table)))
            for at, key in enumerate(groups):
                taken = zip(found["source"].tolist(), found[f"taken_{at}"].tolist(), strict=True)
                made[key].update({source: int(number) for source, number in taken if number})
    return {key: dict(by_source) for key, by_source in made.items() if by_source}


def list_exclusions(context: BaseContext) -> pd.DataFrame:
    """What is set aside and what was reopened (`row_tables.set_asides`), mass rows counted too."""
    found, mass = row_tables.set_asides(context.ledger), count_excluded_rows(context)
    more = [sum(mass.get(key, {}).values()) for key in found["set_aside_id"].tolist()]
    return found.assign(rows=found["rows"] + more)


def get_state(context: BaseContext) -> str:
    """Name of what answers from mass rows rest on now: it changes with the files and with what of them is not shown."""
    return context.cache_by_material("state of mass rows", lambda: compute_digest(repr(_build_state(context))))


def _build_state(context: BaseContext) -> tuple[object, ...]:
    """What answers rest on, as far as the reader may know of it."""
    files, _, claimed = _list_inputs(context)
    secret = context.ledger.list_secret_ids()
    named = [(kind, path.relative_to(context.folder.rows).as_posix()) for kind, path in files]
    return (
        named,
        [document for document in claimed if document not in secret],
        hidden_bulk_rows.get_hidden_state(context.ledger),
    )


def list_call_tables(context: BaseContext) -> dict[str, bool]:
    """Tables of calls, and whether each of their rows is claimed as a Call, as those of small ones are."""
    return context.cache_by_material(
        "tables of calls", lambda: row_tables.list_claimed_documents(context.ledger, "calls", "Call")
    )
