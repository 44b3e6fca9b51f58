"""What the columns of a call table are, where no profile knows its headers: by the words of each header and by the cells.

A header alone decides nothing, and neither do cells alone where several meanings fit them. What stays doubtful is not mapped;
the reason says what it could be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.ingest.calls.evidence import RINGING, add_up, earlier, is_rounded, same
from workbench.ingest.calls.headers import has_unit, lexicon, parts, ruled_out, said_by
from workbench.ingest.calls.shapes import Shape, shape
from workbench.ingest.tables.values import unquoted

FITS = 0.6
"""Share of a column's cells from which on they agree with a meaning."""
SURE = 0.85
AGAINST = 0.3
MARGIN = 0.25
FEW = 3
"""Different cells below which they do not speak against a header that is known."""
KNOWN = 3.0
"""Weight of a header that the list of headers knows; the words of a header weigh 1 and more."""
LEAST = 1.5
"""Score below which a column is asked for: its header says the meaning, and something against it."""
STANDS = 0.5
"""What a party or time gets that stands in every row: numbers as they were dialled stand in some."""
STEADY = frozenset({"a", "b", "target", "start", "date", "time"})

MEANINGS: dict[str, str] = {
    "a": "the calling number", "b": "the called or other number", "target": "the number that the records are about",
    "forwarded": "the number that calls are forwarded to", "smsc": "the message centre", "start": "the start",
    "end": "the end", "date": "the date", "time": "the time of day", "end_date": "the date of the end",
    "end_time": "the time of the end", "duration": "the duration", "imei": "the handset (IMEI)", "imsi": "the SIM card (IMSI)",
    "first_cell": "the cell at the start", "last_cell": "the cell at the end", "cell_name": "the name or address of the cell",
    "lac": "the location area", "ci": "the cell number", "mcc": "the country code", "mnc": "the network code",
    "point": "latitude and longitude", "lat": "the latitude", "lon": "the longitude", "azimuth": "the direction of the sector",
    "direction": "the direction", "connection": "the kind of record", "record": "the number of the record", "ip": "the IP address",
    "port": "the port", "bytes_up": "the bytes sent", "bytes_down": "the bytes received", "operator": "the operator",
    "roaming": "the visited network", "switch": "the exchange",
}  # fmt: skip


def _whole(low: int, high: int) -> Callable[[Shape], float]:
    """Fit of whole numbers within bounds."""
    return lambda s: s.whole if low <= s.low and s.high <= high else 0.0


def _device(s: Shape) -> float:
    return s.fifteen if s.imsi < SURE or s.imei > AGAINST else s.fifteen * 0.5


def _phone(s: Shape) -> float:
    """Numbers; beside some of them also short codes and senders that are names."""
    if max(s.fifteen, s.ip) >= FITS:
        return 0.0
    return s.party if s.phone >= AGAINST else s.phone


def _cell(s: Shape) -> float:
    """CGI, or names and numbers that a tower list explains."""
    plain = (
        0.7 if s.moment + s.date + s.time + s.fifteen + s.way < AGAINST and s.longest <= 80 and s.different > 1 else 0.0
    )
    return max(s.cell, plain)


FIT: dict[str, Callable[[Shape], float]] = {
    "a": _phone, "b": _phone, "target": _phone, "forwarded": _phone, "smsc": _phone,
    "start": lambda s: s.moment, "end": lambda s: s.moment, "date": lambda s: s.date, "end_date": lambda s: s.date,
    "time": lambda s: s.time if s.spread else 0.0, "end_time": lambda s: s.time if s.spread else 0.0,
    "duration": lambda s: max(s.clock, _whole(0, 10_000_000)(s), s.decimal if s.moment + s.date < AGAINST else 0.0),
    "imei": _device, "imsi": lambda s: s.imsi if s.imei < SURE else s.imsi * 0.5,
    "first_cell": _cell, "last_cell": _cell, "cell_name": lambda s: s.word if s.way + s.event < FITS else 0.0,
    "lac": _whole(0, 16_777_215), "ci": _whole(0, 68_719_476_735), "mcc": _whole(200, 799), "mnc": _whole(0, 999),
    "point": lambda s: s.point, "lat": lambda s: s.decimal, "lon": lambda s: s.decimal,
    "azimuth": lambda s: max(_whole(0, 360)(s), s.decimal), "direction": lambda s: s.way, "connection": lambda s: s.event,
    "record": lambda s: 1.0 if s.moment + s.date + s.time + s.way + s.event < AGAINST and s.different > 0.5 * s.filled else 0.0,
    "ip": lambda s: s.ip, "port": _whole(0, 65_535), "bytes_up": _whole(0, 10**15), "bytes_down": _whole(0, 10**15),
    "operator": lambda s: 1.0 if s.word >= FITS or s.whole >= FITS else 0.0, "roaming": lambda s: 1.0 if s.moment < FITS else 0.0,
    "switch": lambda s: 1.0 if s.moment < FITS else 0.0,
}  # fmt: skip
"""How well the cells of a column agree with each meaning, in [0, 1]."""

EVIDENT: dict[str, Callable[[Shape], float]] = {
    "imei": lambda s: s.imei, "point": lambda s: s.point, "ip": lambda s: s.ip, "direction": lambda s: s.way,
    "connection": lambda s: s.event, "first_cell": lambda s: s.cell,
}  # fmt: skip
"""Meanings that cells show by themselves, where only one column does."""
NUMBERS = ("a", "b", "target")


@dataclass(slots=True)
class Guess:
    """Field of each column that is certain enough, why, and what the doubtful ones could be."""

    fields: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, found: str, why: str) -> None:
        """Give a column its field."""
        self.fields[name], self.why[name] = found, why
        self.doubts.pop(name, None)

    def has(self, *fields: str) -> bool:
        """Whether a column has one of the fields."""
        return not set(fields).isdisjoint(self.fields.values())


def guess(
    names: Sequence[str], samples: Sequence[Sequence[str]], known: Mapping[str, str], fixed: Mapping[str, str]
) -> Guess:
    """What the columns are.

    Parameters
    ----------
    names : sequence of str
        Headers.
    samples : sequence of sequences
        Cells of each column.
    known : mapping
        Fields of columns whose header is in the list of headers.
    fixed : mapping
        Fields that an officer or a profile gave; they stand.
    """
    shapes = dict(zip(names, map(shape, samples), strict=True))
    columns = dict(zip(names, samples, strict=True))
    found = Guess(dict(fixed))
    open_ = [name for name in names if name not in fixed]
    rows = max((form.filled for form in shapes.values()), default=0) or 1
    scores = [score for name in open_ for score in _scores(name, shapes[name], known.get(name, ""), rows)]
    scores = [_weighed(score, columns) for score in scores if score[2] not in fixed.values()]
    kept = [score for score in scores if score[0] >= LEAST]
    _settle(found, sorted(kept, key=lambda one: (-one[0], open_.index(one[1]), one[2])), columns, known)
    _named_cells(found, open_)
    _ways(found, open_, shapes, fixed)
    _parties(found, open_, shapes)
    _times(found, open_, columns, shapes)
    _lengths(found, open_, columns, shapes)
    _end(found, open_, columns)
    _shown(found, open_, shapes)
    for name in open_:
        if name not in found.fields and shapes[name].filled:
            _doubt(found, name, shapes[name], known.get(name, ""))
    return found


def _scores(name: str, form: Shape, known: str, rows: int) -> list[tuple[float, str, str]]:
    """Fields that the header names and the cells do not contradict; an empty column may be what its header says."""
    weights = said_by(name)
    if known:
        weights = {known: KNOWN} | {other: weight for other, weight in weights.items() if other != known}
    made = []
    for meaning, weight in weights.items():
        fit = FIT[meaning](form) if meaning in FIT else 1.0
        if fit >= FITS or (known == meaning and (fit >= AGAINST or form.different < FEW)):
            stands = STANDS * form.filled / rows if meaning in STEADY else 0.0
            made.append((weight + fit + stands, name, meaning))
    return made


def _weighed(score: tuple[float, str, str], columns: Mapping[str, Sequence[str]]) -> tuple[float, str, str]:
    """Score of a duration with what its unit and figures say: full minutes are billed, seconds are measured."""
    value, name, meaning = score
    if meaning != "duration":
        return score
    rounded = is_rounded(columns[name])
    return value + 0.3 * has_unit(name) - (0.5 if rounded else -0.3 if rounded is False else 0.0), name, meaning


def _settle(
    found: Guess, scores: list[tuple[float, str, str]], columns: Mapping[str, Sequence[str]], known: Mapping[str, str]
) -> None:
    """Give fields from the best score down, where neither another column nor another meaning comes near."""
    while scores:
        score, name, meaning = scores[0]
        rivals = [one for one in scores[1:] if one[0] > score - MARGIN and (one[2] == meaning) != (one[1] == name)]
        rivals = [one for one in rivals if not _kin(one[2], meaning) or one[1] != name]
        twins = [one for one in rivals if one[1] != name and same(columns[one[1]], columns[name])]
        rivals = [one for one in rivals if one not in twins]
        if rivals:
            among = [scores[0], *rivals]
            told = {one[1] for one in among}
            for one in told:
                others = sorted({MEANINGS[other[2]] for other in scores if other[1] == one})
                found.doubts[one] = " or ".join(others)
            scores = [one for one in scores if one not in among]
            continue
        reason = "" if known.get(name) == meaning else "by the words of the header and the cells"
        found.take(name, meaning, reason)
        found.doubts |= {one[1]: f"{MEANINGS[meaning]}, as {name!r} holds the same" for one in twins}
        scores = [one for one in scores if one[1] != name and one[2] != meaning]


def _kin(one: str, other: str) -> bool:
    """Meanings of which the more particular one was ranked first already."""
    return {one, other} <= {"first_cell", "ci"}


def _ways(found: Guess, names: Sequence[str], shapes: Mapping[str, Shape], fixed: Mapping[str, str]) -> None:
    """Direction and kind of record where one column was taken for both: MOC and MTC beside VOICE and SMS."""
    if found.has("direction"):
        return
    kinds = [name for name, meaning in found.fields.items() if meaning == "connection" and name not in fixed]
    others = [name for name in names if name not in found.fields and shapes[name].event >= SURE > shapes[name].way]
    for name in kinds:
        if shapes[name].way >= FITS:  # the rest may be data, which have no direction
            found.take(name, "direction", "its cells name the direction")
            if len(others) == 1 and shapes[others[0]].way < AGAINST:
                found.take(others[0], "connection", "by its cells, beside a column of directions")


def _named_cells(found: Guess, names: Sequence[str]) -> None:
    """Names of cells stand for the cells where no column has their numbers."""
    name = next((one for one, meaning in found.fields.items() if meaning == "cell_name" and one in names), "")
    if parts(name) & lexicon().sets["cells"] and not found.has("first_cell", "lac", "ci"):
        found.take(name, "first_cell", "no column has numbers of cells, this one their names")


def _parties(found: Guess, names: Sequence[str], shapes: Mapping[str, Shape]) -> None:
    """The other number by elimination: two columns of numbers, and one of them is known."""
    numbers = [name for name in names if _phone(shapes[name]) >= SURE and name not in found.fields]
    numbers = [name for name in numbers if not {"a", "b"} <= ruled_out(name)]
    if len(numbers) != 1 or any(meaning in ("forwarded", "smsc", "record") for meaning in said_by(numbers[0])):
        return
    name, said = numbers[0], said_by(numbers[0])
    if found.has("a", "target") and not found.has("b") and "a" not in said:
        found.take(name, "b", "the only other column of telephone numbers")
    elif found.has("b") and not found.has("a", "target") and "b" not in said:
        one = shapes[name].different == 1
        found.take(name, "target" if one else "a", "the only other column of telephone numbers")


def _times(
    found: Guess, names: Sequence[str], samples: Mapping[str, Sequence[str]], shapes: Mapping[str, Shape]
) -> None:
    """Start and end where cells show them: the only moment, or the earlier of two in every row."""
    moments = [name for name in names if shapes[name].moment >= SURE and name not in found.fields]
    if found.has("start", "date") or not moments:
        return
    if len(moments) == 1 and "start" not in ruled_out(moments[0]):
        found.take(moments[0], "start", "the only column of dates with times")
    elif len(moments) == 2 and (first := earlier(samples[moments[0]], samples[moments[1]])) is not None:
        start, end = moments if first else moments[::-1]
        found.take(start, "start", f"never later than {end!r}")
        found.take(end, "end", f"never earlier than {start!r}")


def _lengths(
    found: Guess, names: Sequence[str], samples: Mapping[str, Sequence[str]], shapes: Mapping[str, Shape]
) -> None:
    """The duration where start and end show it: in each row as long as between the two."""
    places = {meaning: name for name, meaning in found.fields.items()}
    if not {"start", "end"} <= places.keys() or ("duration" in places and places["duration"] not in names):
        return
    open_ = [name for name in names if found.fields.get(name, "duration") == "duration"]
    lengths = [name for name in open_ if max(shapes[name].clock, shapes[name].whole) >= SURE]
    start, end = samples[places["start"]], samples[places["end"]]
    fitting = [name for name in lengths if add_up(start, end, samples[name])]
    if len(fitting) == 1 and found.fields.get(fitting[0]) != "duration":
        if old := places.get("duration"):
            del found.fields[old]
            found.doubts[old] = f"{MEANINGS['duration']}, but {fitting[0]!r} is what lies between start and end"
        found.take(fitting[0], "duration", "in each row the time between start and end")


def _end(found: Guess, names: Sequence[str], samples: Mapping[str, Sequence[str]]) -> None:
    """Take back an end that does not lie a duration after the start: it may be when the record was stored."""
    places = {meaning: name for name, meaning in found.fields.items()}
    if (
        not {"start", "end", "duration"} <= places.keys()
        or places["end"] not in names
        or "end" in said_by(places["end"])
    ):
        return
    start, end, length = (samples[places[one]] for one in ("start", "end", "duration"))
    if any(end) and any(length) and not add_up(start, end, length, RINGING):
        del found.fields[places["end"]]
        found.doubts[places["end"]] = "a later time, but not the end: it does not lie a duration after the start"


def _shown(found: Guess, names: Sequence[str], shapes: Mapping[str, Shape]) -> None:
    """Meanings that the cells of exactly one column show."""
    for meaning, test in EVIDENT.items():
        showing = [name for name in names if test(shapes[name]) >= SURE and shapes[name].filled]
        fresh = [name for name in showing if name not in found.fields and meaning not in ruled_out(name)]
        if (
            len(fresh) == 1
            and not found.has(meaning)
            and not (meaning == "connection" and found.has("direction") and len(showing) > 1)
        ):
            found.take(fresh[0], meaning, "by its cells")


def says(name: str, cells: Sequence[str], meaning: str) -> bool:
    """Whether a header names a meaning and the cells agree."""
    return meaning in said_by(name) and FIT[meaning](shape(cells)) >= SURE


def names_none(cells: Sequence[str], told: frozenset[str]) -> bool:
    """Whether no cell of a column names a kind of record or a direction, by itself or as a profile tells."""
    form = shape(cells)
    return (
        form.filled > 0
        and not form.way
        and not form.event
        and not any(unquoted(one).casefold() in told for one in cells)
    )


def _doubt(found: Guess, name: str, form: Shape, known: str) -> None:
    """Say what a column that is not mapped could be."""
    could = [meaning for meaning in said_by(name) if meaning in FIT and FIT[meaning](form) >= FITS]
    if not could:
        likely = ("a", "b", "start", "end", "date", "time", "imei", "imsi", "point", "ip")
        could = [meaning for meaning in likely if FIT[meaning](form) >= SURE]
    taken = set(found.fields.values())
    texts = [MEANINGS[meaning] for meaning in dict.fromkeys(could) if meaning not in taken]
    said = said_by(name)
    named = [known] if known else sorted(said, key=lambda one: -said[one])
    against = [MEANINGS[one] for one in named if one in FIT and FIT[one](form) < AGAINST]
    if texts:
        found.doubts[name] = " or ".join(texts)
    elif against and name not in found.doubts:
        found.doubts[name] = f"{against[0]} by its header; its cells are of another kind"
