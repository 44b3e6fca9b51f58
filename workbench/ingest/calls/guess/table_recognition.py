"""Whether a table holds call records, and what its columns are then: profiles of operators, headers, words, cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.ingest.calls.guess.column_guess import Guess, guess_columns
from workbench.ingest.calls.guess.header_words import find_named_fields
from workbench.ingest.calls.guess.sample_grid import TAIL
from workbench.ingest.calls.values import event_words
from workbench.ingest.calls.values.phone_numbers import parse_party
from workbench.ingest.tables.columns.cell_values import unquote_cell

KIND = "calls"
PER_MINUTE = frozenset("min mins minute minutes minuto minutos minuten".split())
PER_MILLI = frozenset("ms msec millis milliseconds milisegundos millisecondes".split())
CALLER = 3.0
"""What a header says that names the caller, whatever the direction of the record says."""


@dataclass(frozen=True, slots=True)
class RecognisedTable:
    """Fields of the columns, why, what doubtful ones could be, forms of columns that cells do not show, and meanings of codes."""

    fields: Mapping[str, str]
    why: Mapping[str, str]
    doubts: Mapping[str, str]
    forms: Mapping[str, str] = field(default_factory=dict)
    is_calls: bool = False
    told: Mapping[str, str] = field(default_factory=dict)


def recognise_table(
    names: Sequence[str], samples: Sequence[Sequence[str]], known: Mapping[str, str], fixed: Mapping[str, str],
    *, region: str = "", clues: Sequence[str] = (),
) -> RecognisedTable:  # fmt: skip
    """Fields of a table that may be one of call records, and whether it is.

    Parameters
    ----------
    known : mapping
        Fields of columns whose header the list of headers knows, if the table was taken for one of calls.
    fixed : mapping
        Fields that an officer or a profile gave.
    region : str
        Country of the operator, '' unknown.
    clues : sequence of str
        The name of the file and the lines above the table.
    """
    found = guess_columns(names, samples, known, fixed, region=region, clues=clues)
    return RecognisedTable(
        found.fields,
        found.why,
        found.doubts,
        {**_find_units(found), **found.units},
        _is_calls(found),
        _build_code_meanings(found),
    )


def _build_code_meanings(found: Guess) -> dict[str, str]:
    """What codes of the direction and of the kind of record mean, and the line, as a mapping keeps it."""
    made = {"line": found.line} if found.line else {}
    for name, cells in found.told.items():
        meaning = found.fields[name]
        made |= {
            f"cell {meaning} {cell.casefold()}": told if meaning == "connection" else f"- {told}"
            for cell, told in cells.items()
        }
    return made


def _is_calls(found: Guess) -> bool:
    """Two parties and a time; or one party, a time, and something that only a telephone's record has."""
    timed = found.has_any_field("start", "date")
    marks = found.has_any_field("duration", "imei", "imsi", "first_cell", "direction", "connection")
    return (
        timed
        and found.has_any_field("a", "target", "b")
        and ((found.has_any_field("b") and found.has_any_field("a", "target")) or marks)
    )


def _find_units(found: Guess) -> dict[str, str]:
    """Unit of durations that a header names."""
    forms = {}
    for name, meaning in found.fields.items():
        words = frozenset(event_words.split_words(name))
        if meaning == "duration" and words & PER_MINUTE and not words & {"sec", "secs", "seconds", "ss", "s"}:
            forms[name] = "min"
        elif meaning == "duration" and words & PER_MILLI:
            forms[name] = "ms"
    return forms


def is_target_first(
    fields: Mapping[str, str], columns: Mapping[str, Sequence[str]], told: Mapping[str, str] | None = None
) -> bool:
    """Whether the first column of numbers is whom the records are about, so that 'in' means that it was called.

    Where one number stands in the first column of the records that came in as of those that went out, it is. Where the number
    of the outgoing records stands second in the incoming ones, the first column is the caller. Otherwise the header decides.

    Parameters
    ----------
    told : mapping, optional
        What the cells of the direction mean, as a mapping keeps it.
    """
    names = {meaning: name for name, meaning in fields.items()}
    if "a" not in names:
        return "target" in names
    if "target" in names or "direction" not in names or "b" not in names:
        return False
    first, second, cells = (columns[names[meaning]] for meaning in ("a", "b", "direction"))
    ways = event_words.find_directions(frozenset(unquote_cell(text) for text in cells if text), "direction")
    known = {
        name.removeprefix("cell direction "): way.rpartition(" ")[2]
        for name, way in (told or {}).items()
        if name != "line"
    }
    seen: dict[str, tuple[set[str], set[str]]] = {"in": (set(), set()), "out": (set(), set())}
    for one, other, cell in zip(first, second, cells, strict=True):
        text = unquote_cell(cell)
        if (side := seen.get(known.get(text.casefold()) or ways.get(text, ""))) is not None:
            side[0].add(_get_tail(one))
            side[1].add(_get_tail(other))
    callers = seen["out"][0] - {""}
    stays, crosses = len(seen["in"][0] & callers), len(seen["in"][1] & callers)
    if stays != crosses:
        return stays > crosses
    changing = len({_get_tail(one) for one in first} - {""}) > 1
    return not changing and find_named_fields(names["a"]).get("a", 0.0) < CALLER


def _get_tail(raw: str) -> str:
    """Last digits of a number, by which numbers are compared however they are written."""
    return "".join(c for c in parse_party(raw, None).value if c.isdecimal())[-TAIL:]
