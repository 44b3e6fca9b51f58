"""Whether a table holds call records, and what its columns are then: profiles of operators, headers, words, cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.ingest.calls import events
from workbench.ingest.calls.columns import SURE, Guess, guess
from workbench.ingest.calls.numbers import party
from workbench.ingest.calls.shapes import shape
from workbench.ingest.tables.values import unquoted

KIND = "calls"
PER_MINUTE = frozenset("min mins minute minutes minuto minutos minuten".split())
PER_MILLI = frozenset("ms msec millis milliseconds milisegundos millisecondes".split())
NAMED = ("call", "appelant", "llamante", "anrufer", "beller")
"""Beginnings of headers that name the caller, whatever the direction of the record says."""
MANY = 2.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """Fields of the columns, why, what doubtful ones could be, and forms of columns that cells do not show."""

    fields: Mapping[str, str]
    why: Mapping[str, str]
    doubts: Mapping[str, str]
    forms: Mapping[str, str] = field(default_factory=dict)
    is_calls: bool = False


def recognise(
    names: Sequence[str], samples: Sequence[Sequence[str]], known: Mapping[str, str], fixed: Mapping[str, str]
) -> Recognised:
    """Fields of a table that may be one of call records, and whether it is.

    Parameters
    ----------
    known : mapping
        Fields of columns whose header the list of headers knows, if the table was taken for one of calls.
    fixed : mapping
        Fields that an officer or a profile gave.
    """
    found = guess(names, samples, known, fixed)
    _one_for_both(found, dict(zip(names, samples, strict=True)), fixed)
    return Recognised(found.fields, found.why, found.doubts, _units(found), _is_calls(found))


def _one_for_both(found: Guess, samples: Mapping[str, Sequence[str]], fixed: Mapping[str, str]) -> None:
    """A column that names the kind of record and its direction at once is the direction: both are read from it."""
    for name, meaning in list(found.fields.items()):
        if (
            meaning == "connection"
            and name not in fixed
            and not found.has("direction")
            and shape(samples[name]).way >= SURE
        ):
            found.take(name, "direction", "its cells name the direction")


def _is_calls(found: Guess) -> bool:
    """Two parties and a time; or one party, a time, and something that only a telephone's record has."""
    timed = found.has("start", "date")
    marks = found.has("duration", "imei", "imsi", "first_cell", "direction", "connection")
    return timed and found.has("a", "target", "b") and ((found.has("b") and found.has("a", "target")) or marks)


def _units(found: Guess) -> dict[str, str]:
    """Unit of durations that a header names."""
    forms = {}
    for name, meaning in found.fields.items():
        words = frozenset(events.words(name))
        if meaning == "duration" and words & PER_MINUTE and not words & {"sec", "secs", "seconds", "ss", "s"}:
            forms[name] = "min"
        elif meaning == "duration" and words & PER_MILLI:
            forms[name] = "ms"
    return forms


def by_target(fields: Mapping[str, str], columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether the first column of numbers is whom the records are about, so that 'in' means that it was called.

    Where one number stands in the first column of the records that came in as of those that went out, it is. Where the number
    of the outgoing records stands second in the incoming ones, the first column is the caller. Otherwise the header decides.
    """
    names = {meaning: name for name, meaning in fields.items()}
    if "a" not in names:
        return "target" in names
    if "target" in names or "direction" not in names or "b" not in names:
        return False
    first, second, ways = (columns[names[meaning]] for meaning in ("a", "b", "direction"))
    told = events.directions(frozenset(unquoted(text) for text in ways if text))
    seen: dict[str, tuple[set[str], set[str]]] = {"in": (set(), set()), "out": (set(), set())}
    for one, other, way in zip(first, second, ways, strict=True):
        if (side := seen.get(told.get(unquoted(way), ""))) is not None:
            side[0].add(party(one, None).value)
            side[1].add(party(other, None).value)
    callers = seen["out"][0]
    stays, crosses = len(seen["in"][0] & callers), len(seen["in"][1] & callers)
    if stays != crosses:
        return stays > crosses
    return not any(" ".join(events.words(names["a"])).startswith(word) for word in NAMED)
