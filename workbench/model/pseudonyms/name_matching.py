"""Words and numbers that are taken out of texts, however they are written, and what stands there instead.

Texts are read as runs of letters and runs of digits in the form in which names are compared: case, accents, vowel signs, kinds of
digits, spaces, hyphens and brackets make no difference ('OLIVEIRA-Marta', '+44 (0)7700 900967'), nor does it whether signs are written
in other signs ('marta%40calderbay.example', 'M&aacute;rta', 'M=C3=A1rta').
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, permutations
from operator import attrgetter, itemgetter

from workbench.model.text.escapes import list_readings
from workbench.model.text.normalise import ARABIC, MARKS, NO_SHAPE, SHAPELESS, normalise_name

ERASED = "[erased]"
"""What stands in the place of an erased text. It says nothing of the text, not even its length."""
LONG = 64
"""Characters up to which a phrase is also found where its words are written in one, or a number in groups."""
APART = 3
"""Signs that may stand between two parts of a phrase."""
BETWEEN = 12
"""Signs that may stand between two words of a long text: a line end with marks of quotation."""
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
UNBROKEN = rf"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f{HAN}{KANA}"
"""Letters of scripts that write no word boundaries (Thai, Lao, Khmer, Myanmar, Han, kana), for a class of a regular expression."""
SINGLE = rf"{UNBROKEN}\uac00-\ud7af"
"""Letters that are each read by themselves: those, and syllables of Hangul, to which particles are joined."""
JOINED = rf"[\u0300-\u036f{MARKS}{NO_SHAPE}]*"
LETTER = rf"(?:(?![{SINGLE}])[^\W\d_])"
WORD = re.compile(rf"[{SINGLE}]|{LETTER}(?:{JOINED}{LETTER})*{JOINED}|\d(?:[{NO_SHAPE}]*\d)*")
TOGETHER = re.compile(rf"[{UNBROKEN}]+")
SYLLABLE, SOUND = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")
"""A sign that is worth a syllable of three letters, and one that is worth two letters."""
ENDED = re.compile(r"[\u3002\uff0e\uff01\uff1f\uff1b\uff1a.!?;:]\s*$")
"""The end of a sentence between two signs of one: they are no name."""
GROUPED = re.compile(r"[ \t\u00a0\u2009\u202f().,/\-\u2010-\u2015]{0,3}")
FREE = re.compile(rb"\x00+")
STRETCH = re.compile(r"\+?\w(?:.*\w)?", re.DOTALL)
"""From the first to the last word, with the '+' of a number."""
PREFIXED = frozenset("\u0648\u0641\u0628\u0644\u0643")
"""Arabic letters ('and', 'so', 'in', 'to', 'as') that are written in one with the next word."""
MANY = 500
"""Phrases beyond which looking for each is slower than looking at each word."""
RUN, TELLING = 5, 20
"""Words in a row, and letters and figures in them, by which a quotation is known."""
HIDING = {"1": ("67", "82"), "44": ("141", "1470")}
"""Calling code of a country -> what is dialled before a number there to hide or show one's own, with no mark behind it."""
SHORTEST = 5
"""Characters of a phrase of several parts, at least, to be found where it is written in one."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A place in a text, and what is to stand there."""

    start: int
    end: int
    instead: str


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    form: str
    bold: bool


class Phrases:
    """Phrases, each with what stands in its place.

    Parameters
    ----------
    whole : mapping
        Phrase -> replacement; names of several words, numbers, addresses, whole texts.
    parts : mapping
        Single word -> replacement; found only where it begins with a capital, or its script has none.
    exact : mapping
        Text -> replacement; short numbers such as plates, found only where they stand by themselves exactly as they are written.
    small : set of str
        Of the single words those that are found in small letters too, in the form of `words`: they are no ordinary words.
    runs : set of tuple of str
        Words in a row (`runs`) of which a text is struck as far as it goes on with them: quotations. ERASED stands there.
    """

    def __init__(
        self,
        whole: Mapping[str, str],
        parts: Mapping[str, str] | None = None,
        runs: AbstractSet[tuple[str, ...]] = frozenset(),
        small: AbstractSet[str] = frozenset(),
        exact: Mapping[str, str] | None = None,
    ) -> None:
        self.whole, self.parts, self.runs, self.small = whole, parts or {}, runs, small
        self.exact = exact or {}
        self._exact = compile_exact(self.exact)
        self._compact: dict[str, str] = {}
        self._begun: set[str] = set()
        self._rows: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._parts = {form: instead for word, instead in self.parts.items() if (form := _normalise_word(word))}
        for phrase, instead in whole.items():
            self._learn(tuple(word.form for word in _find_words(phrase)), instead)
        self._sought = [*self._compact, *("".join(forms) for rows in self._rows.values() for forms, _ in rows)]
        begins = (run[0] for run in self.runs)
        self._starts = {*self._compact, *self._begun, *self._rows, *self._parts, *begins}
        for rows in self._rows.values():
            rows.sort(key=lambda row: -len(row[0]))

    @staticmethod
    def merge_phrases(one: Phrases, other: Phrases) -> Phrases:
        """The phrases of two; of a phrase of both, what the first puts in its place."""
        return Phrases(
            {**other.whole, **one.whole},
            {**other.parts, **one.parts},
            other.runs | one.runs,
            other.small | one.small,
            {**other.exact, **one.exact},
        )

    def __bool__(self) -> bool:
        return bool(self._compact or self._rows or self._parts or self.runs or self.exact)

    def find(self, text: str) -> Iterator[Replacement]:
        """Places in order, none overlapping: at each word the longest phrase that begins there, and of these what `unite` makes."""
        yield from merge_places(text, self._find_places(text))

    def strike(self, text: str) -> str:
        """The text with what is found replaced."""
        return replace_places(text, self.find(text))

    def has_match(self, text: str) -> bool:
        """Whether anything is found in the text."""
        return next(self._find_places(text), None) is not None

    def _find_places(self, text: str) -> Iterator[Replacement]:
        """The longest phrase that begins at each word, within others too, and of those words that are written in other signs."""
        yield from self._read(text)
        for reading in list_readings(text):
            for place in self._read(reading.text):
                yield Replacement(*reading.get_source_span(place.start, place.end), place.instead)

    def _read(self, text: str) -> Iterator[Replacement]:
        for match in self._exact.finditer(text) if self._exact else ():
            yield Replacement(*match.span(), self.exact[match[0]])
        words = _find_words(text) if self._may_match(text) else []
        for at, word in enumerate(words):
            if word.form not in self._starts and not (word.form[0] in PREFIXED and word.form[1:] in self._starts):
                continue
            ways = (
                self._run(words, at),
                self._find_long(text, words, at),
                self._find_short(text, words, at),
                self._find_part(words, at),
            )
            last, instead = max((way for way in ways if way), key=itemgetter(0), default=(-1, ""))
            start = word.start
            if text[start - 1 : start] == "+" and word.form.isdigit():
                start -= 1
            if last >= 0:
                yield Replacement(start, words[last].end, instead)

    def _may_match(self, text: str) -> bool:
        """Whether anything can be found at all: a quick look at the words without their places."""
        forms = WORD.findall(text.lower()) if text.isascii() else [_normalise_word(word) for word in WORD.findall(text)]
        if not self._parts.keys().isdisjoint(forms) or self._has_prefixed_word(text, forms):
            return True
        if self.runs and not self.runs.isdisjoint(zip(*(forms[at:] for at in range(RUN)), strict=False)):
            return True
        joined = "".join(forms)
        return len(self._sought) > MANY or any(one in joined for one in self._sought)

    def _has_prefixed_word(self, text: str, forms: Iterable[str]) -> bool:
        if not self._parts or ARABIC.search(text) is None:
            return False
        return any(form[1:] in self._parts for form in forms if form[:1] in PREFIXED)

    def _learn(self, forms: tuple[str, ...], instead: str) -> None:
        compact = "".join(forms)
        if not forms:
            return
        if len(compact) > LONG:
            self._rows.setdefault(forms[0], []).append((forms, instead))
        elif len(forms) == 1 or count_letters(forms) >= SHORTEST:
            self._compact.setdefault(compact, instead)
            self._begun.update(compact[:end] for end in range(1, len(compact)))
        else:
            self._rows.setdefault(forms[0], []).append((forms, instead))

    def _run(self, words: list[_Word], at: int) -> tuple[int, str] | None:
        last = -1
        while self.runs and tuple(word.form for word in words[at : at + RUN]) in self.runs:
            last, at = at + RUN - 1, at + 1
        return (last, ERASED) if last >= 0 else None

    def _find_long(self, text: str, words: list[_Word], at: int) -> tuple[int, str] | None:
        for forms, instead in self._rows.get(words[at].form, ()):
            found = words[at : at + len(forms)]
            together = all(after.start - before.end <= BETWEEN for before, after in pairwise(found))
            if together and tuple(word.form for word in found) == forms:
                return at + len(forms) - 1, instead
        return None

    def _find_short(self, text: str, words: list[_Word], at: int) -> tuple[int, str] | None:
        first = words[at].form
        forms = (first, first[1:]) if len(first) > 3 and first[0] in PREFIXED else (first,)
        found = (self._find_joined(text, words, at, form) for form in forms)
        return max((way for way in found if way), key=itemgetter(0), default=None)

    def _find_joined(self, text: str, words: list[_Word], at: int, form: str) -> tuple[int, str] | None:
        best, last = None, at
        while True:
            if form in self._compact:
                best = last, self._compact[form]
            if (
                form not in self._begun
                or last + 1 == len(words)
                or not _is_adjacent(text, words[last], words[last + 1])
            ):
                return best
            last += 1
            form += words[last].form

    def _find_part(self, words: list[_Word], at: int) -> tuple[int, str] | None:
        word = words[at]
        form = word.form
        if form not in self._parts and len(form) > 3 and form[0] in PREFIXED:
            form = form[1:]
        found = form in self._parts and (word.bold or form in self.small)
        return (at, self._parts[form]) if found else None


def compile_exact(texts: Iterable[str]) -> re.Pattern[str] | None:
    """What finds texts where they stand by themselves exactly as they are written, the longest first; None without any."""
    forms = sorted(map(re.escape, texts), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(forms)})(?![^\W_])") if forms else None


def merge_places(text: str, places: Iterable[Replacement]) -> list[Replacement]:
    """Places in order, none overlapping, that take all that the given ones take.

    Those that overlap and have the same in their place are one; of others the longer is whole, and the shorter what sticks out.
    """
    found: dict[str, list[Replacement]] = {}
    for place in sorted(places, key=attrgetter("start")):
        same = found.setdefault(place.instead, [])
        if same and place.start < same[-1].end:
            before = same.pop()
            same.append(Replacement(before.start, max(before.end, place.end), place.instead))
        else:
            same.append(place)
    whole = [place for same in found.values() for place in same]
    return whole if len(found) < 2 else trim_places(text, sorted(whole, key=lambda one: one.start - one.end))


def trim_places(text: str, places: Iterable[Replacement]) -> list[Replacement]:
    """Places in order, none overlapping: each takes what those given before it have left of it."""
    taken = bytearray(len(text))
    made: list[Replacement] = []
    for place in places:
        free = (STRETCH.search(text, *one.span()) for one in FREE.finditer(taken, place.start, place.end))
        made += [Replacement(*inner.span(), place.instead) for inner in free if inner]
        taken[place.start : place.end] = b"\x01" * (place.end - place.start)
    return sorted(made, key=attrgetter("start"))


def mark_places(held: bytearray, places: Iterable[Replacement]) -> bytearray:
    """Mark what places take up of a text, in bytes that stand for its characters."""
    for place in places:
        held[place.start : place.end] = b"\x01" * (place.end - place.start)
    return held


def replace_places(text: str, places: Iterable[Replacement]) -> str:
    """A text with its places replaced."""
    made, end = [], 0
    for place in places:
        made += [text[end : place.start], place.instead]
        end = place.end
    return "".join((*made, text[end:])) if made else text


def shift_span(start: int, end: int, places: Iterable[Replacement]) -> tuple[int, int] | None:
    """Where a span of a text lies once its places are replaced; None if one of them touches it."""
    shift = 0
    for place in places:
        if place.end <= start:
            shift += len(place.instead) - (place.end - place.start)
        elif place.start < end:
            return None
    return start + shift, end + shift


def list_name_orders(name: str) -> Iterator[str]:
    """A name of two to four words in the orders in which people write it, and written in one; one in signs of Han from each sign on."""
    words = split_name(name)
    yield name
    if len(words) == 1 and 3 <= len(words[0]) <= 4 and all(map(SYLLABLE.match, words[0])):
        yield from (words[0][at:] + words[0][:at] for at in range(len(words[0])))
    elif 2 <= len(words) <= 3:
        yield from (" ".join(order) for order in permutations(words))
    elif len(words) == 4:
        yield from (" ".join(words[at:] + words[:at]) for at in range(4))


def split_name(name: str) -> list[str]:
    """Words of a name in the form in which they are compared; signs of a script without word boundaries that stand together are one.

    >>> split_name("Marta Oliveira"), split_name("田中 夏樹"), split_name("김철수")[0] == split_words("김")[0]
    (['marta', 'oliveira'], ['田中', '夏樹'], True)
    """
    made: list[str] = []
    end = -1
    for word in _find_words(name):
        whole = TOGETHER.fullmatch(name, word.start, word.end) is not None
        if whole and word.start == end:
            made[-1] += word.form
        else:
            made.append(word.form)
        end = word.end if whole else -1
    return made


def count_letters(forms: Iterable[str]) -> int:
    """How many letters words have: a sign of Han counts as a syllable of three, one of kana as one of two.

    >>> count_letters(["marta"]), count_letters(split_words("李明")), count_letters(split_words("ハル"))
    (5, 6, 4)
    """
    return sum(3 if SYLLABLE.match(sign) else 2 if SOUND.match(sign) else 1 for form in forms for sign in form)


def list_unbroken_words(name: str) -> list[str]:
    """Words of a name of several words that are written in several signs without word boundaries: '田中' of '田中 夏樹'."""
    found = split_name(name)
    return [word for word in found if len(found) > 1 and len(word) > 1 and TOGETHER.fullmatch(word)]


def is_unbroken(word: str) -> bool:
    """Whether a word has letters of a script that writes no word boundaries."""
    return TOGETHER.search(word) is not None


def list_initials(name: str) -> Iterator[str]:
    """A name of two words or more with its first word shortened to a letter, its last word being either end: 'M Oliveira'."""
    words = [word.form for word in _find_words(name)]
    if len(words) >= 2 and len(words[0]) > 1 and len(words[-1]) > 1:
        yield from (f"{words[0][0]} {words[-1]}", f"{words[-1]} {words[0][0]}")


def list_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Words of a text in a row, so many and so long that where they stand again it is quoted."""
    found = split_words(text)
    rows = (tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1))
    return (row for row in rows if sum(map(len, row)) >= TELLING)


def split_words(text: str) -> list[str]:
    """Words and numbers of a text in the form in which they are compared."""
    return [word.form for word in _find_words(text)]


def list_telephone_forms(number: str) -> Iterator[str]:
    """A telephone number in the ways in which it is written: with and without its country, from abroad, at home.

    >>> "672025550143" in list_telephone_forms("+12025550143")
    True
    """
    import phonenumbers

    yield number
    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return
    country, national = str(read.country_code), phonenumbers.national_significant_number(read)
    yield from (
        f"{prefix}{national}"
        for prefix in (
            country,
            f"00{country}",
            f"011{country}",
            f"0011{country}",
            f"11{country}",
            f"0{country}",
            "0",
            f"{country}0",
            "",
        )
    )
    for code in HIDING.get(country, ()):
        yield from (
            f"{code}{number}" for number in (national, f"0{national}", f"{country}{national}", f"00{country}{national}")
        )


def list_handset_forms(imei: str) -> Iterator[str]:
    """A handset's number with and without its check digit."""
    yield imei
    plain = "".join(sign for sign in imei if sign.isdigit())
    if len(plain) == 15:
        yield from (plain[:14], plain[:14] + "0")
    elif len(plain) == 14:
        yield from (f"{plain}{digit}" for digit in range(10))


def find_day(date: str) -> str:
    """The day, or the month, with which a date in ISO 8601 begins; '' where there is none.

    >>> find_day("1971-05-14T00:00:00+00:00"), find_day("1971-05"), find_day("1971")
    ('1971-05-14', '1971-05', '')
    """
    match = DAY.match(date)
    return match[0] if match else ""


def list_day_forms(date: str) -> Iterator[str]:
    """A day or a month (ISO 8601, a time may follow) as it is written in figures and in words.

    Of any two days, and of any two months, the ways come in the same order.
    """
    yield date
    match = DAY.match(date)
    if match is None:
        return
    year, month, day = match.groups()
    yield match[0]
    yield from _write_day(year, month, day) if day else (f"{month}/{year}", f"{int(month)}/{year}")
    for names, ways in MONTH_NAMES if day else MONTH_NAMES_ALONE:
        name = names[int(month) - 1]
        yield from (
            way.format(d=int(day or 0), day=day, name=name, year=year, th=_get_ordinal_suffix(day or "0"))
            for way in ways
        )


def _write_day(year: str, month: str, day: str) -> Iterator[str]:
    for one, other in ((day, month), (month, day)):
        yield from (f"{one}.{other}.{year}", f"{int(one)}.{int(other)}.{year}")
    yield from (f"{year}{month}{day}", f"{year}-{int(month)}-{int(day)}")
    yield from (f"{year}年{one}月{other}日" for one, other in ((int(month), int(day)), (month, day)))


def _get_ordinal_suffix(day: str) -> str:
    return "th" if day in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(day[-1], "th")


DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?![\d-])")
"""A day or a month in ISO 8601, at the beginning of a date."""
ENGLISH = (
    "{d} {name} {year}", "{day} {name} {year}", "{name} {d} {year}", "{name} {day} {year}", "{d}{th} {name} {year}",
    "{d}{th} of {name} {year}", "{d} of {name} {year}", "{name} {d}{th} {year}", "{name} the {d}{th} {year}", "{year} {name} {d}",
)  # fmt: skip
FRENCH = ("{d} {name} {year}", "{day} {name} {year}", "{d}er {name} {year}")
SPANISH = ("{d} de {name} de {year}", "{day} de {name} de {year}", "{d} de {name} del {year}", "{d} de {name} {year}")
ARABIC_WAYS = ("{d} {name} {year}", "{day} {name} {year}", "{d} من {name} {year}")
MONTH_NAMES: tuple[tuple[Sequence[str], Sequence[str]], ...] = (
    ("january february march april may june july august september october november december".split(), ENGLISH),
    ("jan feb mar apr may jun jul aug sep oct nov dec".split(), ENGLISH),
    ("jan feb mar apr may jun jul aug sept oct nov dec".split(), ENGLISH),
    ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(), FRENCH),
    ("janv févr mars avr mai juin juil août sept oct nov déc".split(), FRENCH),
    ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(), (*SPANISH, *FRENCH[:2])),
    ("enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre".split(), (*SPANISH, *FRENCH[:2])),
    ("ene feb mar abr may jun jul ago sep oct nov dic".split(), (*SPANISH, *FRENCH[:2])),
    ("januari februari maart april mei juni juli augustus september oktober november december".split(), FRENCH[:2]),
    ("jan feb mrt apr mei jun jul aug sep okt nov dec".split(), FRENCH[:2]),
    ("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(), ARABIC_WAYS),
    ("يناير فبراير مارس أبريل مايو يونيه يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(), ARABIC_WAYS),
    ("января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(), FRENCH[:2]),
    (
        "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول".replace("_", "\u00a0").split(" "),
        ARABIC_WAYS,
    ),
    ("جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split(), ARABIC_WAYS),
    ("يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر".split(), ARABIC_WAYS),
)  # fmt: skip
"""Names of the twelve months, and how a day is written with them: English, French, Spanish, Dutch, Russian, Arabic (Egypt and the Gulf,
the Levant, the Maghreb)."""
MONTH_NAMES_ALONE = tuple((names, ("{name} {year}", "{name} de {year}")) for names, _ in MONTH_NAMES)


def _find_words(text: str) -> list[_Word]:
    return [
        _Word(match.start(), match.end(), _normalise_word(match[0]), not match[0][0].islower())
        for match in WORD.finditer(text)
    ]


@lru_cache(maxsize=1 << 16)
def _normalise_word(word: str) -> str:
    if word.isascii():
        return word.lower()
    return normalise_name(SHAPELESS.sub("", word)).replace(" ", "") or word.casefold()


def _is_adjacent(text: str, one: _Word, other: _Word) -> bool:
    """Whether two words can belong to one phrase by what stands between them."""
    gap = SHAPELESS.sub("", text[one.end : other.start])
    if len(gap) > APART or (ENDED.search(gap) and is_unbroken(one.form + other.form)):
        return False
    return not (one.form.isdigit() and other.form.isdigit()) or GROUPED.fullmatch(gap) is not None
