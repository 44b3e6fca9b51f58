"""Which way the money of each row went, by all that its table says of it: a word, the column of the amount, its sign.

Where they disagree, or say nothing that is known, nobody is taken as payer or beneficiary, and the rows are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbench.ingest.reading.text_lines import format_numbers
from workbench.ingest.tables.columns.cell_values import is_negative, is_sign_doubtful, parse_cell, unquote_cell
from workbench.ingest.tables.columns.column_mapping import LEFT_OUT, STATEMENTS, SheetMap
from workbench.ingest.tables.columns.table_kinds import build_ground, load_kinds, normalise_header
from workbench.ingest.tables.money_words import IN, OUT, find_way, find_ways
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from workbench.ingest.tables.columns.column_mapping import Column
    from workbench.ingest.tables.sheets.sheet import Sheet

PAYMENTS = "payments"
NONE: frozenset[str] = frozenset()
SIDES = ("payer", "payer_account", "beneficiary", "beneficiary_account")
DIFFERENT = 10_000
"""Different words of a column of directions that are looked at."""
LENGTH = 160
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212 "
MARKED = re.compile(r"^([^\W\d_]{2,4})\.?\s*[-(]?\s?\d|[\d)-]\s*([^\W\d_]{1,4})\.?$")
"""A short word before or behind an amount."""
WORDS = ("unknown", "other_end")
"""Faults of which the word alone is an example."""
CODES = {
    "unknown": "direction-unknown", "no_amount": "direction-unknown", "other_end": "direction-unknown", "doubt": "direction-unknown",
    "account_end": "direction-unknown", "account_alone": "direction-unknown",
    "both": "bad-row", "minus": "contradiction", "two_ways": "contradiction",
}  # fmt: skip


class PaymentWay(NamedTuple):
    """Way of the money of a row: 'in', 'out', '' unknown.

    `left`: entities of the mapping of which it is not known on which side they are; `is_payment`: whether the row is one payment.
    """

    way: str
    left: frozenset[str] = NONE
    is_payment: bool = True


@dataclass(slots=True)
class PaymentDirections:
    """Judges the rows of one table of payments; none of another table, nor of one that has nothing that tells the way."""

    map: SheetMap
    words: dict[str, str] = field(default_factory=dict)
    is_out_unsigned: bool = False
    faults: dict[str, list[int]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    by_field: dict[str, Column] = field(default_factory=dict)
    named: frozenset[str] = NONE
    loose: frozenset[str] = NONE
    is_unsided: bool = False

    @property
    def word(self) -> Column | None:
        """The column of words."""
        column = self.map.columns[self.at[self.map.swap]] if self.map.swap in self.at else None
        return column if column and column.role != "number" else None

    @property
    def columns_of_amounts(self) -> tuple[Column | None, Column | None]:
        """Columns of money that went out and of money that came in; none where one column has all amounts."""
        into = self.by_field.get("in") if self.map.kind == STATEMENTS else None
        return (self.by_field.get("out") if into else None), into

    def judge_row(self, number: int, cells: Sequence[str]) -> PaymentWay:
        """Way of the money of a row, noted where it cannot be told."""
        found, fault, example = self._judge_row(cells)
        if fault:
            self.faults.setdefault(fault, []).append(number)
            self.examples[fault] = self.examples.get(fault) or example[:LENGTH]
        return found

    def _judge_row(self, cells: Sequence[str]) -> tuple[PaymentWay, str, str]:
        if not self.map.swap:
            said = next(filter(None, (self._get_cell(self.by_field[one], cells) for one in sorted(self.loose))), "")
            return PaymentWay("" if self.is_unsided else OUT, self.loose), "account_alone" if said else "", said
        said = self._get_cell(self.word, cells)
        word = self.words.get(said, "") if self.word else ""
        left = self.loose if word != OUT else NONE
        if set(map(_get_side, self.named)) == {"payer", "beneficiary"}:
            return PaymentWay(OUT, left), "account_end" if left else "", said
        side, fault, amount = self._find_side(cells)
        if fault == "both":
            return PaymentWay("", is_payment=False), fault, amount
        if self.word:
            fault = self._find_word_fault(word, side, fault, amount) or (
                "other_end" if self.named and word == IN else ""
            )
        if fault:
            return PaymentWay("", left), fault, said if fault in WORDS else ", ".join(filter(None, (said, amount)))
        return PaymentWay(word or side), "", ""

    def _find_word_fault(self, word: str, side: str, fault: str, amount: str) -> str:
        """What speaks against the word of a row: that it is not known, its amounts, or their column or sign."""
        if not word:
            return "unknown"
        if fault:
            return fault
        if side and side != word:
            return "two_ways"
        wrong = "minus" if word == OUT and unquote_cell(amount).startswith("+") else ""
        return self._find_sign_fault(amount, word) or wrong

    def _find_side(self, cells: Sequence[str]) -> tuple[str, str, str]:
        """Way that the amounts of a row tell, what is wrong with them, and the amount as it is written."""
        out, into = self.columns_of_amounts
        if not (out or into):
            amount = self._get_cell(self.by_field.get("amount") or self._get_column(self.map.swap), cells)
            return ("", "", amount) if self.word else self._find_side_by_sign(amount)
        filled = [(way, one) for way, one in ((OUT, out), (IN, into)) if one and is_filled(self._get_cell(one, cells))]
        if len(filled) > 1:
            return "", "both", ", ".join(self._get_cell(one, cells) for _, one in filled)
        if not filled:
            return "", "" if self.word else "no_amount", ""
        way, column = filled[0]
        amount = self._get_cell(column, cells)
        if not any(map(str.isdecimal, amount)):
            return "", "" if self.word else "no_amount", amount
        if wrong := self._find_sign_fault(amount, way):
            return "", wrong, amount
        return way, "", amount

    def _find_side_by_sign(self, amount: str) -> tuple[str, str, str]:
        """Way that the sign of an amount tells; of one that cannot be read, or is nothing, none."""
        column = self._get_column(self.map.swap)
        value = parse_cell("number", amount, column.form if column else "")
        if value.problem:  # told as such
            return "", "", amount
        if not value.text.strip("-0."):
            return "", "no_amount", amount
        return OUT if value.text.startswith("-") else IN, "", amount

    def _find_sign_fault(self, amount: str, way: str) -> str:
        """What is wrong with an amount beside a way: that its minus, `DR` or `CR` speaks against it, or that its sign is in doubt."""
        if not is_filled(amount):
            return ""
        if is_sign_doubtful(amount):
            return "doubt"
        if mark := find_mark(amount):
            return "minus" if mark != way or (mark == IN and is_negative(amount)) else ""
        return "minus" if is_negative(amount) and (way == IN or self.is_out_unsigned) else ""

    def list_issues(self, document: str, place: str) -> Iterator[Issue]:
        """One issue for each kind of doubt."""
        hidden = [one.name for one in self.map.columns if one.role == LEFT_OUT]
        for fault, found in self.faults.items():
            example = "" if hidden else self.examples[fault]
            column = self.map.swap or ", ".join(self.by_field[one].name for one in sorted(self.loose))
            said = {"count": len(found), "column": repr(column), "listed": format_numbers(found)}
            message = Sentence(f"row.payments.{fault}", **said, example=repr(example))
            fix = Sentence("fix.compare.rows")
            where = f"{place}column {column}"
            yield build_issue(CODES[fault], message, fix=fix, document_id=document, place=where)

    def scan_rows(self, sheet: Sheet) -> None:
        """Look through the table: what its words mean together, and whether money that went out is written without a minus."""
        if self.word is None and not any(self.columns_of_amounts):
            return
        different: dict[str, None] = {}
        unsigned: set[str] = set()
        for number, cells in sheet.rows():
            if number <= self.map.header:
                continue
            said = self._get_cell(self.word, cells)
            if said in different or len(different) < DIFFERENT:
                different[said] = None
            self._note_sign(said, cells, unsigned)
        if self.word:
            self.words = find_ways(different, self.word.name) | self._list_told_ways(different)
            self.is_out_unsigned |= any(self.words.get(said) == OUT for said in unsigned)

    def _note_sign(self, said: str, cells: Sequence[str], unsigned: set[str]) -> None:
        out, into = self.columns_of_amounts
        if out and _is_unsigned(self._get_cell(out, cells)):
            self.is_out_unsigned = True
        elif (
            not (out or into)
            and said not in unsigned
            and _is_unsigned(self._get_cell(self.by_field.get("amount"), cells))
        ):
            unsigned.add(said)

    def _list_told_ways(self, cells: dict[str, None]) -> dict[str, str]:
        """Ways that a profile says of cells."""
        told = {cell: self.map.told.get(f"cell direction {cell.casefold()}", "") for cell in cells}
        return {cell: IN if said.endswith(" in") else OUT for cell, said in told.items() if said}

    def _get_column(self, name: str) -> Column | None:
        return self.map.columns[self.at[name]] if name in self.at else None

    def _get_cell(self, column: Column | None, cells: Sequence[str]) -> str:
        at = self.at[column.name] if column else len(cells)
        return cells[at] if at < len(cells) else ""


def build_directions(mapped: SheetMap, sheet: Sheet) -> PaymentDirections | None:
    """What judges the rows of a table of payments; None of a table in which nothing tells the way, or its headers tell all sides."""
    if not any(entity.schema == "Payment" for entity in mapped.entities):
        return None
    at = {one.name: index for index, one in enumerate(mapped.columns)}
    fields = {one.field: one for one in mapped.columns if one.field} or _find_amount_fields(mapped, at)
    named, loose = _find_named_ends(mapped, fields)
    is_unsided = is_without_direction(mapped)
    if not (mapped.swap or loose or is_unsided):
        return None
    made = PaymentDirections(mapped, at=at, by_field=fields, named=named, loose=loose, is_unsided=is_unsided)
    made.scan_rows(sheet)
    return made


def is_without_direction(mapped: SheetMap) -> bool:
    """Whether nothing in a table with accounts tells who pays; an officer, or a profile, may have said it of a column."""
    if mapped.swap or mapped.kind not in (STATEMENTS, PAYMENTS):
        return False
    if mapped.kind == STATEMENTS:
        return True
    sides = {one.field: one for one in mapped.columns if one.field in SIDES}
    guessed = all(one.why == build_ground(field, PAYMENTS) for field, one in sides.items())
    return bool(sides) and guessed and not find_named_sides({field: one.name for field, one in sides.items()})


def find_named_sides(columns: Mapping[str, str]) -> frozenset[str]:
    """Fields of payments whose header says payer or beneficiary. `columns`: header by field.

    `Account`, `IBAN` or `Account holder` names no side: which one it is follows from the direction.
    """
    return frozenset(one for one in SIDES if one in columns and normalise_header(columns[one]) not in _load_generic())


@lru_cache(maxsize=1)
def _load_generic() -> frozenset[str]:
    """Headers of statements, which name no side."""
    return frozenset(next(one for one in load_kinds() if one.name == STATEMENTS).columns)


def _find_named_ends(mapped: SheetMap, fields: Mapping[str, Column]) -> tuple[frozenset[str], frozenset[str]]:
    """Columns of a table of payments whose header says payer or beneficiary, and those of the same sides whose header does not.

    Where nothing tells the direction, the only column without a side belongs to the side that is not named otherwise.
    """
    if mapped.kind != PAYMENTS:
        return NONE, NONE
    there = {name: one for name in SIDES if (one := fields.get(name))}
    named = find_named_sides({name: one.name for name, one in there.items()})
    if not mapped.swap and len(named) == len(SIDES) - 1:
        return named, NONE
    sides = set(map(_get_side, named))
    return named, frozenset(name for name in there.keys() - named if _get_side(name) in sides)


def _get_side(field_name: str) -> str:
    return field_name.partition("_")[0]


def _find_amount_fields(mapped: SheetMap, at: Mapping[str, int]) -> dict[str, Column]:
    """Columns of amounts by what a payment of a mapping is made of that names no fields, as it was saved before there were any."""
    amounts = [entity.props.get("amount", ()) for entity in mapped.entities if entity.schema == "Payment"]
    names = [name for name in amounts[0] if name in at]
    fields = ("out", "in") if len(names) > 1 else ("amount",)
    return {field: mapped.columns[at[name]] for field, name in zip(fields, names, strict=False)}


def is_filled(cell: str) -> bool:
    """Whether a cell for an amount has one: not nothing, and no dash or zero in its place.

    >>> [is_filled(one) for one in ("5,00", "0.00 EUR", "-", "", "n/a")]
    [True, False, False, False, True]
    """
    text = unquote_cell(cell).strip(DASHES)
    figures = [one for one in text if one.isdecimal()]
    return any(map(int, figures)) if figures else bool(text)


def find_mark(amount: str) -> str:
    """Way that a word beside an amount tells: 'in', 'out', '' none.

    >>> [find_mark(one) for one in ("1.00 DR", "CR 1.00", "1.00CR.", "C$ 1.00", "EUR 1.00")]
    ['out', 'in', 'in', '', '']
    """
    match = MARKED.search(unquote_cell(amount))
    return find_way(match[1] or match[2]) if match else ""


def _is_unsigned(cell: str) -> bool:
    """Whether a cell has an amount that is written without a minus, and without any other mark of its way."""
    is_told = is_negative(cell) or is_sign_doubtful(cell) or find_mark(cell)
    return is_filled(cell) and any(map(str.isdecimal, cell)) and not is_told
