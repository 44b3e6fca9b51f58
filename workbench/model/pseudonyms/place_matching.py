"""Positions on the globe in texts, however they are written, each moved; and codes of squares of a map, which cannot be moved.

Degrees are known as positions by their form (degrees and minutes, a compass letter, pairs with three decimals), by the word before
them, or because a place of the case is written so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal

from workbench.model.pseudonyms.name_matching import Replacement
from workbench.model.text.normalise import normalise_digits

Move = Callable[[float, int], float]
"""Moves degrees along an axis."""
LATITUDE, LONGITUDE = 0, 1
SIGNED = "[-+\u2212]?"
NUMBER = rf"{SIGNED}\d{{1,3}}(?:\.\d+)?(?:[eE]-?\d{{1,2}})?"
COMMA_NUMBER = rf"{SIGNED}\d{{1,3}}(?:[.,]\d+)?(?:[eE]-?\d{{1,2}})?"
"""The same, where what stands with it says that a comma parts no two numbers."""
BEFORE = r"(?<![\w.\-+\u2212])(?:(?<!\d,)|(?!\d{3}(?:\.\d{1,2})?(?!\.?\d)))"
"""No number goes on here: a comma behind a figure parts two cells, but before three figures with at most two decimals."""
AFTER, AFTER_DECIMALS = r"(?![\w]|[.,]\d)", r"(?!\w|\.\d)"
BETWEEN = r"[\"']?\s{0,9}[,;/|]\s{0,9}[\"']?|\s{1,9}"
QUOTE = "[\"'\u201d\u2019]{0,2}"
ANGLE = re.compile(
    rf"(?<!\w)(?P<before>[NSEWO](?=\W))?\s?(?P<sign>{SIGNED})(?P<d>\d{{1,3}}(?:[.,]\d+)?)\s?[°º˚]"
    r"\s?(?:(?P<m>\d{1,2}(?:[.,]\d++(?!\s?[°º˚]))?)\s?['\u2032\u2019]?"
    r"(?:\s?(?P<s>\d{1,2}(?:[.,]\d++(?!\s?[°º˚]))?)\s?(?:[\"\u2033\u201d]|''))?)?(?(before)|\s?(?P<after>[NSEWO](?!\w))?)"
)
"""Degrees with minutes, seconds or a letter of the compass."""
LETTERED = re.compile(
    rf"(?<!\w)(?P<before>[NSEW])\s?(?P<one>\d{{1,3}}[.,]\d+){AFTER}"
    rf"|(?:{BEFORE}|(?<=\d[NS]))(?P<two>\d{{1,3}}[.,]\d+)\s?(?P<after>[NSEW])(?![^\W\d])"
)
AXES = re.compile(
    rf"(?i)(?<![^\W\d_])(?:(?P<lat>lat(?:itude|itud)?|breite(?:ngrad)?)|lon(?:g(?:itude|itud)?)?|lng|länge(?:ngrad)?)(?![^\W\d_])"
    rf"{QUOTE}\s{{0,2}}(?P<told>[:=(]?)\s{{0,2}}{QUOTE}(?P<one>{COMMA_NUMBER})(?:\s?(?:to|bis|à|a|-|–)\s(?P<two>{COMMA_NUMBER}))?{AFTER}"
)
"""Degrees behind a word for the axis; from … to …."""
LABELLED = re.compile(
    rf"(?i)(?<![^\W\d_])(?:positions?|coordinates?|coords?|gps|geo|location|ll|q)(?![^\W\d_]){QUOTE}\s{{0,2}}(?P<told>[:=(]?)\s{{0,2}}"
    rf"(?P<one>{NUMBER})(?:{BETWEEN})(?P<two>{NUMBER}){AFTER}"
)
EAST_FIRST = re.compile(
    rf"(?i)(?<!\w)(?:(?:multi)?(?:point|linestring|polygon)\s?(?:z\s?)?\(|coordinates{QUOTE}\s?[:>]\s?\[?)[\s(\[]*"
    rf"(?P<rest>{NUMBER}(?:[\s,;()\[\]]+{NUMBER})+)"
)
"""Well-known text, GeoJSON and KML: longitude before latitude."""
PAIR = re.compile(
    rf"{BEFORE}(?P<one>{SIGNED}\d{{1,3}}\.\d+)(?:{BETWEEN}|(?=[-+]\d{{3}}\.))(?P<two>{SIGNED}\d{{1,3}}\.\d+){AFTER_DECIMALS}"
)
"""Between them nothing as ISO 6709 has it, where the second has a sign and three figures."""
COMMA_PAIR = re.compile(rf"{BEFORE}(?P<one>{SIGNED}\d{{1,3}},\d+)(?:{BETWEEN})(?P<two>{SIGNED}\d{{1,3}},\d+){AFTER}")
MOST_DECIMALS = 15
"""Decimals with which moved degrees are written: more are none of a position on the globe."""
TELLING = 3
"""Decimals of degrees that nothing else is written with in pairs."""
GROUPED = 3
"""Figures between two commas of one number."""
GRID = re.compile(
    r"(?<!\w)(?:\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?(?:\d{10}|\d{8}|\d{6}|\d{4}|\d{5}\s\d{5}|\d{4}\s\d{4}|\d{3}\s\d{3})"
    r"|\d{1,2}\s?[C-HJ-NP-X]\s\d{6}(?:\.\d+)?\s?m?E?[\s,]{1,2}\d{7}(?:\.\d+)?\s?m?N?|[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3})(?!\w)"
)
"""Codes of squares: MGRS, UTM, plus codes."""
WORDS = re.compile(r"///[^\W\d_]{2,}\.[^\W\d_]{2,}\.[^\W\d_]{2,}")
"""Three words for a square."""


def find_places(text: str, move: Move, known: Collection[tuple[str, str]] = ()) -> list[Replacement]:
    """Degrees in a text with what they are moved to, in order, none overlapping.

    known : pairs of degrees (`shorten_pair`) of places of the case: a pair of few decimals is a position where it is one of them
    """
    if not any(map(str.isdigit, text)):
        return []
    text = normalise_digits(text)
    found: list[Replacement] = []
    taken = bytearray(len(text))
    for place in _list_places(text, move, known):
        if not any(taken[place.start : place.end]):
            taken[place.start : place.end] = b"\x01" * (place.end - place.start)
            found.append(place)
    return sorted(found, key=lambda place: place.start)


def find_squares(text: str) -> Iterator[tuple[int, int]]:
    """Where codes of squares of a map stand."""
    for pattern in (GRID, WORDS):
        yield from (match.span() for match in pattern.finditer(text))


def move_degrees(text: str, axis: int, move: Move) -> str:
    """Degrees of one axis, as they are written, moved; '' where they are none."""
    if re.fullmatch(NUMBER, text.strip()):
        return _format_moved(text.strip(), axis, move)
    match = ANGLE.fullmatch(text.strip())
    return _move_angle(match, axis, move) if match else ""


def read_degrees(text: str) -> float:
    """The number that a text is, with any minus sign and decimal sign."""
    return float(_write_plain(text))


def shorten_pair(one: float, two: float, decimals: int) -> tuple[str, str]:
    """A pair of degrees as it is written with so many decimals."""
    return f"{one + 0.0:.{decimals}f}", f"{two + 0.0:.{decimals}f}"


def _list_places(text: str, move: Move, known: Collection[tuple[str, str]]) -> Iterator[Replacement]:
    for match in EAST_FIRST.finditer(text):
        yield from _move_vertices(match, move)
    for match in AXES.finditer(text):
        if match["told"] or re.search("[.,]", match["one"]) or len(match[0].split(match["one"])[0]) > len("long "):
            axis = LATITUDE if match["lat"] else LONGITUDE
            yield from (_move_group(match, name, axis, move) for name in ("one", "two") if match[name])
    for match in LABELLED.finditer(text):
        if match["told"] or "." in match["one"] + match["two"]:
            yield from _move_pair(match, move)
    yield from _move_angles(text, move)
    for match in LETTERED.finditer(text):
        letter, name = match["before"] or match["after"], "one" if match["one"] else "two"
        yield from _move_lettered(match, name, letter, move)
    yield from _move_pairs(text, move, known)


def _move_pairs(text: str, move: Move, known: Collection[tuple[str, str]]) -> Iterator[Replacement]:
    """Pairs of degrees that nothing names: with enough decimals, or of a place of the case."""
    for pattern, telling in ((PAIR, TELLING), (COMMA_PAIR, GROUPED + 1)):
        for match in pattern.finditer(text):
            if (
                max(_count_decimals(match["one"]), _count_decimals(match["two"])) >= telling
                or _parse_pair(match) in known
            ):
                yield from _move_pair(match, move)


def _parse_pair(match: re.Match[str]) -> tuple[str, str]:
    most = max(_count_decimals(match["one"]), _count_decimals(match["two"]))
    return shorten_pair(read_degrees(match["one"]), read_degrees(match["two"]), most)


def _move_pair(match: re.Match[str], move: Move) -> Iterator[Replacement]:
    swapped = abs(read_degrees(match["one"])) > 90 >= abs(read_degrees(match["two"]))
    for name, axis in zip(("one", "two"), (LONGITUDE, LATITUDE) if swapped else (LATITUDE, LONGITUDE), strict=True):
        yield _move_group(match, name, axis, move)


def _move_group(match: re.Match[str], name: str, axis: int, move: Move) -> Replacement:
    return Replacement(*match.span(name), _format_moved(match[name], axis, move))


def _move_vertices(match: re.Match[str], move: Move) -> Iterator[Replacement]:
    """A row of vertices: two numbers each, or three with a height; a comma or bracket parts them in one way or the other."""
    numbers = list(re.finditer(NUMBER, match["rest"]))
    blank = re.match(rf"{NUMBER}\s+{NUMBER}", match["rest"]) is not None
    part = r"[,)\]]" if blank else r"[\s\])]"  # WKT; KML and GeoJSON
    at, end = 0, 0
    for number in numbers:
        gap = match["rest"][end : number.start()]
        if end and (re.search(part, gap.replace(", ", ",")) or at == 3):
            at = 0
        end = number.end()
        if at < 2:
            start = match.start("rest")
            moved = _format_moved(number[0], (LONGITUDE, LATITUDE)[at], move)
            yield Replacement(start + number.start(), start + number.end(), moved)
        at += 1


def _move_angles(text: str, move: Move) -> Iterator[Replacement]:
    """Angles with minutes or a letter; without letters they come in pairs, latitude before longitude."""
    axis, end = LATITUDE, -10
    for match in ANGLE.finditer(text):
        letter = match["before"] or match["after"]
        if not (letter or match["m"] or _count_decimals(match["d"]) >= TELLING):
            continue
        follows = match.start() - end <= 4
        axis = (
            (LATITUDE if letter in "NS" else LONGITUDE)
            if letter
            else (LONGITUDE if follows and axis == LATITUDE else LATITUDE)
        )
        end = match.end()
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        yield Replacement(start, match.start() + len(match[0].rstrip()), _move_angle(match, axis, move))


def _move_angle(match: re.Match[str], axis: int, move: Move) -> str:
    """Degrees, minutes and seconds moved, in the form in which they are written."""
    letter = match["before"] or match["after"] or ""
    parts = [name for name in ("d", "m", "s") if match[name]]
    value = sum(read_degrees(match[name]) / 60 ** ("dms".index(name)) for name in parts)
    old = -value if letter in tuple("SWO") or match["sign"] in ("-", "\u2212") else value
    new = move(old, axis)
    decimals, unit = _count_decimals(match[parts[-1]]), 60 ** (len(parts) - 1)
    left = Decimal(repr(abs(new) * unit)).quantize(Decimal(1).scaleb(-decimals))
    made: dict[str, str] = {}
    for name in reversed(parts):
        left, rest = (left // 60, left % 60) if name != "d" else (Decimal(0), left)
        made[name] = _write_alike(
            f"{rest:.{decimals if name == parts[-1] else 0}f}".zfill(len(match[name]) if name != "d" else 1),
            match[name],
        )
    turned = {"N": "NS", "S": "NS", "E": "EW", "W": "EW", "O": "EW"}.get(letter, "")
    made["before" if match["before"] else "after"] = turned[new < 0] if turned else ""
    made["sign"] = "" if turned else "-" if new < 0 else match["sign"].replace("-", "").replace("\u2212", "")
    text, at = "", match.start()
    for name in sorted((one for one in made if match.start(one) >= 0), key=match.span):
        text += match.string[at : match.start(name)] + made[name]
        at = match.end(name)
    return (text + match.string[at : match.end()]).strip()


def _move_lettered(match: re.Match[str], name: str, letter: str, move: Move) -> Iterator[Replacement]:
    """Decimal degrees with a letter of the compass, which turns where they come to the other half."""
    axis = LATITUDE if letter in "NS" else LONGITUDE
    old = read_degrees(match[name])
    new = move(-old if letter in "SW" else old, axis)
    yield Replacement(*match.span(name), _write_alike(f"{abs(new):.{_count_decimals(match[name])}f}", match[name]))
    yield Replacement(*match.span("before" if match["before"] else "after"), ("NS", "EW")[axis][new < 0])


def _format_moved(text: str, axis: int, move: Move) -> str:
    made = _write_alike(f"{move(read_degrees(text), axis):.{_count_decimals(text)}f}", text)
    return f"+{made}" if text[0] == "+" and made[0] != "-" else made


def _write_alike(made: str, text: str) -> str:
    """A number with the decimal sign of another."""
    return made.replace(".", ",") if "," in text else made


def _write_plain(text: str) -> str:
    return text.replace("\u2212", "-").replace(",", ".")


def _count_decimals(text: str) -> int:
    exponent = Decimal(_write_plain(text)).as_tuple().exponent
    return min(max(0, -exponent), MOST_DECIMALS) if isinstance(exponent, int) else 0
