"""What tells in a table of money who pays: headers that name a side, a column of words, signs of amounts.

A header that says whose account it is (`Account`, `IBAN`, `Account holder`) names no side: such a table is a statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from workbench.ingest.tables.columns.cell_values import is_negative, unquote_cell
from workbench.ingest.tables.columns.column_mapping import STATEMENTS
from workbench.ingest.tables.columns.table_kinds import Kind, find_known_fields, load_kinds, normalise_header
from workbench.ingest.tables.money_words import find_ways
from workbench.ingest.tables.payment_direction import DIFFERENT, PAYMENTS, SIDES, find_named_sides

Fields = Mapping[str, tuple[str, str]]
"""From a column to its field and the role in which it is read."""
ALONE = frozenset({"account", "amount", "date"})
"""Fields of a statement that has no column of the other end, at least."""
DIRECTION = "direction"
OTHERS = frozenset({
    "balance", "balances", "solde", "saldo", "kontostand", "رصيد", "الرصيد", "card", "cards", "carte", "tarjeta", "karte", "kaart",
    "بطاقة", "البطاقة", "status", "state", "statut", "estado",
})  # fmt: skip
"""Words of headers of columns that tell something else by the same words: of a balance, of a card (debit, credit), of a state."""


def find_statement(names: list[str]) -> tuple[Kind, dict[str, tuple[str, str]]]:
    """The kind of statements, and from column to field and role."""
    kind = next(one for one in load_kinds() if one.name == STATEMENTS)
    return kind, find_known_fields(kind, names)


def settle_kind(
    kind: Kind | None, fields: dict[str, tuple[str, str]], names: list[str]
) -> tuple[Kind | None, dict[str, tuple[str, str]]]:
    """Kind and fields of a table; a statement where payments have no column that names a side, or an account stands alone."""
    if kind is None:
        made, found = find_statement(names)
        return (made, found) if {field for field, _ in found.values()} >= ALONE else (kind, fields)
    return find_statement(names) if kind.name == PAYMENTS and is_without_side(fields) else (kind, fields)


def is_without_side(fields: Fields) -> bool:
    """Whether no column of a table of payments names payer or beneficiary."""
    return not find_named_sides({field: name for name, (field, _) in fields.items()})


def find_swap_column(kind: Kind, fields: Fields, samples: Mapping[str, list[str]]) -> str:
    """Column that tells when the ends change places. Amounts tell it by their sign, so only where some are negative."""
    columns = {field: name for name, (field, _) in fields.items()}
    wanted = kind.swap.split(" | ")
    for field in [*wanted, "amount"] if kind.name == PAYMENTS and is_without_side(fields) else wanted:
        name = columns.get(field, "")
        if name and (field != "amount" or any(map(is_negative, samples[name]))):
            return name
    return ""


def find_word_column(kind: Kind, fields: Fields, samples: Mapping[str, list[str]]) -> str:
    """Column without a meaning all of whose cells say in or out, and each is said; '' if there is none, or several that disagree.

    Parameters
    ----------
    samples : mapping
        Cells of the columns that may be taken, by column.
    """
    columns = {field: name for name, (field, _) in fields.items()}
    if {DIRECTION, "in"} & columns.keys() or not _is_side_open(kind, columns):
        return ""
    found: dict[str, tuple[str, ...]] = {}
    for name, cells in samples.items():
        if (
            name not in fields
            and OTHERS.isdisjoint(normalise_header(name).split())
            and (ways := _list_ways(name, cells))
        ):
            found[name] = ways
    return next(iter(found), "") if len(set(found.values())) == 1 else ""


def _list_ways(name: str, cells: list[str]) -> tuple[str, ...]:
    """Way of each cell of a column; none where a cell says neither, or all say the same."""
    different = dict.fromkeys(islice((cell for cell in cells if unquote_cell(cell)), DIFFERENT))
    ways = find_ways(different, name)
    return tuple(ways.get(cell, "") for cell in cells) if len(set(ways.values())) == 2 and all(ways.values()) else ()


def _is_side_open(kind: Kind, columns: Mapping[str, str]) -> bool:
    """Whether in a table of this kind the side of an account follows from a direction."""
    if kind.name != PAYMENTS:
        return kind.name == STATEMENTS
    named = find_named_sides(columns)
    return (
        any(field in columns and field not in named for field in SIDES)
        and len({one.partition("_")[0] for one in named}) < 2
    )
