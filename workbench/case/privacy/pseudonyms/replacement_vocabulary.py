"""What a case knows by name or number: what is replaced in a pseudonymised copy, and how it is found in texts.

Names that are ordinary words as well ('Rose', 'Will') are replaced where a whole name stands or a reading has marked them as a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import category

from workbench.case.privacy.erasure_scope import (
    NAMING,
    PERSONS,
    PLACES,
    SHORT,
    SHORT_NAME,
    SHORT_NUMBER,
    is_short_code,
    list_number_forms,
    list_numbers,
    read_days,
)
from workbench.extract.identifiers.coded_identifiers import find_coordinates
from workbench.extract.identifiers.identifiers import find_identifiers
from workbench.extract.names.lexicon import list_nouns, list_ordinary_words
from workbench.ingest.chats.service_senders import APPS, SMS, SYSTEM
from workbench.model import identifiers
from workbench.model.pseudonyms import name_matching
from workbench.model.pseudonyms.fake_identifiers import SHORT as SHORT_CODE
from workbench.model.pseudonyms.fake_identifiers import is_iban
from workbench.model.pseudonyms.fake_names import detect_script
from workbench.model.pseudonyms.name_matching import Phrases
from workbench.model.pseudonyms.text_rewriter import (
    LITERAL,
    NAME,
    POSITION,
    Disguise,
    FixedSpan,
    encode_entry,
    parse_entry,
)
from workbench.model.pseudonyms.tokens import MESSENGERS, Tokens, compact_text
from workbench.model.schema import list_property_types
from workbench.model.text.escapes import join_figures
from workbench.model.text.normalise import normalise_digits, normalise_name
from workbench.model.text.transliteration import transliterate_name
from workbench.resolve.script_variants import ENOUGH, extract_consonants

FIRMS = frozenset(
    "ltd limited inc llc plc gmbh ag bv nv sa sarl sas srl spa oy as ab aps co company corp corporation group holding holdings".split()
)
"""Words behind the name of a firm (compared form) that people leave out."""
KEPT = FIRMS | frozenset(
    "mr mrs ms miss mx dr prof sgt sergeant captain capt inspector officer herr frau monsieur madame mme mlle senor sr sra sheikh haji "
    "c o bank "
    "trading shipping logistics transport services agency hotel port harbour terminal street st road rd lane avenue ave square quay way "
    "row drive court close place rue avenida calle plaza straat weg laan kade straße strasse شارع السيد السيده".split()
)
"""Words within names (compared form) that stay: titles, legal forms, kinds of streets and firms."""
PARTICLES = frozenset(
    "al el ul de del della di da do dos das du des la le les los las van von der den het ten ter bin ibn ben bint abu abi umm ould y e and "
    "et und of the or for to from on in at by بن ابن بنت ابو ابي ام ال".split()
)
"""Words within names that stay where they are written small, or the whole name is in capitals."""
NAMELESS = frozenset(
    {"Handset", "Sim", "Document", "Pages", "PlainText", "Table", "Message", "Email", "Call", "Payment", "Event"}
)
"""Schemata whose names are texts: models of telephones, names of files, subjects."""
NUMBERED = {
    "iban": "iban", "ibanMentioned": "iban", "accountNumber": "iban", "imei": "imei", "imeisv": "imei", "imsi": "imsi", "iccid": "iccid",
    "publicKey": "wallet", "cryptoAddress": "wallet", "messageId": "message", "inReplyTo": "message", "references": "message",
    "birthDate": "day", "latitude": "latitude", "longitude": "longitude", "transactionNumber": "shape", "recordId": "text",
}  # fmt: skip
"""Property -> kind of its values."""
TYPED = {"email": "email", "ip": "ip", "url": "text"}
"""Type of a property in the vocabulary -> kind of its values, where the property says no more."""
FOUND = {"url": "url", "email": "email", "iban": "iban", "wallet": "wallet", "imei": "imei", "imsi": "imsi", "iccid": "iccid",
         "ip": "ip", "card": "card", "telephone": "telephone", "coordinates": "coordinates"}  # fmt: skip
"""Kind of identifier in a text -> kind of token; 'shape' for others."""
NOBODY = SYSTEM | APPS | frozenset(SMS)
"""Names in the compared form that are of no person and no firm of a case: messengers, and what they themselves send."""
STAY = frozenset({"date", "amount", "bic"})
"""Kinds of identifiers in texts that are nobody's."""
CELL = re.compile(r"\d{3}-\d{2,3}(?:-\d+){1,2}")
"""MCC-MNC-LAC-CI."""
MANY = 20_000
"""Different numbers of mass rows up to which texts are searched for them as well."""


class StatedValue(NamedTuple):
    """A value that is stated: schema, property, value, as written, and whether more than a machine says so."""

    schema: str
    prop: str
    value: str
    written: str
    stated: bool


@dataclass
class Vocabulary:
    """Gathers what is replaced.

    Attributes
    ----------
    whole, parts : dict
        Phrase, single word -> its entry, as `name_matching.Phrases` takes them.
    short : dict
        (first letter, another word) -> the word that is shortened so.
    national : dict
        Digits of a number without its country -> the number with it.
    codes : dict
        Number with letters and figures that is too short for that, as a plate -> its entry; it goes where it is written exactly so.
    short_numbers : set
        All numbers of claims that are too short for that: where they stay they are told.
    brief : dict
        Whole name that is too short to be looked for in every way in which it may be written -> the same in small letters.
    """

    tokens: Tokens
    lower: Collection[str] = ()
    whole: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    short: dict[tuple[str, str], str] = field(default_factory=dict)
    national: dict[str, str] = field(default_factory=dict)
    brief: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    short_numbers: set[str] = field(default_factory=set)

    def learn(self, known: Iterable[StatedValue]) -> None:
        """Take up what is stated."""
        for one in known:
            kind = get_value_kind(one.schema, one.prop, one.value)
            if kind == NAME:
                for text in {one.value, one.written} - {""}:
                    self.name(text, person=one.schema in PERSONS, stated=one.stated)
            elif kind == "day":
                self._add_day(one.value)
            elif kind not in ("text", "latitude", "longitude", "coordinates"):
                self.number(kind, one.value, one.written)
                self.short_numbers |= {
                    text for text in (one.value, one.written) if 0 < len(compact_text(text)) < SHORT_NUMBER
                }

    def name(self, text: str, *, person: bool = True, stated: bool = True) -> None:
        """A name: as a whole in every order of its words, of a person with initials, and by its single words; not one of NOBODY."""
        if normalise_name(text) in NOBODY:
            return
        forms = name_matching.split_words(text)
        telling = [form for word, form in list_name_words(text) if not is_kept(word, form, text)]
        if name_matching.count_letters(forms) < SHORT_NAME and text.strip():
            self.brief[text.strip()] = text.strip().casefold()
        if len(forms) > 1 and (telling or min(map(len, forms)) > 2):
            if name_matching.count_letters(forms) >= SHORT_NAME:
                self.whole.update((order, encode_entry(NAME)) for order in name_matching.list_name_orders(text))
            if person and text[:1].isupper():
                self.whole.update((way, encode_entry(NAME)) for way in name_matching.list_initials(text))
                self._shorten(forms)
            self.whole.update((part, encode_entry(NAME)) for part in name_matching.list_unbroken_words(text))
            if bare := " ".join(telling) if len(telling) > 1 and telling != forms else "":
                self.whole.setdefault(bare, encode_entry(NAME))
        for form in telling if person or len(forms) == 1 else ():
            self._add_word(form, stated=stated)
        if len(telling) == 1 and not FIRMS.isdisjoint(forms):
            self._add_short_form(text, telling[0], stated=stated)

    def _add_short_form(self, text: str, form: str, *, stated: bool) -> None:
        """The name of a firm without what says that it is one: 'Glimmerfax' of 'Glimmerfax Ltd'; told where it is an ordinary word."""
        self._add_word(form, stated=stated)
        if form not in self.whole and form not in self.parts:
            self.brief |= {word: word.casefold() for word, other in list_name_words(text) if other == form}

    def add_wish(self, text: str) -> None:
        """What an officer wants replaced that the case does not know: a name, or a number with its letters, as of a car."""
        self.name(text)
        if any(map(str.isdigit, text)):
            self.number("shape", text)

    def _shorten(self, forms: Sequence[str]) -> None:
        for at, form in enumerate(forms):
            for other in (*forms[:at], *forms[at + 1 :]):
                if len(form) > 1 and len(other) > 1:
                    self.short.setdefault((form[0], other), form)

    def _add_word(self, form: str, *, stated: bool) -> None:
        """A single word: everywhere if it is nothing but a name, else where it has a capital, else only where it is marked."""
        if len(form) < SHORT or not form.isalpha() or form in list_ordinary_words():
            return
        if stated and form not in list_nouns() and not (detect_script(form) == "ARABIC" and len(form) == SHORT):
            self.whole.setdefault(form, encode_entry(NAME))
        else:
            self.parts.setdefault(form, encode_entry(NAME))

    def number(self, kind: str, value: str, written: str = "") -> None:
        """A number, an address or an account, in every way in which it is written."""
        given, value = value, self.normalise_value(kind, value)
        made = encode_entry(kind, value)
        prop = {"telephone": "number", "imei": "imei"}.get(kind, "")
        for text in list_number_forms(prop, {given, value, written} - {""}):
            if len(compact_text(text)) >= SHORT_NUMBER and not (
                text.isalpha() and normalise_name(text) in list_ordinary_words()
            ):
                self.whole.setdefault(text, made)
            elif is_short_code(text):
                self.codes.setdefault(text, made)
        if kind == "telephone" and value.startswith("+"):
            for text in name_matching.list_telephone_forms(value):
                self.national.setdefault(compact_text(text), value)
        if kind == "email":
            self._add_host(*value.rpartition("@")[::2])

    def _add_host(self, local: str, host: str) -> None:
        """The host of an address; of a messenger's the number before it."""
        if host not in MESSENGERS:
            self.whole.setdefault(host, encode_entry("domain", host))
        elif (number := local.removeprefix("+")).isdigit() and len(number) >= SHORT_CODE:
            self.number("telephone", f"+{number}")

    def _add_day(self, value: str) -> None:
        for day in read_days(value):
            pairs = zip(
                name_matching.list_day_forms(day),
                name_matching.list_day_forms(replace_day(self.tokens, day)),
                strict=True,
            )
            for old, made in pairs:
                self.whole.setdefault(old, encode_entry(LITERAL, made))

    def add_text_numbers(self, text: str) -> None:
        """The numbers in a text, whether or not a reading has found them."""
        for one in self.identify(text):
            if one.kind != POSITION:  # positions are moved wherever they stand
                self.number(one.kind, one.value, text[one.start : one.end])

    def identify(self, text: str) -> list[FixedSpan]:
        """Where numbers and positions stand in a text."""
        plain = join_figures(text)
        kinds = (
            (found, FOUND.get(found.kind, "shape")) for found in find_identifiers(plain.text) if found.kind not in STAY
        )
        return [
            FixedSpan(*plain.get_source_span(found.start, found.end), kind, self.normalise_value(kind, found.value))
            for found, kind in kinds
        ]

    def normalise_value(self, kind: str, value: str) -> str:
        """The form of a value under which its token is kept."""
        if kind == "telephone":
            digits = compact_text(value)
            return self.national.get(digits) or ("+" if value.startswith("+") else "") + digits
        if kind in ("email", "url", "handle", "message"):
            return value.casefold()
        if kind == "imei":
            return compact_text(value)[:14]
        return value if kind in ("wallet", "ip", "cell", "domain", "coordinates") else compact_text(value).upper()

    def build_disguise(self) -> Disguise:
        """What replaces all of it."""
        brief = frozenset(name for name in self.brief if _is_telling(name))
        kinds = {phrase: parse_entry(made)[0] for phrase, made in self.whole.items()}
        names = Phrases({phrase: made for phrase, made in self.whole.items() if kinds[phrase] == NAME}, self.parts)
        numbers = {phrase: made for phrase, made in self.whole.items() if kinds[phrase] != NAME}
        return Disguise(
            self.tokens, names, is_kept, self.short, numbers=Phrases(numbers, exact=self.codes), brief=brief, nobody=NOBODY,
            find_positions=_find_positions,
        )  # fmt: skip


def _find_positions(text: str) -> Iterator[tuple[int, int]]:
    """Where the reading of identifiers finds positions, alone or within something longer."""
    return ((found.start, found.end) for found in find_coordinates(normalise_digits(text)))


def _is_telling(name: str) -> bool:
    """Whether a short name is one wherever it stands as it is written: not a single letter, not a small or an ordinary word."""
    signs = [sign for sign in name if sign.isalnum()]
    if not signs:
        return any(category(sign) == "So" for sign in name)
    return (
        len(signs) > 1
        and not name.islower()
        and not name.isdigit()
        and normalise_name(name) not in list_ordinary_words()
    )


def is_kept(word: str, form: str, name: str) -> bool:
    """Whether a word of a name stays: a title, a legal form, a particle."""
    return form in KEPT or (form in PARTICLES and (not word[0].isupper() or name.isupper()))


def list_name_words(text: str) -> list[tuple[str, str]]:
    """Words of a name as they are written, and in their compared form."""
    return [(match[0], "".join(name_matching.split_words(match[0]))) for match in name_matching.WORD.finditer(text)]


def get_value_kind(schema: str, prop: str, value: str) -> str:  # noqa: PLR0911 - one line per kind
    """What a value is: NAME, a kind of number, 'text': there what is replaced in texts is replaced, as a day of birth, and nothing else."""
    if kind := NUMBERED.get(prop):
        return kind if kind != "iban" or is_iban(compact_text(value)) else "shape"
    if schema == "Mention":
        found = next(iter(find_identifiers(value)), None)
        return "text" if found is None or found.kind in STAY else FOUND.get(found.kind, "shape")
    kind = list_property_types().get(prop, "")
    if schema == "TelephoneNumber" or kind == "phone":
        return _get_telephone_kind(value)
    if kind in TYPED:
        return TYPED[kind]
    if prop == "username":
        return "email" if "@" in value else _get_telephone_kind(value) if identifiers.is_telephone(value) else NAME
    if prop in list_numbers() - PLACES:
        return "shape" if compact_text(value) else "text"
    if prop in PLACES or prop in ("street", "city", "postalCode", "zipCode", "birthPlace") or prop in NAMING:
        return "text" if schema in NAMELESS else NAME
    return "cell" if prop == "summary" and CELL.fullmatch(value) else "text"


def _get_telephone_kind(value: str) -> str:
    digits = sum(map(str.isdigit, value))
    if any(map(str.isalpha, value)):
        return NAME
    return "telephone" if digits >= SHORT_CODE else "text"


def replace_day(tokens: Tokens, value: str) -> str:
    """Another day of the same year, of a month another month; a time behind it stays, and so does what is no date."""
    old = name_matching.find_day(value)
    if not old:
        return value
    year, month, *day = old.split("-")

    def make_day(attempt: int) -> str:
        draw = tokens.draw("day", old, str(attempt))
        return f"{year}-{1 + draw.choose_number(12):02d}-{1 + draw.choose_number(28):02d}"

    def make_month(_: int) -> str:
        later = 1 + tokens.draw("month", year).choose_number(11)  # the same for all months of a year: no two become one
        return f"{year}-{(int(month) - 1 + later) % 12 + 1:02d}"

    return tokens.pick("day" if day else "month", old, make_day if day else make_month) + value[len(old) :]


def find_variants(names: Iterable[Collection[str]], roots: Mapping[str, str]) -> dict[str, str]:
    """Word -> the word whose variant it is, of groups of names that are one person's or may be; `roots`: words that have a token.

    Variants are one edit apart, or sound alike in two scripts.
    """
    parent: dict[str, str] = {}

    def top(word: str) -> str:
        while parent.setdefault(word, word) != word:
            word = parent[word]
        return word

    for group in names:
        forms = sorted({form for name in group for form in _list_forms(name)})
        for at, one in enumerate(forms):
            for other in forms[at + 1 :]:
                if _is_similar(one, other):
                    low, high = sorted(
                        (top(one), top(other)),
                        key=lambda word: (word not in roots, detect_script(word) != "LATIN", word),
                    )
                    parent[high] = low
    return {word: top(word) for word in parent if top(word) != word}


def _list_forms(name: str) -> Iterator[str]:
    for word, form in list_name_words(name):
        if len(form) > 2 and form.isalpha() and not is_kept(word, form, name):
            yield form.removeprefix("ال") if detect_script(form) == "ARABIC" and len(form) > 4 else form


def _is_similar(one: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    if detect_script(one) == detect_script(other):
        return min(len(one), len(other)) > 3 and Levenshtein.distance(one, other, score_cutoff=1) <= 1
    left, right = (
        extract_consonants(transliterate_name(one) or one),
        extract_consonants(transliterate_name(other) or other),
    )
    return min(len(left), len(right)) > 1 and Levenshtein.normalized_similarity(left, right) >= ENOUGH
