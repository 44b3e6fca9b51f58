"""What a person sees of a number whose cell has a format of its own: '01058012345', '+47 22119900', 'AB-0042'.

Formats of amounts, shares and measures are left alone: of those the stored value is read, which is more exact than what is shown.
Where signs, words or figures of the format make another amount of it ('-', 'Mio', '."99"'), it is read with them, and told; so is one
that is shown divided by a thousand without a word for it, with the stored number. A date whose format has figures of its own is no date
to be claimed: what is shown is another one.

References
----------
ECMA-376 part 1, §18.8.31 (number formats).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from workbench.ingest.tables.sheets.sheet import format_value, number_text
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.text.normalise import clean_text
from workbench.model.values.number_scales import has_figures, has_minus, has_scale, is_money

TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|(General)|([0#?])|(.)', re.DOTALL | re.IGNORECASE)
"""Text in quotes, a sign that stands for itself, a space as wide as a sign, a filler, what stands in brackets, a place of a digit."""
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s?(-?\d{1,15}(?:\.\d{1,9})?)")
HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
PLAIN, DIGITS, UNKNOWN = "plain", "digits", "unknown"
AMOUNT = ".,%/@"
ITSELF = "+-():!^&'~{}<>= $"
GROUPING = " \u00a0\u202f'"
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+")
NUMBER, SIMPLE = re.compile(r"[\d.,]{0,30}\d"), re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
Day = date | datetime | time | timedelta
WHOLE = re.compile(r"-?\d{1,15}")
LONGEST = 255
SHOWN = 60
EXACT = 10**15
TEXT = "@"
SECTIONS = 4


class Section(NamedTuple):
    """One of the forms of a format: when it counts, of which kind it is, texts and places of digits in their order.

    `head`, `tail`: texts before and behind the number; `thousands`: how often it is divided by a thousand before it is shown;
    `whole`, `decimals`: texts and places of digits before the decimal point and from it on, without signs that part thousands;
    `has_figures`: whether there are figures among the texts.
    """

    condition: tuple[str, float] | None
    kind: str
    parts: tuple[tuple[str, bool], ...]
    head: str = ""
    tail: str = ""
    thousands: int = 0
    whole: tuple[tuple[str, bool], ...] = ()
    decimals: tuple[tuple[str, bool], ...] = ()
    has_figures: bool = False


class DisplayedNumber(NamedTuple):
    """What is seen of a number: '' where that is its value; whether the format was understood."""

    text: str
    is_understood: bool = True


class Looks:
    """What is seen of the numbers of a sheet; each column with a format that is not understood is told once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.unread: dict[tuple[int, bool], tuple[int, str]] = {}
        self.undated: dict[int, tuple[int, str]] = {}

    def number(self, value: float, code: str, row: int | None, column: int | None) -> str:
        """What is seen of a number in a cell with this format; '' where that is its value. Rows and columns count from 1."""
        found = format_number(value, code) if code else AS_STORED
        if not found.is_understood:
            self.unread.setdefault((column or 0, bool(found.text)), (row or 0, code))
        return found.text

    def format_date(self, value: Day, code: str, row: int | None, column: int | None) -> str:
        """What is read of a date or time in a cell with this format; '' where that is its value."""
        figures = extract_figures(code) if code else ""
        if figures:
            self.undated.setdefault(column or 0, (row or 0, code))
        return add_figures(format_value(value), figures) if figures.strip("0:. ") else ""

    def format_words(self, value: str, code: str) -> str:
        """What is seen of a text in a cell with this format; '' where it is as stored."""
        return format_text(value, code) if TEXT in code or code.count(";") >= SECTIONS - 1 else ""

    def list_issues(self) -> Iterator[Issue]:
        """Columns with formats that are not understood, or make another amount of the value."""
        for (column, is_shown), (row, code) in self.unread.items():
            yield build_format_issue(self.name, column, row, code, is_shown=is_shown)
        for column, (row, code) in self.undated.items():
            yield build_date_issue(self.name, column, row, code)


def is_date_format(code: str) -> bool:
    """Whether a number format shows days or times."""
    from openpyxl.styles.numbers import is_date_format as has_days

    return bool(has_days(code))


def build_format_issue(name: str, column: int, row: int, code: str, *, is_shown: bool) -> Issue:
    """That numbers of a column are in a format that is not understood, from a row on; or, if they are read as shown, in another amount."""
    key = (
        "row.table.format_amount"
        if is_shown
        else "row.table.format_date"
        if is_date_format(code)
        else "row.table.format"
    )
    said = Sentence(key, column=str(column), name=repr(name), form=repr(code[:SHOWN]))
    return build_issue("left-out", said, fix=Sentence("fix.look.cells"), place=f"sheet {name} row {row}")


def build_date_issue(name: str, column: int, row: int, code: str) -> Issue:
    """That dates of a column are shown with figures of their format, from a row on."""
    said = Sentence("row.table.format_day", column=str(column), name=repr(name), form=repr(code[:SHOWN]))
    return build_issue("left-out", said, fix=Sentence("fix.look.cells"), place=f"sheet {name} row {row}")


@lru_cache(maxsize=1024)
def extract_figures(code: str) -> str:
    """Texts with figures in the format of a date, without letters; '' where there are none.

    >>> extract_figures('yyyy"-12-31"'), extract_figures("yyyy-mm-dd"), extract_figures('hh:mm":00"')
    ('-12-31', '', ':00')
    """
    sections = "".join(token[1] or token[2] or "\0" for token in TOKEN.finditer(code[:LONGEST])).split("\0")
    return " ".join(text.strip() for one in sections if has_figures(text := _remove_letters(one)))


def add_figures(value: str, figures: str) -> str:
    """A date with the figures that make another one of it: no date to be claimed, and no words that could be one."""
    return f"{value.replace('T', ' ')} ({_remove_letters(figures).strip()})"


def _remove_letters(text: str) -> str:
    return "".join(sign for sign in text if not sign.isalpha())


def is_other_date(value: str, shown: str) -> bool:
    """Whether what is shown of a stored date has numbers that are none of it.

    >>> is_other_date("2026-03-02", "2026-12-31"), is_other_date("2026-03-02", "2. 3. 26"), is_other_date("2026-03-02", "week 10")
    (True, False, False)
    """
    try:
        at = datetime.fromisoformat(value)
        known = _list_numbers(at) | _list_numbers(at + timedelta(seconds=bool(at.microsecond)))
    except (ValueError, OverflowError):
        return False
    return any(int(number) not in known for number in re.findall(r"\d{1,9}", shown))


def _list_numbers(at: datetime) -> set[int]:
    """Numbers that a time can be shown with: those of the calendar and the clock, of the week and the quarter, parts of a second."""
    parts = {at.microsecond // power for power in (1, 1_000, 10_000, 100_000)}
    clock = {at.hour, at.hour % 12 or 12, at.minute, at.second, 0}
    return parts | clock | {at.year, at.year % 100, at.month, at.day, at.isocalendar()[1], (at.month + 2) // 3}


def get_code(number: int, own: Mapping[int, str]) -> str:
    """Code of a number format by its number, '' for the general one; `own`: number -> code of those the workbook defines."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    found = own.get(number) or BUILTIN_FORMATS.get(number, "")
    return "" if found == "General" else str(found)


AS_STORED, UNREAD = DisplayedNumber(""), DisplayedNumber("", is_understood=False)


def format_number(value: float, code: str) -> DisplayedNumber:
    """What is seen of a number in a cell with this format.

    >>> format_number(1058012345, "00000000000").text, format_number(4722119900, '"+"00 00000000').text, format_number(5, "#,##0.00").text
    ('01058012345', '+47 22119900', '')
    """
    section, is_negative = _select_section(value, _parse_sections(code[: LONGEST + 1]))
    if section.kind != DIGITS and (shown := _format_other_figures(section, value)):
        return DisplayedNumber(clean_text(("-" if is_negative else "") + shown), is_understood=False)
    if section.kind != DIGITS and _is_other_amount(section, value, is_negative=is_negative):
        number = number_text(abs(value) / 1000**section.thousands)
        return DisplayedNumber(
            clean_text(("-" if is_negative else "") + section.head + number + section.tail), is_understood=False
        )
    if section.kind != DIGITS:
        return UNREAD if section.kind == UNKNOWN else AS_STORED
    if value != value // 1 or abs(value) >= EXACT:
        return UNREAD
    text = clean_text(_fill_digits(section, str(abs(int(value)))))
    return DisplayedNumber(("-" if is_negative else "") + text) if any(map(str.isdecimal, text)) else AS_STORED


def format_text(text: str, code: str) -> str:
    """What is seen of a text in a cell with this format, with the text itself where that is not seen; '' where it is as stored.

    >>> format_text("Berit Sand", '@" (widow)"'), format_text("Arvid Holm", 'General;General;General;"Frank Dahl"')
    ('Berit Sand (widow)', 'Frank Dahl (stored: Arvid Holm)')
    """
    pattern = _parse_text_pattern(code[: LONGEST + 1])
    if not _has_meaning("".join(one for one in pattern if one != TEXT)):
        return ""
    made = clean_text("".join(text if one == TEXT else one for one in pattern))
    return made if TEXT in pattern else f"{made} (stored: {text})"


@lru_cache(maxsize=1024)
def _parse_text_pattern(code: str) -> tuple[str, ...]:
    """What stands for a text in a format: the fourth section, else the last that has its mark; empty where no section is for texts."""
    held: list[list[str]] = [[]]
    for token in TOKEN.finditer(code) if len(code) <= LONGEST else ():
        if token[8] == ";":
            held.append([])
        elif token[8] == TEXT:
            held[-1].append(TEXT)
        else:
            held[-1].append(token[1] or token[2] or token[6] or (" " if token[3] else ""))
    if len(held) > SECTIONS - 1:
        return tuple(TEXT if one.lower() == "general" else one for one in held[SECTIONS - 1])
    return tuple(held[-1]) if TEXT in held[-1] else ()


def resolve_display_number(value: str, shown: str) -> DisplayedNumber:
    """What is seen of a number where the file holds the text that was shown beside the value, as OpenDocument does."""
    digits = "".join(filter(str.isdecimal, shown))
    number = value.lstrip("-")
    if not digits.endswith(number) and _is_shown_differently(value, shown):
        return DisplayedNumber(f"{shown} (stored: {value})", is_understood=False)
    if _has_altering_text(value, shown, digits):
        return DisplayedNumber(shown, is_understood=False)
    same = digits.endswith(number) and (number != "0" or not digits.strip("0"))
    if not WHOLE.fullmatch(value) or not same or shown.strip("()- ") == number:
        return AS_STORED
    if is_money(shown) or (digits == number and GROUPED.fullmatch(shown)):
        return AS_STORED
    words = any(map(str.isalpha, shown))
    return DisplayedNumber(shown) if not words or len(digits) > len(number) or shown[:1].isalpha() else UNREAD


def _format_other_figures(section: Section, value: float) -> str:
    """What is shown of a number whose form has figures of its own, or divides it and has no word for that; '' otherwise."""
    is_bare = value != 0 and section.thousands > 0 and not _has_word(section)
    if not section.has_figures and not is_bare:
        return ""
    shown = _format_digits(section, abs(value))
    has_places = any(is_place for _, is_place in (*section.whole, *section.decimals))
    return shown if has_places and not is_bare else f"{shown} (stored: {number_text(value)})"


def _has_word(section: Section) -> bool:
    """Whether signs or words say how often a number was divided, or make another amount of it."""
    beside = section.head, section.tail
    return has_scale(*beside) or not has_scale(*beside, section.thousands) or has_minus(*beside)


def _format_digits(section: Section, value: float) -> str:
    """A number in its form, rounded as the form has it."""
    scaled = value * 100 ** sum(text == "%" for text, _ in section.decimals) / 1000**section.thousands
    digits, _, decimals = f"{scaled:.{sum(is_place for _, is_place in section.decimals)}f}".partition(".")
    left = iter(decimals)
    behind = "".join(next(left, "") if is_place else text for text, is_place in section.decimals)
    return _fill_digits(Section(None, DIGITS, section.whole), digits) + behind


def _is_other_amount(section: Section, value: float, *, is_negative: bool) -> bool:
    """Whether texts beside a number make another amount of it; a minus that stands for its own sign does not."""
    is_odd = value > 0 or (is_negative and not section.condition)
    return (is_odd and has_minus(section.head, section.tail)) or (
        value != 0 and has_scale(section.head, section.tail, section.thousands)
    )


def _is_shown_differently(value: str, shown: str) -> bool:
    """Whether a number is shown as another one, however its marks are read; not where texts or signs stand beside it."""
    bare = "".join(shown.split()).replace("'", "").removeprefix("-")
    if not NUMBER.fullmatch(bare) or not SIMPLE.fullmatch(value):
        return False
    stored = abs(float(value))
    return not any(abs(one - stored) <= 10**-places for one, places in _list_readings(bare))


def _list_readings(bare: str) -> Iterator[tuple[float, int]]:
    """What a number with marks can be, and how many decimals it has: its last mark is one of decimals, or of thousands."""
    whole = re.sub(r"[.,]", "", bare)
    yield float(whole), 0
    places = len(bare) - max(bare.rfind("."), bare.rfind(",")) - 1
    if places < len(bare):
        yield float(whole) / 10**places, places


def _has_altering_text(value: str, shown: str, digits: str) -> bool:
    """Whether a number is shown with its own figures, and with texts beside them that make another amount of it."""
    whole = value.lstrip("-").partition(".")[0]
    places = [at for at, sign in enumerate(shown) if sign.isdecimal()]
    if not places or not value.strip("-0.") or not digits.startswith(whole):
        return False
    head, tail = shown[: places[0]], shown[places[-1] + 1 :]
    return (not value.startswith("-") and has_minus(head, tail)) or has_scale(head, tail)


def _select_section(value: float, sections: tuple[Section, ...]) -> tuple[Section, bool]:
    """The section that counts for a number, and whether a minus stands before it."""
    if any(section.condition for section in sections):
        for section in sections:
            if not section.condition or HOLDS[section.condition[0]](value, section.condition[1]):
                return section, value < 0
        return Section(None, UNKNOWN, ()), False
    if value < 0 and len(sections) > 1:
        return sections[1], False
    return (sections[2] if value == 0 and len(sections) > 2 else sections[0]), value < 0


@lru_cache(maxsize=1024)
def _parse_sections(code: str) -> tuple[Section, ...]:
    """Sections of a format; a format that is too long is not looked into."""
    if len(code) > LONGEST:
        return (Section(None, UNKNOWN, ()),)
    held: list[list[re.Match[str]]] = [[]]
    for token in TOKEN.finditer(code):
        if token[8] == ";":
            held.append([])
        else:
            held[-1].append(token)
    return tuple(_parse_section(tokens) for tokens in held)


def _parse_section(tokens: list[re.Match[str]]) -> Section:
    said = next((found for one in tokens if one[5] and (found := CONDITION.fullmatch(one[5]))), None)
    condition = (said[1], float(said[2])) if said else None
    parts = [part for token in tokens for part in _list_parts(token)]
    marks = "".join(token[8] or "" for token in tokens)
    is_amount = any(
        token[6] or ((token[5] or "").startswith("$") and (token[5] or "")[1:2] not in ("", "-")) for token in tokens
    )
    kind = _find_kind(parts, marks, tokens, is_amount=is_amount)
    return Section(condition, kind, tuple(parts), *_parse_affixes(tokens), *_split_halves(tokens), _has_figures(tokens))


def _split_halves(tokens: list[re.Match[str]]) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Texts and places of digits before the decimal point, and from it on."""
    point = next((at for at, token in enumerate(tokens) if token[8] == "."), len(tokens))
    return _list_pieces(tokens[:point]), _list_pieces(tokens[point:])


def _list_pieces(tokens: list[re.Match[str]]) -> tuple[tuple[str, bool], ...]:
    return tuple((token[7] or _get_literal(token), bool(token[7])) for token in tokens if token[8] != ",")


def _has_figures(tokens: list[re.Match[str]]) -> bool:
    """Whether texts of a form hold figures; those under the stroke of a fraction, and beside 'General', are none of these."""
    if any(token[6] or token[8] == "/" for token in tokens):
        return False
    return has_figures("".join(" " if token[7] else _get_literal(token) for token in tokens))


def _parse_affixes(tokens: list[re.Match[str]]) -> tuple[str, str, int]:
    """Texts before and behind the number, and the commas behind it, each of which divides it by a thousand."""
    places = [at for at, token in enumerate(tokens) if token[6] or token[7]]
    if not places:
        return "", "", 0
    behind = tokens[places[-1] + 1 :]
    commas = len(list(takewhile(lambda token: token[8] == ",", behind)))
    return "".join(map(_get_literal, tokens[: places[0]])), "".join(map(_get_literal, behind[commas:])), commas


def _get_literal(token: re.Match[str]) -> str:
    """What a token shows as it is: a text, the currency in brackets, a space."""
    if token[5] is not None:
        return token[5][1:].partition("-")[0] if token[5].startswith("$") else ""
    return token[1] or token[2] or (" " if token[3] else "") or token[8] or ""


def _list_parts(token: re.Match[str]) -> list[tuple[str, bool]]:
    """What a token gives: a text, or the place of a digit."""
    if token[7]:
        return [(token[7], True)]
    text = token[1] or token[2] or (" " if token[3] else "") or (token[8] or "")
    return [(text, False)] if text else []


def _find_kind(parts: list[tuple[str, bool]], marks: str, tokens: list[re.Match[str]], *, is_amount: bool) -> str:
    """Whether a number in this form is read as stored, as digits in their places, or cannot be told."""
    before = [token[7] for token in _select_whole_places(tokens)]
    if is_amount or any(mark in AMOUNT for mark in marks) or re.search("e[+-]", marks, re.IGNORECASE):
        return UNKNOWN if before.count("0") > 1 or _has_unit(tokens) else PLAIN
    if any(mark not in ITSELF and not mark.isdigit() and mark.isalpha() for mark in marks):
        return UNKNOWN
    places = [at for at, (_, is_place) in enumerate(parts) if is_place]
    text = "".join(text for text, is_place in parts if not is_place)
    if not places:
        return UNKNOWN if any(map(str.isalnum, text)) else PLAIN
    return _find_digit_kind(parts, places)


def _has_unit(tokens: list[re.Match[str]]) -> bool:
    """Whether words beside a number are no currency, and no scale by which it was divided; what stands in brackets is a currency."""
    head, tail, thousands = _parse_affixes([token for token in tokens if token[5] is None])
    return not thousands and any(map(str.isalpha, head + tail)) and not is_money(head + tail)


def _select_whole_places(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """The places of digits before the decimal point."""
    end = next(
        (at for at, token in enumerate(tokens) if token[8] == "." or (token[8] or "") in ("E", "e")), len(tokens)
    )
    return [token for token in tokens[:end] if token[7]]


def _find_digit_kind(parts: list[tuple[str, bool]], places: list[int]) -> str:
    """The kind of a form that has digits and texts only."""
    first, last = places[0], places[-1]
    head, inside, tail = (
        "".join(text for text, is_place in piece if not is_place)
        for piece in (parts[:first], parts[first:last], parts[last:])
    )
    filled = _count_fixed_digits(parts)
    if filled > 1:
        return DIGITS
    if inside:
        return PLAIN if filled == 1 and not inside.strip(GROUPING) and not _has_meaning(head) else DIGITS
    if is_money(head + tail) or not _has_meaning(head + tail):
        return PLAIN
    return DIGITS if _has_meaning(head) and not any(map(str.isalpha, tail)) else UNKNOWN


def _count_fixed_digits(parts: list[tuple[str, bool]]) -> int:
    """Digits that are always shown: the places from the first zero on."""
    places = [text for text, is_place in parts if is_place]
    return len(places) - places.index("0") if "0" in places else 0


def _has_meaning(text: str) -> bool:
    """Whether a text beside the digits belongs to what is read: letters, figures, a plus."""
    return any(sign.isalnum() or sign == "+" for sign in text)


def _fill_digits(section: Section, digits: str) -> str:
    """A form with digits in their places, from the right; those that are too many stand in the first place."""
    left = (
        ""
        if digits == "0" and not _count_fixed_digits(list(section.parts))
        else digits.zfill(_count_fixed_digits(list(section.parts)))
    )
    made: list[str] = []
    places = sum(is_place for _, is_place in section.parts)
    for text, is_place in reversed(section.parts):
        if not is_place:
            made.append(text)
            continue
        places -= 1
        took = left if not places else left[-1:]
        left = "" if not places else left[:-1]
        made.append(took or (" " if text == "?" else ""))
    return "".join(reversed(made))
